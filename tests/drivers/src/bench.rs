//! A schema, its changes, and what a call did under them.

use std::thread;

/// What all calls start from.
pub const BEFORE: &str = "
    DROP TABLE IF EXISTS t, ab;
    CREATE TABLE t (k text NOT NULL, v int8 NOT NULL, w int4 NOT NULL);
    INSERT INTO t VALUES ('00000000-0000-0000-0000-000000000001', 7, 5);
    CREATE TABLE ab (a int4 NOT NULL, b int4 NOT NULL);
    INSERT INTO ab VALUES (1, 2)";

/// A text parameter compared with `k` no longer fits, where the driver says that it is text.
const RETYPED_PARAMETER: &str = "ALTER TABLE t ALTER k TYPE uuid USING k::uuid";

/// The result of a statement over `w` is another.
const RETYPED_KEPT: &str = "ALTER TABLE t ALTER w TYPE int8";

/// `v` is of another type of the same length.
const RETYPED_RESULT: &str = "ALTER TABLE t ALTER v TYPE float8";

/// The columns of `ab` in another order.
const SWAPPED: &str = "
    DROP TABLE ab;
    CREATE TABLE ab (b int4 NOT NULL, a int4 NOT NULL);
    INSERT INTO ab (a, b) VALUES (1, 2)";

/// What a call is asked.
pub const BY_TEXT: &str = "SELECT w FROM t WHERE k = $1";
pub const KEY: &str = "00000000-0000-0000-0000-000000000001";
pub const KEPT: &str = "SELECT w FROM t";
pub const TYPED: &str = "SELECT v FROM t";
pub const PLACED: &str = "SELECT * FROM ab";

/// What a driver said.
pub type Said<T> = Result<T, Failure>;

/// A failure: the server's code where the server failed.
#[derive(Debug)]
pub struct Failure {
    pub code: Option<String>,
    #[expect(dead_code, reason = "it is shown where a call fails otherwise than expected")]
    pub words: String,
}

/// What a call does, where that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// The caller decides.
    Depends,
    /// It returns nothing that could be looked at.
    Nothing,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    pub call: &'static str,
    pub declares: Answer,
    pub keeps: Answer,
    /// `Yes`: it refuses a type that it was not made for.
    pub checks: Answer,
    pub by_position: Answer,
}

pub struct Bench {
    pub url: String,
    rows: Vec<Row>,
}

impl Bench {
    pub fn new(url: String) -> Bench {
        Bench { url, rows: Vec::new() }
    }

    pub fn lines(&self) -> impl Iterator<Item = String> {
        let word = |answer: Answer| match answer {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Depends => "depends",
            Answer::Nothing => "nothing",
        };
        self.rows.iter().map(move |row| {
            let answers = [row.declares, row.keeps, row.checks, row.by_position].map(word);
            format!("{}\t{}", row.call, answers.join("\t"))
        })
    }

    pub fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Runs statements in a session of their own.
    fn change(&self, sql: &str) {
        let (url, sql) = (self.url.clone(), sql.to_owned());
        let done = thread::spawn(move || {
            let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("a session");
            client.batch_execute(&sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        });
        done.join().expect("the change");
    }

    pub fn start(&self) {
        self.change(BEFORE);
    }

    pub fn retype_parameter(&self) {
        self.change(RETYPED_PARAMETER);
    }

    pub fn retype_kept(&self) {
        self.change(RETYPED_KEPT);
    }

    pub fn retype_result(&self) {
        self.change(RETYPED_RESULT);
    }

    pub fn swap(&self) {
        self.change(SWAPPED);
    }
}

/// Whether a text parameter beside a `uuid` failed because the driver says that it is text.
pub fn declares(said: &Said<()>) -> Answer {
    match said {
        Err(failure) if matches!(failure.code.as_deref(), Some("42883" | "42804")) => Answer::Yes,
        _ => Answer::No,
    }
}

/// Whether the second execution failed because the statement was kept.
pub fn keeps(first: &Said<()>, second: &Said<()>) -> Answer {
    if let Err(failure) = first {
        panic!("the first execution failed: {failure:?}");
    }
    match second {
        Err(failure) if failure.code.as_deref() == Some("0A000") => Answer::Yes,
        _ => Answer::No,
    }
}

/// Whether eight bytes of another type were refused.
pub fn checks(said: &Said<i64>) -> Answer {
    match said {
        Ok(_) => Answer::No,
        Err(failure) if failure.code.is_none() => Answer::Yes,
        Err(failure) => panic!("the server failed: {failure:?}"),
    }
}

/// Whether the first column came for `a`, though it is named `b` now.
pub fn by_position(said: &Said<i32>) -> Answer {
    match said {
        Ok(1) => Answer::No,
        Ok(2) => Answer::Yes,
        other => panic!("neither column: {other:?}"),
    }
}

/// Both ways to call it.
pub fn either(one: Answer, other: Answer) -> Answer {
    if one == other { one } else { Answer::Depends }
}
