//! What a build script says, for projects on disk.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::left::{Left, at};
use super::place::Place;
use super::run::{KEPT, guarded};
use super::{Answer, Environment, FILE, run};

mod kept;

const MANIFEST: &str = "[package]\nname = \"app\"\n[dependencies]\nsqlx = \"0.9\"\n";
const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n";
const RENAME: &str = "ALTER TABLE users RENAME COLUMN name TO full_name;\n";
const CODE: &str = "fn f() { sqlx::query(\"SELECT id, name FROM users\"); }\n";
const CONFIG: &str = "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\n";

/// A project in a folder of its own.
struct OnDisk(TempDir);

impl OnDisk {
    fn new(files: &[(&str, &str)]) -> OnDisk {
        let project = OnDisk(tempfile::tempdir().expect("a folder"));
        fs::create_dir(project.path("out")).expect("a folder");
        files.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    /// A package whose code reads a column that its second migration renames.
    fn broken() -> OnDisk {
        let package = [("Cargo.toml", MANIFEST), ("schemacheck.toml", CONFIG), ("src/lib.rs", CODE)];
        let migrations = [("migrations/1_users.sql", USERS), ("migrations/2_rename.sql", RENAME)];
        OnDisk::new(&[&package[..], &migrations[..]].concat())
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn run(&self, level: Option<&str>) -> Answer {
        self.run_in("", "app", level)
    }

    fn run_in(&self, folder: &str, package: &str, level: Option<&str>) -> Answer {
        self.run_to("out", folder, package, level)
    }

    fn run_to(&self, out: &str, folder: &str, package: &str, level: Option<&str>) -> Answer {
        run(&Environment {
            manifest_dir: self.path(folder),
            package: package.to_owned(),
            out_dir: self.path(out),
            level: level.map(str::to_owned),
        })
    }

    /// The paths that cargo watches.
    fn watched(&self, answer: &Answer) -> Vec<String> {
        let root = self.0.path().display().to_string();
        let paths = answer.instructions.iter().filter_map(|line| line.strip_prefix("rerun-if-changed="));
        let mut paths: Vec<String> = paths.map(|path| path.replacen(&root, "", 1)).collect();
        paths.sort();
        paths
    }
}

/// The lines of one kind.
fn lines<'a>(answer: &'a Answer, kind: &str) -> Vec<&'a str> {
    answer.instructions.iter().filter_map(|line| line.strip_prefix(kind)?.strip_prefix('=')).collect()
}

#[test]
fn findings_are_warnings_unless_something_else_is_said() {
    let project = OnDisk::broken();
    let answer = project.run(None);
    assert!(!answer.fails);
    assert!(
        lines(&answer, "warning")[0].starts_with("error[broken-at-head]: a query of this tree does not run"),
        "{answer:?}"
    );
    assert_eq!(lines(&answer, "rustc-env").len(), 1);

    let answer = project.run(Some("deny"));
    assert!(answer.fails && lines(&answer, "warning").is_empty(), "{answer:?}");
    assert_eq!(lines(&answer, "rustc-env").len(), 1, "macros and editors go on");

    project.write("schemacheck.toml", &format!("{CONFIG}[build]\nfindings = \"deny\"\n"));
    assert!(project.run(None).fails);
    assert!(!project.run(Some("warn")).fails);
    let answer = project.run(Some("allow"));
    assert!(!answer.fails && lines(&answer, "warning").is_empty(), "{answer:?}");
    assert!(project.run(Some("loud")).fails);
}

#[test]
fn what_a_macro_reports_is_not_reported_twice() {
    let project = OnDisk::broken();
    project.write("src/lib.rs", "fn f() { schemacheck::sql!(\"SELECT id, name FROM users\"); }\n");
    let answer = project.run(Some("deny"));
    assert!(!answer.fails && lines(&answer, "error").is_empty() && lines(&answer, "warning").is_empty(), "{answer:?}");
}

#[test]
fn only_what_is_there_is_watched() {
    let project = OnDisk::broken();
    let expected = ["/Cargo.toml", "/migrations", "/schemacheck.toml", "/src"];
    assert_eq!(project.watched(&project.run(None)), expected);
    fs::remove_file(project.path("schemacheck.toml")).expect("it is there");
    project.write("src/lib.rs", &format!("fn m() {{ sqlx::migrate!(); sqlx::PgPool::connect(\"\"); }}\n{CODE}"));
    assert_eq!(project.watched(&project.run(None)), ["/Cargo.toml", "/migrations", "/src"]);
}

#[test]
fn the_files_that_hold_queries_are_watched_wherever_they_stand() {
    let project = OnDisk::broken();
    project.write("queries/all.sql", "SELECT id FROM users\n");
    project.write("shared/more.rs", "fn g() { sqlx::query(\"SELECT id FROM users\"); }\n");
    let code =
        "#[path = \"../shared/more.rs\"] mod more; fn f() { sqlx::query(include_str!(\"../queries/all.sql\")); }\n";
    project.write("src/lib.rs", code);
    let watched = project.watched(&project.run(None));
    assert_eq!(
        watched[..],
        ["/Cargo.toml", "/migrations", "/queries/all.sql", "/schemacheck.toml", "/shared/more.rs", "/src"]
    );

    let project = OnDisk::broken();
    project.write("Cargo.toml", &format!("{MANIFEST}[lib]\npath = \"lib.rs\"\n"));
    project.write("lib.rs", "mod inner;\n");
    project.write("inner.rs", CODE);
    let watched = project.watched(&project.run(None));
    assert!(["/lib.rs", "/inner.rs"].iter().all(|file| watched.iter().any(|path| path == file)), "{watched:?}");
}

#[test]
fn the_level_matters_where_there_is_something_to_say() {
    let project = OnDisk::broken();
    assert_eq!(lines(&project.run(None), "rerun-if-env-changed"), ["SCHEMACHECK_BUILD"]);
    assert_eq!(lines(&project.run(Some("loud")), "rerun-if-env-changed"), ["SCHEMACHECK_BUILD"]);
    fs::remove_file(project.path("migrations/2_rename.sql")).expect("it is there");
    assert_eq!(lines(&project.run(Some("warn")), "rerun-if-env-changed"), [""; 0]);
}

#[test]
fn what_cannot_be_checked_fails_unless_it_is_to_warn() {
    let project = OnDisk::broken();
    project.write("schemacheck.toml", "[rollout]\nordre = \"any\"\n");
    let answer = project.run(None);
    assert!(answer.fails && lines(&answer, "error")[0].contains("ordre"), "{answer:?}");
    assert!(project.watched(&answer).contains(&"/schemacheck.toml".to_owned()));
    for level in ["warn", "allow"] {
        let answer = project.run(Some(level));
        assert!(!answer.fails && lines(&answer, "warning")[0].contains("ordre"), "{answer:?}");
        assert!(lines(&answer, "rustc-env")[0].contains("cannot check: "), "macros that need it say why: {answer:?}");
    }
}

#[test]
fn a_committed_release_file_is_the_baseline() {
    let project = OnDisk::broken();
    project.write("src/lib.rs", "fn f() { sqlx::query(\"SELECT id, full_name FROM users\"); }\n");
    let query =
        "{\"file\":\"src/lib.rs\",\"sql\":\"SELECT id, name FROM users\",\"call\":\"sqlx::query\",\"package\":\"app\"}";
    let first = crate::hash::hash(USERS);
    let database = "{\"name\":\"main\",\"dialect\":\"postgres\",\"layout\":\"sqlx\",\"migrates_at_start\":false,\"ignores_unknown\":false";
    let release = format!(
        "{{\"format\":1,\"databases\":[{database},\"migrations\":[[\"1\",\"{first}\"],null]}},null],\"queries\":[{query},null],\"unresolved\":[]}}"
    );
    assert!(lines(&project.run(None), "warning").is_empty());
    project.write("schemacheck.release.json", &release);
    let answer = project.run(None);
    let warnings = lines(&answer, "warning");
    assert!(
        warnings[0].starts_with("error[missing-column]: schemacheck.release still reads `users.name`"),
        "{warnings:?}"
    );
    assert!(project.watched(&answer).contains(&"/schemacheck.release.json".to_owned()));

    project.write("v1.json", &release);
    project.write("schemacheck.toml", &format!("{CONFIG}[build]\nbaseline = \"v1.json\"\n"));
    assert!(lines(&project.run(None), "warning")[0].contains("v1 still reads"));
    project.write("schemacheck.toml", &format!("{CONFIG}[build]\nbaseline = \"v0.json\"\n"));
    assert!(project.run(None).fails, "a file that is named and missing");
}

#[test]
fn a_package_of_others_never_looks_outside_itself() {
    let generated = "# THIS FILE IS AUTOMATICALLY GENERATED BY CARGO\n";
    for (mark, folder, head) in [
        (".cargo-checksum.json", "vendor/dep", ""),
        (".cargo-ok", "vendor/dep", ""),
        (".cargo_vcs_info.json", "vendor/dep", ""),
        ("Cargo.toml.orig", "target/package/dep-0.1.0", generated),
    ] {
        let project = OnDisk::broken();
        project.write("Cargo.toml", &format!("{MANIFEST}[workspace]\n"));
        let manifest = format!("{head}[package]\nname = \"dep\"\n[dependencies]\nsqlx = \"0.9\"\n");
        project.write(&format!("{folder}/Cargo.toml"), &manifest);
        project.write(&format!("{folder}/src/lib.rs"), CODE);
        project.write(&format!("{folder}/{mark}"), "");
        let answer = project.run_in(folder, "dep", Some("deny"));
        assert!(!answer.fails && lines(&answer, "warning").is_empty(), "{answer:?}");
        let inside = format!("/{folder}/");
        assert!(project.watched(&answer).iter().all(|path| path.starts_with(&inside)), "{answer:?}");
    }
}

#[test]
fn a_package_of_others_is_not_judged_and_says_what_it_needs() {
    let project = OnDisk::broken();
    project.write("Cargo.toml", &format!("{MANIFEST}schemacheck = \"0.1\"\n"));
    project.write(".cargo-ok", "");
    let code = "fn f() { schemacheck::sql!(\"SELECT full_name FROM users\"); schemacheck::required_schema!(); }\n";
    project.write("src/lib.rs", &format!("{code}{}", CODE.replace("fn f", "fn g")));
    let answer = project.run(Some("deny"));
    assert!(!answer.fails && lines(&answer, "warning").is_empty(), "{answer:?}");
    let Left::Snapshot(snapshot) = at(&project.path("out").join(FILE), "1".to_owned()) else { panic!("a snapshot") };
    assert_eq!(snapshot.facts().required(None), Ok(vec!["1", "2"]));
    assert_eq!(said(&project.path("out"), "1", "SELECT gone FROM users"), Vec::<String>::new());
}

const WORKSPACE: &str = "[workspace]\nmembers = [\"app\", \"crates/*\"]\n";

/// A package without queries of its own, with packages that it is built from; `names` says what each depends on.
fn workspace(packages: &[(&str, &str)]) -> OnDisk {
    let project = OnDisk::new(&[("Cargo.toml", WORKSPACE), ("schemacheck.toml", CONFIG)]);
    project.write("migrations/1_users.sql", USERS);
    project.write("migrations/2_rename.sql", RENAME);
    for (folder, dependencies) in packages {
        let name = folder.rsplit('/').next().unwrap_or_default();
        let manifest = format!("[package]\nname = \"{name}\"\n[dependencies]\nsqlx = \"0.9\"\n{dependencies}\n");
        project.write(&format!("{folder}/Cargo.toml"), &manifest);
        let code = if name == "app" { "" } else { CODE };
        project.write(&format!("{folder}/src/lib.rs"), &code.replace("users", &format!("users /* {name} */")));
    }
    project
}

/// The packages of [`workspace`] in whose queries something is found.
fn found_in(answer: &Answer, names: &[&str]) -> Vec<String> {
    let text = lines(answer, "warning").join("\n");
    let named = names.iter().filter(|name| text.contains(&format!("{name}/src/lib.rs")));
    named.map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_libraries_that_a_package_is_built_from_are_checked_with_it() {
    let project = workspace(&[
        (
            "app",
            "db = { path = \"../crates/db\" }\nown = { path = \"../crates/own\" }\nlent = { path = \"../crates/lent\" }\nplain = { path = \"../crates/plain\" }\n[dev-dependencies]\nfake = { path = \"../crates/fake\" }",
        ),
        ("crates/db", "rows.path = \"../rows\""),
        ("crates/rows", "[target.'cfg(unix)'.dependencies]\ndb.path = \"../db\""),
        ("crates/own", "under.path = \"../under\"\n[build-dependencies]\nschemacheck-checker = \"0.1\""),
        ("crates/under", ""),
        ("crates/fake", ""),
        ("crates/beside", ""),
        ("crates/lent", ""),
        ("crates/plain", ""),
    ]);
    project.write("crates/lent/.cargo-checksum.json", "{}");
    // One that talks to no database sends no queries.
    project.write("crates/plain/Cargo.toml", "[package]\nname = \"plain\"\n");
    let names = ["app", "db", "rows", "own", "under", "fake", "beside", "lent"];
    let answer = project.run_in("app", "app", None);
    assert_eq!(found_in(&answer, &names), ["db", "rows"], "{answer:?}");
    assert!(!answer.fails);
    let watched = project.watched(&answer);
    for path in ["/crates/db/Cargo.toml", "/crates/db/src", "/crates/rows/src", "/app/src"] {
        assert!(watched.contains(&path.to_owned()), "{path}: {watched:?}");
    }
    assert!(
        !watched.iter().any(|path| ["own", "beside", "plain"].iter().any(|name| path.contains(name))),
        "{watched:?}"
    );
    assert_eq!(found_in(&project.run_in("crates/own", "own", None), &names), ["own", "under"]);
    assert!(project.run_in("app", "app", Some("deny")).fails);

    // No macro of the package says it, even where the library's are ours.
    let marked = "fn f() { schemacheck::sql!(\"SELECT id, name FROM users /* db */\"); }\n";
    project.write("crates/db/src/lib.rs", marked);
    project.write("crates/rows/src/lib.rs", "");
    let answer = project.run_in("app", "app", None);
    assert_eq!(found_in(&answer, &names), ["db"], "{answer:?}");
    let Left::Snapshot(snapshot) = at(&project.path("out").join(FILE), "1".to_owned()) else { panic!("a snapshot") };
    assert_eq!((snapshot.facts().package.as_str(), snapshot.facts().clean.len()), ("app", 0));
}

#[test]
fn what_could_not_be_checked_is_tried_again_when_anything_changes() {
    let project = OnDisk::new(&[("Cargo.toml", MANIFEST), ("src/lib.rs", CODE), ("db/README", ""), ("target/x", "")]);
    let answer = project.run(Some("warn"));
    assert!(!answer.fails && lines(&answer, "warning")[0].contains("cannot check"), "{answer:?}");
    let watched = project.watched(&answer);
    for path in ["/src", "/db", "/Cargo.toml"] {
        assert!(watched.contains(&path.to_owned()), "{path}: {watched:?}");
    }
    assert!(!watched.contains(&"/target".to_owned()), "{watched:?}");
}

#[test]
fn a_fault_of_its_own_fails_the_build_unless_it_is_to_warn() {
    let project = OnDisk::broken();
    let environment = |level: Option<&str>| Environment {
        manifest_dir: project.path(""),
        level: level.map(str::to_owned),
        ..Environment::default()
    };
    let stops = |level| guarded(&environment(level), || panic!("of no concern"));
    assert!(stops(None).fails && lines(&stops(None), "error")[0].contains("a fault of its own"));
    let answer = stops(Some("warn"));
    assert!(!answer.fails && lines(&answer, "warning")[0].contains("a fault of its own"), "{answer:?}");
    assert!(project.watched(&answer).contains(&"/src".to_owned()));
    project.write(".cargo-ok", "");
    let answer = stops(None);
    assert!(!answer.fails && lines(&answer, "error").is_empty(), "{answer:?}");
}

#[test]
fn a_project_is_the_workspace_or_the_nearest_configuration() {
    let project = OnDisk::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nexclude = [\"c\"]\n"),
        ("a/Cargo.toml", MANIFEST),
        ("b/schemacheck.toml", ""),
        ("b/inner/Cargo.toml", MANIFEST),
        ("c/Cargo.toml", MANIFEST),
        ("sub/.git/HEAD", ""),
        ("sub/d/Cargo.toml", MANIFEST),
    ]);
    let root = |folder: &str| {
        let place = Place::of(&project.path(folder));
        assert!(!place.is_foreign);
        place.root.strip_prefix(project.0.path()).expect("inside").display().to_string()
    };
    assert_eq!(root("a"), "");
    assert_eq!(root("b/inner"), "b");
    assert_eq!(root("c"), "c");
    assert_eq!(root("sub/d"), "sub/d");

    let project = OnDisk::new(&[(".git/HEAD", ""), ("schemacheck.toml", ""), ("in/one/Cargo.toml", MANIFEST)]);
    assert_eq!(Place::of(&project.path("in/one")).root, project.0.path(), "without a workspace");
}

/// What the snapshot in a folder says of a query.
fn said(out: &Path, variable: &str, sql: &str) -> Vec<String> {
    match at(&out.join(FILE), variable.to_owned()) {
        Left::Snapshot(snapshot) => {
            snapshot.check(&crate::snapshot::Asked { sql, expectation: None, file: Some("src/lib.rs"), sql_file: None })
        }
        other => vec![format!("{other:?}")],
    }
}

#[test]
fn a_process_that_lives_long_serves_many_packages_and_sees_each_change() {
    let (one, other) = (OnDisk::broken(), OnDisk::broken());
    fs::remove_file(other.path("migrations/2_rename.sql")).expect("it is there");
    one.run(None);
    other.run(None);
    let (first, second) = (one.path("out"), other.path("out"));
    assert_eq!(said(&first, "1", "SELECT name FROM users").len(), 1);
    assert_eq!(said(&second, "1", "SELECT name FROM users").len(), 0);
    assert_eq!(said(&first, "1", "SELECT full_name FROM users").len(), 0);

    // The file changes before the variable does, or the other way round.
    fs::remove_file(one.path("migrations/2_rename.sql")).expect("it is there");
    one.run(None);
    assert_eq!(said(&first, "1", "SELECT name FROM users").len(), 0);
    assert_eq!(said(&first, "2", "SELECT name FROM users").len(), 0);

    fs::write(first.join(FILE), "schemacheck snapshot 4 0 9\n{").expect("it can be written");
    assert!(said(&first, "2", "SELECT name FROM users")[0].contains("cut off"));
    fs::write(first.join(FILE), [0xff, 0]).expect("it can be written");
    assert!(said(&first, "2", "SELECT name FROM users")[0].contains("none that this version wrote"));
    one.run(None);
    let mut bytes = fs::read(first.join(FILE)).expect("it was written");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(first.join(FILE), &bytes).expect("it can be written");
    assert!(said(&first, "2", "SELECT name FROM users")[0].contains("damaged"));
    fs::remove_file(first.join(FILE)).expect("it is there");
    assert!(said(&first, "2", "SELECT name FROM users")[0].contains("no such file"));
}

#[test]
fn what_a_release_needs_is_told_to_whoever_may_ask() {
    let project = OnDisk::broken();
    let told = |code: &str| {
        project.write("src/lib.rs", &format!("{code}{CODE}").replace("name FROM", "full_name FROM"));
        project.run(None);
        match at(&project.path("out").join(FILE), code.to_owned()) {
            Left::Snapshot(snapshot) => snapshot.facts().required(None).map(|versions| versions.join(" ")).ok(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(told(""), None, "that is no empty list");
    assert_eq!(told("use other::required_schema as needed; const A: &[&str] = needed!();\n").as_deref(), Some("1 2"));
}

#[test]
fn two_builds_at_once_leave_a_whole_snapshot() {
    let project = OnDisk::broken();
    project.run(None);
    std::thread::scope(|scope| {
        for rename in [true, false, true] {
            let project = &project;
            scope.spawn(move || {
                for _ in 0..5 {
                    let text = if rename { RENAME } else { "SELECT 1;" };
                    project.write("migrations/2_rename.sql", text);
                    project.run(None);
                }
            });
        }
        for _ in 0..50 {
            let bytes = fs::read(project.path("out").join(FILE)).expect("it is there all the time");
            assert!(crate::snapshot::Snapshot::read(bytes).is_ok());
        }
    });
    let left = fs::read_dir(project.path("out")).expect("a folder").flatten().map(|entry| entry.file_name());
    let mut left: Vec<_> = left.collect();
    left.sort();
    assert_eq!(left, [FILE, KEPT], "nothing else stays");
}

/// All files below a folder but those of the build, with what they hold.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).expect("a folder").flatten().map(|entry| entry.path()) {
            match entry.is_dir() {
                true if entry == folder.join("out") => {}
                true => folders.push(entry),
                false => found.push((entry.clone(), fs::read(&entry).expect("a file"))),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_is_written_beside_the_build_and_the_stamp_goes_with_what_is_left() {
    let project = OnDisk::broken();
    let before = files(project.0.path());
    let first = project.run(None);
    assert_eq!(files(project.0.path()), before, "a source tree may be read-only");
    let stamp = |answer: &Answer| lines(answer, "rustc-env").join(" ");
    assert_eq!(stamp(&project.run(None)), stamp(&first), "the same tree gives caches the same variable");
    assert_eq!(stamp(&OnDisk::broken().run(None)), stamp(&first), "in another folder too");
    project.write("migrations/2_rename.sql", "ALTER TABLE users ADD COLUMN age integer;\n");
    assert_ne!(stamp(&project.run(None)), stamp(&first));
}
