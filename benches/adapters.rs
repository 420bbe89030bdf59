//! The cost that the adapters add to `Signer::sign`: each in one group with it, over the same request.
//!
//! Nothing is sent: the tower layer's service answers at once, and the requests of reqwest and hyper
//! are signed and dropped. A request is taken by value, so each round starts from a clone that is not
//! part of the time.

#![allow(missing_docs, clippy::unwrap_used)]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::uri::Scheme;
use http_body_util::Full;
use oauth1_signer::tower::SigningLayer;
use oauth1_signer::{ClientCredentials, Origin, RequestRef, Signer, TokenCredentials};
use tower_layer::Layer;
use tower_service::Service;

const URL: &str = "https://api.twitter.com/1.1/statuses/update.json?include_entities=true";
const FORM: &str = "application/x-www-form-urlencoded";
const BODY: &str = "status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21";

fn signer() -> Signer {
    Signer::builder(ClientCredentials::new(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    ))
    .token(TokenCredentials::new(
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    ))
    .build()
    .unwrap()
}

/// X's documented form POST, for hyper and tower.
fn http_request() -> http::Request<Full<Bytes>> {
    http::Request::post(URL).header("content-type", FORM).body(Full::from(BODY)).unwrap()
}

/// The same for reqwest.
fn reqwest_request() -> reqwest::Request {
    let client = reqwest::Client::new();
    client.post(URL).header("content-type", FORM).body(BODY).build().unwrap()
}

/// Answers at once.
#[derive(Clone)]
struct Sink;

impl<B> Service<http::Request<B>> for Sink {
    type Response = http::Request<B>;
    type Error = Infallible;
    type Future = Ready<Result<http::Request<B>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        ready(Ok(request))
    }
}

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the service answers at once"),
    }
}

fn adapters(c: &mut Criterion) {
    let signer = signer();
    let mut group = c.benchmark_group("adapters, POST of X's form example");

    group.bench_function("bare sign + header", |b| {
        let request = http::Request::post(URL).header("content-type", FORM).body(BODY).unwrap();
        b.iter(|| {
            let view = RequestRef::try_from(black_box(&request)).unwrap();
            signer.sign(view).unwrap().to_header()
        });
    });
    // No adapter, but the same way of measuring.
    group.bench_function("http::Request", |b| {
        let request = http_request().map(|_| Bytes::from(BODY));
        b.iter_batched(
            || request.clone(),
            |request| signer.authorize(request).unwrap(),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("reqwest", |b| {
        let request = reqwest_request();
        b.iter_batched(
            || request.try_clone().unwrap(),
            |request| signer.authorize(request).unwrap(),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("hyper", |b| {
        let request = http_request();
        b.iter_batched(
            || request.clone(),
            |request| oauth1_signer::hyper::authorize(&signer, &Scheme::HTTPS, request).unwrap(),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("tower", |b| {
        let origin = Origin::new("https://api.twitter.com").unwrap();
        let mut service = SigningLayer::new(signer.clone(), origin).layer(Sink);
        let request = http_request();
        b.iter_batched(
            || request.clone(),
            |request| now(service.call(request)).unwrap(),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, adapters);
criterion_main!(benches);
