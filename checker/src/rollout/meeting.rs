//! What rules ask of a query that meets a state.

use std::sync::Arc;

use crate::analysis::{Analysis, Object, OutputColumn, Use};
use crate::query::Reads;
use crate::schema::{ColumnNumber, Key, RelationId, Schema};
use crate::source::Span;

use super::rule::{Hit, Meeting};
use super::texts::whole;

impl<'a> Meeting<'a> {
    /// Whether the server takes the query.
    pub fn accepted(&self) -> bool {
        self.met.analysis.refused().is_none()
    }

    /// The problems of a rule on this state, as hits: those that the server comes to first.
    pub fn problems(&self, rule: &str) -> Vec<Hit> {
        let certain = !self.accepted();
        let problems = self.met.analysis.problems.iter().filter(|problem| problem.certain == certain);
        let first = problems.clone().map(|problem| problem.stage).min();
        problems.filter(|problem| problem.rule == rule && Some(problem.stage) == first).map(Hit::of).collect()
    }

    /// The names in the text with what each stood for at the contract and stands for now, where the text alone tells them
    /// apart.
    pub fn paired_uses(&self) -> impl Iterator<Item = (&'a Use, &'a Use)> {
        let (then, now) = (&self.contract.analysis.uses, &self.met.analysis.uses);
        let single = |uses: &'a [Use], like: &Use| {
            let mut same = uses.iter().filter(|other| same_name(other, like));
            let first = same.next()?;
            same.next().is_none().then_some(first)
        };
        then.iter().filter_map(move |used| Some((single(then, used)?, single(now, used)?)))
    }

    /// The result columns that the code reads, as they were at the contract and are now.
    pub fn paired_columns(&self) -> Vec<(&'a OutputColumn, &'a OutputColumn)> {
        let (then, now) = (&self.contract.analysis.shape.columns, &self.met.analysis.shape.columns);
        if self.query.by_position() == Some(true) {
            let read = match &self.query.reads {
                Some(Reads::Positions(reads)) => reads.len(),
                _ => usize::MAX,
            };
            return then.iter().zip(now).take(read).collect();
        }
        let read = |column: &OutputColumn| match &self.query.reads {
            Some(Reads::Names(reads)) => reads.iter().any(|read| *read.name == *column.name),
            _ => true,
        };
        let twin = |column: &OutputColumn| now.iter().find(|other| other.name == column.name);
        then.iter().filter(|column| read(column)).filter_map(|column| Some((column, twin(column)?))).collect()
    }

    /// Whether the code reads a result column, as far as can be told: it says so, or the text names the column.
    pub fn surely_read(&self, column: &OutputColumn) -> bool {
        if self.query.reads.is_some() || self.query.by_position() == Some(true) {
            return true;
        }
        let Some((relation, number)) = column.origin else { return true };
        let object = Object::Column(relation, number);
        self.contract.analysis.uses.iter().any(|used| used.object == object && used.explicit && !used.written)
    }

    /// The whole text.
    pub fn whole(&self) -> Span {
        whole(&self.query.sql)
    }

    /// Where the text gives a result column of the contract.
    pub fn span_of(&self, column: &OutputColumn) -> Span {
        place_of(self.contract.analysis, column).unwrap_or_else(|| self.whole())
    }

    /// Where the text gives a result column of this state.
    pub fn span_now(&self, column: &OutputColumn) -> Span {
        place_of(self.met.analysis, column).unwrap_or_else(|| self.whole())
    }

    /// The columns that the query names and whose type is another one than at the contract.
    pub fn changed_columns(&self) -> Vec<Key> {
        let mut keys = Vec::new();
        for used in &self.contract.analysis.uses {
            let Object::Column(relation, number) = used.object else { continue };
            let ty = |schema: &Schema| Some(schema.relation(relation)?.column_numbered(number)?.ty);
            let changed = self.comparable && ty(self.contract.schema) != ty(self.met.schema);
            let key = key_of_column(self.contract.schema, Some((relation, number))).filter(|_| changed);
            keys.extend(key.filter(|key| !keys.contains(key)));
        }
        keys
    }
}

/// Whether both are the same name in the text, standing for the same kind of thing.
fn same_name(a: &Use, b: &Use) -> bool {
    let kind = |used: &Use| std::mem::discriminant(&used.object);
    a.span == b.span && a.written == b.written && a.explicit && b.explicit && kind(a) == kind(b)
}

/// Where the text gives a column: its name, or the `*` that stands for it.
fn place_of(analysis: &Analysis, column: &OutputColumn) -> Option<Span> {
    let (relation, number) = column.origin?;
    let used = analysis.uses.iter().filter(|used| !used.written && used.object == Object::Column(relation, number));
    // The select list is read before the rest, so that its names come first; a `*` gives no name that could stand elsewhere.
    let mut used: Vec<&Use> = used.collect();
    used.sort_by_key(|used| used.span.start);
    used.first().map(|used| used.span)
}

/// The name of a column of a relation.
pub fn key_of_column(schema: &Schema, column: Option<(RelationId, ColumnNumber)>) -> Option<Key> {
    let (relation, number) = column?;
    let relation = schema.relation(relation)?;
    let column = relation.column_numbered(number)?;
    Some(Key::Column(relation.name.clone(), Arc::clone(&column.name)))
}
