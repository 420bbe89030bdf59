//! RFC 5849 §3.3: what a log in memory remembers, and how it forgets.

use std::collections::{BTreeMap, BTreeSet};

use super::super::NonceStatus;
use super::Limits;
use super::restart::{Restart, RestartPolicy};
use super::shares::{Ids, Shares};

/// How many seconds a bucket is wide.
const WIDTH: u64 = 8;

/// How many expired nonces each call forgets at most: so many that a log empties faster than it fills.
const FORGOTTEN_PER_CALL: usize = 64;

/// How many a call forgets at most that finds no room otherwise: some 0.2 milliseconds of work.
const FORGOTTEN_IF_FULL: usize = 1_024;

/// The hash of a client with its token, above that of the nonce. So the entries of one lie together, and
/// are counted off together when they are forgotten.
///
/// That leaves 64 bits for the nonce. Among a million of one token, a fresh one is taken for a replayed
/// one with a chance of 2^-44. The error is a rejection, never an admission, and without the hash's key
/// nobody can aim for it. Two clients share a hash, and so their share, with a chance of 2^-25 among a
/// million clients.
type Entry = u128;

/// Ordered trees hold more in less than hash tables, which are up to half empty. They also give memory
/// back, and no insertion has to wait until all of a table has moved.
pub(super) struct State {
    /// By timestamp, some seconds together.
    buckets: BTreeMap<u64, Bucket>,
    shares: Shares,
    len: usize,
    /// The first bucket that may be added to. Those before may have been forgotten.
    first_open: u64,
    restart: Restart,
}

#[derive(Default)]
struct Bucket {
    entries: BTreeSet<Entry>,
    /// Until then one of its timestamps is admitted, even if none of the nonces has it.
    expires: u64,
}

impl State {
    pub(super) fn new(policy: RestartPolicy) -> Self {
        Self {
            buckets: BTreeMap::new(),
            shares: Shares::default(),
            len: 0,
            first_open: 0,
            restart: Restart::new(policy),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn check_and_insert(
        &mut self,
        limits: Limits,
        ids: &Ids,
        timestamp: u64,
        now: u64,
        expires: u64,
    ) -> NonceStatus {
        self.forget(now, FORGOTTEN_PER_CALL);
        if !self.has_room(limits, ids) {
            self.forget(now, FORGOTTEN_IF_FULL);
        }
        let number = timestamp / WIDTH;
        let is_early = self.restart.may_have_been_used(timestamp, now, expires);
        if expires < now || number < self.first_open || is_early {
            return NonceStatus::Replayed;
        }
        let entry = Entry::from(ids.grant) << 64 | Entry::from(ids.nonce);
        if !self.has_room(limits, ids) {
            let is_known = self.buckets.get(&number).is_some_and(|bucket| bucket.entries.contains(&entry));
            return if is_known { NonceStatus::Replayed } else { NonceStatus::Full };
        }
        let bucket = self.buckets.entry(number).or_default();
        if !bucket.entries.insert(entry) {
            return NonceStatus::Replayed;
        }
        // For the last of its timestamps: else it would be closed before that is out of the window.
        let rest = WIDTH - 1 - timestamp % WIDTH;
        bucket.expires = bucket.expires.max(expires.saturating_add(rest));
        self.shares.take(ids);
        self.len += 1;
        NonceStatus::Fresh
    }

    fn has_room(&self, limits: Limits, ids: &Ids) -> bool {
        self.len < limits.entries && self.shares.has_room(limits, ids)
    }

    /// Forgets up to `count` nonces of buckets that have expired. It closes such a bucket, and all before
    /// it, for good, at its first nonce: the clock may step back.
    fn forget(&mut self, now: u64, mut count: usize) {
        while count > 0 {
            let Some(mut first) = self.buckets.first_entry() else { return };
            if first.get().expires >= now {
                return;
            }
            self.first_open = self.first_open.max(first.key() + 1);
            let entries = &mut first.get_mut().entries;
            let mut run = Run::default();
            while count > 0 {
                let Some(entry) = entries.pop_first() else { break };
                count -= 1;
                self.len -= 1;
                run.add((entry >> 64) as u64, &mut self.shares);
            }
            run.end(&mut self.shares);
            if first.get().entries.is_empty() {
                first.remove();
            }
        }
    }
}

/// Entries of one client and token that are forgotten one after another.
#[derive(Default)]
struct Run {
    grant: u64,
    count: u32,
}

impl Run {
    fn add(&mut self, grant: u64, shares: &mut Shares) {
        if self.grant != grant {
            std::mem::replace(self, Self { grant, count: 0 }).end(shares);
        }
        self.count += 1;
    }

    fn end(self, shares: &mut Shares) {
        if self.count > 0 {
            shares.give_back(self.grant, self.count);
        }
    }
}
