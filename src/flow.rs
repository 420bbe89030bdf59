//! RFC 5849 §2: the three legs, from client credentials to token credentials.
//!
//! No I/O happens here: each [`CredentialsRequest`] is a request for any HTTP client, and reads its answer. The
//! adapters for reqwest, hyper and tower send it too.
//!
//! # A photo goes to print
//!
//! In RFC 5849's story (§1.2) Jane wants `printer.example.com` to print photos that she keeps at
//! `photos.example.net`, without giving her password away. The printer has client credentials there.
//!
//! ```
//! use oauth1_signer::flow::{Endpoints, Flow};
//! use oauth1_signer::{ClientCredentials, Signer};
//! # use oauth1_signer::flow::FormBody;
//! # type Answer = http::Response<&'static str>;
//! # fn send(request: http::Request<FormBody>) -> Answer {
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
//! // Jane clicks "print my photos". The printer asks for temporary credentials …
//! let leg = flow.temporary_credentials("http://printer.example.com/ready")?;
//! let issued = leg.parse_response(&send(leg.to_request()?))?;
//!
//! // … and sends Jane's browser to the provider, where she signs in and says yes.
//! let url = flow.authorization_url(&issued.credentials, &[])?;
//! assert_eq!(url, "https://photos.example.net/authorize?oauth_token=hh5s93j4hdidpola");
//!
//! // The provider sends her back, which counts once: `callback` takes the temporary credentials.
//! let returned = "http://printer.example.com/ready?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884";
//! let grant = flow.callback(issued.credentials, returned)?;
//!
//! // The grant becomes token credentials, which are good for as long as Jane likes.
//! let leg = flow.token_credentials(&grant)?;
//! let issued = leg.parse_response(&send(leg.to_request()?))?;
//!
//! // With them, the printer signs its requests for her photos.
//! let signer = flow.signer(issued.credentials)?;
//! let request = http::Request::get("http://photos.example.net/photos?file=vacation.jpg&size=original").body(())?;
//! let request = signer.authorize(request)?;
//! # assert!(request.headers().contains_key("authorization"));
//! # Ok(()) }
//! ```
//!
//! # In a web application
//!
//! The callback arrives in another request, maybe in another process. Between the two, store the
//! temporary credentials in the user's session (token and
//! [`expose_secret`](TemporaryCredentials::expose_secret), or by serde with `WithSecret`); find them by
//! [`token_of_callback`], and delete them where they are loaded.
//!
//! # Without a browser
//!
//! With the callback `oob` the provider shows the user a PIN, which [`Flow::pin`] takes.
//!
//! # Beside the three legs
//!
//! [`Flow::renewal`] renews a token that expires, [`Flow::xauth`] exchanges a password for a token
//! where a provider does that, and two-legged requests need no flow: they are signed by a signer
//! without a token.

mod callback;
mod fields;
mod credentials_request;
mod endpoints;
mod response;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Uri};

use crate::credentials::{TemporaryCredentials, TokenCredentials};
use crate::form::{append_to_query, decode_form, push_pair};
use crate::request::{FORM, is_absolute_uri};
use crate::signer::{BuildError, Callback, Signer, SignerBuilder};

pub use callback::{
    Approval, CallbackError, CallbackRejected, MAX_CALLBACK_LEN, MAX_VERIFIER_LEN, token_of_callback,
};
pub use credentials_request::{CredentialsRequest, FormBody};
pub use endpoints::{EndpointError, EndpointProblem, Endpoints};
pub use fields::{CredentialsResponse, ResponseFields};
pub use response::{MAX_RESPONSE_LEN, ResponseError};

use endpoints::CheckedEndpoints;
use response::Answer;

/// The way from client credentials to token credentials at one provider.
///
/// It holds nothing of any user, so one serves all of them.
#[derive(Clone, Debug)]
pub struct Flow {
    endpoints: CheckedEndpoints,
    signer: Signer,
}

/// Why a step of the flow cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// An endpoint cannot be used.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The settings of the signer do not go with the step's own.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// §2.1: the callback is neither an absolute URI nor `oob`.
    #[error(
        "the callback is not an absolute URI, such as https://host/path; where there is none, it is \
         \"oob\", in lower case"
    )]
    InvalidCallback,
    /// The authorization URL has an `oauth_token` of its own.
    #[error(
        "oauth_token is among the parameters of the authorization URL, where the flow puts it: leave it out"
    )]
    ReservedToken,
}

impl Flow {
    /// The flow of the client that `signer` signs for, with its method, realm, clock and so on, and
    /// `send_empty_token` too. A token, callback or verification code of the signer's is left out.
    ///
    /// # Errors
    /// If an endpoint is no absolute URL, or http on another machine.
    pub fn new(provider: Endpoints, signer: &Signer) -> Result<Self, FlowError> {
        let endpoints = provider.check()?;
        let signer = signer.to_builder().without_user().build()?;
        Ok(Self { endpoints, signer })
    }

    /// §2.1: asks for temporary credentials.
    ///
    /// `callback` is where the provider sends the user afterwards, an absolute URI; or `"oob"`, where
    /// the user carries a PIN over by hand.
    ///
    /// # Errors
    /// If the callback is neither.
    pub fn temporary_credentials(
        &self,
        callback: impl Into<Callback>,
    ) -> Result<CredentialsRequest<TemporaryCredentials>, FlowError> {
        let callback = callback.into();
        check_callback(&callback)?;
        let signer = self.signer.to_builder().callback(callback).build()?;
        let request = self.unsigned_request(&self.endpoints.temporary);
        let read = if self.endpoints.oauth_1_0 { read_temporary } else { read_confirmed };
        Ok(CredentialsRequest::new(signer, request, read))
    }

    /// §2.2: the URL to send the user to.
    ///
    /// `parameters` are further ones that a provider knows, decoded: `perms`, `scope`, `expiration`,
    /// `screen_name`, `force_login` …
    ///
    /// # Errors
    /// If `oauth_token` is among them, or in the endpoint's own query.
    pub fn authorization_url(
        &self,
        temporary: &TemporaryCredentials,
        parameters: &[(&str, &str)],
    ) -> Result<String, FlowError> {
        let endpoint = &self.endpoints.authorize;
        let url = endpoint.split('#').next().unwrap_or_default();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let mut own = decode_form(query.as_bytes());
        if own.any(|(name, _)| name == b"oauth_token")
            || parameters.iter().any(|(name, _)| *name == "oauth_token")
        {
            return Err(FlowError::ReservedToken);
        }
        let mut pairs = String::new();
        push_pair(&mut pairs, "oauth_token", temporary.token());
        for (name, value) in parameters {
            push_pair(&mut pairs, name, value);
        }
        Ok(append_to_query(endpoint, &pairs))
    }

    /// §2.2: takes the callback by which the user has come back: its URL, absolute or from the path
    /// on, or its query alone.
    ///
    /// # Errors
    /// If the user said no, or the callback is not for these credentials. The error gives them back.
    pub fn callback(
        &self,
        temporary: TemporaryCredentials,
        callback: &str,
    ) -> Result<Approval, CallbackRejected> {
        Approval::of_callback(temporary, callback, !self.endpoints.oauth_1_0)
    }

    /// §2.2: takes the PIN that the user has brought over by hand. White space around it is left out.
    ///
    /// # Errors
    /// If it is empty or too long. The error gives the credentials back, to ask again.
    pub fn pin(&self, temporary: TemporaryCredentials, pin: &str) -> Result<Approval, CallbackRejected> {
        Approval::of_pin(temporary, pin)
    }

    /// §2.3: exchanges a grant for token credentials.
    ///
    /// # Errors
    /// If the settings of the signer do not go with the verification code.
    pub fn token_credentials(
        &self,
        grant: &Approval,
    ) -> Result<CredentialsRequest<TokenCredentials>, FlowError> {
        let mut builder = self.signer.to_builder().token(grant.temporary.to_token());
        if let Some(verifier) = &grant.verifier {
            builder = builder.verifier(verifier.expose());
        }
        token_leg(builder, self.unsigned_request(&self.endpoints.token))
    }

    /// Renews token credentials with the session handle that came with them (OAuth Session extension;
    /// [`ResponseFields::session_handle`]).
    ///
    /// # Errors
    /// If the settings of the signer do not go with the session handle.
    pub fn renewal(
        &self,
        token: &TokenCredentials,
        session_handle: &str,
    ) -> Result<CredentialsRequest<TokenCredentials>, FlowError> {
        let builder = self.signer.to_builder().token(token.clone());
        let builder = builder.parameter("oauth_session_handle", session_handle);
        token_leg(builder, self.unsigned_request(&self.endpoints.token))
    }

    /// Exchanges a user's name and password for token credentials (xAuth), at providers that let this
    /// client do so. The password goes over the wire in a form: only where it is TLS.
    ///
    /// # Errors
    /// If the settings of the signer do not go with it.
    pub fn xauth(
        &self,
        username: &str,
        password: &str,
    ) -> Result<CredentialsRequest<TokenCredentials>, FlowError> {
        // Room for all of it: what a growing text leaves behind is not wiped.
        let mut form = String::with_capacity(3 * (username.len() + password.len()) + 80);
        push_pair(&mut form, "x_auth_mode", "client_auth");
        push_pair(&mut form, "x_auth_password", password);
        push_pair(&mut form, "x_auth_username", username);
        let mut request = request(&self.endpoints.token, Method::POST, FormBody::new(form));
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        token_leg(self.signer.to_builder(), request)
    }

    /// What comes after the flow: a signer for this client and the user that the token is of.
    ///
    /// # Errors
    /// If the settings of the signer do not go with the token.
    pub fn signer(&self, token: TokenCredentials) -> Result<Signer, BuildError> {
        self.signer.to_builder().token(token).build()
    }

    fn unsigned_request(&self, endpoint: &Uri) -> Request<FormBody> {
        request(endpoint, self.endpoints.method.clone(), FormBody::default())
    }
}

fn request(endpoint: &Uri, method: Method, body: FormBody) -> Request<FormBody> {
    let len = body.as_ref().len();
    let has_content = len > 0 || method != Method::GET;
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = endpoint.clone();
    // RFC 9110 §8.6: servers may ask for it where a body is usual, and not every client adds it to an
    // empty one.
    if has_content {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(len));
    }
    request
}

fn token_leg(
    builder: SignerBuilder,
    request: Request<FormBody>,
) -> Result<CredentialsRequest<TokenCredentials>, FlowError> {
    Ok(CredentialsRequest::new(builder.build()?, request, read_token))
}

/// > An absolute URI back to which the server will redirect the resource owner […]. If the client is
/// > unable to receive callbacks or a callback URI has been established via other means, the
/// > parameter value MUST be set to "oob" (case sensitive).
fn check_callback(callback: &Callback) -> Result<(), FlowError> {
    match callback {
        Callback::Uri(uri) if !is_absolute_uri(uri) => Err(FlowError::InvalidCallback),
        _ => Ok(()),
    }
}

fn read_temporary(answer: &mut Answer) -> Result<TemporaryCredentials, ResponseError> {
    let (token, secret) = answer.take_credentials()?;
    answer.take_optional(CONFIRMED)?;
    Ok(TemporaryCredentials::new(token, secret))
}

/// > `oauth_callback_confirmed` MUST be present and set to "true".
fn read_confirmed(answer: &mut Answer) -> Result<TemporaryCredentials, ResponseError> {
    let (token, secret) = answer.take_credentials()?;
    match answer.take_optional(CONFIRMED)?.as_deref() {
        Some("true") => Ok(TemporaryCredentials::new(token, secret)),
        _ => Err(ResponseError::CallbackNotConfirmed),
    }
}

const CONFIRMED: &str = "oauth_callback_confirmed";

fn read_token(answer: &mut Answer) -> Result<TokenCredentials, ResponseError> {
    let (token, secret) = answer.take_credentials()?;
    Ok(TokenCredentials::new(token, secret))
}
