//! The kinds of change: each draws one statement, or the few of one migration, from what a database holds.

mod columns;
mod keys;
mod objects;
mod tables;

use super::inventory::{Column, Constraint, Inventory, Table};
use super::random::Random;

/// A change of a schema.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// Its kind.
    pub kind: &'static str,
    /// One migration.
    pub sql: String,
    /// The names of what it changes, as they are.
    pub names: Vec<String>,
}

/// Draws a mutation; kinds that find nothing to change are drawn again.
#[must_use]
pub fn draw(random: &mut Random, inventory: &Inventory) -> Option<Mutation> {
    for _ in 0..200 {
        let Some((kind, make)) = random.pick(KINDS) else { continue };
        let mut draw = Draw { random, inventory, names: Vec::new() };
        if let Some(sql) = make(&mut draw) {
            return Some(Mutation { kind, sql, names: draw.names });
        }
    }
    None
}

struct Draw<'a> {
    random: &'a mut Random,
    inventory: &'a Inventory,
    names: Vec<String>,
}

type Make = fn(&mut Draw<'_>) -> Option<String>;

const KINDS: &[(&str, Make)] = &[
    ("drop table", tables::drop_table),
    ("rename table", tables::rename_table),
    ("move table to another schema", tables::move_table),
    ("recreate table", tables::recreate_table),
    ("recreate table in another column order", tables::reorder_table),
    ("table becomes view", tables::table_to_view),
    ("table becomes partitioned", tables::partition_table),
    ("drop column", columns::drop_column),
    ("rename column", columns::rename_column),
    ("swap columns", columns::swap_columns),
    ("rename column and add it again", columns::rename_and_add),
    ("add column", columns::add_column),
    ("add required column", columns::add_required),
    ("add column of another table's name", columns::add_same_named),
    ("add column of a name in a query", columns::add_captured),
    ("add column with default", columns::add_default),
    ("change type", columns::retype),
    ("change length", columns::relength),
    ("change collation", columns::recollate),
    ("set not null", columns::set_not_null),
    ("drop not null", columns::drop_not_null),
    ("set default", columns::set_default),
    ("drop default", columns::drop_default),
    ("column becomes generated", columns::make_generated),
    ("column becomes identity", columns::make_identity),
    ("drop constraint", keys::drop_constraint),
    ("rename constraint", keys::rename_constraint),
    ("constraint becomes deferrable", keys::make_deferrable),
    ("add unique constraint", keys::add_unique),
    ("add check", keys::add_check),
    ("add foreign key", keys::add_foreign_key),
    ("drop index", keys::drop_index),
    ("index becomes partial", keys::make_partial),
    ("add unique index", keys::add_unique_index),
    ("rename enum label", objects::rename_label),
    ("add enum label", objects::add_label),
    ("drop enum label", objects::drop_label),
    ("rename type", objects::rename_type),
    ("domain refuses null", objects::domain_not_null),
    ("drop function", objects::drop_function),
    ("rename function", objects::rename_function),
    ("function takes one argument more", objects::longer_function),
    ("overload function", objects::overload_function),
    ("drop view", objects::drop_view),
    ("rename view", objects::rename_view),
    ("replace view with one column more", objects::widen_view),
    ("recreate view with one column less", objects::narrow_view),
    ("view becomes grouped", objects::group_view),
    ("materialized view without data", objects::unpopulate_view),
    ("drop trigger", objects::drop_trigger),
    ("add broken trigger", objects::add_broken_trigger),
    ("add trigger that supplies a column", objects::add_supplying_trigger),
    ("add rule", objects::add_rule),
    ("enable row level security", objects::enable_row_security),
    ("rename sequence", objects::rename_sequence),
    ("drop extension", objects::drop_extension),
];

const FRESH: &str = "judged_new";

impl<'a> Draw<'a> {
    fn table(&mut self) -> Option<&'a Table> {
        let table = self.random.pick(&self.inventory.tables)?;
        self.names.push(table.name.clone());
        Some(table)
    }

    fn column(&mut self, wanted: impl Fn(&Column) -> bool) -> Option<(&'a Table, &'a Column)> {
        let table = self.table()?;
        let columns: Vec<&Column> = table.columns.iter().filter(|column| wanted(column)).collect();
        let column = *self.random.pick(&columns)?;
        Some((table, column))
    }

    fn constraint(&mut self, kinds: &str) -> Option<(&'a Table, &'a Constraint)> {
        let table = self.table()?;
        let constraints: Vec<_> = table.constraints.iter().filter(|it| kinds.contains(it.kind.as_str())).collect();
        let constraint = *self.random.pick(&constraints)?;
        Some((table, constraint))
    }

    fn index(&mut self, unique: bool) -> Option<&'a (String, bool, String)> {
        let table = self.table()?;
        let indexes: Vec<_> = table.indexes.iter().filter(|index| index.1 || !unique).collect();
        self.random.pick(&indexes).copied()
    }

    fn named(&mut self, path: &str) {
        self.names.extend(path.rsplit('.').next().map(|name| name.trim_matches('"').to_owned()));
    }
}

fn any(_: &Column) -> bool {
    true
}

/// Types that a column may be changed to, with a value.
const TYPES: &[(&str, &str)] = &[
    ("text", "a"),
    ("varchar(20)", "a"),
    ("integer", "1"),
    ("bigint", "1"),
    ("smallint", "1"),
    ("numeric(12, 2)", "1"),
    ("double precision", "1"),
    ("boolean", "t"),
    ("uuid", "00000000-0000-0000-0000-000000000001"),
    ("bytea", "a"),
    ("json", "1"),
    ("jsonb", "1"),
    ("date", "2020-01-01"),
    ("timestamp", "2020-01-01"),
    ("timestamptz", "2020-01-01"),
    ("interval", "1 day"),
    ("text[]", "{a}"),
    ("integer[]", "{1}"),
    ("inet", "10.0.0.1"),
];

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
