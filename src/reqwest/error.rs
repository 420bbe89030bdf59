//! What can go wrong between a signer and a server.

use http::StatusCode;

use crate::flow::ResponseError;
use crate::signer::SignError;

/// Why there is no answer to a signed request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request was not signed, and not sent.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The client could not be built, or failed on the way. Its own error is without the URL, which
    /// may have a signed query.
    #[error("the request was not answered")]
    Transport(#[source] ::reqwest::Error),
    /// The body of the answer could not be read.
    #[error("the answer could not be read ({0})")]
    Read(std::io::ErrorKind),
    /// The server sends the client elsewhere, and it was not followed.
    #[error("the server redirects ({status}), which was not followed: {reason}")]
    Redirect {
        /// The status.
        status: StatusCode,
        /// Why not.
        reason: RedirectError,
    },
    /// The answer of a leg brought no credentials.
    #[error(transparent)]
    Response(#[from] ResponseError),
}

/// Why a redirect was not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// Nobody asked for it.
    #[error("call the URL that it redirects to, or see Client::follow_same_origin")]
    NotAsked,
    /// It leads to another scheme, host or port, or has user information. What is signed for one origin
    /// is not for another.
    #[error("it leads to another origin or user; if that is trusted, call it by its own URL")]
    OtherOrigin,
    /// There were too many of them.
    #[error("there were too many in a row")]
    TooMany,
    /// The body is a stream, which cannot be sent twice.
    #[error("the body is a stream, which cannot be sent again")]
    StreamedBody,
    /// There is no Location header that makes a URL.
    #[error("its Location is not a URL")]
    NoLocation,
    /// The client that was given followed by itself, so that a signature went where it was not for. (A
    /// redirect back to the same URL does not show.)
    #[error("the client followed it by itself: build it with redirect(Policy::none())")]
    Followed,
}

impl From<::reqwest::Error> for Error {
    fn from(error: ::reqwest::Error) -> Self {
        Self::Transport(error.without_url())
    }
}

#[cfg(feature = "reqwest-blocking")]
impl From<std::io::Error> for Error {
    /// The blocking client wraps its own error.
    fn from(error: std::io::Error) -> Self {
        let kind = error.kind();
        error.downcast::<::reqwest::Error>().map_or(Self::Read(kind), Self::from)
    }
}

pub(super) fn unbuilt(error: ::reqwest::Error) -> SignError {
    SignError::Unbuilt(Box::new(error.without_url()))
}

/// A redirect of a request that there is no second copy of.
pub(super) fn streamed(status: StatusCode) -> Error {
    Error::Redirect { status, reason: RedirectError::StreamedBody }
}
