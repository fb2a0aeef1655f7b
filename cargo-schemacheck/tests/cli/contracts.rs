//! What the code reads and writes, found in its source, is held against each schema: structs by name, tuples by position, types
//! that are mapped part by part.

use serde_json::Value;

use crate::project::{FIRST, Project};

/// A program that is released, and one migration after.
fn rolled_out(dependency: &str, source: &str, tables: &str, change: &str) -> Project {
    let project = Project::committed();
    let manifest = format!(
        "[package]\nname = \"app\"\nedition = \"2024\"\n[dependencies]\n{dependency}\n\
         sqlx = {{ version = \"0.8\", features = [\"migrate\", \"postgres\"] }}\n[workspace]\n"
    );
    project.write("Cargo.toml", manifest);
    project.write(FIRST, tables);
    project.write("src/users.rs", source);
    project.commit("a release");
    project.write("migrations/2_change.sql", change);
    project
}

/// The rules of the findings about the release, with their messages.
fn findings(project: &Project, arguments: &[&str]) -> Vec<(String, String)> {
    let ran = project.run(&[&["--format", "json"], arguments].concat());
    let document = ran.document();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = document["findings"].as_array().unwrap().iter();
    let all = all.filter(|finding| finding["query"].is_object());
    all.map(|finding| (text(&finding["rule"]), text(&finding["message"]))).collect()
}

/// The rules found, each once.
fn rules(project: &Project) -> Vec<String> {
    let mut rules: Vec<String> =
        findings(project, &["--baseline-rev", "HEAD"]).into_iter().map(|(rule, _)| rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

const TABLES: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, age int NOT NULL);";

const STRUCT: &str = r#"#[derive(sqlx::FromRow)]
struct User { id: i64, name: String }
pub async fn f(db: &sqlx::PgPool) {
    sqlx::query_as::<_, User>("SELECT * FROM users").persistent(false).fetch_all(db).await;
}
"#;

const TUPLE: &str = r#"pub async fn f(db: &sqlx::PgPool) {
    sqlx::query_as::<_, (i64, String)>("SELECT * FROM users").fetch_all(db).await;
}
"#;

const BY_NAME: &str = r#"use diesel::prelude::*;
#[derive(diesel::QueryableByName)]
struct User {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}
pub fn f(db: &mut diesel::PgConnection) {
    let users: Vec<User> = diesel::sql_query("SELECT * FROM users").load::<User>(db).unwrap();
}
"#;

#[test]
fn a_struct_needs_its_columns() {
    for (dependency, source) in [("", STRUCT), ("diesel = { version = \"2\", features = [\"postgres\"] }", BY_NAME)] {
        let of = |change: &str| rules(&rolled_out(dependency, source, TABLES, change));
        assert!(of("ALTER TABLE users DROP COLUMN name;").contains(&"missing-column".to_owned()), "{source}");
        assert!(
            of("ALTER TABLE users RENAME COLUMN name TO full_name;").contains(&"missing-column".to_owned()),
            "{source}"
        );
        assert!(!of("ALTER TABLE users DROP COLUMN age;").contains(&"missing-column".to_owned()), "{source}");
    }
}

#[test]
fn a_struct_needs_its_types() {
    let of = |dependency: &str, source: &str, change: &str| rules(&rolled_out(dependency, source, TABLES, change));
    let uuid = "ALTER TABLE users DROP COLUMN name, ADD COLUMN name uuid NOT NULL DEFAULT gen_random_uuid();";
    assert!(of("", STRUCT, uuid).contains(&"result-type-changed".to_owned()));
    let retyped = "ALTER TABLE users ALTER COLUMN age TYPE bigint;";
    assert!(!of("", STRUCT, retyped).contains(&"result-type-changed".to_owned()), "it reads no age");
    let tokio = |text: &str| {
        format!("pub async fn f(client: &tokio_postgres::Client) {{\n    client.query(\"{text}\", &[]).await;\n}}\n")
    };
    let dependency = "tokio-postgres = \"0.7\"";
    assert!(of(dependency, &tokio("SELECT age FROM users"), retyped).contains(&"result-type-changed".to_owned()));
}

#[test]
fn a_tuple_needs_its_places() {
    let of = |change: &str| rules(&rolled_out("", TUPLE, TABLES, change));
    assert!(
        !of("ALTER TABLE users RENAME COLUMN name TO full_name;").contains(&"missing-column".to_owned()),
        "by position"
    );
    assert!(
        of("ALTER TABLE users DROP COLUMN name;")
            .iter()
            .any(|rule| rule == "missing-column" || rule == "result-type-changed")
    );
}

const MAPPED: &str = r#"use postgres_types::{FromSql, ToSql};
#[derive(Debug, FromSql, ToSql)]
#[postgres(name = "mood", rename_all = "snake_case")]
enum Mood { Sad, VeryHappy }
#[derive(Debug, FromSql, ToSql)]
#[postgres(name = "place")]
struct Place { x: i32, y: i32 }
pub async fn read(client: &tokio_postgres::Client) {
    client.query("SELECT mood FROM users", &[]).await;
}
pub async fn write(client: &tokio_postgres::Client) {
    client.execute("UPDATE users SET place = $1", &[&place]).await;
}
"#;

const MAPPED_TABLES: &str = "CREATE TYPE mood AS ENUM ('sad', 'very_happy');
CREATE TYPE place AS (x int, y int);
CREATE TABLE users (id bigint PRIMARY KEY, mood mood NOT NULL, place place);";

/// postgres-types takes an enum with exactly the labels of the Rust type, and a composite type with exactly its fields.
#[test]
fn mapped_types_need_their_parts() {
    let tokio = "tokio-postgres = \"0.7\"\npostgres-types = { version = \"0.2\", features = [\"derive\"] }";
    let of = |source: &str, change: &str| {
        findings(&rolled_out(tokio, source, MAPPED_TABLES, change), &["--baseline-rev", "HEAD"])
    };
    let found = of(MAPPED, "ALTER TYPE mood ADD VALUE 'angry';");
    let read = found.iter().any(|(rule, message)| rule == "result-type-changed" && message.contains("`angry`"));
    assert!(read, "{found:?}");
    for change in ["RENAME ATTRIBUTE y TO z", "DROP ATTRIBUTE y", "ALTER ATTRIBUTE y TYPE bigint"] {
        // A type in use takes no change of its fields' types.
        let sql = format!(
            "ALTER TABLE users DROP COLUMN place; ALTER TYPE place {change}; ALTER TABLE users ADD COLUMN place place;"
        );
        let found = of(MAPPED, &sql);
        let written =
            found.iter().any(|(rule, message)| rule == "parameter-type-changed" && message.contains("`place`"));
        assert!(written, "{change}: {found:?}");
    }
    let found = of(MAPPED, "ALTER TYPE mood RENAME VALUE 'very_happy' TO 'happy';");
    let read = found.iter().any(|(rule, message)| rule == "result-type-changed" && message.contains("`happy`"));
    assert!(read, "{found:?}");
    let found = of(MAPPED, "ALTER TYPE place ADD ATTRIBUTE z int;");
    let written = found.iter().any(|(rule, message)| rule == "parameter-type-changed" && message.contains("`z`"));
    assert!(written, "{found:?}");
    let loose = MAPPED.replace("name = \"mood\"", "name = \"mood\", allow_mismatch");
    assert_eq!(of(&loose, "ALTER TYPE mood ADD VALUE 'angry';"), []);
    // What the code never took is not broken by the change.
    assert_eq!(of(&MAPPED.replace("VeryHappy", "Angry"), "ALTER TYPE mood ADD VALUE 'calm';"), []);
}

const LABELS: &str = r#"
#[derive(sqlx::Type)]
#[sqlx(type_name = "mood", rename_all = "snake_case")]
pub enum Mood { Sad, VeryHappy }
pub async fn read(db: &sqlx::PgPool) {
    sqlx::query_scalar::<_, Mood>("SELECT mood FROM users").fetch_all(db).await;
}
pub async fn write(db: &sqlx::PgPool, mood: Mood) {
    sqlx::query("UPDATE users SET mood = $1").bind(mood).execute(db).await;
}
"#;

/// To sqlx a label matters that is stored and that the code does not know, or that it sends and the type lacks.
#[test]
fn labels_matter_once_something_stores_them() {
    let added = "ALTER TYPE mood ADD VALUE 'angry';";
    let of = |next: &str, change: &str, order: &str| {
        let project = rolled_out("", LABELS, MAPPED_TABLES, change);
        project.write("src/users.rs", next);
        project.write("schemacheck.toml", format!("[rollout]\norder = \"{order}\"\n"));
        let found = findings(&project, &["--baseline-rev", "HEAD"]);
        found
            .into_iter()
            .filter(|(rule, _)| rule == "enum-labels-differ")
            .map(|(_, message)| message)
            .collect::<Vec<_>>()
    };
    assert!(of(LABELS, added, "migrate-first").is_empty(), "nobody stores it");
    let knows = LABELS.replace("VeryHappy", "VeryHappy, Angry");
    let found = of(&knows, added, "migrate-first");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("lacks the label `angry`") && found[0].contains("users.rs:9 of this tree"), "{found:?}");
    let literal = LABELS.replace("SET mood = $1\").bind(mood)", "SET mood = 'angry'\")");
    assert_eq!(of(&literal, added, "migrate-first").len(), 1);
    let reads = &knows[..knows.find("pub async fn write").unwrap()];
    assert!(of(reads, added, "migrate-first").is_empty(), "it only reads");
    // The release that knows the label sends it before it is there.
    let early = of(&knows, added, "deploy-first");
    assert!(early.iter().any(|message| message.contains("may be `angry`, which the type `mood` lacks")), "{early:?}");
    let renamed = of(LABELS, "ALTER TYPE mood RENAME VALUE 'sad' TO 'gloomy';", "migrate-first");
    assert_eq!(renamed.len(), 2, "what reads and what writes: {renamed:?}");
    assert!(renamed[0].contains("`sad` is stored"), "{renamed:?}");
}

#[test]
fn labels_are_in_the_release_file() {
    let project = rolled_out("", LABELS, MAPPED_TABLES, "");
    project.remove("migrations/2_change.sql");
    let recorded = project.run(&["record"]).exits(0).out;
    project.write("release.json", recorded);
    project.write("migrations/2_change.sql", "ALTER TYPE mood ADD VALUE 'angry';");
    project.write("src/users.rs", LABELS.replace("VeryHappy", "VeryHappy, Angry"));
    let found = findings(&project, &["--baseline-file", "release.json"]);
    assert!(found.iter().any(|(rule, _)| rule == "enum-labels-differ"), "{found:?}");
}

#[test]
fn mapped_types_are_in_the_release_file() {
    let tokio = "tokio-postgres = \"0.7\"\npostgres-types = { version = \"0.2\", features = [\"derive\"] }";
    let project = rolled_out(tokio, MAPPED, MAPPED_TABLES, "");
    project.remove("migrations/2_change.sql");
    let recorded = project.run(&["record"]).exits(0).out;
    project.write("release.json", recorded);
    project.write("migrations/2_change.sql", "ALTER TYPE mood ADD VALUE 'angry';");
    let found = findings(&project, &["--baseline-file", "release.json"]);
    assert!(
        found.iter().any(|(rule, message)| rule == "result-type-changed" && message.contains("`angry`")),
        "{found:?}"
    );
}
