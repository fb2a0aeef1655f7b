//! `CREATE INDEX`.

use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::ddl::{CreateIndex, Ddl, ObjectName};

/// `[CONCURRENTLY] [[IF NOT EXISTS] name] ON …` after `CREATE [UNIQUE] INDEX`.
pub(super) fn create_index(cursor: &mut Cursor, unique: bool) -> Parsed<Ddl> {
    let concurrently = cursor.eat("concurrently");
    let if_not_exists = cursor.eat("if not exists");
    let name = if cursor.is("on") { None } else { Some(cursor.object_name()?) };
    cursor.expect("on")?;
    let only = cursor.eat("only");
    let table: ObjectName = cursor.object_name()?;
    let method = if cursor.eat("using") { Some(cursor.name()?) } else { None };
    let mut elements = Vec::new();
    for entry in cursor.parenthesized_list()? {
        elements.push(cursor.over(entry).index_element()?);
    }
    let mut index = CreateIndex {
        name,
        if_not_exists,
        unique,
        concurrently,
        table,
        only,
        method,
        elements,
        include: Vec::new(),
        nulls_not_distinct: false,
        predicate: None,
    };
    while !cursor.at_end() {
        if cursor.eat("include") {
            index.include = cursor.parenthesized_names()?;
        } else if cursor.eat("nulls not distinct") {
            index.nulls_not_distinct = true;
        } else if cursor.eat("with") {
            cursor.parentheses()?;
        } else if cursor.eat("tablespace") {
            cursor.name()?;
        } else if cursor.eat("where") {
            let tokens = cursor.take_rest();
            index.predicate = Some(cursor.expr_of(tokens));
        } else if !cursor.eat("nulls distinct") {
            return cursor.failure("an option of an index");
        }
    }
    Ok(Ddl::CreateIndex(Box::new(index)))
}
