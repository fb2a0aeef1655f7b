//! `DELETE`.

use sqlparser::ast::{self, FromTable, TableFactor};

use super::cx::Cx;
use super::query::Rows;
use super::scope::{Clause, Scope};
use super::update::from_beside;
use super::{expr, known, modify, operation, relation, routine};
use crate::sql::ddl::Event;

/// A `DELETE`, with what `WITH` before it defines in scope.
pub(super) fn delete(cx: &mut Cx, mut scope: Scope, written: &ast::Delete) -> Rows {
    let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &written.from;
    let first = tables.first().map(|table| &table.relation);
    let Some(TableFactor::Table { name, alias, .. }) = first.filter(|_| written.tables.is_empty()) else {
        cx.unknown(cx.span, "this target of `DELETE` is not understood");
        return Rows::unsure();
    };
    let alias = alias.as_ref().map(|alias| &alias.name);
    let target = modify::target(cx, &scope, name, alias, Event::Delete);
    let entry = match &target {
        Some(target) => modify::with_target(&scope, target),
        None => relation::opaque(cx, &scope, alias.map(|alias| (cx.fold(alias), cx.span_of(alias)))),
    };
    from_beside(cx, &mut scope, entry, written.using.as_deref().unwrap_or(&[]));
    let filter =
        written.selection.as_ref().map(|condition| expr::condition(cx, scope.at(Clause::Where), condition, "WHERE"));
    for key in &written.order_by {
        expr::expr(cx, scope.at(Clause::OrderBy), &key.expr);
    }
    let mut rows = modify::returning(cx, &mut scope, written.returning.as_deref(), target.as_ref());
    let told = known::with_whole_rows(filter.iter().flat_map(known::held).collect(), &scope.entries);
    known::Rows { columns: told, grouped: false }.sharpen(&mut rows.columns);
    if let Some(target) = target {
        let features = operation::Features::of(&scope, false, written.returning.is_some());
        operation::check_rules(cx, &target, Event::Delete, features);
        operation::check_published(cx, &target, Event::Delete);
        routine::fire(cx, &target.relation, Event::Delete, &[], target.span, routine::Reach::Always);
        let write = modify::write(&target, Event::Delete, Vec::new());
        cx.out.writes.push(write);
    }
    rows
}
