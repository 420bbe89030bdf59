//! A limit on diagnoses, so that forged requests cannot use up the CPU.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A limit on the number of diagnoses: so many per second, and a few more at once.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::diagnosis::DiagnosisLimit;
///
/// // One diagnosis per second, and up to 5 at once after a time without any.
/// let limit = DiagnosisLimit::new(1, 5);
/// let made = (0..100).filter(|_| limit.try_acquire()).count();
/// assert!((5..100).contains(&made));
/// ```
#[derive(Debug)]
pub struct DiagnosisLimit {
    per_second: u32,
    burst: u32,
    bucket: Mutex<Bucket>,
}

#[derive(Debug)]
struct Bucket {
    /// The diagnoses that were left at the time `since`.
    tokens: f64,
    since: Instant,
}

impl DiagnosisLimit {
    /// Creates a limit of `per_second` diagnoses, with up to `burst` of them at once.
    ///
    /// With 0 for `per_second`, there are `burst` diagnoses in all.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        let bucket = Bucket { tokens: burst.into(), since: Instant::now() };
        Self { per_second, burst, bucket: Mutex::new(bucket) }
    }

    /// Takes one diagnosis. Returns `false` if none is left now.
    pub fn try_acquire(&self) -> bool {
        self.try_acquire_at(Instant::now())
    }

    fn try_acquire_at(&self, now: Instant) -> bool {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = now.saturating_duration_since(bucket.since).as_secs_f64();
        bucket.tokens = (bucket.tokens + seconds * f64::from(self.per_second)).min(self.burst.into());
        bucket.since = bucket.since.max(now);
        let is_left = bucket.tokens >= 1.0;
        if is_left {
            bucket.tokens -= 1.0;
        }
        is_left
    }
}

/// Allows one diagnosis per second, and up to 10 at once.
impl Default for DiagnosisLimit {
    fn default() -> Self {
        Self::new(1, 10)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn gives_the_burst_and_then_so_many_per_second() {
        let limit = DiagnosisLimit::new(2, 3);
        let start = Instant::now();
        let taken = |at: u64| {
            let now = start + Duration::from_millis(at);
            (0..100).filter(|_| limit.try_acquire_at(now)).count()
        };
        assert_eq!([taken(10), taken(400), taken(600), taken(1_600), taken(60_000)], [3, 0, 1, 2, 3]);
        // A clock that is set back adds no diagnoses.
        assert_eq!(taken(0), 0);
    }

    #[test]
    fn without_a_rate_the_burst_is_all() {
        let limit = DiagnosisLimit::new(0, 2);
        let later = Instant::now() + Duration::from_secs(1_000_000);
        assert_eq!((0..10).filter(|_| limit.try_acquire_at(later)).count(), 2);
    }
}
