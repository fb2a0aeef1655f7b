//! A call after its function is found: conversions, result, its place as aggregate or window function.

use std::sync::Arc;

use super::super::super::cx::{Cx, Kind, Words};
use super::super::super::nullability::{self, Follows};
use super::super::super::scope::Scope;
use super::super::super::tree::{Node, Typed, What, cover};
use super::super::super::types::candidates::{AMBIGUOUS, NO_FUNCTION};
use super::super::super::types::{self, coerce, polymorphic};
use super::super::super::{Object, Stage, routine};
use super::super::{access, literals, operators};
use super::overloads::{Call, Candidate, Meaning, meaning};
use crate::dialect::TypeId;
use crate::dialect::catalog::FunctionKind;
use crate::schema::{Column, ColumnNumber, Key, RoutineRef, Type};
use crate::source::Span;

const NO_AGGREGATE_HERE: Kind = Kind("grouping-broken", "42803", Stage::Parse);

/// A call whose function is found.
pub(in crate::analysis) struct Called {
    kind: FunctionKind,
    what: What,
    arguments: Vec<Typed>,
    pub(in crate::analysis) result: Type,
    pub(in crate::analysis) fields: Option<Arc<[Column]>>,
    nullable: Option<bool>,
    follows: Follows,
    returns_set: bool,
    /// A cast, or a field, written like a function.
    instead: Option<Typed>,
}

/// Finds the function of a call and converts its arguments; says so where there is none.
pub(in crate::analysis) fn call(cx: &mut Cx, scope: &Scope, call: Call) -> Option<Called> {
    cx.depend(Key::Routine(call.name.clone()));
    let function = |kind| kind != FunctionKind::Procedure;
    match meaning(cx, &call, function) {
        Meaning::Function(candidate) => Some(with_function(cx, candidate, call)),
        Meaning::Cast(target) => {
            cx.depend(Key::Type(call.name.clone()));
            let value = call.arguments.into_iter().next()?.value;
            Some(Called::instead(literals::explicit(cx, value, target)))
        }
        Meaning::Perhaps(candidates) => Some(perhaps(&candidates, call)),
        Meaning::None { named } => none(cx, scope, call, named),
        Meaning::Several => {
            let signature = signature(cx, &call);
            let message = format!("function `{signature}` is not unique");
            let words = Words { span: call.span, message, label: "ambiguous function".into() };
            cx.problem(AMBIGUOUS, vec![Key::Routine(call.name.clone())], words);
            None
        }
    }
}

impl Called {
    fn instead(typed: Typed) -> Called {
        Called {
            kind: FunctionKind::Function,
            what: What::Construct("cast"),
            arguments: Vec::new(),
            result: typed.ty,
            fields: typed.fields.clone(),
            nullable: typed.nullable,
            follows: Follows::Not,
            returns_set: false,
            instead: Some(typed),
        }
    }
}

fn signature(cx: &Cx, call: &Call) -> String {
    if !cx.rules().static_types {
        return format!("{} with {} arguments", call.name, call.arguments.len());
    }
    let types = call.arguments.iter().map(|argument| types::shown(cx.schema, Type::plain(argument.value.ty.id)));
    let name = match &call.schema {
        Some(schema) => format!("{schema}.{}", call.name),
        None => call.name.to_string(),
    };
    format!("{name}({})", types.collect::<Vec<_>>().join(", "))
}

fn with_function(cx: &mut Cx, candidate: Candidate, call: Call) -> Called {
    let signature = candidate.routine.signature();
    let actual: Vec<TypeId> = call.arguments.iter().map(|argument| argument.value.ty.id).collect();
    let binding = polymorphic::bind(cx.schema, &actual, &candidate.declared).unwrap_or_default();
    let is_static = cx.rules().static_types;
    check_polymorphic(cx, &actual, &candidate.declared, &binding, call.span);
    let mut arguments = Vec::with_capacity(call.arguments.len());
    for (argument, &declared) in call.arguments.into_iter().zip(&candidate.declared) {
        let wanted = Type::plain(binding.get(declared).unwrap_or(declared));
        arguments.push(match is_static {
            true => coerce::quietly(cx, argument.value, wanted, coerce::Context::Implicit),
            false => argument.value,
        });
    }
    let what = match candidate.routine {
        RoutineRef::Created(created) => {
            cx.used(call.span, Object::Routine(created.id));
            routine::called(cx, created, call.span);
            What::Routine(created.id)
        }
        RoutineRef::BuiltIn(_) => {
            cx.used(call.span, Object::BuiltIn(call.name.clone(), candidate.declared.clone()));
            What::BuiltIn(call.name.clone(), candidate.declared.into())
        }
    };
    let result = if is_static { binding.get(signature.result).unwrap_or(TypeId::UNSURE) } else { TypeId::UNSURE };
    let field = |(number, output): (i32, &crate::dialect::catalog::Argument)| {
        let name: Arc<str> =
            if output.name.is_empty() { format!("column{number}").into() } else { output.name.as_ref().into() };
        Column::new(ColumnNumber(number), name, Type::plain(binding.get(output.ty).unwrap_or(TypeId::UNSURE)))
    };
    let outputs = signature.outputs.iter();
    let fields = (!signature.outputs.is_empty()).then(|| (1..).zip(outputs).map(field).collect());
    let built_in = matches!(candidate.routine, RoutineRef::BuiltIn(_));
    let (nullable, follows) = nullability::of_function(cx.schema, signature, built_in, call.variadic, &arguments);
    Called {
        kind: signature.kind,
        what,
        arguments,
        result: Type::plain(result),
        fields,
        nullable,
        follows,
        returns_set: signature.returns_set,
        instead: None,
    }
}

/// Arguments without a type do not tell what a polymorphic type stands for.
fn check_polymorphic(cx: &mut Cx, actual: &[TypeId], declared: &[TypeId], binding: &polymorphic::Binding, span: Span) {
    let mut undecided =
        actual.iter().zip(declared).filter(|(_, declared)| binding.get(**declared).is_none()).peekable();
    if undecided.peek().is_some() && undecided.all(|(actual, _)| *actual == types::UNKNOWN) {
        let message = "the arguments do not tell what the function's polymorphic type is".to_string();
        let words = Words { span, message, label: "of no type".into() };
        cx.problem(Kind(coerce::MISMATCH.0, "42804", Stage::Parse), Vec::new(), words);
    }
}

/// Several functions may be meant: what they have in common is known.
fn perhaps(candidates: &[Candidate], call: Call) -> Called {
    let same = |of: &dyn Fn(&Candidate) -> TypeId| {
        let mut all = candidates.iter().map(of);
        all.next().filter(|&first| all.all(|other| other == first))
    };
    let result = same(&|candidate| candidate.routine.signature().result).filter(|&id| !polymorphic::is_polymorphic(id));
    let first = candidates.first().map(|candidate| candidate.routine.signature());
    let kind = first.map_or(FunctionKind::Function, |signature| signature.kind);
    Called {
        kind,
        what: What::BuiltIn(call.name, Arc::from([])),
        arguments: call.arguments.into_iter().map(|argument| argument.value).collect(),
        result: result.map_or(Type::UNSURE, Type::plain),
        fields: None,
        nullable: None,
        follows: Follows::Not,
        returns_set: first.is_some_and(|signature| signature.returns_set),
        instead: None,
    }
}

/// No function takes the arguments: perhaps it is a field written like a function.
fn none(cx: &mut Cx, _scope: &Scope, call: Call, named: bool) -> Option<Called> {
    if let [argument] = call.arguments.as_slice() {
        let fields = types::fields_of(cx, &argument.value);
        if let Some(field) = fields.iter().flatten().find(|field| field.name == call.name) {
            return Some(Called::instead(access::field_of(&argument.value, field)));
        }
    }
    let grammar = cx
        .rules()
        .late_functions
        .iter()
        .find(|(name, since, _)| **name == *call.name && cx.schema.catalog.version() >= *since);
    if let Some(&(_, _, result)) = grammar.filter(|_| call.schema.is_none()) {
        let arguments = call.arguments.into_iter().map(|argument| argument.value).collect();
        return Some(Called::instead(Typed { span: call.span, ..Typed::construct("json", result, None, arguments) }));
    }
    if cx.clouded(&call.name, call.span) || cx.of_unknown_extension(&call.name, call.span) {
        return None;
    }
    // An argument of which nothing is known may be of any type, but then something fits or the number is wrong.
    let signature = signature(cx, &call);
    let procedure = matches!(meaning(cx, &call, |kind| kind == FunctionKind::Procedure), Meaning::Function(_));
    let (message, label) = match (named, procedure) {
        (_, true) => (format!("`{signature}` is a procedure, which only `CALL` calls"), "a procedure"),
        (true, _) => (format!("function `{signature}` does not exist"), "does not take these arguments"),
        (false, _) => (format!("function `{signature}` does not exist"), "unknown function"),
    };
    let no_schema = call.schema.as_ref().is_some_and(|schema| {
        !cx.schema.namespaces.contains_key(schema) && !cx.schema.dialect.definition.system_schemas.contains(&&**schema)
    });
    let code = if procedure {
        "42809"
    } else if no_schema {
        "3F000"
    } else {
        NO_FUNCTION.1
    };
    cx.problem(
        Kind(NO_FUNCTION.0, code, NO_FUNCTION.2),
        vec![Key::Routine(call.name.clone())],
        Words { span: call.span, message, label: label.into() },
    );
    let values: Vec<Typed> = call.arguments.into_iter().map(|argument| argument.value).collect();
    operators::about_columns(cx, values.iter());
    None
}

/// The call as an expression: an aggregate belongs to the query whose columns it is over.
pub(in crate::analysis) fn place(
    cx: &mut Cx,
    scope: &Scope,
    called: Called,
    references: usize,
    windowed: bool,
    beside: &mut Vec<Typed>,
    span: Span,
) -> Typed {
    if let Some(typed) = called.instead {
        return Typed { span: span.to(typed.span), ..typed };
    }
    let Called { kind, what, mut arguments, result, fields, nullable, follows, returns_set, .. } = called;
    if returns_set || windowed {
        scope.seen.multiplies.set(true);
    }
    let aggregate =
        matches!(kind, FunctionKind::Aggregate | FunctionKind::OrderedSet(_) | FunctionKind::HypotheticalSet(_));
    let collation = super::super::super::collation::of(&arguments);
    let last = cover(&arguments);
    let span = if last.is_empty() { span } else { span.to(last) };
    arguments.append(beside);
    if kind == FunctionKind::Window && !windowed {
        let message = "a window function needs `OVER`".to_string();
        let words = Words { span, message, label: "without `OVER`".into() };
        cx.problem(Kind(NO_FUNCTION.0, "42809", Stage::Parse), Vec::new(), words);
    }
    let node = if windowed {
        Node::Window { what, arguments }
    } else if aggregate {
        let depth = home(cx, scope, references);
        let level = scope.levels().find(|level| level.depth == depth);
        if let Some(level) = level {
            level.seen.aggregates.set(true);
            if let Some(clause) = level.clause.forbids_aggregates() {
                let message = format!("aggregate functions are not allowed in `{clause}`");
                cx.problem(NO_AGGREGATE_HERE, Vec::new(), Words { span, message, label: "aggregate".into() });
            }
        }
        // What it is over need not be grouped by; columns around its query still must.
        let tail = cx.references.split_off(references.min(cx.references.len()));
        cx.references.extend(tail.into_iter().filter(|reference| reference.column.depth < depth));
        Node::Aggregate { depth, what, arguments }
    } else {
        Node::Call { what, arguments }
    };
    collation.put_on(cx, Typed { fields, follows, ..Typed::new(node, result, nullable, span) })
}

/// The depth of the query that an aggregate belongs to: the innermost whose columns it names, else its own.
fn home(cx: &Cx, scope: &Scope, references: usize) -> u32 {
    let named = cx.references.get(references..).unwrap_or(&[]).iter();
    let depths = named.map(|reference| reference.column.depth).filter(|&depth| depth <= scope.depth);
    depths.max().unwrap_or(scope.depth)
}

/// Finds the procedure of a `CALL`.
pub(in crate::analysis) fn call_procedure(cx: &mut Cx, call: Call) -> bool {
    match meaning(cx, &call, |kind| kind == FunctionKind::Procedure) {
        Meaning::Function(candidate) => {
            with_function(cx, candidate, call);
            true
        }
        Meaning::Perhaps(_) => true,
        Meaning::Cast(_) | Meaning::None { .. } | Meaning::Several => false,
    }
}
