//! Projects from small trees and configurations.

use super::*;

const MANIFEST: (&str, &str) = (
    "Cargo.toml",
    "[package]\nname = \"shop\"\n[dependencies]\nsqlx = { version = \"0.8\", features = [\"postgres\"] }\n",
);

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree::memory([MANIFEST].iter().chain(files).copied())
}

fn config(text: &str) -> Config {
    Config::read(&Source::new("schemacheck.toml", text)).expect("a configuration")
}

/// A project as text, or why it is none.
fn print(loaded: Result<Project, Error>) -> String {
    let project = match loaded {
        Ok(project) => project,
        Err(error) => return error.to_string(),
    };
    let databases = project.databases.iter().map(|database| {
        let migrations = database.history.migrations.iter().map(|migration| {
            let contract = if migration.contract { "!" } else { "" };
            format!("{}{contract}", migration.version.text)
        });
        let mut line = format!(
            "{} {} {} [{}]",
            database.name,
            database.dialect.name,
            database.history.layout.id,
            migrations.collect::<Vec<_>>().join(" ")
        );
        let sources = |sources: &[Source]| sources.iter().map(|s| s.path().to_owned()).collect::<Vec<_>>().join(" ");
        for (word, text) in [
            ("given", sources(&database.history.given)),
            ("repeatable", sources(&database.history.repeatable)),
            ("sql", database.sql.join(" ")),
            ("applied", database.applied.clone().unwrap_or_default().join(" ")),
            ("held by", database.contract_held_by.clone().unwrap_or_default()),
            ("version", database.server_version.map(|version| version.to_string()).unwrap_or_default()),
            ("at start", if database.migrator.at_start { "yes".to_owned() } else { String::new() }),
            ("queries of", database.found.packages.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(" ")),
        ] {
            if !text.is_empty() {
                line += &format!(", {word} {text}");
            }
        }
        line
    });
    databases.chain(project.notes.iter().map(|note| format!("note: {note}"))).collect::<Vec<_>>().join("\n")
}

fn loaded(files: &[(&str, &str)], configuration: &str) -> String {
    print(load(tree(files), &config(configuration), Options::default()))
}

const FILES: &[(&str, &str)] = &[
    ("migrations/1_a.sql", "select 1"),
    ("migrations/2_b.sql", "-- schemacheck: contract\nselect 1"),
    ("migrations/10_c.sql", "select 1"),
    ("later/11_d.sql", "select 1"),
    ("db/given/roles.sql", ""),
    ("db/views/b.sql", ""),
    ("db/views/a.sql", ""),
    ("reports/x.sql", ""),
];

#[test]
fn a_configuration_adds_to_what_is_found() {
    let cases = [
        ("", "main postgres sqlx [1 2 10], queries of shop"),
        (
            "[database.main]\nversion = 15\ngiven = \"db/given/*.sql\"\nrepeatable = [\"db/views/*.sql\"]\nsql = \"reports/**\"\nmigrator.at_start = true",
            "main postgres sqlx [1 2 10], given db/given/roles.sql, repeatable db/views/a.sql db/views/b.sql, sql reports/x.sql, version 15, at start yes, queries of shop",
        ),
        (
            "[database.main]\ndialect = \"sqlite\"\nlayout = \"numbered\"",
            "main sqlite numbered [1 2 10], queries of shop",
        ),
        (
            "[database.orders]\nmigrations = [\"./migrations/\", \"later\"]\n[database.other]\nmigrations = \"later\"\ndialect = \"sqlite\"",
            "orders postgres sqlx [1 2 10 11], queries of shop\nother sqlite sqlx [11]",
        ),
        ("rollout.applied = \"0002\"", "main postgres sqlx [1 2 10], applied 1 2, queries of shop"),
        (
            "[database.main]\nrollout.applied = [\"1_a.sql\", \"99\"]",
            "main postgres sqlx [1 2 10], applied 1 99, queries of shop",
        ),
        (
            "rollout.contract.marked = \"the next release\"",
            "main postgres sqlx [1 2! 10], held by the next release, queries of shop",
        ),
        (
            "rollout.contract.after = \"2\"",
            "main postgres sqlx [1 2 10!], held by the target version 2, queries of shop",
        ),
        (
            "rollout.contract.folder = \"later\"",
            "main postgres sqlx [1 2 10 11!], held by the folder later, queries of shop",
        ),
    ];
    for (configuration, expected) in cases {
        assert_eq!(loaded(FILES, configuration), expected, "{configuration}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);
    let cases: &[Case<'_>] = &[
        (
            FILES,
            "[database.man]\nversion = 15",
            "no database `man` was found, and it has no `migrations`\n  --> schemacheck.toml:1:11\n  = help: found were: main",
        ),
        (
            FILES,
            "[database.main]\nmigrations = \"gone\"",
            "there is no folder `gone` with files in it\n  --> schemacheck.toml:1:11",
        ),
        (FILES, "[database.main]\ngiven = \"gone/*.sql\"", "`gone/*.sql` matches no file\n  --> schemacheck.toml:1:11"),
        (
            FILES,
            "[database.main]\npackages = \"shpo\"",
            "there is no package `shpo`\n  --> schemacheck.toml:1:11\n  = help: did you mean `shop`?",
        ),
        (
            FILES,
            "[database.main]\nmigrations = \"reports\"",
            "no known layout of migrations has file names like the ones in this folder\n  --> reports\n  = help: name the layout in schemacheck.toml, one of: dbmate, diesel, files, flyway, goose, numbered, refinery, rusqlite, sqlx",
        ),
        (
            &[("migrations/1_a.sql", ""), ("migrations/01_b.sql", ""), ("migrations/001_c.sql", "")],
            "",
            "sqlx cannot run these migrations: version 1 is also migrations/001_c.sql, and 1 more like it\n  --> migrations/01_b.sql\n  = help: rename or remove one of the files; if another tool runs them, name its layout in schemacheck.toml:\n    [database.main]\n    layout = \"files\" # in order of file names; or \"diesel\", \"rusqlite\", \"refinery\", \"flyway\", \"numbered\", \"dbmate\", \"goose\"",
        ),
        (
            &[("src/main.rs", "fn main() {}"), ("sql/x.sql", "")],
            "",
            "no database was found: seen were 3 files, 1 package, 1 .sql file (1 in sql/)\n  = help: name the folder of its migrations in schemacheck.toml, or pass --allow-empty if there is to be none:\n    [database.main]\n    migrations = \"path/to/migrations\"",
        ),
        (
            &[("migrations/README.md", "")],
            "[database.main]\nmigrations = \"migrations\"\nlayout = \"sqlx\"\ndialect = \"postgres\"",
            "database `main` has no migrations\n  --> migrations\n  = help: pass --allow-empty if that is meant",
        ),
    ];
    for (files, configuration, expected) in cases {
        assert_eq!(loaded(files, configuration), *expected, "{configuration}");
    }
}

#[test]
fn files_that_are_no_text_are_refused_with_their_place() {
    let files: Vec<(&str, Vec<u8>)> =
        vec![(MANIFEST.0, MANIFEST.1.into()), ("migrations/1_a.sql", b"select '\xff'".to_vec())];
    let error = load(Tree::memory(files), &Config::default(), Options::default()).err().expect("an error");
    assert_eq!(error.to_string(), "cannot read the file: it is not UTF-8 from byte 8 on\n  --> migrations/1_a.sql");
}

#[test]
fn a_former_release_has_the_same_databases() {
    let call = ("src/main.rs", "async fn f(p: &PgPool) { sqlx::migrate!(\"db/now\").run(p).await }");
    let now =
        load(tree(&[("db/now/1_a.sql", ""), ("db/now/2_b.sql", ""), call]), &Config::default(), Options::default());
    let now = now.expect("a project");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("db/now/1_a.sql", "")], "main postgres sqlx [1], queries of shop"),
        (&[("db/now/1_a.sql", ""), call], "main postgres sqlx [1], at start yes, queries of shop"),
        (&[("migrations/1_a.sql", "")], "main postgres sqlx [1], queries of shop"),
        (&[("migrations/7_other.sql", "")], "main postgres sqlx [], queries of shop"),
        (&[("db/now/1_a.sql", ""), ("db/now/1_b.sql", "")], "main postgres sqlx [1], queries of shop"),
        (&[], "main postgres sqlx [], queries of shop"),
    ];
    for (files, expected) in cases {
        let then = load_release(tree(files), &Config::default(), &now);
        assert_eq!(print(then), *expected, "{files:?}");
    }
}

#[test]
fn what_an_unreadable_migration_touches_can_be_said() {
    use crate::schema::{Key, Plan, Schema, Scripts, replay};
    let manifest = "[package]\nname = \"shop\"\n[dependencies]\nrefinery = \"1\"\ntokio-postgres = \"1\"\n";
    let files = [
        ("Cargo.toml", manifest),
        ("migrations/V1__a.sql", "create table events_1 (id int); create table users (id int)"),
        ("migrations/V2__b.rs", "pub fn migration() -> String { partitions() }"),
    ];
    let after = |configuration: &str| {
        let project = load(Tree::memory(files), &config(configuration), Options::default()).expect("a project");
        let history = &project.databases[0].history;
        let migrations: Vec<&Migration> = history.migrations.iter().collect();
        let plan = Plan { layout: history.layout, given: &[], migrations: &migrations, repeatable: &[] };
        let base = Schema::new(project.databases[0].dialect, None);
        let timeline = replay(&base, &plan, &mut Scripts::default());
        let last = timeline.states.last().expect("a state").clone();
        let clouds: Vec<String> = last.schema.clouds.keys().map(|name| name.to_string()).collect();
        let everything = last.changes.iter().any(|change| change.key == Key::Everything);
        (last.schema.overcast.is_some(), everything, clouds.join(" "))
    };
    assert_eq!(after(""), (true, true, String::new()));
    let said = "[[touches]]\npaths = \"migrations/V2*\"\nrelations = [\"events_*\", \"log\"]";
    assert_eq!(after(said), (false, false, "events_1 log".to_owned()));
    assert_eq!(after("[[touches]]\npaths = \"**/V2__b.rs\""), (false, false, String::new()));
    assert_eq!(after("[[touches]]\npaths = \"**/V1*\""), (true, true, String::new()));
}
