// No verdict, no error.
use schemacheck::sql;

fn main() {
    sql!("SELEC id FRM users");
    sql!("");
}
