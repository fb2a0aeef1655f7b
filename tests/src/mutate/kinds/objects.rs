//! Changes of types, routines, views, triggers and what else a database holds.

use super::{Draw, FRESH, TYPES, literal};

pub(super) fn rename_label(draw: &mut Draw<'_>) -> Option<String> {
    let (path, labels) = draw.random.pick(&draw.inventory.enums)?;
    let label = draw.random.pick(labels)?;
    draw.named(path);
    draw.names.push(label.clone());
    Some(format!("ALTER TYPE {path} RENAME VALUE {} TO 'judged new'", literal(label)))
}

pub(super) fn add_label(draw: &mut Draw<'_>) -> Option<String> {
    let (path, _) = draw.random.pick(&draw.inventory.enums)?;
    draw.named(path);
    Some(format!("ALTER TYPE {path} ADD VALUE 'judged new'"))
}

pub(super) fn drop_label(draw: &mut Draw<'_>) -> Option<String> {
    let (path, labels) = draw.random.pick(&draw.inventory.enums)?;
    let dropped = draw.random.below(labels.len());
    draw.names.extend(labels.get(dropped).cloned());
    draw.named(path);
    let kept: Vec<String> =
        labels.iter().enumerate().filter(|(at, _)| *at != dropped).map(|(_, it)| literal(it)).collect();
    let (schema, name) = path.split_once('.')?;
    let plain = path.strip_prefix("public.").unwrap_or(path);
    let mut statements = vec![format!("CREATE TYPE {schema}.{FRESH} AS ENUM ({})", kept.join(", "))];
    for table in &draw.inventory.tables {
        for column in table.columns.iter().filter(|column| column.ty == plain) {
            let (table, column) = (&table.path, &column.name);
            statements.push(format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT"));
            statements.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {column} TYPE {schema}.{FRESH} USING {column}::text::{schema}.{FRESH}"
            ));
        }
    }
    statements.push(format!("DROP TYPE {path} CASCADE"));
    statements.push(format!("ALTER TYPE {schema}.{FRESH} RENAME TO {name}"));
    Some(statements.join("; "))
}

pub(super) fn rename_type(draw: &mut Draw<'_>) -> Option<String> {
    let enums = draw.inventory.enums.iter().map(|(path, _)| path);
    let all: Vec<&String> = enums.chain(&draw.inventory.domains).collect();
    let path = *draw.random.pick(&all)?;
    draw.named(path);
    Some(format!("ALTER TYPE {path} RENAME TO {FRESH}"))
}

pub(super) fn domain_not_null(draw: &mut Draw<'_>) -> Option<String> {
    let path = draw.random.pick(&draw.inventory.domains)?;
    draw.named(path);
    Some(format!("ALTER DOMAIN {path} SET NOT NULL"))
}

pub(super) fn drop_function(draw: &mut Draw<'_>) -> Option<String> {
    let routine = draw.random.pick(&draw.inventory.routines)?;
    draw.names.push(routine.name.clone());
    Some(format!("DROP {} {} CASCADE", routine.kind, routine.signature))
}

pub(super) fn rename_function(draw: &mut Draw<'_>) -> Option<String> {
    let routine = draw.random.pick(&draw.inventory.routines)?;
    draw.names.push(routine.name.clone());
    Some(format!("ALTER {} {} RENAME TO {FRESH}", routine.kind, routine.signature))
}

pub(super) fn longer_function(draw: &mut Draw<'_>) -> Option<String> {
    let routine = draw.random.pick(&draw.inventory.routines)?;
    draw.names.push(routine.name.clone());
    let (head, body) = routine.definition.split_once(')')?;
    let (head, body) = if routine.arguments.contains('(') { return None } else { (head, body) };
    let comma = if routine.arguments.is_empty() { "" } else { ", " };
    Some(format!("DROP {} {} CASCADE; {head}{comma}{FRESH} integer){body}", routine.kind, routine.signature))
}

pub(super) fn overload_function(draw: &mut Draw<'_>) -> Option<String> {
    let routine = draw.random.pick(&draw.inventory.routines)?;
    draw.names.push(routine.name.clone());
    let count = routine.arguments.split(',').filter(|argument| !argument.trim().is_empty()).count();
    let (ty, _) = *draw.random.pick(TYPES)?;
    let arguments = vec![ty; count.max(1)].join(", ");
    Some(format!("CREATE FUNCTION {}({arguments}) RETURNS text LANGUAGE sql AS 'SELECT ''a''::text'", routine.path))
}

pub(super) fn drop_view(draw: &mut Draw<'_>) -> Option<String> {
    let view = draw.random.pick(&draw.inventory.views)?;
    draw.names.push(view.name.clone());
    Some(format!("DROP {} {} CASCADE", view.kind, view.path))
}

pub(super) fn rename_view(draw: &mut Draw<'_>) -> Option<String> {
    let view = draw.random.pick(&draw.inventory.views)?;
    draw.names.push(view.name.clone());
    Some(format!("ALTER {} {} RENAME TO {FRESH}", view.kind, view.path))
}

pub(super) fn widen_view(draw: &mut Draw<'_>) -> Option<String> {
    let view = draw.random.pick(&draw.inventory.views).filter(|view| view.kind == "VIEW")?;
    draw.names.push(view.name.clone());
    let columns: Vec<String> = view.columns.iter().map(|column| format!("shown.{column}")).collect();
    let (path, definition) = (&view.path, &view.definition);
    Some(format!(
        "CREATE OR REPLACE VIEW {path} AS SELECT {}, 1 AS {FRESH} FROM ({definition}) AS shown",
        columns.join(", ")
    ))
}

pub(super) fn narrow_view(draw: &mut Draw<'_>) -> Option<String> {
    let view = draw.random.pick(&draw.inventory.views)?;
    draw.names.push(view.name.clone());
    let dropped = draw.random.below(view.columns.len());
    let columns = view.columns.iter().enumerate().filter(|(at, _)| *at != dropped);
    let columns: Vec<String> = columns.map(|(_, column)| format!("shown.{column}")).collect();
    let (kind, path, definition) = (&view.kind, &view.path, &view.definition);
    Some(format!(
        "DROP {kind} {path} CASCADE; CREATE {kind} {path} AS SELECT {} FROM ({definition}) AS shown",
        columns.join(", ")
    ))
}

pub(super) fn group_view(draw: &mut Draw<'_>) -> Option<String> {
    let view = draw.random.pick(&draw.inventory.views).filter(|view| view.kind == "VIEW")?;
    draw.names.push(view.name.clone());
    let (path, definition, columns) = (&view.path, &view.definition, view.columns.join(", "));
    Some(format!("CREATE OR REPLACE VIEW {path} AS SELECT {columns} FROM ({definition}) AS shown GROUP BY {columns}"))
}

pub(super) fn unpopulate_view(draw: &mut Draw<'_>) -> Option<String> {
    let view = draw.random.pick(&draw.inventory.views).filter(|view| view.kind != "VIEW")?;
    draw.names.push(view.name.clone());
    Some(format!("REFRESH MATERIALIZED VIEW {} WITH NO DATA", view.path))
}

pub(super) fn drop_trigger(draw: &mut Draw<'_>) -> Option<String> {
    let (name, table, _) = draw.random.pick(&draw.inventory.triggers)?;
    draw.named(table);
    Some(format!("DROP TRIGGER {name} ON {table}"))
}

pub(super) fn add_broken_trigger(draw: &mut Draw<'_>) -> Option<String> {
    let table = draw.table()?;
    let event = *draw.random.pick(&["INSERT", "UPDATE", "DELETE", "INSERT OR UPDATE"])?;
    let path = &table.path;
    Some(format!(
        "CREATE FUNCTION {FRESH}() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM 1 FROM judged_absent; RETURN NULL; END $$; \
         CREATE TRIGGER {FRESH} AFTER {event} ON {path} FOR EACH ROW EXECUTE FUNCTION {FRESH}()"
    ))
}

pub(super) fn add_supplying_trigger(draw: &mut Draw<'_>) -> Option<String> {
    let path = &draw.table()?.path;
    Some(format!(
        "ALTER TABLE {path} ADD COLUMN {FRESH} integer NOT NULL; \
         CREATE FUNCTION {FRESH}() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN NEW.{FRESH} := 1; RETURN NEW; END $$; \
         CREATE TRIGGER {FRESH} BEFORE INSERT ON {path} FOR EACH ROW EXECUTE FUNCTION {FRESH}()"
    ))
}

pub(super) fn add_rule(draw: &mut Draw<'_>) -> Option<String> {
    let path = &draw.table()?.path;
    let event = *draw.random.pick(&["INSERT", "UPDATE", "DELETE"])?;
    let action = *draw.random.pick(&["INSTEAD NOTHING", "ALSO SELECT 1"])?;
    Some(format!("CREATE RULE {FRESH} AS ON {event} TO {path} DO {action}"))
}

pub(super) fn enable_row_security(draw: &mut Draw<'_>) -> Option<String> {
    Some(format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", draw.table()?.path))
}

pub(super) fn rename_sequence(draw: &mut Draw<'_>) -> Option<String> {
    let path = draw.random.pick(&draw.inventory.sequences)?;
    draw.named(path);
    Some(format!("ALTER SEQUENCE {path} RENAME TO {FRESH}"))
}

pub(super) fn drop_extension(draw: &mut Draw<'_>) -> Option<String> {
    let name = draw.random.pick(&draw.inventory.extensions)?;
    draw.names.push(name.clone());
    Some(format!("DROP EXTENSION {name} CASCADE"))
}
