//! Why a request, or its URL, cannot be signed as it stands.

use crate::parameter::ParameterSource;

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
    /// The request has a parameter that the signer sends itself.
    ///
    /// > Each parameter MUST NOT appear more than once per request. (§3.1)
    #[error(
        "the request's {found_in} has the parameter {name:?}, which the signer sends itself: remove it there"
    )]
    ReservedParameter {
        /// The parameter's name, decoded.
        name: String,
        /// The place where the request has it.
        found_in: ParameterSource,
    },
    /// The body's bytes cannot be seen, so `oauth_body_hash` cannot be computed.
    #[error(
        "oauth_body_hash needs the body's bytes, which cannot be seen: hand them over with \
         RequestRef::body (empty where there is no body), or their digest with RequestRef::body_digest"
    )]
    UnseenBody,
    /// A value of serde's cannot be a form: it is nested, or has no names.
    #[error(
        "the value for the form body is not flat: give names with one value or a sequence of values each"
    )]
    UnserializableForm,
    /// The digest that was handed over is not one of the method's hash.
    #[error(
        "the body digest has {found} bytes instead of {expected}: give the raw digest of the signature method's hash"
    )]
    WrongDigest {
        /// The length of a digest of the method's hash, in bytes.
        expected: usize,
        /// The length of the digest that was handed over, in bytes.
        found: usize,
    },
}

/// Longer URLs are refused, in bytes: what [`http::Uri`] can hold, and so what clients can send.
pub const MAX_URL_LEN: usize = u16::MAX as usize - 1;

/// Why a URL cannot be signed. Offsets count bytes from the start of the URL; nothing of the
/// URL's userinfo, path or query is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// There is no text at all.
    #[error("the URL is empty: give an absolute http or https URL")]
    Empty,
    /// The URL is relative, or an `http::Uri` in origin-form.
    #[error("the URL has no scheme: give the absolute URL, such as https://host/path")]
    MissingScheme,
    /// §3.4.1.2 knows `http` and `https` only.
    #[error("the URL's scheme {0:?} cannot be signed: use http or https")]
    UnsupportedScheme(String),
    /// There is no `//` behind the scheme.
    #[error("the URL has no host: write // behind the scheme")]
    MissingAuthority,
    /// There is nothing between `//` and the path.
    #[error("the URL's host is empty")]
    EmptyHost,
    /// The host is in brackets but no IPv6 address, or its bracket is not closed. Zone
    /// identifiers are refused too: they mean nothing to the server.
    #[error("the URL's host is not a valid IPv6 address in brackets (a zone identifier is not allowed)")]
    InvalidHost,
    /// The host has letters beyond ASCII.
    #[error("the URL's host is not ASCII: give its punycode form (xn--…), or pass a url::Url")]
    NonAsciiHost,
    /// The host has a `%`.
    #[error("the URL's host has a percent escape: write it without")]
    PercentInHost,
    /// The port is not a number from 0 to 65535.
    #[error("the URL's port is not a number from 0 to 65535")]
    InvalidPort,
    /// A character that clients would rewrite, or that cannot stand there.
    #[error("the URL has {character:?} at offset {offset}: percent-encode it, or pass a url::Url")]
    InvalidChar {
        /// The character.
        character: char,
        /// Its place.
        offset: usize,
    },
    /// An ASCII control character, tab and line break included: some parsers drop these silently.
    #[error("the URL has a control character at offset {offset}: remove or percent-encode it")]
    ControlChar {
        /// Its place.
        offset: usize,
    },
    /// A space in front of the query.
    #[error("the URL has a space at offset {offset}: write %20, or pass a url::Url")]
    UnencodedSpace {
        /// Its place.
        offset: usize,
    },
    /// A character beyond ASCII in front of the query, not in the host.
    #[error("the URL is not ASCII at offset {offset}: percent-encode it, or pass a url::Url")]
    NonAscii {
        /// Its place.
        offset: usize,
    },
    /// The text for an [`Origin`](super::Origin) has more than scheme, host and port.
    #[error("the origin has user information, a path or a query: give scheme, host and port only")]
    NotAnOrigin,
    /// The URL has more than [`MAX_URL_LEN`] bytes.
    #[error("the URL has {len} bytes, more than {MAX_URL_LEN}")]
    TooLong {
        /// How many it has.
        len: usize,
    },
}
