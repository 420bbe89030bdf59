//! The value of `oauth_callback` (RFC 5849 §2.1).

/// The URI to which the provider sends the user back, or the choice to have none (RFC 5849 §2.1).
///
/// Text converts into it: `"oob"` into [`OutOfBand`](Self::OutOfBand), any other into
/// [`Uri`](Self::Uri).
///
/// # Examples
///
/// ```
/// use oauth1_signer::Callback;
///
/// assert_eq!(Callback::from("oob"), Callback::OutOfBand);
/// assert_eq!(Callback::from("https://app.example/done"), Callback::Uri("https://app.example/done".into()));
/// ```
#[doc(alias = "oauth_callback")]
#[doc(alias = "redirect_uri")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Callback {
    /// No callback (`oob`): the provider shows a PIN, and the user types it into the application.
    #[doc(alias = "oob")]
    #[doc(alias = "PIN")]
    OutOfBand,
    /// An absolute URI, to which the provider redirects the browser.
    Uri(String),
}

impl From<&str> for Callback {
    /// Converts `oob`, in lower case, into [`OutOfBand`](Self::OutOfBand), and other text into a URI.
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Callback {
    /// Converts `oob`, in lower case, into [`OutOfBand`](Self::OutOfBand), and other text into a URI.
    fn from(text: String) -> Self {
        if text == "oob" { Self::OutOfBand } else { Self::Uri(text) }
    }
}
