//! Where the time comes from.

use std::sync::Arc;

use super::error::StampError;
use crate::boxed::BoxError;

/// The system's clock, or one that was supplied, which returns seconds since the Unix epoch.
#[derive(Clone, Default)]
pub(crate) struct Clock(Option<Arc<dyn Fn() -> Result<u64, BoxError> + Send + Sync>>);

impl Clock {
    pub(crate) fn of(clock: impl Fn() -> Result<u64, BoxError> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(clock)))
    }

    /// Seconds and nanoseconds since 1970; `failed` is for the error of a clock that was supplied.
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

    /// The seconds only, for a server.
    pub(crate) fn seconds(&self) -> Result<u64, BoxError> {
        self.read(|error| error).map(|(seconds, _)| seconds)
    }
}

/// Seconds and nanoseconds since 1970.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(super) fn system_time() -> Result<(u64, u32), StampError> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_err(|_| StampError::ClockBeforeEpoch)?;
    Ok((now.as_secs(), now.subsec_nanos()))
}

/// `SystemTime::now` panics where there is no operating system.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(super) fn system_time() -> Result<(u64, u32), StampError> {
    Err(StampError::Clock("this target has no system clock".into()))
}
