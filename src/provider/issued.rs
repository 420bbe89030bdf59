//! RFC 5849 §2.1, §2.3: the answers that carry credentials.

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};

use crate::credentials::TokenCredentials;
use crate::form::push_pair;
use crate::request::FORM;

/// Credentials that were issued just now: this is the only time that they are sent.
#[derive(Clone, Debug)]
#[must_use = "the client waits for it"]
pub struct IssuedCredentials {
    credentials: TokenCredentials,
    is_temporary: bool,
}

impl IssuedCredentials {
    pub(super) fn temporary(credentials: TokenCredentials) -> Self {
        Self { credentials, is_temporary: true }
    }

    pub(super) fn token(credentials: TokenCredentials) -> Self {
        Self { credentials, is_temporary: false }
    }

    /// The credentials, temporary or not, for an answer of one's own.
    #[must_use]
    pub fn credentials(&self) -> &TokenCredentials {
        &self.credentials
    }

    /// The answer to the client: 200, a form, not to be kept by any cache.
    #[must_use]
    pub fn to_response(&self) -> Response<String> {
        let mut form = String::new();
        push_pair(&mut form, "oauth_token", self.credentials.token());
        push_pair(&mut form, "oauth_token_secret", self.credentials.expose_secret());
        if self.is_temporary {
            // > MUST be present and set to "true".
            push_pair(&mut form, "oauth_callback_confirmed", "true");
        }
        let mut response = Response::new(form);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
