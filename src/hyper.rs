//! Signs requests for hyper 1, and runs the flow over hyper-util's client.
//!
//! - [`authorize`] signs a request. hyper-util's [`Client`] takes requests with absolute URLs, and a
//!   connection takes requests in origin-form: [`authorize`] signs both.
//! - [`SigningLayer`](crate::tower::SigningLayer) wraps a client, and signs each attempt of a retry.
//! - [`request_credentials`] sends a request of the [flow](crate::flow).
//!
//! hyper follows no redirects, and does not repeat a request that a server may have received.
//!
//! # Examples
//!
//! ```
//! use bytes::Bytes;
//! use http::uri::Scheme;
//! use http_body_util::Full;
//! use hyper_util::client::legacy::Client;
//! use hyper_util::client::legacy::connect::HttpConnector;
//! # use oauth1_signer::{Signer, flow::Flow};
//! # async fn f(signer: Signer, flow: Flow) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let client = Client::builder(hyper_util::rt::TokioExecutor::new()).build(HttpConnector::new());
//! let request = http::Request::get("http://127.0.0.1/1/items").body(Full::<Bytes>::default())?;
//! let request = oauth1_signer::hyper::authorize(&signer, &Scheme::HTTP, request)?;
//! let response = client.request(request).await?;
//!
//! // The first request of the flow.
//! let request = flow.temporary_credentials("oob")?;
//! let pending = oauth1_signer::hyper::request_credentials(&client, &request).await?.credentials;
//! # Ok(()) }
//! ```
//!
//! If you have a connection instead of a client, use a service that converts requests with
//! [`to_origin_form`]:
//!
//! ```
//! # use bytes::Bytes;
//! # use http_body_util::Full;
//! # use oauth1_signer::flow::Flow;
//! # async fn f(mut connection: hyper::client::conn::http1::SendRequest<Full<Bytes>>, flow: Flow)
//! # -> Result<(), Box<dyn std::error::Error>> {
//! use oauth1_signer::hyper::to_origin_form;
//!
//! let service = tower::service_fn(|request| connection.send_request(to_origin_form(request)));
//! let request = flow.temporary_credentials("oob")?;
//! let pending = oauth1_signer::tower::request_credentials(service, &request).await?.credentials;
//! # Ok(()) }
//! ```

use bytes::Bytes;
use http::header::HOST;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::Connect;

use crate::flow::{CredentialsRequest, CredentialsResponse};
use crate::request::{RequestError, RequestRef};
use crate::signer::authorize::put_on;
use crate::signer::{SignError, Signer};
use crate::tower::body::known_bytes;
use crate::tower::{self, ServiceError};

/// Signs a request for a client or a connection of hyper, and replaces an earlier signature.
///
/// The URL of the request is absolute, or in origin-form (`/path?query`) with a Host header, as HTTP/1
/// connections need it. `scheme` is the scheme of the connection: https if it uses TLS. This function reads
/// the same types of bodies as [`Signer::authorize`](crate::Signer::authorize), and also
/// [`Full<Bytes>`](http_body_util::Full) and [`Empty<Bytes>`](http_body_util::Empty).
///
/// # Errors
/// Returns [`SignError::Request`] if the request has no host, has another scheme, or has a form body in a
/// type that hides its bytes.
///
/// # Examples
///
/// ```
/// use bytes::Bytes;
/// use http::uri::Scheme;
/// use http_body_util::Full;
/// # use oauth1_signer::{ClientCredentials, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
/// let request = http::Request::get("/1/items").header("host", "api.example.com");
/// let request = request.body(Full::<Bytes>::default())?;
/// let request = oauth1_signer::hyper::authorize(&signer, &Scheme::HTTPS, request)?;
/// assert!(request.headers().contains_key("authorization"));
/// # Ok(()) }
/// ```
pub fn authorize<B: 'static>(
    signer: &Signer,
    scheme: &Scheme,
    mut request: Request<B>,
) -> Result<Request<B>, SignError> {
    let body = known_bytes(request.body());
    put_on(signer, &mut request, body.as_deref(), |request| {
        let view = RequestRef::in_origin_form(request, scheme)?.with_body_of(request);
        if view.target().has_userinfo() {
            return Err(RequestError::SecondAuthorization.into());
        }
        Ok::<_, SignError>(view)
    })?;
    Ok(request)
}

/// Converts a request with an absolute URL to origin-form with a Host header.
///
/// Connections of hyper need this form. A signature in the request stays valid.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), http::Error> {
/// let request = http::Request::get("https://api.example.com/1/items?count=20").body(())?;
/// let request = oauth1_signer::hyper::to_origin_form(request);
/// assert_eq!(request.uri(), "/1/items?count=20");
/// assert_eq!(request.headers()["host"], "api.example.com");
/// # Ok(()) }
/// ```
#[must_use]
pub fn to_origin_form<B>(mut request: Request<B>) -> Request<B> {
    let uri = std::mem::take(request.uri_mut());
    if let Some(authority) = uri.authority() {
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        if let Ok(host) = HeaderValue::from_str(host) {
            request.headers_mut().insert(HOST, host);
        }
    }
    let target = uri.into_parts().path_and_query.unwrap_or(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(target);
    request
}

/// Sends a request of the [flow](crate::flow), and returns the credentials from the response.
///
/// `client` is a client of hyper-util. It must not sign requests, because this request is already signed.
///
/// # Errors
/// Returns [`ServiceError::Sign`] if the request cannot be signed, [`ServiceError::Service`] if the client fails, and
/// [`ServiceError::Response`] if the response has no credentials.
///
/// # Examples
///
/// See the [module](self).
#[doc(alias = "request token")]
#[doc(alias = "access token")]
pub async fn request_credentials<N, B, C>(
    client: &Client<N, B>,
    request: &CredentialsRequest<C>,
) -> Result<CredentialsResponse<C>, ServiceError>
where
    N: Connect + Clone + Send + Sync + 'static,
    B: http_body::Body + From<Bytes> + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    tower::request_credentials(client.clone(), request).await
}
