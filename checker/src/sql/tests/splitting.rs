//! Scripts to statements.

use super::*;

#[test]
fn semicolons_end_statements_outside_of_quotes_and_comments() {
    let script = "\u{feff}-- only ; a comment\nSELECT ';' /* ; /* ; */ */, \";\", $a$;$$;$a$, E'\\';' ;;\n\nSELECT 2";
    assert_eq!(
        texts(script, &postgres::DIALECT),
        ["SELECT ';' /* ; /* ; */ */, \";\", $a$;$$;$a$, E'\\';'", "SELECT 2"]
    );
    let script = "SELECT ';', \"a;\", `b;`, [c;] /* /* ; */; SELECT 2 -- ;";
    assert_eq!(texts(script, &sqlite::DIALECT), ["SELECT ';', \"a;\", `b;`, [c;]", "SELECT 2"]);
    assert!(parse("-- nothing\n /* here */ ;", &postgres::DIALECT).is_empty());
}

#[test]
fn bodies_keep_their_semicolons() {
    let script =
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; SELECT 1; END; SELECT 3;";
    assert_eq!(texts(script, &sqlite::DIALECT)[1..], ["SELECT 3"]);
    let script =
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3";
    assert_eq!(texts(script, &postgres::DIALECT)[1..], ["SELECT 3"]);
    let script = "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3";
    assert_eq!(texts(script, &postgres::DIALECT)[1..], ["SELECT 3"]);
    assert_eq!(texts("BEGIN; SELECT 1; END; SELECT 2", &postgres::DIALECT).len(), 4);
}

#[test]
fn client_commands_and_copied_rows_are_stepped_over() {
    let script = "\\set x 1\nCOPY t (a) FROM stdin;\n1;2'\n\\.\n\\connect db\nSELECT 1\\gexec\nSELECT 2;";
    assert_eq!(texts(script, &postgres::DIALECT), ["COPY t (a) FROM stdin", "SELECT 1", "SELECT 2"]);
}

#[test]
fn an_unclosed_quote_spoils_only_the_rest() {
    let statements = parse("SELECT 1; SELECT foo, 'bar; SELECT 2", &postgres::DIALECT);
    assert_eq!(problems(&statements), ["unterminated string"]);
    let StatementKind::Unparsed(unparsed) = &statements[1].kind else { panic!("not unparsed") };
    let identifiers: Vec<&str> = unparsed.identifiers.iter().map(|it| &**it).collect();
    assert_eq!(identifiers, ["bar", "foo"]);
    let statements = parse("SELECT 1; SELEC 2; SELECT (3; SELECT 4", &postgres::DIALECT);
    assert_eq!(problems(&statements).len(), 2);
    assert_eq!(statements.len(), 4);
}
