//! The three legs over a service.

use std::error;
use std::future::poll_fn;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower_service::Service;

use crate::flow::{CredentialsRequest, CredentialsResponse, MAX_RESPONSE_LEN, ResponseError};

use super::error::Error;

/// Sends the request of a leg by a service, and reads the credentials that answer it.
///
/// The service is an HTTP client that does not follow redirects: hyper-util's is one. It must not
/// sign by itself, since the leg's request is signed already.
///
/// # Errors
/// If it cannot be signed or sent, or brings no credentials.
pub async fn request_credentials<S, B, R, C>(
    mut service: S,
    leg: &CredentialsRequest<C>,
) -> Result<CredentialsResponse<C>, Error>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<Box<dyn error::Error + Send + Sync>>,
    B: From<Bytes>,
    R: Body,
    R::Error: Into<Box<dyn error::Error + Send + Sync>>,
{
    poll_fn(|cx| service.poll_ready(cx)).await.map_err(|error| Error::Service(error.into()))?;
    let request = leg.to_request()?.map(|body| B::from(Bytes::from(body)));
    let response = service.call(request).await.map_err(|error| Error::Service(error.into()))?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, MAX_RESPONSE_LEN).collect().await.map_err(unread)?.to_bytes();
    Ok(leg.parse_response(&Response::from_parts(head, body))?)
}

fn unread(error: Box<dyn error::Error + Send + Sync>) -> Error {
    if error.is::<LengthLimitError>() { ResponseError::TooLarge.into() } else { Error::Service(error) }
}
