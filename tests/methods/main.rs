//! Signature methods that are more than a name, and what a signer's settings do: keys that live elsewhere,
//! key files, clocks, body hashes, places.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

mod custom;
#[cfg(feature = "rsa")]
mod rsa_keys;
#[cfg(feature = "p12")]
mod pkcs12;
mod time;
mod body_hash;
mod parameters;
mod settings;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
#[cfg(feature = "sha2")]
use oauth1_signer::signature::BodyHashAlgorithm;
use oauth1_signer::{
    BodyHashPolicy, BuildError, Callback, ClientCredentials, RequestRef, SignError, SignatureMethod, Signed,
    Signer, SignerBuilder, Stamp, StampError, TokenCredentials,
    request::RequestError,
    signature::{Signature, SignatureError},
    signature_base_string,
};
use proptest::prelude::*;
use sha1::{Digest, Sha1};

fn builder() -> SignerBuilder {
    Signer::builder(ClientCredentials::new("ck", "cs")).token(TokenCredentials::new("tk", "ts"))
}

fn stamp() -> Stamp {
    Stamp::new(1_700_000_000, "nonce").unwrap()
}

fn get(url: &str) -> RequestRef<'_> {
    RequestRef::new("GET", url).unwrap()
}

fn value_of(signed: &Signed<'_>, name: &str) -> Option<String> {
    signed.parameters().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

#[test]
fn plaintext_goes_over_tls_or_stays_here() {
    let signer = builder().method(SignatureMethod::plaintext()).build().unwrap();
    for url in ["https://h/", "http://localhost:8080/", "http://127.0.0.1/", "http://[::1]:80/"] {
        assert_eq!(signer.sign(get(url)).unwrap().signature(), "cs&ts", "{url}");
    }
    for url in
        ["http://h/", "http://localhost.h/", "http://localhost@h/", "http://10.0.0.1/", "http://127.0.0.1.h/"]
    {
        for error in [signer.sign(get(url)).map(drop), signer.prepare(get(url)).map(drop)] {
            assert!(matches!(error, Err(SignError::InsecurePlaintext)), "{url}");
        }
    }
    let allowed = signer.to_builder().allow_plaintext_over_http(true).build().unwrap();
    assert_eq!(allowed.sign(get("http://h/")).unwrap().signature(), "cs&ts");
    assert!(allowed.to_builder().build().unwrap().sign(get("http://h/")).is_ok());
    let another_order = builder().allow_plaintext_over_http(true).method(SignatureMethod::plaintext());
    assert!(another_order.build().unwrap().sign(get("http://h/")).is_ok());
    // Only PLAINTEXT sends the secrets.
    assert!(builder().build().unwrap().sign(get("http://h/")).is_ok());
}
const FORM: &str = "application/x-www-form-urlencoded";
