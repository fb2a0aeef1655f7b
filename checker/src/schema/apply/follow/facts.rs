//! The rows of the system's tables, from the schema model.

use std::rc::Rc;
use std::sync::Arc;

use super::value::{Row, Value};
use crate::dialect::TypeId;
use crate::dialect::catalog::{FunctionKind, TypeKind};
use crate::dialect::system_tables::{Fact, Flag, Rows, SystemTable};
use crate::schema::{
    Column, ColumnNumber, Constraint, ConstraintKind, Index, Kept, Policy, Relation, RelationKind, Routine, Schema,
    Trigger, Type, UserDefinedType,
};

/// The rows of a system table; `None` where they are not known.
pub(super) fn rows(schema: &Schema, namespace: Option<&str>, name: &str) -> Option<Vec<Rc<Row>>> {
    let system = schema.dialect.system_schema;
    let meant = |table: &&SystemTable| {
        table.name == name && namespace.map_or(Some(table.schema) == system, |namespace| table.schema == namespace)
    };
    let table = schema.dialect.definition.system_tables.iter().find(meant)?;
    let mut made = Made { schema, table, rows: Vec::new() };
    made.all();
    Some(made.rows)
}

/// An object that a system table has a row for.
#[derive(Default)]
struct Subject<'a> {
    id: u32,
    name: &'a str,
    namespace: &'a str,
    kind: &'a str,
    relation: Option<&'a Relation>,
    column: Option<&'a Column>,
    number: i64,
    constraint: Option<&'a Constraint>,
    index: Option<&'a Index>,
    ty: Option<&'a UserDefinedType>,
    trigger: Option<&'a Trigger>,
    policy: Option<&'a Policy>,
}

struct Made<'a> {
    schema: &'a Schema,
    table: &'a SystemTable,
    rows: Vec<Rc<Row>>,
}

impl Made<'_> {
    fn all(&mut self) {
        let schema = self.schema;
        match self.table.rows {
            Rows::Schemas => schema.namespaces.keys().for_each(|name| self.namespace(name)),
            Rows::Types => schema.types.values().for_each(|ty| self.ty(ty)),
            Rows::Labels => schema.types.values().for_each(|ty| self.labels(ty)),
            Rows::Routines => schema.routines.values().for_each(|routine| self.routine(routine)),
            Rows::Extensions => schema.extensions.iter().for_each(|(name, at)| {
                self.add(Subject { name, namespace: at, kind: "extension", ..Subject::default() });
            }),
            _ => schema.relations.values().for_each(|relation| self.relation(relation)),
        }
        if self.table.rows == Rows::Schemas {
            schema.dialect.definition.system_schemas.iter().for_each(|name| self.namespace(name));
        }
    }

    fn namespace(&mut self, name: &str) {
        self.add(Subject { id: number_of(name), name, namespace: name, kind: "schema", ..Subject::default() });
    }

    fn relation(&mut self, relation: &Relation) {
        let subject = || Subject {
            id: relation.id.0,
            name: &relation.name,
            namespace: &relation.schema,
            kind: relation.kind.word(),
            relation: Some(relation),
            ..Subject::default()
        };
        let rows = self.table.rows;
        if matches!(rows, Rows::Relations | Rows::RelationsAndIndexes) {
            self.add(subject());
        }
        if matches!(rows, Rows::Indexes | Rows::RelationsAndIndexes) {
            for index in &relation.indexes {
                let id = number_of(&index.name);
                self.add(Subject { id, name: &index.name, kind: "index", index: Some(index), ..subject() });
            }
        }
        if rows == Rows::Columns && relation.kind != RelationKind::Sequence {
            for column in &relation.columns {
                let number = i64::from(column.number.0);
                self.add(Subject { name: &column.name, number, column: Some(column), ..subject() });
            }
        }
        if rows == Rows::Triggers {
            for trigger in &relation.triggers {
                self.add(Subject { name: &trigger.name, kind: "trigger", trigger: Some(trigger), ..subject() });
            }
        }
        if rows == Rows::Policies {
            for policy in &relation.policies {
                self.add(Subject { name: &policy.name, kind: "policy", policy: Some(policy), ..subject() });
            }
        }
        if matches!(rows, Rows::Constraints | Rows::KeyColumns | Rows::UsedColumns) {
            for constraint in &relation.constraints {
                self.constraint(relation, constraint);
            }
        }
    }

    fn constraint(&mut self, relation: &Relation, constraint: &Constraint) {
        let (kind, referenced) = match &constraint.kind {
            ConstraintKind::PrimaryKey => ("primary key", None),
            ConstraintKind::Unique { .. } => ("unique", None),
            ConstraintKind::Exclude => ("exclude", None),
            ConstraintKind::Check(_) => ("check", None),
            ConstraintKind::ForeignKey { table, referenced, .. } => {
                ("foreign key", self.schema.relation(*table).map(|table| (table, referenced)))
            }
        };
        let subject = || Subject {
            id: constraint_number(relation, constraint),
            name: &constraint.name,
            namespace: &relation.schema,
            kind,
            relation: Some(relation),
            constraint: Some(constraint),
            ..Subject::default()
        };
        if self.table.rows == Rows::Constraints {
            return self.add(subject());
        }
        let used = referenced.filter(|_| self.table.rows == Rows::UsedColumns);
        let (table, columns) = match &used {
            Some((table, columns)) => (&**table, columns.as_slice()),
            None => (relation, constraint.columns.as_slice()),
        };
        for (number, column) in (1..).zip(columns) {
            let column = table.column_numbered(*column);
            self.add(Subject { number, column, relation: Some(table), ..subject() });
        }
    }

    fn ty(&mut self, ty: &UserDefinedType) {
        let kind = match ty.info.kind {
            TypeKind::Base => "base",
            TypeKind::Composite => "composite",
            TypeKind::Domain => "domain",
            TypeKind::Enum => "enum",
            TypeKind::Pseudo => "pseudo",
            TypeKind::Range => "range",
            TypeKind::Multirange => "multirange",
        };
        let (name, namespace) = (&*ty.info.name, &*ty.info.schema);
        self.add(Subject { id: ty.info.id.0, name, namespace, kind, ty: Some(ty), ..Subject::default() });
    }

    fn labels(&mut self, ty: &UserDefinedType) {
        for (number, name) in (1..).zip(&ty.labels) {
            self.add(Subject { name, number, kind: "label", ty: Some(ty), ..Subject::default() });
        }
    }

    fn routine(&mut self, routine: &Routine) {
        let kind = match routine.signature.kind {
            FunctionKind::Function => "function",
            FunctionKind::Procedure => "procedure",
            FunctionKind::Window => "window",
            _ => "aggregate",
        };
        let number = i64::try_from(routine.signature.arguments.len()).unwrap_or(i64::MAX);
        let (name, namespace) = (&*routine.signature.name, &*routine.signature.schema);
        self.add(Subject { id: routine.id.0, name, namespace, kind, number, ..Subject::default() });
    }

    fn add(&mut self, subject: Subject<'_>) {
        if !self.table.kinds.is_empty() && !self.table.kinds.contains(&subject.kind) {
            return;
        }
        let value = |fact: &Fact| fact_of(self.schema, &subject, *fact);
        let columns = self.table.columns.iter().map(|(name, fact)| (Rc::from(*name), value(fact))).collect();
        self.rows.push(Rc::new(Row { columns, open: true }));
    }
}

/// A number for something that the model gives none.
pub(super) fn number_of(name: &str) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash | 1 << 31
}

fn constraint_number(relation: &Relation, constraint: &Constraint) -> u32 {
    number_of(&format!("{}.{}.{}", relation.schema, relation.name, constraint.name))
}

/// A constraint as the server writes it, by its number. Checks, which it writes in words of its own, are not known.
pub(super) fn constraint_text(schema: &Schema, number: i64) -> Value {
    let of = |relation: &Kept<Relation>| {
        let meant = |it: &&Constraint| i64::from(constraint_number(relation, it)) == number;
        Some((relation.clone(), relation.constraints.iter().find(meant)?.clone()))
    };
    let Some((relation, constraint)) = schema.relations.values().find_map(of) else { return Value::Null };
    let names = |relation: &Relation, numbers: &[ColumnNumber]| {
        let name = |number: &ColumnNumber| Some((schema.dialect.quote)(&relation.column_numbered(*number)?.name));
        numbers.iter().filter_map(name).collect::<Vec<_>>().join(", ")
    };
    let own = names(&relation, &constraint.columns);
    match &constraint.kind {
        ConstraintKind::PrimaryKey => Value::text(&format!("PRIMARY KEY ({own})")),
        ConstraintKind::Unique { nulls_not_distinct: false } => Value::text(&format!("UNIQUE ({own})")),
        ConstraintKind::ForeignKey { table, referenced, on_delete, on_update, .. } => {
            let Some(table) = schema.relation(*table) else { return Value::Something };
            let quote = schema.dialect.quote;
            let name = match schema.relation_is_visible(&table) {
                true => quote(&table.name),
                false => format!("{}.{}", quote(&table.schema), quote(&table.name)),
            };
            let mut text = format!("FOREIGN KEY ({own}) REFERENCES {name}({})", names(&table, referenced));
            for (event, action) in [("UPDATE", on_update), ("DELETE", on_delete)] {
                if let Some(action) = action.as_ref().filter(|action| *action != "no action") {
                    text += &format!(" ON {event} {}", action.to_uppercase());
                }
            }
            Value::text(&text)
        }
        _ => Value::Something,
    }
}

fn fact_of(schema: &Schema, subject: &Subject<'_>, fact: Fact) -> Value {
    let id = |id: u32| Value::Number(i64::from(id));
    let or_null = |value: Option<Value>| value.unwrap_or(Value::Null);
    let ty = || subject.column.map(|column| column.ty);
    let info = || ty().and_then(|ty| schema.type_info(ty.id));
    match fact {
        Fact::Id => id(subject.id),
        Fact::Name => Value::text(subject.name),
        Fact::Schema => Value::text(subject.relation.map_or(subject.namespace, |relation| &relation.schema)),
        Fact::SchemaId => id(number_of(subject.namespace)),
        Fact::Kind(words) => {
            let word = words.iter().find(|(ours, _)| *ours == subject.kind);
            word.map_or(Value::Something, |(_, theirs)| Value::text(theirs))
        }
        Fact::Table => or_null(subject.relation.map(|relation| Value::text(&relation.name))),
        Fact::TableId => or_null(subject.relation.map(|relation| id(relation.id.0))),
        Fact::Column => or_null(subject.column.map(|column| Value::text(&column.name))),
        Fact::Number => Value::Number(subject.number),
        Fact::Referenced => or_null(referenced(schema, subject).map(|table| Value::text(&table.name))),
        Fact::ReferencedId => referenced(schema, subject).map_or(Value::Number(0), |table| id(table.id.0)),
        Fact::TypeId => type_number(subject).map_or(Value::Unknown, |ty| id(ty.0)),
        Fact::TypeName => info().map_or(Value::Something, |info| Value::text(&info.name)),
        Fact::TypeSchema => info().map_or(Value::Something, |info| Value::text(&info.schema)),
        Fact::DataType => ty().map_or(Value::Something, |ty| data_type(schema, ty)),
        Fact::RoutineId => or_null(subject.trigger.and_then(|trigger| trigger.routine).map(|routine| id(routine.0))),
        Fact::Present(wanted) => match flag(subject, wanted) {
            Some(true) => Value::Something,
            Some(false) => Value::Null,
            None => Value::Unknown,
        },
        Fact::Is(wanted) => flag(subject, wanted).map_or(Value::Unknown, Value::Bool),
        Fact::YesNo(wanted) => match flag(subject, wanted) {
            Some(true) => Value::text("YES"),
            Some(false) => Value::text("NO"),
            None => Value::Something,
        },
        Fact::Text(text) => Value::text(text),
        Fact::False => Value::Bool(false),
    }
}

fn referenced(schema: &Schema, subject: &Subject<'_>) -> Option<Arc<Relation>> {
    match subject.constraint?.kind {
        ConstraintKind::ForeignKey { table, .. } => schema.relation(table),
        _ => None,
    }
}

fn type_number(subject: &Subject<'_>) -> Option<TypeId> {
    let column = subject.column.map(|column| column.ty.id);
    let own = column.or(subject.ty.map(|ty| ty.info.id)).or(subject.relation.map(|relation| relation.row_type));
    own.filter(|ty| ty.is_sure())
}

fn data_type(schema: &Schema, ty: Type) -> Value {
    let ty = schema.base_type(ty);
    match schema.type_info(ty.id) {
        None => Value::Something,
        Some(info) if info.is_true_array() => Value::text("ARRAY"),
        Some(info) if info.id.is_user() => Value::text("USER-DEFINED"),
        Some(_) => Value::text(&schema.format_type(Type::plain(ty.id))),
    }
}

fn flag(subject: &Subject<'_>, flag: Flag) -> Option<bool> {
    match flag {
        Flag::NotNull => match subject.column {
            Some(column) => Some(column.not_null),
            None => subject.ty.map(|ty| ty.info.not_null),
        },
        Flag::Nullable => subject.column.map(|column| !column.not_null),
        Flag::Default => subject.column.map(|column| column.default.is_some()),
        Flag::Identity => subject.column.map(|column| column.identity.is_some()),
        Flag::Generated => subject.column.map(|column| column.generated.is_some()),
        Flag::Unique => subject.index.map(|index| index.unique),
        Flag::Primary => subject.index.map(|index| index.primary),
        Flag::Valid => subject.index.map(|index| index.valid).or(subject.constraint.map(|constraint| constraint.valid)),
        Flag::Deferrable => subject.constraint.map(|constraint| constraint.deferrable),
        Flag::Deferred => subject.constraint.map(|constraint| constraint.initially_deferred),
        Flag::Enabled => subject.trigger.map(|trigger| trigger.enabled),
        Flag::RowSecurity => subject.relation.map(|relation| relation.row_security),
        Flag::Partition => subject.relation.map(|relation| relation.partition_bound.is_some()),
        Flag::Populated => subject.relation.map(|relation| relation.populated),
        Flag::Permissive => subject.policy.map(|policy| policy.permissive),
    }
}
