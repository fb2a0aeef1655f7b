//! Types of the database beside the Rust types that map them part by part.

use std::sync::Arc;

use super::decode;
use crate::dialect::TypeId;
use crate::query::{MappedParts, MappedType};
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
    let mapped = types.iter().find(|ty| *ty.name == **name && if reading { ty.reads } else { ty.writes });
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
