//! RFC 5849 §3.3: the script that inserts several nonces.

use redis::aio::ConnectionLike;
use redis::{Cmd, RedisError, Value};

use crate::boxed::BoxError;
use crate::redis::{Link, Script};

use super::super::NonceStatus;
use super::command::Insertion;

const TEXT: &str = include_str!("insert.lua");

static INSERT: Script = Script::new(TEXT, || Script::digest(TEXT));

/// The most nonces of a client and of a token in a period.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) of_client: u64,
    pub(super) of_token: u64,
}

/// An error of a batch.
pub(super) enum BatchError {
    /// A node of a cluster does not take keys of several clients in one script. It has done nothing.
    Cluster,
    Failed(BoxError),
}

/// The statuses of a batch, in its order.
pub(super) type Statuses = Vec<Result<NonceStatus, BoxError>>;

/// Inserts the nonces of `batch`, and returns the status of each.
pub(super) async fn insert<C: ConnectionLike + Clone + Send + Sync>(
    link: &Link<C>,
    limits: Limits,
    batch: &[&Insertion],
) -> Result<Statuses, BatchError> {
    let arguments = |command: &mut Cmd| {
        command.arg(3 * batch.len());
        for Insertion { keys, .. } in batch {
            command.arg(&keys.nonce).arg(&keys.client).arg(&keys.token);
        }
        command.arg(limits.of_client).arg(limits.of_token);
        for Insertion { lifetime, period, .. } in batch {
            command.arg(lifetime).arg(period);
        }
    };
    let response = link.run(&INSERT, &arguments).await.map_err(|error: RedisError| match error.code() {
        Some("CROSSSLOT") => BatchError::Cluster,
        _ => BatchError::Failed(error.into()),
    })?;
    let failed = |text: &str| Err(BatchError::Failed(text.into()));
    let Value::BulkString(digits) = &response.value else {
        return failed("Redis did not return a text from the script");
    };
    if digits.len() != batch.len() || digits.iter().any(|digit| !matches!(digit, b'0'..=b'2')) {
        return failed("Redis did not return the statuses of the script");
    }
    let status = |digit: &u8| match digit {
        b'0' => Ok(NonceStatus::Replayed),
        b'1' => response.check_replicas().map(|()| NonceStatus::Fresh),
        _ => Ok(NonceStatus::Full),
    };
    Ok(digits.iter().map(status).collect())
}
