//! Statements made from what the files say.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::{Catalog, Parts};
use super::dsl::span_of_all;
use super::writer::Writer;
use super::{Around, Column, Conflict, Field, Function, Group, Kind, Model, PathUse, Statement, Table, Target, Values};
use crate::query::Reads;
use crate::query::source::link::Linker;
use crate::query::source::scan::FileScan;
use crate::query::source::text::SqlText;
use crate::source::{Place, Source, Span};

/// A statement that was made.
pub(in crate::query::source) struct Synthetic {
    pub(in crate::query::source) file: usize,
    pub(in crate::query::source) around: Around,
    pub(in crate::query::source) text: SqlText,
    pub(in crate::query::source) reads: Option<Reads>,
}

/// All that can be made, and the spans of what cannot, with reasons.
#[derive(Default)]
pub(in crate::query::source) struct Synthesis {
    pub(in crate::query::source) made: Vec<Synthetic>,
    /// File, span, whether it is of a test, reason.
    pub(in crate::query::source) unresolved: Vec<(usize, Span, bool, String)>,
}

/// Makes the statements of all files.
pub(in crate::query::source) fn synthesize(files: &[FileScan], linker: &Linker<'_>) -> Synthesis {
    let catalog = Catalog::new(files, linker);
    let mut synthesis = Synthesis::default();
    let parts = catalog.parts();
    for (file, scan) in files.iter().enumerate() {
        let named = Vec::new();
        let mut maker =
            Maker { catalog: &catalog, parts: &parts, file, source: &scan.source, synthesis: &mut synthesis, named };
        let found = &scan.found.diesel;
        found.functions.iter().for_each(|function| maker.function(function));
        found.models.iter().for_each(|model| maker.model(model));
        found.statements.iter().for_each(|statement| maker.statement(statement));
        found.groups.iter().for_each(|group| maker.group(group));
    }
    synthesis
}

/// Columns of a table, and where they are named.
type OfTable<'a> = (&'a Table, Vec<(&'a Column, Span)>);

/// Makes statements of one file.
struct Maker<'a, 's> {
    catalog: &'s Catalog<'a>,
    parts: &'s Parts,
    file: usize,
    source: &'a Source,
    synthesis: &'s mut Synthesis,
    /// The tables that statements name, and where.
    named: Vec<(Span, &'a Table)>,
}

impl<'a> Maker<'a, '_> {
    fn text(&self, span: Span) -> Writer<'a> {
        Writer { text: SqlText::new(Place { source: self.source.clone(), span }), source: self.source, parameters: 0 }
    }

    fn push(&mut self, writer: Writer<'_>, around: &Around, reads: Option<Reads>) {
        self.synthesis.made.push(Synthetic { file: self.file, around: around.clone(), text: writer.text, reads });
    }

    fn unresolved(&mut self, span: Span, test: bool, reason: &str) {
        self.synthesis.unresolved.push((self.file, span, test, reason.to_owned()));
    }

    fn function(&mut self, function: &Function) {
        let Some(arguments) = &function.arguments else { return };
        let mut text = self.text(function.span);
        text.raw("SELECT ");
        text.verbatim(&function.sql_name, function.span);
        text.raw("(");
        text.list(arguments.iter(), |text, ty| {
            text.raw("CAST(NULL AS ");
            text.raw(ty);
            text.raw(")");
        });
        text.raw(")");
        self.push(text, &function.around, None);
    }

    /// Selecting, inserting and updating all that a struct names.
    fn model(&mut self, model: &Model) {
        let Some(table) = self.catalog.table_named(self.file, &model.table) else {
            let needs_table = own_fields(model).any(|field| !field.by_expression);
            let derives = model.derives;
            if needs_table && (derives.selectable || derives.insertable || derives.changeset) {
                let reason = format!("the table `{}` is not found", model.table.path.join("::"));
                self.unresolved(model.span, model.around.test, &reason);
            }
            return;
        };
        if model.derives.selectable {
            self.selectable(model, table);
        }
        let is_part = self.parts.models.contains(&std::ptr::from_ref(model))
            || self.parts.tables.contains(&std::ptr::from_ref(table));
        if model.derives.insertable && !is_part {
            let columns = self.insertable(self.file, model, table, 0);
            if let Some(text) = self.insert(table, &columns, model.span, None) {
                self.push(text, &model.around, None);
            }
        }
        if model.derives.changeset {
            self.changeset(model, table);
        }
    }

    fn selectable(&mut self, model: &Model, table: &'a Table) {
        let mut text = self.text(model.span);
        let fields: Vec<(&Field, &Column)> = own_fields(model)
            .filter(|field| !field.by_expression)
            .filter_map(|f| Some((f, column(table, f)?)))
            .collect();
        if fields.is_empty() {
            return;
        }
        text.raw("SELECT ");
        text.list(fields.iter(), |text, (field, column)| text.column(table, column, Some(field.span)));
        text.raw(" FROM ");
        text.table(table);
        let reads = fields.iter().map(|(field, _)| field.read.clone()).collect();
        self.push(text, &model.around, Some(Reads::Positions(reads)));
    }

    /// The columns that a struct inserts, those of structs in it too.
    fn insertable(
        &self,
        file: usize,
        model: &Model,
        table: &'a Table,
        depth: usize,
    ) -> Vec<(&'a Column, Option<Span>)> {
        const DEPTH_LIMIT: usize = 4;
        let mut columns = Vec::new();
        for field in model.fields.iter().filter(|field| !field.skips_insertion) {
            match &field.embedded {
                Some(path) if depth < DEPTH_LIMIT => {
                    if let Some((at, inner)) = self.catalog.model(file, path) {
                        let inner = self.insertable(at, inner, table, depth + 1);
                        columns.extend(inner.into_iter().map(|(column, _)| (column, None)));
                    }
                }
                Some(_) => {}
                None => columns.extend(column(table, field).map(|column| (column, Some(field.span)))),
            }
        }
        columns
    }

    fn changeset(&mut self, model: &Model, table: &'a Table) {
        let fields: Vec<(&Column, Option<Span>)> = own_fields(model)
            .filter(|field| !field.skips_update && !model.primary_key.contains(&field.column))
            .filter_map(|field| Some((column(table, field)?, Some(field.span))))
            .collect();
        if fields.is_empty() {
            return;
        }
        let mut text = self.text(model.span);
        text.update(table, &fields);
        let key: Vec<&Column> =
            table.primary_key.iter().filter_map(|name| table.columns.iter().find(|c| c.name == *name)).collect();
        for (at, column) in key.into_iter().enumerate() {
            text.raw(if at == 0 { " WHERE " } else { " AND " });
            text.column(table, column, None);
            text.raw(" = ");
            text.parameter();
        }
        self.push(text, &model.around, None);
    }

    /// The columns that an expression names, a statement for each table.
    fn group(&mut self, group: &Group) {
        let mut tables: BTreeMap<(&str, &str), OfTable<'a>> = BTreeMap::new();
        for used in &group.paths {
            let found = match self.catalog.column_of(self.file, used) {
                Some((table, column)) => Some((table, Some(column))),
                None => self.catalog.table_of(self.file, used).map(|table| (table, None)),
            };
            let Some((table, column)) = found else { continue };
            let key = (table.schema.as_deref().unwrap_or_default(), table.sql_name.as_str());
            let (_, columns) = tables.entry(key).or_insert((table, Vec::new()));
            if let Some(column) = column.filter(|column| !columns.iter().any(|(known, _)| known.name == column.name)) {
                columns.push((column, used.span));
            }
        }
        for (table, columns) in tables.into_values() {
            let is_named = |(span, named): &(Span, &Table)| {
                group.span.start <= span.start && span.end <= group.span.end && std::ptr::eq(*named, table)
            };
            if columns.is_empty() && self.named.iter().any(is_named) {
                continue;
            }
            let mut text = self.text(group.span);
            text.raw("SELECT ");
            if columns.is_empty() {
                text.raw("1");
            }
            text.list(columns.iter(), |text, (column, span)| text.column(table, column, Some(*span)));
            text.raw(" FROM ");
            text.table(table);
            self.push(text, &group.around, None);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            Kind::Load(tables) => self.load(statement, tables),
            Kind::Insert { table, values, conflict } => {
                self.inserting(statement, table, values, conflict.as_ref());
            }
            Kind::Update { table, values } => self.updating(statement, table.as_ref(), values),
            Kind::Delete { table } => {
                let Some(table) = self.catalog.table_of(self.file, table) else { return };
                self.named.push((statement.span, table));
                let mut text = self.text(statement.span);
                text.raw("DELETE FROM ");
                text.table(table);
                text.returning(table, statement.gives_all);
                self.push(text, &statement.around, None);
            }
        }
    }

    fn load(&mut self, statement: &Statement, tables: &[PathUse]) {
        let tables: Vec<&Table> = tables.iter().filter_map(|table| self.catalog.table_of(self.file, table)).collect();
        for (at, table) in tables.iter().enumerate() {
            if tables.iter().take(at).any(|known| std::ptr::eq(*known, *table)) {
                continue;
            }
            let mut text = self.text(statement.span);
            text.raw("SELECT ");
            text.list(table.columns.iter(), |text, column| text.column(table, column, None));
            text.raw(" FROM ");
            text.table(table);
            self.named.push((statement.span, table));
            self.push(text, &statement.around, None);
        }
    }

    fn inserting(&mut self, statement: &Statement, table: &PathUse, values: &Values, conflict: Option<&Conflict>) {
        let Some(table) = self.catalog.table_of(self.file, table) else { return };
        let spread: Vec<Vec<(&'a Column, Option<Span>)>> = match values {
            Values::Columns(paths) => self.columns_of(table, paths).into_iter().collect(),
            Values::Mixed(paths, of) => self.mixed(table, paths, of.as_ref()),
            Values::Default => vec![Vec::new()],
            Values::Other | Values::Struct(_) if conflict.is_none() && !statement.gives_all => return,
            Values::Struct(used) => match self.struct_into(table, used) {
                Some(columns) => vec![columns],
                None => self.insertables_of(table),
            },
            Values::Other => self.insertables_of(table),
        };
        if spread.is_empty() {
            return self.unresolved(statement.span, statement.around.test, "what is inserted is not followed");
        }
        if conflict.is_some_and(|conflict| matches!(conflict.target, Target::Unknown)) {
            self.unresolved(statement.span, statement.around.test, "the conflict's target is not followed");
        }
        for columns in spread {
            let Some(mut text) = self.insert(table, &columns, statement.span, conflict) else { continue };
            self.named.push((statement.span, table));
            text.returning(table, statement.gives_all);
            self.push(text, &statement.around, None);
        }
    }

    /// The columns of a table that paths name; `None` where one is none.
    fn columns_of(&self, table: &'a Table, paths: &[PathUse]) -> Option<Vec<(&'a Column, Option<Span>)>> {
        let column = |path| {
            let (of, column) = self.catalog.column_of(self.file, path)?;
            std::ptr::eq(of, table).then_some((column, Some(path.span)))
        };
        paths.iter().map(column).collect()
    }

    /// Columns with values beside those of a struct, for each struct that it can be.
    fn mixed(&self, table: &'a Table, paths: &[PathUse], of: Option<&PathUse>) -> Vec<Vec<(&'a Column, Option<Span>)>> {
        let Some(beside) = self.columns_of(table, paths) else { return Vec::new() };
        let seen = of.and_then(|of| self.struct_into(table, of));
        let mut spread = seen.map_or_else(|| self.insertables_of(table), |columns| vec![columns]);
        for columns in &mut spread {
            columns.retain(|(column, _)| !beside.iter().any(|(known, _)| known.name == column.name));
            columns.extend(beside.iter().copied());
        }
        spread
    }

    /// What the struct of this name inserts into a table.
    fn struct_into(&self, table: &'a Table, used: &PathUse) -> Option<Vec<(&'a Column, Option<Span>)>> {
        let (at, model) = used.meanings().find_map(|path| self.catalog.model(self.file, &path))?;
        let of = self.catalog.table_named(at, &model.table)?;
        let columns = self.insertable(at, model, table, 0);
        let fits = model.derives.insertable && std::ptr::eq(of, table);
        fits.then(|| columns.into_iter().map(|(column, _)| (column, None)).collect())
    }

    /// What each struct that can be inserted into a table inserts, those of the same package first. Which of them a
    /// statement takes is not followed.
    fn insertables_of(&self, table: &'a Table) -> Vec<Vec<(&'a Column, Option<Span>)>> {
        let own = self.catalog.files.get(self.file).map(|file| &file.package.name);
        let in_own = self.insertables_where(table, &|scan| Some(&scan.package.name) == own);
        if in_own.is_empty() { self.insertables_where(table, &|_| true) } else { in_own }
    }

    fn insertables_where(
        &self,
        table: &'a Table,
        wanted: &dyn Fn(&FileScan) -> bool,
    ) -> Vec<Vec<(&'a Column, Option<Span>)>> {
        let mut all = BTreeSet::new();
        let mut spread = Vec::new();
        for (file, scan) in self.catalog.files.iter().enumerate().filter(|(_, scan)| wanted(scan)) {
            let own = scan.found.diesel.models.iter().filter(|model| model.derives.insertable && !model.around.test);
            for model in own {
                let of = self.catalog.table_named(file, &model.table);
                if !of.is_some_and(|of| std::ptr::eq(of, table)) {
                    continue;
                }
                let columns = self.insertable(file, model, table, 0);
                if all.insert(columns.iter().map(|(column, _)| column.name.clone()).collect::<Vec<_>>()) {
                    spread.push(columns.into_iter().map(|(column, _)| (column, None)).collect());
                }
            }
        }
        spread
    }

    fn insert(
        &self,
        table: &Table,
        columns: &[(&Column, Option<Span>)],
        span: Span,
        conflict: Option<&Conflict>,
    ) -> Option<Writer<'a>> {
        let mut text = self.text(span);
        text.raw("INSERT INTO ");
        text.table(table);
        if columns.is_empty() {
            text.raw(" DEFAULT VALUES");
        } else {
            text.raw(" (");
            text.list(columns.iter(), |text, (column, span)| text.name(&column.sql_name, *span));
            text.raw(") VALUES (");
            text.list(columns.iter(), |text, _| text.parameter());
            text.raw(")");
        }
        let Some(conflict) = conflict else { return Some(text) };
        let target: Vec<(&Column, Option<Span>)> = match &conflict.target {
            Target::Columns(paths) => self.columns_of_any(paths)?,
            Target::PrimaryKey(table) => {
                let table = self.catalog.table_of(self.file, table)?;
                let key = table.columns.iter().filter(|column| table.primary_key.contains(&column.name));
                key.map(|column| (column, None)).collect()
            }
            _ => Vec::new(),
        };
        match &conflict.target {
            Target::Unknown => return Some(text),
            Target::Anything => text.raw(" ON CONFLICT"),
            Target::Constraint(name) => {
                text.raw(" ON CONFLICT ON CONSTRAINT ");
                text.name(name, None);
            }
            Target::Raw(target, _) => {
                text.raw(" ON CONFLICT ");
                text.raw(target);
            }
            Target::Columns(_) | Target::PrimaryKey(_) => {
                text.raw(" ON CONFLICT (");
                text.list(target.iter(), |text, (column, span)| text.name(&column.sql_name, *span));
                text.raw(")");
            }
        }
        let updates = self.columns_of_any(&conflict.updates).unwrap_or_default();
        if updates.is_empty() {
            text.raw(" DO NOTHING");
        } else {
            text.raw(" DO UPDATE SET ");
            text.assignments(&updates);
        }
        Some(text)
    }

    fn columns_of_any(&self, paths: &[PathUse]) -> Option<Vec<(&'a Column, Option<Span>)>> {
        paths.iter().map(|path| Some((self.catalog.column_of(self.file, path)?.1, Some(path.span)))).collect()
    }

    fn updating(&mut self, statement: &Statement, table: Option<&PathUse>, values: &Values) {
        let Values::Columns(paths) = values else { return };
        let named = table.and_then(|table| self.catalog.table_of(self.file, table));
        let of_column = || Some(self.catalog.column_of(self.file, paths.first()?)?.0);
        let Some(table) = named.or_else(of_column) else { return };
        let Some(columns) = self.columns_of(table, paths) else {
            let span = span_of_all(paths).unwrap_or(statement.span);
            return self.unresolved(span, statement.around.test, "what is set is not followed");
        };
        self.named.push((statement.span, table));
        let mut text = self.text(statement.span);
        text.update(table, &columns);
        text.returning(table, statement.gives_all);
        self.push(text, &statement.around, None);
    }
}

fn own_fields(model: &Model) -> impl Iterator<Item = &Field> {
    model.fields.iter().filter(|field| field.embedded.is_none())
}

fn column<'a>(table: &'a Table, field: &Field) -> Option<&'a Column> {
    table.columns.iter().find(|column| column.name == field.column)
}
