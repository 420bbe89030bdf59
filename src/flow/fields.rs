//! The fields of a response that are not credentials.

use std::fmt;
use std::time::Duration;

/// Credentials that a provider has issued, and the further fields of its response.
///
/// # Examples
///
/// ```
/// use oauth1_signer::TokenCredentials;
/// use oauth1_signer::flow::CredentialsResponse;
///
/// fn user(response: &CredentialsResponse<TokenCredentials>) -> Option<&str> {
///     response.fields.get("user_id")
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct CredentialsResponse<C> {
    /// The credentials.
    pub credentials: C,
    /// The further fields of the response.
    pub fields: ResponseFields,
}

/// The further fields of a response, such as `user_id` or `screen_name`, decoded, in the order of the
/// response.
///
/// `Debug` shows only their number. Some are secrets (`oauth_session_handle`), and a server that does not
/// encode a secret may turn half of it into a field name.
///
/// # Examples
/// ```
/// # fn f(response: oauth1_signer::flow::CredentialsResponse<oauth1_signer::TokenCredentials>) {
/// if let Some(name) = response.fields.get("screen_name") {
///     println!("hello, {name}");
/// }
/// # }
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ResponseFields(Vec<(String, String)>);

impl ResponseFields {
    pub(super) fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// Returns the value of the first field of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(present, _)| *present == name).map(|(_, value)| value)
    }

    /// Returns all fields, as names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns `oauth_session_handle`, for [`Flow::renewal`](super::Flow::renewal).
    ///
    /// It is defined by the OAuth Session extension.
    #[must_use]
    pub fn session_handle(&self) -> Option<&str> {
        self.get("oauth_session_handle")
    }

    /// Returns the lifetime of the token, `oauth_expires_in` (OAuth Session extension).
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        self.seconds("oauth_expires_in")
    }

    /// Returns how long the token can be renewed, `oauth_authorization_expires_in`.
    ///
    /// It is defined by the OAuth Session extension.
    #[must_use]
    pub fn authorization_expires_in(&self) -> Option<Duration> {
        self.seconds("oauth_authorization_expires_in")
    }

    fn seconds(&self, name: &str) -> Option<Duration> {
        self.get(name)?.parse().ok().map(Duration::from_secs)
    }
}

impl fmt::Debug for ResponseFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResponseFields").field(&self.0.len()).finish()
    }
}
