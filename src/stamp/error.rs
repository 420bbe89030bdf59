//! Why a request gets no timestamp or nonce.

use crate::boxed::BoxError;

/// Why there is no stamp.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StampError {
    /// The clock could not be read.
    #[error("the clock could not be read: supply one with SignerBuilder::clock")]
    Clock(#[source] BoxError),
    /// The clock, its offset added, says it is 1970 or earlier.
    #[error("the clock stands before 1970: set it, or supply one with SignerBuilder::clock")]
    ClockBeforeEpoch,
    /// The operating system, or the source that was supplied, gave no random bytes. There is no
    /// fallback: a nonce that can be guessed is worse than none.
    #[error("no random bytes could be had for a nonce or for credentials")]
    Rng(#[source] BoxError),
    /// §3.3: the nonce is empty, or has ASCII control characters.
    #[error("the nonce is empty or has control characters: give printable text")]
    InvalidNonce,
    /// §3.3: the timestamp must be a positive number of seconds.
    #[error("the timestamp is not a positive number of seconds since 1970")]
    InvalidTimestamp,
}
