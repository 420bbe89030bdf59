//! A layer that verifies requests before a service sees them.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use tower_layer::Layer;
use tower_service::Service;

use crate::verify::{
    Claim, ClientRecord, Malformed, NonceLog, Policy, Received, Rejection, TokenRecord, Verified,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// Whose records a request needs: what it says of itself, unproved.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Wanted {
    /// `oauth_consumer_key`.
    pub client_key: String,
    /// `oauth_token`, where there is one.
    pub token: Option<String>,
}

/// The records that were found. None is for one that is not there, or is revoked.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Of the client.
    pub client: Option<ClientRecord>,
    /// Of the token.
    pub token: Option<TokenRecord>,
}

/// Verifies each request: those that are admitted go on with a [`Verified`](crate::verify::Verified)
/// among their extensions, the others are answered (400, 401 or 503) and seen by no service.
///
/// The service within gets a [`VerifiedBody`]: forms, and bodies whose hash is signed or asked for, are
/// read up to the policy's limit; any other passes as it comes.
pub struct VerifyingLayer<L, F> {
    shared: Arc<Shared<L, F>>,
}

struct Shared<L, F> {
    policy: Policy,
    log: L,
    lookup: F,
    report: Box<Report>,
}

type Report = dyn Fn(&Rejection, Option<&Claim<'_>>) + Send + Sync;

impl<L, F> VerifyingLayer<L, F> {
    /// A layer with a policy, a nonce log (or an `Arc` of one that several share), and a function that
    /// looks records up. If that fails, the client is told to come again (503).
    pub fn new<Fut>(policy: Policy, log: L, lookup: F) -> Self
    where
        L: NonceLog,
        F: Fn(Wanted) -> Fut,
        Fut: Future<Output = Result<Records, BoxError>>,
    {
        Self::reporting(policy, log, lookup, |_, _| {})
    }

    /// The same, with a function that is told of each request that is not admitted, and why: for the
    /// operator's log. Where the request could be read there is its claim, so that
    /// [`Claim::explanation`] can say what was computed.
    pub fn reporting<Fut>(
        policy: Policy,
        log: L,
        lookup: F,
        report: impl Fn(&Rejection, Option<&Claim<'_>>) + Send + Sync + 'static,
    ) -> Self
    where
        L: NonceLog,
        F: Fn(Wanted) -> Fut,
        Fut: Future<Output = Result<Records, BoxError>>,
    {
        Self { shared: Arc::new(Shared { policy, log, lookup, report: Box::new(report) }) }
    }
}

impl<L, F> Clone for VerifyingLayer<L, F> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<L, F> fmt::Debug for VerifyingLayer<L, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingLayer").field("policy", &self.shared.policy).finish_non_exhaustive()
    }
}

impl<L, F, S> Layer<S> for VerifyingLayer<L, F> {
    type Service = Verifying<L, F, S>;

    fn layer(&self, inner: S) -> Self::Service {
        Verifying { inner, layer: self.clone() }
    }
}

/// A service that sees verified requests only.
#[derive(Debug)]
pub struct Verifying<L, F, S> {
    inner: S,
    layer: VerifyingLayer<L, F>,
}

impl<L, F, S: Clone> Clone for Verifying<L, F, S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

/// The body that the service within gets: read already, or as it came.
pub type VerifiedBody<B> = Either<Full<Bytes>, B>;

impl<L, F, Fut, S, B, R> Service<Request<B>> for Verifying<L, F, S>
where
    L: NonceLog + Send + Sync + 'static,
    F: Fn(Wanted) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Records, BoxError>> + Send,
    S: Service<Request<VerifiedBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let shared = Arc::clone(&self.layer.shared);
        // The one that is ready goes, its copy stays.
        let copy = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, copy);
        Box::pin(async move {
            match shared.verify(request).await {
                Ok(request) => inner.call(request).await,
                Err(rejection) => Ok(rejection.to_response().map(R::from)),
            }
        })
    }
}

impl<L, F, Fut> Shared<L, F>
where
    L: NonceLog,
    F: Fn(Wanted) -> Fut,
    Fut: Future<Output = Result<Records, BoxError>>,
{
    async fn verify<B>(&self, request: Request<B>) -> Result<Request<VerifiedBody<B>>, Rejection>
    where
        B: Body,
        B::Error: Into<BoxError>,
    {
        let (mut head, body) = request.into_parts();
        let (octets, body) = if self.policy.wants_body(&head) {
            let octets = read(body, self.policy.body_limit())
                .await
                .inspect_err(|rejection| (self.report)(rejection, None))?;
            (Some(octets.clone()), Either::Left(Full::new(octets)))
        } else {
            (None, Either::Right(body))
        };
        let received = octets.iter().fold(Received::from(&head), |received, octets| received.body(octets));
        let claim = self.policy.read(received).inspect_err(|rejection| (self.report)(rejection, None))?;
        let verified =
            self.check(&claim).await.inspect_err(|rejection| (self.report)(rejection, Some(&claim)))?;
        drop(claim);
        head.extensions.insert(verified);
        Ok(Request::from_parts(head, body))
    }

    /// Look up, prove, admit.
    async fn check(&self, claim: &Claim<'_>) -> Result<Verified, Rejection> {
        let wanted =
            Wanted { client_key: claim.client_key().to_owned(), token: claim.token().map(str::to_owned) };
        let records = (self.lookup)(wanted).await.map_err(Rejection::Unavailable)?;
        claim.prove(records.client.as_ref(), records.token.as_ref())?.admit(&self.log).await
    }
}

async fn read<B>(body: B, limit: usize) -> Result<Bytes, Rejection>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Malformed::BodyTooLarge.into()),
        Err(_) => Err(Malformed::CutBody.into()),
    }
}
