//! RSA keys in PKCS#12 files that OpenSSL and Java made: see `tests/keys/pkcs12/README.md`.

use oauth1_signer::signature::{KeyError, RsaPrivateKey};

use super::*;

const PASSWORD: &str = "p & wörd";

macro_rules! file {
    ($name:literal) => {
        &include_bytes!(concat!("../keys/pkcs12/", $name))[..]
    };
}

/// Signs with the key. Equal signatures have equal keys.
fn signature(key: RsaPrivateKey) -> String {
    let method = SignatureMethod::rsa_sha256(key);
    let signer = Signer::builder(ClientCredentials::new("ck", "")).method(method).build().unwrap();
    let request = http::Request::get("https://sandbox.api.mastercard.com/service").body(()).unwrap();
    let stamp = oauth1_signer::Stamp::new(1_700_000_000, "n").unwrap();
    signer.sign_with(&request, stamp).unwrap().signature().clone()
}

#[test]
fn the_key_of_a_pkcs12_file_is_read_however_it_is_encrypted() {
    let expected =
        signature(RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-a.pkcs8.pem")).unwrap());
    for (name, file, password) in [
        ("AES", file!("aes.p12"), PASSWORD),
        ("RC2 and triple DES", file!("rc2-and-3des.p12"), PASSWORD),
        ("triple DES", file!("3des.p12"), PASSWORD),
        ("an empty password", file!("no-password.p12"), ""),
        ("no MAC", file!("no-mac.p12"), PASSWORD),
        ("not encrypted", file!("not-encrypted.p12"), PASSWORD),
        ("Java", file!("java.p12"), "password"),
    ] {
        let key =
            RsaPrivateKey::from_pkcs12(file, password).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(signature(key), expected, "{name}");
    }
}

#[test]
fn other_files_and_passwords_are_errors_that_name_the_remedy() {
    let pem = include_bytes!("../vectors/keys/rsa-a.pkcs8.pem");
    let mut long = file!("aes.p12").to_vec();
    long.resize(64 * 1024 + 1, 0);
    let mut trailing = file!("aes.p12").to_vec();
    trailing.push(0);
    for (name, file, password, expected) in [
        ("a wrong password", file!("aes.p12"), "p & word", KeyError::WrongPassword),
        ("no password", file!("aes.p12"), "", KeyError::WrongPassword),
        ("a wrong one for RC2", file!("rc2-and-3des.p12"), "x", KeyError::WrongPassword),
        ("a wrong one without a MAC", file!("no-mac.p12"), "x", KeyError::WrongPassword),
        ("a password where there is none", file!("no-password.p12"), "x", KeyError::WrongPassword),
        ("no key", file!("no-key.p12"), PASSWORD, KeyError::NoPrivateKey),
        ("two keys", file!("two-keys.p12"), "password", KeyError::SeveralPrivateKeys { count: 2 }),
        ("RC4", file!("rc4.p12"), PASSWORD, KeyError::UnsupportedPkcs12),
        ("another algorithm", file!("ec.p12"), PASSWORD, KeyError::OtherAlgorithm),
        ("a short key", file!("weak.p12"), PASSWORD, KeyError::WeakKey { bits: 1024, minimum: 2048 }),
        ("PEM", &pem[..], PASSWORD, KeyError::InvalidPkcs12),
        ("a path", b"/etc/key.p12", PASSWORD, KeyError::InvalidPkcs12),
        ("nothing", b"", PASSWORD, KeyError::InvalidPkcs12),
        ("too long", &long, PASSWORD, KeyError::InvalidPkcs12),
        ("a byte more", &trailing, PASSWORD, KeyError::InvalidPkcs12),
    ] {
        let error = RsaPrivateKey::from_pkcs12(file, password).unwrap_err();
        assert_eq!(error, expected, "{name}");
        let text = error.to_string();
        assert!(text.contains(':') || text.contains("password"), "{name}: {text}");
        assert!(text.len() < 300 && !text.contains(PASSWORD), "{name}: {text}");
    }
}

/// No file makes it panic: one byte changed, at many places, and cut off at many places.
#[test]
fn a_damaged_file_is_an_error() {
    // Without a MAC and without encryption, nothing else stands before the parser.
    let file = file!("not-encrypted.p12");
    for at in (0..file.len()).step_by(7) {
        assert!(RsaPrivateKey::from_pkcs12(&file[..at], PASSWORD).is_err(), "cut off at {at}");
    }
    let file = file!("no-mac.p12");
    for at in (0..80).chain((80..file.len()).step_by(97)) {
        let mut damaged = file.to_vec();
        damaged[at] ^= 0x55;
        // The certificates and names are not looked at, so some changes do no harm.
        drop(RsaPrivateKey::from_pkcs12(&damaged, PASSWORD));
    }
}
