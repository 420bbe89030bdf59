//! RFC 5849 §3.3: a nonce may be used once for each timestamp, client and token.

mod key;
mod log;
mod memory;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "redis")]
pub use self::redis::RedisNonceLog;
pub use key::NonceKey;
pub use log::{NonceLog, NonceStatus};
pub use memory::{MemoryNonceLog, MemoryNonceLogBuilder, RestartPolicy};

/// A nonce, with everything that it must be unique for (RFC 5849 §3.3).
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::Nonce;
///
/// let nonce = Nonce { client_key: "app", token: Some("jane"), timestamp: 137_131_200, nonce: "wIjqoxSZ" };
/// // A log stores the key, and compares nothing else.
/// assert_ne!(nonce.key(), Nonce { token: None, ..nonce }.key());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Nonce<'p> {
    /// The consumer key: `oauth_consumer_key`.
    pub client_key: &'p str,
    /// The token: `oauth_token`. It is `None` in a request without a token.
    pub token: Option<&'p str>,
    /// The timestamp: `oauth_timestamp`, in seconds since the Unix epoch.
    pub timestamp: u64,
    /// The client's random text: `oauth_nonce`.
    pub nonce: &'p str,
}

impl Nonce<'_> {
    /// Returns the key under which a log stores this nonce: a digest of all its parts.
    ///
    /// The key is the same in every version of this crate, on every machine and with every feature.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::Nonce;
    ///
    /// let nonce = Nonce { client_key: "app", token: None, timestamp: 137_131_200, nonce: "wIjqoxSZ" };
    /// assert_eq!(nonce.key().to_string(), "d49130d71d7dbe869961bddf03aaec19");
    /// ```
    #[must_use]
    pub fn key(&self) -> NonceKey {
        NonceKey::of(self)
    }
}
