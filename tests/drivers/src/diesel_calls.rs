//! diesel: its query language, and SQL as text.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{BigInt, Integer, Text};

use crate::bench::{
    Answer, BY_TEXT, Bench, Failure, KEPT, KEY, PLACED, Row, Said, TYPED, by_position, checks, declares, keeps,
};

diesel::table! {
    t (v) {
        k -> Text,
        v -> BigInt,
        w -> Integer,
    }
}

diesel::table! {
    ab (a) {
        a -> Integer,
        b -> Integer,
    }
}

#[derive(QueryableByName)]
struct Width {
    #[diesel(sql_type = Integer)]
    #[expect(dead_code, reason = "decoding it is what counts")]
    w: i32,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = BigInt)]
    v: i64,
}

#[derive(QueryableByName, Queryable)]
struct Both {
    #[diesel(sql_type = Integer)]
    a: i32,
    #[diesel(sql_type = Integer)]
    #[expect(dead_code, reason = "the struct has two columns")]
    b: i32,
}

fn connect(bench: &Bench) -> PgConnection {
    PgConnection::establish(&bench.url).expect("a session")
}

/// diesel hides the server's code behind kinds of its own: the words tell which it was.
fn said<T>(result: Result<T, Error>) -> Said<T> {
    result.map_err(|error| {
        let code = match &error {
            Error::DatabaseError(DatabaseErrorKind::Unknown, said) => Some(match said.message() {
                "cached plan must not change result type" => "0A000",
                message if message.starts_with("operator does not exist") => "42883",
                _ => "?????",
            }),
            Error::DatabaseError(..) => Some("?????"),
            _ => None,
        };
        Failure { code: code.map(str::to_owned), words: error.to_string() }
    })
}

/// A call that reads one value.
type Read<'a, T> = &'a dyn Fn(&mut PgConnection) -> QueryResult<T>;

fn measure(
    bench: &mut Bench,
    call: &'static str,
    by_text: impl Fn(&mut PgConnection) -> QueryResult<()>,
    kept: impl Fn(&mut PgConnection) -> QueryResult<()>,
    typed: Option<Read<'_, i64>>,
    placed: Option<Read<'_, i32>>,
) {
    bench.start();
    bench.retype_parameter();
    let declares = declares(&said(by_text(&mut connect(bench))));
    bench.start();
    let mut session = connect(bench);
    let first = said(kept(&mut session));
    bench.retype_kept();
    let keeps = keeps(&first, &said(kept(&mut session)));
    bench.start();
    bench.retype_result();
    let checks = typed.map_or(Answer::Nothing, |typed| checks(&said(typed(&mut connect(bench)))));
    bench.start();
    bench.swap();
    let by_position = placed.map_or(Answer::Depends, |placed| by_position(&said(placed(&mut connect(bench)))));
    bench.add(Row { call, declares, keeps, checks, by_position });
}

pub fn run(bench: &mut Bench) {
    measure(
        bench,
        "diesel::dsl",
        |c| t::table.filter(t::k.eq(KEY)).select(t::w).first::<i32>(c).map(|_| ()),
        |c| t::table.select(t::w).first::<i32>(c).map(|_| ()),
        Some(&|c| t::table.select(t::v).first(c)),
        // Its statements name their columns; the struct takes them in their order.
        Some(&|c| ab::table.select((ab::b, ab::a)).first::<Both>(c).map(|row| row.a)),
    );
    measure(
        bench,
        "diesel::sql_query",
        |c| diesel::sql_query(BY_TEXT).bind::<Text, _>(KEY).get_result::<Width>(c).map(|_| ()),
        |c| diesel::sql_query(KEPT).get_result::<Width>(c).map(|_| ()),
        Some(&|c| diesel::sql_query(TYPED).get_result::<Value>(c).map(|row| row.v)),
        Some(&|c| diesel::sql_query(PLACED).get_result::<Both>(c).map(|row| row.a)),
    );
    let literal = BY_TEXT.replace("$1", &format!("'{KEY}'"));
    measure(bench, "diesel::batch_execute", |c| c.batch_execute(&literal), |c| c.batch_execute(KEPT), None, None);
}
