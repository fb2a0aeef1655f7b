//! `explain`: a rule's documentation, or all rules with a line each.

use schemacheck_checker::rules;

use super::{Failure, Outcome};
use crate::output;

pub(crate) fn run(rule: Option<&str>) -> Result<Outcome, Failure> {
    let Some(id) = rule else {
        let width = rules::ALL.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
        for rule in rules::ALL {
            output::line(format_args!("{:width$}  {}", rule.id, rule.summary));
        }
        return Ok(Outcome::Clean);
    };
    match rules::ALL.iter().find(|rule| rule.id == id) {
        Some(rule) => {
            output::line(rule.docs.trim_end());
            Ok(Outcome::Clean)
        }
        None => {
            Err(Failure::new(format!("there is no rule `{id}`")).help("`cargo schemacheck explain` lists all rules"))
        }
    }
}
