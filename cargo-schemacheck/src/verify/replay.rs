//! Migrations as their tools send them to a server.

use postgres::Client;

use super::describe::ServerError;

/// Sends a migration's text, in a transaction of its own where its tool opens one.
///
/// # Errors
///
/// The server's words; the transaction is rolled back.
pub fn apply_text(client: &mut Client, sql: &str, transaction: bool) -> Result<(), ServerError> {
    let done = if transaction {
        client
            .batch_execute("BEGIN")
            .and_then(|()| client.batch_execute(sql))
            .and_then(|()| client.batch_execute("COMMIT"))
    } else {
        client.batch_execute(sql)
    };
    done.map_err(|error| {
        // Outside a transaction this only warns.
        let _ = client.batch_execute("ROLLBACK");
        ServerError::from(&error)
    })
}
