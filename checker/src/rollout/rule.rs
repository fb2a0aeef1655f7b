//! What a rule is, what it is asked and what it answers.

use crate::analysis::{Analysis, Problem};
use crate::finding::{Cause, Level, Verdict};
use crate::query::Query;
use crate::schema::{ColumnNumber, Key, RelationId, Schema};
use crate::source::Span;

use super::course::Course;
use super::fate::Fate;

/// One named reason for a finding.
#[derive(Debug)]
pub struct Rule {
    /// As findings and configuration name it.
    pub id: &'static str,
    /// How serious its findings are unless configured otherwise. Where a query is not understood, at most [`Level::Warn`].
    pub level: Level,
    /// One sentence: lower case, no full stop.
    pub summary: &'static str,
    /// Its documentation, which is its test too.
    pub docs: &'static str,
    /// How it finds.
    pub check: Check,
}

/// How a rule finds.
#[derive(Debug)]
pub enum Check {
    /// Asked for each query on each state that it meets.
    Query {
        /// Which findings share a block of text.
        family: Family,
        /// What is wrong.
        find: fn(&Meeting<'_>) -> Vec<Hit>,
        /// The headline of a group of findings.
        words: fn(&Story<'_>) -> Words,
    },
    /// Asked once for a rollout.
    Rollout(fn(&Course<'_>) -> Vec<Alarm>),
}

/// Which findings of one cause share a block of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The query fails by itself: all such rules together. Where it does, the findings of other families are left out.
    Failure,
    /// Those of the same rule.
    Own,
}

/// A query that meets a state.
pub struct Meeting<'a> {
    /// The query.
    pub query: &'a Query,
    /// What it does on the schema that its code was made for.
    pub contract: Met<'a>,
    /// What it does on this state.
    pub met: Met<'a>,
    /// The same where the driver declares the parameter types that the code was made for, and the server would now infer
    /// others.
    pub declared: Option<&'a Analysis>,
    /// The same for a statement that was prepared on the state before, whose parameter types were settled there.
    pub frozen: Option<&'a Analysis>,
    /// What it does on the state before, where its release is live on both.
    pub before: Option<Met<'a>>,
    /// Whether ids in the contract and in this state are of one replay, and so can be compared.
    pub comparable: bool,
    /// Who can store NULL in a column of this state, in words.
    pub null_writer: &'a dyn Fn(RelationId, ColumnNumber) -> Option<String>,
    /// Who can store a label of an enum, by the type's name, in words.
    pub label_writer: &'a dyn Fn(&str, &str) -> Option<String>,
}

/// A schema, and what a query does on it.
#[derive(Clone, Copy)]
pub struct Met<'a> {
    /// The schema.
    pub schema: &'a Schema,
    /// The query on it.
    pub analysis: &'a Analysis,
}

/// Something wrong with a query on a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The rule's id.
    pub rule: &'static str,
    /// What happens.
    pub verdict: Verdict,
    /// The part of the SQL text.
    pub span: Span,
    /// A few words for that part.
    pub label: String,
    /// A sentence: lower case, no full stop, names in backticks.
    pub message: String,
    /// What it is about, most telling first.
    pub about: Vec<Key>,
    /// It comes from the step that leads to the state, whatever the code was made for.
    pub by_step: bool,
}

impl Hit {
    /// What the server would refuse.
    pub(crate) fn of(problem: &Problem) -> Hit {
        Hit {
            rule: problem.rule,
            verdict: if problem.certain { Verdict::Breaks } else { Verdict::MayBreak },
            span: problem.span,
            label: problem.label.clone(),
            message: problem.message.clone(),
            about: problem.about.clone(),
            by_step: false,
        }
    }
}

/// What is known of a group of findings when its headline is written.
#[derive(Debug)]
pub struct Story<'a> {
    /// The release, as messages call it.
    pub release: &'a str,
    /// The leading hit.
    pub hit: &'a Hit,
    /// What the statement did to what the hit is about.
    pub fate: Fate,
    /// The version of the migration that causes it.
    pub version: Option<&'a str>,
    /// The query fails before the migration, not after it.
    pub early: bool,
    /// The release writes what the hit is about.
    pub writes: bool,
}

/// The headline of a group and the way out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Lower case, no full stop, names in backticks.
    pub message: String,
    /// Lower case, no full stop.
    pub help: Option<String>,
}

/// Something wrong with a rollout as a whole, a migration or a release, perhaps because of a query.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// Its level, where it is not the rule's.
    pub level: Option<Level>,
    /// What happens.
    pub verdict: Verdict,
    /// The release that it concerns, by its index in the report.
    pub release: Option<usize>,
    /// Alarms with the same subject are one block of text.
    pub subject: String,
    /// The headline.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// The query: its index in the release, the part of its text, a few words for that part.
    pub query: Option<(usize, Span, String)>,
    /// The states, as ranges; both ends included.
    pub states: Vec<(usize, usize)>,
    /// The statements that cause it.
    pub causes: Vec<Cause>,
}
