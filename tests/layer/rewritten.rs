//! A man in the middle who may move, split, re-encode, reorder, add, leave out and relabel: the handler reads
//! the signed pairs, or the request is rejected. Over axum, with arbitrary requests.

use axum::Router;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::routing::post;
use http::{Request, StatusCode};
use oauth1_signer::axum::{Parameters, ParametersRejection};
use oauth1_signer::tower::VerifyingLayer;
use oauth1_signer::verify::MemoryNonceLog;
use oauth1_signer::{Stamp, percent_encode};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tower::ServiceExt;

use crate::site::{Answer, FORM, NOW, ORIGIN, answer, policy, records, request, run, signer};

type Pair = (String, String);

/// Where a pair is put, and how it is escaped.
type Placed = (u8, u8);

#[derive(Clone, Debug)]
struct Rewriting {
    placed: Vec<Placed>,
    order: Vec<usize>,
    added: Option<(Pair, Placed)>,
    dropped: Option<usize>,
    content_type: Option<&'static str>,
    allows_header: bool,
}

const TYPES: [&str; 10] = [
    FORM,
    "Application/X-WWW-Form-URLencoded",
    "application/x-www-form-urlencoded; charset=utf-8",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=iso-8859-1",
    "application/x-www-form-urlencoded-x",
    "application/x-www-form-urlencoded, text/plain",
    "text/plain",
    "application/json",
    "multipart/form-data; boundary=x",
];

const MOST: usize = 5;

fn pair() -> impl Strategy<Value = Pair> {
    let text = || prop_oneof![Just("a".to_owned()), Just("to".to_owned()), "[a-c=&+%/:! \u{e9}]{0,4}"];
    (text(), text())
}

fn rewriting() -> impl Strategy<Value = Rewriting> {
    let placed = || (any::<u8>(), any::<u8>());
    (
        prop::collection::vec(placed(), MOST),
        Just((0..MOST).collect::<Vec<_>>()).prop_shuffle(),
        prop::option::weighted(0.3, (pair(), placed())),
        prop::option::weighted(0.1, 0..MOST),
        prop::option::weighted(0.9, prop::sample::select(&TYPES)),
        any::<bool>(),
    )
        .prop_map(|(placed, order, added, dropped, content_type, allows_header)| Rewriting {
            placed,
            order,
            added,
            dropped,
            content_type,
            allows_header,
        })
}

/// A text as it stands in a query or form: escaped as OAuth does, with more escapes, with fewer, or with `+`.
fn written(text: &str, escapes: u8) -> String {
    let strict = percent_encode(text);
    match escapes % 4 {
        0 => strict,
        1 => text.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02x}")),
        2 => strict.replace("%20", "+"),
        _ => strict.replace("%2F", "/").replace("%3A", ":").replace("%21", "!"),
    }
}

fn rewrite(pairs: &[Pair], rewriting: &Rewriting) -> Request<Body> {
    let signed =
        pairs.iter().map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)));
    let original = request("POST", &format!("/items?{}", signed.collect::<Vec<_>>().join("&")), None);
    let header = signer().sign_with(&original, Stamp::new(NOW, "n1").unwrap()).unwrap().to_header();
    let (mut query, mut form, mut header) =
        (String::new(), String::new(), header.to_str().unwrap().to_owned());
    let mut put = |(name, value): &Pair, (place, escapes): Placed| {
        let pair = format!("{}={}&", written(name, escapes), written(value, escapes / 4));
        match place % 8 {
            0 => header = format!("{header}, {}=\"{}\"", percent_encode(name), percent_encode(value)),
            1..4 => query += &pair,
            _ => form += &pair,
        }
    };
    let kept = rewriting.order.iter().filter(|at| **at < pairs.len() && Some(**at) != rewriting.dropped);
    kept.for_each(|at| put(&pairs[*at], rewriting.placed[*at]));
    if let Some((pair, placed)) = &rewriting.added {
        put(pair, *placed);
    }
    let mut request = Request::post(format!("{ORIGIN}/items?{query}")).header("authorization", header);
    if let Some(content_type) = rewriting.content_type {
        request = request.header("content-type", content_type);
    }
    request.body(Body::from(form)).unwrap()
}

async fn handler(request: Request<Body>) -> Result<String, ParametersRejection> {
    let (mut head, _) = request.into_parts();
    let Parameters(read) = Parameters::<Vec<Pair>>::from_request_parts(&mut head, &()).await?;
    Ok(serde_json::to_string(&read).unwrap())
}

fn send(request: Request<Body>, allows_header: bool) -> Answer {
    let log = MemoryNonceLog::new().unwrap();
    let policy = policy().allow_header_parameters(allows_header);
    let layer = VerifyingLayer::new(policy, log, async |keys| Ok(records(&keys)));
    let app = Router::new().route("/items", post(handler)).layer(layer);
    run(async { answer(app.oneshot(request).await.unwrap()).await })
}

#[test]
fn the_handler_reads_the_signed_pairs_or_the_request_is_rejected() {
    let mut runner = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() });
    let served = std::cell::Cell::new(0);
    let cases = (prop::collection::vec(pair(), 0..MOST), rewriting());
    let result = runner.run(&cases, |(mut pairs, rewriting)| {
        let answer = send(rewrite(&pairs, &rewriting), rewriting.allows_header);
        if answer.status != StatusCode::OK {
            prop_assert!(answer.status.is_client_error(), "{answer:?}");
            return Ok(());
        }
        served.set(served.get() + 1);
        let mut read: Vec<Pair> = serde_json::from_slice(&answer.body).unwrap();
        read.sort();
        pairs.sort();
        prop_assert_eq!(read, pairs);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    // It would also hold where each request is rejected.
    assert!(served.get() > 200, "{} of 2,000 are served", served.get());
}
