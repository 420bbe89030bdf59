//! RFC 5849 §2: the provider's side of the three legs.
//!
//! An [`Issuer`] issues request tokens (temporary credentials), records what the user decides, and exchanges
//! approved request tokens for access tokens (token credentials). It does not verify requests: use a
//! [`Policy`](crate::verify::Policy), or the `VerifyingLayer` of the feature `tower`. It does no I/O except
//! through its [`Store`].
//!
//! # Examples
//!
//! This is the server's side of the example in [`flow`](crate::flow): `photos.example.net` lets Jane decide
//! whether `printer.example.com` may print her photos.
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
//! let log = MemoryNonceLog::new()?;
//! let issuer = Issuer::new(MemoryStore::new());
//! let printer = ClientRecord::new(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"))?
//!     .register_callback("http://printer.example.com/ready");
//!
//! // POST /initiate: the printer asks for a request token.
//! # let leg = flow.temporary_credentials("http://printer.example.com/ready")?;
//! # let request = leg.to_request()?;
//! let without_token = policy.clone().require_token(false);
//! let verified = without_token.read(&request)?.prove(Some(&printer), None)?.admit(&log).await?;
//! let response = issuer.issue_temporary(&verified, &printer).await?.to_response();
//! # let issued = leg.parse_response(&response)?;
//!
//! // GET /authorize: Jane has signed in. The page shows which client asks.
//! # let token = issued.credentials.token().to_owned();
//! let pending = issuer.pending(&token).await?.ok_or("there is nothing to decide")?;
//! assert_eq!(pending.client_key(), "dpf43f3p2l4k3l03");
//!
//! // POST /authorize: Jane approves. Her browser is sent back to the printer.
//! let Some(Decision::Redirect(url)) = issuer.approve(&token, "jane").await? else {
//!     return Err("it was decided already, or the printer is out of band".into());
//! };
//! # let leg = flow.token_credentials(&flow.callback(issued.credentials, &url)?)?;
//! # let request = leg.to_request()?;
//!
//! // POST /token: the printer exchanges the request token for an access token.
//! let claim = policy.read(&request)?;
//! let token = issuer.temporary_record(claim.token()).await?;
//! let verified = claim.prove(Some(&printer), token.as_ref())?.admit(&log).await?;
//! let response = issuer.exchange(&verified).await?.to_response();
//! # let signer = flow.signer(leg.parse_response(&response)?.credentials)?;
//! # let request = signer.authorize(http::Request::get("https://photos.example.net/photos").body(())?)?;
//!
//! // GET /photos: the printer acts for Jane.
//! let claim = policy.read(&request)?;
//! let token = issuer.token_record(claim.token()).await?;
//! let verified = claim.prove(Some(&printer), token.as_ref())?.admit(&log).await?;
//! assert_eq!(verified.user(), Some("jane"));
//! # Ok(()) }
//! ```
//!
//! With the feature `tower`, put a `VerifyingLayer` in front of each kind of endpoint: for `/initiate` one
//! that looks up no token, for `/token` one that looks it up with [`Issuer::temporary_record`], and for all
//! others one with [`Issuer::token_record`].
//!
//! # Stages of a grant
//!
//! | stage | reached by | token |
//! |---|---|---|
//! | [`Pending`](Stage::Pending) | [`Issuer::issue_temporary`] | request token |
//! | [`Approved`](Stage::Approved) | [`Issuer::approve`] | the same request token |
//! | [`Exchanged`](Stage::Exchanged) | [`Issuer::exchange`] | access token |
//! | [`Ended`](Stage::Ended) | [`Issuer::deny`], or a wrong verification code | none |
//!
//! Each step is one atomic method of the [`Store`], so several servers can share one store, and each step
//! happens once. [`Issuer::revoke`] removes grants by token, client or user. [`Issuer::grants_of_user`] lists
//! the applications that a user has granted access to.
//!
//! # What the application must do
//!
//! - Sign the user in: [`Issuer::approve`] trusts the user that it is given.
//! - Protect the decision page against forged requests (CSRF) and against frames (clickjacking).
//! - Show on that page which client asks: an attacker may have sent the user there. Only those who receive the
//!   callback or the PIN know the verification code, which they need to obtain the access token.
//! - Send the user on by 303, and show the PIN on that page only.
//! - Use TLS on all endpoints: the responses contain secrets (§2.1, §2.3).
//! - Protect secrets at rest: HMAC needs them in the clear (§4.5), so encrypt the disk or the column.
//! - Limit rates. A store limits how many grants each client has, not how often it asks.

mod callback;
mod decision;
mod issued;
mod random;
mod parts;
mod grant;
mod store;
#[cfg(feature = "conformance")]
pub mod conformance;
mod issuer;
#[cfg(feature = "serde")]
mod stored;

#[cfg(feature = "redis")]
pub use crate::redis::RedisServerError;
pub use callback::MAX_CALLBACK_LEN;
pub use decision::{Decision, Pending};
pub use grant::Grant;
pub use issued::{IssuedCredentials, ReservedName};
pub use issuer::Issuer;
pub use parts::{GrantError, GrantParts, Stage};
#[cfg(feature = "redis")]
pub use store::RedisStore;
pub use store::{MemoryStore, Revoke, Store};
