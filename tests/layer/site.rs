//! A service behind the layer, and who calls it. The clock stands still.

use std::convert::Infallible;
use std::error::Error;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST};
use http::uri::PathAndQuery;
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use oauth1_signer::tower::{Lookup, LookupResult, RequestBody, VerifyingLayer};
use oauth1_signer::verify::{
    ClientRecord, MemoryNonceLog, NonceLog, Policy, RejectionReason, TokenRecord, VerifiedRequest,
};
use oauth1_signer::{ClientCredentials, Origin, Signer, Stamp, TokenCredentials, explain::Explanation};
use tokio::runtime::Runtime;
use tower::ServiceExt;
use tower_layer::Layer;

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const ORIGIN: &str = "https://api.example.test";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// No test takes longer.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let limited = async { tokio::time::timeout(Duration::from_secs(30), future).await };
    RUNTIME.block_on(limited).expect("it comes to its end, and in time")
}

/// The challenge of [`policy`].
pub(crate) const CHALLENGE: &str = r#"OAuth realm="https://api.example.test""#;

pub(crate) fn policy() -> Policy {
    policy_at(ORIGIN)
}

pub(crate) fn policy_at(origin: &str) -> Policy {
    Policy::new(Origin::new(origin).unwrap()).clock(|| Ok(NOW))
}

/// Two clients, each with a token: `ck` and `tk`, `other` and `other token`.
pub(crate) fn records(wanted: &Lookup) -> LookupResult {
    let client = match &*wanted.client_key {
        "ck" => Some(ClientRecord::new(ClientCredentials::new("ck", "cs")).unwrap()),
        "other" => Some(ClientRecord::new(ClientCredentials::new("other", "os")).unwrap()),
        _ => None,
    };
    let token = match wanted.token.as_deref() {
        Some("tk") => Some(TokenRecord::new(TokenCredentials::new("tk", "ts"), "ck").for_user("jane")),
        Some("other token") => Some(TokenRecord::new(TokenCredentials::new("other token", "s"), "other")),
        _ => None,
    };
    LookupResult { client, token }
}

pub(crate) fn signer() -> Signer {
    signer_of(ClientCredentials::new("ck", "cs"), TokenCredentials::new("tk", "ts"))
}

pub(crate) fn signer_of(client: ClientCredentials, token: TokenCredentials) -> Signer {
    Signer::builder(client).token(token).build().unwrap()
}

/// A request with an absolute URL, not signed yet.
pub(crate) fn request(method: &str, target: &str, content: Option<(&str, &'static str)>) -> Request<Bytes> {
    let builder = Request::builder().method(method).uri(format!("{ORIGIN}{target}"));
    match content {
        None => builder.body(Bytes::new()).unwrap(),
        Some((content_type, body)) => {
            builder.header("content-type", content_type).body(Bytes::from(body)).unwrap()
        }
    }
}

/// Signs it, and leaves its URL absolute.
pub(crate) fn signed_by(
    signer: &Signer,
    timestamp: u64,
    nonce: &str,
    request: Request<Bytes>,
) -> Request<Bytes> {
    let header = signer.sign_with(&request, Stamp::new(timestamp, nonce).unwrap()).unwrap().to_header();
    let mut request = request;
    request.headers_mut().insert(AUTHORIZATION, header);
    request
}

/// As a server of HTTP/1.1 gets it: in origin-form, with a Host header.
pub(crate) fn in_origin_form<B>(mut request: Request<B>) -> Request<B> {
    let parts = std::mem::take(request.uri_mut()).into_parts();
    let host = parts.authority.unwrap().as_str().parse().unwrap();
    request.headers_mut().insert(HOST, host);
    *request.uri_mut() = Uri::from(parts.path_and_query.unwrap_or(PathAndQuery::from_static("/")));
    request
}

/// Signed with all that is right.
pub(crate) fn signed(nonce: &str, request: Request<Bytes>) -> Request<Full<Bytes>> {
    in_origin_form(signed_by(&signer(), NOW, nonce, request)).map(Full::new)
}

pub(crate) fn get(nonce: &str) -> Request<Full<Bytes>> {
    signed(nonce, request("GET", "/items?a=1", None))
}

/// What the service has served, and what the operator was told.
pub(crate) struct Site<L = MemoryNonceLog> {
    pub(crate) policy: Policy,
    pub(crate) log: Arc<L>,
    served: Arc<Mutex<Vec<Served>>>,
    told: Arc<Mutex<Vec<Told>>>,
}

pub(crate) struct Served {
    pub(crate) verified: VerifiedRequest,
    pub(crate) uri: Uri,
    pub(crate) body: Bytes,
}

#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) reason: RejectionReason,
    /// The same where the status is 401.
    pub(crate) refusal: Option<RejectionReason>,
    pub(crate) text: String,
    /// Of the claim, where there was one.
    pub(crate) explanation: Option<Explanation>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(policy())
    }

    pub(crate) fn with(policy: Policy) -> Self {
        Self::logging(policy, MemoryNonceLog::new().unwrap())
    }
}

impl<L: NonceLog + Send + Sync + 'static> Site<L> {
    pub(crate) fn logging(policy: Policy, log: L) -> Self {
        Self { policy, log: Arc::new(log), served: Arc::default(), told: Arc::default() }
    }

    pub(crate) fn layer(&self) -> VerifyingLayer<Arc<L>> {
        self.layer_with(async |wanted| Ok(records(&wanted)))
    }

    pub(crate) fn layer_with<F, Fut>(&self, lookup: F) -> VerifyingLayer<Arc<L>>
    where
        F: Fn(Lookup) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<LookupResult, BoxError>> + Send + 'static,
    {
        let told = Arc::clone(&self.told);
        VerifyingLayer::new(self.policy.clone(), Arc::clone(&self.log), lookup).on_rejection(
            move |rejection, claim| {
                told.lock().unwrap().push(Told {
                    status: rejection.status(),
                    reason: rejection.reason().clone(),
                    refusal: (rejection.status() == StatusCode::UNAUTHORIZED)
                        .then(|| rejection.reason().clone()),
                    text: match rejection.cause() {
                        Some(cause) => cause.to_string(),
                        None => rejection.to_string(),
                    },
                    explanation: claim.map(oauth1_signer::verify::Claim::explanation),
                });
            },
        )
    }

    /// The whole way of a request, to its answer.
    pub(crate) async fn send<B>(&self, request: Request<B>) -> Answer
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        self.send_through(self.layer(), request).await
    }

    pub(crate) async fn send_through<B>(&self, layer: VerifyingLayer<Arc<L>>, request: Request<B>) -> Answer
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let served = Arc::clone(&self.served);
        let service = tower::service_fn(move |request: Request<RequestBody<B>>| {
            let served = Arc::clone(&served);
            async move {
                let (head, body) = request.into_parts();
                let verified = head.extensions.get::<VerifiedRequest>().unwrap().clone();
                let body = body.collect().await.map_err(Into::<BoxError>::into).unwrap().to_bytes();
                served.lock().unwrap().push(Served { verified, uri: head.uri, body });
                Ok::<_, Infallible>(Response::new("served".to_owned()))
            }
        });
        answer(layer.layer(service).oneshot(request).await.unwrap()).await
    }

    pub(crate) fn served(&self) -> MutexGuard<'_, Vec<Served>> {
        self.served.lock().unwrap()
    }

    pub(crate) fn told(&self) -> MutexGuard<'_, Vec<Told>> {
        self.told.lock().unwrap()
    }

    /// The one thing that the operator was told since the last time.
    #[track_caller]
    pub(crate) fn only_told(&self) -> Told {
        let mut told = self.told();
        assert_eq!(told.len(), 1, "{told:?}");
        told.remove(0)
    }

    /// The one request that was served since the last time.
    #[track_caller]
    pub(crate) fn only_served(&self) -> Served {
        let mut served = self.served();
        assert_eq!(served.len(), 1);
        served.remove(0)
    }
}

pub(crate) async fn answer<B: Body<Error: std::fmt::Debug>>(response: Response<B>) -> Answer {
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: head.status, headers: head.headers, body }
}
