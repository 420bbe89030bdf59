//! The clients that there are adapters for, behind one shape.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::uri::Scheme;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use oauth1_signer::flow::{CredentialsRequest, CredentialsResponse, ResponseError};
use oauth1_signer::tower::SigningLayer;
use oauth1_signer::{Origin, Signer};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tower::{Layer, ServiceExt, service_fn};

/// An error that nobody asked for: the cell where it happens has failed.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

pub(crate) type Answer = Response<Bytes>;

pub(crate) type HyperClient = hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>;

const REQUEST_LIMIT: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Reqwest,
    Blocking,
    /// hyper-util's client: URLs in absolute form.
    Hyper,
    /// hyper's connections themselves: targets in origin-form.
    Connection,
    /// The layer, over hyper-util's client.
    Tower,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] =
        [Self::Reqwest, Self::Blocking, Self::Hyper, Self::Connection, Self::Tower];
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Reqwest => "reqwest",
            Self::Blocking => "reqwest, blocking",
            Self::Hyper => "hyper-util's client",
            Self::Connection => "hyper's connection",
            Self::Tower => "tower",
        })
    }
}

/// A client that signs by its adapter. None of what it sends takes longer than [`REQUEST_LIMIT`].
pub(crate) struct Client {
    runtime: Runtime,
    sender: Sender,
}

enum Sender {
    Reqwest(oauth1_signer::reqwest::Client),
    Blocking(oauth1_signer::reqwest::blocking::Client),
    Hyper(HyperClient),
    Connection,
    Tower(HyperClient),
}

impl Client {
    pub(crate) fn new(kind: Kind) -> Self {
        let sender = match kind {
            Kind::Reqwest => Sender::Reqwest(reqwest_client()),
            Kind::Blocking => Sender::Blocking(blocking_client()),
            Kind::Hyper => Sender::Hyper(hyper_client()),
            Kind::Connection => Sender::Connection,
            Kind::Tower => Sender::Tower(hyper_client()),
        };
        Self { runtime: runtime(), sender }
    }

    /// Sends the request of a leg. The inner error is what the adapter makes of a provider's no.
    pub(crate) fn request_credentials<C>(
        &self,
        leg: &CredentialsRequest<C>,
    ) -> Outcome<Result<CredentialsResponse<C>, ResponseError>> {
        match &self.sender {
            Sender::Reqwest(client) => {
                of_reqwest(self.wait(async { Ok(client.request_credentials(leg).await) })?)
            }
            Sender::Blocking(client) => of_reqwest(client.request_credentials(leg)),
            Sender::Hyper(client) => of_tower(
                self.wait(async { Ok(oauth1_signer::hyper::request_credentials(client, leg).await) })?,
            ),
            Sender::Connection => {
                let connection = service_fn(|request| send_by_connection(in_origin_form(request)));
                of_tower(
                    self.wait(async {
                        Ok(oauth1_signer::tower::request_credentials(connection, leg).await)
                    })?,
                )
            }
            Sender::Tower(client) => {
                of_tower(self.wait(async {
                    Ok(oauth1_signer::tower::request_credentials(client.clone(), leg).await)
                })?)
            }
        }
    }

    /// Signs a request and sends it, in one where the adapter does that.
    pub(crate) fn call(&self, signer: &Signer, request: Request<Bytes>) -> Outcome<Answer> {
        match &self.sender {
            Sender::Reqwest(client) => self.wait(async {
                let request = for_reqwest(request)?;
                of_response(client.with_signer(signer.clone()).execute(request).await?).await
            }),
            Sender::Blocking(client) => {
                let request = for_blocking(request)?;
                of_blocking_response(client.with_signer(signer.clone()).execute(request)?)
            }
            Sender::Hyper(client) => self.wait(async {
                let request = oauth1_signer::hyper::authorize(signer, &Scheme::HTTP, request.map(Full::new))?;
                collect(client.request(request).await?).await
            }),
            Sender::Connection => self.wait(async {
                let request = in_origin_form(request.map(Full::new));
                let request = oauth1_signer::hyper::authorize(signer, &Scheme::HTTP, request)?;
                collect(send_by_connection(request).await?).await
            }),
            Sender::Tower(client) => self.wait(async {
                let service = layer(signer, &request)?.layer(client.clone());
                collect(service.oneshot(request.map(Full::new)).await?).await
            }),
        }
    }

    /// Signs a request, and puts what the adapter made on it, without sending it.
    pub(crate) fn sign(&self, signer: &Signer, mut request: Request<Bytes>) -> Outcome<Request<Bytes>> {
        let unsigned = request.clone();
        let header = |headers: &http::HeaderMap| headers.get(AUTHORIZATION).cloned().ok_or("it is unsigned");
        let authorization: HeaderValue = match &self.sender {
            Sender::Reqwest(_) => header(signer.authorize(for_reqwest(unsigned)?)?.headers())?,
            Sender::Blocking(_) => header(signer.authorize(for_blocking(unsigned)?)?.headers())?,
            Sender::Hyper(_) => {
                let unsigned = unsigned.map(Full::new);
                header(oauth1_signer::hyper::authorize(signer, &Scheme::HTTP, unsigned)?.headers())?
            }
            Sender::Connection => {
                let unsigned = in_origin_form(unsigned.map(Full::new));
                header(oauth1_signer::hyper::authorize(signer, &Scheme::HTTP, unsigned)?.headers())?
            }
            Sender::Tower(_) => {
                let caught = service_fn(async |signed: Request<Full<Bytes>>| header(signed.headers()));
                let service = layer(signer, &unsigned)?.layer(caught);
                self.wait(async { Ok(service.oneshot(unsigned.map(Full::new)).await?) })?
            }
        };
        request.headers_mut().insert(AUTHORIZATION, authorization);
        Ok(request)
    }

    /// Sends a request as it is, and follows no redirect.
    pub(crate) fn send(&self, request: Request<Bytes>) -> Outcome<Answer> {
        match &self.sender {
            Sender::Reqwest(client) => self
                .wait(async { of_response(client.unsigned().execute(for_reqwest(request)?).await?).await }),
            Sender::Blocking(client) => {
                of_blocking_response(client.unsigned().execute(for_blocking(request)?)?)
            }
            Sender::Hyper(client) | Sender::Tower(client) => {
                self.wait(async { collect(client.request(request.map(Full::new)).await?).await })
            }
            Sender::Connection => self.wait(async {
                collect(send_by_connection(in_origin_form(request.map(Full::new))).await?).await
            }),
        }
    }

    /// The target of a URL as this client sends it: reqwest's are of the `url` crate, which escapes some
    /// characters more than http does.
    pub(crate) fn original_uri(&self, url: &http::Uri) -> Outcome<String> {
        Ok(match &self.sender {
            Sender::Reqwest(_) | Sender::Blocking(_) => {
                url::Url::parse(&url.to_string())?[url::Position::BeforePath..].to_owned()
            }
            _ => url.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned(),
        })
    }

    fn wait<T>(&self, future: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        self.runtime.block_on(async { tokio::time::timeout(REQUEST_LIMIT, future).await? })
    }
}

pub(crate) fn runtime() -> Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime")
}

pub(crate) fn hyper_client() -> HyperClient {
    hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(HttpConnector::new())
}

pub(crate) fn reqwest_client() -> oauth1_signer::reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().timeout(REQUEST_LIMIT);
    oauth1_signer::reqwest::Client::new(nobody(), builder).expect("a client")
}

pub(crate) fn blocking_client() -> oauth1_signer::reqwest::blocking::Client {
    let builder = reqwest::blocking::Client::builder().no_proxy().timeout(REQUEST_LIMIT);
    oauth1_signer::reqwest::blocking::Client::new(nobody(), builder).expect("a client")
}

/// The signer of a client that gets another one for each call.
fn nobody() -> Signer {
    Signer::builder(oauth1_signer::ClientCredentials::new("nobody", "secret")).build().expect("a signer")
}

fn layer<B>(signer: &Signer, request: &Request<B>) -> Outcome<SigningLayer> {
    let authority = request.uri().authority().ok_or("the URL is not absolute")?;
    Ok(SigningLayer::new(signer.clone(), Origin::new(&format!("http://{authority}"))?))
}

fn in_origin_form<B>(request: Request<B>) -> Request<B> {
    oauth1_signer::hyper::to_origin_form(request)
}

/// By a connection for this request only.
async fn send_by_connection(request: Request<Full<Bytes>>) -> Outcome<Response<Incoming>> {
    let host = request.headers().get(http::header::HOST).ok_or("no host")?.to_str()?;
    let stream = TcpStream::connect(host).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?)
}

pub(crate) async fn collect(response: Response<Incoming>) -> Outcome<Answer> {
    let (head, body) = response.into_parts();
    Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
}

/// A request without a Content-Type has no body.
fn for_reqwest(request: Request<Bytes>) -> Outcome<reqwest::Request> {
    let has_body = request.headers().contains_key(CONTENT_TYPE);
    let mut request = reqwest::Request::try_from(request)?;
    request.body_mut().take_if(|_| !has_body);
    Ok(request)
}

fn for_blocking(request: Request<Bytes>) -> Outcome<reqwest::blocking::Request> {
    let has_body = request.headers().contains_key(CONTENT_TYPE);
    let mut request = reqwest::blocking::Request::try_from(request)?;
    request.body_mut().take_if(|_| !has_body);
    Ok(request)
}

pub(crate) async fn of_response(mut response: reqwest::Response) -> Outcome<Answer> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    Ok(answer(status, headers, response.bytes().await?))
}

pub(crate) fn of_blocking_response(mut response: reqwest::blocking::Response) -> Outcome<Answer> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    Ok(answer(status, headers, response.bytes()?))
}

fn answer(status: http::StatusCode, headers: http::HeaderMap, body: Bytes) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    answer
}

fn of_reqwest<T>(result: Result<T, oauth1_signer::reqwest::Error>) -> Outcome<Result<T, ResponseError>> {
    match result {
        Ok(issued) => Ok(Ok(issued)),
        Err(oauth1_signer::reqwest::Error::Response(rejected)) => Ok(Err(rejected.reason().clone())),
        Err(error) => Err(error.into()),
    }
}

fn of_tower<T>(result: Result<T, oauth1_signer::tower::ServiceError>) -> Outcome<Result<T, ResponseError>> {
    match result {
        Ok(issued) => Ok(Ok(issued)),
        Err(oauth1_signer::tower::ServiceError::Response(rejected)) => Ok(Err(rejected.reason().clone())),
        Err(error) => Err(error.into()),
    }
}
