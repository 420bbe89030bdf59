//! A request of the flow, and the reading of its response.

use std::fmt;

use bytes::Bytes;
use http::{Request, Response};
use zeroize::Zeroizing;

use crate::explain::Explanation;
use crate::request::{RequestError, RequestRef};
use crate::signer::{Prepared, SignError, Signer};
use crate::stamp::Stamp;

use super::fields::CredentialsResponse;
use super::rejected::ResponseRejected;
use super::response::{Fields, ResponseError};

/// A request of the flow: for temporary credentials, or for token credentials.
///
/// Send [`to_request`](Self::to_request) with any client that does not follow redirects, and give the
/// response to [`parse_response`](Self::parse_response). The adapters do both in one call:
/// [`reqwest::Client::request_credentials`](crate::reqwest::Client::request_credentials),
/// [`hyper::request_credentials`](crate::hyper::request_credentials) and
/// [`tower::request_credentials`](crate::tower::request_credentials).
///
/// After a network failure, call [`to_request`](Self::to_request) again, which uses a new nonce.
///
/// # Examples
/// See the [module](super).
#[must_use = "send its request"]
pub struct CredentialsRequest<C> {
    signer: Signer,
    request: Request<FormBody>,
    read: Read<C>,
}

/// A function that reads the credentials from the fields of a response.
pub(super) type Read<C> = fn(&mut Fields) -> Result<C, ResponseError>;

impl<C> CredentialsRequest<C> {
    pub(super) fn new(signer: Signer, request: Request<FormBody>, read: Read<C>) -> Self {
        Self { signer, request, read }
    }

    /// Returns the request, signed now.
    ///
    /// # Errors
    /// Returns [`SignError`] if there is no time or no nonce, or if PLAINTEXT would send secrets over http.
    pub fn to_request(&self) -> Result<Request<FormBody>, SignError> {
        Ok(self.with(self.signer.sign(self.view()?)?.to_header()))
    }

    /// Returns the request, signed now, and an explanation of the signature.
    ///
    /// The explanation shows no password, verification code or session handle.
    ///
    /// # Errors
    /// Returns the same errors as [`to_request`](Self::to_request).
    pub fn explain(&self) -> Result<(Request<FormBody>, Explanation), SignError> {
        let (signed, explanation) = self.signer.explain(self.view()?)?;
        Ok((self.with(signed.to_header()), explanation))
    }

    /// Prepares the request, to sign it with a key in another system (KMS, HSM).
    ///
    /// [`Prepared::finish`] makes the Authorization header. Put it on [`unsigned`](Self::unsigned).
    ///
    /// # Errors
    /// Returns the same errors as [`to_request`](Self::to_request).
    pub fn prepare(&self) -> Result<Prepared<'_>, SignError> {
        self.signer.prepare(self.view()?)
    }

    /// Prepares the request with a given timestamp and nonce, such as those of a request that was rejected.
    ///
    /// # Errors
    /// Returns the same errors as [`to_request`](Self::to_request).
    pub fn prepare_with(&self, stamp: Stamp) -> Result<Prepared<'_>, SignError> {
        self.signer.prepare_with(self.view()?, stamp)
    }

    /// Returns the request without its Authorization header.
    pub fn unsigned(&self) -> &Request<FormBody> {
        &self.request
    }

    /// Reads the credentials from a response with its whole body.
    ///
    /// # Errors
    /// Returns [`ResponseRejected`] if the response has no credentials, or differs from RFC 5849 in a way
    /// that leaves a doubt. Its text says what to do, and repeats nothing of the body.
    pub fn parse_response<B: AsRef<[u8]>>(
        &self,
        response: &Response<B>,
    ) -> Result<CredentialsResponse<C>, ResponseRejected> {
        self.read(response).map_err(|reason| ResponseRejected::new(reason, response))
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<CredentialsResponse<C>, ResponseError> {
        let mut fields = Fields::read(response.status(), response.headers(), response.body().as_ref())?;
        let credentials = (self.read)(&mut fields)?;
        Ok(CredentialsResponse { credentials, fields: fields.into_rest() })
    }

    fn view(&self) -> Result<RequestRef<'_>, RequestError> {
        Ok(RequestRef::without_body(&self.request)?.body(self.request.body().as_ref()))
    }

    fn with(&self, authorization: http::HeaderValue) -> Request<FormBody> {
        let mut request = self.request.clone();
        request.headers_mut().insert(http::header::AUTHORIZATION, authorization);
        request
    }
}

impl<C> fmt::Debug for CredentialsRequest<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsRequest").field("signer", &self.signer).finish_non_exhaustive()
    }
}

/// The body of a [`CredentialsRequest`]: empty, or a form with a password in it (xAuth).
///
/// `Debug` does not show it, and it is wiped when dropped. Convert it to what your client sends with
/// `request.map(String::from)`, `Vec::from` or `Bytes::from`.
#[derive(Clone, Default)]
pub struct FormBody(Zeroizing<String>);

impl FormBody {
    pub(super) fn new(form: String) -> Self {
        Self(Zeroizing::new(form))
    }
}

impl AsRef<[u8]> for FormBody {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<FormBody> for String {
    fn from(mut body: FormBody) -> Self {
        std::mem::take(&mut body.0)
    }
}

impl From<FormBody> for Vec<u8> {
    fn from(body: FormBody) -> Self {
        String::from(body).into_bytes()
    }
}

impl From<FormBody> for Bytes {
    fn from(body: FormBody) -> Self {
        Self::from(Vec::from(body))
    }
}

impl fmt::Debug for FormBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormBody(…)")
    }
}
