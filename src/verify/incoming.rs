//! A request as a server has received it, borrowed.

use http::{HeaderMap, Method, Request, Uri};

/// A borrowed view of a received request: its head and, if it is needed, its body.
///
/// [`Policy::wants_body`](super::Policy::wants_body) returns `true` if the body is needed. Scheme and host
/// are not read from the request: they are those of the policy's origin.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::{IncomingRequest, Policy};
///
/// # fn f(policy: &Policy, head: http::request::Parts, body: &[u8]) -> Result<(), oauth1_signer::verify::Rejection> {
/// // The path that the client called, if a router has taken a part of it off.
/// let called: http::Uri = "/api/photos?size=original".parse().expect("a path");
/// let request = IncomingRequest::new(&head.method, &called, &head.headers).body(body);
/// let claim = policy.read(request)?;
/// # let _ = claim;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct IncomingRequest<'a> {
    pub(super) method: &'a str,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: Option<&'a [u8]>,
}

impl<'a> IncomingRequest<'a> {
    /// Creates a view of a request without its body.
    ///
    /// `uri` is the target that the client called. It is absolute, or only path and query.
    pub fn new(method: &'a Method, uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        Self { method: method.as_str(), uri, headers, body: None }
    }

    /// Adds the body, with all of its bytes. An empty slice means that the request has no body.
    pub fn body(mut self, bytes: &'a [u8]) -> Self {
        self.body = Some(bytes);
        self
    }
}

impl<'a, B> From<&'a Request<B>> for IncomingRequest<'a> {
    /// Creates a view without the body. Add the body with [`body`](IncomingRequest::body).
    fn from(request: &'a Request<B>) -> Self {
        Self::new(request.method(), request.uri(), request.headers())
    }
}

impl<'a> From<&'a http::request::Parts> for IncomingRequest<'a> {
    fn from(parts: &'a http::request::Parts) -> Self {
        Self::new(&parts.method, &parts.uri, &parts.headers)
    }
}

/// Shows neither target nor headers.
impl std::fmt::Debug for IncomingRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IncomingRequest").field("method", &self.method).finish_non_exhaustive()
    }
}
