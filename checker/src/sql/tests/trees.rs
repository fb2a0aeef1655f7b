//! Queries whose tree must say what the server understands, not what a generic parser makes of them.

use super::*;
use crate::sql::{RemovedKind, byte_span, parse_query};

fn tree(sql: &str, dialect: &'static Dialect) -> String {
    match parse_query(sql, dialect) {
        Ok(query) => query.tree.to_string(),
        Err(unparsed) => format!("{}: {}", unparsed.reason, slice(sql, unparsed.at)),
    }
}

/// What is written, and the tree as text.
const POSTGRES: [(&str, &str); 22] = [
    ("SELECT \"A\", B, \"c d\" FROM S.\"T\"", "SELECT \"A\", b, \"c d\" FROM s.\"T\""),
    ("SELECT a ISNULL, b.isnull", "SELECT a IS NULL, b.isnull"),
    ("SELECT a LIKE ALL ($1), b NOT ILIKE ANY ($2)", "SELECT a ~~ ALL($1), b !~~* ANY($2)"),
    ("SELECT a @> ANY ($1) AND b", "SELECT a @> ANY($1) AND b"),
    ("SELECT a = ANY (VALUES (1))", "SELECT a = ANY(SELECT * FROM (VALUES (1)) AS \"values\")"),
    ("SELECT date '2020-01-01', x.y 'z', interval '1' day", "SELECT date '2020-01-01', x.y 'z', INTERVAL '1' DAY"),
    ("SELECT a FROM ONLY t FOR NO KEY UPDATE", "SELECT a FROM t FOR UPDATE"),
    ("DELETE FROM ONLY (t) WHERE a", "DELETE FROM t WHERE a"),
    ("TABLE t", "SELECT * FROM t"),
    ("SELECT f(VARIADIC a)", "SELECT f(a)"),
    ("SELECT (t.r).*, t.*::text FROM t", "SELECT (t.r), (t.*)::TEXT FROM t"),
    ("UPDATE t SET a[1] = 2, (b.c, d) = (3, 4)", "UPDATE t SET a = 2, (b, d) = (3, 4)"),
    ("UPDATE t SET a = CASE WHEN b THEN 1 END, c[1] = 2", "UPDATE t SET a = CASE WHEN b THEN 1 END, c = 2"),
    ("INSERT INTO t (a[1], b.c) VALUES (1, 2)", "INSERT INTO t (a, b) VALUES (1, 2)"),
    ("SELECT xmlserialize(CONTENT a AS varchar(3))", "SELECT CAST(a AS VARCHAR(3))"),
    ("SELECT json_object('k': v RETURNING jsonb)", "SELECT json_object('k', v)::jsonb"),
    ("SELECT substring(a SIMILAR 'b' ESCAPE 'c')", "SELECT SUBSTRING(a FROM 'b' FOR 'c')"),
    ("SELECT * FROM f(1) AS (a int)", "SELECT * FROM f(1) AS \"f\" (a INT)"),
    ("SELECT a ceil, floor(b) AS floor FROM t sample", "SELECT a AS ceil, floor(b) AS floor FROM t sample"),
    ("SELECT U&'\\0041' || E'\\t' || $$x$$", "SELECT 'A' || '\t' || 'x'"),
    (
        "MERGE INTO t USING s ON a WHEN NOT MATCHED THEN INSERT DEFAULT VALUES",
        "MERGE INTO t USING s ON a WHEN NOT MATCHED THEN INSERT VALUES (default)",
    ),
    ("SELECT 1 -- no\n", "SELECT 1"),
];

const SQLITE: [(&str, &str); 9] = [
    ("SELECT \"A\", [B c], `D` FROM T", "SELECT \"a\", \"b c\", \"d\" FROM t"),
    (
        "SELECT a IS ?1, a IS NOT b, a IS NOT NULL",
        "SELECT a IS NOT DISTINCT FROM ?1, a IS DISTINCT FROM b, a IS NOT NULL",
    ),
    ("SELECT a NOT GLOB 'x' AND b", "SELECT NOT a GLOB 'x' AND b"),
    ("SELECT a IN t, b IN f(1)", "SELECT a IN (SELECT * FROM t), b IN (SELECT * FROM f(1))"),
    ("REPLACE INTO t VALUES (1)", "INSERT OR REPLACE INTO t VALUES (1)"),
    ("SELECT CAST(a AS UNSIGNED BIG INT)", "SELECT CAST(a AS \"UNSIGNED BIG INT\")"),
    ("SELECT * FROM t INDEXED BY i", "SELECT * FROM t"),
    ("SELECT * FROM (a, b)", "SELECT * FROM (a CROSS JOIN b)"),
    ("SELECT :a, @b, $c, ?, ?2", "SELECT :a, @b, $c, ?, ?2"),
];

#[test]
fn trees_say_what_the_server_understands() {
    for (sql, expected) in POSTGRES {
        assert_eq!(tree(sql, &postgres::DIALECT), expected);
    }
    for (sql, expected) in SQLITE {
        assert_eq!(tree(sql, &sqlite::DIALECT), expected);
    }
}

#[test]
fn what_is_taken_out_is_kept() {
    let sql = "INSERT INTO t (a) VALUES (1) ON CONFLICT (lower(b), c COLLATE \"C\" text_ops) WHERE d > 1 DO NOTHING";
    let query = parse_query(sql, &postgres::DIALECT).expect("a query");
    let RemovedKind::ConflictTarget { elements, predicate } = &query.removed[0].what else { panic!("not a target") };
    let keys: Vec<(Option<&str>, &str)> =
        elements.iter().map(|key| (key.column.as_ref().map(|it| &*it.text), &*key.expr.text)).collect();
    assert_eq!(keys, [(None, "lower(b)"), (Some("c"), "c")]);
    assert_eq!(elements[1].operator_class.as_ref().map(|it| &*it.name.text), Some("text_ops"));
    assert_eq!(predicate.as_ref().map(|it| &*it.text), Some("d > 1"));
    assert_eq!(slice(sql, query.removed[0].span), "(lower(b), c COLLATE \"C\" text_ops) WHERE d > 1");

    let query = parse_query("SELECT * FROM a JOIN b USING (x) AS j", &postgres::DIALECT).expect("a query");
    let RemovedKind::JoinAlias { alias, columns } = &query.removed[0].what else { panic!("not an alias") };
    assert_eq!((&*alias.text, &*columns[0].text), ("j", "x"));
}

#[test]
fn positions_in_trees_are_bytes() {
    use sqlparser::ast::{Expr, visit_expressions};
    let sql = "SELECT 'é', näme, f(b.\"C\") FROM t WHERE /* ü */ d = $1\n  AND e::text = 'x'";
    let query = parse_query(sql, &postgres::DIALECT).expect("a query");
    let mut found = Vec::new();
    let _ = visit_expressions(&*query.tree, |expr| {
        match expr {
            Expr::Identifier(name) => found.push((name.value.clone(), byte_span(name.span))),
            Expr::CompoundIdentifier(names) => {
                found.extend(names.iter().map(|name| (name.value.clone(), byte_span(name.span))));
            }
            _ => {}
        }
        std::ops::ControlFlow::<()>::Continue(())
    });
    assert_eq!(found.len(), 5);
    for (name, span) in found {
        assert_eq!(slice(sql, span.expect("a span")).trim_matches('"'), name);
    }
}

#[test]
fn one_query_is_asked_for() {
    let reason = |sql: &str| parse_query(sql, &postgres::DIALECT).map(|_| ()).map_err(|unparsed| unparsed.reason);
    assert_eq!(reason(" -- only this"), Err("no statement".to_string()));
    assert_eq!(reason("SELECT 1; SELECT 2;"), Err("more than one statement".to_string()));
    assert_eq!(reason("CREATE TABLE t ()"), Err("not a query".to_string()));
    assert_eq!(reason("SELECT a b c"), Err("expected the end of the statement, found c".to_string()));
    assert_eq!(reason("SELECT 1;"), Ok(()));
}
