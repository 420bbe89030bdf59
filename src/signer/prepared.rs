//! Signing in two steps, for keys that live elsewhere.

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

/// A request that is signed but for the signature itself.
///
/// It holds all it needs of the request, so any amount of `async` fits between the two steps:
///
/// ```
/// # use oauth1_signer::{ClientCredentials, SignatureMethod, Signer};
/// # struct Kms; impl Kms { async fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, std::io::Error> { Ok(vec![0; 256]) } }
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
    /// Wiped when dropped: there may be a password in it (xAuth).
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

    /// The signature base string (§3.4.1): these bytes, ASCII all of them, are what is signed.
    #[must_use]
    pub fn base_string(&self) -> &str {
        &self.base_string
    }

    /// What is signed, to look at.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        let method = self.state.settings.method.name();
        Explanation::new(method, &self.base_string, &self.sources, self.hints.clone())
    }

    /// The second step with the signer's own key.
    ///
    /// # Errors
    /// If the method makes no signature, or its key lives elsewhere.
    pub fn sign(self) -> Result<Signed<'s>, SignError> {
        let signature = self.state.key.sign::<_, SignError>(&self.base_string.as_bytes())?;
        Ok(Signed { state: self.state, stamp: self.stamp, body_hash: self.body_hash, signature })
    }

    /// The second step with a signature from elsewhere: bytes, which are sent in base64, or a text.
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
