//! The HTTP client: ureq here, but any client that takes an `http::Request` works.

use std::time::Duration;

use crate::Failure;

/// The maximum length of a response, in bytes. A login needs far less, but the call afterwards may not.
const LONGEST_ANSWER: u64 = 1024 * 1024;

pub(crate) struct Client(ureq::Agent);

impl Client {
    /// Creates a client that follows no redirects, since a signature is for one URL.
    ///
    /// An error status is a response to read, and not an error of the client.
    pub(crate) fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Self(config.into())
    }

    pub(crate) fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Failure> {
        let (head, mut body) = self.0.run(request)?.into_parts();
        let body = body.with_config().limit(LONGEST_ANSWER).read_to_vec()?;
        Ok(http::Response::from_parts(head, body))
    }
}
