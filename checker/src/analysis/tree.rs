//! Expressions after their names are resolved.

use std::sync::Arc;

use super::collation::Strength;
use super::nullability::Follows;
use crate::dialect::TypeId;
use crate::schema::{Column, ColumnNumber, RelationId, RoutineId, Type};
use crate::source::Span;

/// An expression with what is known of its value.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) node: Node,
    pub(super) ty: Type,
    pub(super) nullable: Option<bool>,
    pub(super) collation: Option<Arc<str>>,
    /// Where the collation comes from.
    pub(super) strength: Strength,
    pub(super) span: Span,
    /// The column of a relation that it passes on unchanged.
    pub(super) origin: Option<(RelationId, ColumnNumber)>,
    /// The fields of a row whose type does not tell them.
    pub(super) fields: Option<Arc<[Column]>>,
    /// How its nullability follows from that of the expressions below.
    pub(super) follows: Follows,
}

/// What an expression is made of: as much as equality and the rules of grouping need.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Column(ColumnRef),
    /// A whole row of an item.
    Row(ItemId, u32),
    Null,
    /// A literal without a type of its own, as text.
    Text(Arc<str>),
    /// A number or a boolean, as written.
    Constant(Arc<str>),
    Parameter(usize),
    /// A variable of the routine around the query.
    Variable(Arc<str>),
    /// A function, an operator, or a construct of the grammar, by a name that tells it from all others.
    Call {
        what: What,
        arguments: Vec<Typed>,
    },
    /// An aggregate of the query at this depth.
    Aggregate {
        depth: u32,
        what: What,
        arguments: Vec<Typed>,
    },
    /// A window function: its arguments and the expressions of its window.
    Window {
        what: What,
        arguments: Vec<Typed>,
    },
    /// A subquery, with the columns around it that it names.
    Subquery {
        outer: Vec<super::cx::Reference>,
        name: Option<Arc<str>>,
    },
    /// Nothing is known of it.
    Unsure,
}

/// What a call calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A routine of a migration or an extension.
    Routine(RoutineId),
    /// A built-in function or operator, with the types that tell overloads apart.
    BuiltIn(Arc<str>, Arc<[TypeId]>),
    /// A construct of the grammar.
    Construct(&'static str),
    /// A cast.
    Cast(Type),
    /// The field of a row.
    Field(Arc<str>),
}

/// A column of an item of `FROM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ColumnRef {
    /// How many queries are around the one whose `FROM` has the item.
    pub(super) depth: u32,
    pub(super) item: ItemId,
    /// Its place in the item.
    pub(super) column: usize,
}

/// An item of a `FROM`, unique in the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ItemId(pub(super) u32);

impl Typed {
    pub(super) fn new(node: Node, ty: Type, nullable: Option<bool>, span: Span) -> Typed {
        Typed {
            node,
            ty,
            nullable,
            collation: None,
            strength: Strength::Implicit,
            span,
            origin: None,
            fields: None,
            follows: Follows::Not,
        }
    }

    /// An expression of which nothing is known.
    pub(super) fn unsure(span: Span) -> Typed {
        Typed::new(Node::Unsure, Type::UNSURE, None, span)
    }

    /// A construct of the grammar over other expressions.
    pub(super) fn construct(name: &'static str, ty: TypeId, nullable: Option<bool>, arguments: Vec<Typed>) -> Typed {
        let span = cover(&arguments);
        Typed::new(Node::Call { what: What::Construct(name), arguments }, Type::plain(ty), nullable, span)
    }

    /// The expressions directly below.
    pub(super) fn children(&self) -> &[Typed] {
        match &self.node {
            Node::Call { arguments, .. } | Node::Aggregate { arguments, .. } | Node::Window { arguments, .. } => {
                arguments
            }
            _ => &[],
        }
    }

    /// Whether two expressions are the same, wherever they stand.
    pub(super) fn same(&self, other: &Typed) -> bool {
        let both = |a: &[Typed], b: &[Typed]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b));
        match (&self.node, &other.node) {
            (Node::Column(a), Node::Column(b)) => a == b,
            (Node::Row(a, _), Node::Row(b, _)) => a == b,
            (Node::Null, Node::Null) => self.ty == other.ty,
            (Node::Text(a), Node::Text(b)) | (Node::Constant(a), Node::Constant(b)) => a == b && self.ty == other.ty,
            (Node::Parameter(a), Node::Parameter(b)) => a == b,
            (Node::Variable(a), Node::Variable(b)) => a == b,
            (Node::Call { what: a, arguments: x }, Node::Call { what: b, arguments: y })
            | (Node::Window { what: a, arguments: x }, Node::Window { what: b, arguments: y }) => a == b && both(x, y),
            (
                Node::Aggregate { depth: a, what: b, arguments: x },
                Node::Aggregate { depth: c, what: d, arguments: y },
            ) => a == c && b == d && both(x, y),
            _ => false,
        }
    }
}

/// The span from the first to the last expression.
pub(super) fn cover(expressions: &[Typed]) -> Span {
    let spans = expressions.iter().map(|typed| typed.span).filter(|span| !span.is_empty());
    spans.reduce(Span::to).unwrap_or_default()
}
