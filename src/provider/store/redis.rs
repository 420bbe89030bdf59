//! RFC 5849 §2.1–2.3: a store in Redis, for several servers.

mod scripts;
mod keys;
mod fields;
mod members;
mod verbs;
mod revoke;

use std::fmt;
use std::time::Duration;

use redis::aio::ConnectionLike;

use crate::boxed::{BoxError, BoxFuture};
use crate::redis::{Link, RedisServerError};

use super::super::grant::Grant;
use super::super::parts::Stage;
use super::{Revoke, Store};

use keys::Keys;

/// A store in Redis, for a provider of several processes or machines.
///
/// [`insert`](Store::insert), [`find`](Store::find) and [`advance`](Store::advance) are one command or script
/// each, which Redis runs as one step. If several servers advance the same grant at the same time, exactly one
/// of them gets `true`. If there is no connection, no response in time, or no room, a method returns an error,
/// and the client gets status 503.
///
/// # Connection
///
/// `C` is any asynchronous connection of the crate `redis` 1 with tokio: a `ConnectionManager`, a
/// `ClusterConnection`, each with TLS or without. Enable the features of that crate that you need. A bare
/// `MultiplexedConnection` does not connect again when Redis is back. Await all methods in a tokio runtime with
/// its timer enabled. Do not read from replicas: they lag behind.
///
/// # Redis server
///
/// - Redis 6.2 or newer.
/// - `maxmemory-policy` must be `noeviction`, the default of Redis. With any other, Redis drops access tokens
///   in use. Call [`check_server`](Self::check_server) when your server starts. When `maxmemory` is reached,
///   the store takes no new grants, but still approves, exchanges and revokes those that it has.
/// - A restart without persistence loses all grants. `appendonly yes` with `appendfsync always` loses nothing
///   that a method has confirmed, and with `everysec` one or two seconds.
/// - A failover loses what the replica had not received yet: access tokens that a client has received, and
///   revocations, so a revoked token is valid again. Set [`wait_for_replicas`](Self::wait_for_replicas), and
///   `min-replicas-to-write 1` in the configuration of Redis, so that a primary without a replica changes
///   nothing. `WAIT` makes a loss unlikely, not impossible: Redis may promote another replica.
/// - Redis Cluster: all grants of a store are in one hash slot and so on one node, because a request names
///   only its token, and a stage is changed in one step. The nonces of
///   [`RedisNonceLog`](crate::verify::RedisNonceLog) are spread over all nodes. While that slot is moved to
///   another node, Redis rejects scripts with several keys (`TRYAGAIN`), and methods return errors.
///
/// # Lost responses
///
/// If the connection breaks between a command and its response, the method returns an error, and the change
/// has happened or not. No token is issued twice: the client starts a new login. A connection that repeats
/// commands by itself, such as a cluster's, then finds the grant advanced and returns `false`.
///
/// # Limits
///
/// | limit | default | when it is reached |
/// |---|---|---|
/// | [`max_pending_per_client`](Self::max_pending_per_client) | 1,000 | this client gets no request token |
/// | [`max_tokens_per_user`](Self::max_tokens_per_user) | 10 | the user's oldest token of this client is revoked |
///
/// The limit for all grants together is Redis's `maxmemory`.
///
/// # Clocks
///
/// Redis drops a grant when it has expired, and [`skew`](Self::skew) later, because the clocks of servers
/// differ. The [`Issuer`](super::super::Issuer) rejects an expired grant by the clock of its own server.
///
/// # Examples
///
/// ```no_run
/// use oauth1_signer::provider::{Issuer, RedisStore};
/// use redis::aio::ConnectionManager;
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let client = redis::Client::open("redis://127.0.0.1/")?;
/// let store = RedisStore::new(ConnectionManager::new(client).await?).prefix("shop:grants");
/// store.check_server().await?;
/// let issuer = Issuer::new(store);
/// # drop(issuer);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RedisStore<C> {
    link: Link<C>,
    prefix: String,
    keys: Keys,
    max_pending_per_client: u64,
    max_tokens_per_user: u64,
    skew: u64,
}

impl<C> RedisStore<C> {
    /// Creates a store over `connection`, with the default limits.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use oauth1_signer::provider::RedisStore;
    ///
    /// # async fn f(client: redis::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let store = RedisStore::new(redis::aio::ConnectionManager::new(client).await?);
    /// # Ok(()) }
    /// ```
    pub fn new(connection: C) -> Self {
        let prefix = "oauth1:grants";
        Self {
            link: Link::new(connection),
            prefix: prefix.into(),
            keys: Keys::new(prefix),
            max_pending_per_client: 1_000,
            max_tokens_per_user: 10,
            skew: 300,
        }
    }

    /// Sets the name of the store, which all its keys begin with, in curly brackets.
    ///
    /// The default is `oauth1:grants`. Servers with the same prefix share a store. In a cluster, the prefix
    /// decides which node holds the store. It must contain neither `{` nor `}`, and must not be empty: such
    /// characters are replaced by `_`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::provider::RedisStore;
    /// # fn f<C>(store: RedisStore<C>) {
    /// let store = store.prefix("shop:grants");
    /// # }
    /// ```
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into().replace(['{', '}'], "_");
        if self.prefix.is_empty() {
            self.prefix.push('_');
        }
        self.keys = Keys::new(&self.prefix);
        self
    }

    /// Sets how many grants each client may have that are pending or approved; 1,000 by default.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::provider::RedisStore;
    /// # fn f<C>(store: RedisStore<C>) {
    /// let store = store.max_pending_per_client(10_000);
    /// # }
    /// ```
    #[must_use]
    pub fn max_pending_per_client(mut self, max: u64) -> Self {
        self.max_pending_per_client = max;
        self
    }

    /// Sets how many access tokens each client may have for each user; 10 by default.
    ///
    /// One more access token revokes the oldest one, right after the exchange. The exchange itself is not
    /// rejected, since the user has approved it. A value of 0 means 1.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::provider::RedisStore;
    /// # fn f<C>(store: RedisStore<C>) {
    /// let store = store.max_tokens_per_user(3);
    /// # }
    /// ```
    #[must_use]
    pub fn max_tokens_per_user(mut self, max: u64) -> Self {
        self.max_tokens_per_user = max.max(1);
        self
    }

    /// Sets by how many seconds the clocks of any two servers may differ; 300 by default.
    ///
    /// Redis keeps a grant for so many seconds after it has expired. Add the seconds by which the clock of a
    /// server or of Redis may be set while it runs.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::provider::RedisStore;
    /// # fn f<C>(store: RedisStore<C>) {
    /// let store = store.skew(60);
    /// # }
    /// ```
    #[must_use]
    pub fn skew(mut self, seconds: u64) -> Self {
        self.skew = seconds;
        self
    }

    /// Sets how many replicas must have received a change before it is confirmed; 0 by default.
    ///
    /// The store sends `WAIT` after each script, over the same connection and in the same round trip. If too
    /// few replicas confirm within [`time_limit`](Self::time_limit), the method returns an error, and the
    /// change has happened on the primary. It does not work with a connection to Redis Cluster, which has no
    /// node to send `WAIT` to.
    ///
    /// While Redis waits, it does not run the next commands of this connection. Use a separate connection for
    /// the store.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::provider::RedisStore;
    /// # fn f<C>(store: RedisStore<C>) {
    /// let store = store.wait_for_replicas(1);
    /// # }
    /// ```
    #[must_use]
    pub fn wait_for_replicas(mut self, count: u32) -> Self {
        self.link.replicas = count;
        self
    }

    /// Sets how long a method waits for each response of Redis; one second by default.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::provider::RedisStore;
    /// # fn f<C>(store: RedisStore<C>) {
    /// let store = store.time_limit(std::time::Duration::from_millis(700));
    /// # }
    /// ```
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.link.time_limit = limit;
        self
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// Checks that Redis never evicts a grant. Call it when your server starts.
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
    /// # use oauth1_signer::provider::{RedisServerError, RedisStore};
    /// # use redis::aio::ConnectionManager;
    /// # async fn f(store: RedisStore<ConnectionManager>) -> Result<(), RedisServerError> {
    /// store.check_server().await?;
    /// # Ok(()) }
    /// ```
    pub async fn check_server(&self) -> Result<(), RedisServerError> {
        self.link.check_server().await
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> Store for RedisStore<C> {
    fn insert(&self, grant: Grant, now: u64) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(self.insert_grant(grant, now))
    }

    fn find<'a>(&'a self, stage: Stage, token: &'a str) -> BoxFuture<'a, Result<Option<Grant>, BoxError>> {
        Box::pin(self.find_grant(stage, token))
    }

    fn advance<'a>(
        &'a self,
        from: Stage,
        token: &'a str,
        to: Grant,
        now: u64,
    ) -> BoxFuture<'a, Result<bool, BoxError>> {
        Box::pin(self.advance_grant(from, token, to, now))
    }

    fn revoke<'a>(&'a self, what: Revoke<'a>) -> BoxFuture<'a, Result<u64, BoxError>> {
        Box::pin(self.revoke_grants(what))
    }

    fn grants_of_user<'a>(
        &'a self,
        user: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Grant>, BoxError>> {
        Box::pin(self.tokens_of_user(user, limit))
    }
}

/// Does not show the connection, which may contain a password.
impl<C> fmt::Debug for RedisStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .field("max_pending_per_client", &self.max_pending_per_client)
            .field("max_tokens_per_user", &self.max_tokens_per_user)
            .field("skew", &self.skew)
            .field("wait_for_replicas", &self.link.replicas)
            .field("time_limit", &self.link.time_limit)
            .finish_non_exhaustive()
    }
}
