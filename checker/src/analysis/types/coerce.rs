//! Which values fit where: conversions by the catalog, by text, between arrays and rows.

use super::super::Stage;
use super::super::cx::{Cx, Kind, Words};
use super::super::nullability;
use super::super::tree::{Node, Typed, What};
use super::{
    ANY, INT2VECTOR, OIDVECTOR, RECORD, RECORD_ARRAY, UNKNOWN, base, category, element, info, is_composite, is_hazy,
    literal, polymorphic, shown,
};
use crate::dialect::TypeId;
use crate::dialect::catalog::CastContext;
use crate::schema::{Schema, Type};

pub(in crate::analysis) const MISMATCH: Kind = Kind("type-mismatch", "42804", Stage::Parse);
const NO_CAST: Kind = Kind("type-mismatch", "42846", Stage::Parse);

/// Where a conversion applies.
pub(in crate::analysis) type Context = CastContext;

/// How a conversion is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Path {
    /// The types are the same to the server.
    Same,
    /// By a function or element by element.
    Function,
    /// By the text form.
    Text,
}

/// How a value of one type becomes one of another, if it can.
pub(in crate::analysis) fn path(schema: &Schema, source: TypeId, target: TypeId, context: Context) -> Option<Path> {
    let (source, target) = (base(schema, source), base(schema, target));
    if source == target {
        return Some(Path::Same);
    }
    if let Some(cast) = schema.cast(source, target) {
        use crate::dialect::catalog::CastMethod;
        let path = match cast.method {
            CastMethod::Binary => Path::Same,
            CastMethod::Function => Path::Function,
            CastMethod::Text => Path::Text,
        };
        return (context >= cast.context).then_some(path);
    }
    if target != OIDVECTOR
        && target != INT2VECTOR
        && let (Some(from), Some(to)) = (element(schema, source), element(schema, target))
    {
        // Arrays of arrays are no types of their own, so that this goes one level down.
        match path(schema, from, to, context) {
            Some(Path::Text) => return Some(Path::Text),
            Some(_) => return Some(Path::Function),
            None => {}
        }
    }
    let string = |id| category(schema, id).0 == 'S';
    let by_text = context >= Context::Assignment && string(target) || context == Context::Explicit && string(source);
    by_text.then_some(Path::Text)
}

/// Whether values of some types can be converted to others.
pub(in crate::analysis) fn can(schema: &Schema, sources: &[TypeId], targets: &[TypeId], context: Context) -> bool {
    let fits = sources.iter().zip(targets).all(|(&source, &target)| can_one(schema, source, target, context));
    let polymorphic = targets.iter().any(|&target| polymorphic::is_polymorphic(target));
    fits && (!polymorphic || polymorphic::consistent(schema, sources, targets))
}

fn can_one(schema: &Schema, source: TypeId, target: TypeId, context: Context) -> bool {
    if source == target || target == ANY || polymorphic::is_polymorphic(target) || source == UNKNOWN {
        return true;
    }
    if is_hazy(schema, source) || is_hazy(schema, target) || path(schema, source, target, context).is_some() {
        return true;
    }
    let composite_array = |id| element(schema, id).is_some_and(|element| is_composite(schema, element));
    let rows = source == RECORD && is_composite(schema, target)
        || target == RECORD && is_composite(schema, source)
        || source == RECORD_ARRAY && composite_array(target)
        || target == RECORD_ARRAY && composite_array(source);
    rows || inherits(schema, source, target)
}

/// Whether one row type is that of a table which inherits from the other's, or is typed by it.
fn inherits(schema: &Schema, source: TypeId, target: TypeId) -> bool {
    let relation = |id| schema.types.get(&id).and_then(|ty| ty.relation);
    let (Some(source), Some(target)) = (relation(source), relation(target)) else { return false };
    let mut waiting = vec![source];
    let mut seen = Vec::new();
    while let Some(id) = waiting.pop() {
        if id == target {
            return true;
        }
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        waiting.extend(schema.relation(id).iter().flat_map(|relation| relation.parents.iter().copied()));
    }
    false
}

/// Converts a value to a type without a modifier; what cannot be converted stays as it is and is said.
pub(in crate::analysis) fn to_type(cx: &mut Cx, typed: Typed, target: TypeId, context: Context) -> Typed {
    to(cx, typed, Type::plain(target), context, &|source, target| {
        format!("a value of type `{source}` is not of type `{target}`")
    })
}

/// Converts a value; `message` says what does not fit.
pub(in crate::analysis) fn to(
    cx: &mut Cx,
    typed: Typed,
    target: Type,
    context: Context,
    message: &dyn Fn(&str, &str) -> String,
) -> Typed {
    if !cx.rules().static_types || !target.id.is_sure() {
        return typed;
    }
    if !typed.ty.id.is_sure() {
        return with_type(typed, target);
    }
    if can(cx.schema, &[typed.ty.id], &[target.id], context) {
        return quietly(cx, typed, target, context);
    }
    let (source, wanted) = (shown(cx.schema, typed.ty), shown(cx.schema, target));
    let kind = if context == Context::Explicit { NO_CAST } else { MISMATCH };
    let label = format!("`{source}`, not `{wanted}`");
    cx.problem(kind, Vec::new(), Words { span: typed.span, message: message(&source, &wanted), label });
    with_type(typed, target)
}

/// Converts a value that can be converted.
pub(in crate::analysis) fn quietly(cx: &mut Cx, typed: Typed, target: Type, context: Context) -> Typed {
    if typed.ty.id == target.id || target.id == ANY || polymorphic::is_polymorphic(target.id) {
        if target.id == ANY {
            cx.asks_for_no_type(&typed);
        }
        return if target.modifier == -1 || typed.ty.id != target.id { typed } else { with_type(typed, target) };
    }
    match (&typed.node, typed.ty.id) {
        (Node::Parameter(number), UNKNOWN) => {
            let number = *number;
            cx.decide_parameter(number, target.id, typed.span);
            with_type(typed, target)
        }
        (Node::Text(text), UNKNOWN) => {
            let text = text.clone();
            literal::check(cx, &text, target, typed.span);
            with_type(typed, target)
        }
        (Node::Null, UNKNOWN) => with_type(typed, target),
        (Node::Call { what: What::Construct("row"), .. }, RECORD) if is_composite(cx.schema, target.id) => {
            row(cx, typed, target, context)
        }
        _ if base(cx.schema, typed.ty.id) == target.id => Typed { ty: target, ..typed },
        _ => {
            let (nullable, follows) = nullability::of_cast(cx.schema, &typed, target.id);
            Typed { follows, ..cast(typed, target, nullable) }
        }
    }
}

/// `ROW(…)` as a composite type: field by field.
fn row(cx: &mut Cx, typed: Typed, target: Type, context: Context) -> Typed {
    let Some(fields) = cx.schema.attributes(base(cx.schema, target.id)) else { return with_type(typed, target) };
    let Node::Call { what, arguments } = typed.node else { return with_type(typed, target) };
    if fields.len() != arguments.len() {
        let shown = shown(cx.schema, target);
        let message =
            format!("a row of {} values cannot be cast to `{shown}`, which has {}", arguments.len(), fields.len());
        let label = format!("not the fields of `{shown}`");
        let about = type_key(cx.schema, target.id);
        cx.problem(NO_CAST, about, Words { span: typed.span, message, label });
    }
    let mut converted = Vec::new();
    for (at, argument) in arguments.into_iter().enumerate() {
        converted.push(match fields.get(at) {
            Some(field) => to(cx, argument, field.ty, context, &|source, target| {
                format!("a value of type `{source}` is not of type `{target}`")
            }),
            None => argument,
        });
    }
    Typed { node: Node::Call { what, arguments: converted }, ty: target, ..typed }
}

/// The key of a type's name.
pub(in crate::analysis) fn type_key(schema: &Schema, id: TypeId) -> Vec<crate::schema::Key> {
    info(schema, id).map(|info| crate::schema::Key::Type((*info.name).into())).into_iter().collect()
}

/// The same value under another type.
fn with_type(typed: Typed, ty: Type) -> Typed {
    Typed { ty, ..typed }
}

/// A conversion as an expression of its own.
pub(in crate::analysis) fn cast(typed: Typed, target: Type, nullable: Option<bool>) -> Typed {
    let span = typed.span;
    let (collation, strength) = (typed.collation.clone(), typed.strength);
    let node = Node::Call { what: What::Cast(target), arguments: vec![typed] };
    Typed { collation, strength, ..Typed::new(node, target, nullable, span) }
}
