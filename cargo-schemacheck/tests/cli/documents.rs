//! What programs read: each key of the JSON documents is there, of the type that docs/json.md gives it, and described there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::{Ran, repository, schemacheck};
use crate::project::{Project, query};

fn shop(candidate: &str, arguments: &[&str]) -> Ran {
    let candidate = format!("examples/shop/{candidate}");
    let step = ["--manifest-path", &candidate, "--baseline-root", "examples/shop/v1", "--format", "json"];
    schemacheck(&repository(), &[arguments, &step].concat())
}

/// Paths such as `findings[].query.line`, each with the type found there.
fn paths(value: &Value) -> BTreeSet<(String, &'static str)> {
    fn walk(value: &Value, path: &str, found: &mut BTreeSet<(String, &'static str)>) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        found.insert((path.to_owned(), kind));
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(item, &format!("{path}[]"), found)),
            Value::Object(fields) => {
                fields
                    .iter()
                    .for_each(|(key, value)| walk(value, format!("{path}.{key}").trim_start_matches('.'), found));
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(value, "", &mut found);
    found
}

/// Insists on paths with types: `states[].index number, states[].version string`.
#[track_caller]
pub(crate) fn has(document: &Value, expected: &str) {
    let found = paths(document);
    for entry in expected.split(',') {
        let (path, kind) = entry.trim().split_once(' ').unwrap();
        assert!(found.contains(&(path.to_owned(), kind)) || path.is_empty(), "no {entry} in {document:#}");
        let other = found.iter().find(|(other, found)| other == path && *found != kind && *found != "null");
        assert_eq!(other, None, "{path} is {kind} only");
    }
}

/// Insists that the page describes each key of a document.
#[track_caller]
pub(crate) fn described(documents: &[&Value]) {
    let page = std::fs::read_to_string(repository().join("docs/json.md")).unwrap();
    let words: BTreeSet<&str> = page.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    for document in documents {
        for (path, _) in paths(document) {
            let key = path.rsplit('.').next().unwrap().trim_end_matches("[]");
            assert!(key.is_empty() || words.contains(key), "docs/json.md says nothing of {path}");
        }
    }
}

#[test]
fn of_a_check() {
    let rename = shop("v2-rename", &[]).exits(1).document();
    assert_eq!(rename["format"], 1);
    has(
        &rename,
        "format number, database.name string, database.dialect string, database.layout string, database.migrations number,
         rollout.order string, rollout.pending[] string, rollout.contract array,
         releases[].id string, releases[].role string, releases[].source string, releases[].why string,
         releases[].head string, releases[].queries number,
         states[].index number, states[].version string, states[].name string, states[].file string,
         states[].statement array, windows[].release string, windows[].kind string, windows[].from number,
         windows[].to number,
         findings[].group number, findings[].rule string, findings[].level string, findings[].verdict string,
         findings[].release string, findings[].role string, findings[].message string, findings[].help string,
         findings[].query.file string, findings[].query.line number, findings[].query.column number,
         findings[].query.byte_start number, findings[].query.byte_end number, findings[].query.sql string,
         findings[].states[][] number,
         findings[].causes[].version string, findings[].causes[].file string, findings[].causes[].line number,
         requires[].version string, requires[].because[].file string, requires[].because[].line number,
         summary.queries number, summary.runs number, summary.breaks number, summary.may_break number,
         summary.unknown number, summary.unresolved number, unresolved array, notes array",
    );
    let summary = &rename["summary"];
    let count = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!(count("queries"), count("runs") + count("breaks") + count("may_break") + count("unknown"));
    let roles: Vec<&str> =
        rename["releases"].as_array().unwrap().iter().map(|it| it["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["baseline", "candidate"]);
    described(&[&rename]);
}

#[test]
fn a_place_is_the_bytes_that_it_names() {
    let rename = shop("v2-rename", &[]).exits(1).document();
    let mut seen = 0;
    for finding in rename["findings"].as_array().unwrap() {
        let query = &finding["query"];
        let Some(file) = query["file"].as_str() else { continue };
        let text = std::fs::read_to_string(repository().join("examples/shop/v1").join(file)).unwrap();
        let at = |key: &str| usize::try_from(query[key].as_u64().unwrap()).unwrap();
        assert_eq!(text[at("byte_start")..at("byte_end")].trim_matches('"'), query["sql"].as_str().unwrap());
        assert_eq!(text[..at("byte_start")].matches('\n').count() + 1, at("line"));
        let part = &query["part"];
        let at = |key: &str| usize::try_from(part[key].as_u64().unwrap()).unwrap();
        assert_eq!(&text[at("byte_start")..at("byte_end")], "name");
        seen += 1;
    }
    assert_eq!(seen, 3, "{rename:#}");
}

#[test]
fn of_a_matrix() {
    let matrix = shop("v4", &["matrix"]).exits(0).document();
    has(
        &matrix,
        "format number, states[].index number, states[].version string, start number,
         queries[].release string, queries[].role string, queries[].query.file string, queries[].query.line number,
         queries[].query.column number, queries[].query.byte_start number, queries[].query.byte_end number,
         queries[].query.sql string, queries[].stretches[].from number, queries[].stretches[].to number,
         queries[].stretches[].verdict string, queries[].stretches[].rules[] string,
         queries[].stretches[].reasons[] string, queries[].stretches[].parameters[] string,
         queries[].stretches[].columns[].name string, queries[].stretches[].columns[].type string,
         queries[].stretches[].columns[].nullable boolean",
    );
    // Together the stretches of a query are all states, from the empty database on.
    let states = matrix["states"].as_array().unwrap().len();
    assert_eq!(states, 5);
    for row in matrix["queries"].as_array().unwrap() {
        let mut next = 0;
        for stretch in row["stretches"].as_array().unwrap() {
            assert_eq!(stretch["from"], next, "{row:#}");
            next = stretch["to"].as_u64().unwrap() + 1;
        }
        assert_eq!(usize::try_from(next).unwrap(), states, "{row:#}");
    }
    described(&[&matrix]);
    let one = shop("v4", &["matrix", "INSERT INTO users"]).exits(0).document();
    assert_eq!(one["queries"].as_array().unwrap().len(), 2, "one of each release");
}

#[test]
fn of_a_schema() {
    let project = Project::small();
    project.write("migrations/2_all.sql", ALL);
    let whole = project.run(&["schema", "--manifest-path", ".", "--format", "json"]).exits(0).document();
    has(
        &whole,
        "format number, database.name string, database.dialect string, version string, migrations number,
         schemas[].name string, schemas[].grants[].role string, schemas[].grants[].privileges[] string,
         extensions[].name string, extensions[].schema string, extensions[].known boolean,
         relations[].schema string, relations[].name string, relations[].kind string,
         relations[].columns[].name string, relations[].columns[].type string, relations[].columns[].nullable boolean,
         relations[].columns[].default string, relations[].columns[].generated.expression string,
         relations[].columns[].generated.stored boolean, relations[].columns[].identity string,
         relations[].constraints[].name string, relations[].constraints[].kind string,
         relations[].constraints[].columns[] string, relations[].constraints[].check string,
         relations[].constraints[].references.table string, relations[].constraints[].references.columns[] string,
         relations[].constraints[].references.on_delete string, relations[].constraints[].references.on_update string,
         relations[].constraints[].valid boolean, relations[].constraints[].deferrable boolean,
         relations[].constraints[].initially_deferred boolean,
         relations[].indexes[].name string, relations[].indexes[].method string,
         relations[].indexes[].keys[].column string, relations[].indexes[].keys[].expression string,
         relations[].indexes[].include[] string, relations[].indexes[].unique boolean,
         relations[].indexes[].primary boolean, relations[].indexes[].predicate string,
         relations[].indexes[].valid boolean, relations[].indexes[].immediate boolean,
         relations[].indexes[].constraint string,
         relations[].triggers[].name string, relations[].triggers[].enabled boolean,
         relations[].triggers[].routine string, relations[].policies[].name string,
         relations[].policies[].permissive boolean, relations[].policies[].roles[] string, relations[].rules array,
         relations[].row_security boolean, relations[].populated boolean, relations[].parents array,
         relations[].sequence.type string, relations[].sequence.owned_by string,
         relations[].grants[].role string, relations[].grants[].privileges[] string,
         relations[].grants[].columns.email[] string,
         enums[].schema string, enums[].name string, enums[].labels[] string,
         domains[].schema string, domains[].name string, domains[].type string, domains[].nullable boolean,
         domains[].default string, domains[].checks[].name string, domains[].checks[].check string,
         domains[].checks[].valid boolean, ranges[].schema string, ranges[].name string, ranges[].subtype string,
         routines[].schema string, routines[].name string, routines[].kind string, routines[].arguments[] string,
         routines[].defaults number, routines[].result string, routines[].returns_set boolean,
         routines[].language string, routines[].grants array, unknown[].reason string",
    );
    let mut without_column_names = whole;
    for relation in without_column_names["relations"].as_array_mut().unwrap() {
        for grant in relation["grants"].as_array_mut().unwrap() {
            grant["columns"] = Value::Null;
        }
    }
    described(&[&without_column_names]);
    let first = project.run(&["schema", "--at", "1", "--manifest-path", ".", "--format", "json"]).exits(0).document();
    assert_eq!((&first["version"], &first["migrations"]), (&"1".into(), &1.into()));
    assert_eq!(first["relations"].as_array().unwrap().len(), 1);
    project.run(&["schema", "--manifest-path", "."]).exits(0).says(&[
        "main: postgres, after 2, 2 migrations",
        "table public.accounts",
        "    email  citext not null",
        "    accounts_email_check: check (email <> '') not valid",
        "    grant select, update (email) to app",
        "enum public.mood: 'fine', 'so ''so'''",
        "unknown: about, is, sql, things, this: not a known statement",
    ]);
}

const ALL: &str = r#"
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('fine', 'so ''so''');
CREATE DOMAIN price AS numeric(10, 2) DEFAULT 0 NOT NULL CONSTRAINT not_negative CHECK (VALUE >= 0);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner bigint REFERENCES users ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    email citext NOT NULL,
    mood mood DEFAULT 'fine',
    low text GENERATED ALWAYS AS (lower(email::text)) STORED
);
ALTER TABLE accounts ADD CHECK (email <> '') NOT VALID;
CREATE UNIQUE INDEX by_email ON accounts (lower(email::text), owner) INCLUDE (mood) WHERE owner > 0;
CREATE FUNCTION touch(at bigint, by text DEFAULT '') RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touched();
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts TO app USING (owner = 1);
GRANT SELECT, UPDATE (email) ON accounts TO app;
GRANT USAGE ON SCHEMA public TO app;
CREATE MATERIALIZED VIEW emails AS SELECT email FROM accounts WITH NO DATA;
THIS IS NOT SQL about things;
"#;

#[test]
fn of_queries_and_uses() {
    let project = Project::small();
    project.write(
        "src/users.rs",
        "pub async fn f(db: &sqlx::PgPool, sql: &str) {\n    sqlx::query(\"UPDATE users SET name = $1\").execute(db).await;\n    \
         sqlx::query(\"SELECT * FROM users\").execute(db).await;\n    sqlx::query(sql).execute(db).await;\n}\n",
    );
    let queries = project.run(&["queries", "--manifest-path", ".", "--format", "json"]).exits(0).document();
    has(
        &queries,
        "format number, queries[].file string, queries[].line number, queries[].column number,
         queries[].byte_start number, queries[].byte_end number, queries[].call string, queries[].package string,
         queries[].database string, queries[].listed_only boolean, queries[].sql string, unresolved[].file string,
         unresolved[].line number, unresolved[].column number, unresolved[].call string, unresolved[].package string,
         unresolved[].reason string",
    );
    let uses = project.run(&["uses", "users.name", "--manifest-path", ".", "--format", "json"]).exits(0).document();
    has(
        &uses,
        "format number, uses[].file string, uses[].line number, uses[].column number, uses[].byte_start number,
         uses[].byte_end number, uses[].written boolean, uses[].explicit boolean, uses[].sql string",
    );
    described(&[&queries, &uses]);
    project.run(&["queries", "--manifest-path", "."]).exits(0).says(&[
        "src/users.rs:2:17: sqlx::query (main)\n    UPDATE users SET name = $1\n",
        "2 queries, 1 call not readable (--unresolved)",
    ]);
    project.run(&["queries", "--unresolved", "--manifest-path", "."]).exits(0).says(&["src/users.rs:4:"]);
    project.run(&["uses", "users.name", "--manifest-path", "."]).exits(0).says(&[
        "src/users.rs:2:35: writes",
        "src/users.rs:3:25: reads, through *",
        "2 uses of users.name",
    ]);
}

#[test]
fn each_database_is_a_document_of_its_own() {
    let project = Project::small();
    project.write(
        "schemacheck.toml",
        "[database.first]\nmigrations = \"migrations\"\n[database.second]\nmigrations = \"other\"\ndialect = \"postgres\"\n",
    );
    project.write("other/1_things.sql", "CREATE TABLE things (id int);");
    project.write("src/things.rs", query("SELECT id FROM things"));
    project.write("src/main.rs", "fn main() {}\nmod users;\nmod things;\n");
    let ran = project.run(&["--manifest-path", ".", "--baseline-root", ".", "--format", "json"]).exits(0);
    let names: Vec<Value> = ran.documents().iter().map(|document| document["database"]["name"].clone()).collect();
    assert_eq!(names, ["first", "second"]);
    let arguments = ["--manifest-path", ".", "--baseline-root", ".", "--format", "json", "--database", "second"];
    assert_eq!(project.run(&arguments).exits(0).document()["database"]["name"], "second");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let once = shop("v2-rename", &[]);
    let twice = shop("v2-rename", &[]);
    assert_eq!(once.out, twice.out);
}
