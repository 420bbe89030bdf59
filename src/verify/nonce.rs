//! RFC 5849 §3.3: a nonce counts once for each timestamp, client and token.

mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::error::Error;

#[cfg(feature = "redis")]
pub use self::redis::RedisNonceLog;
pub use memory::MemoryNonceLog;

/// A nonce with all that it must be unique for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Nonce<'p> {
    /// `oauth_consumer_key`.
    pub client_key: &'p str,
    /// `oauth_token`; none in a two-legged request.
    pub token: Option<&'p str>,
    /// `oauth_timestamp`, in seconds since the Unix epoch.
    pub timestamp: u64,
    /// `oauth_nonce`.
    pub nonce: &'p str,
}

/// What a log says to a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "only a fresh nonce may pass"]
#[non_exhaustive]
pub enum NonceStatus {
    /// It was not there, and is now.
    Fresh,
    /// It was there already, or may have been: its time is before what the log remembers.
    Replayed,
    /// There is no room for it. Nothing was forgotten to make some.
    Full,
}

/// Remembers which nonces were used.
///
/// It is asked once a signature is proved, never before: a forger must not use up the nonces of
/// others. There is one verb, and it is atomic: of two who bring the same nonce at the same time, one
/// is told that it is fresh.
pub trait NonceLog {
    /// Whether the nonce is fresh; from now on it is not, until `expires` at the least.
    ///
    /// `now` and `expires` are in seconds since the Unix epoch. `expires` is the last second in which the
    /// timestamp is admitted; if that is before `now`, it is no longer fresh. All who share a log should
    /// have the same window: what one of them forgets may be within that of another.
    ///
    /// # Errors
    /// If the log cannot tell. Then the request is not admitted.
    fn check_and_insert(
        &self,
        nonce: Nonce<'_>,
        now: u64,
        expires: u64,
    ) -> impl Future<Output = Result<NonceStatus, Box<dyn Error + Send + Sync>>> + Send;
}

/// A log that several share.
impl<L: NonceLog + ?Sized> NonceLog for std::sync::Arc<L> {
    fn check_and_insert(
        &self,
        nonce: Nonce<'_>,
        now: u64,
        expires: u64,
    ) -> impl Future<Output = Result<NonceStatus, Box<dyn Error + Send + Sync>>> + Send {
        (**self).check_and_insert(nonce, now, expires)
    }
}
