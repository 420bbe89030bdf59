//! Requests that a server receives.

use super::*;

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
        let log = MemoryNonceLog::new().unwrap();
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
