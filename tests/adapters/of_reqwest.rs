//! What is particular to reqwest: its bodies, its builders, and how a request can get a second Authorization.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use oauth1_signer::flow::{Endpoints, Flow};
use oauth1_signer::reqwest::{Client, Error, blocking};
use oauth1_signer::{BodyHashPolicy, RequestRef, SignError, Signer, request::RequestError};
use reqwest::multipart::{Form, Part};
use sha1::{Digest, Sha1};

use super::{SECRETS, check_signature, check_untouched, content, only, signer};
use crate::support::clients::{RUNTIME, blocking_builder, reqwest_builder};
use crate::support::server::Server;

const FORM: &str = "application/x-www-form-urlencoded";

fn client() -> Client {
    Client::new(signer(), reqwest_builder()).unwrap()
}

fn blocking_client() -> blocking::Client {
    blocking::Client::new(signer(), blocking_builder()).unwrap()
}

fn hashing() -> Signer {
    signer().to_builder().body_hash(BodyHashPolicy::NotForms).build().unwrap()
}

fn stream(bytes: &'static str) -> reqwest::Body {
    let body = http_body_util::Full::new(bytes::Bytes::from(bytes));
    reqwest::Body::wrap_stream(http_body_util::BodyDataStream::new(body))
}

fn reader(bytes: &'static str) -> reqwest::blocking::Body {
    reqwest::blocking::Body::new(std::io::Cursor::new(bytes))
}

type Build = fn(reqwest::RequestBuilder) -> reqwest::RequestBuilder;
type BuildBlocking = fn(reqwest::blocking::RequestBuilder) -> reqwest::blocking::RequestBuilder;

const PAIRS: [(&str, &str); 5] =
    [("name", "tea & cake"), ("b", "~*'()!+"), ("a", "\u{e9}"), ("a", ""), ("a b", "1=2&3")];

/// Through the adapter's client, and through reqwest's own.
fn sent(signer: &Signer, build: Build) -> crate::support::server::IncomingRequest {
    let (server, client) = (content(), client());
    let url = server.url("/items?b=%7e&a=1");
    let response =
        RUNTIME.block_on(client.with_signer(signer.clone()).post(&url).with(build).send()).unwrap();
    assert_eq!(response.status(), 200);
    only(&server);

    let request = signer.authorize(build(client.unsigned().post(&url))).unwrap();
    assert_eq!(RUNTIME.block_on(request.send()).unwrap().status(), 200);
    let mut received = server.received();
    check_signature(&received[1], "http", SECRETS).unwrap();
    received.remove(0)
}

fn sent_blocking(signer: &Signer, build: BuildBlocking) -> crate::support::server::IncomingRequest {
    let (server, client) = (content(), blocking_client());
    let url = server.url("/items?b=%7e&a=1");
    assert_eq!(client.with_signer(signer.clone()).post(&url).with(build).send().unwrap().status(), 200);
    only(&server);

    let request = signer.authorize(build(client.unsigned().post(&url))).unwrap();
    assert_eq!(request.send().unwrap().status(), 200);
    let mut received = server.received();
    check_signature(&received[1], "http", SECRETS).unwrap();
    received.remove(0)
}

#[test]
fn forms_and_queries_that_reqwest_encodes() {
    let form = "name=tea+%26+cake&b=%7E*%27%28%29%21%2B&a=%C3%A9&a=&a+b=1%3D2%263";
    for received in [
        sent(&signer(), |request| request.form(&PAIRS)),
        sent_blocking(&signer(), |request| request.form(&PAIRS)),
        sent(&signer(), |request| {
            let form = "name=tea+%26+cake&b=%7E*%27%28%29%21%2B&a=%C3%A9&a=&a+b=1%3D2%263";
            request.header(CONTENT_TYPE, FORM).body(form)
        }),
    ] {
        assert_eq!(String::from_utf8(received.body.clone()).unwrap(), form);
        assert_eq!(received.header("Content-Type").as_deref(), Some(FORM));
    }
    for received in [
        sent(&signer(), |request| request.query(&PAIRS)),
        sent_blocking(&signer(), |request| request.query(&PAIRS)),
    ] {
        assert_eq!(received.target(), format!("/items?b=%7e&a=1&{form}"));
    }
    for received in [
        sent(&signer(), |request| request.query(&PAIRS).form(&PAIRS)),
        sent_blocking(&signer(), |request| request.form(&PAIRS).query(&PAIRS)),
    ] {
        assert_eq!(received.body, form.as_bytes());
        assert!(received.target().ends_with(form));
    }
}

#[test]
fn other_bodies_with_and_without_a_hash() {
    let json = serde_json::json!({"a": 1, "oauth_token": "b"});
    for signer in [signer(), hashing()] {
        for received in [
            sent(&signer, |request| request.json(&serde_json::json!({"a": 1, "oauth_token": "b"}))),
            sent_blocking(&signer, |request| request.json(&serde_json::json!({"a": 1, "oauth_token": "b"}))),
            sent(&signer, |request| request.header(CONTENT_TYPE, "application/json").body(&b"{}"[..])),
            sent(&signer, |request| request.body(vec![0, 1, 0xFF])),
            sent_blocking(&signer, |request| request.body(vec![0, 1, 0xFF])),
        ] {
            let hash = received.oauth().remove("oauth_body_hash");
            let expected = STANDARD.encode(Sha1::digest(&received.body));
            let is_hashing = format!("{signer:?}").contains("NotForms");
            assert_eq!(hash, is_hashing.then_some(expected));
        }
    }
    let received = sent(&signer(), |request| request.json(&serde_json::json!({"a": 1, "oauth_token": "b"})));
    assert_eq!(received.body, serde_json::to_vec(&json).unwrap());
    // A form has no hash, and a request without a body neither.
    let received = sent(&hashing(), |request| request.form(&PAIRS));
    assert!(!received.oauth().contains_key("oauth_body_hash"));
    let received = sent(&hashing(), |request| request);
    assert!(!received.oauth().contains_key("oauth_body_hash"));
    let received = sent_blocking(&hashing(), |request| request);
    assert!(!received.oauth().contains_key("oauth_body_hash"));
}

#[test]
fn multipart_and_streams_are_sent_unread() {
    for received in [
        sent(&signer(), |request| {
            request.multipart(Form::new().text("a", "1").part("file", Part::bytes(&b"oauth_token=x"[..])))
        }),
        sent(&signer(), |request| request.multipart(Form::new().part("file", Part::stream(stream("bytes"))))),
        sent_blocking(&signer(), |request| {
            request.multipart(reqwest::blocking::multipart::Form::new().text("a", "1"))
        }),
    ] {
        assert!(received.header("Content-Type").unwrap().starts_with("multipart/form-data; boundary="));
    }
    for received in [
        sent(&signer(), |request| request.body(stream("a=1&b=2"))),
        sent_blocking(&signer(), |request| request.body(reader("a=1&b=2"))),
        sent_blocking(&signer(), |request| {
            request.body(reqwest::blocking::Body::sized(std::io::Cursor::new("a=1&b=2"), 7))
        }),
    ] {
        assert_eq!(received.body, b"a=1&b=2");
    }
}

/// The error of one request by the adapter's client, which no server has seen anything of.
fn refused(signer: &Signer, build: Build) -> SignError {
    let (server, client) = (content(), client());
    let request = || build(client.unsigned().post(server.url("/items")));
    let error = RUNTIME
        .block_on(client.with_signer(signer.clone()).post(server.url("/items")).with(build).send())
        .unwrap_err();
    let alone = signer.authorize(request()).unwrap_err();
    check_untouched(&server);
    sign_error(error, &alone)
}

fn refused_blocking(signer: &Signer, build: BuildBlocking) -> SignError {
    let (server, client) = (content(), blocking_client());
    let request = || build(client.unsigned().post(server.url("/items")));
    let error = client.with_signer(signer.clone()).post(server.url("/items")).with(build).send().unwrap_err();
    let alone = signer.authorize(request()).unwrap_err();
    check_untouched(&server);
    sign_error(error, &alone)
}

fn sign_error(error: Error, alone: &SignError) -> SignError {
    assert_eq!(error.to_string(), alone.to_string());
    let Error::Sign(error) = error else { panic!("{error:?}") };
    error
}

#[test]
fn a_form_that_is_a_stream_is_not_sent() {
    for error in [
        refused(&signer(), |request| request.header(CONTENT_TYPE, FORM).body(stream("a=1"))),
        refused(&signer(), |request| {
            request.header(CONTENT_TYPE, "Application/X-WWW-form-urlencoded;charset=utf-8").body(stream(""))
        }),
        refused_blocking(&signer(), |request| request.header(CONTENT_TYPE, FORM).body(reader("a=1"))),
    ] {
        assert!(matches!(error, SignError::Request(RequestError::UnbufferedFormBody)), "{error:?}");
        assert!(error.to_string().contains("RequestRef::body"));
    }
    let error = refused(&signer(), |request| request.header(CONTENT_TYPE, FORM).header(CONTENT_TYPE, FORM));
    assert!(matches!(error, SignError::Request(RequestError::AmbiguousContentType)), "{error:?}");
    let error = refused(&signer(), |request| request.form(&PAIRS).header("content-encoding", "gzip"));
    assert!(matches!(error, SignError::Request(RequestError::EncodedFormBody)), "{error:?}");
}

#[test]
fn a_body_hash_of_what_cannot_be_seen_is_an_error_with_a_remedy() {
    for error in [
        refused(&hashing(), |request| request.multipart(Form::new().text("a", "1"))),
        refused(&hashing(), |request| request.body(stream("bytes"))),
        refused_blocking(&hashing(), |request| request.body(reader("bytes"))),
        refused_blocking(&hashing(), |request| {
            request.multipart(reqwest::blocking::multipart::Form::new().text("a", "1"))
        }),
    ] {
        assert!(matches!(error, SignError::Request(RequestError::UnseenBody)), "{error:?}");
        assert!(error.to_string().contains("RequestRef::body_digest"));
    }
}

/// The remedies that these errors name.
#[test]
fn what_cannot_be_seen_is_handed_over() {
    let (server, client, signer) = (content(), client(), hashing());
    let digest = Sha1::digest("bytes");
    let build = |request: reqwest::RequestBuilder| request.body(stream("bytes")).build().unwrap();
    let mut request = build(client.unsigned().put(server.url("/items")));
    let view = RequestRef::try_from(&request).unwrap().body_digest(&digest);
    let authorization = signer.sign(view).unwrap().to_header();
    request.headers_mut().insert(AUTHORIZATION, authorization);
    RUNTIME.block_on(client.unsigned().execute(request)).unwrap();
    let received = only(&server);
    assert_eq!(received.body, b"bytes");
    assert_eq!(received.oauth()["oauth_body_hash"], STANDARD.encode(digest));

    let server = content();
    let form = "a=1&b=%7e";
    let build = |request: reqwest::RequestBuilder| {
        request.header(CONTENT_TYPE, FORM).body(stream("a=1&b=%7e")).build().unwrap()
    };
    let mut request = build(client.unsigned().post(server.url("/items")));
    let view = RequestRef::try_from(&request).unwrap().body(form.as_bytes());
    let authorization = signer.sign(view).unwrap().to_header();
    request.headers_mut().insert(AUTHORIZATION, authorization);
    RUNTIME.block_on(client.unsigned().execute(request)).unwrap();
    assert_eq!(only(&server).body, form.as_bytes());
}

#[test]
fn a_second_authorization_is_not_sent() {
    let second = |error: SignError| {
        assert!(matches!(error, SignError::Request(RequestError::SecondAuthorization)), "{error:?}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("pass"), "{shown}");
        assert!(shown.contains("basic_auth"), "it names what to leave out: {shown}");
    };
    for signer in [signer(), hashing()] {
        second(refused(&signer, |request| request.basic_auth("user", Some("pass"))));
        second(refused(&signer, |request| request.bearer_auth("pass")));
        second(refused(&signer, |request| request.header(AUTHORIZATION, "")));
        second(refused(&signer, |request| {
            request.header(AUTHORIZATION, "OAuth a=\"b\"").header(AUTHORIZATION, "Basic pass")
        }));
        second(refused_blocking(&signer, |request| request.basic_auth("user", Some("pass"))));
        second(refused_blocking(&signer, |request| request.bearer_auth("pass")));
    }

    // In the URL. A builder takes it out and makes a header of it; a request keeps it.
    let server = content();
    for userinfo in ["user:pass@", "user@", ":pass@"] {
        let url = server.url("/items").replace("//", &format!("//{userinfo}"));
        let (client, blocking) = (client(), blocking_client());
        let error = RUNTIME.block_on(client.get(&url).send()).unwrap_err();
        second(sign_error(error, &signer().authorize(client.unsigned().get(&url)).unwrap_err()));
        let error = blocking.get(&url).send().unwrap_err();
        second(sign_error(error, &signer().authorize(blocking.unsigned().get(&url)).unwrap_err()));

        let parsed = reqwest::Url::parse(&url).unwrap();
        let request = reqwest::Request::new(http::Method::GET, parsed.clone());
        let Error::Sign(error) = RUNTIME.block_on(client.execute(request)).unwrap_err() else {
            panic!("another error");
        };
        second(error);
        let request = reqwest::blocking::Request::new(http::Method::GET, parsed);
        let Error::Sign(error) = blocking.execute(request).unwrap_err() else {
            panic!("another error");
        };
        second(error);
    }
    check_untouched(&server);
}

#[test]
fn a_request_that_is_signed_twice_has_one_signature() {
    let (server, client) = (content(), client());
    let request = client.unsigned().post(server.url("/items")).form(&PAIRS);
    let once = signer().authorize(request).unwrap().build().unwrap();
    let before = once.headers()[AUTHORIZATION].clone();
    RUNTIME.block_on(client.execute(once)).unwrap();
    let received = only(&server);
    assert_eq!(received.headers("Authorization").len(), 1);
    assert_ne!(received.header("Authorization").unwrap(), before.to_str().unwrap());
    assert!(!before.to_str().unwrap().contains(&received.oauth()["oauth_nonce"]));
}

#[test]
fn what_is_printed_of_a_request_has_no_signature() {
    let client = client();
    let request = client.unsigned().post("http://127.0.0.1/items").form(&PAIRS);
    let builder = signer().authorize(request).unwrap();
    let shown = format!("{builder:?}");
    let request = builder.build().unwrap();
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
    let shown = [shown, format!("{request:?}"), format!("{request:#?}")].concat();
    assert!(!shown.contains("oauth_"), "{shown}");

    let request = reqwest::blocking::Request::new(http::Method::GET, request.url().clone());
    let request = signer().authorize(request).unwrap();
    assert!(!format!("{request:?}").contains("oauth_"));
}

#[test]
fn a_builder_that_makes_no_request_shows_no_url() {
    let (client, blocking) = (client(), blocking_client());
    for url in ["no url?password=pass", "http://[?password=pass", "/items?password=pass"] {
        for error in
            [RUNTIME.block_on(client.get(url).send()).unwrap_err(), blocking.get(url).send().unwrap_err()]
        {
            assert!(matches!(error, Error::Sign(SignError::Unbuilt(_))), "{error:?}");
            let source = std::error::Error::source(&error).unwrap();
            let shown = format!("{error} {error:?} {source} {source:?}");
            assert!(!shown.contains("pass"), "{shown}");
        }
    }
    for url in ["ftp://127.0.0.1/", "data:text/plain,", "file:///"] {
        let error = RUNTIME.block_on(client.get(url).send()).unwrap_err();
        assert!(matches!(error, Error::Sign(_)), "{error:?}");
    }
}

/// Headers that the client adds by itself are not seen, and documented not to be. Those of reqwest's own
/// methods are.
#[test]
fn headers_of_the_client_are_there_beside_the_signature() {
    let server = content();
    let headers = [(http::header::USER_AGENT, "test".parse().unwrap())].into_iter().collect();
    let client = Client::new(signer(), reqwest_builder().default_headers(headers)).unwrap();
    RUNTIME.block_on(client.get(server.url("/items")).send()).unwrap();
    assert_eq!(only(&server).header("User-Agent").as_deref(), Some("test"));
}

/// An Authorization among the client's own headers goes out with a signed request only if the request
/// has none: the signature stands.
#[test]
fn an_authorization_of_the_client_does_not_come_second() {
    let server = content();
    let headers: http::HeaderMap =
        [(AUTHORIZATION, "Basic dXNlcjpwYXNz".parse().unwrap())].into_iter().collect();
    let client = Client::new(signer(), reqwest_builder().default_headers(headers.clone())).unwrap();
    RUNTIME.block_on(client.get(server.url("/items")).send()).unwrap();
    assert_eq!(only(&server).headers("Authorization").len(), 1);

    let server = content();
    let client = blocking::Client::new(signer(), blocking_builder().default_headers(headers)).unwrap();
    client.get(server.url("/items")).send().unwrap();
    assert_eq!(only(&server).headers("Authorization").len(), 1);
}

#[test]
fn futures_are_send_and_clients_are_shared() {
    fn send<T: Send>(future: T) {
        drop(future);
    }
    fn shared<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    shared::<Client>();
    shared::<blocking::Client>();
    error::<Error>();
    error::<oauth1_signer::reqwest::RedirectError>();

    let (client, signer) = (client(), signer());
    let url = "http://127.0.0.1/";
    let flow = Flow::new(Endpoints::new(url, url, url), &signer).unwrap();
    let (temporary, token) = (flow.temporary_credentials("oob").unwrap(), flow.xauth("u", "p").unwrap());
    send(client.request_credentials(&temporary));
    send(client.request_credentials(&token));
    send(client.get(url).send());
    send(client.execute(client.unsigned().get(url).build().unwrap()));

    // As servers use it: in a task, with everything moved into it.
    let server: Server = content();
    let url = server.url("/items");
    let task = RUNTIME.spawn(async move { client.get(url).send().await });
    assert_eq!(RUNTIME.block_on(task).unwrap().unwrap().status(), 200);
    only(&server);
}
