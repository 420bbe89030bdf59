//! What the layer spends on callers that it does not know yet: nothing where the head is wrong, a limited
//! time and a limited memory otherwise.

use std::future::{pending, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use oauth1_signer::verify::{Limits, RejectionReason};
use oauth1_signer::{ClientCredentials, Signer};

use crate::site::{
    FORM, NOW, Site, in_origin_form, policy, policy_at, request, run, signed, signed_by, signer,
};
use crate::stream::{End, Stream};

/// A signed form whose body is `body`, and that stalls after it.
fn stalled(nonce: &str, body: &'static [u8]) -> (Request<Stream>, crate::stream::Pulled) {
    let (stream, pulled) = Stream::new(body, 1);
    let form = request("POST", "/items", Some((FORM, std::str::from_utf8(body).unwrap())));
    let request = in_origin_form(signed_by(&signer(), NOW, nonce, form));
    (request.map(|_| stream.with(End::Silence)), pulled)
}

#[test]
fn a_wrong_head_is_rejected_before_a_byte_of_the_body_is_read() {
    type Change = fn(&mut Request<Stream>);
    let set = |request: &mut Request<Stream>, name: &'static str, value: &str| {
        request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
    };
    let cases: [(&str, u16, Change); 8] = [
        ("another host", 400, |r| {
            _ = r.headers_mut().insert("host", HeaderValue::from_static("evil.example"));
        }),
        ("a method in lower case", 400, |r| *r.method_mut() = Method::from_bytes(b"post").unwrap()),
        ("a header that ends early", 400, |r| {
            _ = r.headers_mut().insert("authorization", HeaderValue::from_static("OAuth oauth_nonce=\"n1"));
        }),
        ("two headers", 400, |r| {
            _ = r.headers_mut().append("authorization", HeaderValue::from_static("OAuth oauth_nonce=\"n1\""));
        }),
        ("a media type that is nearly a form's", 400, |r| {
            let nearly = HeaderValue::from_static("application/x-www-form-urlencoded-x");
            _ = r.headers_mut().insert("content-type", nearly);
        }),
        ("a compressed form", 400, |r| {
            _ = r.headers_mut().insert("content-encoding", HeaderValue::from_static("gzip"));
        }),
        ("no parameters and no form", 401, |r| {
            r.headers_mut().remove("authorization");
            r.headers_mut().remove("content-type");
        }),
        ("a target that is too long", 400, |r| {
            *r.uri_mut() = format!("/{}", "a".repeat(20_000)).parse().unwrap();
        }),
    ];
    for (name, status, change) in cases {
        let site = Site::new();
        let (mut request, pulled) = stalled("n1", b"a=1");
        change(&mut request);
        assert_eq!(run(site.send(request)).status, status, "{name}");
        assert_eq!(pulled.polls(), 0, "{name}");
        site.only_told();
    }
    for (name, seconds, signer) in [
        ("too old", NOW - 301, signer()),
        ("too early", NOW + 301, signer()),
        ("no token", NOW, Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap()),
    ] {
        let site = Site::new();
        let (stream, pulled) = Stream::new(b"a=1", 1);
        let form = request("POST", "/items", Some((FORM, "a=1")));
        let mut request = in_origin_form(signed_by(&signer, seconds, "n1", form)).map(|_| stream);
        set(&mut request, "content-type", FORM);
        assert!(run(site.send(request)).status.is_client_error(), "{name}");
        assert_eq!(pulled.polls(), 0, "{name}");
    }
}

#[test]
fn a_body_that_misses_its_deadline_is_rejected() {
    let site = Site::new();
    let (request, pulled) = stalled("n1", b"a=1");
    let layer = site.layer().body_deadline(|| tokio::time::sleep(Duration::from_millis(20)));
    let answer = run(site.send_through(layer, request));
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.body, "the body did not arrive in time\n");
    assert_eq!(site.only_told().reason, RejectionReason::LateBody);
    assert_eq!(pulled.bytes(), 3);
    assert!(site.served().is_empty() && site.log.is_empty());
}

/// A body that is there counts, even where the timer has ended as well.
#[test]
fn a_body_that_is_there_meets_any_deadline() {
    let form = |nonce| signed(nonce, request("POST", "/items", Some((FORM, "a=1"))));
    let site = Site::new();
    let layer = site.layer().body_deadline(|| ready(()));
    assert_eq!(run(site.send_through(layer, form("n1"))).status, StatusCode::OK);
    let layer = site.layer().body_deadline(pending);
    assert_eq!(run(site.send_through(layer, form("n2"))).status, StatusCode::OK);
}

#[test]
fn bodies_of_unverified_requests_share_a_limit_of_memory() {
    static BODY: [u8; 30_000] = [b'a'; 30_000];
    let site = Site::new();
    let layer = site.layer().max_unverified_bytes(100_000);
    let mut context = Context::from_waker(Waker::noop());
    {
        let calls = ["n1", "n2", "n3"].map(|nonce| site.send_through(layer.clone(), stalled(nonce, &BODY).0));
        let [mut one, mut two, mut three] = calls.map(Box::pin);
        for call in [&mut one, &mut two, &mut three] {
            assert!(call.as_mut().poll(&mut context).is_pending());
        }
        let answer = run(site.send_through(layer.clone(), stalled("n4", &BODY).0));
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(site.only_told().text.contains("max_unverified_bytes"));
        // A body that is not read needs no memory.
        assert_eq!(run(site.send_through(layer.clone(), crate::site::get("n5"))).status, StatusCode::OK);
        // Nor does one that fits into what is left.
        let small = signed("n6", request("POST", "/items", Some((FORM, "a=1"))));
        assert_eq!(run(site.send_through(layer.clone(), small)).status, StatusCode::OK);
        // Who hangs up gives it back.
        drop(two);
        let four = pin!(site.send_through(layer.clone(), stalled("n4", &BODY).0));
        assert!(four.poll(&mut context).is_pending());
    }
    // So do requests that are verified or rejected.
    for round in 0..20 {
        let body = std::str::from_utf8(&BODY).unwrap();
        let form = || request("POST", "/items", Some((FORM, body)));
        let answer = run(site.send_through(layer.clone(), signed(&format!("r{round}"), form())));
        assert_eq!(answer.status, StatusCode::OK);
        let forged = signed(&format!("f{round}"), form()).map(|_| Full::new(Bytes::from_static(&BODY[1..])));
        assert_eq!(run(site.send_through(layer.clone(), forged)).status, StatusCode::UNAUTHORIZED);
    }
}

/// A verified request does not count, however long its handler takes.
#[test]
fn a_handler_that_takes_its_time_holds_nothing_of_the_limit() {
    use std::convert::Infallible;

    use http::Response;
    use oauth1_signer::tower::RequestBody;
    use tower_layer::Layer;
    use tower_service::Service;

    let site = Site::new();
    let layer = site.layer().max_unverified_bytes(8);
    let mut slow = layer.layer(tower::service_fn(|_: Request<RequestBody<Full<Bytes>>>| {
        pending::<Result<Response<String>, Infallible>>()
    }));
    let form = |nonce| signed(nonce, request("POST", "/items", Some((FORM, "a=123456"))));
    let mut call = slow.call(form("n1"));
    assert!(matches!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
    assert_eq!(run(site.send_through(layer, form("n2"))).status, StatusCode::OK);
}

#[test]
fn a_body_has_at_most_64_kib_by_default() {
    assert_eq!(Limits::default().body, 64 * 1024);
}

/// The usual mistake behind a proxy: it sends a Host of its own.
#[test]
fn the_operator_sees_both_hosts_and_the_client_neither() {
    let site = Site::with(policy_at("https://api.example.com"));
    let original = Request::get("https://api.example.com/items").body(Bytes::new()).unwrap();
    let mut behind_a_proxy = in_origin_form(signed_by(&signer(), NOW, "n1", original)).map(Full::new);
    behind_a_proxy.headers_mut().insert("host", HeaderValue::from_static("10.0.0.7:8080"));
    let answer = run(site.send(behind_a_proxy));
    assert_eq!(
        (answer.status, &answer.body[..]),
        (StatusCode::BAD_REQUEST, &b"the request is for another host\n"[..])
    );
    let told = site.only_told().text;
    assert!(told.contains("10.0.0.7:8080") && told.contains("https://api.example.com"), "{told}");
}

#[test]
fn the_policys_switches_reach_the_layer() {
    let client = Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap();
    let call =
        || in_origin_form(signed_by(&client, NOW, "n1", request("GET", "/items", None))).map(Full::new);
    assert!(run(Site::new().send(call())).status.is_client_error());
    assert_eq!(run(Site::with(policy().require_token(false)).send(call())).status, StatusCode::OK);
}
