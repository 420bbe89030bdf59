//! Compares the signature of the request with the right one, to find changes after signing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::credentials::TokenCredentials;
use crate::form::{Coding, decode};
use crate::parameter::ParameterSource;
use crate::percent::percent_encode;
use crate::request::{Body, Content};
use crate::signature::{BodyHashAlgorithm, Key, SignatureMethod};
use crate::signer::{SignError, Signer};

use super::finding::Finding;
use super::kind::FindingKind;
use super::page::clip;
use super::secrets::is_secret_name;
use super::sent::{Message, Sent};

/// The maximum number of bytes that are signed in search of a mistake.
const BUDGET: usize = 1024 * 1024;

/// The rest of [`BUDGET`].
struct Budget(usize);

impl Budget {
    /// Returns `true` if a text of this length may still be signed.
    fn take(&mut self, len: usize) -> bool {
        match self.0.checked_sub(len) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}

/// The result of comparing a signature.
pub(super) enum Signature {
    /// The signature is the one that the signer gives for this request.
    Right,
    Wrong(Finding),
    /// There is no signature to compare with.
    Unknown,
}

/// Compares the signature of the request with the one that these credentials give for it.
pub(super) fn check(sent: &Sent<'_>, signer: &Signer) -> Signature {
    let (Some(message), Some(signature)) = (sent.message(), sent.parameter("oauth_signature")) else {
        return Signature::Unknown;
    };
    if let Some(finding) = other_credentials(sent, signer) {
        return Signature::Wrong(finding);
    }
    let Some(method) = method_named(sent.method_name(), signer.method()) else { return Signature::Unknown };
    let secrets = secrets_of(signer);
    let key = Key::new(&method, secrets.0, secrets.1);
    match key.sign::<_, SignError>(&message.text.as_bytes()) {
        Ok(expected) if expected.to_text() == signature => return Signature::Right,
        Ok(_) => {}
        Err(_) => return Signature::Unknown,
    }
    if method.shares_secrets() {
        let mut budget = Budget(BUDGET);
        if let Some(finding) = by_another_key(signer, &method, message, signature, &mut budget) {
            return Signature::Wrong(finding);
        }
        if sent.method_name() != "PLAINTEXT"
            && let Some(finding) = by_a_change(&key, message, signature, &mut budget)
        {
            return Signature::Wrong(finding);
        }
    }
    Signature::Wrong(unexplained(signature))
}

fn other_credentials(sent: &Sent<'_>, signer: &Signer) -> Option<Finding> {
    let (client, token) = signer.credentials();
    let ours = [client.key(), token.map_or("", TokenCredentials::token)];
    let theirs = ["oauth_consumer_key", "oauth_token"].map(|name| sent.parameter(name).unwrap_or_default());
    let at = (0..2).find(|&at| ours[at] != theirs[at])?;
    let name = ["oauth_consumer_key", "oauth_token"][at];
    Some(Finding::likely(
        FindingKind::OtherCredentials,
        format!("{name} of the request is not that of the signer that was given"),
        "give the diagnosis the signer that signed the request, or sign with this one",
    ))
}

/// Returns the method that the request names: the signer's own, or another one with the same secrets.
fn method_named(name: &str, own: &SignatureMethod) -> Option<SignatureMethod> {
    match name {
        _ if own.name() == name => Some(own.clone()),
        _ if !own.shares_secrets() => None,
        "HMAC-SHA1" => Some(SignatureMethod::hmac_sha1()),
        #[cfg(feature = "sha2")]
        "HMAC-SHA256" => Some(SignatureMethod::hmac_sha256()),
        #[cfg(feature = "sha2")]
        "HMAC-SHA512" => Some(SignatureMethod::hmac_sha512()),
        "PLAINTEXT" => Some(SignatureMethod::plaintext()),
        _ => None,
    }
}

fn secrets_of(signer: &Signer) -> (&str, &str) {
    let (client, token) = signer.credentials();
    (client.expose_secret(), token.map_or("", TokenCredentials::expose_secret))
}

/// Tries the wrong keys that clients make of the same secrets.
fn by_another_key(
    signer: &Signer,
    method: &SignatureMethod,
    message: &Message,
    signature: &str,
    budget: &mut Budget,
) -> Option<Finding> {
    let (client, token) = signer.credentials();
    let (key, token) = (client.key(), token.map_or("", TokenCredentials::token));
    let right = secrets_of(signer);
    let (secret, token_secret) = right;
    let mistakes = [
        ((secret, ""), "without the token secret", "give the signer the token secret"),
        (("", token_secret), "without the consumer secret", "give the signer the consumer secret"),
        ((token_secret, secret), "with the two secrets in each other's place", "swap the secrets"),
        (
            (secret.trim(), token_secret.trim()),
            "with the secrets trimmed",
            "use the trimmed secrets in both places",
        ),
        ((secret, token), "with the token as token secret", "give the token secret, which is not the token"),
        ((key, token_secret), "with the consumer key as consumer secret", "give the consumer secret"),
    ];
    let is_it = |secrets: (&str, &str), budget: &mut Budget| {
        secrets != right
            && budget.take(message.text.len())
            && signs(&Key::new(method, secrets.0, secrets.1), &message.text, signature)
    };
    let (_, how, remedy) = mistakes.into_iter().find(|(secrets, _, _)| is_it(*secrets, budget))?;
    let evidence = format!("the signature is right for a key made {how}");
    Some(Finding::proven(FindingKind::OtherCredentials, evidence, remedy))
}

fn signs(key: &Key, text: &str, signature: &str) -> bool {
    key.sign::<_, SignError>(&text.as_bytes()).is_ok_and(|expected| expected.to_text() == signature)
}

/// The parts of a base string: method and URI decoded, parameters still encoded once.
struct Parts {
    method: String,
    uri: String,
    pairs: Vec<String>,
    sources: Vec<ParameterSource>,
}

impl Parts {
    fn of(message: &Message) -> Option<Self> {
        let decoded = |text: &str| String::from_utf8(decode(text.as_bytes(), Coding::Percent)).ok();
        let mut parts = message.text.split('&');
        let (method, uri) = (decoded(parts.next()?)?, decoded(parts.next()?)?);
        let pairs = decoded(parts.next()?)?;
        let pairs = pairs.split('&').filter(|pair| !pair.is_empty()).map(ToOwned::to_owned).collect();
        Some(Self { method, uri, pairs, sources: message.sources.clone() })
    }

    fn text(&self, method: &str, uri: &str, keep: &dyn Fn(usize) -> bool) -> String {
        let pairs: Vec<&str> = self
            .pairs
            .iter()
            .enumerate()
            .filter(|(at, _)| keep(*at))
            .map(|(_, pair)| pair.as_str())
            .collect();
        let encoded = [method, uri, &pairs.join("&")].map(percent_encode);
        encoded.join("&")
    }
}

const SIGN_LAST: &str = "sign exactly what is sent, as the last step before sending";

/// Tries the changes that clients and programs make after signing.
fn by_a_change(key: &Key, message: &Message, signature: &str, budget: &mut Budget) -> Option<Finding> {
    let parts = Parts::of(message)?;
    let all = &|_: usize| true;
    let is_from = |at: usize, source| parts.sources.get(at) == Some(&source);
    let mut fits = |method: &str, uri: &str, keep: &dyn Fn(usize) -> bool| {
        budget.take(message.text.len()) && signs(key, &parts.text(method, uri, keep), signature)
    };
    let changed = |kind, how: &str, remedy: &str| {
        Some(Finding::proven(kind, format!("the signature is right for {how}"), remedy))
    };

    let (scheme, rest) = parts.uri.split_once("://")?;
    let other_scheme = if scheme == "https" { "http" } else { "https" };
    if fits(&parts.method, &format!("{other_scheme}://{rest}"), all) {
        let how = format!("{other_scheme}, and the request was sent to {scheme}");
        return changed(FindingKind::Scheme, &how, "sign the URL that the request is sent to");
    }
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] {
        if method != parts.method && fits(method, &parts.uri, all) {
            let how = format!("{method}, and the request was sent as {}", clip(&parts.method, 20));
            return changed(FindingKind::HttpMethod, &how, SIGN_LAST);
        }
    }
    let slash = match parts.uri.strip_suffix('/') {
        Some(without) => without.to_owned(),
        None => format!("{}/", parts.uri),
    };
    if fits(&parts.method, &slash, all) {
        return changed(FindingKind::Path, "the path with its last slash added or removed", SIGN_LAST);
    }
    for (source, what) in [(ParameterSource::Query, "the query"), (ParameterSource::Form, "the form")] {
        let keep = |at| !is_from(at, source);
        if (0..parts.pairs.len()).any(|at| !keep(at)) && fits(&parts.method, &parts.uri, &keep) {
            let how = format!("the request without {what}");
            let remedy = format!("sign the request with {what}: it was added after signing, or was not seen");
            return changed(FindingKind::ChangedAfterSigning, &how, &remedy);
        }
    }
    for left_out in 0..parts.pairs.len().min(64) {
        if fits(&parts.method, &parts.uri, &|at| at != left_out) {
            let name = parts.pairs[left_out].split('=').next().unwrap_or_default();
            let name = if is_secret_name(name) { name } else { &clip(name, 40) };
            let how = format!("the request without the parameter {name}");
            let remedy = format!("{name} was added after signing: {SIGN_LAST}");
            return changed(FindingKind::ChangedAfterSigning, &how, &remedy);
        }
    }
    None
}

fn unexplained(signature: &str) -> Finding {
    let (evidence, remedy) = if signature.contains('%') {
        (
            "the signature has percent escapes when it is decoded: it was encoded twice",
            "encode the signature once: give it unencoded to a client that encodes header or form values",
        )
    } else if signature.contains(' ') {
        (
            "the signature has a space in it: a '+' was sent unencoded and read as a space",
            "percent-encode the signature where it is sent",
        )
    } else {
        (
            "the signature is not the one that these credentials give for this request",
            "it was signed with other secrets, or changed after signing: sign exactly what is sent, as the \
             last step before sending",
        )
    };
    Finding::proven(FindingKind::ChangedAfterSigning, evidence, remedy)
}

/// Compares `oauth_body_hash` with the body, if the body is known.
pub(super) fn body_hash(sent: &Sent<'_>) -> Option<Finding> {
    let hash = sent.parameter("oauth_body_hash")?;
    let body = match sent.view().ok()?.raw_body() {
        Body::Bytes(bytes) => bytes,
        Body::Absent if sent.view().ok()?.content() == Content::Unsaid => &[],
        _ => return None,
    };
    let wanted = algorithm(sent.method_name())?;
    let of = |algorithm: BodyHashAlgorithm| STANDARD.encode(algorithm.of(body));
    if of(wanted) == hash {
        return None;
    }
    let other = ALGORITHMS.iter().find(|(algorithm, _)| of(*algorithm) == hash);
    let evidence = match other {
        Some((_, name)) => {
            format!("oauth_body_hash is {name} of the body, which {} does not use", sent.method_name())
        }
        None => "oauth_body_hash is not that of the body".to_owned(),
    };
    Some(Finding::proven(
        FindingKind::BodyHash,
        evidence,
        "hash exactly the bytes that are sent, with the hash of the signature method",
    ))
}

const ALGORITHMS: &[(BodyHashAlgorithm, &str)] = &[
    (BodyHashAlgorithm::Sha1, "SHA-1"),
    #[cfg(feature = "sha2")]
    (BodyHashAlgorithm::Sha256, "SHA-256"),
    #[cfg(feature = "sha2")]
    (BodyHashAlgorithm::Sha512, "SHA-512"),
];

fn algorithm(method: &str) -> Option<BodyHashAlgorithm> {
    match method {
        "HMAC-SHA1" | "RSA-SHA1" | "PLAINTEXT" => Some(BodyHashAlgorithm::Sha1),
        #[cfg(feature = "sha2")]
        "HMAC-SHA256" | "RSA-SHA256" => Some(BodyHashAlgorithm::Sha256),
        #[cfg(feature = "sha2")]
        "HMAC-SHA512" | "RSA-SHA512" => Some(BodyHashAlgorithm::Sha512),
        _ => None,
    }
}
