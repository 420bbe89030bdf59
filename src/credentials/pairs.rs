//! The three pairs of identifier and secret.

use super::secret::Secret;

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

    /// The consumer secret: to store it, never to log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.secret.expose()
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

    /// The token secret: to store it, never to log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.secret.expose()
    }
}

/// Temporary credentials: the *request token* and its secret, which stand for one user's decision
/// while it is pending (§2.1).
///
/// They cannot be cloned, since a decision counts once: [`Flow::callback`](crate::flow::Flow::callback)
/// takes them:
///
/// ```compile_fail,E0382
/// # use oauth1_signer::TemporaryCredentials;
/// # use oauth1_signer::flow::{Flow, Refused};
/// # fn f(flow: &Flow, pending: TemporaryCredentials, callback: &str) -> Result<(), Refused> {
/// let grant = flow.callback(pending, callback)?;
/// let again = flow.callback(pending, callback)?; // use of moved value
/// # Ok(()) }
/// ```
///
/// A web application, where the decision arrives in another request or another process,
/// stores token and secret in between, and deletes them where it loads them.
#[derive(Debug)]
pub struct TemporaryCredentials {
    token: String,
    secret: Secret,
}

impl TemporaryCredentials {
    /// The request token and its secret, as they were stored.
    pub fn new(token: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { token: token.into(), secret: Secret::new(secret) }
    }

    /// The request token, `oauth_token`: what a callback names, so what to store the secret under.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The token secret: to store it, never to log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.secret.expose()
    }

    /// For signing the one request that exchanges them.
    pub(crate) fn to_token(&self) -> TokenCredentials {
        TokenCredentials { token: self.token.clone(), secret: self.secret.clone() }
    }
}
