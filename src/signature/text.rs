//! `oauth_signature`, without an allocation for the methods of every day.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::writer::{Sink, Writer};

/// `oauth_signature` before it is encoded.
pub(crate) enum SignatureText<'k> {
    /// An HMAC with SHA-1. The three have arrays of their own size because a signature is moved a few
    /// times on its way: just its octets, and no room to spare that must be filled first.
    Octets20([u8; 20]),
    /// An HMAC with SHA-256.
    #[cfg(feature = "sha2")]
    Octets32([u8; 32]),
    /// An HMAC with SHA-512.
    #[cfg(feature = "sha2")]
    Octets64([u8; 64]),
    /// The octets of an RSA signature, or of a custom one.
    Octets(Vec<u8>),
    /// What a custom method made.
    Text(String),
    /// PLAINTEXT: the signer's own key.
    Shared(&'k str),
}

impl SignatureText<'_> {
    fn octets_or_text(&self) -> Result<&[u8], &str> {
        match self {
            Self::Octets20(octets) => Ok(octets),
            #[cfg(feature = "sha2")]
            Self::Octets32(octets) => Ok(octets),
            #[cfg(feature = "sha2")]
            Self::Octets64(octets) => Ok(octets),
            Self::Octets(octets) => Ok(octets),
            Self::Text(text) => Err(text),
            Self::Shared(text) => Err(text),
        }
    }

    /// The octets of a signature that is made of some.
    pub(crate) fn octets(&self) -> Option<&[u8]> {
        self.octets_or_text().ok()
    }

    pub(crate) fn to_text(&self) -> String {
        match self.octets_or_text() {
            Ok(octets) => STANDARD.encode(octets),
            Err(text) => text.to_owned(),
        }
    }

    /// Writes it encoded once, as headers have it.
    #[inline]
    pub(crate) fn write_once<S: Sink>(&self, out: &mut Writer<'_, S>) {
        match self.octets_or_text() {
            Ok(octets) => out.base64(octets),
            Err(text) => out.once(text.bytes()),
        }
    }
}
