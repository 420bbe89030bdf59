//! The errors of the flow's own steps.

use crate::signer::BuildError;

use super::endpoints::EndpointError;

/// The reason why a step of the flow cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// An endpoint cannot be used.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The signer's settings conflict with those of the step.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The callback is neither an absolute URI nor `oob` (RFC 5849 §2.1).
    #[error(
        "the callback is not an absolute URI, such as https://host/path; where there is none, it is \
         \"oob\", in lower case"
    )]
    InvalidCallback,
    /// The parameters of the authorization URL include `oauth_token`.
    #[error(
        "oauth_token is among the parameters of the authorization URL, where the flow puts it: leave it out"
    )]
    ReservedToken,
}
