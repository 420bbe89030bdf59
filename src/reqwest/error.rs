//! The errors of the clients.

use http::StatusCode;

use crate::flow::ResponseRejected;
use crate::signer::SignError;

/// The reason why a signed request got no response, or a response without credentials.
///
/// # Examples
///
/// ```
/// use oauth1_signer::reqwest::Error;
///
/// fn can_retry(error: &Error) -> bool {
///     matches!(error, Error::Transport(_) | Error::Read(..))
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request could not be built or signed. It was not sent.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The client could not be built, or the network failed.
    ///
    /// The URL is removed from the source, because its query may contain a secret.
    #[error("there was no response: see the source of this error, and Client::retry")]
    Transport(#[source] ::reqwest::Error),
    /// The body of the response could not be read.
    #[error("the response could not be read ({0}): send the request again")]
    Read(std::io::ErrorKind),
    /// The server redirects the client, which did not follow.
    #[error("the server redirects ({status}), which was not followed: {reason}")]
    Redirect {
        /// The status.
        status: StatusCode,
        /// The reason why the client did not follow.
        reason: RedirectError,
    },
    /// The response to a [`CredentialsRequest`](crate::flow::CredentialsRequest) brought no credentials.
    #[error(transparent)]
    Response(#[from] ResponseRejected),
}

/// The reason why a redirect was not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// The client follows no redirects, which is the default.
    #[error("send the request to the URL that it redirects to, or see Client::follow_same_origin")]
    NotFollowed,
    /// The redirect leads to another scheme, host or port, or its URL has user information.
    ///
    /// A signature for one origin must not go to another.
    #[error("it leads to another origin or user; if you trust that, send the request to its URL")]
    OtherOrigin,
    /// There were more than five redirects in a row.
    #[error("there were more than five in a row: send the request to the last URL")]
    TooMany,
    /// The body is a stream, which cannot be sent twice.
    #[error("the body is a stream, which cannot be sent again: send the request to the new URL")]
    StreamedBody,
    /// There is no Location header with a URL.
    #[error("its Location is not a URL")]
    InvalidLocation,
    /// The client given to [`Client::from_unsigned`](super::Client::from_unsigned) followed the redirect.
    ///
    /// So a signature went to a URL that it is not valid for. A redirect to the same URL cannot be noticed.
    #[error("the client followed it by itself: build it with redirect(Policy::none())")]
    FollowedUnsigned,
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
