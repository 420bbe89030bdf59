//! The provider's side: it serves the three steps, and one protected resource.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use oauth1_signer::provider::{Decision, Issuer, MemoryStore};
use oauth1_signer::tower::{Lookup, LookupResult, VerifyingLayer};
use oauth1_signer::verify::diagnosis::DiagnosisLimit;
use oauth1_signer::verify::{ClientRecord, MemoryNonceLog, Policy, VerifiedRequest};
use oauth1_signer::{ClientCredentials, Origin};
use tokio::net::TcpListener;

use crate::operator::OperatorLog;
use crate::{CALLBACK, CLIENT_KEY, CLIENT_SECRET, Failure};

/// The provider's clients and grants. A real provider has a database instead.
struct Photos {
    clients: HashMap<String, ClientRecord>,
    issuer: Issuer<MemoryStore>,
    log: OperatorLog,
}

/// The kind of token that a route accepts.
#[derive(Clone, Copy)]
enum Tokens {
    None,
    Temporary,
    Full,
}

/// The provider's routes, for a listener at `origin`.
pub(crate) fn routes(origin: Origin, log: OperatorLog) -> Result<Router, Failure> {
    let printer =
        ClientRecord::new(ClientCredentials::new(CLIENT_KEY, CLIENT_SECRET))?.register_callback(CALLBACK);
    let photos = Arc::new(Photos {
        clients: HashMap::from([(CLIENT_KEY.to_owned(), printer)]),
        issuer: Issuer::new(MemoryStore::new()),
        log,
    });
    // The origin that clients sign for. Behind a proxy it is the proxy's origin.
    let policy = Policy::new(origin);
    // One log for all routes: a nonce counts once, wherever it is sent.
    let nonces = Arc::new(MemoryNonceLog::new()?);
    let verifying = |tokens| {
        let (photos, log, diagnoses) = (Arc::clone(&photos), photos.log.clone(), photos.log.clone());
        let look_up = move |wanted: Lookup| look_up(Arc::clone(&photos), tokens, wanted);
        // A client that asks for a request token has no token yet.
        let policy = policy.clone().require_token(!matches!(tokens, Tokens::None));
        VerifyingLayer::new(policy, Arc::clone(&nonces), look_up)
            .diagnose(DiagnosisLimit::default(), move |diagnosis, _| diagnoses.write_diagnosis(diagnosis))
            .on_rejection(move |rejection, claim| log.write(rejection, claim))
    };
    Ok(Router::new()
        .route("/initiate", post(initiate).layer(verifying(Tokens::None)))
        .route("/authorize", get(ask).post(decide))
        .route("/token", post(exchange).layer(verifying(Tokens::Temporary)))
        .route("/photos", get(photo).layer(verifying(Tokens::Full)))
        .with_state(photos))
}

async fn look_up(photos: Arc<Photos>, tokens: Tokens, wanted: Lookup) -> Result<LookupResult, Failure> {
    let token = wanted.token.as_deref();
    let token = match tokens {
        Tokens::None => None,
        Tokens::Temporary => photos.issuer.temporary_record(token).await?,
        Tokens::Full => photos.issuer.token_record(token).await?,
    };
    Ok(LookupResult { client: photos.clients.get(&wanted.client_key).cloned(), token })
}

/// §2.1. The layer has verified the request.
async fn initiate(State(photos): State<Arc<Photos>>, client: VerifiedRequest) -> Response {
    let Some(record) = photos.clients.get(client.client_key()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    match photos.issuer.issue_temporary(&client, record).await {
        Ok(issued) => issued.to_response().into_response(),
        Err(rejection) => rejection.to_response().into_response(),
    }
}

#[derive(serde::Deserialize)]
struct Page {
    oauth_token: String,
}

/// §2.2: the page that asks Jane. A real provider signs her in first.
async fn ask(State(photos): State<Arc<Photos>>, Query(page): Query<Page>) -> Result<String, StatusCode> {
    let pending = photos.issuer.pending(&page.oauth_token).await;
    let pending = pending.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?.ok_or(StatusCode::NOT_FOUND)?;
    Ok(format!("May {} see your photos, Jane?", pending.client_key()))
}

/// §2.2: Jane approves. A real page must be protected against requests from other sites (CSRF).
async fn decide(State(photos): State<Arc<Photos>>, Form(page): Form<Page>) -> Result<Response, StatusCode> {
    let decided = photos.issuer.approve(&page.oauth_token, "jane").await;
    match decided.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?.ok_or(StatusCode::NOT_FOUND)? {
        Decision::Redirect(url) => Ok(Redirect::to(&url).into_response()),
        Decision::Pin(code) => Ok(code.into_response()),
        Decision::Denied => Ok(StatusCode::FORBIDDEN.into_response()),
    }
}

/// §2.3: exchanges the request token for an access token.
async fn exchange(State(photos): State<Arc<Photos>>, client: VerifiedRequest) -> Response {
    match photos.issuer.exchange(&client).await {
        Ok(issued) => issued.to_response().into_response(),
        Err(rejection) => rejection.to_response().into_response(),
    }
}

/// Returns the protected resource.
async fn photo(caller: VerifiedRequest) -> String {
    format!("{}'s vacation.jpg, for {}", caller.user().unwrap_or("nobody"), caller.client_key())
}

pub(crate) async fn serve(listener: TcpListener, routes: Router) {
    if let Err(error) = axum::serve(listener, routes).await {
        eprintln!("the provider stopped: {error}");
    }
}
