//! How a signer is made: RFC 5849 §3.1 and what providers add to it.

use std::sync::Arc;

use super::callback::Callback;
use super::error::BuildError;
use super::settings::Settings;
use super::signing::Signer;
use super::state::State;
use crate::base_string::Compiled;
use crate::body_hash::BodyHashPolicy;
use crate::boxed::BoxError;
use crate::credentials::{ClientCredentials, TokenCredentials};
use crate::signature::{Key, SignatureMethod};
use crate::stamp::Clock;

/// The settings of a [`Signer`] to be created. Their order does not matter.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, SignatureMethod, Signer, TokenCredentials};
///
/// # fn main() -> Result<(), oauth1_signer::BuildError> {
/// let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret"))
///     .token(TokenCredentials::new("access token", "token secret"))
///     .method(SignatureMethod::plaintext())
///     .realm("Photos")
///     .version(false)
///     .build()?;
/// // For the application alone:
/// let two_legged = signer.to_builder().token(None).realm(None).build()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct SignerBuilder {
    settings: Settings,
}

impl SignerBuilder {
    fn new(client: ClientCredentials) -> Self {
        Self { settings: Settings::new(client) }
    }

    /// Sets the access token and its secret (RFC: token credentials), or removes them with `None`.
    ///
    /// Without a token, requests are two-legged: they are signed for the application alone.
    #[doc(alias = "access token")]
    #[doc(alias = "oauth_token")]
    pub fn token(mut self, token: impl Into<Option<TokenCredentials>>) -> Self {
        self.settings.token = token.into();
        self
    }

    /// The client alone, without what belongs to one user's attempt.
    pub(crate) fn without_user(mut self) -> Self {
        self.settings.token = None;
        self.settings.callback = None;
        self.settings.verifier = None;
        self
    }

    /// Sets whether `oauth_token=""` is sent where there is no token; `false` by default.
    ///
    /// §3.1 lets the parameter be left out. Some servers ask for it (Jira, Schoology).
    pub fn send_empty_token(mut self, send: bool) -> Self {
        self.settings.empty_token = send;
        self
    }

    /// Sets whether an empty secret, or a token secret without a token, is accepted; `false` by default.
    ///
    /// Either is nearly always a variable that was not set, and the server rejects the signature. A few
    /// servers do issue keys or tokens with an empty secret. The RSA methods, custom and external methods
    /// use no secret and accept an empty one.
    pub fn allow_incomplete_credentials(mut self, allow: bool) -> Self {
        self.settings.incomplete_credentials = allow;
        self
    }

    /// Sets the signature method; HMAC-SHA1 by default (§3.4).
    pub fn method(mut self, method: SignatureMethod) -> Self {
        self.settings.method = method;
        self
    }

    /// Sets whether `oauth_version="1.0"` is sent; `true` by default (optional in §3.1).
    #[doc(alias = "oauth_version")]
    pub fn version(mut self, send: bool) -> Self {
        self.settings.version = send;
        self
    }

    /// Sets `oauth_callback`, for the request for temporary credentials (§2.1).
    pub fn callback(mut self, callback: impl Into<Callback>) -> Self {
        self.settings.callback = Some(callback.into());
        self
    }

    /// Sets `oauth_verifier`, the verification code, for the request for token credentials (§2.3).
    pub fn verifier(mut self, verifier: impl Into<String>) -> Self {
        self.settings.verifier = Some(verifier.into());
        self
    }

    /// Adds a protocol parameter, such as `oauth_session_handle`. It is signed, and sent where the
    /// others are sent.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.parameters.push((name.into(), value.into()));
        self
    }

    /// Sets the realm of the Authorization header, or removes it with `None` (§3.5.1).
    ///
    /// The realm is not part of the signature.
    pub fn realm<'a>(mut self, realm: impl Into<Option<&'a str>>) -> Self {
        self.settings.realm = realm.into().map(str::to_owned);
        self
    }

    /// Sets which requests carry `oauth_body_hash`; none by default.
    pub fn body_hash(mut self, policy: BodyHashPolicy) -> Self {
        self.settings.body_hash = policy;
        self
    }

    /// Sets whether PLAINTEXT may send the secrets over http to another machine; `false` by default.
    ///
    /// # Security
    /// Everyone on the way can read the secrets, and §3.4.4 requires TLS. Use it in closed networks only.
    pub fn allow_plaintext_over_http(mut self, allow: bool) -> Self {
        self.settings.plaintext_over_http = allow;
        self
    }

    /// Replaces the system's clock. `clock` returns seconds since the Unix epoch.
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, BoxError> + Send + Sync + 'static,
    {
        self.settings.time.clock = Clock::of(clock);
        self
    }

    /// Sets the seconds that are added to the clock's time: the server's time less this machine's.
    ///
    /// [`Signer::clock_offset_to`] computes it from a response.
    pub fn clock_offset(mut self, seconds: i64) -> Self {
        self.settings.time.offset = seconds;
        self
    }

    /// Replaces the source of the 128 random bits of each nonce.
    ///
    /// # Security
    /// The source must be cryptographically secure. In tests a counter will do.
    pub fn random<F>(mut self, source: F) -> Self
    where
        F: Fn() -> Result<[u8; 16], BoxError> + Send + Sync + 'static,
    {
        self.settings.time.random = Some(Arc::new(source));
        self
    }

    /// Checks the settings and creates the signer.
    ///
    /// # Errors
    /// Returns an error if the consumer key is empty, if a secret that the method needs is empty or is
    /// the text of a key file, or if a parameter cannot be sent or would be sent twice.
    pub fn build(self) -> Result<Signer, BuildError> {
        let settings = self.settings;
        settings.check()?;
        let parameters = settings.parameters()?;
        let header = settings.header(&parameters);
        let token_secret = settings.token.as_ref().map_or("", |token| token.expose_secret());
        let key = Key::new(&settings.method, settings.client.expose_secret(), token_secret);
        let compiled = Compiled::new(parameters);
        Ok(Signer { state: Arc::new(State { settings, key, compiled, header }) })
    }
}

impl Signer {
    /// Creates a builder from the consumer key and secret (RFC: client credentials).
    #[doc(alias = "consumer key")]
    pub fn builder(client: ClientCredentials) -> SignerBuilder {
        SignerBuilder::new(client)
    }

    /// Returns a builder with this signer's settings, to create a signer that differs from it.
    pub fn to_builder(&self) -> SignerBuilder {
        SignerBuilder { settings: self.state.settings.clone() }
    }
}
