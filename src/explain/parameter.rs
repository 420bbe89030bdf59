//! A parameter of a base string.

use zeroize::Zeroizing;

use crate::form::{Coding, Decoded};
use crate::parameter::ParameterSource;

/// A parameter of the base string, with its source (RFC 5849 §3.4.1.3).
///
/// [`Explanation::parameters`](super::Explanation::parameters) returns these.
///
/// # Examples
///
/// ```
/// use oauth1_signer::request::ParameterSource;
/// use oauth1_signer::{ClientCredentials, RequestRef, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
/// let (_, explanation) = signer.explain(RequestRef::new("GET", "https://api.example.com/items?q=a+b")?)?;
/// let last = explanation.parameters().last().expect("a parameter");
/// assert_eq!((last.name(), last.value(), last.source()), ("q", "a%20b", ParameterSource::Query));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedParameter {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) source: ParameterSource,
}

impl SignedParameter {
    /// Returns the name, percent-encoded once.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value, percent-encoded once.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the part of the request that the parameter came from.
    #[must_use]
    pub fn source(&self) -> ParameterSource {
        self.source
    }
}

/// Returns a text after one round of percent-decoding.
///
/// A base string is ASCII, and its last part is still ASCII after one round. The path of its URI may contain
/// other bytes: those that are not UTF-8 are replaced by U+FFFD.
pub(super) fn decode(text: &str) -> String {
    std::mem::take(&mut *decode_wiped(text))
}

/// Returns what [`decode`] returns, as a text that is wiped when dropped, without other copies.
pub(super) fn decode_wiped(text: &str) -> Zeroizing<String> {
    // One allocation, because a vector that grows leaves copies behind.
    let mut bytes = Vec::with_capacity(text.len());
    // The text is not form-encoded. But every '+' in it was escaped, so the coding of forms decodes it
    // correctly.
    bytes.extend(Decoded::new(text.as_bytes(), Coding::Form));
    Zeroizing::new(String::from_utf8(bytes).unwrap_or_else(|error| {
        let bytes = Zeroizing::new(error.into_bytes());
        String::from_utf8_lossy(&bytes).into_owned()
    }))
}
