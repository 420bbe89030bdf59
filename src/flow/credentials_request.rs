//! One request of the flow and what its answer means.

use std::fmt;

use bytes::Bytes;
use http::{Request, Response};
use zeroize::Zeroizing;

use crate::explain::Explanation;
use crate::request::{RequestError, RequestRef};
use crate::signer::{Prepared, SignError, Signer};
use crate::stamp::Stamp;

use super::fields::CredentialsResponse;
use super::response::{Answer, ResponseError};

/// One request of the flow, and how to read the credentials that answer it: temporary ones, then
/// token credentials.
///
/// Send [`to_request`](Self::to_request) with any client that does not follow redirects, and give the
/// response to [`parse_response`](Self::parse_response). The adapters do both in one.
///
/// A leg can be asked for its request again, where the network failed: each has a nonce of its own.
#[must_use = "a leg is a request to be sent"]
pub struct CredentialsRequest<C> {
    signer: Signer,
    request: Request<FormBody>,
    read: Read<C>,
}

/// How the answer becomes credentials.
pub(super) type Read<C> = fn(&mut Answer) -> Result<C, ResponseError>;

impl<C> CredentialsRequest<C> {
    pub(super) fn new(signer: Signer, request: Request<FormBody>, read: Read<C>) -> Self {
        Self { signer, request, read }
    }

    /// The request, signed now.
    ///
    /// # Errors
    /// If it cannot be signed: no time, no nonce, or PLAINTEXT over http.
    pub fn to_request(&self) -> Result<Request<FormBody>, SignError> {
        Ok(self.with(self.signer.sign(self.view()?)?.to_header()))
    }

    /// The request, signed now, and what was signed.
    ///
    /// # Errors
    /// As for [`to_request`](Self::to_request).
    pub fn explain(&self) -> Result<(Request<FormBody>, Explanation), SignError> {
        let (signed, explanation) = self.signer.explain(self.view()?)?;
        Ok((self.with(signed.to_header()), explanation))
    }

    /// The request but for its signature, where the key lives elsewhere. Its header is that of
    /// [`Prepared::finish`]; [`unsigned`](Self::unsigned) is what to put it on.
    ///
    /// # Errors
    /// As for [`to_request`](Self::to_request).
    pub fn prepare(&self) -> Result<Prepared<'_>, SignError> {
        self.signer.prepare(self.view()?)
    }

    /// [`prepare`](Self::prepare) with a given timestamp and nonce, such as those of a request that
    /// went wrong.
    ///
    /// # Errors
    /// As for [`to_request`](Self::to_request).
    pub fn prepare_with(&self, stamp: Stamp) -> Result<Prepared<'_>, SignError> {
        self.signer.prepare_with(self.view()?, stamp)
    }

    /// The request without its Authorization header.
    pub fn unsigned(&self) -> &Request<FormBody> {
        &self.request
    }

    /// Reads the answer: its status, its headers, and its body whole.
    ///
    /// # Errors
    /// If the answer has no credentials in it, or is not as RFC 5849 has it. The error says what to
    /// do, and repeats nothing of the body.
    pub fn parse_response<B: AsRef<[u8]>>(
        &self,
        response: &Response<B>,
    ) -> Result<CredentialsResponse<C>, ResponseError> {
        let mut answer = Answer::read(response.status(), response.headers(), response.body().as_ref())?;
        let credentials = (self.read)(&mut answer)?;
        Ok(CredentialsResponse { credentials, fields: answer.into_fields() })
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

/// The body of a leg's request: empty, or a form with a password in it (xAuth), so it is not shown,
/// and wiped when dropped.
///
/// It becomes what a client sends by `request.map(String::from)`, `Vec::from` or `Bytes::from`.
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
