//! `verify` on a private server: what it says, and that nothing of it stays there.

use std::process::Command;
use std::time::{Duration, Instant};

use schemacheck_tests::server::{APP, OWNER, Server};

use crate::command::{Ran, command, schemacheck};
use crate::documents::{described, has};
use crate::project::{Project, query};

/// A server, and the databases that were there before.
struct Judge {
    server: Server,
    before: Vec<String>,
}

impl Judge {
    fn start() -> Judge {
        let server = Server::start().unwrap();
        let before = databases(&server);
        Judge { server, before }
    }

    /// Runs the command as the server's owner; afterwards the server has the databases that it had.
    #[track_caller]
    fn verify(&self, project: &Project, arguments: &[&str]) -> Ran {
        self.verify_as(OWNER, project, arguments)
    }

    #[track_caller]
    fn verify_as(&self, role: &str, project: &Project, arguments: &[&str]) -> Ran {
        let url = self.url(role);
        let own = ["verify", "--manifest-path", ".", "--database-url", &url];
        let ran = project.run(&[&own, arguments].concat());
        assert_eq!(databases(&self.server), self.before, "{ran}");
        ran
    }

    fn url(&self, role: &str) -> String {
        self.server.url("postgres").replace(&format!("//{OWNER}@"), &format!("//{role}@"))
    }

    fn run(&self, sql: &str) {
        self.server.connect("postgres").unwrap().batch_execute(sql).unwrap();
    }
}

fn databases(server: &Server) -> Vec<String> {
    let rows =
        server.connect("postgres").unwrap().query("SELECT datname::text FROM pg_database ORDER BY 1", &[]).unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// The row of a table of counts, without its blanks.
fn row(ran: &Ran, name: &str) -> String {
    let row = ran.out.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default();
    row.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_agrees() {
    let judge = Judge::start();
    let (old, new) = (Project::small(), Project::small());
    let ran = judge.verify(&new, &[]).exits(0);
    assert_eq!(row(&ran, "queries"), "queries 2 2 0 0 0 0");
    assert_eq!(row(&ran, "columns"), "columns 2 2 0 0 0 0");
    ran.says(&[
        "main: Postgres ",
        ", 2 of 2 states compared, 1 query",
        "no version is configured, so that a check takes 18",
    ]);

    // What breaks, breaks on the server too.
    new.write("migrations/2_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    new.write("src/users.rs", query("SELECT id FROM users"));
    let baseline = ["--baseline-root", old.path().to_str().unwrap()];
    let ran = judge.verify(&new, &baseline).exits(0);
    assert_eq!(row(&ran, "queries"), "queries 6 6 0 0 0 0");

    let configured = |version| {
        format!("[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nversion = {version}\n")
    };
    let version = judge.server.major_version().unwrap();
    new.write("schemacheck.toml", configured(version));
    judge.verify(&new, &[]).exits(0).keeps_quiet_of(&["version is"]);
    let other = if version == 13 { 14 } else { 13 };
    new.write("schemacheck.toml", configured(other));
    let said = format!("the configured version is {other}; the checker was asked for {version}");
    judge.verify(&new, &[]).exits(0).says(&[&said]);

    // Result columns are described by the type below a domain; what commands look up, they look up when they run.
    new.write(
        "migrations/3_domain.sql",
        "CREATE DOMAIN price AS numeric(10, 2);\nCREATE TABLE prices (price price NOT NULL, prices price[]);\n",
    );
    new.write("src/users.rs", query("SELECT price, prices, $1::price AS given FROM prices"));
    let calls = [
        "SHOW timezone",
        "TRUNCATE prices",
        "LOCK TABLE prices",
        "COPY prices TO STDOUT",
        "PREPARE p AS SELECT 1 FROM prices",
    ];
    let calls = calls.map(|sql| format!("    sqlx::query(\"{sql}\").execute(db).await;\n")).concat();
    new.write("src/main.rs", "fn main() { sqlx::migrate!(); }\nmod users;\nmod calls;\n");
    new.write("src/calls.rs", format!("pub async fn f(db: &sqlx::PgPool) {{\n{calls}}}\n"));
    let ran = judge.verify(&new, &[]).exits(0);
    assert_eq!(row(&ran, "queries"), "queries 24 24 0 0 0 0");
    assert_eq!(row(&ran, "columns"), "columns 7 3 0 0 0 4");

    // The right to create databases is enough.
    judge.run("CREATE ROLE maker LOGIN CREATEDB");
    judge.verify_as("maker", &new, &baseline).exits(0);
}

#[test]
fn what_differs_and_what_is_not_known() {
    let judge = Judge::start();
    let project = Project::small();
    // What a program puts together while it runs is known to the server only.
    let procedure = "CREATE PROCEDURE make(name text) LANGUAGE plpgsql AS $$ BEGIN
        EXECUTE format('CREATE TABLE %I (id int)', name); END $$;\nCALL make('made');\n";
    project.write("migrations/2_make.sql", procedure).write("src/users.rs", query("SELECT id FROM made"));
    let ran = judge.verify(&project, &[]).exits(0).says(&["    unknown: "]);
    assert_eq!(row(&ran, "queries"), "queries 3 2 0 0 0 1");

    // The configuration says too little of it: the checker is sure, and wrong.
    let touches = "[[touches]]\npaths = [\"migrations/2_make.sql\"]\nrelations = [\"users\"]\n";
    project.write("schemacheck.toml", touches);
    let ran = judge.verify(&project, &[]).exits(1);
    assert_eq!(row(&ran, "queries"), "queries 3 2 0 1 0 0");
    ran.says(&[
        "missed: relation public.made: kind\n    server:  `table`\n    checker: nothing\n    after 2\n",
        "false alarm: this tree:src/users.rs:2:17\n    | SELECT id FROM made\n    server:  accepts\n    checker: refuses: 42P01 ",
    ]);

    let document = judge.verify(&project, &["--format", "json"]).exits(1).document();
    has(
        &document,
        "format number, database.name string, database.dialect string, server.version string, server.major number,
         states[].index number, states[].version string, compared number, ended null, queries number, withheld array,
         summary.migrations.cells number, summary.schema.agree number, summary.queries.missed number,
         summary.parameters.false_alarms number, summary.columns.otherwise number, summary.all.unknown number,
         unknown array, differences[].difference string, differences[].server string, differences[].checker string,
         differences[].states[][] number, differences[].fact string, differences[].query.sql string,
         differences[].query.part null, differences[].query.senders[].file string,
         differences[].query.senders[].line number, differences[].query.senders[].column number,
         differences[].query.senders[].release string, differences[].query.senders[].role string",
    );
    described(&[&document]);
}

#[test]
fn a_migration_that_fails() {
    let judge = Judge::start();
    let project = Project::small();
    project.write("migrations/2_half.sql", "CREATE TABLE half (id int); SELECT 1 / (SELECT 0);\n");
    project.write("migrations/3_more.sql", "CREATE TABLE more (id int);\n");
    let ran = judge.verify(&project, &[]).exits(1);
    ran.says(&[
        "missed: migration migrations/2_half.sql:1:1\n    server:  refuses: 22012 division by zero\n    checker: runs\n",
        "2 of 4 states compared",
        "compared up to 1 only: the server refuses migrations/2_half.sql: 22012 division by zero",
    ]);
    // Where the checker says it too, there is no difference.
    project.write("migrations/2_half.sql", "CREATE TABLE half (id int); ALTER TABLE users DROP COLUMN nothing;\n");
    let ran = judge.verify(&project, &[]).exits(0).says(&["compared up to 1 only: "]);
    assert_eq!(row(&ran, "migrations"), "migrations 2 2 0 0 0 0");
    // What the server lacks is no difference either.
    project.write("migrations/2_half.sql", "GRANT SELECT ON users TO nobody_at_all;\n");
    judge.verify(&project, &[]).exits(2).says(&["role \"nobody_at_all\" does not exist", "help: create the role"]);
}

#[test]
fn what_reaches_beyond_the_database_is_refused() {
    let judge = Judge::start();
    let project = Project::small();
    project.write("migrations/2_role.sql", "CREATE TABLE t (id int);\nCREATE ROLE reader;\n");
    judge.verify(&project, &[]).exits(2).says(&[
        "statements reach beyond the database that they run in",
        "migrations/2_role.sql:2:1: CREATE ROLE",
        "--allow-cluster-statements",
    ]);
    let roles = |judge: &Judge| {
        let sql = "SELECT count(*) FROM pg_roles WHERE rolname = 'reader'";
        judge.server.connect("postgres").unwrap().query_one(sql, &[]).unwrap().get::<_, i64>(0)
    };
    assert_eq!(roles(&judge), 0);
    judge.verify(&project, &["--allow-cluster-statements"]).exits(0);
    assert_eq!(roles(&judge), 1);
    project.remove("migrations/2_role.sql").write("src/users.rs", query("SELECT * FROM dblink('', '') AS t (a int)"));
    judge.verify(&project, &[]).exits(2).says(&["src/users.rs:2:32: dblink()"]);
}

#[test]
fn servers_that_cannot_be_asked() {
    let judge = Judge::start();
    let project = Project::small();
    let app = judge.verify_as(APP, &project, &[]).exits(2);
    app.says(&["the role `judge_app` may not create databases", "ALTER ROLE judge_app CREATEDB"]);
    let with = |url: &str| project.run(&["verify", "--manifest-path", ".", "--database-url", url]).exits(2);
    with("postgres://app:secret@127.0.0.1:1/shop")
        .says(&["the server cannot be reached: "])
        .keeps_quiet_of(&["secret"]);
    with("mysql://app:secret@127.0.0.1/shop")
        .says(&["is not one of Postgres", "begins with `mysql:`"])
        .keeps_quiet_of(&["secret"]);
    with("postgres://app@127.0.0.1/shop?sslmode=require").says(&["demands TLS"]);
    project.run(&["verify", "--manifest-path", "."]).exits(2).says(&["--database-url"]);
    project.write("schemacheck.toml", "[database.main]\nmigrations = \"migrations\"\ndialect = \"sqlite\"\n");
    judge.verify(&project, &[]).exits(2).says(&["verify asks Postgres only", "found were: main"]);
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    let judge = Judge::start();
    let project = Project::small();
    project.write("migrations/2_slow.sql", "SELECT pg_sleep(100);\n");
    let url = judge.url(OWNER);
    let arguments = ["verify", "--manifest-path", ".", "--database-url", &url];
    let mut child = command(project.path(), &arguments);
    let child = child.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut watcher = judge.server.connect("postgres").unwrap();
    let started = Instant::now();
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(100)%'";
    while watcher.query_one(sleeping, &[]).unwrap().get::<_, i64>(0) == 0 {
        assert!(started.elapsed() < Duration::from_secs(60), "the migration never ran");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(databases(&judge.server).iter().any(|name| name.starts_with("schemacheck_verify_")));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.contains("interrupted"), "{words}");
    assert_eq!(databases(&judge.server), judge.before, "{words}");
}

#[test]
fn a_database_that_cannot_be_dropped_is_named() {
    let judge = Judge::start();
    let project = Project::small();
    let keep = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I IS_TEMPLATE true', current_database()); END $$;\n";
    project.write("migrations/2_keep.sql", keep);
    let url = judge.url(OWNER);
    let arguments = ["verify", "--manifest-path", ".", "--allow-cluster-statements", "--database-url", &url];
    let ran = project.run(&arguments).exits(0);
    let left = databases(&judge.server).into_iter().find(|name| name.starts_with("schemacheck_verify_")).unwrap();
    ran.says(&[
        &format!("warning: the database `{left}` could not be dropped and is still on the server: "),
        &format!("DROP DATABASE {left}"),
    ]);
}

#[test]
fn help_says_what_it_does_to_a_server() {
    let said = schemacheck(std::path::Path::new("."), &["verify", "--help"]).exits(0);
    said.says(&[
        "databases of its own",
        "CREATEDB",
        "--allow-cluster-statements",
        "SCHEMACHECK_DATABASE_URL",
        "Exit status",
    ]);
}
