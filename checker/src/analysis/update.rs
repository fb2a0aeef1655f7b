//! `UPDATE`, and `SET` wherever it stands.

use std::sync::Arc;

use sqlparser::ast::{self, Assignment, AssignmentTarget, TableFactor, UpdateTableFromKind};

use super::assignment::{Place, place};
use super::cx::{Cx, Kind, Words};
use super::insert::to_column;
use super::modify::{self, Target, check_generated, is_default, value_of};
use super::query::{self, Rows, Unknowns};
use super::scope::{Clause, Scope};
use super::tree::{Node, Typed, What};
use super::{Stage, Value, WrittenColumn, expr, known, operation, relation, routine};
use crate::schema::{Column, Key};
use crate::source::Span;
use crate::sql::ddl::Event;

const TWICE: Kind = Kind("insert-arity", "42601", Stage::Parse);
const ARITY: Kind = Kind("insert-arity", "42601", Stage::Parse);
const NULL: Kind = Kind("required-column-omitted", "23502", Stage::Execute);

/// An `UPDATE`, with what `WITH` before it defines in scope.
pub(super) fn update(cx: &mut Cx, mut scope: Scope, written: &ast::Update) -> Rows {
    let TableFactor::Table { name, alias, .. } = &written.table.relation else {
        cx.unknown(cx.span, "this target of `UPDATE` is not understood");
        return Rows::unsure();
    };
    let alias = alias.as_ref().map(|alias| &alias.name);
    let target = modify::target(cx, &scope, name, alias, Event::Update);
    let entry = match &target {
        Some(target) => modify::with_target(&scope, target),
        None => relation::opaque(cx, &scope, alias.map(|alias| (cx.fold(alias), cx.span_of(alias)))),
    };
    let from = match &written.from {
        Some(UpdateTableFromKind::BeforeSet(tables) | UpdateTableFromKind::AfterSet(tables)) => tables.as_slice(),
        None => &[],
    };
    from_beside(cx, &mut scope, entry, from);
    let filter =
        written.selection.as_ref().map(|condition| expr::condition(cx, scope.at(Clause::Where), condition, "WHERE"));
    let mut rows = modify::returning(cx, &mut scope, written.returning.as_deref(), target.as_ref());
    let mut told = known::with_whole_rows(filter.iter().flat_map(known::held).collect(), &scope.entries);
    // The condition is about the row as it was before.
    told.retain(|column| target.as_ref().is_some_and(|target| target.item.id != column.item));
    known::Rows { columns: told, grouped: false }.sharpen(&mut rows.columns);
    let columns = assignments(cx, &mut scope, target.as_ref(), &written.assignments);
    for key in &written.order_by {
        expr::expr(cx, scope.at(Clause::OrderBy), &key.expr);
    }
    if let Some(target) = target {
        let numbers: Vec<_> = columns.iter().map(|column| column.column).collect();
        let features = operation::Features::of(&scope, false, written.returning.is_some());
        operation::check_rules(cx, &target, Event::Update, features);
        operation::check_published(cx, &target, Event::Update);
        routine::fire(cx, &target.relation, Event::Update, &numbers, target.span, routine::Reach::Always);
        let write = modify::write(&target, Event::Update, columns);
        cx.out.writes.push(write);
    }
    rows
}

/// The target and what stands in `FROM` or `USING` beside it, which does not see the target.
pub(super) fn from_beside(cx: &mut Cx, scope: &mut Scope, target: super::scope::Entry, tables: &[ast::TableWithJoins]) {
    scope.entries = vec![super::scope::Entry { lateral_only: true, lateral_ok: false, ..target }];
    relation::from(cx, scope, tables);
}

/// `SET …`: the columns that are given values.
pub(super) fn assignments(
    cx: &mut Cx,
    scope: &mut Scope,
    target: Option<&Target>,
    written: &[Assignment],
) -> Vec<WrittenColumn> {
    let mut columns: Vec<WrittenColumn> = Vec::new();
    for assignment in written {
        match &assignment.target {
            AssignmentTarget::ColumnName(name) => {
                one(cx, scope, target, name, &assignment.value, &mut columns);
            }
            AssignmentTarget::Tuple(names) => several(cx, scope, target, names, &assignment.value, &mut columns),
        }
    }
    columns
}

fn one(
    cx: &mut Cx,
    scope: &mut Scope,
    target: Option<&Target>,
    name: &ast::ObjectName,
    value: &ast::Expr,
    columns: &mut Vec<WrittenColumn>,
) {
    let place = place(cx, scope.at(Clause::Set), target, name);
    let typed = if is_default(value) { None } else { Some(expr::expr(cx, scope.at(Clause::Set), value)) };
    if let Some(target) = target {
        store(cx, target, place, typed, columns);
    }
}

/// `(a, b) = (…)`.
fn several(
    cx: &mut Cx,
    scope: &mut Scope,
    target: Option<&Target>,
    names: &[ast::ObjectName],
    value: &ast::Expr,
    columns: &mut Vec<WrittenColumn>,
) {
    let mut places = Vec::new();
    for name in names {
        places.push(place(cx, scope.at(Clause::Set), target, name));
    }
    let values: Option<Vec<Option<Typed>>> = match value {
        ast::Expr::Subquery(source) => {
            let rows = query::subquery(cx, Some(scope), source, Unknowns::ToText);
            rows.complete.then(|| {
                rows.columns
                    .into_iter()
                    .map(|column| Some(Typed { node: Node::Unsure, nullable: None, ..column.typed }))
                    .collect()
            })
        }
        ast::Expr::Tuple(_) | ast::Expr::Function(_) if row_items(value).is_some() => {
            let items = row_items(value).unwrap_or_default();
            let mut values = Vec::new();
            for item in items {
                values.push(if is_default(item) { None } else { Some(expr::expr(cx, scope.at(Clause::Set), item)) });
            }
            Some(values)
        }
        other => {
            let typed = expr::expr(cx, scope.at(Clause::Set), other);
            match typed.node {
                Node::Call { what: What::Construct("row"), arguments } => {
                    Some(arguments.into_iter().map(Some).collect())
                }
                _ if names.len() == 1 => Some(vec![Some(typed)]),
                _ => None,
            }
        }
    };
    let Some(values) = values else { return };
    if values.len() != places.len() {
        let span = places.first().map_or(cx.span, |place| place.span);
        let message = format!("{} columns are set to {} values", places.len(), values.len());
        cx.problem(ARITY, Vec::new(), Words { span, message, label: format!("{} columns", places.len()) });
        return;
    }
    let Some(target) = target else { return };
    for (place, value) in places.into_iter().zip(values) {
        store(cx, target, place, value, columns);
    }
}

fn plain_argument(argument: &ast::FunctionArg) -> Option<&ast::Expr> {
    match argument {
        ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(value)) => Some(value),
        _ => None,
    }
}

/// The values of `(…)` and `ROW(…)` as written, which may be `DEFAULT`.
fn row_items(written: &ast::Expr) -> Option<Vec<&ast::Expr>> {
    match written {
        ast::Expr::Tuple(items) => Some(items.iter().collect()),
        ast::Expr::Function(function) if function.name.to_string().eq_ignore_ascii_case("row") => {
            let ast::FunctionArguments::List(list) = &function.args else { return None };
            list.args.iter().map(plain_argument).collect()
        }
        _ => None,
    }
}

fn store(cx: &mut Cx, target: &Target, place: Place, value: Option<Typed>, columns: &mut Vec<WrittenColumn>) {
    let Place { column: Some(column), span, part } = place else { return };
    if columns.iter().any(|written| written.column == column.number) && part.is_none() {
        let message = format!("column `{}` is assigned to more than once", column.name);
        cx.problem(TWICE, Vec::new(), Words { span, message, label: "assigned twice".into() });
    }
    // DEFAULT counts as not given.
    let Some(value) = value else { return };
    check_generated(cx, target, &column, span, None);
    let value = match part {
        Some(part) => {
            to_column(cx, &target.relation.name, &Column { ty: part, ..column.clone() }, value);
            Value::Expression { nullable: None }
        }
        None => value_of(&to_column(cx, &target.relation.name, &column, value)),
    };
    if value == Value::Null {
        refuse_null(cx, target, &column, span);
    }
    columns.push(WrittenColumn { column: column.number, span, value });
}

fn refuse_null(cx: &mut Cx, target: &Target, column: &Column, span: Span) {
    let Some((holder, stored)) = modify::stored_column(cx, &target.relation, column.number) else { return };
    let by_trigger = routine::may_be_supplied(cx.schema, &holder, &stored.name, Event::Update);
    if stored.not_null && !by_trigger {
        let table: &Arc<str> = &holder.name;
        let message = format!("column `{}` of `{table}` is `NOT NULL`", stored.name);
        let about = vec![Key::Column(table.clone(), stored.name.clone())];
        cx.problem(NULL, about, Words { span, message, label: "is set to NULL".into() });
    }
}
