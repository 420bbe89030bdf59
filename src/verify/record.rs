//! What a server keeps of clients and tokens.

use crate::credentials::{ClientCredentials, TemporaryCredentials, TokenCredentials, is_key_file};
#[cfg(feature = "rsa")]
use crate::signature::RsaPublicKey;

use super::method::SignatureMethodName;

/// A client as the server knows it: its key, and which signature methods it may use with what kind
/// of secret. No method goes with another kind, so that no public key is ever taken for a secret.
#[derive(Clone, Debug)]
pub struct ClientRecord {
    credentials: ClientCredentials,
    #[cfg(feature = "rsa")]
    public_key: Option<RsaPublicKey>,
    allowed: Vec<SignatureMethodName>,
    callbacks: Vec<String>,
}

/// The shared secret of a client is the text of a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client secret is the text of a PEM file: give a public key to ClientRecord::rsa instead")]
pub struct ClientRecordError;

impl ClientRecord {
    /// A client that shares a secret: it may use the HMAC methods.
    ///
    /// # Errors
    /// If the secret is the text of a key file.
    pub fn new(credentials: ClientCredentials) -> Result<Self, ClientRecordError> {
        if is_key_file(credentials.expose_secret()) {
            return Err(ClientRecordError);
        }
        let is_hmac = |algorithm: &&SignatureMethodName| {
            algorithm.shares_secrets() && **algorithm != SignatureMethodName::Plaintext
        };
        Ok(Self {
            credentials,
            #[cfg(feature = "rsa")]
            public_key: None,
            allowed: SignatureMethodName::ALL.iter().filter(is_hmac).copied().collect(),
            callbacks: Vec::new(),
        })
    }

    /// A client that has registered a public key: it may use the RSA methods.
    #[cfg(feature = "rsa")]
    pub fn rsa(key: impl Into<String>, public_key: RsaPublicKey) -> Self {
        let is_rsa = |algorithm: &&SignatureMethodName| !algorithm.shares_secrets();
        Self {
            credentials: ClientCredentials::new(key, ""),
            public_key: Some(public_key),
            allowed: SignatureMethodName::ALL.iter().filter(is_rsa).copied().collect(),
            callbacks: Vec::new(),
        }
    }

    /// Of its methods, these only.
    #[must_use]
    pub fn only(mut self, algorithms: &[SignatureMethodName]) -> Self {
        self.allowed.retain(|algorithm| algorithms.contains(algorithm));
        self
    }

    /// PLAINTEXT too, where the client shares a secret and the policy lets it be used at all.
    #[must_use]
    pub fn allow_plaintext(mut self) -> Self {
        #[cfg(feature = "rsa")]
        if self.public_key.is_some() {
            return self;
        }
        self.allowed.push(SignatureMethodName::Plaintext);
        self
    }

    /// A callback that the client has registered; call it again for each further one. Where there are
    /// some, [`Issuer::issue_temporary`](crate::provider::Issuer::issue_temporary) accepts no other,
    /// and `"oob"` must be among them to be one. They are compared byte by byte.
    #[must_use]
    pub fn register_callback(mut self, callback: impl Into<String>) -> Self {
        self.callbacks.push(callback.into());
        self
    }

    /// The client's identifier.
    #[must_use]
    pub fn key(&self) -> &str {
        self.credentials.key()
    }

    pub(crate) fn callbacks(&self) -> &[String] {
        &self.callbacks
    }

    pub(super) fn allows(&self, algorithm: SignatureMethodName) -> bool {
        self.allowed.contains(&algorithm)
    }

    pub(super) fn secret(&self) -> &str {
        self.credentials.expose_secret()
    }

    #[cfg(feature = "rsa")]
    pub(super) fn public_key(&self) -> Option<&RsaPublicKey> {
        self.public_key.as_ref()
    }
}

/// A token, temporary or not, and the client that it was issued to.
#[derive(Clone, Debug)]
pub struct TokenRecord {
    credentials: TokenCredentials,
    client_key: String,
    user: Option<String>,
}

impl TokenRecord {
    /// A token that lets a client act for a user.
    pub fn new(credentials: TokenCredentials, client_key: impl Into<String>) -> Self {
        Self { credentials, client_key: client_key.into(), user: None }
    }

    /// Temporary credentials, for the request that exchanges them (§2.3).
    pub fn temporary(credentials: &TemporaryCredentials, client_key: impl Into<String>) -> Self {
        Self::new(credentials.to_token(), client_key)
    }

    /// Whom it was issued for, in the server's own words:
    /// [`VerifiedRequest::user`](super::VerifiedRequest::user) of the requests that have it.
    #[must_use]
    pub fn for_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    pub(super) fn token(&self) -> &str {
        self.credentials.token()
    }

    pub(super) fn secret(&self) -> &str {
        self.credentials.expose_secret()
    }

    pub(super) fn client_key(&self) -> &str {
        &self.client_key
    }
}
