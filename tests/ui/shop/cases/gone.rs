// A query that is sent up to a migration which is applied is sent no more.
use schemacheck::sql;

fn main() {
    sql!(until = "20260105", "SELECT id FROM no_such_table");
}
