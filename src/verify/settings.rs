//! The settings of a policy, which the steps of verifying borrow.

use http::HeaderValue;

use crate::request::Origin;
use crate::stamp::Clock;

use super::decoy::Decoy;
use super::limits::Limits;
use super::reason::RejectionReason;
use super::rejection::Rejection;

#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct Settings {
    pub(super) origin: Origin,
    pub(super) limits: Limits,
    /// The window to either side of the clock, in seconds.
    pub(super) window: u64,
    pub(super) requires_token: bool,
    pub(super) requires_signed_body: bool,
    pub(super) allows_plaintext: bool,
    pub(super) allows_header_parameters: bool,
    pub(super) allows_lowercase_methods: bool,
    pub(super) allows_split_parameters: bool,
    pub(super) allows_missing_token_secret: bool,
    pub(super) allows_unencoded_header: bool,
    /// The realm of the challenge, as a header value.
    pub(super) challenge: HeaderValue,
    pub(super) clock: Clock,
    pub(super) decoy: Decoy,
}

impl Settings {
    /// Returns the rejection, with this policy's realm in its challenge.
    pub(super) fn challenged(&self, rejection: Rejection) -> Rejection {
        rejection.challenged(&self.challenge)
    }

    /// Checks that a timestamp is within the window. Returns the time by the server's clock.
    pub(super) fn check_timestamp(&self, timestamp: u64) -> Result<u64, Rejection> {
        let now = self.clock.seconds().map_err(Rejection::unavailable)?;
        if now.abs_diff(timestamp) > self.window { Err(RejectionReason::Stale.into()) } else { Ok(now) }
    }
}
