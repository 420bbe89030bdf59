//! What is refused reaches no service, and the operator is told of it, once.

use std::future::ready;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{Request, StatusCode};
use http_body_util::Full;
use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceLog, NonceStatus, RejectionReason};
use oauth1_signer::{ClientCredentials, Stamp, TokenCredentials};
use tokio::sync::Barrier;

use crate::site::{
    BoxError, CHALLENGE, FORM, NOW, Site, get, in_origin_form, policy, request, run, signed, signed_by,
    signer, signer_of,
};

fn by(client: (&str, &str), token: (&str, &str), timestamp: u64) -> Request<Full<Bytes>> {
    let signer =
        signer_of(ClientCredentials::new(client.0, client.1), TokenCredentials::new(token.0, token.1));
    in_origin_form(signed_by(&signer, timestamp, "n1", request("GET", "/items", None))).map(Full::new)
}

fn without_header() -> Request<Full<Bytes>> {
    in_origin_form(request("GET", "/items", None)).map(Full::new)
}

/// A PLAINTEXT client would not be let in, and an RSA one is not known.
fn with_header(header: &str) -> Request<Full<Bytes>> {
    let mut request = without_header();
    request.headers_mut().insert(AUTHORIZATION, header.parse().unwrap());
    request
}

#[test]
fn who_is_not_proved_learns_nothing() {
    let (ck, tk) = (("ck", "cs"), ("tk", "ts"));
    let mut answers = Vec::new();
    for (request, refusal) in [
        (without_header(), RejectionReason::NotOAuth),
        (with_header("Basic Y2s6Y3M="), RejectionReason::NotOAuth),
        (by(("nobody", "cs"), tk, NOW), RejectionReason::UnknownClient),
        (by(("ck", "guess"), tk, NOW), RejectionReason::WrongSignature),
        (by(ck, ("nothing", "ts"), NOW), RejectionReason::UnknownToken),
        (by(ck, ("tk", "guess"), NOW), RejectionReason::WrongSignature),
        (by(ck, ("other token", "s"), NOW), RejectionReason::OtherClientsToken),
        (by(ck, tk, NOW - 301), RejectionReason::Stale),
        (by(ck, tk, NOW + 301), RejectionReason::Stale),
    ] {
        let site = Site::new();
        let answer = run(site.send(request));
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(site.served().is_empty() && site.log.is_empty());
        let told = site.only_told();
        assert_eq!((told.status, told.refusal), (StatusCode::UNAUTHORIZED, Some(refusal.clone())));
        assert_eq!(told.explanation.is_some(), refusal != RejectionReason::NotOAuth, "{refusal:?}");
        answers.push(answer);
    }
    let first = &answers[0];
    assert_eq!(first.headers[WWW_AUTHENTICATE], CHALLENGE);
    assert_eq!(first.headers[CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(first.body, "the request is not authorized\n");
    assert!(answers.iter().all(|answer| answer == first), "{answers:?}");
}

#[test]
fn what_cannot_be_read_is_told_to_both() {
    for (header, text) in [
        ("OAuth", "oauth_consumer_key is missing"),
        ("OAuth oauth_nonce=n1", "the value of oauth_nonce is not in quotes"),
        ("OAuth a=\"%zz\"", "there is a % without two hexadecimal digits in a"),
    ] {
        let site = Site::new();
        let answer = run(site.send(with_header(header)));
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.body, format!("{text}\n"));
        assert!(!answer.headers.contains_key(WWW_AUTHENTICATE));
        let told = site.only_told();
        assert_eq!((told.status, &*told.text, told.explanation), (StatusCode::BAD_REQUEST, text, None));
        assert!(site.served().is_empty());
    }
}

/// A log that says this to everything, or cannot tell.
struct Saying(Option<NonceStatus>);

impl NonceLog for Saying {
    fn check_and_insert<'a>(
        &'a self,
        _: Nonce<'a>,
        _: u64,
        _: u64,
    ) -> oauth1_signer::BoxFuture<'a, Result<NonceStatus, BoxError>> {
        Box::pin(ready(self.0.ok_or_else(|| "the log is down at 10.0.0.7".into())))
    }
}

#[test]
fn who_cannot_be_checked_is_to_come_again() {
    let check = |answer: crate::site::Answer, told: crate::site::Told, text: &str| {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.body, "the request cannot be checked now\n");
        assert!(!answer.headers.contains_key(WWW_AUTHENTICATE));
        assert_eq!((told.status, &*told.text), (StatusCode::SERVICE_UNAVAILABLE, text));
        assert!(told.explanation.is_some());
    };
    let site = Site::new();
    let failing = site.layer_with(|_| ready(Err("the database is down at 10.0.0.7".into())));
    let answer = run(site.send_through(failing, get("n1")));
    check(answer, site.only_told(), "the database is down at 10.0.0.7");
    assert!(site.served().is_empty() && site.log.is_empty());

    for (said, text) in
        [(None, "the log is down at 10.0.0.7"), (Some(NonceStatus::Full), "the nonce log is full")]
    {
        let site = Site::logging(policy(), Saying(said));
        let answer = run(site.send(get("n1")));
        check(answer, site.only_told(), text);
        assert!(site.served().is_empty());
    }
    let site = Site::logging(policy(), Saying(Some(NonceStatus::Fresh)));
    assert_eq!(run(site.send(get("n1"))).status, StatusCode::OK);

    // The same of the log in memory, once it is full.
    let site = Site::logging(policy(), MemoryNonceLog::builder().max_entries(1).build().unwrap());
    assert_eq!(run(site.send(get("n1"))).status, StatusCode::OK);
    let answer = run(site.send(get("n2")));
    check(answer, site.only_told(), "the nonce log is full");
    assert_eq!(site.served().len(), 1);
}

#[test]
fn a_clock_that_fails_admits_nobody() {
    let site = Site::with(policy().clock(|| Err("no clock".into())));
    assert_eq!(run(site.send(get("n1"))).status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(site.only_told().text, "no clock");
    assert!(site.served().is_empty() && site.log.is_empty());
}

/// The operator lays both base strings side by side, and sees what differs.
#[test]
fn the_explanation_is_to_be_laid_beside_the_clients() {
    let site = Site::new();
    let original = || request("POST", "/items?a=1&a=2", Some((FORM, "b=%C3%A9&c=x+y")));
    let (stamp, signer) = (|| Stamp::new(NOW, "n1").unwrap(), signer());
    let theirs = signer.prepare_with(&original(), stamp()).unwrap().explanation().base_string().to_owned();
    let changed = |change: fn(&mut Request<Bytes>)| {
        let mut request = in_origin_form(signed_by(&signer, NOW, "n1", original()));
        change(&mut request);
        assert_eq!(run(site.send(request.map(Full::new))).status, StatusCode::UNAUTHORIZED);
        let explanation = site.only_told().explanation.unwrap();
        explanation.differences(&theirs).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(changed(|r| *r.method_mut() = http::Method::PUT), ["method: ours PUT, theirs POST"]);
    assert_eq!(
        changed(|r| *r.uri_mut() = "/item?a=1&a=2".parse().unwrap()),
        ["base URI: ours https://api.example.test/item, theirs https://api.example.test/items"]
    );
    assert_eq!(changed(|r| *r.uri_mut() = "/items?a=1".parse().unwrap()), ["only theirs: a=2"]);
    assert_eq!(
        changed(|r| *r.body_mut() = Bytes::from("b=%C3%A9&c=x-y")),
        ["only theirs: c=x%20y", "only ours: c=x-y (form)"]
    );
    assert_eq!(
        changed(|r| {
            let header = r.headers()[AUTHORIZATION].to_str().unwrap().replace("\"n1\"", "\"n2\"");
            r.headers_mut().insert(AUTHORIZATION, header.parse().unwrap());
        }),
        ["only theirs: oauth_nonce=n1", "only ours: oauth_nonce=n2 (protocol)"]
    );

    // Nothing differs: then it is the secrets.
    let guess = signer_of(ClientCredentials::new("ck", "guess"), TokenCredentials::new("tk", "ts"));
    let request = in_origin_form(signed_by(&guess, NOW, "n1", original()));
    run(site.send(request.map(Full::new)));
    assert_eq!(site.only_told().explanation.unwrap().base_string(), theirs);
    assert!(site.served().is_empty() && site.log.is_empty());
}

#[test]
fn a_replay_is_refused() {
    let site = Site::new();
    assert_eq!(run(site.send(get("n1"))).status, StatusCode::OK);
    for _ in 0..3 {
        let answer = run(site.send(get("n1")));
        assert_eq!(
            (answer.status, &answer.body[..]),
            (StatusCode::UNAUTHORIZED, &b"the request is not authorized\n"[..])
        );
        assert_eq!(answer.headers[WWW_AUTHENTICATE], CHALLENGE);
        assert_eq!(site.only_told().refusal, Some(RejectionReason::Replayed));
    }
    assert_eq!(run(site.send(get("n2"))).status, StatusCode::OK);
    assert_eq!(site.served().len(), 2);
}

/// A refused one does not use its nonce up, whatever it claims.
#[test]
fn a_forger_uses_no_nonces_up() {
    let site = Site::new();
    let forged = |nonce| {
        let guess = signer_of(ClientCredentials::new("ck", "guess"), TokenCredentials::new("tk", "ts"));
        in_origin_form(signed_by(&guess, NOW, nonce, request("GET", "/items?a=1", None))).map(Full::new)
    };
    assert_eq!(run(site.send(forged("n1"))).status, StatusCode::UNAUTHORIZED);
    assert_eq!(run(site.send(get("n1"))).status, StatusCode::OK);
}

#[test]
fn of_many_at_once_one_is_admitted() {
    const CLIENTS: usize = 32;
    for round in 0..20 {
        let site = Arc::new(Site::new());
        let statuses = run(async {
            let barrier = Arc::new(Barrier::new(CLIENTS));
            let calls: Vec<_> = (0..CLIENTS)
                .map(|_| {
                    let (site, barrier) = (Arc::clone(&site), Arc::clone(&barrier));
                    tokio::spawn(async move {
                        let form = request("POST", "/items", Some((FORM, "a=1")));
                        let request = signed(&format!("n{round}"), form);
                        barrier.wait().await;
                        site.send(request).await.status
                    })
                })
                .collect();
            let mut statuses = Vec::new();
            for call in calls {
                statuses.push(call.await.unwrap());
            }
            statuses
        });
        let admitted = statuses.iter().filter(|status| **status == StatusCode::OK).count();
        assert_eq!((admitted, site.served().len()), (1, 1));
        assert_eq!(site.told().len(), CLIENTS - 1);
        assert!(site.told().iter().all(|told| told.refusal == Some(RejectionReason::Replayed)));
    }
}
