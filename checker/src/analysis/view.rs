//! What the queries of views say on the schema of now: whether they still work where they are looked up whenever they are
//! read, and which of their columns can be NULL.

use super::cx::{Cx, Kind, Words};
use super::{Analysis, Context, Object, Stage, analyze_inside};
use crate::schema::{Dependency, Key, Relation, RelationKind, View};
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

/// Which columns of a view can be NULL; `None` for what is no view.
pub(super) fn nullability(cx: &mut Cx, relation: &Relation) -> Option<Vec<Option<bool>>> {
    let view = relation.view.as_ref()?;
    if !relation.columns.iter().any(|column| column.not_null) {
        return Some(vec![None; relation.columns.len()]);
    }
    let known = cx.of_views.borrow().get(&relation.id).cloned();
    if known.is_some() {
        return known;
    }
    let found = found(cx, relation, view).unwrap_or_default();
    // A materialized view holds what was there when it was filled.
    let stored = relation.kind == RelationKind::MaterializedView;
    let columns: Vec<Option<bool>> = relation
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| found.get(at).copied().flatten().filter(|&nullable| nullable || !stored || column.not_null))
        .collect();
    cx.of_views.borrow_mut().insert(relation.id, columns.clone());
    Some(columns)
}

/// What the view's query gives now; `None` where its text may mean other things than when it was written.
fn found(cx: &mut Cx, relation: &Relation, view: &View) -> Option<Vec<Option<bool>>> {
    let query = view.query.as_ref()?;
    if cx.views.contains(&relation.id) || view.search_path != cx.schema.search_path {
        return None;
    }
    let context = Context { text: view.source.text().into(), ..Context::default() };
    let mut path = cx.path();
    path.views.push(relation.id);
    let inside = analyze_inside(cx.schema, path, query, &context);
    cx.out.dependencies.extend(inside.dependencies.iter().cloned());
    let columns = inside.shape.columns.iter().map(|column| column.nullable).collect::<Vec<_>>();
    let whole = inside.shape.complete && inside.problems.is_empty() && columns.len() == relation.columns.len();
    (whole && (cx.rules().views_by_name || means_the_same(cx, &inside, view))).then_some(columns)
}

/// Whether the names in a view's query stand for what they stood for when it was created.
fn means_the_same(cx: &Cx, inside: &Analysis, view: &View) -> bool {
    let created = |id| cx.schema.relations.contains_key(&id);
    inside.uses.iter().all(|used| match used.object {
        Object::Relation(id) if created(id) => view.depends.contains(&Dependency::Relation(id)),
        Object::Column(id, number) if created(id) => view.depends.contains(&Dependency::Column(id, number)),
        Object::Routine(id) => view.depends.contains(&Dependency::Routine(id)),
        _ => true,
    })
}
