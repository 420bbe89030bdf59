//! RSA keys: their files, and what they sign.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use ::rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use ::rsa::{Pkcs1v15Sign, PublicKey};
use oauth1_signer::signature::{KeyError, RsaPrivateKey, RsaPublicKey};

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
struct Kms(::rsa::PrivateKey);

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

    async fn authorization(signer: &Signer, kms: &Kms, name: &str) -> Result<http::HeaderValue, BoxError> {
        let request = http::Request::post("https://h/?a=1").body(String::from("{}"))?;
        let prepared = signer.prepare_with(&request, stamp())?;
        drop(request);
        let signature = kms.sign(name, prepared.base_string().as_bytes()).await?;
        Ok(prepared.finish(signature).to_header())
    }
    let kms = Kms(::rsa::PrivateKey::from_pkcs8_pem(PKCS8).unwrap());
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
