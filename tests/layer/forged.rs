//! A man in the middle who moves, reorders and relabels what was signed: a handler with this crate's
//! extractors reads the signed pairs, or the request is rejected. Over axum.

use axum::Router;
use axum::body::Body;
use axum::routing::any;
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode};
use oauth1_signer::axum::Parameters;
use oauth1_signer::tower::VerifyingLayer;
use oauth1_signer::verify::{MemoryNonceLog, Policy, VerifiedRequest};
use oauth1_signer::{ClientCredentials, Signer, Stamp};
use serde::Deserialize;
use tower::ServiceExt;

use crate::site::{Answer, FORM, NOW, ORIGIN, answer, policy, records, request, run, signed_by, signer};

#[derive(Deserialize)]
struct Transfer {
    to: String,
    amount: u64,
}

#[derive(Deserialize)]
struct Several {
    amount: Vec<u64>,
}

async fn transfer(caller: VerifiedRequest, Parameters(transfer): Parameters<Transfer>) -> String {
    format!("{} sends {} to {}", caller.user().unwrap_or("nobody"), transfer.amount, transfer.to)
}

async fn several(Parameters(several): Parameters<Several>) -> String {
    format!("{:?}", several.amount)
}

async fn delete(Parameters(id): Parameters<Vec<(String, String)>>) -> String {
    format!("deletes {id:?}")
}

fn app(policy: Policy) -> Router {
    let log = MemoryNonceLog::new().unwrap();
    let layer = VerifyingLayer::new(policy, log, async |keys| Ok(records(&keys)));
    Router::new()
        .route("/transfer", any(transfer))
        .route("/several", any(several))
        .route("/items", any(delete))
        .route_layer(layer)
}

fn send(policy: Policy, request: Request<Body>) -> Answer {
    run(async { answer(app(policy).oneshot(request).await.unwrap()).await })
}

/// The header of a request with this target, as its client signed it.
fn header(signer: &Signer, method: &str, target: &str, nonce: &str) -> HeaderValue {
    let original = request(method, target, None);
    signer.sign_with(&original, Stamp::new(NOW, nonce).unwrap()).unwrap().to_header()
}

fn sent(method: &str, target: &str, header: HeaderValue, form: Option<(&str, &str)>) -> Request<Body> {
    let mut request =
        Request::builder().method(method).uri(format!("{ORIGIN}{target}")).header("authorization", header);
    if let Some((content_type, _)) = form {
        request = request.header("content-type", content_type);
    }
    request.body(form.map_or("", |(_, form)| form).to_owned().into()).unwrap()
}

#[test]
fn rejects_a_form_under_a_content_type_that_only_begins_like_a_forms() {
    let signed = "/transfer?amount=1&to=bob";
    for content_type in [
        "application/x-www-form-urlencoded-x",
        "application/x-www-form-urlencoded, text/plain",
        "application/x-www-form-urlencoded.",
        "application/x-www-form-urlencoded charset=utf-8",
    ] {
        let header = header(&signer(), "POST", signed, "n1");
        let forged = sent("POST", signed, header, Some((content_type, "amount=9&to=eve")));
        assert_eq!(send(policy(), forged).status, StatusCode::BAD_REQUEST, "{content_type}");
    }
    let honest =
        sent("POST", "/transfer", header(&signer(), "POST", signed, "n1"), Some((FORM, "amount=1&to=bob")));
    assert_eq!(send(policy(), honest).body, "jane sends 1 to bob");
}

#[test]
fn a_parameter_that_was_moved_is_read_where_it_is_or_rejected() {
    let header = || header(&signer(), "DELETE", "/items?id=5", "n1");
    let in_form = sent("DELETE", "/items", header(), Some((FORM, "id=5")));
    assert_eq!(send(policy(), in_form).body, r#"deletes [("id", "5")]"#);

    let moved = header().to_str().unwrap().to_owned() + ", id=\"5\"";
    let in_header = || sent("DELETE", "/items", moved.parse().unwrap(), None);
    let rejected = send(policy(), in_header());
    assert_eq!(rejected.status, StatusCode::BAD_REQUEST);
    assert_eq!(rejected.body, "id is not a protocol parameter, but is in the Authorization header\n");
    // Where the operator allows it, the extractor reads it.
    let allowed = send(policy().allow_header_parameters(true), in_header());
    assert_eq!(allowed.body, r#"deletes [("id", "5")]"#);
    // It cannot be left out.
    assert_eq!(send(policy(), sent("DELETE", "/items", header(), None)).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn reordered_duplicates_are_read_in_one_order_or_rejected() {
    let (one, other) = ("amount=1&amount=9", "amount=9&amount=1");
    for order in [one, other] {
        let header = |path: &str| header(&signer(), "GET", &format!("{path}?{one}&to=bob"), "n1");
        let target = format!("/several?{order}&to=bob");
        assert_eq!(send(policy(), sent("GET", &target, header("/several"), None)).body, "[1, 9]", "{order}");
        let target = format!("/transfer?{order}&to=bob");
        let rejected = send(policy(), sent("GET", &target, header("/transfer"), None));
        assert_eq!(rejected.status, StatusCode::BAD_REQUEST, "{order}");
    }
}

#[test]
fn a_request_without_a_token_is_rejected_unless_the_policy_says_otherwise() {
    let client = Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap();
    let target = "/transfer?amount=1&to=bob";
    let request = || sent("GET", target, header(&client, "GET", target, "n1"), None);
    let rejected = send(policy(), request());
    assert!(rejected.status.is_client_error(), "{rejected:?}");
    assert_eq!(send(policy().require_token(false), request()).body, "nobody sends 1 to bob");
}

/// Without the layer nobody has verified anything: no handler runs.
#[test]
fn an_extractor_without_the_layer_is_an_error_that_names_the_remedy() {
    let app = Router::new().route("/transfer", any(transfer)).route("/items", any(delete));
    for target in ["/transfer?amount=1&to=bob", "/items?id=5"] {
        let request = Request::get(target).body(Body::empty()).unwrap();
        let answer = run(async { answer(app.clone().oneshot(request).await.unwrap()).await });
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.body.starts_with(b"the request was not verified: add a VerifyingLayer"), "{answer:?}");
    }
}

#[test]
fn parameters_that_do_not_fit_are_the_clients_mistake() {
    for target in
        ["/transfer?amount=1", "/transfer?amount=x&to=bob", "/transfer?amount=-1&to=bob", "/transfer"]
    {
        let rejected = send(policy(), sent("GET", target, header(&signer(), "GET", target, "n1"), None));
        assert_eq!(rejected.status, StatusCode::BAD_REQUEST, "{target}");
        assert!(rejected.body.len() <= 1024 && rejected.body.ends_with(b"\n"), "{target}");
    }
}

/// The extractors leave the body to the handler.
#[test]
fn the_body_can_be_read_after_the_parameters() {
    async fn read(Parameters(pairs): Parameters<Vec<(String, String)>>, body: Bytes) -> String {
        format!("{} of {}", pairs.len(), String::from_utf8_lossy(&body))
    }
    let log = MemoryNonceLog::new().unwrap();
    let layer = VerifyingLayer::new(policy(), log, async |keys| Ok(records(&keys)));
    let app = Router::new().route("/items", any(read)).layer(layer);
    for (nonce, content_type, body, read) in
        [("n1", FORM, "b=2&c", "3 of b=2&c"), ("n2", "application/json", "{}", "1 of {}")]
    {
        let content = request("POST", "/items?a=1", Some((content_type, body)));
        let request = signed_by(&signer(), NOW, nonce, content).map(Body::from);
        assert_eq!(run(async { answer(app.clone().oneshot(request).await.unwrap()).await }).body, read);
    }
}
