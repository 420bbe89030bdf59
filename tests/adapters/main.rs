//! Each adapter over a real socket: what a server receives is what was signed, byte for byte, as the oracle
//! recomputes it from the bytes received; and what cannot be signed is not sent.
#![cfg(all(feature = "reqwest-blocking", feature = "hyper"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/mod.rs"]
mod support;

mod legs;
mod of_hyper;
mod of_reqwest;
mod of_tower;
mod wire;

use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};
use support::clients::check_signature;
use support::server::{IncomingRequest, Reply, Server};

const SECRETS: (&str, &str) = ("client secret&+%", "token secret&+%");

fn signer() -> Signer {
    Signer::builder(ClientCredentials::new("consumer key", SECRETS.0))
        .token(TokenCredentials::new("token", SECRETS.1))
        .realm("Photos \"and\" more")
        .build()
        .unwrap()
}

/// A server that is content with everything.
fn content() -> Server {
    Server::with(|_| Reply::status(200, "text/plain", "thanks"))
}

/// The only request that a server has received, which is signed as it should be.
fn only(server: &Server) -> IncomingRequest {
    let mut received = server.received();
    assert_eq!(received.len(), 1, "{received:?}");
    let one = received.remove(0);
    check_signature(&one, "http", SECRETS).unwrap();
    one
}

/// Nobody has so much as connected.
fn check_untouched(server: &Server) {
    assert_eq!((server.connections(), server.received().len()), (0, 0));
}
