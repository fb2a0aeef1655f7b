//! Input that would overflow a stack, take for ever or break slices. Tests run with 2 MB of stack.

use super::*;

/// What opens and closes a level.
const NESTS: [(&str, &str); 12] = [
    ("(", ")"),
    ("f(", ")"),
    ("(SELECT ", ")"),
    ("(SELECT * FROM (SELECT ", ") x)"),
    ("CASE WHEN ", " THEN 1 END"),
    ("1 IN (", ")"),
    ("a[", "]"),
    ("1 + (", ")"),
    ("- ", ""),
    ("NOT ", ""),
    ("1 OR ", ""),
    ("'a' || ", ""),
];

#[test]
fn nesting_is_refused_or_parsed_and_never_overflows() {
    for (open, close) in NESTS {
        for depth in [20, 60, 200, 990, 100_000] {
            let text = format!("SELECT {}1{}; SELECT 1", open.repeat(depth), close.repeat(depth));
            let statements = parse(&text, &postgres::DIALECT);
            assert_eq!(statements.len(), 2, "{open} {depth}");
            let refused = problems(&statements);
            if depth == 20 {
                assert_eq!(refused, [""; 0], "{open} {depth}");
            }
            if depth == 100_000 {
                assert_eq!(refused.len(), 1, "{open} {depth}");
            }
        }
    }
}
