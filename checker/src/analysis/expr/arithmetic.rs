//! Functions that the grammar spells with words between their arguments.

use sqlparser::ast::{self, CeilFloorKind, TrimWhereField};

use super::super::cx::Cx;
use super::super::scope::Scope;
use super::super::tree::Typed;
use super::{comparison, expr, functions, literals};

pub(super) fn dispatch(cx: &mut Cx, scope: &Scope, written: &ast::Expr) -> Typed {
    use ast::Expr;
    match written {
        Expr::AtTimeZone { timestamp, time_zone } => {
            let value = expr(cx, scope, timestamp);
            let zone = expr(cx, scope, time_zone);
            functions::system(cx, "timezone", vec![zone, value])
        }
        Expr::Extract { field, expr: value, .. } => {
            let value = expr(cx, scope, value);
            let field = literals::text(&field.to_string(), value.span);
            functions::system_of(cx, &["extract", "date_part"], vec![field, value])
        }
        Expr::Ceil { expr: value, field: CeilFloorKind::DateTimeField(_) } => one(cx, scope, "ceil", value),
        Expr::Floor { expr: value, field: CeilFloorKind::DateTimeField(_) } => one(cx, scope, "floor", value),
        Expr::Position { expr: needle, r#in: hay } => {
            let needle = expr(cx, scope, needle);
            let hay = expr(cx, scope, hay);
            functions::system(cx, "position", vec![hay, needle])
        }
        Expr::Substring { expr: value, substring_from, substring_for, .. } => {
            let mut arguments = vec![expr(cx, scope, value)];
            match (substring_from, substring_for) {
                (None, Some(length)) => {
                    arguments.push(literals::number(cx, "1", arguments[0].span));
                    arguments.push(expr(cx, scope, length));
                }
                (from, length) => {
                    arguments.extend(from.iter().map(|from| expr(cx, scope, from)));
                    arguments.extend(length.iter().map(|length| expr(cx, scope, length)));
                }
            }
            functions::system_of(cx, &["substring", "substr"], arguments)
        }
        Expr::Trim { trim_where, trim_what, expr: value, trim_characters } => {
            let mut arguments = vec![expr(cx, scope, value)];
            arguments.extend(trim_what.iter().map(|what| expr(cx, scope, what)));
            arguments.extend(trim_characters.iter().flatten().map(|what| expr(cx, scope, what)));
            let name = match trim_where {
                Some(TrimWhereField::Leading) => "ltrim",
                Some(TrimWhereField::Trailing) => "rtrim",
                Some(TrimWhereField::Both) | None => "btrim",
            };
            functions::system_of(cx, &[name, "trim"], arguments)
        }
        Expr::Overlay { expr: value, overlay_what, overlay_from, overlay_for } => {
            let mut arguments = super::all(cx, scope, [&**value, &**overlay_what, &**overlay_from]);
            arguments.extend(overlay_for.iter().map(|length| expr(cx, scope, length)));
            functions::system(cx, "overlay", arguments)
        }
        Expr::Ceil { expr: value, .. } | Expr::Floor { expr: value, .. } => {
            comparison::loose(cx, scope, "rounded", [&**value])
        }
        Expr::Convert { expr: value, .. } => comparison::loose(cx, scope, "convert", [&**value]),
        Expr::Named { expr: value, .. } | Expr::Prefixed { value, .. } => {
            comparison::loose(cx, scope, "named", [&**value])
        }
        Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
            comparison::loose(cx, scope, "sets", sets.iter().flatten())
        }
        Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => Typed::unsure(cx.span),
        Expr::MatchAgainst { .. } => {
            let span = cx.span;
            cx.unknown(span, "`MATCH … AGAINST` is not understood");
            Typed::unsure(span)
        }
        other => {
            let span = cx.span;
            let text = other.to_string();
            let shown: String = text.chars().take(40).collect();
            cx.unknown(span, format!("the expression `{shown}` is not understood"));
            Typed::unsure(span)
        }
    }
}

fn one(cx: &mut Cx, scope: &Scope, name: &str, value: &ast::Expr) -> Typed {
    let value = expr(cx, scope, value);
    functions::system(cx, name, vec![value])
}
