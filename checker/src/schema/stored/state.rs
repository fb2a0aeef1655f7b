//! Whole states: the first in full, each further one as what differs from the state before it.

use std::sync::Arc;

use super::{Object, Reader, Stored, Writer, stored_fields};
use crate::dialect::TypeId;
use crate::schema::depend::Object as Dependent;
use crate::schema::rows::Rows;
use crate::schema::store::Target;
use crate::schema::{
    Change, Cloud, DefaultPrivilege, Kept, Named, Namespace, RelationId, RoutineId, Schema, Table, apply,
};

stored_fields!(Namespace { grants });
stored_fields!(DefaultPrivilege { schema, kind, right, revoked });
stored_fields!(Change { key, migration, place });
stored_fields!(Rows { empty, filled });

impl Stored for Named {
    fn write(&self, out: &mut Writer) {
        match self {
            Named::Relation(id) => (false, *id).write(out),
            Named::Index(id) => (true, *id).write(out),
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Named> {
        let (index, id): (bool, RelationId) = Stored::read(from)?;
        Some(if index { Named::Index(id) } else { Named::Relation(id) })
    }
}

impl Stored for Target {
    fn write(&self, out: &mut Writer) {
        let (kind, id) = match *self {
            Target::Relation(id) => (0u8, id.0),
            Target::Type(id) => (1, id.0),
            Target::Routine(id) => (2, id.0),
        };
        (kind, id).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Target> {
        let (kind, id): (u8, u32) = Stored::read(from)?;
        Some(match kind {
            0 => Target::Relation(RelationId(id)),
            1 => Target::Type(TypeId(id)),
            2 => Target::Routine(RoutineId(id)),
            _ => return None,
        })
    }
}

/// Only operators and casts call routines.
impl Stored for Dependent {
    fn write(&self, out: &mut Writer) {
        match self {
            Dependent::Operator(name, left, right) => (true, (name.clone(), *left, *right)).write(out),
            Dependent::Cast(source, target) => (false, (*source, *target)).write(out),
            _ => out.lose(),
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Dependent> {
        Some(if bool::read(from)? {
            let (name, left, right) = Stored::read(from)?;
            Dependent::Operator(name, left, right)
        } else {
            let (source, target) = Stored::read(from)?;
            Dependent::Cast(source, target)
        })
    }
}

/// A value of which it shows at once whether it changed.
trait Entry: Stored + Clone {
    fn is_same(&self, other: &Self) -> bool;
}

impl<T: Object> Entry for Kept<T> {
    fn is_same(&self, other: &Kept<T>) -> bool {
        self.address() == other.address()
    }
}

impl<T: Stored> Entry for Arc<T> {
    fn is_same(&self, other: &Arc<T>) -> bool {
        Arc::ptr_eq(self, other)
    }
}

macro_rules! plain_entries {
    ($($type:ty),*) => {
        $(impl Entry for $type {
            fn is_same(&self, other: &$type) -> bool {
                self == other
            }
        })*
    };
}

plain_entries!((), bool, Named, TypeId, Arc<str>);

impl Entry for Rows {
    fn is_same(&self, other: &Rows) -> bool {
        (self.empty, &self.filled) == (other.empty, &other.filled)
    }
}

fn write_table<K, V>(now: &Table<K, V>, before: Option<&Table<K, V>>, out: &mut Writer)
where
    K: Stored + Ord + Clone,
    V: Entry,
{
    let gone = before.into_iter().flat_map(Table::keys).filter(|key| !now.contains_key(*key));
    let gone: Vec<K> = gone.cloned().collect();
    let is_new = |key: &K, value: &V| !before.and_then(|it| it.get(key)).is_some_and(|old| old.is_same(value));
    let new = now.iter().filter(|(key, value)| is_new(key, value));
    let new: Vec<(K, V)> = new.map(|(key, value)| (key.clone(), value.clone())).collect();
    gone.write(out);
    new.write(out);
}

fn read_table<K, V>(before: Option<&Table<K, V>>, from: &mut Reader<'_>) -> Option<Table<K, V>>
where
    K: Stored + Ord + Clone,
    V: Entry,
{
    let gone: Vec<K> = Stored::read(from)?;
    let new: Vec<(K, V)> = Stored::read(from)?;
    let Some(before) = before else { return Table::of_sorted(new) };
    let mut table = before.clone();
    for key in gone {
        table.remove_mut(&key);
    }
    for (key, value) in new {
        table.insert_mut(key, value);
    }
    Some(table)
}

/// What states share as long as it does not change.
fn write_shared<T: Stored>(now: &Arc<T>, before: Option<&Arc<T>>, out: &mut Writer) {
    let same = before.is_some_and(|before| Arc::ptr_eq(now, before));
    same.write(out);
    if !same {
        now.write(out);
    }
}

fn read_shared<T: Stored>(before: Option<&Arc<T>>, from: &mut Reader<'_>) -> Option<Arc<T>> {
    if bool::read(from)? { before.cloned() } else { Stored::read(from) }
}

impl Schema {
    /// Writes a state; `before` is the state that was written before it.
    pub(crate) fn write(&self, before: Option<&Schema>, out: &mut Writer) {
        let Schema {
            dialect: _,
            catalog,
            namespaces,
            relations,
            relation_names,
            types,
            type_names,
            routines,
            routine_names,
            operators,
            casts,
            extensions,
            others,
            replication,
            search_path,
            default_search_path,
            clouds,
            overcast,
            default_privileges,
            unknown_extensions,
            next_id,
            links,
            constraint_names,
            callers,
            rows,
            // No state of a timeline has a session.
            session: _,
        } = self;
        catalog.version().write(out);
        write_table(namespaces, before.map(|it| &it.namespaces), out);
        write_table(relations, before.map(|it| &it.relations), out);
        write_table(relation_names, before.map(|it| &it.relation_names), out);
        write_table(types, before.map(|it| &it.types), out);
        write_table(type_names, before.map(|it| &it.type_names), out);
        write_table(routines, before.map(|it| &it.routines), out);
        write_table(routine_names, before.map(|it| &it.routine_names), out);
        write_shared(operators, before.map(|it| &it.operators), out);
        write_shared(casts, before.map(|it| &it.casts), out);
        write_table(extensions, before.map(|it| &it.extensions), out);
        write_table(others, before.map(|it| &it.others), out);
        write_shared(replication, before.map(|it| &it.replication), out);
        write_shared(search_path, before.map(|it| &it.search_path), out);
        write_shared(default_search_path, before.map(|it| &it.default_search_path), out);
        write_table(clouds, before.map(|it| &it.clouds), out);
        overcast.write(out);
        write_shared(default_privileges, before.map(|it| &it.default_privileges), out);
        write_shared(unknown_extensions, before.map(|it| &it.unknown_extensions), out);
        next_id.write(out);
        write_table(links, before.map(|it| &it.links), out);
        write_table(constraint_names, before.map(|it| &it.constraint_names), out);
        write_shared(callers, before.map(|it| &it.callers), out);
        write_table(rows, before.map(|it| &it.rows), out);
        out.next_state();
    }

    /// Reads a state; `before` is the state that was written before it.
    pub(crate) fn read(before: Option<&Schema>, from: &mut Reader<'_>) -> Option<Schema> {
        let dialect = from.dialect()?;
        Some(Schema {
            dialect,
            catalog: (dialect.catalog)(Some(Stored::read(from)?)),
            namespaces: read_table(before.map(|it| &it.namespaces), from)?,
            relations: read_table(before.map(|it| &it.relations), from)?,
            relation_names: read_table(before.map(|it| &it.relation_names), from)?,
            types: read_table(before.map(|it| &it.types), from)?,
            type_names: read_table(before.map(|it| &it.type_names), from)?,
            routines: read_table(before.map(|it| &it.routines), from)?,
            routine_names: read_table(before.map(|it| &it.routine_names), from)?,
            operators: read_shared(before.map(|it| &it.operators), from)?,
            casts: read_shared(before.map(|it| &it.casts), from)?,
            extensions: read_table(before.map(|it| &it.extensions), from)?,
            others: read_table(before.map(|it| &it.others), from)?,
            replication: read_shared(before.map(|it| &it.replication), from)?,
            search_path: read_shared(before.map(|it| &it.search_path), from)?,
            default_search_path: read_shared(before.map(|it| &it.default_search_path), from)?,
            clouds: read_table(before.map(|it| &it.clouds), from)?,
            overcast: Option::<Arc<Cloud>>::read(from)?,
            default_privileges: read_shared(before.map(|it| &it.default_privileges), from)?,
            unknown_extensions: read_shared(before.map(|it| &it.unknown_extensions), from)?,
            next_id: Stored::read(from)?,
            links: read_table(before.map(|it| &it.links), from)?,
            constraint_names: read_table(before.map(|it| &it.constraint_names), from)?,
            callers: read_shared(before.map(|it| &it.callers), from)?,
            rows: read_table(before.map(|it| &it.rows), from)?,
            session: apply::Session::default(),
        })
    }
}
