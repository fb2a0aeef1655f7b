//! `ON CONFLICT`: which index is the arbiter. Follows `infer_arbiter_indexes` of Postgres.

use std::sync::Arc;

use sqlparser::ast::{self, ConflictTarget, OnConflictAction, OnInsert};

use super::cx::{Cx, Kind, Words};
use super::modify::{self, Target};
use super::scope::{Clause, Scope};
use super::tree::{Node, Typed};
use super::{Conflict, Object, Stage, expr, implication, insert, routine, update};
use crate::schema::{Column, ConstraintKind, Index, Key, Relation, RelationKind};
use crate::source::Span;
use crate::sql::RemovedKind;
use crate::sql::ddl::{self, Event};

const NO_ARBITER: Kind = Kind("conflict-target-missing", "42P10", Stage::Plan);
const NO_ARBITER_PARSE: Kind = Kind("conflict-target-missing", "42P10", Stage::Parse);
const NO_CONSTRAINT: Kind = Kind("conflict-target-missing", "42704", Stage::Parse);
const DEFERRABLE: Kind = Kind("conflict-target-missing", "55000", Stage::Execute);
const NOT_FOR_UPDATE: Kind = Kind("conflict-target-missing", "42809", Stage::Plan);
const NO_COLUMN: Kind = Kind("missing-column", "42703", Stage::Parse);

/// The arbiter that a statement asks for.
enum Wanted {
    Any,
    Constraint(Arc<str>, Span),
    Keys { columns: Vec<(Arc<str>, Span)>, expressions: Vec<Typed>, predicate: Option<Typed>, span: Span },
}

/// Analyses what stands after `ON CONFLICT`.
pub(super) fn conflict(
    cx: &mut Cx,
    scope: &Scope,
    written: &ast::Insert,
    target: &Target,
    start: usize,
) -> Option<Conflict> {
    let written = match written.on.as_ref()? {
        OnInsert::OnConflict(written) => written,
        OnInsert::DuplicateKeyUpdate(assignments) => {
            let mut inside = Scope { entries: vec![modify::with_target(scope, target)], ..scope.clone() };
            update::assignments(cx, &mut inside, Some(target), assignments);
            return Some(Conflict { arbiters: Vec::new(), targeted: false, do_nothing: false });
        }
        _ => return None,
    };
    let do_nothing = matches!(written.action, OnConflictAction::DoNothing);
    let wanted = wanted(cx, scope, written, target, start);
    let targeted = !matches!(wanted, Wanted::Any);
    let arbiters = find(cx, target, &wanted, do_nothing);
    if let OnConflictAction::DoUpdate(action) = &written.action {
        let mut inside = Scope { clause: Clause::Set, ..scope.clone() };
        let proposed = insert::excluded(cx, scope, target);
        inside.entries = vec![modify::with_target(scope, target), proposed];
        let columns = update::assignments(cx, &mut inside, Some(target), &action.assignments);
        if let Some(condition) = &action.selection {
            expr::condition(cx, inside.at(Clause::Where), condition, "WHERE");
        }
        let numbers: Vec<_> = columns.iter().map(|column| column.column).collect();
        routine::fire(cx, &target.relation, Event::Update, &numbers, target.span, routine::Reach::Sometimes);
        cx.out.writes.push(modify::write(target, Event::Update, columns));
    }
    Some(Conflict { arbiters, targeted, do_nothing })
}

fn wanted(cx: &mut Cx, scope: &Scope, written: &ast::OnConflict, target: &Target, start: usize) -> Wanted {
    let inside = Scope { entries: vec![modify::with_target(scope, target)], clause: Clause::Other, ..scope.clone() };
    match &written.conflict_target {
        Some(ConflictTarget::OnConstraint(name)) => match cx.names(name).pop() {
            Some((name, span)) => Wanted::Constraint(name, span),
            None => Wanted::Any,
        },
        Some(ConflictTarget::Columns(names)) => {
            let columns: Vec<_> = names.iter().map(|name| (cx.fold(name), cx.span_of(name))).collect();
            let span = columns.iter().map(|(_, span)| *span).reduce(Span::to).unwrap_or(target.span);
            Wanted::Keys { columns, expressions: Vec::new(), predicate: None, span }
        }
        None => {
            let removed = cx.removed(start, cx.end_of_insert(start), |what| match what {
                RemovedKind::ConflictTarget { elements, predicate } => Some((elements, predicate)),
                _ => None,
            });
            match removed {
                Some((span, (elements, predicate))) => keys(cx, &inside, elements, predicate.as_ref(), span),
                None => Wanted::Any,
            }
        }
    }
}

fn keys(
    cx: &mut Cx,
    scope: &Scope,
    elements: &[ddl::IndexElement],
    predicate: Option<&ddl::Expr>,
    span: Span,
) -> Wanted {
    let mut columns = Vec::new();
    let mut expressions = Vec::new();
    for element in elements {
        match (&element.column, element.expr.tree()) {
            (Some(name), _) => columns.push((name.text.clone(), name.span)),
            (None, Some(tree)) => match expr::expr(cx, scope, tree) {
                Typed { node: Node::Column(_), span, .. } => {
                    let name = cx.references.last().map(|reference| reference.name.clone());
                    columns.extend(name.map(|name| (name, span)));
                }
                typed => expressions.push(typed),
            },
            (None, None) => {
                cx.unknown(element.expr.span, "a key of `ON CONFLICT` is not understood");
                expressions.push(Typed::unsure(element.expr.span));
            }
        }
    }
    let predicate = predicate.map(|predicate| match predicate.tree() {
        Some(tree) => expr::condition(cx, scope, tree, "WHERE"),
        None => Typed::unsure(predicate.span),
    });
    Wanted::Keys { columns, expressions, predicate, span }
}

/// The names of the arbiters; says so where there is none.
fn find(cx: &mut Cx, target: &Target, wanted: &Wanted, do_nothing: bool) -> Vec<Arc<str>> {
    let relation = modify::stored(cx, &target.relation);
    if relation.kind == RelationKind::System || !target.item.complete {
        return Vec::new();
    }
    match wanted {
        Wanted::Any => {
            if cx.rules().deferrable_never_arbiter
                && let Some(index) = relation.indexes.iter().find(|index| !index.immediate && index.valid)
            {
                deferrable(cx, &relation, &index.name, target.span);
            }
            Vec::new()
        }
        // A view passes rows on, but has no constraints of its own.
        Wanted::Constraint(name, span) => by_constraint(cx, &target.relation.clone(), name, *span, do_nothing),
        Wanted::Keys { columns, expressions, predicate, span } => {
            let columns = resolve_columns(cx, target, columns);
            let Some(columns) = columns else { return Vec::new() };
            by_keys(cx, target, &relation, &columns, expressions, predicate.as_ref(), *span)
        }
    }
}

fn by_constraint(cx: &mut Cx, relation: &Relation, name: &Arc<str>, span: Span, do_nothing: bool) -> Vec<Arc<str>> {
    let key = Key::Constraint(relation.name.clone(), name.clone());
    let usable = |constraint: &&crate::schema::Constraint| {
        matches!(constraint.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique { .. } | ConstraintKind::Exclude)
    };
    let Some(constraint) = relation.constraint(name).filter(usable) else {
        if cx.is_hole(name, span) || cx.clouded(name, span) {
            return Vec::new();
        }
        let message = format!("constraint `{name}` of `{}` does not exist", relation.name);
        cx.problem(NO_CONSTRAINT, vec![key], Words { span, message, label: "unknown constraint".into() });
        return Vec::new();
    };
    cx.used(span, Object::Constraint(relation.id, name.clone()));
    if constraint.deferrable {
        deferrable(cx, relation, name, span);
    }
    if matches!(constraint.kind, ConstraintKind::Exclude) && !do_nothing {
        let message = format!("exclusion constraint `{name}` cannot decide about an update");
        cx.problem(NOT_FOR_UPDATE, vec![key], Words { span, message, label: "an exclusion constraint".into() });
    }
    vec![name.clone()]
}

fn deferrable(cx: &mut Cx, relation: &Relation, name: &Arc<str>, span: Span) {
    let about = vec![Key::Constraint(relation.name.clone(), name.clone())];
    let message =
        format!("constraint `{name}` of `{}` is deferrable, so it cannot decide about conflicts", relation.name);
    cx.problem(DEFERRABLE, about, Words { span, message, label: "decided by a deferrable constraint".into() });
}

/// The columns of a conflict target in the stored table; `None` where one is missing.
fn resolve_columns(cx: &mut Cx, target: &Target, names: &[(Arc<str>, Span)]) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    for (name, span) in names {
        if cx.is_hole(name, *span) {
            return None;
        }
        let Some(column) = target.relation.column(name) else {
            if modify::numbers_rows(cx, target, name) {
                return None;
            }
            let table = &target.relation.name;
            let message = format!("column `{name}` of `{table}` does not exist");
            let about = vec![Key::Column(table.clone(), name.clone()), Key::Relation(table.clone())];
            cx.problem(NO_COLUMN, about, Words { span: *span, message, label: "unknown column".into() });
            return None;
        };
        cx.used_column(*span, (target.relation.id, column.number), true);
        let (_, stored) = modify::stored_column(cx, &target.relation, column.number)?;
        columns.push(stored);
    }
    Some(columns)
}

/// How well an index fits.
enum Fit {
    Yes,
    No,
    /// Its predicate may follow from that of the statement, or not.
    Perhaps,
}

fn by_keys(
    cx: &mut Cx,
    target: &Target,
    relation: &Arc<Relation>,
    columns: &[Column],
    expressions: &[Typed],
    predicate: Option<&Typed>,
    span: Span,
) -> Vec<Arc<str>> {
    let mut arbiters = Vec::new();
    let mut perhaps = false;
    for index in &relation.indexes {
        match fit(cx, target, relation, index, (columns, expressions), predicate) {
            Fit::Yes => arbiters.push(index.name.clone()),
            Fit::Perhaps => perhaps = true,
            Fit::No => {}
        }
    }
    let row_key = cx.rules().null_asks_for_number && is_row_number(columns) && expressions.is_empty();
    if !arbiters.is_empty() || row_key {
        for name in &arbiters {
            cx.used(span, Object::Constraint(relation.id, name.clone()));
            let deferred = relation.index(name).is_some_and(|index| !index.immediate);
            if deferred {
                deferrable(cx, relation, name, span);
            }
        }
        return arbiters;
    }
    if perhaps {
        cx.unknown(span, "whether a partial index decides about the conflict is not known");
        return arbiters;
    }
    let clouded = relation.indexes.iter().any(|index| cx.schema.clouds.contains_key(&index.name));
    if clouded || cx.clouded(&relation.name, span) {
        return arbiters;
    }
    no_arbiter(cx, relation, columns, expressions, span);
    arbiters
}

fn is_row_number(columns: &[Column]) -> bool {
    matches!(columns, [column] if column.auto_number)
}

fn no_arbiter(cx: &mut Cx, relation: &Relation, columns: &[Column], expressions: &[Typed], span: Span) {
    let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
    let shown = match expressions {
        [] => format!("({})", names.join(", ")),
        _ => cx.context.text.get(span.start..span.end).unwrap_or("(…)").to_string(),
    };
    // An index that is there but cannot be used says most.
    let over = |index: &&Index| {
        let keys: Vec<_> = index.keys.iter().filter_map(|key| key.column).collect();
        keys.len() == columns.len() && columns.iter().all(|column| keys.contains(&column.number))
    };
    let mut about: Vec<Key> = relation
        .indexes
        .iter()
        .filter(over)
        .map(|index| Key::Constraint(relation.name.clone(), index.name.clone()))
        .collect();
    about.extend(columns.iter().map(|column| Key::Column(relation.name.clone(), column.name.clone())));
    about.push(Key::Relation(relation.name.clone()));
    let message = format!("no unique index of `{}` fits `ON CONFLICT {shown}`", relation.name);
    let kind = if cx.rules().arbiters_at_parse { NO_ARBITER_PARSE } else { NO_ARBITER };
    cx.problem(kind, about, Words { span, message, label: "no unique index fits".into() });
}

fn fit(
    cx: &mut Cx,
    target: &Target,
    relation: &Arc<Relation>,
    index: &Index,
    wanted: (&[Column], &[Typed]),
    predicate: Option<&Typed>,
) -> Fit {
    let (columns, expressions) = wanted;
    if !index.valid || !index.unique {
        return Fit::No;
    }
    let keys: Vec<_> = index.keys.iter().filter_map(|key| key.column).collect();
    let same_columns = keys.iter().all(|key| columns.iter().any(|column| column.number == *key))
        && columns.iter().all(|column| keys.contains(&column.number));
    if !same_columns {
        return Fit::No;
    }
    let of_index: Vec<&ddl::Expr> =
        index.keys.iter().filter_map(|key| key.expr.as_ref().filter(|_| key.column.is_none())).collect();
    let of_index: Vec<Typed> = of_index.into_iter().map(|key| own_expression(cx, target, relation, key)).collect();
    let has = |list: &[Typed], one: &Typed| list.iter().any(|other| other.same(one));
    if expressions.iter().any(|wanted| matches!(wanted.node, Node::Unsure)) {
        return Fit::Perhaps;
    }
    if !expressions.iter().all(|wanted| has(&of_index, wanted)) || !of_index.iter().all(|key| has(expressions, key)) {
        return Fit::No;
    }
    match (&index.predicate, predicate) {
        (None, _) => Fit::Yes,
        (Some(_), None) => Fit::No,
        (Some(own), Some(given)) => {
            let own = own_expression(cx, target, relation, own);
            match implication::follows(&own, given) {
                Some(true) => Fit::Yes,
                Some(false) => Fit::No,
                None => Fit::Perhaps,
            }
        }
    }
}

/// An expression of an index, over the columns of the statement's target. Nothing that is found in it is kept.
fn own_expression(cx: &mut Cx, target: &Target, _relation: &Arc<Relation>, written: &ddl::Expr) -> Typed {
    let Some(tree) = written.tree().cloned() else { return Typed::unsure(written.span) };
    let scope = Scope::inside(None);
    let scope = Scope { entries: vec![modify::with_target(&scope, target)], ..scope };
    cx.aside(|cx| expr::expr(cx, &scope, &tree))
}
