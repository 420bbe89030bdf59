//! Checks that a Redis server keeps all nonces and grants.

use std::time::Duration;

use redis::aio::ConnectionLike;
use redis::{Cmd, Value};

use crate::boxed::BoxError;

use super::link::Link;

/// An error of `check_server`: Redis may drop nonces or grants, or cannot be asked.
///
/// Returned by [`RedisNonceLog::check_server`](crate::verify::RedisNonceLog::check_server) and
/// [`RedisStore::check_server`](crate::provider::RedisStore::check_server).
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::RedisServerError;
///
/// fn advice(error: &RedisServerError) -> &'static str {
///     match error {
///         RedisServerError::EvictionPolicy { .. } => "change the configuration of Redis",
///         _ => "try again later",
///     }
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisServerError {
    /// The eviction policy lets Redis drop nonces that can still be replayed, and access tokens in use.
    #[error("the maxmemory-policy of Redis is `{policy}`, which drops nonces and grants: set `noeviction`")]
    EvictionPolicy {
        /// The configured `maxmemory-policy`, cut to 64 characters.
        policy: String,
    },
    /// The response to `INFO memory` does not contain the policy.
    #[error("Redis does not tell its maxmemory-policy: allow the user of the connection the command INFO")]
    UnknownPolicy,
    /// Redis did not respond within the time limit of the log or the store.
    #[error("Redis did not respond within {0:?}")]
    TimedOut(Duration),
    /// There is no connection, or Redis responded with an error.
    #[error("Redis cannot be asked for its maxmemory-policy")]
    Failed(#[source] BoxError),
}

impl<C: ConnectionLike + Clone + Send + Sync> Link<C> {
    /// Checks that no server behind the connection evicts keys.
    pub(crate) async fn check_server(&self) -> Result<(), RedisServerError> {
        let mut command = Cmd::new();
        command.arg("INFO").arg("memory");
        let response = tokio::time::timeout(self.time_limit, self.send(&command)).await;
        let response = response
            .map_err(|_| RedisServerError::TimedOut(self.time_limit))?
            .map_err(|error| RedisServerError::Failed(Box::new(error)))?;
        let mut texts = Vec::new();
        collect(&response, &mut texts);
        if texts.is_empty() {
            return Err(RedisServerError::UnknownPolicy);
        }
        texts.iter().try_for_each(|text| check(text))
    }
}

/// Collects the texts of one server, or of each node of a cluster.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::BulkString(bytes) => texts.push(String::from_utf8_lossy(bytes).into_owned()),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => texts.push(text.clone()),
        Value::Map(nodes) => nodes.iter().for_each(|(_, text)| collect(text, texts)),
        Value::Array(nodes) => nodes.iter().for_each(|text| collect(text, texts)),
        // The response of this node has another type. An empty text makes the check fail for it.
        _ => texts.push(String::new()),
    }
}

fn check(information: &str) -> Result<(), RedisServerError> {
    match information.lines().find_map(|line| line.strip_prefix("maxmemory_policy:")).map(str::trim) {
        Some("noeviction") => Ok(()),
        Some(policy) => {
            let policy = policy.chars().filter(char::is_ascii_graphic).take(64).collect();
            Err(RedisServerError::EvictionPolicy { policy })
        }
        None => Err(RedisServerError::UnknownPolicy),
    }
}

#[cfg(test)]
mod tests {
    use super::{RedisServerError, Value, check, collect};

    #[test]
    fn a_cluster_of_which_one_node_evicts_is_rejected() {
        let node = |policy: &str| {
            let text = format!("# Memory\r\nused_memory:1\r\nmaxmemory_policy:{policy}\r\n");
            (Value::SimpleString("127.0.0.1:7000".into()), Value::BulkString(text.into_bytes()))
        };
        let mut texts = Vec::new();
        collect(&Value::Map(vec![node("noeviction"), node("allkeys-lru")]), &mut texts);
        assert_eq!(texts.len(), 2);
        assert!(check(&texts[0]).is_ok());
        let Err(error) = check(&texts[1]) else { panic!("the second node evicts") };
        assert!(matches!(&error, RedisServerError::EvictionPolicy { policy } if policy == "allkeys-lru"));
        assert_eq!(
            error.to_string(),
            "the maxmemory-policy of Redis is `allkeys-lru`, which drops nonces and grants: set `noeviction`"
        );
        collect(&Value::Nil, &mut texts);
        assert!(matches!(check(&texts[2]), Err(RedisServerError::UnknownPolicy)));
    }
}
