//! RFC 5849 §2: the three endpoints of a provider.

use std::fmt;

use http::{Method, Uri};

use crate::request::{Target, UrlError};

/// A provider's three endpoints, as its documentation has them, and what it needs to be told apart.
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

/// The URLs are not shown: nobody has looked yet whether there is a password in them.
impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Why a provider's endpoint cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {endpoint} endpoint: {fault}")]
pub struct EndpointError {
    endpoint: &'static str,
    fault: EndpointProblem,
}

impl EndpointError {
    /// Which of the three: `temporary credentials`, `authorization` or `token credentials`.
    #[must_use]
    pub fn endpoint(&self) -> &'static str {
        self.endpoint
    }

    /// What is wrong with it.
    #[must_use]
    pub fn fault(&self) -> &EndpointProblem {
        &self.fault
    }
}

/// What is wrong with an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointProblem {
    /// It is no absolute URL that can be signed.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// It is no URI by the rules of HTTP.
    #[error("it is no valid URI: percent-encode spaces and signs such as < > \" in it")]
    NotAUri,
    /// It has user information.
    #[error("the URL has user information: remove it")]
    Userinfo,
    /// The answers of the provider carry secrets, so RFC 5849 asks for TLS (§2.1, §2.3).
    #[error("it is not https, and secrets are sent: use https, or allow it with Endpoints::allow_http")]
    Insecure,
}

impl Endpoints {
    /// The URLs of the Temporary Credential Request (also *request token URL*), the Resource Owner
    /// Authorization (*authorize URL*) and the Token Request (*access token URL*), absolute.
    ///
    /// They may have a query, such as `?scope=…` or MediaWiki's `?title=Special:OAuth/initiate`: it
    /// is kept and, in the two that are called, signed.
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

    /// The method of the two requests: POST by default, which RFC 5849 prefers; some servers want GET.
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Accepts a provider of OAuth Core 1.0 without its revision A: one that does not say
    /// `oauth_callback_confirmed=true`, and whose callback brings no verification code.
    ///
    /// That protocol lets an attacker have another user's grant (session fixation, 2009-1): this is
    /// for providers that cannot be helped. To some of them the callback is told on the authorization
    /// URL, as a further parameter `oauth_callback`.
    pub fn accept_oauth_1_0(mut self) -> Self {
        self.oauth_1_0 = true;
        self
    }

    /// Lets the endpoints be http on another machine. Everyone on the way can read the secrets that
    /// the provider answers with: this is for closed networks.
    pub fn allow_http(mut self) -> Self {
        self.http = true;
        self
    }

    pub(super) fn check(self) -> Result<CheckedEndpoints, EndpointError> {
        let fault = |endpoint| move |fault| EndpointError { endpoint, fault };
        let temporary = self.uri(&self.temporary).map_err(fault("temporary credentials"))?;
        self.uri(&self.authorize).map_err(fault("authorization"))?;
        let token = self.uri(&self.token).map_err(fault("token credentials"))?;
        let Self { authorize, method, oauth_1_0, .. } = self;
        Ok(CheckedEndpoints { temporary, authorize, token, method, oauth_1_0 })
    }

    fn uri(&self, url: &str) -> Result<Uri, EndpointProblem> {
        let target = Target::parse(url)?;
        if target.has_userinfo() {
            return Err(EndpointProblem::Userinfo);
        }
        if !target.is_confidential() && !self.http {
            return Err(EndpointProblem::Insecure);
        }
        url.parse().map_err(|_| EndpointProblem::NotAUri)
    }
}

/// A provider whose endpoints are fit for use.
#[derive(Clone, Debug)]
pub(super) struct CheckedEndpoints {
    pub(super) temporary: Uri,
    /// Text, for it may end in a fragment, which a `Uri` has not.
    pub(super) authorize: String,
    pub(super) token: Uri,
    pub(super) method: Method,
    pub(super) oauth_1_0: bool,
}
