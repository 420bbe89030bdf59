//! A request as a server has received it.

use http::{HeaderMap, Method, Request, Uri};

/// A borrowed view of a received request: its head and, where it is wanted, its body.
///
/// The body is wanted where it is a form, or where its hash is signed or asked for, as
/// [`Policy::wants_body`](super::Policy::wants_body) tells. Scheme and host are not read from the
/// request: they are those of the policy's origin.
#[derive(Clone, Copy)]
#[must_use]
pub struct IncomingRequest<'a> {
    pub(super) method: &'a str,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: Option<&'a [u8]>,
}

impl<'a> IncomingRequest<'a> {
    /// A request's head.
    pub fn new(method: &'a Method, uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        Self { method: method.as_str(), uri, headers, body: None }
    }

    /// The bytes of its body, all of them.
    pub fn body(mut self, bytes: &'a [u8]) -> Self {
        self.body = Some(bytes);
        self
    }
}

impl<'a, B> From<&'a Request<B>> for IncomingRequest<'a> {
    /// Its head: [`body`](IncomingRequest::body) hands the body over.
    fn from(request: &'a Request<B>) -> Self {
        Self::new(request.method(), request.uri(), request.headers())
    }
}

impl<'a> From<&'a http::request::Parts> for IncomingRequest<'a> {
    fn from(parts: &'a http::request::Parts) -> Self {
        Self::new(&parts.method, &parts.uri, &parts.headers)
    }
}

/// Neither target nor headers are shown.
impl std::fmt::Debug for IncomingRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IncomingRequest").field("method", &self.method).finish_non_exhaustive()
    }
}
