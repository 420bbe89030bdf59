//! `Signer::authorize`, which signs a request of any client and adds the header.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use super::error::SignError;
use super::signing::Signer;
use crate::request::{RequestError, RequestRef};

impl Signer {
    /// Signs a request and returns it with the Authorization header.
    ///
    /// The request is an [`http::Request`] or, with an adapter's feature, a request of that client. The
    /// header replaces that of an earlier signature.
    ///
    /// # Errors
    /// - Returns [`SignError::Request`] if the request cannot be signed as it is, or if it has an
    ///   Authorization header of another scheme ([`RequestError::SecondAuthorization`]).
    /// - Returns the other errors of [`Signer::sign`] under the same conditions.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret")).build()?;
    /// let request = http::Request::get("https://api.example.com/1/items?count=20").body(())?;
    /// let request = signer.authorize(request)?;
    /// assert!(request.headers().contains_key("authorization"));
    /// # Ok(()) }
    /// ```
    pub fn authorize<R: Authorize>(&self, request: R) -> Result<R, SignError> {
        request.authorize(self)
    }
}

/// A request that [`Signer::authorize`] can sign.
///
/// It is an [`http::Request`] or, with an adapter's feature, a request of that client. The trait is
/// sealed. For a request of another type, use [`Signer::sign`] with a [`RequestRef`].
///
/// # Examples
///
/// A function that signs requests of any client:
///
/// ```
/// use oauth1_signer::{Authorize, SignError, Signer};
///
/// fn signed<R: Authorize>(signer: &Signer, request: R) -> Result<R, SignError> {
///     signer.authorize(request)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given an Authorization header",
    label = "give the request itself: `http::Request<_>`, or one of reqwest's (feature `reqwest`)",
    note = "for any other kind of request, put `signer.sign(RequestRef::new(method, url)?)?.to_header()` on it"
)]
pub trait Authorize: Sized + Sealed {
    #[doc(hidden)]
    fn authorize(self, signer: &Signer) -> Result<Self, SignError>;
}

/// Seals [`Authorize`], so that it can get new methods.
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

/// Signs the view of a request, and sets the request's Authorization header.
///
/// The header replaces that of an earlier signature. `body` is the body if the view cannot see it. On
/// error the request is unchanged.
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

/// Returns an error if there is an Authorization header of another scheme than OAuth.
///
/// A header of an earlier signature may be replaced. One of another scheme was set on purpose.
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
