//! tower: a layer that signs each attempt, one that verifies each request, and the three legs over any
//! service.
//!
//! # Signing
//!
//! ```
//! use oauth1_signer::tower::SigningLayer;
//! use oauth1_signer::{Origin, Signer};
//! use tower_layer::Layer;
//! # fn f<S>(signer: Signer, client: S) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let api = Origin::new("https://api.example.com")?;
//! let client = SigningLayer::new(signer, api).layer(client);
//! # Ok(()) }
//! ```
//!
//! Put it inside of the layers that send a request more than once (retries, hedging, redirects): then each attempt
//! has a timestamp, a nonce and a signature of its own.
//!
//! A request for an origin that the layer was not created for is an error, and is not sent. So a layer outside of it
//! that follows redirects cannot make it sign for a stranger.
//!
//! The layer sees forms in `String`, `Vec<u8>`, `Bytes` and the like, and in `Full<Bytes>` of http-body-util. A form in
//! any other type is an error that names the remedy.
//!
//! # Verifying
//!
//! [`VerifyingLayer`] is for servers. It verifies each request, and leaves a
//! [`VerifiedRequest`](crate::verify::VerifiedRequest) among the extensions of those that it lets through. With
//! axum, the extractors of the feature `axum` read it.

pub(crate) mod body;
mod error;
mod layer;
mod request_credentials;
mod verify;

pub use error::ServiceError;
pub use layer::{Signing, SigningFuture, SigningLayer};
pub use request_credentials::request_credentials;
pub use verify::{Lookup, LookupResult, RequestBody, ResponseBody, Verifying, VerifyingLayer};
