//! The cost of a signature, against the bare MAC over the same base string, with its key ready (the
//! floor), and against the fastest peer, `oauth1-request`, in the same group of the same run.
//!
//! All three take time and nonce anew for each signature, as they are used. The peer gets its
//! parameters decoded, sorted and ready in a list, and both headers end as an `http::HeaderValue`.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, Request};
use oauth1_request as peer;
use oauth1_signer::{
    ClientCredentials, RequestRef, Signer, Stamp, TokenCredentials, percent_encode, signature_base_string,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

// X's documented example ("Creating a signature").
const CLIENT: (&str, &str) = ("xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw");
const TOKEN: (&str, &str) =
    ("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE");
const FORM: &str = "application/x-www-form-urlencoded";

fn signer() -> Signer {
    Signer::builder(ClientCredentials::new(CLIENT.0, CLIENT.1))
        .token(TokenCredentials::new(TOKEN.0, TOKEN.1))
        .build()
        .unwrap()
}

/// The three contestants over one request. `pairs` are its query's and form's, decoded, for the peer.
fn contest(c: &mut Criterion, name: &str, request: &Request<String>, mut pairs: Vec<(&str, &str)>) {
    let signer = signer();
    let base_string = signer.prepare(request).unwrap().base_string().to_owned();
    let mac = Hmac::<Sha1>::new_from_slice(format!("{}&{}", CLIENT.1, TOKEN.1).as_bytes()).unwrap();

    pairs.sort_unstable();
    let list = peer::ParameterList::from_sorted(pairs).unwrap();
    let uri = request.uri().to_string();
    let uri = uri.split('?').next().unwrap();
    let token = peer::Token::from_parts(CLIENT.0, CLIENT.1, TOKEN.0, TOKEN.1);
    let method = request.method().as_str();

    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Bytes(base_string.len() as u64));
    group.bench_function("floor", |b| {
        b.iter(|| {
            let mut mac = mac.clone();
            mac.update(black_box(base_string.as_bytes()));
            mac.finalize()
        });
    });
    group.bench_function("sign + header", |b| {
        b.iter(|| signer.sign(black_box(request)).unwrap().to_header());
    });
    group.bench_function("oauth1-request", |b| {
        b.iter(|| {
            let header = peer::authorize(method, black_box(uri), black_box(&list), &token, peer::HMAC_SHA1);
            HeaderValue::try_from(header).unwrap()
        });
    });
    group.finish();
}

fn typical_get(c: &mut Criterion) {
    let url = "https://api.twitter.com/1.1/statuses/user_timeline.json?count=20&screen_name=twitterapi";
    let request = Request::get(url).body(String::new()).unwrap();
    contest(c, "GET, two query parameters", &request, vec![("count", "20"), ("screen_name", "twitterapi")]);
}

fn form_post(c: &mut Criterion) {
    let request = Request::post("https://api.twitter.com/1.1/statuses/update.json?include_entities=true")
        .header("content-type", FORM)
        .body("status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21".to_owned())
        .unwrap();
    let status = "Hello Ladies + Gentlemen, a signed OAuth request!";
    contest(c, "POST, X's form example", &request, vec![("include_entities", "true"), ("status", status)]);
}

/// Names without escapes, since the peer does not encode names; values with many.
fn many_parameters(c: &mut Criterion) {
    let pairs: Vec<(String, String)> =
        (0..200).map(|n| (format!("name{:03}", n * 77 % 200), format!("välue & {n}/100%"))).collect();
    let query: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", oauth1_signer::percent_encode(value)))
        .collect();
    let url = format!("https://api.example.com/1/search?{}", query.join("&"));
    let request = Request::get(url).body(String::new()).unwrap();
    contest(
        c,
        "GET, 200 parameters",
        &request,
        pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect(),
    );
}

/// The cost of each parameter must not grow much with their number.
fn scaling(c: &mut Criterion) {
    let signer = signer();
    let mut group = c.benchmark_group("parameters in a form");
    for count in [10, 100, 1_000, 10_000_u64] {
        let form: Vec<String> =
            (0..count).map(|n| format!("name{:05}=value+%26+{n}", n * 7_919 % count)).collect();
        let form = form.join("&");
        let request =
            Request::post("https://api.example.com/1/items").header("content-type", FORM).body(form).unwrap();
        group.throughput(Throughput::Elements(count));
        group.bench_with_input(BenchmarkId::from_parameter(count), &request, |b, request| {
            b.iter(|| signer.sign(black_box(request)).unwrap().to_header());
        });
    }
    group.finish();
}

/// The parts of a signature, to see where time goes.
fn parts(c: &mut Criterion) {
    let signer = signer();
    let url = "https://api.twitter.com/1.1/statuses/user_timeline.json?count=20&screen_name=twitterapi";
    let request = Request::get(url).body(String::new()).unwrap();
    let outcome = signer.sign(&request).unwrap();
    let mut group = c.benchmark_group("parts of a GET");
    group.bench_function("stamp", |b| b.iter(|| Stamp::now().unwrap()));
    group.bench_function("view", |b| b.iter(|| RequestRef::try_from(black_box(&request)).unwrap()));
    group.bench_function("view of text", |b| b.iter(|| RequestRef::new("GET", black_box(url)).unwrap()));
    group.bench_function("sign", |b| b.iter(|| signer.sign(black_box(&request)).unwrap()));
    group.bench_function("header", |b| b.iter(|| black_box(&outcome).to_header()));
    group.bench_function("explain", |b| b.iter(|| signer.explain(black_box(&request)).unwrap()));
    group.finish();
}

/// The reason why the base string has tables of its own: the crate `percent-encoding`, twice over the values alone,
/// against all of a base string, which is decoded, sorted and encoded twice.
fn encoding(c: &mut Criterion) {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let values: Vec<String> = (0..200).map(|n| format!("välue & {n}/100%")).collect();
    let form: Vec<String> = (0..200).map(|n| format!("name{n:03}={}", percent_encode(&values[n]))).collect();
    let form = form.join("&");
    let request = RequestRef::new("POST", "https://api.example.com/1/items")
        .unwrap()
        .content_type(FORM)
        .body(form.as_bytes());
    let mut group = c.benchmark_group("encoding 200 values twice");
    group.bench_function("percent-encoding", |b| {
        b.iter(|| {
            let mut text = String::with_capacity(16 * 1024);
            for value in black_box(&values) {
                let once: String = utf8_percent_encode(value, RESERVED).collect();
                text.extend(utf8_percent_encode(&once, RESERVED));
            }
            text
        });
    });
    group.bench_function("whole base string", |b| {
        b.iter(|| signature_base_string(black_box(&request)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, typical_get, form_post, many_parameters, scaling, parts, encoding);
criterion_main!(benches);
