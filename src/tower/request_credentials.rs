//! Sends the requests of the flow through any tower service.

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

/// Sends a request of the [flow](crate::flow), and returns the credentials from the response.
///
/// The service must be an HTTP client that does not follow redirects, such as hyper-util's. It must not sign
/// requests, because this request is already signed.
///
/// # Errors
/// Returns [`ServiceError::Sign`] if the request cannot be signed, [`ServiceError::Service`] if the service fails, and
/// [`ServiceError::Response`] if the response has no credentials.
///
/// # Examples
///
/// ```
/// # use bytes::Bytes;
/// # use http_body_util::Full;
/// # use hyper_util::client::legacy::{Client, connect::HttpConnector};
/// # use oauth1_signer::flow::Flow;
/// use oauth1_signer::tower::request_credentials;
///
/// # async fn f(client: Client<HttpConnector, Full<Bytes>>, flow: Flow)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// let request = flow.temporary_credentials("oob")?;
/// let pending = request_credentials(client, &request).await?.credentials;
/// # Ok(()) }
/// ```
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

/// Reads at most [`MAX_RESPONSE_LEN`] bytes of a body, and one more if the body is longer.
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
