//! An API of axum's that wants its requests signed, but for one route.
//!
//! ```sh
//! cargo run --example axum --features tower
//! ```
//!
//! It prints how to call it. What it refuses, and what it has computed then, goes to standard error.

mod accounts;

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use axum::routing::{get, post};
use axum::{Extension, Form, Router};
use clap::Parser;
use oauth1_signer::Origin;
use oauth1_signer::tower::VerifyingLayer;
use oauth1_signer::verify::{
    Claim, Limits, MemoryNonceLog, Policy, Rejection, RejectionReason, VerifiedRequest,
};
use tokio::net::TcpListener;

use accounts::Accounts;

/// Serve an API that wants its requests signed
#[derive(Parser)]
#[command(name = "axum")]
struct Options {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,

    /// What clients call it by, where a proxy stands before it: scheme, host and port
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let listener = TcpListener::bind(options.listen).await?;
    let origin = match options.origin {
        Some(origin) => origin,
        None => format!("http://{}", listener.local_addr()?),
    };
    let api = api(policy(&origin)?)?;
    println!("listening on {}. These print what to run to call it:\n", listener.local_addr()?);
    println!("  cargo run --example sign -- GET '{origin}/me'");
    println!("  cargo run --example sign -- POST '{origin}/notes' --form 'text=tea & cake'\n");
    axum::serve(listener, api).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

/// What is asked of requests.
fn policy(origin: &str) -> Result<Policy, Box<dyn Error>> {
    // Notes are short. The others are as they are by default.
    let mut limits = Limits::default();
    limits.body = 16 * 1024;
    // A signature covers scheme, host and port as the client has them. Behind a proxy this server cannot
    // know them, and what a request says of them (X-Forwarded-Host and its like) anybody can write.
    Ok(Policy::new(Origin::new(origin)?)
        .limits(limits)
        // How far clocks may be apart. A nonce is remembered for twice as long at most.
        .window(Duration::from_secs(300)))
}

fn api(policy: Policy) -> Result<Router, Box<dyn Error>> {
    let accounts = Accounts::new()?;
    // A million nonces take less than 32 MiB. One client can use up a tenth of that: then it gets 503, and
    // the others do not. Several processes need a log that they share, or one could not tell another's replays.
    let log = MemoryNonceLog::new(1_000_000, 100_000)?;
    let layer = VerifyingLayer::new(policy, log, move |wanted| {
        let records = accounts.records(&wanted);
        async { Ok(records) }
    });
    Ok(Router::new()
        .route("/me", get(me))
        .route("/notes", post(note))
        // For the routes above. Whatever comes below is for everybody.
        .route_layer(layer.on_rejection(report))
        .route("/", get(async || "This is for everybody.\n")))
}

async fn me(Extension(caller): Extension<VerifiedRequest>) -> String {
    format!("You are {}, by {}.\n", user(&caller), caller.client_key())
}

async fn note(
    Extension(caller): Extension<VerifiedRequest>,
    Form(note): Form<Vec<(String, String)>>,
) -> String {
    let text = note.iter().find(|(name, _)| name == "text").map_or("nothing", |(_, text)| text);
    format!("{} hints: {text}\n", user(&caller))
}

fn user(caller: &VerifiedRequest) -> &str {
    caller.user().unwrap_or("nobody")
}

/// For the operator only. To the client, a wrong secret and an unknown key are one and the same.
fn report(rejection: &Rejection, claim: Option<&Claim<'_>>) {
    eprintln!("rejected: {rejection}");
    let Some(claim) = claim else { return };
    eprintln!("  client {}, token {}", claim.client_key(), claim.token().unwrap_or("none"));
    // What was computed here, to be laid beside what the client has signed.
    if *rejection.reason() == RejectionReason::WrongSignature {
        for line in claim.explanation().to_string().lines() {
            eprintln!("  {line}");
        }
    }
}

/// Until somebody presses Ctrl-C. Requests that are under way are finished.
async fn stopped() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("Ctrl-C cannot be waited for: {error}");
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

    use axum::body::{Body, to_bytes};
    use http::{Request, StatusCode};
    use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};
    use tower::ServiceExt;

    use super::*;

    const ORIGIN: &str = "https://api.example.com";

    async fn send(api: &Router, request: Request<String>) -> (StatusCode, String) {
        let response = api.clone().oneshot(request.map(Body::from)).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        (status, String::from_utf8(body.into()).unwrap())
    }

    fn get(path: &str) -> Request<String> {
        Request::get(format!("{ORIGIN}{path}")).body(String::new()).unwrap()
    }

    fn note(form: &str) -> Request<String> {
        let note = Request::post(format!("{ORIGIN}/notes"));
        note.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn signed_requests_are_served_and_no_others() {
        // The credentials that `examples/sign` has where it is given none.
        let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
        let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
        let signer = Signer::builder(client.clone()).token(token).build().unwrap();
        let sign = |request| signer.authorize(request).unwrap();
        let api = api(policy(ORIGIN).unwrap()).unwrap();

        assert_eq!(send(&api, get("/")).await.0, StatusCode::OK);
        for path in ["/me", "/me?user=jane"] {
            assert_eq!(send(&api, get(path)).await.0, StatusCode::UNAUTHORIZED);
        }
        let (status, body) = send(&api, sign(get("/me"))).await;
        assert_eq!((status, &*body), (StatusCode::OK, "You are jane, by dpf43f3p2l4k3l03.\n"));
        let (status, body) = send(&api, sign(note("text=tea+%26+cake"))).await;
        assert_eq!((status, &*body), (StatusCode::OK, "jane hints: tea & cake\n"));

        let changed = sign(note("text=tea")).map(|_| "text=rum".to_owned());
        assert_eq!(send(&api, changed).await.0, StatusCode::UNAUTHORIZED);
        let long = sign(note(&"a".repeat(16 * 1024 + 1)));
        assert_eq!(send(&api, long).await.0, StatusCode::BAD_REQUEST);
        let alone = Signer::builder(client).build().unwrap().authorize(get("/me")).unwrap();
        assert_eq!(send(&api, alone).await.1, "You are nobody, by dpf43f3p2l4k3l03.\n");
    }

    #[test]
    fn the_options_fit_together() {
        use clap::CommandFactory;
        Options::command().debug_assert();
    }
}
