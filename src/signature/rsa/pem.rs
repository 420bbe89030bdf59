//! The file formats of RSA keys, and what else a user may give by mistake.

use rsa::pkcs8;
use rsa::traits::PublicKeyParts;

use super::error::KeyError;

/// The default for the length of the shortest key that is accepted, in bits.
pub(super) const MINIMUM_BITS: usize = 2048;

/// Returns the length of a key's modulus, in bits.
pub(super) fn bits_of(key: &impl PublicKeyParts) -> usize {
    key.n().bit_width() as usize
}

/// Returns the label and the text of the PEM block that holds a private key.
///
/// Other blocks and text may surround it, as in the output of `openssl pkcs12 -nodes`.
pub(super) fn private_block(pem: &str) -> Result<(&str, &str), KeyError> {
    let mut other = None;
    for (label, block) in blocks(pem) {
        if label.ends_with("PRIVATE KEY") {
            return Ok((label, block));
        }
        other =
            Some(if label.ends_with("CERTIFICATE") { KeyError::Certificate } else { KeyError::PublicKey });
    }
    Err(other.unwrap_or_else(|| if is_path(pem) { KeyError::Path } else { KeyError::InvalidPem }))
}

/// Returns the label and the text of the first PEM block, if it holds a public key.
pub(super) fn public_block(pem: &str) -> Result<(&str, &str), KeyError> {
    let Some((label, block)) = blocks(pem).next() else {
        return Err(if is_path(pem) { KeyError::Path } else { KeyError::InvalidPem });
    };
    match label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Ok((label, block)),
        _ if label.ends_with("CERTIFICATE") => Err(KeyError::Certificate),
        _ if label.ends_with("PRIVATE KEY") => Err(KeyError::PrivateKey),
        _ => Err(KeyError::OtherAlgorithm),
    }
}

/// Returns the label and the text of each PEM block.
fn blocks(pem: &str) -> impl Iterator<Item = (&str, &str)> {
    pem.match_indices("-----BEGIN ").filter_map(|(start, _)| {
        let block = &pem[start..];
        let (label, _) = block["-----BEGIN ".len()..].split_once("-----")?;
        let tail = ["-----END ", label, "-----"].concat();
        let end = block.find(&tail).map_or(block.len(), |at| at + tail.len());
        Some((label, &block[..end]))
    })
}

/// Returns `true` if text looks like the path of a key file.
pub(super) fn is_path(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    let starts = ["/", "./", "../", "~/", "c:\\"];
    let ends = [".pem", ".key", ".der", ".p12", ".pfx", ".crt", ".cer", ".pub"];
    let is_one_line = !text.contains(['\n', '\r', '\0']) && text.len() < 4096;
    is_one_line
        && (starts.iter().any(|start| text.starts_with(start)) || ends.iter().any(|end| text.ends_with(end)))
}

/// Returns an error that names the kind of `der`, or `None` if the kind is unknown.
pub(super) fn kind_of_der(der: &[u8]) -> Option<KeyError> {
    let [0x30, 0x82, _, _, inner @ ..] = der else {
        let is_path = std::str::from_utf8(der).is_ok_and(is_path);
        return is_path.then_some(KeyError::Path);
    };
    match inner {
        // The version of a PFX, 3 (RFC 7292 §4).
        [0x02, 0x01, 0x03, 0x30, ..] => Some(KeyError::Pkcs12),
        // The version of a certificate, explicitly tagged (RFC 5280 §4.1).
        [0x30, 0x82, _, _, 0xA0, 0x03, 0x02, 0x01, _, ..] => Some(KeyError::Certificate),
        _ => None,
    }
}

/// Returns [`KeyError::OtherAlgorithm`] for a PKCS#8 key of another algorithm, or `otherwise`.
pub(super) fn kind_of(error: &pkcs8::Error, otherwise: KeyError) -> KeyError {
    match error {
        pkcs8::Error::PublicKey(pkcs8::spki::Error::OidUnknown { .. }) => KeyError::OtherAlgorithm,
        _ => otherwise,
    }
}

/// Returns `true` if the bytes start like an encrypted PKCS#8 key.
///
/// Such a key starts with an identifier of PKCS#5 (1.2.840.113549.1.5) or of PKCS#12
/// (1.2.840.113549.1.12).
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    const RSADSI_PKCS: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
    let start = &der[..der.len().min(32)];
    start.windows(8).any(|window| window[..7] == RSADSI_PKCS && matches!(window[7], 5 | 12))
}
