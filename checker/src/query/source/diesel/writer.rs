//! Statements as text, each name with the place it comes from.

use super::{Column, Table};
use crate::query::source::text::SqlText;
use crate::source::{Source, Span};

/// Writes a statement, each name with the place it comes from.
pub(super) struct Writer<'a> {
    pub(super) text: SqlText,
    pub(super) source: &'a Source,
    pub(super) parameters: usize,
}

impl Writer<'_> {
    pub(super) fn raw(&mut self, sql: &str) {
        sql.chars().for_each(|character| self.text.push_char(character));
    }

    /// A name that stands at a span, if it is written the same there.
    pub(super) fn verbatim(&mut self, name: &str, span: Span) {
        let written = self.source.slice(span);
        if written.strip_prefix("r#").unwrap_or(written) == name {
            self.text.push_exact(self.source, span.end - name.len()..span.end);
        } else {
            self.raw(name);
        }
    }

    pub(super) fn name(&mut self, name: &str, span: Option<Span>) {
        self.raw("\"");
        match span.filter(|_| !name.contains('"')) {
            Some(span) => self.verbatim(name, span),
            None => self.raw(&name.replace('"', "\"\"")),
        }
        self.raw("\"");
    }

    pub(super) fn table(&mut self, table: &Table) {
        if let Some(schema) = &table.schema {
            self.name(schema, None);
            self.raw(".");
        }
        self.name(&table.sql_name, None);
    }

    pub(super) fn column(&mut self, table: &Table, column: &Column, span: Option<Span>) {
        self.table(table);
        self.raw(".");
        self.name(&column.sql_name, span);
    }

    pub(super) fn parameter(&mut self) {
        self.parameters += 1;
        self.raw(&format!("${}", self.parameters));
    }

    pub(super) fn list<T>(&mut self, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (at, item) in items.enumerate() {
            if at > 0 {
                self.raw(", ");
            }
            write(self, item);
        }
    }

    pub(super) fn assignments(&mut self, columns: &[(&Column, Option<Span>)]) {
        self.list(columns.iter(), |text, (column, span)| {
            text.name(&column.sql_name, *span);
            text.raw(" = ");
            text.parameter();
        });
    }

    pub(super) fn update(&mut self, table: &Table, columns: &[(&Column, Option<Span>)]) {
        self.raw("UPDATE ");
        self.table(table);
        self.raw(" SET ");
        self.assignments(columns);
    }

    pub(super) fn returning(&mut self, table: &Table, all: bool) {
        if all {
            self.raw(" RETURNING ");
            self.list(table.columns.iter(), |text, column| text.column(table, column, None));
        }
    }
}
