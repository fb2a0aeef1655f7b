//! The examples with macros: each release builds and runs, and each mistake is refused when it is compiled.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use schemacheck_tests::nested::{command, repository};
use schemacheck_tests::server::Server;

/// A running instance.
struct Instance {
    child: Child,
    address: String,
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Instance {
    fn start(release: &str, url: &str) -> Instance {
        let mut child = service(release, url, &["serve", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut out, &mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
        Instance { child, address }
    }

    /// Status and body of a request.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: service\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }
}

/// A release of the service, ready to run.
fn service(release: &str, url: &str, arguments: &[&str]) -> Command {
    let mut run = example("run", &format!("service/{release}"));
    run.arg("--").args(arguments).env("DATABASE_URL", url);
    run
}

/// A command of cargo on an example.
fn example(what: &str, path: &str) -> Command {
    let mut cargo = command(&repository().join("examples").join(path));
    cargo.args([what, "--quiet", "--locked"]);
    cargo
}

/// Holds that an example does not compile, and that the compiler says this.
fn refused(path: &str, says: &str) {
    let output = example("check", path).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains(says), "{path}: {text}");
}

#[test]
fn a_notebook_goes_through_its_releases() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.db");
    let run = |release: &str, arguments: &[&str]| {
        let output = example("run", &format!("notes/{release}")).arg("--").arg(&file).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    run("v1", &["add", "buy milk"]);
    run("v2", &["add", "and tea"]);
    let both = "1  buy milk\n2  and tea\n";
    assert_eq!(run("v2", &["list"]), both);
    assert_eq!(run("v1", &["list"]), both, "the old release reads what the new one writes");
    run("v1", &["add", "and a cake"]);
    assert_eq!(run("v2", &["find", "cake"]), "3  and a cake\n", "and the other way round");
    assert_eq!(run("v3", &["find", "tea"]), "2  and tea\n");
    assert_eq!(run("v2", &["find", "cake"]), "3  and a cake\n");
    refused("notes/v2-rename", "schemacheck::broken-at-head");
    refused("notes/v2-rename", "this rollout cannot go through");
}

#[test]
fn a_rename_in_one_step_does_not_compile() {
    refused("service/v2-rename", "this rollout cannot go through");
}

#[test]
fn each_release_serves_once_its_schema_is_there() {
    let server = Server::start().unwrap();
    let database = server.create_database(None).unwrap();
    let url = server.url(&database);
    let migrate = |release: &str| assert!(service(release, &url, &["migrate"]).status().unwrap().success());
    let mut before: Option<Instance> = None;
    for (number, release) in ["v1", "v2", "v3", "v4"].into_iter().enumerate() {
        if release == "v1" {
            let early = Instance::start(release, &url);
            assert_eq!(early.ask("GET", "/ready", "").0, 503, "nothing is migrated yet");
        }
        migrate(release);
        let instance = Instance::start(release, &url);
        assert_eq!(instance.ask("GET", "/ready", "").0, 200, "{release}");
        // Both releases serve, until the old one goes.
        for (who, one) in [("new", Some(&instance)), ("old", before.as_ref())] {
            let Some(one) = one else { continue };
            let (status, id) = one.ask("POST", "/users", &format!("[\"Ada\", \"{who}{number}@example.com\"]"));
            assert_eq!(status, 200, "{who} of {release}");
            assert_eq!(one.ask("GET", &format!("/users/{id}"), ""), (200, "\"Ada\"".to_owned()), "{who} of {release}");
        }
        before = Some(instance);
    }
}

#[test]
fn a_task_list_goes_through_its_releases() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tasks.db");
    let run = |release: &str, arguments: &[&str]| {
        let output = example("run", &format!("tasks/{release}")).arg("--").arg(&file).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    run("v1", &["add", "water the plants"]);
    run("v1", &["add", "sweep"]);
    run("v1", &["done", "2"]);
    assert_eq!(run("v2", &["open"]), "water the plants\n");
    run("v2", &["done", "1"]);
    assert_eq!(run("v2", &["open"]), "");
    assert_eq!(run("v1", &["open"]), "", "the old release reads what the new one writes");
    run("v1", &["add", "feed the cat"]);
    run("v1", &["done", "3"]);
    assert_eq!(run("v2", &["open"]), "", "and the other way round");
    run("v2", &["add", "read"]);
    run("v3", &["done", "4"]);
    assert_eq!(run("v2", &["open"]), "");
    run("v4", &["add", "write"]);
    assert_eq!(run("v3", &["open"]), "write\n");
    refused("tasks/v2-drop", "schemacheck::broken-at-head");
    refused("tasks/v2-drop", "this rollout cannot go through");
}
