//! Releases, windows, verdicts: what each query of each release does on every state that it can meet.

mod input;
mod report;

pub use input::{CheckInput, Migrator, Order, OwnedQuery, Ownership, Release, Rollout, Strategy, Upgrade};
pub use report::{
    ColumnInfo, DatabaseInfo, Matrix, MatrixRow, ReleaseInfo, Report, Requirement, RolloutInfo, StateInfo, Stretch,
    Summary, UnresolvedCall, Window, WindowKind,
};

use crate::finding::{Finding, Role};

/// What tells a finding apart from others across two checks of neighbouring trees: rule, role, SQL text and causing versions;
/// no line numbers.
pub fn finding_key(finding: &Finding, role: Option<Role>) -> String {
    let role = match role {
        Some(Role::Baseline) => "baseline",
        Some(Role::Candidate) => "candidate",
        Some(Role::Consumer) => "consumer",
        None => "",
    };
    let sql = finding.query.as_ref().map_or("", |query| &*query.sql);
    let causes: Vec<&str> = finding.causes.iter().map(|cause| cause.version.as_str()).collect();
    format!("{}\u{1f}{role}\u{1f}{sql}\u{1f}{}", finding.rule, causes.join(","))
}
