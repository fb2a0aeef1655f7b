//! Patterns of paths: `*` and `?` within a component, `**` for any number of components, `[…]` for one of several characters.

/// Whether a path matches a pattern, component by component.
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.trim_start_matches("./").trim_end_matches('/').split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    sequence(&pattern, &path, |part| *part == "**", |part, component| component_matches(part, component))
}

/// Whether a pattern has anything that stands for more than itself.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

fn component_matches(pattern: &str, text: &str) -> bool {
    let pattern = pieces(pattern);
    let text: Vec<char> = text.chars().collect();
    sequence(&pattern, &text, |piece| *piece == Piece::Any, |piece, c| piece.matches(*c))
}

/// One element of a component's pattern.
#[derive(PartialEq)]
enum Piece {
    Any,
    One,
    Char(char),
    Set(Vec<(char, char)>, bool),
}

impl Piece {
    fn matches(&self, c: char) -> bool {
        match self {
            Piece::Any => false,
            Piece::One => true,
            Piece::Char(own) => *own == c,
            Piece::Set(ranges, negated) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated,
        }
    }
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        pieces.push(match c {
            '*' => Piece::Any,
            '?' => Piece::One,
            '[' => match set(rest) {
                Some((set, after)) => {
                    rest = after;
                    set
                }
                None => Piece::Char('['),
            },
            c => Piece::Char(c),
        });
    }
    pieces
}

/// What stands between brackets, and the text after them.
fn set(text: &str) -> Option<(Piece, &str)> {
    let negated = text.starts_with(['!', '^']);
    let inner = if negated { &text[1..] } else { text };
    let first = inner.chars().next()?.len_utf8();
    let end = first + inner.get(first..)?.find(']')?;
    let chars: Vec<char> = inner[..end].chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(from) = chars.get(at) {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(to)) => {
                ranges.push((*from, *to));
                at += 3;
            }
            _ => {
                ranges.push((*from, *from));
                at += 1;
            }
        }
    }
    Some((Piece::Set(ranges, negated), &inner[end + 1..]))
}

/// Matches a row of pattern elements, some of which stand for any number of items, in time proportional to the product.
fn sequence<P, T>(pattern: &[P], items: &[T], any: impl Fn(&P) -> bool, one: impl Fn(&P, &T) -> bool) -> bool {
    let (mut at, mut item) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while item < items.len() {
        match pattern.get(at) {
            Some(element) if any(element) => {
                retry = Some((at + 1, item));
                at += 1;
            }
            Some(element) if one(element, &items[item]) => {
                at += 1;
                item += 1;
            }
            _ => {
                let Some((after, from)) = retry else { return false };
                retry = Some((after, from + 1));
                at = after;
                item = from + 1;
            }
        }
    }
    pattern[at..].iter().all(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_paths() {
        let yes = [
            ("crates/*", "crates/a"),
            ("./crates/*/", "crates/a"),
            ("**/x.sql", "x.sql"),
            ("**/x.sql", "a/b/x.sql"),
            ("src/**", "src/a/b"),
            ("a/**/b/*.rs", "a/x/y/b/z.rs"),
            ("v[0-9]*", "v1.2"),
            ("v[!a-z]?", "v10"),
            ("[", "["),
            ("[]x]y", "]y"),
            ("*é*", "aéb"),
        ];
        for (pattern, path) in yes {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        let no = [
            ("crates/*", "crates/a/b"),
            ("crates/*", "crates"),
            ("v[0-9]", "vx"),
            ("a/**/b", "a/x"),
            ("", "a"),
            ("?", ""),
        ];
        for (pattern, path) in no {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
        let long = "a".repeat(5_000);
        assert!(!matches(&"*a".repeat(200).replace("aa", "a"), &format!("{long}b")));
    }
}
