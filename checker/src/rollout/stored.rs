//! A rollout once it is replayed, as bytes: its states are read as far as a query looks at them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::dialect::Dialect;
use crate::finding::Level;
use crate::migration::{self, Gaps, History, Layout, Migration, Version};
use crate::schema::stored::{Reader, Store, Stored, Writer, stored_fields, stored_words};
use crate::schema::{Key, Schema};
use crate::sorted;

use super::input::{CheckInput, Migrator, Order, Release, Rollout, Strategy};
use super::line::{Line, LineState};
use super::replayed::{Known, Replayed};

stored_words!(Level: Allow, Note, Warn, Deny);
stored_words!(Order: MigrateFirst, DeployFirst, Any);
stored_words!(Strategy: Rolling, Recreate);
stored_words!(Gaps: Fills, Refuses, Skips);
stored_fields!(Rollout { order, strategy, applied, contract_held_by, rollback });
stored_fields!(Migrator { at_start, ignores_unknown });
stored_fields!(Version { text, numbers });
stored_fields!(Migration { version, name, up, down, transaction, contract, marked, gaps, touches, opaque });
stored_fields!(History { layout, migrations, given, repeatable });
stored_fields!(Known { broken, null_writers, definitions });

impl Stored for &'static Layout {
    fn write(&self, out: &mut Writer) {
        let grouped = migration::layout(self.id).is_some_and(|plain| plain.commits != self.commits);
        (self.id.to_owned(), grouped).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<&'static Layout> {
        let (id, grouped): (String, bool) = Stored::read(from)?;
        let layout = migration::layout(&id)?;
        Some(if grouped { migration::grouped(layout) } else { layout })
    }
}

/// Without its queries, which are judged one at a time.
impl Stored for Release {
    fn write(&self, out: &mut Writer) {
        (self.id.clone(), self.source.clone(), self.why.clone()).write(out);
        self.history.write(out);
        self.migrator.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Release> {
        let (id, source, why) = Stored::read(from)?;
        let (history, migrator) = Stored::read(from)?;
        Some(Release { id, source, why, history, queries: Vec::new(), unresolved: Vec::new(), migrator })
    }
}

impl Line {
    fn write(&self, out: &mut Writer) {
        let Line { states, touched, swept, changed } = self;
        states.len().write(out);
        let mut before: Option<&Schema> = None;
        for LineState { schema, migration, statement, changes } in states {
            schema.write(before, out);
            migration.write(out);
            statement.write(out);
            changes.write(out);
            before = Some(schema);
        }
        let touched: BTreeMap<&Key, &Vec<usize>> = sorted::map(touched);
        touched.len().write(out);
        for (key, states) in touched {
            key.write(out);
            states.write(out);
        }
        swept.write(out);
        changed.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Line> {
        let mut states: Vec<LineState> = Vec::new();
        for _ in 0..usize::read(from)? {
            let schema = Schema::read(states.last().map(|state| &state.schema), from)?;
            let (migration, statement, changes) = Stored::read(from)?;
            states.push(LineState { schema, migration, statement, changes });
        }
        let touched: Vec<(Key, Vec<usize>)> = Stored::read(from)?;
        let (swept, changed) = Stored::read(from)?;
        Some(Line { states, touched: touched.into_iter().collect(), swept, changed })
    }
}

impl Replayed {
    /// As bytes for [`Replayed::read`]: what it was replayed from, and what that gave, where it would come back as it is.
    pub(crate) fn write(&self) -> Vec<u8> {
        let whole = self.written(true);
        whole.or_else(|| self.written(false)).unwrap_or_default()
    }

    fn written(&self, with_states: bool) -> Option<Vec<u8>> {
        let Replayed { input, migrations, applied, line, expanded, fresh, home, known, programs: _ } = self;
        let CheckInput {
            name,
            dialect,
            server_version,
            base,
            candidate,
            baselines,
            consumers: _,
            upgrades: _,
            rollout,
            levels,
            known: before,
        } = input;
        let mut writer = Writer::new(Some(dialect));
        let out = &mut writer;
        name.write(out);
        server_version.write(out);
        candidate.write(out);
        baselines.write(out);
        rollout.write(out);
        levels.write(out);
        before.write(out);
        known.write(out);
        let with_states = with_states && base.is_none();
        with_states.write(out);
        if with_states {
            migrations.write(out);
            (*applied, *expanded, *home).write(out);
            line.write(out);
            fresh.is_some().write(out);
            if let Some(fresh) = fresh {
                fresh.write(out);
            }
        }
        writer.finish()
    }

    /// Reads what [`Replayed::write`] gave. What is not stored is replayed when something looks at it.
    pub(crate) fn read(bytes: Arc<Vec<u8>>, range: Range<usize>, dialect: &'static Dialect) -> Option<Replayed> {
        let (store, values) = Store::new(bytes, range, Some(dialect))?;
        let mut from = Reader::new(&store, values);
        let from = &mut from;
        let (name, server_version) = Stored::read(from)?;
        let (candidate, baselines, rollout) = Stored::read(from)?;
        let (levels, before, known): (BTreeMap<String, Level>, BTreeSet<String>, Known) = Stored::read(from)?;
        let input = CheckInput {
            name,
            dialect,
            server_version,
            base: None,
            candidate,
            baselines,
            consumers: Vec::new(),
            upgrades: Vec::new(),
            rollout,
            levels,
            known: before,
        };
        if !bool::read(from)? {
            return from.is_done().then(|| Replayed::of(&input, known));
        }
        let migrations = Stored::read(from)?;
        let (applied, expanded, home) = Stored::read(from)?;
        let line = Arc::new(Line::read(from)?);
        let fresh = if bool::read(from)? { Some(Arc::new(Line::read(from)?)) } else { None };
        if !from.is_done() {
            return None;
        }
        let again = (input.clone(), known.clone());
        store.replay_by(Box::new(move || Replayed::of(&again.0, again.1.clone()).states().cloned().collect()));
        Some(Replayed { input, migrations, applied, line, expanded, fresh, home, known, programs: OnceLock::new() })
    }

    /// All states: of the rollout, then the candidate's own schema where it is none of them.
    pub fn states(&self) -> impl Iterator<Item = &Schema> {
        let lines = std::iter::once(&self.line).chain(&self.fresh);
        lines.flat_map(|line| line.states.iter().map(|state| &state.schema))
    }
}
