//! The borrowed view of a request that the signer reads.

use http::uri::Scheme;

use super::body::{Body, Content};
use super::error::RequestError;
use super::host::{check_host, host};
use super::pairs::{Kind, PairsRef};
use super::uri::Target;
use super::url::UrlRef;

/// A borrowed view of an HTTP request: its method, its URL and, if it is known, its body.
///
/// Most callers do not need this type, because [`Signer::sign`](crate::Signer::sign) also takes a reference
/// to an [`http::Request`] or to its [`Parts`](http::request::Parts). Use it in two cases:
///
/// - You have a method and a URL, but no [`http::Request`]: call [`new`](Self::new).
/// - The type of the body hides its bytes, as a stream does: call [`without_body`](Self::without_body), then
///   [`body`](Self::body).
///
/// # Examples
///
/// ```
/// use oauth1_signer::RequestRef;
///
/// # fn main() -> Result<(), oauth1_signer::request::RequestError> {
/// let plain = RequestRef::new("GET", "https://api.example.com/1/items?count=20")?;
/// let pairs = [("name", "tea & cake")];
/// let form = RequestRef::new("POST", "https://api.example.com/1/items")?.form(&pairs);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct RequestRef<'a> {
    method: &'a str,
    target: Target<'a>,
    query: PairsRef<'a>,
    content: Content,
    body: Body<'a>,
    digest: Option<&'a [u8]>,
}

impl<'a> RequestRef<'a> {
    /// Creates a view of a request without a body.
    ///
    /// `method` is a `str` or an [`http::Method`]. `url` is a `str`, an [`http::Uri`] or, with the feature
    /// `url`, a `url::Url`. It must be absolute, and it must be the URL that is sent, with its query.
    ///
    /// # Errors
    /// Returns [`RequestError::EmptyMethod`] or [`RequestError::InvalidMethod`] if `method` is not an HTTP
    /// method, and [`RequestError::Url`] if the URL cannot be signed (RFC 5849 §3.4.1.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::RequestRef;
    /// use oauth1_signer::request::{RequestError, UrlError};
    ///
    /// assert!(RequestRef::new("GET", "https://api.example.com/1/items?count=20").is_ok());
    /// let error = RequestRef::new("GET", "/1/items").unwrap_err();
    /// assert_eq!(error, RequestError::Url(UrlError::MissingScheme));
    /// ```
    pub fn new<M, U>(method: &'a M, url: U) -> Result<Self, RequestError>
    where
        M: AsRef<str> + ?Sized,
        U: Into<UrlRef<'a>>,
    {
        Ok(Self {
            method: check_method(method.as_ref())?,
            target: url.into().target()?,
            query: PairsRef::NONE,
            content: Content::Unsaid,
            body: Body::Absent,
            digest: None,
        })
    }

    /// Creates a view of a request without reading its body, which may be of any type.
    ///
    /// Add the bytes with [`body`](Self::body) if you have them. You need this method for bodies that borrow.
    /// For a body of type `B: 'static`, `RequestRef::try_from(&request)` reads the bytes if they are in
    /// memory.
    ///
    /// # Errors
    /// Returns [`RequestError::Url`] if the URL cannot be signed, [`RequestError::OtherHost`] if the Host
    /// header contradicts it, and [`RequestError::AmbiguousContentType`] or
    /// [`RequestError::UnclearContentType`] if the Content-Type header is not clear.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::RequestRef;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let text = String::from("name=tea");
    /// let request = http::Request::post("https://api.example.com/1/items")
    ///     .header("content-type", "application/x-www-form-urlencoded")
    ///     .body(text.as_str())?;
    /// let view = RequestRef::without_body(&request)?.body(request.body().as_bytes());
    /// # Ok(()) }
    /// ```
    pub fn without_body<B>(request: &'a http::Request<B>) -> Result<Self, RequestError> {
        Self::from_http(request.method(), request.uri(), request.headers(), Body::Unseen)
    }

    /// Creates a view of a request in origin-form: `GET /path?query` and a Host header.
    ///
    /// HTTP/1 connections take requests in this form. `scheme` is the scheme of the connection. If the
    /// request's URL is absolute, its scheme must be the same. The body is not read: add it with
    /// [`body`](Self::body).
    ///
    /// # Errors
    /// Returns [`RequestError::NoHost`] if the request does not have exactly one valid Host header,
    /// [`RequestError::OtherScheme`] if its URL is absolute and has another scheme, and other errors as
    /// [`without_body`](Self::without_body) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use http::uri::Scheme;
    /// use oauth1_signer::RequestRef;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let request = http::Request::get("/photos?size=original").header("host", "photos.example.net").body(())?;
    /// let view = RequestRef::in_origin_form(&request, &Scheme::HTTPS)?;
    /// # Ok(()) }
    /// ```
    pub fn in_origin_form<B>(request: &'a http::Request<B>, scheme: &Scheme) -> Result<Self, RequestError> {
        let (uri, headers) = (request.uri(), request.headers());
        let target = match uri.scheme() {
            None => Target::from_parts(scheme, host(headers)?, uri)?,
            Some(own) if own == scheme => {
                let target = Target::from_http(uri)?;
                check_host(&target, headers)?;
                target
            }
            Some(_) => return Err(RequestError::OtherScheme),
        };
        Self::from_target(request.method(), target, headers, Body::Unseen)
    }

    fn from_http(
        method: &'a http::Method,
        uri: &'a http::Uri,
        headers: &http::HeaderMap,
        body: Body<'a>,
    ) -> Result<Self, RequestError> {
        let target = Target::from_http(uri)?;
        check_host(&target, headers)?;
        Self::from_target(method, target, headers, body)
    }

    fn from_target(
        method: &'a http::Method,
        target: Target<'a>,
        headers: &http::HeaderMap,
        body: Body<'a>,
    ) -> Result<Self, RequestError> {
        let content = Content::of_headers(headers)?;
        Ok(Self { method: method.as_str(), target, query: PairsRef::NONE, content, body, digest: None })
    }

    /// Creates a view of a request that a server received, with its body if the caller passed it.
    pub(crate) fn received(
        method: &'a str,
        target: Target<'a>,
        content: Content,
        body: Option<&'a [u8]>,
    ) -> Self {
        let body = body.map_or(Body::Unseen, Body::Bytes);
        Self { method, target, query: PairsRef::NONE, content, body, digest: None }
    }

    /// Sets the body to that of `request`, which this is a view of, if its bytes are in memory.
    #[cfg(feature = "tower")]
    pub(crate) fn with_body_of<B: 'static>(mut self, request: &'a http::Request<B>) -> Self {
        self.body = Body::of_value(request.body());
        self
    }

    /// Creates a view of a request of a client that keeps its URL as a `url::Url`; `url` is its text.
    #[cfg(feature = "reqwest")]
    pub(crate) fn from_client(
        method: &'a http::Method,
        url: &'a str,
        headers: &http::HeaderMap,
        body: Body<'a>,
    ) -> Result<Self, RequestError> {
        let target = Target::split(url)?;
        if target.has_userinfo() {
            return Err(RequestError::SecondAuthorization);
        }
        check_host(&target, headers)?;
        Self::from_target(method, target, headers, body)
    }

    /// Sets decoded query parameters that the client will append to the URL.
    ///
    /// `pairs` is a reference to a slice, an array, a `Vec` or a map of strings, or to a [`Form`].
    ///
    /// [`Form`]: super::Form
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{RequestRef, signature_base_string};
    ///
    /// # fn main() -> Result<(), oauth1_signer::request::RequestError> {
    /// let request = RequestRef::new("GET", "https://h/")?.query(&[("q", "tea & cake")]);
    /// let same = RequestRef::new("GET", "https://h/?q=tea+%26+cake")?;
    /// assert_eq!(signature_base_string(&request)?, signature_base_string(&same)?);
    /// # Ok(()) }
    /// ```
    pub fn query(mut self, pairs: impl Into<PairsRef<'a>>) -> Self {
        self.query = pairs.into();
        self
    }

    /// Sets the decoded parameters of a form body, in any order.
    ///
    /// `pairs` is a reference to a slice, an array, a `Vec` or a map of strings, or to a [`Form`]. The client
    /// must send them as `application/x-www-form-urlencoded`.
    ///
    /// [`Form`]: super::Form
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{RequestRef, signature_base_string};
    ///
    /// # fn main() -> Result<(), oauth1_signer::request::RequestError> {
    /// let request = RequestRef::new("POST", "https://h/")?.form(&[("q", "tea & cake")]);
    /// assert_eq!(signature_base_string(&request)?, "POST&https%3A%2F%2Fh%2F&q%3Dtea%2520%2526%2520cake");
    /// # Ok(()) }
    /// ```
    pub fn form(mut self, pairs: impl Into<PairsRef<'a>>) -> Self {
        let pairs = pairs.into();
        self.content = Content::Form;
        self.body = match pairs.kind {
            Kind::Form(form) => Body::Bytes(form.as_str().as_bytes()),
            _ => Body::Pairs(pairs),
        };
        self
    }

    /// Sets the bytes of the body, exactly as they are sent.
    ///
    /// The signature covers them if [`content_type`](Self::content_type) is that of a form, or with
    /// `oauth_body_hash`.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{BodyHashPolicy, ClientCredentials, RequestRef, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret"))
    ///     .body_hash(BodyHashPolicy::NotForms)
    ///     .build()?;
    /// let request = RequestRef::new("POST", "https://api.example.com/1/items")?
    ///     .content_type("application/json")
    ///     .body(br#"{"name":"tea"}"#);
    /// assert!(signer.sign(request)?.to_header().to_str()?.contains("oauth_body_hash"));
    /// # Ok(()) }
    /// ```
    pub fn body(mut self, bytes: &'a [u8]) -> Self {
        self.body = Body::Bytes(bytes);
        self
    }

    /// Sets the value of the Content-Type header.
    ///
    /// If it is `application/x-www-form-urlencoded`, with or without parameters such as `charset`, the
    /// signature covers the body.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::RequestRef;
    ///
    /// # fn main() -> Result<(), oauth1_signer::request::RequestError> {
    /// let request = RequestRef::new("POST", "https://api.example.com/1/items")?
    ///     .content_type("application/x-www-form-urlencoded")
    ///     .body(b"name=tea+%26+cake");
    /// # Ok(()) }
    /// ```
    pub fn content_type(mut self, media_type: &str) -> Self {
        self.content = Content::of_media_type(media_type.as_bytes());
        self
    }

    /// Sets the digest of the body, in raw bytes, for `oauth_body_hash`.
    ///
    /// Use it if the body is not in memory. The digest must be of the hash function of the signature method,
    /// such as SHA-1 for HMAC-SHA1.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{BodyHashPolicy, ClientCredentials, RequestRef, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sha1_of_file = [0; 20];
    /// let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret"))
    ///     .body_hash(BodyHashPolicy::NotForms)
    ///     .build()?;
    /// let request = RequestRef::new("PUT", "https://api.example.com/1/file")?.body_digest(&sha1_of_file);
    /// assert!(signer.sign(request)?.to_header().to_str()?.contains("oauth_body_hash"));
    /// # Ok(()) }
    /// ```
    pub fn body_digest(mut self, digest: &'a [u8]) -> Self {
        self.digest = Some(digest);
        self
    }

    pub(crate) fn method(&self) -> &'a str {
        self.method
    }

    pub(crate) fn target(&self) -> &Target<'a> {
        &self.target
    }

    /// Calls `each` with every parameter that [`query`](Self::query) added, decoded.
    ///
    /// It skips a [`Form`](super::Form), which is encoded: see
    /// [`encoded_extra_query`](Self::encoded_extra_query).
    pub(crate) fn each_extra_query(&self, each: impl FnMut(&'a str, &'a str)) {
        self.query.for_each(each);
    }

    /// Returns the text of the form that [`query`](Self::query) added, or an empty string.
    pub(crate) fn encoded_extra_query(&self) -> &'a str {
        match self.query.kind {
            Kind::Form(form) => form.as_str(),
            _ => "",
        }
    }

    pub(crate) fn content(&self) -> Content {
        self.content
    }

    /// Returns the body if it is a form and therefore part of the signature.
    pub(crate) fn form_body(&self) -> Result<Option<Body<'a>>, RequestError> {
        match (self.content.check()?, self.body) {
            (true, Body::Absent | Body::Unseen) => Err(RequestError::UnbufferedFormBody),
            (true, body) => Ok(Some(body)),
            (false, _) => Ok(None),
        }
    }

    pub(crate) fn raw_body(&self) -> Body<'a> {
        self.body
    }

    /// Returns the bytes of the body, or an empty slice if they are not known.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        match self.body {
            Body::Bytes(bytes) => bytes,
            _ => &[],
        }
    }

    pub(crate) fn digest(&self) -> Option<&'a [u8]> {
        self.digest
    }
}

/// Prints the method, the origin and the kind of content, never the body, the path or the query.
impl std::fmt::Debug for RequestRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestRef")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

/// Creates a view of a request of the `http` crate, with its body if the bytes are in memory.
///
/// These types of bodies are read: `String`, `Vec<u8>`, `&'static str`, `&'static [u8]`, `Bytes`, `BytesMut`,
/// and `Box`, `Arc` and `Cow` of `str` or `[u8]`. `()` is no body. The bytes of any other type are unknown:
/// signing then returns [`RequestError::UnbufferedFormBody`] if the Content-Type is that of a form.
impl<'a, B: 'static> TryFrom<&'a http::Request<B>> for RequestRef<'a> {
    type Error = RequestError;

    #[inline]
    fn try_from(request: &'a http::Request<B>) -> Result<Self, RequestError> {
        let body = Body::of_value(request.body());
        Self::from_http(request.method(), request.uri(), request.headers(), body)
    }
}

/// Creates a view of the head of a request; the body is unknown.
impl<'a> TryFrom<&'a http::request::Parts> for RequestRef<'a> {
    type Error = RequestError;

    fn try_from(parts: &'a http::request::Parts) -> Result<Self, RequestError> {
        Self::from_http(&parts.method, &parts.uri, &parts.headers, Body::Unseen)
    }
}

/// Returns an error if a method is not a token (RFC 9110 §5.6.2).
fn check_method(method: &str) -> Result<&str, RequestError> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    match method.bytes().position(|byte| !is_token(byte)) {
        Some(offset) => Err(RequestError::InvalidMethod { offset }),
        None if method.is_empty() => Err(RequestError::EmptyMethod),
        None => Ok(method),
    }
}
