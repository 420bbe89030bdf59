//! The signer: credentials and settings in, signed requests out.

pub(crate) mod authorize;
mod builder;
mod prepared;
mod settings;
mod signed;
mod time;

use std::fmt;
use std::sync::Arc;

use crate::base_string::{self, Parameters, ReservedParameter, Witness};
use crate::body_hash::{self, BodyHashError};
use crate::credentials::{ClientCredentials, TokenCredentials};
use crate::explain::Explanation;
use crate::protocol::{Protocol, Values};
use crate::request::{RequestError, RequestRef};
use crate::signature::{Key, Message, SignatureError, SignatureMethod};
use crate::stamp::{Stamp, StampError};

pub use authorize::Authorize;
pub use builder::{BuildError, Callback, SignerBuilder};
pub use prepared::Prepared;
pub use signed::Signed;

use settings::Settings;

/// Signs requests for one client, and for one user where there is a token.
///
/// It holds everything that is the same for each request, ready for use: the MAC is keyed and the
/// `oauth_…` parameters are encoded when it is built. It is immutable, `Send + Sync`, and cheap to
/// clone, so one serves all threads.
///
/// ```
/// use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret"))
///     .token(TokenCredentials::new("access token", "token secret"))
///     .build()?;
///
/// let mut request = http::Request::get("https://api.example.com/1/items?count=20").body(())?;
/// let authorization = signer.sign(&request)?.to_header();
/// request.headers_mut().insert(http::header::AUTHORIZATION, authorization);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Signer(Arc<Inner>);

struct Inner {
    settings: Settings,
    key: Key,
    protocol: Protocol,
    /// How an Authorization header starts: all parameters that are the same for each request.
    header: String,
}

/// Why a request was not signed. The request is unchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The request cannot be read.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// There is no nonce, or no time.
    #[error(transparent)]
    Stamp(#[from] StampError),
    /// The request has a parameter that the signer sends itself.
    #[error(transparent)]
    ReservedParameter(#[from] ReservedParameter),
    /// There is no body hash.
    #[error(transparent)]
    BodyHash(#[from] BodyHashError),
    /// The method made no signature.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The request builder of a client made no request.
    #[error("the request could not be built")]
    Unbuilt(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// PLAINTEXT would send the secrets over http to another machine.
    #[error(
        "PLAINTEXT sends the secrets themselves, so it needs https: use https or an HMAC method, or \
         allow it with SignerBuilder::allow_plaintext_over_http"
    )]
    InsecurePlaintext,
}

/// A [`RequestRef`] needs no conversion, so none fails.
impl From<std::convert::Infallible> for SignError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl Signer {
    /// Starts with the client credentials; all else has a default.
    pub fn builder(client: ClientCredentials) -> SignerBuilder {
        SignerBuilder::new(client)
    }

    /// A builder with this signer's settings, to make one that differs.
    pub fn to_builder(&self) -> SignerBuilder {
        SignerBuilder::from_settings(self.0.settings.clone())
    }

    /// Signs a request, now: with the clock's time and a new random nonce.
    ///
    /// `request` is a reference to an [`http::Request`] or [`http::request::Parts`], or a
    /// [`RequestRef`]. It is read, not changed: put the result where it belongs, with
    /// [`Signed::to_header`] or one of its neighbours.
    ///
    /// # Errors
    /// If the request cannot be signed as it stands, or there is no time or nonce.
    #[inline]
    pub fn sign<'r, R>(&self, request: R) -> Result<Signed<'_>, SignError>
    where
        R: TryInto<RequestRef<'r>>,
        SignError: From<R::Error>,
    {
        self.sign_view(&request.try_into()?, self.stamp()?)
    }

    /// [`sign`](Self::sign) with a given timestamp and nonce. It gives the same signature each time.
    ///
    /// # Errors
    /// If the request cannot be signed as it stands.
    pub fn sign_with<'r, R>(&self, request: R, stamp: Stamp) -> Result<Signed<'_>, SignError>
    where
        R: TryInto<RequestRef<'r>>,
        SignError: From<R::Error>,
    {
        self.sign_view(&request.try_into()?, self.keep(stamp))
    }

    /// Signs a request and puts the Authorization header on it, in place of an earlier signature.
    ///
    /// It takes the request and gives it back, so that what was signed is what can be sent. The
    /// request is an [`http::Request`] or, with the adapters, a request of their clients.
    ///
    /// # Errors
    /// If the request cannot be signed as it stands, or has an Authorization of another scheme.
    pub fn authorize<R: Authorize>(&self, request: R) -> Result<R, SignError> {
        request.authorize(self)
    }

    /// Signs a request and tells what was signed: the answer to "invalid signature".
    ///
    /// # Errors
    /// If the request cannot be signed as it stands.
    pub fn explain<'r, R>(&self, request: R) -> Result<(Signed<'_>, Explanation), SignError>
    where
        R: TryInto<RequestRef<'r>>,
        SignError: From<R::Error>,
    {
        let prepared = self.prepare(request)?;
        let explanation = prepared.explanation();
        Ok((prepared.sign()?, explanation))
    }

    /// The first of two steps: everything but the signature. See [`Prepared`].
    ///
    /// # Errors
    /// If the request cannot be signed as it stands, or there is no time or nonce.
    pub fn prepare<'r, R>(&self, request: R) -> Result<Prepared<'_>, SignError>
    where
        R: TryInto<RequestRef<'r>>,
        SignError: From<R::Error>,
    {
        Prepared::new(self, &request.try_into()?, self.stamp()?)
    }

    /// [`prepare`](Self::prepare) with a given timestamp and nonce.
    ///
    /// # Errors
    /// If the request cannot be signed as it stands.
    pub fn prepare_with<'r, R>(&self, request: R, stamp: Stamp) -> Result<Prepared<'_>, SignError>
    where
        R: TryInto<RequestRef<'r>>,
        SignError: From<R::Error>,
    {
        Prepared::new(self, &request.try_into()?, self.keep(stamp))
    }

    /// The signature over any text, with this signer's method and key, as `oauth_signature` has it
    /// before it is encoded. With it a base string that a server printed can be checked, and
    /// protocols beside OAuth served that borrow its key (NetSuite's SOAP token passport).
    ///
    /// # Errors
    /// If the method makes no signature.
    pub fn sign_bytes(&self, text: &[u8]) -> Result<String, SignError> {
        Ok(self.0.key.sign::<_, SignError>(&text)?.to_text())
    }

    /// What to give to [`SignerBuilder::clock_offset`] so that requests are stamped by the clock of a
    /// server, in seconds: its time, as [`server_time`](crate::server_time) has read it from an
    /// answer just now, less that of this signer's clock. Nothing is changed by asking.
    ///
    /// A Date header is good to a second or so; whether to trust it is the caller's decision.
    ///
    /// # Errors
    /// If the clock cannot be read.
    pub fn clock_offset_to(&self, server_time: u64) -> Result<i64, StampError> {
        let ours = self.0.settings.time.clock()?;
        i64::try_from(i128::from(server_time) - i128::from(ours)).map_err(|_| StampError::InvalidTimestamp)
    }

    /// The credentials, for the diagnosis of a rejected request.
    pub(crate) fn credentials(&self) -> (&ClientCredentials, Option<&TokenCredentials>) {
        (&self.0.settings.client, self.0.settings.token.as_ref())
    }

    /// The signature method, for the same.
    pub(crate) fn method(&self) -> &SignatureMethod {
        &self.0.settings.method
    }

    /// What the next request would be stamped with. None where the method has no use for it.
    fn stamp(&self) -> Result<Option<Stamp>, StampError> {
        if self.0.settings.method.is_stamped() { self.0.settings.time.stamp().map(Some) } else { Ok(None) }
    }

    /// A given stamp, where the method has a use for it.
    fn keep(&self, stamp: Stamp) -> Option<Stamp> {
        Some(stamp).filter(|_| self.0.settings.method.is_stamped())
    }

    fn check(&self, request: &RequestRef<'_>) -> Result<(), SignError> {
        let exposed = self.0.key.is_plaintext() && !request.target().is_confidential();
        if exposed && !self.0.settings.plaintext_over_http {
            return Err(SignError::InsecurePlaintext);
        }
        Ok(())
    }

    fn body_hash(&self, request: &RequestRef<'_>) -> Result<Option<String>, BodyHashError> {
        body_hash::of(self.0.settings.body_hash, self.0.settings.method.body_digest(), request)
    }

    #[inline]
    fn sign_view(&self, request: &RequestRef<'_>, stamp: Option<Stamp>) -> Result<Signed<'_>, SignError> {
        self.check(request)?;
        let body_hash = self.body_hash(request)?;
        let parameters = Parameters::of(request)?;
        let message = BaseString {
            request,
            parameters: &parameters,
            protocol: &self.0.protocol,
            stamp: stamp.as_ref(),
            body_hash: body_hash.as_deref(),
        };
        let signature = self.0.key.sign::<_, SignError>(&message)?;
        Ok(Signed { signer: self, stamp, body_hash, signature })
    }
}

/// The secrets are not shown.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.0.settings).finish()
    }
}

/// A request's base string, as the message that a key signs.
struct BaseString<'b, 'r> {
    request: &'b RequestRef<'r>,
    parameters: &'b Parameters<'r>,
    protocol: &'b Protocol,
    stamp: Option<&'b Stamp>,
    body_hash: Option<&'b str>,
}

impl Message for BaseString<'_, '_> {
    type Error = ReservedParameter;

    #[inline]
    fn write<S: Witness>(&self, sink: &mut S) -> Result<(), ReservedParameter> {
        let values = Values { stamp: self.stamp, body_hash: self.body_hash };
        base_string::write(self.request, self.parameters, self.protocol, &values, sink)
    }
}
