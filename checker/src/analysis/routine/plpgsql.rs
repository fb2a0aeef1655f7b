//! PL/pgSQL bodies: which statements are reached, with which variables.

use std::sync::Arc;

use sqlparser::ast::{Expr, Value};

use super::super::cx::{Cx, Kind, Words};
use super::super::{Stage, Variable, VariableConflict};
use super::{Frame, body, condition, statement};
use crate::dialect::TypeId;
use crate::schema::{Key, Type};
use crate::source::Span;
use crate::sql::ddl::Name;
use crate::sql::routine::{Block, Declaration, PlStatement, SqlRole};
use crate::sql::{Query, StatementKind, Unparsed};

const NO_TYPE: Kind = Kind("missing-type", "42704", Stage::Execute);
const NO_TABLE: Kind = Kind("missing-table", "42P01", Stage::Execute);
const WRONG_RESULT: Kind = Kind("routine-broken", "42804", Stage::Execute);
const TEXT: TypeId = TypeId(25);
const BOOL: TypeId = TypeId(16);
const INT4: TypeId = TypeId(23);
const RECORD: TypeId = TypeId(2249);

/// Whether the statements after one are reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    /// It ends: `RETURN`, `RAISE EXCEPTION`.
    Ends,
}

/// Follows a whole body.
pub(super) fn run(cx: &Cx, frame: &mut Frame, written: &Block) {
    if let Some(option) = &written.variable_conflict {
        frame.context.conflict = match &*option.text {
            "use_column" => VariableConflict::Column,
            "use_variable" => VariableConflict::Variable,
            _ => VariableConflict::Error,
        };
    }
    frame.context.variables.push(Variable::new("found".into(), Type::plain(BOOL)));
    block(cx, frame, written);
}

fn block(cx: &Cx, frame: &mut Frame, written: &Block) -> Flow {
    let outer = frame.context.variables.len();
    for unread in &written.unread {
        unreadable(frame, unread);
    }
    for declared in &written.declarations {
        declaration(cx, frame, declared, written.label.as_ref());
    }
    let problems = frame.out.problems.len();
    let flow = statements(cx, frame, &written.body);
    let caught = written.handlers.iter().flat_map(|handler| &handler.conditions).any(|condition| catches(condition));
    if caught {
        // Whatever fails in the block, a handler takes it.
        frame.out.problems.truncate(problems);
    }
    let certain = frame.certain;
    frame.certain = false;
    for handler in &written.handlers {
        let before = frame.context.variables.len();
        for name in ["sqlstate", "sqlerrm"] {
            frame.context.variables.push(Variable::new(name.into(), Type::plain(TEXT)));
        }
        statements(cx, frame, &handler.body);
        frame.context.variables.truncate(before);
    }
    frame.certain = certain;
    frame.context.variables.truncate(outer);
    if caught { Flow::On } else { flow }
}

/// Whether a handler catches what a missing object or a wrong name raises.
fn catches(condition: &str) -> bool {
    matches!(
        condition,
        "others"
            | "syntax_error_or_access_rule_violation"
            | "undefined_column"
            | "undefined_table"
            | "undefined_function"
            | "undefined_object"
            | "ambiguous_column"
    ) || condition.starts_with("sqlstate '42")
}

fn declaration(cx: &Cx, frame: &mut Frame, declared: &Declaration, label: Option<&Name>) {
    let mut variable = Variable::new(declared.name.text.clone(), Type::UNSURE);
    if let Some(label) = label {
        variable = variable.qualified(&label.text);
    }
    if let Some(written) = &declared.ty {
        frame.out.dependencies.insert(Key::Type(written.name.text.clone()));
        if let Some(table) = written.schema.as_ref().filter(|_| written.of_column) {
            frame.out.dependencies.insert(Key::Relation(table.text.clone()));
        }
        match frame.schema.resolve_type(written) {
            Ok(ty) => variable.ty = ty,
            Err(problem) => {
                let words = Words { span: problem.span, message: problem.message, label: "unknown type".into() };
                frame.problem(Kind(NO_TYPE.0, problem.sqlstate, NO_TYPE.2), vec![problem.about], words);
            }
        }
    } else if let Some(table) = &declared.row_of {
        let name = table.name.text.clone();
        frame.out.dependencies.insert(Key::Relation(name.clone()));
        let schema = table.schema.as_ref().map(|schema| &*schema.text);
        match frame.schema.find_relation(schema, &name) {
            Some(relation) => {
                variable =
                    Variable { qualifiers: variable.qualifiers, ..Variable::row(&declared.name.text, &relation) };
            }
            None if frame.schema.cloud(&name).is_some() => {}
            None => {
                let message = format!("relation `{name}` does not exist");
                let words = Words { span: table.name.span, message, label: "unknown table".into() };
                frame.problem(NO_TABLE, vec![Key::Relation(name)], words);
            }
        }
    } else {
        variable.ty = Type::plain(RECORD);
    }
    if let Some(query) = &declared.query {
        query_of(cx, frame, query);
    }
    frame.context.variables.push(variable);
}

fn statements(cx: &Cx, frame: &mut Frame, written: &[PlStatement]) -> Flow {
    for written in written {
        if one(cx, frame, written) == Flow::Ends {
            return Flow::Ends;
        }
    }
    Flow::On
}

fn one(cx: &Cx, frame: &mut Frame, written: &PlStatement) -> Flow {
    match written {
        PlStatement::Block(inner) => return block(cx, frame, inner),
        PlStatement::If { branches, otherwise } => return branch(cx, frame, branches, otherwise),
        PlStatement::Loop { targets, query, dynamic, body } => {
            if let Some(text) = dynamic {
                dynamic_text(cx, frame, text, text.span);
            }
            match query {
                Some(Ok(query)) => query_of(cx, frame, query),
                Some(Err(unread)) => unreadable(frame, unread),
                None => {}
            }
            looped(cx, frame, targets, body);
        }
        PlStatement::Sql { statement: written, into, role } => {
            let shape = body::one(cx, frame, written);
            for target in into {
                check_target(frame, target);
            }
            match role {
                SqlRole::Return => return Flow::Ends,
                SqlRole::ReturnQuery => {
                    if let Some(shape) = shape {
                        check_rows(frame, &shape, written.span);
                    }
                }
                SqlRole::Statement | SqlRole::ReturnNext => {}
            }
        }
        PlStatement::Execute { text, span, .. } => dynamic_text(cx, frame, text, *span),
        PlStatement::Raise { error: true, .. } => return Flow::Ends,
        PlStatement::Raise { error: false, .. } => {}
        PlStatement::Control { what, .. } if matches!(*what, "RETURN" | "EXIT" | "CONTINUE") => return Flow::Ends,
        PlStatement::Control { .. } => {}
        PlStatement::Unread(unread) => unreadable(frame, unread),
    }
    Flow::On
}

type Branch = (Result<Query, Unparsed>, Vec<PlStatement>);

/// `IF`: branches of which the trigger's event decides are taken or left, the others are perhaps taken.
fn branch(cx: &Cx, frame: &mut Frame, branches: &[Branch], otherwise: &[PlStatement]) -> Flow {
    let certain = frame.certain;
    let mut all_end = true;
    for (guard, body) in branches {
        let decided = match guard {
            Ok(query) => {
                let decided = condition::decided(&query.tree, frame.fired.as_ref());
                query_of(cx, frame, query);
                decided
            }
            Err(unread) => {
                unreadable(frame, unread);
                None
            }
        };
        match decided {
            Some(false) => continue,
            Some(true) => {
                let flow = statements(cx, frame, body);
                frame.certain = certain;
                return if all_end { flow } else { Flow::On };
            }
            None => {
                frame.certain = false;
                all_end &= statements(cx, frame, body) == Flow::Ends;
            }
        }
    }
    all_end &= statements(cx, frame, otherwise) == Flow::Ends;
    frame.certain = certain;
    if all_end { Flow::Ends } else { Flow::On }
}

/// The body of a loop, which may run no time at all. Its variables that nothing declares are its own.
fn looped(cx: &Cx, frame: &mut Frame, targets: &[Name], body: &[PlStatement]) {
    let outer = frame.context.variables.len();
    for target in targets {
        if !frame.context.variables.iter().any(|variable| variable.name == target.text) {
            frame.context.variables.push(Variable::new(target.text.clone(), Type::plain(INT4)));
        }
    }
    let certain = std::mem::replace(&mut frame.certain, false);
    statements(cx, frame, body);
    frame.certain = certain;
    frame.context.variables.truncate(outer);
}

fn query_of(cx: &Cx, frame: &mut Frame, query: &Query) {
    let found = statement(cx, frame, query);
    frame.keep(found);
}

fn unreadable(frame: &mut Frame, unread: &Unparsed) {
    frame.depend_on_names(unread.identifiers.iter().cloned());
    frame.unknown(unread.at, unread.reason.clone());
}

/// `EXECUTE`: a literal can be read, anything else is only known at run time.
fn dynamic_text(cx: &Cx, frame: &mut Frame, text: &crate::sql::ddl::Expr, span: Span) {
    let literal = match text.tree().map(|tree| &**tree) {
        Some(Expr::Value(value)) => match &value.value {
            string @ (Value::SingleQuotedString(_) | Value::DollarQuotedString(_) | Value::EscapedStringLiteral(_)) => {
                Some(super::super::expr::string_of(string).to_owned())
            }
            _ => None,
        },
        _ => None,
    };
    let Some(literal) = literal else {
        frame.unknown(span, "it runs text that is only known at run time");
        return;
    };
    let source = crate::source::Source::new("", literal.as_str());
    for written in crate::sql::parse(&literal, frame.schema.dialect) {
        match &written.kind {
            StatementKind::Query(query) => {
                // Variables are not seen inside the text, and positions do not count in the body.
                let mut context = frame.context.clone();
                context.variables.clear();
                context.text = literal.as_str().into();
                let found = super::super::analyze_inside(&frame.schema, cx.path(), query, &context);
                frame.keep(found);
            }
            StatementKind::Ddl(_) => body::define(frame, &written, &source, Some(span)),
            _ => frame.unknown(span, "it runs text that is not understood"),
        }
    }
}

/// A field that a value goes to.
fn check_target(frame: &mut Frame, target: &crate::sql::routine::Target) {
    let variables = &frame.context.variables;
    let Some(variable) = variables.iter().rev().find(|variable| variable.name == target.name.text) else { return };
    let (Some(field), Some(fields)) = (target.fields.first(), &variable.fields) else { return };
    if fields.iter().any(|known| known.name == field.text) {
        return;
    }
    let relation = variable.relation.and_then(|id| frame.schema.relation(id));
    let about = relation.map(|relation| Key::Column(relation.name.clone(), field.text.clone())).into_iter().collect();
    let message = format!("record `{}` has no field `{}`", variable.name, field.text);
    let words = Words { span: field.span, message, label: "unknown field".into() };
    frame.problem(Kind("missing-column", "42703", Stage::Execute), about, words);
}

/// `RETURN QUERY`: its columns must be those of the result.
fn check_rows(frame: &mut Frame, shape: &super::super::Shape, span: Span) {
    let Some(result) = frame.result.filter(|result| shape.complete && result.id.is_user()) else { return };
    let Some(fields) = frame.schema.attributes(result.id) else { return };
    let wanted = fields.iter().filter(|field| !field.hidden).count();
    if wanted != shape.columns.len() {
        let name: Option<Arc<str>> = frame.schema.type_info(result.id).map(|info| (*info.name).into());
        let about = name.map(|name| vec![Key::Relation(name.clone()), Key::Type(name)]).unwrap_or_default();
        let message = format!("the query returns {} columns, the function {wanted}", shape.columns.len());
        let words = Words { span, message, label: format!("{} columns", shape.columns.len()) };
        frame.problem(WRONG_RESULT, about, words);
    }
}
