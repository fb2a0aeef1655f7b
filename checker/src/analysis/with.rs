//! `WITH`: common table expressions.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast;

use super::Stage;
use super::cx::{Cx, Kind, Words};
use super::query::{self, Rows};
use super::scope::{Cte, CteState, ItemColumn, Scope};
use crate::schema::Type;
use crate::sql::{RemovedKind, byte_span};

const DUPLICATE_NAME: Kind = Kind("ambiguous-column", "42712", Stage::Parse);
const TOO_MANY_NAMES: Kind = Kind("missing-column", "42P10", Stage::Parse);

/// Defines the common table expressions of a query.
pub(super) fn define(cx: &mut Cx, scope: &mut Scope, with: Option<&ast::With>) {
    let Some(with) = with else { return };
    if with.recursive {
        // Each of them may name all of them.
        let waiting = with.cte_tables.iter().map(|cte| waiting(cx, cte)).collect::<Vec<_>>();
        check_names(cx, with);
        scope.ctes.extend(waiting.iter().cloned());
        for cte in &waiting {
            complete(cx, scope, cte);
        }
        return;
    }
    check_names(cx, with);
    for cte in &with.cte_tables {
        let cte = waiting(cx, cte);
        complete(cx, scope, &cte);
        scope.ctes.push(cte);
    }
}

fn waiting(cx: &Cx, cte: &ast::Cte) -> Rc<Cte> {
    Rc::new(Cte { name: cx.fold(&cte.alias.name), state: RefCell::new(CteState::Waiting(Box::new(cte.clone()))) })
}

fn check_names(cx: &mut Cx, with: &ast::With) {
    let mut names: Vec<Arc<str>> = Vec::new();
    for cte in &with.cte_tables {
        let name = cx.fold(&cte.alias.name);
        if names.contains(&name) {
            let message = format!("`WITH` query name `{name}` is there more than once");
            let words = Words { span: cx.span_of(&cte.alias.name), message, label: "named twice".into() };
            cx.problem(DUPLICATE_NAME, Vec::new(), words);
        }
        names.push(name);
    }
}

/// Analyses a common table expression that was not analysed yet. `level` is the scope that defines it.
pub(super) fn complete(cx: &mut Cx, level: &Scope, cte: &Rc<Cte>) {
    let state = cte.state.replace(CteState::Begun);
    let CteState::Waiting(written) = state else {
        cte.state.replace(state);
        return;
    };
    let names: Vec<Arc<str>> = written.alias.columns.iter().map(|column| cx.fold(&column.name)).collect();
    let rows = query::of_cte(cx, level, &written.query, cte, &names);
    let state = match rows.silent {
        true => CteState::Silent,
        false => {
            check_count(cx, &written, &rows);
            let mut columns = named_columns(&rows, &names);
            columns.extend(added_columns(cx, &written));
            CteState::Done(columns, rows.complete)
        }
    };
    cte.state.replace(state);
}

/// The columns that `SEARCH` and `CYCLE` add.
fn added_columns(cx: &Cx, cte: &ast::Cte) -> Vec<ItemColumn> {
    let Some(close) = byte_span(cte.closing_paren_token.0.span) else { return Vec::new() };
    let mut end = close.end;
    let mut columns = Vec::new();
    // One clause may follow the other.
    for _ in 0..2 {
        let added = cx.removed.iter().find(|removed| {
            removed.span.start >= end
                && matches!(removed.what, RemovedKind::CteColumns(_))
                && cx.context.text.get(end..removed.span.start).is_none_or(|between| between.trim().is_empty())
        });
        let Some((RemovedKind::CteColumns(names), span)) = added.map(|removed| (&removed.what, removed.span)) else {
            break;
        };
        end = span.end;
        columns.extend(names.iter().map(|name| ItemColumn {
            name: name.text.clone(),
            ty: Type::UNSURE,
            nullable: None,
            collation: None,
            origin: None,
            column: None,
            hidden: false,
        }));
    }
    columns
}

fn check_count(cx: &mut Cx, cte: &ast::Cte, rows: &Rows) {
    let Some(extra) = cte.alias.columns.get(rows.columns.len()) else { return };
    if !rows.complete {
        return;
    }
    let message = format!(
        "`WITH` query `{}` has {} columns, but {} names",
        cte.alias.name.value,
        rows.columns.len(),
        cte.alias.columns.len()
    );
    let words = Words { span: cx.span_of(&extra.name), message, label: "one name too many".into() };
    cx.problem(TOO_MANY_NAMES, Vec::new(), words);
}

/// The columns of rows under the names that an alias gives them.
pub(super) fn named_columns(rows: &Rows, names: &[Arc<str>]) -> Vec<ItemColumn> {
    let mut columns: Vec<ItemColumn> = rows.columns.iter().cloned().map(|column| column.into_item_column()).collect();
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = name.clone();
    }
    columns
}
