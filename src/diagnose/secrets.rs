//! Finds and replaces the secrets of a request and of its signer, in each encoding.

use zeroize::Zeroizing;

use crate::form::{Coding, decode};
use crate::percent::percent_encode;
use crate::signer::Signer;

use super::sent::Sent;

/// The length below which secrets are replaced only as whole words: they may be parts of other words.
const SHORT: usize = 4;

/// The secrets of examples and tests, which are not replaced.
///
/// Pages contain these words in any case. They reveal nothing, and a page without them could not be read.
const PLACEHOLDERS: [&str; 8] = [
    "secret",
    "token",
    "consumer",
    "key",
    "consumer secret",
    "client secret",
    "token secret",
    "access token",
];

/// The secrets, the longest first, so that none is left if another is a part of it.
pub(super) struct Secrets(Vec<Zeroizing<String>>);

/// Returns `true` if the value of a parameter is a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_known = ["oauth_verifier", "oauth_session_handle", "oauth_signature"].contains(&name.as_str());
    is_known || ["secret", "password", "passwd"].iter().any(|part| name.contains(part))
}

impl Secrets {
    pub(super) fn of(sent: &Sent<'_>, signer: Option<&Signer>) -> Self {
        let mut secrets = Self(Vec::new());
        for (name, value) in sent.protocol() {
            if name == "oauth_signature" && sent.method_name() == "PLAINTEXT" {
                // A PLAINTEXT signature consists of both secrets, encoded.
                for part in value.split('&') {
                    secrets.push(part);
                    secrets.push(&String::from_utf8_lossy(&decode(part.as_bytes(), Coding::Percent)));
                }
            }
            if is_secret_name(name) {
                secrets.push(value);
            }
        }
        for (name, value) in sent.pairs() {
            if is_secret_name(&name) {
                secrets.push(&value);
            }
        }
        if let Some(signer) = signer {
            let (client, token) = signer.credentials();
            secrets.push(client.expose_secret());
            if let Some(token) = token {
                secrets.push(token.expose_secret());
            }
        }
        secrets.0.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        secrets.0.dedup();
        secrets
    }

    /// Adds a text as it is, trimmed, and encoded up to three times.
    fn push(&mut self, text: &str) {
        let trimmed = text.trim();
        // A single letter or digit is no secret, and occurs in many sentences.
        if trimmed.len() < 2 || PLACEHOLDERS.contains(&trimmed) {
            return;
        }
        let mut encoded = trimmed.to_owned();
        for _ in 0..4 {
            let next = percent_encode(&encoded);
            let is_plain = next == encoded;
            self.0.push(Zeroizing::new(std::mem::replace(&mut encoded, next)));
            if is_plain {
                break;
            }
        }
    }

    /// Replaces each secret in a text.
    pub(super) fn redact(&self, mut text: String) -> String {
        for secret in &self.0 {
            if !text.contains(secret.as_str()) {
                continue;
            }
            text = if secret.len() < SHORT {
                alone(&text, secret)
            } else {
                text.replace(secret.as_str(), REDACTED)
            };
        }
        text
    }
}

const REDACTED: &str = "[redacted]";

/// Replaces a text where no letter or digit is next to it.
fn alone(text: &str, secret: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in text.match_indices(secret) {
        let is_beside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (before, after) = (text[..at].chars().next_back(), text[at + secret.len()..].chars().next());
        if !is_beside(before) && !is_beside(after) {
            out.push_str(&text[done..at]);
            out.push_str(REDACTED);
            done = at + secret.len();
        }
    }
    out.push_str(&text[done..]);
    out
}
