//! The tables and structs of all files, and what paths in expressions stand for.

use std::collections::{HashMap, HashSet};

use super::{Column, Kind, Model, PathUse, Table, Values};
use crate::query::source::link::Linker;
use crate::query::source::scan::FileScan;
use crate::query::source::value::Reference;

/// The tables and structs of all files.
pub(super) struct Catalog<'a> {
    pub(super) files: &'a [FileScan],
    pub(super) linker: &'a Linker<'a>,
    pub(super) tables: HashMap<&'a str, Vec<(usize, &'a Table)>>,
    pub(super) models: HashMap<&'a str, Vec<(usize, &'a Model)>>,
}

impl<'a> Catalog<'a> {
    pub(super) fn new(files: &'a [FileScan], linker: &'a Linker<'a>) -> Catalog<'a> {
        let mut catalog = Catalog { files, linker, tables: HashMap::new(), models: HashMap::new() };
        for (at, file) in files.iter().enumerate() {
            for table in &file.found.diesel.tables {
                catalog.tables.entry(table.name.as_str()).or_default().push((at, table));
            }
            for model in &file.found.diesel.models {
                catalog.models.entry(model.name.as_str()).or_default().push((at, model));
            }
        }
        catalog
    }

    /// What is only inserted as a part of something: structs in other structs, and structs beside columns in a tuple,
    /// of which the tables are told.
    pub(super) fn parts(&self) -> Parts {
        let mut parts = Parts::default();
        for (at, file) in self.files.iter().enumerate() {
            for model in file.found.diesel.models.iter().filter(|model| model.derives.insertable) {
                let inner = model.fields.iter().filter_map(|field| self.model(at, field.embedded.as_ref()?));
                parts.models.extend(inner.map(|(_, model)| std::ptr::from_ref(model)));
            }
            for statement in &file.found.diesel.statements {
                if let Kind::Insert { table, values: Values::Mixed(..), .. } = &statement.kind {
                    parts.tables.extend(self.table_of(at, table).map(std::ptr::from_ref));
                }
            }
        }
        parts
    }

    /// The table of this path: `schema::users`.
    pub(super) fn table(&self, file: usize, path: &[String]) -> Option<&'a Table> {
        let all = self.tables.get(path.last()?.as_str())?;
        self.only(file, path, all, |table| &table.module)
    }

    /// The table of this path, or of its name in what is imported whole.
    pub(super) fn table_named(&self, file: usize, used: &PathUse) -> Option<&'a Table> {
        used.meanings().find_map(|path| self.table(file, &path))
    }

    pub(super) fn model(&self, file: usize, path: &[String]) -> Option<(usize, &'a Model)> {
        let all = self.models.get(path.last()?.as_str())?;
        let model = self.only(file, path, all, |model| &model.module)?;
        all.iter().find(|(_, other)| std::ptr::eq(*other, model)).copied()
    }

    pub(super) fn only<T>(
        &self,
        file: usize,
        path: &[String],
        all: &[(usize, &'a T)],
        module: fn(&T) -> &[String],
    ) -> Option<&'a T> {
        let reference = Reference { path: path.to_vec(), method: false, module: Vec::new(), self_name: None };
        let full = |(at, one): &(usize, &T)| self.linker.full_path(*at, module(one), None);
        match self.linker.fitting(file, &reference, all, &full).as_slice() {
            [(_, one)] => Some(one),
            several => several.iter().find(|(at, _)| *at == file).or(several.first()).map(|(_, one)| *one),
        }
    }

    /// The table that a path in an expression stands for.
    pub(super) fn table_of(&self, file: usize, used: &PathUse) -> Option<&'a Table> {
        used.meanings().find_map(|path| match path.as_slice() {
            [before @ .., last] if last == "table" && !before.is_empty() => self.table(file, before),
            [before @ .., last] if last == "belonging_to" => {
                let (at, model) = self.model(file, before)?;
                self.table_named(at, &model.table)
            }
            [before @ .., dsl, name] if dsl == "dsl" && before.last() == Some(name) => self.table(file, before),
            _ => None,
        })
    }

    /// The column that a path in an expression stands for, and its table.
    pub(super) fn column_of(&self, file: usize, used: &PathUse) -> Option<(&'a Table, &'a Column)> {
        used.meanings().find_map(|path| {
            let (name, before) = path.split_last()?;
            let table = match before {
                [before @ .., last] if last == "dsl" || last == "columns" => before,
                _ => before,
            };
            let table = self.table(file, table)?;
            Some((table, table.columns.iter().find(|column| column.name == *name)?))
        })
    }
}

impl PathUse {
    /// What the path may stand for: a name in what is imported whole, or what it says.
    pub(super) fn meanings(&self) -> impl Iterator<Item = Vec<String>> {
        let in_globs = self.globs.iter().map(|glob| [glob.as_slice(), self.path.as_slice()].concat());
        in_globs.chain([self.path.clone()])
    }
}

/// What is no statement by itself.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) models: HashSet<*const Model>,
    pub(super) tables: HashSet<*const Table>,
}
