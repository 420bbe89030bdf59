//! axum with the layer, and before it one who takes down what arrives.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::middleware::{Next, from_fn_with_state};
use axum::{Extension, Router};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use oauth1_signer::Origin;
use oauth1_signer::tower::VerifyingLayer;
use oauth1_signer::verify::diagnosis::{Mistake, SignatureDiagnosis};
use oauth1_signer::verify::{MemoryNonceLog, Policy, RejectionReason, VerifiedRequest};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::records::Book;

const TIME_LIMIT: Duration = Duration::from_secs(420);
const MOST_REQUESTS: usize = 500_000;
const LONGEST_BODY: usize = 64 * 1024;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Captured {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why a request was not admitted.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) refusal: Option<RejectionReason>,
    pub(crate) why: String,
    /// To be seen where it comes unexpected.
    #[expect(dead_code, reason = "it is printed")]
    base_string: Option<String>,
    /// What the server's diagnosis names, where the signature or the body hash is wrong.
    pub(crate) mistakes: Vec<Mistake>,
    /// The diagnosis, to be read where it names nothing.
    pub(crate) page: Option<String>,
}

/// What was said to a request.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) status: StatusCode,
    pub(crate) told: Option<Told>,
}

#[derive(Default)]
struct Seen {
    captured: Vec<Captured>,
    told: Vec<Told>,
    count: usize,
    is_diagnosing: bool,
}

/// It serves one client at a time, so that what was seen last is that one's.
pub(crate) struct Server {
    runtime: Runtime,
    origin: String,
    seen: Arc<Mutex<Seen>>,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let router = router(&origin, &seen);
        runtime.spawn(async {
            tokio::time::timeout(TIME_LIMIT, async { axum::serve(listener, router).await }).await
        });
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { runtime, origin, seen, client }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Diagnoses what is rejected until [`take`](Self::take) is called.
    pub(crate) fn diagnose(&self) {
        self.seen.lock().unwrap().is_diagnosing = true;
    }

    /// What has arrived since the last time, and why it was not admitted.
    pub(crate) fn take(&self) -> (Vec<Captured>, Vec<Told>) {
        let mut seen = self.seen.lock().unwrap();
        seen.is_diagnosing = false;
        (std::mem::take(&mut seen.captured), std::mem::take(&mut seen.told))
    }

    /// Sends a request as it is, by a client that signs nothing.
    pub(crate) fn send(&self, captured: &Captured) -> Result<Verdict, String> {
        let mut request = Request::new(Full::new(captured.body.clone()));
        *request.method_mut() = captured.method.clone();
        *request.uri_mut() = format!("{}{}", self.origin, captured.uri).parse().unwrap();
        *request.headers_mut() = captured.headers.clone();
        for hop in ["connection", "keep-alive", "te", "transfer-encoding", "content-length"] {
            request.headers_mut().remove(hop);
        }
        let status = self.runtime.block_on(async {
            let response = tokio::time::timeout(Duration::from_secs(20), self.client.request(request));
            let response = response.await.map_err(|error| error.to_string())?;
            let response = response.map_err(|error| error.to_string())?;
            let status = response.status();
            // The connection is used again once the body is read.
            response.into_body().collect().await.map_err(|error| error.to_string())?;
            Ok::<_, String>(status)
        })?;
        let (arrived, mut told) = self.take();
        match arrived.len() {
            1 => Ok(Verdict { status, told: told.pop() }),
            count => Err(format!("{count} requests have arrived instead of one")),
        }
    }
}

fn router(origin: &str, seen: &Arc<Mutex<Seen>>) -> Router {
    let policy = Policy::new(Origin::new(origin).unwrap()).allow_plaintext(true).require_token(false);
    let book = Arc::new(Book::new());
    let records = Arc::clone(&book);
    let told = Arc::clone(seen);
    let layer = VerifyingLayer::new(policy, MemoryNonceLog::new().unwrap(), move |wanted| {
        let records = book.look_up(&wanted);
        async { Ok(records) }
    })
    .on_rejection(move |rejection, claim| {
        let is_wrong =
            matches!(rejection.reason(), RejectionReason::WrongSignature | RejectionReason::WrongBodyHash);
        // Only what a client sends itself: thousands of flips follow.
        let diagnosis = claim.filter(|_| is_wrong && told.lock().unwrap().is_diagnosing).map(|claim| {
            let (client, token) = records.find(claim.client_key(), claim.token());
            claim.diagnose(client, token)
        });
        let finding = diagnosis.as_ref().and_then(SignatureDiagnosis::finding);
        told.lock().unwrap().told.push(Told {
            mistakes: finding.map(|finding| finding.mistakes().to_vec()).unwrap_or_default(),
            page: diagnosis.as_ref().map(ToString::to_string),
            refusal: (rejection.status() == StatusCode::UNAUTHORIZED).then(|| rejection.reason().clone()),
            why: rejection.to_string(),
            base_string: claim.map(|claim| claim.explanation().base_string().to_owned()),
        });
    });
    Router::new().fallback(served).layer(layer).layer(from_fn_with_state(Arc::clone(seen), capture))
}

/// Takes a request down, and passes it on.
async fn capture(State(seen): State<Arc<Mutex<Seen>>>, request: Request<Body>, next: Next) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, LONGEST_BODY).collect().await.expect("a short body").to_bytes();
    {
        let mut seen = seen.lock().unwrap();
        seen.count += 1;
        assert!(seen.count <= MOST_REQUESTS, "there is no end of requests");
        seen.captured.push(Captured {
            method: head.method.clone(),
            uri: head.uri.clone(),
            headers: head.headers.clone(),
            body: body.clone(),
        });
    }
    next.run(Request::from_parts(head, Body::from(body))).await
}

/// Tells who called, and what came.
async fn served(Extension(verified): Extension<VerifiedRequest>, body: Bytes) -> String {
    let user = verified.user().unwrap_or("nobody");
    format!("{} for {user}, {} bytes", verified.client_key(), body.len())
}
