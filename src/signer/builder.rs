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

/// Makes a [`Signer`]. Each setting stands for itself: their order does not matter.
#[derive(Clone, Debug)]
#[must_use]
pub struct SignerBuilder {
    settings: Settings,
}

impl SignerBuilder {
    fn new(client: ClientCredentials) -> Self {
        Self { settings: Settings::new(client) }
    }

    /// The user's token, `oauth_token`, and its secret. Without one, requests are two-legged.
    pub fn token(mut self, token: TokenCredentials) -> Self {
        self.settings.token = Some(token);
        self
    }

    /// No token any more.
    pub fn without_token(mut self) -> Self {
        self.settings.token = None;
        self
    }

    /// The client alone, without what belongs to one user's attempt.
    pub(crate) fn without_user(mut self) -> Self {
        self.settings.token = None;
        self.settings.callback = None;
        self.settings.verifier = None;
        self
    }

    /// Sends `oauth_token=""` where there is no token. §3.1 lets it be left out, which is the
    /// default; some servers ask for it (Jira, Schoology).
    pub fn send_empty_token(mut self) -> Self {
        self.settings.empty_token = true;
        self
    }

    /// The signature method; HMAC-SHA1 by default.
    pub fn method(mut self, method: SignatureMethod) -> Self {
        self.settings.method = method;
        self
    }

    /// Leaves `oauth_version` out. By default it is sent, as `1.0` (§3.1 has it optional).
    pub fn omit_version(mut self) -> Self {
        self.settings.version = false;
        self
    }

    /// `oauth_callback`, for the request for temporary credentials (§2.1).
    pub fn callback(mut self, callback: impl Into<Callback>) -> Self {
        self.settings.callback = Some(callback.into());
        self
    }

    /// `oauth_verifier`, the verification code, for the request for token credentials (§2.3).
    pub fn verifier(mut self, verifier: impl Into<String>) -> Self {
        self.settings.verifier = Some(verifier.into());
        self
    }

    /// A further protocol parameter, such as `oauth_session_handle`: it goes where the others go,
    /// and is signed.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.parameters.push((name.into(), value.into()));
        self
    }

    /// The realm of the Authorization header (§3.5.1). It is no part of the signature.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.settings.realm = Some(realm.into());
        self
    }

    /// When `oauth_body_hash` is sent; never by default.
    pub fn body_hash(mut self, policy: BodyHashPolicy) -> Self {
        self.settings.body_hash = policy;
        self
    }

    /// Lets PLAINTEXT send the secrets over http to another machine. Everyone on the way can read
    /// them, and RFC 5849 §3.4.4 asks for TLS: this is for closed networks.
    pub fn allow_plaintext_over_http(mut self) -> Self {
        self.settings.plaintext_over_http = true;
        self
    }

    /// Another clock than the system's: it returns seconds since the Unix epoch.
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, BoxError> + Send + Sync + 'static,
    {
        self.settings.time.clock = Clock::of(clock);
        self
    }

    /// What is added to the clock's time, in seconds: the server's time less ours.
    pub fn clock_offset(mut self, seconds: i64) -> Self {
        self.settings.time.offset = seconds;
        self
    }

    /// Another source of the 128 bits of each nonce than the operating system. It must be
    /// cryptographically secure; in tests, a counter.
    pub fn random<F>(mut self, source: F) -> Self
    where
        F: Fn() -> Result<[u8; 16], BoxError> + Send + Sync + 'static,
    {
        self.settings.time.random = Some(Arc::new(source));
        self
    }

    /// Checks the settings and makes the signer ready.
    ///
    /// # Errors
    /// If a setting cannot be sent, or would be sent twice.
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
    /// Starts with the client credentials; all else has a default.
    pub fn builder(client: ClientCredentials) -> SignerBuilder {
        SignerBuilder::new(client)
    }

    /// A builder with this signer's settings, to make one that differs.
    pub fn to_builder(&self) -> SignerBuilder {
        SignerBuilder { settings: self.state.settings.clone() }
    }
}
