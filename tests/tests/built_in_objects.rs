//! The compiled-in built-in objects against the real engines.

use std::collections::{BTreeMap, BTreeSet};

use ::postgres as postgres_driver;
use schemacheck_checker::dialect::{Catalog, Dialect, TypeId, TypeKind, postgres};
use schemacheck_tests::Result;
use schemacheck_tests::server::Server;

/// The lines of a data file that a version has, without the range of versions in the column at a position, and
/// without the numbers of types that each server assigns anew.
fn lines_of_version(file: &str, position: usize, version: u32) -> BTreeSet<String> {
    let line = |line: &str| {
        let mut columns: Vec<&str> = line.split('\t').collect();
        let range = columns.get_mut(position).map(std::mem::take).unwrap_or_default();
        let (first, last) = range.split_once('-').unwrap_or_default();
        let after_first = first.parse().map_or(true, |first: u32| first <= version);
        let before_last = last.parse().map_or(true, |last: u32| version <= last);
        if let Some(number) = columns.get_mut(2)
            && number.parse().is_ok_and(|number: u32| number >= 10_000)
        {
            *number = "";
        }
        (after_first && before_last).then(|| columns.join("\t").trim_end_matches('\t').to_owned())
    };
    file.lines().filter_map(line).collect()
}

macro_rules! data_files {
    ($folder:literal: $($name:ident)*) => {
        [$((
            stringify!($name),
            include_str!(concat!("../../checker/src/dialect/", $folder, "/data/", stringify!($name), ".tsv")),
        )),*]
    };
}

const POSTGRES_FILES: [(&str, &str); 8] =
    data_files!("postgres": types functions operators casts operator_classes relations named extensions);
const SQLITE_FILES: [(&str, &str); 4] = data_files!("sqlite": functions operators relations named);
const POSTGRES_ROWS: &str = include_str!("../../checker/src/dialect/postgres/rows.sql");

/// A server with its major version; none if that version is not compiled in.
fn known_server() -> Result<Option<(Server, postgres_driver::Client, u32)>> {
    let server = Server::start()?;
    let mut client = server.connect("postgres")?;
    let number: String = client.query_one("SHOW server_version_num", &[])?.get(0);
    let version = number.parse::<u32>()? / 10_000;
    Ok(postgres::VERSIONS.contains(&version).then_some((server, client, version)))
}

fn difference(what: &str, ours: &BTreeSet<String>, servers: &BTreeSet<String>) -> String {
    let missing = servers.difference(ours).map(|line| format!("{what} lacks: {line}\n"));
    let extra = ours.difference(servers).map(|line| format!("{what} has, the server not: {line}\n"));
    missing.chain(extra).collect()
}

#[test]
fn postgres_has_what_is_compiled_in() -> Result<()> {
    let Some((_server, mut client, version)) = known_server()? else { return Ok(()) };
    client.batch_execute(POSTGRES_ROWS)?;
    let mut servers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in client.query("SELECT section, line FROM builtin_rows", &[])? {
        servers.entry(row.get(0)).or_default().insert(row.get(1));
    }
    let sections = POSTGRES_FILES.iter().filter(|(section, _)| *section != "extensions");
    let differences: String = sections
        .map(|(section, file)| difference(section, &lines_of_version(file, 1, version), &servers[*section]))
        .collect();
    assert_eq!(differences, "");
    Ok(())
}

#[test]
fn postgres_extensions_create_what_is_compiled_in() -> Result<()> {
    let Some((_server, mut client, version)) = known_server()? else { return Ok(()) };
    let catalog = (postgres::DIALECT.catalog)(Some(version));
    let known = catalog.extension_names().into_iter().filter(|name| catalog.extension(name).is_some_and(|e| e.exact));
    let mut created = BTreeSet::new();
    for name in known {
        // Packages of servers differ in what they bring.
        if client.batch_execute(&format!("CREATE EXTENSION IF NOT EXISTS \"{name}\" CASCADE")).is_ok() {
            created.insert(name);
        }
    }
    client.batch_execute(POSTGRES_ROWS)?;
    let line = |row: &postgres_driver::Row| {
        format!("{}\t{}\t{}", row.get::<_, &str>(0), row.get::<_, &str>(1), row.get::<_, &str>(2))
    };
    let rows = client.query("SELECT extension, section, line FROM extension_rows", &[])?;
    let servers = rows.iter().map(line).collect();
    let (_, file) = POSTGRES_FILES[7];
    let mut ours = lines_of_version(file, 3, version);
    ours.retain(|line| line.split('\t').next().is_some_and(|name| created.contains(name)));
    assert_eq!(difference("extensions", &ours, &servers), "");
    Ok(())
}

/// Each built-in type with modifiers that mean something to some of them.
#[test]
fn types_print_as_postgres_prints_them() -> Result<()> {
    let Some((_server, mut client, version)) = known_server()? else { return Ok(()) };
    let dialect = &postgres::DIALECT;
    let catalog = (dialect.catalog)(Some(version));
    let sql = "SELECT nspname, typname, m, format_type(t.oid, m)
               FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace,
                    unnest(CASE WHEN typmodin = 0 THEN array[-1]
                                WHEN typname ~ 'interval' THEN array[-1, 2147418115, 470286339, 458751, 268500991]
                                WHEN typname ~ 'numeric' AND current_setting('server_version_num')::int < 150000
                                    THEN array[-1, 655366]
                                WHEN typname ~ 'numeric' THEN array[-1, 655366, 133122]
                                ELSE array[-1, 0, 3, 4, 5, 24] END) m
               WHERE t.oid < 16384 AND nspname IN ('pg_catalog', 'information_schema')";
    let mut wrong = Vec::new();
    for row in client.query(sql, &[])? {
        let (schema, name): (&str, &str) = (row.get(0), row.get(1));
        let (modifier, printed): (i32, &str) = (row.get(2), row.get(3));
        let ty = catalog.type_in(schema, name).ok_or_else(|| format!("no type {schema}.{name}"))?;
        let ours = (dialect.format_type)(catalog, ty.id, modifier, &|_| None);
        if ours != printed {
            wrong.push(format!("{name} {modifier}: ours {ours}, the server's {printed}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    Ok(())
}

/// Columns of written types get the type and the modifier that the server stores.
#[test]
fn written_types_are_stored_as_postgres_stores_them() -> Result<()> {
    let Some((_server, mut client, version)) = known_server()? else { return Ok(()) };
    let dialect = &postgres::DIALECT;
    let catalog = (dialect.catalog)(Some(version));
    let spellings = [
        "bit",
        "bit(3)",
        "bit varying",
        "bit varying(3)",
        "varbit(3)",
        "boolean",
        "char",
        "char(3)",
        "character",
        "character(3)",
        "character varying",
        "character varying(3)",
        "char varying(3)",
        "nchar",
        "nchar(3)",
        "national character(3)",
        "national character varying(3)",
        "bpchar",
        "bpchar(3)",
        "varchar",
        "varchar(3)",
        "varchar(0)",
        "varchar(10485761)",
        "dec",
        "dec(3)",
        "decimal(10,2)",
        "numeric",
        "numeric(10)",
        "numeric(1000,1000)",
        "numeric(1001)",
        "numeric(0)",
        "double precision",
        "float",
        "float(1)",
        "float(24)",
        "float(25)",
        "float(53)",
        "float(0)",
        "float(54)",
        "int",
        "integer",
        "smallint",
        "bigint",
        "real",
        "time",
        "time(3)",
        "time(9)",
        "time without time zone",
        "time with time zone",
        "timestamp",
        "timestamp(0)",
        "timestamp without time zone",
        "timestamp with time zone",
        "timestamptz(3)",
        "interval",
        "interval(3)",
        "interval(9)",
        "interval year",
        "interval month",
        "interval day",
        "interval hour",
        "interval minute",
        "interval second",
        "interval second(3)",
        "interval year to month",
        "interval day to hour",
        "interval day to minute",
        "interval day to second",
        "interval hour to minute",
        "interval hour to second",
        "interval minute to second",
        "text",
        "uuid",
        "int4",
        "_text",
        "text(3)",
    ];
    let mut wrong = Vec::new();
    for spelling in spellings {
        let sql = format!("CREATE TEMP TABLE t (c {spelling})");
        let servers = client.batch_execute(&sql).ok().map(|()| {
            let sql =
                "SELECT atttypid::int4, atttypmod FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum = 1";
            client.query_one(sql, &[]).map(|row| (TypeId(row.get::<_, i32>(0) as u32), row.get::<_, i32>(1)))
        });
        let servers = servers.transpose()?;
        client.batch_execute("DROP TABLE IF EXISTS t")?;
        let ours = stored(dialect, catalog, spelling);
        if ours != servers {
            wrong.push(format!("{spelling}: ours {ours:?}, the server's {servers:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    Ok(())
}

fn stored(dialect: &Dialect, catalog: &Catalog, spelling: &str) -> Option<(TypeId, i32)> {
    let (words, numbers) = spelling.split_once('(').unwrap_or((spelling, ""));
    let numbers = numbers.trim_end_matches(')').split(',').filter(|word| !word.is_empty());
    let mut numbers: Vec<String> = numbers.map(str::to_owned).collect();
    let (words, fields) = match words.split_once(' ') {
        Some(("interval", fields)) => ("interval", Some(fields)),
        _ => (words, None),
    };
    let name = (dialect.type_name)(words, &mut numbers);
    let ty = catalog.type_by_name(name)?;
    if !numbers.is_empty() && !ty.has_modifier {
        return None;
    }
    let numbers: Option<Vec<i64>> = numbers.iter().map(|word| word.parse().ok()).collect();
    (dialect.type_modifier)(name, &numbers?, fields).ok().map(|modifier| (ty.id, modifier))
}

/// Whether scalar types have equality and order.
#[test]
fn types_compare_as_in_postgres() -> Result<()> {
    let Some((_server, mut client, version)) = known_server()? else { return Ok(()) };
    let catalog = (postgres::DIALECT.catalog)(Some(version));
    let mut wrong = Vec::new();
    for ty in catalog.types().iter().filter(|ty| ty.kind == TypeKind::Base && !ty.is_true_array()) {
        let name = (postgres::DIALECT.quote)(&ty.name);
        let mut accepts = |sql: &str| client.prepare(&sql.replace("$type", &name)).is_ok();
        let servers = (
            accepts("SELECT c FROM (VALUES (NULL::pg_catalog.$type)) v(c) ORDER BY c"),
            accepts("SELECT c FROM (VALUES (NULL::pg_catalog.$type)) v(c) GROUP BY c"),
        );
        let class = |method| catalog.default_operator_class(method, ty).is_some();
        let ours = (class("btree"), class("btree") || class("hash"));
        if ours != servers {
            wrong.push(format!("{name}: ours {ours:?}, the server's {servers:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    Ok(())
}

/// The library in this process may lack what others have: it is dumped with more options.
#[test]
fn sqlite_has_nothing_that_is_not_compiled_in() -> Result<()> {
    let folder: BTreeMap<&str, &str> = SQLITE_FILES.into();
    let mut missing = Vec::new();
    for file in schemacheck_tests::sqlite_catalog::dump()? {
        let ours: BTreeSet<&str> = folder[file.name.trim_end_matches(".tsv")].lines().collect();
        missing.extend(file.lines.into_iter().filter(|line| !ours.contains(&**line)));
    }
    assert_eq!(missing, Vec::<String>::new());
    Ok(())
}
