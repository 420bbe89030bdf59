//! RFC 5849 §3.3: inserting a nonce, by a script that counts or without counting.

use std::time::{Duration, Instant};

use redis::aio::ConnectionLike;
use redis::{Cmd, Value};

use crate::boxed::BoxError;
use crate::redis::Script;

use super::super::NonceStatus;
use super::RedisNonceLog;
use super::command::{Insertion, Keys};

const TEXT: &str = include_str!("insert.lua");

static INSERT: Script = Script::new(TEXT, || Script::digest(TEXT));

impl<C: ConnectionLike + Clone + Send + Sync> RedisNonceLog<C> {
    pub(super) async fn insert(&self, insertion: &Insertion) -> Result<NonceStatus, BoxError> {
        if self.reserved.take(&insertion.keys.token) {
            self.insert_uncounted(insertion).await
        } else {
            self.insert_counted(insertion).await
        }
    }

    async fn insert_uncounted(&self, insertion: &Insertion) -> Result<NonceStatus, BoxError> {
        let mut command = Cmd::with_capacity(6, 128);
        command.arg("SET").arg(&insertion.keys.nonce).arg("").arg("NX").arg("PX").arg(insertion.lifetime);
        // If this fails, the nonce may be used, so its room is.
        let response = self.link.change(command).await?;
        match response.value {
            Value::Okay => response.check_replicas().map(|()| NonceStatus::Fresh),
            Value::Nil => {
                self.reserved.give_back(&insertion.keys.token);
                Ok(NonceStatus::Replayed)
            }
            _ => Err("Redis returned something that SET does not return".into()),
        }
    }

    async fn insert_counted(&self, insertion: &Insertion) -> Result<NonceStatus, BoxError> {
        let Insertion { keys: Keys { nonce, client, token }, lifetime, period } = insertion;
        let share = self.max_entries_per_client.min(self.max_entries_per_token);
        let wanted = self.reserved.wanted(token, share);
        let arguments = |command: &mut Cmd| {
            command.arg(3).arg(nonce).arg(client).arg(token).arg(lifetime).arg(period);
            command.arg(self.max_entries_per_client).arg(self.max_entries_per_token).arg(wanted);
        };
        let sent = Instant::now();
        let response = self.link.run(&INSERT, &arguments).await?;
        let Value::Array(values) = &response.value else {
            return Err("Redis did not return numbers from the script".into());
        };
        match values[..] {
            [Value::Int(0)] => Ok(NonceStatus::Replayed),
            [Value::Int(2)] => Ok(NonceStatus::Full),
            [Value::Int(1), Value::Int(more), Value::Int(left)] => {
                let left = if more > 0 { left } else { i64::try_from(*period).unwrap_or(i64::MAX) };
                let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
                self.reserved.add(token, u64::try_from(more).unwrap_or(0), sent, left);
                response.check_replicas().map(|()| NonceStatus::Fresh)
            }
            _ => Err("Redis returned numbers that the script does not return".into()),
        }
    }
}
