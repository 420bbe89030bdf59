//! Why a request cannot be viewed.

use super::target::UrlError;

/// Why a request cannot be signed as it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The URL is at fault.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The method is empty.
    #[error("the method is empty: give GET, POST, …")]
    EmptyMethod,
    /// The method is not a token (RFC 9110 §9.1).
    #[error("the method has a character at offset {offset} that no HTTP method may have")]
    InvalidMethod {
        /// Its place, in bytes.
        offset: usize,
    },
    /// The target is in origin-form, and there is not just one Host header that tells the host.
    #[error("the request has no host: give it an absolute URL, or just one Host header")]
    NoHost,
    /// The Host header is for another host or port than the URL. Servers go by the header.
    #[error("the Host header is not that of the URL: leave it out, or put its host into the URL")]
    OtherHost,
    /// The URL names another scheme than the connection's.
    #[error("the request's URL has another scheme than the connection it is for")]
    OtherScheme,
    /// The request has an Authorization of another scheme, or user information in its URL, which
    /// clients make one of.
    #[error(
        "the request would have a second Authorization: leave out user information in the URL, and other \
         Authorization headers (basic_auth, bearer_auth)"
    )]
    SecondAuthorization,
    /// More than one Content-Type header: servers differ on which one counts.
    #[error("the request has more than one Content-Type header: keep one")]
    AmbiguousContentType,
    /// The Content-Type begins with `application/x-www-form-urlencoded` or lists it, and is not that
    /// media type: some servers read such a body as a form, and others do not.
    ///
    /// Where it is another media type by its grammar, such as `application/x-www-form-urlencoded-x`, the signer
    /// accepts it, and the verifier does not.
    #[error(
        "the Content-Type is nearly application/x-www-form-urlencoded: send just that, or with \
         well-formed parameters (; charset=UTF-8), or another media type"
    )]
    UnclearContentType,
    /// The Content-Type of the form names a charset other than UTF-8: servers differ on what its bytes
    /// mean.
    #[error("the Content-Type of the form has a charset other than UTF-8: send the form in UTF-8")]
    FormCharset,
    /// The Content-Type is `application/x-www-form-urlencoded`, so the body's parameters are part
    /// of the signature (§3.4.1.3.1), but its bytes cannot be seen.
    #[error(
        "the Content-Type says form, but the body's bytes cannot be seen: sign a request whose body \
         is in memory (String, Vec<u8>, Bytes, …), or hand the bytes over with RequestRef::body"
    )]
    UnbufferedFormBody,
    /// A form under a Content-Encoding: what is signed is the form, what is sent is not.
    #[error("the form body has a Content-Encoding: send the form as it is, without compression")]
    EncodedFormBody,
}
