//! Sequences, alone and of columns.

use std::sync::Arc;

use super::{Cx, Outcome, Stop, column, create, problem, rights};
use crate::dialect::TypeId;
use crate::schema::store::Target;
use crate::schema::{ColumnNumber, Dependency, Key, Relation, RelationId, RelationKind, Schema, names};
use crate::source::Span;
use crate::sql::ddl::{Expr, ObjectKind, ObjectName, SequenceOptions};

pub(super) fn create(
    cx: &mut Cx<'_>,
    name: &ObjectName,
    if_not_exists: bool,
    temporary: bool,
    options: &SequenceOptions,
) -> Outcome {
    let temporary = temporary || create::is_temporary(cx, name);
    let at = create::new_name(cx, name, temporary)?;
    if !create::is_free(cx, &at, name, if_not_exists)? {
        return Ok(());
    }
    let id = RelationId(cx.schema.fresh_id());
    let mut sequence = Relation::new(id, at.0, at.1, RelationKind::Sequence);
    sequence.temporary = temporary;
    sequence.sequence_type = Some(value_type(cx, options)?);
    put(cx, sequence);
    set_owner(cx, id, options)
}

fn put(cx: &mut Cx<'_>, mut sequence: Relation) {
    rights::give_defaults(cx.schema, Some(&sequence.schema), ObjectKind::Sequence, &mut sequence.grants);
    for (number, (name, ty)) in (1..).zip([("last_value", "int8"), ("log_cnt", "int8"), ("is_called", "bool")]) {
        let id = cx.schema.find_type(cx.schema.dialect.system_schema, ty).unwrap_or_default();
        let column = crate::schema::Column::new(ColumnNumber(number), name.into(), crate::schema::Type::plain(id));
        sequence.columns.push(crate::schema::Column { not_null: true, ..column });
    }
    cx.touch(Key::Relation(sequence.name.clone()));
    cx.schema.put(sequence);
}

fn value_type(cx: &mut Cx<'_>, options: &SequenceOptions) -> Outcome<TypeId> {
    match &options.ty {
        Some(ty) => Ok(column::resolve(cx, ty)?.id),
        None => Ok(cx.schema.find_type(cx.schema.dialect.system_schema, "int8").unwrap_or_default()),
    }
}

/// `OWNED BY`.
fn set_owner(cx: &mut Cx<'_>, id: RelationId, options: &SequenceOptions) -> Outcome {
    let owner = match &options.owned_by {
        None => return Ok(()),
        Some(None) => None,
        Some(Some((table, column))) => {
            let table = cx.relation(table)?;
            let (table, column) = column::find(cx, table.id, column)?;
            Some((table.id, column.number, false))
        }
    };
    cx.schema.edit(id, |sequence| sequence.owned_by = owner);
    Ok(())
}

pub(super) fn alter(cx: &mut Cx<'_>, name: &ObjectName, if_exists: bool, options: &SequenceOptions) -> Outcome {
    let sequence = match cx.relation(name) {
        Ok(sequence) => sequence,
        Err(Stop::Fails(_)) if if_exists => return Ok(()),
        Err(stop) => return Err(stop),
    };
    if sequence.kind != RelationKind::Sequence {
        let message = format!("`{}` is not a sequence", sequence.name);
        let about = vec![Key::Relation(sequence.name.clone())];
        return Err(Stop::Fails(problem::fails(problem::span(name), "42809", message, about)));
    }
    if options.ty.is_some() {
        let ty = value_type(cx, options)?;
        cx.schema.edit(sequence.id, |sequence| sequence.sequence_type = Some(ty));
    }
    cx.touch(Key::Relation(sequence.name.clone()));
    set_owner(cx, sequence.id, options)
}

/// Makes the sequence of a serial or identity column.
pub(super) fn for_column(
    cx: &mut Cx<'_>,
    table: RelationId,
    number: ColumnNumber,
    identity: bool,
    options: &SequenceOptions,
) -> Outcome {
    let Some(relation) = cx.schema.relation(table) else { return Ok(()) };
    let Some(column) = relation.column_numbered(number) else { return Ok(()) };
    let (schema, name) = match &options.name {
        Some(name) => create::new_name(cx, name, relation.temporary)?,
        None => {
            let name = names::relation_name(cx.schema, &relation.schema, &relation.name, &column.name, "seq", false);
            (relation.schema.clone(), name)
        }
    };
    let id = RelationId(cx.schema.fresh_id());
    let mut sequence = Relation::new(id, schema, name.clone(), RelationKind::Sequence);
    sequence.temporary = relation.temporary;
    sequence.sequence_type = Some(column.ty.id);
    sequence.owned_by = Some((table, number, identity));
    put(cx, sequence);
    if !identity {
        let default = next_value(cx.schema, id, cx.at);
        cx.schema.edit(table, |relation| {
            for column in relation.columns.iter_mut().filter(|column| column.number == number) {
                column.default.clone_from(&default);
                column.default_depends = vec![Dependency::Relation(id)];
            }
        });
    }
    Ok(())
}

/// Gives the sequences of a column the widest type.
pub(super) fn widen(cx: &mut Cx<'_>, table: RelationId, number: ColumnNumber) {
    let widest = cx.schema.find_type(cx.schema.dialect.system_schema, "int8");
    for id in of_column(cx.schema, table, number) {
        cx.schema.edit(id, |sequence| sequence.sequence_type = widest);
    }
}

/// Gives the sequence of an identity column the type that the column has now.
pub(super) fn follow_identity(cx: &mut Cx<'_>, table: RelationId, number: ColumnNumber, ty: TypeId) {
    for id in of_column(cx.schema, table, number) {
        cx.schema.edit(id, |sequence| {
            if sequence.owned_by.is_some_and(|(_, _, identity)| identity) {
                sequence.sequence_type = Some(ty);
            }
        });
    }
}

/// The default that a serial column gets.
pub(in crate::schema) fn next_value(schema: &Schema, sequence: RelationId, span: Span) -> Option<Expr> {
    let sequence = schema.relation(sequence)?;
    let quote = schema.dialect.quote;
    let name = match schema.relation_is_visible(&sequence) {
        true => quote(&sequence.name),
        false => format!("{}.{}", quote(&sequence.schema), quote(&sequence.name)),
    };
    let text: Arc<str> = format!("nextval('{}'::regclass)", name.replace('\'', "''")).into();
    Some(Expr::new(span, text, None))
}

/// The sequences that a column owns.
pub(super) fn of_column(schema: &Schema, table: RelationId, number: ColumnNumber) -> Vec<RelationId> {
    let owns = |id: &RelationId| {
        schema.relation(*id).is_some_and(|it| it.owned_by.is_some_and(|(t, n, _)| (t, n) == (table, number)))
    };
    schema.users(Target::Relation(table)).filter(owns).collect()
}
