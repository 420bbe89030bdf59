//! The cost of reading a form that is made to cost much, beside an ordinary one of the same size. Whoever
//! sends it needs no key: a form is read before anything is known of the client.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use http::Request;
use oauth1_signer::Origin;
use oauth1_signer::verify::{IncomingRequest, Limits, Policy};

const LEN: usize = 1 << 20;
const PAIRS: usize = 1_000 - 5;

/// The protocol parameters of a request that is well-formed, of whatever client.
const PROTOCOL: &str = "oauth_consumer_key=k&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1700000000\
    &oauth_nonce=n&oauth_signature=c2lnbmF0dXJl";

pub(crate) fn forms(c: &mut Criterion) {
    let mut limits = Limits::default();
    limits.body = LEN;
    let policy = Policy::new(Origin::new("https://h").unwrap()).require_token(false).limits(limits);
    let mut group = c.benchmark_group("verify: read a form of 1 MiB");
    group.throughput(Throughput::Bytes(LEN as u64));
    for (name, form) in all() {
        let request = Request::post("/p")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .unwrap();
        let received = || IncomingRequest::from(&request).body(request.body());
        drop(policy.read(received()).unwrap());
        group.bench_function(name, |b| b.iter(|| drop(policy.read(black_box(received())).unwrap())));
    }
    group.finish();
}

/// Each of 1 MiB and with as many pairs as a policy lets through.
fn all() -> Vec<(&'static str, Vec<u8>)> {
    let distinct = |n: usize| format!("name{n:04}=").into_bytes();
    let equal = |byte: &[u8]| {
        let name = byte.repeat(1040 / byte.len());
        move |n: usize| [&name[..], format!("={n:03}").as_bytes()].concat()
    };
    vec![
        ("friendly", form(distinct, b"v")),
        ("escaped values", form(distinct, b"%20")),
        ("equal plain names", form(equal(b"n"), b"v")),
        ("equal names of raw 0xFF", form(equal(b"\xFF"), b"v")),
        ("equal names of +", form(equal(b"+"), b"v")),
        ("equal names of %20", form(equal(b"%20"), b"v")),
        // Equal but for their last bytes, so that each comparison goes through the whole of both.
        ("equal names, equal values of +", form(|_| b"a=".to_vec(), b"+")),
        (
            "names differ behind 1 KiB of +",
            form(|n| [&b"+".repeat(1020), format!("{n:03}=").as_bytes()].concat(), b"+"),
        ),
    ]
}

fn form(start: impl Fn(usize) -> Vec<u8>, filler: &[u8]) -> Vec<u8> {
    let mut form = PROTOCOL.as_bytes().to_vec();
    let room = (LEN - form.len()) / PAIRS;
    // In an order that no sorting profits from.
    for n in (0..PAIRS).map(|n| n * 617 % PAIRS) {
        let mut pair = [&b"&"[..], &start(n)].concat();
        while pair.len() + filler.len() <= room {
            pair.extend_from_slice(filler);
        }
        form.extend(pair);
    }
    form
}
