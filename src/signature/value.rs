//! A signature that was made outside of this crate.

use std::fmt;

use super::text::SignatureText;

/// A signature that was made outside of this crate.
///
/// [`Prepared::finish`](crate::Prepared::finish) and the function of
/// [`SignatureMethod::custom`](crate::SignatureMethod::custom) take or return one. Bytes convert into
/// [`Bytes`](Self::Bytes), and text into [`Text`](Self::Text).
///
/// # Examples
///
/// ```
/// use oauth1_signer::signature::Signature;
///
/// assert_eq!(Signature::from(vec![1, 2, 3]), Signature::Bytes(vec![1, 2, 3]));
/// assert_eq!(Signature::from("AQID"), Signature::Text("AQID".to_owned()));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signature {
    /// Bytes, which are sent in base64 (RFC 5849 §3.4.2, §3.4.3).
    Bytes(Vec<u8>),
    /// Text, which is sent without base64.
    Text(String),
}

impl Signature {
    pub(crate) fn into_text(self) -> SignatureText<'static> {
        match self {
            Self::Bytes(bytes) => SignatureText::Bytes(bytes),
            Self::Text(text) => SignatureText::Text(text),
        }
    }
}

impl From<Vec<u8>> for Signature {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&[u8]> for Signature {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<String> for Signature {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Signature {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// Does not show the signature, because it may be a secret, as with PLAINTEXT.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes(_) => "Bytes([redacted])",
            Self::Text(_) => "Text([redacted])",
        })
    }
}
