//! RFC 5849 §3.1: the protocol parameters that a server reads, and what they may be.

use std::borrow::Cow;

use memchr::memchr;

use crate::base_string::Source;
use crate::encode::{Octets, decode_borrowed};
use crate::request::Target;

use super::algorithm::Algorithm;
use super::malformed::Malformed;
use super::policy::Policy;

/// The known ones, decoded and fit for use. Any other is an ordinary parameter, and signed.
pub(super) struct Protocol<'r> {
    pub(super) client_key: Cow<'r, str>,
    pub(super) token: Option<Cow<'r, str>>,
    pub(super) algorithm: Algorithm,
    /// As it was sent: whether it is base64 is for the proof to see.
    pub(super) signature: Cow<'r, [u8]>,
    /// None with PLAINTEXT, where the client left them out (§3.1).
    pub(super) stamp: Option<(u64, Cow<'r, str>)>,
    pub(super) callback: Option<Cow<'r, str>>,
    pub(super) verifier: Option<Cow<'r, str>>,
    pub(super) body_hash: Option<Cow<'r, [u8]>>,
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

/// Whether a name, as it stands, is one that a server reads.
pub(super) fn is_known(name: &[u8]) -> bool {
    place_of(name).is_some()
}

fn place_of(name: &[u8]) -> Option<usize> {
    KNOWN.iter().position(|known| known.as_bytes() == name)
}

impl<'r> Protocol<'r> {
    pub(super) fn of(
        mut fields: Fields<'r>,
        policy: &Policy,
        target: &Target<'_>,
    ) -> Result<Self, Malformed> {
        let limit = policy.limits.identifier;
        let client_key = fields.text(CLIENT_KEY, limit)?.ok_or(Malformed::Missing(CLIENT_KEY))?;
        let token = fields.text_or_empty(TOKEN, limit)?.filter(|token| !token.is_empty());
        let method = fields.take(METHOD).ok_or(Malformed::Missing(METHOD))?;
        let algorithm = Algorithm::from_octets(&method).ok_or(Malformed::UnsupportedMethod)?;
        let is_plaintext = algorithm == Algorithm::Plaintext;
        if is_plaintext && !policy.plaintext {
            return Err(Malformed::UnsupportedMethod);
        }
        if is_plaintext && !target.is_confidential() {
            return Err(Malformed::InsecureTransport);
        }
        let signature = fields.take(SIGNATURE).ok_or(Malformed::Missing(SIGNATURE))?;
        let stamp = match (fields.take(TIMESTAMP), fields.text(NONCE, limit)?) {
            (Some(timestamp), Some(nonce)) => Some((seconds(&timestamp)?, nonce)),
            (None, None) if is_plaintext => None,
            (None, _) => return Err(Malformed::Missing(TIMESTAMP)),
            (_, None) => return Err(Malformed::Missing(NONCE)),
        };
        // > The parameter is OPTIONAL. If present, MUST be set to "1.0".
        if fields.take(VERSION).is_some_and(|version| *version != *b"1.0") {
            return Err(Malformed::Invalid(VERSION));
        }
        let callback = fields.take(CALLBACK).map(|callback| into_text(callback, CALLBACK)).transpose()?;
        let verifier = fields.text(VERIFIER, limit)?;
        let body_hash = fields.take(BODY_HASH);
        Ok(Self { client_key, token, algorithm, signature, stamp, callback, verifier, body_hash })
    }
}

/// The protocol's parameters where the request has them, each once and all in one place.
pub(super) struct Fields<'r> {
    values: [Option<Octets<'r>>; KNOWN.len()],
    place: Option<Source>,
}

impl<'r> Fields<'r> {
    pub(super) fn new() -> Self {
        Self { values: [const { None }; KNOWN.len()], place: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.place.is_none()
    }

    /// Puts a parameter where it belongs, and answers whether it is known at all.
    pub(super) fn put(
        &mut self,
        name: Octets<'r>,
        value: Octets<'r>,
        source: Source,
    ) -> Result<bool, Malformed> {
        let Some(at) = place_of(name.rest).or_else(|| {
            // No known name has to be escaped, but any may be.
            memchr(b'%', name.rest)?;
            KNOWN.iter().position(|known| name.clone().eq(known.bytes()))
        }) else {
            return Ok(false);
        };
        if *self.place.get_or_insert(source) != source {
            return Err(Malformed::SeveralPlaces);
        }
        if self.values[at].replace(value).is_some() {
            return Err(Malformed::Duplicate(KNOWN[at].to_owned()));
        }
        Ok(true)
    }

    /// A value, decoded.
    fn take(&mut self, name: &'static str) -> Option<Cow<'r, [u8]>> {
        let at = place_of(name.as_bytes())?;
        self.values[at].take().map(decode_borrowed)
    }

    /// Text without control characters, neither too long nor empty.
    fn text(&mut self, name: &'static str, limit: usize) -> Result<Option<Cow<'r, str>>, Malformed> {
        match self.text_or_empty(name, limit)? {
            Some(text) if text.is_empty() => Err(Malformed::Invalid(name)),
            text => Ok(text),
        }
    }

    fn text_or_empty(&mut self, name: &'static str, limit: usize) -> Result<Option<Cow<'r, str>>, Malformed> {
        let Some(octets) = self.take(name) else { return Ok(None) };
        if octets.len() > limit || octets.iter().any(u8::is_ascii_control) {
            return Err(Malformed::Invalid(name));
        }
        into_text(octets, name).map(Some)
    }
}

fn into_text<'r>(octets: Cow<'r, [u8]>, name: &'static str) -> Result<Cow<'r, str>, Malformed> {
    match octets {
        Cow::Borrowed(octets) => std::str::from_utf8(octets).ok().map(Cow::Borrowed),
        Cow::Owned(octets) => String::from_utf8(octets).ok().map(Cow::Owned),
    }
    .ok_or(Malformed::Invalid(name))
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
