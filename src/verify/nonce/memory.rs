//! RFC 5849 §3.3: a nonce log in the memory of this process.

mod restart;
mod shares;
mod state;
mod builder;
#[cfg(all(test, oauth1_signer_loom))]
mod model;

use std::fmt;
use std::hash::{Hash, Hasher};
#[cfg(not(all(test, oauth1_signer_loom)))]
use std::sync::{Mutex, MutexGuard};

#[cfg(all(test, oauth1_signer_loom))]
use loom::sync::{Mutex, MutexGuard};
use siphasher::sip::SipHasher24;

use crate::boxed::{BoxError, BoxFuture};
use crate::stamp::StampError;

use super::{Nonce, NonceLog, NonceStatus};

pub use builder::MemoryNonceLogBuilder;
pub use restart::RestartPolicy;
use shares::Ids;
use state::State;

/// A nonce log in process memory, for a server that is one process.
///
/// The log keeps a nonce for as long as its timestamp is within the policy's window. It holds a limited
/// number of nonces. When it is full, it rejects new ones ([`NonceStatus::Full`]) and forgets none. Each
/// client, and each token of a client, has its own share, so that a flood from one does not lock out the
/// others. See [`MemoryNonceLogBuilder`] for the limits and how to choose them.
///
/// No call does unbounded work: each call forgets only a few of the nonces that have expired.
///
/// # Restarts
///
/// The log is empty after a restart. So it rejects requests whose timestamp is earlier than its creation: see
/// [`RestartPolicy`]. Two processes with one log each admit a request once each. For several processes, use
/// a shared log, such as `RedisNonceLog` (feature `redis`).
///
/// # Clocks
///
/// If the clock is set back, a nonce that was forgotten is not fresh again. If the clock was ahead for a
/// moment, the log still accepts requests afterwards: it remembers the timestamps that it has forgotten,
/// not the latest time that it saw.
///
/// # Memory
///
/// A nonce takes 16 bytes, plus its part of the tree that contains it. A million nonces take 26 MiB, whether
/// of one client or of ten thousand. A client and a token take more while the log holds any of their nonces:
/// a million clients with one token and one nonce each take 77 MiB.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::MemoryNonceLog;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let log = MemoryNonceLog::new()?;
/// assert!(log.is_empty());
/// # Ok(()) }
/// ```
pub struct MemoryNonceLog {
    limits: Limits,
    key: [u8; 16],
    state: Mutex<State>,
}

/// The limits of a log: in all, for each client, and for each client with one token.
#[derive(Clone, Copy)]
struct Limits {
    entries: usize,
    per_client: u32,
    per_token: u32,
}

impl MemoryNonceLog {
    /// Creates a log with the default limits.
    ///
    /// # Errors
    ///
    /// Returns a [`StampError`] if the operating system gives no random bytes for the log's hash key.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::MemoryNonceLog;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let log = MemoryNonceLog::new()?;
    /// # drop(log);
    /// # Ok(()) }
    /// ```
    pub fn new() -> Result<Self, StampError> {
        Self::builder().build()
    }

    /// Creates a builder, to set the limits of a log.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::MemoryNonceLog;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let log = MemoryNonceLog::builder().max_entries(500_000).build()?;
    /// # drop(log);
    /// # Ok(()) }
    /// ```
    pub fn builder() -> MemoryNonceLogBuilder {
        MemoryNonceLogBuilder::new()
    }

    /// Returns the number of nonces in the log, with the expired ones that it has not forgotten yet.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::{MemoryNonceLog, Nonce};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let log = MemoryNonceLog::new()?;
    /// let nonce = Nonce { client_key: "app", token: None, timestamp: 1_000, nonce: "wIjqoxSZ" };
    /// let _ = log.check_and_insert_now(nonce, 1_000, 1_300);
    /// assert_eq!(log.len(), 1);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Returns `true` if the log holds no nonce.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::MemoryNonceLog;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// assert!(MemoryNonceLog::new()?.is_empty());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the status of `nonce`, and inserts it if it is fresh, without a future.
    ///
    /// It does the same as [`NonceLog::check_and_insert`].
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceStatus};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let log = MemoryNonceLog::new()?;
    /// let nonce = Nonce { client_key: "app", token: None, timestamp: 1_000, nonce: "wIjqoxSZ" };
    /// assert_eq!(log.check_and_insert_now(nonce, 1_000, 1_300), NonceStatus::Fresh);
    /// # Ok(()) }
    /// ```
    pub fn check_and_insert_now(&self, nonce: Nonce<'_>, now: u64, expires: u64) -> NonceStatus {
        // Hash before taking the lock.
        let ids = self.ids(&nonce);
        self.lock().check_and_insert(self.limits, &ids, nonce.timestamp, now, expires)
    }

    /// Hashes the parts with a key that nobody outside knows.
    fn ids(&self, nonce: &Nonce<'_>) -> Ids {
        let Nonce { client_key, token, timestamp, nonce } = nonce;
        let mut hasher = SipHasher24::new_with_key(&self.key);
        // Each part ends in its own way, so two different nonces are never hashed as the same bytes.
        client_key.hash(&mut hasher);
        let client = hasher.finish();
        token.hash(&mut hasher);
        let grant = hasher.finish();
        (timestamp, nonce).hash(&mut hasher);
        Ids { client, grant, nonce: hasher.finish() }
    }

    /// Takes the lock. A panic elsewhere leaves the log intact: nothing in here panics half way.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl NonceLog for MemoryNonceLog {
    fn check_and_insert<'a>(
        &'a self,
        nonce: Nonce<'a>,
        now: u64,
        expires: u64,
    ) -> BoxFuture<'a, Result<NonceStatus, BoxError>> {
        Box::pin(std::future::ready(Ok(self.check_and_insert_now(nonce, now, expires))))
    }
}

impl fmt::Debug for MemoryNonceLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryNonceLog")
            .field("max_entries", &self.limits.entries)
            .field("max_entries_per_client", &self.limits.per_client)
            .field("max_entries_per_token", &self.limits.per_token)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
