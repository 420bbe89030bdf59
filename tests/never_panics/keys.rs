//! Keys made of odd numbers.

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
        let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
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
