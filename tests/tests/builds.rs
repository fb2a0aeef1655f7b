//! Packages from elsewhere, and builds elsewhere: real builds by cargo of what it gets from a repository, a path or a vendor
//! folder, into other folders, for a named target, through a cache of compilers' results.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use schemacheck_checker::build_script::FILE;
use schemacheck_checker::snapshot::Snapshot;
use schemacheck_tests::nested::{Built, Nested, command, repository};

const USERS: &str = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n";
const RENAME: &str = "ALTER TABLE users RENAME COLUMN name TO full_name;\n";
const CONFIG: &str = "[database.main]\nmigrations = \"migrations\"\ndialect = \"postgres\"\nlayout = \"sqlx\"\n";
const CODE: &str = "pub const NAMES: &str = schemacheck::sql!(\"SELECT id, name FROM users\");\n";

/// The code of a package that says which versions of its own schema it needs.
const NEEDS: &str = "pub const NAMES: &str = schemacheck::sql!(\"SELECT id, name FROM users\");\n\
    pub const NEEDED: i64 = schemacheck::required_schema!(i64)[0];\n";

/// A folder for a test, without what an earlier run left in it.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("builds").join(name);
    writable(&folder, true);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// Makes all files and folders in a folder writable or not. The owner of the machine can write nevertheless.
fn writable(folder: &Path, writable: bool) {
    let Ok(metadata) = fs::symlink_metadata(folder) else { return };
    if metadata.is_symlink() {
        return;
    }
    let set = |metadata: &fs::Metadata| {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = metadata.permissions();
        let mode = permissions.mode();
        permissions.set_mode(if writable { mode | 0o200 } else { mode & !0o222 });
        fs::set_permissions(folder, permissions).expect("it is ours");
    };
    if writable {
        set(&metadata);
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        self::writable(&entry.path(), writable);
    }
    if !writable {
        set(&metadata);
    }
}

/// The files of a package of others, with a schema of its own.
fn write_dependency(nested: &Nested) {
    nested.write("schemacheck.toml", CONFIG);
    nested.write("migrations/20250101_users.sql", USERS);
    nested.write("src/lib.rs", NEEDS);
}

/// A package with another schema, where columns have other names and versions other numbers, that uses `dependency`.
fn write_consumer(nested: &Nested, dependency: &str) {
    nested.write("schemacheck.toml", CONFIG);
    nested.write("migrations/20260105_users.sql", &USERS.replace("name", "nick"));
    let needs = format!("pub const FIRST: () = assert!({dependency}::NEEDED == 20250101);\nconst _: () = FIRST;\n");
    nested.write("src/lib.rs", &format!("{}{needs}", CODE.replace("name", "nick")));
}

/// The folder of the project that a package's build script found, and what it has cargo watch.
fn project_of(built: &Built, package: &str) -> (String, Vec<String>) {
    let out = PathBuf::from(built.script(package).expect("it has a build script")["out_dir"].as_str().expect("a path"));
    let snapshot = Snapshot::read(fs::read(out.join(FILE)).expect("a snapshot")).expect("it is whole");
    let output = fs::read_to_string(out.parent().expect("a folder").join("output")).expect("what the script said");
    let watched = output.lines().filter_map(|line| line.strip_prefix("cargo:rerun-if-changed="));
    (snapshot.facts().root.clone(), watched.map(str::to_owned).collect())
}

fn passes(built: Built) -> Built {
    assert!(built.success, "{}{}", built.messages(), built.stderr);
    built
}

/// Removes what cargo keeps of a repository in the user's own folder.
fn forget(checkout: &Path) {
    let of_repository = checkout.parent().expect("cargo gives each repository a folder");
    let name = of_repository.file_name().expect("a name").to_owned();
    let git = of_repository.parent().and_then(Path::parent).expect("in a folder of all");
    assert!(git.ends_with("git") && name.to_string_lossy().starts_with("builds-lent-"), "{}", git.display());
    let _ = fs::remove_dir_all(of_repository);
    let _ = fs::remove_dir_all(git.join("db").join(name));
}

#[test]
fn a_package_from_a_repository_has_its_own_schema() {
    let folder = folder("repository");
    let lent = Nested::by_version(&folder.join("builds-lent"), "builds-lent", "");
    write_dependency(&lent);
    // Its own faults are for those who work on it.
    lent.write(
        "src/lib.rs",
        &format!("{NEEDS}pub const GONE: &str = schemacheck::sql!(\"SELECT gone FROM users\");\n"),
    );
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        let done = git.current_dir(lent.path("")).args(identity).args(arguments).output().expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "users"]);
    let at = format!("builds-lent = {{ git = \"file://{}\" }}\n", lent.path("").display());
    let consumer = Nested::by_version(&folder.join("consumer"), "builds-borrows", &at);
    consumer.lock();
    write_consumer(&consumer, "builds_lent");
    // A repository that cargo does not have yet is fetched, be it from this machine.
    let built = passes(consumer.cargo(&["check", "--quiet"]));
    let (root, watched) = project_of(&built, "builds-lent");
    assert!(root.contains("/git/checkouts/builds-lent-"), "{root}");
    assert!(!watched.is_empty() && watched.iter().all(|path| path.starts_with(&root)), "{root}: {watched:?}");
    let (own, watched) = project_of(&built, "builds-borrows");
    assert_eq!(Path::new(&own), consumer.path(""));
    assert!(watched.iter().all(|path| path.starts_with(&own)), "{own}: {watched:?}");
    consumer.write("src/lib.rs", CODE);
    let built = consumer.check();
    assert!(built.rendered("builds_borrows").contains("`name` does not exist"), "{}", built.messages());
    forget(Path::new(&root));
}

#[test]
fn a_package_at_a_path_outside_has_its_own_schema() {
    let folder = folder("path");
    let beside = Nested::new(&folder.join("beside"), "builds-beside");
    write_dependency(&beside);
    let at = "builds-beside = { path = \"../beside\" }\n";
    let consumer = Nested::by_version(&folder.join("consumer"), "builds-reaches", at);
    consumer.lock();
    write_consumer(&consumer, "builds_beside");
    let built = passes(consumer.check());
    let (root, watched) = project_of(&built, "builds-beside");
    assert_eq!(Path::new(&root), beside.path(""));
    assert!(watched.iter().all(|path| path.starts_with(&root)), "{watched:?}");
    // It is somebody's work here: its faults count.
    beside.write("src/lib.rs", &NEEDS.replace("id, name", "id, nick"));
    let built = consumer.check();
    assert!(built.rendered("builds_beside").contains("`nick` does not exist"), "{}", built.messages());
}

#[test]
fn a_vendored_package_has_its_own_schema() {
    let folder = folder("vendored");
    let consumer =
        Nested::by_version(&folder, "builds-unpacks", "builds-vendored = { git = \"https://example.com/vendored\" }\n");
    let vendored = Nested::by_version(&folder.join("vendor/builds-vendored"), "builds-vendored", "");
    let manifest = fs::read_to_string(vendored.path("Cargo.toml")).expect("a manifest");
    // As cargo vendors it, without what is the workspace's.
    vendored.write("Cargo.toml", manifest.split("[workspace]").next().expect("a part"));
    vendored.write(".cargo-checksum.json", "{\"files\":{}}");
    write_dependency(&vendored);
    consumer.write(
        ".cargo/config.toml",
        "[source.\"git+https://example.com/vendored\"]\ngit = \"https://example.com/vendored\"\n\
         replace-with = \"vendored\"\n\n[source.vendored]\ndirectory = \"vendor\"\n",
    );
    let lock = fs::read_to_string(repository().join("Cargo.lock")).expect("a lock file");
    consumer.write(
        "Cargo.lock",
        &format!(
            "{lock}\n[[package]]\nname = \"builds-vendored\"\nversion = \"0.1.0\"\n\
             source = \"git+https://example.com/vendored#0123456789abcdef0123456789abcdef01234567\"\n\
             dependencies = [\n \"schemacheck\",\n \"schemacheck-checker\",\n]\n"
        ),
    );
    write_consumer(&consumer, "builds_vendored");
    let built = passes(consumer.check());
    let (root, watched) = project_of(&built, "builds-vendored");
    assert_eq!(Path::new(&root), vendored.path(""));
    assert!(watched.iter().all(|path| path.starts_with(&root)), "{watched:?}");
}

#[test]
fn paths_may_have_blanks_and_any_letters_and_go_through_links() {
    let folder = folder("größe & 大小");
    let nested = Nested::new(&folder.join("real one"), "builds-letters");
    nested.lock();
    nested.write("schemacheck.toml", &CONFIG.replace("\"migrations\"", "\"miĝradoj\""));
    nested.write("mi ĝr/20260105_users.sql", USERS);
    std::os::unix::fs::symlink("mi ĝr", nested.path("miĝradoj")).expect("a link");
    nested.write("src/lib.rs", "#[path = \"ünï.rs\"]\npub mod names;\n");
    nested.write("src/ünï.rs", &CODE.replace("id, name", "id /* ñ */, name"));
    std::os::unix::fs::symlink("real one", folder.join("link")).expect("a link");
    let check = || {
        let mut cargo = command(&folder.join("link"));
        let output = cargo.args(["check", "--offline"]).output().expect("cargo runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (passed, text) = check();
    assert!(passed, "{text}");
    let (passed, text) = check();
    assert!(passed && !text.contains("Checking") && !text.contains("Compiling"), "{text}");
    nested.write("mi ĝr/20260402_full_name.sql", RENAME);
    let (passed, text) = check();
    assert!(!passed && text.contains("SELECT id /* ñ */, name FROM users") && text.contains("src/ünï.rs"), "{text}");
}

#[test]
fn any_driver_takes_the_text() {
    let (from, to) = (repository().join("tests/calls"), folder("calls"));
    let files =
        ["Cargo.toml", "Cargo.lock", "build.rs", "schemacheck.toml", "src/lib.rs", "migrations/20260105_users.sql"];
    for file in files {
        let text = fs::read_to_string(from.join(file)).expect("a file of the package");
        let to = to.join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder can be made");
        // The lock file of the copy may follow what this workspace depends on.
        let text = text.replace("\"../../", &format!("\"{}/", repository().display()));
        fs::write(to, text).expect("a file can be written");
    }
    let output = command(&to).args(["check", "--quiet"]).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A server that keeps what compilers gave, with a folder and a port of its own.
struct Sccache {
    variables: [(&'static str, String); 4],
}

impl Sccache {
    fn start(folder: &Path) -> Sccache {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
        let sccache = Sccache {
            variables: [
                ("SCCACHE_DIR", folder.display().to_string()),
                ("SCCACHE_SERVER_PORT", port.port().to_string()),
                ("RUSTC_WRAPPER", "sccache".to_owned()),
                ("CARGO_INCREMENTAL", "0".to_owned()),
            ],
        };
        sccache.run("--start-server");
        sccache
    }

    fn run(&self, argument: &str) -> String {
        let mut sccache = Command::new("sccache");
        sccache.arg(argument).envs(self.variables.iter().map(|(name, value)| (name, value)));
        let output = sccache.output().expect("sccache is installed: tests/setup does it");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// How many results were had from the cache.
    fn hits(&self) -> usize {
        let stats = self.run("--show-stats");
        let line = stats.lines().find_map(|line| line.strip_prefix("Cache hits "));
        line.and_then(|count| count.trim().parse().ok()).unwrap_or_else(|| panic!("{stats}"))
    }
}

impl Drop for Sccache {
    fn drop(&mut self) {
        self.run("--stop-server");
    }
}

/// This machine, as the compiler calls it.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("it says so").to_owned()
}

/// Cargo on a package whose folder cannot be written, for a named target, without network and git, into a folder elsewhere.
fn elsewhere(nested: &Nested, what: &str, target: &Path, sccache: &Sccache) -> Command {
    let git = nested.path("../git");
    let path = std::env::var("PATH").expect("it is set");
    let mut cargo = command(&nested.path(""));
    cargo.args([what, "--offline", "--target", &host(), "--target-dir"]).arg(target);
    cargo.env("PATH", format!("{}:{path}", git.display()));
    cargo.envs(sccache.variables.iter().map(|(name, value)| (name, value)));
    cargo.stdout(Stdio::piped()).stderr(Stdio::piped());
    cargo
}

#[test]
fn builds_elsewhere_and_at_once_say_the_same_and_no_cache_of_compilers_hides_it() {
    let folder = folder("elsewhere");
    let nested = Nested::new(&folder.join("package"), "builds-elsewhere");
    nested.lock();
    nested.write("schemacheck.toml", CONFIG);
    nested.write("migrations/20260105_users.sql", USERS);
    nested.write("src/lib.rs", CODE);
    fs::create_dir_all(folder.join("git")).expect("a folder");
    fs::write(folder.join("git/git"), format!("#!/bin/sh\ntouch '{}'\nexit 1\n", folder.join("asked").display()))
        .expect("a program");
    fs::set_permissions(folder.join("git/git"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("it is ours");
    passes(nested.check());
    writable(&nested.path(""), false);
    let files = || {
        let listed =
            Command::new("find").arg(nested.path("")).args(["-printf", "%p %T@\n"]).output().expect("find runs");
        String::from_utf8_lossy(&listed.stdout).into_owned()
    };
    let before = files();
    let sccache = Sccache::start(&folder.join("cache"));
    let (one, other) = (folder.join("one"), folder.join("other"));
    let finished = |command: std::process::Child| {
        let output = command.wait_with_output().expect("cargo ends");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };

    // Three at once: two into the shared folder, one elsewhere.
    let mut builds = vec![elsewhere(&nested, "build", &one, &sccache)];
    for _ in 0..2 {
        let mut check = command(&nested.path(""));
        check.args(["check", "--offline", "--locked"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        builds.push(check);
    }
    let running: Vec<_> = builds.iter_mut().map(|cargo| cargo.spawn().expect("cargo runs")).collect();
    for child in running {
        let (passed, text) = finished(child);
        assert!(passed, "{text}");
    }
    assert_eq!(files(), before, "nothing is written into the package");
    assert!(!folder.join("asked").exists(), "nobody asks git");
    assert_eq!(dep_info(&one).matches("# env-dep:SCHEMACHECK_SNAPSHOT=").count(), 1, "what caches go by");

    let build = |target: &Path| finished(elsewhere(&nested, "build", target, &sccache).spawn().expect("cargo runs"));
    let clean = |target: &Path| {
        let mut clean = elsewhere(&nested, "clean", target, &sccache);
        let (passed, text) = finished(clean.args(["--package", "builds-elsewhere"]).spawn().expect("cargo runs"));
        assert!(passed, "{text}");
    };
    let hits = sccache.hits();
    clean(&one);
    let (passed, text) = build(&one);
    assert!(passed, "{text}");
    assert!(sccache.hits() > hits, "what did not change comes from the cache");

    writable(&nested.path(""), true);
    nested.write("migrations/20260402_full_name.sql", RENAME);
    clean(&one);
    let (passed, text) = build(&one);
    assert!(!passed && text.contains("broken-at-head"), "{text}");
    // A folder with all but this package.
    clean(&one);
    fs::rename(&one, &other).expect("a folder can be moved");
    let (passed, text) = build(&other);
    assert!(!passed && text.contains("broken-at-head"), "{text}");
    nested.remove("migrations/20260402_full_name.sql");
    let (passed, text) = build(&other);
    assert!(passed, "{text}");
}

/// What the compiler tells of the package's library.
fn dep_info(target: &Path) -> String {
    let deps = target.join(host()).join("debug/deps");
    let entries = fs::read_dir(deps).expect("a folder").flatten().map(|entry| entry.path());
    let is_own = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("builds_elsewhere") && name.ends_with(".d")
    };
    entries.filter(is_own).map(|path| fs::read_to_string(path).expect("a text")).collect()
}
