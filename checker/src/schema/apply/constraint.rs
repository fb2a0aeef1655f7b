//! Constraints of tables.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Cx, Outcome, Stop, column, drop, fit, index, inherit, problem, rows};
use crate::schema::mention::mentions;
use crate::schema::{
    ColumnNumber, Constraint, ConstraintKind, Index, IndexKey, Key, Relation, RelationId, RelationKind, names,
};
use crate::source::Span;
use crate::sql::ddl::{self, ConstraintDef, Name, ObjectName};

/// Whether a table has just been made by the same statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    New,
    Existing,
}

/// Adds a constraint to a table and to those that inherit it.
pub(super) fn add(cx: &mut Cx<'_>, id: RelationId, def: &ConstraintDef, table: Table) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    if let (Some(name), ddl::ConstraintKind::Check(_)) = (&def.name, &def.kind)
        && relation
            .constraint(&name.text)
            .is_some_and(|it| it.inherited > 0 && matches!(it.kind, ConstraintKind::Check(_)))
    {
        // The parent's check, written once more.
        cx.schema.edit(id, |relation| {
            relation.constraints.iter_mut().filter(|it| it.name == name.text).for_each(|it| it.local = true);
        });
        return Ok(());
    }
    if let Some(name) = &def.name
        && relation.constraint(&name.text).is_some()
        && !cx.schema.dialect.definition.duplicate_constraint_names
    {
        cx.refuse(problem::constraint_exists(&relation.name, &name.text, name.span))?;
        drop_silently(cx, id, &name.text);
    }
    match &def.kind {
        ddl::ConstraintKind::PrimaryKey { columns, include } => primary_key(cx, id, def, columns, include, table),
        ddl::ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
            let kind = ConstraintKind::Unique { nulls_not_distinct: *nulls_not_distinct };
            let keys = keys(cx, &relation, columns)?;
            let include = numbers(cx, &relation, include)?;
            keyed(cx, id, def, kind, keys, include)
        }
        ddl::ConstraintKind::UsingIndex { index, primary } => using_index(cx, id, def, index, *primary),
        ddl::ConstraintKind::Check(expr) => check(cx, id, def, expr),
        ddl::ConstraintKind::ForeignKey { .. } => foreign_key(cx, id, def),
        ddl::ConstraintKind::Exclude { method, elements, predicate } => {
            let elements: Vec<_> = elements.iter().map(|(element, _)| element.clone()).collect();
            let mut built = index::build(cx, &relation, &elements, &[], predicate.as_ref())?;
            built.method = method.as_ref().map_or_else(|| "gist".into(), |method| method.text.clone());
            exclude(cx, id, def, built)
        }
        ddl::ConstraintKind::NotNull { column } => column::change_not_null(cx, id, column, true, false),
    }
}

/// The constraint of a definition, without what its kind decides.
fn plain(
    cx: &Cx<'_>,
    def: &ConstraintDef,
    name: Arc<str>,
    kind: ConstraintKind,
    columns: Vec<ColumnNumber>,
) -> Constraint {
    Constraint {
        unnamed: false,
        name,
        kind,
        columns,
        valid: !def.not_valid,
        deferrable: def.deferrable,
        initially_deferred: def.initially_deferred,
        inherited: 0,
        local: true,
        no_inherit: def.no_inherit,
        depends: Vec::new(),
        place: Some(crate::source::Place { source: cx.source.clone(), span: def.span }),
    }
}

fn numbers(cx: &mut Cx<'_>, relation: &Relation, columns: &[Name]) -> Outcome<Vec<ColumnNumber>> {
    let mut numbers = Vec::new();
    for name in columns {
        match relation.column(&name.text) {
            Some(column) => numbers.push(column.number),
            None if relation.opaque.is_some() => return Err(Stop::Clouded),
            None => cx.refuse(no_key_column(relation, name))?,
        }
    }
    Ok(numbers)
}

fn no_key_column(relation: &Relation, name: &Name) -> crate::schema::ApplyProblem {
    let about = vec![Key::Column(relation.name.clone(), name.text.clone())];
    problem::fails(name.span, "42703", format!("column `{}` named in key does not exist", name.text), about)
}

fn keys(cx: &mut Cx<'_>, relation: &Relation, columns: &[Name]) -> Outcome<Vec<IndexKey>> {
    Ok(numbers(cx, relation, columns)?.into_iter().map(IndexKey::column).collect())
}

fn primary_key(
    cx: &mut Cx<'_>,
    id: RelationId,
    def: &ConstraintDef,
    columns: &[Name],
    include: &[Name],
    table: Table,
) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    refuse_second_key(cx, &relation, def.span)?;
    let keys = keys(cx, &relation, columns)?;
    let include = numbers(cx, &relation, include)?;
    not_null(cx, id, keys.iter().filter_map(|key| key.column).collect(), table, def.span)?;
    number_rows(cx, &relation, &keys);
    keyed(cx, id, def, ConstraintKind::PrimaryKey, keys, include)
}

/// A key of one integer column is the number of the row.
fn number_rows(cx: &mut Cx<'_>, relation: &Relation, keys: &[IndexKey]) {
    let is_row_id_type = cx.schema.dialect.definition.is_row_id_type;
    let [key] = keys else { return };
    let column = key.column.and_then(|number| relation.column_numbered(number)).filter(|_| relation.row_id);
    let Some(number) = column.filter(|it| it.declared.as_deref().is_some_and(is_row_id_type)).map(|it| it.number)
    else {
        return;
    };
    cx.schema.edit(relation.id, |relation| {
        relation.columns.iter_mut().filter(|it| it.number == number).for_each(|it| it.auto_number = true);
    });
}

fn refuse_second_key(cx: &mut Cx<'_>, relation: &Relation, span: Span) -> Outcome {
    let Some(existing) = relation.primary_key().map(|key| key.name.clone()) else { return Ok(()) };
    let message = format!("multiple primary keys for table `{}` are not allowed", relation.name);
    cx.refuse(problem::fails(span, "42P16", message, vec![Key::Constraint(relation.name.clone(), existing.clone())]))?;
    drop_silently(cx, relation.id, &existing);
    Ok(())
}

/// A primary key's columns refuse NULL, also in tables that inherit them.
fn not_null(cx: &mut Cx<'_>, id: RelationId, columns: Vec<ColumnNumber>, table: Table, span: Span) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let definition = cx.schema.dialect.definition;
    for number in columns {
        let Some(column) = relation.column_numbered(number) else { continue };
        let refuses = definition.primary_key_not_null || !relation.row_id && !relation.columns.is_empty();
        if column.not_null || !refuses {
            continue;
        }
        if table == Table::Existing {
            rows::set_not_null(cx, &relation, column, span);
        }
        let name = Name { text: column.name.clone(), span };
        column::change(cx, id, &name, false, &|_, column| column.not_null = true)?;
    }
    Ok(())
}

/// A primary key or unique constraint with its index.
fn keyed(
    cx: &mut Cx<'_>,
    id: RelationId,
    def: &ConstraintDef,
    kind: ConstraintKind,
    keys: Vec<IndexKey>,
    include: Vec<ColumnNumber>,
) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let primary = matches!(kind, ConstraintKind::PrimaryKey);
    let columns: Vec<ColumnNumber> = keys.iter().filter_map(|key| key.column).collect();
    refuse_without_partition_key(cx, &relation, &columns, def.span)?;
    let index = Index {
        unique: true,
        nulls_not_distinct: matches!(kind, ConstraintKind::Unique { nulls_not_distinct: true }),
        immediate: !def.deferrable,
        primary,
        include,
        ..Index::new(Arc::from(""), cx.schema.dialect.definition.index_method.into(), keys)
    };
    with_index(cx, id, def, kind, columns, index)
}

fn refuse_without_partition_key(cx: &mut Cx<'_>, relation: &Relation, columns: &[ColumnNumber], span: Span) -> Outcome {
    let Some(partitioning) = &relation.partitioning else { return Ok(()) };
    if partitioning.keys.iter().flatten().all(|key| columns.contains(key)) {
        return Ok(());
    }
    let message = format!("unique constraint on `{}` must include all partitioning columns", relation.name);
    cx.refuse(problem::fails(span, "0A000", message, vec![Key::Relation(relation.name.clone())]))
}

fn exclude(cx: &mut Cx<'_>, id: RelationId, def: &ConstraintDef, index: Index) -> Outcome {
    let columns = index.keys.iter().filter_map(|key| key.column).collect();
    let index = Index { immediate: !def.deferrable, ..index };
    with_index(cx, id, def, ConstraintKind::Exclude, columns, index)
}

/// Adds a constraint and the index that belongs to it, and both to the partitions.
fn with_index(
    cx: &mut Cx<'_>,
    id: RelationId,
    def: &ConstraintDef,
    kind: ConstraintKind,
    columns: Vec<ColumnNumber>,
    index: Index,
) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let Some(name) = key_name(cx, &relation, def, &kind, &index)? else {
        // The engine keeps the rows in the order of this key: no index of its own.
        let name = def.name.as_ref().map_or_else(|| stand_in_name(&relation), |name| name.text.clone());
        let constraint = Constraint { unnamed: def.name.is_none(), ..plain(cx, def, name, kind, columns) };
        cx.schema.edit(id, |relation| relation.constraints.push(constraint));
        return Ok(());
    };
    let owner = cx.schema.dialect.definition.constraint_indexes_share_names;
    let constraint_name = match &def.name {
        Some(written) if !owner => written.text.clone(),
        _ => name.clone(),
    };
    let constraint = plain(cx, def, constraint_name.clone(), kind, columns);
    let index = Index { name: name.clone(), constraint: Some(constraint_name.clone()), ..index };
    fit::keys(cx, &relation, &index, def.span)?;
    cx.schema.edit(id, |relation| {
        relation.constraints.push(constraint);
        relation.indexes.push(index);
    });
    touch(cx, id, &constraint_name);
    touch(cx, id, &name);
    inherit::pass_index(cx, id, &name)
}

/// The name of a constraint with an index: as written, else generated. `None` for a key that needs no index.
fn key_name(
    cx: &mut Cx<'_>,
    relation: &Relation,
    def: &ConstraintDef,
    kind: &ConstraintKind,
    index: &Index,
) -> Outcome<Option<Arc<str>>> {
    let definition = cx.schema.dialect.definition;
    if let Some(name) = definition.automatic_index_name {
        let key: Vec<_> = index.columns().filter_map(|number| relation.column_numbered(number)).collect();
        let rows_by_key = index.primary && (!relation.row_id || key.iter().any(|column| column.auto_number));
        let count = relation.indexes.iter().filter(|index| index.constraint.is_some()).count();
        return Ok((!rows_by_key).then(|| name(&relation.name, count + 1).into()));
    }
    if let Some(name) = &def.name {
        if cx.schema.has_relation_name(&relation.schema, &name.text) {
            let name = ObjectName { schema: None, name: name.clone() };
            cx.refuse(problem::relation_exists(&name))?;
            drop::clear_relation_name(cx, &(relation.schema.clone(), name.name.text));
        }
        return Ok(Some(name.text.clone()));
    }
    let limit = cx.schema.dialect.max_identifier_bytes.unwrap_or(usize::MAX);
    let addition = names::keys_addition(&index::key_names(relation, index, limit), limit);
    let (addition, label) = match kind {
        ConstraintKind::PrimaryKey => ("", "pkey"),
        ConstraintKind::Exclude => (addition.as_str(), "excl"),
        _ => (addition.as_str(), "key"),
    };
    Ok(Some(names::relation_name(cx.schema, &relation.schema, &relation.name, addition, label, true)))
}

/// `ADD CONSTRAINT … USING INDEX`.
fn using_index(cx: &mut Cx<'_>, id: RelationId, def: &ConstraintDef, name: &Name, primary: bool) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let about = vec![Key::Constraint(relation.name.clone(), name.text.clone())];
    let Some(index) = relation.index(&name.text).cloned() else {
        if cx.schema.cloud(&name.text).is_some() {
            return Err(Stop::Clouded);
        }
        let message = format!("index `{}` does not exist", name.text);
        return Err(Stop::Fails(problem::fails(name.span, "42704", message, about)));
    };
    let refused = match () {
        () if index.constraint.is_some() => Some(("is already associated with a constraint", "55000")),
        () if !index.valid => Some(("is not valid", "55000")),
        () if !index.unique => Some(("is not a unique index", "42809")),
        () if index.keys.iter().any(|key| key.column.is_none()) => Some(("contains expressions", "42809")),
        () if index.predicate.is_some() => Some(("is a partial index", "42809")),
        () => None,
    };
    if let Some((why, sqlstate)) = refused {
        let message = format!("index `{}` {why}", name.text);
        cx.refuse(problem::fails(name.span, sqlstate, message, about))?;
    }
    if primary {
        refuse_second_key(cx, &relation, def.span)?;
        not_null(cx, id, index.columns().collect(), Table::Existing, def.span)?;
    }
    let new_name = def.name.as_ref().map_or_else(|| name.text.clone(), |name| name.text.clone());
    let kind = match primary {
        true => ConstraintKind::PrimaryKey,
        false => ConstraintKind::Unique { nulls_not_distinct: index.nulls_not_distinct },
    };
    let constraint = plain(cx, def, new_name.clone(), kind, index.columns().collect());
    let deferrable = def.deferrable;
    cx.schema.edit(id, |relation| {
        relation.constraints.push(constraint);
        if let Some(index) = relation.indexes.iter_mut().find(|index| index.name == name.text) {
            index.name = new_name.clone();
            index.constraint = Some(new_name.clone());
            index.primary = primary;
            index.immediate = !deferrable;
        }
    });
    crate::schema::rename::index_references(cx.schema, id, &name.text, &new_name);
    touch(cx, id, &name.text);
    touch(cx, id, &new_name);
    Ok(())
}

fn check(cx: &mut Cx<'_>, id: RelationId, def: &ConstraintDef, expr: &ddl::Expr) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let columns = column::mentioned(cx, &relation, expr)?;
    let found = mentions(cx.schema, expr, &relation, &[]);
    let name = match &def.name {
        Some(name) => name.text.clone(),
        None => check_name(cx, &relation, &columns, &found.system),
    };
    let mut constraint = plain(cx, def, name, ConstraintKind::Check(expr.clone()), columns);
    constraint.unnamed = lacks_name(cx, def);
    constraint.depends = found.depends;
    constraint.valid &= !def.not_enforced;
    cx.schema.edit(id, |relation| relation.constraints.push(constraint.clone()));
    touch(cx, id, &constraint.name);
    if !constraint.no_inherit {
        inherit::pass_check(cx, id, &constraint);
    }
    Ok(())
}

/// The server's name for a check: after its column, where it mentions exactly one.
fn check_name(cx: &Cx<'_>, relation: &Relation, columns: &[ColumnNumber], system: &BTreeSet<Arc<str>>) -> Arc<str> {
    if cx.schema.dialect.definition.automatic_index_name.is_some() {
        return stand_in_name(relation);
    }
    let only = match columns {
        [only] if system.is_empty() => relation.column_numbered(*only).map(|column| column.name.clone()),
        [] if system.len() == 1 => system.first().cloned(),
        _ => None,
    };
    names::constraint_name(cx.schema, &relation.schema, &relation.name, only.as_deref().unwrap_or(""), "check")
}

fn foreign_key(cx: &mut Cx<'_>, id: RelationId, def: &ConstraintDef) -> Outcome {
    let ddl::ConstraintKind::ForeignKey { columns, table, referenced, on_delete, on_update, .. } = &def.kind else {
        return Ok(());
    };
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    let own = numbers(cx, &relation, columns)?;
    let (kind, target) = match cx.relation(table) {
        Ok(target) => {
            let (referenced, index) = referenced_key(cx, &target, table, referenced, own.len(), def.span)?;
            (ConstraintKind::foreign_key(target.id, referenced, index), Some(target))
        }
        Err(_) if cx.schema.dialect.definition.foreign_keys_wait => {
            let columns = referenced.iter().map(|name| name.text.clone()).collect();
            (ConstraintKind::awaiting(table.name.text.clone(), columns), None)
        }
        Err(stop) => return Err(stop),
    };
    let kind = kind.with_actions(on_delete.as_deref(), on_update.as_deref());
    let name = match &def.name {
        Some(name) => name.text.clone(),
        None => foreign_key_name(cx, &relation, &own),
    };
    let constraint = Constraint { unnamed: lacks_name(cx, def), ..plain(cx, def, name.clone(), kind, own) };
    fit::foreign_key(cx, &relation, &constraint, def.span)?;
    cx.schema.edit(id, |relation| relation.constraints.push(constraint.clone()));
    touch(cx, id, &name);
    if let Some(target) = target {
        cx.touch(Key::Constraint(target.name.clone(), name.clone()));
        cx.touch(Key::Relation(target.name.clone()));
    }
    inherit::pass_foreign_key(cx, id, &constraint)
}

/// The columns that a foreign key refers to, and the unique index that it relies on.
fn referenced_key(
    cx: &mut Cx<'_>,
    target: &Relation,
    table: &ObjectName,
    written: &[Name],
    own: usize,
    span: Span,
) -> Outcome<(Vec<ColumnNumber>, Option<Arc<str>>)> {
    let about = vec![Key::Relation(target.name.clone())];
    if !matches!(target.kind, RelationKind::Table | RelationKind::PartitionedTable) && target.opaque.is_none() {
        let message = format!("referenced relation `{}` is not a table", target.name);
        cx.refuse(problem::fails(problem::span(table), "42809", message, about.clone()))?;
    }
    let columns = match written {
        [] => target.primary_key().map(|key| key.columns.clone()).unwrap_or_default(),
        written => numbers(cx, target, written)?,
    };
    if target.opaque.is_some() || cx.schema.dialect.definition.foreign_keys_wait {
        return Ok((columns, None));
    }
    if written.is_empty() && columns.is_empty() {
        let message = format!("there is no primary key for referenced table `{}`", target.name);
        cx.refuse(problem::fails(problem::span(table), "42704", message, about.clone()))?;
    } else if columns.len() != own {
        let message = "number of referencing and referenced columns for foreign key disagree".to_owned();
        cx.refuse(problem::fails(span, "42830", message, about.clone()))?;
    }
    let mut sorted = columns.clone();
    sorted.sort_unstable();
    let fits = |index: &&Index| {
        let mut keys: Vec<ColumnNumber> = index.columns().collect();
        keys.sort_unstable();
        index.unique && index.immediate && index.predicate.is_none() && keys == sorted && keys.len() == index.keys.len()
    };
    let found = target.indexes.iter().filter(|index| index.primary).chain(&target.indexes).find(fits);
    if found.is_none() && !columns.is_empty() {
        let message =
            format!("there is no unique constraint matching given keys for referenced table `{}`", target.name);
        cx.refuse(problem::fails(span, "42830", message, about))?;
    }
    Ok((columns, found.map(|index| index.name.clone())))
}

/// Whether an engine that names no checks and foreign keys was given no name either.
fn lacks_name(cx: &Cx<'_>, def: &ConstraintDef) -> bool {
    def.name.is_none() && cx.schema.dialect.definition.automatic_index_name.is_some()
}

/// What a constraint without a name is told apart by.
fn stand_in_name(relation: &Relation) -> Arc<str> {
    let numbered = |number: usize| format!("unnamed {number}");
    let free = (1..).map(numbered).find(|name| relation.constraint(name).is_none());
    free.unwrap_or_default().into()
}

pub(super) fn foreign_key_name(cx: &Cx<'_>, relation: &Relation, columns: &[ColumnNumber]) -> Arc<str> {
    if cx.schema.dialect.definition.automatic_index_name.is_some() {
        return stand_in_name(relation);
    }
    let limit = cx.schema.dialect.max_identifier_bytes.unwrap_or(usize::MAX);
    let named = |number: &ColumnNumber| relation.column_numbered(*number).map(|column| column.name.to_string());
    let addition = names::keys_addition(&columns.iter().filter_map(named).collect::<Vec<_>>(), limit);
    names::constraint_name(cx.schema, &relation.schema, &relation.name, &addition, "fkey")
}

/// Foreign keys that wait for a table of this name now refer to it.
pub(super) fn bind_waiting(cx: &mut Cx<'_>, id: RelationId, name: &Arc<str>) {
    if !cx.schema.dialect.definition.foreign_keys_wait {
        return;
    }
    let Some(target) = cx.schema.relation(id) else { return };
    let waits = |constraint: &Constraint| constraint.awaits().is_some_and(|(table, _)| table == name);
    let waiting: Vec<RelationId> = cx
        .schema
        .relations
        .values()
        .filter(|relation| relation.constraints.iter().any(waits))
        .map(|relation| relation.id)
        .collect();
    for waiter in waiting {
        cx.schema.edit(waiter, |relation| {
            for constraint in relation.constraints.iter_mut().filter(|constraint| waits(constraint)) {
                constraint.bind(&target);
            }
        });
    }
}

/// `VALIDATE CONSTRAINT`.
pub(super) fn validate(cx: &mut Cx<'_>, id: RelationId, name: &Name) -> Outcome {
    find(cx, id, name)?;
    for id in inherit::with_children(cx.schema, id, false) {
        edit(cx, id, &name.text, |constraint| constraint.valid = true);
    }
    touch(cx, id, &name.text);
    Ok(())
}

/// `ALTER CONSTRAINT`.
pub(super) fn alter(
    cx: &mut Cx<'_>,
    id: RelationId,
    name: &Name,
    deferrable: Option<bool>,
    deferred: Option<bool>,
) -> Outcome {
    find(cx, id, name)?;
    edit(cx, id, &name.text, |constraint| {
        constraint.deferrable = deferrable.unwrap_or(constraint.deferrable) || deferred == Some(true);
        constraint.initially_deferred = deferred.unwrap_or(constraint.initially_deferred) && constraint.deferrable;
    });
    touch(cx, id, &name.text);
    Ok(())
}

/// `DROP CONSTRAINT`.
pub(super) fn drop(
    cx: &mut Cx<'_>,
    id: RelationId,
    name: &Name,
    if_exists: bool,
    cascade: bool,
    only: bool,
) -> Outcome {
    let (relation, constraint) = match find(cx, id, name) {
        Ok(found) => found,
        Err(Stop::Fails(_)) if if_exists => return Ok(()),
        Err(stop) => return Err(stop),
    };
    if constraint.inherited > 0 {
        let message = format!("cannot drop inherited constraint `{}` of relation `{}`", name.text, relation.name);
        let about = vec![Key::Constraint(relation.name.clone(), name.text.clone())];
        cx.refuse(problem::fails(name.span, "42P16", message, about))?;
    }
    inherit::release_constraint(cx, id, &name.text, only);
    drop::remove(cx, vec![drop::Object::Constraint(id, name.text.clone())], cascade, name.span)
}

/// Renames a constraint and the index that belongs to it.
pub(super) fn rename(cx: &mut Cx<'_>, id: RelationId, from: &Name, to: &Name) -> Outcome {
    let (relation, _) = find(cx, id, from)?;
    if relation.constraint(&to.text).is_some() {
        cx.refuse(problem::constraint_exists(&relation.name, &to.text, to.span))?;
        return Ok(());
    }
    for id in inherit::with_children(cx.schema, id, false) {
        crate::schema::rename::constraint(cx.schema, id, &from.text, &to.text);
        touch(cx, id, &from.text);
        touch(cx, id, &to.text);
    }
    Ok(())
}

/// Notes that a constraint or an index changed.
pub(super) fn touch(cx: &mut Cx<'_>, id: RelationId, name: &Arc<str>) {
    let Some(relation) = cx.schema.relation(id) else { return };
    cx.touch(Key::Constraint(relation.name.clone(), name.clone()));
    cx.touch_relation(id);
    let targets: Vec<Arc<str>> = relation
        .constraints
        .iter()
        .filter(|constraint| constraint.name == *name)
        .filter_map(|constraint| match constraint.kind {
            ConstraintKind::ForeignKey { table, .. } => cx.schema.relation(table).map(|table| table.name.clone()),
            _ => None,
        })
        .collect();
    for target in targets {
        cx.touch(Key::Constraint(target.clone(), name.clone()));
        cx.touch(Key::Relation(target));
    }
}

fn find(cx: &Cx<'_>, id: RelationId, name: &Name) -> Outcome<(Arc<Relation>, Constraint)> {
    let Some(relation) = cx.schema.relation(id) else { return Err(Stop::Clouded) };
    if let Some(constraint) = relation.constraint(&name.text) {
        let constraint = constraint.clone();
        return Ok((relation, constraint));
    }
    if relation.opaque.is_some() || cx.schema.cloud(&name.text).is_some() || cx.schema.cloud(&relation.name).is_some() {
        return Err(Stop::Clouded);
    }
    Err(Stop::Fails(problem::no_constraint(&relation.name, name)))
}

fn edit(cx: &mut Cx<'_>, id: RelationId, name: &Arc<str>, change: impl Fn(&mut Constraint)) {
    cx.schema.edit(id, |relation| {
        if let Some(constraint) = relation.constraints.iter_mut().find(|constraint| constraint.name == *name) {
            change(constraint);
        }
    });
}

/// Takes out a constraint that a refused statement would have replaced.
fn drop_silently(cx: &mut Cx<'_>, id: RelationId, name: &Arc<str>) {
    touch(cx, id, name);
    cx.schema.edit(id, |relation| {
        relation.constraints.retain(|constraint| constraint.name != *name);
        relation.indexes.retain(|index| index.constraint.as_ref() != Some(name));
    });
}
