//! What changes in silence: the rows of a query before and after a change that it survives.

use postgres::{Client, SimpleQueryMessage};

use crate::describe::{ServerError, Shape, TypeNames, prepare, shape};
use crate::judge::Probe;
use crate::samples::TypeFacts;
use crate::{Result, savepoint};

/// Changes after which a name can stand for something else.
const KINDS: &[&str] = &[
    "swap columns",
    "rename column and add it again",
    "add column of another table's name",
    "add column of a name in a query",
    "overload function",
    "replace view with one column more",
];

/// Whether rows are compared for a kind of change.
pub(super) fn concerns(kind: &str) -> bool {
    KINDS.contains(&kind)
}

/// Gives each column a value of its own in the rows that are there, where no key, check or foreign key has a say.
pub(super) fn tell_columns_apart(client: &mut Client) -> Result<()> {
    client.batch_execute(
        "SET LOCAL session_replication_role = replica;
        DO $$ DECLARE c record; BEGIN
            FOR c IN SELECT a.attrelid::regclass AS relation, a.attname, row_number() OVER () AS number,
                    CASE t.typcategory WHEN 'N' THEN 'N' WHEN 'S' THEN 'S' WHEN 'D' THEN 'D' WHEN 'B' THEN 'B' END AS category
                FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class r ON r.oid = a.attrelid
                    JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
                    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                WHERE r.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
                    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
                    AND t.typtype = 'b' AND t.typcategory IN ('N', 'S', 'D', 'B')
                    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                        WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
                            OR a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey))
                    AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                        WHERE a.attrelid = i.indrelid AND i.indisunique AND a.attnum = ANY (i.indkey))
            LOOP
                BEGIN
                    EXECUTE format('UPDATE %s SET %I = %L', c.relation, c.attname, CASE c.category
                        WHEN 'N' THEN (100 + c.number % 9000)::text
                        WHEN 'S' THEN c.number::text
                        WHEN 'D' THEN (date '2001-01-01' + c.number::int)::text
                        ELSE (c.number % 2 = 0)::text END);
                EXCEPTION WHEN OTHERS THEN NULL;
                END;
            END LOOP;
        END $$;
        SET LOCAL session_replication_role = origin",
    )?;
    Ok(())
}

/// The rows that a query returns for the samples of its parameters, as text, sorted; `None` where it returns none or fails.
pub(super) fn rows_of(client: &mut Client, probe: &Probe, types: &TypeFacts) -> Option<Vec<String>> {
    let shape = savepoint(client, true, |client| -> std::result::Result<(Shape, Vec<String>), ServerError> {
        let statement = prepare(client, &probe.sql, &probe.declared)?;
        let values = statement.params().iter().map(|parameter| types.sample(parameter.oid(), -1)).collect();
        let shape = shape(client, &statement, &mut TypeNames::default()).map_err(|error| ServerError::from(&error))?;
        Ok((shape, values))
    });
    let (shape, values) = shape.ok()?;
    if shape.columns.is_empty() {
        return None;
    }
    let list = |of: &[String]| if of.is_empty() { String::new() } else { format!("({})", of.join(", ")) };
    let declared = list(&shape.parameters);
    let arguments = list(&values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect::<Vec<_>>());
    let sent = savepoint(client, true, |client| {
        client.batch_execute(&format!("PREPARE judge_rows{declared} AS {}", probe.sql))?;
        client.simple_query(&format!("EXECUTE judge_rows{arguments}"))
    });
    // Where it was not prepared, there is nothing to take back.
    let _ = savepoint(client, false, |client| client.batch_execute("DEALLOCATE judge_rows"));
    let mut rows: Vec<String> = sent
        .ok()?
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|at| row.get(at).unwrap_or("NULL")).collect::<Vec<_>>().join(", "))
            }
            _ => None,
        })
        .collect();
    rows.sort();
    (!rows.is_empty()).then_some(rows)
}
