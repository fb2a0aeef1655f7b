//! Chains of method calls.

use syn::Expr;

/// An expression without what only passes it on.
pub(super) fn plain(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => plain(&inner.expr),
        Expr::Group(inner) => plain(&inner.expr),
        Expr::Reference(inner) => plain(&inner.expr),
        Expr::Try(inner) => plain(&inner.expr),
        Expr::Await(inner) => plain(&inner.base),
        _ => expr,
    }
}

/// What a chain of calls starts with, and its calls in order.
pub(super) fn flatten(call: &syn::ExprMethodCall) -> (&Expr, Vec<&syn::ExprMethodCall>) {
    let mut methods = vec![call];
    let mut root = plain(&call.receiver);
    while let Expr::MethodCall(call) = root {
        methods.push(call);
        root = plain(&call.receiver);
    }
    methods.reverse();
    (root, methods)
}

/// The name of a variable.
pub(super) fn variable(expr: &Expr) -> Option<String> {
    match plain(expr) {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}
