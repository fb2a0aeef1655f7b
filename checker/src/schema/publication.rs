//! What is published, and what replication tells the rows of a table apart by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::stored::stored_fields;
use super::{ConstraintKind, Relation, RelationId, RelationKind, Schema};
use crate::sql::ddl::Event;

/// Publications, and the tables whose rows are told apart by something else than their primary key.
#[derive(Clone, Debug, Default)]
pub struct Replication {
    pub(super) publications: BTreeMap<Arc<str>, Publication>,
    pub(super) identities: BTreeMap<RelationId, Identity>,
}

/// A publication: which tables, and what is done to them.
#[derive(Clone, Debug)]
pub(super) struct Publication {
    pub(super) all: bool,
    pub(super) tables: BTreeSet<RelationId>,
    pub(super) schemas: BTreeSet<Arc<str>>,
    pub(super) updates: bool,
    pub(super) deletes: bool,
}

/// What tells rows apart in place of the primary key.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// All columns.
    pub(super) full: bool,
    /// Those of a unique index.
    pub(super) index: Option<Arc<str>>,
}

stored_fields!(Replication { publications, identities });
stored_fields!(Publication { all, tables, schemas, updates, deletes });
stored_fields!(Identity { full, index });

impl Schema {
    /// The publication for which the server refuses an event on a table: it publishes it, and nothing tells the rows apart.
    pub fn refusing_publication(&self, relation: &Relation, event: Event) -> Option<&str> {
        if self.replication.publications.is_empty() || relation.temporary {
            return None;
        }
        match relation.kind {
            RelationKind::Table if !self.has_identity(relation) => self.publishing(relation, event),
            RelationKind::PartitionedTable => {
                let partitions = self.children(relation.id).into_iter().filter_map(|id| self.relation(id));
                partitions.filter_map(|partition| self.refusing_publication(&partition, event)).next()
            }
            _ => None,
        }
    }

    fn publishing(&self, relation: &Relation, event: Event) -> Option<&str> {
        let mut published: Vec<RelationId> = vec![relation.id];
        let mut at = 0;
        while let Some(&id) = published.get(at) {
            at += 1;
            let parents = self.relation(id).map(|relation| relation.parents.clone()).unwrap_or_default();
            let partitioned = |id: &RelationId| {
                self.relation(*id).is_some_and(|parent| parent.kind == RelationKind::PartitionedTable)
            };
            published.extend(parents.into_iter().filter(partitioned));
        }
        let named = self.replication.publications.iter().find(|(_, publication)| {
            let concerned = match event {
                Event::Update => publication.updates,
                Event::Delete => publication.deletes,
                _ => false,
            };
            let holds = publication.all
                || publication.schemas.contains(&relation.schema)
                || published.iter().any(|id| publication.tables.contains(id));
            concerned && holds
        });
        named.map(|(name, _)| &**name)
    }

    fn has_identity(&self, relation: &Relation) -> bool {
        match self.replication.identities.get(&relation.id) {
            Some(Identity { full: true, .. }) => true,
            Some(Identity { index: None, .. }) => false,
            Some(Identity { index: Some(name), .. }) => relation.indexes.iter().any(|index| index.name == *name),
            None => {
                let mut constraints = relation.constraints.iter();
                constraints.any(|it| matches!(it.kind, ConstraintKind::PrimaryKey) && !it.deferrable)
            }
        }
    }
}
