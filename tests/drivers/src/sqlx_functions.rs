//! sqlx's functions.

use sqlx::postgres::PgRow;
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, FromRow, PgConnection, QueryBuilder, Row as _, SqlSafeStr as _,
    Statement as _,
};

use crate::bench::{
    Answer, BY_TEXT, Bench, Failure, KEPT, KEY, PLACED, Row, Said, TYPED, by_position, checks, declares, either, keeps,
};

pub fn said<T>(result: sqlx::Result<T>) -> Said<T> {
    result.map_err(|error| Failure {
        code: error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned()),
        words: error.to_string(),
    })
}

pub async fn connect(bench: &Bench) -> PgConnection {
    PgConnection::connect(&bench.url).await.expect("a session")
}

/// Measures a call: each cell on a new session.
pub async fn measure(
    bench: &mut Bench,
    call: &'static str,
    by_text: impl AsyncFn(&mut PgConnection) -> sqlx::Result<()>,
    kept: impl AsyncFn(&mut PgConnection) -> sqlx::Result<()>,
    typed: impl AsyncFn(&mut PgConnection) -> sqlx::Result<i64>,
    placed: [Answer; 2],
) {
    bench.start();
    bench.retype_parameter();
    let declares = declares(&said(by_text(&mut connect(bench).await).await));
    bench.start();
    let mut session = connect(bench).await;
    let first = said(kept(&mut session).await);
    bench.retype_kept();
    let keeps = keeps(&first, &said(kept(&mut session).await));
    bench.start();
    bench.retype_result();
    let checks = checks(&said(typed(&mut connect(bench).await).await));
    bench.add(Row { call, declares, keeps, checks, by_position: either(placed[0], placed[1]) });
}

/// Whether what reads `a` reads the first column.
pub async fn placed(bench: &Bench, read: impl AsyncFn(&mut PgConnection) -> sqlx::Result<i32>) -> Answer {
    bench.start();
    bench.swap();
    by_position(&said(read(&mut connect(bench).await).await))
}

#[derive(FromRow)]
struct Width {
    #[expect(dead_code, reason = "decoding it is what counts")]
    w: i32,
}

#[derive(FromRow)]
struct Value {
    v: i64,
}

#[derive(FromRow)]
struct Both {
    a: i32,
    #[expect(dead_code, reason = "the struct has two columns")]
    b: i32,
}

/// Reading a row by number, and by name.
async fn rows(bench: &Bench, row: impl AsyncFn(&mut PgConnection) -> sqlx::Result<PgRow>) -> [Answer; 2] {
    let first = placed(bench, async |c| row(c).await?.try_get(0)).await;
    [first, placed(bench, async |c| row(c).await?.try_get("a")).await]
}

pub async fn run(bench: &mut Bench) {
    let at = rows(bench, async |c| sqlx::query(PLACED).fetch_one(c).await).await;
    measure(
        bench,
        "sqlx::query",
        async |c| sqlx::query(BY_TEXT).bind(KEY).fetch_one(c).await.map(|_| ()),
        async |c| sqlx::query(KEPT).fetch_one(c).await.map(|_| ()),
        async |c| sqlx::query(TYPED).fetch_one(c).await?.try_get("v"),
        at,
    )
    .await;
    let named = placed(bench, async |c| sqlx::query_as::<_, Both>(PLACED).fetch_one(c).await.map(|row| row.a)).await;
    let tuple =
        placed(bench, async |c| sqlx::query_as::<_, (i32, i32)>(PLACED).fetch_one(c).await.map(|row| row.0)).await;
    measure(
        bench,
        "sqlx::query_as",
        async |c| sqlx::query_as::<_, Width>(BY_TEXT).bind(KEY).fetch_one(c).await.map(|_| ()),
        async |c| sqlx::query_as::<_, Width>(KEPT).fetch_one(c).await.map(|_| ()),
        async |c| sqlx::query_as::<_, Value>(TYPED).fetch_one(c).await.map(|row| row.v),
        [named, tuple],
    )
    .await;
    let scalar = placed(bench, async |c| sqlx::query_scalar(PLACED).fetch_one(c).await).await;
    measure(
        bench,
        "sqlx::query_scalar",
        async |c| sqlx::query_scalar::<_, i32>(BY_TEXT).bind(KEY).fetch_one(c).await.map(|_| ()),
        async |c| sqlx::query_scalar::<_, i32>(KEPT).fetch_one(c).await.map(|_| ()),
        async |c| sqlx::query_scalar(TYPED).fetch_one(c).await,
        [scalar; 2],
    )
    .await;
    let at = rows(bench, async |c| QueryBuilder::new(PLACED).build().fetch_one(c).await).await;
    measure(
        bench,
        "sqlx::QueryBuilder",
        async |c| QueryBuilder::new("SELECT w FROM t WHERE k = ").push_bind(KEY).build().fetch_one(c).await.map(|_| ()),
        async |c| QueryBuilder::new(KEPT).build().fetch_one(c).await.map(|_| ()),
        async |c| QueryBuilder::new(TYPED).build().fetch_one(c).await?.try_get("v"),
        at,
    )
    .await;
    // These two take no parameters: the value stands in the text.
    let literal = BY_TEXT.replace("$1", &format!("'{KEY}'"));
    let literal = literal.as_str();
    let at = rows(bench, async |c| sqlx::raw_sql(PLACED).fetch_one(c).await).await;
    measure(
        bench,
        "sqlx::raw_sql",
        async |c| sqlx::raw_sql(AssertSqlSafe(literal)).fetch_one(c).await.map(|_| ()),
        async |c| sqlx::raw_sql(KEPT).fetch_one(c).await.map(|_| ()),
        async |c| sqlx::raw_sql(TYPED).fetch_one(c).await?.try_get("v"),
        at,
    )
    .await;
    let at = rows(bench, async |c| c.fetch_one(PLACED).await).await;
    measure(
        bench,
        "sqlx::Executor",
        async |c| c.fetch_one(AssertSqlSafe(literal)).await.map(|_| ()),
        async |c| c.fetch_one(KEPT).await.map(|_| ()),
        async |c| c.fetch_one(TYPED).await?.try_get("v"),
        at,
    )
    .await;
    let at = rows(bench, async |c| {
        let statement = c.prepare(PLACED.into_sql_str()).await?;
        statement.query().fetch_one(c).await
    })
    .await;
    measure(
        bench,
        "sqlx::Executor::prepare",
        async |c| {
            let statement = c.prepare(BY_TEXT.into_sql_str()).await?;
            statement.query().bind(KEY).fetch_one(c).await.map(|_| ())
        },
        async |c| {
            let statement = c.prepare(KEPT.into_sql_str()).await?;
            statement.query().fetch_one(c).await.map(|_| ())
        },
        async |c| {
            let statement = c.prepare(TYPED.into_sql_str()).await?;
            statement.query().fetch_one(c).await?.try_get("v")
        },
        at,
    )
    .await;
}
