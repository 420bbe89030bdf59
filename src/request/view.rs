//! The view of a request.

use http::uri::Scheme;

use super::body::{Body, Content};
use super::error::RequestError;
use super::host::{check_host, host};
use super::pairs::{Kind, PairsRef};
use super::uri::Target;
use super::url::UrlRef;

/// A borrowed view of an HTTP request: method, URL, and body as far as it can be seen.
///
/// Most callers never name this type: [`Signer::sign`](crate::Signer::sign) takes
/// `&http::Request<B>` and `&http::request::Parts` as they are. It is there for a method and a URL
/// without either, and to show a body that its type hides.
///
/// ```
/// use oauth1_signer::RequestRef;
///
/// # fn main() -> Result<(), oauth1_signer::request::RequestError> {
/// let plain = RequestRef::new("GET", "https://api.example.com/1/items?count=20")?;
/// let form = RequestRef::new("POST", "https://api.example.com/1/items")?.form(&[("name", "tea & cake")]);
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
    /// A request without a body.
    ///
    /// `method` is a text or an [`http::Method`]. `url` is an absolute URL: a text, an
    /// [`http::Uri`] or, with the feature `url`, a `url::Url`. It must be the URL that goes on the
    /// wire, query included.
    ///
    /// # Errors
    /// If the method is no HTTP method, or the URL cannot be signed (§3.4.1.2).
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

    /// A request whose body is not looked at, of any type; [`body`](Self::body) hands the bytes
    /// over where they are known otherwise.
    ///
    /// This is for bodies that borrow: those of type `B: 'static` are seen through
    /// `RequestRef::try_from(&request)` already.
    ///
    /// # Errors
    /// If the URL cannot be signed, or the Content-Type is not clear.
    pub fn without_body<B>(request: &'a http::Request<B>) -> Result<Self, RequestError> {
        Self::from_http(request.method(), request.uri(), request.headers(), Body::Unseen)
    }

    /// A request in origin-form (`GET /path?query` with a Host header), as connections take it; the
    /// scheme is that of the connection. In absolute form the scheme is there already, and must be
    /// this one. The body is not looked at: [`body`](Self::body) hands it over.
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
    ///
    /// # Errors
    /// If there is not just one Host header, it is no host, or the Content-Type is not clear.
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

    /// A request as a server has received it, and its body where it was handed over.
    pub(crate) fn received(
        method: &'a str,
        target: Target<'a>,
        content: Content,
        body: Option<&'a [u8]>,
    ) -> Self {
        let body = body.map_or(Body::Unseen, Body::Bytes);
        Self { method, target, query: PairsRef::NONE, content, body, digest: None }
    }

    /// The body of the request that this is a view of, as far as it can be seen.
    #[cfg(feature = "tower")]
    pub(crate) fn with_body_of<B: 'static>(mut self, request: &'a http::Request<B>) -> Self {
        self.body = Body::of_value(request.body());
        self
    }

    /// A request of a client that holds its URL as a `url::Url`, serialised here.
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

    /// Adds decoded query parameters that the client will append to the URL.
    ///
    /// `pairs` is a reference to a slice, an array, a `Vec` or a map of texts, or to a [`Form`].
    ///
    /// [`Form`]: super::Form
    pub fn query(mut self, pairs: impl Into<PairsRef<'a>>) -> Self {
        self.query = pairs.into();
        self
    }

    /// Sets the parameters of a form body, decoded, in any order.
    ///
    /// `pairs` is a reference to a slice, an array, a `Vec` or a map of texts, or to a [`Form`]. The
    /// client sends them as `application/x-www-form-urlencoded`.
    ///
    /// [`Form`]: super::Form
    pub fn form(mut self, pairs: impl Into<PairsRef<'a>>) -> Self {
        let pairs = pairs.into();
        self.content = Content::Form;
        self.body = match pairs.kind {
            Kind::Form(form) => Body::Bytes(form.as_str().as_bytes()),
            _ => Body::Pairs(pairs),
        };
        self
    }

    /// The body's bytes, exactly as they are sent.
    pub fn body(mut self, bytes: &'a [u8]) -> Self {
        self.body = Body::Bytes(bytes);
        self
    }

    /// The Content-Type header's value. `application/x-www-form-urlencoded`, with or without
    /// parameters such as `charset`, makes the body part of the signature.
    pub fn content_type(mut self, media_type: &str) -> Self {
        self.content = Content::of_media_type(media_type.as_bytes());
        self
    }

    /// The digest of the body, in raw bytes, where the body itself cannot be seen: for
    /// `oauth_body_hash`. It must be of the signature method's own hash.
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

    /// Calls `each` with every further query parameter, decoded.
    pub(crate) fn each_extra_query(&self, each: impl FnMut(&'a str, &'a str)) {
        self.query.for_each(each);
    }

    /// The further query where it is encoded already.
    pub(crate) fn encoded_extra_query(&self) -> &'a str {
        match self.query.kind {
            Kind::Form(form) => form.as_str(),
            _ => "",
        }
    }

    pub(crate) fn content(&self) -> Content {
        self.content
    }

    /// The body where it is a form, and so part of the signature.
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

    /// The body's bytes; none where it is not seen.
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

/// The bytes of the body are never shown, nor is more of the URL than its origin.
impl std::fmt::Debug for RequestRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestRef")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

/// Any request of the `http` crate. Bodies in memory are seen: `String`, `Vec<u8>`, `&'static str`,
/// `&'static [u8]`, `Bytes`, `BytesMut`, and boxed, shared and `Cow` text or bytes; `()` is no body.
/// Of any other type a body is taken as unseen, which is an error where the Content-Type says form.
impl<'a, B: 'static> TryFrom<&'a http::Request<B>> for RequestRef<'a> {
    type Error = RequestError;

    #[inline]
    fn try_from(request: &'a http::Request<B>) -> Result<Self, RequestError> {
        let body = Body::of_value(request.body());
        Self::from_http(request.method(), request.uri(), request.headers(), body)
    }
}

/// The head of a request: the body is unseen.
impl<'a> TryFrom<&'a http::request::Parts> for RequestRef<'a> {
    type Error = RequestError;

    fn try_from(parts: &'a http::request::Parts) -> Result<Self, RequestError> {
        Self::from_http(&parts.method, &parts.uri, &parts.headers, Body::Unseen)
    }
}

/// RFC 9110 §5.6.2: a method is a token.
fn check_method(method: &str) -> Result<&str, RequestError> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    match method.bytes().position(|byte| !is_token(byte)) {
        Some(offset) => Err(RequestError::InvalidMethod { offset }),
        None if method.is_empty() => Err(RequestError::EmptyMethod),
        None => Ok(method),
    }
}
