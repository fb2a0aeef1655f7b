//! Walks over the parser's trees.
//!
//! The parser's walk is generic: for each kind of visitor the compiler would make a function of its own for each type of
//! node, about a thousand. All visitors go through one that passes on what it meets.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, GroupByExpr, Ident, ObjectName, OrderBy, OrderByExpr, Query, Select, Statement, TableFactor, ValueWithSpan,
    Visit, VisitMut, Visitor, VisitorMut,
};

/// Shows a visitor all of a tree, until it breaks off.
pub(crate) fn walk(tree: &impl Visit, visitor: &mut dyn Visitor<Break = ()>) -> ControlFlow<()> {
    tree.visit(&mut Through(visitor))
}

/// Shows a visitor that may change it all of a tree, until it breaks off.
pub(crate) fn walk_mut(tree: &mut impl VisitMut, visitor: &mut dyn VisitorMut<Break = ()>) -> ControlFlow<()> {
    tree.visit(&mut ThroughMut(visitor))
}

struct Through<'v>(&'v mut dyn Visitor<Break = ()>);

struct ThroughMut<'v>(&'v mut dyn VisitorMut<Break = ()>);

/// All that a visitor can be shown.
macro_rules! pass_on {
    ($($before:ident $after:ident $node:ty;)*) => {
        impl Visitor for Through<'_> {
            type Break = ();

            $(
                fn $before(&mut self, node: &$node) -> ControlFlow<()> {
                    self.0.$before(node)
                }

                fn $after(&mut self, node: &$node) -> ControlFlow<()> {
                    self.0.$after(node)
                }
            )*
        }

        impl VisitorMut for ThroughMut<'_> {
            type Break = ();

            $(
                fn $before(&mut self, node: &mut $node) -> ControlFlow<()> {
                    self.0.$before(node)
                }

                fn $after(&mut self, node: &mut $node) -> ControlFlow<()> {
                    self.0.$after(node)
                }
            )*
        }
    };
}

pass_on! {
    pre_visit_query post_visit_query Query;
    pre_visit_select post_visit_select Select;
    pre_visit_relation post_visit_relation ObjectName;
    pre_visit_table_factor post_visit_table_factor TableFactor;
    pre_visit_expr post_visit_expr Expr;
    pre_visit_statement post_visit_statement Statement;
    pre_visit_value post_visit_value ValueWithSpan;
    pre_visit_ident post_visit_ident Ident;
    pre_visit_order_by post_visit_order_by OrderBy;
    pre_visit_order_by_expr post_visit_order_by_expr OrderByExpr;
    pre_visit_group_by post_visit_group_by GroupByExpr;
}
