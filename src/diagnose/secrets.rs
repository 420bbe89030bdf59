//! What must not be shown: the secrets of a request and of its signer, in each encoding.

use zeroize::Zeroizing;

use crate::encode::{Coding, decode, percent_encode};
use crate::signer::Signer;

use super::sent::Sent;

/// Shorter ones are parts of ordinary words. Where there are any, no text of the server is quoted.
const SHORTEST: usize = 4;

/// The secrets, longest first, so that none is left where another is a part of it.
pub(super) struct Secrets {
    texts: Vec<Zeroizing<String>>,
    /// Whether text of the server may be repeated at all.
    pub(super) may_quote: bool,
}

/// Returns `true` if the value of a parameter is a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_known = ["oauth_verifier", "oauth_session_handle", "oauth_signature"].contains(&name.as_str());
    is_known || ["secret", "password", "passwd"].iter().any(|part| name.contains(part))
}

impl Secrets {
    pub(super) fn of(sent: &Sent<'_>, signer: Option<&Signer>) -> Self {
        let mut secrets = Self { texts: Vec::new(), may_quote: true };
        for (name, value) in sent.protocol() {
            if name == "oauth_signature" && sent.method_name() == "PLAINTEXT" {
                // The signature is both secrets, encoded.
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
        secrets.texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        secrets.texts.dedup();
        secrets
    }

    /// Takes a text in as it is, trimmed, and encoded up to three times.
    fn push(&mut self, text: &str) {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return;
        }
        if trimmed.len() < SHORTEST {
            self.may_quote = false;
            return;
        }
        let mut encoded = trimmed.to_owned();
        for _ in 0..4 {
            let next = percent_encode(&encoded);
            let is_plain = next == encoded;
            self.texts.push(Zeroizing::new(std::mem::replace(&mut encoded, next)));
            if is_plain {
                break;
            }
        }
    }

    /// Replaces each secret in a text.
    pub(super) fn redact(&self, mut text: String) -> String {
        for secret in &self.texts {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), "[redacted]");
            }
        }
        text
    }
}
