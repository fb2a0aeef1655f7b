// In full, by number, by name: each narrows the window to where the query runs.
use schemacheck::sql;

fn main() {
    sql!(since = "20260402080000", "SELECT full_name FROM users");
    sql!(since = "20260402", "SELECT full_name FROM users");
    sql!(since = "full_name", "SELECT full_name FROM users");
    sql!(until = "full_name", "SELECT name FROM users");
    sql!(since = "priority", flag = "priorities", "SELECT priority FROM orders");
    sql!(since = "full_name", until = "drop_note", "SELECT o.note FROM orders o JOIN users u ON u.full_name = o.note");
}
