//! hyper 1: signing for its connections, and the three legs over hyper-util's client.
//!
//! hyper-util's `legacy::Client` takes requests with absolute URLs: [`Signer::authorize`] signs them,
//! or [`SigningLayer`](crate::tower::SigningLayer) does for each attempt. hyper follows no redirects
//! and repeats no request that a server may have seen.
//!
//! ```
//! use bytes::Bytes;
//! use http_body_util::Full;
//! use hyper_util::client::legacy::Client;
//! use hyper_util::client::legacy::connect::HttpConnector;
//! # use oauth1_signer::{Signer, flow::Flow};
//! # async fn f(signer: Signer, flow: Flow) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let client = Client::builder(hyper_util::rt::TokioExecutor::new()).build(HttpConnector::new());
//! let request = http::Request::get("http://127.0.0.1/1/items").body(Full::<Bytes>::default())?;
//! let response = client.request(oauth1_signer::hyper::authorize(&signer, &http::uri::Scheme::HTTP, request)?).await?;
//!
//! // The three legs.
//! let issued = oauth1_signer::hyper::request_credentials(&client, &flow.temporary_credentials("oob")?).await?;
//! # Ok(()) }
//! ```
//!
//! Over a connection of one's own, without a client: a service that sends in origin-form.
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
//! let issued = oauth1_signer::tower::request_credentials(service, &flow.temporary_credentials("oob")?).await?;
//! # Ok(()) }
//! ```
//!
//! [`Signer::authorize`]: crate::Signer::authorize

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST};
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::Connect;

use crate::flow::{CredentialsRequest, CredentialsResponse};
use crate::request::{RequestError, RequestRef};
use crate::signer::authorize::check_authorization;
use crate::signer::{SignError, Signer};
use crate::tower::body::Seen;
use crate::tower::{self, Error};

/// Signs a request for a connection of hyper's, in place of an earlier signature.
///
/// Its target is in origin-form, with a Host header, as HTTP/1 connections want it, or absolute.
/// `scheme` is what the connection is: https where there is TLS. Beside the bodies that
/// [`Signer::authorize`](crate::Signer::authorize) sees, this sees `Full<Bytes>`.
///
/// # Errors
/// If the request cannot be signed as it stands, has no host, or another scheme.
pub fn authorize<B: 'static>(
    signer: &Signer,
    scheme: &Scheme,
    mut request: Request<B>,
) -> Result<Request<B>, SignError> {
    check_authorization(request.headers())?;
    let seen = Seen::of(request.body());
    let view = RequestRef::in_origin_form(&request, scheme)?.with_body_of(&request);
    if view.target().has_userinfo() {
        return Err(RequestError::SecondAuthorization.into());
    }
    let authorization = signer.sign(seen.show(view))?.to_header();
    request.headers_mut().insert(AUTHORIZATION, authorization);
    Ok(request)
}

/// Turns a request with an absolute URL into origin-form with a Host header, for a connection of
/// hyper's. What was signed stays signed.
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

/// Sends the request of a leg by hyper-util's client, and reads the credentials that answer it.
///
/// # Errors
/// If it cannot be signed or sent, or brings no credentials.
pub async fn request_credentials<N, B, C>(
    client: &Client<N, B>,
    leg: &CredentialsRequest<C>,
) -> Result<CredentialsResponse<C>, Error>
where
    N: Connect + Clone + Send + Sync + 'static,
    B: http_body::Body + From<Bytes> + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    tower::request_credentials(client.clone(), leg).await
}
