//! The functions that a call may mean, with the argument types that each of them takes from it.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::super::cx::Cx;
use super::super::super::tree::Typed;
use super::super::super::types::candidates::{Choice, choose};
use super::super::super::types::{ANY, UNKNOWN, base, coerce, is_composite};
use crate::dialect::TypeId;
use crate::dialect::catalog::{self, FunctionKind};
use crate::schema::{RoutineRef, Type};
use crate::source::Span;

/// An argument of a call.
#[derive(Clone, Debug)]
pub(in crate::analysis) struct Argument {
    pub(in crate::analysis) name: Option<Arc<str>>,
    pub(in crate::analysis) value: Typed,
}

/// A call as written.
#[derive(Clone, Debug)]
pub(in crate::analysis) struct Call {
    pub(in crate::analysis) schema: Option<Arc<str>>,
    pub(in crate::analysis) name: Arc<str>,
    pub(in crate::analysis) span: Span,
    pub(in crate::analysis) arguments: Vec<Argument>,
    /// `(*)`.
    pub(in crate::analysis) star: bool,
    /// `VARIADIC` before the last argument.
    pub(in crate::analysis) variadic: bool,
}

/// A function with the argument types that it takes from a call, in the call's order.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) routine: RoutineRef<'a>,
    pub(super) declared: Vec<TypeId>,
    /// Whether the last argument stands for many.
    expanded: bool,
}

/// What a call means.
pub(super) enum Meaning<'a> {
    Function(Candidate<'a>),
    /// A cast, written like a function.
    Cast(Type),
    /// One of these, or none.
    Perhaps(Vec<Candidate<'a>>),
    /// None takes the arguments; whether there are any of that name.
    None {
        named: bool,
    },
    Several,
}

/// Finds out what a call means.
pub(super) fn meaning<'a>(cx: &Cx<'a>, call: &Call, wanted: impl Fn(FunctionKind) -> bool) -> Meaning<'a> {
    let schema = cx.schema;
    let found = schema.find_routines(call.schema.as_deref(), &call.name);
    let named = !found.is_empty();
    let mut candidates: Vec<Candidate<'a>> = Vec::new();
    for routine in found.into_iter().filter(|routine| wanted(routine.signature().kind)) {
        if let Some(candidate) = candidate(routine, call) {
            add(&mut candidates, candidate);
        }
    }
    if !cx.rules().static_types {
        return candidates.into_iter().next().map_or(Meaning::None { named }, Meaning::Function);
    }
    let inputs: Vec<TypeId> = call.arguments.iter().map(|argument| argument.value.ty.id).collect();
    let declared: Vec<Vec<TypeId>> = candidates.iter().map(|candidate| candidate.declared.clone()).collect();
    let exact = declared.contains(&inputs);
    if let Some(target) = cast_target(cx, call).filter(|_| !exact) {
        return Meaning::Cast(target);
    }
    match choose(schema, &inputs, &declared) {
        Choice::One(at) => candidates.into_iter().nth(at).map_or(Meaning::None { named }, Meaning::Function),
        Choice::Perhaps(places) => {
            let kept = candidates.into_iter().enumerate().filter(|(at, _)| places.contains(at));
            Meaning::Perhaps(kept.map(|(_, candidate)| candidate).collect())
        }
        Choice::None => Meaning::None { named },
        Choice::Several => Meaning::Several,
    }
}

/// Whether some function takes the arguments.
pub(super) fn has_fitting(cx: &Cx, name: &Arc<str>, arguments: &[Argument]) -> bool {
    let call = Call {
        schema: None,
        name: name.clone(),
        span: Span::default(),
        arguments: arguments.to_vec(),
        star: false,
        variadic: false,
    };
    matches!(meaning(cx, &call, |_| true), Meaning::Function(_))
}

/// Of two functions that take the same types the first in the path counts, and one that lists them before one that stands
/// for many.
fn add<'a>(candidates: &mut Vec<Candidate<'a>>, candidate: Candidate<'a>) {
    match candidates.iter_mut().find(|known| known.declared == candidate.declared) {
        Some(known) if known.expanded && !candidate.expanded => *known = candidate,
        Some(_) => {}
        None => candidates.push(candidate),
    }
}

/// The types that a function takes from a call, where their number and names fit.
fn candidate<'a>(routine: RoutineRef<'a>, call: &Call) -> Option<Candidate<'a>> {
    let signature = routine.signature();
    let inputs = inputs(routine);
    let given = call.arguments.len();
    let takes = inputs.len();
    if call.star {
        return (takes == 0 && given == 0).then(|| Candidate { routine, declared: Vec::new(), expanded: false });
    }
    if call.arguments.iter().any(|argument| argument.name.is_some()) {
        return named(routine, &inputs, call);
    }
    if let Some(element) = signature.variadic.filter(|_| !call.variadic && given >= takes) {
        let fixed = inputs.iter().take(takes.saturating_sub(1)).map(|argument| argument.ty);
        let mut declared: Vec<TypeId> = fixed.collect();
        declared.resize(given, element);
        return Some(Candidate { routine, declared, expanded: true });
    }
    let fits = given == takes || given < takes && given + signature.defaults >= takes;
    fits.then(|| {
        let declared = inputs.iter().take(given).map(|argument| argument.ty).collect();
        Candidate { routine, declared, expanded: false }
    })
}

/// What a call gives: of a procedure also a value for each OUT parameter.
fn inputs(routine: RoutineRef<'_>) -> Cow<'_, [catalog::Argument]> {
    let signature = routine.signature();
    match routine {
        RoutineRef::Created(created)
            if signature.kind == FunctionKind::Procedure && created.arguments.len() > signature.arguments.len() =>
        {
            let all = created.arguments.iter().map(|(_, name, ty)| catalog::Argument {
                name: name.as_deref().unwrap_or_default().to_owned().into(),
                ty: ty.id,
            });
            Cow::Owned(all.collect())
        }
        _ => Cow::Borrowed(&signature.arguments),
    }
}

/// Arguments by name: each name is one of the function's, and what is not given has a default.
fn named<'a>(routine: RoutineRef<'a>, inputs: &[catalog::Argument], call: &Call) -> Option<Candidate<'a>> {
    let mut declared = Vec::new();
    let mut filled = vec![false; inputs.len()];
    for (at, argument) in call.arguments.iter().enumerate() {
        let place = match &argument.name {
            None => at,
            Some(name) => inputs.iter().position(|declared| *declared.name == **name)?,
        };
        let slot = filled.get_mut(place)?;
        if std::mem::replace(slot, true) {
            return None;
        }
        declared.push(inputs.get(place)?.ty);
    }
    let first_default = filled.len().saturating_sub(routine.signature().defaults);
    let missing = filled.iter().take(first_default).any(|filled| !filled);
    (!missing).then_some(Candidate { routine, declared, expanded: false })
}

/// `type(value)` is a cast where no function has the name and takes the value.
fn cast_target(cx: &Cx, call: &Call) -> Option<Type> {
    let [Argument { name: None, value }] = call.arguments.as_slice() else { return None };
    let target = cx.schema.find_type(call.schema.as_deref(), &call.name)?;
    let target_type = Type::plain(target);
    let source = value.ty.id;
    if source == UNKNOWN {
        return Some(target_type);
    }
    if !source.is_sure() || target == ANY {
        return None;
    }
    match coerce::path(cx.schema, source, target, coerce::Context::Explicit)? {
        coerce::Path::Same => Some(target_type),
        coerce::Path::Text => {
            let row = is_composite(cx.schema, base(cx.schema, source));
            (!row).then_some(target_type)
        }
        coerce::Path::Function => None,
    }
}
