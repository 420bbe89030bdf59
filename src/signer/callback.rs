//! RFC 5849 §2.1: `oauth_callback`.

/// `oauth_callback` (§2.1): where the provider sends the user back to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Callback {
    /// `oob`: nowhere; the user carries a PIN over by hand.
    OutOfBand,
    /// An absolute URI.
    Uri(String),
}

impl From<&str> for Callback {
    /// `oob`, in lower case, is out of band; all else is a URI.
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Callback {
    /// `oob`, in lower case, is out of band; all else is a URI.
    fn from(text: String) -> Self {
        if text == "oob" { Self::OutOfBand } else { Self::Uri(text) }
    }
}
