//! RFC 5849 §3.3: a request with a right signature, which may still be too old or a replay.

use std::fmt;

use super::nonce::{Nonce, NonceLog, NonceStatus};
use super::parameters::ToVerified;
use super::protocol::Protocol;
use super::reason::RejectionReason;
use super::rejection::Rejection;
use super::settings::Settings;
use super::verified::VerifiedRequest;

/// A request with a right signature, which may still be too old or a replay.
///
/// [`Claim::prove`](super::Claim::prove) makes it. Only [`admit`](Self::admit) turns it into a
/// [`VerifiedRequest`]. The example of the [module](crate::verify) shows all steps.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::{NonceLog, Proof, Rejection};
///
/// async fn user(proof: Proof<'_>, log: &impl NonceLog) -> Result<Option<String>, Rejection> {
///     let verified = proof.admit(log).await?;
///     Ok(verified.user().map(str::to_owned))
/// }
/// ```
#[must_use = "a proof admits nobody yet: a replayed request is proved too"]
pub struct Proof<'c> {
    pub(super) settings: &'c Settings,
    pub(super) protocol: &'c Protocol<'c>,
    pub(super) parameters: &'c dyn ToVerified,
    pub(super) body_is_signed: bool,
    pub(super) user: Option<String>,
}

impl Proof<'_> {
    /// Checks the timestamp, and marks the nonce as used: the last step (§3.3).
    ///
    /// A PLAINTEXT request may lack timestamp and nonce. It is then admitted each time it is sent.
    ///
    /// # Errors
    /// Returns a rejection with the reason [`RejectionReason::Stale`] if the timestamp is outside the window,
    /// [`RejectionReason::Replayed`] if the nonce was used before (both 401), and
    /// [`RejectionReason::Unavailable`] if the log or the clock fails, or the log is full (503).
    #[doc(alias = "replay")]
    #[doc(alias = "nonce")]
    pub async fn admit<L: NonceLog + ?Sized>(self, log: &L) -> Result<VerifiedRequest, Rejection> {
        let settings = self.settings;
        self.insert_nonce(log).await.map_err(|rejection| settings.challenged(rejection))
    }

    async fn insert_nonce<L: NonceLog + ?Sized>(self, log: &L) -> Result<VerifiedRequest, Rejection> {
        let protocol = self.protocol;
        if let Some((timestamp, nonce)) = &protocol.stamp {
            let now = self.settings.check_timestamp(*timestamp)?;
            let nonce = Nonce {
                client_key: &protocol.client_key,
                token: protocol.token.as_deref(),
                timestamp: *timestamp,
                nonce,
            };
            // The timestamp stays admitted until then. `now` plus the window would be too early for a
            // timestamp that is ahead of the server's clock.
            let expires = timestamp.saturating_add(self.settings.window);
            match log.check_and_insert(nonce, now, expires).await.map_err(Rejection::unavailable)? {
                NonceStatus::Fresh => {}
                NonceStatus::Replayed => return Err(RejectionReason::Replayed.into()),
                NonceStatus::Full => return Err(Rejection::unavailable("the nonce log is full")),
            }
        }
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
        Ok(VerifiedRequest {
            client_key: protocol.client_key.to_string(),
            token: owned(&protocol.token),
            user: self.user,
            callback: owned(&protocol.callback),
            verifier: owned(&protocol.verifier),
            parameters: self.parameters.to_verified(),
            body_is_signed: self.body_is_signed,
            challenge: self.settings.challenge.clone(),
        })
    }
}

impl fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof").field("client_key", &self.protocol.client_key).finish_non_exhaustive()
    }
}
