//! What a server asks of requests.

use std::error::Error;
use std::fmt;

use crate::request::Origin;
use crate::stamp::Clock;

use super::nobody::Nobody;

/// How large a request may be. Beyond, it is refused before more work goes into it.
///
/// ```
/// use oauth1_signer::Origin;
/// use oauth1_signer::verify::{Limits, Policy};
///
/// let mut limits = Limits::default();
/// limits.body = 64 * 1024;
/// let policy = Policy::new(Origin::new("https://api.example.com")?).limits(limits);
/// # Ok::<(), oauth1_signer::request::UrlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The Authorization header, in bytes.
    pub header: usize,
    /// The request's target, in bytes.
    pub url: usize,
    /// The parameters of header, query and form together.
    pub parameters: usize,
    /// A form, or a body that has a hash, in bytes.
    pub body: usize,
    /// A key, token, nonce or verification code, in bytes.
    pub identifier: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header: 8 * 1024, url: 16 * 1024, parameters: 1_000, body: 1024 * 1024, identifier: 255 }
    }
}

/// What a server asks of requests before it takes them for signed.
#[derive(Clone)]
#[must_use]
pub struct Policy {
    pub(super) origin: Origin,
    pub(super) limits: Limits,
    pub(super) window: u64,
    pub(super) plaintext: bool,
    pub(super) body_hash: bool,
    pub(super) clock: Clock,
    pub(super) nobody: Nobody,
}

impl Policy {
    /// For a server that clients call by this origin: the external one, where a proxy stands before
    /// it. What a request says of itself (Host, `X-Forwarded-*`) is not believed: it is compared, or
    /// not read at all.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            limits: Limits::default(),
            window: 300,
            plaintext: false,
            body_hash: false,
            clock: Clock::default(),
            nobody: Nobody::default(),
        }
    }

    /// Other limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How far a timestamp may be off, to either side, in seconds; 300 by default. A nonce is
    /// remembered until its timestamp is that old.
    pub fn window(mut self, seconds: u64) -> Self {
        self.window = seconds;
        self
    }

    /// Serves PLAINTEXT, where the origin is https or this machine and the client's record allows it.
    pub fn allow_plaintext(mut self) -> Self {
        self.plaintext = true;
        self
    }

    /// Refuses a request with a body that is neither a form nor covered by `oauth_body_hash`.
    pub fn require_body_hash(mut self) -> Self {
        self.body_hash = true;
        self
    }

    #[cfg(feature = "tower")]
    pub(crate) fn body_limit(&self) -> usize {
        self.limits.body
    }

    /// Another clock than the system's: it returns seconds since the Unix epoch.
    pub fn clock<F>(mut self, clock: F) -> Self
    where
        F: Fn() -> Result<u64, Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    {
        self.clock = Clock::of(clock);
        self
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("origin", &self.origin)
            .field("limits", &self.limits)
            .field("window", &self.window)
            .field("plaintext", &self.plaintext)
            .field("body_hash", &self.body_hash)
            .finish_non_exhaustive()
    }
}
