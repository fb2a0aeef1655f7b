//! Orders.

use sqlx::PgPool;

pub async fn place(pool: &PgPool, user: i64, product: i64, quantity: i32) -> sqlx::Result<i64> {
    let mut transaction = pool.begin().await?;
    let order: i64 = sqlx::query_scalar("INSERT INTO orders (user_id) VALUES ($1) RETURNING id")
        .bind(user)
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::query("INSERT INTO order_lines (order_id, product_id, quantity) VALUES ($1, $2, $3)")
        .bind(order)
        .bind(product)
        .bind(quantity)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(order)
}
