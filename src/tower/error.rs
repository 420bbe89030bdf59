//! What can go wrong between a signer and a service.

use std::error;

use crate::flow::ResponseError;
use crate::request::RequestError;
use crate::signer::SignError;

/// Why there is no answer to a signed request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request was not signed, and not sent.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The request is for an origin that the layer does not sign for. It was not sent.
    #[error(
        "the request is for another scheme, host or port than the layer signs for: if it is to be trusted \
         with this signer, name it in SigningLayer::also_for"
    )]
    OtherOrigin,
    /// The service failed, or the body of its answer could not be read.
    #[error("the request was not answered")]
    Service(#[source] Box<dyn error::Error + Send + Sync>),
    /// The answer of a leg brought no credentials.
    #[error(transparent)]
    Response(#[from] ResponseError),
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        Self::Sign(error.into())
    }
}
