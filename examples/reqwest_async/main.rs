//! Signs a GET and a POST with reqwest's asynchronous client, and prints the statuses.
//!
//! ```sh
//! export OAUTH1_CONSUMER_KEY=… OAUTH1_CONSUMER_SECRET=… OAUTH1_TOKEN=… OAUTH1_TOKEN_SECRET=…
//! cargo run --features reqwest --example reqwest_async -- http://127.0.0.1:8080/1/items
//! ```
//!
//! This repository builds reqwest without TLS. In your own program, `cargo add reqwest` adds TLS.

use std::env;
use std::error::Error;
use std::time::Duration;

use oauth1_signer::reqwest::{Client, RetryPolicy};
use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("usage: reqwest_async URL")?;
    let client =
        ClientCredentials::new(env::var("OAUTH1_CONSUMER_KEY")?, env::var("OAUTH1_CONSUMER_SECRET")?);
    let token = TokenCredentials::new(env::var("OAUTH1_TOKEN")?, env::var("OAUTH1_TOKEN_SECRET")?);
    let [get, post] = run(Signer::builder(client).token(token).build()?, &url).await?;
    println!("GET  {get}\nPOST {post}");
    Ok(())
}

/// Returns the statuses of both responses.
async fn run(signer: Signer, url: &str) -> Result<[reqwest::StatusCode; 2], Box<dyn Error>> {
    let builder = reqwest::Client::builder().timeout(Duration::from_secs(30));
    // Idempotent requests are sent up to three times, each signed anew.
    let client = Client::new(signer, builder)?.retry(RetryPolicy::new(3));

    let get = client.get(url).query([("count", "20")]).send().await?;
    let post = client.post(url).form([("name", "tea & cake")]).send().await?;
    Ok([get.status(), post.status()])
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::HeaderMap;
    use axum::routing::get;

    use super::*;

    async fn signed(headers: HeaderMap) -> &'static str {
        assert!(headers["authorization"].to_str().unwrap_or_default().contains("oauth_signature="));
        "ok"
    }

    #[tokio::test]
    async fn both_requests_arrive_signed() -> Result<(), Box<dyn Error>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/items", listener.local_addr()?);
        let server = Router::new().route("/items", get(signed).post(signed));
        tokio::spawn(async move { axum::serve(listener, server).await });
        let signer = Signer::builder(ClientCredentials::new("ck", "cs")).build()?;
        assert_eq!(run(signer, &url).await?, [200, 200]);
        Ok(())
    }
}
