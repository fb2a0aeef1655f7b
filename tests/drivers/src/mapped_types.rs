//! postgres-types' derives: which changes of a type they refuse.

use postgres::types::{FromSql, ToSql};
use postgres::{Client, NoTls};

use crate::bench::Bench;

#[derive(Debug, FromSql, ToSql)]
#[postgres(name = "mood", rename_all = "snake_case")]
enum Mood {
    Sad,
    VeryHappy,
}

#[derive(Debug, FromSql, ToSql)]
#[postgres(name = "mood", rename_all = "snake_case", allow_mismatch)]
enum LooseMood {
    Sad,
    VeryHappy,
}

#[derive(Debug, FromSql, ToSql)]
#[postgres(name = "place")]
struct Place {
    x: i32,
    y: i32,
}

/// A type in use takes no change of its fields' types: the table gets its column after the change.
const AFTER: &str = "
    ALTER TABLE mapped ADD place place;
    DO $$ BEGIN UPDATE mapped SET place = ROW(1, 2); EXCEPTION WHEN OTHERS THEN UPDATE mapped SET place = NULL; END $$";

const TYPES: &str = "
    DROP TABLE IF EXISTS mapped;
    DROP TYPE IF EXISTS mood;
    DROP TYPE IF EXISTS place;
    CREATE TYPE mood AS ENUM ('sad', 'very_happy');
    CREATE TYPE place AS (x int4, y int4);
    CREATE TABLE mapped (mood mood);
    INSERT INTO mapped VALUES ('sad')";

type Call = fn(&mut Client) -> Result<(), postgres::Error>;

const CALLS: &[(&str, Call)] = &[
    ("read enum", |client| client.query("SELECT mood FROM mapped", &[])?[0].try_get::<_, Mood>(0).map(|_| ())),
    ("write enum", |client| client.execute("UPDATE mapped SET mood = $1", &[&Mood::VeryHappy]).map(|_| ())),
    ("read loose enum", |client| {
        client.query("SELECT mood FROM mapped", &[])?[0].try_get::<_, LooseMood>(0).map(|_| ())
    }),
    ("write loose enum", |client| client.execute("UPDATE mapped SET mood = $1", &[&LooseMood::VeryHappy]).map(|_| ())),
    ("read composite", |client| {
        client.query("SELECT place FROM mapped", &[])?[0].try_get::<_, Option<Place>>(0).map(|_| ())
    }),
    ("write composite", |client| client.execute("UPDATE mapped SET place = $1", &[&Place { x: 1, y: 2 }]).map(|_| ())),
];

const CHANGES: &[(&str, &str)] = &[
    ("nothing", ""),
    ("label added", "ALTER TYPE mood ADD VALUE 'angry'"),
    ("label renamed", "ALTER TYPE mood RENAME VALUE 'very_happy' TO 'happy'"),
    ("field added", "ALTER TYPE place ADD ATTRIBUTE z int4"),
    ("field dropped", "ALTER TYPE place DROP ATTRIBUTE y"),
    ("field renamed", "ALTER TYPE place RENAME ATTRIBUTE y TO z"),
    ("field retyped", "ALTER TYPE place ALTER ATTRIBUTE y TYPE int8"),
];

/// What each call does after each change, on a new session: lines of its own.
pub fn run(bench: &Bench) {
    for (change, sql) in CHANGES {
        for (call, send) in CALLS {
            let mut client = Client::connect(&bench.url, NoTls).expect("a session");
            client.batch_execute(TYPES).expect("the types");
            client.batch_execute(&format!("BEGIN; {sql}; COMMIT; {AFTER}")).expect("the change");
            let mut client = Client::connect(&bench.url, NoTls).expect("a session");
            let answer = match send(&mut client) {
                Ok(()) => "runs".to_owned(),
                Err(error) if error.as_db_error().is_none() => "refuses".to_owned(),
                Err(error) => error.to_string(),
            };
            println!("mapped\t{change}\t{call}\t{answer}");
        }
    }
}
