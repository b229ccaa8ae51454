//! Reads secrets from the Warmkey layer's endpoint on localhost.

use std::{env, sync::LazyLock, time::Duration};

use anyhow::{Context, Result, bail};
use reqwest::{Client, Response, Url};
use serde::Deserialize;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    Client::builder()
        .no_proxy()
        .tls_certs_only([]) // it speaks plain HTTP, and needs none loaded
        .timeout(Duration::from_secs(30)) // a read may wait for the prefetch, which has 5 s
        .build()
        .expect("a client that trusts nobody needs nothing of the system")
});

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
    let response = ask(alias).await.with_context(no_answer)?;
    let status = response.status().as_u16();
    let body = response.bytes().await.with_context(no_answer)?;
    if status != 200 {
        let Problem { detail, mut hint } = serde_json::from_slice(&body).unwrap_or_default();
        if !hint.is_empty() {
            hint = format!(" ({hint})");
        }
        bail!("secret {alias:?}: status {status}: {detail}{hint}");
    }
    let text = String::from_utf8(body.into()).ok(); // its error would hold the secret
    text.with_context(|| format!("secret {alias:?}: it is binary"))
}

async fn ask(alias: &str) -> Result<Response> {
    let port = first_set(&["WARMKEY_PORT", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"]);
    let token = first_set(&[
        "WARMKEY_TOKEN",
        "AWS_SESSION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    ]);
    let port = port.unwrap_or("2773".into());
    let mut url = Url::parse(&format!("http://127.0.0.1:{port}/v1/secrets"))?;
    url.path_segments_mut().expect("it has a path").push(alias);
    let request = CLIENT.get(url);
    let request = request.header("X-Aws-Parameters-Secrets-Token", token.unwrap_or_default());
    Ok(request.send().await?)
}

fn first_set(names: &[&str]) -> Option<String> {
    let mut values = names.iter().filter_map(|name| env::var(name).ok());
    values.find(|value| !value.is_empty())
}
