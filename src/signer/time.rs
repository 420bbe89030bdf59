//! Where timestamps and nonces come from.

use std::error::Error;
use std::sync::Arc;

use crate::stamp::{self, Stamp, StampError};

pub(super) type Clock = dyn Fn() -> Result<u64, Box<dyn Error + Send + Sync>> + Send + Sync;
pub(super) type Random = dyn Fn() -> Result<[u8; 16], Box<dyn Error + Send + Sync>> + Send + Sync;

/// Where stamps come from.
#[derive(Clone, Default)]
pub(super) struct Time {
    pub(super) clock: Option<Arc<Clock>>,
    pub(super) offset: i64,
    pub(super) random: Option<Arc<Random>>,
}

impl Time {
    /// The clock's own time, its offset not added.
    pub(super) fn clock(&self) -> Result<u64, StampError> {
        match &self.clock {
            None => stamp::system_time().map(|(seconds, _)| seconds),
            Some(clock) => clock().map_err(StampError::Clock),
        }
    }

    #[inline]
    pub(super) fn stamp(&self) -> Result<Stamp, StampError> {
        let (seconds, nanos) = match &self.clock {
            None => stamp::system_time()?,
            Some(clock) => (clock().map_err(StampError::Clock)?, 0),
        };
        let seconds = match seconds.checked_add_signed(self.offset) {
            Some(seconds @ 1..) => seconds,
            None if self.offset > 0 => return Err(StampError::InvalidTimestamp),
            _ => return Err(StampError::ClockBeforeEpoch),
        };
        let octets = match &self.random {
            None => stamp::random_octets(nanos)?,
            Some(random) => random().map_err(StampError::Rng)?,
        };
        Stamp::from_octets(seconds, octets)
    }
}
