//! A row of states with an index of what changed where.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use crate::schema::{Change, Key, Schema, Timeline};
use crate::source::Place;

use super::fate::relation_named;

/// States in order, and which of them changed which names.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// In order; the first is an empty database.
    pub states: Vec<LineState>,
    /// For each name the states whose step touched it, ascending.
    pub(super) touched: HashMap<Key, Vec<usize>>,
    /// The states whose step may have touched anything, ascending.
    pub(super) swept: Vec<usize>,
    /// The states whose step touched something, ascending.
    pub(super) changed: Vec<usize>,
}

/// A state of a line.
#[derive(Clone, Debug)]
pub struct LineState {
    /// What the database holds.
    pub schema: Schema,
    /// The migration whose step leads here, by its position in the line's order of application.
    pub migration: Option<usize>,
    /// Where the step ends, where the migration has more than one.
    pub statement: Option<Place>,
    /// What the step changed, in order. Migrations are given by their position in the line's order.
    pub changes: Vec<Change>,
}

impl Line {
    /// Appends the states of a replay that began on this line's last state. `offset` is how many migrations were applied
    /// before it.
    pub(crate) fn extend(&mut self, timeline: Timeline, offset: usize) {
        let skip = usize::from(!self.states.is_empty());
        for state in timeline.states.into_iter().skip(skip) {
            let index = self.states.len();
            let mut changes = state.changes;
            for change in &mut changes {
                change.migration = change.migration.map(|position| position + offset);
                self.note(&change.key, index);
            }
            let step = state.step;
            self.states.push(LineState {
                schema: state.schema,
                migration: step.as_ref().and_then(|step| step.migration).map(|position| position + offset),
                statement: step.and_then(|step| step.statement),
                changes,
            });
        }
    }

    /// The states from one to another, counted from 0. What changed before is only known by name.
    pub(crate) fn window(&self, from: usize, to: usize) -> Line {
        let shifted = |states: &[usize]| {
            let mut inside: Vec<usize> =
                states.iter().filter(|&&state| state <= to).map(|&state| state.saturating_sub(from)).collect();
            inside.dedup();
            inside
        };
        let mut states = self.states.get(from..=to).unwrap_or_default().to_vec();
        if let Some(first) = states.first_mut() {
            first.changes = Vec::new();
        }
        let touched = self.touched.iter().map(|(key, at)| (key.clone(), shifted(at)));
        let touched = touched.filter(|(_, at)| !at.is_empty()).collect();
        Line { states, touched, swept: shifted(&self.swept), changed: shifted(&self.changed) }
    }

    fn note(&mut self, key: &Key, state: usize) {
        let push = |list: &mut Vec<usize>| {
            if list.last() != Some(&state) {
                list.push(state);
            }
        };
        push(&mut self.changed);
        match coarse(key) {
            Key::Everything => push(&mut self.swept),
            key => push(self.touched.entry(key).or_default()),
        }
    }

    /// The last state.
    pub fn last(&self) -> usize {
        self.states.len().saturating_sub(1)
    }

    /// The first and the last state that the steps of a migration lead to; where several migrations commit together, the
    /// state that they lead to.
    pub fn steps_of(&self, migration: usize) -> Option<(usize, usize)> {
        let at_or_after = |state: &LineState| state.migration.is_some_and(|position| position >= migration);
        let first = self.states.iter().position(at_or_after)?;
        let own = |state: &LineState| state.migration == Some(migration);
        Some((first, self.states.iter().rposition(own).unwrap_or(first)))
    }

    /// The schema of a state.
    pub fn schema(&self, state: usize) -> Option<&Schema> {
        self.states.get(state).map(|state| &state.schema)
    }

    /// The neighbouring states around `state` among which none of the names changes.
    pub fn unchanged<'k>(&self, state: usize, names: impl IntoIterator<Item = &'k Key>) -> RangeInclusive<usize> {
        let (mut from, mut to) = (0, self.last());
        let mut narrow = |states: &[usize]| {
            let after = states.partition_point(|&touched| touched <= state);
            if let Some(&next) = states.get(after) {
                to = to.min(next - 1);
            }
            if let Some(&previous) = after.checked_sub(1).and_then(|at| states.get(at)) {
                from = from.max(previous);
            }
        };
        narrow(&self.swept);
        for key in names {
            match coarse(key) {
                Key::Everything => narrow(&self.changed),
                key => narrow(self.touched.get(&key).map_or(&[], Vec::as_slice)),
            }
        }
        from..=to
    }

    /// Whether any step up to a state touched the name, or it was there before the first.
    pub fn knew(&self, key: &Key, up_to: usize) -> bool {
        let key = coarse(key);
        let touched = self.touched.get(&key).and_then(|states| states.first()).is_some_and(|&first| first <= up_to);
        let given = match (&key, self.schema(0)) {
            (Key::Relation(name), Some(schema)) => relation_named(schema, name).is_some(),
            _ => false,
        };
        touched || given
    }

    /// The last change of one of the names in the steps that lead to these states, the most telling name first.
    pub fn last_change(&self, states: RangeInclusive<usize>, names: &[Key]) -> Option<(usize, &Change)> {
        self.find_change(names, |exact| {
            states.clone().rev().find_map(|index| {
                let changes = &self.states.get(index)?.changes;
                changes.iter().rev().find(|change| exact(&change.key)).map(|change| (index, change))
            })
        })
    }

    /// The first change of one of the names in the steps that lead to these states, the most telling name first.
    pub fn first_change(&self, states: RangeInclusive<usize>, names: &[Key]) -> Option<(usize, &Change)> {
        self.find_change(names, |exact| {
            states.clone().find_map(|index| {
                let changes = &self.states.get(index)?.changes;
                changes.iter().find(|change| exact(&change.key)).map(|change| (index, change))
            })
        })
    }

    /// Looks for each name as it is, then for what it belongs to, then for anything that may have changed everything.
    fn find_change<'l>(
        &self,
        names: &[Key],
        search: impl Fn(&dyn Fn(&Key) -> bool) -> Option<(usize, &'l Change)>,
    ) -> Option<(usize, &'l Change)> {
        let exact = names.iter().find_map(|name| search(&|key| key == name));
        let near = || names.iter().find_map(|name| search(&|key| coarse(key) == coarse(name)));
        exact.or_else(near).or_else(|| search(&|key| *key == Key::Everything))
    }
}

/// The name that look-ups depend on: of a column, constraint or trigger its relation, of a label its type.
pub(crate) fn coarse(key: &Key) -> Key {
    match key {
        Key::Column(relation, _) | Key::Constraint(relation, _) | Key::Trigger(relation, _) => {
            Key::Relation(relation.clone())
        }
        Key::Label(ty, _) => Key::Type(ty.clone()),
        other => other.clone(),
    }
}
