//! Built-in functions and operators that the checker says give NULL for NULL only, called with the ends of their arguments'
//! types: none of them may give NULL for those.

use std::sync::Arc;

use postgres::Client;
use schemacheck_checker::analysis::{Context, analyze};
use schemacheck_checker::dialect::postgres::DIALECT;
use schemacheck_checker::schema::Schema;
use schemacheck_checker::sql;
use schemacheck_tests::samples::TypeFacts;
use schemacheck_tests::server::Server;

#[test]
fn what_never_gives_null_does_not() {
    let server = Server::start().expect("a private server");
    let database = server.create_database(None).expect("a database");
    let mut client = server.connect(&database).expect("a session");
    client.batch_execute(GIVES_NULL).expect("a function");
    let schema = Schema::new(&DIALECT, Some(server.major_version().expect("the version")));
    let types = TypeFacts::load(&mut client).expect("the types");
    let (mut said, mut wrong) = (0, Vec::new());
    for (call, arguments) in calls(&mut client) {
        let values: Vec<Vec<String>> = arguments.iter().map(|(oid, name)| values(&types, *oid, name)).collect();
        if !never_null(&schema, &written(&call, &first(&values))) {
            continue;
        }
        said += 1;
        let texts: Vec<String> = combinations(&values).iter().map(|values| written(&call, values)).collect();
        let row = client.query_one("SELECT gives_null($1)", &[&texts]).expect("the calls");
        wrong.extend(row.get::<_, Option<String>>(0));
    }
    assert!(wrong.is_empty(), "{} of {said} give NULL\n{}", wrong.len(), wrong.join("\n"));
    assert!(said > 700, "only {said} functions and operators are known to give NULL for NULL only");
}

/// A function or operator, and the types of its arguments.
enum Callable {
    Function(String),
    Operator(String),
}

fn calls(client: &mut Client) -> Vec<(Callable, Vec<(u32, String)>)> {
    let mut calls = Vec::new();
    for (text, operator) in [(FUNCTIONS, false), (OPERATORS, true)] {
        for row in client.query(text, &[]).expect("the catalog") {
            let name: String = row.get(0);
            let arguments = row.get::<_, Vec<u32>>(1).into_iter().zip(row.get::<_, Vec<String>>(2)).collect();
            let callable = if operator { Callable::Operator(name) } else { Callable::Function(name) };
            calls.push((callable, arguments));
        }
    }
    calls
}

/// The text of a query that calls it.
fn written(call: &Callable, values: &[String]) -> String {
    match (call, values) {
        (Callable::Operator(name), [right]) => format!("SELECT {name} {right}"),
        (Callable::Operator(name), [left, right]) => format!("SELECT {left} {name} {right}"),
        (Callable::Operator(name) | Callable::Function(name), values) => {
            format!("SELECT {name}({})", values.join(", "))
        }
    }
}

fn never_null(schema: &Schema, query: &str) -> bool {
    let Ok(parsed) = sql::parse_query(query, schema.dialect) else { return false };
    let found = analyze(schema, &parsed, &Context { text: Arc::from(query), ..Context::default() });
    found.problems.is_empty() && found.shape.columns.iter().all(|column| column.nullable == Some(false))
}

fn first(values: &[Vec<String>]) -> Vec<String> {
    values.iter().filter_map(|values| values.first().cloned()).collect()
}

/// How many combinations of values are tried.
const MOST: usize = 400;

fn combinations(values: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for values in values {
        let longer = |begun: &Vec<String>| {
            let begun = begun.clone();
            values.iter().map(move |value| [begun.clone(), vec![value.clone()]].concat())
        };
        all = all.iter().flat_map(longer).take(MOST).collect();
    }
    all
}

/// Values at the ends of a type, as literals.
fn values(types: &TypeFacts, oid: u32, name: &str) -> Vec<String> {
    let (name, texts): (&str, &[&str]) = match name {
        "int2" | "int4" | "int8" | "oid" => (name, &["1", "0", "-1", "100000", "2"]),
        "float4" | "float8" => (name, &["1.5", "0", "NaN", "Infinity", "-1"]),
        "numeric" => (name, &["1.5", "0", "NaN", "Infinity", "-1"]),
        "text" | "varchar" | "bpchar" | "name" | "any" | "anycompatible" | "cstring" => {
            let name = if name.starts_with("any") { "text" } else { name };
            (name, &["a", "", "YYYY", "month", "UTC", "1", "epoch", "hour", "base64", "{}"])
        }
        "timestamp" | "timestamptz" | "date" => (name, &["2020-01-02", "infinity", "-infinity"]),
        "time" | "timetz" => (name, &["00:00:01+00", "24:00:00+00"]),
        "interval" => (name, &["1 day", "0", "-1 month"]),
        "json" | "jsonb" => (name, &["{}", "null", "[]", "[1, null]", "{\"a\": null}", "\"a\"", "1"]),
        "bool" => (name, &["t", "f"]),
        "bytea" => (name, &["\\x01", ""]),
        "tsvector" | "tsquery" => (name, &["a", "", "b"]),
        "anyarray" | "anycompatiblearray" => ("int4[]", &["{1}", "{}", "{NULL}", "{{1,2},{3,4}}"]),
        "anyelement" | "anynonarray" | "anycompatiblenonarray" => ("int4", &["1", "0"]),
        "anyrange" | "anycompatiblerange" => ("int4range", &["[1,2)", "empty", "(,)", "[1,)"]),
        "anymultirange" | "anycompatiblemultirange" => ("int4multirange", &["{[1,2)}", "{}", "{(,)}"]),
        "path" => (name, &["((1,1))", "[(1,1),(2,2)]"]),
        "bit" | "varbit" => (name, &["1", "0", ""]),
        "inet" | "cidr" => (name, &["127.0.0.1", "::1"]),
        "record" => return vec!["ROW(1, NULL::int)".to_owned(), "ROW(1, 2)".to_owned()],
        other => {
            let other = other.strip_prefix('_').map_or_else(|| other.to_owned(), |element| format!("{element}[]"));
            let mut texts = vec![types.sample(oid, -1)];
            if other.ends_with("[]") {
                texts.extend(["{}".to_owned(), "{NULL}".to_owned()]);
            }
            if other.ends_with("range") {
                texts.extend(["empty".to_owned(), "{}".to_owned()]);
            }
            return texts.iter().map(|text| format!("'{}'::{other}", text.replace('\'', "''"))).collect();
        }
    };
    texts.iter().map(|text| format!("'{text}'::{name}")).collect()
}

/// The first of some texts that runs and gives NULL.
const GIVES_NULL: &str = "
    CREATE FUNCTION gives_null(texts text[]) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE
        one text;
        given text;
    BEGIN
        FOREACH one IN ARRAY texts LOOP
            BEGIN
                EXECUTE 'SELECT (x)::text FROM (' || one || ') AS q (x) WHERE (x) IS NOT DISTINCT FROM NULL' INTO given;
                IF given IS NULL THEN
                    EXECUTE 'SELECT count(*) FROM (' || one || ') AS q (x) WHERE (x) IS NOT DISTINCT FROM NULL' INTO given;
                    IF given <> '0' THEN RETURN one; END IF;
                END IF;
            EXCEPTION WHEN OTHERS THEN NULL;
            END;
        END LOOP;
        RETURN NULL;
    END $$";

const FUNCTIONS: &str = "
    SELECT 'pg_catalog.' || quote_ident(p.proname), p.proargtypes::oid[],
        ARRAY(SELECT t.typname::text FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (oid, place)
            JOIN pg_catalog.pg_type t ON t.oid = a.oid ORDER BY a.place)
    FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT p.proretset
        AND NOT 'internal'::regtype = ANY (p.proargtypes::oid[])
    ORDER BY p.oid";

const OPERATORS: &str = "
    SELECT o.oprname::text, array_remove(ARRAY[o.oprleft, o.oprright], 0::oid),
        ARRAY(SELECT t.typname::text FROM unnest(ARRAY[o.oprleft, o.oprright]) WITH ORDINALITY AS a (oid, place)
            JOIN pg_catalog.pg_type t ON t.oid = a.oid ORDER BY a.place)
    FROM pg_catalog.pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace ORDER BY o.oid";
