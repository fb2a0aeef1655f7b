//! Small rollouts, and what is said about them.

use std::sync::Arc;

use super::fixture::{Block, input};
use super::{CheckInput, Ownership, Release, Report};
use crate::finding::Level;

const USERS: Block<'static> = ("sql before", "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);");

fn check(blocks: &[Block<'_>]) -> Report {
    crate::check(&input(blocks))
}

/// Each finding as `group level rule release "part of the query" states <- "causing part"`.
fn lines(report: &Report) -> Vec<String> {
    let line = |finding: &crate::finding::Finding| {
        let release = finding.release.map_or("", |release| &report.releases[release].id);
        let part = finding.query.as_ref().map_or("", |query| query.part.source.slice(query.part.span));
        let causes: Vec<String> = finding
            .causes
            .iter()
            .map(|cause| format!("{}: {}", cause.version, cause.place.source.slice(cause.place.span)))
            .collect();
        let level = format!("{:?}", finding.level).to_lowercase();
        let states = &finding.states;
        let (group, rule) = (finding.group, finding.rule);
        format!("{group} {level} {rule} {release} {part:?} {states:?} <- {}", causes.join("; "))
    };
    report.findings.iter().map(line).collect()
}

fn messages(report: &Report) -> Vec<String> {
    let mut messages: Vec<(usize, String)> =
        report.findings.iter().map(|finding| (finding.group, finding.message.clone())).collect();
    messages.dedup();
    messages.into_iter().map(|(_, message)| message).collect()
}

/// The verdicts of the queries of both releases: breaks, may break, unknown, runs.
fn counts(report: &Report) -> (usize, usize, usize, usize) {
    let summary = report.summary;
    (summary.breaks, summary.may_break, summary.unknown, summary.runs)
}

#[test]
fn one_cause_is_one_group_with_the_statement_and_the_words() {
    let report = check(&[
        USERS,
        ("sql migration", "ALTER TABLE users RENAME COLUMN name TO full_name;"),
        ("sql query", "SELECT id, name FROM users WHERE id = $1"),
        ("sql query", "UPDATE users SET name = $1 WHERE id = $2"),
        ("sql query", "DELETE FROM users WHERE id = $1"),
        ("sql next query", "SELECT id, full_name FROM users WHERE id = $1"),
    ]);
    assert_eq!(
        lines(&report),
        [
            "0 deny missing-column v1 \"name\" [(1, 1)] <- 20: RENAME COLUMN name TO full_name",
            "0 deny missing-column v1 \"name\" [(1, 1)] <- 20: RENAME COLUMN name TO full_name",
        ]
    );
    assert_eq!(messages(&report), ["v1 still reads `users.name`, renamed to `full_name` here"]);
    assert_eq!(counts(&report), (2, 0, 0, 2));
    let help = report.findings[0].help.as_deref();
    assert_eq!(
        help,
        Some("in three releases: add `full_name` and keep both in step; use only `full_name`; drop `name`")
    );
}

#[test]
fn two_changes_in_one_statement_are_two_groups() {
    let report = check(&[
        ("sql before", "CREATE TABLE users (id bigint PRIMARY KEY, name text, nick text);"),
        ("sql migration", "ALTER TABLE users DROP COLUMN name, DROP COLUMN nick;"),
        ("sql query", "SELECT name FROM users"),
        ("sql query", "SELECT nick FROM users"),
    ]);
    assert_eq!(
        lines(&report),
        [
            "0 deny missing-column v1 \"name\" [(1, 1)] <- 20: DROP COLUMN name",
            "1 deny missing-column v1 \"nick\" [(1, 1)] <- 20: DROP COLUMN nick",
        ]
    );
}

#[test]
fn code_that_goes_first_lacks_what_comes_later() {
    let report = check(&[
        ("toml rollout", "order = 'deploy-first'"),
        USERS,
        ("sql migration", "ALTER TABLE users ADD COLUMN email text;"),
        ("sql migration", "CREATE TABLE notes (id bigint);"),
        ("sql next query", "SELECT email FROM users"),
    ]);
    assert_eq!(lines(&report), ["0 deny missing-column this tree \"email\" [(0, 0)] <- 20: ADD COLUMN email text"]);
    assert_eq!(messages(&report), ["this tree already reads `users.email`, which is only added here"]);
    let requires: Vec<&str> = report.requires.iter().map(|requirement| requirement.version.as_str()).collect();
    assert_eq!(requires, ["20"]);
}

#[test]
fn the_candidate_requires_each_migration_that_gets_a_query_further() {
    let report = check(&[
        USERS,
        ("sql migration", "CREATE TABLE orders (id bigint PRIMARY KEY);"),
        ("sql migration", "CREATE TABLE notes (id bigint);"),
        ("sql migration", "ALTER TABLE orders ADD COLUMN user_id bigint;"),
        ("sql next query", "SELECT user_id FROM orders"),
    ]);
    let requires: Vec<&str> = report.requires.iter().map(|requirement| requirement.version.as_str()).collect();
    assert_eq!(requires, ["20", "40"]);
    assert!(report.findings.is_empty(), "{:?}", lines(&report));
}

#[test]
fn a_query_that_the_rollout_breaks_in_its_own_release() {
    let report = check(&[
        USERS,
        ("sql migration", "ALTER TABLE users DROP COLUMN name;"),
        ("sql next query", "SELECT name FROM users"),
    ]);
    assert_eq!(lines(&report), ["0 deny broken-at-head this tree \"name\" [(1, 1)] <- 20: DROP COLUMN name"]);
    assert_eq!(messages(&report), ["this tree itself still uses `users.name`, dropped here"]);
}

#[test]
fn queries_for_another_database_are_one_warning_and_old_ones_a_note() {
    let foreign = "SELECT sum(bytes) FROM clicks FINAL";
    let new = check(&[USERS, ("sql next query", "SELECT sum(bytes) FROM clicks"), ("sql next query", "TABLE views")]);
    let levels: Vec<(Level, usize)> = new.findings.iter().map(|finding| (finding.level, finding.group)).collect();
    assert_eq!(levels, [(Level::Warn, 0), (Level::Warn, 0)]);
    let old = check(&[USERS, ("sql migration", "ALTER TABLE users ADD COLUMN a text"), ("sql both", foreign)]);
    assert!(old.findings.iter().all(|finding| finding.level == Level::Note), "{:?}", lines(&old));
}

#[test]
fn a_table_made_anew_with_the_same_columns_is_the_same() {
    let report = check(&[
        USERS,
        (
            "sql migration",
            "CREATE TABLE users_new (id bigint PRIMARY KEY, name text NOT NULL);
             INSERT INTO users_new SELECT id, name FROM users;
             ALTER TABLE users RENAME TO users_old;
             ALTER TABLE users_new RENAME TO users;",
        ),
        ("sql migration", "DROP TABLE users_old;"),
        ("sql both", "SELECT id, name FROM users WHERE id = $1"),
        ("sql both", "INSERT INTO users VALUES ($1, $2)"),
    ]);
    assert_eq!(lines(&report), Vec::<String>::new());
    assert_eq!(counts(&report), (0, 0, 0, 4));
}

#[test]
fn a_squashed_history_is_the_same_state() {
    let mut squashed = input(&[
        USERS,
        ("sql before", "ALTER TABLE users ADD COLUMN email text;"),
        ("sql both", "SELECT email FROM users"),
    ]);
    let whole = input(&[
        ("sql migration", "CREATE TABLE users (id bigint PRIMARY KEY, email text, name text NOT NULL);"),
        ("sql migration", "ALTER TABLE users ADD COLUMN nick text;"),
    ]);
    squashed.candidate.history = whole.candidate.history;
    for (migration, version) in squashed.candidate.history.iter_mut().flat_map(|h| &mut h.migrations).zip(["30", "40"])
    {
        migration.version = crate::migration::Version::new(version);
    }
    let report = crate::check(&squashed);
    assert_eq!(lines(&report), Vec::<String>::new());
    assert_eq!(report.rollout.pending, ["40"]);
}

#[test]
fn a_migration_under_another_version_is_applied_again() {
    let mut renamed = input(&[
        USERS,
        ("sql before", "ALTER TABLE users ADD COLUMN email text;"),
        ("sql both", "SELECT email FROM users"),
    ]);
    let shipped = &mut renamed.candidate.history.as_mut().expect("history").migrations;
    shipped.last_mut().expect("a migration").version = crate::migration::Version::new("30");
    let report = crate::check(&renamed);
    assert_eq!(report.rollout.pending, ["30"]);
    let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["migration-removed", "migration-fails"]);
}

#[test]
fn a_pending_migration_that_lacks_what_a_removed_one_took_fails() {
    let mut input = input(&[
        USERS,
        ("sql before", "ALTER TABLE users DROP COLUMN name;"),
        ("sql before", "ALTER TABLE users ADD COLUMN nick text;"),
        ("sql migration", "ALTER TABLE users DROP COLUMN name, ADD COLUMN full_name text;"),
    ]);
    let shipped = &mut input.candidate.history.as_mut().expect("history").migrations;
    let mut removed = shipped.remove(1);
    // Also where it sorts before what is applied already.
    removed.version = crate::migration::Version::new("15");
    removed.up = shipped.pop().expect("the pending one").up;
    shipped.insert(1, removed);
    let report = crate::check(&input);
    let fails = report.findings.iter().filter(|finding| finding.rule == "migration-fails");
    let messages: Vec<&str> = fails.map(|finding| &*finding.message).collect();
    assert_eq!(messages, ["15 fails: column `name` of relation `users` does not exist"]);
}

#[test]
fn a_removed_migration_that_did_nothing_lasting_is_no_finding() {
    let mut input = input(&[
        USERS,
        ("sql before", "COMMENT ON TABLE users IS 'people';"),
        ("sql migration", "ALTER TABLE users ADD COLUMN nick text;"),
    ]);
    input.candidate.history.as_mut().expect("history").migrations.remove(1);
    assert_eq!(lines(&crate::check(&input)), Vec::<String>::new());
}

#[test]
fn an_older_release_starts_where_the_database_is() {
    let mut input = input(&[
        USERS,
        ("sql before", "ALTER TABLE users DROP COLUMN name;"),
        ("sql migration", "CREATE TABLE notes (id bigint);"),
        ("sql query", "SELECT id FROM users"),
    ]);
    let mut old = Release { id: "v0".to_owned(), ..input.baselines[0].clone() };
    old.history.as_mut().expect("history").migrations.truncate(1);
    old.queries[0].query =
        Arc::new(crate::query::Query { sql: "SELECT name FROM users".into(), ..(*old.queries[0].query).clone() });
    input.baselines.push(old);
    let report = crate::check(&input);
    // The place is that of the other text.
    assert_eq!(lines(&report), ["0 deny missing-column v0 \"id F\" [(0, 1)] <- 20: DROP COLUMN name"]);
}

#[test]
fn the_way_back_is_a_finding_for_each_migration() {
    let report = check(&[
        ("toml rollout", "contract_held = true"),
        ("sql before", "CREATE TABLE users (id bigint PRIMARY KEY, name text, nick text);"),
        ("sql migration", "-- schemacheck: contract\nALTER TABLE users DROP COLUMN name;"),
        ("sql migration", "-- schemacheck: contract\nALTER TABLE users DROP COLUMN nick;"),
        ("sql query", "SELECT name FROM users"),
        ("sql query", "SELECT nick FROM users"),
        ("sql query", "SELECT name, nick FROM users"),
    ]);
    assert_eq!(
        lines(&report),
        [
            "0 warn rollback-blocked v1 \"name\" [(1, 2)] <- 20: DROP COLUMN name",
            "0 warn rollback-blocked v1 \"name\" [(1, 2)] <- 20: DROP COLUMN name",
            "1 warn rollback-blocked v1 \"nick\" [(2, 2)] <- 30: DROP COLUMN nick",
        ]
    );
    assert_eq!(messages(&report), ["no way back to v1 after 20", "no way back to v1 after 30"]);
}

#[test]
fn until_and_since_narrow_the_window_of_a_query() {
    let drop = ("sql migration", "ALTER TABLE users DROP COLUMN name;");
    let until =
        check(&[("toml rollout", "order = 'any'\nuntil = '20'"), USERS, drop, ("sql both", "SELECT name FROM users")]);
    assert_eq!(lines(&until), Vec::<String>::new());
    let since = check(&[
        ("toml rollout", "order = 'any'\nsince = '20'"),
        USERS,
        ("sql migration", "ALTER TABLE users ADD COLUMN email text;"),
        ("sql next query", "SELECT email FROM users"),
    ]);
    assert_eq!(lines(&since), Vec::<String>::new());
}

#[test]
fn versions_that_are_applied_are_on_all_states() {
    let dropped = ("sql before", "ALTER TABLE users ADD COLUMN nick text, DROP COLUMN name;");
    let of = |settings: &str, query: &str| {
        lines(&check(&[
            ("toml rollout", settings),
            USERS,
            dropped,
            ("sql migration", "ALTER TABLE users ADD COLUMN age integer;"),
            ("sql next query", query),
        ]))
    };
    assert_eq!(of("until = '20'", "SELECT name FROM users"), Vec::<String>::new(), "it is sent no more");
    let early = of("order = 'any'\nsince = '20'", "SELECT age FROM users");
    assert!(early.iter().any(|line| line.contains("missing-column")), "{early:?}");
    let misnamed = of("since = '20'\nuntil = '10'", "SELECT name FROM users");
    assert_eq!(misnamed.len(), 1, "{misnamed:?}");
    assert!(misnamed[0].contains("deny expectation-out-of-range"), "{misnamed:?}");
}

#[test]
fn what_may_belong_to_another_database_is_unknown() {
    let blocks = [USERS, ("sql migration", "DROP TABLE users;"), ("sql query", "SELECT name FROM users")];
    let mut input = input(&blocks);
    input.baselines[0].queries[0].ownership = Ownership::Tied;
    let report = crate::check(&input);
    assert_eq!((lines(&report), counts(&report)), (Vec::new(), (0, 0, 1, 0)));
}

#[test]
fn what_was_found_before_is_a_note_and_levels_can_be_set() {
    let blocks = [USERS, ("sql migration", "DROP TABLE users;"), ("sql query", "SELECT name FROM users")];
    let first = check(&blocks);
    let mut input = input(&blocks);
    input.known = first.findings.iter().map(|f| super::finding_key(f, Some(crate::finding::Role::Baseline))).collect();
    assert_eq!(crate::check(&input).findings[0].level, Level::Note);
    input.known.clear();
    input.levels.insert("missing-table".to_owned(), Level::Warn);
    assert_eq!(crate::check(&input).findings[0].level, Level::Warn);
    input.levels.insert("missing-table".to_owned(), Level::Allow);
    assert!(crate::check(&input).findings.is_empty());
}

#[test]
fn an_upgrade_at_one_go_must_reach_the_same_schema() {
    let mut input = input(&[
        USERS,
        ("sql late", "ALTER TABLE users ALTER COLUMN name SET DEFAULT '';"),
        ("sql before", "ALTER TABLE users RENAME COLUMN name TO full_name;"),
    ]);
    let old = input.baselines[0].history.clone().expect("history");
    input.baselines[0].history = input.candidate.history.clone();
    assert_eq!(lines(&crate::check(&input)), Vec::<String>::new());
    input.upgrades = vec![super::Upgrade { id: "v0.9".to_owned(), history: old }];
    let messages = messages(&crate::check(&input));
    assert!(messages[0].starts_with("the upgrade from v0.9 fails: "), "{messages:?}");
}

/// Many tables, each with its queries, and migrations that touch one table each.
fn wide(tables: usize) -> CheckInput {
    let create: Vec<String> =
        (0..tables).map(|t| format!("CREATE TABLE t{t} (id bigint PRIMARY KEY, name text);")).collect();
    let alter: Vec<String> = (0..tables).map(|t| format!("ALTER TABLE t{t} ADD COLUMN more text;")).collect();
    let read: Vec<String> = (0..tables).map(|t| format!("SELECT id, name FROM t{t} WHERE id = $1")).collect();
    let mut blocks: Vec<Block<'_>> = create.iter().map(|text| ("sql before", text.as_str())).collect();
    blocks.extend(alter.iter().map(|text| ("sql migration", text.as_str())));
    blocks.extend(read.iter().map(|text| ("sql both", text.as_str())));
    input(&blocks)
}

#[test]
fn cost_grows_with_queries_times_the_changes_that_concern_them() {
    let tables = 12;
    let input = wide(tables);
    let plan = super::plan::plan(&input);
    let programs = super::made::Programs::default();
    let texts = super::texts::Texts::new(&plan.line, input.dialect, &programs);
    let own = super::own_lines(&input, &plan);
    let course = super::course(&input, &plan, &own, &texts, crate::rules::ALL, false);
    assert_eq!(plan.end - plan.start, tables);
    assert!(course.releases.iter().all(|part| part.queries.len() == tables));
    // Both releases share the text; each text is analysed once before and once after the only change that concerns it.
    assert!(texts.analyses() <= 2 * tables, "{} analyses", texts.analyses());
}

#[test]
fn the_same_input_gives_the_same_output() {
    let once = format!("{:?}", crate::check(&wide(5)));
    assert_eq!(once, format!("{:?}", crate::check(&wide(5))));
}
