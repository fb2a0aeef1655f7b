//! Bodies in SQL, and what both languages share.

use std::sync::Arc;

use super::super::cx::{Cx, Kind, Words};
use super::super::types::{self, RECORD, coerce};
use super::super::{Shape, Stage};
use super::{Frame, plpgsql, statement};
use crate::dialect::TypeId;
use crate::schema::{Key, Routine, Type};
use crate::source::{Source, Span};
use crate::sql::routine::Body;
use crate::sql::{Statement, StatementKind};

const WRONG_RESULT: Kind = Kind("routine-broken", "42P13", Stage::Execute);

/// Follows the body of a routine.
pub(super) fn run(cx: &Cx, frame: &mut Frame, routine: &Routine) {
    match &routine.body {
        Body::Sql(statements) => {
            let mut last = None;
            for written in statements.iter() {
                last = one(cx, frame, written).map(|shape| (shape, written.span));
            }
            if let Some((shape, span)) = last {
                check_result(frame, routine, &shape, span);
            }
        }
        Body::PlPgSql(block) => plpgsql::run(cx, frame, block),
        Body::Atomic(_) | Body::Opaque { .. } => {}
    }
}

/// Follows one statement; the shape of its rows.
pub(super) fn one(cx: &Cx, frame: &mut Frame, written: &Statement) -> Option<Shape> {
    match &written.kind {
        StatementKind::Query(query) => {
            let found = statement(cx, frame, query);
            let shape = found.shape.clone();
            frame.keep(found);
            return Some(shape);
        }
        StatementKind::Ddl(_) => {
            define(frame, written, frame.source, None);
        }
        StatementKind::Transaction(_) => {}
        StatementKind::Do(_) => frame.unknown(written.span, "a `DO` block in a routine is not followed"),
        StatementKind::Unparsed(unparsed) => {
            frame.depend_on_names(unparsed.identifiers.iter().cloned());
            frame.unknown(unparsed.at, unparsed.reason.clone());
        }
    }
    None
}

/// Follows a statement that defines or alters: what it creates is there for the statements after it. It fails where it names
/// what is not there; that something is there already may be what the body asks before. `place` is where a text stands whose
/// own positions do not count.
pub(super) fn define(frame: &mut Frame, written: &Statement, source: &Source, place: Option<Span>) {
    let applied = crate::schema::apply(&mut frame.schema, written, source);
    frame.out.dependencies.extend(applied.touches.into_iter().map(|touch| touch.key));
    let names = crate::sql::identifiers(source.slice(written.span), frame.schema.dialect);
    frame.depend_on_names(names.into_iter().map(Arc::from));
    for problem in applied.problems {
        let Some(code) = problem.sqlstate.filter(|code| MISSING.contains(code)) else { continue };
        frame.out.dependencies.extend(problem.about.iter().cloned());
        let words = Words { span: place.unwrap_or(problem.span), message: problem.message, label: "fails".into() };
        frame.problem(Kind("routine-broken", code, Stage::Execute), problem.about, words);
    }
}

/// Relations, columns and other objects that are missing, and states of objects that a statement needs.
const MISSING: &[&str] = &["42P01", "42703", "42704", "42883", "3F000", "55000", "0A000"];

/// Whether the last statement of an SQL function returns what the function does.
fn check_result(frame: &mut Frame, routine: &Routine, shape: &Shape, span: Span) {
    let signature = &routine.signature;
    let wanted = match wanted_columns(frame, routine) {
        Some(wanted) if shape.complete => wanted,
        _ => return,
    };
    // A row of the type itself does as well as its fields.
    if let [column] = shape.columns.as_slice()
        && (column.ty.id == signature.result || !column.ty.id.is_sure() && wanted.len() != 1)
    {
        return;
    }
    let schema = &frame.schema;
    if wanted.len() != shape.columns.len() {
        let message =
            format!("the last statement returns {} columns, the function {}", shape.columns.len(), wanted.len());
        let words = Words { span, message, label: format!("{} columns", shape.columns.len()) };
        frame.problem(WRONG_RESULT, about(frame, signature.result), words);
        return;
    }
    let misfit = shape.columns.iter().zip(&wanted).find(|(column, wanted)| {
        let known = column.ty.id.is_sure() && wanted.is_sure() && !types::polymorphic::is_polymorphic(**wanted);
        known && !coerce::can(schema, &[column.ty.id], &[**wanted], coerce::Context::Assignment)
    });
    if let Some((column, wanted)) = misfit {
        let (ours, theirs) = (types::shown(schema, column.ty), types::shown(schema, Type::plain(*wanted)));
        let message = format!(
            "column `{}` of the last statement is of type `{ours}`, that of the function `{theirs}`",
            column.name
        );
        let words = Words { span, message, label: format!("`{ours}`, not `{theirs}`") };
        frame.problem(WRONG_RESULT, about(frame, signature.result), words);
    }
}

/// The types of the columns that a function returns; `None` where it returns nothing or that is not known.
fn wanted_columns(frame: &Frame, routine: &Routine) -> Option<Vec<TypeId>> {
    const VOID: TypeId = TypeId(2278);
    let signature = &routine.signature;
    if signature.result == VOID || !signature.result.is_sure() {
        return None;
    }
    if !signature.outputs.is_empty() {
        return Some(signature.outputs.iter().map(|output| output.ty).collect());
    }
    if signature.result == RECORD {
        return None;
    }
    match frame.schema.attributes(types::base(&frame.schema, signature.result)) {
        Some(columns) => Some(columns.iter().filter(|column| !column.hidden).map(|column| column.ty.id).collect()),
        None => Some(vec![signature.result]),
    }
}

fn about(frame: &Frame, id: TypeId) -> Vec<Key> {
    let name: Option<Arc<str>> = frame.schema.type_info(id).map(|info| (*info.name).into());
    name.map(|name| vec![Key::Relation(name.clone()), Key::Type(name)]).unwrap_or_default()
}
