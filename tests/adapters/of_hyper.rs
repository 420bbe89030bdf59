//! What is particular to hyper's connections: origin-form, and the scheme that only the caller knows.

use std::net::SocketAddr;

use bytes::Bytes;
use http::Request;
use http::uri::Scheme;
use http_body_util::{BodyExt, Empty, Full};
use oauth1_signer::hyper::{authorize, to_origin_form};
use oauth1_signer::{BodyHashPolicy, RequestRef, SignError, request::RequestError};

use super::wire::connection;
use super::{SECRETS, check_signature, content, only, signer};
use crate::support::clients::{RUNTIME, hyper_client};

fn refusal<B: std::fmt::Debug + 'static>(scheme: &Scheme, request: Request<B>) -> RequestError {
    match authorize(&signer(), scheme, request).unwrap_err() {
        SignError::Request(error) => error,
        other => panic!("{other:?}"),
    }
}

fn get(target: &str) -> http::request::Builder {
    Request::get(target)
}

fn full() -> Full<Bytes> {
    Full::default()
}

#[test]
fn a_connection_takes_origin_form() {
    for (scheme, name) in [(Scheme::HTTP, "http"), (Scheme::HTTPS, "https")] {
        let server = content();
        let address = SocketAddr::from(([127, 0, 0, 1], server.port()));
        let targets = ["/items?b=%7e&a=1", "/", "/?", "//double//", "/a?b?c"];
        for (at, target) in targets.into_iter().enumerate() {
            let request = get(target).header("host", "API.example.test:8080").body(full()).unwrap();
            RUNTIME.block_on(connection(address, authorize(&signer(), &scheme, request).unwrap()));
            let received = &server.received()[at];
            assert_eq!(received.target(), target);
            assert_eq!(received.headers("Host"), ["API.example.test:8080"]);
            check_signature(received, name, SECRETS).unwrap();
        }
    }
}

/// The signature holds before and after.
#[test]
fn to_origin_form_changes_nothing_that_is_signed() {
    for url in [
        "http://api.example.test/items?b=%7e",
        "http://API.example.test",
        "http://api.example.test?a=1",
        "http://api.example.test:80/",
        "http://api.example.test:8080/?",
        "http://[::1]:8080//a//",
    ] {
        let server = content();
        let address = SocketAddr::from(([127, 0, 0, 1], server.port()));
        let request = authorize(&signer(), &Scheme::HTTP, get(url).body(full()).unwrap()).unwrap();
        let request = to_origin_form(request);
        assert!(request.uri().authority().is_none() && request.uri().path().starts_with('/'), "{url}");
        RUNTIME.block_on(connection(address, request));
        only(&server);
    }
    // User information does not get into the header, and an earlier Host gives way to the URL's.
    let request = get("http://user:pass@h:1/a").header("host", "other").body(()).unwrap();
    let request = to_origin_form(request);
    assert_eq!(request.headers().get_all("host").iter().collect::<Vec<_>>(), ["h:1"]);
    assert_eq!(request.uri(), "/a");
    // What is in origin-form stays so.
    let request = to_origin_form(get("/a?b").header("host", "h").body(()).unwrap());
    assert_eq!(
        (request.uri().to_string().as_str(), &request.headers()["host"]),
        ("/a?b", &"h".parse().unwrap())
    );
}

#[test]
fn what_a_connection_is_not_for_is_refused() {
    let absolute = |url: &str| get(url).body(full()).unwrap();
    assert_eq!(refusal(&Scheme::HTTPS, absolute("http://h/")), RequestError::OtherScheme);
    assert_eq!(refusal(&Scheme::HTTP, absolute("https://h/")), RequestError::OtherScheme);
    assert_eq!(refusal(&Scheme::HTTP, absolute("/items")), RequestError::NoHost);
    for host in ["a/b", "a?b", "a#b", "user@a", "a\\b", "a b", "\u{e9}"] {
        let mut request = absolute("/items");
        request.headers_mut().insert("host", http::HeaderValue::from_bytes(host.as_bytes()).unwrap());
        assert_eq!(refusal(&Scheme::HTTP, request), RequestError::NoHost, "{host}");
    }
    let two = get("/").header("host", "a").header("host", "a").body(full()).unwrap();
    assert_eq!(refusal(&Scheme::HTTP, two), RequestError::NoHost);
    for host in ["", "a:b", "a:99999", "[::1", "a%41"] {
        let request = get("/").header("host", host).body(full()).unwrap();
        assert!(matches!(refusal(&Scheme::HTTP, request), RequestError::Url(_)), "{host}");
    }
    assert_eq!(refusal(&Scheme::HTTP, absolute("http://user:pass@h/")), RequestError::SecondAuthorization);
    let basic = get("http://h/").header("authorization", "Basic dXNlcjpwYXNz").body(full()).unwrap();
    assert_eq!(refusal(&Scheme::HTTP, basic), RequestError::SecondAuthorization);
    let ftp: Scheme = "ftp".parse().unwrap();
    let request = get("/").header("host", "a").body(full()).unwrap();
    assert!(matches!(refusal(&ftp, request), RequestError::Url(_)));
    // `CONNECT h:1` and `OPTIONS *` are in other forms yet.
    let authority = Request::connect("h:1").body(full()).unwrap();
    assert_eq!(refusal(&Scheme::HTTP, authority), RequestError::NoHost);
}

#[test]
fn bodies_as_in_the_layer() {
    let post = || Request::post("http://h/").header("content-type", "application/x-www-form-urlencoded");
    authorize(&signer(), &Scheme::HTTP, post().body(Full::new(Bytes::from("a=1"))).unwrap()).unwrap();
    authorize(&signer(), &Scheme::HTTP, post().body("a=1".to_owned()).unwrap()).unwrap();
    let boxed = Full::new(Bytes::from("a=1")).boxed();
    assert_eq!(refusal(&Scheme::HTTP, post().body(boxed).unwrap()), RequestError::UnbufferedFormBody);

    // The remedy.
    let server = content();
    let mut request = Request::post(server.url("/"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from("a=1")).boxed())
        .unwrap();
    let signer = signer();
    let view = RequestRef::in_origin_form(&request, &Scheme::HTTP).unwrap().body(b"a=1");
    let authorization = signer.sign(view).unwrap().to_header();
    request.headers_mut().insert("authorization", authorization);
    let client =
        hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    RUNTIME.block_on(client.request(request)).unwrap();
    assert_eq!(only(&server).body, b"a=1");

    let hashing = signer.to_builder().body_hash(BodyHashPolicy::NotForms).build().unwrap();
    let hash = |request| {
        let request = authorize(&hashing, &Scheme::HTTP, request).unwrap();
        request.headers()["authorization"].to_str().unwrap().contains("oauth_body_hash")
    };
    assert!(hash(Request::post("http://h/").body(Full::new(Bytes::from("{}"))).unwrap()));
    assert!(!hash(get("http://h/").body(full()).unwrap()));
    let empty = get("http://h/").body(Empty::<Bytes>::new()).unwrap();
    let empty = authorize(&hashing, &Scheme::HTTP, empty).unwrap();
    assert!(!empty.headers()["authorization"].to_str().unwrap().contains("oauth_body_hash"));
}

#[test]
fn a_request_that_is_signed_twice_has_one_signature() {
    let server = content();
    let request = get(&server.url("/items")).body(full()).unwrap();
    let once = authorize(&signer(), &Scheme::HTTP, request).unwrap();
    let before = once.headers()["authorization"].clone();
    assert!(before.is_sensitive());
    let twice = authorize(&signer(), &Scheme::HTTP, once).unwrap();
    assert!(!format!("{twice:?}").contains("oauth_"), "{twice:?}");
    assert_ne!(twice.headers()["authorization"], before);
    RUNTIME.block_on(hyper_client().request(twice)).unwrap();
    assert_eq!(only(&server).headers("Authorization").len(), 1);
}
