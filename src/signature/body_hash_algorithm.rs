//! The hash of `oauth_body_hash` (OAuth Request Body Hash extension, §3.2).

use sha1::{Digest, Sha1};
#[cfg(feature = "sha2")]
use sha2::{Sha256, Sha512};

/// A hash algorithm for `oauth_body_hash`.
///
/// # Examples
///
/// ```
/// use oauth1_signer::signature::BodyHashAlgorithm;
///
/// let digest = BodyHashAlgorithm::Sha1.of(b"Hello World!");
/// assert_eq!(digest.len(), BodyHashAlgorithm::Sha1.bytes());
/// ```
#[doc(alias = "oauth_body_hash")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyHashAlgorithm {
    /// SHA-1, 20 bytes, which the extension defines for HMAC-SHA1 and RSA-SHA1.
    ///
    /// This crate uses it for PLAINTEXT too.
    Sha1,
    /// SHA-256, 32 bytes.
    #[cfg(feature = "sha2")]
    Sha256,
    /// SHA-512, 64 bytes.
    #[cfg(feature = "sha2")]
    Sha512,
}

impl BodyHashAlgorithm {
    /// Returns the length of a digest, in bytes.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            #[cfg(feature = "sha2")]
            Self::Sha256 => 32,
            #[cfg(feature = "sha2")]
            Self::Sha512 => 64,
        }
    }

    /// Returns the digest of a body.
    #[must_use]
    pub fn of(self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(body).to_vec(),
            #[cfg(feature = "sha2")]
            Self::Sha256 => Sha256::digest(body).to_vec(),
            #[cfg(feature = "sha2")]
            Self::Sha512 => Sha512::digest(body).to_vec(),
        }
    }
}
