//! The memory that bodies of unverified requests may take, all of them together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that are held, and how many may be.
pub(super) struct Budget {
    max: usize,
    held: AtomicUsize,
}

impl Budget {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max, held: AtomicUsize::new(0) })
    }

    /// Starts a share of the budget, empty at first.
    pub(super) fn share(self: &Arc<Self>) -> Share {
        Share { budget: Arc::clone(self), bytes: 0 }
    }
}

/// What one request holds. Dropping it gives the bytes back.
pub(super) struct Share {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Share {
    /// Takes more bytes, and returns `true` if there were as many left.
    pub(super) fn grow(&mut self, by: usize) -> bool {
        let Budget { max, held } = &*self.budget;
        let grown = |held: usize| held.checked_add(by).filter(|held| held <= max);
        // Nothing else is read by this number, so no order with other memory is needed.
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
