//! Tells the text of a key from a shared secret.
//!
//! A server must not use the text of a client's public key as a shared secret. The key is public, so
//! everybody could compute an HMAC with it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The format of a key that was given as a shared secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyText {
    Pem,
    Der,
    Xml,
    Ssh,
    Jwk,
}

impl KeyText {
    /// Returns the format of the key, or `None` if the text is not a key.
    pub(super) fn of(secret: &str) -> Option<Self> {
        let text = secret.trim_start();
        // PEM has five dashes (RFC 7468), SSH2 public key files have four and a space (RFC 4716).
        if text.starts_with("-----BEGIN ") || text.starts_with("---- BEGIN ") {
            Some(Self::Pem)
        } else if ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|kind| text.starts_with(kind))
            && text.contains(" AAAA")
        {
            Some(Self::Ssh)
        } else if text.starts_with('<') && ["Modulus", "KeyValue"].iter().any(|name| text.contains(name)) {
            Some(Self::Xml)
        } else if text.starts_with('{') && text.contains("\"kty\"") {
            Some(Self::Jwk)
        } else if is_der(text) {
            Some(Self::Der)
        } else {
            None
        }
    }
}

/// Returns `true` if the text is base64 of one DER sequence that starts as keys do.
///
/// The length of the sequence must be right, and it must start with a sequence (`SubjectPublicKeyInfo`) or an
/// integer (PKCS#1, PKCS#8). A random secret passes at most once in a billion times.
fn is_der(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    // All sequences of 128 bytes and more start so; no RSA key is shorter.
    if !digits.starts_with(b"MI") {
        return false;
    }
    let Ok(bytes) = STANDARD.decode(digits) else { return false };
    let (len, content) = match bytes.as_slice() {
        [0x30, 0x81, len, content @ ..] => (usize::from(*len), content),
        [0x30, 0x82, high, low, content @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), content),
        _ => return false,
    };
    content.len() == len && matches!(content.first(), Some(0x30 | 0x02))
}
