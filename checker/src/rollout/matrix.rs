//! The verdict of queries on every state of the whole history.

use crate::analysis::Analysis;
use crate::schema::{Schema, Type};

use super::course::{Judgement, Part};
use super::findings::place;
use super::input::{CheckInput, OwnedQuery};
use super::made::Programs;
use super::report::{ColumnInfo, Matrix, MatrixRow, Stretch};
use super::rule::Rule;
use super::texts::{Texts, whole};

/// The verdict of the queries that `wanted` picks, on every state of the whole history.
pub fn matrix(input: &CheckInput, rules: &[&'static Rule], wanted: &dyn Fn(&OwnedQuery) -> bool) -> Matrix {
    let picked = picked(input, wanted);
    let plan = super::plan::plan(&picked);
    let own = super::own_lines(&picked, &plan);
    let programs = Programs::of(input);
    let texts = Texts::new(&plan.line, input.dialect, &programs);
    let course = super::course(&picked, &plan, &own, &texts, rules, true);
    let mut matrix = Matrix { start: plan.start, ..Matrix::default() };
    matrix.states = (0..=plan.end).map(|state| super::state_info(&plan, state, 0)).collect();
    for part in &course.releases {
        for index in 0..part.queries.len() {
            matrix.rows.extend(row(part, index, |state| plan.line.schema(state)));
        }
    }
    matrix
}

fn picked(input: &CheckInput, wanted: &dyn Fn(&OwnedQuery) -> bool) -> CheckInput {
    let mut picked = input.clone();
    let all = picked.baselines.iter_mut().chain(std::iter::once(&mut picked.candidate)).chain(&mut picked.consumers);
    for release in all {
        release.queries.retain(|query| wanted(query));
    }
    picked
}

fn row<'s>(part: &Part<'_>, index: usize, schema: impl Fn(usize) -> Option<&'s Schema>) -> Option<MatrixRow> {
    let (owned, judged) = part.query(index)?;
    let mut stretches: Vec<Stretch> = Vec::new();
    for judgement in &judged.stretches {
        let Some(schema) = schema(judgement.from) else { continue };
        let stretch = stretch(judgement, schema);
        match stretches.last_mut() {
            Some(last) if alike(last, &stretch) => last.to = stretch.to,
            _ => stretches.push(stretch),
        }
    }
    let query = place(&owned.query, index, whole(&owned.query.sql), "");
    Some(MatrixRow { release: part.release.id.clone(), role: part.role, query, stretches })
}

fn alike(a: &Stretch, b: &Stretch) -> bool {
    a.to + 1 == b.from && Stretch { from: b.from, to: b.to, ..a.clone() } == *b
}

fn stretch(judgement: &Judgement, schema: &Schema) -> Stretch {
    let analysis = &*judgement.analysis;
    let mut rules: Vec<(&'static str, String)> =
        judgement.hits.iter().map(|hit| (hit.rule, hit.message.clone())).collect();
    // A query that does not run on its own schema has no hits: what the server would say tells why.
    if rules.is_empty() {
        rules.extend(analysis.problems.iter().map(|problem| (problem.rule, problem.message.clone())));
    }
    rules.sort();
    rules.dedup_by_key(|(rule, _)| *rule);
    let (mut rules, mut reasons): (Vec<&'static str>, Vec<String>) = rules.into_iter().unzip();
    rules.dedup();
    if reasons.is_empty() {
        reasons.extend(analysis.unknowns.iter().map(|unknown| unknown.reason.clone()));
    }
    Stretch {
        from: judgement.from,
        to: judgement.to,
        verdict: judgement.verdict,
        rules,
        reasons,
        parameters: analysis.shape.parameters.iter().map(|ty| printed(schema, *ty)).collect(),
        columns: columns(schema, analysis),
    }
}

fn columns(schema: &Schema, analysis: &Analysis) -> Vec<ColumnInfo> {
    let column = |column: &crate::analysis::OutputColumn| ColumnInfo {
        name: column.name.to_string(),
        ty: printed(schema, column.ty),
        nullable: column.nullable,
    };
    analysis.shape.columns.iter().map(column).collect()
}

pub(super) fn printed(schema: &Schema, ty: Type) -> Option<String> {
    ty.id.is_sure().then(|| schema.format_type(ty))
}
