//! RFC 5849 §3.3: requests that a log may have admitted before a restart.

/// A policy for requests that an earlier log may have admitted before a restart.
///
/// A log in memory is empty when it is created. Somebody who recorded a request can send it again while its
/// timestamp is within the policy's window, and the new log does not know it.
///
/// The log computes the time of its creation in the first call: `now`, less the time since then by a clock
/// that cannot be set. It counts in whole seconds, and adds one second for rounding.
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
    /// After a restart, a client whose clock is behind is rejected for as long as it is behind. A request
    /// from a client whose clock is ahead, used just before the restart, can be replayed for as long.
    #[default]
    RejectEarlier,
    /// Rejects every timestamp that an earlier log can have admitted.
    ///
    /// These are also the timestamps of the whole window after the log was created. Nothing is admitted
    /// twice, even from clients whose clocks are ahead. But every request is rejected for the length of the
    /// window after a restart.
    RejectWindow,
    /// Accepts timestamps from before the log was created.
    ///
    /// A request that was used within the window before a restart can be replayed after it.
    AcceptAll,
}

/// The timestamps that an earlier log, in an earlier process, may have admitted.
pub(super) struct Restart {
    policy: RestartPolicy,
    created: Age,
    /// The time when the log was created, by the clock of the callers.
    ///
    /// The first call sets it for good: a clock that is set back later must not admit old timestamps again.
    start: Option<u64>,
}

impl Restart {
    pub(super) fn new(policy: RestartPolicy) -> Self {
        Self { policy, created: Age::zero(), start: None }
    }

    pub(super) fn may_have_been_used(&mut self, timestamp: u64, now: u64, expires: u64) -> bool {
        let created = &self.created;
        // `now` is rounded down, and so is the age. Together they are off by less than a second.
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

/// A clock that is never set, for the time since the log was created.
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

/// A stand-in for targets without such a clock: the first call counts as the log's creation.
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
