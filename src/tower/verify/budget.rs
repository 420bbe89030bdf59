//! A limit on the memory for the bodies of all unverified requests together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of bytes that are held, and its limit.
pub(super) struct Budget {
    max: usize,
    held: AtomicUsize,
}

impl Budget {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max, held: AtomicUsize::new(0) })
    }

    /// Creates a share of the budget, which is empty at first.
    pub(super) fn share(self: &Arc<Self>) -> Share {
        Share { budget: Arc::clone(self), bytes: 0 }
    }
}

/// The bytes that one request holds. Dropping it gives them back.
pub(super) struct Share {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Share {
    /// Takes `by` more bytes. Returns `true` if that many were left.
    pub(super) fn grow(&mut self, by: usize) -> bool {
        let Budget { max, held } = &*self.budget;
        let grown = |held: usize| held.checked_add(by).filter(|held| held <= max);
        // No other memory depends on this number, so no ordering is needed.
        let has_grown = held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown).is_ok();
        if has_grown {
            self.bytes += by;
        }
        has_grown
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
