//! What is kept of sources from run to run: it makes runs shorter, and never says anything else.

use super::*;
use crate::build_script::found::find;
use crate::build_script::place::Place;
use crate::project::Known;

const LIB: &str = "mod names; mod send;\nfn f() { sqlx::query(names::USERS); send::all(names::USERS); }\n\
    fn g(by: &str) { sqlx::query(&format!(\"SELECT id FROM {}\", names::TABLE)); }\n";
const NAMES: &str = "pub const USERS: &str = \"SELECT id, name FROM users\";\npub const TABLE: &str = \"users\";\n";
const SEND: &str = "pub fn all(text: &str) { sqlx::query_scalar::<_, i64>(text); }\n";

fn project() -> OnDisk {
    let project = OnDisk::broken();
    project.write("src/lib.rs", LIB);
    project.write("src/names.rs", NAMES);
    project.write("src/send.rs", SEND);
    project
}

/// What a run says and leaves, with what earlier ones kept in `out`.
fn outcome(project: &OnDisk, out: &str) -> (Answer, Vec<u8>) {
    fs::create_dir_all(project.path(out)).expect("a folder");
    let answer = project.run_to(out, "", "app", None);
    // Where nothing could be checked macros are told of no snapshot, and one that an earlier run left is not read.
    let left = if answer.fails { Vec::new() } else { fs::read(project.path(out).join(FILE)).unwrap_or_default() };
    (answer, left)
}

/// Holds that what is kept does not change the outcome.
fn is_as_without(project: &OnDisk, what: &str) -> Answer {
    let (kept, fresh) = (outcome(project, "out"), outcome(project, "out/fresh"));
    assert_eq!(kept, fresh, "{what}");
    fs::remove_dir_all(project.path("out/fresh")).expect("it is there");
    kept.0
}

/// How much of the sources a run reads anew, when the last one left these bytes.
fn reads(project: &OnDisk, bytes: Vec<u8>) -> usize {
    let found = find(&Place::of(&project.path("")), "app", Some(Known::from_bytes(bytes, "test")));
    let known = found.unwrap_or_else(|failure| panic!("{}", failure.error)).known.expect("it was given");
    known.worked()
}

fn kept(project: &OnDisk) -> Vec<u8> {
    let found = find(&Place::of(&project.path("")), "app", Some(Known::default()));
    found.unwrap_or_else(|failure| panic!("{}", failure.error)).known.expect("it was given").to_bytes("test")
}

#[test]
fn no_file_is_read_again_that_is_as_it_was() {
    let project = project();
    let all = reads(&project, Vec::new());
    let before = kept(&project);
    assert_eq!(reads(&project, before.clone()), 0);
    project.write("migrations/3_more.sql", "ALTER TABLE users ADD COLUMN more text;");
    assert_eq!(reads(&project, before.clone()), 0, "a migration more");
    project.write("src/names.rs", &NAMES.replace("name", "full_name"));
    let one = reads(&project, before.clone());
    assert!(one > 0 && one < all, "only the file that changed: {one} of {all}");
    project.write("src/new.rs", "fn f() { sqlx::query(\"SELECT 1\"); }");
    assert_eq!(reads(&project, before.clone()), 2 * one);
    // What the files say may be another thing with other dependencies.
    project.write("src/names.rs", NAMES);
    fs::remove_file(project.path("src/new.rs")).expect("it is there");
    project.write("Cargo.toml", &MANIFEST.replace("sqlx", "diesel"));
    assert!(reads(&project, before.clone()) >= 3);
    project.write("Cargo.toml", MANIFEST);
    assert_eq!(reads(&project, before), 0);
}

#[test]
fn each_edit_has_the_outcome_of_a_run_that_knows_nothing() {
    let project = project();
    let first = is_as_without(&project, "the first run");
    assert!(!lines(&first, "warning").is_empty());
    let edits: &[(&str, &str)] = &[
        ("migrations/3_more.sql", "ALTER TABLE users ADD COLUMN more text;"),
        // A constant that another file sends.
        ("src/names.rs", &NAMES.replace("name", "full_name")),
        ("src/names.rs", &NAMES.replace("\"users\"", "\"people\"")),
        ("src/names.rs", "pub use crate::send::{USERS, TABLE};\n"),
        ("src/send.rs", &format!("{NAMES}{SEND}")),
        // A function that sends what it is given, and then does not.
        ("src/send.rs", &format!("{NAMES}pub fn all(text: &str) {{}}\n")),
        ("src/lib.rs", &LIB.replace("mod names;", "#[cfg(test)] mod names;")),
        ("src/lib.rs", &LIB.replace("fn f()", "fn f() { schemacheck::sql!(\"SELECT gone FROM users\"); }\nfn h()")),
        ("src/lib.rs", "fn broken( {"),
        ("src/lib.rs", LIB),
        ("Cargo.toml", &MANIFEST.replace("sqlx", "tokio-postgres")),
        ("Cargo.toml", &MANIFEST.replace("\"app\"", "\"app\"\nautobins = false")),
        ("Cargo.toml", MANIFEST),
        ("src/names.rs", NAMES),
        ("src/send.rs", SEND),
        ("build.rs", "fn main() { sqlx::query(\"SELECT 1\"); }"),
        ("tests/it.rs", "fn f() { sqlx::query(\"SELECT gone FROM users\"); }"),
        ("schemacheck.toml", &format!("{CONFIG}[queries]\ntests = true\n")),
        ("schemacheck.toml", CONFIG),
    ];
    for (at, (path, text)) in edits.iter().enumerate() {
        project.write(path, text);
        is_as_without(&project, &format!("edit {at} of {path}"));
    }
    fs::rename(project.path("src/names.rs"), project.path("src/name.rs")).expect("it is there");
    is_as_without(&project, "a file is renamed");
    fs::remove_file(project.path("src/send.rs")).expect("it is there");
    is_as_without(&project, "a file is removed");
    fs::remove_file(project.path("schemacheck.toml")).expect("it is there");
    project.write("src/name.rs", &format!("{NAMES}fn m() {{ sqlx::migrate!(); sqlx::PgPool::connect(\"\"); }}"));
    is_as_without(&project, "the database is found by a call");
    project.write("src/name.rs", &format!("{NAMES}fn m() {{ sqlx::migrate!(\"other\"); }}"));
    is_as_without(&project, "the call names another folder");
}

#[test]
fn what_is_kept_may_be_anything() {
    let project = project();
    let (first, snapshot) = outcome(&project, "out");
    let file = project.path("out").join(KEPT);
    let bytes = fs::read(&file).expect("it was written");
    let again = |what: &str| {
        assert_eq!(outcome(&project, "out"), (first.clone(), snapshot.clone()), "{what}");
    };
    for length in [0, 1, 30, 60, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&file, &bytes[..length]).expect("it can be written");
        again("cut off");
        assert_eq!(fs::read(&file).expect("it was written"), bytes, "it is whole again");
    }
    for at in (0..bytes.len()).step_by(7) {
        let mut other = bytes.clone();
        other[at] ^= 0x10;
        fs::write(&file, &other).expect("it can be written");
        again("damaged");
    }
    let text = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes.split(|byte| *byte == b'\n').next().unwrap_or_default()).into_owned()
    };
    assert!(text(&bytes).starts_with("schemacheck sources 1 "));
    let other = [b"schemacheck sources 0 ", &bytes["schemacheck sources 1 ".len()..]].concat();
    fs::write(&file, other).expect("it can be written");
    again("of another version");
    fs::remove_file(&file).expect("it is there");
    again("gone");
    fs::remove_file(&file).expect("it is there");
    fs::create_dir_all(file.join("inner")).expect("a folder");
    again("a folder, which cannot be written");
}

#[test]
fn what_is_kept_does_not_grow() {
    let project = project();
    outcome(&project, "out");
    let file = project.path("out").join(KEPT);
    let length = || fs::metadata(&file).expect("it was written").len();
    let before = length();
    for name in 0..20 {
        project.write(&format!("src/new_{name}.rs"), "fn f() { sqlx::query(\"SELECT 1\"); }");
    }
    outcome(&project, "out");
    assert!(length() > before);
    for name in 0..20 {
        fs::remove_file(project.path(&format!("src/new_{name}.rs"))).expect("it is there");
    }
    for name in ["a", "b", "name"] {
        project.write("src/names.rs", &NAMES.replace("name", name));
        outcome(&project, "out");
    }
    assert_eq!(length(), before);
}

#[test]
fn builds_at_once_keep_one_whole_answer() {
    let project = project();
    let (first, snapshot) = outcome(&project, "out");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(outcome(&project, "out"), (first.clone(), snapshot.clone()));
                    let _ = fs::remove_file(project.path("out").join(KEPT));
                }
            });
        }
    });
    outcome(&project, "out");
    let left = fs::read_dir(project.path("out")).expect("a folder").count();
    assert_eq!(left, 2, "nothing else stays");
}
