//! RFC 5849 §3.2: verifying signed requests, the server's side.
//!
//! Nothing here does I/O. Verifying takes four steps, and you look the records up between them:
//!
//! 1. [`Policy::read`] reads what a request says: a [`Claim`], of which nothing is proved.
//! 2. You look up the [`ClientRecord`] and the [`TokenRecord`] that it names.
//! 3. [`Claim::prove`] checks the signature, in constant time: a [`Proof`].
//! 4. [`Proof::admit`] checks timestamp and nonce: a [`VerifiedRequest`], which says who calls, and what.
//!
//! With the feature `tower`, a layer does all four for a service. [`provider`](crate::provider) issues the
//! tokens that are looked up.
//!
//! # Examples
//!
//! ```
//! use oauth1_signer::verify::{ClientRecord, IncomingRequest, MemoryNonceLog, Policy};
//! use oauth1_signer::verify::{Rejection, TokenRecord, VerifiedRequest};
//! use oauth1_signer::{ClientCredentials, Origin, TokenCredentials};
//!
//! # struct Database;
//! # impl Database {
//! #     async fn client(&self, key: &str) -> Option<ClientRecord> {
//! #         ClientRecord::new(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44")).ok()
//! #     }
//! #     async fn token(&self, token: &str) -> Option<TokenRecord> {
//! #         let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! #         Some(TokenRecord::new(token, "dpf43f3p2l4k3l03").for_user("jane"))
//! #     }
//! # }
//! async fn verify<B: AsRef<[u8]>>(
//!     policy: &Policy,
//!     log: &MemoryNonceLog,
//!     database: &Database,
//!     request: &http::Request<B>,
//! ) -> Result<VerifiedRequest, Rejection> {
//!     let claim = policy.read(IncomingRequest::from(request).body(request.body().as_ref()))?;
//!     // An unknown client or token is `None`, and not an error.
//!     let client = database.client(claim.client_key()).await;
//!     let token = match claim.token() {
//!         Some(token) => database.token(token).await,
//!         None => None,
//!     };
//!     let proof = claim.prove(client.as_ref(), token.as_ref())?;
//!     proof.admit(log).await
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Once: the origin that clients call, and the log of nonces.
//! let policy = Policy::new(Origin::new("https://photos.example.net")?);
//! # let policy = policy.clock(|| Ok(137_131_202));
//! let log = MemoryNonceLog::new()?;
//! # let signer = oauth1_signer::Signer::builder(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"))
//! #     .token(TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"))
//! #     .clock(|| Ok(137_131_202))
//! #     .build()?;
//! # let request = http::Request::get("https://photos.example.net/photos?file=vacation.jpg&size=original").body("")?;
//! # let request = signer.authorize(request)?;
//! # let mut verified = std::pin::pin!(verify(&policy, &log, &Database, &request));
//! # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
//! # let std::task::Poll::Ready(verified) = verified.as_mut().poll(&mut context) else { unreachable!() };
//! # let verified = verified?;
//! assert_eq!((verified.client_key(), verified.user()), ("dpf43f3p2l4k3l03", Some("jane")));
//! assert_eq!(verified.parameters().get("file"), Some("vacation.jpg"));
//! # Ok(()) }
//! ```
//!
//! # Read the verified parameters, and nothing else
//!
//! The signature covers names and values. It does not cover where a parameter stands, nor in which order.
//! Whoever relays a request can move a parameter from the query into the form, or send a body of a type that
//! your framework reads as a form and the verifier does not. So let handlers read
//! [`VerifiedRequest::parameters`], and parse neither query nor form a second time.
//!
//! A body that is no form is signed only if the client sends `oauth_body_hash`:
//! [`VerifiedRequest::body_is_signed`] returns it, [`Policy::require_signed_body`] requires it.
//!
//! # Responses to rejected requests
//!
//! [`Rejection::to_response`] makes the response:
//!
//! | status | reasons |
//! |---|---|
//! | 400 | the request cannot be read, is too large, or breaks a rule of the policy: the text names the field |
//! | 401 | everything about identity and signature: one text, and a challenge |
//! | 503 | the records, the nonce log or the clock failed, or the log is full |
//!
//! [`Rejection::reason`] and its `Display` are for the operator's log. So is [`Claim::explanation`]: the
//! signature base string as the server computed it. Send neither to the client.
//!
//! An unknown client, an unknown token and a wrong signature get the same response after the same work: a
//! random secret stands in for a missing one. The time of a MAC depends on the length of the secret. The
//! random secret of a client has 32 letters and digits, as most have, that of a token 26, as
//! [`provider`](crate::provider) issues them. Longer secrets take longer, and so do RSA keys of more than
//! 2048 bits.
//!
//! # Proxies
//!
//! Scheme, host and port are those of the policy's origin: the external one, if there is a proxy. A request
//! with another `Host` is rejected ([`RejectionReason::OtherHost`]); `Forwarded` and `X-Forwarded-…` are not
//! read. If a proxy or a router rewrites the path, give [`IncomingRequest::new`] the one that the client
//! called.
//!
//! # Nonces
//!
//! A request counts once. [`MemoryNonceLog`] remembers nonces for one process. Several processes need a
//! shared log: `RedisNonceLog` (feature `redis`), or a [`NonceLog`] over a database of yours.

// A module imports only from those above it.
mod nonce;
mod method;
mod shown;
mod reason;
mod rejection;
mod limits;
mod key_text;
mod record;
mod decoy;
mod settings;
mod protocol;
mod header;
mod incoming;
mod reader;
mod check;
mod parameters;
mod verified;
mod proof;
mod claim;
pub mod diagnosis;
mod policy;
#[cfg(feature = "conformance")]
pub mod conformance;

#[cfg(feature = "redis")]
pub use crate::redis::RedisServerError;
pub use claim::Claim;
pub use incoming::IncomingRequest;
pub use limits::Limits;
pub use method::{SignatureMethodName, UnknownSignatureMethod};
#[cfg(feature = "redis")]
pub use nonce::RedisNonceLog;
pub use nonce::{
    MemoryNonceLog, MemoryNonceLogBuilder, Nonce, NonceKey, NonceLog, NonceStatus, RestartPolicy,
};
pub use parameters::{ParameterError, VerifiedParameter, VerifiedParameters, VerifiedParametersIter};
pub use policy::{HeadCheck, Policy};
pub use proof::Proof;
pub use reason::RejectionReason;
pub use record::{ClientRecord, ClientRecordError, TokenRecord};
pub use rejection::Rejection;
pub use verified::VerifiedRequest;
