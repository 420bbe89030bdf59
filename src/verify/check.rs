//! RFC 5849 §3.2: checks the signature of a request that was read.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ctutils::CtEq;
use sha1::{Digest, Sha1};
use smallvec::SmallVec;

use crate::base_string::{Parameters, Sink, write_complete};
use crate::form::decode_borrowed;
use crate::request::RequestRef;
use crate::signature::{Key, Message, SignatureText};

use super::reader::Reading;
use super::record::ClientRecord;

impl<'r> Reading<'r> {
    /// Writes the signature base string.
    pub(super) fn write<S: Sink>(&self, sink: &mut S) {
        write_complete(&self.request, &self.parameters, sink);
    }

    /// Returns `true` if the signature is right.
    ///
    /// What is read is the same in all readings.
    pub(super) fn is_signed(&self, client: &ClientRecord, token_secret: &str) -> bool {
        let once = self.is_signed_with(&self.parameters, client, token_secret);
        self.other_readings
            .iter()
            .fold(once, |is_signed, other| is_signed | self.is_signed_with(other, client, token_secret))
    }

    fn is_signed_with(&self, parameters: &Parameters<'r>, client: &ClientRecord, token_secret: &str) -> bool {
        let message = Base { request: &self.request, parameters };
        let Some(method) = self.protocol.method.shared_method() else {
            return self.is_signed_by_rsa(&message, client);
        };
        let key = Key::new(&method, client.secret(), token_secret);
        let Ok(expected) = key.sign::<_, Unsigned>(&message) else { return false };
        match expected {
            SignatureText::Shared(shared) => equal(shared.as_bytes(), &self.presented()),
            expected => match expected.bytes() {
                // > base64: only its one canonical form is a signature.
                Some(bytes) => {
                    let text: SmallVec<[u8; 96]> = self.protocol.signature.clone().collect();
                    let mut room = [0; ROOM];
                    STANDARD
                        .decode_slice(text, &mut room)
                        .is_ok_and(|len| bytes.ct_eq(&room[..len]).to_bool())
                }
                None => false,
            },
        }
    }

    fn presented(&self) -> Cow<'_, [u8]> {
        decode_borrowed(&self.protocol.signature)
    }

    #[cfg(not(feature = "rsa"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn is_signed_by_rsa(&self, _: &Base<'_, '_>, _: &ClientRecord) -> bool {
        false
    }

    #[cfg(feature = "rsa")]
    fn is_signed_by_rsa(&self, message: &Base<'_, '_>, client: &ClientRecord) -> bool {
        let key = client.public_key().unwrap_or_else(|| crate::signature::RsaPublicKey::dummy());
        let presented = STANDARD.decode(&*self.presented()).unwrap_or_default();
        let hash = self.protocol.method.rsa_hash();
        hash.is_some_and(|hash| key.verify(hash, message, &presented))
    }

    /// Returns `true` if `oauth_body_hash` is the hash of the body, or is not sent. The hash is no secret.
    pub(super) fn is_hashed(&self) -> bool {
        let Some(hash) = &self.protocol.body_hash else { return true };
        let digest = self.protocol.method.body_digest().of(self.request.bytes());
        STANDARD.decode(&**hash).is_ok_and(|hash| hash == digest)
    }
}

/// The size of the decoding buffer: the longest HMAC has 64 bytes, and the decoder needs a few more.
///
/// A longer text is no HMAC.
const ROOM: usize = 72;

/// The request's base string, as a message.
struct Base<'c, 'r> {
    request: &'c RequestRef<'r>,
    parameters: &'c Parameters<'r>,
}

impl Message for Base<'_, '_> {
    type Error = std::convert::Infallible;

    fn write<S: Sink>(&self, sink: &mut S) -> Result<(), Self::Error> {
        write_complete(self.request, self.parameters, sink);
        Ok(())
    }
}

/// The error of signing with a shared key. No such method fails.
struct Unsigned;

impl From<std::convert::Infallible> for Unsigned {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl From<crate::signature::SignatureError> for Unsigned {
    fn from(_: crate::signature::SignatureError) -> Self {
        Self
    }
}

/// Returns `true` if two texts are equal. It compares digests, so that the time shows not even a length.
fn equal(one: &[u8], other: &[u8]) -> bool {
    Sha1::digest(one).ct_eq(&Sha1::digest(other)).to_bool()
}
