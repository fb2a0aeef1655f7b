//! Which texts a call sends, and for which database.

use serde_json::Value;

use crate::project::Project;

/// The texts of the queries that a project's document lists, with their verdicts on the last state.
fn verdicts(project: &Project) -> Vec<(String, String)> {
    let document = project.run(&["matrix", "--format", "json"]).exits(0).document();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |row: &Value| {
        let last = row["stretches"].as_array().and_then(|stretches| stretches.last()).cloned().unwrap_or_default();
        (text(&row["query"]["sql"]), text(&last["verdict"]))
    };
    let rows = document["queries"].as_array().unwrap().iter();
    rows.filter(|row| row["role"] == "candidate").map(row).collect()
}

fn runs(texts: &[&str]) -> Vec<(String, String)> {
    texts.iter().map(|text| ((*text).to_owned(), "runs".to_owned())).collect()
}

#[test]
fn a_call_counts_once_for_all_that_branches_add() {
    let project = Project::committed();
    project.write(
        "src/users.rs",
        r#"pub async fn f(db: &sqlx::PgPool, name: bool, last: bool, limit: Option<i64>) {
    let mut sql = String::from("SELECT id FROM users WHERE true");
    if name { sql.push_str(" AND name = $1"); }
    if last { sql.push_str(" ORDER BY id DESC"); } else { sql.push_str(" ORDER BY id"); }
    if let Some(limit) = limit { sql += &format!(" LIMIT {limit}"); }
    sqlx::query(&sql).execute(db).await;
}
"#,
    );
    let full = "SELECT id FROM users WHERE true AND name = $1 ORDER BY id DESC LIMIT 1";
    assert_eq!(verdicts(&project), runs(&[full]));
}

#[test]
fn what_a_call_never_sends_is_left_out() {
    let project = Project::committed();
    project.write(
        "src/users.rs",
        r#"pub async fn f(db: &sqlx::PgPool, rows: &[i64], table: bool) {
    let mut sql = sqlx::QueryBuilder::new("INSERT INTO users (id, name) VALUES ");
    for (at, row) in rows.iter().enumerate() {
        if at > 0 { sql.push(", "); }
        sql.push("(").push_bind(row).push(", ").push_bind(row).push(")");
    }
    sql.build().execute(db).await;
    let table = if table { "users" } else { "accounts" };
    sqlx::query(&format!("SELECT 1 FROM {table}")).execute(db).await;
}
"#,
    );
    assert_eq!(verdicts(&project), runs(&["INSERT INTO users (id, name) VALUES ($1, $2)", "SELECT 1 FROM users"]));
}

#[test]
fn a_query_for_another_engine_is_for_no_database() {
    let project = Project::committed();
    project.write("src/main.rs", "fn main() { sqlx::migrate!(); }\nmod users;\nmod cache;\n");
    project.write(
        "src/cache.rs",
        "pub async fn f(db: &sqlx::SqlitePool) {\n    sqlx::query(\"SELECT at FROM entries WHERE key = ?\").execute(db).await;\n}\n",
    );
    assert_eq!(verdicts(&project), runs(&["SELECT id, name FROM users"]));
    project.run(&["--baseline-rev", "HEAD"]).exits(0).says(&["not checked: no database of its engine was found"]);
}

#[test]
fn what_the_program_creates_is_no_table_that_is_missing() {
    let project = Project::committed();
    project.write(
        "src/users.rs",
        r#"pub async fn f(db: &sqlx::PgPool) {
    sqlx::query("CREATE TEMP TABLE seen (id bigint PRIMARY KEY)").execute(db).await;
    sqlx::query("INSERT INTO seen (id) SELECT id FROM users").execute(db).await;
}
"#,
    );
    assert_eq!(verdicts(&project).iter().filter(|(_, verdict)| verdict == "runs").count(), 2);
    project.run(&["--baseline-rev", "HEAD"]).exits(0);
}

#[test]
fn a_struct_that_lacks_a_column_is_a_change_set_only() {
    let project = Project::committed();
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2024\"\n[dependencies]\nsqlx = { version = \"0.8\", features = [\"postgres\"] }\ndiesel = \"2\"\n");
    project.write(
        "src/users.rs",
        r#"diesel::table! { users (id) { id -> Int8, name -> Text, } }
#[derive(diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = users)]
struct Renamed { name: String }
#[derive(diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = users)]
struct Whole { id: i64, name: String }
"#,
    );
    let expected = [
        r#"UPDATE "users" SET "name" = $1 WHERE "users"."id" = $2"#,
        r#"INSERT INTO "users" ("id", "name") VALUES ($1, $2)"#,
        r#"UPDATE "users" SET "name" = $1 WHERE "users"."id" = $2"#,
    ];
    assert_eq!(verdicts(&project), runs(&expected));
}

#[test]
fn a_matrix_needs_no_running_release() {
    let project = Project::small();
    let ran = project.run(&["matrix"]).exits(0);
    ran.says(&["note: the queries are those of this tree alone: this is no git repository", "this tree:"]);
}
