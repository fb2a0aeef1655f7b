//! What is recorded, and that it is the same when it is read back.

use super::*;
use crate::project::{self, Config, Options, Tree};

fn project(extra: &[(&str, &str)]) -> Project {
    let files = [
        (
            "Cargo.toml",
            "[package]\nname = \"shop\"\n[dependencies]\nsqlx = { version = \"0.8\", features = [\"postgres\"] }",
        ),
        ("migrations/1_a.sql", "create table t (id bigserial primary key, name text)"),
        ("migrations/2_b.sql", "alter table t add column \"a b\" jsonb"),
        (
            "src/main.rs",
            "fn main() { sqlx::query!(\"select \\\"a b\\\", name\n from t where name = 'é\\t'\"); sqlx::query(\"select 1\"); sqlx::query(&text()); }",
        ),
    ];
    let files = files.iter().filter(|(path, _)| extra.iter().all(|(other, _)| path != other)).chain(extra);
    let files: Vec<(&str, &str)> = files.filter(|(_, text)| !text.is_empty()).copied().collect();
    project::load(Tree::memory(files), &Config::default(), Options::default()).expect("a project")
}

#[test]
fn a_release_is_read_back_as_it_was() {
    let project = project(&[]);
    let queries = project::queries(&project, &Config::default(), &project::Scans::default());
    let text = write(&project, &queries);
    let source = Source::new("release.json", text.clone());
    let file = read(&source).expect("a release file");
    assert_eq!(file.databases.len(), 1);
    assert_eq!(file.databases[0].name, "main");
    let (history, differences) = file.databases[0].history(&project.databases[0].history);
    assert_eq!((history.migrations.len(), differences), (2, Differences::default()));
    let sorted = |queries: &[Query]| {
        let mut found: Vec<_> = queries.iter().map(|q| (q.sql.to_string(), q.call.id, q.package.to_string())).collect();
        found.sort();
        found
    };
    assert_eq!(sorted(&file.queries.queries), sorted(&queries.queries));
    assert_eq!(file.queries.unresolved.len(), queries.unresolved.len());
    for query in &file.queries.queries {
        assert_eq!(query.database.as_deref(), Some("main"));
        for (word, at) in ["name", "from", "1"].iter().filter_map(|word| Some((word, query.sql.find(word)?))) {
            let place = query.locate(Span::new(at, at + word.len()));
            assert_eq!(place.source.slice(place.span), *word, "{}", query.sql);
        }
    }
    let same = write(&project, &queries);
    assert_eq!(text, same);
    assert!(text.lines().filter(|line| line.contains("\"sql\"")).all(|line| line.ends_with("},")), "{text}");
}

#[test]
fn what_changed_since_is_noticed() {
    let before = project(&[]);
    let text = write(&before, &Queries::default());
    let file = read(&Source::new("release.json", text)).expect("a release file");
    let now = project(&[
        ("migrations/1_a.sql", "create table t (id int)"),
        ("migrations/2_b.sql", ""),
        ("migrations/3_c.sql", "select 1"),
    ]);
    let (history, differences) = file.databases[0].history(&now.databases[0].history);
    assert_eq!(history.migrations.len(), 1);
    assert_eq!(differences, Differences { missing: vec!["2".to_owned()], edited: vec!["1".to_owned()] });
    assert_eq!(hash("a\r\nb"), hash("a\nb"), "line ends do not count");
    assert_ne!(hash("a"), hash("b"));
    assert_eq!(hash(""), "6c62272e07bb014262b821756295c58d");
}

#[test]
fn what_is_no_release_file_is_said_with_its_place() {
    let cases = [
        ("", "this is no release file: EOF while parsing a value\n  --> r.json:1:0"),
        ("{\"format\":1,\n\"queries\":7}", "this is no release file: expected a list in `queries`\n  --> r.json:2:1"),
        (
            "{\"format\":9}",
            "this release file has format 9, and this version reads format 1\n  --> r.json:1:1\n  = help: record it again with this version, or read it with the one that wrote it",
        ),
        (
            "{\"format\":1,\"queries\":[\n{\"file\":\"a\",\"sql\":\"x\",\"call\":\"no::call\",\"package\":\"p\"},\nnull]}",
            "there is no call `no::call`\n  --> r.json:2:20\n  = help: the file was written by a version that knows more calls: use that one",
        ),
    ];
    for (text, expected) in cases {
        let said = read(&Source::new("r.json", text)).expect_err("an error").to_string();
        assert_eq!(said, expected, "{text}");
    }
}

#[test]
fn what_is_no_release_file_is_said_in_words() {
    let said = |text: &str| {
        let error = read(&Source::new("release.json", text)).expect_err("no release file");
        error.to_string()
    };
    let line =
        |rest: &str| format!("{{\"format\":1,\"queries\":[{{\"file\":\"a.rs\",\"sql\":\"select 1\",{rest}}},null]}}");
    assert!(said("{\"format\":1,").contains("EOF while parsing"), "{}", said("{\"format\":1,"));
    assert!(said("[]").contains("missing field `format`"), "{}", said("[]"));
    assert!(said("{\"format\":7}").contains("has format 7"), "{}", said("{\"format\":7}"));
    let missing = said(&line("\"call\":\"sqlx::query\""));
    assert!(missing.contains("missing field `package` in `queries`"), "{missing}");
    let wrong = said(&line("\"call\":\"sqlx::query\",\"package\":\"p\",\"holes\":[[1]]"));
    assert!(wrong.contains("expected a list of 2 in `holes` in `queries`"), "{wrong}");
}

#[test]
fn what_later_versions_add_is_passed_over_and_what_may_lack_may() {
    let text = "{\"format\":1,\"later\":0,\"queries\":[{\"file\":\"a.rs\",\"sql\":\"select 1\",\"call\":\"sqlx::query\",\
                \"package\":\"p\",\"since\":null,\"reads_names\":[[\"id\",\"i64\",false,true]],\"more\":{}},null],\
                \"types\":[[\"p\",{\"name\":\"mood\",\"driver\":\"sqlx\",\"parts\":{\"Labels\":[\"ok\"]},\"reads\":true,\"writes\":false}],null]}";
    let file = read(&Source::new("release.json", text)).expect("a release file");
    let [query] = file.queries.queries.as_slice() else { panic!("one query") };
    assert_eq!((query.expectation.is_none(), query.types.len()), (true, 1));
    let Some(Reads::Names(reads)) = &query.reads else { panic!("names") };
    assert_eq!((reads[0].name.as_str(), reads[0].optional, reads[0].default), ("id", false, true));
}
