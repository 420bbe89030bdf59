//! The service that the layer makes. It verifies a request, then calls the inner service.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::BoxFuture;
use crate::verify::{Claim, IncomingRequest, NonceLog, Rejection, RejectionReason, VerifiedRequest};

use super::body::{RequestBody, ResponseBody};
use super::layer::{Shared, VerifyingLayer};
use super::lookup::Lookup;
use super::read::{Whole, read};

impl<L, S> Layer<S> for VerifyingLayer<L> {
    type Service = Verifying<L, S>;

    fn layer(&self, inner: S) -> Self::Service {
        Verifying { inner, layer: self.clone() }
    }
}

/// A service that calls the inner service for verified requests only.
///
/// [`VerifyingLayer`] makes it.
#[derive(Debug)]
pub struct Verifying<L, S> {
    inner: S,
    layer: VerifyingLayer<L>,
}

impl<L, S: Clone> Clone for Verifying<L, S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<L, S, B, R> Service<Request<B>> for Verifying<L, S>
where
    L: NonceLog + Send + Sync + 'static,
    S: Service<Request<RequestBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Self::Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let layer = self.layer.clone();
        // The service that is ready is called, and its clone takes its place.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            match layer.verify(request).await {
                Ok(request) => Ok(inner.call(request).await?.map(ResponseBody::of_service)),
                Err(rejection) => Ok(rejection.to_response().map(ResponseBody::text)),
            }
        })
    }
}

impl<L: NonceLog> VerifyingLayer<L> {
    async fn verify<B: Body>(&self, request: Request<B>) -> Result<Request<RequestBody<B>>, Rejection> {
        let policy = &self.shared.policy;
        let (mut head, body) = request.into_parts();
        let uri = self.original_uri.as_ref().map_or_else(|| head.uri.clone(), |original| original(&head));
        let received = IncomingRequest::new(&head.method, &uri, &head.headers);
        // A request that is rejected by its head takes no memory for a body.
        if let Err(rejection) = policy.check_head(received) {
            return Err(self.report_head(rejection, received));
        }
        // The share is given back at the end of this function. After that, the sender of the body is known.
        let mut share = self.budget.share();
        let (data, body) = if policy.wants_body(received) {
            let deadline = self.deadline.as_ref().map(|deadline| deadline());
            let read = read(body, policy.body_limit(), &mut share, deadline).await;
            let Whole { data, trailers } = read.map_err(|rejection| self.report(rejection, None))?;
            (Some(data.clone()), RequestBody::full(data, trailers))
        } else {
            (None, RequestBody::stream(body))
        };
        let received = data.as_ref().map_or(received, |data: &Bytes| received.body(data));
        let claim = policy.read(received).map_err(|rejection| self.report(rejection, None))?;
        let verified = self.check(&claim).await.map_err(|rejection| self.report(rejection, Some(&claim)))?;
        drop(claim);
        head.extensions.insert(verified);
        Ok(Request::from_parts(head, body))
    }

    async fn check(&self, claim: &Claim<'_>) -> Result<VerifiedRequest, Rejection> {
        let Shared { log, lookup, .. } = &*self.shared;
        let keys =
            Lookup { client_key: claim.client_key().to_owned(), token: claim.token().map(str::to_owned) };
        let records = lookup(keys).await.map_err(Rejection::unavailable)?;
        let (client, token) = (records.client.as_ref(), records.token.as_ref());
        let proof = claim.prove(client, token).inspect_err(|rejection| {
            let is_wrong = matches!(
                rejection.reason(),
                RejectionReason::WrongSignature | RejectionReason::WrongBodyHash
            );
            if let Some(diagnoses) =
                self.diagnoses.as_ref().filter(|diagnoses| is_wrong && diagnoses.limit.try_acquire())
            {
                (diagnoses.report)(&claim.diagnose(client, token), claim);
            }
        })?;
        proof.admit(log).await
    }

    /// Reports the rejection of a head, with the claim if the head has all of it.
    fn report_head(&self, rejection: Rejection, received: IncomingRequest<'_>) -> Rejection {
        let policy = &self.shared.policy;
        if self.on_rejection.is_none() || policy.wants_body(received) {
            return self.report(rejection, None);
        }
        self.report(rejection, policy.read(received).ok().as_ref())
    }

    /// Returns the rejection, after the operator's function has seen it.
    fn report(&self, rejection: Rejection, claim: Option<&Claim<'_>>) -> Rejection {
        if let Some(report) = &self.on_rejection {
            report(&rejection, claim);
        }
        rejection
    }
}
