//! RFC 5849 §3.2: the other side, which verifies requests.
//!
//! No I/O happens here, and nothing calls back: a request is read, its records are looked up by the
//! caller, it is proved, and it is admitted. The layer in the module `tower` (its feature) does all four
//! for a service, and [`provider`](crate::provider) issues what is looked up.
//!
//! ```
//! use oauth1_signer::verify::{ClientRecord, MemoryNonceLog, Policy, IncomingRequest, Rejection, TokenRecord, VerifiedRequest};
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
//!     // Read: what the request says of itself. Nothing of it is true yet.
//!     let claim = policy.read(IncomingRequest::from(request).body(request.body().as_ref()))?;
//!     // Look up: wherever the secrets are kept. What is not there is None, and not an error.
//!     let client = database.client(claim.client_key()).await;
//!     let token = match claim.token() {
//!         Some(token) => database.token(token).await,
//!         None => None,
//!     };
//!     // Prove: by the signature, in constant time.
//!     let proof = claim.prove(client.as_ref(), token.as_ref())?;
//!     // Admit: in time, and not seen before.
//!     proof.admit(log).await
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Once: the origin that clients call, and the log of nonces.
//! let policy = Policy::new(Origin::new("https://photos.example.net")?);
//! # let policy = policy.clock(|| Ok(137_131_202));
//! let log = MemoryNonceLog::new(1_000_000, 100_000)?;
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
//! # Ok(()) }
//! ```
//!
//! # What a client is told
//!
//! [`Rejection::to_response`] makes the answer:
//!
//! | | when |
//! |---|---|
//! | 400 | the request cannot be read, is too large, has a parameter twice or in two places: the field is named |
//! | 401 | everything about identity and signature: one text, and a challenge |
//! | 503 | the records, the log or the clock fail, or the log is full |
//!
//! An unknown client, an unknown token and a wrong signature are one answer that takes one time, since what
//! is not there is replaced by a secret that nobody has. A client's is of 32 letters and digits, as most
//! are, a token's of 26, as [`provider`](crate::provider) issues them: longer secrets do take longer, and so
//! do RSA keys of more than 2048 bits.
//!
//! Why it was refused, [`Rejection::reason`] says, and [`Claim::explanation`] what was computed, to be laid
//! beside what the client says that it has signed: for the operator, never for the client.
//!
//! # What is not believed
//!
//! Scheme, host and port are those of the policy's origin, which is the external one where there is a proxy.
//! A `Host` that differs is refused, and `Forwarded` and `X-Forwarded-…` are not read. Where a proxy or a
//! router rewrites the path, give [`IncomingRequest::new`] the one that the client has called.
//!
//! # Nonces
//!
//! A request counts once. [`MemoryNonceLog`] remembers for one process; where there are several,
//! `RedisNonceLog` (feature `redis`) for all of them, or a [`NonceLog`] of one's own over what they share.

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
mod policy;

pub use claim::Claim;
pub use incoming::IncomingRequest;
pub use limits::Limits;
pub use method::{SignatureMethodName, UnknownSignatureMethod};
#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
pub use nonce::RedisNonceLog;
pub use nonce::{MemoryNonceLog, Nonce, NonceLog, NonceStatus};
pub use parameters::{ParameterError, VerifiedParameter, VerifiedParameters, VerifiedParametersIter};
pub use policy::{HeadCheck, Policy};
pub use proof::Proof;
pub use reason::RejectionReason;
pub use record::{ClientRecord, ClientRecordError, TokenRecord};
pub use rejection::Rejection;
pub use verified::VerifiedRequest;
