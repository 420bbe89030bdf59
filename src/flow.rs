//! Logs a user in: from client credentials to token credentials, in three steps (RFC 5849 §2).
//!
//! This module does no I/O. Each [`CredentialsRequest`] is a request for any HTTP client, and reads the
//! response to it. The adapters for [reqwest](crate::reqwest), [hyper](crate::hyper) and
//! [tower](crate::tower) send it too.
//!
//! # Example: photos go to print
//!
//! In RFC 5849's story (§1.2) Jane wants `printer.example.com` to print photos that she keeps at
//! `photos.example.net`, without giving her password away. The printer has client credentials (a consumer key
//! and secret) there.
//!
//! ```
//! use oauth1_signer::flow::{Endpoints, Flow};
//! use oauth1_signer::{ClientCredentials, Signer};
//! # use oauth1_signer::flow::FormBody;
//! # fn send(request: http::Request<FormBody>) -> http::Response<&'static str> {
//! #     assert!(request.headers().contains_key("authorization"));
//! #     http::Response::new(match request.uri().path() {
//! #         "/initiate" => "oauth_token=hh5s93j4hdidpola&oauth_token_secret=hdhd0244k9j7ao03&oauth_callback_confirmed=true",
//! #         _ => "oauth_token=nnch734d00sl2jdk&oauth_token_secret=pfkkdhi9sl3r4s00",
//! #     })
//! # }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let printer = Signer::builder(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"))
//!     .realm("Photos")
//!     .build()?;
//! let photos = Endpoints::new(
//!     "https://photos.example.net/initiate",
//!     "https://photos.example.net/authorize",
//!     "https://photos.example.net/token",
//! );
//! let flow = Flow::new(photos, &printer)?;
//!
//! // 1. Jane clicks "print my photos". The printer asks for a request token …
//! let request = flow.temporary_credentials("http://printer.example.com/ready")?;
//! let pending = request.parse_response(&send(request.to_request()?))?.credentials;
//!
//! // 2. … and sends Jane's browser to the provider, where she signs in and approves.
//! let url = flow.authorization_url(&pending)?;
//! assert_eq!(url, "https://photos.example.net/authorize?oauth_token=hh5s93j4hdidpola");
//!
//! // The provider sends her back. `callback` consumes the request token: it counts once.
//! let returned = "http://printer.example.com/ready\
//!     ?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884";
//! let approval = flow.callback(pending, returned)?;
//!
//! // 3. The printer exchanges the approval for an access token (token credentials).
//! let request = flow.token_credentials(&approval)?;
//! let token = request.parse_response(&send(request.to_request()?))?.credentials;
//!
//! // With it, the printer signs its requests for her photos.
//! let signer = flow.signer(token)?;
//! let url = "http://photos.example.net/photos?file=vacation.jpg&size=original";
//! let request = http::Request::get(url).body(())?;
//! let request = signer.authorize(request)?;
//! # assert!(request.headers().contains_key("authorization"));
//! # Ok(()) }
//! ```
//!
//! # In a web application
//!
//! The callback arrives in another request, maybe in another process. In between, store the request token in
//! the user's session (token and [`expose_secret`](TemporaryCredentials::expose_secret), or by serde with
//! `WithSecret`). Find it there by [`token_of_callback`], and delete it once [`Flow::callback`] has taken it.
//! If the callback is rejected, [`CallbackRejected::names_pending_token`] tells a login that is over from a
//! callback that was forged.
//!
//! # Without a browser
//!
//! With the callback `oob` (out of band) the provider shows the user a PIN, which [`Flow::pin`] takes.
//!
//! # Other ways to a token
//!
//! - [`Flow::renewal`] renews a token that expires.
//! - [`Flow::xauth`] exchanges a password for a token, at providers that allow it.
//! - Two-legged requests need no flow: sign them with a [`Signer`] without a token.

mod callback;
mod endpoints;
mod error;
mod fields;
mod response;
mod rejected;
mod credentials_request;
mod requests;

use std::borrow::Borrow;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};

use crate::credentials::{TemporaryCredentials, TokenCredentials};
use crate::form::{append_to_query, decode_form, push_pair};
use crate::request::FORM;
use crate::signer::{BuildError, Callback, Signer};

pub use callback::{
    Approval, CallbackError, CallbackRejected, MAX_CALLBACK_LEN, MAX_VERIFIER_LEN, token_of_callback,
};
pub use credentials_request::{CredentialsRequest, FormBody};
pub use endpoints::{EndpointError, Endpoints};
pub use error::FlowError;
pub use fields::{CredentialsResponse, ResponseFields};
pub use rejected::ResponseRejected;
pub use response::{MAX_RESPONSE_LEN, ResponseError};

use endpoints::CheckedEndpoints;
use requests::{check_callback, request, token_request};

const TOKEN: &str = "oauth_token";

/// The steps from client credentials to token credentials, at one provider.
///
/// It holds nothing of any user, so one flow serves all of them. It is cheap to clone.
///
/// # Examples
/// See the [module](self).
#[derive(Clone, Debug)]
#[doc(alias = "three-legged")]
#[doc(alias = "login")]
#[doc(alias = "twitter")]
pub struct Flow {
    endpoints: CheckedEndpoints,
    signer: Signer,
}

impl Flow {
    /// Creates a flow for the client that `signer` signs for.
    ///
    /// The flow keeps the signer's method, realm, clock and further parameters. It drops a token, a callback
    /// and a verification code, which belong to one user.
    ///
    /// # Errors
    /// Returns [`FlowError::Endpoint`] if an endpoint is not an absolute https URL, and [`FlowError::Build`]
    /// if the signer cannot be built without its token.
    pub fn new(endpoints: Endpoints, signer: &Signer) -> Result<Self, FlowError> {
        let endpoints = endpoints.check()?;
        let signer = signer.to_builder().without_user().build()?;
        Ok(Self { endpoints, signer })
    }

    /// Creates the request for temporary credentials (RFC 5849 §2.1).
    ///
    /// `callback` is the absolute URI to which the provider sends the user afterwards; or `"oob"`, with which
    /// the provider shows a PIN instead.
    ///
    /// # Errors
    /// Returns [`FlowError::InvalidCallback`] if `callback` is neither.
    #[doc(alias = "request token")]
    #[doc(alias = "oob")]
    pub fn temporary_credentials(
        &self,
        callback: impl Into<Callback>,
    ) -> Result<CredentialsRequest<TemporaryCredentials>, FlowError> {
        let callback = callback.into();
        check_callback(&callback)?;
        let signer = self.signer.to_builder().callback(callback).build()?;
        let request = self.unsigned_request(&self.endpoints.temporary);
        let read = if self.endpoints.oauth_1_0 { response::temporary } else { response::confirmed };
        Ok(CredentialsRequest::new(signer, request, read))
    }

    /// Returns the URL to send the user to (RFC 5849 §2.2).
    ///
    /// # Errors
    /// Returns [`FlowError::ReservedToken`] if the endpoint's own query has an `oauth_token`.
    #[doc(alias = "authorize")]
    pub fn authorization_url(&self, temporary: &TemporaryCredentials) -> Result<String, FlowError> {
        self.authorization_url_with(temporary, [("", ""); 0])
    }

    /// Returns the URL to send the user to, with further query parameters that the provider knows: `perms`,
    /// `scope`, `expiration`, `screen_name`, `force_login` …
    ///
    /// Names and values are given as they are meant, without percent-encoding.
    ///
    /// # Errors
    /// Returns [`FlowError::ReservedToken`] if `oauth_token` is among the parameters, or in the endpoint's
    /// own query.
    ///
    /// # Examples
    /// ```
    /// # fn f(flow: oauth1_signer::flow::Flow, pending: oauth1_signer::TemporaryCredentials)
    /// # -> Result<(), oauth1_signer::flow::FlowError> {
    /// let url = flow.authorization_url_with(&pending, [("perms", "read"), ("expiration", "never")])?;
    /// # Ok(()) }
    /// ```
    pub fn authorization_url_with<P, N, V>(
        &self,
        temporary: &TemporaryCredentials,
        parameters: P,
    ) -> Result<String, FlowError>
    where
        P: IntoIterator<Item: Borrow<(N, V)>>,
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let endpoint = &self.endpoints.authorize;
        let url = endpoint.split('#').next().unwrap_or_default();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        if decode_form(query.as_bytes()).any(|(name, _)| name == TOKEN.as_bytes()) {
            return Err(FlowError::ReservedToken);
        }
        let mut pairs = String::new();
        push_pair(&mut pairs, TOKEN, temporary.token());
        for parameter in parameters {
            let (name, value) = parameter.borrow();
            if name.as_ref() == TOKEN {
                return Err(FlowError::ReservedToken);
            }
            push_pair(&mut pairs, name.as_ref(), value.as_ref());
        }
        Ok(append_to_query(endpoint, &pairs))
    }

    /// Takes the callback with which the user comes back (RFC 5849 §2.2).
    ///
    /// `callback` is its URL, absolute or from the path on, or its query alone.
    ///
    /// # Errors
    /// Returns [`CallbackRejected`] if the callback is not for these credentials, or if the user did not
    /// approve. It gives the credentials back: see [`CallbackRejected::names_pending_token`].
    pub fn callback(
        &self,
        temporary: TemporaryCredentials,
        callback: &str,
    ) -> Result<Approval, CallbackRejected> {
        Approval::of_callback(temporary, callback, !self.endpoints.oauth_1_0)
    }

    /// Takes the PIN that the user typed in (RFC 5849 §2.2). White space around it is removed.
    ///
    /// # Errors
    /// Returns [`CallbackRejected`] if the PIN is empty or longer than [`MAX_VERIFIER_LEN`]. It gives the
    /// credentials back, to ask again.
    #[doc(alias = "PIN")]
    #[doc(alias = "oob")]
    pub fn pin(&self, temporary: TemporaryCredentials, pin: &str) -> Result<Approval, CallbackRejected> {
        Approval::of_pin(temporary, pin)
    }

    /// Creates the request for token credentials (RFC 5849 §2.3).
    ///
    /// # Errors
    /// Returns [`FlowError::Build`] if the signer's own parameters include `oauth_verifier`.
    #[doc(alias = "access token")]
    pub fn token_credentials(
        &self,
        approval: &Approval,
    ) -> Result<CredentialsRequest<TokenCredentials>, FlowError> {
        let mut builder = self.signer.to_builder().token(approval.temporary.to_token());
        if let Some(verifier) = &approval.verifier {
            builder = builder.verifier(verifier.expose());
        }
        token_request(builder, self.unsigned_request(&self.endpoints.token))
    }

    /// Creates the request that renews token credentials (OAuth Session extension).
    ///
    /// `session_handle` came with the token: see [`ResponseFields::session_handle`].
    ///
    /// # Errors
    /// Returns [`FlowError::Build`] if the signer's own parameters include `oauth_session_handle`.
    #[doc(alias = "refresh")]
    pub fn renewal(
        &self,
        token: &TokenCredentials,
        session_handle: &str,
    ) -> Result<CredentialsRequest<TokenCredentials>, FlowError> {
        let builder = self.signer.to_builder().token(token.clone());
        let builder = builder.parameter("oauth_session_handle", session_handle);
        token_request(builder, self.unsigned_request(&self.endpoints.token))
    }

    /// Creates the request that exchanges a user's name and password for token credentials (xAuth).
    ///
    /// # Security
    /// The password goes over the wire in a form, so use https. This crate shows it in no explanation, and
    /// wipes the buffers that held it.
    ///
    /// # Errors
    /// Returns [`FlowError::Build`] if the signer cannot be built.
    #[doc(alias = "password")]
    pub fn xauth(
        &self,
        username: &str,
        password: &str,
    ) -> Result<CredentialsRequest<TokenCredentials>, FlowError> {
        // Room for all of it: a string that grows leaves copies behind that nobody wipes.
        let mut form = String::with_capacity(3 * (username.len() + password.len()) + 80);
        push_pair(&mut form, "x_auth_mode", "client_auth");
        push_pair(&mut form, "x_auth_password", password);
        push_pair(&mut form, "x_auth_username", username);
        let mut request = request(&self.endpoints.token, Method::POST, FormBody::new(form));
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        token_request(self.signer.to_builder(), request)
    }

    /// Creates a signer for this client and the user whose token it is.
    ///
    /// # Errors
    /// Returns [`BuildError`] if the signer's own parameters include `oauth_token`, or if the token is not
    /// usable.
    pub fn signer(&self, token: TokenCredentials) -> Result<Signer, BuildError> {
        self.signer.to_builder().token(token).build()
    }

    fn unsigned_request(&self, endpoint: &Uri) -> Request<FormBody> {
        request(endpoint, self.endpoints.method.clone(), FormBody::default())
    }
}
