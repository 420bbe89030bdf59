//! The hash of `oauth_body_hash` (OAuth Request Body Hash extension, §3.2).

use sha1::{Digest, Sha1};
#[cfg(feature = "sha2")]
use sha2::{Sha256, Sha512};

/// A hash for `oauth_body_hash`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyHashAlgorithm {
    /// SHA-1, 20 bytes: the extension's own, for HMAC-SHA1, RSA-SHA1 and PLAINTEXT.
    Sha1,
    /// SHA-256, 32 bytes.
    #[cfg(feature = "sha2")]
    Sha256,
    /// SHA-512, 64 bytes.
    #[cfg(feature = "sha2")]
    Sha512,
}

impl BodyHashAlgorithm {
    /// How many bytes a digest has.
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

    /// The digest of a body.
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
