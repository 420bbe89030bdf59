//! Redirects. A signature is valid for one URL, so each hop is signed anew, on the same origin only.

use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::error::{Error, RedirectError};

/// The client's rule for redirects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Redirects {
    #[default]
    Never,
    SameOrigin,
}

/// The maximum number of hops. With more it is a loop.
const MAX_HOPS: usize = 5;

/// The next request of a redirect.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) keeps_body: bool,
}

/// The head of a response, and the URL that it came from.
#[derive(Clone, Copy)]
pub(super) struct Seen<'r> {
    pub(super) status: StatusCode,
    pub(super) headers: &'r HeaderMap,
    pub(super) url: &'r Url,
}

impl Redirects {
    /// Returns the next request, or `None` if the response is no redirect.
    ///
    /// The response is that to a request that was signed for `url`, after `hops` redirects.
    pub(super) fn next(
        self,
        hops: usize,
        (method, url): (&Method, &Url),
        response: Seen<'_>,
    ) -> Result<Option<Hop>, Error> {
        let Seen { status, headers, .. } = response;
        let reject = |reason| Err(Error::Redirect { status, reason });
        response.check_unfollowed(url)?;
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        if self == Self::Never {
            return reject(RedirectError::NotFollowed);
        }
        let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let Some(next) = location.and_then(|location| url.join(location).ok()) else {
            return reject(RedirectError::InvalidLocation);
        };
        let has_userinfo = !next.username().is_empty() || next.password().is_some();
        if next.origin() != url.origin() || has_userinfo {
            return reject(RedirectError::OtherOrigin);
        }
        if hops >= MAX_HOPS {
            return reject(RedirectError::TooMany);
        }
        // RFC 9110 §15.4: like browsers, 303 turns every method but HEAD into GET, and 301 and 302 turn POST
        // into GET.
        let becomes_get = match status.as_u16() {
            303 => *method != Method::HEAD,
            301 | 302 => *method == Method::POST,
            _ => false,
        };
        let method = if becomes_get { Method::GET } else { method.clone() };
        Ok(Some(Hop { url: next, method, keeps_body: !becomes_get }))
    }
}

impl Seen<'_> {
    /// Checks that the response came from the requested URL. A fragment is not sent, so it does not count.
    pub(super) fn check_unfollowed(&self, asked: &Url) -> Result<(), Error> {
        let end = url::Position::AfterQuery;
        if asked[..end] == self.url[..end] {
            Ok(())
        } else {
            Err(Error::Redirect { status: self.status, reason: RedirectError::FollowedUnsigned })
        }
    }
}

/// Removes the headers that describe a body, for a request that no longer has one.
pub(super) fn forget_body(headers: &mut HeaderMap) {
    for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, CONTENT_LANGUAGE, TRANSFER_ENCODING] {
        headers.remove(name);
    }
}
