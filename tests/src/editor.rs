//! rust-analyzer as an editor has it: its protocol on standard input and output.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::nested::repository;

/// What may go wrong in a conversation.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How long rust-analyzer may take for an answer; it builds what a package depends on.
const LONGEST: Duration = Duration::from_secs(300);

/// rust-analyzer, as an editor has it.
#[derive(Debug)]
pub struct Editor {
    child: Child,
    messages: Receiver<Value>,
    next: u64,
    version: u64,
    /// The diagnostics of each file that has some, by its address.
    found: std::collections::BTreeMap<String, Vec<Value>>,
    /// Whether rust-analyzer has nothing left to do.
    quiet: bool,
    /// Whether the command that checks runs.
    checking: bool,
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Editor {
    /// Starts it in a folder with the settings that `docs/editors.md` gives, and with this workspace's command.
    pub fn start(analyzer: &str, folder: &Path) -> Result<Editor> {
        let commands = repository().join("target/debug");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(commands.clone()).chain(std::env::split_paths(&path)))?;
        let mut child = Command::new(analyzer)
            .current_dir(folder)
            .env("PATH", path)
            .env("CARGO_TARGET_DIR", repository().join("target"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut out = BufReader::new(child.stdout.take().ok_or("no output")?);
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            while let Ok(message) = read(&mut out) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut editor = Editor {
            child,
            messages,
            next: 0,
            version: 1,
            found: std::collections::BTreeMap::new(),
            quiet: false,
            checking: false,
        };
        let abilities = json!({
            "textDocument": {
                "publishDiagnostics": { "relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true },
                "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } },
                "synchronization": { "didSave": true },
            },
            "window": { "workDoneProgress": true },
            "experimental": { "serverStatusNotification": true },
        });
        let root = uri(folder);
        editor.request(
            "initialize",
            json!({
                "processId": null, "rootUri": root, "capabilities": abilities, "initializationOptions": settings()?,
                "workspaceFolders": [{ "uri": root, "name": "app" }],
            }),
        )?;
        editor.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }))?;
        Ok(editor)
    }

    /// Opens a file.
    pub fn open(&mut self, file: &Path) -> Result<()> {
        let document =
            json!({ "uri": uri(file), "languageId": "rust", "version": 1, "text": fs::read_to_string(file)? });
        self.send(
            &json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }),
        )
    }

    /// Writes and saves a file that is open, once the last check has ended.
    pub fn save(&mut self, file: &Path, text: &str) -> Result<()> {
        self.until(file, |editor| (editor.quiet && !editor.checking).then_some(()))?;
        fs::write(file, text)?;
        self.version += 1;
        let document = json!({ "uri": uri(file), "version": self.version });
        self.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": document, "contentChanges": [{ "text": text }] } }))?;
        self.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/didSave", "params": {
            "textDocument": { "uri": uri(file) } } }))
    }

    /// Waits until the diagnostics of a file are as wanted.
    pub fn diagnostics(&mut self, file: &Path, wanted: impl Fn(&[Value]) -> bool) -> Result<Vec<Value>> {
        self.until(file, |editor| {
            let found = editor.found.get(&uri(file)).map(Vec::as_slice).unwrap_or_default();
            wanted(found).then(|| found.to_vec())
        })
    }

    /// Waits until it has nothing left to do.
    pub fn rest(&mut self) -> Result<()> {
        self.until(Path::new(""), |editor| editor.quiet.then_some(()))
    }

    fn until<T>(&mut self, file: &Path, wanted: impl Fn(&Editor) -> Option<T>) -> Result<T> {
        let start = Instant::now();
        while start.elapsed() < LONGEST {
            if let Some(value) = wanted(self) {
                return Ok(value);
            }
            self.receive()?;
        }
        Err(format!("rust-analyzer did not answer in time about {}: {:?}", file.display(), self.found).into())
    }

    /// What can be done about a diagnostic.
    pub fn actions(&mut self, file: &Path, diagnostic: &Value) -> Result<Value> {
        self.request("textDocument/codeAction", json!({
            "textDocument": { "uri": uri(file) }, "range": diagnostic["range"], "context": { "diagnostics": [diagnostic] },
        }))
    }

    /// What the macro at a line and a column, both from 0, becomes.
    pub fn expansion(&mut self, file: &Path, line: usize, column: usize) -> Result<String> {
        let expanded = self.request(
            "rust-analyzer/expandMacro",
            json!({
                "textDocument": { "uri": uri(file) }, "position": { "line": line, "character": column },
            }),
        )?;
        Ok(expanded["expansion"].as_str().unwrap_or_default().to_owned())
    }

    /// "Rebuild proc macros and build scripts".
    pub fn rebuild_macros(&mut self) -> Result<()> {
        self.quiet = false;
        self.request("rust-analyzer/rebuildProcMacros", Value::Null)?;
        self.rest()
    }

    fn request(&mut self, method: &str, params: Value) -> Result<Value> {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
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

    fn send(&mut self, message: &Value) -> Result<()> {
        let text = message.to_string();
        let input = self.child.stdin.as_mut().ok_or("no input")?;
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        Ok(input.flush()?)
    }

    /// The next message; requests of the server are answered with nothing.
    fn receive(&mut self) -> Result<Value> {
        let message = self.messages.recv_timeout(LONGEST).map_err(|_| "rust-analyzer says nothing any more")?;
        let of = &message["params"];
        if message["method"] == "textDocument/publishDiagnostics" {
            let found = of["diagnostics"].as_array().cloned().unwrap_or_default();
            self.found.insert(of["uri"].as_str().unwrap_or_default().to_owned(), found);
        } else if message["method"] == "experimental/serverStatus" {
            self.quiet = of["quiescent"] == true;
        } else if message["method"] == "$/progress" && of["token"].as_str().is_some_and(|of| of.contains("flycheck")) {
            self.checking = of["value"]["kind"] != "end";
        }
        if message.get("id").is_some() && message.get("method").is_some() {
            let result = if message["method"] == "workspace/configuration" { json!([null]) } else { Value::Null };
            self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }))?;
        }
        Ok(message)
    }
}

/// Reads one message.
fn read(out: &mut impl BufRead) -> Result<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line)? == 0 {
            return Err("rust-analyzer ended".into());
        }
        match line.trim().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse()?,
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut text = vec![0; length];
    out.read_exact(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// The settings of `docs/editors.md`, in the form in which rust-analyzer takes them.
fn settings() -> Result<Value> {
    let page = fs::read_to_string(repository().join("docs/editors.md"))?;
    let block = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).ok_or("no settings")?;
    let flat: serde_json::Map<String, Value> = serde_json::from_str(block)?;
    let mut settings = json!({});
    for (key, value) in flat {
        let key = key.strip_prefix("rust-analyzer.").ok_or("a setting of another tool")?;
        let (section, name) = key.split_once('.').ok_or("a setting without a section")?;
        settings[section][name] = value;
    }
    Ok(settings)
}
