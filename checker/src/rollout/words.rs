//! Wording that rules share.

use crate::finding::Verdict;
use crate::schema::Key;

use super::fate::Fate;
use super::rule::{Story, Words};

/// What a key names, in backticks.
pub fn named(key: &Key) -> String {
    match key {
        Key::Schema(name) => format!("schema `{name}`"),
        Key::Relation(name) => format!("`{name}`"),
        Key::Column(relation, column) => format!("`{relation}.{column}`"),
        Key::Constraint(relation, name) => format!("`{name}` of `{relation}`"),
        Key::Trigger(relation, name) => format!("trigger `{name}` of `{relation}`"),
        Key::Type(name) => format!("type `{name}`"),
        Key::Label(ty, label) => format!("label `{label}` of `{ty}`"),
        Key::Routine(name) => format!("`{name}()`"),
        Key::Operator(name) => format!("operator `{name}`"),
        Key::Everything => "the schema".to_owned(),
    }
}

impl Story<'_> {
    /// What the leading hit is about, in backticks.
    pub fn subject(&self) -> String {
        self.hit.about.first().map_or_else(|| "the schema".to_owned(), named)
    }

    /// What the release does with it.
    pub fn verb(&self) -> &'static str {
        match (self.hit.about.first(), self.writes) {
            (Some(Key::Column(..)), false) => "reads",
            (Some(Key::Column(..) | Key::Relation(_)), true) => "writes",
            (Some(Key::Routine(_)), _) => "calls",
            _ => "uses",
        }
    }

    /// What happens to it.
    pub fn breaks(&self) -> &'static str {
        if self.hit.verdict == Verdict::MayBreak { "may break" } else { "breaks" }
    }

    /// ` in 20260402`, or nothing where no migration is known.
    pub fn where_from(&self) -> String {
        self.version.map_or(String::new(), |version| format!(" in {version}"))
    }

    /// The headline of something that a query names and the schema lacks.
    pub fn gone(&self) -> Words {
        let (release, subject, verb) = (self.release, self.subject(), self.verb());
        if self.early {
            let message = match &self.fate {
                // The subject may have been there before, and something else of it be new.
                Fate::Changed | Fate::Recreated => {
                    format!("{release} already relies on what is only there from here on: {}", self.hit.message)
                }
                fate => format!("{release} already {verb} {subject}, {}", early(fate)),
            };
            return Words { message, help: Some(self.too_early()) };
        }
        let message = match &self.fate {
            // The thing is there, but not for this query.
            Fate::Changed | Fate::Recreated | Fate::Added => {
                format!("{release} {} here: {}", self.breaks(), self.hit.message)
            }
            fate => format!("{release} still {verb} {subject}, {}", fate.here()),
        };
        Words { message, help: self.way_out() }
    }

    /// The way out for code that runs before the migration it needs.
    pub fn too_early(&self) -> String {
        match self.version {
            Some(version) => format!(
                "apply {version} before the first new instance serves, or send the query only from that schema on \
                 (`since = \"{version}\"`)"
            ),
            None => "apply the migration before the first new instance serves".to_owned(),
        }
    }

    /// The way out for code that still uses what a migration takes away.
    pub fn way_out(&self) -> Option<String> {
        let table = matches!(self.hit.about.first(), Some(Key::Relation(_)));
        let help = match (&self.fate, self.hit.about.first()) {
            (Fate::Renamed(to), Some(Key::Column(_, from))) => {
                format!("in three releases: add `{to}` and keep both in step; use only `{to}`; drop `{from}`")
            }
            (Fate::Renamed(to), Some(Key::Relation(from))) => format!(
                "in three releases: rename it and create a view `{from}` over `{to}`; use only `{to}`; drop the view"
            ),
            (Fate::Renamed(to), Some(Key::Label(_, from))) => {
                format!("in three releases: add `{to}` and accept both; write only `{to}`; stop using `{from}`")
            }
            (Fate::Renamed(to), _) => {
                format!("in three releases: create `{to}` beside it; use only `{to}`; drop the old one")
            }
            (Fate::Moved(_), _) if table => {
                "in three releases: move it and leave a view in its old schema; use only the new name; drop the view".to_owned()
            }
            (Fate::Dropped, _) => {
                "in two releases: stop using it; drop it when no running release uses it any more".to_owned()
            }
            (Fate::Retyped(..), Some(Key::Column(..))) => {
                "in three releases: add a column of the new type and keep both in step; use only the new one; drop the old one"
                    .to_owned()
            }
            _ => return None,
        };
        Some(help)
    }
}

/// Why something is not there yet.
fn early(fate: &Fate) -> String {
    match fate {
        Fate::Added => "which is only added here".to_owned(),
        Fate::Renamed(_) | Fate::Moved(_) => "which is only there from here on".to_owned(),
        fate => fate.here(),
    }
}
