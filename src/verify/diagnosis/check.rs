//! Compares a base string with the signature that was sent: by an HMAC, or by the digest that an RSA
//! signature contains.

use ctutils::CtEq;
use hmac::{Hmac, KeyInit, Mac};
#[cfg(feature = "rsa")]
use sha1::Digest;
use sha1::Sha1;
#[cfg(feature = "sha2")]
use sha2::{Sha256, Sha512};

use crate::signature::BodyHashAlgorithm;

/// A MAC with its key, or a hash for a method that signs a digest.
pub(super) enum Check {
    Sha1(Hmac<Sha1>),
    #[cfg(feature = "sha2")]
    Sha256(Hmac<Sha256>),
    #[cfg(feature = "sha2")]
    Sha512(Hmac<Sha512>),
    #[cfg(feature = "rsa")]
    Digest(BodyHashAlgorithm),
}

impl Check {
    pub(super) fn hmac(hash: BodyHashAlgorithm, key: &[u8]) -> Self {
        match hash {
            BodyHashAlgorithm::Sha1 => Self::Sha1(keyed(key)),
            #[cfg(feature = "sha2")]
            BodyHashAlgorithm::Sha256 => Self::Sha256(keyed(key)),
            #[cfg(feature = "sha2")]
            BodyHashAlgorithm::Sha512 => Self::Sha512(keyed(key)),
        }
    }

    /// Returns `true` if the two parts of a base string make `signature`.
    pub(super) fn accepts(&self, head: &[u8], parameters: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Sha1(mac) => makes(mac, head, parameters, signature),
            #[cfg(feature = "sha2")]
            Self::Sha256(mac) => makes(mac, head, parameters, signature),
            #[cfg(feature = "sha2")]
            Self::Sha512(mac) => makes(mac, head, parameters, signature),
            #[cfg(feature = "rsa")]
            Self::Digest(hash) => match hash {
                BodyHashAlgorithm::Sha1 => digests::<Sha1>(head, parameters, signature),
                BodyHashAlgorithm::Sha256 => digests::<Sha256>(head, parameters, signature),
                BodyHashAlgorithm::Sha512 => digests::<Sha512>(head, parameters, signature),
            },
        }
    }
}

fn keyed<M: KeyInit>(key: &[u8]) -> M {
    M::new_from_slice(key).expect("HMAC takes keys of any length")
}

#[inline]
fn makes<M: Mac + Clone>(mac: &M, head: &[u8], parameters: &[u8], signature: &[u8]) -> bool {
    let mac = mac.clone().chain_update(head).chain_update(parameters);
    mac.finalize().into_bytes().as_slice().ct_eq(signature).to_bool()
}

#[cfg(feature = "rsa")]
fn digests<D: Digest>(head: &[u8], parameters: &[u8], digest: &[u8]) -> bool {
    *D::new().chain_update(head).chain_update(parameters).finalize() == *digest
}

/// Returns the hash algorithm whose digest has `len` bytes.
pub(super) fn hash_of_len(len: usize) -> Option<BodyHashAlgorithm> {
    HASHES.iter().copied().find(|hash| hash.bytes() == len)
}

pub(super) const HASHES: &[BodyHashAlgorithm] = &[
    BodyHashAlgorithm::Sha1,
    #[cfg(feature = "sha2")]
    BodyHashAlgorithm::Sha256,
    #[cfg(feature = "sha2")]
    BodyHashAlgorithm::Sha512,
];

/// Reads hash and digest from an encoded message in EMSA-PKCS1-v1_5 (RFC 8017 §9.2).
#[cfg(feature = "rsa")]
pub(super) fn digest_of_message(message: &[u8]) -> Option<(BodyHashAlgorithm, &[u8])> {
    // The algorithm and the length of the digest, in DER (RFC 8017 §9.2, note 1).
    const INFOS: [(BodyHashAlgorithm, &[u8]); 3] = [
        (
            BodyHashAlgorithm::Sha1,
            &[0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14],
        ),
        (
            BodyHashAlgorithm::Sha256,
            &[
                0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
                0x05, 0x00, 0x04, 0x20,
            ],
        ),
        (
            BodyHashAlgorithm::Sha512,
            &[
                0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
                0x05, 0x00, 0x04, 0x40,
            ],
        ),
    ];
    let start = message.iter().position(|&byte| byte != 0)?;
    let padding = message[start..].strip_prefix(&[1])?;
    let end = padding.iter().position(|&byte| byte != 0xFF).filter(|&len| len >= 8)?;
    let info = padding[end..].strip_prefix(&[0])?;
    INFOS.iter().find_map(|(hash, prefix)| {
        let digest = info.strip_prefix(*prefix)?;
        (digest.len() == hash.bytes()).then_some((*hash, digest))
    })
}
