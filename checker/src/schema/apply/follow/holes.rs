//! Names of which only a part is known: the objects that they can mean.

use std::sync::Arc;

use crate::query::HOLE;
use crate::schema::{Key, Schema};

/// Whether a trial made an object under a name that is not known: then later look-ups that fail prove nothing.
pub(super) fn made(trial: &Schema, before: &Schema) -> bool {
    let holed = |name: &str| name.contains(HOLE);
    trial.relation_names.keys().any(|(_, name)| holed(name) && !is_index(trial, name))
        || trial.type_names.keys().any(|(_, name)| holed(name))
        || trial.routine_names.keys().any(|(_, name)| holed(name))
        || trial.namespaces.keys().any(|name| holed(name) && !before.namespaces.contains_key(name))
}

fn is_index(schema: &Schema, name: &str) -> bool {
    schema.find_index(None, name).is_some()
}

/// The keys of the objects that are there and that a key can mean, with anything in the place of what is not known.
pub(super) fn meant(schema: &Schema, key: &Key) -> Vec<Key> {
    let name = match key {
        Key::Relation(name) | Key::Column(name, _) | Key::Constraint(name, _) | Key::Trigger(name, _) => name,
        Key::Type(name) | Key::Label(name, _) | Key::Routine(name) | Key::Operator(name) | Key::Schema(name) => name,
        Key::Everything => return vec![Key::Everything],
    };
    if !name.contains(HOLE) {
        return vec![key.clone()];
    }
    let fits = |candidate: &str| fits(candidate, name);
    match key {
        Key::Type(_) | Key::Label(..) => {
            let names = schema.type_names.keys().filter(|(_, name)| fits(name));
            names.map(|(_, name)| Key::Type(name.clone())).collect()
        }
        Key::Routine(_) => {
            let names = schema.routine_names.keys().filter(|(_, name)| fits(name));
            names.map(|(_, name)| Key::Routine(name.clone())).collect()
        }
        Key::Operator(_) | Key::Schema(_) => vec![Key::Everything],
        _ => {
            let relations = schema.relations.values().filter(|relation| {
                fits(&relation.name)
                    || relation.indexes.iter().any(|index| index.constraint.is_none() && fits(&index.name))
            });
            relations.map(|relation| Key::Relation(Arc::clone(&relation.name))).collect()
        }
    }
}

/// Whether a name is like a pattern with placeholders for any text.
fn fits(name: &str, pattern: &str) -> bool {
    let mut parts = pattern.split(HOLE);
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or(""),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_stand_for_any_text() {
        let pattern = format!("attr_{HOLE}_idx");
        assert!(fits("attr_12_idx", &pattern));
        assert!(!fits("attr_12_key", &pattern));
        assert!(fits("anything", HOLE));
    }
}
