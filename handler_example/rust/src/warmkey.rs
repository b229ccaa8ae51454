//! Reads secrets from the Warmkey layer's endpoint on localhost.

use std::{env, sync::LazyLock, time::Duration};

use anyhow::{Context, Result, bail};
use reqwest::{Client, Response, Url};
use serde::Deserialize;
use tokio::sync::Semaphore;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let mut builder = Client::builder()
        .no_proxy()
        .tls_certs_only([]) // it speaks plain HTTP, and needs none loaded
        .timeout(Duration::from_secs(30)); // a read may wait for the prefetch, which has 5 s
    if let Some(path) = first_set(&["WARMKEY_SOCKET"]) {
        builder = builder.unix_socket(path); // a sidecar may listen on one instead
    }
    builder
        .build()
        .expect("a client that trusts nobody needs nothing of the system")
});

/// The endpoint turns connections away beyond 512: further reads wait for one of these.
static CONNECTIONS: Semaphore = Semaphore::const_new(64);

/// A function that takes on another role may put that one's token into its environment.
static STARTED: LazyLock<String> = LazyLock::new(token);

const NEITHER: &str =
    ": neither the token that this process started with nor its current one is accepted";

/// Why the endpoint gives no secret, as its problem document (RFC 9457) has it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    detail: String,
    hint: String,
}

/// Reads a secret by its alias. The layer has it in memory and renews it when its time is up: call
/// this wherever the secret is needed, rather than keep what it returned.
pub async fn get(alias: &str) -> Result<String> {
    let no_answer = || format!("secret {alias:?}: is Warmkey's layer attached?");
    let _place = CONNECTIONS.acquire().await?;
    let mut response = ask(alias, &STARTED).await.with_context(no_answer)?;
    let current = token();
    let changed = response.status() == 403 && current != *STARTED;
    if changed {
        response = ask(alias, &current).await.with_context(no_answer)?;
    }
    let status = response.status().as_u16();
    let body = response.bytes().await.with_context(no_answer)?;
    if status != 200 {
        let Problem {
            mut detail,
            mut hint,
        } = serde_json::from_slice(&body).unwrap_or_default();
        if changed && status == 403 {
            detail += NEITHER;
        }
        if !hint.is_empty() {
            hint = format!(" ({hint})");
        }
        bail!("secret {alias:?}: status {status}: {detail}{hint}");
    }
    let text = String::from_utf8(body.into()).ok(); // its error would hold the secret
    text.with_context(|| format!("secret {alias:?}: it is binary"))
}

async fn ask(alias: &str, token: &str) -> Result<Response> {
    let port = first_set(&["WARMKEY_PORT", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"]);
    let port = port.unwrap_or("2773".into());
    let mut url = Url::parse(&format!("http://127.0.0.1:{port}/v1/secrets"))?;
    url.path_segments_mut().expect("it has a path").push(alias);
    let request = CLIENT.get(url);
    let request = request.header("X-Aws-Parameters-Secrets-Token", token);
    Ok(request.send().await?)
}

fn token() -> String {
    let names = [
        "WARMKEY_TOKEN",
        "AWS_SESSION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    ];
    first_set(&names).unwrap_or_default()
}

fn first_set(names: &[&str]) -> Option<String> {
    let values = names.iter().filter_map(|name| env::var(name).ok());
    let mut trimmed = values.map(|value| value.trim().to_owned());
    trimmed.find(|value| !value.is_empty())
}
