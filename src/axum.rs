//! Extractors of verified requests for axum 0.8.
//!
//! [`VerifyingLayer`] verifies a request, and extractors give the handler what was verified:
//!
//! - [`VerifiedRequest`] is an extractor. It tells which client and which user sent the request.
//! - [`Parameters`] holds the signed parameters of query, form and header, in a type of yours.
//!
//! # Security
//!
//! Use [`Parameters`] in place of axum's `Query`, `Form`, `RawQuery` and `RawForm`. An OAuth signature covers
//! each parameter, but not its place or order. Anybody who relays a request can move a parameter from the
//! query into the form. A handler that reads only one of the two then sees other parameters than were
//! verified.
//!
//! The signature does not cover a body that is neither a form nor hashed. For `Json` or `Multipart`, check
//! [`VerifiedRequest::body_is_signed`], or set [`Policy::require_signed_body`].
//!
//! # Examples
//!
//! ```
//! use axum::Router;
//! use axum::routing::post;
//! use oauth1_signer::axum::Parameters;
//! use oauth1_signer::tower::VerifyingLayer;
//! use oauth1_signer::verify::{MemoryNonceLog, VerifiedRequest};
//!
//! #[derive(serde::Deserialize)]
//! struct Note {
//!     text: String,
//! }
//!
//! async fn write(caller: VerifiedRequest, Parameters(note): Parameters<Note>) -> String {
//!     format!("{} writes: {}", caller.user().unwrap_or("nobody"), note.text)
//! }
//!
//! fn api(layer: VerifyingLayer<MemoryNonceLog>) -> Router {
//!     Router::new().route("/notes", post(write)).route_layer(layer)
//! }
//! ```
//!
//! [`Policy::require_signed_body`]: crate::verify::Policy::require_signed_body
//! [`VerifyingLayer`]: crate::tower::VerifyingLayer

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::verify::{ParameterError, VerifiedRequest};

/// The signed parameters of a verified request, read into a `T`.
///
/// It reads [`VerifiedRequest::parameters`]: those of query, form and header together, without the protocol
/// parameters. A field of type `Vec` takes all values of a parameter that is sent several times. For any
/// other field, several values are an error.
///
/// The extractor does not touch the body, so a handler can still read it.
///
/// # Examples
///
/// ```
/// use oauth1_signer::axum::Parameters;
///
/// #[derive(serde::Deserialize)]
/// struct Payment {
///     to: String,
///     amount: u64,
///     note: Option<String>,
/// }
///
/// async fn pay(Parameters(payment): Parameters<Payment>) -> String {
///     let Payment { to, amount, note } = payment;
///     format!("{amount} to {to}: {}", note.unwrap_or_default())
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parameters<T>(pub T);

/// The error of an extractor on a route without a layer that verifies requests.
///
/// The status is 500: it is a mistake in the server. Its text, which is also the body of the response, names
/// the remedy. See [`VerifyingLayer`](crate::tower::VerifyingLayer).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the request was not verified: add a VerifyingLayer to this route (Router::route_layer, after the route)"
)]
#[non_exhaustive]
pub struct MissingLayer;

/// The error of [`Parameters`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParametersRejection {
    /// No layer has verified the request. The status is 500.
    #[error(transparent)]
    MissingLayer(#[from] MissingLayer),
    /// The parameters do not fit the type. The status is 400.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

/// Extracts the verified request from the extensions, where the layer has put it.
///
/// # Errors
///
/// Returns [`MissingLayer`] if no layer has verified the request.
impl<S: Sync> FromRequestParts<S> for VerifiedRequest {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingLayer> {
        parts.extensions.get::<Self>().cloned().ok_or(MissingLayer)
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = ParametersRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ParametersRejection> {
        let verified = parts.extensions.get::<VerifiedRequest>().ok_or(MissingLayer)?;
        Ok(Self(verified.parameters().parse()?))
    }
}

impl IntoResponse for MissingLayer {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("{self}\n")).into_response()
    }
}

impl IntoResponse for ParametersRejection {
    fn into_response(self) -> Response {
        match self {
            Self::MissingLayer(missing) => missing.into_response(),
            Self::Parameter(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
        }
    }
}
