//! A query with its `WITH`, `ORDER BY` and `LIMIT`, whatever its body is.

use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{self, LimitClause, SetExpr};

use super::cx::{Cx, Kind, Reference, Words};
use super::expr;
use super::scope::{Clause, Cte, ItemColumn, Scope};
use super::tree::Typed;
use super::types::{self, UNKNOWN};
use super::{Stage, modify, select, set_operation, values, with};
use crate::source::Span;

const NO_COLUMNS: Kind = Kind("missing-column", "42P10", Stage::Parse);

/// The rows that a query returns.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) columns: Vec<RowColumn>,
    /// Whether `columns` is all there is.
    pub(super) complete: bool,
    /// It returns no rows by its form.
    pub(super) silent: bool,
    /// It returns one row, whatever the tables hold.
    pub(super) one_row: bool,
    /// Each row is one row of one table that can be written to.
    pub(super) simple: bool,
}

/// A column of a query's rows.
#[derive(Clone, Debug)]
pub(super) struct RowColumn {
    pub(super) name: Arc<str>,
    pub(super) typed: Typed,
}

impl RowColumn {
    pub(super) fn into_item_column(self) -> ItemColumn {
        let Typed { ty, nullable, collation, origin, .. } = self.typed;
        ItemColumn { name: self.name, ty, nullable, collation, origin, column: None, hidden: false }
    }
}

impl Rows {
    /// Rows of which nothing is known.
    pub(super) fn unsure() -> Rows {
        Rows::default()
    }

    /// No rows.
    pub(super) fn silent() -> Rows {
        Rows { complete: true, silent: true, ..Rows::default() }
    }
}

/// What becomes of output columns that are literals or parameters without a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknowns {
    /// They are text.
    ToText,
    /// What is around the query gives them a type.
    Keep,
}

/// What follows the body of a query.
pub(super) struct Tail<'q> {
    pub(super) order_by: Option<&'q ast::OrderBy>,
    pub(super) limit: Option<&'q LimitClause>,
    pub(super) fetch: Option<&'q ast::Fetch>,
    pub(super) locks: &'q [ast::LockClause],
    pub(super) unknowns: Unknowns,
}

/// A query inside others, or on its own.
pub(super) fn subquery(cx: &mut Cx, parent: Option<&Scope>, written: &ast::Query, unknowns: Unknowns) -> Rows {
    let scope = Scope::inside(parent);
    cx.deeper(|cx| in_scope(cx, scope, written, unknowns)).unwrap_or_default()
}

/// The query of a common table expression, which may name itself.
pub(super) fn of_cte(cx: &mut Cx, level: &Scope, written: &ast::Query, cte: &Rc<Cte>, names: &[Arc<str>]) -> Rows {
    let mut scope = Scope::inside(Some(level));
    scope.recursive = Some((cte.clone(), names.to_vec()));
    cx.deeper(|cx| in_scope(cx, scope, written, Unknowns::ToText)).unwrap_or_default()
}

fn in_scope(cx: &mut Cx, mut scope: Scope, written: &ast::Query, unknowns: Unknowns) -> Rows {
    with::define(cx, &mut scope, written.with.as_ref());
    let tail = Tail {
        order_by: written.order_by.as_ref(),
        limit: written.limit_clause.as_ref(),
        fetch: written.fetch.as_ref(),
        locks: &written.locks,
        unknowns,
    };
    body(cx, scope, &written.body, tail)
}

pub(super) fn body(cx: &mut Cx, mut scope: Scope, written: &SetExpr, tail: Tail) -> Rows {
    match written {
        SetExpr::Select(written) => select::select(cx, scope, written, &tail),
        // What follows the parentheses belongs to what is in them.
        SetExpr::Query(inner) => {
            with::define(cx, &mut scope, inner.with.as_ref());
            let tail = Tail {
                order_by: tail.order_by.or(inner.order_by.as_ref()),
                limit: tail.limit.or(inner.limit_clause.as_ref()),
                fetch: tail.fetch.or(inner.fetch.as_ref()),
                locks: if tail.locks.is_empty() { &inner.locks } else { tail.locks },
                unknowns: tail.unknowns,
            };
            cx.deeper(|cx| body(cx, scope, &inner.body, tail)).unwrap_or_default()
        }
        SetExpr::SetOperation { .. } => set_operation::set_operation(cx, scope, written, &tail),
        SetExpr::Values(rows) => values::values(cx, scope, rows, &tail),
        SetExpr::Table(table) => table_rows(cx, scope, table, &tail),
        SetExpr::Insert(statement)
        | SetExpr::Update(statement)
        | SetExpr::Delete(statement)
        | SetExpr::Merge(statement) => modify::statement(cx, scope, statement),
    }
}

/// `TABLE name` is `SELECT * FROM name`.
fn table_rows(cx: &mut Cx, mut scope: Scope, table: &ast::Table, tail: &Tail) -> Rows {
    let parts = [&table.schema_name, &table.table_name].into_iter().flatten();
    let parts = parts.map(|name| ast::ObjectNamePart::Identifier(ast::Ident::new(name.clone()))).collect();
    let relation = ast::TableFactor::Table {
        name: ast::ObjectName(parts),
        alias: None,
        args: None,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_hints: Vec::new(),
    };
    super::relation::from(cx, &mut scope, &[ast::TableWithJoins { relation, joins: Vec::new() }]);
    let (columns, complete) = select::star(cx, &scope, cx.span);
    limits(cx, &mut scope, tail);
    Rows { columns, complete, ..Rows::default() }
}

/// `LIMIT`, `OFFSET` and `FETCH`: numbers that see no columns.
pub(super) fn limits(cx: &mut Cx, scope: &mut Scope, tail: &Tail) {
    let mut counts: Vec<&ast::Expr> = Vec::new();
    match tail.limit {
        Some(LimitClause::LimitOffset { limit, offset, limit_by }) => {
            // The server reads OFFSET first.
            counts.extend(offset.iter().map(|offset| &offset.value));
            counts.extend(limit);
            counts.extend(limit_by);
        }
        Some(LimitClause::OffsetCommaLimit { offset, limit }) => counts.extend([offset, limit]),
        None => {}
    }
    counts.extend(tail.fetch.and_then(|fetch| fetch.quantity.as_ref()));
    for count in counts {
        let before = cx.references.len();
        let typed = expr::expr(cx, scope.at(Clause::Limit), count);
        let own = |reference: &Reference| reference.column.depth == scope.depth;
        if let Some(column) =
            cx.references.get(before..).unwrap_or(&[]).iter().find(|reference| own(reference)).cloned()
        {
            let message = format!("`LIMIT` and `OFFSET` cannot depend on column `{}`", column.name);
            cx.problem(NO_COLUMNS, Vec::new(), Words { span: column.span, message, label: "a column".into() });
        }
        types::coerce::to_type(cx, typed, types::INT8, types::coerce::Context::Assignment);
    }
}

/// Gives output columns without a type one.
pub(super) fn resolve_unknowns(cx: &mut Cx, columns: &mut [RowColumn], unknowns: Unknowns) {
    if unknowns == Unknowns::Keep || !cx.rules().static_types {
        return;
    }
    for column in columns {
        if column.typed.ty.id == UNKNOWN {
            let typed = std::mem::replace(&mut column.typed, Typed::unsure(Span::default()));
            column.typed = types::coerce::to_type(cx, typed, types::TEXT, types::coerce::Context::Implicit);
        }
    }
}
