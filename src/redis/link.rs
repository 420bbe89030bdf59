//! A connection with a time limit, and with the replicas to wait for.

use std::time::Duration;

use redis::aio::ConnectionLike;
use redis::{Cmd, Pipeline, RedisError, Value};

use crate::boxed::BoxError;

use super::script::Script;

/// A handle on a connection. All clones send over the same one.
#[derive(Clone)]
pub(crate) struct Link<C> {
    pub(crate) connection: C,
    pub(crate) replicas: u32,
    pub(crate) time_limit: Duration,
}

/// The response to a script, and the number of replicas that have received its changes.
pub(crate) struct Response {
    pub(crate) value: Value,
    replicas: Option<Value>,
    needed: u32,
}

impl Response {
    /// Checks that enough replicas have received the changes of the script.
    pub(crate) fn check_replicas(&self) -> Result<(), BoxError> {
        match &self.replicas {
            None => Ok(()),
            Some(Value::Int(replicas)) if *replicas >= i64::from(self.needed) => Ok(()),
            Some(Value::Int(replicas)) => Err(format!(
                "{replicas} replicas of Redis have received the change, fewer than the {} of \
                 `wait_for_replicas`",
                self.needed
            )
            .into()),
            Some(_) => Err("Redis did not return a number from WAIT".into()),
        }
    }
}

impl<C> Link<C> {
    pub(crate) fn new(connection: C) -> Self {
        Self { connection, replicas: 0, time_limit: Duration::from_secs(1) }
    }

    /// Waits for `call`, up to the time limit.
    pub(crate) async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, BoxError>>,
    ) -> Result<T, BoxError> {
        match tokio::time::timeout(self.time_limit, call).await {
            Ok(result) => result,
            Err(_) => Err(format!("Redis did not respond within {:?}", self.time_limit).into()),
        }
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> Link<C> {
    /// Sends one command.
    pub(crate) async fn send(&self, command: &Cmd) -> Result<Value, RedisError> {
        self.connection.clone().req_packed_command(command).await?.extract_error()
    }

    /// Runs a script. `arguments` adds the number of keys, the keys and the arguments to a command.
    pub(crate) async fn run(
        &self,
        script: &Script,
        arguments: &(impl Fn(&mut Cmd) + Sync),
    ) -> Result<Response, RedisError> {
        // With `WAIT` behind it the script goes in full: a call of a script that Redis does not know would
        // wait for the replicas as well, before the script is sent.
        let first = if self.replicas == 0 { script.loaded() } else { script.whole() };
        match self.call(first, arguments).await {
            // Redis has restarted, or is another server. It has done nothing yet, and now stores the script.
            Err(error) if error.code() == Some("NOSCRIPT") => self.call(script.whole(), arguments).await,
            response => response,
        }
    }

    async fn call(
        &self,
        mut command: Cmd,
        arguments: &(impl Fn(&mut Cmd) + Sync),
    ) -> Result<Response, RedisError> {
        arguments(&mut command);
        self.change(command).await
    }

    /// Sends a command that changes something.
    pub(crate) async fn change(&self, command: Cmd) -> Result<Response, RedisError> {
        if self.replicas == 0 {
            let value = self.send(&command).await?;
            return Ok(Response { value, replicas: None, needed: 0 });
        }
        // `WAIT` counts only what its own connection has written, so both commands go in one pipeline.
        let mut both = Pipeline::with_capacity(2);
        both.add_command(command);
        let milliseconds = u64::try_from(self.time_limit.as_millis()).unwrap_or(u64::MAX >> 2);
        // Zero would mean no limit.
        both.cmd("WAIT").arg(self.replicas).arg(milliseconds.max(1));
        let mut responses = self.connection.clone().req_packed_commands(&both, 0, 2).await?.into_iter();
        let mut next = || responses.next().unwrap_or(Value::Nil).extract_error();
        Ok(Response { value: next()?, replicas: Some(next()?), needed: self.replicas })
    }
}
