//! tokio-postgres.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls, Row as Returned, SimpleQueryMessage};

use crate::bench::{
    Answer, BY_TEXT, Bench, Failure, KEPT, KEY, PLACED, Row, Said, TYPED, by_position, checks, declares, either, keeps,
};

pub fn failure(error: &tokio_postgres::Error) -> Failure {
    Failure { code: error.code().map(|code| code.code().to_owned()), words: error.to_string() }
}

pub fn said<T>(result: Result<T, tokio_postgres::Error>) -> Said<T> {
    result.map_err(|error| failure(&error))
}

async fn connect(bench: &Bench) -> Client {
    let (client, connection) = tokio_postgres::connect(&bench.url, NoTls).await.expect("a session");
    tokio::spawn(connection);
    client
}

/// A call that returns rows: what it does with a statement, and with a text parameter.
async fn measure(
    bench: &mut Bench,
    call: &'static str,
    rows: impl AsyncFn(&Client, &str) -> Result<Vec<Returned>, tokio_postgres::Error>,
    by_text: impl AsyncFn(&Client) -> Result<Vec<Returned>, tokio_postgres::Error>,
    keeps_too: Option<Answer>,
) {
    bench.start();
    bench.retype_parameter();
    let declares = declares(&said(by_text(&connect(bench).await).await.map(|_| ())));
    bench.start();
    let session = connect(bench).await;
    let first = said(rows(&session, KEPT).await.map(|_| ()));
    bench.retype_kept();
    let kept = keeps(&first, &said(rows(&session, KEPT).await.map(|_| ())));
    bench.start();
    bench.retype_result();
    let found = rows(&connect(bench).await, TYPED).await.and_then(|rows| rows[0].try_get(0));
    let checks = checks(&said(found));
    bench.start();
    bench.swap();
    let found = rows(&connect(bench).await, PLACED).await;
    let found = found.expect("a row");
    let one = by_position(&said(found[0].try_get(0)));
    let other = by_position(&said(found[0].try_get("a")));
    let keeps = keeps_too.map_or(kept, |too| either(kept, too));
    bench.add(Row { call, declares, keeps, checks, by_position: either(one, other) });
}

pub async fn run(bench: &mut Bench) {
    measure(
        bench,
        "tokio_postgres::query",
        async |client, sql| client.query(sql, &[]).await,
        async |client| client.query(BY_TEXT, &[&KEY]).await,
        None,
    )
    .await;
    measure(
        bench,
        "tokio_postgres::query_typed",
        async |client, sql| client.query_typed(sql, &[]).await,
        async |client| client.query_typed(BY_TEXT, &[(&KEY, Type::TEXT)]).await,
        None,
    )
    .await;
    let held = held(bench, async |client| client.prepare(KEPT).await).await;
    measure(
        bench,
        "tokio_postgres::prepare",
        async |client, sql| client.query(&client.prepare(sql).await?, &[]).await,
        async |client| client.query(&client.prepare(BY_TEXT).await?, &[&KEY]).await,
        Some(held),
    )
    .await;
    let held = held_typed(bench).await;
    measure(
        bench,
        "tokio_postgres::prepare_typed",
        async |client, sql| client.query(&client.prepare_typed(sql, &[]).await?, &[]).await,
        async |client| client.query(&client.prepare_typed(BY_TEXT, &[Type::TEXT]).await?, &[&KEY]).await,
        Some(held),
    )
    .await;
    without_rows(bench).await;
}

/// Whether a statement fails that the program prepared before.
async fn held(
    bench: &Bench,
    prepare: impl AsyncFn(&Client) -> Result<tokio_postgres::Statement, tokio_postgres::Error>,
) -> Answer {
    bench.start();
    let session = connect(bench).await;
    let statement = prepare(&session).await.expect("a statement");
    let first = said(session.query(&statement, &[]).await.map(|_| ()));
    bench.retype_kept();
    keeps(&first, &said(session.query(&statement, &[]).await.map(|_| ())))
}

async fn held_typed(bench: &Bench) -> Answer {
    held(bench, async |client| client.prepare_typed(KEPT, &[]).await).await
}

/// Calls that take no parameters and return no typed values.
async fn without_rows(bench: &mut Bench) {
    for call in ["tokio_postgres::simple_query", "tokio_postgres::batch_execute", "tokio_postgres::copy"] {
        let run = async |client: &Client, sql: &str| match call {
            "tokio_postgres::simple_query" => client.simple_query(sql).await.map(|_| ()),
            "tokio_postgres::batch_execute" => client.batch_execute(sql).await,
            _ => client.copy_out(&format!("COPY ({sql}) TO STDOUT")).await.map(|_| ()),
        };
        let literal = BY_TEXT.replace("$1", &format!("'{KEY}'"));
        bench.start();
        bench.retype_parameter();
        let declares = declares(&said(run(&connect(bench).await, &literal).await));
        bench.start();
        let session = connect(bench).await;
        let first = said(run(&session, KEPT).await);
        bench.retype_kept();
        let keeps = keeps(&first, &said(run(&session, KEPT).await));
        let mut row = Row { call, declares, keeps, checks: Answer::Nothing, by_position: Answer::Depends };
        if call == "tokio_postgres::simple_query" {
            bench.start();
            bench.swap();
            let messages = connect(bench).await.simple_query(PLACED).await.expect("a row");
            let texts = messages.iter().find_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some((row.get(0)?.to_owned(), row.get("a")?.to_owned())),
                _ => None,
            });
            let (one, other) = texts.expect("a row of texts");
            let number = |text: String| by_position(&Ok(text.parse().expect("a number")));
            row.by_position = either(number(one), number(other));
        }
        bench.add(row);
    }
}
