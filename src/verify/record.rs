//! RFC 5849 §1.1: the records that a server stores of clients and tokens.

use crate::credentials::{ClientCredentials, TemporaryCredentials, TokenCredentials};
#[cfg(feature = "rsa")]
use crate::signature::RsaPublicKey;

use super::key_text::KeyText;
use super::method::SignatureMethodName;

/// A client's record: its key, its secret or public key, and its signature methods.
///
/// A client with a shared secret can use the HMAC methods only, and one with a public key the RSA methods
/// only. So a public key is never taken for a secret.
///
/// # Examples
///
/// ```
/// use oauth1_signer::ClientCredentials;
/// use oauth1_signer::verify::{ClientRecord, SignatureMethodName};
///
/// let client = ClientRecord::new(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"))?
///     .only(&[SignatureMethodName::HmacSha1])
///     .register_callback("https://printer.example.com/ready");
/// # let _ = client;
/// # Ok::<(), oauth1_signer::verify::ClientRecordError>(())
/// ```
#[doc(alias = "consumer key")]
#[derive(Clone, Debug)]
pub struct ClientRecord {
    credentials: ClientCredentials,
    #[cfg(feature = "rsa")]
    public_key: Option<RsaPublicKey>,
    allowed: Vec<SignatureMethodName>,
    callbacks: Vec<String>,
}

/// The error of [`ClientRecord::new`]: the text cannot be a shared secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientRecordError {
    /// The secret is empty. Everybody could sign with it.
    #[error(
        "the client secret is empty: give the secret, or ClientRecord::rsa for a client with a public key"
    )]
    EmptySecret,
    /// The secret is the text of a PEM file.
    #[error("the client secret is the text of a PEM file: give a public key to ClientRecord::rsa instead")]
    PemSecret,
    /// The secret is a key in base64 (DER).
    #[error(
        "the client secret is a key in base64: write it between -----BEGIN PUBLIC KEY----- and -----END PUBLIC \
         KEY-----, and give it to ClientRecord::rsa instead"
    )]
    DerSecret,
    /// The secret is a key in XML.
    #[error("the client secret is a key in XML: convert it to PEM, and give it to ClientRecord::rsa instead")]
    XmlSecret,
    /// The secret is a public key of OpenSSH, such as `ssh-rsa …`.
    #[error(
        "the client secret is an SSH public key: convert it (ssh-keygen -e -m PKCS8), and give it to \
         ClientRecord::rsa instead"
    )]
    SshSecret,
    /// The secret is a JSON Web Key.
    #[error(
        "the client secret is a JSON Web Key: convert it to PEM, and give it to ClientRecord::rsa instead"
    )]
    JwkSecret,
}

impl ClientRecord {
    /// Creates the record of a client that shares a secret with the server, for the HMAC methods.
    ///
    /// # Errors
    /// Returns [`ClientRecordError::EmptySecret`] if the secret is empty, and one of the other errors if it
    /// is the text of a key: everybody who knows the public key could sign with it.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::ClientCredentials;
    /// use oauth1_signer::verify::{ClientRecord, ClientRecordError};
    ///
    /// let client = ClientRecord::new(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"))?;
    /// assert_eq!(client.key(), "dpf43f3p2l4k3l03");
    ///
    /// let error = ClientRecord::new(ClientCredentials::new("dpf43f3p2l4k3l03", "")).unwrap_err();
    /// assert_eq!(error, ClientRecordError::EmptySecret);
    /// # Ok::<(), ClientRecordError>(())
    /// ```
    #[doc(alias = "consumer secret")]
    pub fn new(credentials: ClientCredentials) -> Result<Self, ClientRecordError> {
        if credentials.expose_secret().is_empty() {
            return Err(ClientRecordError::EmptySecret);
        }
        match KeyText::of(credentials.expose_secret()) {
            None => {}
            Some(KeyText::Pem) => return Err(ClientRecordError::PemSecret),
            Some(KeyText::Der) => return Err(ClientRecordError::DerSecret),
            Some(KeyText::Xml) => return Err(ClientRecordError::XmlSecret),
            Some(KeyText::Ssh) => return Err(ClientRecordError::SshSecret),
            Some(KeyText::Jwk) => return Err(ClientRecordError::JwkSecret),
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

    /// Creates the record of a client that has registered a public key, for the RSA methods.
    ///
    /// Such a client needs no secret.
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

    /// Restricts the client to these signature methods. It cannot add methods for another kind of key.
    #[must_use]
    pub fn only(mut self, algorithms: &[SignatureMethodName]) -> Self {
        self.allowed.retain(|algorithm| algorithms.contains(algorithm));
        self
    }

    /// Sets whether the client may also use PLAINTEXT; off by default.
    ///
    /// It has no effect on a client with a public key. The policy must allow it as well
    /// ([`Policy::allow_plaintext`](super::Policy::allow_plaintext)).
    #[must_use]
    pub fn allow_plaintext(mut self, allow: bool) -> Self {
        self.allowed.retain(|method| *method != SignatureMethodName::Plaintext);
        #[cfg(feature = "rsa")]
        let allow = allow && self.public_key.is_none();
        if allow {
            self.allowed.push(SignatureMethodName::Plaintext);
        }
        self
    }

    /// Adds a callback that the client has registered. Call it once for each callback.
    ///
    /// If the client has registered any,
    /// [`Issuer::issue_temporary`](crate::provider::Issuer::issue_temporary) accepts only these; to accept
    /// `"oob"`, register it too. Callbacks are compared byte by byte.
    #[must_use]
    pub fn register_callback(mut self, callback: impl Into<String>) -> Self {
        self.callbacks.push(callback.into());
        self
    }

    /// Returns the consumer key, `oauth_consumer_key`.
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

/// A token's record: its secret, the client that it was issued to, and the user that it acts for.
///
/// # Examples
///
/// ```
/// use oauth1_signer::TokenCredentials;
/// use oauth1_signer::verify::TokenRecord;
///
/// let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
/// let record = TokenRecord::new(token, "dpf43f3p2l4k3l03").for_user("jane");
/// # let _ = record;
/// ```
#[doc(alias = "access token")]
#[doc(alias = "request token")]
#[derive(Clone, Debug)]
pub struct TokenRecord {
    credentials: TokenCredentials,
    client_key: String,
    user: Option<String>,
    is_temporary: bool,
}

impl TokenRecord {
    /// Creates the record of an access token (token credentials) of the client with this key.
    pub fn new(credentials: TokenCredentials, client_key: impl Into<String>) -> Self {
        Self { credentials, client_key: client_key.into(), user: None, is_temporary: false }
    }

    /// Creates the record of a request token (temporary credentials), for the request that exchanges it.
    pub fn temporary(credentials: &TemporaryCredentials, client_key: impl Into<String>) -> Self {
        Self { is_temporary: true, ..Self::new(credentials.to_token(), client_key) }
    }

    /// Marks the record as that of a request token, which can only be exchanged.
    pub(crate) fn into_temporary(self) -> Self {
        Self { is_temporary: true, ..self }
    }

    /// Sets the user that the token was issued for.
    ///
    /// [`VerifiedRequest::user`](super::VerifiedRequest::user) returns it.
    #[must_use]
    pub fn for_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    pub(super) fn is_temporary(&self) -> bool {
        self.is_temporary
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
