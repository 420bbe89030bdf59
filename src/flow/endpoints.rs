//! The three endpoints of a provider (RFC 5849 §2).

use std::fmt;

use http::{Method, Uri};

use crate::request::{Target, UrlError};

/// A provider's three URLs, and the settings that the provider needs.
///
/// # Examples
/// ```
/// use oauth1_signer::flow::Endpoints;
///
/// let wiki = Endpoints::new(
///     "https://wiki.example.org/w/index.php?title=Special:OAuth/initiate",
///     "https://wiki.example.org/wiki/Special:OAuth/authorize",
///     "https://wiki.example.org/w/index.php?title=Special:OAuth/token",
/// )
/// .method(http::Method::GET);
/// ```
#[derive(Clone)]
#[must_use]
pub struct Endpoints {
    temporary: String,
    authorize: String,
    token: String,
    method: Method,
    http: bool,
    oauth_1_0: bool,
}

/// Shows no URL: before the check in `Flow::new` it may contain a password.
impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoints").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The reason why an endpoint cannot be used.
///
/// `endpoint` is `temporary credentials`, `authorization` or `token credentials`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// The endpoint is not an absolute URL that can be signed.
    #[error("the {endpoint} endpoint: {reason}")]
    Url {
        /// The name of the endpoint.
        endpoint: &'static str,
        /// The reason.
        reason: UrlError,
    },
    /// The endpoint is not a URI by the rules of HTTP.
    #[error(
        "the {endpoint} endpoint: it is no valid URI: percent-encode spaces and signs such as < > \" in it"
    )]
    InvalidUri {
        /// The name of the endpoint.
        endpoint: &'static str,
    },
    /// The endpoint has user information.
    #[error("the {endpoint} endpoint: the URL has user information: remove it")]
    Userinfo {
        /// The name of the endpoint.
        endpoint: &'static str,
    },
    /// The endpoint is not https. The provider's responses carry secrets, so RFC 5849 requires TLS (§2.1,
    /// §2.3).
    #[error(
        "the {endpoint} endpoint: it is not https, and secrets are sent: use https, or allow it with \
         Endpoints::allow_http"
    )]
    Insecure {
        /// The name of the endpoint.
        endpoint: &'static str,
    },
}

impl EndpointError {
    /// Returns the name of the endpoint: `temporary credentials`, `authorization` or `token credentials`.
    #[must_use]
    pub fn endpoint(&self) -> &'static str {
        match self {
            Self::Url { endpoint, .. }
            | Self::InvalidUri { endpoint }
            | Self::Userinfo { endpoint }
            | Self::Insecure { endpoint } => endpoint,
        }
    }
}

impl Endpoints {
    /// Creates endpoints from the three absolute URLs of a provider.
    ///
    /// They are the URL for temporary credentials (*request token URL*), for authorization (*authorize URL*)
    /// and for token credentials (*access token URL*).
    ///
    /// They may have a query, such as `?scope=…`. The flow keeps it, and signs it in the two that are called.
    /// [`Flow::new`](super::Flow::new) checks the URLs.
    pub fn new(temporary: impl Into<String>, authorize: impl Into<String>, token: impl Into<String>) -> Self {
        Self {
            temporary: temporary.into(),
            authorize: authorize.into(),
            token: token.into(),
            method: Method::POST,
            http: false,
            oauth_1_0: false,
        }
    }

    /// Sets the HTTP method of the two requests. The default is POST.
    ///
    /// RFC 5849 prefers POST, but some servers require GET.
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Sets whether to accept a provider of OAuth Core 1.0 without revision A. The default is `false`.
    ///
    /// Such a provider does not send `oauth_callback_confirmed=true`, and its callback has no verification
    /// code. Some of these providers take the callback as a further parameter `oauth_callback` of the
    /// authorization URL.
    ///
    /// # Security
    /// With that protocol an attacker can obtain access to another user's account (session fixation, advisory
    /// 2009-1). Use it only if the provider has no better endpoint.
    pub fn accept_oauth_1_0(mut self, accept: bool) -> Self {
        self.oauth_1_0 = accept;
        self
    }

    /// Sets whether the endpoints may be http on another machine. The default is `false`.
    ///
    /// # Security
    /// Everybody on the network path can read the secrets in the provider's responses. Use this only in
    /// closed networks.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.http = allow;
        self
    }

    pub(super) fn check(self) -> Result<CheckedEndpoints, EndpointError> {
        let temporary = self.uri("temporary credentials", &self.temporary)?;
        self.uri("authorization", &self.authorize)?;
        let token = self.uri("token credentials", &self.token)?;
        let Self { authorize, method, oauth_1_0, .. } = self;
        Ok(CheckedEndpoints { temporary, authorize, token, method, oauth_1_0 })
    }

    fn uri(&self, endpoint: &'static str, url: &str) -> Result<Uri, EndpointError> {
        let target = Target::parse(url).map_err(|reason| EndpointError::Url { endpoint, reason })?;
        if target.has_userinfo() {
            return Err(EndpointError::Userinfo { endpoint });
        }
        if !target.is_confidential() && !self.http {
            return Err(EndpointError::Insecure { endpoint });
        }
        url.parse().map_err(|_| EndpointError::InvalidUri { endpoint })
    }
}

/// Endpoints that have passed the checks.
#[derive(Clone, Debug)]
pub(super) struct CheckedEndpoints {
    pub(super) temporary: Uri,
    /// The authorization URL. It is text, because it may end in a fragment, which a `Uri` drops.
    pub(super) authorize: String,
    pub(super) token: Uri,
    pub(super) method: Method,
    pub(super) oauth_1_0: bool,
}
