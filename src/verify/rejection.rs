//! How a server says no.

use std::error::Error;

use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};

use super::malformed::MalformedRequest;

/// Why a request is not admitted. To the client, everything about identity and signature is one and
/// the same answer: whoever guesses learns nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The request cannot be read: 400.
    #[error(transparent)]
    MalformedRequest(#[from] MalformedRequest),
    /// The request is not proved to be anybody's: 401.
    #[error("the request is not authorized")]
    Unauthorized(RejectionReason),
    /// The server cannot tell now, so it does not admit: 503.
    #[error("the request cannot be checked now")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

/// What was wrong with a request that was answered by 401: for the operator's own log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RejectionReason {
    /// It has no OAuth parameters at all.
    #[error("the request has no OAuth parameters")]
    NotOAuth,
    /// There is no such client.
    #[error("the client is unknown")]
    UnknownClient,
    /// The client's record does not allow this signature method.
    #[error("the client may not use this signature method")]
    MethodNotAllowed,
    /// There is no such token, any more or at all.
    #[error("the token is unknown")]
    UnknownToken,
    /// The token is another client's.
    #[error("the token is another client's")]
    OtherClientsToken,
    /// The verification code is not the one that was issued, or there is none (§2.3).
    #[error("the verification code is wrong or missing")]
    WrongVerifier,
    /// The signature does not match.
    #[error("the signature does not match")]
    WrongSignature,
    /// `oauth_body_hash` is not that of the body.
    #[error("the body hash does not match")]
    WrongBodyHash,
    /// The timestamp is too far from the server's clock.
    #[error("the timestamp is too far off")]
    Stale,
    /// The nonce was used before.
    #[error("the nonce was used before")]
    Replayed,
}

impl Rejection {
    /// 400, 401 or 503.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::MalformedRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What was wrong, where the answer is 401.
    #[must_use]
    pub fn reason(&self) -> Option<RejectionReason> {
        match self {
            Self::Unauthorized(refusal) => Some(*refusal),
            _ => None,
        }
    }

    /// The answer to the client: a line of text and, with 401, a challenge (RFC 9110 §11.6.1). It has
    /// neither base string nor secret in it, nor which of the client's claims was wrong.
    #[must_use]
    pub fn to_response(&self) -> Response<String> {
        let mut response = Response::new(format!("{self}\n"));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if matches!(self, Self::Unauthorized(_)) {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("OAuth"));
        }
        response
    }
}

impl From<RejectionReason> for Rejection {
    fn from(refusal: RejectionReason) -> Self {
        Self::Unauthorized(refusal)
    }
}
