//! The error of a service that signs.

use std::error;

use crate::flow::ResponseRejected;
use crate::request::RequestError;
use crate::signer::SignError;

/// The reason why a signed request has no response, or why the response has no credentials.
///
/// # Examples
///
/// ```
/// use oauth1_signer::tower::ServiceError;
///
/// fn is_worth_another_try(error: &ServiceError) -> bool {
///     matches!(error, ServiceError::Service(_))
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// The request could not be signed, and was not sent.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The request is for an origin that the layer does not sign for, and was not sent.
    #[error(
        "the request is for another scheme, host or port than the layer signs for: if it is to be trusted \
         with this signer, name it in SigningLayer::also_for"
    )]
    OtherOrigin,
    /// The service failed, or the body of its response could not be read.
    #[error("there was no response: see the source of this error, and sign a new request to try again")]
    Service(#[source] Box<dyn error::Error + Send + Sync>),
    /// The response to a [`CredentialsRequest`](crate::flow::CredentialsRequest) has no credentials.
    #[error(transparent)]
    Response(#[from] ResponseRejected),
}

impl From<RequestError> for ServiceError {
    fn from(error: RequestError) -> Self {
        Self::Sign(error.into())
    }
}
