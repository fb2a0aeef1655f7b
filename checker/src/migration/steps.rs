//! The commits of a migration: what other sessions can see while it runs.

use std::ops::Range;

use super::{Commits, Layout, Migration};
use crate::dialect::Dialect;
use crate::sql::{Statement, StatementKind, Transaction, ddl::Ddl};

/// The smallest changes that other sessions can see, in order, and what the server refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// At least one: a migration without statements is still recorded.
    pub steps: Vec<Step>,
    /// Statements that fail because of the transaction they stand in. The steps go on as if they did not.
    pub failures: Vec<Failure>,
    /// Whether the transaction of the last step goes on in the next pending migration.
    pub stays_open: bool,
}

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The statements, by position.
    pub statements: Range<usize>,
    /// What others see of them.
    pub kind: StepKind,
}

/// What others see of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// All that the statements did.
    Committed,
    /// The index that the one statement builds, present but not valid yet: it stays so if the build fails. The step after
    /// this has the same statement, committed.
    Building,
    /// Nothing: the statements are rolled back.
    RolledBack,
}

/// A statement that fails because of the transaction it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The statement, by position.
    pub statement: usize,
    /// What the server says.
    pub code: &'static str,
    /// Why: lower case, no full stop.
    pub message: String,
}

/// The steps of a migration whose up file has these statements.
pub fn steps(migration: &Migration, statements: &[Statement], layout: &Layout, dialect: &Dialect) -> Steps {
    let script = Script { migration, statements, layout, dialect };
    let each_alone = layout.splits_statements || !dialect.transactions.script_is_one;
    let mut found = if each_alone { script.statement_by_statement() } else { script.as_one_text() };
    found.stays_open = layout.commits == Commits::Together && migration.transaction;
    found
}

struct Script<'a> {
    migration: &'a Migration,
    statements: &'a [Statement],
    layout: &'a Layout,
    dialect: &'a Dialect,
}

impl Script<'_> {
    /// The whole file in one message: what is not committed in it is one transaction.
    fn as_one_text(&self) -> Steps {
        let alone = self.statements.len() == 1 && !self.migration.transaction;
        let mut cut = Cut::default();
        for at in 0..self.statements.len() {
            match self.transaction(at) {
                Some(Transaction::Commit) => cut.end(at + 1, StepKind::Committed),
                Some(Transaction::Rollback) => cut.end(at + 1, StepKind::RolledBack),
                _ if alone => self.add_alone(at, &mut cut),
                _ => self.refuse_inside(at, &mut cut, "in the same file, which is one transaction"),
            }
        }
        cut.finish(self.statements.len())
    }

    /// Each statement in a message of its own.
    fn statement_by_statement(&self) -> Steps {
        let transactions = self.dialect.transactions;
        let mut inside = self.migration.transaction && !self.opts_out_by_itself();
        let mut cut = Cut::default();
        for at in 0..self.statements.len() {
            match (self.transaction(at), inside) {
                (Some(Transaction::Begin), true) if transactions.nested_begin_fails => {
                    let message = "BEGIN fails inside a transaction".to_owned();
                    cut.found.failures.push(Failure { statement: at, code: transactions.inside_code, message });
                }
                (Some(Transaction::Begin), false) => inside = true,
                (Some(Transaction::Commit), _) => {
                    cut.end(at + 1, StepKind::Committed);
                    inside = false;
                }
                (Some(Transaction::Rollback), _) => {
                    cut.end(at + 1, StepKind::RolledBack);
                    inside = false;
                }
                (_, true) => self.refuse_inside(at, &mut cut, "here"),
                (_, false) => self.add_alone(at, &mut cut),
            }
        }
        cut.finish(self.statements.len())
    }

    /// Whether the tool opens no transaction because of what is in the file.
    fn opts_out_by_itself(&self) -> bool {
        let mut others = (0..self.statements.len()).filter(|at| self.only_outside(*at).is_none());
        self.layout.splits_statements && !self.statements.is_empty() && others.next().is_none()
    }

    /// A statement that commits at once.
    fn add_alone(&self, at: usize, cut: &mut Cut) {
        if self.builds_concurrently(at) {
            cut.found.steps.push(Step { statements: at..at + 1, kind: StepKind::Building });
        }
        cut.end(at + 1, StepKind::Committed);
    }

    fn refuse_inside(&self, at: usize, cut: &mut Cut, more: &str) {
        if let Some(what) = self.only_outside(at) {
            let mut message = format!("{what} cannot run inside a transaction");
            if !self.migration.transaction {
                message += &format!(": another statement stands {more}");
            }
            cut.found.failures.push(Failure { statement: at, code: self.dialect.transactions.inside_code, message });
        }
    }

    fn transaction(&self, at: usize) -> Option<Transaction> {
        match self.statements.get(at)?.kind {
            StatementKind::Transaction(transaction) => Some(transaction),
            _ => None,
        }
    }

    fn builds_concurrently(&self, at: usize) -> bool {
        let Some(StatementKind::Ddl(ddl)) = self.statements.get(at).map(|statement| &statement.kind) else {
            return false;
        };
        matches!(&**ddl, Ddl::CreateIndex(index) if index.concurrently)
    }

    fn only_outside(&self, at: usize) -> Option<&'static str> {
        let text = self.migration.up.slice(self.statements.get(at)?.span);
        let words: Vec<String> = text.split_whitespace().take(40).map(str::to_ascii_uppercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        (self.dialect.transactions.only_outside)(&words)
    }
}

/// Cutting a row of statements into steps.
#[derive(Default)]
struct Cut {
    found: Steps,
    start: usize,
}

impl Cut {
    fn end(&mut self, end: usize, kind: StepKind) {
        self.found.steps.push(Step { statements: self.start..end, kind });
        self.start = end;
    }

    fn finish(mut self, end: usize) -> Steps {
        if self.start < end || self.found.steps.is_empty() {
            self.end(end, StepKind::Committed);
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::named;
    use crate::migration::{Version, layout};
    use crate::source::Source;
    use crate::sql;

    /// Layout, dialect, file, its steps.
    const CASES: &[(&str, &str, &str, &str)] = &[
        ("sqlx", "postgres", "select 1; select 2", "0..2"),
        ("sqlx", "postgres", "", "0..0"),
        ("sqlx", "postgres", "select 1; commit; select 2; select 3", "0..2, 2..4"),
        ("sqlx", "postgres", "begin; select 1; commit;", "0..3"),
        ("sqlx", "postgres", "select 1; rollback; select 2", "0..2 rolled back, 2..3"),
        ("sqlx", "postgres", "-- no-transaction\nselect 1; select 2", "0..2"),
        ("sqlx", "postgres", "-- no-transaction\ncreate index concurrently i on t (a)", "0..1 building, 0..1"),
        (
            "sqlx",
            "postgres",
            "-- no-transaction\ncreate index concurrently i on t (a);\nselect 1;",
            "0..2, 25001 at 0: CREATE INDEX CONCURRENTLY cannot run inside a transaction: another statement stands in the same file, which is one transaction",
        ),
        (
            "sqlx",
            "postgres",
            "create unique index concurrently i on t (a)",
            "0..1, 25001 at 0: CREATE INDEX CONCURRENTLY cannot run inside a transaction",
        ),
        ("sqlx", "postgres", "-- no-transaction\ndrop index concurrently if exists i", "0..1"),
        ("sqlx", "postgres", "vacuum t", "0..1, 25001 at 0: VACUUM cannot run inside a transaction"),
        ("sqlx", "postgres", "refresh materialized view concurrently v", "0..1"),
        (
            "sqlx",
            "postgres",
            "alter table t detach partition p concurrently",
            "0..1, 25001 at 0: ALTER TABLE … DETACH PARTITION CONCURRENTLY cannot run inside a transaction",
        ),
        ("flyway", "postgres", "select 1; select 2", "0..2"),
        (
            "flyway",
            "postgres",
            "create index concurrently i on t (a); create index concurrently j on t (b)",
            "0..1 building, 0..1, 1..2 building, 1..2",
        ),
        (
            "flyway",
            "postgres",
            "select 1; create index concurrently i on t (a)",
            "0..2, 25001 at 1: CREATE INDEX CONCURRENTLY cannot run inside a transaction",
        ),
        ("sqlx", "sqlite", "select 1; select 2", "0..2"),
        ("sqlx", "sqlite", "-- no-transaction\nselect 1; select 2", "0..1, 1..2"),
        (
            "sqlx",
            "sqlite",
            "-- no-transaction\npragma foreign_keys = off; begin; select 1; select 2; commit; select 3",
            "0..1, 1..5, 5..6",
        ),
        (
            "sqlx",
            "sqlite",
            "begin; select 1; commit; select 2",
            "0..3, 3..4, SQLITE_ERROR at 0: BEGIN fails inside a transaction",
        ),
    ];

    #[test]
    fn commits_are_what_others_see() {
        for (tool, dialect, text, expected) in CASES {
            let source = Source::new("m.sql", *text);
            let dialect = named(dialect).expect("a dialect");
            let mut migration = Migration::new(Version::new("1"), "m", source);
            migration.transaction = !text.starts_with("-- no-transaction");
            let statements = sql::parse(text, dialect);
            let found = steps(&migration, &statements, layout(tool).expect("a layout"), dialect);
            assert_eq!(print(&found), *expected, "{tool} {text}");
        }
    }

    fn print(found: &Steps) -> String {
        let kind = |kind| match kind {
            StepKind::Committed => "",
            StepKind::Building => " building",
            StepKind::RolledBack => " rolled back",
        };
        let steps = found.steps.iter().map(|step| format!("{:?}{}", step.statements, kind(step.kind)));
        let failures = found.failures.iter().map(|f| format!("{} at {}: {}", f.code, f.statement, f.message));
        steps.chain(failures).collect::<Vec<_>>().join(", ")
    }
}
