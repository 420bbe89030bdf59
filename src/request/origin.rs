//! RFC 6454: scheme, host and port, as what a signature is meant for.

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
    /// Reads an origin. A `/` behind it does no harm.
    ///
    /// ```
    /// use oauth1_signer::Origin;
    ///
    /// assert_eq!(Origin::new("https://API.example.com")?, Origin::new("https://api.example.com:443/")?);
    /// # Ok::<(), oauth1_signer::request::UrlError>(())
    /// ```
    ///
    /// # Errors
    /// If it is not scheme, host and port.
    pub fn new(text: &str) -> Result<Self, UrlError> {
        let target = Target::parse(text)?;
        if target.has_userinfo() || target.path() != "/" || target.query().is_some() {
            return Err(UrlError::NotAnOrigin);
        }
        Ok(Self::of(&target))
    }

    /// The origin of a URL that may have a path and a query.
    ///
    /// # Errors
    /// If it is no absolute http or https URL.
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
