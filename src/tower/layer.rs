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

/// A [`Layer`] that signs each request for one origin or several.
///
/// # Examples
/// See the [module](super).
#[derive(Clone, Debug)]
#[must_use]
#[doc(alias = "retry")]
pub struct SigningLayer {
    signer: Signer,
    origins: Arc<[Origin]>,
}

impl SigningLayer {
    /// Creates a layer that signs requests for `origin`, and rejects all others.
    pub fn new(signer: Signer, origin: Origin) -> Self {
        Self { signer, origins: Arc::new([origin]) }
    }

    /// Adds an origin, for an API that has several hosts.
    ///
    /// If a request is in origin-form, its scheme is that of the first origin with its host and port.
    pub fn also_for(mut self, origin: Origin) -> Self {
        self.origins = self.origins.iter().cloned().chain([origin]).collect();
        self
    }

    fn sign<B: 'static>(&self, mut request: Request<B>) -> Result<Request<B>, ServiceError> {
        let body = known_bytes(request.body());
        put_on(&self.signer, &mut request, body.as_deref(), |request| self.view(request))?;
        Ok(request)
    }

    /// Views a request in absolute form, or in origin-form with a Host header. The latter has the scheme of the origin
    /// whose host and port it has.
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

/// A [`Service`] that signs each request and hands it to an inner service.
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
    /// The future of [`Signing`]: the inner service's response, or the reason why the request was not sent.
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
