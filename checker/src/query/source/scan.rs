//! One Rust file: the calls that send SQL, and what other files may need to know of it.

use std::borrow::Cow;
use std::sync::Arc;

use syn::visit::Visit as _;

use super::imports::Imports;
use super::package::Package;
use super::records::{self, Record, RowType};
use super::scope::Scope;
use super::syntax::{self, Broken};
use super::value::Value;
use super::walk::{Declarations, Walker};
use super::{CallProfile, Expectation, MappedType, diesel};
use crate::source::{Place, Source, Span};

/// What one file says. [`super::collect`] puts the files together.
#[derive(Clone, Debug)]
pub struct FileScan {
    pub(super) source: Source,
    pub(super) package: Arc<Package>,
    pub(super) found: Arc<Found>,
    pub(super) imports: Arc<Imports>,
    pub(super) unread: Vec<(Place, String)>,
    /// Whether reading it did not come to an end, which it may another time.
    pub(super) is_given_up: bool,
}

/// What stands in a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) calls: Vec<Call>,
    pub(super) definitions: Vec<Definition>,
    pub(super) passed: Vec<Passed>,
    pub(super) modules: Vec<Module>,
    pub(super) records: Vec<Record>,
    pub(super) mapped: Vec<MappedType>,
    pub(super) diesel: diesel::Found,
    /// Whether something in it may bring in files that no `mod` names.
    pub(super) includes_code: bool,
}

/// A call that sends SQL.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) profile: &'static CallProfile,
    pub(super) text: Value,
    /// The argument.
    pub(super) span: Span,
    /// Whether it takes SQL even where the text does not show it.
    pub(super) sure: bool,
    pub(super) row: Option<RowType>,
    pub(super) expectation: Option<Expectation>,
    /// Whether it is only there in tests.
    pub(super) test: bool,
    /// The macro whose definition it stands in, where the macro's arguments are not known.
    pub(super) in_macro: Option<String>,
    /// Why the text is not all, where the library adds to it.
    pub(super) extended: Option<Cow<'static, str>>,
}

/// A text that is handed to a function of the project, which may send it.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    /// The function's path, or the method's name.
    pub(super) path: Vec<String>,
    pub(super) method: bool,
    /// Whether the call is taken down as one of a library's.
    pub(super) taken: bool,
    /// Which argument, the receiver of a method aside.
    pub(super) at: usize,
    pub(super) text: Value,
    pub(super) span: Span,
    pub(super) expectation: Option<Expectation>,
    pub(super) test: bool,
}

/// A constant, or a function that gives a text.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// The inline modules around it.
    pub(super) module: Vec<String>,
    /// The type or the trait it belongs to.
    pub(super) owner: Option<String>,
    /// The trait that its `impl` is for.
    pub(super) of_trait: Option<String>,
    pub(super) name: String,
    pub(super) value: Value,
}

/// A `mod name;`.
#[derive(Clone, Debug)]
pub(super) struct Module {
    /// The inline modules around it.
    pub(super) module: Vec<String>,
    pub(super) name: String,
    /// Its `#[path]`.
    pub(super) path: Option<String>,
    pub(super) test: bool,
}

impl FileScan {
    /// The file's path.
    pub fn path(&self) -> &str {
        self.source.path()
    }

    /// The same for another reading of a project, if file and package are still what they were.
    pub fn again(&self, source: &Source, package: &Arc<Package>) -> Option<FileScan> {
        let same =
            self.source.path() == source.path() && self.source.text() == source.text() && self.package == *package;
        same.then(|| FileScan { package: package.clone(), ..self.clone() })
    }
}

/// Reads one file. What is not Rust costs this file only, and what can be told from its tokens is told.
pub fn scan_file(source: &Source, package: &Arc<Package>) -> FileScan {
    let mut scan = FileScan {
        source: source.clone(),
        package: package.clone(),
        found: Arc::default(),
        imports: Arc::default(),
        unread: Vec::new(),
        is_given_up: false,
    };
    if !may_matter(source.text()) {
        return scan;
    }
    match syntax::on_large_stack(|| read(source, package)) {
        Some((found, imports, broken)) => {
            scan.found = Arc::new(found);
            scan.imports = Arc::new(imports);
            scan.unread.extend(broken.map(|broken| (broken.place, broken.reason)));
        }
        None => {
            scan.unread.push((whole(source), "reading it did not end well".to_owned()));
            scan.is_given_up = true;
        }
    }
    scan
}

/// Words of which a file has one if it sends SQL, holds the text of some, or declares modules.
const HINTS: &[&str] = &[
    "sql",
    "FromSql",
    "ToSql",
    "SQL",
    "query",
    "execute",
    "prepare",
    "fetch",
    "FromRow",
    "diesel",
    "table!",
    "Queryable",
    "Insertable",
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "select ",
    "insert ",
    "update ",
    "delete ",
    "DeriveEntityModel",
    "DeriveActiveEnum",
    "DbEnum",
    "mod ",
    "include!",
];

fn may_matter(text: &str) -> bool {
    HINTS.iter().any(|hint| text.contains(hint))
}

fn whole(source: &Source) -> Place {
    Place { source: source.clone(), span: Span::new(0, 0) }
}

fn read(source: &Source, package: &Package) -> (Found, Imports, Option<Broken>) {
    let tokens = match syntax::tokenize(source) {
        Ok(tokens) => tokens,
        Err(broken) => return (Found::default(), Imports::default(), Some(broken)),
    };
    let file = syntax::parse(source, &tokens);
    let mut declarations = Declarations::default();
    if let Ok(file) = &file {
        declarations.visit_file(file);
    }
    let Declarations { imports, rules, .. } = declarations;
    let mut walker = Walker::new(Scope::new(source, package, tokens.offsets, imports, rules));
    let broken = match file {
        Ok(file) => {
            walker.visit_file(&file);
            walker.visit_unexpanded_macros();
            None
        }
        Err(broken) => {
            walker.visit_tokens(&tokens.stream);
            Some(broken)
        }
    };
    let (mut found, imports) = walker.finish();
    for record in &mut found.records {
        records::apply_imports(record, &imports);
    }
    (found, imports, broken)
}
