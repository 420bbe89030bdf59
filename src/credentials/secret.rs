//! Text that is never shown.

use std::fmt;

use zeroize::Zeroizing;

/// Text that is never shown, and wiped when dropped.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Whether a secret is the text of a PEM file: the key of an RSA method, and of no other.
pub(crate) fn is_key_file(secret: &str) -> bool {
    secret.trim_start().starts_with("-----BEGIN ")
}
