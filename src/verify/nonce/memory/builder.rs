//! RFC 5849 §3.3: the limits of a nonce log in memory.

use crate::stamp::{StampError, random_bytes};

use super::restart::RestartPolicy;
use super::state::State;
use super::{Limits, MemoryNonceLog, Mutex};

/// A builder for a [`MemoryNonceLog`], with its limits.
///
/// # Sizing
///
/// A nonce stays in the log until its timestamp is out of the policy's window. If a client's clock is ahead
/// by the whole window, that takes twice as long. The log forgets eight seconds together. So each limit must
/// be at least
///
/// > requests per second × (2 × window + 8 seconds)
///
/// Use the requests per second at the peak: of the server for [`max_entries`](Self::max_entries), of the
/// busiest client for [`max_entries_per_client`](Self::max_entries_per_client), and of the busiest token
/// for [`max_entries_per_token`](Self::max_entries_per_token).
///
/// With the default window of 300 seconds, a client that sends 400 requests per second with one token
/// needs 400 × 608 = 243,200 entries. The defaults are sufficient for that:
///
/// | limit | default | requests per second |
/// |---|---|---|
/// | `max_entries` | 2,000,000 | 3,289 |
/// | `max_entries_per_client` | half of `max_entries`: 1,000,000 | 1,644 |
/// | `max_entries_per_token` | a quarter of `max_entries_per_client`: 250,000 | 411 |
///
/// The log takes memory only for the nonces that it holds. A limit that is too high costs nothing until
/// somebody floods the server.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::MemoryNonceLog;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // A window of 60 seconds, and 5,000 requests per second at the peak, at most 1,000 of one client
/// // and at most 10 of one user.
/// let seconds = 2 * 60 + 8;
/// let log = MemoryNonceLog::builder()
///     .max_entries(5_000 * seconds)
///     .max_entries_per_client(1_000 * seconds)
///     .max_entries_per_token(10 * seconds)
///     .build()?;
/// # drop(log);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct MemoryNonceLogBuilder {
    max_entries: usize,
    max_entries_per_client: Option<usize>,
    max_entries_per_token: Option<usize>,
    restart_policy: RestartPolicy,
}

impl MemoryNonceLogBuilder {
    pub(super) fn new() -> Self {
        Self {
            max_entries: 2_000_000,
            max_entries_per_client: None,
            max_entries_per_token: None,
            restart_policy: RestartPolicy::default(),
        }
    }

    /// Sets the maximum number of nonces in the log.
    ///
    /// The default is 2,000,000. See [Sizing](Self#sizing).
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // 1,000 requests per second with a window of 300 seconds.
    /// let log = oauth1_signer::verify::MemoryNonceLog::builder().max_entries(1_000 * 608).build()?;
    /// # drop(log);
    /// # Ok(()) }
    /// ```
    pub fn max_entries(mut self, entries: usize) -> Self {
        self.max_entries = entries;
        self
    }

    /// Sets the maximum number of nonces for each client.
    ///
    /// The default, also with `None`, is half of [`max_entries`](Self::max_entries). See
    /// [Sizing](Self#sizing).
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let log = oauth1_signer::verify::MemoryNonceLog::builder().max_entries_per_client(400 * 608).build()?;
    /// # drop(log);
    /// # Ok(()) }
    /// ```
    pub fn max_entries_per_client(mut self, entries: impl Into<Option<usize>>) -> Self {
        self.max_entries_per_client = entries.into();
        self
    }

    /// Sets the maximum number of nonces for each client with one token.
    ///
    /// A client's requests without a token count as one token. The default, also with `None`, is a
    /// quarter of [`max_entries_per_client`](Self::max_entries_per_client). See [Sizing](Self#sizing).
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // A user of an app sends at most 10 requests per second.
    /// let log = oauth1_signer::verify::MemoryNonceLog::builder().max_entries_per_token(10 * 608).build()?;
    /// # drop(log);
    /// # Ok(()) }
    /// ```
    pub fn max_entries_per_token(mut self, entries: impl Into<Option<usize>>) -> Self {
        self.max_entries_per_token = entries.into();
        self
    }

    /// Sets the policy for requests that an earlier log may have admitted before a restart.
    ///
    /// The default is [`RestartPolicy::RejectEarlier`].
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceStatus, RestartPolicy};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (now, window) = (137_131_200, 300);
    /// let before = Nonce { client_key: "app", token: None, timestamp: now - 60, nonce: "wIjqoxSZ" };
    ///
    /// let log = MemoryNonceLog::new()?;
    /// let status = log.check_and_insert_now(before, now, before.timestamp + window);
    /// assert_eq!(status, NonceStatus::Replayed);
    ///
    /// let log = MemoryNonceLog::builder().restart_policy(RestartPolicy::AcceptAll).build()?;
    /// let status = log.check_and_insert_now(before, now, before.timestamp + window);
    /// assert_eq!(status, NonceStatus::Fresh);
    /// # Ok(()) }
    /// ```
    pub fn restart_policy(mut self, policy: RestartPolicy) -> Self {
        self.restart_policy = policy;
        self
    }

    /// Creates the log.
    ///
    /// # Errors
    ///
    /// Returns a [`StampError`] if the operating system gives no random bytes for the log's hash key.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let log = oauth1_signer::verify::MemoryNonceLog::builder().build()?;
    /// # drop(log);
    /// # Ok(()) }
    /// ```
    pub fn build(self) -> Result<MemoryNonceLog, StampError> {
        let entries = self.max_entries;
        let per_client = self.max_entries_per_client.unwrap_or(entries.div_ceil(2));
        let per_token = self.max_entries_per_token.unwrap_or(per_client.div_ceil(4));
        // A share is counted in 32 bits. Four thousand million nonces are as good as no limit.
        let count = |entries: usize| u32::try_from(entries).unwrap_or(u32::MAX);
        let limits = Limits { entries, per_client: count(per_client), per_token: count(per_token) };
        Ok(MemoryNonceLog {
            limits,
            key: random_bytes(0)?,
            state: Mutex::new(State::new(self.restart_policy)),
        })
    }
}
