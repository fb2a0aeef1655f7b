//! Reading a repository's objects: no checkout, no change to the repository.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::rc::Rc;

use crate::{Result, failure};

/// A repository and a process that hands out its objects.
#[derive(Debug)]
pub struct Repository {
    folder: PathBuf,
    batch: Child,
    answers: BufReader<ChildStdout>,
    texts: HashMap<String, Rc<str>>,
}

/// One commit beside its first parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Full object name.
    pub id: String,
    /// Full object name of the first parent.
    pub parent: String,
    /// Day of the commit.
    pub date: String,
    /// First line of the message.
    pub subject: String,
}

/// A file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From the repository's root.
    pub path: String,
    /// Object name of the content.
    pub object: String,
}

impl Repository {
    /// Opens a repository, bare or not.
    ///
    /// # Errors
    ///
    /// When git cannot be run.
    pub fn open(folder: &Path) -> Result<Repository> {
        let mut batch = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = batch.stdout.take().ok_or_else(|| failure("git cat-file has no output".into()))?;
        let answers = BufReader::new(answers);
        Ok(Repository { folder: folder.to_owned(), batch, answers, texts: HashMap::new() })
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The commits of a range that add files below some paths, oldest first, each against its first parent.
    ///
    /// # Errors
    ///
    /// What git says.
    pub fn commits_adding(&self, range: &str, paths: &[String], every_commit: bool) -> Result<Vec<Commit>> {
        let mut arguments = vec!["log", "--reverse", "--topo-order", "--full-history", "--diff-merges=first-parent"];
        arguments.extend(["--no-patch", "--diff-filter=AR", "--date=short", "--format=%H%x09%P%x09%ad%x09%s"]);
        if !every_commit {
            arguments.push("--first-parent");
        }
        arguments.extend([range, "--"]);
        arguments.extend(paths.iter().map(String::as_str));
        let output = self.run(&arguments)?;
        Ok(output.lines().filter_map(commit).collect())
    }

    /// All files of a commit below some paths.
    ///
    /// # Errors
    ///
    /// What git says.
    pub fn files(&self, revision: &str, paths: &[String]) -> Result<Vec<Entry>> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", revision, "--"];
        arguments.extend(paths.iter().map(String::as_str));
        let output = self.run(&arguments)?;
        Ok(output.split('\0').filter_map(entry).collect())
    }

    /// The text of an object; bytes that are no UTF-8 are replaced.
    ///
    /// # Errors
    ///
    /// When git does not have it.
    pub fn text(&mut self, object: &str) -> Result<Rc<str>> {
        if let Some(text) = self.texts.get(object) {
            return Ok(Rc::clone(text));
        }
        let stdin = self.batch.stdin.as_mut().ok_or_else(|| failure("git cat-file has no input".into()))?;
        writeln!(stdin, "{object}")?;
        stdin.flush()?;
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let size = header.split_whitespace().nth(2).and_then(|size| size.parse::<usize>().ok());
        let size = size.ok_or_else(|| failure(format!("git cat-file: {}", header.trim())))?;
        let mut bytes = vec![0; size + 1];
        self.answers.read_exact(&mut bytes)?;
        bytes.truncate(size);
        let text: Rc<str> = String::from_utf8_lossy(&bytes).into();
        self.texts.insert(object.to_owned(), Rc::clone(&text));
        Ok(text)
    }

    /// Writes the files of a commit below some paths into a folder.
    ///
    /// # Errors
    ///
    /// When git or the file system refuses.
    pub fn export(&mut self, revision: &str, keep: impl Fn(&str) -> bool, into: &Path) -> Result<()> {
        for entry in self.files(revision, &[])? {
            if !keep(&entry.path) {
                continue;
            }
            let text = self.text(&entry.object)?;
            let path = into.join(&entry.path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text.as_bytes())?;
        }
        Ok(())
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new("git").arg("-C").arg(&self.folder).args(arguments).output()?;
        if !output.status.success() {
            return Err(failure(format!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr))));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        drop(self.batch.stdin.take());
        // A process that cannot be waited for is nothing that can be helped here.
        let _ = self.batch.wait();
    }
}

fn commit(line: &str) -> Option<Commit> {
    let mut fields = line.split('\t');
    let (id, parents, date) = (fields.next()?, fields.next()?, fields.next()?);
    Some(Commit {
        id: id.to_owned(),
        parent: parents.split_whitespace().next()?.to_owned(),
        date: date.to_owned(),
        subject: fields.next().unwrap_or_default().to_owned(),
    })
}

fn entry(line: &str) -> Option<Entry> {
    let (header, path) = line.split_once('\t')?;
    let mut fields = header.split_whitespace();
    let (mode, kind, object) = (fields.next()?, fields.next()?, fields.next()?);
    (kind == "blob" && mode != "120000").then(|| Entry { path: path.to_owned(), object: object.to_owned() })
}
