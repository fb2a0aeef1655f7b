//! Databases of small trees.

use super::*;
use crate::project::manifest;

/// What is found in files, a line each. A file is its path and its text; `SQLX` and the like stand for manifests.
fn find(files: &[(&str, &str)]) -> String {
    let texts = files.iter().map(|(path, text)| (*path, text_of(path, text)));
    let tree = Tree::memory(texts);
    match detect(&tree, &manifest::packages(&tree)) {
        Ok(found) => {
            let databases = found.databases.iter().map(|database| {
                let settings =
                    [(database.migrates.ignores_unknown, " ignores"), (database.migrates.grouped, " grouped")];
                let settings: String = settings.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect();
                format!("{database}{settings}")
            });
            let notes = found.notes.iter().map(|note| format!("note: {note}"));
            databases.chain(notes).collect::<Vec<_>>().join("\n")
        }
        Err(error) => format!("error: {error}"),
    }
}

/// A manifest from `name: dependency, dependency`, any other text as it is.
fn text_of(path: &str, text: &str) -> String {
    match text.split_once(": ") {
        Some((name, dependencies)) if path.ends_with("Cargo.toml") => {
            let mut manifest = format!("[package]\nname = \"{name}\"\n[dependencies]\n");
            for dependency in dependencies.split(", ").filter(|dependency| !dependency.is_empty()) {
                let (crate_name, features) = dependency.split_once('/').unwrap_or((dependency, ""));
                let features: Vec<String> = features
                    .split('+')
                    .filter(|feature| !feature.is_empty())
                    .map(|feature| format!("\"{feature}\""))
                    .collect();
                let path = if crate_name.starts_with("my-") {
                    format!("path = \"../{crate_name}\"")
                } else {
                    "version = \"1\"".to_owned()
                };
                manifest += &format!("{crate_name} = {{ {path}, features = [{}] }}\n", features.join(", "));
            }
            manifest
        }
        _ => text.to_owned(),
    }
}

/// What it is about, the files, what is found.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

const WORKSPACE: &str = "[workspace]\nmembers = [\"crates/*\", \"apps/*\"]\n";
const SQL: &str = "create table t (id int)";
const PG: &str = "create table t (id bigserial, at timestamptz)";

#[test]
fn databases_are_found_as_projects_lay_them_out() {
    let cases: &[Case<'_>] = &[
        (
            "migrations beside a manifest",
            &[("Cargo.toml", "shop: sqlx/postgres"), ("migrations/1_a.sql", SQL)],
            "main: postgres, sqlx, migrations (migrations beside Cargo.toml; postgres by its driver), queries of shop",
        ),
        (
            "a call of sqlx, its default folder",
            &[
                ("Cargo.toml", "shop: sqlx/postgres+sqlite"),
                ("migrations/1_a.sql", SQL),
                ("src/main.rs", "async fn f(p: &SqlitePool) {\n sqlx::migrate!().run(p).await }"),
            ],
            "main: sqlite, sqlx, migrations (sqlx::migrate! in src/main.rs:2; sqlite by the call), queries of shop",
        ),
        (
            "a call with a path out of its package; sqlx.toml is not asked then",
            &[
                ("Cargo.toml", WORKSPACE),
                ("crates/store/Cargo.toml", "store: sqlx/postgres+sqlite"),
                ("crates/store/src/lib.rs", "pub static M: Migrator = sqlx::migrate!(\"../../db/postgres\");"),
                ("crates/store/sqlx.toml", "[migrate]\nmigrations-dir = \"nowhere\""),
                ("db/postgres/1_a.sql", SQL),
            ],
            "main: postgres, sqlx, db/postgres (sqlx::migrate! in crates/store/src/lib.rs:1; postgres by the folder's name), queries of store",
        ),
        (
            "sqlx.toml says where the default is",
            &[
                ("Cargo.toml", "shop: sqlx/postgres"),
                ("sqlx.toml", "[migrate]\nmigrations-dir = \"db/all\""),
                ("src/main.rs", "fn f() { sqlx::migrate!(); }"),
                ("db/all/1_a.sql", SQL),
            ],
            "main: postgres, sqlx, db/all (sqlx::migrate! in src/main.rs:1; postgres by its driver), queries of shop",
        ),
        (
            "diesel searches upwards, and refuses no unknown version",
            &[
                ("Cargo.toml", WORKSPACE),
                ("crates/api/Cargo.toml", "api: diesel/postgres, diesel_migrations"),
                ("crates/api/src/db.rs", "const M: EmbeddedMigrations = embed_migrations!();"),
                ("migrations/2024-01-01-000000_a/up.sql", SQL),
            ],
            "main: postgres, diesel, migrations (embed_migrations! in crates/api/src/db.rs:1; postgres by its driver), queries of api",
        ),
        (
            "diesel.toml",
            &[
                ("Cargo.toml", "shop: diesel/sqlite"),
                ("diesel.toml", "[migrations_directory]\ndir = \"db/steps\""),
                ("db/steps/2024-01-01-000000_a/up.sql", SQL),
            ],
            "main: sqlite, diesel, db/steps (diesel.toml; sqlite by its driver), queries of shop",
        ),
        (
            "refinery, by the dependency",
            &[
                ("Cargo.toml", "shop: refinery/tokio-postgres, tokio-postgres"),
                (
                    "src/main.rs",
                    "mod embedded { refinery::embed_migrations!(\"sql\"); }\nfn f(r: Runner) { r.set_grouped(true).set_abort_missing(false) }",
                ),
                ("sql/V1__a.sql", SQL),
            ],
            "main: postgres, refinery, sql (refinery::embed_migrations! in src/main.rs:1; postgres by its driver), queries of shop ignores grouped",
        ),
        (
            "include_dir with a folder of migrations, and one without",
            &[
                ("Cargo.toml", "shop: rusqlite, rusqlite_migration, include_dir"),
                (
                    "src/main.rs",
                    "static D: Dir = include_dir!(\"$CARGO_MANIFEST_DIR/db/steps\");\nstatic W: Dir = include_dir!(\"web\");",
                ),
                ("db/steps/01-a/up.sql", SQL),
                ("web/index.html", ""),
            ],
            "main: sqlite, rusqlite, db/steps (include_dir! in src/main.rs:1; sqlite by its driver), queries of shop",
        ),
        (
            "a folder per dialect, one of them not checked",
            &[
                ("Cargo.toml", "vault: diesel/sqlite+mysql+postgres"),
                ("migrations/sqlite/2024-01-01-000000_a/up.sql", SQL),
                ("migrations/mysql/2024-01-01-000000_a/up.sql", SQL),
                ("migrations/postgresql/2024-01-01-000000_a/up.sql", SQL),
            ],
            "postgres: postgres, diesel, migrations/postgresql (migrations beside Cargo.toml; postgres by the folder's name), queries of vault\n\
             sqlite: sqlite, diesel, migrations/sqlite (migrations beside Cargo.toml; sqlite by the folder's name), queries of vault\n\
             note: migrations/mysql: mysql is not checked (mysql by the folder's name)",
        ),
        (
            "several databases of one package",
            &[
                ("Cargo.toml", "client: sqlx/sqlite"),
                ("src/a.rs", "async fn f() { sqlx::migrate!(\"./migrations\") }"),
                ("src/b.rs", "async fn f() { sqlx::migrate!(\"./record-migrations\") }"),
                ("migrations/1_a.sql", SQL),
                ("record-migrations/1_a.sql", SQL),
            ],
            "client: sqlite, sqlx, migrations (sqlx::migrate! in src/a.rs:1; sqlite by its driver), queries of client\n\
             client-record: sqlite, sqlx, record-migrations (sqlx::migrate! in src/b.rs:1; sqlite by its driver), queries of client",
        ),
        (
            "two folders of one database",
            &[
                ("Cargo.toml", "store: sqlx/postgres"),
                (
                    "src/lib.rs",
                    "fn a() { sqlx::migrate!(\"m/now\") }\nfn b() { sqlx::migrate!(\"m/now_later\") }\nfn c(m: &mut Migrator) { m.set_ignore_missing(true); }",
                ),
                ("m/now/1_a.sql", SQL),
                ("m/now_later/2_b.sql", SQL),
            ],
            "main: postgres, sqlx, m/now, m/now_later (sqlx::migrate! in src/lib.rs:1; postgres by its driver; m/now_later runs on the same database), queries of store ignores",
        ),
        (
            "a workspace with two products, and a shared package that goes with both",
            &[
                ("Cargo.toml", WORKSPACE),
                ("apps/web/Cargo.toml", "web: sqlx/postgres, my-types"),
                ("apps/web/migrations/1_a.sql", SQL),
                ("apps/desk/Cargo.toml", "desk: sqlx/sqlite"),
                ("apps/desk/migrations/1_a.sql", SQL),
                ("apps/my-types/Cargo.toml", "my-types: sqlx"),
            ],
            "desk: sqlite, sqlx, apps/desk/migrations (migrations beside apps/desk/Cargo.toml; sqlite by its driver), queries of desk\n\
             web: postgres, sqlx, apps/web/migrations (migrations beside apps/web/Cargo.toml; postgres by its driver), queries of my-types, web",
        ),
        (
            "migrations at the root, packages by their prepared lists",
            &[
                ("Cargo.toml", WORKSPACE),
                ("migrations/postgres/1_a.sql", SQL),
                ("migrations/sqlite/1_a.sql", SQL),
                ("crates/a-postgres/Cargo.toml", "a-postgres: sqlx/postgres+sqlite"),
                ("crates/a-postgres/.sqlx/query-1.json", "{\"db_name\": \"PostgreSQL\"}"),
                ("crates/a-sqlite/Cargo.toml", "a-sqlite: sqlx/postgres+sqlite"),
            ],
            "postgres: postgres, sqlx, migrations/postgres (migrations beside Cargo.toml; postgres by the folder's name), queries of a-postgres\n\
             sqlite: sqlite, sqlx, migrations/sqlite (migrations beside Cargo.toml; sqlite by the folder's name), queries of a-sqlite",
        ),
        (
            "tests and examples do not count",
            &[
                ("Cargo.toml", "lib: sqlx/postgres"),
                ("tests/db.rs", "fn f() { sqlx::migrate!(\"tests/migrations\") }"),
                ("src/lib.rs", "#[cfg(test)] mod checks;\n#[cfg(test)] mod t { fn f() { sqlx::migrate!(\"other\") } }"),
                ("src/checks.rs", "fn f() { sqlx::migrate!(\"third\") }"),
                ("tests/migrations/1_a.sql", SQL),
                ("other/1_a.sql", SQL),
                ("third/1_a.sql", SQL),
            ],
            "note: other, tests/migrations, third: not taken: only tests or examples use it, or most of its files are no SQL",
        ),
        (
            "a package that only serves tests does not count",
            &[
                ("Cargo.toml", WORKSPACE),
                ("crates/my-test-db/Cargo.toml", "my-test-db: diesel/postgres"),
                ("crates/my-test-db/src/lib.rs", "fn f() { FileBasedMigrations::find_migrations_directory(); }"),
                (
                    "crates/api/Cargo.toml",
                    "[package]\nname = \"api\"\n[dependencies]\ndiesel = { version = \"2\", features = [\"postgres\"] }\n[dev-dependencies]\nmy-test-db = { path = \"../my-test-db\" }",
                ),
                ("migrations/2024-01-01-000000_a/up.sql", SQL),
            ],
            "main: postgres, diesel, migrations (migrations beside Cargo.toml; postgres by its driver), queries of api",
        ),
        (
            "no Rust at all, the SQL says which",
            &[("db/migrations/001_a.sql", PG), ("db/migrations/002_b.up.sql", PG)],
            "main: postgres, sqlx, db/migrations (db/migrations at the root; postgres by the SQL), no package uses it",
        ),
        (
            "file names that only migrations have, in an unusual place",
            &[
                ("Cargo.toml", WORKSPACE),
                ("crates/orders/Cargo.toml", "orders: sqlx/postgres"),
                ("database/README.md", ""),
                ("database/sql/V001__a.sql", SQL),
            ],
            "main: postgres, flyway, database/sql (the files' names; postgres by its driver), queries of orders",
        ),
        (
            "DATABASE_URL decides where nothing else does",
            &[("migrations/1_a.sql", SQL), (".env.example", "# local\nDATABASE_URL=\"postgres://localhost/shop\"")],
            "main: postgres, sqlx, migrations (migrations at the root; postgres by DATABASE_URL), no package uses it",
        ),
        (
            "dbmate's marks",
            &[
                ("Cargo.toml", "shop: tokio-postgres"),
                ("db/migrations/20240101000000_a.sql", "-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;"),
            ],
            "main: postgres, dbmate, db/migrations (db/migrations beside Cargo.toml; postgres by its driver), queries of shop",
        ),
        (
            "a folder known only at run time",
            &[("Cargo.toml", "shop: sqlx/postgres"), ("src/main.rs", "fn f(p: &Path) {\n Migrator::new(p) }")],
            "note: src/main.rs:2: Migrator::new with a folder known only at run time",
        ),
        (
            "a macro of another crate by a common name",
            &[("Cargo.toml", "shop: tokio-postgres"), ("src/main.rs", "fn f() { migrate!(\"a\" => b) }")],
            "",
        ),
        ("nothing", &[("Cargo.toml", "shop: serde"), ("src/main.rs", "fn main() {}")], ""),
        ("no manifest that can be read", &[("Cargo.toml", "[package"), ("src/main.rs", "fn main( {")], ""),
    ];
    for (what, files, expected) in cases {
        assert_eq!(find(files), *expected, "{what}");
    }
}

#[test]
fn words_of_an_engine_count_only_as_words() {
    let text = "create table serial_numbers (v blob); -- serialised, jsonb one day\ncreate table b (serial text)";
    let found = find(&[("Cargo.toml", "shop: sqlx/sqlite"), ("migrations/1_a.sql", text)]);
    assert_eq!(
        found,
        "main: sqlite, sqlx, migrations (migrations beside Cargo.toml; sqlite by its driver), queries of shop"
    );
}

#[test]
fn contradictions_come_with_a_configuration_to_paste() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[
                ("Cargo.toml", "shop: sqlx/postgres+sqlite"),
                ("migrations/postgres/1_a.sql", SQL),
                ("src/main.rs", "fn f(p: SqlitePool) { sqlx::migrate!(\"migrations/postgres\") }"),
            ],
            "error: the call says that these migrations are for sqlite, the folder's name says postgres\n  --> migrations/postgres\n  = help: say it in schemacheck.toml:\n    [database.main]\n    migrations = \"migrations/postgres\"\n    dialect = \"sqlite\" # or \"postgres\"",
        ),
        (
            &[("Cargo.toml", "shop: sqlx/sqlite"), ("migrations/1_a.sql", PG)],
            "error: its driver says that these migrations are for sqlite, the SQL says postgres\n  --> migrations\n  = help: say it in schemacheck.toml:\n    [database.main]\n    migrations = \"migrations\"\n    dialect = \"sqlite\" # or \"postgres\"",
        ),
        (
            &[("Cargo.toml", "shop: sqlx/sqlite+postgres"), ("migrations/1_a.sql", SQL)],
            "error: nothing says which dialect these migrations are written in\n  --> migrations\n  = help: say it in schemacheck.toml:\n    [database.main]\n    migrations = \"migrations\"\n    dialect = \"postgres\" # or \"sqlite\"",
        ),
    ];
    for (files, expected) in cases {
        assert_eq!(find(files), *expected);
    }
}

#[test]
fn queries_have_candidates_by_tiers() {
    let files = [
        ("Cargo.toml", WORKSPACE.to_owned()),
        ("apps/web/Cargo.toml", text_of("Cargo.toml", "web: sqlx/postgres, my-types")),
        ("apps/web/migrations/1_a.sql", SQL.to_owned()),
        ("apps/jobs/Cargo.toml", text_of("Cargo.toml", "jobs: sqlx/postgres")),
        ("apps/jobs/migrations/1_a.sql", SQL.to_owned()),
        ("apps/desk/Cargo.toml", text_of("Cargo.toml", "desk: sqlx/sqlite")),
        ("apps/desk/migrations/1_a.sql", SQL.to_owned()),
        ("apps/my-types/Cargo.toml", text_of("Cargo.toml", "my-types: sqlx/postgres")),
        ("apps/plain/Cargo.toml", text_of("Cargo.toml", "plain: serde")),
    ];
    let tree = Tree::memory(files);
    let packages = manifest::packages(&tree);
    let mut found = detect(&tree, &packages).expect("databases").databases;
    let names: Vec<&str> = found.iter().map(|database| database.name.as_str()).collect();
    assert_eq!(names, ["desk", "jobs", "web"]);
    let tiers_of = |found: &[Detected], package: &str| tiers(&tree, &packages, found).of_package(package).to_vec();
    assert_eq!(tiers_of(&found, "web"), [vec![2], vec![1]]);
    assert_eq!(tiers_of(&found, "my-types"), [vec![2], vec![1]]);
    assert_eq!(tiers_of(&found, "desk"), [vec![0]]);
    assert!(tiers_of(&found, "plain").is_empty());
    found[2].claimed = Some(vec!["jobs".into()]);
    assert_eq!(tiers_of(&found, "web"), [vec![1]]);
    assert_eq!(tiers_of(&found, "jobs"), [vec![1, 2]]);
}
