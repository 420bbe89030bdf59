//! RFC 5849 §3.1: the protocol parameters that a server reads, and what they may be.

use crate::base_string::Source;
use crate::request::Target;

use super::algorithm::Algorithm;
use super::malformed::Malformed;
use super::policy::Policy;

/// The known ones, decoded and fit for use. Any other is an ordinary parameter, and signed.
pub(super) struct Protocol {
    pub(super) client_key: String,
    pub(super) token: Option<String>,
    pub(super) algorithm: Algorithm,
    /// As it was sent: whether it is base64 is for the proof to see.
    pub(super) signature: Vec<u8>,
    /// None with PLAINTEXT, where the client left them out (§3.1).
    pub(super) stamp: Option<(u64, String)>,
    pub(super) callback: Option<String>,
    pub(super) verifier: Option<String>,
    pub(super) body_hash: Option<Vec<u8>>,
}

const CLIENT_KEY: &str = "oauth_consumer_key";
const TOKEN: &str = "oauth_token";
const METHOD: &str = "oauth_signature_method";
const SIGNATURE: &str = "oauth_signature";
const TIMESTAMP: &str = "oauth_timestamp";
const NONCE: &str = "oauth_nonce";
const VERSION: &str = "oauth_version";
const CALLBACK: &str = "oauth_callback";
const VERIFIER: &str = "oauth_verifier";
pub(super) const BODY_HASH: &str = "oauth_body_hash";

const KNOWN: [&str; 10] =
    [CLIENT_KEY, TOKEN, METHOD, SIGNATURE, TIMESTAMP, NONCE, VERSION, CALLBACK, VERIFIER, BODY_HASH];

impl Protocol {
    /// The name, where it is one that a server reads.
    pub(super) fn known(name: &[u8]) -> Option<&'static str> {
        KNOWN.iter().copied().find(|known| known.as_bytes() == name)
    }

    pub(super) fn of(
        parameters: Vec<(&'static str, Vec<u8>, Source)>,
        policy: &Policy,
        target: &Target<'_>,
    ) -> Result<Self, Malformed> {
        let mut fields = Fields { parameters, limit: policy.limits.identifier };
        let client_key = fields.text(CLIENT_KEY)?.ok_or(Malformed::Missing(CLIENT_KEY))?;
        let token = fields.text_or_empty(TOKEN)?.filter(|token| !token.is_empty());
        let method = fields.take(METHOD).ok_or(Malformed::Missing(METHOD))?;
        let method = String::from_utf8(method).map_err(|_| Malformed::UnsupportedMethod)?;
        let algorithm = Algorithm::from_name(&method).ok_or(Malformed::UnsupportedMethod)?;
        let is_plaintext = algorithm == Algorithm::Plaintext;
        if is_plaintext && !policy.plaintext {
            return Err(Malformed::UnsupportedMethod);
        }
        if is_plaintext && !target.is_confidential() {
            return Err(Malformed::InsecureTransport);
        }
        let signature = fields.take(SIGNATURE).ok_or(Malformed::Missing(SIGNATURE))?;
        let stamp = match (fields.take(TIMESTAMP), fields.text(NONCE)?) {
            (Some(timestamp), Some(nonce)) => Some((seconds(&timestamp)?, nonce)),
            (None, None) if is_plaintext => None,
            (None, _) => return Err(Malformed::Missing(TIMESTAMP)),
            (_, None) => return Err(Malformed::Missing(NONCE)),
        };
        // > The parameter is OPTIONAL. If present, MUST be set to "1.0".
        if fields.take(VERSION).is_some_and(|version| version != b"1.0") {
            return Err(Malformed::Invalid(VERSION));
        }
        let callback = fields.take(CALLBACK).map(String::from_utf8).transpose();
        let callback = callback.map_err(|_| Malformed::Invalid(CALLBACK))?;
        let verifier = fields.text(VERIFIER)?;
        let body_hash = fields.take(BODY_HASH);
        Ok(Self { client_key, token, algorithm, signature, stamp, callback, verifier, body_hash })
    }
}

/// What was read, to be taken out by name.
struct Fields {
    parameters: Vec<(&'static str, Vec<u8>, Source)>,
    limit: usize,
}

impl Fields {
    fn take(&mut self, name: &'static str) -> Option<Vec<u8>> {
        let at = self.parameters.iter().position(|(present, ..)| *present == name)?;
        Some(self.parameters.swap_remove(at).1)
    }

    /// Text without control characters, neither too long nor empty.
    fn text(&mut self, name: &'static str) -> Result<Option<String>, Malformed> {
        match self.text_or_empty(name)? {
            Some(text) if text.is_empty() => Err(Malformed::Invalid(name)),
            text => Ok(text),
        }
    }

    fn text_or_empty(&mut self, name: &'static str) -> Result<Option<String>, Malformed> {
        let Some(octets) = self.take(name) else { return Ok(None) };
        if octets.len() > self.limit || octets.iter().any(u8::is_ascii_control) {
            return Err(Malformed::Invalid(name));
        }
        String::from_utf8(octets).map(Some).map_err(|_| Malformed::Invalid(name))
    }
}

/// > The timestamp value MUST be a positive integer. (§3.3)
fn seconds(timestamp: &[u8]) -> Result<u64, Malformed> {
    let digits =
        std::str::from_utf8(timestamp).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(seconds @ 1..) => Ok(seconds),
        _ => Err(Malformed::Invalid(TIMESTAMP)),
    }
}
