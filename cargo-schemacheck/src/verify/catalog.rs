//! The server's catalogs as a table of cells: what a path names, and the value there.
//!
//! A model that prints the same table is compared with it cell by cell. Expressions (defaults, checks, predicates) are
//! compared by presence: the server prints them in its own words.

use std::collections::BTreeMap;

use postgres::Client;

/// Path and value of each fact, such as `column public.users.id: type` and `bigint`.
pub type Cells = BTreeMap<String, String>;

/// A fact on which two tables differ.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Difference {
    /// The path.
    pub cell: String,
    /// The server's value, where it has the fact.
    pub server: Option<String>,
    /// The other's value, where it has the fact.
    pub model: Option<String>,
}

/// Two tables beside each other.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Comparison {
    /// Cells that are equal.
    pub equal: usize,
    /// Cells that either has.
    pub total: usize,
    /// The rest.
    pub differences: Vec<Difference>,
}

/// Compares a model's table with the server's.
#[must_use]
pub fn compare(server: &Cells, model: &Cells) -> Comparison {
    let mut comparison = Comparison::default();
    for (cell, value) in server {
        comparison.total += 1;
        match model.get(cell) {
            Some(found) if found == value => comparison.equal += 1,
            found => comparison.differences.push(Difference {
                cell: cell.clone(),
                server: Some(value.clone()),
                model: found.cloned(),
            }),
        }
    }
    for (cell, value) in model.iter().filter(|(cell, _)| !server.contains_key(*cell)) {
        comparison.total += 1;
        let difference = Difference { cell: cell.clone(), server: None, model: Some(value.clone()) };
        comparison.differences.push(difference);
    }
    comparison
}

/// Reads the catalogs of a database; what belongs to the system or to an extension is left out.
///
/// # Errors
///
/// What the driver says.
pub fn server_cells(client: &mut Client) -> Result<Cells, postgres::Error> {
    let mut cells = Cells::new();
    for query in [
        NAMESPACES,
        EXTENSIONS,
        RELATIONS,
        COLUMNS,
        CONSTRAINTS,
        INDEXES,
        ENUMS,
        DOMAINS,
        ROUTINES,
        TRIGGERS,
        POLICIES,
        SEQUENCES,
        GRANTS,
    ] {
        for row in client.query(&format!("{OWN}{query}"), &[])? {
            cells.insert(row.get(0), row.get::<_, Option<String>>(1).unwrap_or_default());
        }
    }
    Ok(cells)
}

/// Objects of migrations: neither of the system's schemas nor of an extension.
const OWN: &str = "
    WITH space AS (
        SELECT oid, nspname FROM pg_catalog.pg_namespace
        WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND nspname NOT LIKE 'pg\\_%temp\\_%'
    ), extended AS (
        SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
    ), relation AS (
        SELECT c.*, format('%s.%s', nspname, relname) AS path
        FROM pg_catalog.pg_class c JOIN space ON space.oid = relnamespace
        WHERE NOT EXISTS (SELECT FROM extended WHERE classid = 'pg_class'::regclass AND objid = c.oid)
    ), routine AS (
        SELECT p.*, format('%s.%s(%s)', nspname, proname, oidvectortypes(proargtypes)) AS path
        FROM pg_catalog.pg_proc p JOIN space ON space.oid = pronamespace
        WHERE NOT EXISTS (SELECT FROM extended WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
    ), own_type AS (
        SELECT t.*, format('%s.%s', nspname, typname) AS path
        FROM pg_catalog.pg_type t JOIN space ON space.oid = typnamespace
        WHERE NOT EXISTS (SELECT FROM extended WHERE classid = 'pg_type'::regclass AND objid = t.oid)
    ), named AS (
        SELECT attrelid, attnum, attname FROM pg_catalog.pg_attribute
    )";

const NAMESPACES: &str = "SELECT format('schema %s', nspname), '' FROM space";

const EXTENSIONS: &str = "
    SELECT format('extension %s', extname), nspname FROM pg_catalog.pg_extension
    JOIN pg_catalog.pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'";

const RELATIONS: &str = "
    SELECT format('relation %s: kind', path), CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table'
        WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table'
        WHEN 'c' THEN 'composite' END
    FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
    UNION ALL SELECT format('relation %s: row security', path), relrowsecurity::text
    FROM relation WHERE relkind IN ('r', 'p')
    UNION ALL SELECT format('relation %s: populated', path), relispopulated::text FROM relation WHERE relkind = 'm'
    UNION ALL SELECT format('relation %s: parents', path),
        (SELECT string_agg(p.path, ', ' ORDER BY inhseqno)
            FROM pg_catalog.pg_inherits JOIN relation p ON p.oid = inhparent WHERE inhrelid = r.oid)
    FROM relation r WHERE relkind IN ('r', 'p')";

const COLUMNS: &str = ", own_column AS (
        SELECT a.*, relkind, format('column %s.%s: ', path, attname) AS cell,
            format('column %s position %s', path,
                row_number() OVER (PARTITION BY attrelid ORDER BY attnum)) AS place
        FROM pg_catalog.pg_attribute a JOIN relation r ON r.oid = attrelid
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND attnum > 0 AND NOT attisdropped
    )
    SELECT cell || 'type', format_type(atttypid, atttypmod) FROM own_column
    UNION ALL SELECT place, attname FROM own_column
    UNION ALL SELECT cell || 'nullable', (NOT attnotnull)::text FROM own_column WHERE relkind IN ('r', 'p', 'f')
    UNION ALL SELECT cell || 'default', (atthasdef AND attgenerated = '')::text FROM own_column
        WHERE relkind IN ('r', 'p', 'f')
    UNION ALL SELECT cell || 'generated', (attgenerated <> '')::text FROM own_column WHERE relkind IN ('r', 'p', 'f')
    UNION ALL SELECT cell || 'identity',
        CASE attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' ELSE 'no' END
    FROM own_column WHERE relkind IN ('r', 'p', 'f')";

const CONSTRAINTS: &str = ", own_constraint AS (
        SELECT k.*, format('constraint %s %s: ', path, conname) AS cell,
            (SELECT string_agg(attname, ', ' ORDER BY position) FROM unnest(conkey) WITH ORDINALITY AS key (n, position)
                JOIN named ON attrelid = conrelid AND attnum = n) AS columns,
            (SELECT string_agg(attname, ', ' ORDER BY attname) FROM unnest(conkey) AS key (n)
                JOIN named ON attrelid = conrelid AND attnum = n AND n > 0) AS mentioned
        FROM pg_catalog.pg_constraint k JOIN relation r ON r.oid = conrelid
        WHERE contype IN ('c', 'f', 'p', 'u', 'x')
    )
    SELECT cell || 'kind', CASE contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key'
        WHEN 'u' THEN 'unique' ELSE 'exclude' END FROM own_constraint
    UNION ALL SELECT cell || 'columns', CASE WHEN contype = 'c' THEN mentioned ELSE columns END FROM own_constraint
    UNION ALL SELECT cell || 'valid', convalidated::text FROM own_constraint WHERE contype IN ('c', 'f')
    UNION ALL SELECT cell || 'deferrable', condeferrable::text || '/' || condeferred::text FROM own_constraint
        WHERE contype <> 'c'
    UNION ALL SELECT cell || 'references', format('%s (%s)', p.path,
        (SELECT string_agg(attname, ', ' ORDER BY position) FROM unnest(confkey) WITH ORDINALITY AS key (n, position)
            JOIN named ON attrelid = confrelid AND attnum = n))
    FROM own_constraint JOIN relation p ON p.oid = confrelid WHERE contype = 'f'
    UNION ALL SELECT cell || 'on delete', confdeltype::text FROM own_constraint WHERE contype = 'f'
    UNION ALL SELECT cell || 'on update', confupdtype::text FROM own_constraint WHERE contype = 'f'";

const INDEXES: &str = ", own_index AS (
        SELECT i.*, amname, format('index %s %s: ', t.path, x.relname) AS cell,
            (SELECT conname FROM pg_catalog.pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
                AS owner,
            (SELECT string_agg(CASE WHEN n = 0 THEN '(expression)' ELSE attname END, ', ' ORDER BY position)
                FROM unnest(indkey::int2[]) WITH ORDINALITY AS key (n, position)
                LEFT JOIN named ON attrelid = indrelid AND attnum = n
                WHERE position <= indnkeyatts) AS keys,
            (SELECT string_agg(attname, ', ' ORDER BY position)
                FROM unnest(indkey::int2[]) WITH ORDINALITY AS key (n, position)
                JOIN named ON attrelid = indrelid AND attnum = n WHERE position > indnkeyatts) AS carried
        FROM pg_catalog.pg_index i JOIN relation t ON t.oid = indrelid JOIN pg_catalog.pg_class x ON x.oid = indexrelid
        JOIN pg_catalog.pg_am am ON am.oid = x.relam
    )
    SELECT cell || 'keys', keys FROM own_index
    UNION ALL SELECT cell || 'include', carried FROM own_index
    UNION ALL SELECT cell || 'unique', indisunique::text FROM own_index
    UNION ALL SELECT cell || 'primary', indisprimary::text FROM own_index
    UNION ALL SELECT cell || 'predicate', (indpred IS NOT NULL)::text FROM own_index
    UNION ALL SELECT cell || 'valid', indisvalid::text FROM own_index
    UNION ALL SELECT cell || 'immediate', indimmediate::text FROM own_index
    UNION ALL SELECT cell || 'constraint', owner FROM own_index
    UNION ALL SELECT cell || 'method', amname FROM own_index";

const ENUMS: &str = "
    SELECT format('enum %s', path), (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
        FROM pg_catalog.pg_enum WHERE enumtypid = own_type.oid)
    FROM own_type WHERE typtype = 'e'";

const DOMAINS: &str = "
    SELECT format('domain %s: type', path), format_type(typbasetype, typtypmod) FROM own_type WHERE typtype = 'd'
    UNION ALL SELECT format('domain %s: nullable', path), (NOT typnotnull)::text FROM own_type WHERE typtype = 'd'
    UNION ALL SELECT format('domain %s: default', path), (typdefault IS NOT NULL)::text FROM own_type WHERE typtype = 'd'
    UNION ALL SELECT format('domain %s: constraint %s', path, conname), convalidated::text
    FROM pg_catalog.pg_constraint JOIN own_type ON own_type.oid = contypid WHERE contype = 'c'
    UNION ALL SELECT format('range %s', path), format_type(rngsubtype, NULL)
    FROM pg_catalog.pg_range JOIN own_type ON own_type.oid = rngtypid";

const ROUTINES: &str = "
    SELECT format('routine %s: kind', path), CASE prokind WHEN 'f' THEN 'function' WHEN 'p' THEN 'procedure'
        WHEN 'a' THEN 'aggregate' ELSE 'window' END FROM routine
    UNION ALL SELECT format('routine %s: result', path), CASE WHEN proretset THEN 'setof ' ELSE '' END ||
        format_type(prorettype, NULL) FROM routine WHERE prokind <> 'p'
    UNION ALL SELECT format('routine %s: arguments with default', path), pronargdefaults::text FROM routine
    UNION ALL SELECT format('routine %s: language', path), lanname
    FROM routine JOIN pg_catalog.pg_language l ON l.oid = prolang";

const TRIGGERS: &str = "
    SELECT format('trigger %s %s: enabled', path, tgname), (tgenabled <> 'D')::text
    FROM pg_catalog.pg_trigger JOIN relation r ON r.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL SELECT format('trigger %s %s: routine', path, tgname), format('%s.%s', nspname, proname)
    FROM pg_catalog.pg_trigger JOIN relation r ON r.oid = tgrelid JOIN pg_catalog.pg_proc p ON p.oid = tgfoid
    JOIN pg_catalog.pg_namespace n ON n.oid = pronamespace WHERE NOT tgisinternal
    UNION ALL SELECT format('rule %s %s', path, rulename), ''
    FROM pg_catalog.pg_rewrite JOIN relation r ON r.oid = ev_class WHERE rulename <> '_RETURN'";

const POLICIES: &str = "
    SELECT format('policy %s %s', path, polname), polpermissive::text
    FROM pg_catalog.pg_policy JOIN relation r ON r.oid = polrelid";

const SEQUENCES: &str = "
    SELECT format('sequence %s: type', path), format_type(seqtypid, NULL)
    FROM pg_catalog.pg_sequence JOIN relation r ON r.oid = seqrelid
    UNION ALL SELECT format('sequence %s: owned by', r.path), (SELECT t.path || '.' || attname
        FROM pg_catalog.pg_depend JOIN relation t ON t.oid = refobjid
        JOIN named ON attrelid = refobjid AND attnum = refobjsubid
        WHERE classid = 'pg_class'::regclass AND objid = r.oid AND refclassid = 'pg_class'::regclass
            AND deptype IN ('a', 'i') AND refobjsubid > 0)
    FROM relation r WHERE relkind = 'S'";

/// What others than the owner may do; what every new database lets everyone do in `public` is left out.
const GRANTS: &str = ", given AS (
        SELECT 'relation ' || path AS object, relowner AS owner, relacl AS acl FROM relation WHERE relacl IS NOT NULL
        UNION ALL SELECT 'routine ' || path, proowner, COALESCE(proacl, acldefault('f', proowner)) FROM routine
        UNION ALL SELECT 'schema ' || nspname, nspowner, nspacl FROM space JOIN pg_catalog.pg_namespace USING (nspname)
            WHERE nspacl IS NOT NULL
        UNION ALL SELECT format('column %s of relation %s', attname, path), relowner, attacl
            FROM relation r JOIN pg_catalog.pg_attribute a ON attrelid = r.oid WHERE attacl IS NOT NULL
    )
    SELECT format('grants on %s to %s', object, COALESCE(rolname, 'public')),
        string_agg(DISTINCT lower(privilege_type), ', ' ORDER BY lower(privilege_type))
    FROM given, aclexplode(acl) AS item LEFT JOIN pg_catalog.pg_roles r ON r.oid = item.grantee
    WHERE item.grantee <> owner AND NOT (object = 'schema public' AND item.grantee = 0) GROUP BY object, rolname";
