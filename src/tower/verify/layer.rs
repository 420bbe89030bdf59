//! The layer, and its settings.

use std::fmt;
use std::sync::Arc;

use http::Uri;
use http::request::Parts;

use crate::verify::diagnosis::{DiagnosisLimit, SignatureDiagnosis};
use crate::verify::{Claim, NonceLog, Policy, Rejection};
use crate::{BoxError, BoxFuture};

use super::budget::Budget;
use super::lookup::{Lookup, LookupResult};

// Trait objects, so that users can name the layer's type.
type LookupFn = dyn Fn(Lookup) -> BoxFuture<'static, Result<LookupResult, BoxError>> + Send + Sync;
type OnRejection = dyn Fn(&Rejection, Option<&Claim<'_>>) + Send + Sync;
type OnDiagnosis = dyn Fn(&SignatureDiagnosis, &Claim<'_>) + Send + Sync;
type OriginalUri = dyn Fn(&Parts) -> Uri + Send + Sync;
type Deadline = dyn Fn() -> BoxFuture<'static, ()> + Send + Sync;

/// A layer that verifies each request before it reaches the inner service.
///
/// It adds a [`VerifiedRequest`](crate::verify::VerifiedRequest) to the extensions of a verified request. Any
/// other request gets a response with status 400, 401, 408 or 503, and does not reach the service.
///
/// A handler must take client, token, user and parameters from the `VerifiedRequest`. The signature does not
/// cover the place of a parameter, so a handler that parses query or body a second time may read other
/// parameters. With axum, use the extractors of the feature `axum`.
///
/// # Bodies
///
/// The layer reads a body only if the signature covers it: a form, or a body whose hash is signed or
/// required. It passes on any other body unread. Before it reads a body, it checks the head of the request:
/// host, target, Authorization header, timestamp. Then these limits apply:
///
/// - [`Limits::body`](crate::verify::Limits::body) for each body,
/// - [`max_unverified_bytes`](Self::max_unverified_bytes) for all bodies together,
/// - [`body_deadline`](Self::body_deadline), which is not set by default.
///
/// # Examples
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
///     MemoryNonceLog::new()?,
///     // For a database, clone the connection pool into the future.
///     move |keys| {
///         let client = (keys.client_key == client.key()).then(|| client.clone());
///         async { Ok(LookupResult { client, token: None }) }
///     },
/// );
/// # let _ = layer;
/// # Ok(()) }
/// ```
pub struct VerifyingLayer<L> {
    pub(super) shared: Arc<Shared<L>>,
    pub(super) budget: Arc<Budget>,
    pub(super) on_rejection: Option<Arc<OnRejection>>,
    pub(super) diagnoses: Option<Arc<Diagnoses>>,
    pub(super) original_uri: Option<Arc<OriginalUri>>,
    pub(super) deadline: Option<Arc<Deadline>>,
}

/// The limit on diagnoses, and the function that gets them.
pub(super) struct Diagnoses {
    pub(super) limit: DiagnosisLimit,
    pub(super) report: Box<OnDiagnosis>,
}

pub(super) struct Shared<L> {
    pub(super) policy: Policy,
    pub(super) log: L,
    pub(super) lookup: Box<LookupFn>,
}

/// The default limit: half of what 1,000 stalled bodies take at the default limit of a body.
const MAX_UNVERIFIED_BYTES: usize = 32 * 1024 * 1024;

impl<L> VerifyingLayer<L> {
    /// Creates a layer from a policy, a nonce log, and a function that looks up records.
    ///
    /// Several layers may share one log: pass an `Arc` of it. If `lookup` returns an error, the client gets
    /// status 503, and the function of [`on_rejection`](Self::on_rejection) gets the error.
    #[must_use]
    pub fn new<F, Fut>(policy: Policy, log: L, lookup: F) -> Self
    where
        L: NonceLog,
        F: Fn(Lookup) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<LookupResult, BoxError>> + Send + 'static,
    {
        let lookup: Box<LookupFn> = Box::new(move |keys| Box::pin(lookup(keys)));
        Self {
            shared: Arc::new(Shared { policy, log, lookup }),
            budget: Budget::new(MAX_UNVERIFIED_BYTES),
            on_rejection: None,
            diagnoses: None,
            original_uri: None,
            deadline: None,
        }
    }

    /// Sets a function that the layer calls once for each rejected request, for the operator's log.
    ///
    /// It gets the rejection and, if the request could be read, the claim. There is no claim if the request
    /// is malformed, or if the layer rejected it before it read a body that belongs to the claim.
    /// [`Rejection::reason`] returns the reason of a 401, and [`Claim::explanation`] the base string that the
    /// server computed. Log them, but do not send them to the client.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::tower::VerifyingLayer;
    /// # use oauth1_signer::verify::MemoryNonceLog;
    /// # fn f(layer: VerifyingLayer<MemoryNonceLog>) {
    /// let layer = layer.on_rejection(|rejection, claim| {
    ///     eprintln!("rejected: {rejection:?}");
    ///     if let Some(claim) = claim {
    ///         eprintln!("client {}: {}", claim.client_key(), claim.explanation());
    ///     }
    /// });
    /// # let _ = layer;
    /// # }
    /// ```
    #[must_use]
    pub fn on_rejection(
        mut self,
        report: impl Fn(&Rejection, Option<&Claim<'_>>) + Send + Sync + 'static,
    ) -> Self {
        self.on_rejection = Some(Arc::new(report));
        self
    }

    /// Sets a function that gets a diagnosis of each wrong signature, for the operator's log.
    ///
    /// A diagnosis finds the known mistake of a client that makes the signature right. It takes about a
    /// millisecond of CPU, and anybody can send a wrong signature, so `limit` limits the number of diagnoses.
    /// Without this method there are none. A diagnosis never admits a request, and must not be sent to the
    /// client.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::tower::VerifyingLayer;
    /// # use oauth1_signer::verify::MemoryNonceLog;
    /// use oauth1_signer::verify::diagnosis::DiagnosisLimit;
    ///
    /// # fn f(layer: VerifyingLayer<MemoryNonceLog>) {
    /// let layer = layer.diagnose(DiagnosisLimit::new(1, 5), |diagnosis, claim| {
    ///     eprintln!("client {}: {diagnosis}", claim.client_key());
    /// });
    /// # let _ = layer;
    /// # }
    /// ```
    #[doc(alias = "invalid signature")]
    #[must_use]
    pub fn diagnose(
        mut self,
        limit: DiagnosisLimit,
        report: impl Fn(&SignatureDiagnosis, &Claim<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.diagnoses = Some(Arc::new(Diagnoses { limit, report: Box::new(report) }));
        self
    }

    /// Sets a function that returns the URI that the client signed, if the request's URI was changed.
    ///
    /// Use it behind a proxy that removes a prefix from the path, and inside axum's `Router::nest`, which
    /// does the same. Only path and query of the returned URI count. Scheme and host are those of the
    /// policy's origin. The inner service gets the request with its changed URI.
    ///
    /// # Security
    ///
    /// Return a URI that the server itself has kept, such as axum's `OriginalUri`. If you return a header
    /// that the client can set, such as `X-Original-Url`, the client chooses what is verified.
    ///
    /// # Examples
    ///
    /// ```
    /// # use axum::extract::OriginalUri;
    /// # use oauth1_signer::tower::VerifyingLayer;
    /// # use oauth1_signer::verify::MemoryNonceLog;
    /// # fn f(layer: VerifyingLayer<MemoryNonceLog>) {
    /// let layer = layer.original_uri(|head| match head.extensions.get() {
    ///     Some(OriginalUri(uri)) => uri.clone(),
    ///     None => head.uri.clone(),
    /// });
    /// # let _ = layer;
    /// # }
    /// ```
    #[must_use]
    pub fn original_uri(mut self, original: impl Fn(&Parts) -> Uri + Send + Sync + 'static) -> Self {
        self.original_uri = Some(Arc::new(original));
        self
    }

    /// Sets how many bytes of unverified bodies the layer holds at a time; 32 MiB by default.
    ///
    /// If the limit is reached, a request whose body must be read gets status 503. Requests whose body the
    /// layer does not read are not affected. All clones of the layer, and the services made from them, share
    /// the limit.
    ///
    /// One request holds at most [`Limits::body`](crate::verify::Limits::body) bytes, and before it is
    /// verified nobody knows which client sent it. Set a [`body_deadline`](Self::body_deadline) too, so that
    /// clients that stop sending do not hold their part for long.
    #[must_use]
    pub fn max_unverified_bytes(mut self, bytes: usize) -> Self {
        self.budget = Budget::new(bytes);
        self
    }

    /// Sets a deadline for each body that the layer reads, as a function that returns a timer.
    ///
    /// If the timer ends before the body does, the client gets status 408. The timer is any future, so that
    /// this works with every runtime. By default there is no deadline.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use oauth1_signer::tower::VerifyingLayer;
    /// # use oauth1_signer::verify::MemoryNonceLog;
    /// # fn f(layer: VerifyingLayer<MemoryNonceLog>) {
    /// let layer = layer.body_deadline(|| tokio::time::sleep(Duration::from_secs(10)));
    /// # let _ = layer;
    /// # }
    /// ```
    #[must_use]
    pub fn body_deadline<F, Fut>(mut self, timer: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.deadline = Some(Arc::new(move || Box::pin(timer())));
        self
    }
}

impl<L> Clone for VerifyingLayer<L> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            budget: Arc::clone(&self.budget),
            on_rejection: self.on_rejection.clone(),
            diagnoses: self.diagnoses.clone(),
            original_uri: self.original_uri.clone(),
            deadline: self.deadline.clone(),
        }
    }
}

impl<L> fmt::Debug for VerifyingLayer<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingLayer").field("policy", &self.shared.policy).finish_non_exhaustive()
    }
}
