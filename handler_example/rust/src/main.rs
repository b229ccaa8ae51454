//! A notes app's billing: charges a card with Stripe, with the key of the stage it runs in.

mod stripe;
mod warmkey;

use anyhow::Result;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};

const STRIPE_KEY: &str = "stripeSecretKey"; // its alias, in warmkey.json

#[derive(Deserialize)]
struct Order {
    #[serde(rename = "order")]
    id: String,
    cents: u32,
}

#[derive(Serialize)]
struct Receipt {
    charge: String,
    status: String,
}

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("no other provider is installed yet");
    // While the environment starts: without its key the function takes no order.
    warmkey::get(STRIPE_KEY).await?;
    lambda_runtime::run(service_fn(handle)).await
}

/// Answers the event `{"order": "an id", "cents": 400}`.
async fn handle(event: LambdaEvent<Order>) -> Result<Receipt> {
    let order = event.payload;
    // At every invocation: a key that is rotated needs no new cold start.
    let key = warmkey::get(STRIPE_KEY).await?;
    let charge = stripe::charge_card(&key, &order.id, order.cents).await?;
    Ok(Receipt {
        charge: charge.id,
        status: charge.status,
    })
}
