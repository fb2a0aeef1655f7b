//! Input that means harm, or that a machine wrote: nothing panics, hangs or overflows the stack.

use super::*;

fn collected(text: String) -> Queries {
    let package =
        Package::from_manifest("", "[package]\nname = \"p\"\n[dependencies]\nsqlx = \"1\"\ndiesel = \"1\"", None);
    let package = Arc::new(package.expect("a package"));
    let scan = scan_file(&Source::new("src/lib.rs", text), &package);
    collect(&[scan], &[], &|_| None, &Options::default())
}

fn in_function(text: &str) -> String {
    format!("fn query() {{ let x = {text}; }}")
}

#[test]
fn deep_nesting_costs_its_file() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("vec![", "]"), ("f(", ")"), ("m!{", "}")] {
        let text = in_function(&format!("{}1{}", open.repeat(100_000), close.repeat(100_000)));
        assert_eq!(collected(text).unread.len(), 1, "{open}");
    }
    for unary in ["!", "-", "&", "*", "|x| ", "&&", "return ", "||"] {
        assert_eq!(collected(in_function(&format!("{}1", unary.repeat(30_000)))).unread.len(), 1, "{unary}");
    }
    for chained in ["+1", ".a()", "[0]", "?.b", " as u8", "(1)", "..=2", " = y"] {
        assert_eq!(collected(in_function(&format!("x{}", chained.repeat(30_000)))).unread.len(), 1, "{chained}");
    }
    assert_eq!(collected(in_function(&"if a {} else ".repeat(30_000))).unread.len(), 1);
    assert_eq!(
        collected(format!("fn query(x: {}u8{}) {{}}", "Vec<".repeat(25_000), ">".repeat(25_000))).unread.len(),
        1
    );
    assert_eq!(collected(format!("use sql::{}a{};", "{b::".repeat(25_000), "}".repeat(25_000))).unread.len(), 1);
}

#[test]
fn nesting_below_the_limits_is_borne() {
    let queries = collected(in_function(&format!("{}sqlx::query(\"SELECT 1\"){}", "(".repeat(200), ")".repeat(200))));
    assert_eq!((queries.queries.len(), queries.unread.len()), (1, 0));
    for deep in [
        format!("{}sqlx::query(\"SELECT 1\")", "!".repeat(9_000)),
        format!("sqlx::query(\"SELECT 1\"){}", ".a()".repeat(4_000)),
        format!("sqlx::query(\"SELECT 1\"){}", "+1".repeat(9_000)),
        format!("{}sqlx::query(\"SELECT 1\")", "|x| ".repeat(5_000)),
        format!("{}sqlx::query(\"SELECT 1\"){}", "vec![".repeat(200), "]".repeat(200)),
        format!("{}{{ sqlx::query(\"SELECT 1\") }}", "if a {} else ".repeat(3_000)),
    ] {
        let queries = collected(in_function(&deep));
        assert_eq!((queries.queries.len(), queries.unread.len()), (1, 0), "{}", deep.get(..40).unwrap_or_default());
    }
}

#[test]
fn many_statements_are_no_depth() {
    let text = format!("fn query() {{ {} }}", "sqlx::query(\"SELECT 1\"); ".repeat(3_000));
    assert_eq!(collected(text).queries.len(), 3_000);
    let text = "fn f() { sqlx::query(\"SELECT 1\") } ".repeat(3_000);
    assert_eq!(collected(text).queries.len(), 3_000);
}

#[test]
fn macros_that_never_end_end() {
    for rules in [
        "macro_rules! m { ($($x:tt)*) => { m!($($x)* a) }; } fn query() { m!(); }",
        "macro_rules! m { ($($x:tt)*) => { m!($($x)* $($x)*); m!($($x)* a) }; } fn query() { m!(a a a a); }",
        "macro_rules! a { () => { b!() }; } macro_rules! b { () => { a!() }; } fn query() { sqlx::query(a!()); }",
        "macro_rules! m { ($($($x:tt)*)*) => { $($($x)*)* }; } fn query() { m!(1 2 3); }",
        "macro_rules! m { ($x:tt) => { $y $($z)* $ }; ($) => {}; () => } fn query() { m!(1); }",
    ] {
        collected(rules.to_owned());
    }
}

#[test]
fn names_that_lead_in_circles_end() {
    let queries = collected("const A: &str = B; const B: &str = A; fn f() { sqlx::query(A); }".to_owned());
    assert_eq!((queries.queries.len(), queries.unresolved.len()), (0, 1));
    let mut text = "const A0: &str = \"SELECT 1\"; fn f() { sqlx::query(A40); }".to_owned();
    for at in 0..40 {
        text.push_str(&format!("const A{}: &str = concatcp!(A{at}, A{at});", at + 1));
    }
    let queries = collected(text);
    assert_eq!((queries.queries.len(), queries.unresolved.len()), (0, 1));
    let branches = "let s = format!(\"{s}{}\", if a { \"x\" } else { \"y\" }); ".repeat(30);
    let queries = collected(format!("fn f() {{ let s = \"SELECT 1\"; {branches} sqlx::query(&s); }}"));
    assert_eq!((queries.queries.len(), queries.unresolved.len()), (2, 0));
    collected("fn a(s: &str) { b(s) } fn b(s: &str) { a(s); sqlx::query(s); }".to_owned());
    collected("#[derive(Insertable)] #[diesel(table_name = t)] struct A { #[diesel(embed)] a: A } table! { t (id) { id -> Int4, } }".to_owned());
    collected(
        "#[derive(FromRow)] struct R { #[sqlx(flatten)] r: R } fn f() { sqlx::query_as::<_, R>(\"SELECT 1\"); }"
            .to_owned(),
    );
}

#[test]
fn broken_tokens_are_said() {
    for text in [
        "fn query() { \"no end",
        "fn query() { 'x",
        "fn query() { r##\"x\"# }",
        "query )",
        "/* no end query",
        "query \u{0}",
        "\u{feff}\u{feff}query",
        "#!query",
        "#!\nquery(",
        "query 0x",
        "query \"\\u{110000}\"",
        "query \"\\xff\"",
        "sql '",
        "fn query() { sqlx::query(\"a\\",
        "diesel::table! { } table! { a } table! { use } table! { #[x] a.b (c, ) { d } }",
        "sqlx::query!(); sqlx::query_as!(,); sqlx::query!(\"\" +); sqlx::query_file!(1); sqlx::query(c\"SELECT\");",
        "fn query() { format!(\"{\", 1); sqlx::query(&format!(\"SELECT {}{}{9}{:x}{{}\", 1)); sqlx::query(format!()) }",
        "#[diesel(table_name = )] #[derive(Insertable)] struct A(u8, #[diesel(column_name = \"x\")] u8);",
    ] {
        collected(text.to_owned());
        collected(format!("#[cfg(test)] mod t {{ {text} }}"));
    }
}

#[test]
fn lists_may_be_anything() {
    for text in [
        "[".repeat(100_000),
        format!("{{\"query\": \"{}\"", "\\".repeat(99)),
        "{\"query\": \"\\ud800\", \"describe\": {}}".into(),
    ] {
        let queries = collect(&[], &[Source::new(".sqlx/query-1.json", text)], &|_| None, &Options::default());
        assert_eq!(queries.unread.len(), 1);
    }
}
