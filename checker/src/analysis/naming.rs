//! Names of output columns that have none written: Postgres manual, "Column Labels"; `FigureColname` in its source.

use std::sync::Arc;

use sqlparser::ast::{self, AccessExpr, Expr, FunctionArguments};

use super::cx::Cx;
use super::tree::{Node, Typed};
use super::types::written;
use crate::source::Span;

/// What an expression without a name is called.
const NO_NAME: &str = "?column?";

/// The name of an output column.
pub(super) fn output_name(cx: &Cx, written: &Expr, typed: &Typed) -> Arc<str> {
    if cx.rules().names_columns_by_text {
        return match written {
            Expr::Identifier(name) => cx.column_as_named(&cx.fold(name), typed),
            Expr::CompoundIdentifier(parts) => match parts.last() {
                Some(name) => cx.column_as_named(&cx.fold(name), typed),
                None => Arc::from(NO_NAME),
            },
            other => text_of(cx, other, typed),
        };
    }
    name_of(cx, written, Some(typed)).map_or_else(|| Arc::from(NO_NAME), |(name, _)| name)
}

impl Cx<'_> {
    /// A column's name as its table has it.
    fn column_as_named(&self, name: &Arc<str>, typed: &Typed) -> Arc<str> {
        let relation = typed.origin.and_then(|(id, _)| self.schema.relation(id));
        let column =
            relation.as_ref().zip(typed.origin).and_then(|(relation, (_, number))| relation.column_numbered(number));
        column.map_or_else(|| name.clone(), |column| column.name.clone())
    }
}

/// The text of an expression as written.
fn text_of(cx: &Cx, written: &Expr, typed: &Typed) -> Arc<str> {
    match with_brackets(&cx.context.text, typed.span) {
        Some(text) => text.into(),
        None => written.to_string().into(),
    }
}

/// The text of a span with the brackets that belong to it.
fn with_brackets(text: &str, span: Span) -> Option<&str> {
    let inside = text.get(span.start..span.end).filter(|inside| !inside.is_empty())?;
    let opened = inside.matches('(').count();
    let mut open = opened.saturating_sub(inside.matches(')').count());
    let rest = text.get(span.end..)?;
    // The parentheses after a function's name are its arguments.
    let calls = opened == 0 && rest.trim_start().starts_with('(');
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '(' if open > 0 || calls && end == 0 => open += 1,
            ')' if open > 0 => open -= 1,
            _ if open == 0 && !c.is_whitespace() => break,
            _ => continue,
        }
        end = at + c.len_utf8();
        if open == 0 {
            break;
        }
    }
    text.get(span.start..span.end + end)
}

/// The name, and whether it is strong: a cast keeps a strong one.
fn name_of(cx: &Cx, written: &Expr, typed: Option<&Typed>) -> Option<(Arc<str>, bool)> {
    let strong = |name: &str| Some((Arc::from(name), true));
    match written {
        Expr::Identifier(name) => Some((cx.fold(name), true)),
        Expr::CompoundIdentifier(parts) => parts.last().map(|name| (cx.fold(name), true)),
        Expr::Nested(inner) => name_of(cx, inner, typed),
        Expr::CompoundFieldAccess { root, access_chain } => {
            let field = access_chain.iter().rev().find_map(|step| match step {
                AccessExpr::Dot(Expr::Identifier(name)) => Some(cx.fold(name)),
                _ => None,
            });
            field.map(|name| (name, true)).or_else(|| name_of(cx, root, None))
        }
        Expr::Function(function) => match (&function.args, function.name.0.last()) {
            (FunctionArguments::Subquery(_), _) if function.name.to_string().eq_ignore_ascii_case("array") => {
                strong("array")
            }
            (_, Some(_)) => cx.names(&function.name).pop().map(|(name, _)| (name, true)),
            (_, None) => None,
        },
        Expr::Cast { expr: inner, data_type, .. } => cast_name(cx, inner, data_type),
        Expr::TypedString(string) => {
            written::type_name(cx, &string.data_type, cx.span).map(|name| (name.name.text, false))
        }
        Expr::Interval(_) => Some((Arc::from("interval"), false)),
        Expr::Collate { expr: inner, .. } => name_of(cx, inner, None),
        Expr::Case { else_result, .. } => {
            match else_result.as_deref().and_then(|otherwise| name_of(cx, otherwise, None)) {
                Some((name, true)) => Some((name, true)),
                _ => Some((Arc::from("case"), false)),
            }
        }
        Expr::Array(_) => strong("array"),
        Expr::Tuple(_) => strong("row"),
        Expr::Exists { negated: false, .. } => strong("exists"),
        Expr::Subquery(query) => subquery_name(cx, query, typed),
        Expr::Extract { .. } => strong("extract"),
        Expr::Position { .. } => strong("position"),
        Expr::Substring { .. } => strong("substring"),
        Expr::Overlay { .. } => strong("overlay"),
        Expr::Ceil { .. } => strong("ceil"),
        Expr::Floor { .. } => strong("floor"),
        Expr::AtTimeZone { .. } => strong("timezone"),
        Expr::Trim { trim_where, .. } => strong(match trim_where {
            Some(ast::TrimWhereField::Leading) => "ltrim",
            Some(ast::TrimWhereField::Trailing) => "rtrim",
            Some(ast::TrimWhereField::Both) | None => "btrim",
        }),
        _ => None,
    }
}

fn cast_name(cx: &Cx, inner: &Expr, data_type: &ast::DataType) -> Option<(Arc<str>, bool)> {
    if let Some((name, true)) = name_of(cx, inner, None) {
        return Some((name, true));
    }
    written::type_name(cx, data_type, cx.span).map(|name| (name.name.text, false))
}

/// A subquery is called like its only column.
fn subquery_name(cx: &Cx, query: &ast::Query, typed: Option<&Typed>) -> Option<(Arc<str>, bool)> {
    if let Some(Typed { node: Node::Subquery { name: Some(name), .. }, .. }) = typed {
        return Some((name.clone(), true));
    }
    let mut body = &*query.body;
    // The first part of a set operation names the columns.
    loop {
        match body {
            ast::SetExpr::SetOperation { left, .. } => body = left,
            ast::SetExpr::Query(inner) => body = &inner.body,
            ast::SetExpr::Select(select) => {
                return match select.projection.as_slice() {
                    [ast::SelectItem::ExprWithAlias { alias, .. }] => Some((cx.fold(alias), true)),
                    [ast::SelectItem::UnnamedExpr(inner)] => Some(
                        name_of(cx, inner, None).map_or_else(|| (Arc::from(NO_NAME), true), |(name, _)| (name, true)),
                    ),
                    _ => None,
                };
            }
            ast::SetExpr::Values(_) => return Some((Arc::from("column1"), true)),
            _ => return None,
        }
    }
}
