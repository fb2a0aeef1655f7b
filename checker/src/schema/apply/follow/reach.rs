//! What a script could do at most, read off its text without running it.

use std::ops::ControlFlow;
use std::sync::Arc;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectName, Query as Tree, SelectItem, SetExpr,
    Statement as Ast, TableFactor, Visitor,
};

use super::super::{Cx, data};
use crate::schema::mention::split;
use crate::schema::{Routine, RoutineRef, Schema};
use crate::sql::routine::{Block, Body, PlStatement};
use crate::sql::{Statement, StatementKind, walk};

/// Whether statements could change the schema: they define objects, run computed text, call what does, or are unreadable.
pub(super) fn may_change(statements: &[PlStatement]) -> bool {
    statements.iter().any(|statement| match statement {
        PlStatement::Block(block) => block_may_change(block),
        PlStatement::If { branches, otherwise } => {
            branches.iter().any(|(_, body)| may_change(body)) || may_change(otherwise)
        }
        PlStatement::Loop { dynamic, body, .. } => dynamic.is_some() || may_change(body),
        PlStatement::Sql { statement, .. } => statement_may_change(statement),
        PlStatement::Execute { .. } | PlStatement::Unread(_) => true,
        PlStatement::Raise { .. } | PlStatement::Control { .. } => false,
    })
}

fn block_may_change(block: &Block) -> bool {
    !block.unread.is_empty()
        || may_change(&block.body)
        || block.handlers.iter().any(|handler| may_change(&handler.body))
}

fn statement_may_change(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Query(query) => !functions(&query.tree).is_empty(),
        StatementKind::Transaction(_) => false,
        StatementKind::Ddl(_) | StatementKind::Do(_) | StatementKind::Unparsed(_) => true,
    }
}

/// Whether a routine's body could change the schema.
pub(super) fn may_define(body: &Body) -> bool {
    match body {
        Body::PlPgSql(block) => block_may_change(block),
        Body::Sql(statements) | Body::Atomic(statements) => statements.iter().any(statement_may_change),
        Body::Opaque { .. } => false,
    }
}

/// Notes what statements that may run would do to rows.
pub(super) fn note_rows(cx: &mut Cx<'_>, statements: &[PlStatement]) {
    for statement in statements {
        match statement {
            PlStatement::Block(block) => {
                note_rows(cx, &block.body);
                block.handlers.iter().for_each(|handler| note_rows(cx, &handler.body));
            }
            PlStatement::If { branches, otherwise } => {
                branches.iter().for_each(|(_, body)| note_rows(cx, body));
                note_rows(cx, otherwise);
            }
            PlStatement::Loop { body, .. } => note_rows(cx, body),
            PlStatement::Sql { statement, .. } => {
                if let StatementKind::Query(query) = &statement.kind {
                    data::note(cx, query);
                }
            }
            _ => {}
        }
    }
}

/// Whether a `RETURN` or `EXIT` that stands in a loop's body ends the loop, and not only the round.
pub(super) fn leaves_for_good(body: &[PlStatement]) -> bool {
    body.iter().any(|statement| match statement {
        PlStatement::Control { what, .. } => matches!(*what, "return" | "exit"),
        PlStatement::Block(block) => leaves_for_good(&block.body),
        PlStatement::If { branches, otherwise } => {
            branches.iter().any(|(_, body)| leaves_for_good(body)) || leaves_for_good(otherwise)
        }
        _ => false,
    })
}

/// The calls in a statement.
fn functions(tree: &Ast) -> Vec<Function> {
    struct Calls(Vec<Function>);
    impl Visitor for Calls {
        type Break = ();

        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            if let Expr::Function(function) = expr {
                self.0.push(function.clone());
            }
            ControlFlow::Continue(())
        }

        fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
            self.0.extend(table_function(table));
            ControlFlow::Continue(())
        }

        fn pre_visit_statement(&mut self, statement: &Ast) -> ControlFlow<()> {
            if let Ast::Call(function) = statement {
                self.0.push(function.clone());
            }
            ControlFlow::Continue(())
        }
    }
    let mut calls = Calls(Vec::new());
    let _ = walk(tree, &mut calls);
    calls.0
}

/// The call that an item of `FROM` is.
fn table_function(table: &TableFactor) -> Option<Function> {
    let (name, args) = match table {
        TableFactor::Table { name, args: Some(arguments), .. } => (name, &arguments.args),
        TableFactor::Function { name, args, .. } => (name, args),
        _ => return None,
    };
    let list =
        sqlparser::ast::FunctionArgumentList { duplicate_treatment: None, args: args.clone(), clauses: Vec::new() };
    Some(Function {
        name: name.clone(),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(list),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

/// Whether a statement calls a routine that a migration defined and that could change the schema.
pub(super) fn calls_routines(schema: &Schema, tree: &Ast) -> bool {
    if schema.routines.is_empty() {
        return false;
    }
    functions(tree).iter().any(|function| {
        let routine = routine_of(schema, &function.name, argument_count(function));
        routine.is_some_and(|routine| routine.extension.is_none() && may_define(&routine.body))
    })
}

/// The routines of migrations that a statement calls and that could change the schema.
pub(super) fn called(schema: &Schema, tree: &Ast) -> Vec<Arc<Routine>> {
    let found = functions(tree).into_iter();
    let routines = found.filter_map(|function| routine_of(schema, &function.name, argument_count(&function)));
    routines.filter(|routine| may_define(&routine.body)).collect()
}

fn argument_count(function: &Function) -> usize {
    match &function.args {
        FunctionArguments::List(list) => list.args.len(),
        _ => 0,
    }
}

/// The routine of a migration that a call with so many arguments means.
pub(super) fn routine_of(schema: &Schema, name: &ObjectName, count: usize) -> Option<Arc<Routine>> {
    let (namespace, name) = split(schema, name);
    let fits = |routine: &RoutineRef<'_>| {
        let signature = routine.signature();
        let most = signature.arguments.len();
        (most.saturating_sub(signature.defaults)..=most).contains(&count)
    };
    super::created(schema.find_routines(namespace.as_deref(), &name).into_iter().find(fits))
}

/// The calls of a query that makes each once: `SELECT f(…), g(…)`, `SELECT * FROM f(…)`, `CALL`.
pub(super) fn plain_calls(tree: &Tree) -> Option<Vec<&Function>> {
    let SetExpr::Select(select) = &*tree.body else { return None };
    if !select.from.is_empty() || select.selection.is_some() || tree.with.is_some() {
        return None;
    }
    let mut calls = Vec::new();
    for item in &select.projection {
        let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = item else { return None };
        let mut expr = expr;
        while let Expr::Nested(inner) | Expr::Cast { expr: inner, .. } = expr {
            expr = inner;
        }
        match expr {
            Expr::Function(function) => calls.push(function),
            _ => return None,
        }
    }
    Some(calls)
}

/// A call's arguments as the outputs of a query.
pub(super) fn argument_items(function: &Function) -> Option<Vec<SelectItem>> {
    let FunctionArguments::List(list) = &function.args else { return Some(Vec::new()) };
    list.args
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(SelectItem::UnnamedExpr(expr.clone())),
            _ => None,
        })
        .collect()
}
