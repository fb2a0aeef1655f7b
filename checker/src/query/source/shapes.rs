//! The shapes of calls that send SQL: by path, by method name, by macro.

use super::CallProfile;
use super::evaluate::path_ends;
use super::package::Package;
use super::profiles;

/// A function called by its path.
pub(super) struct FunctionShape {
    crates: &'static [&'static str],
    /// How its path ends.
    name: &'static [&'static str],
    /// Which argument is the text.
    pub(super) text: usize,
    profile: &'static str,
    /// What its type arguments and its text say of the rows.
    pub(super) reads: Reads,
}

/// Where a call says what it reads from a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// Nowhere.
    Nothing,
    /// The last type argument is a whole row.
    Row,
    /// The last type argument is the only column.
    Scalar,
}

/// A method.
pub(super) struct MethodShape {
    crates: &'static [&'static str],
    name: &'static str,
    profile: &'static str,
    /// Whether its name alone tells that it takes SQL, in a package that depends on the crate.
    pub(super) sure: bool,
}

/// A macro.
pub(super) struct MacroShape {
    name: &'static str,
    profile: &'static str,
    /// Whether the first argument is the row's type.
    pub(super) typed: bool,
    /// Whether the text is a file's, relative to the package.
    pub(super) file: bool,
    pub(super) reads: Reads,
}

const SQLX: &[&str] =
    &["sqlx", "sqlx_core", "sqlx_oldapi", "sqlx_postgres", "sqlx_sqlite", "sqlx_mysql", "sqlx_macros"];
const POSTGRES: &[&str] =
    &["tokio_postgres", "postgres", "deadpool_postgres", "bb8_postgres", "r2d2_postgres", "mobc_postgres"];
const RUSQLITE: &[&str] =
    &["rusqlite", "tokio_rusqlite", "r2d2_sqlite", "deadpool_sqlite", "async_sqlite", "bb8_rusqlite"];
const MYSQL: &[&str] = &["mysql", "mysql_async", "r2d2_mysql"];
const DIESEL: &[&str] = &["diesel", "diesel_async"];
const SEA_ORM: &[&str] = &["sea_orm", "sea_orm_migration"];

const fn function(
    crates: &'static [&'static str],
    name: &'static [&'static str],
    text: usize,
    profile: &'static str,
    reads: Reads,
) -> FunctionShape {
    FunctionShape { crates, name, text, profile, reads }
}

static FUNCTIONS: &[FunctionShape] = &[
    function(SQLX, &["query"], 0, "sqlx::query", Reads::Nothing),
    function(SQLX, &["query_with"], 0, "sqlx::query", Reads::Nothing),
    function(SQLX, &["query_as"], 0, "sqlx::query_as", Reads::Row),
    function(SQLX, &["query_as_with"], 0, "sqlx::query_as", Reads::Row),
    function(SQLX, &["query_scalar"], 0, "sqlx::query_scalar", Reads::Scalar),
    function(SQLX, &["query_scalar_with"], 0, "sqlx::query_scalar", Reads::Scalar),
    function(SQLX, &["raw_sql"], 0, "sqlx::raw_sql", Reads::Nothing),
    function(SQLX, &["QueryBuilder", "new"], 0, "sqlx::QueryBuilder", Reads::Nothing),
    function(SQLX, &["QueryBuilder", "with_arguments"], 0, "sqlx::QueryBuilder", Reads::Nothing),
    function(DIESEL, &["sql_query"], 0, "diesel::sql_query", Reads::Nothing),
    function(SEA_ORM, &["Statement", "from_string"], 1, "sea_orm::Statement", Reads::Nothing),
    function(SEA_ORM, &["Statement", "from_sql_and_values"], 1, "sea_orm::Statement", Reads::Nothing),
];

const fn method(crates: &'static [&'static str], name: &'static str, profile: &'static str, sure: bool) -> MethodShape {
    MethodShape { crates, name, profile, sure }
}

static METHODS: &[MethodShape] = &[
    method(SQLX, "execute", "sqlx::Executor", false),
    method(SQLX, "execute_many", "sqlx::Executor", false),
    method(SQLX, "fetch", "sqlx::Executor", false),
    method(SQLX, "fetch_many", "sqlx::Executor", false),
    method(SQLX, "fetch_all", "sqlx::Executor", false),
    method(SQLX, "fetch_one", "sqlx::Executor", false),
    method(SQLX, "fetch_optional", "sqlx::Executor", false),
    method(SQLX, "prepare", "sqlx::Executor::prepare", false),
    method(SQLX, "prepare_with", "sqlx::Executor::prepare", false),
    method(SQLX, "describe", "sqlx::Executor::prepare", false),
    method(SQLX, "copy_in_raw", "sqlx::raw_sql", true),
    method(SQLX, "copy_out_raw", "sqlx::raw_sql", true),
    method(POSTGRES, "query", "tokio_postgres::query", false),
    method(POSTGRES, "query_one", "tokio_postgres::query", false),
    method(POSTGRES, "query_opt", "tokio_postgres::query", false),
    method(POSTGRES, "query_raw", "tokio_postgres::query", false),
    method(POSTGRES, "query_scalar", "tokio_postgres::query", false),
    method(POSTGRES, "query_one_scalar", "tokio_postgres::query", false),
    method(POSTGRES, "query_opt_scalar", "tokio_postgres::query", false),
    method(POSTGRES, "execute", "tokio_postgres::query", false),
    method(POSTGRES, "execute_raw", "tokio_postgres::query", false),
    method(POSTGRES, "query_typed", "tokio_postgres::query_typed", false),
    method(POSTGRES, "query_typed_one", "tokio_postgres::query_typed", false),
    method(POSTGRES, "query_typed_opt", "tokio_postgres::query_typed", false),
    method(POSTGRES, "query_typed_raw", "tokio_postgres::query_typed", false),
    method(POSTGRES, "execute_typed", "tokio_postgres::query_typed", false),
    method(POSTGRES, "batch_execute", "tokio_postgres::batch_execute", true),
    method(POSTGRES, "simple_query", "tokio_postgres::simple_query", true),
    method(POSTGRES, "simple_query_raw", "tokio_postgres::simple_query", true),
    method(POSTGRES, "prepare", "tokio_postgres::prepare", false),
    method(POSTGRES, "prepare_typed", "tokio_postgres::prepare_typed", false),
    method(POSTGRES, "prepare_cached", "tokio_postgres::prepare_cached", false),
    method(POSTGRES, "prepare_typed_cached", "tokio_postgres::prepare_cached", false),
    method(POSTGRES, "copy_in", "tokio_postgres::copy", false),
    method(POSTGRES, "copy_out", "tokio_postgres::copy", false),
    method(RUSQLITE, "execute", "rusqlite::execute", false),
    method(RUSQLITE, "execute_batch", "rusqlite::execute_batch", true),
    method(RUSQLITE, "query_row", "rusqlite::query_row", false),
    method(RUSQLITE, "query_one", "rusqlite::query_row", false),
    method(RUSQLITE, "query_row_and_then", "rusqlite::query_row", false),
    method(RUSQLITE, "prepare", "rusqlite::prepare", false),
    method(RUSQLITE, "prepare_with_flags", "rusqlite::prepare", false),
    method(RUSQLITE, "prepare_cached", "rusqlite::prepare_cached", false),
    method(MYSQL, "query", "mysql::query", false),
    method(MYSQL, "query_first", "mysql::query", false),
    method(MYSQL, "query_map", "mysql::query", false),
    method(MYSQL, "query_fold", "mysql::query", false),
    method(MYSQL, "query_iter", "mysql::query", false),
    method(MYSQL, "query_drop", "mysql::query", true),
    method(MYSQL, "exec", "mysql::exec", false),
    method(MYSQL, "exec_first", "mysql::exec", false),
    method(MYSQL, "exec_map", "mysql::exec", false),
    method(MYSQL, "exec_fold", "mysql::exec", false),
    method(MYSQL, "exec_iter", "mysql::exec", false),
    method(MYSQL, "exec_batch", "mysql::exec", false),
    method(MYSQL, "exec_drop", "mysql::exec", false),
    method(MYSQL, "prep", "mysql::exec", false),
    method(DIESEL, "batch_execute", "diesel::batch_execute", true),
    method(SEA_ORM, "execute_unprepared", "sea_orm::execute_unprepared", true),
];

const fn macro_shape(name: &'static str, profile: &'static str, typed: bool, file: bool, reads: Reads) -> MacroShape {
    MacroShape { name, profile, typed, file, reads }
}

static MACROS: &[MacroShape] = &[
    macro_shape("query", "sqlx::query!", false, false, Reads::Nothing),
    macro_shape("query_unchecked", "sqlx::query_unchecked!", false, false, Reads::Nothing),
    macro_shape("query_as", "sqlx::query_as!", true, false, Reads::Row),
    macro_shape("query_as_unchecked", "sqlx::query_as_unchecked!", true, false, Reads::Row),
    macro_shape("query_scalar", "sqlx::query_scalar!", false, false, Reads::Nothing),
    macro_shape("query_scalar_unchecked", "sqlx::query_scalar_unchecked!", false, false, Reads::Nothing),
    macro_shape("query_file", "sqlx::query_file!", false, true, Reads::Nothing),
    macro_shape("query_file_unchecked", "sqlx::query_file_unchecked!", false, true, Reads::Nothing),
    macro_shape("query_file_as", "sqlx::query_file_as!", true, true, Reads::Row),
    macro_shape("query_file_as_unchecked", "sqlx::query_file_as_unchecked!", true, true, Reads::Row),
    macro_shape("query_file_scalar", "sqlx::query_file_scalar!", false, true, Reads::Nothing),
    macro_shape("query_file_scalar_unchecked", "sqlx::query_file_scalar_unchecked!", false, true, Reads::Nothing),
];

impl FunctionShape {
    pub(super) fn profile(&self) -> Option<&'static CallProfile> {
        profiles::by_id(self.profile)
    }
}

impl MethodShape {
    pub(super) fn profile(&self) -> Option<&'static CallProfile> {
        profiles::by_id(self.profile)
    }
}

impl MacroShape {
    pub(super) fn profile(&self) -> Option<&'static CallProfile> {
        profiles::by_id(self.profile)
    }
}

/// How sure a path is a library's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// The path names the crate.
    Named,
    /// The name may be imported with everything else of the crate.
    Likely,
}

/// The shape of a call of a function by this path, imports applied.
pub(super) fn of_function(
    path: &[String],
    imports_all_of: impl Fn(&[&str]) -> bool,
) -> Option<(&'static FunctionShape, Certainty)> {
    FUNCTIONS.iter().filter(|shape| path_ends(path, shape.name)).find_map(|shape| {
        let certainty = certainty(path, shape.name.len(), shape.crates, || imports_all_of(shape.crates))?;
        Some((shape, certainty))
    })
}

/// The shape of a macro's call by this path, imports applied.
pub(super) fn of_macro(
    path: &[String],
    imported: impl Fn(&[&str]) -> bool,
) -> Option<(&'static MacroShape, Certainty)> {
    let name = path.last()?;
    let shape = MACROS.iter().find(|shape| shape.name == name)?;
    Some((shape, certainty(path, 1, SQLX, || imported(SQLX))?))
}

fn certainty(path: &[String], name: usize, crates: &[&str], imported: impl Fn() -> bool) -> Option<Certainty> {
    let before = path.get(..path.len().saturating_sub(name))?;
    if before.iter().any(|part| crates.contains(&part.as_str())) {
        return Some(Certainty::Named);
    }
    (before.is_empty() && imported()).then_some(Certainty::Likely)
}

/// The shape of a method's call in a package. Where several libraries have the method: the one that the file names,
/// then the one that is asynchronous as the call is.
pub(super) fn of_method(name: &str, package: &Package, file: &str, awaited: bool) -> Option<&'static MethodShape> {
    let fitting = METHODS.iter().filter(|shape| shape.name == name && package.depends_on(shape.crates));
    fitting.max_by_key(|shape| {
        let named = shape.crates.iter().any(|krate| file.contains(krate));
        let synchronous = shape.crates.contains(&"rusqlite");
        (named, synchronous != awaited)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_has_its_profile() {
        for shape in FUNCTIONS {
            assert!(shape.profile().is_some(), "{}", shape.profile);
        }
        for shape in METHODS {
            assert!(shape.profile().is_some(), "{}", shape.profile);
        }
        for shape in MACROS {
            assert!(shape.profile().is_some(), "{}", shape.profile);
        }
    }
}
