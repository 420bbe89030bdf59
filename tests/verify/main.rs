//! The verifying side: what the signer signs is admitted, once, and nothing else is.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod body;
mod head;
mod moved;
mod parameters;
#[path = "../support/ready.rs"]
mod ready;
mod records;
mod site;
mod texts;

use http::Request;
use oauth1_signer::verify::{
    ClientRecord, IncomingRequest, MemoryNonceLog, Policy, Rejection, RejectionReason, TokenRecord,
    VerifiedRequest,
};
use oauth1_signer::{ClientCredentials, Origin, TokenCredentials, explain::Hint, request::ParameterSource};
use ready::now;

const NOW: u64 = 137_131_201;

fn policy(origin: &str) -> Policy {
    Policy::new(Origin::new(origin).unwrap()).clock(|| Ok(NOW))
}

fn client() -> ClientRecord {
    ClientRecord::new(ClientCredentials::new("9djdj82h48djs9d2", "j49sk3j29djd")).unwrap()
}

fn token() -> TokenRecord {
    TokenRecord::new(TokenCredentials::new("kkk9d7dh3k39sjv7", "dh893hdasih9"), "9djdj82h48djs9d2")
}

/// RFC 5849 §3.1's request, with the signature that its base string gives.
fn of_the_rfc() -> Request<&'static str> {
    Request::post("/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b")
        .header("host", "example.com")
        .header("content-type", "application/x-www-form-urlencoded")
        .header(
            "authorization",
            "OAuth realm=\"Example\", oauth_consumer_key=\"9djdj82h48djs9d2\", \
             oauth_token=\"kkk9d7dh3k39sjv7\", oauth_signature_method=\"HMAC-SHA1\", \
             oauth_timestamp=\"137131201\", oauth_nonce=\"7d8f3e4a\", \
             oauth_signature=\"r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D\"",
        )
        .body("c2&a3=2+q")
        .unwrap()
}

fn verify(
    policy: &Policy,
    request: &Request<&str>,
    log: &MemoryNonceLog,
) -> Result<VerifiedRequest, Rejection> {
    let claim = policy.read(IncomingRequest::from(request).body(request.body().as_bytes()))?;
    let proof = claim.prove(Some(&client()), Some(&token()))?;
    now(proof.admit(log))
}

#[test]
fn the_request_of_section_3_1_is_admitted_once() {
    let log = MemoryNonceLog::new().unwrap();
    let policy = policy("http://example.com");
    let verified = verify(&policy, &of_the_rfc(), &log).unwrap();
    assert_eq!(verified.client_key(), "9djdj82h48djs9d2");
    assert_eq!(verified.token(), Some("kkk9d7dh3k39sjv7"));
    let again = verify(&policy, &of_the_rfc(), &log).unwrap_err();
    assert_eq!(again.reason(), &RejectionReason::Replayed);
}

#[test]
fn explanation_is_the_base_string_of_section_3_4_1_1() {
    let policy = policy("http://example.com");
    let request = of_the_rfc();
    let claim = policy.read(IncomingRequest::from(&request).body(b"c2&a3=2+q")).unwrap();
    assert_eq!(
        claim.explanation().base_string(),
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    );
}

/// What is odd about a request is said to the operator, too.
#[test]
fn explanation_says_what_is_odd() {
    let policy = policy("http://example.com");
    let mut request = of_the_rfc().map(drop);
    *request.uri_mut() = "/r%20equest?a=b+c".parse().unwrap();
    let hints = |request: &Request<()>, body| {
        let claim = policy.read(IncomingRequest::from(request).body(body)).unwrap();
        claim.explanation().hints().to_vec()
    };
    let of_path = [Hint::PlusIsSpace(ParameterSource::Query), Hint::EscapesInPath];
    assert_eq!(hints(&request, b""), of_path);
    let of_form = [
        Hint::PlusIsSpace(ParameterSource::Query),
        Hint::PlusIsSpace(ParameterSource::Form),
        Hint::EscapesInPath,
    ];
    assert_eq!(hints(&request, b"c2&a3=2+q"), of_form);
    request.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    let of_json = [Hint::PlusIsSpace(ParameterSource::Query), Hint::BodyNotCovered, Hint::EscapesInPath];
    assert_eq!(hints(&request, b"{}"), of_json);
}

#[test]
fn one_changed_byte_is_refused() {
    let log = MemoryNonceLog::new().unwrap();
    let policy = policy("http://example.com");
    let mut request = of_the_rfc();
    *request.body_mut() = "c2&a3=2+r";
    assert_eq!(verify(&policy, &request, &log).unwrap_err().reason(), &RejectionReason::WrongSignature);
    assert!(log.is_empty());
}
