//! A verified request: its client, its token and its parameters.

use std::fmt;

use http::HeaderValue;

use super::parameters::VerifiedParameters;
use super::rejection::Rejection;

/// A request that was verified: its client, its token, and its signed parameters.
///
/// A handler should read parameters from [`parameters`](Self::parameters), and not from the request's query
/// or form: the signature does not cover where a parameter stands, so whoever relays a request can move it.
#[doc(alias = "consumer key")]
#[doc(alias = "access token")]
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedRequest {
    pub(super) client_key: String,
    pub(super) token: Option<String>,
    pub(super) user: Option<String>,
    pub(super) callback: Option<String>,
    pub(super) verifier: Option<String>,
    pub(super) parameters: VerifiedParameters,
    pub(super) body_is_signed: bool,
    /// The challenge of the policy, for what a later step rejects.
    pub(super) challenge: HeaderValue,
}

impl VerifiedRequest {
    /// Returns the rejection, with the realm of this request's policy in its challenge.
    pub(crate) fn challenged(&self, rejection: Rejection) -> Rejection {
        rejection.challenged(&self.challenge)
    }

    /// Returns the consumer key, `oauth_consumer_key`.
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.client_key
    }

    /// Returns the token, `oauth_token`, or `None` if the request has none.
    ///
    /// There always is a token unless the policy allows requests without one
    /// ([`Policy::require_token`](super::Policy::require_token)).
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Returns the user that the token was issued for, or `None` if its record names no user.
    ///
    /// Set the user with [`TokenRecord::for_user`](super::TokenRecord::for_user).
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Returns `oauth_callback`, which a request for a request token has (§2.1).
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }

    /// Returns `oauth_verifier`, which a request for an access token has (§2.3).
    ///
    /// Compare it with the verification code that was issued.
    #[must_use]
    pub fn verifier(&self) -> Option<&str> {
        self.verifier.as_deref()
    }

    /// Returns the signed parameters of query, form and header, without the protocol's own.
    #[must_use]
    pub fn parameters(&self) -> &VerifiedParameters {
        &self.parameters
    }

    /// Returns `true` if the signature covers the body, or if the body is empty.
    ///
    /// The signature covers a form, and a body whose `oauth_body_hash` was verified. With PLAINTEXT it covers
    /// no body. A body that was not given to [`Policy::read`](super::Policy::read) counts as not covered.
    /// [`Policy::require_signed_body`](super::Policy::require_signed_body) rejects all other requests.
    #[must_use]
    pub fn body_is_signed(&self) -> bool {
        self.body_is_signed
    }
}

/// Shows neither the verification code nor the values of parameters.
impl fmt::Debug for VerifiedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedRequest")
            .field("client_key", &self.client_key)
            .field("token", &self.token)
            .field("user", &self.user)
            .field("parameters", &self.parameters)
            .field("body_is_signed", &self.body_is_signed)
            .finish_non_exhaustive()
    }
}
