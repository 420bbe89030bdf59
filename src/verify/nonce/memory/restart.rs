//! RFC 5849 §3.3: what a log of before a restart may have admitted.

/// A policy for requests that a log of before a restart may have admitted.
///
/// A log in memory is empty when it is created. Whoever recorded a request can send it again for as long
/// as its timestamp is within the policy's window, and the new log does not know it.
///
/// The time at which the log was created is taken from the first call's `now`, less the time that has
/// passed since, by a clock that cannot be set. It counts in whole seconds, and one second is allowed for
/// rounding.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::{MemoryNonceLog, RestartPolicy};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let log = MemoryNonceLog::builder().restart_policy(RestartPolicy::RejectWindow).build()?;
/// # drop(log);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestartPolicy {
    /// Rejects timestamps from before the log was created. This is the default.
    ///
    /// A client whose clock is behind is rejected for that long after a restart. A request of a client
    /// whose clock is ahead, used just before the restart, can be replayed for that long.
    #[default]
    RejectEarlier,
    /// Rejects every timestamp that a log of before the restart can have admitted: also those of the
    /// window after the log was created.
    ///
    /// Nothing is admitted twice, even by clients whose clocks are ahead. Every request is rejected for
    /// the length of the window after a restart.
    RejectWindow,
    /// Accepts timestamps from before the log was created.
    ///
    /// A request that was used within the window before a restart can be replayed after it.
    AcceptAll,
}

/// Which timestamps a log of before this one, in a process of before, may have admitted.
pub(super) struct Restart {
    policy: RestartPolicy,
    created: Age,
    /// When the log was created, by the clock of those who call. The first call tells it, once and for
    /// all: a clock that is set back later must not open what was closed.
    start: Option<u64>,
}

impl Restart {
    pub(super) fn new(policy: RestartPolicy) -> Self {
        Self { policy, created: Age::zero(), start: None }
    }

    pub(super) fn may_have_been_used(&mut self, timestamp: u64, now: u64, expires: u64) -> bool {
        let created = &self.created;
        // `now` is rounded down, and so is the age: together they are off by less than a second.
        let start = *self.start.get_or_insert_with(|| now.saturating_sub(created.seconds() + 1));
        match self.policy {
            RestartPolicy::RejectEarlier => timestamp < start,
            RestartPolicy::RejectWindow => {
                let window = expires.saturating_sub(timestamp);
                // The log may have been created in the second after `start`.
                timestamp <= start.saturating_add(1).saturating_add(window)
            }
            RestartPolicy::AcceptAll => false,
        }
    }
}

/// The time since the log was created, by a clock that is never set.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
struct Age(std::time::Instant);

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
impl Age {
    fn zero() -> Self {
        Self(std::time::Instant::now())
    }

    fn seconds(&self) -> u64 {
        self.0.elapsed().as_secs()
    }
}

/// There is no such clock there: the first call counts as the log's creation.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
struct Age;

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
impl Age {
    fn zero() -> Self {
        Self
    }

    fn seconds(&self) -> u64 {
        0
    }
}
