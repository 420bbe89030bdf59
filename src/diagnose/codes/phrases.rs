//! Sentences of servers without codes: the words that most servers use.

use super::code::{Code, Report, Says, cause, signature};
use crate::diagnose::finding::Certainty;
use crate::diagnose::kind::FindingKind as Kind;
use crate::diagnose::received::Received;

/// The codes by words that a sentence must all contain, in lower case. The first match counts.
const PHRASES: &[(&[&str], Code)] = &[
    (
        &["timestamp"],
        cause(
            "a timestamp",
            Kind::Clock,
            "set this machine's clock, or correct it with SignerBuilder::clock_offset",
        ),
    ),
    (
        &["nonce"],
        cause("a nonce", Kind::Nonce, "sign each attempt anew: a retry must not repeat a signature"),
    ),
    (
        &["signature method"],
        cause(
            "a signature method",
            Kind::SignatureMethod,
            "use a signature method that the provider documents",
        ),
    ),
    (
        &["body hash"],
        cause(
            "a body hash",
            Kind::BodyHash,
            "check whether the provider wants oauth_body_hash, and with which hash",
        ),
    ),
    (
        &["body_hash"],
        cause(
            "a body hash",
            Kind::BodyHash,
            "check whether the provider wants oauth_body_hash, and with which hash",
        ),
    ),
    (&["signature", "invalid"], signature("an invalid signature")),
    (&["signature", "match"], signature("a signature that does not match")),
    (&["signature", "fail"], signature("a signature that failed")),
    (&["signature", "incorrect"], signature("an incorrect signature")),
    (
        &["callback"],
        cause(
            "a callback",
            Kind::Callback,
            "use a callback that is registered with the provider, exactly as it is registered",
        ),
    ),
    (
        &["verifier"],
        cause("a verifier", Kind::Verifier, "send the verification code as it came; it can be used once"),
    ),
    (
        &["token", "expired"],
        cause(
            "an expired token",
            Kind::TokenExpired,
            "renew the token, or send the user through the authorization again",
        ),
    ),
    (
        &["consumer", "invalid"],
        cause(
            "an invalid consumer",
            Kind::ConsumerKey,
            "check the consumer key, and that it is of this provider",
        ),
    ),
    (
        &["consumer", "unknown"],
        cause(
            "an unknown consumer",
            Kind::ConsumerKey,
            "check the consumer key, and that it is of this provider",
        ),
    ),
    (
        &["consumer", "not found"],
        cause(
            "a consumer that was not found",
            Kind::ConsumerKey,
            "check the consumer key, and that it is of this provider",
        ),
    ),
    // Trello's whole body: "invalid key", "invalid token" and "expired token".
    (
        &["invalid", "key"],
        cause("an invalid key", Kind::ConsumerKey, "check the consumer key, and that it is of this provider"),
    ),
    (
        &["invalid", "token"],
        cause(
            "an invalid token",
            Kind::Token,
            "check the token, and that it was issued to this consumer key",
        ),
    ),
    (
        &["token", "not found"],
        cause(
            "a token that was not found",
            Kind::Token,
            "check the token, and that it was issued to this consumer key",
        ),
    ),
    (&["token", "revoked"], cause("a revoked token", Kind::Token, "ask the user again")),
    (
        &["missing", "oauth_"],
        cause("a missing parameter", Kind::ParameterMissing, "send the parameter that the server names"),
    ),
];

pub(super) fn report(received: &Received<'_>) -> Option<Report> {
    // Other responses may contain these words for other reasons.
    if ![400, 401, 403].contains(&received.status.as_u16()) {
        return None;
    }
    let sentences: Vec<String> = received.sentences().take(16).map(to_words).collect();
    let fits = |(words, _): &&(&[&str], Code)| {
        sentences.iter().any(|sentence| words.iter().all(|word| sentence.contains(word)))
    };
    let (_, code) = PHRASES.iter().find(fits)?;
    let certainty = if code.says == Says::Signature { Certainty::Proven } else { Certainty::Likely };
    Some(Report {
        shown: format!("in words {}", code.value),
        says: code.says,
        certainty,
        remedy: code.remedy,
    })
}

/// Returns the words of the start of a sentence. A base string further on has its own words.
fn to_words(sentence: &str) -> String {
    let end = sentence.find("&http").unwrap_or(sentence.len());
    sentence[..end].chars().take(300).collect::<String>().to_ascii_lowercase()
}
