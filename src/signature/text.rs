//! `oauth_signature`, without an allocation for the methods of every day.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::encode::{Sink, Writer};

/// As many octets as the longest of the HMACs has.
const SHORT: usize = 64;

/// `oauth_signature` before it is encoded.
pub(crate) enum SignatureText<'k> {
    /// The octets of an HMAC, and how many there are.
    Short([u8; SHORT], usize),
    /// The octets of an RSA signature, or of a custom one.
    Long(Vec<u8>),
    /// What a custom method made.
    Text(String),
    /// PLAINTEXT: the signer's own key.
    Shared(&'k str),
}

impl SignatureText<'_> {
    #[inline]
    pub(crate) fn of_octets(octets: &[u8]) -> Self {
        let mut short = [0; SHORT];
        match short.get_mut(..octets.len()) {
            Some(place) => {
                place.copy_from_slice(octets);
                Self::Short(short, octets.len())
            }
            None => Self::Long(octets.into()),
        }
    }

    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Short(octets, len) => STANDARD.encode(&octets[..*len]),
            Self::Long(octets) => STANDARD.encode(octets),
            Self::Text(text) => text.clone(),
            Self::Shared(text) => (*text).to_owned(),
        }
    }

    /// Writes it encoded once, as headers have it.
    #[inline]
    pub(crate) fn write_once<S: Sink>(&self, out: &mut Writer<'_, S>) {
        match self {
            Self::Short(octets, len) => out.base64(&octets[..*len]),
            Self::Long(octets) => out.base64(octets),
            Self::Text(text) => out.once(text.bytes()),
            Self::Shared(text) => out.once(text.bytes()),
        }
    }
}
