//! The same files read from a directory, from a revision and from memory.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::*;

/// A folder with these files.
pub(in crate::project) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), files);
    root
}

pub(in crate::project) fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// Runs git, without the machine's or the user's settings.
pub(in crate::project) fn git(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-C", &root.display().to_string(), "-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(["-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2024-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2024-01-01T00:00:00Z")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Commits all files of a folder and gives the commit.
pub(in crate::project) fn commit(root: &Path, message: &str) -> String {
    if !root.join(".git").exists() {
        git(root, &["init", "-q"]);
    }
    git(root, &["add", "-A", "-f"]);
    git(root, &["commit", "-q", "--allow-empty", "-m", message]);
    git(root, &["rev-parse", "HEAD"])
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.paths().collect()
}

fn revision(root: &Path, commit: &str, prefix: &str) -> Tree {
    let repository = Repository::discover(root).expect("git").expect("a repository");
    Tree::revision(&repository, commit, prefix, "v1").expect("a tree")
}

#[test]
fn a_directory_leaves_out_what_is_no_source() {
    let root = folder(&[
        ("a.rs", "a"),
        ("b/c.sql", "c"),
        ("target/x.rs", ""),
        ("b/node_modules/x.rs", ""),
        ("b/.hidden/x.rs", ""),
        (".sqlx/query-1.json", "{}"),
        ("out/CACHEDIR.TAG", ""),
        ("out/x.rs", ""),
        ("vendored/.git/HEAD", ""),
        ("vendored/x.rs", ""),
    ]);
    let tree = Tree::directory(root.path()).expect("a tree");
    assert_eq!(paths(&tree), [".sqlx/query-1.json", "a.rs", "b/c.sql"]);
    assert_eq!(tree.source("b/c.sql").expect("text").text(), "c");
    assert_eq!(tree.children(""), [".sqlx/", "a.rs", "b/"]);
    assert_eq!(tree.children("b"), ["c.sql"]);
    assert!(tree.has_folder("b") && !tree.has_folder("c") && !tree.has_folder("a.rs"));
    assert_eq!(tree.matching("**/*.sql").collect::<Vec<_>>(), ["b/c.sql"]);
    assert_eq!(tree.matching("b/*").collect::<Vec<_>>(), ["b/c.sql"]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let root = folder(&[("big.sql", ""), ("bytes.sql", "")]);
    fs::File::create(root.path().join("big.sql")).and_then(|file| file.set_len(1 << 30)).expect("a large file");
    fs::write(root.path().join("bytes.sql"), b"select \xff").expect("a file");
    let tree = Tree::directory(root.path()).expect("a tree");
    let reason = |path: &str| tree.source(path).expect_err("no text").reason;
    assert_eq!(reason("big.sql"), "it has 1024 MB; files over 64 MB are not read");
    assert_eq!(reason("bytes.sql"), "it is not UTF-8 from byte 7 on");
    assert_eq!(reason("gone.sql"), "there is no such file");
    let missing = Tree::directory(&root.path().join("gone")).err().expect("an error");
    assert_eq!(missing.message, "cannot read the folder: no such file or directory");
    let file = Tree::directory(&root.path().join("big.sql")).err().expect("an error");
    assert_eq!(file.message, "this is not a folder");
}

#[cfg(unix)]
#[test]
fn a_directory_and_its_commit_have_the_same_files_through_links() {
    use std::os::unix::fs::symlink;
    let root = folder(&[("real/1_a.sql", "a"), ("real/deep/2_b.sql", "b"), ("x.rs", "x")]);
    let outside = folder(&[("secret.sql", "")]);
    let link = |target: &str, at: &str| symlink(target, root.path().join(at)).expect("a link");
    link("real", "linked");
    link("linked", "twice");
    link("real/1_a.sql", "one.sql");
    link("../x.rs", "real/up.rs");
    link(".", "circle");
    link("loop-b", "loop-a");
    link("loop-a", "loop-b");
    link("..", "real/parent");
    link("gone", "dangling");
    link(&outside.path().display().to_string(), "outside");
    link("../../../../../../etc", "etc");
    let commit = commit(root.path(), "first");
    let expected = [
        "linked/1_a.sql",
        "linked/deep/2_b.sql",
        "one.sql",
        "real/1_a.sql",
        "real/deep/2_b.sql",
        "real/up.rs",
        "twice/1_a.sql",
        "twice/deep/2_b.sql",
        "x.rs",
    ];
    let from_directory = Tree::directory(root.path()).expect("a tree");
    let from_commit = revision(root.path(), &commit, "");
    for tree in [&from_directory, &from_commit] {
        assert_eq!(paths(tree), expected);
        assert_eq!(tree.source("twice/deep/2_b.sql").expect("text").text(), "b");
    }
}

#[cfg(unix)]
#[test]
fn an_unreadable_folder_is_an_error_unless_git_ignores_it() {
    use std::os::unix::fs::PermissionsExt;
    let root = folder(&[("a.rs", ""), ("data/x", "")]);
    let close = |mode: u32| {
        fs::set_permissions(root.path().join("data"), fs::Permissions::from_mode(mode)).expect("permissions");
    };
    close(0o000);
    if fs::read_dir(root.path().join("data")).is_ok() {
        return; // this user may read everything
    }
    let error = Tree::directory(root.path()).err().expect("an error");
    assert_eq!(error.message, "cannot read the folder: permission denied");
    git(root.path(), &["init", "-q"]);
    fs::write(root.path().join(".gitignore"), "/data\n").expect("a file");
    let tree = Tree::directory(root.path()).expect("a tree");
    assert_eq!(paths(&tree), [".gitignore", "a.rs"]);
    close(0o755);
}

#[test]
fn a_revision_is_read_without_touching_the_work_tree() {
    let root = folder(&[("app/src/a.rs", "old"), ("app/m/1_é.sql", "é"), ("other.rs", "")]);
    let first = commit(root.path(), "first");
    write(root.path(), &[("app/src/a.rs", "new"), ("app/src/b.rs", "b")]);
    let second = commit(root.path(), "second");
    write(root.path(), &[("app/src/a.rs", "unsaved")]);
    let (old, new) = (revision(root.path(), &first, "app"), revision(root.path(), &second, "app"));
    assert_eq!(paths(&old), ["m/1_é.sql", "src/a.rs"]);
    assert_eq!(old.source("src/a.rs").expect("text").text(), "old");
    assert_eq!(old.source("m/1_é.sql").expect("text").text(), "é");
    assert_eq!(new.source("src/a.rs").expect("text").text(), "new");
    assert_eq!(old.shown("src/a.rs"), "v1:src/a.rs");
    assert_eq!(fs::read_to_string(root.path().join("app/src/a.rs")).expect("a file"), "unsaved");
    assert_eq!(paths(&revision(root.path(), &first, "not/there")), [""; 0]);
    assert_eq!(git(root.path(), &["status", "--porcelain"]), "M app/src/a.rs");
    let repository = Repository::discover(&root.path().join("app")).expect("git").expect("a repository");
    assert_eq!(repository.prefix, "app");
}

#[test]
fn large_and_broken_files_of_a_revision_are_told() {
    let root = folder(&[("a.sql", "a"), ("z.sql", "z")]);
    fs::File::create(root.path().join("big.sql")).and_then(|file| file.set_len(65 << 20)).expect("a large file");
    fs::write(root.path().join("bytes.sql"), b"\xfe").expect("a file");
    let tree = revision(root.path(), &commit(root.path(), "first"), "");
    assert_eq!(tree.source("big.sql").expect_err("no text").reason, "it has 65 MB; files over 64 MB are not read");
    assert_eq!(tree.source("bytes.sql").expect_err("no text").reason, "it is not UTF-8 from byte 0 on");
    assert_eq!(tree.source("bytes.sql").expect_err("no text").path, "v1:bytes.sql");
    assert_eq!(tree.source("z.sql").expect("text").text(), "z", "reading goes on after a large file");
}

#[test]
fn memory_is_a_tree() {
    let tree = Tree::memory([("b/x.sql", "x"), ("a", "a")]);
    assert_eq!(paths(&tree), ["a", "b/x.sql"]);
    assert_eq!(tree.source("b/x.sql").expect("text").path(), "b/x.sql");
}

#[test]
fn paths_are_joined_inside_the_root() {
    let cases = [
        ("", "a", Some("a")),
        ("a/b", "../c", Some("a/c")),
        ("a", "../..", None),
        ("a", ".", Some("a")),
        ("a", "./b//c/", Some("a/b/c")),
        ("", "..", None),
        ("a", "b\\c", Some("a/b/c")),
    ];
    for (folder, relative, expected) in cases {
        assert_eq!(join(folder, relative).as_deref(), expected, "{folder} {relative}");
    }
}
