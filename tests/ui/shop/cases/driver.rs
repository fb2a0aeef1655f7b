// What depends on the call around it is for the command and the build script.
use schemacheck::sql;

fn main() {
    sql!("SELECT * FROM users");
    sql!("INSERT INTO orders (id, user_id) VALUES ($1, $2)");
}
