//! Signature methods that are more than a name, and what a signer's settings do: keys that live elsewhere,
//! key files, clocks, body hashes, places.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
#[cfg(feature = "sha2")]
use oauth1_signer::signature::BodyHashAlgorithm;
use oauth1_signer::{
    BodyHashPolicy, BuildError, Callback, ClientCredentials, RequestRef, SignError, SignatureMethod, Signed,
    Signer, SignerBuilder, Stamp, StampError, TokenCredentials,
    request::RequestError,
    signature::{Signature, SignatureError},
    signature_base_string,
};
use proptest::prelude::*;
use sha1::{Digest, Sha1};

fn builder() -> SignerBuilder {
    Signer::builder(ClientCredentials::new("ck", "cs")).token(TokenCredentials::new("tk", "ts"))
}

fn stamp() -> Stamp {
    Stamp::new(1_700_000_000, "nonce").unwrap()
}

fn get(url: &str) -> RequestRef<'_> {
    RequestRef::new("GET", url).unwrap()
}

fn value_of(signed: &Signed<'_>, name: &str) -> Option<String> {
    signed.parameters().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

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

// RSA

#[cfg(feature = "rsa")]
mod rsa_keys {
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use oauth1_signer::signature::{KeyError, RsaPrivateKey, RsaPublicKey};
    use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
    use rsa::{Pkcs1v15Sign, PublicKey};

    use super::*;

    const PKCS8: &str = include_str!("../vectors/keys/rsa-a.pkcs8.pem");
    const PKCS1: &str = include_str!("../vectors/keys/rsa-a.pkcs1.pem");
    const PUBLIC: &str = include_str!("../vectors/keys/rsa-a.pub.pem");
    const WEAK: &str = include_str!("../keys/rsa-1024.pkcs8.pem");
    const EC: &str = include_str!("../keys/ec-p256.pkcs8.pem");
    const ENCRYPTED_PKCS8: &str = include_str!("../keys/rsa-2048.encrypted.pkcs8.pem");
    const ENCRYPTED_PKCS1: &str = include_str!("../keys/rsa-2048.encrypted.pkcs1.pem");

    fn der(pem: &str) -> Vec<u8> {
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        STANDARD.decode(base64).unwrap()
    }

    fn signer(method: SignatureMethod) -> Signer {
        Signer::builder(ClientCredentials::new("ck", "")).method(method).build().unwrap()
    }

    /// `DigestInfo` of RFC 8017 §9.2, as its note 1 prints them.
    fn digest_info(method: &str, text: &[u8]) -> Vec<u8> {
        let (prefix, digest): (&[u8], Vec<u8>) = match method {
            "RSA-SHA1" => {
                (b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14", Sha1::digest(text).to_vec())
            }
            "RSA-SHA256" => (
                b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
                sha2::Sha256::digest(text).to_vec(),
            ),
            _ => (
                b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
                sha2::Sha512::digest(text).to_vec(),
            ),
        };
        [prefix, &digest].concat()
    }

    type Constructor = fn(RsaPrivateKey) -> SignatureMethod;

    const METHODS: [(&str, Constructor); 3] = [
        ("RSA-SHA1", SignatureMethod::rsa_sha1),
        ("RSA-SHA256", SignatureMethod::rsa_sha256),
        ("RSA-SHA512", SignatureMethod::rsa_sha512),
    ];

    #[test]
    fn a_signature_is_what_the_public_key_verifies() {
        let public = PublicKey::from_public_key_pem(PUBLIC).unwrap();
        let key = RsaPrivateKey::from_pem(PKCS8).unwrap();
        for (name, method) in METHODS {
            let signer = signer(method(key.clone()));
            let prepared = signer.prepare_with(get("http://h/?a=1"), stamp()).unwrap();
            let info = digest_info(name, prepared.base_string().as_bytes());
            let signature = STANDARD.decode(prepared.sign().unwrap().signature()).unwrap();
            public.verify(Pkcs1v15Sign::new_unprefixed(), &info, &signature).unwrap();
            // PKCS #1 v1.5 has no salt, and the blinding leaves no trace.
            let again = signer.sign_with(get("http://h/?a=1"), stamp()).unwrap();
            assert_eq!(STANDARD.decode(again.signature()).unwrap(), signature);
            assert_eq!(value_of(&again, "oauth_signature_method").as_deref(), Some(name));
        }
    }

    /// A key service: it is asked, and answers later.
    struct Kms(rsa::PrivateKey);

    impl Kms {
        async fn sign(&self, method: &str, bytes: &[u8]) -> Result<Vec<u8>, String> {
            Later(false).await;
            let padding = Pkcs1v15Sign::new_unprefixed();
            self.0.sign(padding, &digest_info(method, bytes)).map_err(|error| error.to_string())
        }
    }

    struct Later(bool);

    impl Future for Later {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
            if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
        }
    }

    /// Polls until it is done; says how often.
    fn block_on<F: Future + Send>(future: F) -> (F::Output, usize) {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        for polls in 1.. {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return (output, polls);
            }
        }
        unreachable!("it ends")
    }

    #[test]
    fn a_key_that_lives_elsewhere_signs_the_same() {
        type BoxError = Box<dyn Error + Send + Sync>;

        async fn authorization(
            signer: &Signer,
            kms: &Kms,
            name: &str,
        ) -> Result<http::HeaderValue, BoxError> {
            let request = http::Request::post("https://h/?a=1").body(String::from("{}"))?;
            let prepared = signer.prepare_with(&request, stamp())?;
            drop(request);
            let signature = kms.sign(name, prepared.base_string().as_bytes()).await?;
            Ok(prepared.finish(signature).to_header())
        }
        let kms = Kms(rsa::PrivateKey::from_pkcs8_pem(PKCS8).unwrap());
        let key = RsaPrivateKey::from_pem(PKCS8).unwrap();
        for (name, method) in METHODS {
            let elsewhere = signer(SignatureMethod::external(name));
            // `Prepared` is held across an `.await`, and the future is `Send` all the same.
            let (header, polls) = block_on(authorization(&elsewhere, &kms, name));
            assert_eq!(polls, 2, "the service answered later");
            let here = signer(method(key.clone()));
            let request = http::Request::post("https://h/?a=1").body(String::from("{}")).unwrap();
            assert_eq!(header.unwrap(), here.sign_with(&request, stamp()).unwrap().to_header());
        }
    }

    #[test]
    fn every_form_of_a_key_is_the_same_key() {
        let signature = |key: Result<RsaPrivateKey, KeyError>| {
            let key = key.unwrap();
            assert_eq!(key.bits(), 2048);
            signer(SignatureMethod::rsa_sha1(key)).sign_bytes(b"text").unwrap()
        };
        let expected = signature(RsaPrivateKey::from_pem(PKCS8));
        for key in [
            RsaPrivateKey::from_pem(PKCS1),
            RsaPrivateKey::from_der(&der(PKCS8)),
            RsaPrivateKey::from_der(&der(PKCS1)),
            // As editors, Windows and environment variables leave it.
            RsaPrivateKey::from_pem(&PKCS8.replace('\n', "\r\n")),
            RsaPrivateKey::from_pem(PKCS8.trim_end()),
            RsaPrivateKey::from_pem(&format!("\n  {PKCS8}\n\n")),
            RsaPrivateKey::from_pem_with_min_bits(PKCS8, 2048),
            RsaPrivateKey::from_der_with_min_bits(&der(PKCS1), 0),
        ] {
            assert_eq!(signature(key), expected);
        }
        let other = signature(RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-b.pkcs8.pem")));
        assert_ne!(other, expected);
    }

    /// As `openssl pkcs12 -nodes` writes it: attributes in front, certificates around.
    #[test]
    fn other_blocks_and_text_may_stand_around_a_key() {
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let plain = RsaPrivateKey::from_pem(PKCS8).unwrap();
        for pem in [
            format!("Bag Attributes\n    friendlyName: key\nKey Attributes: <No Attributes>\n{PKCS8}"),
            format!("\u{feff}{PKCS8}"),
            format!("{certificate}{PKCS8}{certificate}"),
            format!("  \n{PKCS8}\nand so on"),
        ] {
            let key = RsaPrivateKey::from_pem(&pem).unwrap();
            let sign = |key: &RsaPrivateKey| {
                let method = SignatureMethod::rsa_sha256(key.clone());
                builder().method(method).build().unwrap().sign_bytes(b"text").unwrap()
            };
            assert_eq!(sign(&key), sign(&plain));
        }
        assert_eq!(RsaPrivateKey::from_pem(certificate).unwrap_err(), KeyError::Certificate);
    }

    #[test]
    fn what_is_no_key_to_sign_with() {
        use KeyError::{
            Certificate, Encrypted, InvalidDer, InvalidPem, OpenSsh, OtherAlgorithm, Path, Pkcs12, PublicKey,
            WeakKey,
        };

        let certificate = include_str!("../keys/rsa.certificate.pem");
        let p12: &[u8] = include_bytes!("../keys/rsa.p12");
        let openssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\n-----END OPENSSH PRIVATE KEY-----\n";
        let sec1 = "-----BEGIN EC PRIVATE KEY-----\nMIIB\n-----END EC PRIVATE KEY-----\n";
        let cut = &PKCS8[..PKCS8.len() / 2];
        let mislabelled = PKCS8.replace("PRIVATE", "RSA PRIVATE");
        let with_another_end = PKCS8.replace("END PRIVATE", "END PUBLIC");
        let damaged = PKCS8.replacen("MII", "MI!", 1);
        for (what, pem, expected) in [
            ("1024 bits", WEAK, WeakKey { bits: 1024, minimum: 2048 }),
            ("an EC key", EC, OtherAlgorithm),
            ("an EC key in a form of its own", sec1, OtherAlgorithm),
            ("a public key", PUBLIC, PublicKey),
            ("a certificate", certificate, Certificate),
            ("an OpenSSH key", openssh, OpenSsh),
            ("PKCS#8 under a password", ENCRYPTED_PKCS8, Encrypted),
            ("PKCS#1 under a password", ENCRYPTED_PKCS1, Encrypted),
            ("half a file", cut, InvalidPem),
            ("PKCS#8 that says PKCS#1", &mislabelled, InvalidPem),
            ("two labels", &with_another_end, InvalidPem),
            ("no base64", &damaged, InvalidPem),
            ("base64 alone", PKCS8.lines().nth(1).unwrap(), InvalidPem),
            ("nothing", "", InvalidPem),
            ("the name of a file", "key.pem", Path),
            ("the path of a file", "/etc/keys/client\n", Path),
            ("the path of a file on Windows", r"C:\keys\client", Path),
        ] {
            assert_eq!(RsaPrivateKey::from_pem(pem).unwrap_err(), expected, "{what}");
        }
        for (what, der, expected) in [
            ("1024 bits", der(WEAK), WeakKey { bits: 1024, minimum: 2048 }),
            ("a public key", der(PUBLIC), PublicKey),
            ("a certificate", der(certificate), Certificate),
            ("PKCS#12", p12.to_vec(), Pkcs12),
            ("a path", b"/etc/key.der".to_vec(), Path),
            ("nothing", Vec::new(), InvalidDer),
            ("half a key", der(PKCS8)[..600].to_vec(), InvalidDer),
            ("PEM", PKCS8.as_bytes().to_vec(), InvalidDer),
        ] {
            assert_eq!(RsaPrivateKey::from_der(&der).unwrap_err(), expected, "{what}");
        }
    }

    #[test]
    fn what_is_no_key_to_verify_with() {
        let read = |pem| RsaPublicKey::from_pem(pem).unwrap_err();
        assert_eq!(read(PKCS8), KeyError::PrivateKey);
        assert_eq!(read(include_str!("../keys/rsa.certificate.pem")), KeyError::Certificate);
        assert_eq!(read("./client.pub"), KeyError::Path);
        assert_eq!(read("hunter2"), KeyError::InvalidPem);
    }

    /// In bytes as in text: what it is told apart from, the caller can put right.
    #[test]
    fn bytes_that_are_another_kind_of_key() {
        assert_eq!(RsaPrivateKey::from_der(&der(EC)).unwrap_err(), KeyError::OtherAlgorithm);
        assert_eq!(RsaPrivateKey::from_der(&der(ENCRYPTED_PKCS8)).unwrap_err(), KeyError::Encrypted);
    }

    #[test]
    fn a_short_key_signs_where_it_is_asked_for() {
        for key in [
            RsaPrivateKey::from_pem_with_min_bits(WEAK, 1024),
            RsaPrivateKey::from_der_with_min_bits(&der(WEAK), 1),
        ] {
            let key = key.unwrap();
            assert_eq!(key.bits(), 1024);
            let signature = signer(SignatureMethod::rsa_sha512(key)).sign_bytes(b"text").unwrap();
            assert_eq!(STANDARD.decode(signature).unwrap().len(), 128);
        }
        assert_eq!(
            RsaPrivateKey::from_pem_with_min_bits(WEAK, 1025).unwrap_err(),
            KeyError::WeakKey { bits: 1024, minimum: 1025 }
        );
        assert_eq!(
            RsaPrivateKey::from_pem_with_min_bits(PKCS8, 3072).unwrap_err(),
            KeyError::WeakKey { bits: 2048, minimum: 3072 }
        );
    }

    /// The secrets play no part: PEM in one of them is odd, but not sent and not signed with.
    #[test]
    fn secrets_play_no_part_in_rsa() {
        let key = RsaPrivateKey::from_pem(PKCS8).unwrap();
        let signature = |client: &str, token: &str| {
            let signer = Signer::builder(ClientCredentials::new("ck", client))
                .token(TokenCredentials::new("tk", token))
                .method(SignatureMethod::rsa_sha256(key.clone()))
                .build()
                .unwrap();
            signer.sign_with(get("http://h/"), stamp()).unwrap().signature()
        };
        assert_eq!(signature("", ""), signature("cs", PKCS8));
    }

    /// Each method has a body hash of its own kind, whatever is asked for.
    #[test]
    fn the_body_hash_follows_the_method() {
        let key = RsaPrivateKey::from_pem(PKCS8).unwrap();
        for ((_, method), bytes) in METHODS.into_iter().zip([20, 32, 64]) {
            let method = method(key.clone()).with_body_hash_algorithm(BodyHashAlgorithm::Sha256);
            let builder = Signer::builder(ClientCredentials::new("ck", "")).method(method);
            let signer = builder.body_hash(BodyHashPolicy::Always).build().unwrap();
            let hash = value_of(&signer.sign(get("http://h/")).unwrap(), "oauth_body_hash").unwrap();
            assert_eq!(STANDARD.decode(hash).unwrap().len(), bytes);
        }
    }
}

// Clocks and random sources

#[test]
fn clock_and_random_source_are_what_is_sent() {
    let signer = builder().clock(|| Ok(1_234_567_890)).random(|| Ok([7; 16])).build().unwrap();
    let (one, other) = (signer.sign(get("http://h/")).unwrap(), signer.sign(get("http://h/")).unwrap());
    assert_eq!(value_of(&one, "oauth_timestamp").as_deref(), Some("1234567890"));
    assert_eq!(one.to_header(), other.to_header());
    let elsewhere = builder().clock(|| Ok(1_234_567_890)).random(|| Ok([8; 16])).build().unwrap();
    assert_ne!(
        value_of(&elsewhere.sign(get("http://h/")).unwrap(), "oauth_nonce"),
        value_of(&one, "oauth_nonce")
    );
    // Every way to sign asks them.
    let prepared = signer.prepare(get("http://h/")).unwrap().sign().unwrap();
    assert_eq!(prepared.to_header(), one.to_header());
    assert_eq!(signer.explain(get("http://h/")).unwrap().0.to_header(), one.to_header());
}

#[test]
fn a_clock_that_fails_and_a_source_that_fails() {
    let clock = builder().clock(|| Err("stopped".into())).build().unwrap();
    let random = builder().random(|| Err("empty".into())).build().unwrap();
    for (signer, is_clock, source) in [(clock, true, "stopped"), (random, false, "empty")] {
        for error in [
            signer.sign(get("http://h/")).unwrap_err(),
            signer.prepare(get("http://h/")).unwrap_err(),
            signer.explain(get("http://h/")).unwrap_err(),
        ] {
            match &error {
                SignError::Stamp(StampError::Clock(_)) => assert!(is_clock),
                SignError::Stamp(StampError::Rng(_)) => assert!(!is_clock),
                _ => panic!("{error:?}"),
            }
            assert_eq!(error.source().unwrap().to_string(), source);
        }
        // A stamp that is given needs neither.
        assert!(signer.sign_with(get("http://h/"), stamp()).is_ok());
    }
}

#[test]
fn the_offset_is_added_to_the_clock() {
    let timestamp = |clock: u64, offset: i64| {
        let signer = builder().clock(move || Ok(clock)).clock_offset(offset).build().unwrap();
        match signer.sign(get("http://h/")) {
            Ok(signed) => value_of(&signed, "oauth_timestamp"),
            Err(SignError::Stamp(StampError::ClockBeforeEpoch)) if offset <= 0 => None,
            // Beyond what a timestamp can be.
            Err(SignError::Stamp(StampError::InvalidTimestamp)) if offset > 0 => None,
            Err(error) => panic!("{error:?}"),
        }
    };
    for (clock, offset, expected) in [
        (1_000, 0, Some("1000")),
        (1_000, 300, Some("1300")),
        (1_000, -300, Some("700")),
        (1_000, -999, Some("1")),
        (1_000, -1_000, None),
        (1_000, -1_001, None),
        (0, 0, None),
        (0, 1, Some("1")),
        (1_000, i64::MIN, None),
        (1_000, i64::MAX, Some("9223372036854776807")),
        (u64::MAX, 0, Some("18446744073709551615")),
        (u64::MAX, -1, Some("18446744073709551614")),
        (u64::MAX, i64::MIN, Some("9223372036854775807")),
        // Beyond what there is, there is no time: an error, no wrapping around.
        (u64::MAX, 1, None),
        (u64::MAX, i64::MAX, None),
    ] {
        assert_eq!(timestamp(clock, offset).as_deref(), expected, "{clock} {offset}");
    }
}

#[test]
fn plaintext_without_stamp_asks_nobody_for_one() {
    let asked = Arc::new(AtomicUsize::new(0));
    let (clock, random) = (Arc::clone(&asked), Arc::clone(&asked));
    let builder = builder()
        .clock(move || {
            clock.fetch_add(1, Ordering::Relaxed);
            Err("stopped".into())
        })
        .random(move || {
            random.fetch_add(1, Ordering::Relaxed);
            Err("empty".into())
        });
    let signer = builder.clone().method(SignatureMethod::plaintext_without_stamp()).build().unwrap();
    let expected = "OAuth oauth_consumer_key=\"ck\", oauth_token=\"tk\", oauth_signature_method=\"PLAINTEXT\", \
        oauth_version=\"1.0\", oauth_signature=\"cs%26ts\"";
    assert_eq!(signer.sign(get("https://h/")).unwrap().to_header(), expected);
    assert_eq!(signer.prepare(get("https://h/")).unwrap().sign().unwrap().to_header(), expected);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    // With a stamp it does ask.
    let stamped = builder.method(SignatureMethod::plaintext()).build().unwrap();
    assert!(matches!(stamped.sign(get("https://h/")), Err(SignError::Stamp(StampError::Clock(_)))));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

/// A stamp that is given to a method without one is not sent: neither in the base string nor elsewhere.
#[test]
fn plaintext_without_stamp_sends_none_that_is_given() {
    let signer = builder().method(SignatureMethod::plaintext_without_stamp()).build().unwrap();
    let expected = signer.sign(get("https://h/")).unwrap().parameters();
    assert_eq!(signer.sign_with(get("https://h/"), stamp()).unwrap().parameters(), expected);
    let prepared = signer.prepare_with(get("https://h/"), stamp()).unwrap();
    assert!(!prepared.base_string().contains("oauth_nonce"));
    assert_eq!(prepared.sign().unwrap().parameters(), expected);
}

#[test]
fn plaintext_goes_over_tls_or_stays_here() {
    let signer = builder().method(SignatureMethod::plaintext()).build().unwrap();
    for url in ["https://h/", "http://localhost:8080/", "http://127.0.0.1/", "http://[::1]:80/"] {
        assert_eq!(signer.sign(get(url)).unwrap().signature(), "cs&ts", "{url}");
    }
    for url in
        ["http://h/", "http://localhost.h/", "http://localhost@h/", "http://10.0.0.1/", "http://127.0.0.1.h/"]
    {
        for error in [signer.sign(get(url)).map(drop), signer.prepare(get(url)).map(drop)] {
            assert!(matches!(error, Err(SignError::InsecurePlaintext)), "{url}");
        }
    }
    let allowed = signer.to_builder().allow_plaintext_over_http(true).build().unwrap();
    assert_eq!(allowed.sign(get("http://h/")).unwrap().signature(), "cs&ts");
    assert!(allowed.to_builder().build().unwrap().sign(get("http://h/")).is_ok());
    let another_order = builder().allow_plaintext_over_http(true).method(SignatureMethod::plaintext());
    assert!(another_order.build().unwrap().sign(get("http://h/")).is_ok());
    // Only PLAINTEXT sends the secrets.
    assert!(builder().build().unwrap().sign(get("http://h/")).is_ok());
}

// Body hashes

const EMPTY: &str = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
const HELLO: &str = "Lve95gjOVATpfV8EL5X4nxwjKHE=";
const FORM: &str = "application/x-www-form-urlencoded";
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

// Tokens and settings

#[test]
fn a_token_has_three_states() {
    let token = |builder: SignerBuilder| {
        let signer = builder.build().unwrap();
        let signed = signer.sign(get("http://h/")).unwrap();
        let prepared = signer.prepare(get("http://h/")).unwrap();
        let value = value_of(&signed, "oauth_token");
        assert_eq!(prepared.base_string().contains("oauth_token%3D"), value.is_some());
        assert_eq!(signed.to_header().to_str().unwrap().contains("oauth_token=\""), value.is_some());
        value
    };
    let none = || Signer::builder(ClientCredentials::new("ck", "cs"));
    let empty = || none().token(TokenCredentials::new("", ""));
    assert_eq!(token(none()), None);
    assert_eq!(token(empty()), None);
    assert_eq!(token(none().send_empty_token(true)), Some(String::new()));
    assert_eq!(token(empty().send_empty_token(true)), Some(String::new()));
    assert_eq!(token(builder()), Some("tk".into()));
    assert_eq!(token(builder().send_empty_token(true)), Some("tk".into()));
    assert_eq!(token(builder().token(None)), None);
    assert_eq!(token(builder().token(None).send_empty_token(true)), Some(String::new()));
    // Two-legged: the key ends with `&` all the same.
    let plaintext = none().method(SignatureMethod::plaintext()).build().unwrap();
    assert_eq!(plaintext.sign(get("https://h/")).unwrap().signature(), "cs&");
}

#[test]
fn parameters_of_the_callers_own() {
    for name in [
        "oauth_consumer_key",
        "oauth_token",
        "oauth_signature_method",
        "oauth_version",
        "oauth_timestamp",
        "oauth_nonce",
        "oauth_signature",
        "realm",
        "REALM",
    ] {
        let error = builder().parameter(name, "x").build().unwrap_err();
        assert_eq!(error, BuildError::DuplicateParameter(name.into()));
    }
    assert_eq!(builder().parameter("", "x").build().unwrap_err(), BuildError::EmptyParameterName);
    let twice = builder().parameter("a", "1").parameter("a", "1");
    assert_eq!(twice.build().unwrap_err(), BuildError::DuplicateParameter("a".into()));
    let callback = builder().callback("oob").parameter("oauth_callback", "oob");
    assert_eq!(callback.build().unwrap_err(), BuildError::DuplicateParameter("oauth_callback".into()));
    // A name that is not sent otherwise is free.
    let version = builder().version(false).parameter("oauth_version", "1.0a").build().unwrap();
    assert_eq!(value_of(&version.sign(get("http://h/")).unwrap(), "oauth_version").as_deref(), Some("1.0a"));
    let hash = builder().parameter("oauth_body_hash", "x").build().unwrap();
    assert_eq!(value_of(&hash.sign(get("http://h/")).unwrap(), "oauth_body_hash").as_deref(), Some("x"));
    // Wherever its name sorts, it is signed once: before, among, and behind the others.
    let signer =
        builder().parameter("zz", "é").parameter("!a", "1").parameter("oauth_o", "+").build().unwrap();
    let prepared = signer.prepare_with(get("http://h/?b=1&oauth_p&%7E"), stamp()).unwrap();
    assert_eq!(
        prepared.base_string(),
        "GET&http%3A%2F%2Fh%2F&%2521a%3D1%26b%3D1%26oauth_consumer_key%3Dck%26oauth_nonce%3Dnonce\
         %26oauth_o%3D%252B%26oauth_p%3D%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000000\
         %26oauth_token%3Dtk%26oauth_version%3D1.0%26zz%3D%25C3%25A9%26~%3D"
    );
}

/// Every setting there is, each on its own.
fn settings() -> Vec<fn(SignerBuilder) -> SignerBuilder> {
    vec![
        |builder| builder.token(TokenCredentials::new("other token", "other secret")),
        |builder| builder.send_empty_token(true),
        |builder| {
            builder.method(SignatureMethod::custom("X", |base_string| {
                Ok(Sha1::digest(base_string).to_vec().into())
            }))
        },
        |builder| builder.version(false),
        |builder| builder.callback("https://h/callback?a=b"),
        |builder| builder.verifier("verifier"),
        |builder| builder.parameter("oauth_session_handle", "s h"),
        |builder| builder.realm("realm"),
        |builder| builder.body_hash(BodyHashPolicy::Always),
        |builder| builder.allow_plaintext_over_http(true),
        |builder| builder.clock(|| Ok(1_000_000)),
        |builder| builder.clock_offset(-1_000),
        |builder| builder.random(|| Ok(*b"0123456789abcdef")),
    ]
}

/// All that can be seen of a signer whose clock and random source are set.
fn seen(signer: &Signer) -> Vec<String> {
    let signed = signer.sign(get("http://h/?a=1")).unwrap();
    let prepared = signer.prepare(get("http://h/?a=1")).unwrap();
    let header = signed.to_header().to_str().unwrap().to_owned();
    let explanation = prepared.explanation().to_string();
    vec![header, explanation, signed.to_form(), format!("{signer:?}")]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_settings_does_not_matter(shuffled in Just(settings()).prop_shuffle()) {
        let make = |settings: Vec<fn(SignerBuilder) -> SignerBuilder>| {
            let builder = settings.into_iter().fold(builder(), |builder, set| set(builder));
            builder.build().unwrap()
        };
        prop_assert_eq!(seen(&make(shuffled)), seen(&make(settings())));
    }

    /// Each subset of settings survives, and what is changed afterwards is all that changes.
    #[test]
    fn to_builder_keeps_everything(chosen in prop::sample::subsequence(settings(), 0..=settings().len())) {
        let fixed = builder().clock(|| Ok(1_000_000)).random(|| Ok([1; 16]));
        let signer = chosen.into_iter().fold(fixed, |builder, set| set(builder)).build().unwrap();
        let again = signer.to_builder().build().unwrap();
        prop_assert_eq!(seen(&again), seen(&signer));
        let changed = signer.to_builder().realm("another").build().unwrap();
        let back = changed.sign(get("http://h/?a=1")).unwrap();
        prop_assert_eq!(back.parameters(), signer.sign(get("http://h/?a=1")).unwrap().parameters());
        prop_assert!(back.to_header().to_str().unwrap().starts_with("OAuth realm=\"another\", "));
    }

    /// Header, query and form carry the same parameters; what arrives in query or form gives the base
    /// string that was signed.
    #[test]
    fn every_place_carries_the_same(
        query in prop::option::of("[a-z%=&+;0-9]{0,24}"),
        form in "[a-z%=&+;0-9]{0,24}",
        fragment in prop::option::of("[a-z?&=]{0,6}"),
        nonce in "[ -~\u{e9}]{1,16}",
        extra in "[ -~\u{e9}]{0,16}",
    ) {
        let signer = builder().parameter("extra parameter", extra).callback("oob").build().unwrap();
        let stamp = || Stamp::new(1_700_000_000, &nonce).unwrap();
        let url = ["http://h/p", &query.map_or(String::new(), |query| format!("?{query}"))].concat();
        let whole = [&*url, &fragment.map_or(String::new(), |fragment| format!("#{fragment}"))].concat();

        let request = get(&whole);
        let signed = signer.sign_with(request, stamp()).unwrap();
        let parameters = sorted(signed.parameters());
        prop_assert_eq!(sorted(pairs_of_header(signed.to_header().to_str().unwrap())), &*parameters);

        let base_string = signer.prepare_with(request, stamp()).unwrap().base_string().to_owned();
        let sent = signed.append_to_url(&whole);
        prop_assert!(sent.starts_with(&url), "what was there stays");
        prop_assert_eq!(sent.split_once('#').map(|(_, f)| f), whole.split_once('#').map(|(_, f)| f));
        prop_assert_eq!(signature_base_string(&get(&sent)).unwrap(), base_string);
        let behind = &sent[url.len()..sent.find('#').unwrap_or(sent.len())];
        prop_assert_eq!(sorted(pairs_of(behind.trim_start_matches(['?', '&']))), &*parameters);

        let request = RequestRef::new("POST", &whole).unwrap().content_type(FORM).body(form.as_bytes());
        let signed = signer.sign_with(request, stamp()).unwrap();
        let base_string = signer.prepare_with(request, stamp()).unwrap().base_string().to_owned();
        let body = signed.append_to_form(form.as_bytes());
        prop_assert!(body.starts_with(form.as_bytes()), "what was there stays");
        let sent = RequestRef::new("POST", &whole).unwrap().content_type(FORM).body(&body);
        prop_assert_eq!(signature_base_string(&sent).unwrap(), base_string);
    }
}

#[test]
fn parameters_behind_a_url() {
    let signer = builder().method(SignatureMethod::plaintext_without_stamp()).version(false).build().unwrap();
    let signed = signer.sign(get("https://h/")).unwrap();
    let own = "oauth_consumer_key=ck&oauth_signature_method=PLAINTEXT&oauth_token=tk&oauth_signature=cs%26ts";
    assert_eq!(signed.to_form(), own);
    for (url, expected) in [
        ("https://h", "https://h?*"),
        ("https://h/", "https://h/?*"),
        ("https://h/?", "https://h/?*"),
        ("https://h/?a", "https://h/?a&*"),
        ("https://h/?a&", "https://h/?a&*"),
        ("https://h/?a=1&b=%20+", "https://h/?a=1&b=%20+&*"),
        ("https://h/?a?b", "https://h/?a?b&*"),
        ("https://h/#f", "https://h/?*#f"),
        ("https://h/?#f", "https://h/?*#f"),
        ("https://h/?a#f?g#h", "https://h/?a&*#f?g#h"),
        ("https://h/#", "https://h/?*#"),
        ("https://h#f?g", "https://h?*#f?g"),
    ] {
        assert_eq!(signed.append_to_url(url), expected.replace('*', own), "{url}");
    }
    for (form, expected) in [("", "*"), ("a=1", "a=1&*"), ("a=1&", "a=1&*"), ("a", "a&*")] {
        assert_eq!(signed.append_to_form(form.as_bytes()), expected.replace('*', own).into_bytes(), "{form}");
    }
    // No text at all, yet kept to the byte.
    assert_eq!(signed.append_to_form(b"a=\xFF"), [b"a=\xFF&", own.as_bytes()].concat());
}

#[test]
fn callbacks() {
    for (callback, expected) in [
        (Callback::OutOfBand, "oob"),
        (Callback::from("oob"), "oob"),
        (Callback::Uri("https://h/?a=b&c".into()), "https://h/?a=b&c"),
        (Callback::from("https://h/?a=b&c"), "https://h/?a=b&c"),
    ] {
        let signer = builder().callback(callback).build().unwrap();
        let signed = signer.sign(get("http://h/")).unwrap();
        assert_eq!(value_of(&signed, "oauth_callback").as_deref(), Some(expected));
    }
    assert_eq!(Callback::from("oob"), Callback::OutOfBand);
}

fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}

/// `name=value&…`, percent-decoded.
fn pairs_of(text: &str) -> Vec<(String, String)> {
    text.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(n, v)| (decoded(n), decoded(v))).collect()
}

/// `OAuth name="value", …`, percent-decoded, of a header without a realm.
fn pairs_of_header(header: &str) -> Vec<(String, String)> {
    let pairs = header.strip_prefix("OAuth ").unwrap().split(", ");
    pairs
        .map(|pair| pair.split_once("=\"").unwrap())
        .map(|(n, v)| (decoded(n), decoded(v.strip_suffix('"').unwrap())))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

/// Every collection of texts gives the parameters that a form of the same bytes gives.
#[test]
fn parameters_come_from_any_collection_of_texts() {
    use std::borrow::Cow;
    use std::collections::{BTreeMap, HashMap};

    use oauth1_signer::request::{Form, PairsRef};

    let pairs = [("name", "tea & cake"), ("n%", "a+b")];
    let owned: Vec<(String, String)> = pairs.map(|(name, value)| (name.into(), value.into())).into();
    let mixed = pairs.map(|(name, value)| (name, Cow::Borrowed(value)));
    let (hashed, sorted) = (HashMap::from(pairs), owned.iter().cloned().collect::<BTreeMap<_, _>>());
    let form: Form = pairs.into_iter().collect();
    let request = RequestRef::new("POST", "https://h/").unwrap();
    let base_string = |request: RequestRef<'_>| oauth1_signer::signature_base_string(&request).unwrap();
    let expected = "POST&https%3A%2F%2Fh%2F&n%2525%3Da%252Bb%26name%3Dtea%2520%2526%2520cake";
    let ways: [(&str, PairsRef<'_>); 7] = [
        ("an array", (&pairs).into()),
        ("a slice", pairs.as_slice().into()),
        ("a vector of strings", (&owned).into()),
        ("cows", (&mixed).into()),
        ("a hash map", (&hashed).into()),
        ("a sorted map", (&sorted).into()),
        ("a form", (&form).into()),
    ];
    for (what, pairs) in ways {
        assert_eq!(base_string(request.form(pairs)), expected, "form: {what}");
        assert_eq!(base_string(request.query(pairs)), expected, "query: {what}");
    }
    let sent = request.content_type("application/x-www-form-urlencoded").body(form.as_str().as_bytes());
    assert_eq!(base_string(sent), expected);
}

#[cfg(feature = "serde")]
#[test]
fn a_form_is_serialised() {
    use oauth1_signer::request::{Form, RequestError};

    let value = serde_json::json!({ "a": [1, 2], "b": "x y+z" });
    let form = Form::from_serialize(&value).unwrap();
    assert_eq!(form.as_str(), "a=1&a=2&b=x+y%2Bz");
    let request = RequestRef::new("POST", "https://h/").unwrap().form(&form);
    let base_string = oauth1_signer::signature_base_string(&request).unwrap();
    assert_eq!(base_string, "POST&https%3A%2F%2Fh%2F&a%3D1%26a%3D2%26b%3Dx%2520y%252Bz");
    let nested = Form::from_serialize(&serde_json::json!({ "a": { "b": 1 } }));
    assert_eq!(nested.unwrap_err(), RequestError::UnserializableForm);
}
