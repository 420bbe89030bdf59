//! RFC 5849 §3.3: nonces in Redis, for servers that are several.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::aio::ConnectionLike;
use redis::{Cmd, Value};
use sha2::{Digest, Sha256};

use super::{Nonce, NonceLog, NonceStatus};

/// A nonce log in Redis: for a server that is several processes or machines.
///
/// It asks by one command, `SET key 1 NX PX milliseconds`: of all who bring the same nonce at the same
/// time, Redis tells one that it was not there. Whatever else happens (no connection, no answer in
/// time, no memory left) is an error, which [`Proof::admit`](crate::verify::Proof::admit) answers with
/// 503: it fails closed.
///
/// ```no_run
/// use oauth1_signer::verify::RedisNonceLog;
/// use redis::aio::ConnectionManager;
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let client = redis::Client::open("redis://127.0.0.1/")?;
/// let log = RedisNonceLog::new(ConnectionManager::new(client).await?).prefix("shop:nonce:");
/// # Ok(()) }
/// ```
///
/// # The connection
///
/// Any of the crate `redis` 1 with tokio, with features of your choice there: `connection-manager`,
/// `cluster-async`, TLS. A `ConnectionManager` connects again when Redis is back; a bare
/// `MultiplexedConnection` does not, and then every request is refused. Its own limits
/// (`ConnectionManagerConfig::set_response_timeout`, half a second by default) should be below that of
/// the log: it gives up a connection only by its own. No command is sent twice by the log; where a
/// connection does so, the worst is that a fresh nonce is taken for a replayed one.
///
/// # Redis
///
/// - `maxmemory-policy` must be `noeviction`, its default. Any other makes Redis forget nonces that can
///   still be replayed, and nobody is told. With `noeviction` a Redis that is full answers with an
///   error.
/// - What Redis forgets can be replayed for as long as its timestamp is admitted: after a restart
///   without persistence (`appendonly yes` with `appendfsync always` loses nothing, `everysec` one or
///   two seconds), or after a failover to a replica that has not had all of it.
/// - One nonce takes 130 bytes there (Redis 7.0), or some more by the length of the prefix.
///
/// # Clocks
///
/// The servers have clocks of their own. A nonce that one of them has admitted may be brought to another
/// whose clock is behind, and which admits its timestamp for longer. So it is remembered until the
/// timestamp is out of the window, and for [`skew`](Self::skew) beyond. All servers must have the same
/// window ([`Policy::window`](crate::verify::Policy::window)).
#[derive(Clone)]
pub struct RedisNonceLog<C> {
    connection: C,
    prefix: String,
    skew: u64,
    time_limit: Duration,
}

impl<C> RedisNonceLog<C> {
    /// A log over a connection.
    pub fn new(connection: C) -> Self {
        Self { connection, prefix: "oauth1:nonce:".into(), skew: 300, time_limit: Duration::from_secs(1) }
    }

    /// What its keys begin with; `oauth1:nonce:` by default. Servers share the log if they have the same.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How far the clocks of any two servers may be apart, in seconds, and how far one of them, or that
    /// of Redis, may be set while it runs, all added up; 300 by default.
    ///
    /// Beyond that, a server whose clock is behind admits again what another has admitted. The default
    /// is that of the policy's window: a server that is further behind than its window refuses every
    /// client whose clock is right, which does not go unnoticed.
    #[must_use]
    pub fn skew(mut self, seconds: u64) -> Self {
        self.skew = seconds;
        self
    }

    /// How long to wait for an answer, a connection included; one second by default. Then it is an
    /// error: the nonce may be used by then or not, and the request is not admitted.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    fn command(&self, nonce: &Nonce<'_>, now: u64, expires: u64) -> Cmd {
        let mut command = Cmd::new();
        command.arg("SET").arg(key(&self.prefix, nonce)).arg(1).arg("NX");
        command.arg("PX").arg(lifetime(now, expires, self.skew));
        command
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> NonceLog for RedisNonceLog<C> {
    /// To be awaited in a runtime of tokio that has its timer enabled.
    async fn check_and_insert(
        &self,
        nonce: Nonce<'_>,
        now: u64,
        expires: u64,
    ) -> Result<NonceStatus, Box<dyn Error + Send + Sync>> {
        if expires < now {
            return Ok(NonceStatus::Replayed);
        }
        let command = self.command(&nonce, now, expires);
        // A handle of the connection: they all send over one.
        let mut connection = self.connection.clone();
        match tokio::time::timeout(self.time_limit, connection.req_packed_command(&command)).await {
            // With NX, nil says that the key is there.
            Ok(Ok(Value::Okay)) => Ok(NonceStatus::Fresh),
            Ok(Ok(Value::Nil)) => Ok(NonceStatus::Replayed),
            Ok(Ok(Value::ServerError(error))) => Err(Box::new(redis::RedisError::from(error))),
            Ok(Ok(_)) => Err("Redis answered SET by something else than OK or nil".into()),
            Ok(Err(error)) => Err(Box::new(error)),
            Err(_) => Err(format!("Redis did not answer within {:?}", self.time_limit).into()),
        }
    }
}

/// Neither the connection, which may know a password, nor anything of a nonce.
impl<C> fmt::Debug for RedisNonceLog<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisNonceLog")
            .field("prefix", &self.prefix)
            .field("skew", &self.skew)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}

/// The same on every machine, so it has no key that each would have to be given. None is needed: to
/// use up another's nonce takes a second preimage of 128 bits, before it is used; who makes two of his
/// own alike has one of them refused.
fn key(prefix: &str, nonce: &Nonce<'_>) -> String {
    let Nonce { client_key, token, timestamp, nonce } = nonce;
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        // usize has 64 bits at most.
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    part(client_key);
    part(nonce);
    part(token.unwrap_or_default());
    // No token is not an empty one.
    hash.update([u8::from(token.is_some())]);
    hash.update(timestamp.to_be_bytes());
    let digest = hash.finalize();
    let mut key = prefix.to_owned();
    URL_SAFE_NO_PAD.encode_string(&digest[..16], &mut key);
    key
}

/// How long to remember, in milliseconds.
///
/// `expires` is admitted until its second is over, which is the one second more. `now` is its second's
/// start, and Redis counts from when it gets the command: both add to it.
fn lifetime(now: u64, expires: u64, skew: u64) -> u64 {
    let seconds = expires.saturating_sub(now).saturating_add(1).saturating_add(skew);
    // Redis adds its own time to it, and takes no sum beyond 63 bits. That is for ever all the same.
    seconds.saturating_mul(1_000).min(u64::MAX >> 2)
}

#[cfg(test)]
mod tests {
    use super::{Nonce, RedisNonceLog, key, lifetime};

    const NONCE: Nonce<'_> = Nonce { client_key: "ab", token: Some("cd"), timestamp: 7, nonce: "ef" };

    /// Another version of this crate, or another machine, must find the same.
    #[test]
    fn keys_are_the_same_for_ever() {
        assert_eq!(key("p:", &NONCE), "p:W9TDXoV0SXSPwemskEQCpQ");
        assert_eq!(key("", &Nonce { token: None, ..NONCE }), "Y0nMvzrgP1jWPcIKCm9yzg");
    }

    #[test]
    fn no_two_nonces_have_one_key() {
        let nonces = [
            NONCE,
            Nonce { client_key: "a", nonce: "bef", ..NONCE },
            Nonce { client_key: "abe", nonce: "f", ..NONCE },
            Nonce { client_key: "abc", token: Some("d"), ..NONCE },
            Nonce { token: Some("c"), nonce: "def", ..NONCE },
            Nonce { token: Some(""), ..NONCE },
            Nonce { token: None, ..NONCE },
            Nonce { timestamp: 8, ..NONCE },
            Nonce { nonce: "eF", ..NONCE },
        ];
        let mut keys: Vec<_> = nonces.iter().map(|nonce| key("", nonce)).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), nonces.len());
    }

    /// §3.3's replay, at another machine: at no time does one that is behind by the skew still admit
    /// the timestamp, and Redis has forgotten it. Times are the first machine's, in milliseconds.
    #[test]
    fn machines_within_the_skew_admit_nothing_that_is_forgotten() {
        const WINDOW: u64 = 30;
        for skew in [0, 1, 5, 60] {
            for timestamp in 1_000..1_000 + WINDOW {
                let expires = timestamp + WINDOW;
                for now in timestamp - WINDOW..=expires {
                    // It cannot be asked earlier than at the start of its second.
                    let forgotten = now * 1_000 + lifetime(now, expires, skew);
                    let of_the_other = forgotten / 1_000 - skew;
                    assert!(of_the_other > expires, "{skew} {timestamp} {now}");
                }
            }
        }
    }

    #[test]
    fn the_longest_lifetime_is_one_that_redis_takes() {
        assert_eq!(lifetime(0, u64::MAX, u64::MAX), u64::MAX >> 2);
        assert_eq!(lifetime(10, 10, 0), 1_000);
    }

    #[test]
    fn what_is_behind_the_connection_is_not_shown() {
        let client = redis::Client::open("redis://user:pass-word@127.0.0.1/").expect("a good URL");
        let shown = format!("{:?}", RedisNonceLog::new(client));
        assert!(!shown.contains("pass-word"), "{shown}");
        assert!(shown.contains("oauth1:nonce:"), "{shown}");
    }
}
