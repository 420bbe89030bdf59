//! The layer that signs, its service, and its future.

use std::error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Request;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::request::{Origin, RequestError, RequestRef};
use crate::signer::Signer;
use crate::signer::authorize::put_on;

use super::body::known_bytes;
use super::error::ServiceError;

/// A [`Layer`] that signs each request for one or more origins.
///
/// Cloning it is cheap. The [module](super) describes the order of layers, and the types of bodies that it
/// reads.
///
/// # Examples
///
/// ```
/// use oauth1_signer::tower::SigningLayer;
/// use oauth1_signer::{ClientCredentials, Origin, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret")).build()?;
/// let layer = SigningLayer::new(signer, Origin::new("https://api.example.com")?)
///     .also_for(Origin::new("https://upload.example.com")?);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
#[doc(alias = "retry")]
pub struct SigningLayer {
    signer: Signer,
    origins: Arc<[Origin]>,
}

impl SigningLayer {
    /// Creates a layer that signs requests for `origin`, and rejects all other requests.
    pub fn new(signer: Signer, origin: Origin) -> Self {
        Self { signer, origins: Arc::new([origin]) }
    }

    /// Adds an origin, for an API with several hosts.
    ///
    /// A request in origin-form gets the scheme of the first origin that has its host and port.
    pub fn also_for(mut self, origin: Origin) -> Self {
        self.origins = self.origins.iter().cloned().chain([origin]).collect();
        self
    }

    fn sign<B: 'static>(&self, mut request: Request<B>) -> Result<Request<B>, ServiceError> {
        let body = known_bytes(request.body());
        put_on(&self.signer, &mut request, body.as_deref(), |request| self.view(request))?;
        Ok(request)
    }

    /// Creates a view of a request in absolute form, or in origin-form with a Host header.
    ///
    /// In origin-form, the scheme is that of the first origin that has the request's host and port.
    fn view<'r, B: 'static>(&self, request: &'r Request<B>) -> Result<RequestRef<'r>, ServiceError> {
        if request.uri().scheme().is_some() {
            let view = RequestRef::try_from(request)?;
            return if self.covers(&view)? { Ok(view) } else { Err(ServiceError::OtherOrigin) };
        }
        for origin in &*self.origins {
            let view = RequestRef::in_origin_form(request, &origin.scheme())?;
            if origin.covers(view.target()) {
                return Ok(view.with_body_of(request));
            }
        }
        Err(ServiceError::OtherOrigin)
    }

    fn covers(&self, view: &RequestRef<'_>) -> Result<bool, RequestError> {
        if view.target().has_userinfo() {
            return Err(RequestError::SecondAuthorization);
        }
        Ok(self.origins.iter().any(|origin| origin.covers(view.target())))
    }
}

impl<S> Layer<S> for SigningLayer {
    type Service = Signing<S>;

    fn layer(&self, inner: S) -> Signing<S> {
        Signing { inner, layer: self.clone() }
    }
}

/// A [`Service`] that signs each request and passes it to an inner service.
///
/// [`SigningLayer`] creates it.
///
/// # Examples
///
/// ```
/// use oauth1_signer::tower::{Signing, SigningLayer};
/// use oauth1_signer::{ClientCredentials, Origin, Signer};
/// use tower_layer::Layer;
///
/// # fn f<S>(client: S) -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret")).build()?;
/// let layer = SigningLayer::new(signer, Origin::new("https://api.example.com")?);
/// let client: Signing<S> = layer.layer(client);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Signing<S> {
    inner: S,
    layer: SigningLayer,
}

impl<S, B> Service<Request<B>> for Signing<S>
where
    S: Service<Request<B>>,
    S::Error: Into<Box<dyn error::Error + Send + Sync>>,
    B: 'static,
{
    type Response = S::Response;
    type Error = ServiceError;
    type Future = SigningFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ServiceError>> {
        self.inner.poll_ready(cx).map_err(|error| ServiceError::Service(error.into()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        SigningFuture {
            state: match self.layer.sign(request) {
                Ok(request) => State::Sent { future: self.inner.call(request) },
                Err(error) => State::Rejected { error: Some(error) },
            },
        }
    }
}

pin_project! {
    /// The future of [`Signing`], which returns the response of the inner service or an [`ServiceError`].
    #[derive(Debug)]
    pub struct SigningFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        Sent { #[pin] future: F },
        Rejected { error: Option<ServiceError> },
    }
}

impl<F, R, E> Future for SigningFuture<F>
where
    F: Future<Output = Result<R, E>>,
    E: Into<Box<dyn error::Error + Send + Sync>>,
{
    type Output = Result<R, ServiceError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Sent { future } => {
                future.poll(cx).map_err(|error| ServiceError::Service(error.into()))
            }
            StateProjection::Rejected { error } => {
                Poll::Ready(Err(error.take().expect("a future is not polled after it is ready")))
            }
        }
    }
}
