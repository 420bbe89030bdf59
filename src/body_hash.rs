//! `oauth_body_hash`, from the OAuth Request Body Hash extension.
//!
//! A signature does not cover a body that is not a form (RFC 5849 §3.4.1). The extension sends the body's
//! digest as a parameter, which the signature covers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::request::{Body, Content, RequestError, RequestRef};
use crate::signature::BodyHashAlgorithm;

/// The choice of requests that carry `oauth_body_hash`.
///
/// The hash is that of the signature method: SHA-256 for HMAC-SHA256 and RSA-SHA256, and so on. See
/// [`SignatureMethod::with_body_hash_algorithm`](crate::SignatureMethod::with_body_hash_algorithm) for
/// custom methods.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{BodyHashPolicy, ClientCredentials, Signer};
///
/// # fn main() -> Result<(), oauth1_signer::BuildError> {
/// let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret"))
///     .body_hash(BodyHashPolicy::NotForms)
///     .build()?;
/// # Ok(()) }
/// ```
#[doc(alias = "oauth_body_hash")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyHashPolicy {
    /// No request carries it, because many providers reject parameters that they do not know.
    #[default]
    Off,
    /// Each request with a body that is not a form carries it.
    NotForms,
    /// Each request carries it; a missing body is hashed as an empty one (Mastercard).
    Always,
}

/// Returns the `oauth_body_hash` of a request in base64, or `None` if it carries none.
pub(crate) fn of(
    policy: BodyHashPolicy,
    hash: BodyHashAlgorithm,
    request: &RequestRef<'_>,
) -> Result<Option<String>, RequestError> {
    let is_form = request.content() == Content::Form;
    if policy == BodyHashPolicy::Off || policy == BodyHashPolicy::NotForms && is_form {
        return Ok(None);
    }
    if let Some(digest) = request.digest() {
        let (expected, found) = (hash.bytes(), digest.len());
        if found != expected {
            return Err(RequestError::WrongDigest { expected, found });
        }
        return Ok(Some(STANDARD.encode(digest)));
    }
    let unsaid = request.content() == Content::Unsaid;
    let body = match request.raw_body() {
        Body::Bytes(bytes) => bytes,
        Body::Absent if unsaid => &[],
        // The request has a Content-Type, so it has a body that cannot be seen here.
        Body::Absent | Body::Unseen | Body::Pairs(_) => return Err(RequestError::UnseenBody),
    };
    if policy == BodyHashPolicy::NotForms && unsaid && body.is_empty() {
        return Ok(None);
    }
    Ok(Some(STANDARD.encode(hash.of(body))))
}
