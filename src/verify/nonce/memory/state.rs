//! RFC 5849 §3.3: the contents of a log in memory, and how it forgets.

use std::collections::{BTreeMap, BTreeSet};

use super::super::NonceStatus;
use super::Limits;
use super::restart::{Restart, RestartPolicy};
use super::shares::{Ids, Shares};

/// The width of a bucket, in seconds.
const WIDTH: u64 = 8;

/// The maximum number of expired nonces that a call forgets.
///
/// It is large, so that a log empties faster than it fills.
const FORGOTTEN_PER_CALL: usize = 64;

/// The maximum number that a call forgets if it finds no room: about 0.2 milliseconds of work.
const FORGOTTEN_IF_FULL: usize = 1_024;

/// The hash of a client and its token in the upper half, and that of the nonce in the lower half.
///
/// So the entries of one client and token lie together, and can be counted off together when they are
/// forgotten. It leaves 64 bits for the nonce. Among a million nonces of one token, a fresh one is taken for
/// a replayed one with a chance of 2^-44. That error rejects a request and never admits one, and nobody can
/// cause it without the hash's key. Among a million clients, two clients share a hash, and so their share of
/// the log, with a chance of 2^-25.
type Entry = u128;

/// The contents of a log, in ordered trees.
///
/// Trees need less memory than hash tables, which are up to half empty. They also give memory back, and no
/// insertion has to wait until a whole table has moved.
pub(super) struct State {
    /// The nonces of a few seconds together, by timestamp.
    buckets: BTreeMap<u64, Bucket>,
    shares: Shares,
    len: usize,
    /// The first bucket that accepts nonces. Earlier buckets may have been forgotten.
    first_open: u64,
    restart: Restart,
}

#[derive(Default)]
struct Bucket {
    entries: BTreeSet<Entry>,
    /// The last second in which one of its timestamps is admitted, even if no nonce has that timestamp.
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
        // The last timestamp of the bucket counts. Otherwise the bucket would close while it is in the
        // window.
        let rest = WIDTH - 1 - timestamp % WIDTH;
        bucket.expires = bucket.expires.max(expires.saturating_add(rest));
        self.shares.take(ids);
        self.len += 1;
        NonceStatus::Fresh
    }

    fn has_room(&self, limits: Limits, ids: &Ids) -> bool {
        self.len < limits.entries && self.shares.has_room(limits, ids)
    }

    /// Forgets up to `count` nonces of expired buckets.
    ///
    /// When it forgets the first nonce of a bucket, it closes this bucket and all earlier ones for good: the
    /// clock may be set back later.
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

/// A run of entries of one client and token that are forgotten one after another.
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
