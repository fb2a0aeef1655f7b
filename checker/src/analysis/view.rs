//! Views that are looked up anew whenever they are read.

use super::cx::{Cx, Kind, Words};
use super::{Context, Stage, analyze_inside};
use crate::schema::{Key, Relation};
use crate::source::Span;

const BROKEN: Kind = Kind("view-broken", "", Stage::Parse);

/// Checks the query of a view that a statement reads.
pub(super) fn check(cx: &mut Cx, relation: &Relation, span: Span) {
    let Some(view) = &relation.view else { return };
    let Some(query) = &view.query else {
        if let Some(cloud) = &view.unread {
            cx.unknown(span, format!("the query of view `{}` is not understood: {}", relation.name, cloud.reason));
        }
        return;
    };
    if cx.views.contains(&relation.id) {
        return;
    }
    let context = Context { text: view.source.text().into(), ..Context::default() };
    let mut path = cx.path();
    path.views.push(relation.id);
    let inside = analyze_inside(cx.schema, path, query, &context);
    for problem in inside.problems.into_iter().take(1) {
        let mut about = problem.about;
        about.push(Key::Relation(relation.name.clone()));
        let message = format!("view `{}` is broken: {}", relation.name, problem.message);
        cx.problem(BROKEN, about, Words { span, message, label: "broken view".into() });
    }
    for unknown in inside.unknowns {
        cx.unknown(span, format!("in view `{}`: {}", relation.name, unknown.reason));
    }
    cx.out.dependencies.extend(inside.dependencies);
}
