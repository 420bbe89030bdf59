//! The reasons for which a server rejects a request.

use http::StatusCode;

use crate::request::{RequestError, UrlError};

/// The reason for rejecting a request, for the operator's log and for tests.
///
/// Names of parameters are shown as printable ASCII, cut to 64 bytes. Values are never shown. There are three
/// groups of reasons:
///
/// - 400 (408 for [`LateBody`](Self::LateBody)): the request breaks a rule that is the same for every client.
///   The response names the rule.
/// - 401: the request is not proved to come from the client and the token that it names. The response is the
///   same for all of these reasons, so that somebody who guesses learns nothing.
/// - 503: the server cannot check the request now.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::{Rejection, RejectionReason};
///
/// let rejection = Rejection::from(RejectionReason::Replayed);
/// assert_eq!(rejection.reason(), &RejectionReason::Replayed);
/// assert_eq!(rejection.to_string(), "the nonce was used before");
/// assert_eq!(rejection.client_message(), "the request is not authorized");
/// ```
#[doc(alias = "401")]
#[doc(alias = "400")]
#[doc(alias = "invalid signature")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RejectionReason {
    // --- 400 ---
    /// A parameter is missing that the policy or the protocol requires (§3.1).
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A parameter that may be sent once is sent more than once (§3.1).
    #[error("{0} is sent more than once")]
    Duplicate(String),
    /// A protocol parameter is in two places, with different values (§3.5).
    ///
    /// See [`Policy::allow_split_parameters`](super::Policy::allow_split_parameters).
    #[error("{0} is sent in two places with different values")]
    DifferentValues(&'static str),
    /// Protocol parameters are in more than one of header, query and form (§3.5).
    ///
    /// Some clients for X, Flickr and Discogs send them so: see
    /// [`Policy::allow_split_parameters`](super::Policy::allow_split_parameters).
    #[error("the protocol parameters are in more than one of Authorization header, query and form")]
    SeveralPlaces,
    /// A protocol parameter is empty, too long, or contains bytes that are not allowed.
    #[error("{0} is not valid")]
    Invalid(&'static str),
    /// The signature method is unknown to this server, or is switched off.
    ///
    /// PLAINTEXT is off by default: see [`Policy::allow_plaintext`](super::Policy::allow_plaintext).
    #[error("the signature method is not supported")]
    UnsupportedSignatureMethod,
    /// PLAINTEXT was used over http (§3.4.4).
    #[error("PLAINTEXT needs https")]
    InsecureTransport,
    /// The HTTP method has lower-case letters, which the signature does not distinguish from upper-case
    /// ones (§3.4.1.1).
    ///
    /// See [`Policy::allow_lowercase_methods`](super::Policy::allow_lowercase_methods).
    #[error("the HTTP method is not in upper case")]
    LowercaseMethod,
    /// There is more than one Authorization header.
    #[error("there is more than one Authorization header")]
    MultipleAuthorization,
    /// The Authorization header is longer than [`Limits::header`](super::Limits::header).
    #[error("the Authorization header is too long")]
    HeaderTooLong,
    /// The Authorization header has a byte that is not ASCII, at this offset.
    #[error("the Authorization header has a byte that is not ASCII at offset {0}")]
    NonAscii(usize),
    /// The Authorization header has a control character, at this offset.
    #[error("the Authorization header has a control character at offset {0}")]
    ControlChar(usize),
    /// A parameter of the Authorization header has no name, at this offset.
    #[error("a parameter of the Authorization header has no name, at offset {0}")]
    EmptyName(usize),
    /// A value of the Authorization header is not in quotes.
    #[error("the value of {0} is not in quotes")]
    Unquoted(String),
    /// A value of the Authorization header has no closing quote.
    #[error("the value of {0} has no closing quote")]
    UnterminatedString(String),
    /// Two parameters of the Authorization header have no comma between them, at this offset.
    #[error("a comma is missing at offset {0} of the Authorization header")]
    ExpectedComma(usize),
    /// The Authorization header has a parameter that is not one of the protocol's.
    ///
    /// Whoever relays a request can move a parameter there from query or form, and the signature still
    /// matches. See [`Policy::allow_header_parameters`](super::Policy::allow_header_parameters).
    #[error("{0} is not a protocol parameter, but is in the Authorization header")]
    HeaderParameter(String),
    /// A parameter has a `%` without two hexadecimal digits.
    #[error("there is a % without two hexadecimal digits in {0}")]
    InvalidPercent(String),
    /// There are more parameters than [`Limits::parameters`](super::Limits::parameters).
    #[error("there are too many parameters")]
    TooManyParameters,
    /// The request's target is longer than [`Limits::url`](super::Limits::url).
    #[error("the URL is too long")]
    UrlTooLong,
    /// The form, or the body that has a hash, is longer than [`Limits::body`](super::Limits::body).
    #[error("the body is too long")]
    BodyTooLarge,
    /// The body ended early, or could not be read.
    #[error("the body could not be read to its end")]
    CutBody,
    /// The body did not arrive within the server's deadline.
    ///
    /// The status is 408.
    #[error("the body did not arrive in time")]
    LateBody,
    /// Servers may read the form in different ways: its Content-Type is not clear, or it is compressed.
    #[error("{0}")]
    UnclearBody(#[source] RequestError),
    /// The target cannot be read.
    #[error("the URL is not valid: {0}")]
    Url(#[source] UrlError),
    /// The request is for another host than that of the policy's origin.
    ///
    /// The usual cause is a proxy that sets its own Host header. Configure it to pass on the client's.
    #[error(
        "the request is for another host: its Host header or target has \"{received}\", the policy's origin \
         is {origin}"
    )]
    OtherHost {
        /// The policy's origin, such as `https://api.example.com`.
        origin: String,
        /// The host of the request, as printable ASCII, cut to 64 bytes.
        received: String,
    },
    /// `oauth_body_hash` was sent with a form, whose parameters are signed already (Body Hash extension,
    /// §4.1.1).
    #[error("oauth_body_hash does not go with a form")]
    BodyHashOnForm,
    /// The policy requires a signed body, and PLAINTEXT signs none.
    #[error("PLAINTEXT does not sign the body")]
    UnsignedBody,

    // --- 401 ---
    /// The request has no OAuth parameters at all.
    #[error("the request has no OAuth parameters")]
    NotOAuth,
    /// The client is unknown.
    #[error("the client is unknown")]
    UnknownClient,
    /// The client's record does not allow this signature method.
    #[error("the client may not use this signature method")]
    SignatureMethodNotAllowed,
    /// The token is unknown, expired or revoked.
    #[error("the token is unknown")]
    UnknownToken,
    /// The token was issued to another client.
    #[error("the token was issued to another client")]
    OtherClientsToken,
    /// The verification code is missing, or is not the one that was issued (§2.3).
    #[error("the verification code is wrong or missing")]
    WrongVerifier,
    /// The signature does not match.
    #[error("the signature does not match")]
    WrongSignature,
    /// `oauth_body_hash` is not the hash of the body.
    #[error("the body hash does not match")]
    WrongBodyHash,
    /// The timestamp is too far from the server's clock: see [`Policy::window`](super::Policy::window).
    #[error("the timestamp is too far from the server's clock")]
    Stale,
    /// The nonce was used before.
    #[error("the nonce was used before")]
    Replayed,

    // --- 503 ---
    /// The records, the nonce log or the clock failed, or the log is full.
    ///
    /// [`Rejection::cause`](super::Rejection::cause) returns the error.
    #[error("the request cannot be checked now")]
    Unavailable,
}

impl RejectionReason {
    /// Returns the status of the response: 400, 401, 408 or 503.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotOAuth
            | Self::UnknownClient
            | Self::SignatureMethodNotAllowed
            | Self::UnknownToken
            | Self::OtherClientsToken
            | Self::WrongVerifier
            | Self::WrongSignature
            | Self::WrongBodyHash
            | Self::Stale
            | Self::Replayed => StatusCode::UNAUTHORIZED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::LateBody => StatusCode::REQUEST_TIMEOUT,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Returns the text for the client. It is the same for every reason with status 401.
    pub(super) fn client_message(&self) -> String {
        match self {
            // The client does not learn the server's own name, and its Host header is not repeated to it.
            Self::OtherHost { .. } => "the request is for another host".to_owned(),
            reason if reason.status() == StatusCode::UNAUTHORIZED => {
                "the request is not authorized".to_owned()
            }
            reason => reason.to_string(),
        }
    }
}
