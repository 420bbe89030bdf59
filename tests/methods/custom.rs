//! Methods of the caller's own, and keys that live elsewhere.

use super::*;

// Methods of the caller's own

/// Interactive Brokers: bytes in front of the base string, and a MAC whose key is raw bytes.
#[cfg(feature = "sha2")]
#[test]
fn a_mac_with_a_raw_key_over_more_than_the_base_string() {
    let prepend = vec![0x00, 0xFF, 0x26, 0x80];
    let live_session_token: Vec<u8> = (0..=255).collect();
    let (prefix, key) = (prepend.clone(), live_session_token.clone());
    let method = SignatureMethod::custom("HMAC-SHA256", move |base_string| {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key)?;
        mac.update(&prefix);
        mac.update(base_string);
        Ok(Signature::Bytes(mac.finalize().into_bytes().to_vec()))
    });
    let signer = Signer::builder(ClientCredentials::new("TESTCONS", ""))
        .token(TokenCredentials::new("token", "no part of the key"))
        .method(method)
        .version(false)
        .realm("limited_poa")
        .parameter("diffie_hellman_challenge", "deadbeef")
        .build()
        .unwrap();
    let request = get("https://api.ibkr.com/v1/api/iserver/accounts?a=1");
    let signed = signer.sign_with(request, stamp()).unwrap();

    let base_string = "GET&https%3A%2F%2Fapi.ibkr.com%2Fv1%2Fapi%2Fiserver%2Faccounts&a%3D1\
        %26diffie_hellman_challenge%3Ddeadbeef%26oauth_consumer_key%3DTESTCONS%26oauth_nonce%3Dnonce\
        %26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D1700000000%26oauth_token%3Dtoken";
    assert_eq!(signer.prepare_with(request, stamp()).unwrap().base_string(), base_string);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&live_session_token).unwrap();
    mac.update(&[&prepend, base_string.as_bytes()].concat());
    let expected = STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(signed.signature(), expected);
    assert_eq!(
        signed.to_header(),
        format!(
            "OAuth realm=\"limited_poa\", oauth_consumer_key=\"TESTCONS\", oauth_token=\"token\", \
             oauth_signature_method=\"HMAC-SHA256\", diffie_hellman_challenge=\"deadbeef\", \
             oauth_timestamp=\"1700000000\", oauth_nonce=\"nonce\", oauth_signature=\"{}\"",
            oauth1_signer::percent_encode(expected)
        )
    );
}

/// A custom method that does what HMAC-SHA1 does gives what HMAC-SHA1 gives: it sees the same bytes.
#[test]
fn a_custom_method_sees_the_base_string() {
    let method = SignatureMethod::custom("HMAC-SHA1", |base_string| {
        let mut mac = Hmac::<Sha1>::new_from_slice(b"cs&ts")?;
        mac.update(base_string);
        Ok(mac.finalize().into_bytes().to_vec().into())
    });
    let (custom, own) = (builder().method(method).build().unwrap(), builder().build().unwrap());
    let request = RequestRef::new("POST", "http://H/%7e?b=%zz&a").unwrap().form(&[("c", "é +")]);
    let one = custom.sign_with(request, stamp()).unwrap();
    assert_eq!(one.to_header(), own.sign_with(request, stamp()).unwrap().to_header());
    assert_eq!(custom.sign_bytes(b"\x00\xFF").unwrap(), own.sign_bytes(b"\x00\xFF").unwrap());
}

/// A text is sent as it stands; bytes go in base64, however many there are.
#[test]
fn signatures_as_text_and_as_bytes() {
    for (signature, expected) in [
        (Signature::Text("not base64: é".into()), "not base64: é".to_owned()),
        (Signature::Text(String::new()), String::new()),
        (Signature::Bytes(Vec::new()), String::new()),
        (Signature::Bytes(vec![0xFF; 66]), "/".repeat(88)),
        (Signature::Bytes(vec![0xFF; 67]), "/".repeat(88) + "/w=="),
        (Signature::Bytes(vec![0xFF; 1024]), "/".repeat(1365) + "w=="),
    ] {
        let made = signature.clone();
        let method = SignatureMethod::custom("X", move |_| Ok(made.clone()));
        let signer = builder().method(method).build().unwrap();
        let signed = signer.sign(get("http://h/")).unwrap();
        assert_eq!(signed.signature(), expected);
        assert_eq!(value_of(&signed, "oauth_signature"), Some(expected.clone()));
        let finished = signer.prepare(get("http://h/")).unwrap().finish(signature);
        assert_eq!(finished.signature(), expected);
    }
    assert_eq!(Signature::from(&b"\xFF"[..]), Signature::from(vec![0xFF]));
}

#[test]
fn a_custom_method_that_fails() {
    let called = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&called);
    let method = SignatureMethod::custom("X", move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        Err(std::io::Error::other("no card in the reader").into())
    });
    let signer = builder().method(method).build().unwrap();
    for error in [
        signer.sign(get("http://h/")).unwrap_err(),
        signer.prepare(get("http://h/")).unwrap().sign().unwrap_err(),
        signer.sign_bytes(b"").unwrap_err(),
    ] {
        let SignError::Signature(SignatureError::Custom(source)) = &error else { panic!("{error:?}") };
        assert!(source.is::<std::io::Error>());
        assert_eq!(error.to_string(), "the custom signature method failed");
        assert_eq!(error.source().unwrap().to_string(), "no card in the reader");
    }
    assert_eq!(called.load(Ordering::Relaxed), 3);
    // What cannot be signed does not reach it.
    assert!(matches!(
        signer.sign(get("http://h/?oauth_token=x")),
        Err(SignError::Request(RequestError::ReservedParameter { .. }))
    ));
    assert_eq!(called.load(Ordering::Relaxed), 3);
}

#[test]
fn an_external_method_does_not_sign_here() {
    let signer = builder().method(SignatureMethod::external("RSA-SHA1")).build().unwrap();
    for error in [
        signer.sign(get("http://h/")).unwrap_err(),
        signer.sign_with(get("http://h/"), stamp()).unwrap_err(),
        signer.prepare(get("http://h/")).unwrap().sign().unwrap_err(),
        signer.explain(get("http://h/")).unwrap_err(),
        signer.sign_bytes(b"").unwrap_err(),
        signer.authorize(http::Request::get("http://h/").body(()).unwrap()).unwrap_err(),
    ] {
        assert!(matches!(error, SignError::Signature(SignatureError::ExternalKey)), "{error:?}");
    }
    // The request's own faults are told first.
    assert!(matches!(
        signer.sign(get("http://h/?oauth_token=x")),
        Err(SignError::Request(RequestError::ReservedParameter { .. }))
    ));
}

#[test]
fn names_of_methods() {
    let custom =
        |name: &str| builder().method(SignatureMethod::custom(name, |_| Ok(Signature::Bytes(vec![]))));
    assert_eq!(custom("").build().unwrap_err(), BuildError::EmptyMethodName);
    assert_eq!(
        builder().method(SignatureMethod::external("")).build().unwrap_err(),
        BuildError::EmptyMethodName
    );
    let signer = custom("X \"1\"").build().unwrap();
    let signed = signer.sign(get("http://h/")).unwrap();
    assert_eq!(value_of(&signed, "oauth_signature_method").as_deref(), Some("X \"1\""));
    assert!(signed.to_header().to_str().unwrap().contains("oauth_signature_method=\"X%20%221%22\""));
    assert_eq!(SignatureMethod::default().name(), "HMAC-SHA1");
    assert_eq!(SignatureMethod::plaintext().name(), "PLAINTEXT");
    assert_eq!(SignatureMethod::plaintext_without_stamp().name(), "PLAINTEXT");
    assert_eq!(SignatureMethod::external("RSA-SHA512").name(), "RSA-SHA512");
}
