//! Which states each release meets, and what is checked on them.

use super::fixture::{Block, input};
use super::{Report, WindowKind};

const TABLE: Block<'static> = ("sql before", "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);");
const EXPAND: Block<'static> = ("sql migration", "ALTER TABLE users ADD COLUMN email text;");
const CONTRACT: Block<'static> = ("sql migration", "-- schemacheck: contract\nALTER TABLE users DROP COLUMN name;");

fn report(settings: &str, blocks: &[Block<'_>]) -> Report {
    let mut all = vec![("toml rollout", settings)];
    all.extend(blocks);
    crate::check(&input(&all))
}

/// Each window as `release kind from-to`.
fn windows(settings: &str, blocks: &[Block<'_>]) -> Vec<String> {
    let report = report(settings, blocks);
    let window = |window: &super::Window| {
        let kind = if window.kind == WindowKind::Live { "live" } else { "return" };
        format!("{} {kind} {}-{}", report.releases[window.release].id, window.from, window.to)
    };
    report.windows.iter().map(window).collect()
}

#[test]
fn the_order_says_which_states_a_release_meets() {
    let pending = [TABLE, EXPAND, EXPAND];
    assert_eq!(windows("", &pending), ["v1 live 0-2", "this tree live 2-2"]);
    assert_eq!(windows("order = 'deploy-first'", &pending), ["v1 live 0-0", "v1 return 1-2", "this tree live 0-2"]);
    assert_eq!(windows("order = 'any'", &pending), ["v1 live 0-2", "this tree live 0-2"]);
    assert_eq!(windows("strategy = 'recreate'", &pending), ["v1 live 0-0", "v1 return 1-2", "this tree live 2-2"]);
}

#[test]
fn contract_migrations_come_after_the_old_release_if_something_holds_them_back() {
    let pending = [TABLE, CONTRACT, EXPAND];
    let held = "contract_held = true";
    assert_eq!(windows(held, &pending), ["v1 live 0-1", "v1 return 2-2", "this tree live 1-2"]);
    assert_eq!(report(held, &pending).rollout.pending, ["30", "20"], "held back behind the others");
    assert_eq!(windows("", &pending), ["v1 live 0-2", "this tree live 2-2"]);
    let rules: Vec<&str> = report("", &pending).findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["phase-not-enforced"]);
}

#[test]
fn nothing_pending_is_one_state() {
    assert_eq!(windows("", &[TABLE]), ["v1 live 0-0", "this tree live 0-0"]);
    let report = report("", &[TABLE]);
    assert_eq!(report.states.len(), 1);
    assert_eq!(report.states[0].version.as_deref(), Some("10"));
    assert!(report.states[0].step.is_none());
}

#[test]
fn applied_migrations_can_be_named() {
    let report = report("applied = ['10', '20']", &[TABLE, EXPAND, EXPAND]);
    assert_eq!(report.rollout.pending, ["30"]);
    assert_eq!(report.states[0].version.as_deref(), Some("20"));
}

/// The verdicts of the candidate's queries on the last state, in order.
fn at_head(blocks: &[Block<'_>]) -> Vec<String> {
    let report = report("", blocks);
    report.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.message)).collect()
}

#[test]
fn what_a_program_creates_itself_is_there_for_it() {
    let queries = [
        TABLE,
        ("sql both", "CREATE TEMPORARY TABLE upload (user_id bigint PRIMARY KEY, body text)"),
        ("sql both", "CREATE TABLE IF NOT EXISTS jobs (id bigint PRIMARY KEY, attempts int NOT NULL)"),
        ("sql both", "CREATE UNIQUE INDEX ON jobs (attempts)"),
        ("sql both", "ALTER TABLE users RENAME TO users_before"),
        ("sql both", "INSERT INTO upload (user_id, body) SELECT id, name FROM users ON CONFLICT (user_id) DO NOTHING"),
        ("sql both", "INSERT INTO jobs (id, attempts) VALUES (1, 0) ON CONFLICT (attempts) DO NOTHING"),
        ("sql both", "SELECT name FROM users_before"),
        ("sql both", "DROP TABLE upload"),
        EXPAND,
    ];
    assert_eq!(at_head(&queries), Vec::<String>::new());
    let functions = [
        TABLE,
        ("sql both", "CREATE SCHEMA r; CREATE FUNCTION r.rank(n bigint) RETURNS bigint LANGUAGE sql AS 'SELECT n'"),
        ("sql both", "SELECT r.rank(id) FROM users"),
        EXPAND,
    ];
    assert_eq!(at_head(&functions), Vec::<String>::new());
    let wrong = [TABLE, ("sql next query", "CREATE TEMP TABLE t (a int)"), ("sql next query", "SELECT b FROM t")];
    assert_eq!(at_head(&wrong).len(), 1, "a column that it does not create is missing");
    let other = [TABLE, ("sql query", "CREATE TEMP TABLE t (a int)"), ("sql next query", "SELECT a FROM t")];
    assert_eq!(at_head(&other).len(), 1, "another release's program does not create it");
    let gone = [
        ("sql before", "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);"),
        ("sql query", "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name text)"),
        ("sql query", "SELECT name FROM users"),
        ("sql migration", "DROP TABLE users;"),
    ];
    assert!(at_head(&gone).iter().any(|finding| finding.starts_with("missing-table")), "nobody creates it again");
}

#[test]
fn an_empty_materialized_view_is_filled_by_somebody() {
    let filled = "CREATE TABLE a (id int); CREATE MATERIALIZED VIEW m AS SELECT id FROM a;";
    let empty = "CREATE TABLE a (id int); CREATE MATERIALIZED VIEW m AS SELECT id FROM a WITH NO DATA;";
    let both = ("sql both", "SELECT id FROM m");
    assert_eq!(
        at_head(&[("sql before", empty), both, ("sql migration", "CREATE TABLE b (id int);")]),
        Vec::<String>::new()
    );
    let emptied =
        at_head(&[("sql before", filled), both, ("sql migration", "REFRESH MATERIALIZED VIEW m WITH NO DATA;")]);
    assert!(emptied.iter().any(|finding| finding.starts_with("operation-refused")), "{emptied:?}");
}

#[test]
fn a_column_made_from_other_rows_or_a_condition_replaces_none() {
    let findings = |value: &str| {
        let fill = format!("ALTER TABLE users ADD COLUMN other text; UPDATE users SET other = {value};");
        at_head(&[
            TABLE,
            ("sql query", "INSERT INTO users (id, name) VALUES ($1, $2)"),
            ("sql next query", "SELECT other FROM users WHERE id = $1"),
            ("sql migration", &fill),
        ])
    };
    assert!(findings("lower(name)").iter().any(|finding| finding.starts_with("replacement-unwritten")));
    for value in
        ["(SELECT max(u.name) FROM users u WHERE u.id = users.id)", "id::text", "(name = 'x')::text", "name || id"]
    {
        assert_eq!(findings(value), Vec::<String>::new(), "{value}");
    }
}

#[test]
fn what_a_driver_declares_is_no_problem_of_inference() {
    let findings = |call: &str, sql: &str| {
        let settings = format!("call = '{call}'");
        let report = report(&settings, &[TABLE, ("sql next query", sql)]);
        report.findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>()
    };
    for sql in [
        "SELECT t.n FROM unnest($1, $2) AS t (id, n) JOIN users ON users.id = t.id",
        "SELECT $1 + $2 AS sum",
        "UPDATE users SET name = v.name FROM (VALUES ($1, $2)) AS v (id, name) WHERE users.id = v.id",
        "INSERT INTO users (id, name) SELECT * FROM unnest($1, $2)",
    ] {
        assert_eq!(findings("sqlx::query", sql), Vec::<String>::new(), "{sql}");
    }
    let inferred = findings("tokio_postgres::query", "SELECT t.n FROM unnest($1) AS t (n)");
    assert_eq!(inferred.len(), 1, "the server has to infer");
    let wrong = findings("sqlx::query", "SELECT t.n FROM unnest($1) AS t (n) JOIN orders ON orders.n = t.n");
    assert_eq!(wrong.len(), 1, "a name is missing, whatever is declared");
}
