//! Texts of `sql!` in the hands of each driver's calls: that they compile is what is held.

use schemacheck::sql;

/// A constant, as the text of a query most often stands.
pub const NAMES: &str = sql!("SELECT id, name FROM users ORDER BY id");

/// The same in a `static`.
pub static NAME: &str = sql!("SELECT name FROM users WHERE id = $1");

/// What a trait's implementation sends.
pub trait Finds {
    /// Its text.
    const TEXT: &'static str;
}

/// Finds users.
pub struct Users;

impl Finds for Users {
    const TEXT: &'static str = sql!("SELECT count(*) FROM users");
}

/// A text from a function that runs when it is compiled.
pub const fn add() -> &'static str {
    sql!("INSERT INTO users (id, name) VALUES ($1, $2)")
}

/// sqlx 0.9 takes texts that live for ever.
pub fn sqlx_0_9<DB, O>()
where
    DB: sqlx_0_9::Database,
    O: Send + Unpin,
    (O,): for<'r> sqlx_0_9::FromRow<'r, DB::Row>,
{
    let _ = sqlx_0_9::query::<DB>(sql!("DELETE FROM users WHERE id = $1"));
    let _ = sqlx_0_9::query::<DB>(add());
    let _ = sqlx_0_9::query_as::<DB, ()>(NAMES);
    let _ = sqlx_0_9::query_scalar::<DB, O>(Users::TEXT);
    let _ = sqlx_0_9::raw_sql(sql!("DELETE FROM users"));
    let _ = sqlx_0_9::QueryBuilder::<DB>::new(NAME);
}

/// sqlx 0.8 takes any text.
pub fn sqlx_0_8<DB, O>()
where
    DB: sqlx_0_8::Database,
    O: Send + Unpin,
    (O,): for<'r> sqlx_0_8::FromRow<'r, DB::Row>,
{
    let _ = sqlx_0_8::query::<DB>(sql!("DELETE FROM users WHERE id = $1"));
    let _ = sqlx_0_8::query::<DB>(add());
    let _ = sqlx_0_8::query_as::<DB, ()>(NAMES);
    let _ = sqlx_0_8::query_scalar::<DB, O>(Users::TEXT);
    let _ = sqlx_0_8::raw_sql(sql!("DELETE FROM users"));
    let _ = sqlx_0_8::QueryBuilder::<DB>::new(NAME);
}

/// tokio-postgres takes a text where it takes a statement.
///
/// # Errors
///
/// The server's.
pub async fn tokio_postgres(client: &mut tokio_postgres::Client) -> Result<(), tokio_postgres::Error> {
    client.query(NAMES, &[]).await?;
    client.query_one(sql!("SELECT name FROM users WHERE id = $1"), &[&1_i64]).await?;
    client.query_opt(NAME, &[&1_i64]).await?;
    client.execute(add(), &[&1_i64, &"Ada"]).await?;
    client.simple_query(Users::TEXT).await?;
    client.batch_execute(sql!("DELETE FROM users")).await?;
    let prepared = client.prepare(NAME).await?;
    client.query(&prepared, &[&1_i64]).await?;
    client.transaction().await?.query(NAMES, &[]).await?;
    Ok(())
}

/// The same without waiting in the background.
///
/// # Errors
///
/// The server's.
pub fn postgres(client: &mut postgres::Client) -> Result<(), postgres::Error> {
    client.query(NAMES, &[])?;
    client.query_one(sql!("SELECT name FROM users WHERE id = $1"), &[&1_i64])?;
    client.execute(add(), &[&1_i64, &"Ada"])?;
    client.batch_execute(sql!("DELETE FROM users"))
}

/// rusqlite takes any text.
///
/// # Errors
///
/// SQLite's.
pub fn rusqlite(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.execute(add(), rusqlite::params![1, "Ada"])?;
    connection.execute_batch(sql!("DELETE FROM users"))?;
    connection.query_row(Users::TEXT, [], |row| row.get::<_, i64>(0))?;
    connection.prepare(NAMES)?.query_map([], |row| row.get::<_, String>(1))?.for_each(drop);
    connection.prepare_cached(NAME)?.exists([1])?;
    Ok(())
}

/// diesel takes any text as a query of its own.
pub fn diesel() {
    use diesel::sql_types::BigInt;
    let _ = diesel::sql_query(NAMES);
    let _ = diesel::sql_query(sql!("SELECT name FROM users WHERE id = $1")).bind::<BigInt, _>(1);
}
