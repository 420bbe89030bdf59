//! Whatever goes in, an answer or an error comes out: no input panics, and what is signed can be sent.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

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
        builder.allow_plaintext_over_http(switches[2]).allow_empty_secret(switches[3])
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

/// A good text with some bytes changed, put in or left out.
fn damaged(good: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..3_u8, any::<u8>());
    vec(change, 0..4).prop_map(move |changes| {
        let mut bytes = good.as_bytes().to_vec();
        for (at, kind, byte) in changes {
            let at = at.index(bytes.len() + 1);
            match kind {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => bytes[at] = byte,
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

fn challenge() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        damaged(
            "OAuth realm=\"h\", oauth_problem=\"timestamp_refused\", oauth_acceptable_timestamps=\"1-2\""
        ),
        damaged("Basic realm=\"h\", OAuth oauth_problem=token_expired,oauth_problem_advice=\"a%20b\""),
        "[Oo][Aa]uth [a-z_\\\\\",= %0-9]{0,60}".prop_map(String::into_bytes),
        text().prop_map(String::into_bytes),
        any::<Vec<u8>>(),
    ]
}

/// Headers that answers are read by.
fn headers() -> impl Strategy<Value = HeaderMap> {
    let names =
        ["content-type", "content-encoding", "content-length", "date", "www-authenticate", "location"];
    let known = prop::sample::select(vec![
        "text/html",
        "application/json",
        "text/plain; charset=utf-16",
        "text/plain;charset=",
        "gzip",
        "identity",
        "0",
        "99999999999999999999",
        "-1",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ]);
    let value = prop_oneof![2 => known.prop_map(|value| value.as_bytes().to_vec()), 2 => challenge(), 1 => any::<Vec<u8>>()];
    vec((prop::sample::select(names.to_vec()), value), 0..4).prop_map(|headers| {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                map.append(HeaderName::from_static(name), value);
            }
        }
        map
    })
}

/// Answers that are good, or nearly.
fn answer() -> impl Strategy<Value = Response<Vec<u8>>> {
    let status = prop_oneof![6 => Just(200), 1 => prop::sample::select(vec![201, 204, 304, 307, 401, 500]), 1 => 100..1000_u16];
    let body = prop_oneof![
        4 => damaged("oauth_token=a%20b&oauth_token_secret=c%2Bd&oauth_callback_confirmed=true"),
        1 => damaged("oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1-2&oauth_problem_advice=x"),
        1 => damaged("{\"oauth_token\":\"a\"}"),
        2 => pairs().prop_map(|pairs| {
            let pair = |(name, value): &(String, String)| format!("{name}={}", percent_encode(value));
            pairs.iter().map(pair).collect::<Vec<_>>().join("&").into_bytes()
        }),
        1 => any::<Vec<u8>>(),
    ];
    (status, prop_oneof![2 => Just(HeaderMap::new()), 1 => headers()], body).prop_map(
        |(status, headers, body)| {
            let mut answer = Response::new(body);
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            *answer.headers_mut() = headers;
            answer
        },
    )
}

/// Callbacks that are good, or nearly.
fn callback() -> impl Strategy<Value = String> {
    let text_of = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    prop_oneof![
        3 => damaged("https://h/cb?x=1&oauth_token=a%20b&oauth_verifier=c%2Bd#f").prop_map(text_of),
        1 => damaged("/cb?oauth_token=a%20b&amp;oauth_verifier=c").prop_map(text_of),
        1 => damaged("oauth_token=a%20b&oauth_problem=user_refused&denied=x").prop_map(text_of),
        1 => (url(), text()).prop_map(|(url, text)| format!("{url}{text}")),
        1 => text(),
    ]
}

fn flow() -> Flow {
    let signer = Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap();
    Flow::new(Endpoints::new("https://h/1", "https://h/2", "https://h/3"), &signer).unwrap()
}

/// What a leg sends can be sent, and its header has its parameters.
fn check_leg<C>(leg: &CredentialsRequest<C>) {
    let _ = format!("{leg:?} {:?}", leg.unsigned());
    match (leg.to_request(), leg.explain(), leg.prepare()) {
        (Ok(request), Ok((_, explanation)), Ok(prepared)) => {
            let _ = format!("{request:?} {explanation} {explanation:?} {prepared:?}");
            let pairs = pairs_of_header(request.headers()["authorization"].to_str().unwrap());
            assert!(pairs.iter().any(|(name, _)| name == "oauth_signature"));
            assert!(!String::from(request.into_body()).contains(char::is_whitespace));
        }
        (Err(one), Err(other), _) => {
            assert_eq!(one.to_string(), other.to_string());
            assert!(
                matches!(
                    one,
                    SignError::Request(RequestError::ReservedParameter { .. }) | SignError::InsecurePlaintext
                ),
                "{one}"
            );
        }
        (one, other, _) => panic!("{one:?} {other:?}"),
    }
}

fn check_grant(flow: &Flow, grant: &Approval) {
    let _ = format!("{grant:?}");
    match flow.token_credentials(grant) {
        Ok(leg) => check_leg(&leg),
        Err(error) => assert!(error.to_string().contains("empty"), "{error}"),
    }
}

/// Reads an answer. What is read is the same when it is written and read again.
fn check_read<C>(leg: &CredentialsRequest<C>, answer: &Response<Vec<u8>>, parts: fn(&C) -> (&str, &str)) {
    match leg.parse_response(answer) {
        Ok(issued) => {
            assert!(answer.status().is_success());
            let (token, secret) = parts(&issued.credentials);
            assert!(!token.is_empty());
            let _ = (issued.fields.session_handle(), issued.fields.expires_in());
            let _ = (issued.fields.authorization_expires_in(), format!("{:?}", issued.fields));
            let [token, secret] = [token, secret].map(percent_encode);
            let again =
                format!("oauth_token={token}&oauth_token_secret={secret}&oauth_callback_confirmed=true");
            let again = leg.parse_response(&Response::new(again)).unwrap();
            assert_eq!(parts(&again.credentials), parts(&issued.credentials));
        }
        Err(error) => {
            assert!(!error.to_string().is_empty() && !format!("{error:?}").is_empty());
            if let Some(time) = error.server_time() {
                check_time(time);
            }
        }
    }
}

/// Any time that a server tells makes an offset that leads to it, or none.
fn check_time(time: u64) {
    let signer = Signer::builder(ClientCredentials::new("ck", "cs")).clock(|| Ok(1 << 40)).build().unwrap();
    let Ok(offset) = signer.clock_offset_to(time) else { return };
    let signer = signer.to_builder().clock_offset(offset).build().unwrap();
    match signer.sign(RequestRef::new("GET", "https://h/").unwrap()) {
        Ok(signed) => {
            let expected = ("oauth_timestamp".to_owned(), time.to_string());
            assert!(signed.parameters().contains(&expected));
        }
        Err(_) => assert_eq!(time, 0),
    }
}

fn check_problem(problem: &Problem) {
    assert!(!problem.code().is_empty());
    let _ = (problem.advice(), problem.acceptable_versions(), problem.is_denial());
    let _ = (problem.parameters_absent(), problem.parameters_rejected());
    let _ = format!("{problem} {problem:?} {problem:#?}");
    if let Some(range) = problem.acceptable_timestamps() {
        assert!(range.contains(&problem.server_time().unwrap()));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn of_answers(answer in answer(), is_old in any::<bool>()) {
        let signer = Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap();
        let mut provider = Endpoints::new("https://h/1", "https://h/2", "https://h/3");
        if is_old {
            provider = provider.accept_oauth_1_0();
        }
        let flow = Flow::new(provider, &signer).unwrap();
        let first = flow.temporary_credentials("oob").unwrap();
        check_read(&first, &answer, |credentials| (credentials.token(), credentials.expose_secret()));
        let last = flow.xauth("u", "p").unwrap();
        check_read(&last, &answer, |credentials| (credentials.token(), credentials.expose_secret()));
        if let Some(problem) = Problem::of(answer.headers(), answer.body()) {
            check_problem(&problem);
        }
        if let Some(time) = server_time(answer.headers(), answer.body()) {
            check_time(time);
        }
    }

    #[test]
    fn of_challenges(values in vec(challenge(), 0..4)) {
        let mut headers = HeaderMap::new();
        for value in values.into_iter().filter_map(|value| HeaderValue::try_from(value).ok()) {
            headers.append(http::header::WWW_AUTHENTICATE, value);
        }
        if let Some(problem) = Problem::of(&headers, b"") {
            check_problem(&problem);
        }
    }

    #[test]
    fn of_server_times(time in prop_oneof![any::<u64>(), 0..10_u64, (u64::MAX - 10)..=u64::MAX]) {
        check_time(time);
    }

    #[test]
    fn of_callbacks(callback in callback(), pending in prop_oneof![Just("a b".to_owned()), text()]) {
        let flow = flow();
        let named = token_of_callback(&callback);
        for pending in [Some(pending), named.clone()].into_iter().flatten() {
            match flow.callback(TemporaryCredentials::new(&*pending, "s"), &callback) {
                Ok(grant) => {
                    prop_assert_eq!(Some(&pending), named.as_ref());
                    check_grant(&flow, &grant);
                }
                Err(refused) => {
                    let _ = format!("{refused} {refused:?} {:?}", refused.reason());
                    let given_back = refused.into_credentials();
                    prop_assert_eq!(given_back.token(), pending);
                }
            }
        }
    }

    #[test]
    fn of_pins(pin in text(), token in text()) {
        let flow = flow();
        match flow.pin(TemporaryCredentials::new(token, "s"), &pin) {
            Ok(grant) => check_grant(&flow, &grant),
            Err(_) => prop_assert!(pin.trim().is_empty() || pin.trim().len() > MAX_VERIFIER_LEN),
        }
    }

    /// Any provider, any client: a flow whose legs can be sent, or an error. (Boxed, for all of these on
    /// one stack are too much for a thread of a test.)
    #[test]
    fn of_endpoints(
        urls in prop::array::uniform3(
            prop_oneof![1 => url().boxed(), 1 => "https?://[a-z]{1,4}(/[a-z?&=#%_]{0,20})?".boxed()]
        ).boxed(),
        builder in builder().boxed(),
        callback in prop_oneof![Just("oob".to_owned()), url().boxed(), text().boxed()],
        parameters in pairs().boxed(),
        (token, secret) in (text().boxed(), text().boxed()),
        switches in any::<[bool; 4]>(),
    ) {
        let [one, two, three] = &urls;
        let mut provider = Endpoints::new(one, two, three);
        if switches[0] {
            provider = provider.allow_http();
        }
        if switches[1] {
            provider = provider.accept_oauth_1_0();
        }
        if switches[2] {
            provider = provider.method(Method::GET);
        }
        // Its method may refuse to sign, which other tests are about.
        let Ok(signer) = builder.method(SignatureMethod::hmac_sha1()).clock(|| Ok(1)).clock_offset(0).build() else {
            return Ok(());
        };
        let flow = match Flow::new(provider, &signer) {
            Ok(flow) => flow,
            Err(error) => {
                let _ = format!("{error} {error:?}");
                return Ok(());
            }
        };
        let _ = format!("{flow:?}");
        match flow.temporary_credentials(&*callback) {
            Ok(leg) => check_leg(&leg),
            Err(error) => prop_assert!(matches!(error, FlowError::InvalidCallback | FlowError::Build(_))),
        }
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (&**name, &**value)).collect();
        let pending = TemporaryCredentials::new(&*token, &*secret);
        match flow.authorization_url(&pending, &parameters) {
            Ok(url) => {
                prop_assert_eq!(token_of_callback(&url), Some(token.clone()).filter(|_| url.len() <= 16 * 1024));
                prop_assert!(url.parse::<http::Uri>().is_ok());
            }
            Err(error) => prop_assert_eq!(error, FlowError::ReservedToken),
        }
        if let Ok(leg) = flow.xauth(&token, &secret) {
            check_leg(&leg);
        }
        if let Ok(leg) = flow.renewal(&TokenCredentials::new(&*token, &*secret), &callback) {
            check_leg(&leg);
        }
        let _ = flow.signer(TokenCredentials::new(token, secret));
    }

    /// Any Host header: a request that signs as its absolute URL does, or an error.
    #[test]
    fn of_hosts(
        signer in any_signer(),
        hosts in vec(prop_oneof![
            2 => "[A-Za-z0-9.-]{1,10}(:[0-9]{0,6})?".prop_map(String::into_bytes),
            1 => "[\\[\\]0-9a-f:.%@/?#]{0,12}".prop_map(String::into_bytes),
            1 => any::<Vec<u8>>(),
        ], 0..3),
        target in "(https?://[a-z]{1,4})?/[a-z%?&=+]{0,20}",
        secure in any::<bool>(),
    ) {
        let mut request = http::Request::new(());
        *request.uri_mut() = target.parse().unwrap();
        for value in hosts.into_iter().filter_map(|value| HeaderValue::try_from(value).ok()) {
            request.headers_mut().append(HOST, value);
        }
        let scheme = if secure { Scheme::HTTPS } else { Scheme::HTTP };
        let Ok(view) = RequestRef::in_origin_form(&request, &scheme) else { return Ok(()) };
        try_all(&signer, view);
        let url = match request.uri().scheme() {
            Some(_) => target,
            None => format!("{scheme}://{}{target}", request.headers()[HOST].to_str().unwrap()),
        };
        if let Ok(absolute) = RequestRef::new("GET", &url) {
            prop_assert_eq!(signature_base_string(&view), signature_base_string(&absolute));
        }
    }
}

#[cfg(feature = "rsa")]
mod keys {
    use base64::Engine;
    use oauth1_signer::signature::RsaPrivateKey;

    use super::*;

    /// Lengths and tags as DER has them, so that a key is read to its end.
    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![tag];
        match content.len() {
            len @ 0..=127 => bytes.push(u8::try_from(len).unwrap()),
            len @ 128..=255 => bytes.extend([0x81, u8::try_from(len).unwrap()]),
            len => bytes.extend([0x82, u8::try_from(len >> 8).unwrap(), u8::try_from(len & 0xFF).unwrap()]),
        }
        bytes.extend(content);
        bytes
    }

    fn integer(number: u128) -> Vec<u8> {
        let bytes = number.to_be_bytes();
        let start = bytes.iter().position(|&byte| byte != 0).unwrap_or(bytes.len() - 1);
        let sign = if bytes[start] >= 0x80 { &[0][..] } else { &[] };
        der(2, &[sign, &bytes[start..]].concat())
    }

    /// PKCS#1, with whatever numbers there are.
    fn pkcs1(numbers: [u128; 8]) -> Vec<u8> {
        let content: Vec<u8> = [vec![2, 1, 0]].into_iter().chain(numbers.map(integer)).flatten().collect();
        der(0x30, &content)
    }

    fn pkcs8(pkcs1: &[u8]) -> Vec<u8> {
        let rsa_encryption =
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];
        der(0x30, &[&[2, 1, 0], &rsa_encryption[..], &der(4, pkcs1)].concat())
    }

    /// Numbers at the edges of what arithmetic takes, and primes.
    fn number() -> impl Strategy<Value = u128> {
        prop_oneof![
            3 => prop::sample::select(vec![0, 1, 2, 3, 4, 5, 6, 7, 11, 13, 17, 257, 65_537]),
            1 => any::<u64>().prop_map(u128::from),
            1 => any::<u128>(),
        ]
    }

    fn inverse(number: u128, modulus: u128) -> Option<u128> {
        (1..modulus).find(|candidate| number * candidate % modulus == 1)
    }

    /// Reads a key every way there is, and signs with what is one.
    fn try_key(bytes: &[u8]) -> usize {
        let mut read = 0;
        for label in ["PRIVATE KEY", "RSA PRIVATE KEY"] {
            let text = base64::engine::general_purpose::STANDARD.encode(bytes);
            let lines: Vec<_> =
                text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
            let pem = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"));
            read += usize::from(try_pem(&pem));
        }
        if let Ok(key) = RsaPrivateKey::from_der_with_min_bits(bytes, 0) {
            try_sign(&key);
            read += 1;
        }
        assert!(RsaPrivateKey::from_der(bytes).is_err() || bytes.len() > 512);
        read
    }

    fn try_pem(pem: &str) -> bool {
        let strict = RsaPrivateKey::from_pem(pem);
        let key = RsaPrivateKey::from_pem_with_min_bits(pem, 0);
        assert!(key.is_ok() || strict.is_err());
        key.as_ref().is_ok_and(|key| {
            try_sign(key);
            true
        })
    }

    fn try_sign(key: &RsaPrivateKey) {
        let _ = format!("{key:?} {}", key.bits());
        for method in [SignatureMethod::rsa_sha1, SignatureMethod::rsa_sha256, SignatureMethod::rsa_sha512] {
            let method = method(key.clone());
            let signer = Signer::builder(ClientCredentials::new("ck", "")).method(method).build().unwrap();
            try_all(&signer, RequestRef::new("GET", "http://h/").unwrap());
        }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn of_texts_and_bytes(text in text(), bytes in any::<Vec<u8>>()) {
            try_pem(&text);
            for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE", &*text] {
                try_pem(&format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n"));
            }
            try_key(&bytes);
        }

        /// A key with a few bytes changed, or cut short.
        #[test]
        fn of_damaged_keys(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
            let pem = include_str!("../keys/rsa-1024.pkcs8.pem");
            let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            let mut bytes = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if cut {
                bytes.truncate(at);
            }
            try_key(&bytes);
            let mut pem = pem.as_bytes().to_vec();
            pem[at] = byte & 0x7F;
            try_pem(str::from_utf8(&pem).unwrap());
        }

        /// Numbers that are no key: zero, one, even ones, and relations that do not hold.
        #[test]
        fn of_numbers_that_are_no_key(numbers in prop::array::uniform8(number())) {
            let bytes = pkcs1(numbers);
            try_key(&bytes);
            try_key(&pkcs8(&bytes));
        }

        /// Numbers that hold together but are far too small, or no primes.
        #[test]
        fn of_numbers_that_are_nearly_a_key(p in 1..60_u128, q in 1..60_u128, e in 0..30_u128) {
            let (e, phi) = (2 * e + 1, (p - 1) * (q - 1));
            let d = inverse(e, phi).unwrap_or(1);
            let bytes = pkcs1([
                p * q,
                e,
                d,
                p,
                q,
                d % (p - 1).max(1),
                d % (q - 1).max(1),
                inverse(q, p).unwrap_or(0),
            ]);
            try_key(&bytes);
            try_key(&pkcs8(&bytes));
        }
    }

    /// The numbers above do reach the arithmetic: these are a key, if a small one.
    #[test]
    fn a_small_key_is_read_and_is_too_small_to_sign() {
        let bytes = pkcs1([61 * 53, 17, 2753, 61, 53, 53, 49, 38]);
        assert_eq!(try_key(&bytes), 2, "as PKCS#1, in PEM and DER");
        assert_eq!(try_key(&pkcs8(&bytes)), 2, "as PKCS#8, in PEM and DER");
        let key = RsaPrivateKey::from_der_with_min_bits(&bytes, 0).unwrap();
        let signer = Signer::builder(ClientCredentials::new("ck", ""))
            .method(SignatureMethod::rsa_sha1(key))
            .build()
            .unwrap();
        let error = signer.sign_bytes(b"text").unwrap_err();
        assert!(matches!(
            error,
            oauth1_signer::SignError::Signature(oauth1_signer::signature::SignatureError::Rsa)
        ));
    }
}

/// Parameters of the protocol, as they are or nearly.
fn protocol_parameter() -> impl Strategy<Value = (String, String)> {
    let known = [
        ("oauth_consumer_key", "ck"),
        ("oauth_token", "tk"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_signature_method", "PLAINTEXT"),
        ("oauth_signature", "cs%26ts"),
        ("oauth_timestamp", "1700000000"),
        ("oauth_nonce", "n1"),
        ("oauth_version", "1.0"),
        ("oauth_body_hash", "2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D"),
        ("oauth_callback", "oob"),
    ];
    let known = prop::sample::select(known.to_vec()).prop_map(|(n, v)| (n.to_owned(), v.to_owned()));
    prop_oneof![
        12 => known.clone(),
        1 => (known, text()).prop_map(|((name, _), value)| (name, value)),
        1 => (text(), text()),
    ]
}

proptest! {
    #![proptest_config(config())]

    /// What a server receives: an answer, which can be sent, or a claim, which can be shown and proved.
    #[test]
    fn of_received_requests(
        scheme in prop_oneof![8 => Just("OAuth "), 1 => Just("oauth\t"), 1 => Just("Basic "), 1 => Just("")],
        in_header in vec(protocol_parameter(), 0..9),
        in_query in vec(protocol_parameter(), 0..3),
        junk in prop_oneof![4 => Just(Vec::new()), 1 => any::<Vec<u8>>()],
        target in prop_oneof![4 => Just("/p".to_owned()), 1 => url()],
        content_type in prop_oneof![Just("application/x-www-form-urlencoded".to_owned()), text()],
        body in prop::option::of(prop_oneof![any::<Vec<u8>>(), text().prop_map(String::into_bytes)]),
        strict in any::<bool>(),
        now in prop_oneof![Just(1_700_000_000), any::<u64>()],
        window in prop_oneof![Just(300), any::<u64>()],
    ) {
        let query: Vec<_> = in_query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let Ok(uri) = format!("{target}?{}", query.join("&")).parse::<http::Uri>() else { return Ok(()) };
        let header: Vec<_> = in_header.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        let header = [scheme.as_bytes(), header.join(", ").as_bytes(), &junk].concat();
        let mut headers = HeaderMap::new();
        for (name, value) in [(http::header::AUTHORIZATION, &*header), (CONTENT_TYPE, content_type.as_bytes())] {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.append(name, value);
            }
        }
        let mut policy = Policy::new(Origin::new("https://h").unwrap())
            .allow_plaintext(true)
            .window(std::time::Duration::from_secs(window))
            .clock(move || Ok(now));
        if strict {
            policy = policy.require_signed_body(true);
        }
        let mut received = IncomingRequest::new(&Method::POST, &uri, &headers);
        let _ = (policy.wants_body(received), format!("{received:?} {policy:?}"));
        if let Some(body) = &body {
            received = received.body(body);
        }
        let client = ClientRecord::new(ClientCredentials::new("ck", "cs")).unwrap().allow_plaintext(true);
        let token = TokenRecord::new(TokenCredentials::new("tk", "ts"), "ck");
        let log = MemoryNonceLog::new(2, 1).unwrap();
        let rejection = match policy.read(received) {
            Err(rejection) => rejection,
            Ok(claim) => {
                let explanation = claim.explanation();
                let _ = format!("{claim:?} {explanation} {:?}", explanation.differences(&content_type));
                match claim.prove(Some(&client), Some(&token)).map(|proof| ready::now(proof.admit(&log))) {
                    Ok(Ok(verified)) => {
                        prop_assert_eq!(verified.client_key(), "ck");
                        return Ok(());
                    }
                    Ok(Err(rejection)) | Err(rejection) => rejection,
                }
            }
        };
        let _ = format!("{rejection} {rejection:?}");
        prop_assert!(matches!(rejection.to_response().status().as_u16(), 400 | 401 | 503));
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
