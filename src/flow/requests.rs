//! The parts that the requests of the flow share.

use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, Request, Uri};

use crate::credentials::TokenCredentials;
use crate::request::is_absolute_uri;
use crate::signer::{Callback, SignerBuilder};

use super::credentials_request::{CredentialsRequest, FormBody};
use super::error::FlowError;
use super::response;

pub(super) fn request(endpoint: &Uri, method: Method, body: FormBody) -> Request<FormBody> {
    let len = body.as_ref().len();
    let has_content = len > 0 || method != Method::GET;
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = endpoint.clone();
    // RFC 9110 §8.6: some servers require Content-Length for methods that usually have a body, and some
    // clients do not add it to an empty body.
    if has_content {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(len));
    }
    request
}

pub(super) fn token_request(
    builder: SignerBuilder,
    request: Request<FormBody>,
) -> Result<CredentialsRequest<TokenCredentials>, FlowError> {
    Ok(CredentialsRequest::new(builder.build()?, request, response::token))
}

/// Checks that the callback is an absolute URI or `oob`.
///
/// > An absolute URI back to which the server will redirect the resource owner […]. If the client is
/// > unable to receive callbacks or a callback URI has been established via other means, the
/// > parameter value MUST be set to "oob" (case sensitive).
pub(super) fn check_callback(callback: &Callback) -> Result<(), FlowError> {
    match callback {
        Callback::Uri(uri) if !is_absolute_uri(uri) => Err(FlowError::InvalidCallback),
        _ => Ok(()),
    }
}
