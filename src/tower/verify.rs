//! A layer that verifies requests before a service sees them.

use std::error::Error;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::request::Parts;
use http::{Request, Response, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Either, Full};
use tower_layer::Layer;
use tower_service::Service;

use crate::verify::{
    Claim, ClientRecord, IncomingRequest, NonceLog, Policy, Rejection, RejectionReason, TokenRecord,
    VerifiedRequest,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// Whose records a request needs: what it says of itself, unproved.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lookup {
    /// `oauth_consumer_key`.
    pub client_key: String,
    /// `oauth_token`, where there is one.
    pub token: Option<String>,
}

/// The records that were found. None is for one that is not there, or is revoked.
#[derive(Clone, Debug, Default)]
pub struct LookupResult {
    /// Of the client.
    pub client: Option<ClientRecord>,
    /// Of the token.
    pub token: Option<TokenRecord>,
}

/// Verifies each request: those that are admitted go on with a [`VerifiedRequest`](crate::verify::VerifiedRequest)
/// among their extensions, the others are answered (400, 401 or 503) and seen by no service.
///
/// The service within gets a [`RequestBody`]: forms, and bodies whose hash is signed or asked for, are
/// read up to the policy's limit; any other passes as it comes. How long a client may take to send
/// its body is for the server, or a layer around this one, to limit.
///
/// ```
/// use oauth1_signer::tower::{LookupResult, VerifyingLayer};
/// use oauth1_signer::verify::{ClientRecord, MemoryNonceLog, Policy};
/// use oauth1_signer::{ClientCredentials, Origin};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
///
/// let client = ClientRecord::new(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"))?;
/// let layer = VerifyingLayer::new(
///     Policy::new(Origin::new("https://api.example.com")?),
///     MemoryNonceLog::new(1_000_000, 100_000)?,
///     // Or from a database: the closure's copy of its pool goes into the future.
///     move |wanted| {
///         let client = (wanted.client_key == client.key()).then(|| client.clone());
///         async { Ok(LookupResult { client, token: None }) }
///     },
/// )
/// .on_rejection(|rejection, claim| match claim {
///     Some(claim) => eprintln!("{rejection:?}: {}", claim.explanation()),
///     None => eprintln!("{rejection:?}"),
/// });
/// # let _ = layer;
/// # Ok(()) }
/// ```
pub struct VerifyingLayer<L> {
    shared: Arc<Shared<L>>,
    report: Option<Arc<Report>>,
    target: Option<Arc<OriginalUri>>,
}

struct Shared<L> {
    policy: Policy,
    log: L,
    // Behind a pointer, as the layer's own futures are: so its type can be named, and it does not make
    // theirs longer.
    lookup: Box<LookUp>,
}

type LookUp = dyn Fn(Lookup) -> BoxFuture<Result<LookupResult, BoxError>> + Send + Sync;

type Report = dyn Fn(&Rejection, Option<&Claim<'_>>) + Send + Sync;

type OriginalUri = dyn Fn(&Parts) -> Uri + Send + Sync;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<L> VerifyingLayer<L> {
    /// A layer with a policy, a nonce log (or an `Arc` of one that several share), and a function that
    /// looks records up. If that fails, the client is told to come again (503).
    #[must_use]
    pub fn new<F, Fut>(policy: Policy, log: L, lookup: F) -> Self
    where
        L: NonceLog,
        F: Fn(Lookup) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<LookupResult, BoxError>> + Send + 'static,
    {
        let lookup: Box<LookUp> = Box::new(move |wanted| Box::pin(lookup(wanted)));
        Self { shared: Arc::new(Shared { policy, log, lookup }), report: None, target: None }
    }

    /// Tells a function of each request that is not admitted, and why: for the operator's log. Where the
    /// request could be read there is its claim, so that [`Claim::explanation`] can say what was
    /// computed.
    #[must_use]
    pub fn on_rejection(
        mut self,
        report: impl Fn(&Rejection, Option<&Claim<'_>>) + Send + Sync + 'static,
    ) -> Self {
        self.report = Some(Arc::new(report));
        self
    }

    /// Asks a function for the target that the client has signed, where the request has another by
    /// now: a proxy has taken a prefix off its path, or a router, as axum's `Router::nest` does for
    /// layers within. The service within gets the request's own.
    ///
    /// With axum, that is its `OriginalUri`:
    ///
    /// ```
    /// # use axum::extract::OriginalUri;
    /// # use oauth1_signer::tower::{LookupResult, VerifyingLayer};
    /// # use oauth1_signer::verify::{MemoryNonceLog, Policy};
    /// # fn f(policy: Policy, log: MemoryNonceLog) {
    /// # let layer = VerifyingLayer::new(policy, log, |_| async { Ok(LookupResult::default()) });
    /// let layer = layer.original_uri(|head| match head.extensions.get() {
    ///     Some(OriginalUri(target)) => target.clone(),
    ///     None => head.uri.clone(),
    /// });
    /// # let _ = layer;
    /// # }
    /// ```
    #[must_use]
    pub fn original_uri(mut self, target: impl Fn(&Parts) -> Uri + Send + Sync + 'static) -> Self {
        self.target = Some(Arc::new(target));
        self
    }
}

impl<L> Clone for VerifyingLayer<L> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), report: self.report.clone(), target: self.target.clone() }
    }
}

impl<L> fmt::Debug for VerifyingLayer<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingLayer").field("policy", &self.shared.policy).finish_non_exhaustive()
    }
}

impl<L, S> Layer<S> for VerifyingLayer<L> {
    type Service = Verifying<L, S>;

    fn layer(&self, inner: S) -> Self::Service {
        Verifying { inner, layer: self.clone() }
    }
}

/// A service that sees verified requests only.
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

/// The body that the service within gets: read already, or as it came.
///
/// It is a body wherever `B` is one of [`Bytes`]. Layers within that take one type only get it by a
/// `map_request`: for axum's middleware that is `map_request(|request| request.map(Body::new))`.
pub type RequestBody<B> = Either<Full<Bytes>, B>;

/// The body of an answer: the layer's own, where a request is not admitted, or the service's.
pub type ResponseBody<R> = Either<Full<Bytes>, R>;

impl<L, S, B, R> Service<Request<B>> for Verifying<L, S>
where
    L: NonceLog + Send + Sync + 'static,
    S: Service<Request<RequestBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = BoxFuture<Result<Self::Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let layer = self.layer.clone();
        // The one that is ready goes, its copy stays.
        let copy = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, copy);
        Box::pin(async move {
            match layer.verify(request).await {
                Ok(request) => Ok(inner.call(request).await?.map(Either::Right)),
                Err(rejection) => {
                    Ok(rejection.to_response().map(|text| Either::Left(Full::new(text.into()))))
                }
            }
        })
    }
}

impl<L: NonceLog> VerifyingLayer<L> {
    async fn verify<B>(&self, request: Request<B>) -> Result<Request<RequestBody<B>>, Rejection>
    where
        B: Body,
    {
        let policy = &self.shared.policy;
        let (mut head, body) = request.into_parts();
        let target = self.target.as_ref().map_or_else(|| head.uri.clone(), |target| target(&head));
        let received = IncomingRequest::new(&head.method, &target, &head.headers);
        let (bytes, body) = if policy.wants_body(received) {
            let bytes = read(body, policy.body_limit()).await.map_err(|error| self.told(error, None))?;
            (Some(bytes.clone()), Either::Left(Full::new(bytes)))
        } else {
            (None, Either::Right(body))
        };
        let received = match &bytes {
            Some(bytes) => received.body(bytes),
            None => received,
        };
        let claim = policy.read(received).map_err(|rejection| self.told(rejection, None))?;
        let verified = self.check(&claim).await.map_err(|rejection| self.told(rejection, Some(&claim)))?;
        drop(claim);
        head.extensions.insert(verified);
        Ok(Request::from_parts(head, body))
    }

    /// Look up, prove, admit.
    async fn check(&self, claim: &Claim<'_>) -> Result<VerifiedRequest, Rejection> {
        let Shared { log, lookup, .. } = &*self.shared;
        let wanted =
            Lookup { client_key: claim.client_key().to_owned(), token: claim.token().map(str::to_owned) };
        let records = lookup(wanted).await.map_err(Rejection::unavailable)?;
        claim.prove(records.client.as_ref(), records.token.as_ref())?.admit(log).await
    }

    /// The rejection, once the operator knows of it.
    fn told(&self, rejection: Rejection, claim: Option<&Claim<'_>>) -> Rejection {
        if let Some(report) = &self.report {
            report(&rejection, claim);
        }
        rejection
    }
}

/// The whole of a body, without its trailers. It goes into one buffer: the frames of a client that
/// sends each byte by itself would take many times the limit.
async fn read<B: Body>(body: B, limit: usize) -> Result<Bytes, Rejection> {
    // Where it says so beforehand, nothing of it is read.
    if body.size_hint().lower() > limit as u64 {
        return Err(RejectionReason::BodyTooLarge.into());
    }
    let mut body = pin!(body);
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| RejectionReason::CutBody)?.into_data() else { continue };
        if data.remaining() > limit - bytes.len() {
            return Err(RejectionReason::BodyTooLarge.into());
        }
        bytes.put(data);
    }
    Ok(bytes.freeze())
}
