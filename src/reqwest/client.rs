//! The asynchronous client.

use ::reqwest::redirect::Policy;
use ::reqwest::{ClientBuilder, Request, RequestBuilder, Response};

use crate::flow::{CredentialsRequest, CredentialsResponse, MAX_RESPONSE_LEN};
use crate::signer::Signer;

use super::error::{Error, streamed, unbuilt};
use super::redirect::{Redirects, check_unfollowed};
use super::requests::Redirect;

/// A `reqwest::Client` that signs each request it sends, and follows no redirect by itself.
///
/// It belongs to no signer: one serves all users of an application, and is cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: ::reqwest::Client,
    redirects: Redirects,
}

impl Client {
    /// The client that a builder makes, but for its redirect policy: that is none.
    ///
    /// # Errors
    /// If the builder makes no client.
    pub fn new(builder: ClientBuilder) -> Result<Self, Error> {
        Ok(Self::assume_no_redirects(builder.redirect(Policy::none()).build()?))
    }

    /// A client that is there already, and must have been built with `redirect(Policy::none())`.
    ///
    /// That cannot be seen from outside. Where it has followed a redirect to another URL, an error says
    /// so ([`RedirectError::Followed`](crate::reqwest::RedirectError::Followed)), but the signature is out by
    /// then; a redirect to the same URL does not show at all.
    #[must_use]
    pub fn assume_no_redirects(client: ::reqwest::Client) -> Self {
        Self { http: client, redirects: Redirects::Refuse }
    }

    /// Follows redirects on the same scheme, host and port, up to five in a row, each signed anew
    /// with a nonce of its own. All others are errors, and so are those of a request whose body is a
    /// stream.
    #[must_use]
    pub fn follow_same_origin(mut self) -> Self {
        self.redirects = Redirects::SameOrigin;
        self
    }

    /// The client itself, to build requests with: [`send`](Self::send) sends them.
    #[must_use]
    pub fn unsigned(&self) -> &::reqwest::Client {
        &self.http
    }

    /// Signs a request as it stands now, and sends it.
    ///
    /// # Errors
    /// If it cannot be built, signed or sent, or the server redirects it elsewhere.
    pub async fn send(&self, signer: &Signer, request: RequestBuilder) -> Result<Response, Error> {
        self.execute(signer, request.build().map_err(unbuilt)?).await
    }

    /// Signs a finished request, and sends it.
    ///
    /// # Errors
    /// If it cannot be signed or sent, or the server redirects it elsewhere.
    pub async fn execute(&self, signer: &Signer, mut request: Request) -> Result<Response, Error> {
        let mut hops = 0;
        loop {
            let again = if self.redirects.may_follow() { request.try_clone() } else { None };
            let (method, url) = (request.method().clone(), request.url().clone());
            let response = self.http.execute(signer.authorize(request)?).await?;
            let answer = (response.status(), response.headers(), response.url());
            let Some(hop) = self.redirects.next(hops, (&method, &url), answer)? else {
                return Ok(response);
            };
            request = again.ok_or_else(|| streamed(response.status()))?.redirect(hop);
            hops += 1;
        }
    }

    /// Sends the request of a leg, and reads the credentials that answer it.
    ///
    /// # Errors
    /// If it cannot be signed or sent, or brings no credentials.
    pub async fn request_credentials<C>(
        &self,
        leg: &CredentialsRequest<C>,
    ) -> Result<CredentialsResponse<C>, Error> {
        let request = leg.to_request()?.map(Vec::from);
        let request = Request::try_from(request).map_err(unbuilt)?;
        let url = request.url().clone();
        let mut response = self.http.execute(request).await?;
        let mut answer = http::Response::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        check_unfollowed(answer.status(), &url, response.url())?;
        // One byte more than it may have is enough to know.
        while let Some(chunk) = response.chunk().await? {
            let room = MAX_RESPONSE_LEN + 1 - answer.body().len();
            answer.body_mut().extend_from_slice(&chunk[..chunk.len().min(room)]);
            if answer.body().len() > MAX_RESPONSE_LEN {
                break;
            }
        }
        Ok(leg.parse_response(&answer)?)
    }
}
