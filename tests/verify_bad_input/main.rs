//! Bad and odd input to the verifying side, case by case.
//!
//! The rule behind the answers: what cannot be read is a 400 that names the field, since that
//! gives nothing away; whatever is about identity or signature is one and the same 401; and a server that
//! cannot tell says 503 and admits nobody.
#![allow(clippy::unwrap_used, clippy::too_many_lines, reason = "a table of cases, in a test")]
#![allow(clippy::wildcard_imports, reason = "all modules share what stands here")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

mod header;
mod legs;
mod places;
#[path = "../support/ready.rs"]
mod ready;
mod signing;
mod time;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
#[cfg(feature = "rsa")]
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, Method, Request, StatusCode};
use oauth1_signer::provider::{Decision, Issuer, MemoryStore};
#[cfg(feature = "rsa")]
use oauth1_signer::signature::Signature;
use oauth1_signer::verify::{
    ClientRecord, ClientRecordError, IncomingRequest, MemoryNonceLog, Nonce, NonceLog, NonceStatus, Policy,
    Rejection, RejectionReason, RestartPolicy, TokenRecord,
};
use oauth1_signer::{
    BodyHashPolicy, ClientCredentials, Origin, RequestRef, SignatureMethod, Signer, Stamp, TokenCredentials,
    percent_encode,
};
use ready::now;
#[cfg(feature = "rsa")]
use sha1::Sha1;

const NOW: u64 = 1_700_000_000;
const WINDOW: u64 = 300;

const CLIENT: (&str, &str) = ("client-identifier", "s3cret-of-the-client");
const TOKEN: (&str, &str) = ("token-identifier", "s3cret-of-the-token");

type Said = Result<(), Rejection>;

/// One case: what it is about, what it is, what was said, and what should be.
struct Row(&'static str, &'static str, Said, Expected);

enum Expected {
    Admitted,
    Rejected(RejectionReason),
}

use Expected::Admitted;

fn rejected(reason: RejectionReason) -> Expected {
    Expected::Rejected(reason)
}

#[test]
fn each_case_has_its_answer() {
    let rows: Vec<Row> = [
        header::of_the_header(),
        signing::of_missing_and_unknown(),
        signing::of_keys_and_methods(),
        signing::of_signatures(),
        signing::of_identity(),
        time::of_time_and_nonce(),
        time::of_the_log(),
        places::of_the_origin(),
        places::of_places_and_bodies(),
        places::of_limits(),
        legs::of_the_three_legs(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut answers_to_401 = BTreeSet::new();
    for Row(topic, what, said, expected) in &rows {
        let name = format!("{topic}, {what}: {said:?}");
        match (said, expected) {
            (Ok(()), Admitted) => continue,
            (Err(said), Expected::Rejected(expected)) => assert_eq!(said.reason(), expected, "{name}"),
            _ => panic!("{name}"),
        }
        let answer = said.as_ref().unwrap_err().to_response();
        check_answer(&name, &answer, said);
        if answer.status() == StatusCode::UNAUTHORIZED {
            answers_to_401.insert(format!("{:?} {:?}", answer.headers(), answer.body()));
        }
    }
    assert_eq!(answers_to_401.len(), 1, "a 401 tells which claim was wrong: {answers_to_401:?}");
}

/// The status is the right one, and neither a secret nor the base string is in what the client gets,
/// nor a secret in what the operator's log gets.
fn check_answer(name: &str, answer: &http::Response<String>, said: &Said) {
    use RejectionReason as R;

    let status = match said.as_ref().unwrap_err().reason() {
        R::NotOAuth
        | R::UnknownClient
        | R::UnknownToken
        | R::OtherClientsToken
        | R::WrongVerifier
        | R::SignatureMethodNotAllowed
        | R::WrongSignature
        | R::WrongBodyHash
        | R::Stale
        | R::Replayed => 401,
        R::Unavailable => 503,
        _ => 400,
    };
    assert_eq!(answer.status(), status, "{name}");
    let challenge = answer.headers().get("www-authenticate");
    assert_eq!(
        challenge.is_some_and(|value| value.as_bytes().starts_with(b"OAuth")),
        status == 401,
        "{name}"
    );
    assert!(answer.body().len() < 500, "{name}");
    for hidden in ["s3cret", "https%3A%2F%2F", "%26oauth_", "-identifier", "it is down"] {
        assert!(!answer.body().contains(hidden), "{name}: {}", answer.body());
    }
    assert!(!format!("{said:?}").contains("s3cret"), "{name}");
}

// --- a right request, to be spoilt ---

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn invalid_nonce() -> Expected {
    rejected(RejectionReason::Invalid("oauth_nonce"))
}

fn policy() -> Policy {
    let window = std::time::Duration::from_secs(WINDOW);
    Policy::new(Origin::new("https://h").unwrap()).window(window).require_token(false).clock(|| Ok(NOW))
}

fn client() -> ClientRecord {
    ClientRecord::new(ClientCredentials::new(CLIENT.0, CLIENT.1)).unwrap()
}

fn token() -> TokenRecord {
    TokenRecord::new(TokenCredentials::new(TOKEN.0, TOKEN.1), CLIENT.0)
}

fn signer() -> Signer {
    let client = ClientCredentials::new(CLIENT.0, CLIENT.1);
    Signer::builder(client).token(TokenCredentials::new(TOKEN.0, TOKEN.1)).version(false).build().unwrap()
}

fn stamp(timestamp: u64, nonce: &str) -> Stamp {
    Stamp::new(timestamp, nonce).unwrap()
}

fn log() -> MemoryNonceLog {
    // The timestamps are the cases' own.
    MemoryNonceLog::builder().restart_policy(RestartPolicy::AcceptAll).build().unwrap()
}

fn header() -> String {
    header_with(&signer(), NOW, "n1")
}

fn header_with(signer: &Signer, timestamp: u64, nonce: &str) -> String {
    let request = RequestRef::new("GET", "https://h/p?a=1").unwrap();
    let signed = signer.sign_with(request, stamp(timestamp, nonce)).unwrap();
    signed.to_header().to_str().unwrap().to_owned()
}

/// The right header with the value of one parameter replaced.
fn with(name: &str, value: &str) -> String {
    let header = header();
    let start = header.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    let end = start + header[start..].find('"').unwrap();
    [&header[..start], value, &header[end..]].concat()
}

/// The right header without one parameter.
fn without(name: &str) -> String {
    let header = header();
    let parameters = header.trim_start_matches("OAuth ").split(", ");
    let rest: Vec<_> = parameters.filter(|parameter| !parameter.starts_with(&format!("{name}="))).collect();
    format!("OAuth {}", rest.join(", "))
}

/// The header of a request that has a further parameter, signed.
fn signed_with(name: &str, value: &str) -> String {
    let signer = signer().to_builder().parameter(name, value).build().unwrap();
    header_with(&signer, NOW, "n1")
}

fn request(authorization: &[u8]) -> Request<()> {
    Request::get("/p?a=1")
        .header("host", "h")
        .header("authorization", HeaderValue::from_bytes(authorization).unwrap())
        .body(())
        .unwrap()
}

fn request_of(authorization: &str, target: &str, content_type: &str) -> Request<()> {
    let mut request = request(authorization.as_bytes());
    *request.uri_mut() = target.parse().unwrap();
    request.headers_mut().insert("content-type", HeaderValue::from_str(content_type).unwrap());
    request
}

// --- what is said to it ---

fn said_to(authorization: impl AsRef<[u8]>) -> Said {
    verify(&request(authorization.as_ref()), &log())
}

fn verify(request: &Request<()>, log: &MemoryNonceLog) -> Said {
    now_with(&policy(), request, log)
}

fn now_with<L: NonceLog>(policy: &Policy, request: &Request<()>, log: &L) -> Said {
    let claim = policy.read(request)?;
    let client = Some(client()).filter(|client| client.key() == claim.client_key());
    let token = claim.token().map(|_| token());
    now(claim.prove(client.as_ref(), token.as_ref())?.admit(log)).map(drop)
}

fn with_body(policy: &Policy, request: &Request<()>, body: &[u8]) -> Said {
    let claim = policy.read(IncomingRequest::from(request).body(body))?;
    now(claim.prove(Some(&client()), Some(&token()))?.admit(&log())).map(drop)
}
