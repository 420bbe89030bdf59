//! Servers and networks that fail, over real sockets, through each adapter: a typed error, the expected
//! number of requests, no secret shown, and in time.
#![cfg(all(feature = "reqwest-blocking", feature = "hyper"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/mod.rs"]
mod support;

mod recovery;
mod redirects;
mod retries;
mod site;
mod table;
