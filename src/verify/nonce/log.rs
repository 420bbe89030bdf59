//! RFC 5849 §3.3: the log that remembers nonces.

use std::sync::Arc;

use crate::boxed::{BoxError, BoxFuture};

use super::Nonce;

/// The status of a nonce in a log.
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
/// assert_eq!(log.check_and_insert_now(nonce, 1_000, 1_300), NonceStatus::Replayed);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "only a fresh nonce may pass"]
#[non_exhaustive]
pub enum NonceStatus {
    /// The nonce was not in the log, and is now.
    Fresh,
    /// The nonce was in the log, or may have been: its timestamp is older than the log's memory.
    Replayed,
    /// The log has no room for the nonce. It has forgotten no nonce to make room.
    Full,
}

/// A log that remembers which nonces were used.
///
/// [`Proof::admit`](crate::verify::Proof::admit) calls it after the signature was verified, never before: a
/// forger must not use up the nonces of others.
///
/// Use [`MemoryNonceLog`](super::MemoryNonceLog) for one process, and `RedisNonceLog` (feature `redis`) for
/// several. The trait can be used as `dyn NonceLog`, so the configuration can choose the log.
///
/// # Implementing it
///
/// There is one method, and it must be atomic: if two callers pass the same nonce at the same time, exactly
/// one of them gets [`NonceStatus::Fresh`]. In SQL, use one `INSERT` of [`Nonce::key`] into a column with a
/// `UNIQUE` or `PRIMARY KEY` constraint. The number of inserted rows tells whether the nonce is fresh. A
/// `SELECT` before an `INSERT` admits replays. Do not make a unique key of several columns: see
/// [`NonceKey`](super::NonceKey).
///
/// Delete rows some time after they expire, such as an hour, because the clocks of your servers differ. Test
/// your log with `verify::conformance::check_nonce_log` (feature `conformance`).
///
/// # Examples
///
/// A log over a set, in place of a table:
///
/// ```
/// use std::collections::BTreeSet;
/// use std::sync::Mutex;
///
/// use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceKey, NonceLog, NonceStatus};
/// use oauth1_signer::{BoxError, BoxFuture};
///
/// #[derive(Default)]
/// struct Table(Mutex<BTreeSet<NonceKey>>);
///
/// impl NonceLog for Table {
///     fn check_and_insert<'a>(
///         &'a self,
///         nonce: Nonce<'a>,
///         now: u64,
///         expires: u64,
///     ) -> BoxFuture<'a, Result<NonceStatus, BoxError>> {
///         Box::pin(async move {
///             if expires < now {
///                 return Ok(NonceStatus::Replayed);
///             }
///             let mut table = self.0.lock().map_err(|_| "the table is gone")?;
///             let is_inserted = table.insert(nonce.key());
///             Ok(if is_inserted { NonceStatus::Fresh } else { NonceStatus::Replayed })
///         })
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let in_one_process = true;
/// let log: Box<dyn NonceLog> =
///     if in_one_process { Box::new(MemoryNonceLog::new()?) } else { Box::new(Table::default()) };
/// # drop(log);
/// # Ok(()) }
/// ```
// A boxed future costs some 45 ns where the log is in memory and takes 130 ns itself. A second trait, for
// logs that need no future, would cost its readers more.
pub trait NonceLog: Send + Sync {
    /// Returns the status of `nonce`, and inserts it if it is fresh.
    ///
    /// A fresh nonce is [`Replayed`](NonceStatus::Replayed) in later calls, at least until `expires` is over.
    ///
    /// `now` and `expires` are in seconds since the Unix epoch. `expires` is the last second in which the
    /// timestamp is within the policy's window. If `expires` is before `now`, the nonce is not fresh.
    /// All servers that share a log must have the same
    /// [window](crate::verify::Policy::window).
    ///
    /// # Errors
    ///
    /// Returns an error if the log cannot find the status. The request is then rejected with status 503.
    fn check_and_insert<'a>(
        &'a self,
        nonce: Nonce<'a>,
        now: u64,
        expires: u64,
    ) -> BoxFuture<'a, Result<NonceStatus, BoxError>>;
}

/// A log that several owners share.
impl<L: NonceLog + ?Sized> NonceLog for Arc<L> {
    fn check_and_insert<'a>(
        &'a self,
        nonce: Nonce<'a>,
        now: u64,
        expires: u64,
    ) -> BoxFuture<'a, Result<NonceStatus, BoxError>> {
        (**self).check_and_insert(nonce, now, expires)
    }
}

/// A log of a type that is chosen at run time: `Box<dyn NonceLog>`.
impl<L: NonceLog + ?Sized> NonceLog for Box<L> {
    fn check_and_insert<'a>(
        &'a self,
        nonce: Nonce<'a>,
        now: u64,
        expires: u64,
    ) -> BoxFuture<'a, Result<NonceStatus, BoxError>> {
        (**self).check_and_insert(nonce, now, expires)
    }
}
