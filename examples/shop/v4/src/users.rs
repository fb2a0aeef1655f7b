//! Users.

use sqlx::{FromRow, PgPool};

#[derive(FromRow)]
pub struct User {
    pub id: i64,
    pub full_name: String,
}

pub async fn sign_up(pool: &PgPool, name: &str, email: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("INSERT INTO users (full_name, email) VALUES ($1, $2) RETURNING id")
        .bind(name)
        .bind(email)
        .fetch_one(pool)
        .await
}

pub async fn by_email(pool: &PgPool, email: &str) -> sqlx::Result<User> {
    sqlx::query_as("SELECT id, full_name FROM users WHERE email = $1").bind(email).fetch_one(pool).await
}

pub async fn orders_by_name(pool: &PgPool) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as(
        "SELECT u.full_name, count(o.id)
         FROM users u LEFT JOIN orders o ON o.user_id = u.id
         GROUP BY u.id
         ORDER BY u.full_name",
    )
    .fetch_all(pool)
    .await
}
