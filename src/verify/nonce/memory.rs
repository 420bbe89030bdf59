//! RFC 5849 §3.3: nonces in this process's memory.

#[cfg(all(test, oauth1_signer_loom))]
mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
#[cfg(not(all(test, oauth1_signer_loom)))]
use std::sync::{Mutex, MutexGuard};

#[cfg(all(test, oauth1_signer_loom))]
use loom::sync::{Mutex, MutexGuard};
use siphasher::sip::SipHasher24;

use crate::stamp::{StampError, random_bytes};

use super::{Nonce, NonceLog, NonceStatus};

/// A nonce log in memory: for a server that is one process.
///
/// It keeps a nonce for as long as its timestamp is admitted at all, and at most as many as it is told
/// to: then it refuses, rather than forget one that could be replayed. One client can fill no more than
/// its share.
///
/// # A restart forgets
///
/// With the process goes its log. A request that was used within the window before a restart, up to
/// twice the policy's window ago, can be replayed after it. So it can to a second process that has a
/// log of its own. Where that matters, take a log that outlives them, such as `RedisNonceLog` (feature
/// `redis`).
///
/// # The clock
///
/// What was forgotten is never taken for fresh, even if the clock is set back. Nor does a clock that
/// was ahead for a moment shut the server: what counts is which timestamps were forgotten, not what
/// time it was.
///
/// # Memory
///
/// A nonce takes 16 bytes of a keyed digest, and its share of the tree that they are in: a million of
/// a few clients, or of ten thousand, take 26 MiB. A client takes as much again while any nonce of its
/// is remembered: a million clients with one each take 52 MiB.
pub struct MemoryNonceLog {
    capacity: usize,
    share: usize,
    key: [u8; 16],
    state: Mutex<State>,
}

/// Ordered trees hold more in less than hash tables, which are up to half empty. They also give memory
/// back, and no insertion has to wait until all of a table has moved.
#[derive(Default)]
struct State {
    /// By timestamp, some seconds together. None is empty.
    buckets: BTreeMap<u64, Bucket>,
    /// How many nonces each client has in all of them. None is zero.
    clients: BTreeMap<u64, usize>,
    len: usize,
    /// The first bucket that may be added to. Those before may have been forgotten.
    first_open: u64,
}

#[derive(Default)]
struct Bucket {
    entries: BTreeSet<Entry>,
    /// Until then one of its timestamps is admitted, even if none of the nonces has it.
    expires: u64,
}

/// A client and its nonce, by a key that nobody outside knows. The upper half is the client, so that
/// its entries lie together and can be counted without its name.
///
/// That leaves 64 bits for the nonce. Among a million of one client, a fresh one is taken for a
/// replayed one with a chance of 2^-44. The error is a refusal, never an admission, and without the key
/// nobody can aim for it. Two clients share their upper half, and so their share, with a chance of
/// 2^-25 among a million clients.
type Entry = u128;

/// How many seconds a bucket is wide.
const WIDTH: u64 = 8;

impl MemoryNonceLog {
    /// A log of so many nonces, of which one client may have so many.
    ///
    /// # Errors
    /// If the operating system gives no random bytes for its key.
    pub fn new(capacity: usize, share: usize) -> Result<Self, StampError> {
        Ok(Self { capacity, share, key: random_bytes(0)?, state: Mutex::default() })
    }

    /// How many nonces are remembered now. Some may have expired: they are forgotten by and by, as
    /// others come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// [`NonceLog::check_and_insert`], at once.
    pub fn check_and_insert_now(&self, nonce: Nonce<'_>, now: u64, expires: u64) -> NonceStatus {
        // Hashed before the lock is taken, and freed after it is given back.
        let (client, entry) = self.entry(&nonce);
        let mut forgotten = Vec::new();
        let mut state = self.lock();
        let has_room = state.make_room(self, client, now, &mut forgotten);
        let number = nonce.timestamp / WIDTH;
        if expires < now || number < state.first_open {
            return NonceStatus::Replayed;
        }
        if !has_room {
            let is_known = state.buckets.get(&number).is_some_and(|bucket| bucket.entries.contains(&entry));
            return if is_known { NonceStatus::Replayed } else { NonceStatus::Full };
        }
        let bucket = state.buckets.entry(number).or_default();
        if !bucket.entries.insert(entry) {
            return NonceStatus::Replayed;
        }
        // For the last of its timestamps: else it would be closed before that is out of the window.
        let rest = WIDTH - 1 - nonce.timestamp % WIDTH;
        bucket.expires = bucket.expires.max(expires.saturating_add(rest));
        *state.clients.entry(client).or_default() += 1;
        state.len += 1;
        drop(state);
        NonceStatus::Fresh
    }

    fn entry(&self, nonce: &Nonce<'_>) -> (u64, Entry) {
        let Nonce { client_key, token, timestamp, nonce } = nonce;
        let mut hasher = SipHasher24::new_with_key(&self.key);
        // Each part has an end of its own: no two nonces are hashed as the same bytes.
        client_key.hash(&mut hasher);
        let client = hasher.finish();
        (token, timestamp, nonce).hash(&mut hasher);
        (client, u128::from(client) << 64 | u128::from(hasher.finish()))
    }

    /// A panic elsewhere leaves the log whole: nothing in here panics half way.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    /// Forgets one bucket that has expired, and more if there is no room otherwise: no call has to
    /// wait for all of them. Whether there is room for one more of the client.
    fn make_room(
        &mut self,
        log: &MemoryNonceLog,
        client: u64,
        now: u64,
        forgotten: &mut Vec<Bucket>,
    ) -> bool {
        loop {
            let expired = self.forget(now);
            let is_last = expired.is_none();
            forgotten.extend(expired);
            let of_client = self.clients.get(&client).copied().unwrap_or_default();
            let has_room = self.len < log.capacity && of_client < log.share;
            if has_room || is_last {
                return has_room;
            }
        }
    }

    /// Forgets the first bucket if it has expired, and shuts it and those before for good: the clock
    /// may step back.
    fn forget(&mut self, now: u64) -> Option<Bucket> {
        let first = self.buckets.first_entry().filter(|first| first.get().expires < now)?;
        let (number, bucket) = first.remove_entry();
        self.first_open = number + 1;
        self.len -= bucket.entries.len();
        let mut clients = bucket.entries.iter().map(|entry| (entry >> 64) as u64).peekable();
        while let Some(client) = clients.next() {
            let mut count = 1;
            while clients.next_if_eq(&client).is_some() {
                count += 1;
            }
            if let Some(of_client) = self.clients.get_mut(&client) {
                *of_client -= count;
                if *of_client == 0 {
                    self.clients.remove(&client);
                }
            }
        }
        Some(bucket)
    }
}

impl NonceLog for MemoryNonceLog {
    fn check_and_insert(
        &self,
        nonce: Nonce<'_>,
        now: u64,
        expires: u64,
    ) -> impl Future<Output = Result<NonceStatus, Box<dyn Error + Send + Sync>>> + Send {
        std::future::ready(Ok(self.check_and_insert_now(nonce, now, expires)))
    }
}

impl fmt::Debug for MemoryNonceLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryNonceLog")
            .field("capacity", &self.capacity)
            .field("share", &self.share)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
