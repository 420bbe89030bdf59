//! `oauth_signature`, without an allocation for the methods of every day.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base_string::{Sink, Writer};

/// `oauth_signature` before it is encoded.
pub(crate) enum SignatureText<'k> {
    /// An HMAC with SHA-1. The three have arrays of their own size because a signature is moved a few
    /// times on its way: just its bytes, and no room to spare that must be filled first.
    Bytes20([u8; 20]),
    /// An HMAC with SHA-256.
    #[cfg(feature = "sha2")]
    Bytes32([u8; 32]),
    /// An HMAC with SHA-512.
    #[cfg(feature = "sha2")]
    Bytes64([u8; 64]),
    /// The bytes of an RSA signature, or of a custom one.
    Bytes(Vec<u8>),
    /// What a custom method made.
    Text(String),
    /// PLAINTEXT: the signer's own key.
    Shared(&'k str),
}

impl SignatureText<'_> {
    fn bytes_or_text(&self) -> Result<&[u8], &str> {
        match self {
            Self::Bytes20(bytes) => Ok(bytes),
            #[cfg(feature = "sha2")]
            Self::Bytes32(bytes) => Ok(bytes),
            #[cfg(feature = "sha2")]
            Self::Bytes64(bytes) => Ok(bytes),
            Self::Bytes(bytes) => Ok(bytes),
            Self::Text(text) => Err(text),
            Self::Shared(text) => Err(text),
        }
    }

    /// The bytes of a signature that is made of some.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.bytes_or_text().ok()
    }

    pub(crate) fn to_text(&self) -> String {
        match self.bytes_or_text() {
            Ok(bytes) => STANDARD.encode(bytes),
            Err(text) => text.to_owned(),
        }
    }

    /// Writes it encoded once, as headers have it.
    #[inline]
    pub(crate) fn write_once<S: Sink>(&self, out: &mut Writer<'_, S>) {
        match self.bytes_or_text() {
            Ok(bytes) => out.base64(bytes),
            Err(text) => out.once(text.bytes()),
        }
    }
}
