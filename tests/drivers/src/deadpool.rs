//! deadpool-postgres: a pool of tokio-postgres with a cache of statements.

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio_postgres::{NoTls, Row as Returned};

use crate::bench::{BY_TEXT, Bench, KEPT, KEY, PLACED, Row, TYPED, by_position, checks, declares, either, keeps};
use crate::tokio_postgres_calls::said;

/// A pool of one session.
async fn connect(bench: &Bench) -> Object {
    let config = bench.url.parse().expect("an address");
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    Pool::builder(manager).max_size(1).build().expect("a pool").get().await.expect("a session")
}

async fn measure(
    bench: &mut Bench,
    call: &'static str,
    rows: impl AsyncFn(&Object, &str) -> Result<Vec<Returned>, tokio_postgres::Error>,
    by_text: impl AsyncFn(&Object) -> Result<Vec<Returned>, tokio_postgres::Error>,
) {
    bench.start();
    bench.retype_parameter();
    let declares = declares(&said(by_text(&connect(bench).await).await.map(|_| ())));
    bench.start();
    let session = connect(bench).await;
    let first = said(rows(&session, KEPT).await.map(|_| ()));
    bench.retype_kept();
    let keeps = keeps(&first, &said(rows(&session, KEPT).await.map(|_| ())));
    bench.start();
    bench.retype_result();
    let checks = checks(&said(rows(&connect(bench).await, TYPED).await.and_then(|rows| rows[0].try_get(0))));
    bench.start();
    bench.swap();
    let found = rows(&connect(bench).await, PLACED).await.expect("a row");
    let one = by_position(&said(found[0].try_get(0)));
    let other = by_position(&said(found[0].try_get("a")));
    bench.add(Row { call, declares, keeps, checks, by_position: either(one, other) });
}

pub async fn run(bench: &mut Bench) {
    measure(
        bench,
        "tokio_postgres::prepare_cached",
        async |client, sql| client.query(&client.prepare_cached(sql).await?, &[]).await,
        async |client| client.query(&client.prepare_cached(BY_TEXT).await?, &[&KEY]).await,
    )
    .await;
    measure(
        bench,
        "tokio_postgres::query (deadpool)",
        async |client, sql| client.query(sql, &[]).await,
        async |client| client.query(BY_TEXT, &[&KEY]).await,
    )
    .await;
}
