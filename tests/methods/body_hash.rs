//! When a body hash is sent, and of what.

use super::*;

// Body hashes

const EMPTY: &str = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
const HELLO: &str = "Lve95gjOVATpfV8EL5X4nxwjKHE=";
const JSON: &str = "application/json";

/// What each policy makes of each body: `Ok(Some(…))` a hash, `Ok(None)` none, `Err(())` an unseen body.
#[test]
fn body_hash_policies() {
    type Answer = Result<Option<&'static str>, ()>;
    const HASH: Answer = Ok(Some(HELLO));
    const OF_EMPTY: Answer = Ok(Some(EMPTY));
    const NONE: Answer = Ok(None);
    const UNSEEN: Answer = Err(());
    const HELLO_BODY: &[u8] = b"Hello World!";

    let digest = Sha1::digest(HELLO_BODY);
    let plain = |method| RequestRef::new(method, "http://h/").unwrap();
    let get = http::Request::get("http://h/").body(()).unwrap();
    let json = http::Request::post("http://h/").header("content-type", JSON).body("Hello World!").unwrap();
    let json_unsaid = http::Request::post("http://h/").body(String::from("Hello World!")).unwrap();
    let empty_text = http::Request::post("http://h/").body(String::new()).unwrap();
    let (head, ()) = http::Request::get("http://h/").body(()).unwrap().into_parts();
    let rows: [(&str, RequestRef<'_>, Answer, Answer); 15] = [
        ("GET", plain("GET"), NONE, OF_EMPTY),
        ("DELETE, no body", plain("DELETE"), NONE, OF_EMPTY),
        ("POST, no body", plain("POST"), NONE, OF_EMPTY),
        ("http GET of ()", (&get).try_into().unwrap(), NONE, OF_EMPTY),
        ("http POST, empty text", (&empty_text).try_into().unwrap(), NONE, OF_EMPTY),
        ("a body", plain("PUT").body(HELLO_BODY), HASH, HASH),
        ("a body with GET", plain("GET").body(HELLO_BODY), HASH, HASH),
        ("http JSON", (&json).try_into().unwrap(), HASH, HASH),
        ("http text that does not say what it is", (&json_unsaid).try_into().unwrap(), HASH, HASH),
        ("empty JSON", plain("POST").content_type(JSON).body(b""), OF_EMPTY, OF_EMPTY),
        ("JSON that is not shown", plain("POST").content_type(JSON), UNSEEN, UNSEEN),
        ("JSON as a digest", plain("POST").content_type(JSON).body_digest(&digest), HASH, HASH),
        ("only a head", (&head).try_into().unwrap(), UNSEEN, UNSEEN),
        // The extension: a form's parameters are signed, so its hash must not be sent.
        (
            "a form",
            plain("POST").content_type(FORM).body(b"a=1"),
            NONE,
            Ok(Some("hu2ncKYGCCSwkN1N8JHjvUEhJ5w=")),
        ),
        ("a form as pairs", plain("POST").form(&[("a", "1")]), NONE, UNSEEN),
    ];
    for (what, request, not_forms, always) in rows {
        for (policy, expected) in [
            (BodyHashPolicy::Off, NONE),
            (BodyHashPolicy::NotForms, not_forms),
            (BodyHashPolicy::Always, always),
        ] {
            let signer = builder().body_hash(policy).build().unwrap();
            let answer = match signer.sign_with(request, stamp()) {
                Ok(signed) => Ok(value_of(&signed, "oauth_body_hash")),
                Err(SignError::Request(RequestError::UnseenBody)) => Err(()),
                Err(error) => panic!("{what}: {error:?}"),
            };
            assert_eq!(answer, expected.map(|hash| hash.map(str::to_owned)), "{what}, {policy:?}");
            // What is sent is what was signed.
            let Ok(prepared) = signer.prepare_with(request, stamp()) else { continue };
            let signed =
                expected.unwrap().map(|hash| format!("oauth_body_hash%3D{}%26", twice_encoded(hash)));
            assert_eq!(
                prepared.base_string().contains("oauth_body_hash"),
                signed.is_some(),
                "{what}, {policy:?}"
            );
            assert!(prepared.base_string().contains(&signed.unwrap_or_default()), "{what}, {policy:?}");
        }
    }
    assert_eq!(BodyHashPolicy::default(), BodyHashPolicy::Off);
}

fn twice_encoded(text: &str) -> String {
    oauth1_signer::percent_encode(oauth1_signer::percent_encode(text))
}

/// Mastercard: SHA-256 of nothing with each GET.
#[cfg(feature = "sha2")]
#[test]
fn the_body_hash_of_mastercard() {
    let method = SignatureMethod::external("RSA-SHA256").with_body_hash_algorithm(BodyHashAlgorithm::Sha256);
    let signer = Signer::builder(ClientCredentials::new("ck", ""))
        .method(method)
        .body_hash(BodyHashPolicy::Always)
        .build()
        .unwrap();
    let signed = signer.prepare(get("https://h/")).unwrap().finish(vec![0; 256]);
    let expected = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assert_eq!(value_of(&signed, "oauth_body_hash").as_deref(), Some(expected));
}

#[test]
fn a_digest_must_be_of_the_methods_hash() {
    let mut rows = vec![(SignatureMethod::hmac_sha1(), 20), (SignatureMethod::plaintext(), 20)];
    rows.push((SignatureMethod::custom("X", |_| Ok(Signature::Bytes(vec![]))), 20));
    #[cfg(feature = "sha2")]
    rows.extend([
        (SignatureMethod::hmac_sha256(), 32),
        (SignatureMethod::hmac_sha512(), 64),
        // Theirs cannot be changed …
        (SignatureMethod::hmac_sha256().with_body_hash_algorithm(BodyHashAlgorithm::Sha1), 32),
        (SignatureMethod::plaintext().with_body_hash_algorithm(BodyHashAlgorithm::Sha512), 20),
        // … but where the crate knows nothing of the method it can be set.
        (
            SignatureMethod::custom("X", |_| Ok(Signature::Bytes(vec![])))
                .with_body_hash_algorithm(BodyHashAlgorithm::Sha512),
            64,
        ),
    ]);
    for (method, expected) in rows {
        let signer = builder().method(method).body_hash(BodyHashPolicy::NotForms).build().unwrap();
        for found in [0, 19, 20, 21, 28, 32, 40, 64] {
            let bytes = vec![0xAB; found];
            match signer.sign(get("https://h/").body_digest(&bytes)) {
                Ok(signed) => {
                    assert_eq!(found, expected);
                    assert_eq!(value_of(&signed, "oauth_body_hash"), Some(STANDARD.encode(&bytes)));
                }
                Err(SignError::Request(error)) => {
                    assert_ne!(found, expected);
                    assert_eq!(error, RequestError::WrongDigest { expected, found });
                }
                Err(error) => panic!("{error:?}"),
            }
        }
    }
}
