//! What can be changed in a database: read from the server's catalogs, in an order that does not depend on chance.

use postgres::Client;

use crate::Result;

/// The objects of a database that a mutation draws from.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Ordinary tables that are no partitions.
    pub tables: Vec<Table>,
    /// Views, plain and materialized.
    pub views: Vec<View>,
    /// Enums with their labels.
    pub enums: Vec<(String, Vec<String>)>,
    /// Domains.
    pub domains: Vec<String>,
    /// Functions and procedures.
    pub routines: Vec<Routine>,
    /// Triggers: name, quoted table, name of the function, which is drawn for its source.
    pub triggers: Vec<(String, String, String)>,
    /// Sequences that no identity column owns.
    pub sequences: Vec<String>,
    /// Extensions.
    pub extensions: Vec<String>,
    /// Identifiers that the queries use.
    pub words: Vec<String>,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Qualified and quoted.
    pub path: String,
    /// Its name, as it is.
    pub name: String,
    /// In order.
    pub columns: Vec<Column>,
    /// In order of their names.
    pub constraints: Vec<Constraint>,
    /// Indexes that no constraint owns, with whether they are unique, and their definition.
    pub indexes: Vec<(String, bool, String)>,
}

/// A constraint.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name, quoted where that is needed.
    pub name: String,
    /// `p`, `u`, `f`, `c` or `x`.
    pub kind: String,
    /// Quoted where that is needed.
    pub columns: Vec<String>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name, quoted where that is needed.
    pub name: String,
    /// As `format_type` prints it.
    pub ty: String,
    /// Whether it refuses NULL.
    pub not_null: bool,
    /// Whether it has a default.
    pub default: bool,
    /// Whether the server computes it.
    pub special: bool,
}

/// A view.
#[derive(Clone, Debug)]
pub struct View {
    /// Qualified and quoted.
    pub path: String,
    /// Its name, as it is.
    pub name: String,
    /// `VIEW` or `MATERIALIZED VIEW`.
    pub kind: String,
    /// Its query.
    pub definition: String,
    /// Its columns, quoted where that is needed.
    pub columns: Vec<String>,
}

/// A function or procedure.
#[derive(Clone, Debug)]
pub struct Routine {
    /// `FUNCTION` or `PROCEDURE`.
    pub kind: String,
    /// Its name, as it is.
    pub name: String,
    /// Qualified and quoted, with the types of its arguments.
    pub signature: String,
    /// Qualified and quoted.
    pub path: String,
    /// The types of its arguments.
    pub arguments: String,
    /// The statement that makes it.
    pub definition: String,
    /// Its body.
    pub source: String,
}

impl Inventory {
    /// Reads a database. `words` are identifiers of the queries.
    ///
    /// # Errors
    ///
    /// What the driver says.
    pub fn read(client: &mut Client, words: Vec<String>) -> Result<Inventory> {
        let mut inventory = Inventory { words, ..Inventory::default() };
        for row in client.query(TABLES, &[])? {
            let mut table = Table {
                path: row.get(1),
                name: row.get(2),
                columns: Vec::new(),
                constraints: Vec::new(),
                indexes: Vec::new(),
            };
            let oid: u32 = row.get(0);
            for row in client.query(COLUMNS, &[&oid])? {
                table.columns.push(Column {
                    name: row.get(0),
                    ty: row.get(1),
                    not_null: row.get(2),
                    default: row.get(3),
                    special: row.get(4),
                });
            }
            for row in client.query(CONSTRAINTS, &[&oid])? {
                table.constraints.push(Constraint { name: row.get(0), kind: row.get(1), columns: row.get(2) });
            }
            for row in client.query(INDEXES, &[&oid])? {
                table.indexes.push((row.get(0), row.get(1), row.get(2)));
            }
            inventory.tables.push(table);
        }
        for row in client.query(VIEWS, &[])? {
            inventory.views.push(View {
                path: row.get(0),
                name: row.get(1),
                kind: row.get(2),
                definition: row.get::<_, String>(3).trim_end_matches(';').to_owned(),
                columns: row.get(4),
            });
        }
        inventory.enums = client.query(ENUMS, &[])?.iter().map(|row| (row.get(0), row.get(1))).collect();
        inventory.domains = client.query(DOMAINS, &[])?.iter().map(|row| row.get(0)).collect();
        for row in client.query(ROUTINES, &[])? {
            inventory.routines.push(Routine {
                kind: row.get(0),
                name: row.get(1),
                path: row.get(2),
                arguments: row.get(3),
                signature: row.get(4),
                definition: row.get(5),
                source: row.get(6),
            });
        }
        let triggers = client.query(TRIGGERS, &[])?;
        inventory.triggers = triggers.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        inventory.sequences = client.query(SEQUENCES, &[])?.iter().map(|row| row.get(0)).collect();
        inventory.extensions = client.query(EXTENSIONS, &[])?.iter().map(|row| row.get(0)).collect();
        Ok(inventory)
    }

    /// The names that a query may mention when a change of `name` concerns it: itself, and all views, routines and
    /// triggers' tables through which it is reached.
    #[must_use]
    pub fn concerned(&self, names: &[String]) -> Vec<String> {
        let mut names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let mut known = 0;
        while known < names.len() {
            known = names.len();
            let mut reached: Vec<String> = Vec::new();
            let mentions = |text: &str, names: &[String]| {
                let text = text.to_lowercase();
                names.iter().any(|name| has_word(&text, name))
            };
            for view in self.views.iter().filter(|view| mentions(&view.definition, &names)) {
                reached.push(view.name.to_lowercase());
            }
            for routine in self.routines.iter().filter(|routine| mentions(&routine.source, &names)) {
                reached.push(routine.name.to_lowercase());
            }
            for (_, table, routine) in &self.triggers {
                if names.contains(&routine.to_lowercase()) {
                    reached.extend(table.rsplit('.').next().map(|name| name.trim_matches('"').to_lowercase()));
                }
            }
            reached.retain(|name| !names.contains(name));
            reached.dedup();
            names.extend(reached);
        }
        names
    }
}

/// Whether a text has a name as a whole word.
#[must_use]
pub fn has_word(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

const TABLES: &str = "
    SELECT c.oid, format('%I.%I', nspname, relname), relname::text
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND NOT relispartition AND nspname NOT IN ('pg_catalog', 'information_schema')
        AND nspname NOT LIKE 'pg\\_%' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 2";

const COLUMNS: &str = "
    SELECT quote_ident(attname), format_type(atttypid, atttypmod), attnotnull, atthasdef,
        attidentity <> '' OR attgenerated <> ''
    FROM pg_catalog.pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum";

const CONSTRAINTS: &str = "
    SELECT quote_ident(conname), contype::text, ARRAY(SELECT quote_ident(attname) FROM unnest(conkey) AS key (n)
        JOIN pg_catalog.pg_attribute ON attrelid = conrelid AND attnum = n)
    FROM pg_catalog.pg_constraint WHERE conrelid = $1 AND contype IN ('p', 'u', 'f', 'c', 'x') ORDER BY 1";

const INDEXES: &str = "
    SELECT format('%I.%I', nspname, relname), indisunique, pg_get_indexdef(indexrelid)
    FROM pg_catalog.pg_index JOIN pg_catalog.pg_class x ON x.oid = indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
    WHERE indrelid = $1 AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = indexrelid
        AND contype IN ('p', 'u', 'x'))
    ORDER BY 1";

const VIEWS: &str = "
    SELECT format('%I.%I', nspname, relname), relname::text,
        CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END, pg_get_viewdef(c.oid),
        ARRAY(SELECT quote_ident(attname) FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND attnum > 0
            ORDER BY attnum)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('v', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1";

const ENUMS: &str = "
    SELECT format('%I.%I', nspname, typname), ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum
        WHERE enumtypid = t.oid ORDER BY enumsortorder)
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = typnamespace
    WHERE typtype = 'e' AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";

const DOMAINS: &str = "
    SELECT format('%I.%I', nspname, typname)
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = typnamespace
    WHERE typtype = 'd' AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";

const ROUTINES: &str = "
    SELECT CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, proname::text, format('%I.%I', nspname, proname),
        pg_get_function_identity_arguments(p.oid),
        format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)), pg_get_functiondef(p.oid), prosrc
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = pronamespace
    WHERE prokind IN ('f', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 5";

const TRIGGERS: &str = "
    SELECT quote_ident(tgname), format('%I.%I', nspname, relname), proname::text
    FROM pg_catalog.pg_trigger JOIN pg_catalog.pg_class c ON c.oid = tgrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace JOIN pg_catalog.pg_proc p ON p.oid = tgfoid
    WHERE NOT tgisinternal ORDER BY 2, 1";

const SEQUENCES: &str = "
    SELECT format('%I.%I', nspname, relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'S' AND nspname NOT IN ('pg_catalog', 'information_schema')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('i', 'e'))
    ORDER BY 1";

const EXTENSIONS: &str =
    "SELECT quote_ident(extname) FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1";
