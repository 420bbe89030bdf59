//! RFC 5849 §2: the three legs, served.
//!
//! No I/O happens here but what a [`Store`] does: requests are verified as all others are (see
//! [`verify`](crate::verify)), and what comes out goes to a [`Issuer`], which issues, asks, and
//! exchanges.
//!
//! # A photo goes to print
//!
//! The story of [`flow`](crate::flow) from the other side: `photos.example.net` lets Jane decide whether
//! `printer.example.com` may print her photos.
//!
//! ```
//! use oauth1_signer::provider::{Decision, Issuer, MemoryStore};
//! use oauth1_signer::verify::{ClientRecord, MemoryNonceLog, Policy};
//! use oauth1_signer::{ClientCredentials, Origin};
//! # use oauth1_signer::{Signer, flow};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! # let client = Signer::builder(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44")).build()?;
//! # let [initiate, authorize, exchange] =
//! #     ["initiate", "authorize", "token"].map(|path| format!("https://photos.example.net/{path}"));
//! # let flow = flow::Flow::new(flow::Endpoints::new(initiate, authorize, exchange), &client)?;
//! let policy = Policy::new(Origin::new("https://photos.example.net")?);
//! let log = MemoryNonceLog::new(100_000, 10_000)?;
//! let issuer = Issuer::new(MemoryStore::new(100_000));
//! let printer = ClientRecord::new(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"))?
//!     .register_callback("http://printer.example.com/ready");
//!
//! // POST /initiate: the printer asks for temporary credentials.
//! # let leg = flow.temporary_credentials("http://printer.example.com/ready")?;
//! # let request = leg.to_request()?;
//! let without_token = policy.clone().require_token(false);
//! let verified = without_token.read(&request)?.prove(Some(&printer), None)?.admit(&log).await?;
//! let response = issuer.issue_temporary(&verified, &printer).await?.to_response();
//! # let issued = leg.parse_response(&response)?;
//!
//! // GET /authorize: Jane has signed in, and sees who asks …
//! # let token = issued.credentials.token().to_owned();
//! let pending = issuer.pending(&token).await?.ok_or("there is nothing to decide")?;
//! assert_eq!(pending.client_key(), "dpf43f3p2l4k3l03");
//!
//! // POST /authorize: … and says yes. Her browser is sent back to the printer.
//! let Some(Decision::Redirect(url)) = issuer.approve(&token, "jane").await? else {
//!     return Err("it was decided already, or Jane has to carry a PIN over".into());
//! };
//! # let leg = flow.token_credentials(&flow.callback(issued.credentials, &url)?)?;
//! # let request = leg.to_request()?;
//!
//! // POST /token: the printer exchanges what it has for token credentials.
//! let claim = policy.read(&request)?;
//! let token = issuer.temporary_record(claim.token()).await?;
//! let verified = claim.prove(Some(&printer), token.as_ref())?.admit(&log).await?;
//! let response = issuer.exchange(&verified).await?.to_response();
//! # let signer = flow.signer(leg.parse_response(&response)?.credentials)?;
//! # let request = signer.authorize(http::Request::get("https://photos.example.net/photos").body(())?)?;
//!
//! // GET /photos: with them it acts for Jane.
//! let claim = policy.read(&request)?;
//! let token = issuer.token_record(claim.token()).await?;
//! let verified = claim.prove(Some(&printer), token.as_ref())?.admit(&log).await?;
//! assert_eq!(verified.user(), Some("jane"));
//! # Ok(()) }
//! ```
//!
//! With the feature `tower`, a `VerifyingLayer` for each kind of endpoint does the verifying: one that
//! looks no token up before `/initiate`, one with [`Issuer::temporary_record`] before `/token`, and one with
//! [`Issuer::token_record`] before the rest.
//!
//! # What is left to the application
//!
//! - To know the user: [`approve`](Issuer::approve) believes what it is told.
//! - To guard its decision page against forged requests (CSRF) and frames (clickjacking).
//! - To show on that page which client asks: an attacker may have sent the user there. The verification
//!   code keeps what was approved from those who did not get the callback, or the PIN.
//! - To send the user on by 303, and to show a PIN nowhere else.
//! - TLS, on all endpoints: what is issued is secret (§2.1, §2.3).
//! - To keep secrets at rest: HMAC needs them in the clear (§4.5), so encrypt the disk or the column.
//! - To limit rates: a client with valid credentials can ask for as many temporary ones as it likes.

mod callback;
mod grant;
mod issued;
mod random;
mod store;
#[cfg(feature = "serde")]
mod stored;

use std::error::Error;
use std::fmt;

use crate::form::{append_to_query, push_pair};
use crate::stamp::Clock;
use crate::verify::{ClientRecord, Rejection, RejectionReason, TokenRecord, VerifiedRequest};

pub use callback::MAX_CALLBACK_LEN;
pub use grant::{Grant, Stage};
pub use issued::IssuedCredentials;
pub use store::{MemoryStore, Store};

type BoxError = Box<dyn Error + Send + Sync>;

/// Serves the three legs, with its grants in a store.
///
/// What it issues is from the operating system's generator: identifiers, secrets and verification codes
/// of 128 bits, and PINs of 8 digits, where one wrong try ends the attempt.
#[must_use]
pub struct Issuer<S> {
    store: S,
    lifetime: u64,
    clock: Clock,
}

/// What the page shows that asks the user.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    client_key: String,
    callback: Option<String>,
}

/// What a decision means for the user's browser.
#[derive(Clone, PartialEq, Eq)]
#[must_use = "the user is to be sent on"]
pub enum Decision {
    /// To this URL, by 303: yes or no is in its query.
    Redirect(String),
    /// The user said yes and takes this PIN to the client by hand.
    Pin(String),
    /// The user said no, and there is nowhere to go to.
    Denied,
}

impl<S: Store> Issuer<S> {
    /// One that keeps its grants there.
    pub fn new(store: S) -> Self {
        Self { store, lifetime: 600, clock: Clock::default() }
    }

    /// How long the user has to decide and the client to exchange, both together, in seconds; 600 by
    /// default. Token credentials do not expire by themselves.
    pub fn lifetime(mut self, seconds: u64) -> Self {
        self.lifetime = seconds;
        self
    }

    /// Another clock than the system's: it returns seconds since the Unix epoch.
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, BoxError> + Send + Sync + 'static,
    {
        self.clock = Clock::of(clock);
        self
    }

    /// The record for a request that exchanges temporary credentials (§2.3): of those that the user has
    /// approved, and nothing else.
    ///
    /// # Errors
    /// If store or clock fail: then answer 503 ([`Rejection::unavailable`]).
    pub async fn temporary_record(&self, token: Option<&str>) -> Result<Option<TokenRecord>, BoxError> {
        self.record(Stage::Approved, token).await
    }

    /// The record for a request that acts for a user (§3): of token credentials, and nothing else.
    ///
    /// # Errors
    /// If store or clock fail: then answer 503 ([`Rejection::unavailable`]).
    pub async fn token_record(&self, token: Option<&str>) -> Result<Option<TokenRecord>, BoxError> {
        self.record(Stage::Exchanged, token).await
    }

    /// §2.1: issues temporary credentials, bound to the client and its callback.
    ///
    /// The callback must be `oob`, or an absolute URI (at most [`MAX_CALLBACK_LEN`] bytes) without user
    /// information and fragment. Where the client has registered callbacks it must be one of them; where
    /// it has none, https, or http on this machine.
    ///
    /// # Errors
    /// If there is no callback, or it is not acceptable (400); if the record is not that of the verified
    /// client (401); if store, clock or random source fail, or the store is full (503).
    pub async fn issue_temporary(
        &self,
        verified: &VerifiedRequest,
        client: &ClientRecord,
    ) -> Result<IssuedCredentials, Rejection> {
        if client.key() != verified.client_key() {
            return Err(RejectionReason::UnknownClient.into());
        }
        let callback = callback::check(verified.callback(), client)?;
        let now = self.clock.seconds().map_err(Rejection::unavailable)?;
        let credentials = random::credentials().map_err(Rejection::unavailable)?;
        let expires = now.saturating_add(self.lifetime);
        let grant = Grant::pending(credentials.clone(), client.key(), callback, expires);
        self.store.insert(grant, now).await.map_err(Rejection::unavailable)?;
        Ok(IssuedCredentials::temporary(credentials))
    }

    /// §2.2: what a user who comes with this `oauth_token` is to decide. None where the token is
    /// unknown, expired, or decided already.
    ///
    /// # Errors
    /// If store or clock fail.
    pub async fn pending(&self, token: &str) -> Result<Option<Pending>, BoxError> {
        let grant = self.find(Stage::Pending, token, self.clock.seconds()?).await?;
        Ok(grant.map(|grant| Pending {
            client_key: grant.client_key().to_owned(),
            callback: grant.callback().map(str::to_owned),
        }))
    }

    /// §2.2: the user says yes. `user` is whom the token is for, in the server's own words.
    ///
    /// None where there is nothing to decide: of several who decide at the same time, one does.
    ///
    /// # Errors
    /// If store, clock or random source fail. The client may have to ask anew then.
    pub async fn approve(&self, token: &str, user: &str) -> Result<Option<Decision>, BoxError> {
        let (now, code, pin) = (self.clock.seconds()?, random::text()?, random::pin()?);
        let Some(grant) = self.take(Stage::Pending, token, now).await? else { return Ok(None) };
        let callback = grant.callback().map(str::to_owned);
        let verifier = if callback.is_some() { code } else { pin };
        let Some(grant) = grant.approve(&verifier, user) else { return Ok(None) };
        self.store.insert(grant, now).await?;
        Ok(Some(match callback {
            Some(callback) => Decision::redirect(&callback, token, ("oauth_verifier", &verifier)),
            None => Decision::Pin(verifier),
        }))
    }

    /// §2.2: the user says no. The client is told by `oauth_problem=user_refused`, from the OAuth Problem
    /// Reporting extension, since RFC 5849 has no word for it.
    ///
    /// None where there is nothing to decide.
    ///
    /// # Errors
    /// If store or clock fail.
    pub async fn deny(&self, token: &str) -> Result<Option<Decision>, BoxError> {
        let grant = self.take(Stage::Pending, token, self.clock.seconds()?).await?;
        Ok(grant.map(|grant| match grant.callback() {
            Some(callback) => Decision::redirect(callback, token, ("oauth_problem", "user_refused")),
            None => Decision::Denied,
        }))
    }

    /// §2.3: exchanges approved temporary credentials for token credentials, once.
    ///
    /// A wrong verification code ends the attempt, as the right one does; a missing one does not.
    ///
    /// # Errors
    /// If the request has no token (400); if that is not one the client can exchange, or the verification
    /// code is not the one (401); if store, clock or random source fail, or the store is full (503). Then
    /// the client may have to ask the user again.
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
        // Taken first, compared then: whoever tries many codes at the same time has one try.
        let grant = self.take(Stage::Approved, token, now).await.map_err(Rejection::unavailable)?;
        let grant = grant.filter(|grant| grant.client_key() == verified.client_key());
        let grant = grant.ok_or(RejectionReason::UnknownToken)?.exchange(presented, credentials.clone());
        let grant = grant.ok_or(RejectionReason::WrongVerifier)?;
        self.store.insert(grant, now).await.map_err(Rejection::unavailable)?;
        Ok(IssuedCredentials::token(credentials))
    }

    /// Takes token credentials back. False where there are none.
    ///
    /// # Errors
    /// If store or clock fail.
    pub async fn revoke(&self, token: &str) -> Result<bool, BoxError> {
        Ok(self.take(Stage::Exchanged, token, self.clock.seconds()?).await?.is_some())
    }

    async fn record(&self, stage: Stage, token: Option<&str>) -> Result<Option<TokenRecord>, BoxError> {
        let Some(token) = token else { return Ok(None) };
        Ok(self.find(stage, token, self.clock.seconds()?).await?.map(Grant::into_record))
    }

    async fn find(&self, stage: Stage, token: &str, now: u64) -> Result<Option<Grant>, BoxError> {
        let grant = self.store.find(stage, token).await?;
        Ok(grant.filter(|grant| is_good(grant, stage, token, now)))
    }

    /// Whoever gets it is the only one.
    async fn take(&self, stage: Stage, token: &str, now: u64) -> Result<Option<Grant>, BoxError> {
        let grant = self.store.remove(stage, token).await?;
        Ok(grant.filter(|grant| is_good(grant, stage, token, now)))
    }
}

/// What a store hands out is looked at again: one that confuses stages lets nobody in.
fn is_good(grant: &Grant, stage: Stage, token: &str, now: u64) -> bool {
    grant.stage() == stage && grant.token() == token && grant.expires().is_none_or(|expires| now < expires)
}

impl Pending {
    /// The client that asks, by its identifier.
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.client_key
    }

    /// Where the user will be sent to; none where a PIN will be shown.
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }
}

impl Decision {
    /// > If the callback URI includes a query component, the server MUST append the OAuth parameters to
    /// > the end of the existing query.
    fn redirect(callback: &str, token: &str, (name, value): (&str, &str)) -> Self {
        let mut pairs = String::new();
        push_pair(&mut pairs, "oauth_token", token);
        push_pair(&mut pairs, name, value);
        Self::Redirect(append_to_query(callback, &pairs))
    }
}

impl<S> fmt::Debug for Issuer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// The callback may have a session in its query: it is not shown.
impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("client_key", &self.client_key).finish_non_exhaustive()
    }
}

/// Neither code nor PIN are shown.
impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redirect(_) => "Redirect(…)",
            Self::Pin(_) => "Pin(…)",
            Self::Denied => "Denied",
        })
    }
}
