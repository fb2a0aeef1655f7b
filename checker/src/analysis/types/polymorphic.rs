//! Polymorphic signatures: `anyelement`, `anyarray`, `anycompatible` and their kin.

use super::{
    ANYARRAY, ANYCOMPATIBLE, ANYCOMPATIBLEARRAY, ANYCOMPATIBLEMULTIRANGE, ANYCOMPATIBLENONARRAY, ANYCOMPATIBLERANGE,
    ANYELEMENT, ANYENUM, ANYMULTIRANGE, ANYNONARRAY, ANYRANGE, TEXT, UNKNOWN, base, element, info, is_enum, unify,
};
use crate::dialect::TypeId;
use crate::dialect::catalog::TypeKind;
use crate::schema::Schema;

/// Whether a type in a signature stands for others.
pub(in crate::analysis) fn is_polymorphic(id: TypeId) -> bool {
    is_exact(id) || is_compatible(id)
}

/// The family whose members must all be of one type.
fn is_exact(id: TypeId) -> bool {
    matches!(id, ANYELEMENT | ANYARRAY | ANYNONARRAY | ANYENUM | ANYRANGE | ANYMULTIRANGE)
}

/// The family whose members take a common type.
fn is_compatible(id: TypeId) -> bool {
    matches!(
        id,
        ANYCOMPATIBLE | ANYCOMPATIBLEARRAY | ANYCOMPATIBLENONARRAY | ANYCOMPATIBLERANGE | ANYCOMPATIBLEMULTIRANGE
    )
}

/// What the polymorphic types of a call stand for.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::analysis) struct Binding {
    exact: Family,
    compatible: Family,
}

/// What one family stands for; `None` where the arguments do not tell.
#[derive(Clone, Copy, Debug, Default)]
struct Family {
    element: Option<TypeId>,
    array: Option<TypeId>,
    range: Option<TypeId>,
    multirange: Option<TypeId>,
}

/// Whether the arguments agree on what polymorphic types stand for.
pub(in crate::analysis) fn consistent(schema: &Schema, actual: &[TypeId], declared: &[TypeId]) -> bool {
    bind(schema, actual, declared).is_some()
}

/// What polymorphic types stand for, given the arguments; `None` where these disagree.
pub(in crate::analysis) fn bind(schema: &Schema, actual: &[TypeId], declared: &[TypeId]) -> Option<Binding> {
    let mut gathered = Gathered::default();
    for (&actual, &declared) in actual.iter().zip(declared).filter(|(_, declared)| is_polymorphic(**declared)) {
        gathered.add(schema, actual, declared)?;
    }
    if gathered.unsure {
        return Some(Binding::default());
    }
    let mut exact = gathered.exact;
    exact.complete(schema)?;
    check_demands(schema, exact.element, declared, ANYNONARRAY, Some(ANYENUM))?;
    let mut compatible = gathered.compatible;
    if !gathered.candidates.is_empty() {
        compatible.element = Some(unify::of_types(schema, &gathered.candidates)?);
    } else if gathered.any_compatible {
        compatible.element = Some(TEXT);
    }
    check_demands(schema, compatible.element, declared, ANYCOMPATIBLENONARRAY, None)?;
    if let (Some(range), Some(element)) = (compatible.range, compatible.element)
        && range_of(schema, range) != Some(element)
    {
        return None;
    }
    compatible.array = compatible.element.and_then(|element| schema.array_of(element));
    compatible.complete_ranges(schema)?;
    Some(Binding { exact, compatible })
}

fn check_demands(
    schema: &Schema,
    element_type: Option<TypeId>,
    declared: &[TypeId],
    non_array: TypeId,
    enumeration: Option<TypeId>,
) -> Option<()> {
    let Some(id) = element_type else { return Some(()) };
    let no_array = declared.contains(&non_array) && element(schema, base(schema, id)).is_some();
    let no_enum = enumeration.is_some_and(|wanted| declared.contains(&wanted)) && !is_enum(schema, id);
    (!no_array && !no_enum).then_some(())
}

/// What was gathered from the arguments.
#[derive(Default)]
struct Gathered {
    exact: Family,
    compatible: Family,
    candidates: Vec<TypeId>,
    any_compatible: bool,
    unsure: bool,
}

impl Gathered {
    fn add(&mut self, schema: &Schema, actual: TypeId, declared: TypeId) -> Option<()> {
        self.any_compatible |= is_compatible(declared);
        if actual == UNKNOWN {
            return Some(());
        }
        if !actual.is_sure() {
            self.unsure = true;
            return Some(());
        }
        let flat = base(schema, actual);
        match declared {
            ANYELEMENT | ANYNONARRAY | ANYENUM => set(&mut self.exact.element, actual),
            // The server's own statistics have columns of type anyarray.
            ANYARRAY if actual == ANYARRAY => Some(()),
            ANYARRAY => element(schema, flat).and_then(|_| set(&mut self.exact.array, flat)),
            ANYRANGE => is_kind(schema, flat, TypeKind::Range).and_then(|()| set(&mut self.exact.range, flat)),
            ANYMULTIRANGE => {
                is_kind(schema, flat, TypeKind::Multirange).and_then(|()| set(&mut self.exact.multirange, flat))
            }
            ANYCOMPATIBLE | ANYCOMPATIBLENONARRAY => {
                self.candidates.push(actual);
                Some(())
            }
            ANYCOMPATIBLEARRAY => {
                self.candidates.push(element(schema, flat)?);
                Some(())
            }
            ANYCOMPATIBLERANGE => {
                is_kind(schema, flat, TypeKind::Range)?;
                set(&mut self.compatible.range, flat)?;
                self.candidates.push(range_of(schema, flat)?);
                Some(())
            }
            ANYCOMPATIBLEMULTIRANGE => {
                is_kind(schema, flat, TypeKind::Multirange)?;
                set(&mut self.compatible.multirange, flat)?;
                let range = info(schema, flat)?.range_partner?;
                self.candidates.push(range_of(schema, range)?);
                Some(())
            }
            _ => Some(()),
        }
    }
}

/// Sets what is not set yet; `None` where it is something else.
fn set(slot: &mut Option<TypeId>, id: TypeId) -> Option<()> {
    match slot {
        Some(known) if *known != id => None,
        _ => {
            *slot = Some(id);
            Some(())
        }
    }
}

fn is_kind(schema: &Schema, id: TypeId, kind: TypeKind) -> Option<()> {
    (info(schema, id)?.kind == kind).then_some(())
}

/// What a range type ranges over.
fn range_of(schema: &Schema, range: TypeId) -> Option<TypeId> {
    info(schema, range)?.base.map(|(id, _)| id)
}

impl Family {
    /// Works out each member from the others; `None` where they disagree.
    fn complete(&mut self, schema: &Schema) -> Option<()> {
        if let Some(array) = self.array {
            set(&mut self.element, element(schema, array)?)?;
        }
        self.complete_ranges(schema)?;
        if let Some(range) = self.range {
            set(&mut self.element, range_of(schema, range)?)?;
        }
        if self.array.is_none() {
            self.array = self.element.and_then(|element| schema.array_of(element));
        }
        Some(())
    }

    fn complete_ranges(&mut self, schema: &Schema) -> Option<()> {
        if let Some(multirange) = self.multirange {
            set(&mut self.range, info(schema, multirange)?.range_partner?)?;
        }
        if let Some(range) = self.range {
            self.multirange = info(schema, range).and_then(|info| info.range_partner);
        }
        Some(())
    }

    fn get(&self, id: TypeId) -> Option<TypeId> {
        match id {
            ANYELEMENT | ANYNONARRAY | ANYENUM | ANYCOMPATIBLE | ANYCOMPATIBLENONARRAY => self.element,
            ANYARRAY | ANYCOMPATIBLEARRAY => self.array,
            ANYRANGE | ANYCOMPATIBLERANGE => self.range,
            ANYMULTIRANGE | ANYCOMPATIBLEMULTIRANGE => self.multirange,
            _ => None,
        }
    }
}

impl Binding {
    /// What a type of the signature stands for; `None` where a polymorphic one is not decided.
    pub(in crate::analysis) fn get(&self, id: TypeId) -> Option<TypeId> {
        if is_exact(id) {
            self.exact.get(id)
        } else if is_compatible(id) {
            self.compatible.get(id)
        } else {
            Some(id)
        }
    }
}
