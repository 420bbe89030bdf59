//! The three legs: responses, callbacks, endpoints.

use super::*;

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
            provider = provider.accept_oauth_1_0(true);
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
            provider = provider.allow_http(true);
        }
        if switches[1] {
            provider = provider.accept_oauth_1_0(true);
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
        match flow.authorization_url_with(&pending, &parameters) {
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
