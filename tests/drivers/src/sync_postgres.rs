//! The postgres crate: the same calls without a runtime.

use postgres::types::Type;
use postgres::{Client, NoTls, Row as Returned};

use crate::bench::{
    Answer, BY_TEXT, Bench, KEPT, KEY, PLACED, Row, TYPED, by_position, checks, declares, either, keeps,
};
use crate::tokio_postgres_calls::said;

type Rows = Result<Vec<Returned>, postgres::Error>;

fn measure(
    bench: &mut Bench,
    call: &'static str,
    rows: impl Fn(&mut Client, &str) -> Rows,
    by_text: impl Fn(&mut Client) -> Rows,
    held: Option<Answer>,
) {
    let connect = |bench: &Bench| Client::connect(&bench.url, NoTls).expect("a session");
    bench.start();
    bench.retype_parameter();
    let declares = declares(&said(by_text(&mut connect(bench)).map(|_| ())));
    bench.start();
    let mut session = connect(bench);
    let first = said(rows(&mut session, KEPT).map(|_| ()));
    bench.retype_kept();
    let kept = keeps(&first, &said(rows(&mut session, KEPT).map(|_| ())));
    bench.start();
    bench.retype_result();
    let checks = checks(&said(rows(&mut connect(bench), TYPED).and_then(|rows| rows[0].try_get(0))));
    bench.start();
    bench.swap();
    let found = rows(&mut connect(bench), PLACED).expect("a row");
    let one = by_position(&said(found[0].try_get(0)));
    let other = by_position(&said(found[0].try_get("a")));
    let keeps = held.map_or(kept, |held| either(kept, held));
    bench.add(Row { call, declares, keeps, checks, by_position: either(one, other) });
}

pub fn run(bench: &mut Bench) {
    measure(
        bench,
        "tokio_postgres::query (postgres)",
        |client, sql| client.query(sql, &[]),
        |client| client.query(BY_TEXT, &[&KEY]),
        None,
    );
    measure(
        bench,
        "tokio_postgres::query_typed (postgres)",
        |client, sql| client.query_typed(sql, &[]),
        |client| client.query_typed(BY_TEXT, &[(&KEY, Type::TEXT)]),
        None,
    );
    bench.start();
    let mut session = Client::connect(&bench.url, NoTls).expect("a session");
    let statement = session.prepare(KEPT).expect("a statement");
    let first = said(session.query(&statement, &[]).map(|_| ()));
    bench.retype_kept();
    let held = keeps(&first, &said(session.query(&statement, &[]).map(|_| ())));
    measure(
        bench,
        "tokio_postgres::prepare (postgres)",
        |client, sql| {
            let statement = client.prepare(sql)?;
            client.query(&statement, &[])
        },
        |client| {
            let statement = client.prepare(BY_TEXT)?;
            client.query(&statement, &[&KEY])
        },
        Some(held),
    );
}
