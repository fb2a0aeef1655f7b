//! Columns: as a table is created, and as `ALTER TABLE` changes them.

use std::sync::Arc;

use sqlparser::ast::{Expr, Value};

use super::{Cx, Outcome, Stop, constraint, drop, index, inherit, problem, rows, sequence, table};
use crate::dialect::catalog::{CastContext, TypeKind};
use crate::schema::mention::{mentions, uses};
use crate::schema::{Column, ColumnNumber, Generated, Key, Relation, RelationId, RelationKind, Schema, Type};
use crate::source::Span;
use crate::sql::ddl::{self, ColumnDef, ColumnOption, ConstraintDef, ConstraintKind, Name, SequenceOptions, TypeName};

/// A column as defined, with what has to be made once it is there.
#[derive(Clone, Debug)]
pub(super) struct NewColumn {
    pub(super) column: Column,
    pub(super) constraints: Vec<ConstraintDef>,
    sequence: Option<NewSequence>,
}

/// The sequence that comes with a column.
#[derive(Clone, Debug)]
struct NewSequence {
    identity: bool,
    options: SequenceOptions,
}

impl NewColumn {
    /// Whether it takes numbers from a sequence.
    pub(super) fn makes_numbers(&self) -> bool {
        self.sequence.is_some()
    }
}

/// A column from its definition; `base` is the column that it only adds options to.
pub(super) fn build(
    cx: &mut Cx<'_>,
    relation: &Relation,
    def: &ColumnDef,
    base: Option<&Column>,
) -> Outcome<NewColumn> {
    let definition = cx.schema.dialect.definition;
    let serial = def.ty.as_ref().and_then(|ty| (definition.serial)(&ty.name.text).filter(|_| ty.schema.is_none()));
    let mut column = match base {
        Some(base) => base.clone(),
        None => Column::new(ColumnNumber(0), def.name.text.clone(), column_type(cx, def, serial)?),
    };
    if definition.untyped_columns {
        column.declared = Some(def.ty.as_ref().map_or_else(|| "".into(), |ty| declared(cx, ty)));
    }
    column.collation = def.collation.as_ref().map(|collation| collation.name.text.clone()).or(column.collation);
    let mut new = NewColumn { column, constraints: Vec::new(), sequence: None };
    if serial.is_some() {
        new.column.not_null = true;
        new.sequence = Some(NewSequence { identity: false, options: SequenceOptions::default() });
    }
    for option in &def.options {
        add_option(cx, relation, &mut new, option)?;
    }
    if definition.untyped_columns {
        let key = new.constraints.iter().any(|def| matches!(def.kind, ConstraintKind::PrimaryKey { .. }));
        let declared = new.column.declared.as_deref().unwrap_or("");
        new.column.auto_number |= key && relation.row_id && (definition.is_row_id_type)(declared);
    }
    Ok(new)
}

fn column_type(cx: &mut Cx<'_>, def: &ColumnDef, serial: Option<&str>) -> Outcome<Type> {
    let definition = cx.schema.dialect.definition;
    if let Some(name) = serial {
        let system = cx.schema.dialect.system_schema;
        return Ok(Type::plain(cx.schema.find_type(system, name).unwrap_or_default()));
    }
    if let Some(affinity) = definition.affinity {
        let declared = def.ty.as_ref().map_or(String::new(), |ty| ty.name.text.to_string());
        return Ok(Type::plain(cx.schema.find_type(None, affinity(&declared)).unwrap_or_default()));
    }
    let Some(ty) = &def.ty else { return Ok(Type::UNSURE) };
    resolve(cx, ty)
}

/// A written type; one that does not exist is reported and goes on as an unknown type.
pub(super) fn resolve(cx: &mut Cx<'_>, ty: &TypeName) -> Outcome<Type> {
    match cx.schema.resolve_type(ty) {
        Ok(resolved) => Ok(resolved),
        Err(lookup) => {
            let Stop::Fails(problem) = Stop::from(lookup) else { return Ok(Type::UNSURE) };
            cx.refuse(problem)?;
            Ok(Type::UNSURE)
        }
    }
}

/// The type as written, with its modifiers.
fn declared(cx: &Cx<'_>, ty: &TypeName) -> Arc<str> {
    match cx.source.slice(ty.span) {
        "" => ty.name.text.clone(),
        text => text.into(),
    }
}

fn add_option(cx: &mut Cx<'_>, relation: &Relation, new: &mut NewColumn, option: &ColumnOption) -> Outcome {
    match option {
        ColumnOption::NotNull => new.column.not_null = true,
        ColumnOption::Null => {}
        ColumnOption::Default(expr) => set_default(cx, &mut new.column, expr),
        ColumnOption::Generated { expr, stored } => {
            let mentions = mentioned(cx, relation, expr)?;
            new.column.default = None;
            new.column.default_depends = uses(cx.schema, expr);
            new.column.generated = Some(Generated { expr: expr.clone(), stored: *stored, mentions });
        }
        ColumnOption::Identity { always, options } => {
            new.column.identity = Some(*always);
            new.column.not_null = true;
            new.sequence = Some(NewSequence { identity: true, options: options.clone() });
        }
        ColumnOption::AutoIncrement => new.column.auto_number = true,
        ColumnOption::Constraint(def) => new.constraints.push(def.clone()),
    }
    Ok(())
}

/// The columns that an expression of the relation mentions.
pub(super) fn mentioned(cx: &mut Cx<'_>, relation: &Relation, expr: &ddl::Expr) -> Outcome<Vec<ColumnNumber>> {
    let found = mentions(cx.schema, expr, relation, &[]);
    for (name, span) in &found.missing {
        if relation.opaque.is_none() {
            let span = if span.is_empty() { expr.span } else { *span };
            cx.refuse(problem::no_column(&relation.name, name, span))?;
        }
    }
    Ok(found.columns)
}

fn set_default(cx: &Cx<'_>, column: &mut Column, expr: &ddl::Expr) {
    // A NULL that has to be cast to a length is kept, any other one is the same as no default.
    if is_null(expr) && column.ty.modifier == -1 {
        column.default = None;
        column.default_depends.clear();
        return;
    }
    column.default_depends = uses(cx.schema, expr);
    column.default = Some(expr.clone());
}

/// Whether an expression is the literal `NULL`.
pub(super) fn is_null(expr: &ddl::Expr) -> bool {
    let mut tree = expr.tree().map(|tree| &**tree);
    while let Some(Expr::Nested(inner)) = tree {
        tree = Some(inner);
    }
    matches!(tree, Some(Expr::Value(value)) if value.value == Value::Null)
}

/// Makes the sequence of a serial or identity column that is now in its table.
pub(super) fn make_sequence(cx: &mut Cx<'_>, id: RelationId, number: ColumnNumber, new: &NewColumn) -> Outcome {
    let Some(plan) = &new.sequence else { return Ok(()) };
    sequence::for_column(cx, id, number, plan.identity, &plan.options)
}

/// `ADD COLUMN`.
pub(super) fn add(cx: &mut Cx<'_>, id: RelationId, def: &ColumnDef, if_not_exists: bool, only: bool) -> Outcome {
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    if relation.column(&def.name.text).is_some() {
        if if_not_exists {
            return Ok(());
        }
        cx.refuse(problem::column_exists(&relation.name, &def.name))?;
    }
    let new = build(cx, &relation, def, None)?;
    refuse_new(cx, &relation, def, &new)?;
    rows::new_column(cx, &relation, def, &new);
    let mut column = new.column.clone();
    cx.schema.edit(id, |relation| {
        relation.columns.retain(|existing| existing.name != column.name);
        column.number = table::add(relation, column.clone());
    });
    rows::note_filled(cx, id, &column);
    make_sequence(cx, id, column.number, &new)?;
    touch(cx, id, &def.name.text);
    if !only {
        inherit::pass_column(cx, id, &column)?;
    }
    // What its own constraints demand of the rows was looked at above.
    for def in &new.constraints {
        constraint::add(cx, id, def, constraint::Table::New)?;
    }
    Ok(())
}

/// What engines refuse that add columns without a look at the rows.
fn refuse_new(cx: &mut Cx<'_>, relation: &Relation, def: &ColumnDef, new: &NewColumn) -> Outcome {
    if !cx.schema.dialect.definition.adds_plain_columns_only {
        return Ok(());
    }
    let keyed = |def: &ConstraintDef| match def.kind {
        ConstraintKind::PrimaryKey { .. } => Some("a PRIMARY KEY column"),
        ConstraintKind::Unique { .. } => Some("a UNIQUE column"),
        _ => None,
    };
    let computed =
        new.column.default.as_ref().is_some_and(|default| default.tree().map(|tree| &**tree).is_some_and(is_computed));
    let stored = new.column.generated.as_ref().is_some_and(|generated| generated.stored);
    let refused = new.constraints.iter().find_map(keyed);
    let refused =
        refused.or(stored.then_some("a STORED column")).or(computed.then_some("a column with non-constant default"));
    let Some(what) = refused else { return Ok(()) };
    if computed && cx.schema.is_empty(relation.id) {
        return Ok(());
    }
    cx.refuse(problem::fails(def.span, "HY000", format!("cannot add {what}"), vec![key(relation, &def.name.text)]))
}

fn is_computed(expr: &Expr) -> bool {
    match expr {
        // A bare word is a text, or one of the words for a truth value.
        Expr::Value(_) | Expr::Identifier(_) => false,
        Expr::UnaryOp { expr, .. } => is_computed(expr),
        _ => true,
    }
}

/// What engines refuse that keep what mentions a column.
fn refuse_drop_of_used(cx: &mut Cx<'_>, relation: &Relation, column: &Column, span: Span) -> Outcome {
    if cx.schema.dialect.definition.drops_used_columns {
        return Ok(());
    }
    let number = column.number;
    // A check or a reference of this column alone is taken for a part of its definition, which goes with it.
    let key_part = |constraint: &&crate::schema::Constraint| {
        let unique = matches!(constraint.kind, crate::schema::ConstraintKind::Unique { .. });
        constraint.columns.contains(&number) && (unique || constraint.columns.len() > 1)
    };
    let what = match () {
        () if relation.primary_key().is_some_and(|key| key.columns.contains(&number)) => Some("a PRIMARY KEY column"),
        () if relation.constraints.iter().any(|it| key_part(&it)) => Some("a column that a constraint mentions"),
        () if relation.indexes.iter().any(|index| index.mentions(number)) => Some("a column that an index mentions"),
        () if relation.columns.iter().any(|it| it.generated.as_ref().is_some_and(|g| g.mentions.contains(&number))) => {
            Some("a column that a generated column mentions")
        }
        () => None,
    };
    let Some(what) = what else { return Ok(()) };
    let message = format!("cannot drop column `{}`: it is {what}", column.name);
    cx.refuse(problem::fails(span, "HY000", message, vec![key(relation, &column.name)]))
}

/// Notes that a column changed.
pub(super) fn touch(cx: &mut Cx<'_>, id: RelationId, column: &Arc<str>) {
    let Some(relation) = cx.schema.relation(id) else { return };
    cx.touch(Key::Column(relation.name.clone(), column.clone()));
    cx.touch(Key::Type(relation.name.clone()));
    cx.touch_relation(id);
}

fn key(relation: &Relation, column: &Arc<str>) -> Key {
    Key::Column(relation.name.clone(), column.clone())
}

/// A column of an existing relation by name.
pub(super) fn find(cx: &Cx<'_>, id: RelationId, name: &Name) -> Outcome<(Arc<Relation>, Column)> {
    let Some(relation) = cx.schema.relation(id) else { return Err(Stop::Clouded) };
    if let Some(column) = relation.column(&name.text) {
        let column = column.clone();
        return Ok((relation, column));
    }
    if relation.opaque.is_some() || cx.schema.cloud(&relation.name).is_some() || cx.schema.cloud(&name.text).is_some() {
        return Err(Stop::Clouded);
    }
    Err(Stop::Fails(problem::no_column(&relation.name, &name.text, name.span)))
}

/// Changes a column and those of the inheritance children that come from it.
pub(super) fn change(
    cx: &mut Cx<'_>,
    id: RelationId,
    name: &Name,
    only: bool,
    edit: &dyn Fn(&Schema, &mut Column),
) -> Outcome {
    find(cx, id, name)?;
    for id in inherit::with_children(cx.schema, id, only) {
        let schema = cx.schema.clone();
        cx.schema.edit(id, |relation| {
            if let Some(column) = relation.columns.iter_mut().find(|column| column.name == name.text) {
                edit(&schema, column);
            }
        });
        touch(cx, id, &name.text);
    }
    Ok(())
}

/// `DROP COLUMN`.
pub(super) fn drop(
    cx: &mut Cx<'_>,
    id: RelationId,
    name: &Name,
    if_exists: bool,
    cascade: bool,
    only: bool,
) -> Outcome {
    let (relation, column) = match find(cx, id, name) {
        Ok(found) => found,
        Err(Stop::Fails(_)) if if_exists => return Ok(()),
        Err(stop) => return Err(stop),
    };
    if column.inherited > 0 {
        let message = format!("cannot drop inherited column `{}`", column.name);
        cx.refuse(problem::fails(name.span, "42P16", message, vec![key(&relation, &column.name)]))?;
    }
    if let Some(partitioning) = &relation.partitioning
        && partitioning.keys.contains(&Some(column.number))
    {
        let message = format!("cannot drop column `{}` because it is part of the partition key", column.name);
        cx.refuse(problem::fails(name.span, "42P16", message, vec![key(&relation, &column.name)]))?;
    }
    refuse_drop_of_used(cx, &relation, &column, name.span)?;
    inherit::release_column(cx, id, &column.name, only)?;
    touch(cx, id, &column.name);
    drop::remove(cx, vec![drop::Object::Column(id, column.number)], cascade, name.span)
}

/// `ALTER COLUMN … TYPE`.
pub(super) fn set_type(
    cx: &mut Cx<'_>,
    id: RelationId,
    name: &Name,
    ty: &TypeName,
    collation: Option<&ddl::ObjectName>,
    using: Option<&ddl::Expr>,
    only: bool,
) -> Outcome {
    let (relation, column) = find(cx, id, name)?;
    let new = resolve(cx, ty)?;
    if column.inherited > 0 {
        let message = format!("cannot alter inherited column `{}`", column.name);
        cx.refuse(problem::fails(name.span, "42P16", message, vec![key(&relation, &column.name)]))?;
    }
    if let Some(dependent) = drop::fixes_type(cx.schema, id, column.number) {
        let message = format!("cannot alter type of column `{}`, which {dependent} uses", column.name);
        cx.refuse(problem::fails(name.span, "0A000", message, vec![key(&relation, &column.name)]))?;
    }
    let castable = converts(cx.schema, column.ty, new);
    if column.identity.is_some() {
        refuse_identity_type(cx, &relation, &column, new, ty.span)?;
    }
    if using.is_none() && !castable {
        let to = cx.schema.format_type(new);
        let message = format!("column `{}` cannot be cast automatically to type `{to}`", column.name);
        cx.refuse(problem::fails(ty.span, "42804", message, vec![key(&relation, &column.name)]))?;
    } else if column.default.is_some() && column.generated.is_none() && !castable {
        let to = cx.schema.format_type(new);
        let message = format!("default for column `{}` cannot be cast automatically to type `{to}`", column.name);
        cx.refuse(problem::fails(ty.span, "42804", message, vec![key(&relation, &column.name)]))?;
    }
    let collation = collation.map(|collation| collation.name.text.clone());
    change(cx, id, name, only, &|_, column| {
        column.ty = new;
        column.collation = collation.clone();
    })?;
    if column.identity.is_some() {
        sequence::follow_identity(cx, id, column.number, new.id);
    }
    index::rebuild(cx, id, column.number);
    Ok(())
}

/// A sequence gives integers only.
fn refuse_identity_type(cx: &mut Cx<'_>, relation: &Relation, column: &Column, new: Type, span: Span) -> Outcome {
    let integers = ["int2", "int4", "int8"];
    let integer = |name: &&str| cx.schema.find_type(cx.schema.dialect.system_schema, name) == Some(new.id);
    if !new.id.is_sure() || integers.iter().any(integer) {
        return Ok(());
    }
    let message = "identity column type must be smallint, integer, or bigint".to_owned();
    cx.refuse(problem::fails(span, "22023", message, vec![key(relation, &column.name)]))
}

/// Whether values of a type can be stored as another without `USING`: true also where that is not known.
fn converts(schema: &Schema, from: Type, to: Type) -> bool {
    let (from, to) = (schema.base_type(from).id, schema.base_type(to).id);
    let (Some(source), Some(target)) = (schema.type_info(from), schema.type_info(to)) else { return true };
    if from == to || target.category == 'S' {
        return true;
    }
    if source.is_true_array() && target.is_true_array() {
        let element = |id| schema.element_of(id).map(Type::plain);
        return element(from).zip(element(to)).is_none_or(|(from, to)| converts(schema, from, to));
    }
    if [source.kind, target.kind].contains(&TypeKind::Composite) {
        return true;
    }
    schema.cast(from, to).is_some_and(|cast| cast.context <= CastContext::Assignment)
}

/// `SET DEFAULT` and `DROP DEFAULT`.
pub(super) fn change_default(
    cx: &mut Cx<'_>,
    id: RelationId,
    name: &Name,
    default: Option<&ddl::Expr>,
    only: bool,
) -> Outcome {
    let (relation, column) = find(cx, id, name)?;
    let refused = match (&column.generated, column.identity) {
        (Some(_), _) => Some("a generated"),
        (None, Some(_)) => Some("an identity"),
        (None, None) => None,
    };
    if let Some(what) = refused {
        let message = format!("column `{}` of relation `{}` is {what} column", column.name, relation.name);
        cx.refuse(problem::fails(name.span, "42601", message, vec![key(&relation, &column.name)]))?;
        return Ok(());
    }
    let mut changed = Column { default: None, default_depends: Vec::new(), ..column };
    if let Some(expr) = default {
        set_default(cx, &mut changed, expr);
    }
    change(cx, id, name, only, &|_, column| {
        column.default.clone_from(&changed.default);
        column.default_depends.clone_from(&changed.default_depends);
    })
}

/// `SET NOT NULL` and `DROP NOT NULL`.
pub(super) fn change_not_null(cx: &mut Cx<'_>, id: RelationId, name: &Name, not_null: bool, only: bool) -> Outcome {
    let (relation, column) = find(cx, id, name)?;
    let keyed = relation.primary_key().is_some_and(|key| key.columns.contains(&column.number));
    if !not_null && (keyed || column.identity.is_some()) {
        let what = if keyed { "is in a primary key" } else { "is an identity column" };
        let message = format!("column `{}` {what}", column.name);
        cx.refuse(problem::fails(name.span, "42P16", message, vec![key(&relation, &column.name)]))?;
        return Ok(());
    }
    if not_null {
        rows::set_not_null(cx, &relation, &column, name.span);
    }
    change(cx, id, name, only, &|_, column| column.not_null = not_null)
}

/// `DROP EXPRESSION` and `SET EXPRESSION`.
pub(super) fn change_expression(
    cx: &mut Cx<'_>,
    id: RelationId,
    name: &Name,
    expr: Option<&ddl::Expr>,
    if_exists: bool,
) -> Outcome {
    let (relation, column) = find(cx, id, name)?;
    let Some(generated) = &column.generated else {
        if if_exists {
            return Ok(());
        }
        let message = format!("column `{}` of relation `{}` is not a generated column", column.name, relation.name);
        return cx.refuse(problem::fails(name.span, "55000", message, vec![key(&relation, &column.name)]));
    };
    let changed = match expr {
        None => None,
        Some(expr) => {
            let mentions = mentioned(cx, &relation, expr)?;
            Some(Generated { expr: expr.clone(), mentions, stored: generated.stored })
        }
    };
    let depends = changed.as_ref().map(|generated| uses(cx.schema, &generated.expr)).unwrap_or_default();
    change(cx, id, name, false, &|_, column| {
        column.generated.clone_from(&changed);
        column.default_depends.clone_from(&depends);
    })
}

/// `ADD GENERATED … AS IDENTITY`.
pub(super) fn add_identity(
    cx: &mut Cx<'_>,
    id: RelationId,
    name: &Name,
    always: bool,
    options: &SequenceOptions,
) -> Outcome {
    let (relation, column) = find(cx, id, name)?;
    let refused = match () {
        () if column.identity.is_some() => Some("is already an identity column"),
        () if column.default.is_some() => Some("already has a default value"),
        () if !column.not_null => Some("must be declared NOT NULL before identity can be added"),
        () => None,
    };
    if let Some(why) = refused {
        let message = format!("column `{}` of relation `{}` {why}", column.name, relation.name);
        cx.refuse(problem::fails(name.span, "55000", message, vec![key(&relation, &column.name)]))?;
    }
    change(cx, id, name, true, &|_, column| {
        column.identity = Some(always);
        column.default = None;
        column.default_depends.clear();
        column.not_null = true;
    })?;
    sequence::for_column(cx, id, column.number, true, options)
}

/// `SET GENERATED …`.
pub(super) fn set_identity(cx: &mut Cx<'_>, id: RelationId, name: &Name, always: Option<bool>) -> Outcome {
    let (relation, column) = find(cx, id, name)?;
    if column.identity.is_none() {
        return refuse_no_identity(cx, &relation, name);
    }
    change(cx, id, name, true, &|_, column| column.identity = always.or(column.identity))
}

/// `DROP IDENTITY`.
pub(super) fn drop_identity(cx: &mut Cx<'_>, id: RelationId, name: &Name, if_exists: bool) -> Outcome {
    let (relation, column) = find(cx, id, name)?;
    if column.identity.is_none() {
        return if if_exists { Ok(()) } else { refuse_no_identity(cx, &relation, name) };
    }
    change(cx, id, name, true, &|_, column| column.identity = None)?;
    for sequence in sequence::of_column(cx.schema, id, column.number) {
        drop::remove(cx, vec![drop::Object::Relation(sequence)], true, Span::default())?;
    }
    Ok(())
}

fn refuse_no_identity(cx: &mut Cx<'_>, relation: &Relation, name: &Name) -> Outcome {
    let message = format!("column `{}` of relation `{}` is not an identity column", name.text, relation.name);
    cx.refuse(problem::fails(name.span, "55000", message, vec![key(relation, &name.text)]))
}

/// `RENAME COLUMN`, also of a view's column or a composite type's attribute.
pub(super) fn rename(cx: &mut Cx<'_>, id: RelationId, from: &Name, to: &Name, only: bool) -> Outcome {
    let (relation, column) = find(cx, id, from)?;
    if column.inherited > 0 {
        let message = format!("cannot rename inherited column `{}`", column.name);
        cx.refuse(problem::fails(from.span, "42P16", message, vec![key(&relation, &column.name)]))?;
    }
    if relation.column(&to.text).is_some() {
        cx.refuse(problem::column_exists(&relation.name, to))?;
        return Ok(());
    }
    if relation.kind == RelationKind::Sequence {
        return Ok(());
    }
    if !cx.schema.dialect.definition.views_bind && !cx.schema.session.renames_plainly {
        crate::schema::references::rename_column(cx.schema, id, column.number, &to.text);
    }
    for id in inherit::with_children(cx.schema, id, only) {
        crate::schema::rename::column(cx.schema, id, &from.text, &to.text);
        touch(cx, id, &from.text);
        touch(cx, id, &to.text);
    }
    Ok(())
}
