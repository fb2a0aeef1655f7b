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

/// Texts of which many repetitions must cost no more than their length.
const REPEATED: [&str; 43] = [
    "(",
    ")",
    "'",
    "\"",
    "$a$",
    "$",
    "/*",
    "--",
    "\\",
    ";",
    ",",
    "a.",
    "a[",
    "::",
    "+",
    "<",
    "?",
    "@",
    "case ",
    "end ",
    "begin atomic ",
    "update set a ",
    "update set a = b ",
    "on conflict ",
    ") cycle ",
    ") as (a b ",
    "1 union select ",
    "a and ",
    "case when a = 1 then ",
    "merge into t using a join b on ",
    "a::b collate c ",
    "(a::b collate ",
    "create ",
    "create or replace rule ",
    "values (1), ",
    "(1), ",
    "join t using (a) as b ",
    "copy t from stdin;\n",
    "select $$ select $$ ",
    "if a then ",
    "u&\"",
    "E'\\",
    "é",
];

#[test]
#[expect(clippy::disallowed_methods, reason = "the test is about time")]
fn repetitions_are_linear_and_never_panic() {
    for dialect in [&postgres::DIALECT, &sqlite::DIALECT] {
        for text in REPEATED {
            for start in ["", "SELECT ", "DO $x$ BEGIN ", "CREATE TABLE t (a int DEFAULT "] {
                let started = std::time::Instant::now();
                let script = format!("{start}{}", text.repeat(5_000));
                parse(&script, dialect);
                // An unoptimised build takes about half a second for a megabyte.
                assert!(started.elapsed().as_secs() < 20, "{start}{text} {:?}", started.elapsed());
            }
        }
    }
}

#[test]
fn rows_of_seed_data_are_stepped_over() {
    let row = "(1, 'it''s; here', now()), ";
    let script =
        format!("INSERT INTO t (a, b, c) VALUES {}(2, '', NULL) ON CONFLICT DO NOTHING; SELECT 1", row.repeat(200_000));
    let statements = parse(&script, &postgres::DIALECT);
    assert_eq!(problems(&statements), [""; 0]);
    assert_eq!(statements.len(), 2);
    let StatementKind::Query(query) = &statements[0].kind else { panic!("not a query") };
    assert!(slice(&script, statements[0].span).ends_with("DO NOTHING"));
    assert_eq!(query.removed.len(), 1);
    assert!(query.tree.to_string().ends_with("ON CONFLICT DO NOTHING"));
}

#[test]
fn nested_bodies_end() {
    let mut script = "SELECT 1".to_string();
    for level in 0..40 {
        script = format!("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $t{level}$ {script} $t{level}$");
    }
    assert_eq!(problems(&parse(&script, &postgres::DIALECT)), [""; 0]);
    let blocks = format!("DO $$ {} NULL; {} $$", "BEGIN ".repeat(10_000), "END; ".repeat(10_000));
    assert!(format!("{:?}", parse(&blocks, &postgres::DIALECT)).contains("nested too deep"));
}
