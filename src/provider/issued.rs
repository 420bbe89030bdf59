//! RFC 5849 §2.1, §2.3: the responses that carry credentials.

use std::time::Duration;

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};

use crate::credentials::TokenCredentials;
use crate::form::push_pair;
use crate::parameter::OAUTH;
use crate::request::FORM;

/// Newly issued credentials, for the response that contains them.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::{Issuer, MemoryStore};
/// use oauth1_signer::verify::{ClientRecord, VerifiedRequest};
///
/// async fn initiate(
///     issuer: &Issuer<MemoryStore>,
///     verified: &VerifiedRequest,
///     client: &ClientRecord,
/// ) -> http::Response<String> {
///     match issuer.issue_temporary(verified, client).await {
///         Ok(issued) => issued.to_response(),
///         Err(rejection) => rejection.to_response(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "the client waits for these credentials"]
pub struct IssuedCredentials {
    credentials: TokenCredentials,
    is_temporary: bool,
    expires_in: Option<u64>,
    parameters: Vec<(String, String)>,
}

/// The error of [`IssuedCredentials::parameter`]: the name is reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("names that begin with oauth_ are reserved for the protocol: use another name")]
pub struct ReservedName;

impl IssuedCredentials {
    pub(super) fn temporary(credentials: TokenCredentials) -> Self {
        Self { credentials, is_temporary: true, expires_in: None, parameters: Vec::new() }
    }

    pub(super) fn token(credentials: TokenCredentials, expires_in: Option<u64>) -> Self {
        Self { credentials, is_temporary: false, expires_in, parameters: Vec::new() }
    }

    /// Returns the credentials (temporary or token credentials), for a response that you build yourself.
    #[must_use]
    pub fn credentials(&self) -> &TokenCredentials {
        &self.credentials
    }

    /// Returns how long the access token is valid, if [`Issuer::token_lifetime`] is set.
    ///
    /// [`Issuer::token_lifetime`]: super::Issuer::token_lifetime
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }

    /// Adds a parameter to the response, such as `user_id`.
    ///
    /// The response may have parameters of the provider's own (§2.3). Clients for X expect `user_id` and
    /// `screen_name`, those for Flickr `fullname`, `user_nsid` and `username`.
    ///
    /// # Errors
    ///
    /// Returns [`ReservedName`] if the name begins with `oauth_`.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::provider::{IssuedCredentials, Issuer, MemoryStore};
    /// use oauth1_signer::verify::{Rejection, VerifiedRequest};
    ///
    /// async fn access_token(
    ///     issuer: &Issuer<MemoryStore>,
    ///     verified: &VerifiedRequest,
    /// ) -> Result<IssuedCredentials, Rejection> {
    ///     let user = verified.user().unwrap_or_default();
    ///     let issued = issuer.exchange(verified).await?;
    ///     issued.parameter("screen_name", user).map_err(Rejection::unavailable)
    /// }
    /// ```
    #[doc(alias = "user_id")]
    #[doc(alias = "screen_name")]
    pub fn parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Self, ReservedName> {
        let name = name.into();
        if name.starts_with(OAUTH) {
            return Err(ReservedName);
        }
        self.parameters.push((name, value.into()));
        Ok(self)
    }

    /// Returns the response to the client: status 200, with a form that no cache stores.
    #[must_use]
    pub fn to_response(&self) -> Response<String> {
        let mut form = String::new();
        push_pair(&mut form, "oauth_token", self.credentials.token());
        push_pair(&mut form, "oauth_token_secret", self.credentials.expose_secret());
        if self.is_temporary {
            // > MUST be present and set to "true".
            push_pair(&mut form, "oauth_callback_confirmed", "true");
        }
        if let Some(seconds) = self.expires_in {
            push_pair(&mut form, "oauth_expires_in", itoa::Buffer::new().format(seconds));
        }
        for (name, value) in &self.parameters {
            push_pair(&mut form, name, value);
        }
        let mut response = Response::new(form);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
