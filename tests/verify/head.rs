//! What is checked before one byte of the body is read.

use http::{HeaderValue, Request};
use oauth1_signer::request::RequestError;
use oauth1_signer::verify::{HeadCheck, IncomingRequest, RejectionReason};
use oauth1_signer::{BodyHashPolicy, SignatureMethod};

use crate::site::{
    FORM, JSON, NOW, add_to_header, policy, request, sign, signer, two_legged, verify, with_method,
};

fn check(request: &Request<String>) -> Result<HeadCheck, RejectionReason> {
    policy().check_head(request).map_err(|rejection| rejection.reason().clone())
}

#[test]
fn a_sound_head_is_complete() {
    for (content_type, body) in [("", ""), (FORM, "a=1"), (JSON, "{}")] {
        let signed = sign(&signer(), request("POST", "/p?a=2", content_type, body));
        assert_eq!(check(&signed), Ok(HeadCheck::Complete));
        verify(&policy(), &signed).unwrap();
    }
}

/// As with LTI: nothing is known before the form is read.
#[test]
fn the_parameters_may_be_in_a_form_but_in_no_other_body() {
    let form = request("POST", "/launch", FORM, "oauth_consumer_key=k");
    assert_eq!(check(&form), Ok(HeadCheck::ParametersInBody));
    let mut only_a_realm = form.clone();
    only_a_realm.headers_mut().insert("authorization", HeaderValue::from_static("OAuth realm=\"x\""));
    assert_eq!(check(&only_a_realm), Ok(HeadCheck::ParametersInBody));
    assert_eq!(check(&request("POST", "/launch", JSON, "{}")), Err(RejectionReason::NotOAuth));
    assert_eq!(check(&request("GET", "/", "", "")), Err(RejectionReason::NotOAuth));
}

/// Each of these is found without the body, and by the other steps as well.
#[test]
fn what_the_head_tells_is_found_in_it() {
    let signed = || sign(&signer(), request("POST", "/p", FORM, "a=1"));
    let with_header = |name: &'static str, value: &'static str| {
        let mut request = signed();
        request.headers_mut().append(name, HeaderValue::from_static(value));
        request
    };
    let mut other_parameter = signed();
    add_to_header(&mut other_parameter, "a=\"1\"");
    let mut in_query = signed();
    *in_query.uri_mut() = "/p?oauth_token=jane".parse().unwrap();
    let mut long = signed();
    *long.uri_mut() = format!("/{}", "p".repeat(16 * 1024)).parse().unwrap();
    let hashed = signer().to_builder().body_hash(BodyHashPolicy::Always).build().unwrap();
    let plaintext = signer().to_builder().method(SignatureMethod::plaintext()).build().unwrap();
    let other_host =
        RejectionReason::OtherHost { origin: "https://bank.example".into(), received: "other".into() };
    for (name, request, expected) in [
        ("host", with_header("host", "other"), other_host),
        ("method", with_method(signed(), "post"), RejectionReason::LowercaseMethod),
        ("two headers", with_header("authorization", "OAuth"), RejectionReason::MultipleAuthorization),
        (
            "content type",
            with_header("content-type", FORM),
            RejectionReason::UnclearBody(RequestError::AmbiguousContentType),
        ),
        ("another parameter", other_parameter, RejectionReason::HeaderParameter("a".into())),
        ("two places", in_query, RejectionReason::SeveralPlaces),
        ("target", long, RejectionReason::UrlTooLong),
        (
            "no token",
            sign(&two_legged(), request("POST", "/p", FORM, "a=1")),
            RejectionReason::Missing("oauth_token"),
        ),
        (
            "hash of a form",
            sign(&hashed, request("POST", "/p", FORM, "a=1")),
            RejectionReason::BodyHashOnForm,
        ),
        (
            "signature method",
            sign(&plaintext, request("POST", "/p", FORM, "a=1")),
            RejectionReason::UnsupportedSignatureMethod,
        ),
    ] {
        assert_eq!(check(&request), Err(expected.clone()), "{name}");
        let received = IncomingRequest::from(&request).body(request.body().as_bytes());
        assert_eq!(policy().read(received).unwrap_err().reason(), &expected, "{name}");
    }
}

#[test]
fn the_timestamp_is_compared_with_the_clock() {
    let signed = sign(&signer(), request("POST", "/p", FORM, "a=1"));
    for (now, is_in_time) in
        [(NOW - 301, false), (NOW - 300, true), (NOW, true), (NOW + 300, true), (NOW + 301, false)]
    {
        let checked = policy().clock(move || Ok(now)).check_head(&signed);
        let expected = if is_in_time { Ok(HeadCheck::Complete) } else { Err(RejectionReason::Stale) };
        assert_eq!(checked.map_err(|rejection| rejection.reason().clone()), expected, "{now}");
    }
    let minute = std::time::Duration::from_secs(60);
    let late = policy().window(minute).clock(|| Ok(NOW + 61)).check_head(&signed);
    assert_eq!(late.unwrap_err().reason(), &RejectionReason::Stale);
    let broken = policy().clock(|| Err("it stopped".into())).check_head(&signed).unwrap_err();
    assert_eq!((broken.status().as_u16(), broken.reason()), (503, &RejectionReason::Unavailable));
}
