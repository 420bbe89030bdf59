//! RFC 6454: scheme, host and port, as what a signature is meant for.

use std::fmt;
use std::str::FromStr;

use super::error::UrlError;
use super::uri::Target;
use super::url::UrlRef;

/// A server by its scheme, host and port, such as `https://api.example.com`.
///
/// The port may be left out where it is the scheme's own; case does not matter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    secure: bool,
    /// Host, and port where it is not the scheme's own.
    authority: String,
    /// How long the host in it is.
    host: usize,
    port: u16,
}

impl Origin {
    /// Creates an origin from text such as `https://api.example.com:8443`.
    ///
    /// A `/` at the end is accepted. [`str::parse`] does the same.
    ///
    /// # Errors
    /// Returns [`UrlError::NotAnOrigin`] if there is more than scheme, host and port, and another
    /// [`UrlError`] if the text is no absolute http or https URL.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::Origin;
    ///
    /// let origin = Origin::new("https://API.example.com:443/")?;
    /// assert_eq!(origin, "https://api.example.com".parse()?);
    /// assert_eq!(origin.to_string(), "https://api.example.com");
    /// # Ok::<(), oauth1_signer::request::UrlError>(())
    /// ```
    pub fn new(text: &str) -> Result<Self, UrlError> {
        let target = Target::parse(text)?;
        if target.has_userinfo() || target.path() != "/" || target.query().is_some() {
            return Err(UrlError::NotAnOrigin);
        }
        Ok(Self::of(&target))
    }

    /// Returns the origin of a URL that may have a path and a query.
    ///
    /// # Errors
    /// Returns an error if `url` is no absolute http or https URL.
    pub fn of_url<'a>(url: impl Into<UrlRef<'a>>) -> Result<Self, UrlError> {
        url.into().target().map(|target| Self::of(&target))
    }

    fn of(target: &Target<'_>) -> Self {
        let mut authority = target.host().to_ascii_lowercase();
        let (host, port) = (authority.len(), target.port());
        if !target.is_default_port() {
            authority = format!("{authority}:{port}");
        }
        Self { secure: target.is_secure(), authority, host, port }
    }

    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// What a request to this server asks for, whatever it says of scheme and host.
    pub(crate) fn target<'a>(&'a self, uri: &'a http::Uri) -> Result<Target<'a>, UrlError> {
        Target::new(self.secure, &self.authority, uri.path(), uri.query())
    }

    #[cfg(feature = "tower")]
    pub(crate) fn covers(&self, target: &Target<'_>) -> bool {
        target.is_secure() == self.secure
            && target.port() == self.port
            && target.host().eq_ignore_ascii_case(&self.authority[..self.host])
    }

    #[cfg(feature = "tower")]
    pub(crate) fn scheme(&self) -> http::uri::Scheme {
        if self.secure { http::uri::Scheme::HTTPS } else { http::uri::Scheme::HTTP }
    }
}

impl FromStr for Origin {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::new(text)
    }
}

/// Prints as `https://host`, with the port where it is not the scheme's default.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.authority)
    }
}
