//! The trait of all types that the signer takes as a request.

use super::error::RequestError;
use super::view::RequestRef;

/// A type that [`Signer::sign`](crate::Signer::sign) takes as a request.
///
/// These are a reference to an [`http::Request`], a reference to its [`Parts`](http::request::Parts), and a
/// [`RequestRef`].
///
/// # Examples
///
/// ```
/// # use oauth1_signer::RequestRef;
/// # fn f(signer: oauth1_signer::Signer) -> Result<(), oauth1_signer::SignError> {
/// let signed = signer.sign(RequestRef::new("GET", "https://api.example.com/1/items")?)?;
/// # Ok(()) }
/// ```
///
/// A URL alone is not a request:
///
/// ```compile_fail,E0277
/// # fn f(signer: oauth1_signer::Signer) {
/// signer.sign("https://api.example.com/1/items");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request that can be signed",
    label = "give `&http::Request<_>`, `&http::request::Parts` or `RequestRef`",
    note = "for a method and a URL, write `RequestRef::new(\"GET\", url)?`; for a form, add `.form(&pairs)`",
    note = "a request of reqwest or hyper is signed by `signer.authorize(request)?`, which returns it"
)]
pub trait IntoRequestRef<'r> {
    /// Returns a view of the request.
    ///
    /// # Errors
    /// Returns a [`RequestError`] if the request cannot be signed.
    fn into_request_ref(self) -> Result<RequestRef<'r>, RequestError>;
}

impl<'r> IntoRequestRef<'r> for RequestRef<'r> {
    #[inline]
    fn into_request_ref(self) -> Result<RequestRef<'r>, RequestError> {
        Ok(self)
    }
}

impl<'r, B: 'static> IntoRequestRef<'r> for &'r http::Request<B> {
    #[inline]
    fn into_request_ref(self) -> Result<RequestRef<'r>, RequestError> {
        RequestRef::try_from(self)
    }
}

impl<'r> IntoRequestRef<'r> for &'r http::request::Parts {
    fn into_request_ref(self) -> Result<RequestRef<'r>, RequestError> {
        RequestRef::try_from(self)
    }
}
