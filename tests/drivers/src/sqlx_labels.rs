//! sqlx's derive on an enum: which labels matter to it.

use sqlx::{Connection as _, PgConnection};

use crate::bench::Bench;
use crate::sqlx_functions::{connect, said};

#[derive(Debug, PartialEq, sqlx::Type)]
#[sqlx(type_name = "mood", rename_all = "snake_case")]
enum Mood {
    Sad,
    VeryHappy,
}

const TYPES: &str = "
    DROP TABLE IF EXISTS mapped;
    DROP TYPE IF EXISTS mood;
    CREATE TYPE mood AS ENUM ('sad', 'very_happy');
    CREATE TABLE mapped (mood mood);
    INSERT INTO mapped VALUES ('very_happy')";

const CHANGES: &[(&str, &[&str])] = &[
    ("nothing", &[]),
    ("label added", &["ALTER TYPE mood ADD VALUE 'angry'"]),
    ("label added and stored", &["ALTER TYPE mood ADD VALUE 'angry'", "UPDATE mapped SET mood = 'angry'"]),
    ("label renamed", &["ALTER TYPE mood RENAME VALUE 'very_happy' TO 'happy'"]),
];

/// What reading and writing does after each change, on a new session: lines of their own.
pub async fn run(bench: &Bench) {
    for (change, statements) in CHANGES {
        for call in ["read", "write"] {
            let mut before = connect(bench).await;
            for sql in [TYPES].iter().chain(*statements) {
                sqlx::raw_sql(*sql).execute(&mut before).await.expect("the change");
            }
            let mut session = PgConnection::connect(&bench.url).await.expect("a session");
            let answer = match call {
                "read" => {
                    sqlx::query_scalar::<_, Mood>("SELECT mood FROM mapped").fetch_one(&mut session).await.map(|_| ())
                }
                _ => {
                    let update = sqlx::query("UPDATE mapped SET mood = $1").bind(Mood::VeryHappy);
                    assert_ne!(Mood::Sad, Mood::VeryHappy);
                    update.execute(&mut session).await.map(|_| ())
                }
            };
            let answer = match said(answer) {
                Ok(()) => "runs".to_owned(),
                Err(failure) => failure.code.unwrap_or_else(|| "refuses".to_owned()),
            };
            println!("labels\t{change}\t{call}\t{answer}");
        }
    }
}
