//! RFC 5849 §3.3: nonces in this process's memory.

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
/// number of nonces; when it is full it rejects new ones ([`NonceStatus::Full`]) and forgets none. Each
/// client, and each token of a client, has a share of its own, so that a flood of one does not lock out
/// the others. [`MemoryNonceLogBuilder`] has the limits and the formula to size them.
///
/// No call does unbounded work: nonces that have expired are forgotten a few at a time, as others come.
///
/// # Restarts
///
/// The log is empty after a restart. So it rejects requests whose timestamp is from before it was
/// created: see [`RestartPolicy`]. Two processes with a log each admit a request once each; there, use a
/// log that they share, such as `RedisNonceLog` (feature `redis`).
///
/// # Clocks
///
/// A nonce that was forgotten is not fresh again if the clock is set back. If the clock was ahead for a
/// moment, the log still takes requests afterwards: it remembers which timestamps it has forgotten, not
/// the latest time it saw.
///
/// # Memory
///
/// A nonce takes 16 bytes, and its share of the tree that contains it. A million nonces take 26 MiB, of
/// one client or of ten thousand. A client and a token take more while the log holds any nonce of them: a
/// million clients with one token and one nonce each take 77 MiB.
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

/// How many nonces the log holds: in all, of a client, and of a client with one token.
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
    /// Returns an error if the operating system gives no random bytes for the log's hash key.
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

    /// Creates a builder, which sets the limits.
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

    /// Returns the number of nonces that the log holds, expired ones included until it forgets them.
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

    /// Returns the status of `nonce`, and inserts it if it is fresh, as
    /// [`NonceLog::check_and_insert`] does, without a future.
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
        // Hashed before the lock is taken.
        let ids = self.ids(&nonce);
        self.lock().check_and_insert(self.limits, &ids, nonce.timestamp, now, expires)
    }

    /// Hashes the parts by a key that nobody outside knows.
    fn ids(&self, nonce: &Nonce<'_>) -> Ids {
        let Nonce { client_key, token, timestamp, nonce } = nonce;
        let mut hasher = SipHasher24::new_with_key(&self.key);
        // Each part ends in a way of its own: no two nonces are hashed as the same bytes.
        client_key.hash(&mut hasher);
        let client = hasher.finish();
        token.hash(&mut hasher);
        let grant = hasher.finish();
        (timestamp, nonce).hash(&mut hasher);
        Ids { client, grant, nonce: hasher.finish() }
    }

    /// A panic elsewhere leaves the log whole: nothing in here panics half way.
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
