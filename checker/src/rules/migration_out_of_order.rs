//! Pending migrations that sort before applied ones, where that matters.

use crate::finding::{Level, Verdict};
use crate::rollout::{Alarm, Check, Course, Rule, migration_cause};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "migration-out-of-order",
    level: Level::Deny,
    summary: "a pending migration sorts before an applied one, and the tool refuses it or the schema comes out different",
    docs: include_str!("migration-out-of-order.md"),
    check: Check::Rollout(find),
};

fn find(course: &Course<'_>) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    let blank = Alarm {
        level: None,
        verdict: Verdict::Breaks,
        release: course.candidate().map(|(release, _)| release),
        subject: String::new(),
        message: String::new(),
        help: Some("give it a version above the applied ones".to_owned()),
        query: None,
        states: vec![(course.plan.start, course.plan.end)],
        causes: Vec::new(),
    };
    if let (Some(why), Some(first)) = (&course.plan.order_matters, course.plan.late.first()) {
        alarms.push(Alarm {
            message: format!("{} comes after migrations that are applied already: {why}", first.version.text),
            causes: course.plan.late.iter().map(|migration| migration_cause(migration)).collect(),
            ..blank.clone()
        });
    }
    for upgrade in &course.plan.upgrades {
        let Some(difference) = &upgrade.difference else { continue };
        alarms.push(Alarm {
            subject: upgrade.id.clone(),
            message: format!("the upgrade from {} ends in another schema: {difference}", upgrade.id),
            ..blank.clone()
        });
    }
    alarms
}
