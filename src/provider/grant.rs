//! What a provider keeps: one attempt of one client, from the first leg to the last.

use std::fmt;

use ctutils::CtEq;

use crate::credentials::{Secret, TokenCredentials};
use crate::verify::TokenRecord;

/// How far a grant has come. What is at one stage is never found at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Stage {
    /// Temporary credentials that the user has not decided on (§2.1).
    Pending,
    /// Temporary credentials that the user has approved (§2.2).
    Approved,
    /// Token credentials (§2.3).
    Exchanged,
}

impl Stage {
    /// `pending`, `approved` or `exchanged`: for a column, or a part of a key.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Exchanged => "exchanged",
        }
    }
}

/// Credentials, the client that they were issued to, and what their stage has beside.
///
/// A store of one's own takes it apart by its accessors, and puts it together by the constructor of its
/// stage. With the feature `serde` it is loaded freely, and written by `WithSecret`.
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
    Exchanged { user: String },
}

impl Grant {
    /// One at [`Stage::Pending`]. Without a callback it is out of band. `expires` is in seconds since the
    /// Unix epoch.
    pub fn pending(
        credentials: TokenCredentials,
        client_key: impl Into<String>,
        callback: Option<String>,
        expires: u64,
    ) -> Self {
        Self { credentials, client_key: client_key.into(), state: State::Pending { callback, expires } }
    }

    /// One at [`Stage::Approved`].
    pub fn approved(
        credentials: TokenCredentials,
        client_key: impl Into<String>,
        verifier: impl Into<String>,
        user: impl Into<String>,
        expires: u64,
    ) -> Self {
        let state = State::Approved { verifier: Secret::new(verifier), user: user.into(), expires };
        Self { credentials, client_key: client_key.into(), state }
    }

    /// One at [`Stage::Exchanged`]; also for tokens that were issued before, elsewhere.
    pub fn exchanged(
        credentials: TokenCredentials,
        client_key: impl Into<String>,
        user: impl Into<String>,
    ) -> Self {
        Self { credentials, client_key: client_key.into(), state: State::Exchanged { user: user.into() } }
    }

    /// How far it has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self.state {
            State::Pending { .. } => Stage::Pending,
            State::Approved { .. } => Stage::Approved,
            State::Exchanged { .. } => Stage::Exchanged,
        }
    }

    /// The identifier, `oauth_token`.
    #[must_use]
    pub fn token(&self) -> &str {
        self.credentials.token()
    }

    /// The token secret: to store it, never to log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.credentials.expose_secret()
    }

    /// The client that it was issued to, by its identifier.
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.client_key
    }

    /// When it expires, in seconds since the Unix epoch; token credentials do not.
    #[must_use]
    pub fn expires(&self) -> Option<u64> {
        match self.state {
            State::Pending { expires, .. } | State::Approved { expires, .. } => Some(expires),
            State::Exchanged { .. } => None,
        }
    }

    /// Where the user is sent to, while it is pending and not out of band.
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        match &self.state {
            State::Pending { callback, .. } => callback.as_deref(),
            _ => None,
        }
    }

    /// The verification code or PIN, once it is approved: to store it, never to log it.
    #[must_use]
    pub fn expose_verifier(&self) -> Option<&str> {
        match &self.state {
            State::Approved { verifier, .. } => Some(verifier.expose()),
            _ => None,
        }
    }

    /// Who has approved it.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        match &self.state {
            State::Pending { .. } => None,
            State::Approved { user, .. } | State::Exchanged { user } => Some(user),
        }
    }

    /// The next stage of one that is pending. It expires when that would have.
    pub(super) fn approve(self, verifier: &str, user: &str) -> Option<Self> {
        let State::Pending { expires, .. } = self.state else { return None };
        Some(Self::approved(self.credentials, self.client_key, verifier, user, expires))
    }

    /// The next stage of one that is approved, where this is its verification code.
    pub(super) fn exchange(self, presented: &str, credentials: TokenCredentials) -> Option<Self> {
        let State::Approved { verifier, user, .. } = self.state else { return None };
        let is_right = verifier.expose().as_bytes().ct_eq(presented.as_bytes());
        is_right.to_bool().then(|| Self::exchanged(credentials, self.client_key, user))
    }

    pub(super) fn into_record(self) -> TokenRecord {
        let record = TokenRecord::new(self.credentials, self.client_key);
        match self.state {
            State::Exchanged { user } => record.for_user(user),
            _ => record,
        }
    }
}

/// Neither secret nor verification code are shown, nor the callback, which may have a session in it.
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
