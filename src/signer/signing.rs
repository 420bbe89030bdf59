//! The signer itself.

use std::fmt;
use std::sync::Arc;

use super::error::SignError;
use super::prepared::Prepared;
use super::signed::Signed;
use super::state::State;
use crate::base_string::Parameters;
use crate::credentials::{ClientCredentials, TokenCredentials};
use crate::explain::Explanation;
use crate::request::{IntoRequestRef, RequestRef};
use crate::signature::SignatureMethod;
use crate::stamp::{Stamp, StampError};

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
pub struct Signer {
    pub(super) state: Arc<State>,
}

impl Signer {
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
        R: IntoRequestRef<'r>,
    {
        sign(&self.state, &request.into_request_ref()?, self.state.stamp()?)
    }

    /// [`sign`](Self::sign) with a given timestamp and nonce. It gives the same signature each time.
    ///
    /// # Errors
    /// If the request cannot be signed as it stands.
    pub fn sign_with<'r, R>(&self, request: R, stamp: Stamp) -> Result<Signed<'_>, SignError>
    where
        R: IntoRequestRef<'r>,
    {
        sign(&self.state, &request.into_request_ref()?, self.state.keep(stamp))
    }

    /// Signs a request and tells what was signed: the answer to "invalid signature".
    ///
    /// # Errors
    /// If the request cannot be signed as it stands.
    pub fn explain<'r, R>(&self, request: R) -> Result<(Signed<'_>, Explanation), SignError>
    where
        R: IntoRequestRef<'r>,
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
        R: IntoRequestRef<'r>,
    {
        Prepared::new(&self.state, &request.into_request_ref()?, self.state.stamp()?)
    }

    /// [`prepare`](Self::prepare) with a given timestamp and nonce.
    ///
    /// # Errors
    /// If the request cannot be signed as it stands.
    pub fn prepare_with<'r, R>(&self, request: R, stamp: Stamp) -> Result<Prepared<'_>, SignError>
    where
        R: IntoRequestRef<'r>,
    {
        Prepared::new(&self.state, &request.into_request_ref()?, self.state.keep(stamp))
    }

    /// The signature over any text, with this signer's method and key, as `oauth_signature` has it
    /// before it is encoded. With it a base string that a server printed can be checked, and
    /// protocols beside OAuth served that borrow its key (NetSuite's SOAP token passport).
    ///
    /// # Errors
    /// If the method makes no signature.
    pub fn sign_bytes(&self, text: &[u8]) -> Result<String, SignError> {
        Ok(self.state.key.sign::<_, SignError>(&text)?.to_text())
    }

    /// Returns the offset, in seconds, that makes this signer use a server's clock.
    ///
    /// `server_time` is what [`server_time`](crate::server_time) read from a response just now. Give the result to
    /// [`SignerBuilder::clock_offset`](crate::SignerBuilder::clock_offset); this call changes nothing.
    ///
    /// A Date header is good to a second or so; whether to trust it is the caller's decision.
    ///
    /// # Errors
    /// Returns [`StampError::Clock`] if the clock cannot be read.
    pub fn clock_offset_to(&self, server_time: u64) -> Result<i64, StampError> {
        let ours = self.state.settings.time.clock()?;
        i64::try_from(i128::from(server_time) - i128::from(ours)).map_err(|_| StampError::InvalidTimestamp)
    }

    /// The credentials, for the diagnosis of a rejected request.
    pub(crate) fn credentials(&self) -> (&ClientCredentials, Option<&TokenCredentials>) {
        (&self.state.settings.client, self.state.settings.token.as_ref())
    }

    /// The signature method, for the same.
    pub(crate) fn method(&self) -> &SignatureMethod {
        &self.state.settings.method
    }
}

#[inline]
fn sign<'s>(
    state: &'s State,
    request: &RequestRef<'_>,
    stamp: Option<Stamp>,
) -> Result<Signed<'s>, SignError> {
    state.check(request)?;
    let body_hash = state.body_hash(request)?;
    let parameters = Parameters::of(request)?;
    let message = state.message(request, &parameters, stamp.as_ref(), body_hash.as_deref());
    let signature = state.key.sign::<_, SignError>(&message)?;
    Ok(Signed { state, stamp, body_hash, signature })
}

/// The secrets are not shown.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.state.settings).finish()
    }
}
