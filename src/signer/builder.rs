//! How a signer is made: RFC 5849 §3.1 and what providers add to it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::body_hash::BodyHash;
use crate::credentials::{ClientCredentials, TokenCredentials};
use crate::encode::push_encoded;
use crate::explain::Note;
use crate::protocol::{BODY_HASH, NONCE, Protocol, SIGNATURE, TIMESTAMP, Value};
use crate::signature::{Key, SignatureMethod};
use crate::stamp::{self, Stamp, StampError};

use super::{Inner, Signer};

/// Why there is no signer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The consumer key is empty.
    #[error("the consumer key is empty: give the key that the provider issued")]
    EmptyConsumerKey,
    /// A secret that the method shares with the server is the text of a key file.
    #[error("the {0} is the text of a PEM file: for an RSA method give it as an RsaKey")]
    PemAsSharedSecret(&'static str),
    /// The realm has a control character, or is not ASCII.
    #[error("the realm has a character at offset {offset} that a header cannot carry")]
    InvalidRealm {
        /// Its place, in octets.
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
        if text == "oob" { Self::OutOfBand } else { Self::Uri(text.into()) }
    }
}

/// Makes a [`Signer`]. Each setting stands for itself: their order does not matter.
#[derive(Clone, Debug)]
#[must_use]
pub struct SignerBuilder(Settings);

/// Everything that was set.
#[derive(Clone)]
pub(super) struct Settings {
    client: ClientCredentials,
    token: Option<TokenCredentials>,
    empty_token: bool,
    pub(super) method: SignatureMethod,
    version: bool,
    callback: Option<Callback>,
    verifier: Option<String>,
    parameters: Vec<(String, String)>,
    realm: Option<String>,
    pub(super) body_hash: BodyHash,
    pub(super) plaintext_over_http: bool,
    pub(super) time: Time,
}

impl SignerBuilder {
    pub(super) fn new(client: ClientCredentials) -> Self {
        Self(Settings {
            client,
            token: None,
            empty_token: false,
            method: SignatureMethod::default(),
            version: true,
            callback: None,
            verifier: None,
            parameters: Vec::new(),
            realm: None,
            body_hash: BodyHash::Off,
            plaintext_over_http: false,
            time: Time::default(),
        })
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
    pub fn body_hash(mut self, policy: BodyHash) -> Self {
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
        self.0.time.clock = Some(Arc::new(clock));
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
        let token_secret = settings.token.as_ref().map_or("", |token| token.secret().expose());
        let key = Key::new(&settings.method, settings.client.secret().expose(), token_secret);
        let protocol = Protocol::new(parameters);
        Ok(Signer(Arc::new(Inner { settings, key, protocol, header })))
    }
}

impl Settings {
    fn check(&self) -> Result<(), BuildError> {
        if self.client.key().is_empty() {
            return Err(BuildError::EmptyConsumerKey);
        }
        if self.method.name().is_empty() {
            return Err(BuildError::EmptyMethodName);
        }
        for (name, secret) in self.shared_secrets() {
            if secret.trim_start().starts_with("-----BEGIN ") {
                return Err(BuildError::PemAsSharedSecret(name));
            }
        }
        let unfit = |byte: u8| byte.is_ascii_control() || !byte.is_ascii();
        match self.realm.as_ref().and_then(|realm| realm.bytes().position(unfit)) {
            Some(offset) => Err(BuildError::InvalidRealm { offset }),
            None => Ok(()),
        }
    }

    fn shared_secrets(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let token = self.token.as_ref().map(|token| ("token secret", token.secret().expose()));
        let client = ("client secret", self.client.secret().expose());
        std::iter::once(client).chain(token).filter(|_| self.method.shares_secrets())
    }

    /// Everything that is sent but the realm and the signature.
    fn parameters(&self) -> Result<Vec<(String, Value)>, BuildError> {
        let fixed = |name: &str, value: &str| (name.to_owned(), Value::Fixed(value.to_owned()));
        let mut parameters = vec![fixed("oauth_consumer_key", self.client.key())];
        let token = self.token.as_ref().map_or("", TokenCredentials::token);
        if !token.is_empty() || self.empty_token {
            parameters.push(fixed("oauth_token", token));
        }
        parameters.push(fixed("oauth_signature_method", self.method.name()));
        if self.version {
            parameters.push(fixed("oauth_version", "1.0"));
        }
        if let Some(callback) = &self.callback {
            parameters.push(fixed(
                "oauth_callback",
                match callback {
                    Callback::OutOfBand => "oob",
                    Callback::Uri(uri) => uri,
                },
            ));
        }
        if let Some(verifier) = &self.verifier {
            parameters.push(fixed("oauth_verifier", verifier));
        }
        if self.method.is_stamped() {
            parameters.push((TIMESTAMP.to_owned(), Value::Timestamp));
            parameters.push((NONCE.to_owned(), Value::Nonce));
        }
        if self.body_hash != BodyHash::Off {
            parameters.push((BODY_HASH.to_owned(), Value::BodyHash));
        }
        for (name, value) in &self.parameters {
            if name.is_empty() {
                return Err(BuildError::EmptyParameterName);
            }
            let reserved = name == SIGNATURE || name == "realm";
            if reserved || parameters.iter().any(|(present, _)| present == name) {
                return Err(BuildError::DuplicateParameter(name.clone()));
            }
            parameters.push(fixed(name, value));
        }
        Ok(parameters)
    }

    /// §3.5.1: the scheme, the realm as a quoted-string, then name and value, encoded, of what is fixed.
    fn header(&self, parameters: &[(String, Value)]) -> String {
        let mut header = String::from("OAuth ");
        if let Some(realm) = &self.realm {
            header.push_str("realm=\"");
            for character in realm.chars() {
                if matches!(character, '"' | '\\') {
                    header.push('\\');
                }
                header.push(character);
            }
            header.push_str("\", ");
        }
        for (place, (name, value)) in parameters.iter().enumerate() {
            let Value::Fixed(value) = value else { continue };
            if place > 0 {
                header.push_str(", ");
            }
            push_encoded(&mut header, name.as_bytes());
            header.push_str("=\"");
            push_encoded(&mut header, value.as_bytes());
            header.push('"');
        }
        header
    }

    /// What in the settings is worth a look when a signature does not match.
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        let odd = |secret: &str| secret.trim() != secret;
        self.shared_secrets()
            .filter(move |(_, secret)| odd(secret))
            .map(|(name, _)| Note::WhiteSpaceAroundSecret(name))
    }
}

/// The secrets and the functions are not shown.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("client", &self.client)
            .field("token", &self.token)
            .field("method", &self.method)
            .field("realm", &self.realm)
            .field("body_hash", &self.body_hash)
            .finish_non_exhaustive()
    }
}

type Clock = dyn Fn() -> Result<u64, Box<dyn Error + Send + Sync>> + Send + Sync;
type Random = dyn Fn() -> Result<[u8; 16], Box<dyn Error + Send + Sync>> + Send + Sync;

/// Where stamps come from.
#[derive(Clone, Default)]
pub(super) struct Time {
    clock: Option<Arc<Clock>>,
    offset: i64,
    random: Option<Arc<Random>>,
}

impl Time {
    #[inline]
    pub(super) fn stamp(&self) -> Result<Stamp, StampError> {
        let (seconds, nanos) = match &self.clock {
            None => stamp::system_time()?,
            Some(clock) => (clock().map_err(StampError::Clock)?, 0),
        };
        let seconds = match seconds.checked_add_signed(self.offset) {
            Some(seconds @ 1..) => seconds,
            None if self.offset > 0 => return Err(StampError::InvalidTimestamp),
            _ => return Err(StampError::ClockBeforeEpoch),
        };
        let octets = match &self.random {
            None => stamp::random_octets(nanos)?,
            Some(random) => random().map_err(StampError::Rng)?,
        };
        Stamp::from_octets(seconds, octets)
    }
}
