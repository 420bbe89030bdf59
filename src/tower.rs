//! tower layers that sign or verify requests, and the flow over any tower service.
//!
//! - [`SigningLayer`] signs each request of a client.
//! - [`VerifyingLayer`] verifies each request of a server.
//! - [`request_credentials`] sends a request of the [flow](crate::flow) through a service.
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
//! Put the layer inside the layers that send a request more than once (retries, hedging, redirects). Then
//! each attempt has its own timestamp, nonce and signature.
//!
//! If a request is for an origin that the layer does not know, the service returns [`ServiceError::OtherOrigin`] and
//! does not send the request. So an outer layer that follows redirects cannot make it sign a request for
//! another server.
//!
//! The layer reads form bodies in `String`, `Vec<u8>`, `Bytes` and similar types, and in
//! [`Full<Bytes>`](http_body_util::Full). For a form in any other type, the service returns an error that
//! says what to change.
//!
//! # Verifying
//!
//! [`VerifyingLayer`] verifies each request before the inner service receives it. It adds a
//! [`VerifiedRequest`](crate::verify::VerifiedRequest) to the extensions of each request that it accepts.
//! With axum, the extractors of the feature `axum` read it.

pub(crate) mod body;
mod error;
mod layer;
mod request_credentials;
mod verify;

pub use error::ServiceError;
pub use layer::{Signing, SigningFuture, SigningLayer};
pub use request_credentials::request_credentials;
pub use verify::{Lookup, LookupResult, RequestBody, ResponseBody, Verifying, VerifyingLayer};
