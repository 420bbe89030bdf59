//! RFC 5849 §3.4: the signature methods that a server knows, by name.

use std::fmt;
use std::str::FromStr;

#[cfg(feature = "rsa")]
use crate::signature::Hash;
use crate::signature::{BodyHashAlgorithm, SignatureMethod};

/// The name of a signature method that a server knows.
///
/// The methods are those of RFC 5849 §3.4, and the same with newer hashes.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::SignatureMethodName;
///
/// let method: SignatureMethodName = "HMAC-SHA1".parse()?;
/// assert_eq!(method, SignatureMethodName::HmacSha1);
/// assert_eq!(method.to_string(), "HMAC-SHA1");
/// # Ok::<(), oauth1_signer::verify::UnknownSignatureMethod>(())
/// ```
#[doc(alias = "oauth_signature_method")]
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
    /// All methods of this build. They depend on its features.
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

    pub(super) fn from_bytes(name: &[u8]) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.name().as_bytes() == name)
    }

    /// Returns the name, as in `oauth_signature_method`.
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

    /// Returns `true` if client and server share the key.
    pub(super) fn shares_secrets(self) -> bool {
        match self {
            #[cfg(feature = "rsa")]
            Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha512 => false,
            _ => true,
        }
    }

    /// Returns the signer's method of the same name, or `None` if client and server share no key.
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

    /// Returns the hash algorithm of `oauth_body_hash`, which is that of the signature method.
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

/// The error of reading a [`SignatureMethodName`]: this build knows no method of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the signature method is unknown: its name is case-sensitive, and RSA and SHA-2 are features of this crate"
)]
pub struct UnknownSignatureMethod;

/// Reads `oauth_signature_method`. Upper and lower case are different.
impl FromStr for SignatureMethodName {
    type Err = UnknownSignatureMethod;

    fn from_str(name: &str) -> Result<Self, UnknownSignatureMethod> {
        Self::from_bytes(name.as_bytes()).ok_or(UnknownSignatureMethod)
    }
}

impl fmt::Display for SignatureMethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
