//! A small shop: `shop sign-up NAME EMAIL`, `shop order EMAIL PRODUCT QUANTITY`, `shop report`.

mod orders;
mod users;

use sqlx::PgPool;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pool = PgPool::connect(&std::env::var("DATABASE_URL")?).await?;
    // An older release can start again, should it have to come back.
    sqlx::migrate!().set_ignore_missing(true).run(&pool).await?;

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["sign-up", name, email] => println!("user {}", users::sign_up(&pool, name, email).await?),
        ["order", email, product, quantity] => {
            let user = users::by_email(&pool, email).await?;
            let order = orders::place(&pool, user.id, product.parse()?, quantity.parse()?).await?;
            println!("order {order} for {}", user.name);
        }
        ["report"] => {
            for (name, orders) in users::orders_by_name(&pool).await? {
                println!("{orders:6}  {name}");
            }
        }
        _ => return Err("usage: shop sign-up NAME EMAIL | order EMAIL PRODUCT QUANTITY | report".into()),
    }
    Ok(())
}
