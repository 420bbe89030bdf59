//! RFC 5849 §2.1, §2.3: the responses that carry credentials.

use std::time::Duration;

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};

use crate::credentials::TokenCredentials;
use crate::form::push_pair;
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
}

impl IssuedCredentials {
    pub(super) fn temporary(credentials: TokenCredentials) -> Self {
        Self { credentials, is_temporary: true, expires_in: None }
    }

    pub(super) fn token(credentials: TokenCredentials, expires_in: Option<u64>) -> Self {
        Self { credentials, is_temporary: false, expires_in }
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
        let mut response = Response::new(form);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
