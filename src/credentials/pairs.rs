//! The three kinds of credentials, each with an identifier and a secret.

use super::secret::Secret;

/// The consumer key and secret that a provider gave to an application (RFC: client credentials).
///
/// Some providers call them *API key* and *API secret*. The key is sent with each request. The secret is
/// never sent, except with PLAINTEXT, and `Debug` does not show it.
///
/// Both are used without changes. If you read the secret from a file, remove the line break at its end:
/// with it, no signature matches. [`Signer::explain`](crate::Signer::explain) reports such a secret.
///
/// # Examples
///
/// ```
/// use oauth1_signer::ClientCredentials;
///
/// let client = ClientCredentials::new("consumer key", "consumer secret");
/// assert_eq!(client.key(), "consumer key");
/// assert!(!format!("{client:?}").contains("consumer secret"));
/// ```
#[doc(alias = "consumer key")]
#[doc(alias = "consumer secret")]
#[doc(alias = "api key")]
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    key: String,
    secret: Secret,
}

impl ClientCredentials {
    /// Creates credentials from the consumer key and its secret.
    ///
    /// The RSA methods do not use the secret, so it can be `""` for them.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { key: key.into(), secret: Secret::new(secret) }
    }

    /// Returns the consumer key, which is sent as `oauth_consumer_key`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the consumer secret; you may store it, but never log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.secret.expose()
    }
}

/// The access token and its secret, with which a user granted access (RFC: token credentials).
///
/// With an empty token, requests are signed for the application alone, and `oauth_token` is not sent
/// (RFC 5849 §3.1) unless [`SignerBuilder::send_empty_token`](crate::SignerBuilder::send_empty_token) is
/// set.
///
/// # Examples
///
/// ```
/// use oauth1_signer::TokenCredentials;
///
/// let token = TokenCredentials::new("access token", "token secret");
/// assert_eq!(token.token(), "access token");
/// ```
#[doc(alias = "access token")]
#[doc(alias = "oauth_token")]
#[derive(Clone, Debug)]
pub struct TokenCredentials {
    token: String,
    secret: Secret,
}

impl TokenCredentials {
    /// Creates credentials from the access token and its secret.
    pub fn new(token: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { token: token.into(), secret: Secret::new(secret) }
    }

    /// Returns the access token, which is sent as `oauth_token`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the token secret; you may store it, but never log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.secret.expose()
    }
}

/// The request token and its secret, for one login that is in progress (RFC: temporary credentials).
///
/// The provider issues them before it asks the user (RFC 5849 §2.1). A web application receives the
/// user's decision in another request. It stores the token and the secret until then, and deletes them
/// when it loads them.
///
/// # Examples
///
/// ```
/// use oauth1_signer::TemporaryCredentials;
///
/// let pending = TemporaryCredentials::new("request token", "token secret");
/// assert_eq!(pending.token(), "request token");
/// ```
///
/// They cannot be cloned, because each decision of a user counts once.
/// [`Flow::callback`](crate::flow::Flow::callback) takes them by value, so a second use does not compile:
///
/// ```compile_fail,E0382
/// # use oauth1_signer::TemporaryCredentials;
/// # use oauth1_signer::flow::{Flow, Refused};
/// # fn f(flow: &Flow, pending: TemporaryCredentials, callback: &str) -> Result<(), Refused> {
/// let grant = flow.callback(pending, callback)?;
/// let again = flow.callback(pending, callback)?; // use of moved value
/// # Ok(()) }
/// ```
#[doc(alias = "request token")]
#[doc(alias = "oauth_token")]
#[derive(Debug)]
pub struct TemporaryCredentials {
    token: String,
    secret: Secret,
}

impl TemporaryCredentials {
    /// Creates credentials from the request token and its secret, as they were stored.
    pub fn new(token: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { token: token.into(), secret: Secret::new(secret) }
    }

    /// Returns the request token, which the callback names as `oauth_token`.
    ///
    /// Use it as the key under which you store the secret.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the token secret; you may store it, but never log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.secret.expose()
    }

    /// Returns them as token credentials, to sign the request that exchanges them.
    pub(crate) fn to_token(&self) -> TokenCredentials {
        TokenCredentials { token: self.token.clone(), secret: self.secret.clone() }
    }
}
