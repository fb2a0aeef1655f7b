//! Publications, and what replication tells the rows of a table apart by.

use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{Ddl, ObjectKind, ObjectName, ObjectRef, PublicationChange, Published, ReplicaIdentity};
use crate::sql::define::{other, rename};

/// `name [FOR …] [WITH (…)]` after `CREATE PUBLICATION`.
pub(super) fn create(cursor: &mut Cursor) -> Parsed<Ddl> {
    let name = cursor.name()?;
    let objects = if cursor.eat("for") { published(cursor)? } else { Published::default() };
    let commands = if cursor.eat("with") { commands(cursor)? } else { None };
    Ok(Ddl::Publication { name, change: PublicationChange::Create, objects, commands })
}

/// What follows `ALTER PUBLICATION`.
pub(super) fn alter(cursor: &mut Cursor) -> Parsed<Ddl> {
    let name = cursor.name()?;
    let object = ObjectRef::Name(ObjectName { schema: None, name: name.clone() });
    if let Some(common) = rename::common(cursor, ObjectKind::Publication, object, false)? {
        return Ok(common);
    }
    let change = match cursor.eat_any(&["add", "set", "drop"]) {
        Some("add") => PublicationChange::Add,
        Some("set") => PublicationChange::Set,
        Some(_) => PublicationChange::Drop,
        None => return cursor.failure("ADD, SET or DROP"),
    };
    if cursor.is_mark(b'(') {
        let commands = commands(cursor)?;
        let objects = Published::default();
        return Ok(Ddl::Publication { name, change: PublicationChange::Add, objects, commands });
    }
    Ok(Ddl::Publication { name, change, objects: published(cursor)?, commands: None })
}

/// `ALL TABLES`, or tables and whole schemas.
fn published(cursor: &mut Cursor) -> Parsed<Published> {
    let mut objects = Published::default();
    let mut schemas = false;
    loop {
        if cursor.eat("all tables") {
            objects.all = true;
        } else if cursor.eat("all sequences") {
        } else {
            match cursor.eat_any(&["tables in schema", "table"]) {
                Some(words) => schemas = words != "table",
                // A further one of the same kind.
                None if objects.tables.is_empty() && objects.schemas.is_empty() => return cursor.failure("TABLE"),
                None => {}
            }
            if schemas {
                objects.schemas.push(cursor.name()?);
            } else {
                cursor.eat("only");
                objects.tables.push(cursor.object_name()?);
                cursor.eat_operator("*");
                if cursor.is_mark(b'(') {
                    cursor.parentheses()?;
                }
                if cursor.eat("where") {
                    cursor.parentheses()?;
                }
            }
        }
        if !cursor.eat_mark(b',') {
            return Ok(objects);
        }
    }
}

/// `(publish = 'insert, update', …)`: the commands, where they are named.
fn commands(cursor: &mut Cursor) -> Parsed<Option<Vec<String>>> {
    let mut commands = None;
    for option in cursor.parenthesized_list()? {
        let (parameter, values) = other::setting(&mut cursor.over(option))?;
        if parameter == "publish" {
            let all = values.iter().flat_map(|value| value.split(','));
            commands = Some(all.map(|word| word.trim().to_ascii_lowercase()).collect());
        }
    }
    Ok(commands)
}

/// What follows `REPLICA IDENTITY`.
pub(super) fn replica_identity(cursor: &mut Cursor) -> Parsed<ReplicaIdentity> {
    Ok(match cursor.eat_any(&["default", "full", "nothing", "using index"]) {
        Some("default") => ReplicaIdentity::Default,
        Some("full") => ReplicaIdentity::Full,
        Some("nothing") => ReplicaIdentity::Nothing,
        Some(_) => ReplicaIdentity::Index(cursor.name()?),
        None => return cursor.failure("DEFAULT, FULL, NOTHING or USING INDEX"),
    })
}
