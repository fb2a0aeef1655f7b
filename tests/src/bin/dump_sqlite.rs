//! Writes `checker/src/dialect/sqlite/data/*.tsv`: the built-in objects of SQLite. Functions that an
//! application's SQLite may have or lack are taken in, so build it with all of them:
//!
//! ```text
//! LIBSQLITE3_FLAGS="-DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_GEOPOLY -DSQLITE_ENABLE_OFFSET_SQL_FUNC \
//!   -DSQLITE_ENABLE_PERCENTILE -DSQLITE_ENABLE_BYTECODE_VTAB -DSQLITE_ENABLE_STMTVTAB \
//!   -DSQLITE_ENABLE_DBPAGE_VTAB -DSQLITE_ENABLE_FTS4" \
//!   cargo run -p schemacheck-tests --bin dump_sqlite
//! ```
//!
//! The output depends only on the version and these options of SQLite.

use std::path::Path;

fn main() -> schemacheck_tests::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../checker/src/dialect/sqlite/data");
    for file in schemacheck_tests::sqlite_catalog::dump()? {
        let text: String = file.lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(folder.join(file.name), text)?;
    }
    Ok(())
}
