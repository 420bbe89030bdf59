//! Redirects: a signature is for one URL, so each hop is signed anew, and only on the same origin.

use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::error::{Error, RedirectError};

/// What to do about redirects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Redirects {
    #[default]
    Refuse,
    SameOrigin,
}

/// More than this, and it is a loop.
const MOST_HOPS: usize = 5;

/// Where to go next, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) keeps_body: bool,
}

impl Redirects {
    /// Whether a request may have to be sent again.
    pub(super) fn may_follow(self) -> bool {
        self == Self::SameOrigin
    }

    /// Reads the answer to a request that was signed for `url`, after `hops` redirects: none if it is
    /// the answer.
    pub(super) fn next(
        self,
        hops: usize,
        (method, url): (&Method, &Url),
        (status, headers, answered): (StatusCode, &HeaderMap, &Url),
    ) -> Result<Option<Hop>, Error> {
        let refuse = |reason| Err(Error::Redirect { status, reason });
        check_unfollowed(status, url, answered)?;
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        if self == Self::Refuse {
            return refuse(RedirectError::NotAsked);
        }
        let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let Some(next) = location.and_then(|location| url.join(location).ok()) else {
            return refuse(RedirectError::NoLocation);
        };
        let has_userinfo = !next.username().is_empty() || next.password().is_some();
        if next.origin() != url.origin() || has_userinfo {
            return refuse(RedirectError::OtherOrigin);
        }
        if hops >= MOST_HOPS {
            return refuse(RedirectError::TooMany);
        }
        // RFC 9110 §15.4: as browsers do, 303 makes a GET of everything, 301 and 302 of a POST.
        let becomes_get = match status.as_u16() {
            303 => *method != Method::HEAD,
            301 | 302 => *method == Method::POST,
            _ => false,
        };
        let method = if becomes_get { Method::GET } else { method.clone() };
        Ok(Some(Hop { url: next, method, keeps_body: !becomes_get }))
    }
}

/// Whether the answer is that of the URL that was asked. The wire knows no fragments.
pub(super) fn check_unfollowed(status: StatusCode, asked: &Url, answered: &Url) -> Result<(), Error> {
    let end = url::Position::AfterQuery;
    if asked[..end] == answered[..end] {
        Ok(())
    } else {
        Err(Error::Redirect { status, reason: RedirectError::Followed })
    }
}

/// Leaves out what speaks of a body, for a request that has none any more.
pub(super) fn forget_body(headers: &mut HeaderMap) {
    for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, CONTENT_LANGUAGE, TRANSFER_ENCODING] {
        headers.remove(name);
    }
}
