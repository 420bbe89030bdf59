//! The error of a signature method.

use crate::boxed::BoxError;

/// The reason why a signature method made no signature.
///
/// # Examples
///
/// ```
/// use oauth1_signer::signature::SignatureError;
/// use oauth1_signer::{ClientCredentials, RequestRef, SignError, SignatureMethod, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("consumer key", ""))
///     .method(SignatureMethod::external("RSA-SHA256"))
///     .build()?;
/// let request = RequestRef::new("GET", "https://api.example.com/1/items")?;
/// assert!(matches!(signer.sign(request), Err(SignError::Signature(SignatureError::ExternalKey))));
/// # Ok(()) }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The key is external: use [`Signer::prepare`](crate::Signer::prepare) to sign.
    #[error("the key of this signature method lives elsewhere: use Signer::prepare, then Prepared::finish")]
    ExternalKey,
    /// The function of a custom method failed.
    #[error("the custom signature method failed")]
    Custom(#[source] BoxError),
    /// The RSA operation failed because the key is damaged, or too short for the hash.
    #[cfg(feature = "rsa")]
    #[error("the RSA key made no signature: it is too short for the hash, or damaged")]
    Rsa,
    /// The operating system returned no random bytes to blind the RSA operation.
    #[cfg(feature = "rsa")]
    #[error("no random bytes could be had to blind the RSA operation")]
    Rng(#[source] BoxError),
}
