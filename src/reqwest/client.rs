//! The asynchronous client.

use std::borrow::Borrow;

use ::reqwest::redirect::Policy;
use ::reqwest::{IntoUrl, Method, Request, Response};
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

surface!(::reqwest);

impl RequestBuilder {
    /// Signs the request as it is now, and sends it.
    ///
    /// # Errors
    /// Returns the same errors as [`Client::execute`].
    pub async fn send(self) -> Result<Response, Error> {
        self.client.execute(self.request?).await
    }
}

impl Client {
    /// Signs a request of reqwest, and sends it.
    ///
    /// The delays of a [`RetryPolicy`] need a tokio runtime with its timer, as reqwest's own timeouts do.
    ///
    /// # Errors
    /// Returns [`Error::Sign`] if the request cannot be built or signed, [`Error::Transport`] if the network
    /// fails, and [`Error::Redirect`] if the server redirects and the client does not follow.
    pub async fn execute(&self, request: Request) -> Result<Response, Error> {
        let mut exchange = Exchange::new(&self.settings, request);
        loop {
            let result = self.http.execute(exchange.attempt()?).await;
            let verdict = match &result {
                Ok(response) => exchange.response(seen(response))?,
                Err(error) => exchange.failure(error),
            };
            match verdict {
                Verdict::Final => return Ok(result?),
                Verdict::Again(delay) if delay.is_zero() => {}
                Verdict::Again(delay) => tokio::time::sleep(delay).await,
            }
        }
    }

    /// Sends a request of the [flow](crate::flow) once, and reads the credentials from the response.
    ///
    /// The flow's own signer has signed it; this client's signer is not used.
    ///
    /// # Errors
    /// Returns [`Error::Sign`] if the request cannot be signed, [`Error::Transport`] if the network fails,
    /// and [`Error::Response`] if the response has no credentials.
    #[doc(alias = "request token")]
    #[doc(alias = "access token")]
    pub async fn request_credentials<C>(
        &self,
        request: &CredentialsRequest<C>,
    ) -> Result<CredentialsResponse<C>, Error> {
        let signed = Request::try_from(request.to_request()?.map(Vec::from)).map_err(unbuilt)?;
        let url = signed.url().clone();
        let mut response = self.http.execute(signed).await?;
        seen(&response).check_unfollowed(&url)?;
        let mut whole = http::Response::new(Vec::new());
        *whole.status_mut() = response.status();
        *whole.headers_mut() = std::mem::take(response.headers_mut());
        // One more byte than a response may have shows that it is too long.
        while let Some(chunk) = response.chunk().await? {
            let room = MAX_RESPONSE_LEN + 1 - whole.body().len();
            whole.body_mut().extend_from_slice(&chunk[..chunk.len().min(room)]);
            if whole.body().len() > MAX_RESPONSE_LEN {
                break;
            }
        }
        Ok(request.parse_response(&whole)?)
    }
}

fn seen(response: &Response) -> Seen<'_> {
    Seen { status: response.status(), headers: response.headers(), url: response.url() }
}
