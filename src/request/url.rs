//! The types of URL that a program can pass.

use super::error::UrlError;
use super::uri::Target;

/// A borrowed URL of any type that [`RequestRef::new`](super::RequestRef::new) takes.
///
/// It is created with [`From`] from a `&str`, a `&String`, an `&http::Uri` or, with the feature `url`, a
/// `&url::Url`.
///
/// # Examples
///
/// ```
/// use oauth1_signer::RequestRef;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let uri: http::Uri = "https://api.example.com/1/items".parse()?;
/// let request = RequestRef::new("GET", &uri)?;
/// let same = RequestRef::new("GET", "https://api.example.com/1/items")?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct UrlRef<'a>(UrlKind<'a>);

impl<'a> UrlRef<'a> {
    pub(super) fn target(self) -> Result<Target<'a>, UrlError> {
        match self.0 {
            UrlKind::Text(url) => Target::parse(url),
            UrlKind::Http(uri) => Target::from_http(uri),
            #[cfg(feature = "url")]
            UrlKind::Serialized(url) => Target::split(url),
        }
    }
}

#[derive(Clone, Copy)]
enum UrlKind<'a> {
    Text(&'a str),
    Http(&'a http::Uri),
    #[cfg(feature = "url")]
    Serialized(&'a str),
}

impl<'a> From<&'a str> for UrlRef<'a> {
    fn from(url: &'a str) -> Self {
        Self(UrlKind::Text(url))
    }
}

impl<'a> From<&'a String> for UrlRef<'a> {
    fn from(url: &'a String) -> Self {
        Self(UrlKind::Text(url))
    }
}

impl<'a> From<&'a http::Uri> for UrlRef<'a> {
    fn from(uri: &'a http::Uri) -> Self {
        Self(UrlKind::Http(uri))
    }
}

/// Takes the serialized text, which clients send unchanged.
#[cfg(feature = "url")]
impl<'a> From<&'a url::Url> for UrlRef<'a> {
    fn from(url: &'a url::Url) -> Self {
        Self(UrlKind::Serialized(url.as_str()))
    }
}

/// Prints no part of the URL.
impl std::fmt::Debug for UrlRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UrlRef(…)")
    }
}
