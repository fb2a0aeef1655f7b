//! Whether the types of columns fit what keys ask of them: an order, and for a foreign key a comparison with the key that it
//! refers to.

use std::ops::ControlFlow;
use std::sync::Arc;

use sqlparser::ast::{BinaryOperator, Expr, Ident, Value, Visitor};

use super::{Cx, Outcome, problem};
use crate::dialect::TypeId;
use crate::dialect::catalog::{CastContext, TypeKind};
use crate::schema::mention::folded;
use crate::schema::{ColumnNumber, Constraint, ConstraintKind, Index, Key, Relation, Schema, Type};
use crate::source::Span;
use crate::sql::{ddl, walk};

/// After types of a relation's columns changed: its keys and checks, and the foreign keys from and to it, are built anew.
pub(super) fn after_new_types(cx: &mut Cx<'_>, before: &Relation, span: Span) -> Outcome {
    let id = before.id;
    let Some(relation) = cx.schema.relation(id) else { return Ok(()) };
    for index in &relation.indexes {
        keys(cx, &relation, index, span)?;
        let expressions = index.keys.iter().filter_map(|key| key.expr.as_ref());
        for expr in expressions.chain(&index.predicate) {
            literals(cx, before, &relation, expr, span)?;
        }
    }
    for constraint in &relation.constraints {
        if let ConstraintKind::Check(expr) = &constraint.kind {
            literals(cx, before, &relation, expr, span)?;
        }
    }
    let mut foreign: Vec<(Arc<Relation>, Constraint)> =
        relation.constraints.iter().map(|constraint| (relation.clone(), constraint.clone())).collect();
    for (source, constraint) in cx.schema.referencing(id) {
        if source != id {
            foreign.extend(cx.schema.relation(source).map(|source| (source, constraint.clone())));
        }
    }
    for (source, constraint) in foreign {
        foreign_key(cx, &source, &constraint, span)?;
    }
    Ok(())
}

/// Refuses an index whose method has no order for the type of one of its columns.
pub(super) fn keys(cx: &mut Cx<'_>, relation: &Relation, index: &Index, span: Span) -> Outcome {
    // Other methods get their classes for plain types from extensions.
    if cx.schema.catalog.operator_classes().is_empty() || !matches!(&*index.method, "btree" | "hash") {
        return Ok(());
    }
    for key in index.keys.iter().filter(|key| key.operator_class.is_none()) {
        let Some(column) = key.column.and_then(|number| relation.column_numbered(number)) else { continue };
        if has_order(cx.schema, &index.method, column.ty) {
            continue;
        }
        let (ty, method) = (cx.schema.format_type(column.ty), &index.method);
        let message = format!("data type {ty} has no default operator class for access method {method}");
        let about = vec![Key::Column(relation.name.clone(), column.name.clone())];
        cx.refuse(problem::fails(span, "42704", message, about))?;
    }
    Ok(())
}

/// True also where that is not known: for the types of extensions.
fn has_order(schema: &Schema, method: &str, ty: Type) -> bool {
    let ty = schema.base_type(ty).id;
    let built_in = schema.catalog.type_by_id(ty);
    built_in.is_none_or(|ty| schema.catalog.default_operator_class(method, ty).is_some())
}

/// Refuses a foreign key whose columns cannot be compared with those that it refers to.
pub(super) fn foreign_key(cx: &mut Cx<'_>, relation: &Relation, constraint: &Constraint, span: Span) -> Outcome {
    let ConstraintKind::ForeignKey { table, referenced, .. } = &constraint.kind else { return Ok(()) };
    let Some(target) = cx.schema.relation(*table).filter(|_| !cx.schema.dialect.definition.foreign_keys_wait) else {
        return Ok(());
    };
    let ty = |relation: &Relation, number: &ColumnNumber| relation.column_numbered(*number).map(|column| column.ty);
    for (own, other) in constraint.columns.iter().zip(referenced) {
        let (Some(own), Some(other)) = (ty(relation, own), ty(&target, other)) else { continue };
        if !comparable(cx.schema, other, own) {
            let message = format!("foreign key constraint `{}` cannot be implemented", constraint.name);
            let about = vec![Key::Constraint(relation.name.clone(), constraint.name.clone())];
            cx.refuse(problem::fails(span, "42804", message, about))?;
        }
    }
    Ok(())
}

/// Refuses an expression in which a column of a new type stands beside a literal that became one of the old type when the
/// expression was read.
fn literals(cx: &mut Cx<'_>, before: &Relation, relation: &Relation, expr: &ddl::Expr, span: Span) -> Outcome {
    let Some(tree) = expr.tree() else { return Ok(()) };
    let mut beside = Beside(Vec::new());
    let _ = walk(&**tree, &mut beside);
    for (name, literal) in beside.0 {
        let name = folded(cx.schema, &name);
        let Some(now) = relation.column(&name) else { continue };
        let Some(was) = before.column_numbered(now.number).filter(|was| was.ty.id != now.ty.id) else { continue };
        let system = cx.schema.dialect.system_schema;
        let was = match literal {
            Literal::Number => cx.schema.find_type(system, "int4").map(Type::plain),
            Literal::Text => Some(was.ty).filter(|ty| compares_as_itself(cx.schema, *ty)),
        };
        let Some(was) = was.filter(|was| !comparable(cx.schema, now.ty, *was) && !comparable(cx.schema, *was, now.ty))
        else {
            continue;
        };
        let (left, right) = (cx.schema.format_type(now.ty), cx.schema.format_type(was));
        let message = format!("`{}` compares {left} with {right}", expr.text);
        let about = vec![Key::Column(relation.name.clone(), now.name.clone())];
        cx.refuse(problem::fails(span, "42883", message, about))?;
    }
    Ok(())
}

/// Whether values are compared without a cast to another type, which the server then keeps in the expression.
fn compares_as_itself(schema: &Schema, ty: Type) -> bool {
    let ty = schema.base_type(ty).id;
    let built_in = schema.catalog.type_by_id(ty);
    let class = built_in.and_then(|built_in| schema.catalog.default_operator_class("btree", built_in));
    class.is_none_or(|class| class.input == ty)
}

/// Names that are compared with literals.
struct Beside(Vec<(Ident, Literal)>);

#[derive(Clone, Copy)]
enum Literal {
    Number,
    Text,
}

impl Visitor for Beside {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
        match expr {
            Expr::BinaryOp { left, op: Eq | NotEq | Lt | LtEq | Gt | GtEq, right } => {
                self.add(left, right);
                self.add(right, left);
            }
            Expr::InList { expr, list, .. } => list.iter().for_each(|literal| self.add(expr, literal)),
            Expr::Between { expr, low, high, .. } => {
                [low, high].into_iter().for_each(|literal| self.add(expr, literal))
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Beside {
    fn add(&mut self, name: &Expr, literal: &Expr) {
        let literal = match bare(literal) {
            Expr::Value(value) => match &value.value {
                Value::Number(..) => Literal::Number,
                Value::SingleQuotedString(_) => Literal::Text,
                _ => return,
            },
            _ => return,
        };
        match bare(name) {
            Expr::Identifier(name) => self.0.push((name.clone(), literal)),
            Expr::CompoundIdentifier(names) => self.0.extend(names.last().map(|name| (name.clone(), literal))),
            _ => {}
        }
    }
}

fn bare(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// Whether the order of a key's type also takes values of another one. Postgres source: `ATAddForeignKeyConstraint`.
fn comparable(schema: &Schema, key: Type, other: Type) -> bool {
    let (key, other) = (schema.base_type(key).id, schema.base_type(other).id);
    if key == other || !key.is_sure() || !other.is_sure() {
        return true;
    }
    let (Some(ty), Some(other_type)) = (schema.catalog.type_by_id(key), schema.type_info(other)) else {
        // Types that migrations or extensions created have an order of their own.
        return schema.types.get(&key).is_none_or(|ty| ty.extension.is_some());
    };
    let Some(class) = schema.catalog.default_operator_class("btree", ty) else { return true };
    let has_equality = |left: TypeId, right: TypeId| {
        schema.find_operators(None, "=").iter().any(|operator| operator.left == Some(left) && operator.right == right)
    };
    let implicit = schema.cast(other, class.input).is_some_and(|cast| cast.context == CastContext::Implicit);
    let plain = schema.catalog.type_by_id(class.input).is_some_and(|input| input.kind != TypeKind::Pseudo);
    has_equality(class.input, other) || implicit || plain && schema.catalog.is_binary_coercible(other_type, class.input)
}
