//! What earlier runs read of files: a file that is as it was is not read again.
//!
//! An answer is kept under a hash of all that it depends on: the question, the file's path and text, and what else whoever
//! asks goes by. What spans files is never kept. Bytes of another program, or that are not whole, hold no answers.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::hash::{sum, wide_sum};
use crate::source::Source;

/// What bytes begin with; another number where the form changes.
const MAGIC: &str = "schemacheck sources 1 ";

/// What is known of files.
#[derive(Debug, Default)]
pub struct Known {
    bytes: Vec<u8>,
    before: HashMap<u128, Range<usize>>,
    /// The answers of this run, old and new: what nobody asks for is forgotten.
    now: Mutex<BTreeMap<u128, Vec<u8>>>,
    worked: AtomicUsize,
}

/// What is asked of a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Question {
    /// Which migration tools it calls.
    Calls = 1,
    /// Which modules only tests compile.
    TestModules = 2,
    /// Which queries it sends.
    Queries = 3,
}

/// How an answer becomes bytes, and comes back from them.
pub(super) struct Form<W, R> {
    /// Nothing for an answer that is not to be kept.
    pub(super) write: W,
    /// Nothing where the bytes are something else.
    pub(super) read: R,
}

impl Known {
    /// What [`Known::to_bytes`] of the same `maker` wrote; nothing is known from other bytes.
    pub fn from_bytes(bytes: Vec<u8>, maker: &str) -> Known {
        let before = entries(&bytes, maker).unwrap_or_default();
        Known { bytes, before, ..Known::default() }
    }

    /// The answers of this run. `maker` tells apart programs that may answer otherwise.
    pub fn to_bytes(&self, maker: &str) -> Vec<u8> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let mut body = Vec::new();
        for (key, answer) in &*now {
            // An answer without its length is as good as none.
            let Ok(length) = u32::try_from(answer.len()) else { continue };
            body.extend_from_slice(&key.to_le_bytes());
            body.extend_from_slice(&length.to_le_bytes());
            body.extend_from_slice(answer);
        }
        let mut bytes = format!("{}{:016x} {}\n", head(maker), sum(&body), body.len()).into_bytes();
        bytes.append(&mut body);
        bytes
    }

    /// How often an answer was not known.
    pub fn worked(&self) -> usize {
        self.worked.load(Ordering::Relaxed)
    }

    /// The answer of an earlier run, else what `work` gives. `about` is all that the answer depends on beside the file.
    pub(super) fn recall<T>(
        known: Option<&Known>,
        (question, source, about): (Question, &Source, &str),
        form: &Form<impl Fn(&T) -> Option<Vec<u8>>, impl Fn(&[u8]) -> Option<T>>,
        work: impl FnOnce() -> T,
    ) -> T {
        let Some(known) = known else { return work() };
        let parts = [about, source.path(), source.text()];
        let key = parts.iter().fold(question as u128, |sum, part| wide_sum(sum, part.as_bytes()));
        let kept = known.before.get(&key).and_then(|range| known.bytes.get(range.clone()));
        let (answer, bytes) = match kept.and_then(|bytes| Some(((form.read)(bytes)?, bytes.to_vec()))) {
            Some((answer, bytes)) => (answer, Some(bytes)),
            None => {
                known.worked.fetch_add(1, Ordering::Relaxed);
                let answer = work();
                let bytes = (form.write)(&answer);
                (answer, bytes)
            }
        };
        if let Some(bytes) = bytes {
            known.now.lock().unwrap_or_else(PoisonError::into_inner).insert(key, bytes);
        }
        answer
    }
}

fn head(maker: &str) -> String {
    format!("{MAGIC}{:032x} ", wide_sum(0, maker.as_bytes()))
}

/// Where each answer is; none where the bytes are not what [`Known::to_bytes`] wrote.
fn entries(bytes: &[u8], maker: &str) -> Option<HashMap<u128, Range<usize>>> {
    let end_of_line = bytes.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(bytes.get(..end_of_line)?).ok()?;
    let (told, length) = line.strip_prefix(&head(maker))?.split_once(' ')?;
    let body = bytes.get(end_of_line + 1..)?;
    if length.parse() != Ok(body.len()) || format!("{:016x}", sum(body)) != told {
        return None;
    }
    let mut found = HashMap::new();
    let mut at = end_of_line + 1;
    while at < bytes.len() {
        let key = u128::from_le_bytes(bytes.get(at..at + 16)?.try_into().ok()?);
        let length = u32::from_le_bytes(bytes.get(at + 16..at + 20)?.try_into().ok()?);
        at += 20;
        let range = at..at.checked_add(usize::try_from(length).ok()?)?;
        at = range.end;
        bytes.get(range.clone())?;
        found.insert(key, range);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(known: &Known, question: Question, path: &str, text: &str, about: &str) -> String {
        let form = Form {
            write: |answer: &String| Some(answer.clone().into_bytes()),
            read: |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok(),
        };
        let asked = (question, &Source::new(path, text), about);
        Known::recall(Some(known), asked, &form, || format!("{question:?} {path} {text} {about}"))
    }

    #[test]
    fn an_answer_is_kept_for_as_long_as_all_that_it_depends_on_is_the_same() {
        let first = Known::default();
        ask(&first, Question::Queries, "a.rs", "one", "p");
        ask(&first, Question::Calls, "b.rs", "two", "");
        assert_eq!(first.worked(), 2);
        let bytes = first.to_bytes("me");
        let second = Known::from_bytes(bytes.clone(), "me");
        assert_eq!(ask(&second, Question::Queries, "a.rs", "one", "p"), "Queries a.rs one p");
        assert_eq!(second.worked(), 0);
        for (question, path, text, about) in [
            (Question::Calls, "a.rs", "one", "p"),
            (Question::Queries, "b.rs", "one", "p"),
            (Question::Queries, "a.rs", "two", "p"),
            (Question::Queries, "a.rs", "one", "q"),
            (Question::Queries, "a.r", "sone", "p"),
            (Question::Queries, "pa.rs", "one", ""),
        ] {
            let before = second.worked();
            assert_eq!(ask(&second, question, path, text, about), format!("{question:?} {path} {text} {about}"));
            assert_eq!(second.worked(), before + 1, "{question:?} {path} {text} {about}");
        }
        let third = Known::from_bytes(bytes, "me");
        ask(&third, Question::Calls, "b.rs", "two", "");
        let fourth = Known::from_bytes(third.to_bytes("me"), "me");
        ask(&fourth, Question::Queries, "a.rs", "one", "p");
        assert_eq!(fourth.worked(), 1, "what nobody asked for is forgotten");
    }

    #[test]
    fn other_bytes_hold_no_answers() {
        let known = Known::default();
        ask(&known, Question::Queries, "a.rs", "one", "p");
        let bytes = known.to_bytes("me");
        let knows = |bytes: Vec<u8>, maker: &str| {
            let known = Known::from_bytes(bytes, maker);
            assert_eq!(ask(&known, Question::Queries, "a.rs", "one", "p"), "Queries a.rs one p");
            known.worked() == 0
        };
        assert!(knows(bytes.clone(), "me") && !knows(bytes.clone(), "you") && !knows(Vec::new(), "me"));
        for length in 0..bytes.len() {
            assert!(!knows(bytes[..length].to_vec(), "me"), "{length}");
        }
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert!(!knows(other, "me"), "{at}");
        }
        assert!(!knows([&bytes[..], &bytes[..]].concat(), "me"));
    }
}
