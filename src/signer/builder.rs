//! How a signer is made: RFC 5849 §3.1 and what providers add to it.

use std::error::Error;
use std::sync::Arc;

use super::settings::Settings;
use super::{Inner, Signer};
use crate::body_hash::BodyHashPolicy;
use crate::credentials::{ClientCredentials, TokenCredentials};
use crate::protocol::Protocol;
use crate::signature::{Key, SignatureMethod};
use crate::stamp::Clock;

/// Why there is no signer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The consumer key is empty.
    #[error("the consumer key is empty: give the key that the provider issued")]
    EmptyConsumerKey,
    /// A secret that the method shares with the server is the text of a key file.
    #[error("the {0} is the text of a PEM file: for an RSA method give it as an RsaPrivateKey")]
    PemAsSecret(&'static str),
    /// The realm has a control character, or is not ASCII.
    #[error("the realm has a character at offset {offset} that a header cannot carry")]
    InvalidRealm {
        /// Its place, in bytes.
        offset: usize,
    },
    /// The name of the signature method is empty.
    #[error("the signature method has no name")]
    EmptyMethodName,
    /// A further parameter has no name.
    #[error("a protocol parameter has no name")]
    EmptyParameterName,
    /// A parameter was given twice, or the signer sends it by itself.
    #[error("the protocol parameter {0:?} is there already: leave it out, or use the setting of its own")]
    DuplicateParameter(String),
}

/// `oauth_callback` (§2.1): where the provider sends the user back to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Callback {
    /// `oob`: nowhere; the user carries a PIN over by hand.
    OutOfBand,
    /// An absolute URI.
    Uri(String),
}

impl From<&str> for Callback {
    /// `oob`, in lower case, is out of band; all else is a URI.
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Callback {
    /// `oob`, in lower case, is out of band; all else is a URI.
    fn from(text: String) -> Self {
        if text == "oob" { Self::OutOfBand } else { Self::Uri(text) }
    }
}

/// Makes a [`Signer`]. Each setting stands for itself: their order does not matter.
#[derive(Clone, Debug)]
#[must_use]
pub struct SignerBuilder(Settings);

impl SignerBuilder {
    pub(super) fn new(client: ClientCredentials) -> Self {
        Self(Settings::new(client))
    }

    pub(super) fn from_settings(settings: Settings) -> Self {
        Self(settings)
    }

    /// The user's token, `oauth_token`, and its secret. Without one, requests are two-legged.
    pub fn token(mut self, token: TokenCredentials) -> Self {
        self.0.token = Some(token);
        self
    }

    /// No token any more.
    pub fn without_token(mut self) -> Self {
        self.0.token = None;
        self
    }

    /// The client alone, without what belongs to one user's attempt.
    pub(crate) fn without_user(mut self) -> Self {
        self.0.token = None;
        self.0.callback = None;
        self.0.verifier = None;
        self
    }

    /// Sends `oauth_token=""` where there is no token. §3.1 lets it be left out, which is the
    /// default; some servers ask for it (Jira, Schoology).
    pub fn send_empty_token(mut self) -> Self {
        self.0.empty_token = true;
        self
    }

    /// The signature method; HMAC-SHA1 by default.
    pub fn method(mut self, method: SignatureMethod) -> Self {
        self.0.method = method;
        self
    }

    /// Leaves `oauth_version` out. By default it is sent, as `1.0` (§3.1 has it optional).
    pub fn omit_version(mut self) -> Self {
        self.0.version = false;
        self
    }

    /// `oauth_callback`, for the request for temporary credentials (§2.1).
    pub fn callback(mut self, callback: impl Into<Callback>) -> Self {
        self.0.callback = Some(callback.into());
        self
    }

    /// `oauth_verifier`, the verification code, for the request for token credentials (§2.3).
    pub fn verifier(mut self, verifier: impl Into<String>) -> Self {
        self.0.verifier = Some(verifier.into());
        self
    }

    /// A further protocol parameter, such as `oauth_session_handle`: it goes where the others go,
    /// and is signed.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.parameters.push((name.into(), value.into()));
        self
    }

    /// The realm of the Authorization header (§3.5.1). It is no part of the signature.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.0.realm = Some(realm.into());
        self
    }

    /// When `oauth_body_hash` is sent; never by default.
    pub fn body_hash(mut self, policy: BodyHashPolicy) -> Self {
        self.0.body_hash = policy;
        self
    }

    /// Lets PLAINTEXT send the secrets over http to another machine. Everyone on the way can read
    /// them, and RFC 5849 §3.4.4 asks for TLS: this is for closed networks.
    pub fn allow_plaintext_over_http(mut self) -> Self {
        self.0.plaintext_over_http = true;
        self
    }

    /// Another clock than the system's: it returns seconds since the Unix epoch.
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    {
        self.0.time.clock = Clock::of(clock);
        self
    }

    /// What is added to the clock's time, in seconds: the server's time less ours.
    pub fn clock_offset(mut self, seconds: i64) -> Self {
        self.0.time.offset = seconds;
        self
    }

    /// Another source of the 128 bits of each nonce than the operating system. It must be
    /// cryptographically secure; in tests, a counter.
    pub fn random<F>(mut self, source: F) -> Self
    where
        F: Fn() -> Result<[u8; 16], Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    {
        self.0.time.random = Some(Arc::new(source));
        self
    }

    /// Checks the settings and makes the signer ready.
    ///
    /// # Errors
    /// If a setting cannot be sent, or would be sent twice.
    pub fn build(self) -> Result<Signer, BuildError> {
        let settings = self.0;
        settings.check()?;
        let parameters = settings.parameters()?;
        let header = settings.header(&parameters);
        let token_secret = settings.token.as_ref().map_or("", |token| token.expose_secret());
        let key = Key::new(&settings.method, settings.client.expose_secret(), token_secret);
        let protocol = Protocol::new(parameters);
        Ok(Signer(Arc::new(Inner { settings, key, protocol, header })))
    }
}
