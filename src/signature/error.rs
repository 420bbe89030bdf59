//! Why no signature was made.

use crate::boxed::BoxError;

/// Why no signature was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The key lives elsewhere, so the signature cannot be made here.
    #[error("the key of this signature method lives elsewhere: use Signer::prepare, then Prepared::finish")]
    ExternalKey,
    /// The function of a custom method failed.
    #[error("the custom signature method failed")]
    Custom(#[source] BoxError),
    /// The RSA operation failed: the key is too short for the hash, or is damaged.
    #[cfg(feature = "rsa")]
    #[error("the RSA key made no signature: it is too short for the hash, or damaged")]
    Rsa,
    /// No random bytes for blinding the RSA operation.
    #[cfg(feature = "rsa")]
    #[error("no random bytes could be had to blind the RSA operation")]
    Rng(#[source] BoxError),
}
