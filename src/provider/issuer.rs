//! RFC 5849 §2: issues temporary credentials, records decisions, exchanges.

use std::fmt;
use std::time::Duration;

use crate::boxed::BoxError;
use crate::stamp::Clock;
use crate::verify::{ClientRecord, Rejection, RejectionReason, TokenRecord, VerifiedRequest};

use super::decision::{Decision, Pending};
use super::grant::{Grant, Stage};
use super::issued::IssuedCredentials;
use super::store::{Revoke, Store};
use super::{callback, random};

/// Serves the three legs over a [`Store`].
///
/// It draws identifiers, secrets and verification codes of 128 bits from the operating system's
/// generator, and PINs of 8 digits. One wrong verification code or PIN ends the attempt.
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
    clock: Clock,
}

impl<S: Store> Issuer<S> {
    /// Creates an issuer that stores its grants in `store`.
    pub fn new(store: S) -> Self {
        Self {
            store,
            lifetime: 600,
            token_lifetime: None,
            allows_unregistered: false,
            clock: Clock::default(),
        }
    }

    /// Sets how long a request token (temporary credentials) is valid, rounded down to whole seconds; 10
    /// minutes by default.
    ///
    /// The user's decision and the client's exchange must both fall into this time.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime.as_secs();
        self
    }

    /// Sets how long an access token (token credentials) is valid, rounded down to whole seconds; `None`,
    /// the default, issues tokens that do not expire.
    ///
    /// The response then has `oauth_expires_in`, as the OAuth Session extension defines it. The client
    /// has to send its user through the three legs again after that time.
    #[doc(alias = "oauth_expires_in")]
    pub fn token_lifetime(mut self, lifetime: Option<Duration>) -> Self {
        self.token_lifetime = lifetime.map(|lifetime| lifetime.as_secs());
        self
    }

    /// Sets whether a client that has registered no callbacks may name any https URL, or a URL on the
    /// user's own machine; `false` by default, which leaves such a client only `oob` (a PIN).
    ///
    /// # Security
    ///
    /// With `true` the client chooses where your page sends the user's browser. A client that is
    /// malicious, or whose secret is public, turns it into an open redirect, and receives the
    /// verification code of whoever it lures there. Do not fetch such a URL from your server either: it
    /// may name a host of your own network. Prefer [`ClientRecord::register_callback`].
    #[doc(alias = "redirect_uri")]
    pub fn allow_unregistered_callbacks(mut self, allow: bool) -> Self {
        self.allows_unregistered = allow;
        self
    }

    /// Replaces the system clock: `clock` returns seconds since the Unix epoch.
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, BoxError> + Send + Sync + 'static,
    {
        self.clock = Clock::of(clock);
        self
    }

    /// Returns the record of a request token that the user has approved, to verify the request that
    /// exchanges it (§2.3).
    ///
    /// # Errors
    ///
    /// Returns an error if the store or the clock fails: respond with 503 ([`Rejection::unavailable`]).
    #[doc(alias = "request token")]
    pub async fn temporary_record(&self, token: Option<&str>) -> Result<Option<TokenRecord>, BoxError> {
        self.record(Stage::Approved, token).await
    }

    /// Returns the record of an access token, to verify a request that acts for a user (§3).
    ///
    /// # Errors
    ///
    /// Returns an error if the store or the clock fails: respond with 503 ([`Rejection::unavailable`]).
    #[doc(alias = "access token")]
    pub async fn token_record(&self, token: Option<&str>) -> Result<Option<TokenRecord>, BoxError> {
        self.record(Stage::Exchanged, token).await
    }

    /// Issues a request token (temporary credentials), bound to the client and its callback (§2.1).
    ///
    /// The callback must be one that the client has registered. A client that has registered none may
    /// use `oob` only; [`allow_unregistered_callbacks`](Self::allow_unregistered_callbacks) changes that.
    /// A callback is an absolute URI of at most [`MAX_CALLBACK_LEN`](super::MAX_CALLBACK_LEN) bytes,
    /// without user information and fragment.
    ///
    /// # Errors
    ///
    /// Returns a rejection (400) if the callback is missing or not accepted, a
    /// rejection with the reason [`RejectionReason::UnknownClient`] (401) if `client` is not the verified
    /// one, and [`Rejection::unavailable`] (503) if store, clock or random source fails, or the store has
    /// no room.
    #[doc(alias = "request token")]
    #[doc(alias = "initiate")]
    #[doc(alias = "oob")]
    pub async fn issue_temporary(
        &self,
        verified: &VerifiedRequest,
        client: &ClientRecord,
    ) -> Result<IssuedCredentials, Rejection> {
        if client.key() != verified.client_key() {
            return Err(RejectionReason::UnknownClient.into());
        }
        let callback = callback::check(verified.callback(), client, self.allows_unregistered)?;
        let now = self.clock.seconds().map_err(Rejection::unavailable)?;
        let credentials = random::credentials().map_err(Rejection::unavailable)?;
        let expires = now.saturating_add(self.lifetime);
        let grant = Grant::pending(credentials.clone(), client.key(), callback, expires);
        self.store.insert(grant, now).await.map_err(Rejection::unavailable)?;
        Ok(IssuedCredentials::temporary(credentials))
    }

    /// Returns the grant that the user is to decide on (§2.2), or `None` if the token is unknown, expired
    /// or decided already.
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

    /// Records that the user approves the grant (§2.2); returns `None` if there is nothing to decide.
    ///
    /// `user` is any text that identifies the user to your server. If several decisions on one token
    /// arrive at the same time, one of them counts.
    ///
    /// # Errors
    ///
    /// Returns an error if store, clock or random source fails. The client may have to start again then.
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

    /// Records that the user denies the grant (§2.2); returns `None` if there is nothing to decide.
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
    /// A wrong verification code ends the attempt, as the right one does. A missing one does not.
    ///
    /// # Errors
    ///
    /// Returns a rejection (400) if the request has no token; a rejection (401) with
    /// the reason [`RejectionReason::UnknownToken`], [`RejectionReason::OtherClientsToken`] or
    /// [`RejectionReason::WrongVerifier`]; and [`Rejection::unavailable`] (503) if store, clock or random
    /// source fails. Then the client may have to send the user through the three legs again.
    #[doc(alias = "access token")]
    pub async fn exchange(&self, verified: &VerifiedRequest) -> Result<IssuedCredentials, Rejection> {
        let token = verified.token().ok_or(RejectionReason::Missing("oauth_token"))?;
        let now = self.clock.seconds().map_err(Rejection::unavailable)?;
        let credentials = random::credentials().map_err(Rejection::unavailable)?;
        let found = self.find(Stage::Approved, token, now).await.map_err(Rejection::unavailable)?;
        let found = found.ok_or(RejectionReason::UnknownToken)?;
        if found.client_key() != verified.client_key() {
            return Err(RejectionReason::OtherClientsToken.into());
        }
        let presented = verified.verifier().ok_or(RejectionReason::WrongVerifier)?;
        let expires = self.token_lifetime.map(|lifetime| now.saturating_add(lifetime));
        let exchanged = found.exchange(presented, credentials.clone(), now, expires);
        let is_right = exchanged.is_some();
        // Right and wrong codes take the same step. Of many who try codes at the same time the first one
        // counts, and no code is faster for being right.
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
    /// The store is asked each time a token is looked up, so the next request with a revoked token is
    /// rejected.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails. Some of the grants may still be valid: call it again.
    pub async fn revoke(&self, what: Revoke<'_>) -> Result<u64, BoxError> {
        self.store.revoke(what).await
    }

    /// Returns at most `limit` access tokens that this user has granted and that have not expired,
    /// sorted by client key.
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

    /// A store that confuses stages lets nobody in: what it returns is checked again.
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
            .finish_non_exhaustive()
    }
}
