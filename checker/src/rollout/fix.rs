//! What to write instead, where that is sure: the new name of what a pending migration renamed.

use crate::analysis::{Analysis, Context, analyze};
use crate::finding::{Finding, Role};
use crate::query::Query;
use crate::schema::{Key, Schema};
use crate::source::Span;
use crate::sql::{self, StatementKind};

use super::course::Course;
use super::fate::Fate;

/// The text for the part that a finding points at, such that the query runs on its own schema and gives columns of the same
/// names as before.
pub(super) fn fix(course: &Course<'_>, finding: &Finding) -> Option<String> {
    let place = finding.query.as_ref()?;
    let part = course.releases.get(finding.release?).filter(|part| part.role == Role::Candidate)?;
    let (owned, judged) = part.query(place.index)?;
    let problem = judged.contract.problems.first()?;
    let (Some(state), [_]) = (judged.broke_at, judged.contract.problems.as_slice()) else { return None };
    let (_, Fate::Renamed(to)) = course.change_at(state, &problem.about)? else { return None };
    let query = &*owned.query;
    let old = query.sql.get(problem.span.start..problem.span.end)?;
    let (Key::Column(_, name) | Key::Relation(name)) = problem.about.first()? else { return None };
    let exact = query.locate(problem.span);
    if !old.eq_ignore_ascii_case(name) || exact.source.slice(exact.span) != old {
        return None;
    }
    let dialect = course.input.dialect;
    let to = (dialect.quote)(&to);
    let (before, after) = (course.plan.line.schema(course.plan.start)?, course.plan.line.schema(course.plan.end)?);
    let was = columns(&analysed(before, query, &query.sql)?);
    [to.clone(), format!("{to} AS {old}")].into_iter().find(|text| {
        let sql = replaced(&query.sql, problem.span, text);
        analysed(after, query, &sql).is_some_and(|now| now.problems.is_empty() && columns(&now) == was)
    })
}

fn replaced(sql: &str, span: Span, text: &str) -> String {
    let part = |from: usize, to: usize| sql.get(from..to).unwrap_or_default();
    format!("{}{text}{}", part(0, span.start), part(span.end, sql.len()))
}

fn columns(analysis: &Analysis) -> Vec<String> {
    analysis.shape.columns.iter().map(|column| column.name.to_string()).collect()
}

/// What a text does on a schema, if it is one query that is understood.
fn analysed(schema: &Schema, query: &Query, sql: &str) -> Option<Analysis> {
    let statements = sql::parse(sql, schema.dialect);
    let [statement] = statements.as_slice() else { return None };
    let StatementKind::Query(tree) = &statement.kind else { return None };
    let context = Context { text: sql.into(), ..Context::default() };
    let analysis = analyze(schema, tree, &context);
    (analysis.unknowns.is_empty() && query.holes.is_empty()).then_some(analysis)
}
