//! What cargo builds again, and that no answer is stale: real builds of small packages.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use schemacheck_tests::nested::{Built, Nested, command};

const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n";
const RENAME: &str = "ALTER TABLE users RENAME COLUMN name TO full_name;\n";
const CONFIG: &str = "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\n";
const CODE: &str = "pub const NAMES: &str = schemacheck::sql!(since = \"20260105\", \"SELECT id, name FROM users\");\n";

/// A package with one table and one query, in a folder that is its own for good.
fn package(name: &str) -> Nested {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("rebuild").join(name);
    // What an earlier run left may be half-way through this test.
    let _ = fs::remove_dir_all(&folder);
    let nested = Nested::new(&folder, name);
    nested.write("migrations/20260105_users.sql", USERS);
    nested.write("schemacheck.toml", CONFIG);
    nested.write("src/lib.rs", CODE);
    nested
}

fn passes(nested: &Nested) -> Built {
    let built = nested.check();
    assert!(built.success, "{}{}", built.messages(), built.stderr);
    built
}

fn fails(nested: &Nested, with: &str) {
    let built = nested.check();
    assert!(!built.success && built.messages().contains(with), "{with}: {}{}", built.messages(), built.stderr);
}

#[test]
fn each_change_of_the_schema_is_seen_and_nothing_else_builds_again() {
    let nested = package("rebuild-changes");
    passes(&nested);
    assert!(passes(&nested).is_fresh("rebuild-changes"), "a build without a change");

    nested.write("migrations/20260402_full_name.sql", RENAME);
    fails(&nested, "broken-at-head");
    nested.remove("migrations/20260402_full_name.sql");
    passes(&nested);
    assert!(passes(&nested).is_fresh("rebuild-changes"));

    nested.write("migrations/20260105_users.sql", &USERS.replace("name", "nick"));
    fails(&nested, "`name` does not exist");
    nested.write("migrations/20260105_users.sql", USERS);
    passes(&nested);

    fs::rename(nested.path("migrations/20260105_users.sql"), nested.path("migrations/20260106_users.sql")).unwrap();
    fails(&nested, "the nearest is 20260106");
    fs::rename(nested.path("migrations/20260106_users.sql"), nested.path("migrations/20260105_users.sql")).unwrap();
    passes(&nested);

    nested.write("other/20260105_users.sql", &USERS.replace("name", "nick"));
    nested.write("schemacheck.toml", &CONFIG.replace("\"migrations\"", "\"other\""));
    fails(&nested, "`name` does not exist");
    nested.write("schemacheck.toml", CONFIG);
    passes(&nested);
}

#[test]
fn queries_of_tests_are_left_out_wherever_they_stand() {
    let nested = package("rebuild-tests");
    let broken = "schemacheck::sql!(\"SELECT no_such_column FROM users\")";
    let inner = format!("#[cfg(test)]\nmod tests {{\n    const A: &str = {broken};\n}}\n");
    nested.write("src/lib.rs", &format!("{CODE}{inner}#[cfg(test)]\nmod more;\n"));
    nested.write("src/more.rs", &format!("const B: &str = {broken};\n"));
    nested.write("tests/all.rs", &format!("const C: &str = {broken};\n"));
    let check = ["check", "--offline", "--quiet", "--all-targets"];
    let built = nested.cargo(&check);
    assert!(built.success, "{}{}", built.messages(), built.stderr);
    nested.write("schemacheck.toml", &format!("{CONFIG}\n[queries]\ntests = true\n"));
    let built = nested.cargo(&check);
    assert!(!built.success && built.messages().contains("no_such_column"), "{}", built.messages());
}

#[test]
fn a_branch_is_switched() {
    let nested = package("rebuild-branch");
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        let identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"];
        let done = git.current_dir(nested.path("")).args(identity).args(arguments).output().expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "users"]);
    git(&["switch", "--quiet", "-c", "rename"]);
    nested.write("migrations/20260402_full_name.sql", RENAME);
    nested.write("src/lib.rs", &CODE.replace("name", "full_name"));
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "rename"]);
    passes(&nested);
    git(&["switch", "--quiet", "main"]);
    passes(&nested);
    nested.write("src/lib.rs", &CODE.replace("name", "full_name"));
    fails(&nested, "`full_name` does not exist");
}

#[test]
fn a_snapshot_that_is_lost_or_spoilt_is_made_again() {
    let nested = package("rebuild-spoilt");
    let built = passes(&nested);
    let ran = built.script("rebuild-spoilt").expect("the build script ran");
    let out = PathBuf::from(ran["out_dir"].as_str().unwrap());
    let snapshot = out.join("schemacheck.snapshot");
    fs::write(&snapshot, "spoilt").unwrap();
    let code = format!("{CODE}// again\n");
    nested.write("src/lib.rs", &code);
    // The source changed, so that the build script runs again and makes it whole.
    passes(&nested);
    fs::remove_dir_all(&out).unwrap();
    nested.write("src/lib.rs", CODE);
    passes(&nested);
}

#[test]
fn a_snapshot_of_another_package_is_refused() {
    let nested = package("rebuild-inherits");
    passes(&nested);
    let other = Nested::new(&nested.path("inner"), "rebuild-inner");
    other.remove("build.rs");
    other.write("src/lib.rs", &CODE.replace("name", "no_such_column"));
    let ran = nested.cargo(&["check", "--offline", "--quiet"]);
    let ran = ran.script("rebuild-inherits").expect("the build script ran");
    let stamp = ran["env"][0][1].as_str().unwrap();
    let variables = [("OUT_DIR", ran["out_dir"].as_str().unwrap()), ("SCHEMACHECK_SNAPSHOT", stamp)];
    let built = other.cargo_with(&["check", "--offline", "--quiet"], &variables);
    assert!(built.success, "{}", built.messages());
}

#[test]
fn two_databases_in_one_workspace() {
    let nested = package("rebuild-root");
    nested.write("src/lib.rs", "");
    nested.remove("build.rs");
    let manifest = fs::read_to_string(nested.path("Cargo.toml")).unwrap();
    let (package, rest) = manifest.split_once("\n[workspace]").unwrap();
    for (member, column) in [("one", "name"), ("two", "nick")] {
        nested.write(&format!("{member}/Cargo.toml"), &package.replace("rebuild-root", &format!("rebuild-{member}")));
        nested.write(&format!("{member}/build.rs"), "fn main() {\n    schemacheck_checker::build_script();\n}\n");
        nested.write(&format!("{member}/migrations/20260105_users.sql"), &USERS.replace("name", column));
        nested.write(&format!("{member}/src/lib.rs"), &CODE.replace("name", column));
    }
    let database = |member: &str| {
        CONFIG.replace("main", member).replace("\"migrations\"", &format!("\"{member}/migrations\""))
            + &format!("packages = [\"rebuild-{member}\"]\n")
    };
    nested.write("schemacheck.toml", &(database("one") + &database("two")));
    nested.write(
        "Cargo.toml",
        &format!("{}\n[workspace]\nmembers = [\"one\", \"two\"]{rest}", without_dependencies(package)),
    );
    let check = ["check", "--offline", "--quiet", "--workspace", "--keep-going"];
    let built = nested.cargo(&check);
    assert!(built.success, "{}{}", built.messages(), built.stderr);
    nested.write("two/src/lib.rs", CODE);
    let built = nested.cargo(&check);
    assert!(
        built.rendered("rebuild_two").contains("`name` does not exist") && built.rendered("rebuild_one").is_empty()
    );
}

fn without_dependencies(manifest: &str) -> &str {
    manifest.split("\n[dependencies]").next().unwrap()
}

#[test]
fn a_crate_without_macros_warns_or_fails() {
    let nested = package("rebuild-plain");
    let manifest = fs::read_to_string(nested.path("Cargo.toml")).unwrap();
    let manifest: String =
        manifest.lines().filter(|line| !line.starts_with("schemacheck = ")).map(|line| format!("{line}\n")).collect();
    nested.write("Cargo.toml", &manifest);
    nested.write("migrations/20260402_full_name.sql", RENAME);
    nested.write(
        "src/lib.rs",
        "mod sqlx { pub fn query(_: &str) {} }\npub fn f() { sqlx::query(\"SELECT name FROM users\") }\n",
    );
    nested.write(
        "Cargo.toml",
        &manifest.replace(
            "[dependencies]",
            "[target.'cfg(none)'.dependencies]\nsqlx = { path = \"sqlx\" }\n\n[dependencies]",
        ),
    );
    nested.write("sqlx/Cargo.toml", "[package]\nname = \"sqlx\"\nversion = \"0.9.0\"\nedition = \"2024\"\n");
    nested.write("sqlx/src/lib.rs", "");
    let run = |level: Option<&str>| {
        let mut cargo = command(&nested.path(""));
        cargo.args(["check", "--offline"]).envs(level.map(|level| ("SCHEMACHECK_BUILD", level)));
        let output = cargo.output().expect("cargo runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (passed, text) = run(None);
    assert!(passed && text.contains("error[broken-at-head]: a query of this tree does not run"), "{text}");
    nested.write("schemacheck.toml", &format!("{CONFIG}[build]\nfindings = \"deny\"\n"));
    let (passed, text) = run(None);
    assert!(!passed && text.contains("error: rebuild-plain"), "{text}");
    let (passed, text) = run(Some("warn"));
    assert!(passed && text.contains("broken-at-head"), "{text}");
}

/// A release that shipped the first migration and sends one query.
fn release(sql: &str) -> String {
    let first = schemacheck_checker::hash::hash(USERS);
    let database = "{\"name\":\"main\",\"dialect\":\"postgres\",\"layout\":\"sqlx\",\"migrates_at_start\":false,\"ignores_unknown\":false";
    let query = format!(
        "{{\"file\":\"src/lib.rs\",\"sql\":\"{sql}\",\"call\":\"sqlx::query\",\"package\":\"rebuild-release\"}}"
    );
    format!(
        "{{\"format\":1,\"databases\":[{database},\"migrations\":[[\"20260105\",\"{first}\"],null]}},null],\"queries\":[{query},null],\"unresolved\":[]}}\n"
    )
}

#[test]
fn a_release_file_that_changes_is_seen() {
    let nested = package("rebuild-release");
    nested.write("migrations/20260402_full_name.sql", RENAME);
    nested.write("src/lib.rs", "schemacheck::rollout!();\n");
    nested.write("schemacheck.release.json", &release("SELECT id FROM users"));
    passes(&nested);
    assert!(passes(&nested).is_fresh("rebuild-release"));
    nested.write("schemacheck.release.json", &release("SELECT name FROM users"));
    fails(&nested, "still reads `users.name`");
    // What runs now is what the file says, whatever is committed.
    nested.write("schemacheck.toml", &format!("{CONFIG}[build]\nbaseline = \"deployed.json\"\n"));
    nested.write("deployed.json", &release("SELECT id FROM users"));
    passes(&nested);
    nested.remove("deployed.json");
    fails_to_run(&nested, "deployed.json cannot be read");
}

/// Holds that the build script fails, and what it says.
fn fails_to_run(nested: &Nested, with: &str) {
    let output = command(&nested.path("")).args(["check", "--offline"]).output().expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains(with), "{with}: {text}");
}

#[test]
fn the_queries_of_a_library_are_checked_where_it_is_used() {
    let nested = package("rebuild-uses");
    nested.write("src/lib.rs", "");
    let library = "[package]\nname = \"rebuild-db\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
        [target.'cfg(none)'.dependencies]\nsqlx = { path = \"../sqlx\" }\n";
    nested.write("db/Cargo.toml", library);
    let code = "mod sqlx { pub fn query(_: &str) {} }\npub fn f() { sqlx::query(\"SELECT id, name FROM users\") }\n";
    nested.write("db/src/lib.rs", code);
    nested.write("sqlx/Cargo.toml", "[package]\nname = \"sqlx\"\nversion = \"0.9.0\"\nedition = \"2024\"\n");
    nested.write("sqlx/src/lib.rs", "");
    let manifest = fs::read_to_string(nested.path("Cargo.toml")).unwrap();
    nested.write("Cargo.toml", &manifest.replace("[build-dep", "rebuild-db = { path = \"db\" }\n\n[build-dep"));
    let check = || {
        let output = command(&nested.path("")).args(["check", "--offline"]).output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(!check().contains("broken-at-head"));
    assert!(passes(&nested).is_fresh("rebuild-uses"));
    nested.write("db/src/lib.rs", &code.replace("name", "gone"));
    let text = check();
    assert!(text.contains("warning: rebuild-uses") && text.contains("broken-at-head"), "{text}");
    nested.write("db/src/lib.rs", code);
    assert!(!check().contains("broken-at-head"));
    nested.write("migrations/20260402_full_name.sql", RENAME);
    assert!(check().contains("broken-at-head"));
}

#[test]
fn a_crate_beside_the_workspace_that_holds_it_is_a_project_of_its_own() {
    let nested = package("rebuild-inner");
    // The folder is in this repository, whose workspace does not know it.
    let manifest = fs::read_to_string(nested.path("Cargo.toml")).unwrap();
    nested.write("Cargo.toml", &manifest.replace("\n[workspace]\n", "\n"));
    let outer = nested.path("..").join("rebuild-outer");
    let _ = fs::remove_dir_all(&outer);
    let user = Nested::new(&outer, "rebuild-outer");
    let manifest = fs::read_to_string(user.path("Cargo.toml")).unwrap();
    let depends = "rebuild-inner = { path = \"../rebuild-inner\" }\n\n[build-dep";
    user.write("Cargo.toml", &manifest.replace("[build-dep", depends));
    user.write("schemacheck.toml", CONFIG);
    user.write("migrations/20260105_users.sql", &USERS.replace("name", "nick"));
    passes(&user);
}
