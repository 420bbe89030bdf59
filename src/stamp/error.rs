//! The error of making a timestamp or a nonce.

use crate::boxed::BoxError;

/// The reason why a [`Stamp`](crate::Stamp) could not be made.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{Stamp, StampError};
///
/// assert!(matches!(Stamp::new(1_700_000_000, ""), Err(StampError::InvalidNonce)));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StampError {
    /// The clock could not be read.
    #[error("the clock could not be read: supply one with SignerBuilder::clock")]
    Clock(#[source] BoxError),
    /// The clock's time plus the offset is not after the Unix epoch (1970).
    #[error("the clock stands before 1970: set it, or supply one with SignerBuilder::clock")]
    ClockBeforeEpoch,
    /// The operating system, or the configured source, returned no random bytes.
    ///
    /// There is no fallback, because nobody may be able to guess a nonce.
    #[error("no random bytes could be had for a nonce or for credentials")]
    Rng(#[source] BoxError),
    /// The nonce is empty, or contains ASCII control characters (RFC 5849 §3.3).
    #[error("the nonce is empty or has control characters: give printable text")]
    InvalidNonce,
    /// The timestamp is not a positive number of seconds (RFC 5849 §3.3).
    #[error("the timestamp is not a positive number of seconds since 1970")]
    InvalidTimestamp,
}
