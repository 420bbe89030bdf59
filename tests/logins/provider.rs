//! X and Flickr as a user of this crate would serve them: axum, a layer for each kind of endpoint, an issuer.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{any, get};
use axum::{Extension, Json, Router};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use oauth1_signer::provider::{Decision, Issuer, MemoryStore};
use oauth1_signer::tower::{LookupResult, VerifyingLayer};
use oauth1_signer::verify::{
    ClientRecord, IncomingRequest, MemoryNonceLog, Policy, Rejection, RejectionReason, VerifiedRequest,
};
use oauth1_signer::{ClientCredentials, Origin};
use tower::ServiceExt;

use super::changed::Whole;

const LONGEST_BODY: usize = 256 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// The defaults, but for callbacks that are not registered.
    Strict,
    /// With the switches for clients of X and Flickr.
    Lenient,
}

/// What became of the requests since the last report.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) admitted: usize,
    pub(crate) changed: usize,
    pub(crate) replayed: usize,
    pub(crate) reasons: Vec<RejectionReason>,
    pub(crate) failures: Vec<String>,
}

pub(crate) struct Providers {
    routers: BTreeMap<(String, Mode), Router>,
    mode: Mutex<Mode>,
    report: Arc<Mutex<Report>>,
}

struct Site {
    issuer: Issuer<MemoryStore>,
    client: ClientRecord,
    log: Arc<MemoryNonceLog>,
    report: Arc<Mutex<Report>>,
}

impl Providers {
    pub(crate) fn new(hosts: &[&str]) -> Arc<Self> {
        let report = Arc::new(Mutex::new(Report::default()));
        let mut routers = BTreeMap::new();
        for mode in [Mode::Strict, Mode::Lenient] {
            let issuer = Issuer::new(MemoryStore::new()).allow_unregistered_callbacks(true);
            let client = ClientCredentials::new("login-test-key", "login test secret & 100%");
            let site = Arc::new(Site {
                issuer: issuer.access_token_prefix(|user| format!("{user}-")),
                client: ClientRecord::new(client).unwrap(),
                log: Arc::new(MemoryNonceLog::new().unwrap()),
                report: Arc::clone(&report),
            });
            for host in hosts {
                routers.insert(((*host).to_owned(), mode), site.router(host, mode));
            }
        }
        Arc::new(Self { routers, mode: Mutex::new(Mode::Strict), report })
    }

    pub(crate) fn set_mode(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
    }

    pub(crate) fn take_report(&self) -> Report {
        std::mem::take(&mut *self.report.lock().unwrap())
    }

    /// Answers a request. If it is signed, it is first sent in changed copies, and last once more.
    pub(crate) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Infallible> {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        };
        let whole = Whole { head, body: body.to_bytes() };
        let host = whole.head.headers["host"].to_str().unwrap_or_default();
        let mode = *self.mode.lock().unwrap();
        let Some(router) = self.routers.get(&(host.to_owned(), mode)) else {
            return Ok(StatusCode::MISDIRECTED_REQUEST.into_response());
        };
        if whole.authorization().is_none() || mode == Mode::Strict {
            return router.clone().oneshot(whole.to_request()).await;
        }
        let what = format!("{} {host}{}", whole.head.method, whole.head.uri);
        for (change, copy) in whole.changed() {
            let status = router.clone().oneshot(copy.to_request()).await?.status();
            let mut report = self.report.lock().unwrap();
            report.changed += 1;
            if !matches!(status.as_u16(), 400 | 401) {
                report.failures.push(format!("{what}, with another {change}: {status}"));
            }
        }
        self.report.lock().unwrap().reasons.clear();
        let response = router.clone().oneshot(whole.to_request()).await?;
        if !response.status().is_success() {
            let reasons = self.report.lock().unwrap().reasons.clone();
            let failure = format!("{what}, as it is: {} {reasons:?}", response.status());
            self.report.lock().unwrap().failures.push(failure);
            return Ok(response);
        }
        self.report.lock().unwrap().admitted += 1;
        let again = router.clone().oneshot(whole.to_request()).await?.status();
        let mut report = self.report.lock().unwrap();
        match report.reasons.pop() {
            // The request token of the exchange is gone. That is found before the nonce.
            Some(RejectionReason::Replayed | RejectionReason::UnknownToken) => report.replayed += 1,
            other => report.failures.push(format!("{what}, once more: {again} {other:?}")),
        }
        drop(report);
        Ok(response)
    }
}

impl Site {
    fn router(self: &Arc<Self>, host: &str, mode: Mode) -> Router {
        let calls = Policy::new(Origin::new(&format!("https://{host}")).unwrap());
        let is_lenient = mode == Mode::Lenient;
        let legs = calls.clone().allow_split_parameters(is_lenient);
        let exchange = legs.clone().allow_missing_token_secret(is_lenient);
        let (initiate, exchange, call) = (
            self.layer(legs.require_token(false), Kind::Initiate),
            self.layer(exchange, Kind::Exchange),
            self.layer(calls.clone(), Kind::Call),
        );
        let mut router = Router::new();
        for prefix in ["/oauth", "/services/oauth"] {
            router = router
                .route(&format!("{prefix}/request_token"), any(issue).layer(initiate.clone()))
                .route(&format!("{prefix}/access_token"), any(exchange_token).layer(exchange.clone()))
                .route(&format!("{prefix}/authorize"), get(authorize))
                .route(&format!("{prefix}/authenticate"), get(authorize));
        }
        router
            .route("/services/upload/", any(upload))
            .fallback_service(any(api).layer(call).with_state(Arc::clone(self)))
            .layer(Extension(Arc::new(calls)))
            .with_state(Arc::clone(self))
    }

    fn layer(self: &Arc<Self>, policy: Policy, kind: Kind) -> VerifyingLayer<Arc<MemoryNonceLog>> {
        let (site, report) = (Arc::clone(self), Arc::clone(&self.report));
        VerifyingLayer::new(policy, Arc::clone(&self.log), move |keys| {
            let site = Arc::clone(&site);
            async move {
                let token = keys.token.as_deref();
                let token = match kind {
                    Kind::Initiate => None,
                    Kind::Exchange => site.issuer.temporary_record(token).await?,
                    Kind::Call => site.issuer.token_record(token).await?,
                };
                let client = (keys.client_key == site.client.key()).then(|| site.client.clone());
                Ok(LookupResult { client, token })
            }
        })
        .on_rejection(move |rejection, _| report.lock().unwrap().reasons.push(rejection.reason().clone()))
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Initiate,
    Exchange,
    Call,
}

async fn issue(State(site): State<Arc<Site>>, verified: VerifiedRequest) -> Response<String> {
    match site.issuer.issue_temporary(&verified, &site.client).await {
        Ok(issued) => issued.to_response(),
        Err(rejection) => site.reject(&rejection),
    }
}

async fn exchange_token(State(site): State<Arc<Site>>, verified: VerifiedRequest) -> Response<String> {
    let user = verified.user().unwrap_or_default();
    match site.issuer.exchange(&verified).await {
        Ok(issued) => {
            // Clients for X read the first two, clients for Flickr the others.
            let parameters = [
                ("user_id", user),
                ("screen_name", "jane"),
                ("user_nsid", user),
                ("username", "jane"),
                ("fullname", "Jane & Co"),
            ];
            let issued = parameters
                .into_iter()
                .try_fold(issued, |issued, (name, value)| issued.parameter(name, value));
            issued.unwrap().to_response()
        }
        Err(rejection) => site.reject(&rejection),
    }
}

impl Site {
    fn reject(&self, rejection: &Rejection) -> Response<String> {
        self.report.lock().unwrap().reasons.push(rejection.reason().clone());
        rejection.to_response()
    }
}

/// Jane says yes at once.
async fn authorize(
    State(site): State<Arc<Site>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> axum::response::Response {
    match site.issuer.approve(&query["oauth_token"], "785027577").await.unwrap() {
        Some(Decision::Redirect(url)) => Redirect::to(&url).into_response(),
        Some(Decision::Pin(pin)) => format!("PIN: {pin}").into_response(),
        _ => StatusCode::GONE.into_response(),
    }
}

/// One answer that all of the clients can read.
async fn api(verified: VerifiedRequest) -> Json<serde_json::Value> {
    assert_eq!(verified.user(), Some("785027577"));
    Json(serde_json::json!({
        "data": { "id": "785027577", "name": "Jane", "username": "jane", "text": "tea" },
        "id": 785_027_577,
        "id_str": "785027577",
        "screen_name": "jane",
        "stat": "ok",
    }))
}

/// Flickr's upload: the text fields of the multipart body are signed as if they were a form, the photo is not.
async fn upload(
    State(site): State<Arc<Site>>,
    Extension(policy): Extension<Arc<Policy>>,
    head: Parts,
    body: Bytes,
) -> axum::response::Response {
    let Some((form, photo)) = fields(&head, body).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut headers = head.headers.clone();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let received = IncomingRequest::new(&head.method, &head.uri, &headers).body(form.as_bytes());
    match site.verify(&policy, received).await {
        Ok(verified) => {
            assert_eq!(verified.parameters().get("title"), Some("tea & cake"));
            assert!(!photo.is_empty());
            "<rsp stat=\"ok\"><photoid>1</photoid></rsp>".into_response()
        }
        Err(rejection) => site.reject(&rejection).into_response(),
    }
}

/// Returns the text fields as a form, and the photo.
async fn fields(head: &Parts, body: Bytes) -> Option<(String, Bytes)> {
    use axum::extract::FromRequest;

    let request = Request::from_parts(head.clone(), Body::from(body));
    let mut multipart = Multipart::from_request(request, &()).await.ok()?;
    let (mut pairs, mut photo) = (Vec::new(), Bytes::new());
    while let Some(field) = multipart.next_field().await.ok()? {
        match field.name()?.to_owned() {
            name if name == "photo" => photo = field.bytes().await.ok()?,
            name => pairs.push((name, field.text().await.ok()?)),
        }
    }
    let encode = oauth1_signer::percent_encode;
    let form: Vec<_> = pairs.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    Some((form.join("&"), photo))
}

impl Site {
    async fn verify(
        &self,
        policy: &Policy,
        received: IncomingRequest<'_>,
    ) -> Result<VerifiedRequest, Rejection> {
        let claim = policy.read(received)?;
        let client = (claim.client_key() == self.client.key()).then_some(&self.client);
        let token = self.issuer.token_record(claim.token()).await.map_err(Rejection::unavailable)?;
        claim.prove(client, token.as_ref())?.admit(&self.log).await
    }
}
