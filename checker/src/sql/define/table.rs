//! `CREATE TABLE`.

use super::column::table_elements;
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{CreateTable, Ddl, LikeOption, ObjectName, PartitionBy, TableElement};
use crate::sql::token::Tok;

/// `[IF NOT EXISTS] name …` after `CREATE … TABLE`.
pub(super) fn create_table(cursor: &mut Cursor, temporary: bool, foreign: bool) -> Parsed<Ddl> {
    let if_not_exists = cursor.eat("if not exists");
    let mut table = empty(cursor.object_name()?);
    table.temporary = temporary;
    table.foreign = foreign;
    table.if_not_exists = if_not_exists;
    if cursor.eat("of") {
        table.of_type = Some(cursor.object_name()?);
    } else if cursor.eat("partition of") {
        table.partition_of = Some(cursor.object_name()?);
    }
    if cursor.is_mark(b'(') {
        let inside = cursor.parentheses()?;
        table.elements = table_elements(cursor, inside)?;
    }
    if table.partition_of.is_some() {
        let bound = cursor.until_words(&["partition", "using", "tablespace", "server", "on"]);
        let bound = cut_options(bound);
        table.partition_bound = Some(cursor.text_of(bound));
    }
    while !cursor.at_end() {
        option(cursor, &mut table)?;
    }
    Ok(Ddl::CreateTable(Box::new(table)))
}

/// A table of which only the name is known.
pub(super) fn empty(name: ObjectName) -> CreateTable {
    CreateTable {
        temporary: name.schema.as_ref().is_some_and(|schema| &*schema.text == "pg_temp"),
        name,
        if_not_exists: false,
        foreign: false,
        elements: Vec::new(),
        inherits: Vec::new(),
        partition_of: None,
        partition_bound: None,
        partition_by: None,
        of_type: None,
        as_query: None,
        as_columns: Vec::new(),
        strict: false,
        without_rowid: false,
    }
}

/// A partition's bound without the storage parameters after it.
fn cut_options(bound: &[Tok]) -> &[Tok] {
    // `WITH (modulus …, remainder …)` belongs to the bound, a second one or one after IN, FROM … TO or DEFAULT does not.
    let hash = bound.iter().take(3).any(|tok| tok.is("with"));
    let with = bound.iter().rposition(|tok| tok.is("with"));
    match with {
        Some(at) if !hash => &bound[..at],
        Some(at) if at > 2 => &bound[..at],
        _ => bound,
    }
}

fn option(cursor: &mut Cursor, table: &mut CreateTable) -> Parsed<()> {
    if cursor.eat("inherits") {
        for entry in cursor.parenthesized_list()? {
            table.inherits.push(cursor.over(entry).object_name()?);
        }
    } else if cursor.eat("partition by") {
        table.partition_by = Some(partition_by(cursor)?);
    } else if cursor.eat("using") || cursor.eat("tablespace") || cursor.eat("server") {
        cursor.name()?;
    } else if cursor.eat("without oids") || cursor.eat("with oids") {
        // Neither is a column.
    } else if cursor.eat("with") || cursor.eat("options") {
        cursor.parentheses()?;
    } else if cursor.eat("on commit") {
        cursor.eat_any(&["drop", "delete rows", "preserve rows"]);
    } else if cursor.eat("without rowid") {
        table.without_rowid = true;
    } else if cursor.eat("strict") {
        table.strict = true;
    } else if cursor.eat("as") {
        as_query(cursor, table)?;
    } else if !cursor.eat_mark(b',') {
        return cursor.failure("a table option");
    }
    Ok(())
}

fn as_query(cursor: &mut Cursor, table: &mut CreateTable) -> Parsed<()> {
    let tokens = cursor.take_rest();
    let tokens = super::view::without_data_clause(tokens).0;
    let columns = std::mem::take(&mut table.elements).into_iter().filter_map(|element| match element {
        TableElement::Column(column) => Some(column.name),
        _ => None,
    });
    table.as_columns = columns.collect();
    match cursor.query_of(tokens) {
        Ok(query) => table.as_query = Some(query),
        Err(unparsed) => {
            return Err(crate::sql::cursor::Failure { reason: unparsed.reason, at: unparsed.at });
        }
    }
    Ok(())
}

fn partition_by(cursor: &mut Cursor) -> Parsed<PartitionBy> {
    let strategy = cursor.name()?.text.to_string();
    let mut keys = Vec::new();
    for entry in cursor.parenthesized_list()? {
        keys.push(cursor.over(entry).index_element()?.column);
    }
    Ok(PartitionBy { strategy, keys })
}

/// `LIKE table [INCLUDING … | EXCLUDING …]`.
pub(super) fn like(cursor: &mut Cursor) -> Parsed<TableElement> {
    use LikeOption::*;
    const NAMED: [(&str, LikeOption); 9] = [
        ("comments", Comments),
        ("compression", Compression),
        ("constraints", Constraints),
        ("defaults", Defaults),
        ("generated", Generated),
        ("identity", Identity),
        ("indexes", Indexes),
        ("statistics", Statistics),
        ("storage", Storage),
    ];
    let start = cursor.position();
    cursor.expect("like")?;
    let table = cursor.object_name()?;
    let mut including: Vec<LikeOption> = Vec::new();
    while !cursor.at_end() {
        let adds = cursor.eat("including");
        if !adds {
            cursor.expect("excluding")?;
        }
        let all = cursor.eat("all");
        let named = NAMED.iter().filter(|(word, _)| all || cursor.is(word)).map(|(_, option)| *option);
        let chosen: Vec<LikeOption> = named.collect();
        if chosen.is_empty() {
            return cursor.failure("what to include");
        }
        if !all {
            cursor.advance();
        }
        including.retain(|option| !chosen.contains(option));
        if adds {
            including.extend(chosen);
        }
    }
    Ok(TableElement::Like { table, including, span: cursor.span_since(start) })
}

/// `SELECT … INTO table …`, which creates a table.
pub(super) fn select_into(cursor: &Cursor) -> Option<Ddl> {
    let mut cursor = *cursor;
    if !cursor.piece.dialect.syntax.select_into {
        return None;
    }
    let before = cursor.until_words(&["into", "from", "union", "intersect", "except"]);
    if !cursor.eat("into") {
        return None;
    }
    let _ = cursor.eat("local") || cursor.eat("global");
    let temporary = cursor.eat("temporary") || cursor.eat("temp");
    cursor.eat("unlogged");
    cursor.eat("table");
    let mut table = empty(cursor.object_name().ok()?);
    table.temporary |= temporary;
    let tokens: Vec<Tok> = before.iter().chain(cursor.take_rest()).cloned().collect();
    table.as_query = Some(cursor.query_of(&tokens).ok()?);
    Some(Ddl::CreateTable(Box::new(table)))
}
