//! A parameter as it stands in a base string.

use zeroize::Zeroizing;

use crate::form::{Coding, Decoded};
use crate::parameter::ParameterSource;

/// A parameter of the base string (§3.4.1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedParameter {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) source: ParameterSource,
}

impl SignedParameter {
    /// Its name, percent-encoded once, as parameters are sorted and joined.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value, percent-encoded once.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Where it came from.
    #[must_use]
    pub fn source(&self) -> ParameterSource {
        self.source
    }
}

/// Undoes one round of percent-encoding. A base string is ASCII, and so is what one round leaves of
/// its last part; paths of a URI may hold other bytes.
pub(super) fn decode(text: &str) -> String {
    std::mem::take(&mut *decode_wiped(text))
}

/// [`decode`] for text that may contain a secret: it is wiped when dropped, and no other copy is made.
pub(super) fn decode_wiped(text: &str) -> Zeroizing<String> {
    // One allocation: a vector that grows leaves copies behind.
    let mut bytes = Vec::with_capacity(text.len());
    // Nothing here is form-encoded, but every '+' was escaped, so that none is misread.
    bytes.extend(Decoded::new(text.as_bytes(), Coding::Form));
    Zeroizing::new(String::from_utf8(bytes).unwrap_or_else(|error| {
        let bytes = Zeroizing::new(error.into_bytes());
        String::from_utf8_lossy(&bytes).into_owned()
    }))
}
