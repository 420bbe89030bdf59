//! A parameter as it stands in a base string.

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
    // Nothing here is form-encoded, but every '+' was escaped, so that none is misread.
    let bytes: Vec<u8> = Decoded::new(text.as_bytes(), Coding::Form).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
