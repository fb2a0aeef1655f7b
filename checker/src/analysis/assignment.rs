//! Targets of assignments: columns, and fields and elements of columns.

use std::sync::Arc;

use sqlparser::ast;

use super::Stage;
use super::cx::{Cx, Kind, Words};
use super::expr;
use super::modify::{Target, written_column};
use super::scope::Scope;
use super::types::{self, INT4, JSONB, TEXT, UNKNOWN, coerce};
use crate::dialect::catalog::Subscript;
use crate::schema::{Column, Key, Type};
use crate::source::Span;
use crate::sql::RemovedKind;
use crate::sql::ddl;

const NO_FIELD: Kind = Kind("missing-column", "42703", Stage::Parse);

/// What is assigned to.
pub(super) struct Place {
    /// `None` where it is not known.
    pub(super) column: Option<Column>,
    pub(super) span: Span,
    /// The type of the part that is assigned to, where it is not the whole column.
    pub(super) part: Option<Type>,
}

/// A step from a column to a part of it.
enum Step<'a> {
    Field(Arc<str>, Span),
    Subscript(&'a ddl::Expr),
}

/// The column that a name in `SET` or in a column list stands for, with the part of it.
pub(super) fn place(cx: &mut Cx, scope: &Scope, target: Option<&Target>, name: &ast::ObjectName) -> Place {
    let mut parts = cx.names(name);
    // Engines that let the table's name stand before the column have no fields of columns.
    if !cx.rules().whole_rows && parts.len() > 1 {
        parts.drain(..parts.len() - 1);
    }
    let mut parts = parts.into_iter();
    let Some((first, span)) = parts.next() else { return Place { column: None, span: cx.span, part: None } };
    let column = target.and_then(|target| written_column(cx, target, &first, span));
    let mut steps: Vec<Step> = parts.map(|(name, span)| Step::Field(name, span)).collect();
    let removed = cx.removed(span.end, span.end + 1, |what| match what {
        RemovedKind::AssignmentTarget(steps) => Some(steps),
        _ => None,
    });
    for step in removed.into_iter().flat_map(|(_, steps)| steps) {
        steps.push(match step.tree() {
            Some(_) => Step::Subscript(step),
            None => Step::Field(field_name(cx, &step.text), step.span),
        });
    }
    if steps.is_empty() {
        return Place { column, span, part: None };
    }
    let ty = column.as_ref().map_or(Type::UNSURE, |column| column.ty);
    let part = part_of(cx, scope, ty, &steps);
    Place { column, span, part: Some(part) }
}

/// A field as written.
fn field_name(cx: &Cx, text: &str) -> Arc<str> {
    let dialect = cx.schema.dialect;
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(quoted) => (dialect.fold_quoted)(&quoted.replace("\"\"", "\"")).into(),
        None => (dialect.fold)(text).into(),
    }
}

/// The type of a part of a value.
fn part_of(cx: &mut Cx, scope: &Scope, mut ty: Type, steps: &[Step]) -> Type {
    // Two bounds may be those of a slice.
    let several = steps.iter().filter(|step| matches!(step, Step::Subscript(_))).count() > 1;
    for step in steps {
        ty = match step {
            Step::Field(name, span) => field(cx, ty, name, *span),
            Step::Subscript(index) => {
                let element = subscript(cx, scope, ty, index);
                if several { Type::UNSURE } else { element }
            }
        };
    }
    ty
}

fn field(cx: &mut Cx, ty: Type, name: &Arc<str>, span: Span) -> Type {
    let id = types::base(cx.schema, ty.id);
    let Some(fields) = cx.schema.attributes(id) else { return Type::UNSURE };
    if let Some(field) = fields.iter().find(|field| field.name == *name) {
        return field.ty;
    }
    let shown = types::shown(cx.schema, ty);
    let about = types::info(cx.schema, id).map(|info| Arc::<str>::from(&*info.name));
    let about = about.map(|ty| vec![Key::Column(ty.clone(), name.clone()), Key::Relation(ty.clone()), Key::Type(ty)]);
    let message = format!("`{shown}` has no field `{name}`");
    cx.problem(NO_FIELD, about.unwrap_or_default(), Words { span, message, label: "unknown field".into() });
    Type::UNSURE
}

fn subscript(cx: &mut Cx, scope: &Scope, ty: Type, index: &ddl::Expr) -> Type {
    let base = types::base(cx.schema, ty.id);
    let info = types::info(cx.schema, base).map(|info| (info.subscript, info.element));
    let (index_type, element) = match info {
        Some((Subscript::Array | Subscript::Fixed, Some(element))) => (INT4, Type::plain(element)),
        Some((Subscript::Own, _)) if base == JSONB => (TEXT, Type::plain(JSONB)),
        _ => (UNKNOWN, Type::UNSURE),
    };
    if let Some(tree) = index.tree() {
        let typed = expr::expr(cx, scope, tree);
        if index_type == INT4 || index_type == TEXT && typed.ty.id == UNKNOWN {
            coerce::to_type(cx, typed, index_type, coerce::Context::Assignment);
        }
    }
    element
}
