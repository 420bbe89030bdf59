//! RFC 5849 §1.1: the pairs of identifier and secret.

use std::fmt;

use zeroize::Zeroizing;

/// Text that is never shown, and wiped when dropped.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Client credentials: the *consumer key* and *consumer secret* that a provider gives to an
/// application (also *API key* and *API secret*).
///
/// The identifier goes out with each request; the secret never does (but for PLAINTEXT), and is
/// not shown by `Debug`. Both are taken as they stand: a secret read whole from a file keeps its
/// line break, and then no signature matches. [`Signer::explain`](crate::Signer::explain) points
/// that out.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    key: String,
    secret: Secret,
}

impl ClientCredentials {
    /// The consumer key and its secret. For the RSA methods the secret plays no part: give `""`.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { key: key.into(), secret: Secret::new(secret) }
    }

    /// The consumer key, `oauth_consumer_key`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// Token credentials: the *access token* and its secret, with which a user has granted access.
///
/// An empty token counts as none, and `oauth_token` is left out (§3.1), unless
/// [`SignerBuilder::send_empty_token`](crate::SignerBuilder::send_empty_token) asks for it.
#[derive(Clone, Debug)]
pub struct TokenCredentials {
    token: String,
    secret: Secret,
}

impl TokenCredentials {
    /// The token and its secret.
    pub fn new(token: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { token: token.into(), secret: Secret::new(secret) }
    }

    /// The access token, `oauth_token`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}
