//! A private Postgres: its own folder, its own socket, no network, gone when the value is dropped.
//!
//! The server is the child of a small shell that waits on its standard input: when this process ends, however it
//! ends, the pipe closes and the shell stops the server by the process id that it started.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use postgres::{Client, Config, NoTls};

use crate::{Result, failure};

/// A running private server.
#[derive(Debug)]
pub struct Server {
    supervisor: Child,
    socket: PathBuf,
    counter: AtomicU32,
    copying: Mutex<()>,
    /// Removed after the server has stopped: fields drop after `Drop::drop`.
    _folder: tempfile::TempDir,
}

/// The superuser that owns everything.
pub const OWNER: &str = "postgres";

/// The role that sends the queries: no superuser, owner of nothing.
pub const APP: &str = "judge_app";

/// Waits for the end of standard input, then stops the server it started.
const SUPERVISOR: &str = r#""$@" </dev/null & server=$!; read -r _; kill -INT "$server" 2>/dev/null; wait "$server""#;

const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "max_connections=100",
    "max_locks_per_transaction=256",
    "shared_buffers=64MB",
    "max_wal_senders=0",
    "wal_level=minimal",
    "jit=off",
    "timezone=UTC",
    "log_min_messages=fatal",
];

impl Server {
    /// Initialises a cluster in a temporary folder and starts it.
    ///
    /// # Errors
    ///
    /// When no server binaries are found, or when they cannot be run.
    pub fn start() -> Result<Server> {
        let bin = find_binaries()?;
        let user = unprivileged_user()?;
        let folder = tempfile::Builder::new().prefix("schemacheck-pg-").tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))?;
        if let Some(user) = &user {
            chown(folder.path(), Some(user.uid), Some(user.gid))?;
        }
        let data = folder.path().join("data");
        initialise(&bin, &data, user.as_ref())?;
        let mut command = Command::new("sh");
        command.args(["-c", SUPERVISOR, "sh"]).arg(bin.join("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(folder.path());
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        command.stderr(fs::File::create(folder.path().join("log"))?);
        as_user(&mut command, user.as_ref());
        let supervisor = command.spawn()?;
        let socket = folder.path().to_owned();
        let server =
            Server { supervisor, socket, counter: AtomicU32::new(0), copying: Mutex::new(()), _folder: folder };
        server.wait_until_ready()?;
        let mut owner = server.connect("postgres")?;
        owner.batch_execute(&format!("CREATE ROLE {APP} LOGIN"))?;
        Ok(server)
    }

    /// A session of the superuser on a database.
    ///
    /// # Errors
    ///
    /// What the driver says.
    pub fn connect(&self, database: &str) -> Result<Client> {
        Ok(self.config(OWNER, database).connect(NoTls)?)
    }

    /// The address of a database for its owner, as drivers take it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{OWNER}@localhost/{database}?host={}", self.socket.display())
    }

    /// A new empty database, or a copy of another one that nobody is connected to; returns its name.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn create_database(&self, template: Option<&str>) -> Result<String> {
        let name = format!("judge_{}", self.counter.fetch_add(1, Ordering::Relaxed));
        let copying = self.copying.lock();
        let template = template.unwrap_or("template1");
        self.connect("postgres")?.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        drop(copying);
        Ok(name)
    }

    /// Drops a database and the sessions on it.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn drop_database(&self, name: &str) -> Result<()> {
        self.connect("postgres")?.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        Ok(())
    }

    /// The server's major version.
    ///
    /// # Errors
    ///
    /// What the driver says.
    pub fn major_version(&self) -> Result<u32> {
        let row = self.connect("postgres")?.query_one("SELECT current_setting('server_version_num')", &[])?;
        Ok(row.get::<_, String>(0).parse::<u32>()? / 10_000)
    }

    fn config(&self, user: &str, database: &str) -> Config {
        let mut config = Client::configure();
        config.host_path(&self.socket).user(user).dbname(database);
        config
    }

    fn wait_until_ready(&self) -> Result<()> {
        let started = Instant::now();
        loop {
            match self.config(OWNER, "postgres").connect(NoTls) {
                Ok(_) => return Ok(()),
                Err(error) if started.elapsed() > Duration::from_secs(30) => {
                    let log = fs::read_to_string(self.socket.join("log")).unwrap_or_default();
                    return Err(failure(format!("postgres does not start: {error}\n{log}")));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        // Nothing is left to do about a supervisor that cannot be waited for.
        let _ = self.supervisor.wait();
    }
}

/// An account that may run a server: Postgres refuses to run as root.
#[derive(Debug)]
struct Account {
    uid: u32,
    gid: u32,
}

fn initialise(bin: &Path, data: &Path, user: Option<&Account>) -> Result<()> {
    let mut command = Command::new(bin.join("initdb"));
    command.arg("-D").arg(data).args(["-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C"]);
    command.args(["--no-sync"]);
    as_user(&mut command, user);
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(failure(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr))))
}

fn as_user(command: &mut Command, user: Option<&Account>) {
    command.current_dir("/");
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
}

/// `None` when this process is not root and can run the server itself.
fn unprivileged_user() -> Result<Option<Account>> {
    let output = Command::new("id").arg("-u").output()?;
    if String::from_utf8_lossy(&output.stdout).trim() != "0" {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd")?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| accounts.lines().find_map(|line| account(line, name)))
        .map(Some)
        .ok_or_else(|| failure("running as root, and there is no user postgres or nobody to run a server".into()))
}

fn account(line: &str, name: &str) -> Option<Account> {
    let mut fields = line.split(':');
    if fields.next() != Some(name) {
        return None;
    }
    let mut numbers = fields.skip(1).map_while(|field| field.parse().ok());
    Some(Account { uid: numbers.next()?, gid: numbers.next()? })
}

/// The folder with `initdb` and `postgres`: `SCHEMACHECK_PG_BIN`, the path, Debian's folders, newest first.
fn find_binaries() -> Result<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("SCHEMACHECK_PG_BIN").into_iter().map(PathBuf::from).collect();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.extend(debian_folders());
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .ok_or_else(|| failure("no initdb and postgres found: install Postgres or set SCHEMACHECK_PG_BIN".into()))
}

fn debian_folders() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, bin)| bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_copies_and_stops() {
        let started = Instant::now();
        let server = Server::start().unwrap();
        let up = started.elapsed();
        let database = server.create_database(None).unwrap();
        server.connect(&database).unwrap().batch_execute("CREATE TABLE t (a int)").unwrap();
        let created = started.elapsed();
        let copy = server.create_database(Some(&database)).unwrap();
        let copied = started.elapsed();
        server.connect(&copy).unwrap().batch_execute("INSERT INTO t VALUES (1)").unwrap();
        let folder = server.socket.clone();
        drop(server);
        assert!(!folder.exists());
        assert!(up < Duration::from_secs(20), "up {up:?}, created {created:?}, copied {copied:?}");
    }
}
