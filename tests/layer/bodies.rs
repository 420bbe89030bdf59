//! Which bodies are read, and how far.

use std::convert::Infallible;
use std::pin::pin;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use oauth1_signer::BodyHashPolicy;
use oauth1_signer::tower::RequestBody;
use oauth1_signer::verify::{Limits, RejectionReason};
use tower::ServiceExt;
use tower_layer::Layer;

use crate::site::{
    FORM, JSON, NOW, Site, answer, in_origin_form, policy, request, run, signed, signed_by, signer,
};
use crate::stream::{End, Pulled, Stream};

/// A piece is 64 KiB, as servers read them.
static PIECE: [u8; 64 * 1024] = [b'a'; 64 * 1024];

/// A request that is signed right, as far as its header goes, and the body that it comes with.
fn streamed(nonce: &str, content_type: &str, hash: Option<&'static str>, body: Stream) -> Request<Stream> {
    let signer = match hash {
        Some(_) => signer().to_builder().body_hash(BodyHashPolicy::NotForms).build().unwrap(),
        None => signer(),
    };
    let request = request("POST", "/items", Some((content_type, hash.unwrap_or_default())));
    in_origin_form(signed_by(&signer, NOW, nonce, request)).map(|_| body)
}

/// The service takes three pieces of a body that has no end, and answers.
#[test]
fn other_bodies_are_not_read() {
    let site = Site::new();
    for (nonce, content_type) in [JSON, "text/plain", "application/x-www-form"].iter().enumerate() {
        let (body, pulled) = Stream::new(b"{}", 3);
        let before = pulled.clone();
        let service = tower::service_fn(move |request: Request<RequestBody<Stream>>| {
            assert_eq!(before.polls(), 0, "somebody has read it");
            async move {
                let mut body = pin!(request.into_body());
                for _ in 0..3 {
                    let frame = body.frame().await.unwrap().unwrap();
                    assert_eq!(frame.into_data().unwrap(), "{}");
                }
                Ok::<_, Infallible>(Response::new("served".to_owned()))
            }
        });
        let request =
            streamed(&nonce.to_string(), content_type, None, body.with(End::Silence).saying_its_length());
        let answer = run(async { answer(site.layer().layer(service).oneshot(request).await.unwrap()).await });
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(pulled.polls(), 3);
    }
}

/// Nor are they where the request is refused.
#[test]
fn other_bodies_of_refused_requests_are_not_read() {
    let site = Site::new();
    let (body, pulled) = Stream::new(b"{}", 3);
    let mut request = streamed("n1", JSON, None, body.with(End::Silence));
    *request.method_mut() = http::Method::PUT;
    assert_eq!(run(site.send(request)).status, StatusCode::UNAUTHORIZED);
    assert_eq!(pulled.polls(), 0);
}

#[test]
fn forms_and_hashed_bodies_are_read_and_checked() {
    let form = || request("POST", "/items", Some((FORM, "a=1")));
    let site = Site::new();
    let other = signed("n1", form()).map(|_| Full::new(Bytes::from("a=2")));
    assert_eq!(run(site.send(other)).status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.only_told().refusal, Some(RejectionReason::WrongSignature));

    for site in [Site::new(), Site::with(policy().require_signed_body(true))] {
        let (body, pulled) = Stream::new(b"{}", 2);
        let answer = run(site.send(streamed("n1", JSON, Some("{}{}"), body.with(End::Trailers))));
        assert_eq!(answer.status, StatusCode::OK, "{:?}", site.told());
        assert_eq!((site.only_served().body, pulled.bytes()), (Bytes::from("{}{}"), 4));
        let (body, _) = Stream::new(b"[]", 2);
        let answer = run(site.send(streamed("n2", JSON, Some("{}{}"), body)));
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(site.only_told().refusal, Some(RejectionReason::WrongBodyHash));
    }
}

#[test]
fn a_policy_can_ask_for_hashes() {
    let site = Site::with(policy().require_signed_body(true));
    let (body, _) = Stream::new(b"{}", 1);
    let answer = run(site.send(streamed("n1", JSON, None, body)));
    assert_eq!(
        (answer.status, &answer.body[..]),
        (StatusCode::BAD_REQUEST, &b"oauth_body_hash is missing\n"[..])
    );
    site.only_told();
    // A form is signed anyway, and where there is no body there is nothing to hash.
    for (nonce, (method, content)) in [("POST", Some((FORM, "a=1"))), ("GET", None)].into_iter().enumerate() {
        let answer = run(site.send(signed(&format!("m{nonce}"), request(method, "/items", content))));
        assert_eq!(answer.status, StatusCode::OK);
        site.only_served();
    }
}

/// What would be a GiB.
fn gibibyte() -> (Stream, Pulled) {
    Stream::new(&PIECE, 1024 * 1024 * 1024 / PIECE.len())
}

#[test]
fn nothing_is_read_beyond_the_limit() {
    let limit = Limits::default().body;
    for (content_type, hash) in [(FORM, None), (JSON, Some("{}"))] {
        let site = Site::new();
        let (body, pulled) = gibibyte();
        let answer = run(site.send(streamed("n1", content_type, hash, body)));
        assert_eq!(
            (answer.status, &answer.body[..]),
            (StatusCode::BAD_REQUEST, &b"the body is too long\n"[..])
        );
        assert_eq!(pulled.bytes(), limit + PIECE.len(), "one piece tells that it is too long");
        assert!(site.only_told().explanation.is_none());

        let (body, pulled) = gibibyte();
        let answer = run(site.send(streamed("n2", content_type, hash, body.saying_its_length())));
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(pulled.polls(), 0, "it says so beforehand");
        assert!(site.served().is_empty() && site.log.is_empty());
    }
}

#[test]
fn the_limit_is_settable_and_exact() {
    let mut limits = Limits::default();
    limits.body = 3;
    let site = Site::with(policy().limits(limits));
    for (body, status) in [("a=1", StatusCode::OK), ("a=12", StatusCode::BAD_REQUEST)] {
        for says_its_length in [true, false] {
            let sent =
                signed(&format!("{body}{says_its_length}"), request("POST", "/items", Some((FORM, body))));
            let answer = if says_its_length {
                run(site.send(sent))
            } else {
                let (stream, _) = Stream::new(body.as_bytes(), 1);
                run(site.send(sent.map(|_| stream)))
            };
            assert_eq!(answer.status, status, "{body}");
        }
    }
    assert_eq!(site.served().len(), 2);
}

/// A byte each, as a client may send chunks.
#[test]
fn pieces_are_put_together() {
    static BODY: [u8; 50_000] = [b'a'; 50_000];
    let (body, _) = Stream::new(b"a", BODY.len());
    let site = Site::new();
    let whole = std::str::from_utf8(&BODY).unwrap();
    let request = signed("n1", request("POST", "/items", Some((FORM, whole)))).map(|_| body);
    assert_eq!(run(site.send(request)).status, StatusCode::OK);
    assert_eq!(site.only_served().body, whole);
}

#[test]
fn a_body_that_fails_is_answered() {
    for (content_type, hash) in [(FORM, None), (JSON, Some("{}{}"))] {
        let site = Site::new();
        let (body, _) = Stream::new(b"{}", 1);
        let answer = run(site.send(streamed("n1", content_type, hash, body.with(End::Failure))));
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.body, "the body could not be read to its end\n");
        assert!(site.served().is_empty() && site.log.is_empty());
        site.only_told();
    }
}

#[test]
fn a_compressed_form_is_refused_unread() {
    let site = Site::new();
    let (body, pulled) = gibibyte();
    let mut request = streamed("n1", FORM, None, body);
    request.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
    assert_eq!(run(site.send(request)).status, StatusCode::BAD_REQUEST);
    assert_eq!(pulled.polls(), 0);
    site.only_told();
}
