//! `TABLESAMPLE`: of which relations, by which methods, with which arguments.

use sqlparser::ast::{self, Expr, TableSampleKind};

use super::cx::{Cx, Kind, Words};
use super::scope::{Clause, Item, Scope};
use super::types::{self, FLOAT4, FLOAT8, INT8, coerce};
use super::{Stage, expr};
use crate::dialect::TypeId;
use crate::schema::{Key, RelationKind};

const NOT_SAMPLED: Kind = Kind("operation-refused", "0A000", Stage::Parse);
const NO_METHOD: Kind = Kind("missing-function", "42704", Stage::Parse);
const WRONG_COUNT: Kind = Kind("type-mismatch", "2202H", Stage::Parse);

/// Checks the sample that is taken of an item of `FROM`.
pub(super) fn check(cx: &mut Cx, scope: &mut Scope, item: &Item, written: &TableSampleKind) {
    let (TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) = written;
    let taken = |kind| {
        matches!(
            kind,
            RelationKind::Table
                | RelationKind::PartitionedTable
                | RelationKind::MaterializedView
                | RelationKind::System
        )
    };
    if let Some(relation) = item.relation.as_ref().filter(|relation| !taken(relation.kind)) {
        let message = format!("`{}` is a {}, of which no sample can be taken", relation.name, relation.kind.word());
        let words = Words { span: item.span, message, label: "not a table".into() };
        cx.problem(NOT_SAMPLED, vec![Key::Relation(relation.name.clone())], words);
        return;
    }
    let Some(quantity) = &sample.quantity else { return };
    let argument = match (&sample.name, &quantity.value) {
        // Methods of extensions look like a call.
        (None, Expr::Function(call)) => called(cx, call),
        _ => Some((&quantity.value, Some(FLOAT4))),
    };
    if let Some((argument, ty)) = argument {
        let typed = expr::expr(cx, scope.at(Clause::Other), argument);
        if let Some(ty) = ty {
            coerce::to_type(cx, typed, ty, coerce::Context::Assignment);
        }
    }
}

/// The argument of a method and its type.
fn called<'e>(cx: &mut Cx, call: &'e ast::Function) -> Option<(&'e Expr, Option<TypeId>)> {
    let (name, span) = cx.names(&call.name).pop()?;
    cx.depend(Key::Routine(name.clone()));
    let methods = cx.schema.find_routines(None, &name);
    let is_method = methods.iter().any(|method| method.signature().result == types::TSM_HANDLER);
    if !is_method && !cx.clouded(&name, span) {
        let words = Words {
            span,
            message: format!("tablesample method `{name}` does not exist"),
            label: "unknown method".into(),
        };
        cx.problem(NO_METHOD, vec![Key::Routine(name.clone())], words);
    }
    let ast::FunctionArguments::List(list) = &call.args else { return None };
    let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(argument))] = list.args.as_slice() else {
        let words = Words {
            span,
            message: format!("tablesample method `{name}` takes one argument, not {}", list.args.len()),
            label: "takes one argument".into(),
        };
        cx.problem(WRONG_COUNT, Vec::new(), words);
        return None;
    };
    // What a handler takes is written in its code: these are the methods of the server and its own extensions.
    let ty = match &*name {
        "bernoulli" | "system" => Some(FLOAT4),
        "system_rows" => Some(INT8),
        "system_time" => Some(FLOAT8),
        _ => None,
    };
    Some((argument, ty))
}
