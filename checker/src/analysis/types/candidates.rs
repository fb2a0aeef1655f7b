//! Which of several functions or operators of one name is meant.

use super::super::Stage;
use super::super::cx::{Cx, Kind, Words};
use super::super::tree::Typed;
use super::coerce::{Context, can};
use super::{UNKNOWN, base, category, is_hazy, shown};
use crate::dialect::TypeId;
use crate::dialect::catalog::CatalogOperator;
use crate::schema::{Key, Schema, Type};
use crate::source::Span;

pub(in crate::analysis) const NO_FUNCTION: Kind = Kind("missing-function", "42883", Stage::Parse);
pub(in crate::analysis) const AMBIGUOUS: Kind = Kind("missing-function", "42725", Stage::Parse);

/// Which candidate is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Choice {
    /// This one, by its place.
    One(usize),
    /// None takes these arguments.
    None,
    /// Several do, and none is better than the others.
    Several,
    /// Not all types are known: one of these, or none.
    Perhaps(Vec<usize>),
}

/// Chooses among candidates by their argument types.
pub(in crate::analysis) fn choose(schema: &Schema, inputs: &[TypeId], candidates: &[Vec<TypeId>]) -> Choice {
    if let Some(exact) = candidates.iter().position(|declared| declared == inputs)
        && inputs.iter().all(|input| input.is_sure())
    {
        return Choice::One(exact);
    }
    let hazy = |id: &TypeId| *id != UNKNOWN && is_hazy(schema, *id);
    let fits = |at: &usize| can(schema, inputs, &candidates[*at], Context::Implicit);
    let fitting: Vec<usize> = (0..candidates.len()).filter(fits).collect();
    if inputs.iter().any(hazy) || fitting.iter().any(|&at| candidates[at].iter().any(hazy)) {
        return match fitting.as_slice() {
            [] => Choice::None,
            // A type that is not known may still not fit, but then the server says so, and nothing follows from it here.
            [one] => Choice::One(*one),
            _ => Choice::Perhaps(fitting),
        };
    }
    match fitting.as_slice() {
        [] => Choice::None,
        [one] => Choice::One(*one),
        _ => best(schema, inputs, candidates, fitting).map_or(Choice::Several, Choice::One),
    }
}

/// The server's rules, in its order, each of which leaves fewer candidates.
fn best(schema: &Schema, inputs: &[TypeId], all: &[Vec<TypeId>], mut left: Vec<usize>) -> Option<usize> {
    let mut inputs: Vec<TypeId> =
        inputs.iter().map(|&id| if id == UNKNOWN { UNKNOWN } else { base(schema, id) }).collect();
    let exact = |input: TypeId, declared: TypeId| input != UNKNOWN && input == declared;
    keep_most(&mut left, |at| count(&inputs, &all[at], exact));
    if let [one] = left.as_slice() {
        return Some(*one);
    }
    let preferred = |input: TypeId, declared: TypeId| {
        let same_category = || category(schema, declared) == (category(schema, input).0, true);
        input != UNKNOWN && (input == declared || same_category())
    };
    keep_most(&mut left, |at| count(&inputs, &all[at], preferred));
    if let [one] = left.as_slice() {
        return Some(*one);
    }
    if !inputs.contains(&UNKNOWN) {
        return None;
    }
    if let Some(kept) = by_category(schema, &inputs, all, &left) {
        left = kept;
    }
    if let [one] = left.as_slice() {
        return Some(*one);
    }
    // Where all known types are the same, the unknown ones are taken to be that too.
    let mut known = inputs.iter().filter(|&&id| id != UNKNOWN);
    let first = *known.next()?;
    if known.any(|&id| id != first) {
        return None;
    }
    inputs.fill(first);
    let mut fitting = left.iter().filter(|&&at| can(schema, &inputs, &all[at], Context::Implicit));
    match (fitting.next(), fitting.next()) {
        (Some(&one), None) => Some(one),
        _ => None,
    }
}

fn count(inputs: &[TypeId], declared: &[TypeId], matches: impl Fn(TypeId, TypeId) -> bool) -> usize {
    inputs.iter().zip(declared).filter(|&(&input, &declared)| matches(input, declared)).count()
}

fn keep_most(left: &mut Vec<usize>, score: impl Fn(usize) -> usize) {
    let most = left.iter().map(|&at| score(at)).max().unwrap_or(0);
    left.retain(|&at| score(at) == most);
}

/// For untyped arguments: the category that all candidates take there, or string where one takes it.
fn by_category(schema: &Schema, inputs: &[TypeId], all: &[Vec<TypeId>], left: &[usize]) -> Option<Vec<usize>> {
    let mut wanted: Vec<Option<(char, bool)>> = vec![None; inputs.len()];
    for (slot, _) in inputs.iter().enumerate().filter(|(_, input)| **input == UNKNOWN) {
        let mut conflict = false;
        let mut chosen: Option<(char, bool)> = None;
        for &at in left {
            let current = category(schema, all[at][slot]);
            chosen = Some(match chosen {
                None => current,
                Some((category, preferred)) if category == current.0 => (category, preferred || current.1),
                Some(_) if current.0 == 'S' => current,
                Some(other) => {
                    conflict = true;
                    other
                }
            });
        }
        if conflict && chosen.is_none_or(|(category, _)| category != 'S') {
            return None;
        }
        wanted[slot] = chosen;
    }
    let fits = |&&at: &&usize| {
        wanted.iter().zip(&all[at]).all(|(wanted, &declared)| match wanted {
            None => true,
            Some((wanted, preferred)) => {
                let (category, is_preferred) = category(schema, declared);
                category == *wanted && (is_preferred || !preferred)
            }
        })
    };
    let kept: Vec<usize> = left.iter().filter(fits).copied().collect();
    (!kept.is_empty()).then_some(kept)
}

/// The operator that is meant.
#[derive(Clone, Debug)]
pub(in crate::analysis) enum Operator<'a> {
    One(&'a CatalogOperator),
    /// One of these, or none.
    Perhaps(Vec<&'a CatalogOperator>),
    None,
    Several,
}

/// Chooses an operator by the types of its operands.
pub(in crate::analysis) fn operator<'a>(
    schema: &'a Schema,
    namespace: Option<&str>,
    name: &str,
    left: Option<TypeId>,
    right: TypeId,
) -> Operator<'a> {
    let mut found = schema.find_operators(namespace, name);
    if let Some(exact) = exact_operator(schema, &found, left, right) {
        return Operator::One(exact);
    }
    found.retain(|operator| operator.left.is_some() == left.is_some());
    let declared: Vec<Vec<TypeId>> =
        found.iter().map(|operator| operator.left.into_iter().chain([operator.right]).collect()).collect();
    let inputs: Vec<TypeId> = left.into_iter().chain([right]).collect();
    match choose(schema, &inputs, &declared) {
        Choice::One(at) => found.get(at).map_or(Operator::None, |operator| Operator::One(operator)),
        Choice::None => Operator::None,
        Choice::Several => Operator::Several,
        Choice::Perhaps(places) => Operator::Perhaps(places.iter().filter_map(|&at| found.get(at).copied()).collect()),
    }
}

/// The operator for exactly these operands, where an untyped one is taken to be like the other.
fn exact_operator<'a>(
    schema: &Schema,
    found: &[&'a CatalogOperator],
    left: Option<TypeId>,
    right: TypeId,
) -> Option<&'a CatalogOperator> {
    let lookup = |left: Option<TypeId>, right: TypeId| {
        if !right.is_sure() || !left.is_none_or(TypeId::is_sure) {
            return None;
        }
        // A loop and no closure: this is where macros, which are not optimised, spend their time.
        for operator in found {
            if operator.right.0 == right.0 && operator.left == left {
                return Some(*operator);
            }
        }
        None
    };
    let (left, right, was_unknown) = match left {
        Some(UNKNOWN) if right != UNKNOWN => (Some(right), right, true),
        Some(left) if right == UNKNOWN && left != UNKNOWN => (Some(left), left, true),
        _ => (left, right, false),
    };
    let below = || lookup(Some(base(schema, right)), base(schema, right));
    lookup(left, right).or_else(|| if was_unknown { below() } else { None })
}

/// Whether two values can be compared by `=`; says so where they cannot.
pub(in crate::analysis) fn comparable(cx: &mut Cx, a: &Typed, b: &Typed, span: Span) {
    if let Operator::None | Operator::Several = operator(cx.schema, None, "=", Some(a.ty.id), b.ty.id) {
        no_operator(cx, "=", Some(a.ty), b.ty, span, NO_FUNCTION);
    }
    cx.depend(Key::Operator("=".into()));
}

/// Says that there is no such operator, or that several may be meant.
pub(in crate::analysis) fn no_operator(
    cx: &mut Cx,
    name: &str,
    left: Option<Type>,
    right: Type,
    span: Span,
    kind: Kind,
) {
    let side = |ty: Type| shown(cx.schema, Type::plain(ty.id));
    let signature = match left {
        Some(left) => format!("{} {name} {}", side(left), side(right)),
        None => format!("{name} {}", side(right)),
    };
    let Kind(_, sqlstate, _) = kind;
    let (message, label) = match sqlstate {
        "42725" => (format!("operator is not unique: `{signature}`"), "ambiguous operator".to_string()),
        _ => (format!("operator does not exist: `{signature}`"), "no such operator".to_string()),
    };
    cx.problem(kind, vec![Key::Operator(name.into())], Words { span, message, label });
}
