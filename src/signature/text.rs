//! `oauth_signature` as text, without an allocation for the methods of every day.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Base64 of 64 octets, the longest of the HMACs.
const SHORT: usize = 88;

/// `oauth_signature` before it is encoded.
pub(crate) enum SignatureText<'k> {
    /// Base64 of an HMAC.
    Short([u8; SHORT], usize),
    /// Base64 of an RSA signature, or what a custom method made.
    Long(String),
    /// PLAINTEXT: the signer's own key.
    Shared(&'k str),
}

impl SignatureText<'_> {
    #[inline]
    pub(crate) fn of_octets(octets: &[u8]) -> Self {
        let mut text = [0; SHORT];
        match STANDARD.encode_slice(octets, &mut text) {
            Ok(len) => Self::Short(text, len),
            Err(_) => Self::Long(STANDARD.encode(octets)),
        }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short(text, len) => &text[..*len],
            Self::Long(text) => text.as_bytes(),
            Self::Shared(text) => text.as_bytes(),
        }
    }

    pub(crate) fn to_text(&self) -> String {
        String::from_utf8_lossy(self.as_bytes()).into_owned()
    }
}
