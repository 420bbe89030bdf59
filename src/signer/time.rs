//! The source of timestamps and nonces.

use std::sync::Arc;

use crate::boxed::BoxError;
use crate::stamp::{self, Clock, Stamp, StampError};

pub(super) type Random = dyn Fn() -> Result<[u8; 16], BoxError> + Send + Sync;

/// The clock, its offset, and the source of random bytes, from which stamps are made.
#[derive(Clone, Default)]
pub(super) struct Time {
    pub(super) clock: Clock,
    pub(super) offset: i64,
    pub(super) random: Option<Arc<Random>>,
}

impl Time {
    /// Returns the clock's time in seconds since the Unix epoch, without the offset.
    pub(super) fn clock(&self) -> Result<u64, StampError> {
        self.clock.read(StampError::Clock).map(|(seconds, _)| seconds)
    }

    #[inline]
    pub(super) fn stamp(&self) -> Result<Stamp, StampError> {
        let (seconds, nanos) = self.clock.read(StampError::Clock)?;
        let seconds = match seconds.checked_add_signed(self.offset) {
            Some(seconds @ 1..) => seconds,
            None if self.offset > 0 => return Err(StampError::InvalidTimestamp),
            _ => return Err(StampError::ClockBeforeEpoch),
        };
        let bytes = match &self.random {
            None => stamp::random_bytes(nanos)?,
            Some(random) => random().map_err(StampError::Rng)?,
        };
        Stamp::from_bytes(seconds, bytes)
    }
}
