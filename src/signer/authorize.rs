//! Requests that are signed as a whole.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::error::SignError;
use super::signing::Signer;
use crate::request::{RequestError, RequestRef};

impl Signer {
    /// Signs a request and puts the Authorization header on it, in place of an earlier signature.
    ///
    /// It takes the request and gives it back, so that what was signed is what can be sent. The
    /// request is an [`http::Request`] or, with the adapters, a request of their clients.
    ///
    /// # Errors
    /// If the request cannot be signed as it stands, or has an Authorization of another scheme.
    pub fn authorize<R: Authorize>(&self, request: R) -> Result<R, SignError> {
        request.authorize(self)
    }
}

/// A request that [`Signer::authorize`] takes, signs, and gives back with its Authorization header:
/// [`http::Request`], and those of the clients that there are adapters for.
///
/// It is sealed: for a request of another kind, use [`Signer::sign`] with a [`RequestRef`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given an Authorization header",
    label = "give the request itself: `http::Request<_>`, or one of reqwest's (feature `reqwest`)",
    note = "for any other kind of request, put `signer.sign(RequestRef::new(method, url)?)?.to_header()` on it"
)]
pub trait Authorize: Sized + Sealed {
    #[doc(hidden)]
    fn authorize(self, signer: &Signer) -> Result<Self, SignError>;
}

/// Nothing beyond this crate implements [`Authorize`], so that it can grow.
pub trait Sealed {}

impl<B: 'static> Sealed for http::Request<B> {}

impl<B: 'static> Authorize for http::Request<B> {
    fn authorize(mut self, signer: &Signer) -> Result<Self, SignError> {
        check_authorization(self.headers())?;
        let authorization = signer.sign(RequestRef::try_from(&self)?)?.to_header();
        self.headers_mut().insert(AUTHORIZATION, authorization);
        Ok(self)
    }
}

/// A header of an earlier signature is replaced; one of another scheme somebody wanted to be there.
pub(crate) fn check_authorization(headers: &HeaderMap) -> Result<(), RequestError> {
    let is_ours = |value: &http::HeaderValue| {
        value.as_bytes().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"OAuth "))
    };
    if headers.get_all(AUTHORIZATION).iter().all(is_ours) {
        Ok(())
    } else {
        Err(RequestError::SecondAuthorization)
    }
}
