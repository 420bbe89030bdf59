//! What a request can have wrong with its form: answered by 400, since saying so gives nothing away.

use crate::request::UrlError;

/// Why a request cannot be read as one that is signed. Names of parameters are repeated, values never.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedRequest {
    /// A protocol parameter is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A protocol parameter is there twice, or in two places (§3.1).
    #[error("{0} is there more than once")]
    Duplicate(String),
    /// Protocol parameters are in more than one of header, query and form (§3.5).
    #[error("the protocol parameters are in more than one place")]
    SeveralPlaces,
    /// A protocol parameter is empty, too long, or has bytes that it must not have.
    #[error("{0} is not valid")]
    Invalid(&'static str),
    /// The signature method is none that this server knows, or serves.
    #[error("the signature method is not supported")]
    UnsupportedMethod,
    /// PLAINTEXT came over http.
    #[error("PLAINTEXT needs https")]
    InsecureTransport,
    /// There is more than one Authorization header.
    #[error("there is more than one Authorization header")]
    MultipleAuthorization,
    /// The Authorization header is longer than the limit.
    #[error("the Authorization header is too long")]
    HeaderTooLong,
    /// The Authorization header has a byte that is not ASCII.
    #[error("the Authorization header is not ASCII at offset {0}")]
    NonAscii(usize),
    /// The Authorization header has a control character.
    #[error("the Authorization header has a control character at offset {0}")]
    ControlChar(usize),
    /// A parameter of the Authorization header has no name.
    #[error("a parameter of the Authorization header has no name, at offset {0}")]
    EmptyName(usize),
    /// A value of the Authorization header is not in quotes.
    #[error("the value of {0} is not in quotes")]
    Unquoted(String),
    /// A value of the Authorization header has no closing quote.
    #[error("the value of {0} has no closing quote")]
    UnterminatedString(String),
    /// Two parameters of the Authorization header have no comma between.
    #[error("there is no comma at offset {0} of the Authorization header")]
    ExpectedComma(usize),
    /// A parameter has a `%` without two hexadecimal digits.
    #[error("there is a % without two hexadecimal digits in {0}")]
    InvalidPercent(String),
    /// There are more parameters than the limit.
    #[error("there are too many parameters")]
    TooManyParameters,
    /// The request's target is longer than the limit.
    #[error("the URL is too long")]
    UrlTooLong,
    /// The form, or the body that has a hash, is longer than the limit.
    #[error("the body is too long")]
    BodyTooLarge,
    /// The body ended early, or could not be read.
    #[error("the body could not be read to its end")]
    CutBody,
    /// The Content-Type is not clear, or the form is compressed.
    #[error("the Content-Type or Content-Encoding of the form is not clear")]
    UnclearBody,
    /// The target cannot be read.
    #[error("the URL is not valid")]
    Url(#[source] UrlError),
    /// The request is for another host than this server's origin.
    #[error("the request is for another host")]
    OtherHost,
    /// `oauth_body_hash` on a form, whose parameters are signed already (Body Hash extension, §4.1.1).
    #[error("oauth_body_hash does not go with a form")]
    BodyHashOnForm,
}
