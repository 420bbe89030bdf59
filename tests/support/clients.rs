//! The clients that have adapters, behind one interface, with one type for their errors.
#![allow(dead_code, reason = "each test binary uses its own part of it")]

use std::error::Error;
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use oauth1_signer::flow::{CredentialsRequest, CredentialsResponse, ResponseError};
use oauth1_signer::reqwest::RedirectError;
use oauth1_signer::tower::SigningLayer;
use oauth1_signer::{ClientCredentials, Origin, SignError, Signer, percent_encode};
use tower::ServiceExt;
use tower::timeout::Timeout;
use tower_layer::Layer;

use super::oracle;
use super::server::IncomingRequest;

/// The runtime of the asynchronous clients.
pub(crate) static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("a runtime")
});

pub(crate) fn reqwest_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().no_proxy()
}

pub(crate) fn blocking_builder() -> reqwest::blocking::ClientBuilder {
    reqwest::blocking::Client::builder().no_proxy()
}

/// Returns a signer for a client that gets another signer for each call.
pub(crate) fn nobody() -> Signer {
    Signer::builder(ClientCredentials::new("nobody", "secret")).build().expect("a signer")
}

pub(crate) type HyperClient = legacy::Client<HttpConnector, Full<Bytes>>;

pub(crate) fn hyper_client() -> HyperClient {
    legacy::Client::builder(TokioExecutor::new()).build(HttpConnector::new())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// reqwest's asynchronous client.
    Reqwest,
    /// reqwest's blocking client.
    Blocking,
    /// hyper-util's client.
    Hyper,
    /// hyper-util's client in a service with a time limit, behind the layer.
    Tower,
}

pub(crate) const KINDS: [Kind; 4] = [Kind::Reqwest, Kind::Blocking, Kind::Hyper, Kind::Tower];

/// A client, with its time limit.
pub(crate) enum Client {
    Reqwest(oauth1_signer::reqwest::Client),
    Blocking(oauth1_signer::reqwest::blocking::Client),
    Hyper(HyperClient, Duration),
    Tower(Timeout<HyperClient>, Duration),
}

impl Client {
    pub(crate) fn new(kind: Kind, patience: Duration) -> Self {
        match kind {
            Kind::Reqwest => {
                let builder = reqwest_builder().timeout(patience);
                Self::Reqwest(oauth1_signer::reqwest::Client::new(nobody(), builder).expect("a client"))
            }
            Kind::Blocking => {
                let builder = blocking_builder().timeout(patience);
                Self::Blocking(
                    oauth1_signer::reqwest::blocking::Client::new(nobody(), builder).expect("a client"),
                )
            }
            Kind::Hyper => Self::Hyper(hyper_client(), patience),
            Kind::Tower => Self::Tower(Timeout::new(hyper_client(), patience), patience),
        }
    }

    /// Sends a request of the flow with the adapter's own function.
    pub(crate) fn request_credentials<C>(
        &self,
        leg: &CredentialsRequest<C>,
    ) -> Result<CredentialsResponse<C>, Failure> {
        match self {
            Self::Reqwest(client) => RUNTIME.block_on(client.request_credentials(leg)).map_err(Failure::from),
            Self::Blocking(client) => client.request_credentials(leg).map_err(Failure::from),
            Self::Hyper(client, patience) => within(*patience, async {
                oauth1_signer::hyper::request_credentials(client, leg).await.map_err(Failure::from)
            }),
            // The service's own limit is for the head only, and ends first.
            Self::Tower(client, patience) => within(2 * *patience, async {
                oauth1_signer::tower::request_credentials(client.clone(), leg).await.map_err(Failure::from)
            }),
        }
    }

    /// Signs a request, sends it, and reads the whole response.
    pub(crate) fn call(&self, signer: &Signer, request: Request<Vec<u8>>) -> Result<Answer, Failure> {
        self.call_and(signer, request, true)
    }

    /// Signs a request, sends it, and drops the response without reading its body.
    pub(crate) fn call_unread(&self, signer: &Signer, request: Request<Vec<u8>>) -> Result<Answer, Failure> {
        self.call_and(signer, request, false)
    }

    fn call_and(&self, signer: &Signer, request: Request<Vec<u8>>, read: bool) -> Result<Answer, Failure> {
        match self {
            Self::Reqwest(client) => RUNTIME.block_on(async {
                let request = reqwest::Request::try_from(request)?;
                let response = client.with_signer(signer.clone()).execute(request).await?;
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let body = if read { response.bytes().await? } else { Bytes::new() };
                Ok(Answer { status, headers, body })
            }),
            Self::Blocking(client) => {
                let request = reqwest::blocking::Request::try_from(request)?;
                let response = client.with_signer(signer.clone()).execute(request)?;
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let body = if read { response.bytes()? } else { Bytes::new() };
                Ok(Answer { status, headers, body })
            }
            Self::Hyper(client, patience) => within(*patience, async {
                let request = request.map(|body| Full::new(Bytes::from(body)));
                let request = oauth1_signer::hyper::authorize(signer, &Scheme::HTTP, request)?;
                Answer::of(client.request(request).await?, read).await
            }),
            Self::Tower(client, patience) => within(2 * *patience, async {
                let origin = request.uri().to_string();
                let end = origin.find("//").and_then(|at| Some(at + 2 + origin[at + 2..].find('/')?));
                let origin = Origin::new(&origin[..end.unwrap_or(origin.len())]).expect("an origin");
                let service = SigningLayer::new(signer.clone(), origin).layer(client.clone());
                let request = request.map(|body| Full::new(Bytes::from(body)));
                Answer::of(service.oneshot(request).await?, read).await
            }),
        }
    }
}

fn within<T>(patience: Duration, future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    RUNTIME.block_on(async {
        match tokio::time::timeout(patience, future).await {
            Ok(result) => result,
            Err(elapsed) => Err(Failure::new(Shape::Timeout, elapsed)),
        }
    })
}

/// A response with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    async fn of(response: http::Response<hyper::body::Incoming>, read: bool) -> Result<Self, Failure> {
        let (head, body) = response.into_parts();
        let body = if read { body.collect().await?.to_bytes() } else { Bytes::new() };
        Ok(Self { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// The kind of an error, without the details that differ between clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The request could not be signed, so nothing was sent.
    Unsigned,
    /// The URL was of another origin, so nothing was sent.
    OtherOrigin,
    /// The network failed, or the response was not HTTP.
    Transport,
    Timeout,
    Redirect(u16, RedirectError),
    /// The server reported this code.
    Problem(String),
    Response(ResponseError),
}

#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) shape: Shape,
    pub(crate) error: Box<dyn Error + Send + Sync>,
    /// The flow's own error, if it is one.
    pub(crate) response: Option<ResponseError>,
}

impl Failure {
    fn new(shape: Shape, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { shape, error: error.into(), response: None }
    }

    pub(crate) fn response(response: &ResponseError, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let shape = match response {
            ResponseError::Problem(problem) => Shape::Problem(problem.code().to_owned()),
            other => Shape::Response(other.clone()),
        };
        Self { response: Some(response.clone()), ..Self::new(shape, error) }
    }

    /// Returns all texts that a program could print of the error, those of its sources included.
    pub(crate) fn shown(&self) -> Vec<String> {
        let mut shown = Vec::new();
        let mut next: Option<&(dyn Error + 'static)> = Some(&*self.error);
        while let Some(error) = next {
            shown.extend([
                format!("{error}"),
                format!("{error:#}"),
                format!("{error:?}"),
                format!("{error:#?}"),
            ]);
            next = error.source();
        }
        shown
    }
}

impl From<oauth1_signer::reqwest::Error> for Failure {
    fn from(error: oauth1_signer::reqwest::Error) -> Self {
        use oauth1_signer::reqwest::Error;
        let shape = match &error {
            Error::Sign(_) => Shape::Unsigned,
            Error::Transport(source) if source.is_timeout() => Shape::Timeout,
            Error::Transport(_) | Error::Read(_) => Shape::Transport,
            Error::Redirect { status, reason } => Shape::Redirect(status.as_u16(), *reason),
            Error::Response(rejected) => return Self::response(&rejected.reason().clone(), error),
            _ => panic!("a new kind of error: {error:?}"),
        };
        Self::new(shape, error)
    }
}

impl From<oauth1_signer::tower::ServiceError> for Failure {
    fn from(error: oauth1_signer::tower::ServiceError) -> Self {
        use oauth1_signer::tower::ServiceError;
        let shape = match &error {
            ServiceError::Sign(_) => Shape::Unsigned,
            ServiceError::OtherOrigin => Shape::OtherOrigin,
            ServiceError::Service(source) if source.is::<tower::timeout::error::Elapsed>() => Shape::Timeout,
            ServiceError::Service(_) => Shape::Transport,
            ServiceError::Response(rejected) => return Self::response(&rejected.reason().clone(), error),
            _ => panic!("a new kind of error: {error:?}"),
        };
        Self::new(shape, error)
    }
}

impl From<SignError> for Failure {
    fn from(error: SignError) -> Self {
        Self::new(Shape::Unsigned, error)
    }
}

/// The error of a body that a program reads by itself. The program must remove the URL itself.
impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let shape = if error.is_timeout() { Shape::Timeout } else { Shape::Transport };
        Self::new(shape, error.without_url())
    }
}

impl From<legacy::Error> for Failure {
    fn from(error: legacy::Error) -> Self {
        Self::new(Shape::Transport, error)
    }
}

impl From<hyper::Error> for Failure {
    fn from(error: hyper::Error) -> Self {
        Self::new(Shape::Transport, error)
    }
}

/// Returns the first secret in the shown texts: as it is, or encoded once or twice.
pub(crate) fn leaked(shown: &[String], secrets: &[impl AsRef<str>]) -> Option<String> {
    let forms = secrets.iter().flat_map(|secret| {
        let once = percent_encode(secret.as_ref());
        let twice = percent_encode(&once);
        [secret.as_ref().to_owned(), once, twice]
    });
    let leak = |form: String| {
        let text = shown.iter().find(|text| text.contains(&form))?;
        Some(format!("{form:?} in {text}"))
    };
    forms.filter(|form| !form.is_empty()).find_map(leak)
}

/// Checks with the oracle that the signature matches the request as it was received.
pub(crate) fn check_signature(
    received: &IncomingRequest,
    scheme: &str,
    secrets: (&str, &str),
) -> Result<(), String> {
    let hosts = received.headers("Host");
    let [host] = &hosts[..] else { return Err(format!("{} Host headers", hosts.len())) };
    let request = oracle::Request {
        method: received.method(),
        url: format!("{scheme}://{host}{}", received.target()),
        query: Vec::new(),
        content_type: received.header("Content-Type"),
        body: oracle::Body::Bytes(received.body.clone()),
    };
    let mut pairs = oracle::request_pairs(&request);
    let protocol = received.oauth();
    let signature = protocol.get("oauth_signature").ok_or("no signature")?;
    pairs
        .extend(protocol.iter().map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes())));
    let base_string = oracle::base_string(&request.method, &request.url, &pairs);
    let expected = oracle::sign_bytes(oracle::Method::HmacSha1, secrets, &base_string);
    if *signature == expected {
        Ok(())
    } else {
        Err(format!("the signature does not fit what was received:\n{received:?}\n{base_string}"))
    }
}
