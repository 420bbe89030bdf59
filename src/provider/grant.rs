//! RFC 5849 §2: a grant, from the request token to the access token.

use std::fmt;

use ctutils::CtEq;

use crate::credentials::{Secret, TokenCredentials};
use crate::verify::TokenRecord;

use super::parts::{GrantError, GrantParts, Stage};

/// The credentials of one client and user, at one stage of the three legs.
///
/// The [`Issuer`](super::Issuer) makes grants and moves them from stage to stage. A [`Store`](super::Store)
/// stores them: it takes a grant apart with [`into_parts`](Self::into_parts), and rebuilds it with
/// [`from_parts`](Self::from_parts). With the feature `serde`, a grant is deserialized directly, and
/// serialized with `WithSecret`.
///
/// # Examples
///
/// Insert the tokens that another system has issued into the store, so that they stay valid:
///
/// ```
/// use oauth1_signer::TokenCredentials;
/// use oauth1_signer::provider::{Grant, MemoryStore, Stage, Store};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), oauth1_signer::BoxError> {
/// let store = MemoryStore::new();
/// let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
/// store.insert(Grant::exchanged(token, "dpf43f3p2l4k3l03", "jane"), 1_700_000_000).await?;
///
/// let grant = store.find(Stage::Exchanged, "nnch734d00sl2jdk").await?;
/// assert_eq!(grant.unwrap().user(), Some("jane"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Grant {
    credentials: TokenCredentials,
    client_key: String,
    state: State,
}

#[derive(Clone)]
enum State {
    Pending { callback: Option<String>, expires: u64 },
    Approved { verifier: Secret, user: String, expires: u64 },
    Exchanged { user: String, issued: Option<u64>, expires: Option<u64> },
    Ended { expires: u64 },
}

impl Grant {
    /// Creates a grant for an access token that was issued elsewhere and does not expire.
    ///
    /// Its stage is [`Stage::Exchanged`].
    pub fn exchanged(
        credentials: TokenCredentials,
        client_key: impl Into<String>,
        user: impl Into<String>,
    ) -> Self {
        let state = State::Exchanged { user: user.into(), issued: None, expires: None };
        Self { credentials, client_key: client_key.into(), state }
    }

    /// Rebuilds a grant from the parts that a store has loaded.
    ///
    /// # Errors
    ///
    /// Returns [`GrantError`] if a part is missing that the stage needs, or set that the stage does not have.
    pub fn from_parts(parts: GrantParts) -> Result<Self, GrantError> {
        let GrantParts { stage, credentials, client_key, callback, verifier, user, issued, expires } = parts;
        let none =
            |field, is_none: bool| is_none.then_some(()).ok_or(GrantError::Unexpected { stage, field });
        if stage != Stage::Pending {
            none("callback", callback.is_none())?;
        }
        if stage != Stage::Approved {
            none("verifier", verifier.is_none())?;
        }
        if stage != Stage::Exchanged {
            none("issued", issued.is_none())?;
        }
        if matches!(stage, Stage::Pending | Stage::Ended) {
            none("user", user.is_none())?;
        }
        let missing = |field| GrantError::Missing { stage, field };
        let expiry = || expires.ok_or(missing("expires"));
        let state = match stage {
            Stage::Pending => State::Pending { callback, expires: expiry()? },
            Stage::Approved => State::Approved {
                verifier: Secret::new(verifier.ok_or(missing("verifier"))?),
                user: user.ok_or(missing("user"))?,
                expires: expiry()?,
            },
            Stage::Exchanged => State::Exchanged { user: user.ok_or(missing("user"))?, issued, expires },
            Stage::Ended => State::Ended { expires: expiry()? },
        };
        Ok(Self { credentials, client_key, state })
    }

    /// Returns all parts of the grant, the secrets included, for a store to save.
    #[must_use]
    pub fn into_parts(self) -> GrantParts {
        let mut parts = GrantParts {
            stage: self.stage(),
            callback: None,
            verifier: None,
            user: None,
            issued: None,
            expires: self.expires(),
            credentials: self.credentials,
            client_key: self.client_key,
        };
        match self.state {
            State::Pending { callback, .. } => parts.callback = callback,
            State::Approved { verifier, user, .. } => {
                parts.verifier = Some(verifier.expose().to_owned());
                parts.user = Some(user);
            }
            State::Exchanged { user, issued, .. } => {
                parts.user = Some(user);
                parts.issued = issued;
            }
            State::Ended { .. } => {}
        }
        parts
    }

    /// Returns the stage that the grant has reached.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self.state {
            State::Pending { .. } => Stage::Pending,
            State::Approved { .. } => Stage::Approved,
            State::Exchanged { .. } => Stage::Exchanged,
            State::Ended { .. } => Stage::Ended,
        }
    }

    /// Returns the token, `oauth_token`.
    #[must_use]
    pub fn token(&self) -> &str {
        self.credentials.token()
    }

    /// Returns the consumer key of the client that the grant was issued to.
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.client_key
    }

    /// Returns when the grant expires, in seconds since the Unix epoch, or `None` if it does not.
    #[must_use]
    pub fn expires(&self) -> Option<u64> {
        match self.state {
            State::Pending { expires, .. } | State::Approved { expires, .. } | State::Ended { expires } => {
                Some(expires)
            }
            State::Exchanged { expires, .. } => expires,
        }
    }

    /// Returns when the access token was issued, in seconds since the Unix epoch.
    ///
    /// Returns `None` at the other stages, and for a token that was issued elsewhere.
    #[must_use]
    pub fn issued(&self) -> Option<u64> {
        match self.state {
            State::Exchanged { issued, .. } => issued,
            _ => None,
        }
    }

    /// Returns the URI that the user is sent to after the decision.
    ///
    /// Returns `None` if the client is out of band (`oob`), and at every stage except [`Stage::Pending`].
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        match &self.state {
            State::Pending { callback, .. } => callback.as_deref(),
            _ => None,
        }
    }

    /// Returns the user who has approved the grant.
    ///
    /// It is the text that was given to [`Issuer::approve`](super::Issuer::approve).
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        match &self.state {
            State::Pending { .. } | State::Ended { .. } => None,
            State::Approved { user, .. } | State::Exchanged { user, .. } => Some(user),
        }
    }

    pub(super) fn pending(
        credentials: TokenCredentials,
        client_key: &str,
        callback: Option<String>,
        expires: u64,
    ) -> Self {
        Self { credentials, client_key: client_key.to_owned(), state: State::Pending { callback, expires } }
    }

    /// Returns the approved grant of a pending one. Its expiry stays the same.
    pub(super) fn approve(self, verifier: &str, user: &str) -> Option<Self> {
        let State::Pending { expires, .. } = self.state else { return None };
        let state = State::Approved { verifier: Secret::new(verifier), user: user.to_owned(), expires };
        Some(Self { state, ..self })
    }

    /// Returns the exchanged grant of an approved one, if `verifier` is its verification code.
    pub(super) fn exchange(
        &self,
        presented: &str,
        credentials: TokenCredentials,
        issued: u64,
        expires: Option<u64>,
    ) -> Option<Self> {
        let State::Approved { verifier, user, .. } = &self.state else { return None };
        let is_right = verifier.expose().as_bytes().ct_eq(presented.as_bytes());
        let state = State::Exchanged { user: user.clone(), issued: Some(issued), expires };
        is_right.to_bool().then(|| Self { credentials, client_key: self.client_key.clone(), state })
    }

    /// Returns the ended grant of one that the user denied or that failed.
    pub(super) fn end(self) -> Self {
        let expires = self.expires().unwrap_or_default();
        Self { state: State::Ended { expires }, ..self }
    }

    pub(super) fn into_record(self) -> TokenRecord {
        let record = TokenRecord::new(self.credentials, self.client_key);
        match self.state {
            State::Exchanged { user, .. } => record.for_user(user),
            State::Approved { user, .. } => record.into_temporary().for_user(user),
            _ => record.into_temporary(),
        }
    }
}

/// Shows neither secret nor verification code nor the callback, which may contain a session.
impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("stage", &self.stage())
            .field("token", &self.token())
            .field("client_key", &self.client_key)
            .field("expires", &self.expires())
            .finish_non_exhaustive()
    }
}
