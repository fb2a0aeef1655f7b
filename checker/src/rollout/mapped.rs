//! Types of the database beside the Rust types that map them part by part.

use std::sync::Arc;

use super::decode;
use crate::dialect::TypeId;
use crate::query::{Driver, MappedParts, MappedType};
use crate::schema::{Schema, Type};

/// What the code refuses of a type that it took at the contract: the type's name, and why.
pub(crate) struct Refused {
    pub(crate) name: Arc<str>,
    pub(crate) why: String,
}

/// How deep types nest that are looked into.
const DEPTH: u32 = 8;

/// Whether code that maps types refuses one that it took at the contract. `reading`: whether it reads it, or writes.
pub(crate) fn refuses(
    types: &[MappedType],
    reading: bool,
    then: (&Schema, Type),
    now: (&Schema, Type),
) -> Option<Refused> {
    if types.is_empty() {
        return None;
    }
    nested(types, reading, (then.0, then.1.id), (now.0, now.1.id), DEPTH)
}

fn nested(
    types: &[MappedType],
    reading: bool,
    then: (&Schema, TypeId),
    now: (&Schema, TypeId),
    depth: u32,
) -> Option<Refused> {
    let depth = depth.checked_sub(1)?;
    if let (Some(a), Some(b)) = (then.0.element_of(then.1), now.0.element_of(now.1)) {
        return nested(types, reading, (then.0, a), (now.0, b), depth);
    }
    let name = &now.0.type_info(now.1)?.name;
    let compared = types.iter().filter(|ty| ty.driver == Driver::TokioPostgres);
    let mapped = { compared }.find(|ty| *ty.name == **name && ty.serves(reading));
    if let Some(mapped) = mapped
        && difference(mapped, then).is_none()
        && let Some(why) = difference(mapped, now)
    {
        return Some(Refused { name: mapped.name.clone(), why });
    }
    let (old, new) = (then.0.attributes(then.1)?, now.0.attributes(now.1)?);
    old.iter().find_map(|field| {
        let same = new.iter().find(|other| other.name == field.name)?;
        let found = nested(types, reading, (then.0, field.ty.id), (now.0, same.ty.id), depth);
        let (was, is) = ((then.0, field.ty), (now.0, same.ty));
        let retyped = || {
            let name = mapped.filter(|_| decode::is_taken_for(was, is) == Some(false))?.name.clone();
            let (was, is) = (then.0.format_type(field.ty), now.0.format_type(same.ty));
            Some(Refused { name, why: format!("has the field `{}` as {is}, which the code maps as {was}", field.name) })
        };
        found.or_else(retyped)
    })
}

/// The enum that values of a type consist of: its own, or that of its elements or of the domain's base.
pub(crate) fn enum_in(schema: &Schema, ty: Type) -> Option<(TypeId, &str, &[Arc<str>])> {
    let mut id = schema.base_type(ty).id;
    for _ in 0..DEPTH {
        match schema.element_of(id) {
            Some(element) => id = schema.base_type(Type::plain(element)).id,
            None => break,
        }
    }
    Some((id, &schema.type_info(id)?.name, schema.labels(id)?))
}

/// Labels of an enum on which the code and the database differ now, and did not at the contract.
pub(crate) struct Differing<'a> {
    pub(crate) name: &'a str,
    pub(crate) labels: Vec<&'a str>,
}

/// The labels that a value may have and the reading code does not know, or, not `reading`, that the code may send and the
/// type lacks. None where the driver compares all labels: that is [`refuses`].
pub(crate) fn differing<'a>(
    types: &'a [MappedType],
    reading: bool,
    then: (&'a Schema, Type),
    now: (&'a Schema, Type),
) -> Option<Differing<'a>> {
    let (_, name, labels) = enum_in(now.0, now.1)?;
    let (_, _, before) = enum_in(then.0, then.1).filter(|(_, before, _)| *before == name)?;
    let mapped = types.iter().find(|ty| *ty.name == *name && ty.serves(reading));
    let MappedType { driver, parts: MappedParts::Labels(known), .. } = mapped? else { return None };
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let differing: Vec<&str> = match reading {
        _ if *driver == Driver::TokioPostgres => return None,
        true => {
            let new = labels.iter().filter(|label| !known.contains(&&***label) && !before.contains(label));
            new.map(|label| &**label).collect()
        }
        false => {
            let has = |labels: &[Arc<str>], label: &str| labels.iter().any(|other| **other == *label);
            known.into_iter().filter(|label| has(before, label) && !has(labels, label)).collect()
        }
    };
    (!differing.is_empty()).then_some(Differing { name, labels: differing })
}

/// In what a type differs from the Rust type that maps it.
fn difference(mapped: &MappedType, (schema, id): (&Schema, TypeId)) -> Option<String> {
    let (word, known, found): (&str, &[String], Vec<Arc<str>>) = match &mapped.parts {
        MappedParts::Labels(labels) => ("label", labels, schema.labels(id)?.to_vec()),
        MappedParts::Fields(fields) => {
            let columns = schema.attributes(id)?;
            ("field", fields, columns.into_iter().filter(|column| !column.hidden).map(|column| column.name).collect())
        }
    };
    if let Some(new) = found.iter().find(|part| !known.iter().any(|known| **known == ***part)) {
        return Some(format!("has the {word} `{new}`, which the code does not know"));
    }
    let gone = known.iter().find(|known| !found.iter().any(|part| **part == ***known))?;
    Some(format!("lacks the {word} `{gone}`, which the code maps"))
}
