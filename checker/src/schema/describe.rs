//! From a schema to its description.

use std::collections::{BTreeMap, BTreeSet};

use super::description::{
    CheckDescription, ColumnDescription, ConstraintDescription, Description, DomainDescription, EnumDescription,
    ExtensionDescription, GeneratedDescription, GrantDescription, IndexDescription, KeyDescription,
    NamespaceDescription, PolicyDescription, RangeDescription, ReferenceDescription, RelationDescription,
    RoutineDescription, SequenceDescription, TriggerDescription, UnknownDescription,
};
use super::{
    Cloud, Column, ColumnNumber, Constraint, ConstraintKind, DomainCheck, Index, IndexKey, Policy, Relation,
    RelationId, RelationKind, Right, Routine, Schema, Trigger, Type, UserDefinedType,
};
use crate::dialect::TypeId;
use crate::dialect::catalog::{FunctionKind, TypeKind};

/// A schema as plain data.
pub fn describe(schema: &Schema) -> Description {
    let describer = Describer { schema };
    let mut description = Description {
        schemas: schema
            .namespaces
            .iter()
            .map(|(name, namespace)| describer.namespace(name, &namespace.grants))
            .collect(),
        extensions: schema.extensions.iter().map(|(name, namespace)| describer.extension(name, namespace)).collect(),
        unknown: describer.unknown(),
        ..Description::default()
    };
    let relations = schema.relations.values().filter(|relation| relation.extension.is_none() && !relation.temporary);
    description.relations = relations
        .filter(|relation| relation.kind != RelationKind::System)
        .map(|relation| describer.relation(relation))
        .collect();
    let routines = schema.routines.values().filter(|routine| routine.extension.is_none());
    description.routines = routines.map(|routine| describer.routine(routine)).collect();
    for ty in schema.types.values().filter(|ty| ty.extension.is_none()) {
        describer.user_type(ty, &mut description);
    }
    sort(&mut description);
    description
}

fn sort(description: &mut Description) {
    description.relations.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    description.enums.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    description.domains.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    description.ranges.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    description.routines.sort_by(|a, b| (&a.schema, &a.name, &a.arguments).cmp(&(&b.schema, &b.name, &b.arguments)));
}

struct Describer<'a> {
    schema: &'a Schema,
}

impl Describer<'_> {
    fn namespace(&self, name: &str, grants: &[Right]) -> NamespaceDescription {
        NamespaceDescription { name: name.to_owned(), grants: self.grants(grants, None) }
    }

    fn extension(&self, name: &str, namespace: &str) -> ExtensionDescription {
        let known = !self.schema.unknown_extensions.iter().any(|(unknown, _)| **unknown == *name);
        ExtensionDescription { name: name.to_owned(), schema: namespace.to_owned(), known }
    }

    fn unknown(&self) -> Vec<UnknownDescription> {
        let one = |name: Option<&str>, cloud: &Cloud| UnknownDescription {
            name: name.map(str::to_owned),
            reason: cloud.reason.clone(),
            file: cloud.place.as_ref().map(|place| place.source.path().to_owned()),
            line: cloud.place.as_ref().map(|place| place.line_column().0),
        };
        let clouds = self.schema.clouds.iter().map(|(name, cloud)| one(Some(name), cloud));
        let extensions = self.schema.unknown_extensions.iter().map(|(name, cloud)| one(Some(name), cloud));
        let overcast = self.schema.overcast.iter().map(|cloud| one(None, cloud));
        overcast.chain(clouds).chain(extensions).collect()
    }

    fn relation(&self, relation: &Relation) -> RelationDescription {
        let is_sequence = relation.kind == RelationKind::Sequence;
        let columns = if is_sequence { &[] } else { relation.columns.as_slice() };
        let trigger = |trigger: &Trigger| TriggerDescription {
            name: trigger.name.to_string(),
            enabled: trigger.enabled,
            routine: trigger
                .routine
                .and_then(|id| self.schema.routines.get(&id))
                .map(|routine| format!("{}.{}", routine.signature.schema, routine.signature.name)),
        };
        let policy = |policy: &Policy| PolicyDescription {
            name: policy.name.to_string(),
            permissive: policy.permissive,
            roles: policy.roles.iter().map(ToString::to_string).collect(),
        };
        RelationDescription {
            schema: relation.schema.to_string(),
            name: relation.name.to_string(),
            kind: relation.kind.describe(),
            columns: columns.iter().map(|column| self.column(relation, column)).collect(),
            constraints: relation.constraints.iter().map(|constraint| self.constraint(relation, constraint)).collect(),
            indexes: relation.indexes.iter().map(|index| self.index(relation, index)).collect(),
            triggers: relation.triggers.iter().map(trigger).collect(),
            rules: relation.rules.iter().map(|rule| rule.name.to_string()).collect(),
            policies: relation.policies.iter().map(policy).collect(),
            row_security: relation.row_security,
            populated: relation.populated,
            parents: relation.parents.iter().map(|parent| self.path_of(*parent)).collect(),
            sequence: is_sequence.then(|| self.sequence(relation)),
            grants: self.grants(&relation.grants, Some(relation)),
            unknown: relation.opaque.as_ref().map(|cloud| cloud.reason.clone()),
        }
    }

    fn column(&self, relation: &Relation, column: &Column) -> ColumnDescription {
        let derived = matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView);
        ColumnDescription {
            name: column.name.to_string(),
            ty: match &column.declared {
                Some(declared) => declared.to_string(),
                None => self.schema.format_type(column.ty),
            },
            // Of a view's column is known only that NULL can be ruled out.
            nullable: if derived && !column.not_null { None } else { Some(!column.not_null) },
            default: column.default.as_ref().map(|default| default.text.to_string()),
            generated: column.generated.as_ref().map(|generated| GeneratedDescription {
                expression: generated.expr.text.to_string(),
                stored: generated.stored,
            }),
            identity: column.identity.map(|always| if always { "always" } else { "by default" }),
        }
    }

    fn sequence(&self, sequence: &Relation) -> SequenceDescription {
        let owner = sequence.owned_by.and_then(|(table, column, _)| {
            let table = self.schema.relations.get(&table)?;
            Some(format!("{}.{}", path(table), column_name(table, column)))
        });
        SequenceDescription { ty: sequence.sequence_type.map(|ty| self.plain(ty)), owned_by: owner }
    }

    fn constraint(&self, relation: &Relation, constraint: &Constraint) -> ConstraintDescription {
        let names = constraint.columns.iter().map(|column| column_name(relation, *column));
        let (kind, columns, check) = match &constraint.kind {
            ConstraintKind::PrimaryKey => ("primary key", names.collect(), None),
            ConstraintKind::Unique { .. } => ("unique", names.collect(), None),
            ConstraintKind::Exclude => ("exclude", names.collect(), None),
            ConstraintKind::ForeignKey { .. } => ("foreign key", names.collect(), None),
            ConstraintKind::Check(check) => {
                ("check", names.collect::<BTreeSet<_>>().into_iter().collect(), Some(check.text.to_string()))
            }
        };
        ConstraintDescription {
            name: if constraint.unnamed { String::new() } else { constraint.name.to_string() },
            kind,
            columns,
            check,
            references: self.references(&constraint.kind),
            valid: constraint.valid,
            deferrable: constraint.deferrable,
            initially_deferred: constraint.initially_deferred,
        }
    }

    fn references(&self, kind: &ConstraintKind) -> Option<ReferenceDescription> {
        let ConstraintKind::ForeignKey { table, awaits, referenced, on_delete, on_update, .. } = kind else {
            return None;
        };
        let (table, columns) = match (awaits, self.schema.relations.get(table)) {
            (Some((table, columns)), _) => (table.to_string(), columns.iter().map(ToString::to_string).collect()),
            (None, Some(parent)) => {
                (path(parent), referenced.iter().map(|column| column_name(parent, *column)).collect())
            }
            (None, None) => (String::new(), Vec::new()),
        };
        let action = |words: &Option<String>| words.clone().unwrap_or_else(|| "no action".to_owned());
        Some(ReferenceDescription { table, columns, on_delete: action(on_delete), on_update: action(on_update) })
    }

    fn index(&self, relation: &Relation, index: &Index) -> IndexDescription {
        let key = |key: &IndexKey| match (key.column, &key.expr) {
            (Some(column), _) => KeyDescription::Column(column_name(relation, column)),
            (None, expr) => {
                KeyDescription::Expression(expr.as_ref().map_or_else(String::new, |it| it.text.to_string()))
            }
        };
        IndexDescription {
            name: index.name.to_string(),
            method: index.method.to_string(),
            keys: index.keys.iter().map(key).collect(),
            include: index.include.iter().map(|column| column_name(relation, *column)).collect(),
            unique: index.unique,
            primary: index.primary,
            predicate: index.predicate.as_ref().map(|predicate| predicate.text.to_string()),
            valid: index.valid,
            immediate: index.immediate,
            constraint: index.constraint.as_ref().map(ToString::to_string),
        }
    }

    fn user_type(&self, ty: &UserDefinedType, description: &mut Description) {
        let (schema, name) = (ty.info.schema.to_string(), ty.info.name.to_string());
        let base = ty.info.base.map(|(id, modifier)| self.schema.format_type(Type { id, modifier }));
        match ty.info.kind {
            TypeKind::Enum => {
                let labels = ty.labels.iter().map(ToString::to_string).collect();
                description.enums.push(EnumDescription { schema, name, labels });
            }
            TypeKind::Domain => description.domains.push(DomainDescription {
                schema,
                name,
                ty: base,
                nullable: !ty.info.not_null,
                default: ty.default.as_ref().map(|default| default.text.to_string()),
                checks: ty.checks.iter().map(check).collect(),
            }),
            TypeKind::Range => description.ranges.push(RangeDescription { schema, name, subtype: base }),
            TypeKind::Base | TypeKind::Composite | TypeKind::Pseudo | TypeKind::Multirange => {}
        }
    }

    fn routine(&self, routine: &Routine) -> RoutineDescription {
        let signature = &routine.signature;
        let kind = match signature.kind {
            FunctionKind::Function => "function",
            FunctionKind::Procedure => "procedure",
            FunctionKind::Aggregate | FunctionKind::OrderedSet(_) | FunctionKind::HypotheticalSet(_) => "aggregate",
            FunctionKind::Window => "window",
        };
        RoutineDescription {
            schema: signature.schema.to_string(),
            name: signature.name.to_string(),
            kind,
            arguments: signature.arguments.iter().map(|argument| self.plain(argument.ty)).collect(),
            defaults: signature.defaults,
            result: (signature.kind != FunctionKind::Procedure).then(|| self.plain(signature.result)),
            returns_set: signature.returns_set,
            language: routine.language.to_string(),
            grants: self.grants(&routine.grants, None),
        }
    }

    fn grants(&self, grants: &[Right], relation: Option<&Relation>) -> Vec<GrantDescription> {
        let mut by_role: BTreeMap<&str, GrantDescription> = BTreeMap::new();
        for right in grants {
            let grant = by_role.entry(&right.grantee).or_insert_with(|| GrantDescription {
                role: right.grantee.to_string(),
                privileges: Vec::new(),
                columns: BTreeMap::new(),
            });
            let privileges = match (right.column, relation) {
                (Some(column), Some(relation)) => grant.columns.entry(column_name(relation, column)).or_default(),
                _ => &mut grant.privileges,
            };
            if let Err(at) = privileges.binary_search(&right.privilege) {
                privileges.insert(at, right.privilege.clone());
            }
        }
        by_role.into_values().collect()
    }

    fn path_of(&self, id: RelationId) -> String {
        self.schema.relations.get(&id).map(|relation| path(relation)).unwrap_or_default()
    }

    fn plain(&self, id: TypeId) -> String {
        self.schema.format_type(Type::plain(id))
    }
}

impl RelationKind {
    /// What it is, finer than [`RelationKind::word`].
    pub fn describe(self) -> &'static str {
        match self {
            RelationKind::PartitionedTable => "partitioned table",
            RelationKind::Composite => "composite",
            other => other.word(),
        }
    }
}

fn check(check: &DomainCheck) -> CheckDescription {
    CheckDescription { name: check.name.to_string(), check: check.expr.text.to_string(), valid: check.valid }
}

fn path(relation: &Relation) -> String {
    format!("{}.{}", relation.schema, relation.name)
}

fn column_name(relation: &Relation, number: ColumnNumber) -> String {
    let column = relation.column_numbered(number);
    column.map_or_else(|| format!("#{}", number.0), |column| column.name.to_string())
}
