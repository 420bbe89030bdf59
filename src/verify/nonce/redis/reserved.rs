//! RFC 5849 §3.3: room that is reserved in the shares of clients and tokens.
//!
//! A script that counts costs Redis several times what a bare `SET` costs. So a busy process reserves room for a
//! few nonces more than it needs, and inserts these without counting.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The most nonces to reserve room for at once.
const MOST: u64 = 63;

/// The part of what a process has used that it reserves more of: at most so much is reserved in vain.
const PART: u64 = 8;

/// The part of a share that a process may reserve at once. Small shares are counted exactly.
const PART_OF_SHARE: u64 = 1_024;

/// The most tokens that this process remembers. It forgets room that it has reserved, not nonces.
const MOST_TOKENS: usize = 10_000;

/// The room that this process has reserved, by the key of the token's count.
#[derive(Clone, Default)]
pub(super) struct Reserved(Arc<Mutex<HashMap<String, Room>>>);

struct Room {
    /// The nonces that were inserted in this period, by this process.
    used: u64,
    left: u64,
    /// The time at which a period ends, and all that is reserved with it.
    ends: Instant,
}

impl Reserved {
    /// Takes the room for one nonce, and returns `true` if there was any.
    pub(super) fn take(&self, token: &str) -> bool {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(token) else { return false };
        if room.left == 0 || room.ends <= Instant::now() {
            return false;
        }
        room.left -= 1;
        room.used += 1;
        true
    }

    /// Gives back the room of a nonce that was used before.
    pub(super) fn give_back(&self, token: &str) {
        if let Some(room) = self.rooms().get_mut(token) {
            room.left += 1;
            room.used = room.used.saturating_sub(1);
        }
    }

    /// Returns for how many more nonces to reserve room, if each share has at most `share`.
    pub(super) fn wanted(&self, token: &str, share: u64) -> u64 {
        let used =
            self.rooms().get(token).filter(|room| room.ends > Instant::now()).map_or(0, |room| room.used);
        (used / PART).min(share / PART_OF_SHARE).min(MOST)
    }

    /// Adds a nonce that a script has inserted at `sent` or later, and the room that it has reserved.
    pub(super) fn add(&self, token: &str, more: u64, sent: Instant, period: Duration) {
        let mut rooms = self.rooms();
        // Long periods are cut: an instant cannot be as far away as Redis's times.
        let ends = sent + period.min(Duration::from_secs(86_400));
        if let Some(room) = rooms.get_mut(token).filter(|room| room.ends > sent) {
            room.used += 1;
            room.left += more;
            // What was reserved before ends with its period, so the earlier end counts.
            if more > 0 {
                room.ends = room.ends.min(ends);
            }
            return;
        }
        if rooms.len() >= MOST_TOKENS {
            rooms.retain(|_, room| room.ends > sent);
        }
        if rooms.len() >= MOST_TOKENS {
            rooms.clear();
        }
        rooms.insert(token.to_owned(), Room { used: 1, left: more, ends });
    }

    /// Takes the lock. Nothing panics between two steps of a change.
    fn rooms(&self) -> MutexGuard<'_, HashMap<String, Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant, Reserved};

    #[test]
    fn an_eighth_of_what_was_used_is_reserved_at_most() {
        let reserved = Reserved::default();
        let (now, period) = (Instant::now(), Duration::from_secs(900));
        let (mut scripts, mut in_vain) = (0, 0);
        for number in 1..=10_000_u64 {
            if !reserved.take("t") {
                scripts += 1;
                let more = reserved.wanted("t", 375_000);
                assert!(more <= number / 8);
                in_vain = more;
                reserved.add("t", more, now, period);
            }
        }
        assert!(scripts < 250, "{scripts}");
        assert_eq!(in_vain, 63);
        assert_eq!(reserved.wanted("t", 1_000), 0, "a small share is counted exactly");
        assert_eq!(reserved.wanted("u", 375_000), 0);
    }

    #[test]
    fn what_is_reserved_ends_with_its_period() {
        let reserved = Reserved::default();
        let now = Instant::now();
        reserved.add("t", 5, now, Duration::ZERO);
        assert!(!reserved.take("t"));
        reserved.add("t", 1, now, Duration::from_secs(900));
        assert!(reserved.take("t"));
        assert!(!reserved.take("t"));
        reserved.give_back("t");
        assert!(reserved.take("t"));
    }
}
