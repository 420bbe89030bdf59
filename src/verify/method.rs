//! The signature methods that a server knows, by name.

#[cfg(feature = "rsa")]
use crate::signature::Hash;
use crate::signature::{BodyHashAlgorithm, SignatureMethod};

/// A signature method of RFC 5849 §3.4, or one of the same with a newer hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureMethodName {
    /// HMAC-SHA1 (§3.4.2).
    HmacSha1,
    /// HMAC-SHA256.
    #[cfg(feature = "sha2")]
    HmacSha256,
    /// HMAC-SHA512.
    #[cfg(feature = "sha2")]
    HmacSha512,
    /// RSA-SHA1 (§3.4.3).
    #[cfg(feature = "rsa")]
    RsaSha1,
    /// RSA-SHA256.
    #[cfg(feature = "rsa")]
    RsaSha256,
    /// RSA-SHA512.
    #[cfg(feature = "rsa")]
    RsaSha512,
    /// PLAINTEXT (§3.4.4).
    Plaintext,
}

impl SignatureMethodName {
    /// All that there are, with the features of this build.
    pub const ALL: &'static [Self] = &[
        Self::HmacSha1,
        #[cfg(feature = "sha2")]
        Self::HmacSha256,
        #[cfg(feature = "sha2")]
        Self::HmacSha512,
        #[cfg(feature = "rsa")]
        Self::RsaSha1,
        #[cfg(feature = "rsa")]
        Self::RsaSha256,
        #[cfg(feature = "rsa")]
        Self::RsaSha512,
        Self::Plaintext,
    ];

    /// By its name, `oauth_signature_method`, whose case matters.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::from_bytes(name.as_bytes())
    }

    pub(super) fn from_bytes(name: &[u8]) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name().as_bytes() == name)
    }

    /// `oauth_signature_method`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            #[cfg(feature = "sha2")]
            Self::HmacSha256 => "HMAC-SHA256",
            #[cfg(feature = "sha2")]
            Self::HmacSha512 => "HMAC-SHA512",
            #[cfg(feature = "rsa")]
            Self::RsaSha1 => "RSA-SHA1",
            #[cfg(feature = "rsa")]
            Self::RsaSha256 => "RSA-SHA256",
            #[cfg(feature = "rsa")]
            Self::RsaSha512 => "RSA-SHA512",
            Self::Plaintext => "PLAINTEXT",
        }
    }

    /// Whether both sides share the key.
    pub(super) fn shares_secrets(self) -> bool {
        match self {
            #[cfg(feature = "rsa")]
            Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha512 => false,
            _ => true,
        }
    }

    /// The signer's method of the same name, where both sides share the key.
    #[cfg_attr(
        not(feature = "rsa"),
        expect(clippy::unnecessary_wraps, reason = "with the feature, some do not")
    )]
    pub(super) fn shared_method(self) -> Option<SignatureMethod> {
        Some(match self {
            Self::HmacSha1 => SignatureMethod::hmac_sha1(),
            #[cfg(feature = "sha2")]
            Self::HmacSha256 => SignatureMethod::hmac_sha256(),
            #[cfg(feature = "sha2")]
            Self::HmacSha512 => SignatureMethod::hmac_sha512(),
            Self::Plaintext => SignatureMethod::plaintext(),
            #[cfg(feature = "rsa")]
            _ => return None,
        })
    }

    #[cfg(feature = "rsa")]
    pub(super) fn rsa_hash(self) -> Option<Hash> {
        match self {
            Self::RsaSha1 => Some(Hash::Sha1),
            Self::RsaSha256 => Some(Hash::Sha256),
            Self::RsaSha512 => Some(Hash::Sha512),
            _ => None,
        }
    }

    /// The hash of `oauth_body_hash`: the method's own.
    pub(super) fn body_digest(self) -> BodyHashAlgorithm {
        match self {
            #[cfg(feature = "sha2")]
            Self::HmacSha256 => BodyHashAlgorithm::Sha256,
            #[cfg(feature = "sha2")]
            Self::HmacSha512 => BodyHashAlgorithm::Sha512,
            #[cfg(feature = "rsa")]
            Self::RsaSha256 => BodyHashAlgorithm::Sha256,
            #[cfg(feature = "rsa")]
            Self::RsaSha512 => BodyHashAlgorithm::Sha512,
            _ => BodyHashAlgorithm::Sha1,
        }
    }
}
