//! Schema versions that a query is said to be for and that make no sense for its release.

use crate::finding::{Level, Verdict};
use crate::rollout::{Alarm, Check, Course, OUT_OF_RANGE, Rule, out_of_range};
use crate::source::Span;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: OUT_OF_RANGE,
    level: Level::Deny,
    summary: "a query is said to be for schema versions that its release does not have",
    docs: include_str!("expectation-out-of-range.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let Some((release, part)) = course.candidate() else { return Vec::new() };
    let queries = part.release.queries.iter().enumerate();
    let wrong = queries.filter_map(|(index, owned)| {
        let message = out_of_range(part.history(), owned.query.expectation.as_ref()?)?;
        Some(Alarm {
            level: None,
            verdict: Verdict::Breaks,
            release: Some(release),
            subject: message.clone(),
            message: message.clone(),
            help: None,
            query: Some((index, Span::new(0, owned.query.sql.len()), message)),
            states: Vec::new(),
            causes: Vec::new(),
        })
    });
    wrong.collect()
}
