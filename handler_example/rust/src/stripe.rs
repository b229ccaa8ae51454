//! Charges cards over Stripe's HTTP API.

use std::{env, sync::LazyLock, time::Duration};

use anyhow::{Result, bail};
use reqwest::Client;
use serde::Deserialize;

const VERSION: &str = "2026-10-28.endive"; // of Stripe's API, which this is written for

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let client = Client::builder().timeout(Duration::from_secs(80));
    client.build().expect("the system has trusted certificates")
});

#[derive(Deserialize)]
pub struct Charge {
    pub id: String,
    pub status: String,
}

#[derive(Deserialize)]
struct Payment {
    latest_charge: Charge,
}

#[derive(Default, Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(Default, Deserialize)]
struct Reason {
    message: String,
}

/// Charges an order once, however often it is sent, with Stripe's test card: yours comes from your
/// page.
pub async fn charge_card(key: &str, order: &str, cents: u32) -> Result<Charge> {
    let base = env::var("STRIPE_API_BASE").unwrap_or("https://api.stripe.com".into());
    let amount = cents.to_string();
    let form = [
        ("amount", amount.as_str()),
        ("currency", "usd"),
        ("payment_method", "pm_card_visa"),
        ("allowed_payment_method_types[]", "card"),
        ("confirm", "true"),
        ("expand[]", "latest_charge"),
    ];
    let request = CLIENT
        .post(format!("{base}/v1/payment_intents"))
        .bearer_auth(key)
        .header("Idempotency-Key", order)
        .header("Stripe-Version", VERSION)
        .form(&form);
    let response = request.send().await?;
    let status = response.status();
    if !status.is_success() {
        // Where something between here and Stripe answers, the status must do.
        let refusal: Refusal = response.json().await.unwrap_or_default();
        bail!("stripe: {status}: {}", refusal.error.message);
    }
    let payment: Payment = response.json().await?;
    Ok(payment.latest_charge)
}
