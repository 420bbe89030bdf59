//! Signs a request as a whole and puts the header on: the same for the requests of every client.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use super::error::SignError;
use super::signing::Signer;
use crate::request::{RequestError, RequestRef};

impl Signer {
    /// Signs a request and puts the Authorization header on it, in place of an earlier signature.
    ///
    /// It takes the request and returns it, so that the signed request is the one that is sent. The request is an
    /// [`http::Request`] or, with the adapters, a request of their clients.
    ///
    /// # Errors
    /// Returns [`SignError::Request`] if the request cannot be signed as it is, or has an Authorization of another
    /// scheme.
    pub fn authorize<R: Authorize>(&self, request: R) -> Result<R, SignError> {
        request.authorize(self)
    }
}

/// A request that [`Signer::authorize`] can sign: an [`http::Request`], or a request of a client that there is an
/// adapter for.
///
/// The trait is sealed. For a request of another type, use [`Signer::sign`] with a [`RequestRef`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given an Authorization header",
    label = "give the request itself: `http::Request<_>`, or one of reqwest's (feature `reqwest`)",
    note = "for any other kind of request, put `signer.sign(RequestRef::new(method, url)?)?.to_header()` on it"
)]
pub trait Authorize: Sized + Sealed {
    #[doc(hidden)]
    fn authorize(self, signer: &Signer) -> Result<Self, SignError>;
}

/// Keeps other crates from implementing [`Authorize`], so that it can grow.
pub trait Sealed {}

impl<B: 'static> Sealed for http::Request<B> {}

impl<B: 'static> Authorize for http::Request<B> {
    fn authorize(mut self, signer: &Signer) -> Result<Self, SignError> {
        put_on(signer, &mut self, None, |request| Ok::<_, SignError>(RequestRef::try_from(request)?))?;
        Ok(self)
    }
}

/// A request whose headers can be changed.
pub(crate) trait Headers {
    fn headers(&self) -> &HeaderMap;
    fn headers_mut(&mut self) -> &mut HeaderMap;
}

impl<B> Headers for http::Request<B> {
    fn headers(&self) -> &HeaderMap {
        self.headers()
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers_mut()
    }
}

/// Signs `view` of a request, and puts the Authorization header on the request in place of an earlier signature.
///
/// `body` is the body where the view cannot see it. On error the request is unchanged.
pub(crate) fn put_on<R: Headers, E: From<SignError>>(
    signer: &Signer,
    request: &mut R,
    body: Option<&[u8]>,
    view: impl FnOnce(&R) -> Result<RequestRef<'_>, E>,
) -> Result<(), E> {
    check_authorization(request.headers())?;
    let view = view(request)?;
    let view = match body {
        Some(body) => view.body(body),
        None => view,
    };
    let authorization = signer.sign(view)?.to_header();
    request.headers_mut().insert(AUTHORIZATION, authorization);
    Ok(())
}

/// A header of an earlier signature is replaced. One of another scheme was put there on purpose, and is an error.
fn check_authorization(headers: &HeaderMap) -> Result<(), SignError> {
    let is_ours = |value: &HeaderValue| {
        value.as_bytes().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"OAuth "))
    };
    if headers.get_all(AUTHORIZATION).iter().all(is_ours) {
        Ok(())
    } else {
        Err(RequestError::SecondAuthorization.into())
    }
}
