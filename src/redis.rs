//! A connection to Redis, as the nonce log and the store of grants use it.

mod script;
mod link;
mod server;

pub(crate) use link::{Link, Response};
pub(crate) use script::Script;
pub use server::RedisServerError;

/// Converts seconds to milliseconds, up to a limit that means "for ever".
///
/// Redis adds its own time, and accepts no sum of more than 63 bits.
pub(crate) fn milliseconds(seconds: u64) -> u64 {
    seconds.saturating_mul(1_000).min(u64::MAX >> 2)
}
