//! RFC 5849 §3.3: whether a proved request is one that has not been before.

use std::fmt;

use super::nonce::{Nonce, NonceLog, NonceStatus};
use super::proof::Proof;
use super::rejection::{Rejection, RejectionReason};

/// Who a request is from: proved, in time, and not a replay.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedRequest {
    client_key: String,
    token: Option<String>,
    user: Option<String>,
    callback: Option<String>,
    verifier: Option<String>,
}

impl Proof<'_> {
    /// Admits the request, unless its timestamp is off or its nonce was used: the last step, after
    /// which the nonce is used.
    ///
    /// # Errors
    /// If it is too old or too early, or a replay (401), or the log cannot tell or is full (503).
    pub async fn admit<L: NonceLog + ?Sized>(self, log: &L) -> Result<VerifiedRequest, Rejection> {
        let now = self.policy.clock.seconds().map_err(Rejection::Unavailable)?;
        let protocol = self.protocol;
        if let Some((timestamp, nonce)) = &protocol.stamp {
            if now.abs_diff(*timestamp) > self.policy.window {
                return Err(RejectionReason::Stale.into());
            }
            let nonce = Nonce {
                client_key: &protocol.client_key,
                token: protocol.token.as_deref(),
                timestamp: *timestamp,
                nonce,
            };
            // Until then the timestamp is admitted: not `now` and the window, which is too early for
            // one that is ahead of its time.
            let expires = timestamp.saturating_add(self.policy.window);
            match log.check_and_insert(nonce, now, expires).await.map_err(Rejection::Unavailable)? {
                NonceStatus::Fresh => {}
                NonceStatus::Replayed => return Err(RejectionReason::Replayed.into()),
                NonceStatus::Full => return Err(Rejection::Unavailable("the nonce log is full".into())),
            }
        }
        Ok(VerifiedRequest {
            client_key: protocol.client_key.to_string(),
            token: protocol.token.as_deref().map(str::to_owned),
            user: self.user,
            callback: protocol.callback.as_deref().map(str::to_owned),
            verifier: protocol.verifier.as_deref().map(str::to_owned),
        })
    }
}

impl VerifiedRequest {
    /// The client, by its identifier.
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.client_key
    }

    /// The token, by its identifier.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Whom the token was issued for, where its record says so
    /// ([`TokenRecord::for_user`](super::TokenRecord::for_user)).
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// `oauth_callback`, in a request for temporary credentials (§2.1).
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }

    /// `oauth_verifier`, in a request for token credentials (§2.3). To be compared with the one that
    /// was issued.
    #[must_use]
    pub fn verifier(&self) -> Option<&str> {
        self.verifier.as_deref()
    }
}

/// The verification code is not shown.
impl fmt::Debug for VerifiedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedRequest")
            .field("client_key", &self.client_key)
            .field("token", &self.token)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
