//! The origin of a URL: scheme, host and port (RFC 6454).

use std::fmt;
use std::str::FromStr;

use super::error::UrlError;
use super::uri::Target;
use super::url::UrlRef;

/// The scheme, host and port of a server, such as `https://api.example.com`.
///
/// The port is optional if it is the default of the scheme. Scheme and host are compared without regard to
/// case.
///
/// # Examples
///
/// ```
/// use oauth1_signer::Origin;
///
/// let origin = Origin::of_url("https://API.example.com:443/1/items?count=20")?;
/// assert_eq!(origin, Origin::new("https://api.example.com")?);
/// # Ok::<(), oauth1_signer::request::UrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    secure: bool,
    /// The host, and the port if it is not the scheme's default.
    authority: String,
    /// The length of the host in `authority`, in bytes.
    host: usize,
    port: u16,
}

impl Origin {
    /// Creates an origin from text such as `https://api.example.com:8443`.
    ///
    /// A `/` at the end is allowed. [`str::parse`] does the same.
    ///
    /// # Errors
    /// Returns [`UrlError::NotAnOrigin`] if the text has more than scheme, host and port, and another
    /// [`UrlError`] if it is not an absolute http or https URL.
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
    /// Returns a [`UrlError`] if `url` is not an absolute http or https URL.
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

    /// Returns the target of a request to this server; scheme and host of `uri` are ignored.
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

/// Prints `https://host`, and the port if it is not the scheme's default.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.authority)
    }
}
