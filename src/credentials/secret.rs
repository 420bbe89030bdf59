//! Secret text, and the detection of key files in it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Secret text, which `Debug` does not show and which is wiped when dropped.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Returns `true` if a secret is the text of a key or a certificate.
///
/// It recognizes PEM, XML, SSH keys and DER in base64. A public key is not secret, and a private key
/// belongs to an RSA method.
pub(crate) fn is_key_file(secret: &str) -> bool {
    let secret = secret.trim();
    let starts = [
        "-----BEGIN ",
        "<RSAKeyValue>",
        "<?xml",
        "ssh-rsa ",
        "ssh-ed25519 ",
        "ecdsa-sha2-",
        "---- BEGIN SSH2 ",
    ];
    starts.iter().any(|start| secret.starts_with(start)) || is_der_in_base64(secret)
}

/// The length of the shortest DER that counts as a key, in bytes.
// An RSA key of 512 bits is longer, and so is a key of NIST's curves. A random secret does not contain the
// right length.
const SHORTEST_DER: usize = 64;

/// Returns `true` if base64 text holds one ASN.1 SEQUENCE that starts like a key or a certificate.
fn is_der_in_base64(text: &str) -> bool {
    if text.len() < SHORTEST_DER || !text.starts_with('M') {
        return false;
    }
    let text: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    let Ok(der) = STANDARD.decode(text.as_slice()).map(Zeroizing::new) else { return false };
    let (len, inner): (usize, &[u8]) = match der.as_slice() {
        [0x30, 0x82, high, low, inner @ ..] => (usize::from(*high) << 8 | usize::from(*low), inner),
        [0x30, 0x81, len, inner @ ..] => (usize::from(*len), inner),
        [0x30, len, inner @ ..] if *len < 0x80 => (usize::from(*len), inner),
        _ => return false,
    };
    inner.len() == len && der.len() >= SHORTEST_DER && matches!(inner.first(), Some(0x02 | 0x30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_secrets() {
        let pem = include_str!("../../tests/vectors/keys/rsa-a.pkcs8.pem");
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let lines = body.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\r\n");
        for key in [
            pem,
            &body,
            &lines.collect::<String>(),
            " <RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>",
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ somebody@somewhere",
            "-----BEGIN CERTIFICATE-----\nMIIB",
        ] {
            assert!(is_key_file(key), "{key:.40}");
        }
        let cut = &body[..body.len() - 4];
        let random = STANDARD.encode([[0x30, 0x3F, 0x02].as_slice(), &[7; 61]].concat());
        for secret in ["", "MIIB", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", cut, &random] {
            assert!(!is_key_file(secret), "{secret:.40}");
        }
    }
}
