//! The blocking client, with the same methods as the asynchronous one.
//!
//! ```
//! use oauth1_signer::reqwest::blocking::Client;
//! # use oauth1_signer::Signer;
//! # fn f(signer: Signer) -> Result<(), Box<dyn std::error::Error>> {
//!
//! let client = Client::new(signer, reqwest::blocking::Client::builder())?;
//! let response = client.get("https://api.example.com/1/items").query([("count", "20")]).send()?;
//! # Ok(()) }
//! ```

use std::borrow::Borrow;
use std::io::Read;

use ::reqwest::blocking::{Request, Response};
use ::reqwest::redirect::Policy;
use ::reqwest::{IntoUrl, Method};
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use url::form_urlencoded;

use crate::flow::{CredentialsRequest, CredentialsResponse, MAX_RESPONSE_LEN};
use crate::request::FORM;
use crate::signer::{SignError, Signer};

use super::error::{Error, unbuilt};
use super::exchange::{Exchange, Settings, Verdict};
use super::redirect::{Redirects, Seen};
use super::retry::RetryPolicy;

surface!(::reqwest::blocking);

impl RequestBuilder {
    /// Signs the request as it is now, and sends it.
    ///
    /// # Errors
    /// Returns the same errors as [`Client::execute`].
    pub fn send(self) -> Result<Response, Error> {
        self.client.execute(self.request?)
    }
}

impl Client {
    /// Signs a request of reqwest, and sends it.
    ///
    /// The thread sleeps for the delays of a [`RetryPolicy`].
    ///
    /// # Errors
    /// Returns [`Error::Sign`] if the request cannot be built or signed, [`Error::Transport`] if the network
    /// fails, and [`Error::Redirect`] if the server redirects and the client does not follow.
    pub fn execute(&self, request: Request) -> Result<Response, Error> {
        let mut exchange = Exchange::new(&self.settings, request);
        loop {
            let result = self.http.execute(exchange.attempt()?);
            let verdict = match &result {
                Ok(response) => exchange.response(seen(response))?,
                Err(error) => exchange.failure(error),
            };
            match verdict {
                Verdict::Final => return Ok(result?),
                Verdict::Again(delay) => std::thread::sleep(delay),
            }
        }
    }

    /// Sends a request of the [flow](crate::flow) once, and reads the credentials from the response.
    ///
    /// The flow's own signer has signed it; this client's signer is not used.
    ///
    /// # Errors
    /// Returns [`Error::Sign`] if the request cannot be signed, [`Error::Transport`] or [`Error::Read`] if
    /// the network fails, and [`Error::Response`] if the response has no credentials.
    #[doc(alias = "request token")]
    #[doc(alias = "access token")]
    pub fn request_credentials<C>(
        &self,
        request: &CredentialsRequest<C>,
    ) -> Result<CredentialsResponse<C>, Error> {
        let signed = Request::try_from(request.to_request()?.map(Vec::from)).map_err(unbuilt)?;
        let url = signed.url().clone();
        let mut response = self.http.execute(signed)?;
        seen(&response).check_unfollowed(&url)?;
        let mut whole = http::Response::new(Vec::new());
        *whole.status_mut() = response.status();
        *whole.headers_mut() = std::mem::take(response.headers_mut());
        // One more byte than a response may have shows that it is too long.
        response.take(MAX_RESPONSE_LEN as u64 + 1).read_to_end(whole.body_mut())?;
        Ok(request.parse_response(&whole)?)
    }
}

fn seen(response: &Response) -> Seen<'_> {
    Seen { status: response.status(), headers: response.headers(), url: response.url() }
}
