//! RFC 5849 §2: issues request tokens, records decisions, and exchanges request tokens.

use std::fmt;
use std::time::Duration;

use crate::boxed::BoxError;
use crate::stamp::Clock;
use crate::verify::{ClientRecord, Rejection, RejectionReason, TokenRecord, VerifiedRequest};

use super::callback;
use super::decision::{Decision, Pending};
use super::grant::Grant;
use super::issued::IssuedCredentials;
use super::parts::Stage;
use super::random;
use super::store::{Revoke, Store};

/// A server for the three steps of OAuth (the "three legs"), with its grants in a [`Store`].
///
/// Identifiers, secrets and verification codes have 128 random bits from the operating system. PINs have 8
/// digits. One wrong verification code or PIN ends the attempt.
///
/// # Examples
///
/// The store may be a trait object: memory in tests, a database in production.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use oauth1_signer::provider::{Issuer, MemoryStore, Store};
///
/// let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
/// let issuer = Issuer::new(store)
///     .lifetime(Duration::from_secs(300))
///     .token_lifetime(Some(Duration::from_secs(90 * 24 * 3600)));
/// # drop(issuer);
/// ```
///
/// The [module](super) shows all three legs.
#[must_use]
pub struct Issuer<S> {
    store: S,
    lifetime: u64,
    token_lifetime: Option<u64>,
    allows_unregistered: bool,
    allows_missing: bool,
    prefix: Option<Box<Prefix>>,
    clock: Clock,
}

type Prefix = dyn Fn(&str) -> String + Send + Sync;

impl<S: Store> Issuer<S> {
    /// Creates an issuer that stores its grants in `store`.
    pub fn new(store: S) -> Self {
        Self {
            store,
            lifetime: 600,
            token_lifetime: None,
            allows_unregistered: false,
            allows_missing: false,
            prefix: None,
            clock: Clock::default(),
        }
    }

    /// Sets how long a request token (temporary credentials) is valid; 10 minutes by default.
    ///
    /// The user's decision and the client's exchange must both happen in this time. It is rounded down to
    /// whole seconds.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime.as_secs();
        self
    }

    /// Sets how long an access token (token credentials) is valid; without limit by default.
    ///
    /// The lifetime is rounded down to whole seconds. The response then has `oauth_expires_in`, as the OAuth
    /// Session extension defines it. After that time the client must send its user through the three steps
    /// again. With `None`, tokens do not expire.
    #[doc(alias = "oauth_expires_in")]
    pub fn token_lifetime(mut self, lifetime: Option<Duration>) -> Self {
        self.token_lifetime = lifetime.map(|lifetime| lifetime.as_secs());
        self
    }

    /// Sets whether clients may use callbacks that are not registered; `false` by default.
    ///
    /// With `true`, a client that has registered no callbacks may name any https URL, or a URL on the user's
    /// own machine. With `false`, such a client may use `oob` (a PIN) only.
    ///
    /// # Security
    ///
    /// With `true`, the client chooses where your page sends the user's browser. If the client is malicious,
    /// or its secret is public, your page becomes an open redirect, and an attacker receives the verification
    /// code of each user who is lured there. Also do not fetch such a URL from your server: it may name a
    /// host in your own network. Prefer [`ClientRecord::register_callback`].
    #[doc(alias = "redirect_uri")]
    pub fn allow_unregistered_callbacks(mut self, allow: bool) -> Self {
        self.allows_unregistered = allow;
        self
    }

    /// Sets whether a client may leave out `oauth_callback`; `false` by default.
    ///
    /// With `true`, the callback that the client has registered stands for a missing one, if it has registered
    /// exactly one. Otherwise the request is rejected, since RFC 5849 §2.1 requires the parameter. Clients of
    /// OAuth Core 1.0 leave it out, such as some of Trello and Jira.
    ///
    /// # Security
    ///
    /// The verification code is still required in the exchange. Without it, an attacker could start a login,
    /// let a victim approve it, and use the victim's account (session fixation).
    #[doc(alias = "oauth_callback")]
    pub fn allow_missing_callback(mut self, allow: bool) -> Self {
        self.allows_missing = allow;
        self
    }

    /// Sets a function that returns what the access tokens of a user begin with; they begin with nothing by
    /// default.
    ///
    /// The random part follows it, with the same 128 bits. Clients for X read the user's number from a token
    /// of the form `785027577-…`. The text has at most 64 bytes of `A-Z a-z 0-9 - . _ ~`. If it is anything
    /// else, [`exchange`](Self::exchange) returns a rejection with status 503 that says so to the operator,
    /// and the request token stays valid.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::provider::{Issuer, MemoryStore};
    ///
    /// let issuer = Issuer::new(MemoryStore::new()).access_token_prefix(|user| format!("{user}-"));
    /// # drop(issuer);
    /// ```
    #[doc(alias = "X")]
    pub fn access_token_prefix(mut self, prefix: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.prefix = Some(Box::new(prefix));
        self
    }

    /// Sets the clock, which returns seconds since the Unix epoch. The default is the system's clock.
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, BoxError> + Send + Sync + 'static,
    {
        self.clock = Clock::of(clock);
        self
    }

    /// Returns the record of an approved request token, to verify the request that exchanges it (§2.3).
    ///
    /// # Errors
    ///
    /// Returns an error if the store or the clock fails. Respond with status 503: [`Rejection::unavailable`].
    #[doc(alias = "request token")]
    pub async fn temporary_record(&self, token: Option<&str>) -> Result<Option<TokenRecord>, BoxError> {
        self.record(Stage::Approved, token).await
    }

    /// Returns the record of an access token, to verify a request that acts for a user (§3).
    ///
    /// # Errors
    ///
    /// Returns an error if the store or the clock fails. Respond with status 503: [`Rejection::unavailable`].
    #[doc(alias = "access token")]
    pub async fn token_record(&self, token: Option<&str>) -> Result<Option<TokenRecord>, BoxError> {
        self.record(Stage::Exchanged, token).await
    }

    /// Issues a request token (temporary credentials), bound to the client and its callback (§2.1).
    ///
    /// The callback must be one that the client has registered. A client that has registered none may use
    /// `oob` only; [`allow_unregistered_callbacks`](Self::allow_unregistered_callbacks) changes that. A
    /// callback is an absolute URI of at most [`MAX_CALLBACK_LEN`](super::MAX_CALLBACK_LEN) bytes, without
    /// user information and fragment.
    ///
    /// # Errors
    ///
    /// Returns a [`Rejection`] with status 400 if the callback is missing or not accepted. It has the reason
    /// [`RejectionReason::UnknownClient`] (401) if `client` is not the verified client. It is
    /// [`Rejection::unavailable`] (503) if store, clock or random source fails, or if the store has no room.
    #[doc(alias = "request token")]
    #[doc(alias = "initiate")]
    #[doc(alias = "oob")]
    pub async fn issue_temporary(
        &self,
        verified: &VerifiedRequest,
        client: &ClientRecord,
    ) -> Result<IssuedCredentials, Rejection> {
        let issued = self.insert_pending(verified, client).await;
        issued.map_err(|rejection| verified.challenged(rejection))
    }

    async fn insert_pending(
        &self,
        verified: &VerifiedRequest,
        client: &ClientRecord,
    ) -> Result<IssuedCredentials, Rejection> {
        if client.key() != verified.client_key() {
            return Err(RejectionReason::UnknownClient.into());
        }
        let callback = verified.callback();
        let callback = callback::check(callback, client, self.allows_unregistered, self.allows_missing)?;
        let now = self.clock.seconds().map_err(Rejection::unavailable)?;
        let credentials = random::credentials().map_err(Rejection::unavailable)?;
        let expires = now.saturating_add(self.lifetime);
        let grant = Grant::pending(credentials.clone(), client.key(), callback, expires);
        self.store.insert(grant, now).await.map_err(Rejection::unavailable)?;
        Ok(IssuedCredentials::temporary(credentials))
    }

    /// Returns the grant that the user must decide on (§2.2).
    ///
    /// Returns `None` if the token is unknown, expired or already decided.
    ///
    /// # Errors
    ///
    /// Returns an error if the store or the clock fails.
    #[doc(alias = "authorize")]
    pub async fn pending(&self, token: &str) -> Result<Option<Pending>, BoxError> {
        let grant = self.find(Stage::Pending, token, self.clock.seconds()?).await?;
        Ok(grant.map(|grant| Pending {
            client_key: grant.client_key().to_owned(),
            callback: grant.callback().map(str::to_owned),
        }))
    }

    /// Records that the user approves the grant (§2.2). Returns `None` if there is nothing to decide.
    ///
    /// `user` is any text that identifies the user to your server. If several decisions about one token
    /// arrive at the same time, only one of them counts.
    ///
    /// # Errors
    ///
    /// Returns an error if store, clock or random source fails. The client may then have to start again.
    #[doc(alias = "authorize")]
    #[doc(alias = "verifier")]
    #[doc(alias = "PIN")]
    pub async fn approve(&self, token: &str, user: &str) -> Result<Option<Decision>, BoxError> {
        let (now, code, pin) = (self.clock.seconds()?, random::text()?, random::pin()?);
        let Some(grant) = self.find(Stage::Pending, token, now).await? else { return Ok(None) };
        let callback = grant.callback().map(str::to_owned);
        let verifier = if callback.is_some() { code } else { pin };
        let Some(grant) = grant.approve(&verifier, user) else { return Ok(None) };
        if !self.store.advance(Stage::Pending, token, grant, now).await? {
            return Ok(None);
        }
        Ok(Some(match callback {
            Some(callback) => Decision::redirect(&callback, token, ("oauth_verifier", &verifier)),
            None => Decision::Pin(verifier),
        }))
    }

    /// Records that the user denies the grant (§2.2). Returns `None` if there is nothing to decide.
    ///
    /// The callback receives `oauth_problem=user_refused` from the OAuth Problem Reporting extension,
    /// since RFC 5849 defines no parameter for it.
    ///
    /// # Errors
    ///
    /// Returns an error if the store or the clock fails.
    #[doc(alias = "authorize")]
    pub async fn deny(&self, token: &str) -> Result<Option<Decision>, BoxError> {
        let now = self.clock.seconds()?;
        let Some(grant) = self.find(Stage::Pending, token, now).await? else { return Ok(None) };
        let callback = grant.callback().map(str::to_owned);
        if !self.store.advance(Stage::Pending, token, grant.end(), now).await? {
            return Ok(None);
        }
        Ok(Some(match callback {
            Some(callback) => Decision::redirect(&callback, token, ("oauth_problem", "user_refused")),
            None => Decision::Denied,
        }))
    }

    /// Exchanges an approved request token for an access token, once (§2.3).
    ///
    /// A wrong verification code ends the attempt, as the right one does. A missing code does not.
    ///
    /// # Errors
    ///
    /// Returns a [`Rejection`] with status 400 if the request has no token. With status 401, the reason is
    /// [`RejectionReason::UnknownToken`], [`RejectionReason::OtherClientsToken`] or
    /// [`RejectionReason::WrongVerifier`]. It is [`Rejection::unavailable`] (503) if store, clock or random
    /// source fails. The client may then have to send the user through the three steps again.
    #[doc(alias = "access token")]
    pub async fn exchange(&self, verified: &VerifiedRequest) -> Result<IssuedCredentials, Rejection> {
        self.exchange_once(verified).await.map_err(|rejection| verified.challenged(rejection))
    }

    async fn exchange_once(&self, verified: &VerifiedRequest) -> Result<IssuedCredentials, Rejection> {
        let token = verified.token().ok_or(RejectionReason::Missing("oauth_token"))?;
        let now = self.clock.seconds().map_err(Rejection::unavailable)?;
        let found = self.find(Stage::Approved, token, now).await.map_err(Rejection::unavailable)?;
        let found = found.ok_or(RejectionReason::UnknownToken)?;
        if found.client_key() != verified.client_key() {
            return Err(RejectionReason::OtherClientsToken.into());
        }
        let prefix = match (&self.prefix, found.user()) {
            (Some(prefix), Some(user)) => prefix(user),
            _ => String::new(),
        };
        let credentials = random::prefixed(&prefix).map_err(Rejection::unavailable)?;
        let presented = verified.verifier().ok_or(RejectionReason::WrongVerifier)?;
        let expires = self.token_lifetime.map(|lifetime| now.saturating_add(lifetime));
        let exchanged = found.exchange(presented, credentials.clone(), now, expires);
        let is_right = exchanged.is_some();
        // Right and wrong codes take the same step. If many codes arrive at the same time, only the first one
        // counts, and a right code is no faster than a wrong one.
        let next = exchanged.unwrap_or_else(|| found.end());
        let is_first = self.store.advance(Stage::Approved, token, next, now).await;
        if !is_first.map_err(Rejection::unavailable)? {
            return Err(RejectionReason::UnknownToken.into());
        }
        if !is_right {
            return Err(RejectionReason::WrongVerifier.into());
        }
        Ok(IssuedCredentials::token(credentials, self.token_lifetime))
    }

    /// Revokes the grants that `what` describes, and returns how many there were.
    ///
    /// The issuer asks the store each time it looks up a token, so the next request with a revoked token is
    /// rejected.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. Some of the grants may still be valid: call this method again.
    pub async fn revoke(&self, what: Revoke<'_>) -> Result<u64, BoxError> {
        self.store.revoke(what).await
    }

    /// Returns at most `limit` valid access tokens of this user, sorted by client key.
    ///
    /// Use it for the page on which users see and revoke the applications they have granted access to.
    ///
    /// # Errors
    ///
    /// Returns an error if the store or the clock fails.
    #[doc(alias = "applications")]
    pub async fn grants_of_user(&self, user: &str, limit: usize) -> Result<Vec<Grant>, BoxError> {
        let now = self.clock.seconds()?;
        let mut grants = self.store.grants_of_user(user, limit).await?;
        grants.retain(|grant| {
            grant.user() == Some(user) && is_valid(grant, Stage::Exchanged, grant.token(), now)
        });
        Ok(grants)
    }

    async fn record(&self, stage: Stage, token: Option<&str>) -> Result<Option<TokenRecord>, BoxError> {
        let Some(token) = token else { return Ok(None) };
        Ok(self.find(stage, token, self.clock.seconds()?).await?.map(Grant::into_record))
    }

    /// Finds a grant, and checks it again: a store that confuses stages must let nobody in.
    async fn find(&self, stage: Stage, token: &str, now: u64) -> Result<Option<Grant>, BoxError> {
        let grant = self.store.find(stage, token).await?;
        Ok(grant.filter(|grant| is_valid(grant, stage, token, now)))
    }
}

fn is_valid(grant: &Grant, stage: Stage, token: &str, now: u64) -> bool {
    grant.stage() == stage && grant.token() == token && grant.expires().is_none_or(|expires| now < expires)
}

impl<S> fmt::Debug for Issuer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer")
            .field("lifetime", &self.lifetime)
            .field("token_lifetime", &self.token_lifetime)
            .field("allows_unregistered", &self.allows_unregistered)
            .field("allows_missing", &self.allows_missing)
            .finish_non_exhaustive()
    }
}
