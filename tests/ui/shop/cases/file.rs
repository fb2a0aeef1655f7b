use schemacheck::sql;

fn main() {
    assert!(sql!(since = "full_name", file = "queries/by_name.sql").starts_with("SELECT"));
    sql!(file = "queries/by_name.sql");
}
