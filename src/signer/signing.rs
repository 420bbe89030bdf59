//! The signer.

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

/// A signer of requests for one client and, if it has a token, for one user.
///
/// Create it once with [`Signer::builder`] and use it for all requests. It is immutable,
/// `Send + Sync` and cheap to clone, so all threads can share one. [`build`](crate::SignerBuilder::build)
/// prepares everything that is the same for each request: it keys the MAC and encodes the fixed
/// `oauth_…` parameters.
///
/// [`authorize`](Self::authorize) signs a request and adds the header. [`sign`](Self::sign) leaves the
/// request unchanged and returns the parameters.
///
/// # Examples
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
#[doc(alias = "twitter")]
#[derive(Clone)]
pub struct Signer {
    pub(super) state: Arc<State>,
}

impl Signer {
    /// Signs a request with the current time and a new random nonce.
    ///
    /// `request` is a reference to an [`http::Request`] or to [`http::request::Parts`], or it is a
    /// [`RequestRef`]. The signer does not change it. Send the result with [`Signed::to_header`],
    /// [`Signed::append_to_url`] or [`Signed::append_to_form`].
    ///
    /// # Errors
    /// - Returns [`SignError::Request`] if the request cannot be signed as it is.
    /// - Returns [`SignError::Stamp`] if there is no time or no nonce.
    /// - Returns [`SignError::Signature`] if the signature method fails.
    /// - Returns [`SignError::InsecurePlaintext`] if PLAINTEXT would send the secrets over http.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, RequestRef, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret")).build()?;
    /// let request = RequestRef::new("GET", "https://api.example.com/1/items?count=20")?;
    /// let header = signer.sign(request)?.to_header();
    /// assert!(header.to_str()?.starts_with("OAuth oauth_consumer_key=\"consumer%20key\""));
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn sign<'r, R>(&self, request: R) -> Result<Signed<'_>, SignError>
    where
        R: IntoRequestRef<'r>,
    {
        sign(&self.state, &request.into_request_ref()?, self.state.stamp()?)
    }

    /// Signs a request with the given timestamp and nonce.
    ///
    /// The same request and stamp give the same signature. Use it in tests, or to reproduce the
    /// signature of another program; otherwise use [`sign`](Self::sign).
    ///
    /// # Errors
    /// Returns the errors of [`sign`](Self::sign), except [`SignError::Stamp`].
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, RequestRef, Signer, Stamp};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
    /// let request = || RequestRef::new("GET", "https://api.example.com/1/items");
    /// let first = signer.sign_with(request()?, Stamp::new(1_700_000_000, "n1")?)?;
    /// let second = signer.sign_with(request()?, Stamp::new(1_700_000_000, "n1")?)?;
    /// assert_eq!(first.signature(), second.signature());
    /// # Ok(()) }
    /// ```
    pub fn sign_with<'r, R>(&self, request: R, stamp: Stamp) -> Result<Signed<'_>, SignError>
    where
        R: IntoRequestRef<'r>,
    {
        sign(&self.state, &request.into_request_ref()?, self.state.keep(stamp))
    }

    /// Signs a request, and returns an explanation of what was signed with the result.
    ///
    /// Use it when a server reports an invalid signature: compare the [`Explanation`] with what the
    /// server computed. A [`Diagnosis`](crate::diagnose::Diagnosis) does more of that for you.
    ///
    /// # Errors
    /// Returns the errors of [`sign`](Self::sign).
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, RequestRef, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
    /// let request = RequestRef::new("GET", "https://api.example.com/items?count=20")?;
    /// let (_signed, explanation) = signer.explain(request)?;
    /// assert!(explanation.base_string().starts_with("GET&https%3A%2F%2Fapi.example.com%2Fitems&count"));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "invalid signature")]
    #[doc(alias = "signature base string")]
    pub fn explain<'r, R>(&self, request: R) -> Result<(Signed<'_>, Explanation), SignError>
    where
        R: IntoRequestRef<'r>,
    {
        let prepared = self.prepare(request)?;
        let explanation = prepared.explanation();
        Ok((prepared.sign()?, explanation))
    }

    /// Prepares a request for a signature that is made elsewhere, such as in a KMS or HSM.
    ///
    /// [`Prepared::base_string`] returns the bytes to sign. [`Prepared::finish`] takes the signature.
    /// See [`Prepared`] for an example.
    ///
    /// # Errors
    /// Returns the errors of [`sign`](Self::sign), except [`SignError::Signature`].
    #[doc(alias = "kms")]
    #[doc(alias = "hsm")]
    pub fn prepare<'r, R>(&self, request: R) -> Result<Prepared<'_>, SignError>
    where
        R: IntoRequestRef<'r>,
    {
        Prepared::new(&self.state, &request.into_request_ref()?, self.state.stamp()?)
    }

    /// Prepares a request as [`prepare`](Self::prepare) does, with the given timestamp and nonce.
    ///
    /// # Errors
    /// Returns the errors of [`prepare`](Self::prepare), except [`SignError::Stamp`].
    pub fn prepare_with<'r, R>(&self, request: R, stamp: Stamp) -> Result<Prepared<'_>, SignError>
    where
        R: IntoRequestRef<'r>,
    {
        Prepared::new(&self.state, &request.into_request_ref()?, self.state.keep(stamp))
    }

    /// Returns the signature over any bytes, with this signer's method and key.
    ///
    /// The result is the value of `oauth_signature` before it is percent-encoded. Use it to check a
    /// base string that a server printed, or for a protocol that uses OAuth's key for other text
    /// (NetSuite's SOAP token passport).
    ///
    /// # Errors
    /// Returns [`SignError::Signature`] if the signature method fails, or its key is external.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
    /// let signature = signer.sign_bytes(b"GET&https%3A%2F%2Fapi.example.com%2F&oauth_nonce%3Dn1")?;
    /// assert_eq!(signature.len(), 28); // 20 bytes in base64
    /// # Ok(()) }
    /// ```
    pub fn sign_bytes(&self, text: &[u8]) -> Result<String, SignError> {
        Ok(self.state.key.sign::<_, SignError>(&text)?.to_text())
    }

    /// Returns the number of seconds from this signer's clock to a server's clock.
    ///
    /// `server_time` is the time that [`server_time`](crate::server_time) read from a response just now,
    /// in seconds since the Unix epoch. Give the result to
    /// [`SignerBuilder::clock_offset`](crate::SignerBuilder::clock_offset). This call changes nothing.
    ///
    /// A Date header is accurate to about one second. You decide if you trust it.
    ///
    /// # Errors
    /// - Returns [`StampError::Clock`] or [`StampError::ClockBeforeEpoch`] if the clock cannot be read.
    /// - Returns [`StampError::InvalidTimestamp`] if the difference does not fit into an `i64`.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{ClientCredentials, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = ClientCredentials::new("key", "secret");
    /// let signer = Signer::builder(client).clock(|| Ok(1_700_000_000)).build()?;
    /// let offset = signer.clock_offset_to(1_700_000_300)?;
    /// assert_eq!(offset, 300);
    /// let signer = signer.to_builder().clock_offset(offset).build()?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "clock skew")]
    #[doc(alias = "timestamp_refused")]
    pub fn clock_offset_to(&self, server_time: u64) -> Result<i64, StampError> {
        let ours = self.state.settings.time.clock()?;
        i64::try_from(i128::from(server_time) - i128::from(ours)).map_err(|_| StampError::InvalidTimestamp)
    }

    /// Returns the credentials, for the diagnosis of a rejected request.
    pub(crate) fn credentials(&self) -> (&ClientCredentials, Option<&TokenCredentials>) {
        (&self.state.settings.client, self.state.settings.token.as_ref())
    }

    /// Returns the signature method, for the diagnosis of a rejected request.
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

/// Shows the settings without the secrets.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.state.settings).finish()
    }
}
