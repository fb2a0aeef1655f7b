//! Runs each call of each driver against the database of `DATABASE_URL`, and prints what the call did: a line for each row of
//! the table of call profiles, `call<TAB>declares parameters<TAB>keeps statements<TAB>checks results<TAB>reads by position`.

mod bench;
mod deadpool;
mod diesel_calls;
mod mapped_types;
mod sqlx_functions;
mod sqlx_labels;
mod sqlx_macros;
mod sync_postgres;
mod tokio_postgres_calls;

use bench::Bench;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL names the database");
    let mut bench = Bench::new(url);
    sqlx_functions::run(&mut bench).await;
    sqlx_macros::run(&mut bench).await;
    sqlx_labels::run(&bench).await;
    tokio_postgres_calls::run(&mut bench).await;
    deadpool::run(&mut bench).await;
    let bench = tokio::task::spawn_blocking(move || {
        sync_postgres::run(&mut bench);
        diesel_calls::run(&mut bench);
        mapped_types::run(&bench);
        bench
    })
    .await
    .expect("the calls that block");
    for line in bench.lines() {
        println!("{line}");
    }
}
