//! The requests of the flow, over any service.

use std::error;
use std::future::poll_fn;
use std::pin::pin;

use bytes::{Buf, Bytes};
use http::{Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use tower_service::Service;

use crate::flow::{CredentialsRequest, CredentialsResponse, MAX_RESPONSE_LEN};

use super::error::ServiceError;

/// Sends a request of the [flow](crate::flow) through a service, and reads the credentials from the response.
///
/// The service is an HTTP client that does not follow redirects, such as hyper-util's. It must not sign, because the
/// request is signed already.
///
/// # Errors
/// Returns [`ServiceError::Sign`] if the request cannot be signed, [`ServiceError::Service`] if the service fails, and
/// [`ServiceError::Response`] if the response has no credentials.
#[doc(alias = "request token")]
#[doc(alias = "access token")]
pub async fn request_credentials<S, B, R, C>(
    mut service: S,
    request: &CredentialsRequest<C>,
) -> Result<CredentialsResponse<C>, ServiceError>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<Box<dyn error::Error + Send + Sync>>,
    B: From<Bytes>,
    R: Body,
    R::Error: Into<Box<dyn error::Error + Send + Sync>>,
{
    poll_fn(|cx| service.poll_ready(cx)).await.map_err(|error| ServiceError::Service(error.into()))?;
    let signed = request.to_request()?.map(|body| B::from(Bytes::from(body)));
    let response = service.call(signed).await.map_err(|error| ServiceError::Service(error.into()))?;
    let (head, body) = response.into_parts();
    let body = first_bytes(body).await.map_err(|error| ServiceError::Service(error.into()))?;
    Ok(request.parse_response(&Response::from_parts(head, body))?)
}

/// Reads as much of a body as a response may have, and one byte more, which shows that it is too long.
async fn first_bytes<R: Body>(body: R) -> Result<Vec<u8>, R::Error> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(mut data) = frame?.into_data() else { continue };
        let room = MAX_RESPONSE_LEN + 1 - bytes.len();
        let len = data.remaining().min(room);
        bytes.extend_from_slice(&data.copy_to_bytes(len));
        if len == room {
            break;
        }
    }
    Ok(bytes)
}
