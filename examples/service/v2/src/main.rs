//! The service: `service migrate`, `service serve ADDRESS`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use schemacheck::{required_schema, rollout, sql};
use sqlx::PgPool;
use tokio::net::TcpListener;

// What runs now, as schemacheck.release.json has it, must run through the rollout of this release.
rollout!();

/// The migrations without which a query of this release does not run.
const NEEDED: &[i64] = required_schema!(i64);

const SIGN_UP: &str = sql!("INSERT INTO users (name, email) VALUES ($1, $2) RETURNING id");
const NAME: &str = sql!("SELECT name FROM users WHERE id = $1");

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pool = PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["migrate"] => sqlx::migrate!().set_ignore_missing(true).run(&pool).await?,
        ["serve", address] => {
            let listener = TcpListener::bind(address).await?;
            println!("listening on {}", listener.local_addr()?);
            axum::serve(listener, routes(pool)).await?;
        }
        _ => return Err("usage: service migrate | serve ADDRESS".into()),
    }
    Ok(())
}

fn routes(pool: PgPool) -> Router {
    Router::new()
        .route("/live", get(|| async { "alive" }))
        .route("/ready", get(ready))
        .route("/users", post(sign_up))
        .route("/users/{id}", get(name))
        .with_state(pool)
}

/// Whether all that this release needs is applied. The highest version alone would not tell: one below it may be missing.
async fn ready(State(pool): State<PgPool>) -> (StatusCode, &'static str) {
    let applied = sqlx::query_scalar::<_, i64>("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(&pool).await;
    match applied {
        Ok(applied) if NEEDED.iter().all(|needed| applied.contains(needed)) => (StatusCode::OK, "ready"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the schema is not there yet"),
    }
}

async fn sign_up(State(pool): State<PgPool>, Json([name, email]): Json<[String; 2]>) -> Result<Json<i64>, StatusCode> {
    let id = sqlx::query_scalar(SIGN_UP).bind(name).bind(email).fetch_one(&pool).await;
    id.map(Json).map_err(|_| StatusCode::CONFLICT)
}

async fn name(State(pool): State<PgPool>, Path(id): Path<i64>) -> Result<Json<String>, StatusCode> {
    let name = sqlx::query_scalar(NAME).bind(id).fetch_optional(&pool).await;
    name.ok().flatten().map(Json).ok_or(StatusCode::NOT_FOUND)
}
