use schemacheck::sql;

fn takes(_: &'static str) {}

fn main() {
    takes(sql!("SELECT name FROM users"));
    takes(sql!(note = "x", "SELECT 1"));
    takes(sql!(file = "queries/none.sql"));
    takes(sql!());
    takes(sql!("SELECT 1", "SELECT 2"));
    takes(sql!(NAME));
    takes(sql!(since = "", "SELECT 1"));
    takes(sql!(since = 20260402, "SELECT 1"));
    takes(sql!(flag = "x", "SELECT 1"));
    takes(sql!(since = "1", since = "2", "SELECT 1"));
}
