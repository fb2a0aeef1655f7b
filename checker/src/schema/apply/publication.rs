//! Publications and replica identities.

use std::sync::Arc;

use super::{Cx, Outcome, create, problem};
use crate::schema::publication::{Identity, Publication, Replication};
use crate::schema::{Key, Relation, RelationId};
use crate::sql::ddl::{Name, ObjectKind, ObjectName, PublicationChange, Published, ReplicaIdentity};

/// `CREATE PUBLICATION` and `ALTER PUBLICATION`.
pub(super) fn publish(
    cx: &mut Cx<'_>,
    name: &Name,
    change: PublicationChange,
    objects: &Published,
    commands: Option<&[String]>,
) -> Outcome {
    let mut tables = Vec::new();
    for table in &objects.tables {
        tables.push(cx.relation(table)?.id);
    }
    let object = ObjectName { schema: None, name: name.clone() };
    if change == PublicationChange::Create {
        create::other(cx, ObjectKind::Publication, &object, false)?;
    }
    let known = cx.schema.replication.publications.get(&name.text).cloned();
    let mut publication = match (known, change) {
        (_, PublicationChange::Create) => Publication {
            all: objects.all,
            tables: Default::default(),
            schemas: Default::default(),
            updates: true,
            deletes: true,
        },
        (Some(known), _) => known,
        (None, _) => {
            let about = Key::Relation(name.text.clone());
            let (what, span) = (problem::word(ObjectKind::Publication), problem::span(&object));
            return Err(cx.missing(&object, problem::missing(what, &name.text, span, "42704", about)));
        }
    };
    touch(cx, &publication);
    let schemas = objects.schemas.iter().map(|name| name.text.clone());
    if change == PublicationChange::Set {
        publication.tables.clear();
        publication.schemas.clear();
    }
    if change == PublicationChange::Drop {
        tables.iter().for_each(|table| _ = publication.tables.remove(table));
        schemas.for_each(|schema| _ = publication.schemas.remove(&schema));
    } else {
        publication.tables.extend(tables);
        publication.schemas.extend(schemas);
    }
    if let Some(commands) = commands {
        let has = |command: &str| commands.iter().any(|given| given == command);
        (publication.updates, publication.deletes) = (has("update"), has("delete"));
    }
    touch(cx, &publication);
    edit(cx, |replication| _ = replication.publications.insert(name.text.clone(), publication));
    Ok(())
}

/// A publication is dropped.
pub(super) fn drop(cx: &mut Cx<'_>, name: &Arc<str>) {
    if let Some(publication) = cx.schema.replication.publications.get(name).cloned() {
        touch(cx, &publication);
        edit(cx, |replication| _ = replication.publications.remove(name));
    }
}

/// A publication gets another name.
pub(super) fn rename(cx: &mut Cx<'_>, from: &Arc<str>, to: &Arc<str>) {
    edit(cx, |replication| {
        if let Some(publication) = replication.publications.remove(from) {
            replication.publications.insert(to.clone(), publication);
        }
    });
}

/// `REPLICA IDENTITY`.
pub(super) fn identify(cx: &mut Cx<'_>, id: RelationId, identity: &ReplicaIdentity) -> Outcome {
    let identity = match identity {
        ReplicaIdentity::Default => None,
        ReplicaIdentity::Full => Some(Identity { full: true, index: None }),
        ReplicaIdentity::Nothing => Some(Identity { full: false, index: None }),
        ReplicaIdentity::Index(name) => {
            let known = |relation: &Relation| relation.indexes.iter().any(|index| index.name == name.text);
            if cx.schema.relation(id).is_some_and(|relation| !known(&relation)) {
                let about = Key::Relation(name.text.clone());
                cx.refuse(problem::missing("index", &name.text, name.span, "42704", about))?;
            }
            Some(Identity { full: false, index: Some(name.text.clone()) })
        }
    };
    edit(cx, |replication| {
        replication.identities.remove(&id);
        replication.identities.extend(identity.map(|identity| (id, identity)));
    });
    cx.touch_relation(id);
    Ok(())
}

fn edit(cx: &mut Cx<'_>, change: impl FnOnce(&mut Replication)) {
    change(Arc::make_mut(&mut cx.schema.replication));
}

fn touch(cx: &mut Cx<'_>, publication: &Publication) {
    if publication.all || !publication.schemas.is_empty() {
        cx.touch(Key::Everything);
    }
    let mut tables: Vec<RelationId> = publication.tables.iter().copied().collect();
    // A partition is published with its table.
    while let Some(table) = tables.pop() {
        cx.touch_relation(table);
        tables.extend(cx.schema.children(table));
    }
}
