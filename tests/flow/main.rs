//! RFC 5849 §2, step by step: what each leg puts on the wire, which URL the user is sent to, and what
//! is made of what comes back. Signatures are recomputed by the oracle.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/mod.rs"]
mod support;

mod callback;
mod fields;
mod origin_form;
mod other_ways;
mod problems;
mod requests;

use http::{HeaderMap, HeaderValue};

/// What each of the two requests has, besides its own.
const OF_ALL: [&str; 5] =
    ["oauth_consumer_key", "oauth_nonce", "oauth_signature", "oauth_signature_method", "oauth_timestamp"];

pub(crate) fn names(further: &[&'static str]) -> Vec<&'static str> {
    let mut names = [&OF_ALL, further].concat();
    names.sort_unstable();
    names
}

pub(crate) fn headers(name: &http::HeaderName, values: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}
