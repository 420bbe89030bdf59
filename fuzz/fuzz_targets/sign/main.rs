//! The signer against the slow signer of the tests, which is written from the RFC's text: both give the
//! same base string, the same signature and the same parameters, or the same refusal.
#![no_main]

mod case;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../../tests/support/oracle.rs"]
mod oracle;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../../tests/support/signers.rs"]
mod signers;

use libfuzzer_sys::fuzz_target;
use oauth1_signer::{
    BuildError, RequestRef, SignError, Signed, Signer,
    request::{IntoRequestRef, RequestError},
};

use case::Case;
use oracle::{Answer, Body, Request, Settings, percent_encode};

fuzz_target!(|case: Case<'_>| {
    let (settings, request) = (case.settings(), case.request());
    let Some(signer) = build(&settings) else { return };
    let pairs = signers::borrowed(&request);
    let view = match signers::by_url(&request, &request.url, &pairs) {
        Err(RequestError::Url(oauth1_signer::request::UrlError::TooLong { .. })) => return,
        view => view.expect("the case has made a sound request"),
    };

    let expected = oracle::sign(&settings, &request);
    compare(&signer, view, &settings, &request, &expected);
    if let Some(request_of_http) = http_request(&request) {
        compare(&signer, &request_of_http, &settings, &request, &expected);
    }
});

/// A signer, unless the settings must be refused.
fn build(settings: &Settings) -> Option<Signer> {
    let secrets = [Some(&settings.client.1), settings.token.as_ref().map(|(_, secret)| secret)];
    let is_pem = secrets.into_iter().flatten().any(|secret| secret.trim_start().starts_with("-----BEGIN "));
    match signers::build(settings) {
        Ok(signer) => {
            assert!(!is_pem);
            Some(signer)
        }
        Err(BuildError::KeyAsSecret(_)) => {
            assert!(is_pem);
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// The same as an `http::Request`, where it can hold it as it is.
fn http_request(request: &Request) -> Option<http::Request<Vec<u8>>> {
    let Body::Bytes(bytes) = &request.body else { return None };
    if !request.query.is_empty() {
        return None;
    }
    let mut builder = http::Request::builder().method(&*request.method).uri(&request.url);
    if let Some(content_type) = &request.content_type {
        builder = builder.header("Content-Type", content_type);
    }
    builder.body(bytes.clone()).ok()
}

fn compare<'r, R>(signer: &Signer, request_ref: R, settings: &Settings, request: &Request, expected: &Answer)
where
    R: IntoRequestRef<'r> + Copy,
{
    let stamp = || signers::stamp(settings);
    let signed = match signer.sign_with(request_ref, stamp()) {
        Ok(signed) => signed,
        Err(error) => return assert_refusal(&error, settings, request, expected),
    };
    assert!(expected.repeated.is_empty(), "{:?} should have been refused", expected.repeated);
    assert_eq!(signed.signature(), expected.signature);
    assert_sent(&signed, settings, expected);

    let prepared = signer.prepare_with(request_ref, stamp()).expect("it was signed");
    assert_eq!(prepared.base_string(), expected.base_string);
    let explanation = prepared.explanation();
    assert_eq!(explanation.base_uri(), expected.base_uri);
    // Verification codes and the like are signed, but not shown.
    if !explanation.base_string().contains("%5Bredacted%5D") {
        assert_eq!(explanation.normalized_parameters(), expected.normalized);
        let told = explanation.parameters().iter().map(|told| format!("{}={}", told.name(), told.value()));
        assert_eq!(told.collect::<Vec<_>>().join("&"), expected.normalized);
    }
    assert!(explanation.differences(&expected.base_string).is_empty());
    assert!(!explanation.differences(&request.url).is_empty());
    assert_eq!(prepared.sign().expect("a signature").signature(), expected.signature);
}

/// RFC 5849 §3.5: each of the three places has just the parameters that were signed, and the signature.
fn assert_sent(signed: &Signed<'_>, settings: &Settings, expected: &Answer) {
    let mut sent = expected.sent.clone();
    sent.sort();
    let mut parameters = signed.parameters();
    parameters.sort();
    assert_eq!(parameters, sent);

    let encode = |text: &str| percent_encode(text.as_bytes());
    let header = signed.to_header();
    assert!(header.is_sensitive());
    let header = header.to_str().expect("ASCII");
    let realm = settings.realm.as_ref().map(|realm| realm.replace('\\', r"\\").replace('"', "\\\""));
    let start = realm.map_or("OAuth ".to_owned(), |realm| format!("OAuth realm=\"{realm}\", "));
    let mut in_header: Vec<_> =
        header.strip_prefix(&start).expect("the scheme and realm").split(", ").collect();
    in_header.sort_unstable();
    let mut all: Vec<_> =
        sent.iter().map(|(name, value)| format!("{}=\"{}\"", encode(name), encode(value))).collect();
    all.sort();
    assert_eq!(in_header, all);

    let mut in_form = oracle::form_pairs(signed.to_form().as_bytes());
    in_form.sort();
    assert!(in_form.iter().map(|(name, value)| (&**name, &**value)).eq(bytes(&sent)));
}

fn bytes(pairs: &[(String, String)]) -> impl Iterator<Item = (&[u8], &[u8])> {
    pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()))
}

/// Each refusal has a reason in the request.
fn assert_refusal(error: &SignError, settings: &Settings, request: &Request, expected: &Answer) {
    let media_type =
        request.content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default();
    let is_form = media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded");
    match error {
        SignError::Request(RequestError::ReservedParameter { name, .. }) => {
            let is_repeated = expected.repeated.iter().any(|repeated| repeated == name.as_bytes());
            assert!(is_repeated, "{error}");
        }
        SignError::Request(RequestError::UnbufferedFormBody) => {
            assert!(is_form && matches!(request.body, Body::None), "{error}");
        }
        SignError::Request(RequestError::UnseenBody) => {
            let unseen = match request.body {
                Body::None => request.content_type.is_some(),
                Body::Bytes(_) => false,
                Body::Pairs(_) => true,
            };
            assert!(unseen && settings.body_hash != oracle::BodyHashPolicy::Off, "{error}");
        }
        error => panic!("{error}"),
    }
}
