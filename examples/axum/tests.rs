#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use oauth1_signer::{ClientCredentials, Origin, Signer, TokenCredentials};
use tower::ServiceExt;

use crate::{Options, api};

const ORIGIN: &str = "https://api.example.com";

async fn send(api: &Router, request: Request<String>) -> (StatusCode, String) {
    let response = api.clone().oneshot(request.map(Body::from)).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1024).await.unwrap();
    (status, String::from_utf8(body.into()).unwrap())
}

fn get(path: &str) -> Request<String> {
    Request::get(format!("{ORIGIN}{path}")).body(String::new()).unwrap()
}

fn note(form: &str) -> Request<String> {
    let note = Request::post(format!("{ORIGIN}/notes"));
    note.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned()).unwrap()
}

#[tokio::test]
async fn serves_signed_requests_and_no_others() {
    // The default credentials of `examples/sign`.
    let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let signer = Signer::builder(client.clone()).token(token).build().unwrap();
    let sign = |request| signer.authorize(request).unwrap();
    let api = api::router(api::policy(Origin::new(ORIGIN).unwrap())).unwrap();

    assert_eq!(send(&api, get("/")).await.0, StatusCode::OK);
    for path in ["/me", "/me?user=jane"] {
        assert_eq!(send(&api, get(path)).await.0, StatusCode::UNAUTHORIZED);
    }
    let (status, body) = send(&api, sign(get("/me"))).await;
    assert_eq!((status, &*body), (StatusCode::OK, "You are jane, by dpf43f3p2l4k3l03.\n"));
    let (status, body) = send(&api, sign(note("text=tea+%26+cake"))).await;
    assert_eq!((status, &*body), (StatusCode::OK, "jane writes: tea & cake\n"));
    assert_eq!(send(&api, sign(note("title=tea"))).await.0, StatusCode::BAD_REQUEST);

    let changed = sign(note("text=tea")).map(|_| "text=rum".to_owned());
    assert_eq!(send(&api, changed).await.0, StatusCode::UNAUTHORIZED);
    let long = sign(note(&"a".repeat(16 * 1024 + 1)));
    assert_eq!(send(&api, long).await.0, StatusCode::BAD_REQUEST);
    let without_token = Signer::builder(client).build().unwrap().authorize(get("/me")).unwrap();
    assert!(send(&api, without_token).await.0.is_client_error());
}

#[test]
fn the_options_are_consistent() {
    use clap::CommandFactory;
    Options::command().debug_assert();
}
