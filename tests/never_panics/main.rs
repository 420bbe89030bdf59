//! Whatever goes in, an answer or an error comes out: no input panics, and what is signed can be sent.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[cfg(feature = "rsa")]
mod keys;
mod received;
mod flow;

#[path = "../support/ready.rs"]
mod ready;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HOST};
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use oauth1_signer::flow::{
    Approval, CredentialsRequest, Endpoints, Flow, FlowError, MAX_VERIFIER_LEN, token_of_callback,
};
use oauth1_signer::request::RequestError;
use oauth1_signer::verify::{ClientRecord, IncomingRequest, MemoryNonceLog, Policy, TokenRecord};
use oauth1_signer::{
    BodyHashPolicy, Callback, ClientCredentials, Origin, RequestRef, SignError, SignatureMethod, Signed,
    Signer, SignerBuilder, Stamp, TemporaryCredentials, TokenCredentials, percent_encode,
    problem::Problem,
    server_time,
    signature::{BodyHashAlgorithm, Signature},
    signature_base_string,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// More in release, where each case costs little.
fn config() -> ProptestConfig {
    let cases = if cfg!(debug_assertions) { 128 } else { 2048 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Text of any kind, and text made of the characters that parsers trip over.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "[a-c%+&=;?#/:@\\\\\\[\\]\"'<>^`{|}~0-9 é\u{0}\r\n\t\u{7f}-]{0,40}",
        Just(String::new()),
    ]
}

/// Texts that are URLs, or nearly.
fn url() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![4 => Just("http"), 4 => Just("https"), 1 => Just("HtTp"), 1 => Just("ftp"), 1 => Just("")];
    let joint = prop_oneof![8 => Just("://"), 1 => Just(":"), 1 => Just(":/"), 1 => Just("")];
    let host = prop_oneof![
        4 => "[a-zA-Z0-9.-]{1,12}",
        1 => Just("[::1]".to_owned()),
        1 => "[\\[\\]0-9a-f:.%]{0,10}",
        1 => text(),
    ];
    let port = prop_oneof![4 => Just(String::new()), 2 => ":[0-9]{0,7}", 1 => text()];
    let rest =
        prop_oneof![4 => "(/[a-z%0-9A-F~]{0,8}){0,3}([?][a-z%&=+0-9]{0,30})?(#[a-z]{0,4})?", 1 => text()];
    let near = (scheme, joint, prop::option::weighted(0.1, text()), host, port, rest).prop_map(
        |(scheme, joint, userinfo, host, port, rest)| {
            let userinfo = userinfo.map_or(String::new(), |userinfo| userinfo + "@");
            format!("{scheme}{joint}{userinfo}{host}{port}{rest}")
        },
    );
    prop_oneof![6 => near, 1 => text()]
}

fn method() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(vec!["GET", "POST", "get", "x~y!"]).prop_map(str::to_owned), 1 => text()]
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((prop_oneof![3 => text(), 1 => Just("oauth_token".to_owned())], text()), 0..6)
}

fn body_hash() -> impl Strategy<Value = BodyHashPolicy> {
    prop::sample::select(vec![BodyHashPolicy::Off, BodyHashPolicy::NotForms, BodyHashPolicy::Always])
}

fn signature_method() -> impl Strategy<Value = SignatureMethod> {
    prop_oneof![
        Just(SignatureMethod::hmac_sha1()),
        Just(SignatureMethod::plaintext()),
        Just(SignatureMethod::plaintext_without_stamp()),
        (text(), any::<Vec<u8>>()).prop_map(|(name, bytes)| {
            SignatureMethod::custom(name, move |_| Ok(Signature::Bytes(bytes.clone())))
        }),
        (text(), text()).prop_map(|(name, signature)| {
            SignatureMethod::custom(name, move |_| Ok(Signature::Text(signature.clone())))
        }),
        text().prop_map(|name| SignatureMethod::custom(name, |_| Err("refused".into()))),
        text().prop_map(SignatureMethod::external),
    ]
}

prop_compose! {
    fn builder()(
        client in (text(), text()),
        token in prop::option::of((text(), text())),
        (method, policy) in (signature_method(), body_hash()),
        callback in prop::option::of(text()),
        verifier in prop::option::of(text()),
        realm in prop::option::of(prop_oneof![3 => "[ -~]{0,20}", 1 => text()]),
        parameters in vec((text(), text()), 0..4),
        switches in any::<[bool; 4]>(),
        offset in prop_oneof![3 => Just(0), 1 => any::<i64>()],
    ) -> SignerBuilder {
        let mut builder = Signer::builder(ClientCredentials::new(client.0, client.1));
        builder = builder.method(method).body_hash(policy).clock_offset(offset);
        if let Some((token, secret)) = token {
            builder = builder.token(TokenCredentials::new(token, secret));
        }
        if let Some(callback) = callback {
            builder = builder.callback(&*callback);
        }
        if let Some(verifier) = verifier {
            builder = builder.verifier(verifier);
        }
        if let Some(realm) = realm {
            builder = builder.realm(realm.as_str());
        }
        for (name, value) in parameters {
            builder = builder.parameter(name, value);
        }
        if switches[0] {
            builder = builder.version(false);
        }
        if switches[1] {
            builder = builder.send_empty_token(true);
        }
        builder.allow_plaintext_over_http(switches[2]).allow_incomplete_credentials(switches[3])
    }
}

/// A signer for the properties that are about requests.
fn any_signer() -> impl Strategy<Value = Signer> {
    prop_oneof![
        1 => builder().prop_filter_map("settings that do not go together", |builder| builder.build().ok()),
        1 => Just(Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap()),
    ]
}

/// What was signed can be sent, wherever it is put, and says the same there.
fn check(signed: &Signed<'_>) {
    let header = signed.to_header();
    assert!(header.is_sensitive());
    let text = header.to_str().expect("visible ASCII, blanks and nothing else");
    let parameters = signed.parameters();
    assert_eq!(sorted(pairs_of_header(text)), sorted(parameters.clone()));
    assert_eq!(pairs_of_form(&signed.to_form()), parameters);
    assert_eq!(parameters.last(), Some(&("oauth_signature".to_owned(), signed.signature())));
    let names: std::collections::HashSet<_> = parameters.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), parameters.len(), "a name twice");
    assert!(signed.append_to_url("http://h/").parse::<http::Uri>().is_ok() || text.len() > 65_000);
}

/// Signs every way there is. Where one way gives an error, all do.
fn try_all(signer: &Signer, request: RequestRef<'_>) -> bool {
    let stamp = || Stamp::new(1_700_000_000, "nonce").unwrap();
    let _ = format!("{request:?} {signer:?}");
    let base_string = signature_base_string(&request);
    let signed = signer.sign_with(request, stamp());
    // With an offset of any size the clock may be out of range, so this one may fail for itself.
    if let Ok(signed) = signer.sign(request) {
        check(&signed);
    }
    let prepared = match signer.prepare_with(request, stamp()) {
        Ok(prepared) => prepared,
        Err(error) => {
            let _ = format!("{error} {error:?}");
            assert!(signed.is_err(), "{error}");
            return false;
        }
    };
    assert!(base_string.is_ok());
    assert!(prepared.base_string().bytes().all(|byte| byte.is_ascii_graphic()));
    assert_eq!(prepared.base_string().matches('&').count(), 2);
    let explanation = prepared.explanation();
    let told: Vec<_> =
        explanation.parameters().iter().map(|p| format!("{}={}", p.name(), p.value())).collect();
    assert_eq!(told.join("&"), explanation.normalized_parameters());
    let _ = format!("{explanation} {explanation:?} {prepared:?}");
    match (prepared.sign(), signed) {
        (Ok(one), Ok(other)) => {
            assert_eq!(one.parameters(), other.parameters());
            assert_eq!(one.to_header(), other.to_header());
            check(&one);
            true
        }
        (Err(one), Err(other)) => {
            assert_eq!(one.to_string(), other.to_string());
            false
        }
        (one, other) => panic!("{one:?} {other:?}"),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn of_urls_and_methods(signer in any_signer(), method in method(), url in url()) {
        if let Ok(request) = RequestRef::new(&*method, &url) {
            try_all(&signer, request);
        }
        if let Ok(uri) = url.parse::<http::Uri>()
            && let Ok(request) = RequestRef::new(&*method, &uri)
        {
            try_all(&signer, request);
        }
        #[cfg(feature = "url")]
        if let Ok(url) = url::Url::parse(&url)
            && let Ok(request) = RequestRef::new(&*method, &url)
        {
            try_all(&signer, request);
        }
    }

    /// Decoded that a `Uri` takes, though no text that is a URL has them.
    #[test]
    fn of_uris_made_of_parts(
        signer in any_signer(),
        scheme in prop::option::of(prop_oneof![Just("http".to_owned()), Just("https".to_owned()), text()]),
        authority in prop::option::of(prop_oneof![
            Just(b"h:80".to_vec()),
            Just(b"u:p@[::1]".to_vec()),
            any::<Vec<u8>>(),
            text().prop_map(String::into_bytes),
        ]),
        path in prop::option::of(prop_oneof![any::<Vec<u8>>(), text().prop_map(|text| format!("/{text}").into_bytes())]),
    ) {
        let mut uri = http::Uri::builder();
        if let Some(scheme) = &scheme {
            uri = uri.scheme(&**scheme);
        }
        if let Some(authority) = &authority {
            uri = uri.authority(&**authority);
        }
        if let Some(path) = &path {
            uri = uri.path_and_query(&**path);
        }
        if let Ok(uri) = uri.build()
            && let Ok(request) = RequestRef::new("GET", &uri)
        {
            try_all(&signer, request);
        }
    }

    #[test]
    fn of_settings(builder in builder()) {
        let _ = format!("{builder:?}");
        match builder.build() {
            Ok(signer) => {
                let _ = try_all(&signer, RequestRef::new("GET", "https://h/?a=1").unwrap());
                let again = signer.to_builder().build().unwrap();
                let _ = try_all(&again, RequestRef::new("GET", "http://h/?b=1").unwrap());
            }
            Err(error) => {
                let _ = format!("{error} {error:?}");
            }
        }
    }

    #[test]
    fn of_stamps(timestamp in text(), nonce in text(), seconds in any::<u64>()) {
        let signer = Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap();
        for stamp in [Stamp::verbatim(&timestamp, &nonce), Stamp::new(seconds, &nonce), Stamp::at(seconds)] {
            match stamp {
                Ok(stamp) => {
                    let _ = format!("{stamp:?}");
                    check(&signer.sign_with(RequestRef::new("GET", "http://h/").unwrap(), stamp).unwrap());
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }

    /// Any time and any offset: a time from 1970 on, or an error.
    #[test]
    fn of_clocks(
        seconds in prop_oneof![any::<u64>(), 0..10_u64, (u64::MAX - 10)..=u64::MAX],
        offset in prop_oneof![any::<i64>(), -10..10_i64, Just(i64::MIN), Just(i64::MAX)],
        bytes in any::<[u8; 16]>(),
    ) {
        let signer = Signer::builder(ClientCredentials::new("ck", "cs"))
            .clock(move || Ok(seconds))
            .clock_offset(offset)
            .random(move || Ok(bytes))
            .build()
            .unwrap();
        let expected = i128::from(seconds) + i128::from(offset);
        match signer.sign(RequestRef::new("GET", "http://h/").unwrap()) {
            Ok(signed) => {
                check(&signed);
                let timestamp = signed.parameters().into_iter().find(|(name, _)| name == "oauth_timestamp");
                prop_assert_eq!(timestamp.unwrap().1, expected.to_string());
            }
            Err(_) => prop_assert!(expected <= 0 || expected > i128::from(u64::MAX)),
        }
    }

    #[test]
    fn of_pairs_bodies_and_content_types(
        signer in any_signer(),
        query in pairs(),
        form in pairs(),
        body in any::<Vec<u8>>(),
        digest in prop_oneof![any::<Vec<u8>>(), vec(any::<u8>(), 20..=20)],
        content_type in prop_oneof![Just("application/x-www-form-urlencoded".to_owned()), text()],
    ) {
        let query: Vec<_> = query.iter().map(|(name, value)| (&**name, &**value)).collect();
        let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        let request = RequestRef::new("POST", "https://h/?a=%zz&b").unwrap().query(&query);
        for request in [
            request.form(&form),
            request.body(&body),
            request.body(&body).content_type(&content_type),
            request.content_type(&content_type),
            request.body_digest(&digest).content_type(&content_type),
            request.form(&form).body(&body).body_digest(&digest),
        ] {
            try_all(&signer, request);
        }
    }

    #[test]
    fn of_header_values(
        signer in any_signer(),
        content_types in vec(prop_oneof![Just(b"application/x-www-form-urlencoded".to_vec()), any::<Vec<u8>>()], 0..3),
        content_encoding in prop::option::of(prop_oneof![Just(b"identity".to_vec()), any::<Vec<u8>>()]),
        body in any::<Vec<u8>>(),
    ) {
        let mut request = http::Request::post("https://h/").body(body).unwrap();
        for value in content_types.into_iter().filter_map(|value| http::HeaderValue::try_from(value).ok()) {
            request.headers_mut().append(CONTENT_TYPE, value);
        }
        if let Some(value) = content_encoding.and_then(|value| http::HeaderValue::try_from(value).ok()) {
            request.headers_mut().append(CONTENT_ENCODING, value);
        }
        let seen = RequestRef::try_from(&request);
        let unseen = RequestRef::without_body(&request);
        prop_assert_eq!(seen.is_ok(), unseen.is_ok());
        for request in seen.into_iter().chain(unseen) {
            try_all(&signer, request);
        }
        let headers_before = request.headers().len();
        match signer.authorize(request) {
            Ok(request) => prop_assert_eq!(request.headers().len(), headers_before + 1),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    /// A signed URL or form is a URL or a form again, whatever it was appended to.
    #[test]
    fn of_places(url in url(), form in any::<Vec<u8>>(), text in text()) {
        let signer = Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap();
        let signed = signer.sign(RequestRef::new("GET", "http://h/").unwrap()).unwrap();
        for url in [url, text] {
            let appended = signed.append_to_url(&url);
            let (before, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
            prop_assert!(appended.starts_with(before) && appended.ends_with(fragment));
            prop_assert!(appended[before.len()..].starts_with(['?', '&', 'o']));
        }
        let appended = signed.append_to_form(&form);
        prop_assert!(appended.starts_with(&form));
        prop_assert!(appended.ends_with(signed.to_form().as_bytes()));
    }

    #[test]
    fn of_texts_that_are_signed(signer in any_signer(), bytes in any::<Vec<u8>>(), text in text()) {
        for bytes in [&*bytes, text.as_bytes()] {
            let encoded = percent_encode(bytes);
            prop_assert_eq!(decoded(&encoded), bytes);
            match signer.sign_bytes(bytes) {
                Ok(one) => prop_assert_eq!(one, signer.sign_bytes(bytes).unwrap()),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
        prop_assert_eq!(BodyHashAlgorithm::Sha1.of(&bytes).len(), BodyHashAlgorithm::Sha1.bytes());
        prop_assert_eq!(Callback::from(&*text) == Callback::OutOfBand, text == "oob");
    }
}

fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}

/// `OAuth realm="…", name="value", …`, without the realm.
fn pairs_of_header(header: &str) -> Vec<(String, String)> {
    let mut rest = header.strip_prefix("OAuth ").expect("the scheme");
    if let Some(quoted) = rest.strip_prefix("realm=\"") {
        let mut escaped = false;
        let end = quoted.bytes().position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        rest = quoted[end.expect("a closing quote")..].strip_prefix("\", ").expect("a parameter");
    }
    rest.split(", ")
        .map(|pair| {
            let (name, value) = pair.split_once("=\"").expect("name and value");
            pair_of(name, value.strip_suffix('"').expect("a closing quote"))
        })
        .collect()
}

fn pairs_of_form(form: &str) -> Vec<(String, String)> {
    form.split('&')
        .map(|pair| pair.split_once('=').expect("name and value"))
        .map(|(n, v)| pair_of(n, v))
        .collect()
}

fn pair_of(name: &str, value: &str) -> (String, String) {
    let text = |encoded| String::from_utf8(decoded(encoded)).expect("UTF-8");
    (text(name), text(value))
}

/// Percent-decodes, and refuses what must have been encoded (§3.6).
fn decoded(encoded: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next(), rest.next()].map(|digit| char::from(digit.expect("two digits")));
            assert!(
                digits.iter().all(|digit| digit.is_ascii_digit() || ('A'..='F').contains(digit)),
                "{encoded}"
            );
            let digits = digits.map(|digit| digit.to_digit(16).unwrap());
            bytes.push(u8::try_from(digits[0] * 16 + digits[1]).unwrap());
        } else {
            assert!(byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), "{encoded}");
            bytes.push(byte);
        }
    }
    bytes
}
