//! RFC 5849 §3.3: a nonce log in Redis, for several servers.

mod command;
mod reserved;
mod insert;

use std::fmt;
use std::time::Duration;

use redis::aio::ConnectionLike;

use crate::boxed::{BoxError, BoxFuture};
use crate::redis::{Link, RedisServerError};

use super::{Nonce, NonceLog, NonceStatus};

use command::Insertion;
use reserved::Reserved;

/// A nonce log in Redis, for a service of several processes or machines.
///
/// Each call is one round trip, which Redis runs as one step. If several servers pass the same nonce at the
/// same time, exactly one of them gets [`NonceStatus::Fresh`]. Each client, and each token of a client, has its
/// own share: see [Sizing](#sizing). If there is no connection, no response in time, or no memory left, the log
/// returns an error, and [`Proof::admit`](crate::verify::Proof::admit) rejects the request with status 503.
///
/// # Connection
///
/// `C` is any asynchronous connection of the crate `redis` 1 with tokio. Enable the features of that crate
/// that you need: `connection-manager`, `cluster-async`, TLS. A `ConnectionManager` connects again when Redis
/// is back. A bare `MultiplexedConnection` does not, and then every request is rejected. Keep the
/// connection's own limit (`ConnectionManagerConfig::set_response_timeout`, half a second by default) below
/// [`time_limit`](Self::time_limit): a manager gives up a broken connection only by its own limit.
///
/// # Redis server
///
/// - `maxmemory-policy` must be `noeviction`, the default of Redis. With any other, Redis forgets nonces
///   that can still be replayed, without an error. Call [`check_server`](Self::check_server) when your
///   server starts.
/// - After a restart without persistence, forgotten requests can be replayed while their timestamp is within
///   the window. `appendonly yes` with `appendfsync always` loses nothing, and with `everysec` one or two
///   seconds.
/// - A failover loses what the replica had not received yet. Set
///   [`wait_for_replicas`](Self::wait_for_replicas), and `min-replicas-to-write 1` in the configuration of
///   Redis, so that a primary without a replica takes no nonces.
/// - Redis Cluster: all keys of one client are in one hash slot, so a client is served by one node.
/// - A nonce takes 130 bytes in Redis 7.0, and more with a longer prefix.
///
/// # Sizing
///
/// A client may use [`max_entries_per_client`](Self::max_entries_per_client) nonces in a period, and
/// [`max_entries_per_token`](Self::max_entries_per_token) of them with one token (requests without a token
/// count as one token). A period begins with the first nonce and lasts 2 × window +
/// [`skew`](Self::skew) + 1 seconds, as long as any nonce is remembered. So each limit must be at least
///
/// > requests per second at the peak × (2 × window + skew + 1 second)
///
/// With the default window and skew of 300 seconds each, a client that sends 400 requests per second with
/// one token needs 400 × 901 = 360,400. The defaults are 1,500,000 for a client (1,664 requests per second)
/// and 375,000 for a token (416 requests per second).
///
/// Each process reserves room for some nonces in advance, so that it need not count each one: for at most an
/// eighth of those that it has used with a token, and at most 63. Reserved room that is not used counts until
/// the period ends. So make both limits an eighth larger than needed. Limits below 1,024 are counted exactly.
/// No limit is ever exceeded.
///
/// Redis holds at most two periods of a client at once. The limit for all clients together is Redis's
/// `maxmemory`.
///
/// # Clocks
///
/// The clocks of the servers differ. If one server admits a nonce, another whose clock is behind admits its
/// timestamp for longer. So the log remembers a nonce until its timestamp is out of the window, and for
/// [`skew`](Self::skew) more. All servers must have the same window
/// ([`Policy::window`](crate::verify::Policy::window)).
///
/// # Examples
///
/// ```no_run
/// use oauth1_signer::verify::RedisNonceLog;
/// use redis::aio::ConnectionManager;
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let client = redis::Client::open("redis://127.0.0.1/")?;
/// let log = RedisNonceLog::new(ConnectionManager::new(client).await?).prefix("shop:nonce:");
/// log.check_server().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RedisNonceLog<C> {
    link: Link<C>,
    prefix: String,
    max_entries_per_client: u64,
    max_entries_per_token: u64,
    skew: u64,
    /// What this process has reserved. A log with another prefix or other limits has reserved nothing.
    reserved: Reserved,
}

impl<C> RedisNonceLog<C> {
    /// Creates a log over `connection`, with the default limits.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use oauth1_signer::verify::RedisNonceLog;
    ///
    /// # async fn f(client: redis::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let log = RedisNonceLog::new(redis::aio::ConnectionManager::new(client).await?);
    /// # Ok(()) }
    /// ```
    pub fn new(connection: C) -> Self {
        Self {
            link: Link::new(connection),
            prefix: "oauth1:nonce:".into(),
            max_entries_per_client: 1_500_000,
            max_entries_per_token: 375_000,
            skew: 300,
            reserved: Reserved::default(),
        }
    }

    /// Sets the text that all keys of the log begin with.
    ///
    /// The default is `oauth1:nonce:`. Servers with the same prefix share a log. Do not use curly brackets in
    /// the prefix: they would decide which node of a cluster holds the log.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::verify::RedisNonceLog;
    /// # fn f<C>(log: RedisNonceLog<C>) {
    /// let log = log.prefix("shop:nonce:");
    /// # }
    /// ```
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self.reserved = Reserved::default();
        self
    }

    /// Sets the number of nonces that each client may use in a period.
    ///
    /// The default is 1,500,000. See [Sizing](#sizing).
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::verify::RedisNonceLog;
    /// # fn f<C>(log: RedisNonceLog<C>) {
    /// // A client sends at most 100 requests per second.
    /// let log = log.max_entries_per_client(100 * 901);
    /// # }
    /// ```
    #[must_use]
    pub fn max_entries_per_client(mut self, entries: u64) -> Self {
        self.max_entries_per_client = entries;
        self.reserved = Reserved::default();
        self
    }

    /// Sets the number of nonces that each client may use with one token in a period.
    ///
    /// The default is 375,000. See [Sizing](#sizing).
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::verify::RedisNonceLog;
    /// # fn f<C>(log: RedisNonceLog<C>) {
    /// // A user of an app sends at most 10 requests per second.
    /// let log = log.max_entries_per_token(10 * 901);
    /// # }
    /// ```
    #[must_use]
    pub fn max_entries_per_token(mut self, entries: u64) -> Self {
        self.max_entries_per_token = entries;
        self.reserved = Reserved::default();
        self
    }

    /// Sets by how many seconds the clocks of any two servers may differ.
    ///
    /// The default is 300. Add the seconds by which the clock of a server or of Redis may be set while it
    /// runs.
    ///
    /// # Security
    ///
    /// If the clocks differ by more, a server whose clock is behind can admit a request that another server
    /// has admitted. If the skew is at least the policy's window, you would notice that: a server that is
    /// behind by more than its window rejects every client whose clock is right.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::verify::RedisNonceLog;
    /// # fn f<C>(log: RedisNonceLog<C>) {
    /// let log = log.skew(60);
    /// # }
    /// ```
    #[must_use]
    pub fn skew(mut self, seconds: u64) -> Self {
        self.skew = seconds;
        self
    }

    /// Sets how many replicas must have received a nonce before its request is admitted.
    ///
    /// The default is 0. The log sends `WAIT` after the script, over the same connection and in the same
    /// round trip. If too few replicas confirm within [`time_limit`](Self::time_limit), the log returns an
    /// error, and the nonce counts as used. It does not work with a connection to Redis Cluster, which has no
    /// node to send `WAIT` to.
    ///
    /// The connection's own response timeout counts while Redis waits, too. A replica that has just connected
    /// takes up to a second for its first confirmation.
    ///
    /// While Redis waits, it does not run the next commands of this connection. Use a separate connection for
    /// the log.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::verify::RedisNonceLog;
    /// # fn f<C>(log: RedisNonceLog<C>) {
    /// let log = log.wait_for_replicas(1);
    /// # }
    /// ```
    #[must_use]
    pub fn wait_for_replicas(mut self, count: u32) -> Self {
        self.link.replicas = count;
        self
    }

    /// Sets how long a call waits for the response, including the time to connect.
    ///
    /// The default is one second. After that time the log returns an error: the nonce may be used or not, and
    /// the request is not admitted.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use oauth1_signer::verify::RedisNonceLog;
    /// # fn f<C>(log: RedisNonceLog<C>) {
    /// let log = log.time_limit(Duration::from_millis(700));
    /// # }
    /// ```
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.link.time_limit = limit;
        self
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisNonceLog<C> {
    /// Checks that Redis never evicts a nonce. Call it when your server starts.
    ///
    /// It reads `maxmemory_policy` from the response to `INFO memory`. In a cluster it checks every node
    /// that the connection asks.
    ///
    /// # Errors
    ///
    /// Returns [`RedisServerError::EvictionPolicy`] if the policy is not `noeviction`, and another error if
    /// the policy cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::verify::{RedisNonceLog, RedisServerError};
    /// # use redis::aio::ConnectionManager;
    /// # async fn f(log: RedisNonceLog<ConnectionManager>) -> Result<(), RedisServerError> {
    /// log.check_server().await?;
    /// # Ok(()) }
    /// ```
    pub async fn check_server(&self) -> Result<(), RedisServerError> {
        self.link.check_server().await
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> NonceLog for RedisNonceLog<C> {
    /// Returns the status of `nonce`, and inserts it if it is fresh.
    ///
    /// Await it in a tokio runtime with its timer enabled.
    fn check_and_insert<'a>(
        &'a self,
        nonce: Nonce<'a>,
        now: u64,
        expires: u64,
    ) -> BoxFuture<'a, Result<NonceStatus, BoxError>> {
        Box::pin(async move {
            if expires < now {
                return Ok(NonceStatus::Replayed);
            }
            let insertion = Insertion::new(&self.prefix, self.skew, &nonce, now, expires);
            self.link.in_time(self.insert(&insertion)).await
        })
    }
}

/// Shows neither the connection, which may contain a password, nor any part of a nonce.
impl<C> fmt::Debug for RedisNonceLog<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisNonceLog")
            .field("prefix", &self.prefix)
            .field("max_entries_per_client", &self.max_entries_per_client)
            .field("max_entries_per_token", &self.max_entries_per_token)
            .field("skew", &self.skew)
            .field("wait_for_replicas", &self.link.replicas)
            .field("time_limit", &self.link.time_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::RedisNonceLog;

    #[test]
    fn what_is_behind_the_connection_is_not_shown() {
        let client = redis::Client::open("redis://user:pass-word@127.0.0.1/").expect("a good URL");
        let shown = format!("{:?}", RedisNonceLog::new(client));
        assert!(!shown.contains("pass-word"), "{shown}");
        assert!(shown.contains("oauth1:nonce:"), "{shown}");
    }
}
