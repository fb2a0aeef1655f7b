// The text is drawn with its own lines; the error stands on the literal, after text that is not ASCII too.
use schemacheck::sql;

const ORDERS: &str = sql!(
    "SELECT o.id, o.note
     FROM orders o
     WHERE o.user_id = $1"
);

fn main() {
    let _ = ("käse", sql!(r#"SELECT "name" FROM users"#), ORDERS);
}
