//! The files that keys come in.

use rsa::pkcs8;
use rsa::traits::PublicKeyParts;

use super::error::KeyError;

/// Keys below this are refused unless asked for, in bits.
pub(super) const MINIMUM_BITS: usize = 2048;

/// Returns the length of a key's modulus, in bits.
pub(super) fn bits_of(key: &impl PublicKeyParts) -> usize {
    key.n().bit_width() as usize
}

/// The block of a PEM file that holds a private key: its label, and its text. Others may stand around
/// it, and text in front, as `openssl pkcs12 -nodes` writes them.
pub(super) fn private_block(pem: &str) -> Result<(&str, &str), KeyError> {
    let mut answer = Err(KeyError::InvalidPem);
    for (start, _) in pem.match_indices("-----BEGIN ") {
        let block = &pem[start..];
        let Some((label, _)) = block["-----BEGIN ".len()..].split_once("-----") else { continue };
        let tail = ["-----END ", label, "-----"].concat();
        let end = block.find(&tail).map_or(block.len(), |at| at + tail.len());
        if label.ends_with("PRIVATE KEY") {
            return Ok((label, &block[..end]));
        }
        answer = Err(KeyError::WrongKeyKind);
    }
    answer
}

/// Whether a PKCS#8 key is one of another algorithm, or else no key at all.
pub(super) fn kind_of(error: &pkcs8::Error, otherwise: KeyError) -> KeyError {
    match error {
        pkcs8::Error::PublicKey(pkcs8::spki::Error::OidUnknown { .. }) => KeyError::WrongKeyKind,
        _ => otherwise,
    }
}

/// Whether the bytes start as an encrypted PKCS#8 key does, with an identifier of PKCS#5
/// (1.2.840.113549.1.5) or PKCS#12 (1.2.840.113549.1.12).
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    const RSADSI_PKCS: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
    let start = &der[..der.len().min(32)];
    start.windows(8).any(|window| window[..7] == RSADSI_PKCS && matches!(window[7], 5 | 12))
}
