//! Speaks to a real rust-analyzer as an editor does, on a small project with a broken query, and holds what it answers:
//! `cargo build -p cargo-schemacheck && cargo run -p schemacheck-tests --bin editor [RUST-ANALYZER]`.
#![expect(clippy::print_stdout, reason = "it is a command")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use schemacheck_tests::nested::repository;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The text before the query is not ASCII. It is no name: an assist of rust-analyzer panics on a variable called `ö`, and takes
/// all code actions with it.
const BROKEN: &str = "fn main() {\n    let cheese = \"käse 🧀\"; sqlx::query(\"SELECT id, name FROM users\");\n}\nmod sqlx { pub fn query(_: &str) {} pub struct PgPool; }\n";

/// The rule whose finding has a quick fix. The release that runs now has another one on the same query.
const RULE: &str = "broken-at-head";

fn main() -> Result<()> {
    let analyzer = std::env::args().nth(1).unwrap_or_else(|| "rust-analyzer".to_owned());
    let folder = tempfile::tempdir()?;
    project(folder.path())?;
    let mut editor = Editor::start(&analyzer, folder.path())?;
    let file = folder.path().join("src/main.rs");
    editor.open(&file)?;
    let found = editor.diagnostics(|found| !found.is_empty())?;
    let diagnostic = &found[0];
    println!("{}", serde_json::to_string_pretty(diagnostic)?);
    let range = &diagnostic["range"];
    let (from, to) = (position(&range["start"]), position(&range["end"]));
    // Characters count as UTF-16 has them.
    let line = BROKEN.lines().nth(1).unwrap_or_default();
    let column = |byte: Option<usize>| byte.map(|byte| line[..byte].encode_utf16().count() as u64);
    let expected = column(line.find("name FROM"));
    hold("the range after text that is not ASCII", from == (1, expected.unwrap_or_default()) && to.1 == from.1 + 4);
    hold("source and code", diagnostic["source"] == "schemacheck" && diagnostic["code"] == RULE);
    let related = diagnostic["relatedInformation"][0]["location"]["uri"].as_str().unwrap_or_default();
    hold("the related location", related.ends_with("migrations/2_rename.sql"));
    let actions = editor.actions(&file, diagnostic)?;
    let text = serde_json::to_string(&actions)?;
    hold("the quick fix", text.contains("full_name AS name"));
    fs::write(&file, BROKEN.replace("name FROM", "full_name AS name FROM"))?;
    editor.change(&file)?;
    editor.diagnostics(<[Value]>::is_empty)?;
    hold("nothing is left after it", true);
    Ok(())
}

fn hold(what: &str, holds: bool) {
    println!("{}: {what}", if holds { "holds" } else { "DOES NOT HOLD" });
    if !holds {
        std::process::exit(1);
    }
}

fn position(position: &Value) -> (u64, u64) {
    (position["line"].as_u64().unwrap_or_default(), position["character"].as_u64().unwrap_or_default())
}

/// A project whose code reads a column that its second migration renames.
fn project(folder: &Path) -> Result<()> {
    let write = |path: &str, text: &str| -> Result<()> {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().ok_or("a folder")?)?;
        Ok(fs::write(path, text)?)
    };
    write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[target.'cfg(none)'.dependencies]\nsqlx = { path = \"sqlx\" }\n",
    )?;
    write("sqlx/Cargo.toml", "[package]\nname = \"sqlx\"\nversion = \"0.9.0\"\nedition = \"2024\"\n")?;
    write("sqlx/src/lib.rs", "")?;
    write(
        "schemacheck.toml",
        "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\n",
    )?;
    write("migrations/1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n")?;
    write("src/main.rs", BROKEN)?;
    let git = |arguments: &[&str]| -> Result<()> {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").current_dir(folder).args(identity).args(arguments).status()?;
        if done.success() { Ok(()) } else { Err("git failed".into()) }
    };
    git(&["init", "--quiet", "--initial-branch=main"])?;
    git(&["add", "."])?;
    git(&["commit", "--quiet", "-m", "users"])?;
    write("migrations/2_rename.sql", "ALTER TABLE users RENAME COLUMN name TO full_name;\n")
}

/// rust-analyzer, as an editor has it.
struct Editor {
    child: Child,
    out: BufReader<ChildStdout>,
    next: u64,
    found: Vec<Value>,
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Editor {
    fn start(analyzer: &str, folder: &Path) -> Result<Editor> {
        let mut child =
            Command::new(analyzer).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let out = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut editor = Editor { child, out, next: 0, found: Vec::new() };
        let checker = repository().join("target/debug/cargo-schemacheck");
        let options = json!({
            "checkOnSave": true,
            "check": { "overrideCommand": [checker, "schemacheck", "check", "--format", "cargo-json", "--quiet"] },
            "cargo": { "extraEnv": { "SCHEMACHECK_BUILD": "warn" } },
        });
        let abilities = json!({
            "textDocument": {
                "publishDiagnostics": { "relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true },
                "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } },
                "synchronization": { "didSave": true },
            },
        });
        let root = uri(folder);
        editor.request(
            "initialize",
            json!({
                "processId": null, "rootUri": root, "capabilities": abilities, "initializationOptions": options,
                "workspaceFolders": [{ "uri": root, "name": "app" }],
            }),
        )?;
        editor.send(json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }))?;
        Ok(editor)
    }

    fn open(&mut self, file: &Path) -> Result<()> {
        let document =
            json!({ "uri": uri(file), "languageId": "rust", "version": 1, "text": fs::read_to_string(file)? });
        self.send(json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }))
    }

    fn change(&mut self, file: &Path) -> Result<()> {
        let text = fs::read_to_string(file)?;
        let document = json!({ "uri": uri(file), "version": 2 });
        self.send(json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": document, "contentChanges": [{ "text": text }] } }))?;
        self.send(json!({ "jsonrpc": "2.0", "method": "textDocument/didSave", "params": {
            "textDocument": { "uri": uri(file) } } }))
    }

    /// Waits until the diagnostics of our own are as wanted.
    fn diagnostics(&mut self, wanted: impl Fn(&[Value]) -> bool) -> Result<Vec<Value>> {
        let start = Instant::now();
        let mut seen = false;
        while start.elapsed() < Duration::from_secs(120) {
            let message = self.receive()?;
            if message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"].as_str().is_some_and(|uri| uri.ends_with("main.rs"))
            {
                let all = message["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
                self.found = all.into_iter().filter(|one| one["code"] == RULE).collect();
                seen = true;
            }
            if seen && wanted(&self.found) {
                return Ok(self.found.clone());
            }
        }
        Err("rust-analyzer did not answer in time".into())
    }

    fn actions(&mut self, file: &Path, diagnostic: &Value) -> Result<Value> {
        self.request("textDocument/codeAction", json!({
            "textDocument": { "uri": uri(file) }, "range": diagnostic["range"], "context": { "diagnostics": [diagnostic] },
        }))
    }

    fn request(&mut self, method: &str, params: Value) -> Result<Value> {
        self.next += 1;
        let id = self.next;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let message = self.receive()?;
            if message["id"] == id && message.get("method").is_none() {
                if let Some(error) = message.get("error") {
                    return Err(format!("rust-analyzer refuses {method}: {error}").into());
                }
                return Ok(message["result"].clone());
            }
        }
    }

    fn send(&mut self, message: Value) -> Result<()> {
        let text = message.to_string();
        let input = self.child.stdin.as_mut().ok_or("no input")?;
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        Ok(input.flush()?)
    }

    /// The next message; requests of the server are answered with nothing.
    fn receive(&mut self) -> Result<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.out.read_line(&mut line)? == 0 {
                return Err("rust-analyzer ended".into());
            }
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse()?,
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut text = vec![0; length];
        self.out.read_exact(&mut text)?;
        let message: Value = serde_json::from_slice(&text)?;
        if message.get("id").is_some() && message.get("method").is_some() {
            let result = if message["method"] == "workspace/configuration" { json!([null]) } else { Value::Null };
            self.send(json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }))?;
        }
        Ok(message)
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
