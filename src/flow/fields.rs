//! What a provider issues beside credentials.

use std::fmt;

/// Credentials that a provider has issued, and what else it said.
#[derive(Debug)]
#[non_exhaustive]
pub struct CredentialsResponse<C> {
    /// The credentials.
    pub credentials: C,
    /// Every further field of the answer.
    pub fields: ResponseFields,
}

/// The further fields of an answer, such as `user_id`, `screen_name`, or `login_url`, decoded, in
/// the order of the answer.
///
/// Some are not for logs (`oauth_session_handle`), and where a server does not encode a secret, half
/// of it may look like a name: `Debug` shows how many there are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ResponseFields(Vec<(String, String)>);

impl ResponseFields {
    pub(super) fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first field of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(present, _)| *present == name).map(|(_, value)| value)
    }

    /// All of them, names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `oauth_session_handle` (OAuth Session extension): with it
    /// [`Flow::renewal`](super::Flow::renewal) renews the token.
    #[must_use]
    pub fn session_handle(&self) -> Option<&str> {
        self.get("oauth_session_handle")
    }

    /// `oauth_expires_in` (OAuth Session extension): how long the token is good for, in seconds.
    #[must_use]
    pub fn expires_in(&self) -> Option<u64> {
        self.get("oauth_expires_in")?.parse().ok()
    }

    /// `oauth_authorization_expires_in` (OAuth Session extension): how long it can be renewed, in
    /// seconds.
    #[must_use]
    pub fn authorization_expires_in(&self) -> Option<u64> {
        self.get("oauth_authorization_expires_in")?.parse().ok()
    }
}

impl fmt::Debug for ResponseFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResponseFields").field(&self.0.len()).finish()
    }
}
