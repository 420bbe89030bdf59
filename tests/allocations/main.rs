//! How often signing asks for memory: not at all, and the header is one allocation.
//!
//! What is counted is what this thread does between two points, so the test harness plays no part.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/methods.rs"]
mod methods;

use std::hint::black_box;

use allocation_counter::measure;
use methods::methods;
use oauth1_signer::{ClientCredentials, RequestRef, SignatureMethod, Signer, Stamp, TokenCredentials};

fn signer(method: SignatureMethod) -> Signer {
    let signer =
        Signer::builder(ClientCredentials::new("xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3Wp"))
            .token(TokenCredentials::new(
                "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZe",
                "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHt",
            ))
            .method(method)
            .build()
            .unwrap();
    // The first nonce of a thread seeds its generator.
    drop(signer.sign(RequestRef::new("GET", "https://h/").unwrap()).unwrap());
    signer
}

/// X's own example of a form.
fn form() -> http::Request<String> {
    http::Request::post("https://api.twitter.com/1.1/statuses/update.json?include_entities=true")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21".into())
        .unwrap()
}

/// The counter does count.
#[test]
fn an_allocation_is_seen() {
    assert_eq!(measure(|| drop(black_box(Box::new(1_u32)))).count_total, 1);
    let grown = measure(|| {
        let mut text = black_box(String::with_capacity(1));
        text.push_str("grown");
        drop(black_box(text));
    });
    assert_eq!(grown.count_total, 2);
}

/// By every method that takes none.
fn assert_signing_takes_no_memory<B: 'static>(request: &http::Request<B>) {
    for method in methods() {
        let name = method.name().to_owned();
        let signer = signer(method);
        let measured = measure(|| drop(black_box(signer.sign(black_box(request)).unwrap())));
        assert_eq!(measured.count_total, 0, "{name}");
    }
}

#[test]
fn signing_a_get_takes_no_memory() {
    let url = "https://api.example.com/1/items?count=20&page=2";
    assert_signing_takes_no_memory(&http::Request::get(url).body(()).unwrap());
}

#[test]
fn signing_a_form_takes_no_memory() {
    assert_signing_takes_no_memory(&form());
}

#[test]
fn reading_the_text_of_a_url_takes_no_memory() {
    let url = "https://user@api.example.com:8443/1/items?count=20&page=2#top";
    let measured = measure(|| {
        let _ = black_box(RequestRef::new("GET", black_box(url)).unwrap());
    });
    assert_eq!(measured.count_total, 0);
}

#[test]
fn pairs_are_borrowed() {
    let signer = signer(SignatureMethod::hmac_sha1());
    let (query, form) = ([("count", "20"), ("q", "a b")], [("status", "tea & cake"), ("a[]", "1")]);
    let measured = measure(|| {
        let request = RequestRef::new("POST", "https://h/?a=1").unwrap().query(&query).form(&form);
        drop(black_box(signer.sign(request).unwrap()));
    });
    assert_eq!(measured.count_total, 0);
}

#[test]
fn the_header_is_one_allocation() {
    let request = form();
    for method in methods() {
        let name = method.name().to_owned();
        let signer = signer(method);
        let signed = signer.sign(&request).unwrap();
        let mut header = None;
        let measured = measure(|| header = Some(signed.to_header()));
        let len = u64::try_from(header.unwrap().len()).unwrap();
        // As many bytes as the header has: its length was known.
        assert_eq!((measured.count_total, measured.bytes_total), (1, len), "{name}");
    }
}

/// A header that has all there is, some of it to be escaped, is one allocation too.
#[test]
fn the_longest_header_is_one_allocation() {
    let signer = Signer::builder(ClientCredentials::new("c k", "cs"))
        .token(TokenCredentials::new("t&k", "ts"))
        .realm("a \"realm\"")
        .callback("https://h/?a=b")
        .verifier("v%")
        .parameter("oauth_session_handle", "s h")
        .body_hash(oauth1_signer::BodyHashPolicy::Always)
        .build()
        .unwrap();
    let request = RequestRef::new("GET", "https://h/").unwrap();
    let signed = signer.sign_with(request, Stamp::verbatim("1 2", "n\u{e9}/+").unwrap()).unwrap();
    let measured = measure(|| drop(black_box(signed.to_header())));
    assert_eq!(measured.count_total, 1);
}

/// With a stamp that was made before, signing is the same.
#[test]
fn a_given_stamp_takes_no_memory_to_sign_with() {
    let signer = signer(SignatureMethod::hmac_sha1());
    let request = RequestRef::new("GET", "https://h/?a=1").unwrap();
    let stamp = Stamp::new(1_700_000_000, "nonce").unwrap();
    let measured = measure(|| drop(black_box(signer.sign_with(request, stamp).unwrap())));
    assert_eq!(measured.count_total, 0);
}

/// Verifying borrows from the request: the key of the MAC is all that is allocated, and it must be wiped.
#[test]
fn verifying_takes_memory_for_the_key_only() {
    use oauth1_signer::Origin;
    use oauth1_signer::verify::{ClientRecord, IncomingRequest, Policy, SignatureMethodName, TokenRecord};

    let policy = Policy::new(Origin::new("https://api.twitter.com").unwrap());
    let client = ClientRecord::new(ClientCredentials::new(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3Wp",
    ));
    let client = client.unwrap();
    let token = TokenRecord::new(
        TokenCredentials::new(
            "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZe",
            "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHt",
        ),
        client.key(),
    );
    for method in methods() {
        // That of PLAINTEXT is not made for everyday use.
        if method.name() == SignatureMethodName::Plaintext.name() {
            continue;
        }
        let name = method.name().to_owned();
        let signer = signer(method);
        let (mut head, body) = form().into_parts();
        let signed = http::Request::from_parts(head.clone(), body.clone());
        head.headers.insert("authorization", signer.sign(&signed).unwrap().to_header());
        head.headers.insert("host", http::HeaderValue::from_static("api.twitter.com"));
        let received = || IncomingRequest::from(&head).body(body.as_bytes());
        // The first dummy secret of a process is made for whoever comes first.
        drop(policy.read(received()).unwrap().prove(None, None));
        let measured = measure(|| {
            let claim = policy.read(black_box(received())).unwrap();
            drop(black_box(claim.prove(Some(&client), Some(&token)).unwrap()));
        });
        assert_eq!(measured.count_total, 1, "{name}");
    }
}
