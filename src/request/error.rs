//! The errors of a request, or of its URL, that cannot be signed.

use crate::parameter::ParameterSource;

/// The reason why a request cannot be signed.
///
/// The message of each error says what to change.
///
/// # Examples
///
/// ```
/// use oauth1_signer::RequestRef;
/// use oauth1_signer::request::RequestError;
///
/// let error = RequestRef::new("", "https://api.example.com/1/items").unwrap_err();
/// assert_eq!(error, RequestError::EmptyMethod);
/// assert_eq!(error.to_string(), "the method is empty: give GET, POST, …");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The URL cannot be signed.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The method is empty.
    #[error("the method is empty: give GET, POST, …")]
    EmptyMethod,
    /// The method has a character that is not allowed in a token (RFC 9110 §9.1).
    #[error("the method has a character at offset {offset} that no HTTP method may have")]
    InvalidMethod {
        /// The offset of the character in the method, in bytes.
        offset: usize,
    },
    /// The request is in origin-form, and does not have exactly one valid Host header.
    #[error("the request has no host: give it an absolute URL, or just one Host header")]
    NoHost,
    /// The Host header has another host or port than the URL.
    ///
    /// Servers verify the signature with the host of the header.
    #[error("the Host header is not that of the URL: leave it out, or put its host into the URL")]
    OtherHost,
    /// The URL has another scheme than the connection.
    #[error("the request's URL has another scheme than the connection it is for")]
    OtherScheme,
    /// The request has an Authorization header of another scheme, or user information in its URL.
    ///
    /// HTTP clients send user information as an Authorization header of the scheme Basic.
    #[error(
        "the request would have a second Authorization: leave out user information in the URL, and other \
         Authorization headers (basic_auth, bearer_auth)"
    )]
    SecondAuthorization,
    /// The request has more than one Content-Type header.
    ///
    /// Some servers read the first one, others the last one.
    #[error("the request has more than one Content-Type header: keep one")]
    AmbiguousContentType,
    /// The Content-Type looks like `application/x-www-form-urlencoded`, but is not that media type.
    ///
    /// It starts with this text, or lists it among other media types. Some servers read such a body as a
    /// form, and others do not. If the Content-Type is a valid media type that only starts with the text,
    /// such as `application/x-www-form-urlencoded-x`, the signer accepts it and the verifier rejects it.
    #[error(
        "the Content-Type is nearly application/x-www-form-urlencoded: send just that, or with \
         well-formed parameters (; charset=UTF-8), or another media type"
    )]
    UnclearContentType,
    /// The Content-Type of the form has a charset other than UTF-8.
    ///
    /// Servers differ on the meaning of its bytes.
    #[error("the Content-Type of the form has a charset other than UTF-8: send the form in UTF-8")]
    FormCharset,
    /// The body is a form (`application/x-www-form-urlencoded`), but its bytes are unknown.
    ///
    /// The parameters of a form are part of the signature (RFC 5849 §3.4.1.3.1). Pass the bytes with
    /// [`RequestRef::body`](super::RequestRef::body).
    #[error(
        "the Content-Type says form, but the body's bytes cannot be seen: sign a request whose body \
         is in memory (String, Vec<u8>, Bytes, …), or hand the bytes over with RequestRef::body"
    )]
    UnbufferedFormBody,
    /// The form body has a Content-Encoding, so the bytes that are sent are not those of the form.
    #[error("the form body has a Content-Encoding: send the form as it is, without compression")]
    EncodedFormBody,
    /// The query or the form has a parameter that the signer adds, such as `oauth_nonce`.
    ///
    /// > Each parameter MUST NOT appear more than once per request. (§3.1)
    #[error(
        "the request's {found_in} has the parameter {name:?}, which the signer sends itself: remove it there"
    )]
    ReservedParameter {
        /// The parameter's name, decoded.
        name: String,
        /// The part of the request that contains it.
        found_in: ParameterSource,
    },
    /// The bytes of the body are unknown, so `oauth_body_hash` cannot be computed.
    ///
    /// Pass the bytes with [`RequestRef::body`](super::RequestRef::body), or their digest with
    /// [`RequestRef::body_digest`](super::RequestRef::body_digest).
    #[error(
        "oauth_body_hash needs the body's bytes, which cannot be seen: hand them over with \
         RequestRef::body (empty where there is no body), or their digest with RequestRef::body_digest"
    )]
    UnseenBody,
    /// The value cannot be serialized as a form, because it is nested or its fields have no names.
    #[error(
        "the value for the form body is not flat: give names with one value or a sequence of values each"
    )]
    UnserializableForm,
    /// The digest of the body does not have the length of the signature method's hash.
    #[error(
        "the body digest has {found} bytes instead of {expected}: give the raw digest of the signature method's hash"
    )]
    WrongDigest {
        /// The length of a digest of the method's hash, in bytes.
        expected: usize,
        /// The length of the digest that was passed, in bytes.
        found: usize,
    },
}

/// The maximum length of a URL, in bytes; longer URLs are rejected.
///
/// This is the maximum length of an [`http::Uri`], and therefore of what clients can send.
pub const MAX_URL_LEN: usize = u16::MAX as usize - 1;

/// The reason why a URL cannot be signed (RFC 5849 §3.4.1.2).
///
/// Offsets count bytes from the start of the URL. The error does not repeat the URL, which may contain
/// secrets.
///
/// # Examples
///
/// ```
/// use oauth1_signer::Origin;
/// use oauth1_signer::request::UrlError;
///
/// assert_eq!(Origin::new("ftp://h/"), Err(UrlError::UnsupportedScheme("ftp".into())));
/// assert_eq!(Origin::new("https://h:x/"), Err(UrlError::InvalidPort));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// The text is empty.
    #[error("the URL is empty: give an absolute http or https URL")]
    Empty,
    /// The URL is relative, or an `http::Uri` in origin-form.
    #[error("the URL has no scheme: give the absolute URL, such as https://host/path")]
    MissingScheme,
    /// The scheme, which the field contains, is neither `http` nor `https`.
    #[error("the URL's scheme {0:?} cannot be signed: use http or https")]
    UnsupportedScheme(String),
    /// The scheme is not followed by `//`.
    #[error("the URL has no host: write // behind the scheme")]
    MissingAuthority,
    /// The host is empty.
    #[error("the URL's host is empty")]
    EmptyHost,
    /// The host has brackets, but is not a valid IPv6 address in brackets.
    ///
    /// An address with a zone identifier is also rejected, because it has no meaning for the server.
    #[error("the URL's host is not a valid IPv6 address in brackets (a zone identifier is not allowed)")]
    InvalidHost,
    /// The host is not ASCII.
    #[error("the URL's host is not ASCII: give its punycode form (xn--…), or pass a url::Url")]
    NonAsciiHost,
    /// The host contains a `%`.
    #[error("the URL's host has a percent escape: write it without")]
    PercentInHost,
    /// The port is not a number from 0 to 65535.
    #[error("the URL's port is not a number from 0 to 65535")]
    InvalidPort,
    /// The URL has a character that clients would rewrite, or that is not allowed there.
    #[error("the URL has {character:?} at offset {offset}: percent-encode it, or pass a url::Url")]
    InvalidChar {
        /// The character.
        character: char,
        /// The offset of the character, in bytes.
        offset: usize,
    },
    /// The URL has an ASCII control character, such as a tab or a line break.
    ///
    /// Some parsers remove these characters silently.
    #[error("the URL has a control character at offset {offset}: remove or percent-encode it")]
    ControlChar {
        /// The offset of the character, in bytes.
        offset: usize,
    },
    /// The URL has a space before the query.
    #[error("the URL has a space at offset {offset}: write %20, or pass a url::Url")]
    UnencodedSpace {
        /// The offset of the space, in bytes.
        offset: usize,
    },
    /// The path of the URL is not ASCII.
    #[error("the URL is not ASCII at offset {offset}: percent-encode it, or pass a url::Url")]
    NonAscii {
        /// The offset of the first such character, in bytes.
        offset: usize,
    },
    /// The text for an [`Origin`](super::Origin) has more than scheme, host and port.
    #[error("the origin has user information, a path or a query: give scheme, host and port only")]
    NotAnOrigin,
    /// The URL has more than [`MAX_URL_LEN`] bytes.
    #[error("the URL has {len} bytes, more than {MAX_URL_LEN}")]
    TooLong {
        /// The length of the URL, in bytes.
        len: usize,
    },
}
