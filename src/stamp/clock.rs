//! The source of the time.

use std::sync::Arc;

use super::error::StampError;
use crate::boxed::BoxError;

/// The system's clock, or a function that returns seconds since the Unix epoch.
#[derive(Clone, Default)]
pub(crate) struct Clock(Option<Arc<dyn Fn() -> Result<u64, BoxError> + Send + Sync>>);

impl Clock {
    pub(crate) fn of(clock: impl Fn() -> Result<u64, BoxError> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(clock)))
    }

    /// Returns the seconds since the Unix epoch, and the nanoseconds of the current second.
    ///
    /// `failed` converts the error of a clock that was configured. Such a clock has no nanoseconds.
    #[inline]
    pub(crate) fn read<E: From<StampError>>(
        &self,
        failed: impl FnOnce(BoxError) -> E,
    ) -> Result<(u64, u32), E> {
        match &self.0 {
            None => Ok(system_time()?),
            Some(clock) => Ok((clock().map_err(failed)?, 0)),
        }
    }

    /// Returns the seconds since the Unix epoch.
    pub(crate) fn seconds(&self) -> Result<u64, BoxError> {
        self.read(|error| error).map(|(seconds, _)| seconds)
    }
}

/// Returns the seconds since the Unix epoch, and the nanoseconds of the current second.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(super) fn system_time() -> Result<(u64, u32), StampError> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_err(|_| StampError::ClockBeforeEpoch)?;
    Ok((now.as_secs(), now.subsec_nanos()))
}

/// Returns an error, because `SystemTime::now` panics on a target without an operating system.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(super) fn system_time() -> Result<(u64, u32), StampError> {
    Err(StampError::Clock("this target has no system clock".into()))
}
