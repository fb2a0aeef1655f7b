//! Each cell of the table of call profiles, beside what the driver's own call does on a real server.

use std::collections::BTreeMap;

use rusqlite::Connection;
use schemacheck_checker::query::{CallProfile, ResultCheck, profiles};
use schemacheck_tests::nested::{command, repository};
use schemacheck_tests::server::Server;

/// What is in the table and is not run against Postgres here.
const NOT_RUN: &[(&str, &str)] = &[
    (".sql file", "no driver is known"),
    ("mysql::exec", "its engine is not one of the tests'"),
    ("mysql::query", "its engine is not one of the tests'"),
    ("rusqlite::execute", "of the other engine: below"),
    ("rusqlite::execute_batch", "of the other engine: below"),
    ("rusqlite::prepare", "of the other engine: below"),
    ("rusqlite::prepare_cached", "of the other engine: below"),
    ("rusqlite::query_row", "of the other engine: below"),
    (profiles::OWN_MACRO, "it is given to any driver"),
    ("sea_orm::Statement", "it hands all to sqlx's functions"),
    ("sea_orm::entity", "it hands all to sqlx's functions"),
    ("sea_orm::execute_unprepared", "it hands all to sqlx's functions"),
    ("sqlx::prepared", "a list's entry: some macro of sqlx"),
];

#[test]
fn the_table_says_what_the_drivers_do() {
    let server = Server::start().unwrap();
    let database = server.create_database(None).unwrap();
    let mut cargo = command(&repository().join("tests/drivers"));
    cargo.args(["run", "--quiet", "--locked"]).env("SQLX_OFFLINE", "true").env("DATABASE_URL", server.url(&database));
    let output = cargo.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut run: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let (mapped, calls): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("mapped\t"));
    compare_mapped(&mapped);
    let (labels, calls): (Vec<&str>, Vec<&str>) = calls.into_iter().partition(|line| line.starts_with("labels\t"));
    compare_labels(&labels);
    for line in calls {
        let (call, answers) = line.split_once('\t').expect("a call and its answers");
        // A crate that has the calls of another is named behind.
        run.entry(call.split(" (").next().unwrap_or(call)).or_default().push(answers);
    }
    let mut wrong = Vec::new();
    for profile in profiles::ALL {
        let said = said(profile);
        let not_run = NOT_RUN.iter().any(|(call, _)| *call == profile.id);
        match run.remove(profile.id) {
            Some(_) if not_run => wrong.push(format!("{} is run, and called not run", profile.id)),
            Some(found) => {
                let other = found.into_iter().filter(|found| *found != said);
                wrong.extend(
                    other.map(|found| format!("{}\n    the driver: {found}\n    the table:  {said}", profile.id)),
                );
            }
            None if not_run => {}
            None => wrong.push(format!("{} is run by no driver", profile.id)),
        }
    }
    wrong.extend(run.into_keys().map(|call| format!("{call} is not in the table")));
    assert!(
        wrong.is_empty(),
        "declares parameters, keeps statements, checks results, by position\n{}",
        wrong.join("\n")
    );
}

/// postgres-types takes a type whose parts are those of the Rust type; what the checker says of each of these changes is in the
/// command's tests of contracts.
fn compare_mapped(lines: &[&str]) {
    assert_eq!(lines.len(), 42);
    for line in lines {
        let [_, change, call, answer] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let refused = match call.split_once(' ') {
            Some((_, "enum")) => change.starts_with("label"),
            Some((_, "composite")) => change.starts_with("field"),
            _ => false,
        };
        // The server does not know the label that a loose enum still sends.
        let unknown_label = (change, call) == ("label renamed", "write loose enum");
        let wanted = if refused {
            "refuses"
        } else if unknown_label {
            "db error"
        } else {
            "runs"
        };
        assert_eq!(answer, wanted, "{change}: {call}");
    }
}

/// To sqlx only a label matters that is stored and not known, or sent and not there: what the rule of labels that differ says.
fn compare_labels(lines: &[&str]) {
    let expected = [
        "nothing\tread\truns",
        "nothing\twrite\truns",
        "label added\tread\truns",
        "label added\twrite\truns",
        "label added and stored\tread\trefuses",
        "label added and stored\twrite\truns",
        "label renamed\tread\trefuses",
        "label renamed\twrite\t22P02",
    ];
    assert_eq!(lines, expected.map(|line| format!("labels\t{line}")));
}

fn said(profile: &CallProfile) -> String {
    let word = |answer: Option<bool>| match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "depends",
    };
    let checks = match profile.checks_results {
        Some(ResultCheck::Compatible) => "yes",
        Some(ResultCheck::Decodes) => "no",
        None => "nothing",
    };
    let answers = [word(profile.declares_parameters), word(profile.keeps_statement), checks, word(profile.by_position)];
    answers.join("\t")
}

/// A statement that rusqlite keeps is compiled again when the schema changed; values tell their own types, and columns are
/// read by number or by name.
#[test]
fn rusqlite_keeps_no_shape_and_looks_at_values() {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE t (k, v INTEGER); INSERT INTO t VALUES ('1', 7)").unwrap();
    let mut held = connection.prepare("SELECT * FROM t").unwrap();
    let width = |statement: &mut rusqlite::Statement<'_>| {
        let mut rows = statement.query([]).unwrap();
        let row = rows.next().unwrap().expect("a row");
        (row.get::<_, i64>("v").unwrap(), row.get::<_, i64>(1).unwrap(), row.as_ref().column_count())
    };
    assert_eq!(width(&mut held), (7, 7, 2));
    assert_eq!(width(&mut connection.prepare_cached("SELECT * FROM t").unwrap()), (7, 7, 2));
    connection.execute_batch("ALTER TABLE t ADD COLUMN w TEXT").unwrap();
    assert_eq!(width(&mut held), (7, 7, 3), "prepare");
    assert_eq!(width(&mut connection.prepare_cached("SELECT * FROM t").unwrap()), (7, 7, 3), "prepare_cached");
    drop(held);
    // The declared type is another, the value is the same.
    connection.execute_batch("CREATE TABLE u (k, v BLOB); INSERT INTO u VALUES ('1', 7)").unwrap();
    assert_eq!(connection.query_row("SELECT v FROM u", [], |row| row.get::<_, i64>(0)).unwrap(), 7);
    // A text parameter beside a column of any type.
    let count = |value: &dyn rusqlite::ToSql| {
        connection.query_row("SELECT count(*) FROM t WHERE v = ?1", [value], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((count(&"7"), count(&7)), (1, 1));
    for call in ["execute", "execute_batch", "prepare", "prepare_cached", "query_row"] {
        let profile = profiles::by_id(&format!("rusqlite::{call}")).expect(call);
        assert_eq!(said(profile), "no\tno\tnothing\tdepends", "{call}");
    }
}
