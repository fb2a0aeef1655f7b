//! `CREATE TABLE`.

use std::sync::Arc;

use super::column::{self, NewColumn};
use super::{Cx, Outcome, Stop, constraint, create, inherit, problem, rights, types, view};
use crate::schema::store::QualifiedName;
use crate::schema::{Column, ColumnNumber, Key, Partitioning, Relation, RelationId, RelationKind, Type};
use crate::sql::ddl::{
    ColumnDef, ConstraintDef, ConstraintKind, CreateTable, LikeOption, Name, ObjectKind, ObjectName, TableElement,
};

pub(super) fn create(cx: &mut Cx<'_>, table: &CreateTable) -> Outcome {
    let temporary = table.temporary || create::is_temporary(cx, &table.name);
    let at = create::new_name(cx, &table.name, temporary)?;
    if !create::is_free(cx, &at, &table.name, table.if_not_exists)? {
        return Ok(());
    }
    let mut relation = empty(cx, &at, table, temporary);
    if let Some(query) = &table.as_query {
        view::fill_from_query(cx, &mut relation, query, &table.as_columns)?;
        return finish(cx, relation, ObjectKind::Table);
    }
    let mut new = Parts::default();
    inherit::take_columns(cx, &mut relation, table)?;
    for element in &table.elements {
        let outcome = add_element(cx, &mut relation, element, &mut new);
        if cx.strict {
            outcome?;
        } else {
            cx.settle(outcome);
        }
    }
    relation.partitioning = partitioning(&relation, table);
    let id = relation.id;
    finish(cx, relation, ObjectKind::Table)?;
    for (number, column) in &new.columns {
        column::make_sequence(cx, id, *number, column)?;
    }
    inherit::take_checks(cx, id)?;
    for def in ordered(&new.constraints) {
        cx.part(cx.at, |cx| constraint::add(cx, id, &def, constraint::Table::New))?;
    }
    for (source, including) in &new.like {
        inherit::copy_like(cx, id, *source, including)?;
    }
    inherit::take_from_partitioned(cx, id)?;
    cx.schema.note_created(id);
    Ok(())
}

/// What the elements of a `CREATE TABLE` add once the table is there.
#[derive(Default)]
struct Parts {
    columns: Vec<(ColumnNumber, NewColumn)>,
    constraints: Vec<ConstraintDef>,
    like: Vec<(RelationId, Vec<LikeOption>)>,
}

/// The constraints in the order in which they are made, which generated names show. A key that repeats one before it is
/// left out, and gives it its name where that one has none.
fn ordered(written: &[ConstraintDef]) -> Vec<ConstraintDef> {
    let mut all: Vec<ConstraintDef> = Vec::new();
    let mut sorted: Vec<&ConstraintDef> = written.iter().collect();
    sorted.sort_by_key(|def| phase(def));
    for def in sorted {
        let columns = key_columns(def);
        let same = |other: &&mut ConstraintDef| columns.is_some() && key_columns(other) == columns;
        match all.iter_mut().find(same) {
            Some(first) if first.name.is_none() || def.name.is_none() => {
                first.name = first.name.take().or(def.name.clone());
            }
            _ => all.push(def.clone()),
        }
    }
    all
}

/// What makes one key the same as another: its columns and how it is checked.
#[expect(clippy::type_complexity, reason = "what a key has, taken apart at once")]
fn key_columns(def: &ConstraintDef) -> Option<(Vec<&str>, Vec<&str>, bool, bool, bool)> {
    match &def.kind {
        ConstraintKind::PrimaryKey { columns, include } => {
            Some((texts(columns), texts(include), false, def.deferrable, def.initially_deferred))
        }
        ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
            Some((texts(columns), texts(include), *nulls_not_distinct, def.deferrable, def.initially_deferred))
        }
        _ => None,
    }
}

fn texts(names: &[Name]) -> Vec<&str> {
    names.iter().map(|name| &*name.text).collect()
}

/// The order in which constraints are made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Check,
    PrimaryKey,
    Key,
    ForeignKey,
}

fn phase(def: &ConstraintDef) -> Phase {
    match def.kind {
        ConstraintKind::Check(_) | ConstraintKind::NotNull { .. } => Phase::Check,
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::UsingIndex { primary: true, .. } => Phase::PrimaryKey,
        ConstraintKind::Unique { .. } | ConstraintKind::UsingIndex { .. } | ConstraintKind::Exclude { .. } => {
            Phase::Key
        }
        ConstraintKind::ForeignKey { .. } => Phase::ForeignKey,
    }
}

fn empty(cx: &mut Cx<'_>, at: &QualifiedName, table: &CreateTable, temporary: bool) -> Relation {
    let kind = match () {
        () if table.foreign => RelationKind::ForeignTable,
        () if table.partition_by.is_some() => RelationKind::PartitionedTable,
        () => RelationKind::Table,
    };
    let id = RelationId(cx.schema.fresh_id());
    let mut relation = Relation::new(id, at.0.clone(), at.1.clone(), kind);
    relation.temporary = temporary;
    relation.strict = table.strict;
    relation.row_id = cx.schema.dialect.definition.row_ids && !table.without_rowid;
    relation
}

fn add_element(cx: &mut Cx<'_>, relation: &mut Relation, element: &TableElement, new: &mut Parts) -> Outcome {
    match element {
        TableElement::Column(def) => add_column(cx, relation, def, new),
        TableElement::Constraint(def) => {
            new.constraints.push(def.clone());
            Ok(())
        }
        TableElement::Like { table, including, .. } => {
            let source = cx.relation(table)?;
            for column in &source.columns {
                if relation.column(&column.name).is_some() {
                    let name = crate::sql::ddl::Name { text: column.name.clone(), span: problem::span(table) };
                    cx.refuse(problem::column_exists(&relation.name, &name))?;
                    continue;
                }
                add(relation, inherit::like_column(column, including));
            }
            new.like.push((source.id, including.clone()));
            Ok(())
        }
    }
}

fn add_column(cx: &mut Cx<'_>, relation: &mut Relation, def: &ColumnDef, new: &mut Parts) -> Outcome {
    let existing = relation.columns.iter().position(|column| column.name == def.name.text);
    if let (Some(position), None) = (existing, &def.ty)
        && !cx.schema.dialect.definition.untyped_columns
    {
        // A column of the row type or the partitioned parent is given more options.
        let built = column::build(cx, relation, def, Some(&relation.columns[position]))?;
        let number = relation.columns[position].number;
        let mut column = built.column.clone();
        column.number = number;
        relation.columns[position] = column;
        new.constraints.extend(built.constraints.iter().cloned());
        new.columns.push((number, built));
        return Ok(());
    }
    let mut built = column::build(cx, relation, def, None)?;
    new.constraints.append(&mut built.constraints);
    if let Some(position) = existing {
        let inherited = &mut relation.columns[position];
        if inherited.inherited == 0 {
            cx.refuse(problem::column_exists(&relation.name, &def.name))?;
        }
        // Merged with the inherited column of the same name.
        inherited.local = true;
        inherited.not_null |= built.column.not_null;
        if built.column.default.is_some() {
            inherited.default = built.column.default.clone();
        }
        let number = inherited.number;
        new.columns.push((number, built));
        return Ok(());
    }
    let number = add(relation, built.column.clone());
    new.columns.push((number, built));
    Ok(())
}

/// Adds a column with the next number.
pub(super) fn add(relation: &mut Relation, column: Column) -> ColumnNumber {
    let number = ColumnNumber(relation.next_column);
    relation.next_column += 1;
    relation.columns.push(Column { number, ..column });
    number
}

/// Puts a new relation in, with its types and the rights that new objects get.
pub(super) fn finish(cx: &mut Cx<'_>, mut relation: Relation, kind: ObjectKind) -> Outcome {
    rights::give_defaults(cx.schema, Some(&relation.schema), kind, &mut relation.grants);
    types::make_row_type(cx, &mut relation);
    let (name, id) = (relation.name.clone(), relation.id);
    cx.schema.clouds.remove_mut(&name);
    cx.schema.put(relation);
    constraint::bind_waiting(cx, id, &name);
    cx.touch(Key::Relation(name.clone()));
    cx.touch(Key::Type(name));
    Ok(())
}

/// `PARTITION BY`, once the columns are there.
pub(super) fn partitioning(relation: &Relation, table: &CreateTable) -> Option<Partitioning> {
    let by = table.partition_by.as_ref()?;
    let number = |name: &crate::sql::ddl::Name| relation.column(&name.text).map(|column| column.number);
    Some(Partitioning {
        strategy: by.strategy.clone(),
        keys: by.keys.iter().map(|key| key.as_ref().and_then(number)).collect(),
    })
}

/// The columns of a free-standing composite type as those of a table `OF` it.
pub(super) fn take_type_columns(cx: &mut Cx<'_>, relation: &mut Relation, of: &ObjectName) -> Outcome {
    let schema = of.schema.as_ref().map(|schema| &*schema.text);
    let Some(id) = cx.schema.find_type(schema, &of.name.text) else {
        return Err(cx.missing(of, problem::no_type(of)));
    };
    let Some(attributes) = cx.schema.attributes(id) else {
        let message = format!("type `{}` is not a composite type", problem::shown(of));
        let about = vec![Key::Type(of.name.text.clone())];
        return Err(Stop::Fails(problem::fails(problem::span(of), "42809", message, about)));
    };
    relation.of_type = Some(id);
    for attribute in attributes {
        let ty: Type = attribute.ty;
        add(
            relation,
            Column { collation: attribute.collation, ..Column::new(attribute.number, Arc::clone(&attribute.name), ty) },
        );
    }
    Ok(())
}
