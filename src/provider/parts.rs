//! RFC 5849 §2: the parts of a grant, which a store saves and loads.

use std::fmt;

use crate::credentials::TokenCredentials;

use super::grant::Stage;

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
