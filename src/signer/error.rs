//! The errors of building a signer and of signing.

use crate::boxed::BoxError;
use crate::request::RequestError;
use crate::signature::SignatureError;
use crate::stamp::StampError;

/// The error of [`SignerBuilder::build`](crate::SignerBuilder::build).
///
/// Its text says what to change.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{BuildError, ClientCredentials, Signer};
///
/// let error = Signer::builder(ClientCredentials::new("", "consumer secret")).build().unwrap_err();
/// assert_eq!(error, BuildError::EmptyConsumerKey);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The consumer key is empty.
    #[error("the consumer key is empty: give the key that the provider issued")]
    EmptyConsumerKey,
    /// The token is empty, but its secret is not.
    ///
    /// The secret would become part of the key, but the request would not name its token.
    #[error(
        "the token is empty, but its secret is not: give both, or no token (or allow it with \
         SignerBuilder::allow_incomplete_credentials)"
    )]
    EmptyToken,
    /// A secret that the signature method uses is empty; the field names it.
    ///
    /// [`SignerBuilder::allow_incomplete_credentials`](crate::SignerBuilder::allow_incomplete_credentials) allows it.
    #[error(
        "the {0} is empty: give the one that the provider issued (is its environment variable set?), or allow \
         it with SignerBuilder::allow_incomplete_credentials"
    )]
    EmptySecret(&'static str),
    /// A secret that the signature method uses is the text of a key or a certificate.
    #[error("the {0} is the text of a key or a certificate: for an RSA method give an RsaPrivateKey")]
    KeyAsSecret(&'static str),
    /// The realm contains a control character, or a character that is not ASCII.
    #[error("the realm has a character at offset {offset} that a header cannot carry")]
    InvalidRealm {
        /// The offset of that character, in bytes.
        offset: usize,
    },
    /// The name of the custom or external signature method is empty.
    #[error("the signature method has no name")]
    EmptyMethodName,
    /// A parameter of [`SignerBuilder::parameter`](crate::SignerBuilder::parameter) has an empty name.
    #[error("a protocol parameter has no name")]
    EmptyParameterName,
    /// A parameter was added twice, or it has a setting of its own; the field is its name.
    #[error("the protocol parameter {0:?} is there already: leave it out, or use the setting of its own")]
    DuplicateParameter(String),
    /// A value cannot be sent without encoding, as
    /// [`SignerBuilder::encode_header_values`](crate::SignerBuilder::encode_header_values) was told.
    #[error(
        "the value of {0:?} has a quote, a backslash, a percent sign, a control or a character that is not ASCII: \
         it must be encoded (SignerBuilder::encode_header_values)"
    )]
    NeedsEncoding(String),
}

/// The error of signing a request.
///
/// The request is unchanged.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, SignError, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
/// let no_host = http::Request::get("/items").body(())?;
/// assert!(matches!(signer.sign(&no_host), Err(SignError::Request(_))));
/// # Ok(()) }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The request cannot be signed as it is.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The timestamp or the nonce could not be made.
    #[error(transparent)]
    Stamp(#[from] StampError),
    /// The signature method failed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// A client's request builder could not build the request.
    #[error("the request could not be built")]
    Unbuilt(#[source] BoxError),
    /// PLAINTEXT would send the secrets over http to another machine.
    #[error(
        "PLAINTEXT sends the secrets themselves, so it needs https: use https or an HMAC method, or \
         allow it with SignerBuilder::allow_plaintext_over_http"
    )]
    InsecurePlaintext,
}

/// Lets bytes be signed as a message; writing them never fails.
impl From<std::convert::Infallible> for SignError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
