//! Over axum and hyper, on loopback.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Form, OriginalUri};
use axum::middleware::{self, Next};
use axum::routing::{get, post};
use axum::{Extension, Router};
use bytes::Bytes;
use http::header::WWW_AUTHENTICATE;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use oauth1_signer::tower::{RequestBody, VerifyingLayer};
use oauth1_signer::verify::{MemoryNonceLog, VerifiedRequest};
use oauth1_signer::{BodyHashPolicy, Stamp};
use tokio::net::TcpListener;
use tower::{ServiceBuilder, ServiceExt};
use tower_layer::Layer;

use crate::site::{Answer, FORM, JSON, NOW, answer, policy_at, records, run, signer};

pub(crate) type AxumLayer = VerifyingLayer<Arc<MemoryNonceLog>>;

/// A port, and the layer for what is served there.
async fn listen() -> (TcpListener, SocketAddr, AxumLayer) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let log = Arc::new(MemoryNonceLog::new().unwrap());
    (
        listener,
        address,
        VerifyingLayer::new(policy_at(&format!("http://{address}")), log, async |wanted| {
            Ok(records(&wanted))
        }),
    )
}

/// A server of axum's, until the test ends.
pub(crate) async fn serve(router: impl FnOnce(AxumLayer) -> Router) -> SocketAddr {
    let (listener, address, layer) = listen().await;
    let router = router(layer);
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

/// Signed where there is a nonce. The body has a hash where it is no form.
async fn call(
    address: SocketAddr,
    nonce: Option<&str>,
    method: &str,
    target: &str,
    content: Option<(&str, &'static str)>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(format!("http://{address}{target}"));
    if let Some((content_type, _)) = content {
        request = request.header("content-type", content_type);
    }
    let mut request = request.body(Bytes::from(content.map_or("", |(_, body)| body))).unwrap();
    if let Some(nonce) = nonce {
        let signer = signer().to_builder().body_hash(BodyHashPolicy::NotForms).build().unwrap();
        let header = signer.sign_with(&request, Stamp::new(NOW, nonce).unwrap()).unwrap().to_header();
        request.headers_mut().insert("authorization", header);
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    answer(client.request(request.map(Full::new)).await.unwrap()).await
}

async fn who(Extension(verified): Extension<VerifiedRequest>) -> String {
    format!("{} for {}", verified.client_key(), verified.user().unwrap_or("nobody"))
}

async fn fields(
    Extension(_): Extension<VerifiedRequest>,
    Form(fields): Form<Vec<(String, String)>>,
) -> String {
    format!("{fields:?}")
}

async fn echo(Extension(_): Extension<VerifiedRequest>, body: Bytes) -> Bytes {
    body
}

pub(crate) fn routes() -> Router {
    Router::new().route("/who", get(who)).route("/form", post(fields)).route("/echo", post(echo))
}

#[test]
fn axum_with_a_layer_over_all_routes() {
    run(async {
        let address = serve(|layer| routes().layer(layer)).await;
        let answer = call(address, Some("n1"), "GET", "/who?a=1", None).await;
        assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &b"ck for jane"[..]));
        let answer = call(address, Some("n1"), "GET", "/who?a=1", None).await;
        assert_eq!(
            (answer.status, &answer.body[..]),
            (StatusCode::UNAUTHORIZED, &b"the request is not authorized\n"[..])
        );
        assert_eq!(answer.headers[WWW_AUTHENTICATE], format!("OAuth realm=\"http://{address}\""));
        let answer = call(address, Some("n2"), "POST", "/form", Some((FORM, "a=1&a=2+3&c"))).await;
        assert_eq!(answer.body, r#"[("a", "1"), ("a", "2 3"), ("c", "")]"#);
        let answer = call(address, Some("n3"), "POST", "/echo", Some((JSON, "{\"a\": 1}"))).await;
        assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &b"{\"a\": 1}"[..]));
        // What is not there is not told to strangers.
        assert_eq!(call(address, None, "GET", "/nowhere", None).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(call(address, Some("n4"), "GET", "/nowhere", None).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn axum_with_a_layer_over_some_routes() {
    run(async {
        let address =
            serve(|layer| routes().route_layer(layer).route("/public", get(async || "hello"))).await;
        assert_eq!(call(address, None, "GET", "/public", None).await.body, "hello");
        assert_eq!(call(address, None, "GET", "/nowhere", None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(call(address, None, "GET", "/who", None).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(call(address, Some("n1"), "GET", "/who", None).await.body, "ck for jane");
    });
}

/// A nested router takes its prefix off the path before its layers see it.
#[test]
fn axum_with_a_nested_router() {
    run(async {
        let address = serve(|layer| {
            let original = layer.clone().original_uri(|head| match head.extensions.get() {
                Some(OriginalUri(target)) => target.clone(),
                None => head.uri.clone(),
            });
            Router::new().nest("/v1", routes().layer(original)).nest("/v2", routes().layer(layer))
        })
        .await;
        assert_eq!(call(address, Some("n1"), "GET", "/v1/who?a=1", None).await.body, "ck for jane");
        // Without it, the prefix is missing from what is verified.
        assert_eq!(call(address, Some("n2"), "GET", "/v2/who", None).await.status, StatusCode::UNAUTHORIZED);
    });
}

/// axum's middleware within takes bodies of axum's only.
#[test]
fn axum_with_middleware_around_and_within() {
    async fn shout(request: Request<Body>, next: Next) -> Response<Body> {
        let is_verified = request.extensions().get::<VerifiedRequest>().is_some();
        let mut response = next.run(request).await;
        response.headers_mut().append("seen", is_verified.to_string().parse().unwrap());
        response
    }

    run(async {
        let address = serve(|layer| {
            routes().layer(
                ServiceBuilder::new()
                    .layer(middleware::from_fn(shout))
                    .layer(layer)
                    .map_request(|request: Request<RequestBody<Body>>| request.map(Body::new))
                    .layer(middleware::from_fn(shout)),
            )
        })
        .await;
        let answer = call(address, Some("n1"), "POST", "/form", Some((FORM, "a=1"))).await;
        assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &br#"[("a", "1")]"#[..]));
        assert_eq!(answer.headers.get_all("seen").iter().collect::<Vec<_>>(), ["true", "false"]);
        let answer = call(address, None, "POST", "/form", Some((FORM, "a=1"))).await;
        assert_eq!(answer.headers.get_all("seen").iter().collect::<Vec<_>>(), ["false"]);
    });
}

/// A gateway: the body of its answer is whatever comes from behind it.
#[test]
fn hyper_with_a_service_that_passes_bodies_on() {
    run(async {
        let (listener, address, layer) = listen().await;
        let gateway = tower::service_fn(|request: Request<RequestBody<Incoming>>| async {
            Ok::<_, Infallible>(Response::new(request.into_body()))
        });
        let service = layer.layer(gateway);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = TowerToHyperService::new(service.clone());
                tokio::spawn(async move {
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await
                        .unwrap();
                });
            }
        });
        for (nonce, content) in
            [("n1", (FORM, "a=1&b=%7e")), ("n2", (JSON, "{}")), ("n3", ("text/plain", ""))]
        {
            let answer = call(address, Some(nonce), "POST", "/", Some(content)).await;
            assert_eq!((answer.status, answer.body), (StatusCode::OK, Bytes::from(content.1)));
        }
        assert_eq!(call(address, None, "GET", "/", None).await.status, StatusCode::UNAUTHORIZED);
    });
}

/// Decoded as they are, and all that is answered.
async fn raw(address: SocketAddr, head: String, body: &'static [u8]) -> String {
    exchange(address, head, body, false).await
}

async fn raw_and_hang_up(address: SocketAddr, head: String, body: &'static [u8]) -> String {
    exchange(address, head, body, true).await
}

async fn exchange(address: SocketAddr, head: String, body: &'static [u8], hang_up: bool) -> String {
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        if hang_up {
            stream.shutdown(Shutdown::Write).unwrap();
        }
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    })
    .await
    .unwrap()
}

pub(crate) fn header(address: SocketAddr, nonce: &str, method: &str, form: &'static str) -> String {
    let request = Request::builder().method(method).uri(format!("http://{address}/form"));
    let request = request.header("content-type", FORM).body(form).unwrap();
    let signed = signer().sign_with(&request, Stamp::new(NOW, nonce).unwrap()).unwrap().to_header();
    signed.to_str().unwrap().to_owned()
}

#[test]
fn what_is_cut_or_too_long_on_the_wire_is_answered() {
    run(async {
        let address = serve(|layer| routes().layer(layer)).await;
        let head = |nonce, form, more: &str| {
            let authorization = header(address, nonce, "POST", form);
            format!(
                "POST /form HTTP/1.1\r\nHost: {address}\r\nContent-Type: {FORM}\r\n\
                 Authorization: {authorization}\r\n{more}\r\n\r\n"
            )
        };
        let whole = raw(address, head("n1", "a=1", "Content-Length: 3\r\nConnection: close"), b"a=1").await;
        assert!(whole.starts_with("HTTP/1.1 200 "), "{whole}");
        let chunked = "Transfer-Encoding: chunked\r\nConnection: close";
        let chunks =
            raw(address, head("n2", "a=1", chunked), b"1\r\na\r\n1\r\n=\r\n1\r\n1\r\n0\r\n\r\n").await;
        assert!(chunks.starts_with("HTTP/1.1 200 "), "{chunks}");

        // Announced and never sent: the answer does not wait for it.
        let long = raw(address, head("n3", "a=1", "Content-Length: 1073741824"), b"").await;
        assert!(long.starts_with("HTTP/1.1 400 ") && long.contains("the body is too long"), "{long}");
        let bad = raw(address, head("n4", "a=1", "Transfer-Encoding: chunked"), b"3\r\na=1\r\nz\r\n").await;
        assert!(bad.starts_with("HTTP/1.1 400 ") && bad.contains("could not be read"), "{bad}");
        // Who hangs up in the middle gets no answer, or a refusal.
        for (more, body) in
            [("Content-Length: 3", &b"a="[..]), ("Transfer-Encoding: chunked", b"3\r\na=1\r\n")]
        {
            let cut = raw_and_hang_up(address, head("n4", "a=1", more), body).await;
            assert!(cut.is_empty() || cut.starts_with("HTTP/1.1 400 "), "{cut}");
        }
        // Its nonce is not used up.
        let whole = raw(address, head("n4", "a=1", "Content-Length: 3\r\nConnection: close"), b"a=1").await;
        assert!(whole.starts_with("HTTP/1.1 200 "), "{whole}");
    });
}

/// A proxy's client may name the whole URL in the request line (RFC 9112 §3.2.2).
#[test]
fn the_target_may_be_absolute_on_the_wire() {
    run(async {
        let address = serve(|layer| routes().layer(layer)).await;
        let head = |host: &str, target: &str, nonce| {
            let authorization = header(address, nonce, "POST", "a=1");
            format!(
                "POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {FORM}\r\nContent-Length: 3\r\n\
                 Connection: close\r\nAuthorization: {authorization}\r\n\r\n"
            )
        };
        let (own, absolute) = (address.to_string(), format!("http://{address}/form"));
        let answer = raw(address, head(&own, &absolute, "n1"), b"a=1").await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let answer = raw(address, head(&own, "http://evil.example/form", "n2"), b"a=1").await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let answer = raw(address, head("evil.example", &absolute, "n3"), b"a=1").await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    });
}

/// HEAD has no body, refused or not.
#[test]
fn head_is_answered_without_a_body() {
    run(async {
        let address = serve(|layer| routes().layer(layer)).await;
        let answer = call(address, None, "HEAD", "/who", None).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::UNAUTHORIZED, 0));
        assert_eq!(call(address, Some("n1"), "HEAD", "/who", None).await.status, StatusCode::OK);
        // One nonce does not serve for both.
        assert_eq!(call(address, Some("n1"), "GET", "/who", None).await.status, StatusCode::UNAUTHORIZED);
    });
}

/// A router is a service too: without any server.
#[test]
fn axum_by_oneshot() {
    run(async {
        let (_, address, layer) = listen().await;
        let mut request = Request::get(format!("http://{address}/who")).body(()).unwrap();
        let header = signer().sign_with(&request, Stamp::new(NOW, "n1").unwrap()).unwrap().to_header();
        request.headers_mut().insert("authorization", header);
        let response = routes().layer(layer).oneshot(request.map(|()| Body::empty())).await.unwrap();
        assert_eq!(answer(response).await.body, "ck for jane");
    });
}
