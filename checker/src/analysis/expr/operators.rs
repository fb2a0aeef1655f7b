//! Operators.

use std::sync::Arc;

use sqlparser::ast::{self, BinaryOperator, UnaryOperator};

use super::super::cx::Cx;
use super::super::nullability::{self, Follows};
use super::super::scope::Scope;
use super::super::tree::{Node, Typed, What, cover};
use super::super::types::candidates::{AMBIGUOUS, NO_FUNCTION, Operator, no_operator, operator};
use super::super::types::{self, BOOL, coerce, polymorphic};
use super::{boolean, expr, literals, or_whole, subqueries};
use crate::dialect::TypeId;
use crate::dialect::catalog::CatalogOperator;
use crate::schema::{Key, Type};
use crate::source::Span;

/// An operator's name, perhaps with its schema.
pub(in crate::analysis) struct OperatorName {
    pub(in crate::analysis) schema: Option<String>,
    pub(in crate::analysis) name: String,
}

impl OperatorName {
    pub(in crate::analysis) fn plain(name: &str) -> OperatorName {
        OperatorName { schema: None, name: name.to_string() }
    }
}

/// A row of binary operators: its left side may be very deep, so that it is taken apart without recursion.
pub(super) fn chain(cx: &mut Cx, scope: &Scope, written: &ast::Expr) -> Typed {
    let mut steps = Vec::new();
    let mut first = written;
    while let ast::Expr::BinaryOp { left, op, right } = first {
        steps.push((left.as_ref(), op, right.as_ref()));
        first = left;
    }
    let mut typed = cx.weighing(steps.len(), |cx| expr(cx, scope, first));
    while let Some((left, op, right)) = steps.pop() {
        typed = step(cx, scope, (left, typed), op, right);
    }
    typed
}

fn step(cx: &mut Cx, scope: &Scope, left: (&ast::Expr, Typed), op: &BinaryOperator, right: &ast::Expr) -> Typed {
    let (left_written, left) = left;
    match op {
        BinaryOperator::And => return logical(cx, scope, "and", left, right),
        BinaryOperator::Or => return logical(cx, scope, "or", left, right),
        BinaryOperator::Overlaps => {
            let right = expr(cx, scope, right);
            return Typed::construct("overlaps", boolean_type(cx), None, vec![left, right]);
        }
        _ => {}
    }
    let name = operator_name(cx, op);
    if let (ast::Expr::Tuple(_), ast::Expr::Subquery(query)) = (left_written, right) {
        return subqueries::row_against_query(cx, scope, left, &name, query);
    }
    let right = expr(cx, scope, right);
    binary(cx, &name, left, right)
}

/// The type of truth values, where types are static.
pub(super) fn boolean_type(cx: &Cx) -> TypeId {
    if cx.rules().static_types { BOOL } else { TypeId::UNSURE }
}

/// `AND` and `OR`: one node for a whole row of them.
fn logical(cx: &mut Cx, scope: &Scope, name: &'static str, left: Typed, right: &ast::Expr) -> Typed {
    let right = expr(cx, scope, right);
    let place = if name == "and" { "AND" } else { "OR" };
    let mut arguments = match left {
        Typed { node: Node::Call { what: What::Construct(same), arguments }, .. } if same == name => arguments,
        other => vec![boolean(cx, other, place)],
    };
    arguments.push(boolean(cx, right, place));
    nullability::total(Typed::construct(name, boolean_type(cx), None, arguments))
}

/// An operator as it is looked up.
pub(in crate::analysis) fn operator_name(cx: &Cx, op: &BinaryOperator) -> OperatorName {
    match op {
        BinaryOperator::PGCustomBinaryOperator(parts) => {
            let mut parts = parts.clone();
            let name = parts.pop().unwrap_or_default();
            OperatorName { schema: parts.pop().map(|schema| (cx.schema.dialect.fold)(&schema)), name: unequal(&name) }
        }
        other => OperatorName { schema: None, name: unequal(&other.to_string()) },
    }
}

/// `!=` is another way to write `<>`.
fn unequal(name: &str) -> String {
    if name == "!=" { "<>".to_string() } else { name.to_string() }
}

/// A binary operator over two values.
pub(in crate::analysis) fn binary(cx: &mut Cx, name: &OperatorName, left: Typed, right: Typed) -> Typed {
    if let (Node::Call { what: What::Construct("row"), .. }, Node::Call { what: What::Construct("row"), .. }) =
        (&left.node, &right.node)
    {
        return rows(cx, name, left, right);
    }
    apply(cx, name, Some(left), right)
}

/// `(a, b) = (c, d)`: pair by pair.
fn rows(cx: &mut Cx, name: &OperatorName, left: Typed, right: Typed) -> Typed {
    let (Node::Call { arguments: a, .. }, Node::Call { arguments: b, .. }) = (left.node, right.node) else {
        return Typed::unsure(left.span);
    };
    if a.len() != b.len() {
        subqueries::unequal_rows(cx, a.len(), b.len(), left.span.to(right.span));
        return Typed::construct("rows", boolean_type(cx), None, Vec::new());
    }
    let pairs: Vec<Typed> = a.into_iter().zip(b).map(|(a, b)| binary(cx, name, a, b)).collect();
    nullability::total(Typed::construct("rows", boolean_type(cx), None, pairs))
}

/// A unary operator.
pub(super) fn unary(cx: &mut Cx, scope: &Scope, op: UnaryOperator, operand: &ast::Expr) -> Typed {
    if op == UnaryOperator::Minus
        && let Some(number) = literals::negative(cx, operand)
    {
        return number;
    }
    let operand = expr(cx, scope, operand);
    match op {
        UnaryOperator::Not | UnaryOperator::BangNot => {
            let operand = boolean(cx, operand, "NOT");
            nullability::total(Typed::construct("not", boolean_type(cx), None, vec![operand]))
        }
        UnaryOperator::PGPostfixFactorial => Typed::unsure(operand.span),
        other => apply(cx, &OperatorName::plain(&other.to_string()), None, operand),
    }
}

/// Finds an operator, converts the operands, gives the result its type.
pub(in crate::analysis) fn apply(cx: &mut Cx, name: &OperatorName, left: Option<Typed>, right: Typed) -> Typed {
    let operands = |left: Option<Typed>, right: Typed| left.into_iter().chain([right]).collect::<Vec<_>>();
    let text: Arc<str> = name.name.as_str().into();
    if !cx.rules().static_types {
        let arguments = operands(left, right);
        let span = cover(&arguments);
        let node = Node::Call { what: What::BuiltIn(text, Arc::from([])), arguments };
        return Typed::new(node, Type::UNSURE, None, span);
    }
    cx.depend(Key::Operator(text.clone()));
    let schema = cx.schema;
    let left_id = left.as_ref().map(|left| left.ty.id);
    match operator(schema, name.schema.as_deref(), &name.name, left_id, right.ty.id) {
        Operator::One(found) => with_operator(cx, found, operands(left, right)),
        Operator::Perhaps(found) => {
            let result = same_result(&found);
            let arguments = operands(left, right);
            let span = cover(&arguments);
            Typed::new(Node::Call { what: What::BuiltIn(text, Arc::from([])), arguments }, result, None, span)
        }
        outcome @ (Operator::None | Operator::Several) => {
            let kind = if matches!(outcome, Operator::None) { NO_FUNCTION } else { AMBIGUOUS };
            let span = left.as_ref().map_or(right.span, |left| left.span.to(right.span));
            let span = or_whole(cx, span);
            if !cx.clouded(&name.name, span) && !cx.of_unknown_extension(&name.name, span) {
                no_operator(cx, &name.name, left.as_ref().map(|left| left.ty), right.ty, span, kind);
                about_columns(cx, left.iter().chain([&right]));
            }
            Typed::unsure(span)
        }
    }
}

/// A problem with operands is about the columns among them: their types may have changed.
pub(in crate::analysis) fn about_columns<'t>(cx: &mut Cx, operands: impl Iterator<Item = &'t Typed>) {
    let schema = cx.schema;
    let column = |typed: &Typed| {
        let (relation, number) = typed.origin?;
        let relation = schema.relation(relation)?;
        let column = relation.column_numbered(number)?;
        Some(Key::Column(relation.name.clone(), column.name.clone()))
    };
    let about: Vec<Key> = operands.filter_map(column).collect();
    if let Some(problem) = cx.out.problems.last_mut() {
        problem.about.splice(0..0, about);
    }
}

/// The type that all of some operators return.
fn same_result(found: &[&CatalogOperator]) -> Type {
    let mut results = found.iter().map(|operator| operator.result);
    match results.next() {
        Some(first) if !polymorphic::is_polymorphic(first) && results.all(|other| other == first) => Type::plain(first),
        _ => Type::UNSURE,
    }
}

fn with_operator(cx: &mut Cx, found: &CatalogOperator, operands: Vec<Typed>) -> Typed {
    let declared: Vec<TypeId> = found.left.into_iter().chain([found.right]).collect();
    let actual: Vec<TypeId> = operands.iter().map(|operand| operand.ty.id).collect();
    let binding = polymorphic::bind(cx.schema, &actual, &declared).unwrap_or_default();
    let wanted: Vec<TypeId> = declared.iter().map(|&id| binding.get(id).unwrap_or(id)).collect();
    let span = cover(&operands);
    let converted = operands.into_iter().zip(&wanted);
    let arguments: Vec<Typed> = converted
        .map(|(operand, &id)| coerce::quietly(cx, operand, Type::plain(id), coerce::Context::Implicit))
        .collect();
    cx.used_operator(or_whole(cx, span), found);
    let (nullable, follows) = nullability::of_operator(cx.schema, found, &arguments);
    let collation = super::super::collation::of(&arguments);
    super::super::collation::of_operator(cx, &found.name, &arguments, span);
    let result = Type::plain(binding.get(found.result).unwrap_or(TypeId::UNSURE));
    let node = Node::Call { what: What::BuiltIn(found.name.as_ref().into(), declared.into()), arguments };
    collation.put_on(cx, Typed { follows, ..Typed::new(node, result, nullable, span) })
}

/// An operator over an array's elements: `value = ANY (array)`, or `ALL`, as `what` says.
pub(super) fn over_array(cx: &mut Cx, what: &'static str, name: &OperatorName, left: Typed, right: Typed) -> Typed {
    let span = left.span.to(right.span);
    if !cx.rules().static_types {
        return Typed::construct(what, TypeId::UNSURE, None, vec![left, right]);
    }
    cx.depend(Key::Operator(name.name.as_str().into()));
    let schema = cx.schema;
    let element = match right.ty.id {
        types::UNKNOWN => types::UNKNOWN,
        id if types::is_hazy(schema, id) => TypeId::UNSURE,
        id => match types::base_element(schema, id) {
            Some(element) => element,
            None => {
                let shown = types::shown(schema, right.ty);
                let message = format!("`ANY` and `ALL` need an array on the right side, not `{shown}`");
                let words = super::super::cx::Words { span: right.span, message, label: "not an array".into() };
                let kind = super::super::cx::Kind("type-mismatch", "42809", super::super::Stage::Parse);
                cx.problem(kind, Vec::new(), words);
                about_columns(cx, [&right].into_iter());
                TypeId::UNSURE
            }
        },
    };
    match operator(schema, name.schema.as_deref(), &name.name, Some(left.ty.id), element) {
        Operator::One(found) => {
            let (found_left, found_right) = (found.left.unwrap_or(TypeId::UNSURE), found.right);
            let binding =
                polymorphic::bind(schema, &[left.ty.id, element], &[found_left, found_right]).unwrap_or_default();
            let wanted = |id| binding.get(id).unwrap_or(id);
            let left = coerce::quietly(cx, left, Type::plain(wanted(found_left)), coerce::Context::Implicit);
            let array = schema.array_of(wanted(found_right)).unwrap_or(TypeId::UNSURE);
            let right = if right.ty.id == types::UNKNOWN {
                coerce::to_type(cx, right, array, coerce::Context::Implicit)
            } else {
                right
            };
            cx.used_operator(span, found);
            let follows = if found.strict { Follows::Operands { total: false } } else { Follows::Not };
            Typed { follows, ..Typed::construct(what, BOOL, None, vec![left, right]) }
        }
        Operator::Perhaps(_) => Typed::construct(what, BOOL, None, vec![left, right]),
        outcome @ (Operator::None | Operator::Several) => {
            let kind = if matches!(outcome, Operator::None) { NO_FUNCTION } else { AMBIGUOUS };
            let span = or_whole(cx, span);
            if !cx.clouded(&name.name, span) && !cx.of_unknown_extension(&name.name, span) {
                no_operator(cx, &name.name, Some(left.ty), Type::plain(element), span, kind);
                about_columns(cx, [&left, &right].into_iter());
            }
            Typed::construct(what, BOOL, None, vec![left, right])
        }
    }
}

impl Cx<'_> {
    fn used_operator(&mut self, span: Span, found: &CatalogOperator) {
        let types = found.left.into_iter().chain([found.right]).collect();
        self.used(span, super::super::Object::BuiltIn(found.name.as_ref().into(), types));
    }
}
