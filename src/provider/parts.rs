//! RFC 5849 §2: the parts of a grant, which a store saves and loads.

use std::fmt;

use crate::credentials::TokenCredentials;

/// The stage that a grant has reached.
///
/// A token is valid at one stage only: a request token is never accepted as an access token.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::Stage;
///
/// assert_eq!(Stage::Exchanged.name(), "exchanged");
/// ```
// Closed on purpose: a store and a page must handle each stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Stage {
    /// A request token (temporary credentials) that the user has not decided on (§2.1).
    Pending,
    /// A request token that the user has approved (§2.2).
    Approved,
    /// An access token (token credentials) (§2.3).
    Exchanged,
    /// A request token that the user has denied, or that was presented with a wrong verification code.
    Ended,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Approved, Self::Exchanged, Self::Ended];

    /// Returns `pending`, `approved`, `exchanged` or `ended`, for a column or a part of a key.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Exchanged => "exchanged",
            Self::Ended => "ended",
        }
    }
}

/// Returns the stage with this [`name`](Stage::name).
impl std::str::FromStr for Stage {
    type Err = GrantError;

    fn from_str(name: &str) -> Result<Self, GrantError> {
        Self::ALL.into_iter().find(|stage| stage.name() == name).ok_or(GrantError::UnknownStage)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// All fields of a [`Grant`](super::Grant), each a column of a table.
///
/// It contains the secrets in clear text, since HMAC needs them (RFC 5849 §4.5). Encrypt the column or disk.
///
/// | stage | `callback` | `verifier` | `user` | `issued` | `expires` |
/// |---|---|---|---|---|---|
/// | pending | unless out of band | – | – | – | always |
/// | approved | – | always | always | – | always |
/// | exchanged | – | – | always | unless issued elsewhere | if tokens expire |
/// | ended | – | – | – | – | always |
///
/// # Examples
///
/// ```
/// use oauth1_signer::TokenCredentials;
/// use oauth1_signer::provider::{Grant, GrantParts};
///
/// let grant = Grant::exchanged(TokenCredentials::new("token", "secret"), "printer", "jane");
/// let GrantParts { stage, credentials, client_key, callback, verifier, user, issued, expires } =
///     grant.into_parts();
/// // … save them, and when they are loaded:
/// let grant = Grant::from_parts(GrantParts {
///     stage: stage.name().parse()?,
///     credentials: TokenCredentials::new(credentials.token(), credentials.expose_secret()),
///     client_key,
///     callback,
///     verifier,
///     user,
///     issued,
///     expires,
/// })?;
/// assert_eq!(grant.user(), Some("jane"));
/// # Ok::<(), oauth1_signer::provider::GrantError>(())
/// ```
// Closed on purpose: a store must save each field, so a new one must not compile without it.
#[derive(Clone)]
pub struct GrantParts {
    /// The stage. Together with the token, it is the key of the grant.
    pub stage: Stage,
    /// The token, `oauth_token`, and its secret.
    pub credentials: TokenCredentials,
    /// The consumer key of the client.
    pub client_key: String,
    /// The URI that the user is sent to, or `None` for `oob`.
    pub callback: Option<String>,
    /// The verification code or PIN, `oauth_verifier`. It is a secret.
    pub verifier: Option<String>,
    /// The user who has approved the grant.
    pub user: Option<String>,
    /// The time when the access token was issued, in seconds since the Unix epoch.
    pub issued: Option<u64>,
    /// The time when the grant expires, in seconds since the Unix epoch.
    pub expires: Option<u64>,
}

/// Shows neither secret nor verification code nor the callback, which may contain a session.
impl fmt::Debug for GrantParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantParts")
            .field("stage", &self.stage)
            .field("token", &self.credentials.token())
            .field("client_key", &self.client_key)
            .field("user", &self.user)
            .field("issued", &self.issued)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// The error of parts that do not form a grant.
///
/// # Examples
///
/// ```
/// use oauth1_signer::TokenCredentials;
/// use oauth1_signer::provider::{Grant, GrantError, Stage};
///
/// let mut parts = Grant::exchanged(TokenCredentials::new("t", "s"), "printer", "jane").into_parts();
/// parts.user = None;
/// let error = Grant::from_parts(parts).unwrap_err();
/// assert_eq!(error, GrantError::Missing { stage: Stage::Exchanged, field: "user" });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GrantError {
    /// A field that this stage has is `None`.
    #[error("a grant at the stage {stage} needs `{field}`: save and load every field of GrantParts")]
    Missing {
        /// The stage of the parts.
        stage: Stage,
        /// The name of the field.
        field: &'static str,
    },
    /// A field that this stage does not have is set.
    #[error("a grant at the stage {stage} has no `{field}`: replace all fields when a grant advances")]
    Unexpected {
        /// The stage of the parts.
        stage: Stage,
        /// The name of the field.
        field: &'static str,
    },
    /// The text is not the name of a stage.
    #[error("the stage is not one of pending, approved, exchanged and ended: save Stage::name")]
    UnknownStage,
}
