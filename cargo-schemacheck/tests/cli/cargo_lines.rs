//! `--format cargo-json`: Cargo's lines, as editors read them.

use serde_json::Value;

use crate::command::{run, schemacheck_in};
use crate::project::Project;

const RENAME: &str = "ALTER TABLE users RENAME COLUMN name TO full_name;\n";

/// The lines of a run.
fn lines(project: &Project, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let ran = crate::command::schemacheck(project.path(), arguments);
    let lines = ran.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
    (ran.status, lines.collect())
}

/// A project whose first commit runs now; its tree has another query and a migration that renames a column.
fn renamed(code: &str) -> Project {
    let project = Project::committed();
    project.write("migrations/2_rename.sql", RENAME).write("src/users.rs", code);
    project
}

/// The first line of a rule.
fn of<'a>(lines: &'a [Value], code: &str) -> Option<&'a Value> {
    lines.iter().find(|line| line["message"]["code"]["code"] == code)
}

/// The part of a file that a span points at, by its bytes and by its columns.
fn pointed_at(project: &Project, span: &Value) -> String {
    let text = std::fs::read_to_string(project.join(span["file_name"].as_str().unwrap())).unwrap();
    let number = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    let by_bytes = text[number("byte_start")..number("byte_end")].to_owned();
    // The compiler does not count a byte order mark.
    let line = text.trim_start_matches('\u{feff}').lines().nth(number("line_start") - 1).unwrap();
    assert_eq!(span["text"][0]["text"], line);
    let width = number("column_end") - number("column_start");
    let by_columns: String = line.chars().skip(number("column_start") - 1).take(width).collect();
    assert_eq!(by_columns, by_bytes);
    by_bytes
}

#[test]
fn a_broken_query_is_a_message_on_its_part_with_a_quick_fix() {
    let project = renamed(
        "fn f() { let ö = \"käse\"; sqlx::query(\"SELECT id, name FROM users WHERE id = 'é'::text::bigint\"); }\n",
    );
    for arguments in [["check", "--format", "cargo-json"], ["check", "--message-format", "json"]] {
        let (status, lines) = lines(&project, &arguments);
        assert_eq!(status, Some(1));
        let message = of(&lines, "schemacheck::broken-at-head").unwrap();
        assert_eq!(message["reason"], "compiler-message");
        assert_eq!(message["target"]["kind"][0], "bin");
        assert!(message["target"]["src_path"].as_str().unwrap().ends_with("/src/main.rs"));
        assert!(message["package_id"].as_str().unwrap().starts_with("path+file:///"));
        let diagnostic = &message["message"];
        assert_eq!(diagnostic["code"]["code"], "schemacheck::broken-at-head");
        assert_eq!(diagnostic["level"], "error");
        assert!(diagnostic["rendered"].as_str().unwrap().starts_with("error[broken-at-head]: "));
        let spans = diagnostic["spans"].as_array().unwrap();
        assert_eq!(spans.iter().map(|span| span["is_primary"] == true).collect::<Vec<_>>(), [true, false]);
        assert_eq!(pointed_at(&project, &spans[0]), "name");
        assert_eq!(spans[0]["label"], "unknown column");
        assert_eq!(spans[1]["file_name"], "migrations/2_rename.sql");
        assert_eq!(pointed_at(&project, &spans[1]), "RENAME COLUMN name TO full_name");
        assert!(spans[1]["label"].is_string(), "spans without a label are dropped by editors");
        let fixes = diagnostic["children"].as_array().unwrap();
        let fix = fixes.iter().find_map(|child| child["spans"].get(0)).unwrap();
        assert_eq!(fix["suggested_replacement"], "full_name AS name");
        assert_eq!(fix["suggestion_applicability"], "MachineApplicable");
        assert_eq!(lines.last().unwrap()["reason"], "build-finished");
        assert_eq!(lines.last().unwrap()["success"], false);
    }
}

/// What is found in a call of `query` with this text in it, in a file with `before` before the call: the message about the column.
#[track_caller]
fn in_literal(before: &str, literal: &str) -> (Project, Value) {
    let project = renamed(&format!("{before}fn f() {{ let _ = ('é', sqlx::query({literal})); }}\n"));
    let (_, found) = lines(&project, &["--format", "cargo-json"]);
    let line = of(&found, "schemacheck::broken-at-head").unwrap_or_else(|| panic!("nothing in {literal}: {found:?}"));
    let message = line["message"].clone();
    (project, message)
}

/// The file after its quick fix, as an editor writes it: by lines and columns. `None` without one.
fn fixed(project: &Project, message: &Value) -> Option<String> {
    let span = message["children"].as_array()?.iter().find_map(|child| child["spans"].get(0))?;
    let path = project.join(span["file_name"].as_str()?);
    let text = std::fs::read_to_string(path).unwrap();
    let number = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    let text = text.trim_start_matches('\u{feff}');
    let at = |line: usize, column: usize| {
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        start + text[start..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    let (from, to) = (at(number("line_start"), number("column_start")), at(number("line_end"), number("column_end")));
    Some(format!("{}{}{}", &text[..from], span["suggested_replacement"].as_str()?, &text[to..]))
}

#[test]
fn the_part_and_its_fix_stand_right_in_every_kind_of_literal() {
    let select = "SELECT id, name FROM users";
    let cases = [
        ("", format!("\"{select}\""), "full_name AS name"),
        ("", format!("r\"{select}\""), "full_name AS name"),
        ("", "r#\"SELECT id, users.\"name\" FROM users WHERE id = 'é'::text::bigint\"#".to_owned(), ""),
        ("", "\"SELECT \\\"id\\\", name FROM users\"".to_owned(), "full_name AS name"),
        ("", "\"SELECT id,\\n\\tname FROM users\"".to_owned(), "full_name AS name"),
        ("", "\"SELECT '\\u{e9}\\x41', name FROM users\"".to_owned(), "full_name AS name"),
        ("", "\"SELECT id, \\\n       name \\\n  FROM users\"".to_owned(), "full_name AS name"),
        ("", "\"SELECT id, 'é',\n    name\n    FROM users\"".to_owned(), "full_name AS name"),
        ("", "\"SELECT id,\r\n\tname FROM users\"".to_owned(), "full_name AS name"),
        ("\u{feff}", format!("\"{select}\""), "full_name AS name"),
        ("// käse\r\n\r\n", format!("\"{select}\""), "full_name AS name"),
        ("const Q: &str = \"SELECT id, name FROM users\";\n", "Q".to_owned(), "full_name AS name"),
    ];
    for (before, literal, replacement) in &cases {
        let (project, message) = in_literal(before, literal);
        let part = pointed_at(&project, &message["spans"][0]);
        let expected = if literal.contains("\"name\"") { "\"name\"" } else { "name" };
        assert_eq!(part, expected, "in {literal}");
        let text = std::fs::read_to_string(project.join("src/users.rs")).unwrap();
        let text = text.trim_start_matches('\u{feff}');
        match fixed(&project, &message) {
            Some(fixed) => assert_eq!(fixed, text.replacen("name", replacement, 1), "in {literal}"),
            None => assert!(replacement.is_empty(), "no fix in {literal}"),
        }
    }
}

#[test]
fn a_part_that_is_not_written_as_it_is_sent_has_no_fix() {
    for literal in [
        "\"SELECT id, na\\x6de FROM users\"",
        "\"SELECT id, na\\u{6d}e FROM users\"",
        "concat!(\"SELECT id, na\", \"me FROM users\")",
    ] {
        let (project, message) = in_literal("", literal);
        assert_eq!(fixed(&project, &message), None, "in {literal}");
        assert!(!pointed_at(&project, &message["spans"][0]).is_empty());
    }
}

#[test]
fn parts_in_what_macros_and_files_bring() {
    let part = |code: &str| {
        let project = renamed(code);
        project.write("queries/one.sql", "-- käse\r\nSELECT id,\r\n\tname FROM users\r\n");
        let (_, found) = lines(&project, &["--format", "cargo-json"]);
        let line = of(&found, "schemacheck::broken-at-head").unwrap_or_else(|| panic!("nothing in {code}: {found:?}"));
        let span = &line["message"]["spans"][0];
        let place = (span["file_name"].as_str().unwrap().to_owned(), span["line_start"].as_u64().unwrap());
        (pointed_at(&project, span), place.0, place.1)
    };
    let in_code = |line| ("name".to_owned(), "src/users.rs".to_owned(), line);
    let in_file = ("name".to_owned(), "queries/one.sql".to_owned(), 3);
    assert_eq!(part("fn f() {\n    sqlx::query!(\"SELECT id, name FROM users\");\n}\n"), in_code(2));
    assert_eq!(part("fn f() {\n    sqlx::query_as!(User, \"SELECT id, name FROM users\");\n}\n"), in_code(2));
    assert_eq!(part("fn f() { sqlx::query_file!(\"queries/one.sql\"); }\n"), in_file);
    assert_eq!(part("fn f() { sqlx::query(include_str!(\"../queries/one.sql\")); }\n"), in_file);
    assert_eq!(part("fn f() {\n    schemacheck::sql!(\"SELECT id, name FROM users\");\n}\n"), in_code(2));
    assert_eq!(part("fn f() {\n    schemacheck::sql!(file = \"queries/one.sql\");\n}\n"), in_file);
}

#[test]
fn a_fix_leaves_the_columns_as_they_are_and_is_silent_afterwards() {
    let project = renamed("fn f() { sqlx::query(\"DELETE FROM users WHERE name = 'x'\"); }\n");
    let fix = |lines: &[Value]| {
        let children = of(lines, "schemacheck::broken-at-head")?["message"]["children"].as_array().unwrap().clone();
        children.iter().find_map(|child| child["spans"].get(0)?["suggested_replacement"].as_str().map(str::to_owned))
    };
    assert_eq!(fix(&lines(&project, &["--format", "cargo-json"]).1).as_deref(), Some("full_name"));
    project.write("src/users.rs", "fn f() { sqlx::query(\"DELETE FROM users WHERE full_name = 'x'\"); }\n");
    let (_, after) = lines(&project, &["--format", "cargo-json"]);
    assert!(after.iter().all(|line| line["message"]["code"]["code"] != "schemacheck::broken-at-head"), "{after:?}");
    // A text that is put together has no place to write in.
    project.write("src/users.rs", "fn f() { sqlx::query(concat!(\"DELETE FROM users WHERE na\", \"me = 'x'\")); }\n");
    assert_eq!(fix(&lines(&project, &["--format", "cargo-json"]).1), None);
}

#[test]
fn a_finding_of_what_runs_now_stands_on_the_same_query_of_the_tree() {
    let project = Project::committed();
    project.write("migrations/2_drop.sql", "ALTER TABLE users DROP COLUMN name;\n");
    project.write("src/users.rs", "\n\nfn f() { sqlx::query(\"SELECT id, name FROM users\"); }\n");
    project.write("schemacheck.toml", "[rollout]\norder = \"any\"\n");
    let (_, found) = lines(&project, &["--format", "cargo-json"]);
    let old = of(&found, "schemacheck::missing-column").expect("the old release breaks");
    let spans = old["message"]["spans"].as_array().unwrap();
    assert_eq!(pointed_at(&project, &spans[0]), "name");
    assert_eq!(spans[0]["file_name"], "src/users.rs");
    // Without it, on the migration.
    project.write("src/users.rs", "fn f() { sqlx::query(\"SELECT id FROM users\"); }\n");
    let (_, found) = lines(&project, &["--format", "cargo-json"]);
    let old = of(&found, "schemacheck::missing-column").unwrap();
    let spans = old["message"]["spans"].as_array().unwrap();
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0]["file_name"], "migrations/2_drop.sql");
    assert_eq!(spans[0]["is_primary"], true);
}

/// The line that says why nothing could be checked.
fn trouble(lines: &[Value]) -> &Value {
    let line = of(lines, "schemacheck::cannot-check").unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(line["reason"], "compiler-message");
    assert_eq!(line["message"]["level"], "error");
    assert_eq!(lines.last().unwrap()["success"], false);
    line
}

#[test]
fn why_nothing_could_be_checked_is_a_message_too() {
    let project = Project::committed();
    project.write("schemacheck.toml", "# käse\n[rules]\nno-such-rule = \"deny\"\n");
    let ran = crate::command::schemacheck(project.path(), &["--format", "cargo-json"]).exits(2);
    assert!(ran.err.contains("--> schemacheck.toml:3:1"), "{ran}");
    let (_, found) = lines(&project, &["--format", "cargo-json"]);
    let line = trouble(&found);
    assert_eq!(pointed_at(&project, &line["message"]["spans"][0]), "no-such-rule = \"deny\"");
    assert_eq!(line["target"]["name"], "app");
    let rendered = line["message"]["rendered"].as_str().unwrap();
    assert!(rendered.starts_with("error[cannot-check]: "), "{rendered}");
    assert!(rendered.contains("--> schemacheck.toml:3:1"), "{rendered}");
    // What stands at the end of a line has its whole line.
    project.write("schemacheck.toml", "[rules\n");
    let (_, found) = lines(&project, &["--format", "cargo-json"]);
    assert_eq!(pointed_at(&project, &trouble(&found)["message"]["spans"][0]), "[rules");
    // Without a configuration, on the manifest.
    project
        .remove("schemacheck.toml")
        .remove("migrations")
        .write("src/main.rs", "fn main() {}\n")
        .remove("src/users.rs");
    let (status, found) = lines(&project, &["--format", "cargo-json"]);
    assert_eq!(status, Some(2));
    assert_eq!(trouble(&found)["message"]["spans"][0]["file_name"], "Cargo.toml");
    // Without that too, on one below.
    project.write("some/Cargo.toml", "").remove("Cargo.toml");
    let (_, found) = lines(&project, &["--format", "cargo-json"]);
    assert_eq!(trouble(&found)["message"]["spans"][0]["file_name"], "some/Cargo.toml");
}

#[test]
fn without_a_running_release_the_tree_is_checked_by_itself() {
    let project = Project::small();
    project.write("src/users.rs", "fn f() { sqlx::query(\"SELECT nick FROM users\"); }\n");
    for committed in [false, true] {
        let (status, found) = lines(&project, &["--format", "cargo-json"]);
        assert_eq!(status, Some(1));
        assert!(of(&found, "schemacheck::broken-at-head").is_some());
        let told = &of(&found, "schemacheck::cannot-check").unwrap()["message"];
        assert_eq!(told["level"], "warning");
        assert!(told["message"].as_str().unwrap().contains("only this tree is checked"), "{told}");
        if !committed {
            project.git(&["init", "--quiet", "--initial-branch=main"]);
            project.commit("all");
        }
    }
}

#[test]
fn what_cannot_be_read_elsewhere_is_shown_where_editors_look() {
    let project = Project::committed();
    let release = "{ \"no\": \"release\" }\n";
    project.write("now.json", release).write("schemacheck.toml", "[rollout]\nbaseline = \"file:now.json\"\n");
    let (status, found) = lines(&project, &["--format", "cargo-json"]);
    assert_eq!(status, Some(2));
    let spans = trouble(&found)["message"]["spans"].as_array().unwrap();
    assert_eq!((&spans[0]["file_name"], &spans[0]["is_primary"]), (&"schemacheck.toml".into(), &true.into()));
    assert_eq!((&spans[1]["file_name"], &spans[1]["is_primary"]), (&"now.json".into(), &false.into()));
}

#[test]
fn targets_are_named_as_cargo_names_them() {
    let project = Project::empty();
    let query = |index: usize| format!("fn f() {{ sqlx::query(\"SELECT column_{index} FROM users\"); }}\n");
    let manifest = |name: &str, rest: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion.workspace = true\nedition = \"2024\"\n{rest}[dependencies]\nsqlx = {{ path = \"../s q#l\" }}\n"
        )
    };
    project.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"plain\", \"ü named\", \"macros\", \"s q#l\"]\nresolver = \"3\"\n[workspace.package]\nversion = \"1.2.3\"\n",
    );
    project
        .write("s q#l/Cargo.toml", "[package]\nname = \"sqlx\"\nversion = \"0.9.0\"\n")
        .write("s q#l/src/lib.rs", "");
    let cases = [
        ("plain/src/lib.rs", "lib", "plain"),
        ("plain/src/inner.rs", "lib", "plain"),
        ("plain/src/main.rs", "bin", "plain"),
        ("plain/src/bin/tool/main.rs", "bin", "tool"),
        ("plain/src/bin/tool/inner.rs", "bin", "tool"),
        ("plain/src/bin/one.rs", "bin", "one"),
        ("plain/tests/all.rs", "test", "all"),
        ("plain/examples/show.rs", "example", "show"),
        ("plain/benches/fast.rs", "bench", "fast"),
        ("plain/build.rs", "custom-build", "build-script-build"),
        ("ü named/lib.rs", "cdylib", "other_name"),
        ("ü named/program.rs", "bin", "program-name"),
        ("macros/src/lib.rs", "proc-macro", "macros"),
    ];
    project.write("plain/Cargo.toml", manifest("plain", ""));
    let named = "[lib]\nname = \"other_name\"\npath = \"lib.rs\"\ncrate-type = [\"cdylib\", \"rlib\"]\n[[bin]]\nname = \"program-name\"\npath = \"program.rs\"\n";
    project.write("ü named/Cargo.toml", manifest("named", named));
    project.write("macros/Cargo.toml", manifest("macros", "[lib]\nproc-macro = true\n"));
    project.write("migrations/1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n");
    project.write(
        "schemacheck.toml",
        "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\n",
    );
    project.git(&["init", "--quiet", "--initial-branch=main"]);
    project.commit("all");
    for (index, (path, ..)) in cases.iter().enumerate() {
        let inner =
            cases.iter().any(|(inner, ..)| *inner == path.replace("lib.rs", "inner.rs").replace("main.rs", "inner.rs"));
        let module = if inner && !path.ends_with("inner.rs") { "mod inner;\n" } else { "" };
        project.write(path, format!("{module}{}", query(index)));
    }
    let (_, found) = lines(&project, &["--format", "cargo-json", "--include-tests"]);
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(project.path())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    for (index, (path, kind, name)) in cases.iter().enumerate() {
        let named = |line: &&Value| {
            line["message"]["message"].as_str().is_some_and(|message| message.contains(&format!("`column_{index}`")))
        };
        let line = found.iter().find(named).unwrap_or_else(|| panic!("nothing about {path}"));
        assert_eq!(line["message"]["spans"][0]["file_name"], *path);
        let packages = metadata["packages"].as_array().unwrap();
        let package = packages.iter().find(|package| package["id"] == line["package_id"]);
        let package = package.unwrap_or_else(|| panic!("cargo knows no {}", line["package_id"]));
        assert_eq!(package["manifest_path"], line["manifest_path"]);
        let is = |target: &&Value| target["kind"][0] == *kind && target["name"] == *name;
        let target = package["targets"].as_array().unwrap().iter().find(is);
        assert_eq!(&line["target"], target.unwrap_or_else(|| panic!("{path}")));
    }
}

/// A package whose build says with macros of this project what the check says, and more.
#[test]
fn clippy_runs_beside_it() {
    let project = Project::empty();
    project.write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nschemacheck = { path = \"macros\" }\n",
    );
    project.write(
        "macros/Cargo.toml",
        "[package]\nname = \"schemacheck\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n",
    );
    // As macros of this project do it: the error's tokens carry the literal's span.
    project.write(
        "macros/src/lib.rs",
        "use proc_macro::{TokenStream, TokenTree};\n\
         fn error(text: &str, tokens: TokenStream) -> TokenStream {\n\
             let span = tokens.into_iter().next().unwrap().span();\n\
             let error: TokenStream = format!(\"compile_error!({text:?})\").parse().unwrap();\n\
             let spanned = |mut token: TokenTree| { token.set_span(span); token };\n\
             error.into_iter().map(spanned).collect()\n\
         }\n\
         #[proc_macro] pub fn sql(tokens: TokenStream) -> TokenStream { error(\"schemacheck::broken-at-head: twice\", tokens) }\n\
         #[proc_macro] pub fn other(tokens: TokenStream) -> TokenStream { error(\"schemacheck::missing-column: once\", tokens) }\n",
    );
    project.write("src/main.rs", "fn main() {}\n");
    project.write("migrations/1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n");
    project.write(
        "schemacheck.toml",
        "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\n",
    );
    project.git(&["init", "--quiet", "--initial-branch=main"]);
    project.commit("all");
    project.write(
        "src/main.rs",
        "fn main() { let unused = 5; }\nfn f() { schemacheck::sql!(\"SELECT name FROM users\") }\nfn g() { schemacheck::other!(\"SELECT name FROM users\") }\n",
    );
    let with_clippy = |arguments: &[&str]| {
        let mut command = crate::command::command(project.path(), &["--format", "cargo-json", "--with", "clippy"]);
        command.args(arguments).env("CARGO_TARGET_DIR", project.join("target"));
        let ran = run(&mut command);
        let lines = ran.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
        (ran.status, lines.collect::<Vec<Value>>())
    };
    let (status, lines) = with_clippy(&[]);
    assert_eq!(status, Some(1));
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"]["message"].as_str()).collect();
    assert!(of(&lines, "schemacheck::broken-at-head").is_some(), "{messages:?}");
    assert!(!messages.iter().any(|message| message.ends_with("twice")), "{messages:?}");
    assert!(messages.iter().any(|message| message.ends_with("once")), "{messages:?}");
    assert!(of(&lines, "unused_variables").is_some(), "{messages:?}");
    assert_eq!(lines.iter().filter(|line| line["reason"] == "build-finished").count(), 1);
    // Its lines come also where nothing can be checked, and so do the macros' own.
    project.write("schemacheck.toml", "[database.main\n");
    let (status, lines) = with_clippy(&[]);
    assert_eq!(status, Some(2));
    trouble(&lines);
    assert!(of(&lines, "unused_variables").is_some());
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"]["message"].as_str()).collect();
    assert!(messages.iter().any(|message| message.ends_with("twice")), "{messages:?}");
    let refused = schemacheck_in(project.path(), &["--with", "clippy"], &[]);
    assert_eq!(refused.status, Some(2));
}

#[test]
fn clippy_that_says_nothing_and_fails_is_not_taken_for_clean() {
    let project = Project::committed();
    // A dependency that is not there: cargo has no line for that.
    let manifest = std::fs::read_to_string(project.join("Cargo.toml")).unwrap();
    project.write("Cargo.toml", format!("{manifest}\n[build-dependencies]\nnot-there = {{ path = \"not-there\" }}\n"));
    let (status, lines) = lines(&project, &["--format", "cargo-json", "--with", "clippy"]);
    assert_eq!(status, Some(2));
    let line = trouble(&lines);
    assert!(line["message"]["message"].as_str().unwrap().contains("not-there"), "{line}");
    assert_eq!(line["message"]["spans"][0]["file_name"], "Cargo.toml");
}

/// The commands that the page gives to editors.
fn documented() -> Vec<Vec<String>> {
    let page = std::fs::read_to_string(crate::command::repository().join("docs/editors.md")).unwrap();
    let lines = page.lines().filter(|line| line.contains("\"schemacheck\", \"check\""));
    let commands = lines.map(|line| {
        let words = line.split('"').skip_while(|word| *word != "cargo").step_by(2);
        let mut words: Vec<String> = words.map(str::to_owned).collect();
        words.truncate(1 + words.iter().position(|word| word == "--quiet").unwrap());
        words
    });
    commands.collect()
}

#[test]
fn the_commands_of_the_page_give_lines_alone() {
    let project = renamed("fn f() { sqlx::query(\"SELECT id, name FROM users\"); }\n");
    let commands = documented();
    assert_eq!(commands.len(), 6, "rust-analyzer, Neovim twice, Helix, Zed, bacon");
    for command in commands {
        assert_eq!(command[..2], ["cargo", "schemacheck"]);
        // What clippy says is another test's.
        let words = command[2..].iter().map(String::as_str);
        let rest: Vec<&str> = words.filter(|word| !["--with", "clippy"].contains(word)).collect();
        let ran = crate::command::schemacheck(project.path(), &rest).exits(1);
        assert_eq!(ran.err, "", "{command:?}");
        assert!(ran.documents().iter().any(|line| line["message"]["code"]["code"] == "schemacheck::broken-at-head"));
    }
}

/// A problem matcher takes the line directly after a headline for the place.
#[test]
fn text_has_the_place_on_the_line_after_the_headline() {
    let project = renamed(
        "fn f() {\n    sqlx::query(\"SELECT id, name\n        FROM users\");\n    sqlx::query(\"SELECT käse, brot FROM users\");\n    sqlx::query(\"SELECT 1 FROM elsewhere\");\n}\n",
    );
    project.write("migrations/3_with spaces.sql", "ALTER TABLE users DROP COLUMN id;\n");
    let ran = crate::command::schemacheck(project.path(), &["--quiet", "--color", "never"]).exits(1);
    let lines: Vec<&str> = ran.out.lines().collect();
    let headline = |line: &str| {
        let level = ["error[", "warning[", "note["].into_iter().find_map(|level| line.strip_prefix(level))?;
        level.split_once("]: ").map(|(rule, _)| rule.to_owned())
    };
    let mut places = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(rule) = headline(line) else { continue };
        assert!(rule.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{rule}");
        let place = lines[at + 1].trim_start().strip_prefix("--> ").unwrap_or_else(|| panic!("{ran}"));
        let (rest, column) = place.rsplit_once(':').unwrap();
        let (file, line) = rest.rsplit_once(':').unwrap();
        assert!(line.parse::<usize>().is_ok() && column.parse::<usize>().is_ok(), "{place}");
        assert!(project.join(file).is_file(), "{file}");
        places.push(file.to_owned());
    }
    for file in ["src/users.rs", "migrations/2_rename.sql", "migrations/3_with spaces.sql"] {
        assert!(places.iter().any(|place| place == file), "{places:?}\n{ran}");
    }
    project.write("schemacheck.toml", "[database.main\n");
    let ran = crate::command::schemacheck(project.path(), &["--quiet", "--color", "never"]).exits(2);
    let mut lines = ran.err.lines();
    assert!(lines.next().unwrap().starts_with("error: "));
    assert_eq!(lines.next().unwrap().trim_start(), "--> schemacheck.toml:1:15");
}
