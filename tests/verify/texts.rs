//! The two texts of a rejection: the client's, and the operator's.

use std::error::Error;

use http::HeaderValue;
use oauth1_signer::verify::{IncomingRequest, Rejection, RejectionReason};

use crate::site::{FORM, add_to_header, policy, request, sign, signer, verify};

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A 400 repeated names decoded and whole: CR, LF and ESC reached response and log, and a name of 1 MiB made
/// a response of 3 MiB.
#[test]
fn a_name_is_escaped_and_cut() {
    let with_parameter = |name: &str| {
        let mut request = sign(&signer(), request("GET", "/p", "", ""));
        add_to_header(&mut request, &format!("{name}=\"1\", {name}=\"2\""));
        verify(&policy().allow_header_parameters(true), &request).unwrap_err()
    };
    let injected = with_parameter("a%0D%0ASet-Cookie%3A%20b%1B%5B2J%FF");
    assert_eq!(injected.reason(), &RejectionReason::Duplicate(r"a\r\nSet-Cookie: b\x1b[2J\xff".into()));

    let long = format!("{}=%zz", "%FF".repeat(300_000));
    let request = request("POST", "/p", FORM, &long);
    let received = IncomingRequest::from(&request).body(request.body().as_bytes());
    let percent = policy().read(received).unwrap_err();
    for rejection in [injected, with_parameter(&"n".repeat(3_000)), percent] {
        assert_eq!(rejection.status(), 400);
        let (body, texts) = (
            rejection.to_response().into_body(),
            [rejection.client_message(), rejection.to_string(), format!("{rejection:?}")],
        );
        assert_eq!(body, format!("{}\n", texts[0]));
        for text in texts {
            assert!(text.len() <= 200 && is_printable(&text), "{text:?}");
        }
    }
}

/// Behind a proxy that sends its own Host: the operator must see both.
#[test]
fn the_operator_is_told_both_hosts_and_the_client_neither() {
    let mut request = sign(&signer(), request("GET", "/p", "", ""));
    request.headers_mut().insert("host", HeaderValue::from_static("10.0.0.7:8080"));
    let rejection = verify(&policy(), &request).unwrap_err();
    assert_eq!(
        rejection.to_string(),
        "the request is for another host: its Host header or target has \"10.0.0.7:8080\", the policy's \
         origin is https://bank.example"
    );
    assert_eq!(rejection.client_message(), "the request is for another host");

    let odd = HeaderValue::from_bytes(&[&b"\xFF\"\t"[..], &[b'a'; 4_000]].concat()).unwrap();
    request.headers_mut().insert("host", odd);
    let text = verify(&policy(), &request).unwrap_err().to_string();
    assert!(text.len() < 300 && is_printable(&text) && text.contains(r#"\xff\"\taaa"#), "{text}");
}

#[test]
fn the_operator_is_told_the_reason_that_the_client_is_not() {
    for reason in [RejectionReason::Stale, RejectionReason::UnknownClient, RejectionReason::WrongSignature] {
        let rejection = Rejection::from(reason.clone());
        assert_eq!(rejection.client_message(), "the request is not authorized");
        assert_eq!(rejection.to_string(), reason.to_string());
        assert_ne!(rejection.to_string(), rejection.client_message());
    }
}

#[test]
fn the_operator_is_told_the_cause_of_a_503_and_the_client_is_not() {
    let rejection = Rejection::unavailable("redis at 10.0.0.9 is down\r\n\u{1b}[2J");
    assert_eq!(rejection.status(), 503);
    assert_eq!(rejection.client_message(), "the request cannot be checked now");
    assert_eq!(
        rejection.to_string(),
        r"the request cannot be checked now: redis at 10.0.0.9 is down\r\n\u{1b}[2J"
    );
    // Who prints the whole chain prints it once.
    assert!(rejection.cause().is_some() && rejection.source().is_none());
    let endless = Rejection::unavailable("\u{1F600}".repeat(1 << 20));
    assert!(endless.to_string().len() < 600 && format!("{endless:?}").len() < 700);
}
