//! Why there is no signer, or no signature.

use crate::boxed::BoxError;
use crate::request::RequestError;
use crate::signature::SignatureError;
use crate::stamp::StampError;

/// Why there is no signer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The consumer key is empty.
    #[error("the consumer key is empty: give the key that the provider issued")]
    EmptyConsumerKey,
    /// The token is empty, but its secret is not: half of a pair would sign.
    #[error(
        "the token is empty, but its secret is not: give both, or no token (or allow it with \
         SignerBuilder::allow_incomplete_credentials)"
    )]
    EmptyToken,
    /// A secret that the method shares with the server is empty.
    #[error(
        "the {0} is empty: give the one that the provider issued (is its environment variable set?), or allow \
         it with SignerBuilder::allow_incomplete_credentials"
    )]
    EmptySecret(&'static str),
    /// A secret that the method shares with the server is the text of a key or a certificate.
    #[error("the {0} is the text of a key or a certificate: for an RSA method give an RsaPrivateKey")]
    KeyAsSecret(&'static str),
    /// The realm has a control character, or is not ASCII.
    #[error("the realm has a character at offset {offset} that a header cannot carry")]
    InvalidRealm {
        /// Its place, in bytes.
        offset: usize,
    },
    /// The name of the signature method is empty.
    #[error("the signature method has no name")]
    EmptyMethodName,
    /// A further parameter has no name.
    #[error("a protocol parameter has no name")]
    EmptyParameterName,
    /// A parameter was given twice, or the signer sends it by itself.
    #[error("the protocol parameter {0:?} is there already: leave it out, or use the setting of its own")]
    DuplicateParameter(String),
}

/// Why a request was not signed. The request is unchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The request cannot be signed as it stands.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// There is no nonce, or no time.
    #[error(transparent)]
    Stamp(#[from] StampError),
    /// The method made no signature.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The request builder of a client made no request.
    #[error("the request could not be built")]
    Unbuilt(#[source] BoxError),
    /// PLAINTEXT would send the secrets over http to another machine.
    #[error(
        "PLAINTEXT sends the secrets themselves, so it needs https: use https or an HMAC method, or \
         allow it with SignerBuilder::allow_plaintext_over_http"
    )]
    InsecurePlaintext,
}

/// Bytes that are ready to be signed have no error of their own.
impl From<std::convert::Infallible> for SignError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
