//! The builder of a signer: the parameters of RFC 5849 §3.1, and settings that providers need.

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

/// A builder for a [`Signer`], with the settings that were made so far.
///
/// [`Signer::builder`] starts with the defaults, [`Signer::to_builder`] with the settings of a signer.
/// The order of the calls does not matter. [`build`](Self::build) checks the settings.
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
///
/// // A second signer, which signs for the application alone:
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
    #[doc(alias = "two-legged")]
    #[doc(alias = "oauth_token")]
    pub fn token(mut self, token: impl Into<Option<TokenCredentials>>) -> Self {
        self.settings.token = token.into();
        self
    }

    /// Removes the token, the callback and the verifier, which belong to one user.
    pub(crate) fn without_user(mut self) -> Self {
        self.settings.token = None;
        self.settings.callback = None;
        self.settings.verifier = None;
        self
    }

    /// Sets whether an empty `oauth_token` is sent if there is no token; `false` by default.
    ///
    /// The parameter is optional (RFC 5849 §3.1), but some servers require it (Jira, Schoology).
    pub fn send_empty_token(mut self, send: bool) -> Self {
        self.settings.empty_token = send;
        self
    }

    /// Sets whether an empty secret, or a token secret without a token, is accepted; `false` by default.
    ///
    /// An empty secret usually comes from an environment variable that is not set, and the server then
    /// rejects the signature. A few servers do issue keys or tokens with an empty secret.
    ///
    /// The RSA, custom and external methods do not use the secrets, so they accept empty ones.
    pub fn allow_incomplete_credentials(mut self, allow: bool) -> Self {
        self.settings.incomplete_credentials = allow;
        self
    }

    /// Sets the signature method; HMAC-SHA1 by default (RFC 5849 §3.4).
    #[doc(alias = "oauth_signature_method")]
    pub fn method(mut self, method: SignatureMethod) -> Self {
        self.settings.method = method;
        self
    }

    /// Sets whether `oauth_version="1.0"` is sent; `true` by default.
    ///
    /// The parameter is optional (RFC 5849 §3.1).
    #[doc(alias = "oauth_version")]
    pub fn version(mut self, send: bool) -> Self {
        self.settings.version = send;
        self
    }

    /// Sets `oauth_callback`, for the request that asks for a request token (RFC 5849 §2.1).
    ///
    /// [`Flow`](crate::flow::Flow) sets it for you.
    #[doc(alias = "oauth_callback")]
    #[doc(alias = "oob")]
    pub fn callback(mut self, callback: impl Into<Callback>) -> Self {
        self.settings.callback = Some(callback.into());
        self
    }

    /// Sets `oauth_verifier`, the code that the callback or the user brought (RFC 5849 §2.3).
    ///
    /// It belongs to the request that exchanges a request token for an access token.
    /// [`Flow`](crate::flow::Flow) sets it for you.
    #[doc(alias = "oauth_verifier")]
    #[doc(alias = "PIN")]
    pub fn verifier(mut self, verifier: impl Into<String>) -> Self {
        self.settings.verifier = Some(verifier.into());
        self
    }

    /// Adds a protocol parameter, such as `oauth_session_handle`.
    ///
    /// It is signed, and sent in the same place as the other protocol parameters.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.parameters.push((name.into(), value.into()));
        self
    }

    /// Sets the realm of the Authorization header, or removes it with `None` (RFC 5849 §3.5.1).
    ///
    /// The realm is not part of the signature.
    pub fn realm<'a>(mut self, realm: impl Into<Option<&'a str>>) -> Self {
        self.settings.realm = realm.into().map(str::to_owned);
        self
    }

    /// Sets which requests carry `oauth_body_hash`; [`BodyHashPolicy::Off`] by default.
    #[doc(alias = "oauth_body_hash")]
    pub fn body_hash(mut self, policy: BodyHashPolicy) -> Self {
        self.settings.body_hash = policy;
        self
    }

    /// Sets whether the values of the Authorization header are percent-encoded; on by default.
    ///
    /// RFC 5849 §3.5.1 encodes them. Mastercard's own libraries do not: they send `oauth_body_hash="…FU="` and
    /// `oauth_consumer_key="key!id"` as they are, and encode such values once in the base string, not twice.
    /// With `false`, base string and header are those of Mastercard's libraries, value by value. Only the
    /// signature is still encoded.
    ///
    /// It is for the Authorization header only. [`build`](Self::build) fails if a value cannot be sent
    /// without encoding.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{BodyHashPolicy, ClientCredentials, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let signer = Signer::builder(ClientCredentials::new("key!id", "secret"))
    ///     .body_hash(BodyHashPolicy::Always)
    ///     .encode_header_values(false)
    ///     .build()?;
    /// let header = signer.sign(&http::Request::get("https://api.example.com/").body(())?)?.to_header();
    /// assert!(header.to_str()?.contains(r#"oauth_consumer_key="key!id""#));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "Mastercard")]
    pub fn encode_header_values(mut self, encode: bool) -> Self {
        self.settings.encodes_header_values = encode;
        self
    }

    /// Sets whether PLAINTEXT may send the secrets over http to another machine; `false` by default.
    ///
    /// # Security
    /// Everyone on the network path can read the secrets. The RFC requires TLS for PLAINTEXT (§3.4.4).
    /// Use this in closed networks only.
    pub fn allow_plaintext_over_http(mut self, allow: bool) -> Self {
        self.settings.plaintext_over_http = allow;
        self
    }

    /// Sets the clock to use instead of the system's.
    ///
    /// `clock` returns seconds since the Unix epoch.
    #[doc(alias = "oauth_timestamp")]
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, BoxError> + Send + Sync + 'static,
    {
        self.settings.time.clock = Clock::of(clock);
        self
    }

    /// Sets the number of seconds to add to the clock's time; 0 by default.
    ///
    /// Use it if a server rejects timestamps because its clock differs from yours: `seconds` is the
    /// server's time minus this machine's. [`Signer::clock_offset_to`] computes it.
    pub fn clock_offset(mut self, seconds: i64) -> Self {
        self.settings.time.offset = seconds;
        self
    }

    /// Sets the source of the 16 random bytes of each nonce.
    ///
    /// By default it is a cryptographically secure generator that the operating system seeds.
    ///
    /// # Security
    /// The source must be cryptographically secure. In tests, a counter is enough.
    #[doc(alias = "nonce")]
    #[doc(alias = "oauth_nonce")]
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
    /// - Returns [`BuildError::EmptyConsumerKey`] if the consumer key is empty.
    /// - Returns [`BuildError::EmptyToken`] if the token is empty, but its secret is not.
    /// - Returns [`BuildError::EmptySecret`] if a secret that the method uses is empty, unless
    ///   [`allow_incomplete_credentials`](Self::allow_incomplete_credentials) was set.
    /// - Returns [`BuildError::KeyAsSecret`] if a secret that the method uses is the text of a key file.
    /// - Returns [`BuildError::InvalidRealm`] if a header cannot carry the realm.
    /// - Returns [`BuildError::EmptyMethodName`] or [`BuildError::EmptyParameterName`] if a name is empty.
    /// - Returns [`BuildError::DuplicateParameter`] if a parameter would be sent twice.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{BuildError, ClientCredentials, Signer};
    ///
    /// let client = ClientCredentials::new("consumer key", "");
    /// assert_eq!(Signer::builder(client).build().unwrap_err(), BuildError::EmptySecret("client secret"));
    /// ```
    pub fn build(self) -> Result<Signer, BuildError> {
        let settings = self.settings;
        settings.check()?;
        let parameters = settings.parameters()?;
        let header = settings.header(&parameters);
        let token_secret = settings.token.as_ref().map_or("", |token| token.expose_secret());
        let key = Key::new(&settings.method, settings.client.expose_secret(), token_secret);
        let compiled = Compiled::new(parameters, settings.encodes_header_values);
        Ok(Signer { state: Arc::new(State { settings, key, compiled, header }) })
    }
}

impl Signer {
    /// Creates a builder from the consumer key and secret (RFC: client credentials).
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, Signer};
    ///
    /// # fn main() -> Result<(), oauth1_signer::BuildError> {
    /// let client = ClientCredentials::new("consumer key", "consumer secret");
    /// let signer = Signer::builder(client).realm("Photos").build()?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "new")]
    #[doc(alias = "consumer key")]
    pub fn builder(client: ClientCredentials) -> SignerBuilder {
        SignerBuilder::new(client)
    }

    /// Returns a builder with this signer's settings, to create another signer from them.
    ///
    /// # Examples
    ///
    /// One signer of the application, and one for each user:
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};
    ///
    /// # fn main() -> Result<(), oauth1_signer::BuildError> {
    /// let client = ClientCredentials::new("consumer key", "consumer secret");
    /// let application = Signer::builder(client).build()?;
    /// let jane = TokenCredentials::new("jane's token", "jane's token secret");
    /// let jane = application.to_builder().token(jane).build()?;
    /// # Ok(()) }
    /// ```
    pub fn to_builder(&self) -> SignerBuilder {
        SignerBuilder { settings: self.state.settings.clone() }
    }
}
