//! A nonce log in this process's memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt;
use std::hash::Hash;
use std::sync::Mutex;

use siphasher::sip128::{Hasher128, SipHasher24};

use crate::stamp::{StampError, random_octets};

use super::{Admission, Nonce, NonceLog};

/// A nonce log in memory: for a server that is one process.
///
/// It keeps 16 octets of each nonce, by a key of its own, for as long as its timestamp is admitted
/// at all, and at most as many as it is told to: then it refuses, rather than forget one that could
/// be replayed. One client can fill no more than its share.
pub struct MemoryNonceLog {
    capacity: usize,
    share: usize,
    key: [u8; 16],
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By expiry, some seconds together.
    buckets: BTreeMap<u64, Bucket>,
    /// How many nonces each client has in all of them.
    clients: HashMap<Digest, usize>,
    len: usize,
    /// Whatever expires before this is forgotten: it may have been used.
    low_water: u64,
}

/// Ordered sets hold more in less: a hash table of a million would be up to half empty.
#[derive(Default)]
struct Bucket {
    nonces: BTreeSet<Digest>,
    clients: HashMap<Digest, usize>,
}

type Digest = [u8; 16];

/// How many seconds a bucket is wide.
const WIDTH: u64 = 8;

impl MemoryNonceLog {
    /// A log of so many nonces, of which one client may have so many.
    ///
    /// A million take less than 32 MiB.
    ///
    /// # Errors
    /// If the operating system gives no random octets for its key.
    pub fn new(capacity: usize, share: usize) -> Result<Self, StampError> {
        Ok(Self { capacity, share, key: random_octets(0)?, state: Mutex::default() })
    }

    /// How many nonces are remembered now.
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
    pub fn check_and_insert_now(&self, nonce: Nonce<'_>, now: u64, expires: u64) -> Admission {
        // Outside of the lock: it is most of the work.
        let (digest, client) = (self.digest(nonce), self.digest(nonce.client_key));
        let mut state = self.lock();
        state.forget_before(now);
        if expires < state.low_water {
            return Admission::Replayed;
        }
        let State { buckets, clients, len, .. } = &mut *state;
        let bucket = buckets.entry(expires / WIDTH).or_default();
        if bucket.nonces.contains(&digest) {
            return Admission::Replayed;
        }
        let of_client = clients.entry(client).or_default();
        if *len >= self.capacity || *of_client >= self.share {
            return Admission::Full;
        }
        *len += 1;
        *of_client += 1;
        *bucket.clients.entry(client).or_default() += 1;
        bucket.nonces.insert(digest);
        Admission::Fresh
    }

    /// 128 bits by a key that nobody outside knows, so that nobody can make two alike. The parts are
    /// told apart by their lengths.
    fn digest(&self, value: impl Hash) -> Digest {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        value.hash(&mut hasher);
        hasher.finish128().as_bytes()
    }

    /// A panic elsewhere leaves the log whole: each step of an insertion is done before the next.
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    /// Forgets buckets whose every nonce has expired, and never takes one of their time again: the
    /// clock may step back.
    fn forget_before(&mut self, now: u64) {
        let current = now / WIDTH;
        while let Some(first) = self.buckets.first_entry()
            && *first.key() < current
        {
            let Bucket { nonces, clients } = first.remove();
            self.len -= nonces.len();
            for (client, count) in clients {
                if let Some(of_client) = self.clients.get_mut(&client) {
                    *of_client -= count;
                    if *of_client == 0 {
                        self.clients.remove(&client);
                    }
                }
            }
        }
        self.low_water = self.low_water.max(current * WIDTH);
    }
}

impl NonceLog for MemoryNonceLog {
    fn check_and_insert(
        &self,
        nonce: Nonce<'_>,
        now: u64,
        expires: u64,
    ) -> impl Future<Output = Result<Admission, Box<dyn Error + Send + Sync>>> + Send {
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
