//! sqlx's macros, compiled against `.sqlx`, which describes the schema before its changes.

use crate::bench::{Bench, KEY};
use crate::sqlx_functions::{measure, placed};

struct Width {
    #[expect(dead_code, reason = "decoding it is what counts")]
    w: i32,
}

struct Value {
    v: i64,
}

struct Both {
    a: i32,
    #[expect(dead_code, reason = "the struct has two columns")]
    b: i32,
}

/// Measures a macro whose rows are structs: of its own, or named before the text.
macro_rules! rows {
    ($bench:ident, $call:literal, $macro:ident, [$($width:ty)?], [$($value:ty)?], [$($both:ty)?], $text:expr, $kept:expr, $typed:expr, $placed:expr) => {
        let at = placed($bench, async |c| sqlx::$macro!($($both,)? $placed).fetch_one(c).await.map(|row| row.a)).await;
        measure(
            $bench,
            $call,
            async |c| sqlx::$macro!($($width,)? $text, KEY).fetch_one(c).await.map(|_| ()),
            async |c| sqlx::$macro!($($width,)? $kept).fetch_one(c).await.map(|_| ()),
            async |c| sqlx::$macro!($($value,)? $typed).fetch_one(c).await.map(|row| row.v),
            [at; 2],
        )
        .await;
    };
}

/// Measures a macro whose rows are values.
macro_rules! scalars {
    ($bench:ident, $call:literal, $macro:ident, $text:expr, $kept:expr, $typed:expr) => {
        measure(
            $bench,
            $call,
            async |c| sqlx::$macro!($text, KEY).fetch_one(c).await.map(|_: i32| ()),
            async |c| sqlx::$macro!($kept).fetch_one(c).await.map(|_: i32| ()),
            async |c| sqlx::$macro!($typed).fetch_one(c).await,
            // Its only column has no name to the code.
            [crate::bench::Answer::Yes; 2],
        )
        .await;
    };
}

macro_rules! texts {
    ($rows:ident, $bench:ident, $call:literal, $macro:ident $(, $type:tt)*) => {
        $rows!($bench, $call, $macro $(, $type)*, "SELECT w FROM t WHERE k = $1", "SELECT w FROM t", "SELECT v FROM t", "SELECT * FROM ab");
    };
}

macro_rules! files {
    ($rows:ident, $bench:ident, $call:literal, $macro:ident $(, $type:tt)*) => {
        $rows!($bench, $call, $macro $(, $type)*, "queries/by_text.sql", "queries/kept.sql", "queries/typed.sql", "queries/placed.sql");
    };
}

pub async fn run(bench: &mut Bench) {
    texts!(rows, bench, "sqlx::query!", query, [], [], []);
    texts!(rows, bench, "sqlx::query_unchecked!", query_unchecked, [], [], []);
    texts!(rows, bench, "sqlx::query_as!", query_as, [Width], [Value], [Both]);
    texts!(rows, bench, "sqlx::query_as_unchecked!", query_as_unchecked, [Width], [Value], [Both]);
    files!(rows, bench, "sqlx::query_file!", query_file, [], [], []);
    files!(rows, bench, "sqlx::query_file_unchecked!", query_file_unchecked, [], [], []);
    files!(rows, bench, "sqlx::query_file_as!", query_file_as, [Width], [Value], [Both]);
    files!(rows, bench, "sqlx::query_file_as_unchecked!", query_file_as_unchecked, [Width], [Value], [Both]);
    scalars!(
        bench,
        "sqlx::query_scalar!",
        query_scalar,
        "SELECT w FROM t WHERE k = $1",
        "SELECT w FROM t",
        "SELECT v FROM t"
    );
    scalars!(
        bench,
        "sqlx::query_scalar_unchecked!",
        query_scalar_unchecked,
        "SELECT w FROM t WHERE k = $1",
        "SELECT w FROM t",
        "SELECT v FROM t"
    );
    scalars!(
        bench,
        "sqlx::query_file_scalar!",
        query_file_scalar,
        "queries/by_text.sql",
        "queries/kept.sql",
        "queries/typed.sql"
    );
    scalars!(
        bench,
        "sqlx::query_file_scalar_unchecked!",
        query_file_scalar_unchecked,
        "queries/by_text.sql",
        "queries/kept.sql",
        "queries/typed.sql"
    );
}
