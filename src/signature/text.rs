//! The value of `oauth_signature`, which needs no allocation for the HMAC methods.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base_string::{Sink, Writer};

/// The value of `oauth_signature` before it is encoded.
pub(crate) enum SignatureText<'k> {
    /// An HMAC with SHA-1.
    // Each hash has an array of its own size, because a signature is moved a few times: a common array
    // would have to be filled and copied beyond the signature's length.
    Bytes20([u8; 20]),
    /// An HMAC with SHA-256.
    #[cfg(feature = "sha2")]
    Bytes32([u8; 32]),
    /// An HMAC with SHA-512.
    #[cfg(feature = "sha2")]
    Bytes64([u8; 64]),
    /// The bytes of an RSA signature, or of a custom one.
    Bytes(Vec<u8>),
    /// The text that a custom method made.
    Text(String),
    /// The signer's key, which is the signature with PLAINTEXT.
    Shared(&'k str),
}

impl SignatureText<'_> {
    /// Returns the bytes, or as the error the text of a signature without bytes.
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

    /// Returns the bytes, or `None` for a signature that is text.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.bytes_or_text().ok()
    }

    /// Returns the signature as text; bytes become base64.
    pub(crate) fn to_text(&self) -> String {
        match self.bytes_or_text() {
            Ok(bytes) => STANDARD.encode(bytes),
            Err(text) => text.to_owned(),
        }
    }

    /// Writes the signature, percent-encoded once, as in a header.
    #[inline]
    pub(crate) fn write_once<S: Sink>(&self, out: &mut Writer<'_, S>) {
        match self.bytes_or_text() {
            Ok(bytes) => out.base64(bytes),
            Err(text) => out.once(text.bytes()),
        }
    }
}
