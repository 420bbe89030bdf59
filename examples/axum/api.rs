//! The routes, and which of them need a signed request.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use oauth1_signer::Origin;
use oauth1_signer::axum::Parameters;
use oauth1_signer::tower::VerifyingLayer;
use oauth1_signer::verify::{
    Claim, Limits, MemoryNonceLog, Policy, Rejection, RejectionReason, VerifiedRequest,
};
use serde::Deserialize;

use crate::accounts::Accounts;

pub(crate) fn policy(origin: Origin) -> Policy {
    let mut limits = Limits::default();
    limits.body = 16 * 1024;
    Policy::new(origin).limits(limits)
}

pub(crate) fn router(policy: Policy) -> Result<Router, Box<dyn Error>> {
    let accounts = Accounts::new()?;
    // This log is for one process. Several processes need a shared log, such as RedisNonceLog.
    let log = MemoryNonceLog::new()?;
    let layer = VerifyingLayer::new(policy, log, move |keys| {
        let records = accounts.records(&keys);
        async { Ok(records) }
    })
    .body_deadline(|| tokio::time::sleep(Duration::from_secs(10)))
    .on_rejection(report);
    Ok(Router::new()
        .route("/me", get(me))
        .route("/notes", post(write))
        // The layer covers the routes above.
        .route_layer(layer)
        .route("/", get(async || "This is for everybody.\n")))
}

async fn me(caller: VerifiedRequest) -> String {
    format!("You are {}, by {}.\n", user(&caller), caller.client_key())
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

async fn write(caller: VerifiedRequest, Parameters(note): Parameters<Note>) -> String {
    format!("{} writes: {}\n", user(&caller), note.text)
}

fn user(caller: &VerifiedRequest) -> &str {
    caller.user().unwrap_or("nobody")
}

/// Writes the operator's log. The client learns only that the request was not authorized.
fn report(rejection: &Rejection, claim: Option<&Claim<'_>>) {
    eprintln!("rejected: {rejection}");
    let Some(claim) = claim else { return };
    eprintln!("  client {}, token {}", claim.client_key(), claim.token().unwrap_or("none"));
    if rejection.reason() == &RejectionReason::WrongSignature {
        // The base string that this server computed: compare it with the client's.
        for line in claim.explanation().to_string().lines() {
            eprintln!("  {line}");
        }
    }
}
