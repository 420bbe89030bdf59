//! Signs a request as a whole and puts the header on: the same for the requests of every client.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use super::{SignError, Signer};
use crate::request::{RequestError, RequestRef};

/// A request that [`Signer::authorize`] can sign: an [`http::Request`], or a request of a client that there is an
/// adapter for.
///
/// The trait is sealed. For a request of another type, use [`Signer::sign`] with a [`RequestRef`].
#[diagnostic::on_unimplemented(
    message = "`Signer::authorize` cannot sign a `{Self}`",
    note = "it takes an `http::Request<B>` whose body is `'static` and, with the feature `reqwest`, a request or a \
            request builder of reqwest",
    note = "for any other type, sign a `RequestRef::new(method, url)` with `Signer::sign`"
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
