//! Reading a git repository through the `git` command: objects and refs only, never the network, never the work tree.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::error::{Error, ErrorKind};
use super::tree::{LARGEST_FILE, Listing, is_listed, join, parent, too_large};

/// A git repository, with or without a work tree.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Where commands run.
    folder: PathBuf,
    /// The folder's path inside the repository, without a slash at its end; empty at the top.
    pub prefix: String,
}

/// A commit that changes something that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touching {
    /// Its id.
    pub id: String,
    /// Its first parent's id.
    pub parent: String,
    /// The first line of its message.
    pub subject: String,
}

/// The files of a commit.
pub(super) struct CommitListing {
    /// Files and links.
    pub(super) listing: Listing,
    /// The object of each file.
    pub(super) ids: BTreeMap<String, String>,
}

/// A long-lived `git cat-file --batch`.
pub(super) struct Objects {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Repository {
    /// The repository that a folder belongs to; `None` where it belongs to none.
    ///
    /// # Errors
    ///
    /// `git` is not installed, or refuses the repository (for instance because another user owns it).
    pub fn discover(folder: &Path) -> Result<Option<Repository>, Error> {
        let repository = Repository { folder: folder.to_owned(), prefix: String::new() };
        match repository.output(["rev-parse", "--show-prefix"])? {
            Ok(prefix) => Ok(Some(Repository { prefix: prefix.trim_end_matches('/').to_owned(), ..repository })),
            Err(message) if message.contains("not a git repository") => Ok(None),
            Err(message) => Err(Error::new(ErrorKind::Git, message).at(folder.display().to_string())),
        }
    }

    /// The full id of the commit that a revision names; `None` where the repository does not have it.
    ///
    /// # Errors
    ///
    /// `git` is missing.
    pub fn commit(&self, revision: &str) -> Result<Option<String>, Error> {
        let wanted = format!("{revision}^{{commit}}");
        let found = self.output(["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?.ok();
        Ok(found.filter(|id| is_id(id)))
    }

    /// The best common ancestor of two commits.
    ///
    /// # Errors
    ///
    /// `git` is missing.
    pub fn merge_base(&self, a: &str, b: &str) -> Result<Option<String>, Error> {
        let found = self.output(["merge-base", a, b])?.ok();
        Ok(found.and_then(|ids| ids.lines().next().map(str::to_owned)))
    }

    /// The parents that a commit names, whether or not the repository has them: a shallow clone hides them.
    ///
    /// # Errors
    ///
    /// `git` is missing or the commit is not there.
    pub fn parents(&self, commit: &str) -> Result<Vec<String>, Error> {
        let text = self.required(["cat-file", "commit", commit])?;
        Ok(text
            .lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.strip_prefix("parent "))
            .map(str::to_owned)
            .collect())
    }

    /// The tags whose names match a glob and whose commits are ancestors of `commit`, each with its commit.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails.
    pub fn tags(&self, glob: &str, commit: &str) -> Result<Vec<(String, String)>, Error> {
        let merged = format!("--merged={commit}");
        let format = "--format=%(refname:strip=2) %(objectname) %(*objectname)";
        let text = self.required(["tag", "--list", &merged, format, "--end-of-options", glob])?;
        Ok(text
            .lines()
            .filter_map(|line| {
                let mut words = line.split(' ');
                let (name, object, peeled) = (words.next()?, words.next()?, words.next().unwrap_or(""));
                Some((name.to_owned(), if peeled.is_empty() { object } else { peeled }.to_owned()))
            })
            .collect())
    }

    /// Whether older commits are missing.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails.
    pub fn is_shallow(&self) -> Result<bool, Error> {
        Ok(self.required(["rev-parse", "--is-shallow-repository"])? == "true")
    }

    /// The branch that is checked out; `None` where none is.
    ///
    /// # Errors
    ///
    /// `git` is missing.
    pub fn branch(&self) -> Result<Option<String>, Error> {
        Ok(self.output(["symbolic-ref", "--quiet", "--short", "HEAD"])?.ok())
    }

    /// Whether there is a remote to fetch from.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails.
    pub fn has_remote(&self) -> Result<bool, Error> {
        Ok(!self.required(["remote"])?.is_empty())
    }

    /// The name of the remote to compare with and to fetch from.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails.
    pub fn remote(&self) -> Result<String, Error> {
        let remotes = self.required(["remote"])?;
        let names: Vec<&str> = remotes.lines().collect();
        Ok(match names.as_slice() {
            [only] => (*only).to_owned(),
            names if names.contains(&"upstream") && !names.contains(&"origin") => "upstream".to_owned(),
            _ => "origin".to_owned(),
        })
    }

    /// The commit of a branch: as the remote has it, else the local one. With the ref's short name.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails.
    pub fn branch_commit(&self, branch: &str) -> Result<Option<(String, String)>, Error> {
        let remote = self.remote()?;
        for (name, full) in [
            (format!("{remote}/{branch}"), format!("refs/remotes/{remote}/{branch}")),
            (branch.to_owned(), format!("refs/heads/{branch}")),
        ] {
            if let Some(commit) = self.commit(&full)? {
                return Ok(Some((name, commit)));
            }
        }
        Ok(None)
    }

    /// The default branch: what the remote says, else the first of the usual names that exists.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails.
    pub fn default_branch(&self) -> Result<Option<String>, Error> {
        let remote = self.remote()?;
        let head = format!("refs/remotes/{remote}/HEAD");
        if let Ok(target) = self.output(["symbolic-ref", "--quiet", &head])? {
            let prefix = format!("refs/remotes/{remote}/");
            return Ok(target.strip_prefix(&prefix).map(str::to_owned));
        }
        for name in ["main", "master", "trunk", "develop"] {
            if self.branch_commit(name)?.is_some() {
                return Ok(Some(name.to_owned()));
            }
        }
        Ok(None)
    }

    /// The files below the folder that differ from `HEAD` or are not tracked, relative to the repository's top.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails.
    pub fn changed_files(&self) -> Result<Vec<String>, Error> {
        let text =
            self.required(["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", "."])?;
        Ok(text.split('\0').filter_map(|entry| entry.get(3..)).map(str::to_owned).collect())
    }

    /// The last commits of this branch that change something below these folders, newest first, each with its first parent.
    /// Paths are relative to the folder that the repository was opened with.
    ///
    /// # Errors
    ///
    /// `git` is missing or fails.
    pub fn touching(&self, folders: &[String], last: usize) -> Result<Vec<Touching>, Error> {
        let count = format!("--max-count={last}");
        let mut command =
            self.command(["log", "--first-parent", "--min-parents=1", &count, "--format=%H%x09%P%x09%s", "HEAD", "--"]);
        command.args(folders.iter().map(|folder| if folder.is_empty() { "." } else { folder.as_str() }));
        let output = command.output().map_err(|error| missing_git(&error))?;
        if !output.status.success() {
            return Err(Error::new(ErrorKind::Git, complaint(&output.stderr)));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let commit = |line: &str| {
            let mut parts = line.splitn(3, '\t');
            let (id, parents, subject) = (parts.next()?, parts.next()?, parts.next()?);
            let parent = parents.split(' ').next()?.to_owned();
            Some(Touching { id: id.to_owned(), parent, subject: subject.to_owned() })
        };
        Ok(text.lines().filter_map(commit).collect())
    }

    /// Whether git ignores a path of the work tree.
    pub fn ignores(&self, path: &Path) -> bool {
        self.command(["check-ignore", "-q", "--"]).arg(path).status().is_ok_and(|status| status.success())
    }

    /// A short form of a commit's id.
    pub fn short(commit: &str) -> &str {
        commit.get(..10).unwrap_or(commit)
    }

    /// The process that reads objects.
    pub(super) fn objects(&self) -> Result<Objects, Error> {
        let mut child = self
            .command(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| missing_git(&error))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = output.ok_or_else(|| Error::new(ErrorKind::Git, "git has no output"))?;
        Ok(Objects { child, input, output: BufReader::new(output) })
    }

    /// The files of a commit below a folder of the repository, with paths relative to it.
    pub(super) fn list(&self, commit: &str, prefix: &str, objects: &mut Objects) -> Result<CommitListing, Error> {
        let mut found = CommitListing { listing: Listing::default(), ids: BTreeMap::new() };
        let top = format!("{commit}^{{tree}}");
        let tree = if prefix.is_empty() { top.clone() } else { format!("{commit}:{prefix}") };
        if self.output(["rev-parse", "--verify", "--quiet", "--end-of-options", &tree])?.is_err() {
            self.required(["rev-parse", "--verify", "--end-of-options", &top])?;
            return Ok(found);
        }
        let text = self.required_bytes(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", &tree])?;
        for entry in text.split(|byte| *byte == 0) {
            let Some((mode, id, path)) = listed(entry) else { continue };
            if !path.split('/').rev().skip(1).all(is_listed) {
                continue;
            }
            match mode {
                "120000" => {
                    let target = objects.read(id).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                    if let Some(target) = target.filter(|t| !t.starts_with('/')).and_then(|t| join(parent(path), &t)) {
                        found.listing.links.push((path.to_owned(), target));
                    }
                }
                "160000" => {}
                _ => {
                    found.listing.files.push(path.to_owned());
                    found.ids.insert(path.to_owned(), id.to_owned());
                }
            }
        }
        Ok(found)
    }

    fn command<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, arguments: I) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.folder)
            .arg("--no-pager")
            .args(arguments)
            .env("LC_ALL", "C")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .stdin(Stdio::null());
        command
    }

    /// What a command prints without the line end, or what it complains about.
    fn output<const N: usize>(&self, arguments: [&str; N]) -> Result<Result<String, String>, Error> {
        let output = self.command(arguments).output().map_err(|error| missing_git(&error))?;
        if output.status.success() {
            Ok(Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()))
        } else {
            Ok(Err(complaint(&output.stderr)))
        }
    }

    fn required<const N: usize>(&self, arguments: [&str; N]) -> Result<String, Error> {
        let bytes = self.required_bytes(arguments)?;
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
    }

    fn required_bytes<const N: usize>(&self, arguments: [&str; N]) -> Result<Vec<u8>, Error> {
        let output = self.command(arguments).output().map_err(|error| missing_git(&error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let message = format!("`git {}` failed: {}", arguments.join(" "), complaint(&output.stderr));
        Err(Error::new(ErrorKind::Git, message).at(self.folder.display().to_string()))
    }
}

impl Objects {
    /// The bytes of an object.
    pub(super) fn read(&mut self, id: &str) -> Result<Vec<u8>, String> {
        self.try_read(id).map_err(|error| format!("git stopped answering: {error}"))?
    }

    fn try_read(&mut self, id: &str) -> io::Result<Result<Vec<u8>, String>> {
        let input = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        input.write_all(format!("{id}\n").as_bytes())?;
        input.flush()?;
        let mut header = String::new();
        self.output.read_line(&mut header)?;
        let Some(size) = header.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok()) else {
            return Ok(Err("the clone does not have this object".to_owned()));
        };
        if size > LARGEST_FILE {
            io::copy(&mut (&mut self.output).take(size + 1), &mut io::sink())?;
            return Ok(Err(too_large(size)));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        (&mut self.output).take(size).read_to_end(&mut bytes)?;
        let mut end = [0];
        self.output.read_exact(&mut end)?;
        Ok(Ok(bytes))
    }
}

/// Ends the process: without its input it stops by itself, and it is waited for.
impl Drop for Objects {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// Mode, object and path of an entry of `git ls-tree -z`.
fn listed(entry: &[u8]) -> Option<(&str, &str, &str)> {
    let entry = std::str::from_utf8(entry).ok()?;
    let (meta, path) = entry.split_once('\t')?;
    let mut words = meta.split(' ');
    Some((words.next()?, words.nth(1)?, path))
}

fn is_id(text: &str) -> bool {
    text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The last line of what git complains about, without its prefix.
fn complaint(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().find(|line| line.starts_with("fatal: ") || line.starts_with("error: "));
    let line = line.or_else(|| text.lines().last()).unwrap_or("it gave no reason");
    line.trim_start_matches("fatal: ").trim_start_matches("error: ").to_owned()
}

fn missing_git(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::new(ErrorKind::Git, "the `git` command is not installed or not on the PATH")
            .help(
                "install git, or name the running release without it: `--baseline-root DIR` or `--baseline-file FILE`",
            ),
        _ => Error::new(ErrorKind::Git, format!("the `git` command cannot be started: {error}")),
    }
}
