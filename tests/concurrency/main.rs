//! One signer for all threads, and no nonce twice.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

use std::thread;

#[cfg(feature = "rsa")]
use oauth1_signer::signature::{KeyError, RsaPrivateKey};
use oauth1_signer::{
    BodyHashPolicy, BuildError, Callback, ClientCredentials, Prepared, RequestRef, SignError,
    SignatureMethod, Signed, Signer, SignerBuilder, Stamp, StampError, TokenCredentials,
    explain::{Difference, Explanation, Hint, SignedParameter},
    request::{ParameterSource, RequestError, UrlError, UrlRef},
    signature::{BodyHashAlgorithm, Signature, SignatureError},
};

/// Everything public may be held across an `.await` and shared between threads.
#[test]
fn every_public_type_is_send_and_sync() {
    fn check<T: Send + Sync>() {}
    check::<BodyHashAlgorithm>();
    check::<BodyHashPolicy>();
    check::<RequestError>();
    check::<BuildError>();
    check::<Callback>();
    check::<ClientCredentials>();
    check::<Difference>();
    check::<Explanation>();
    check::<Hint>();
    check::<Prepared<'static>>();
    check::<RequestRef<'static>>();
    check::<SignError>();
    check::<Signature>();
    check::<SignatureError>();
    check::<SignatureMethod>();
    check::<Signed<'static>>();
    check::<SignedParameter>();
    check::<Signer>();
    check::<SignerBuilder>();
    check::<ParameterSource>();
    check::<Stamp>();
    check::<StampError>();
    check::<TokenCredentials>();
    check::<UrlError>();
    check::<UrlRef<'static>>();
    #[cfg(feature = "rsa")]
    check::<KeyError>();
    #[cfg(feature = "rsa")]
    check::<RsaPrivateKey>();
}

/// So may those of the three legs and of the other side.
#[test]
fn every_public_type_of_the_modules_is_send_and_sync() {
    use oauth1_signer::{flow, provider, verify};
    fn check<T: Send + Sync>() {}
    check::<flow::Flow>();
    check::<flow::Approval>();
    check::<flow::CredentialsResponse<TokenCredentials>>();
    check::<flow::CredentialsRequest<TokenCredentials>>();
    check::<flow::Endpoints>();
    check::<provider::Decision>();
    check::<provider::Grant>();
    check::<provider::IssuedCredentials>();
    check::<provider::Issuer<provider::MemoryStore>>();
    check::<provider::Pending>();
    check::<verify::Claim<'static>>();
    check::<verify::ClientRecord>();
    check::<verify::MemoryNonceLog>();
    check::<verify::Nonce<'static>>();
    check::<verify::Policy>();
    check::<verify::Proof<'static>>();
    check::<verify::IncomingRequest<'static>>();
    check::<verify::Rejection>();
    check::<verify::TokenRecord>();
    check::<verify::VerifiedRequest>();
    #[cfg(feature = "tower")]
    check::<oauth1_signer::tower::VerifyingLayer<verify::MemoryNonceLog>>();
}

/// Errors go where `?` and the usual boxes take them.
#[test]
fn every_error_can_be_boxed() {
    fn check<T: std::error::Error + Send + Sync + 'static>() {}
    check::<RequestError>();
    check::<BuildError>();
    check::<SignError>();
    check::<SignatureError>();
    check::<StampError>();
    check::<UrlError>();
    check::<oauth1_signer::verify::ParameterError>();
    check::<oauth1_signer::verify::UnknownSignatureMethod>();
    check::<oauth1_signer::verify::ClientRecordError>();
    check::<oauth1_signer::verify::RejectionReason>();
    check::<oauth1_signer::verify::Rejection>();
    #[cfg(feature = "rsa")]
    check::<KeyError>();
}

fn signer() -> Signer {
    Signer::builder(ClientCredentials::new("ck", "cs"))
        .token(TokenCredentials::new("tk", "ts"))
        .build()
        .unwrap()
}

/// `oauth_nonce` as it stands in the header.
fn nonce_of(signed: &Signed<'_>) -> String {
    let header = signed.to_header();
    let (_, rest) = header.to_str().unwrap().split_once("oauth_nonce=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// 128 bits of a nonce: enough to tell two million apart, in a fraction of the room.
fn fingerprint(nonce: &str) -> u128 {
    nonce
        .bytes()
        .fold(0, |sum: u128, byte| sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(byte.into()))
}

#[test]
fn no_nonce_comes_twice() {
    const THREADS: usize = 8;
    const EACH: usize = if cfg!(debug_assertions) { 10_000 } else { 250_000 };
    let signer = signer();
    let request = http::Request::get("https://h/?a=1").body(()).unwrap();
    let mut fingerprints = Vec::with_capacity(THREADS * EACH);
    thread::scope(|scope| {
        let draw =
            || (0..EACH).map(|_| fingerprint(&nonce_of(&signer.sign(&request).unwrap()))).collect::<Vec<_>>();
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(draw)).collect();
        for thread in threads {
            fingerprints.extend(thread.join().unwrap());
        }
    });
    assert_eq!(fingerprints.len(), THREADS * EACH);
    fingerprints.sort_unstable();
    let twice = fingerprints.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert_eq!(twice, 0);
}

/// A thread of its own for each request, as some servers have it: each seeds a generator of its own.
#[test]
fn no_nonce_comes_twice_from_short_lived_threads() {
    let signer = signer();
    let mut fingerprints: Vec<u128> = (0..500)
        .map(|_| {
            let signer = signer.clone();
            let draw = move || {
                let request = RequestRef::new("GET", "https://h/").unwrap();
                fingerprint(&nonce_of(&signer.sign(request).unwrap()))
            };
            thread::spawn(draw).join().unwrap()
        })
        .collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 500);
}

/// Common servers take from 20 to 30 letters and digits (oauthlib's default), and nothing else.
#[test]
fn nonces_are_what_common_servers_take() {
    let signer = signer();
    for _ in 0..1_000 {
        let signed = signer.sign(RequestRef::new("GET", "https://h/").unwrap()).unwrap();
        let nonce = nonce_of(&signed);
        assert!((20..=30).contains(&nonce.len()), "{nonce}");
        assert!(nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{nonce}");
        assert!(signed.parameters().contains(&("oauth_nonce".to_owned(), nonce)));
    }
}

/// Each of the 128 bits that a source gives is in the nonce: none is shared by two sets of bits.
#[test]
fn each_random_bit_counts() {
    let nonce_from = |bytes: [u8; 16]| {
        let builder = Signer::builder(ClientCredentials::new("ck", "cs")).random(move || Ok(bytes));
        let signer = builder.build().unwrap();
        nonce_of(&signer.sign(RequestRef::new("GET", "https://h/").unwrap()).unwrap())
    };
    for base in [[0; 16], [0xFF; 16], *b"0123456789abcdef"] {
        let mut nonces = vec![nonce_from(base)];
        for bit in 0..128 {
            let mut bytes = base;
            bytes[bit / 8] ^= 1 << (bit % 8);
            nonces.push(nonce_from(bytes));
        }
        nonces.sort_unstable();
        nonces.dedup();
        assert_eq!(nonces.len(), 129);
    }
}

/// The operating system's bytes are all there: what the places of a nonce take on makes 128 bits.
#[test]
fn nonces_have_128_bits() {
    let signer = signer();
    let draw = || nonce_of(&signer.sign(RequestRef::new("GET", "https://h/").unwrap()).unwrap());
    let nonces: Vec<_> = (0..2_000).map(|_| draw()).collect();
    let bits: f64 = (0..nonces[0].len())
        .map(|place| {
            let seen: std::collections::HashSet<_> =
                nonces.iter().map(|nonce| nonce.as_bytes()[place]).collect();
            f64::from(u8::try_from(seen.len()).unwrap()).log2()
        })
        .sum();
    // That one of 32 values fails to turn up in 2,000 draws has a chance below 10^-24.
    assert!(bits > 127.99, "{bits}");
}

/// One signer on eight threads gives what it gives on one.
#[test]
fn threads_do_not_disturb_each_other() {
    let signer = signer();
    let sign = |count: u32| {
        let url = format!("https://h/?count={count}");
        let stamp = Stamp::new(1_700_000_000, &format!("nonce{count}")).unwrap();
        signer.sign_with(RequestRef::new("GET", &url).unwrap(), stamp).unwrap().signature()
    };
    let expected: Vec<_> = (0..200).map(sign).collect();
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..200).map(sign).collect::<Vec<_>>())).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), expected);
        }
    });
}
