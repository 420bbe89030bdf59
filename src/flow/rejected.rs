//! A response without credentials, kept for the developer to look at.

use std::fmt;

use http::{Response, StatusCode};

use super::response::{MAX_RESPONSE_LEN, ResponseError};

/// A response without credentials: the reason, and the response itself.
///
/// `Display` and `Debug` show the reason and the status, and nothing of the body or the headers, which may
/// repeat secrets. [`expose_body`](Self::expose_body) returns what the server wrote.
///
/// # Examples
/// ```
/// # use oauth1_signer::flow::CredentialsRequest;
/// # fn f(request: CredentialsRequest<oauth1_signer::TemporaryCredentials>, response: http::Response<Vec<u8>>) {
/// match request.parse_response(&response) {
///     Ok(issued) => println!("request token {}", issued.credentials.token()),
///     Err(rejected) => {
///         eprintln!("{rejected}");
///         // For the developer, never for a log that others read:
///         eprintln!("{}", String::from_utf8_lossy(rejected.expose_body()));
///     }
/// }
/// # }
/// ```
#[derive(Clone, thiserror::Error)]
#[error("{}", .0.reason)]
#[doc(alias = "401")]
pub struct ResponseRejected(Box<Rejected>);

#[derive(Clone)]
struct Rejected {
    reason: ResponseError,
    response: Response<Vec<u8>>,
}

impl ResponseRejected {
    pub(super) fn new<B: AsRef<[u8]>>(reason: ResponseError, response: &Response<B>) -> Self {
        let body = response.body().as_ref();
        let mut kept = Response::new(body[..body.len().min(MAX_RESPONSE_LEN)].to_vec());
        *kept.status_mut() = response.status();
        *kept.headers_mut() = response.headers().clone();
        Self(Box::new(Rejected { reason, response: kept }))
    }

    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> &ResponseError {
        &self.0.reason
    }

    /// Returns the HTTP status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.response.status()
    }

    /// Returns the server's time in seconds since the Unix epoch, if the response has it.
    ///
    /// If the server rejects timestamps, give it to
    /// [`Signer::clock_offset_to`](crate::Signer::clock_offset_to).
    #[must_use]
    pub fn server_time(&self) -> Option<u64> {
        self.0.reason.server_time()
    }

    /// Returns the body of the response, at most its first [`MAX_RESPONSE_LEN`] bytes.
    ///
    /// # Security
    /// The body comes from the server and may repeat secrets. Show it to the developer, but do not log it.
    #[must_use]
    pub fn expose_body(&self) -> &[u8] {
        self.0.response.body()
    }

    /// Returns the response with its headers, and its body cut to [`MAX_RESPONSE_LEN`] bytes.
    ///
    /// # Security
    /// The body may repeat secrets: see [`expose_body`](Self::expose_body).
    #[must_use]
    pub fn expose_response(&self) -> &Response<Vec<u8>> {
        &self.0.response
    }
}

impl fmt::Debug for ResponseRejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseRejected")
            .field("reason", self.reason())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
