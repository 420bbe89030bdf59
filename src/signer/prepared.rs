//! Signing in two steps, for keys that are not in this process.

use std::fmt;

use zeroize::Zeroizing;

use super::error::SignError;
use super::signed::Signed;
use super::state::State;
use crate::base_string::{Parameters, Record};
use crate::explain::{Explanation, Hint, hints_on};
use crate::parameter::ParameterSource;
use crate::request::RequestRef;
use crate::signature::{Message, Signature};
use crate::stamp::Stamp;

/// A request that is ready to be signed: its signature base string, timestamp and nonce.
///
/// [`Signer::prepare`](crate::Signer::prepare) creates it. Sign [`base_string`](Self::base_string) with
/// a key in a KMS, an HSM or another process, and give the signature to [`finish`](Self::finish). The
/// value does not borrow the request, so you can await the signature in between.
///
/// # Examples
///
/// ```
/// # use oauth1_signer::{ClientCredentials, SignatureMethod, Signer};
/// # struct Kms;
/// # impl Kms {
/// #     async fn sign(&self, _: &[u8]) -> std::io::Result<Vec<u8>> { Ok(vec![0; 256]) }
/// # }
/// # async fn f(kms: Kms, request: http::Request<String>) -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("consumer key", ""))
///     .method(SignatureMethod::external("RSA-SHA256"))
///     .build()?;
/// let prepared = signer.prepare(&request)?;
/// let signature = kms.sign(prepared.base_string().as_bytes()).await?;
/// let authorization = prepared.finish(signature).to_header();
/// # Ok(()) }
/// ```
pub struct Prepared<'s> {
    state: &'s State,
    stamp: Option<Stamp>,
    body_hash: Option<String>,
    /// The signature base string, wiped when dropped because it may contain a password (xAuth).
    base_string: Zeroizing<String>,
    sources: Vec<ParameterSource>,
    hints: Vec<Hint>,
}

impl<'s> Prepared<'s> {
    pub(super) fn new(
        state: &'s State,
        request: &RequestRef<'_>,
        stamp: Option<Stamp>,
    ) -> Result<Self, SignError> {
        state.check(request)?;
        let body_hash = state.body_hash(request)?;
        let parameters = Parameters::of(request)?;
        let message = state.message(request, &parameters, stamp.as_ref(), body_hash.as_deref());
        let mut record = Record::default();
        message.write(&mut record)?;
        let base_string = record.take_text();
        let hints = state.settings.hints().chain(hints_on(request, body_hash.is_some())).collect();
        Ok(Self { state, stamp, body_hash, base_string, sources: record.sources, hints })
    }

    /// Returns the signature base string, whose ASCII bytes are to be signed (RFC 5849 §3.4.1).
    #[doc(alias = "signature base string")]
    #[must_use]
    pub fn base_string(&self) -> &str {
        &self.base_string
    }

    /// Returns an explanation of the base string, with secrets redacted.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        let method = self.state.settings.method.name();
        Explanation::new(method, &self.base_string, &self.sources, self.hints.clone())
    }

    /// Signs the base string with the signer's own key.
    ///
    /// # Errors
    /// Returns [`SignError::Signature`] if the signature method fails, or its key is external.
    pub fn sign(self) -> Result<Signed<'s>, SignError> {
        let signature = self.state.key.sign::<_, SignError>(&self.base_string.as_bytes())?;
        Ok(Signed { state: self.state, stamp: self.stamp, body_hash: self.body_hash, signature })
    }

    /// Completes the request with a signature that was made elsewhere.
    ///
    /// A signature given as bytes is sent in base64. One given as text is sent unchanged, but
    /// percent-encoded. See [`Signature`].
    pub fn finish(self, signature: impl Into<Signature>) -> Signed<'s> {
        let signature = signature.into().into_text();
        Signed { state: self.state, stamp: self.stamp, body_hash: self.body_hash, signature }
    }
}

impl fmt::Debug for Prepared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("stamp", &self.stamp).finish_non_exhaustive()
    }
}
