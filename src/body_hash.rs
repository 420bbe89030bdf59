//! `oauth_body_hash`, from the OAuth Request Body Hash extension: bodies that are not forms are no
//! part of a signature (RFC 5849 §3.4.1), so their digest becomes a parameter that is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::request::{Body, Content, RequestError, RequestRef};
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

/// `oauth_body_hash` of a request, in base64.
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
        // A Content-Type speaks of a body, so there is one elsewhere.
        Body::Absent | Body::Unseen | Body::Pairs(_) => return Err(RequestError::UnseenBody),
    };
    if policy == BodyHashPolicy::NotForms && unsaid && body.is_empty() {
        return Ok(None);
    }
    Ok(Some(STANDARD.encode(hash.of(body))))
}
