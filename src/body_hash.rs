//! `oauth_body_hash`, from the OAuth Request Body Hash extension: bodies that are not forms are no
//! part of a signature (RFC 5849 §3.4.1), so their digest becomes a parameter that is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::request::{Body, Content, RequestRef};
use crate::signature::BodyHashAlgorithm;

/// When `oauth_body_hash` is sent. The hash follows the signature method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyHashPolicy {
    /// Never: many providers refuse what they do not know.
    #[default]
    Off,
    /// With each body that is not a form. A request without a body has none.
    NotForms,
    /// With each request: a body that is absent is hashed as an empty one (Mastercard).
    Always,
}

/// Why there is no body hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyHashError {
    /// The body's bytes cannot be seen.
    #[error(
        "oauth_body_hash needs the body's bytes, which cannot be seen: hand them over with \
         RequestRef::body (empty where there is no body), or their digest with RequestRef::body_digest"
    )]
    UnseenBody,
    /// The digest that was handed over is not one of the method's hash.
    #[error(
        "the body digest has {found} bytes instead of {expected}: give the raw digest of the signature method's hash"
    )]
    WrongDigest {
        /// How many bytes a digest of the method's hash has.
        expected: usize,
        /// How many there are.
        found: usize,
    },
}

/// `oauth_body_hash` of a request, in base64.
pub(crate) fn of(
    policy: BodyHashPolicy,
    hash: BodyHashAlgorithm,
    request: &RequestRef<'_>,
) -> Result<Option<String>, BodyHashError> {
    let is_form = request.content() == Content::Form;
    if policy == BodyHashPolicy::Off || policy == BodyHashPolicy::NotForms && is_form {
        return Ok(None);
    }
    if let Some(digest) = request.digest() {
        let (expected, found) = (hash.bytes(), digest.len());
        if found != expected {
            return Err(BodyHashError::WrongDigest { expected, found });
        }
        return Ok(Some(STANDARD.encode(digest)));
    }
    let unsaid = request.content() == Content::Unsaid;
    let body = match request.raw_body() {
        Body::Bytes(bytes) => bytes,
        Body::Absent if unsaid => &[],
        // A Content-Type speaks of a body, so there is one elsewhere.
        Body::Absent | Body::Unseen | Body::Pairs(_) => return Err(BodyHashError::UnseenBody),
    };
    if policy == BodyHashPolicy::NotForms && unsaid && body.is_empty() {
        return Ok(None);
    }
    Ok(Some(STANDARD.encode(hash.of(body))))
}
