//! Random requests: the library against the slow, plain signer in `support::oracle`.
//!
//! The requests are the same in each run. `PROPTEST_RNG_SEED` gives others, `PROPTEST_CASES` more.

// A signer and what it signed are told apart well enough.
#![allow(clippy::similar_names)]

#[path = "../support/mod.rs"]
mod support;

use std::cell::Cell;

use oauth1_signer::{
    Prepared, RequestRef, SignError, Signed, Signer,
    request::{ParameterSource, RequestError},
    signature_base_string,
};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use support::oracle::{self, Answer, Body, BodyHashPolicy, Method, Request, Settings, percent_encode};
use support::signers::{borrowed, by_url, http_request, signer, stamp};
use support::{header, random};

/// Fails at the first counterexample, made as small as it gets.
fn for_all<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(5849);
    }
    let result = TestRunner::new(config).run(strategy, |value| {
        test(value);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

fn prepare<'s>(
    signer: &'s Signer,
    settings: &Settings,
    view: RequestRef<'_>,
) -> Result<Prepared<'s>, SignError> {
    match settings.method {
        Method::PlaintextWithoutStamp => signer.prepare(view),
        _ => signer.prepare_with(view, stamp(settings)),
    }
}

fn sign<'s>(signer: &'s Signer, settings: &Settings, view: RequestRef<'_>) -> Result<Signed<'s>, SignError> {
    match settings.method {
        Method::PlaintextWithoutStamp => signer.sign(view),
        _ => signer.sign_with(view, stamp(settings)),
    }
}

/// The request over its URL's text.
fn with_text<T>(request: &Request, see: impl FnOnce(RequestRef<'_>) -> T) -> T {
    let pairs = borrowed(request);
    see(by_url(request, request.url.as_str(), &pairs).expect("a URL that can be signed"))
}

/// The request as the `http` crate has it, where that takes the URL.
fn with_http<T>(request: &Request, see: impl FnOnce(RequestRef<'_>) -> T) -> Option<T> {
    let (query, form) = borrowed(request);
    let (head, body) = http_request(request)?.into_parts();
    Some(match (body, &request.body) {
        (Some(bytes), _) => {
            let request = http::Request::from_parts(head, bytes);
            see(RequestRef::try_from(&request).expect("a request that can be signed").query(&query))
        }
        (None, body) => {
            let request = http::Request::from_parts(head, ());
            let view = RequestRef::try_from(&request).expect("a request that can be signed").query(&query);
            see(if matches!(body, Body::Pairs(_)) { view.form(&form) } else { view })
        }
    })
}

/// A form of pairs has no bytes yet, so there is nothing to hash.
fn hashes_pairs(settings: &Settings, request: &Request) -> bool {
    settings.body_hash == BodyHashPolicy::Always && matches!(request.body, Body::Pairs(_))
}

fn assert_signed(signed: &Signed<'_>, settings: &Settings, answer: &Answer) {
    assert_eq!(signed.signature(), answer.signature);
    let mut sent = signed.parameters();
    let mut expected = answer.sent.clone();
    sent.sort();
    expected.sort();
    assert_eq!(sent, expected);
    let encoded =
        |(name, value): (String, String)| (percent_encode(name.as_bytes()), percent_encode(value.as_bytes()));
    let mut expected: Vec<_> = expected.into_iter().map(encoded).collect();
    expected.sort();
    let header = signed.to_header();
    assert!(header.is_sensitive());
    let header = header::parse(header.to_str().expect("ASCII"));
    assert_eq!(header.parameters, expected);
    assert_eq!(header.realm, settings.realm);
}

/// The error names a parameter that is repeated, and where it is.
fn assert_refused(error: &SignError, request: &Request, answer: &Answer) {
    let SignError::Request(RequestError::ReservedParameter { name, found_in }) = error else {
        panic!("{error:?} instead of ReservedParameter")
    };
    let name = name.as_bytes();
    assert!(
        answer.repeated.iter().any(|repeated| repeated == name),
        "{error:?}, repeated: {:?}",
        answer.repeated
    );
    let only_query = Request { content_type: None, body: Body::None, ..request.clone() };
    let only_form = Request { url: "http://h/".into(), query: Vec::new(), ..request.clone() };
    let place = match found_in {
        ParameterSource::Query => only_query,
        ParameterSource::Form => only_form,
        other => panic!("{other:?} is no place in a request"),
    };
    assert!(oracle::request_pairs(&place).iter().any(|(own, _)| own == name), "{error:?} is not there");
}

#[test]
fn signs_what_the_oracle_signs() {
    let (signed, refused, by_http) = (Cell::new(0_u32), Cell::new(0_u32), Cell::new(0_u32));
    let count = |counter: &Cell<u32>| counter.set(counter.get() + 1);
    for_all(1024, &(random::settings(), random::request()), |(settings, request)| {
        let signer = signer(&settings);
        let answer = oracle::sign(&settings, &request);
        let check = |view: RequestRef<'_>| {
            let base_string =
                prepare(&signer, &settings, view).map(|prepared| prepared.base_string().to_owned());
            let one_step = sign(&signer, &settings, view);
            if hashes_pairs(&settings, &request) {
                assert!(
                    matches!(one_step, Err(SignError::Request(RequestError::UnseenBody))),
                    "{one_step:?}"
                );
                assert!(
                    matches!(base_string, Err(SignError::Request(RequestError::UnseenBody))),
                    "{base_string:?}"
                );
            } else if answer.repeated.is_empty() {
                count(&signed);
                assert_eq!(base_string.expect("a base string"), answer.base_string);
                assert_signed(&one_step.expect("a signature"), &settings, &answer);
                let two_steps = prepare(&signer, &settings, view).expect("a base string").sign();
                assert_signed(&two_steps.expect("a signature"), &settings, &answer);
            } else {
                count(&refused);
                assert_refused(&base_string.expect_err("a parameter is repeated"), &request, &answer);
                assert_refused(&one_step.expect_err("a parameter is repeated"), &request, &answer);
            }
        };
        with_text(&request, check);
        if with_http(&request, check).is_some() {
            count(&by_http);
        }
    });
    // Both answers, and both ways in, must have been seen often.
    let counts = (signed.get(), refused.get(), by_http.get());
    assert!(counts.0 > 500 && counts.1 > 100 && counts.2 > 300, "{counts:?}");
}

/// What an explanation shows of a text made of pairs: a verification code is a secret.
fn shown(text: &str, separator: &str, equals: &str, redacted: &str) -> String {
    let (head, pairs) = text.rsplit_once(if separator == "&" { "\0" } else { "&" }).unwrap_or(("", text));
    let secret = ["oauth_verifier", equals].concat();
    let shown =
        |pair: &str| if pair.starts_with(&secret) { [&*secret, redacted].concat() } else { pair.to_owned() };
    let pairs: Vec<String> = pairs.split(separator).map(shown).collect();
    let head = if head.is_empty() { String::new() } else { [head, "&"].concat() };
    head + &pairs.join(separator)
}

#[test]
fn an_explanation_tells_what_was_signed() {
    for_all(256, &(random::settings(), random::request()), |(settings, request)| {
        let answer = oracle::sign(&settings, &request);
        if hashes_pairs(&settings, &request) || !answer.repeated.is_empty() {
            return;
        }
        let signer = signer(&settings);
        let explanation = with_text(&request, |view| {
            prepare(&signer, &settings, view).expect("a base string").explanation()
        });
        assert_eq!(explanation.base_string(), shown(&answer.base_string, "%26", "%3D", "%5Bredacted%5D"));
        assert_eq!(explanation.method(), request.method.to_ascii_uppercase());
        assert_eq!(explanation.base_uri(), answer.base_uri);
        let normalized = shown(&answer.normalized, "&", "=", "[redacted]");
        assert_eq!(explanation.normalized_parameters(), normalized);
        assert_eq!(explanation.signature_method(), settings.method.name());
        let parameters = explanation.parameters();
        let joined: Vec<String> =
            parameters.iter().map(|one| format!("{}={}", one.name(), one.value())).collect();
        assert_eq!(joined.join("&"), normalized);
        // Each comes from where it is said to: the same list, made by the oracle.
        let only_query = Request { content_type: None, body: Body::None, ..request.clone() };
        let only_form = Request { url: "http://h/".into(), query: Vec::new(), ..request.clone() };
        let mut sources: Vec<(String, String, String)> = Vec::new();
        for (source, pairs) in
            [("query", oracle::request_pairs(&only_query)), ("form", oracle::request_pairs(&only_form))]
        {
            let ordinary = pairs.iter().filter(|(name, _)| name != b"oauth_signature");
            sources.extend(
                ordinary.map(|(name, value)| (percent_encode(name), percent_encode(value), source.into())),
            );
        }
        let own = answer.sent.iter().filter(|(name, _)| name != "oauth_signature");
        sources.extend(own.map(|(name, value)| {
            (percent_encode(name.as_bytes()), percent_encode(value.as_bytes()), "protocol".into())
        }));
        for (_, value, _) in sources.iter_mut().filter(|(name, ..)| name == "oauth_verifier") {
            "[redacted]".clone_into(value);
        }
        sources.sort();
        let told = parameters
            .iter()
            .map(|one| (one.name().to_owned(), one.value().to_owned(), one.source().to_string()));
        let mut told: Vec<_> = told.collect();
        told.sort();
        assert_eq!(told, sources);
    });
}

/// §3.5.2 and §3.5.3: parameters that are put into the form or the query give the base string that was
/// signed, for a server that finds them there.
#[test]
fn a_server_finds_the_same_base_string_in_query_and_form() {
    for_all(256, &(random::settings(), random::request()), |(settings, request)| {
        let answer = oracle::sign(&settings, &request);
        if hashes_pairs(&settings, &request) || !answer.repeated.is_empty() {
            return;
        }
        let signer = signer(&settings);
        let signed = with_text(&request, |view| sign(&signer, &settings, view).expect("a signature"));
        let received = |request: &Request| with_text(request, |view| signature_base_string(&view));
        let url = signed.append_to_url(&request.url);
        assert_eq!(received(&Request { url, ..request.clone() }).as_ref(), Ok(&answer.base_string));
        if let (true, Body::Bytes(form)) = (oracle::is_form(&request), &request.body) {
            let body = Body::Bytes(signed.append_to_form(form));
            assert_eq!(received(&Request { body, ..request.clone() }).as_ref(), Ok(&answer.base_string));
        }
    });
}

/// §3.4.1.3.2, with more parameters than anything in the library has room for by itself.
#[test]
fn many_parameters_are_sorted() {
    for_all(
        48,
        &(random::settings(), random::many_pairs(), random::many_pairs()),
        |(settings, query, form)| {
            let settings = Settings { body_hash: BodyHashPolicy::Off, parameters: Vec::new(), ..settings };
            let request = Request {
                method: "POST".into(),
                url: "https://h.example/".into(),
                query,
                content_type: None,
                body: Body::Pairs(form),
            };
            let answer = oracle::sign(&settings, &request);
            let signer = signer(&settings);
            let explanation = with_text(&request, |view| {
                prepare(&signer, &settings, view).expect("a base string").explanation()
            });
            let got: Vec<(&str, &str)> =
                explanation.parameters().iter().map(|one| (one.name(), one.value())).collect();
            assert!(got.is_sorted(), "{got:?}");
            assert_eq!(explanation.base_string(), shown(&answer.base_string, "%26", "%3D", "%5Bredacted%5D"));
        },
    );
}

fn plain_settings() -> Settings {
    Settings {
        client: ("key".into(), "secret".into()),
        token: Some(("token".into(), "token secret".into())),
        send_empty_token: false,
        method: Method::HmacSha1,
        version: true,
        callback: None,
        verifier: None,
        parameters: Vec::new(),
        realm: None,
        body_hash: BodyHashPolicy::Off,
        timestamp: "1700000000".into(),
        nonce: "nonce".into(),
    }
}

fn get(url: &str) -> Request {
    Request { method: "GET".into(), url: url.into(), query: Vec::new(), content_type: None, body: Body::None }
}

fn base_string(settings: &Settings, request: &Request) -> Result<String, SignError> {
    let signer = signer(settings);
    with_text(request, |view| {
        prepare(&signer, settings, view).map(|prepared| prepared.base_string().to_owned())
    })
}

/// Every name that is sent, in each spelling of it, in each place: refused there, and its neighbours
/// are not.
#[test]
fn exactly_the_names_that_are_sent_are_reserved() {
    let settings = Settings { callback: Some("oob".into()), verifier: Some("v".into()), ..plain_settings() };
    let sent = oracle::sign(&settings, &get("http://h/")).sent;
    assert_eq!(sent.len(), 9);
    let bytes = |form: &str| Request {
        content_type: Some("application/x-www-form-urlencoded".into()),
        body: Body::Bytes(form.as_bytes().into()),
        ..get("http://h/")
    };
    for (name, _) in sent {
        let escaped = name.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02x}"));
        let pairs = vec![(name.clone(), String::new())];
        for request in [
            get(&format!("http://h/?{name}")),
            get(&format!("http://h/?{escaped}=1&a=b")),
            bytes(&format!("z=1&{name}=")),
            bytes(&escaped),
            Request { query: pairs.clone(), ..get("http://h/") },
            Request { body: Body::Pairs(pairs), ..get("http://h/") },
        ] {
            let error = base_string(&settings, &request).expect_err("a parameter is repeated");
            assert_refused(&error, &request, &oracle::sign(&settings, &request));
        }
        for neighbour in
            [&name[..name.len() - 1], &format!("{name}%00"), &format!("{name}0"), &name.to_uppercase()]
        {
            let request = get(&format!("http://h/?{neighbour}=1"));
            let expected = oracle::sign(&settings, &request).base_string;
            assert_eq!(base_string(&settings, &request).expect("a base string"), expected);
        }
    }
    // What is not sent is the request's own.
    for name in ["oauth_callback", "oauth_verifier", "oauth_body_hash", "realm"] {
        let request = get(&format!("http://h/?{name}=1"));
        let expected = oracle::sign(&plain_settings(), &request).base_string;
        assert_eq!(base_string(&plain_settings(), &request).expect("a base string"), expected);
    }
}

/// Parameters of the signer's own whose encoded names sort before all `oauth_…` names, though their
/// bytes do not.
#[test]
fn further_parameters_sort_by_their_encoded_names() {
    for name in ["é", "{", "|", "\u{7f}", "!", "z", "~"] {
        for count in 0..24 {
            let mut parameters = vec![(name.to_owned(), "1".to_owned())];
            parameters.extend((0..count).map(|place| (format!("{name}{place}"), String::new())));
            let settings = Settings { parameters, ..plain_settings() };
            let request = get("http://h/?a=1&oauth_=2&oauth_signatur=3&oauth_signature_=4&p=5&%FF=6");
            let expected = oracle::sign(&settings, &request).base_string;
            assert_eq!(base_string(&settings, &request).expect("a base string"), expected, "{name} {count}");
        }
    }
}

/// A body hash that is allowed, but not sent with this request, reserves no name.
#[test]
fn a_body_hash_that_is_not_sent_is_not_reserved() {
    let settings = Settings { body_hash: BodyHashPolicy::NotForms, ..plain_settings() };
    let request = get("http://h/?oauth_body_hash=1");
    let expected = oracle::sign(&settings, &request);
    assert!(expected.repeated.is_empty());
    assert_eq!(base_string(&settings, &request).expect("a base string"), expected.base_string);
}

/// PLAINTEXT without nonce and timestamp sends none, whatever it is handed: what the header has is
/// what the base string has.
#[test]
fn without_a_stamp_none_is_sent() {
    let settings = Settings { method: Method::PlaintextWithoutStamp, ..plain_settings() };
    let request = get("http://h/");
    let answer = oracle::sign(&settings, &request);
    let signer = signer(&settings);
    with_text(&request, |view| {
        let prepared = signer.prepare_with(view, stamp(&settings)).expect("a base string");
        assert_eq!(prepared.base_string(), answer.base_string);
        assert_signed(&prepared.sign().expect("a signature"), &settings, &answer);
        assert_signed(&signer.sign_with(view, stamp(&settings)).expect("a signature"), &settings, &answer);
    });
}

/// A form whose bytes are not seen is never signed as if it were empty.
#[test]
fn an_unseen_form_is_refused() {
    let request =
        Request { content_type: Some("application/x-www-form-urlencoded".into()), ..get("http://h/") };
    let error = base_string(&plain_settings(), &request).expect_err("an unseen form");
    assert!(matches!(error, SignError::Request(RequestError::UnbufferedFormBody)), "{error:?}");
}
