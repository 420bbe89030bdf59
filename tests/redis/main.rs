//! The nonce log and the store in Redis, against real ones that are started here, killed, stopped, cut off and
//! filled up: alone, as a cluster, over TLS.
//!
//! `cargo test --all-features --test redis -- --ignored`, with `redis-server` on the path, or named by
//! `REDIS_SERVER`.
#![cfg(all(feature = "redis", feature = "conformance"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

mod cluster;
mod failover;
mod faults;
mod grants;
mod lost;
mod proxy;
mod server;
mod shares;
mod throughput;
mod tls;

use std::time::Duration;

use oauth1_signer::verify::{Nonce, NonceLog, NonceStatus, RedisNonceLog};
use redis::AsyncCommands;
use redis::aio::{ConnectionLike, ConnectionManager, MultiplexedConnection};
use server::Redis;

const NOW: u64 = 1_700_000_000;
const WINDOW: u64 = 300;
const NONCE: Nonce<'_> = Nonce { client_key: "ab", token: Some("cd"), timestamp: NOW, nonce: "ef" };

async fn ask<C>(log: &RedisNonceLog<C>, nonce: Nonce<'_>) -> Result<NonceStatus, String>
where
    C: ConnectionLike + Clone + Send + Sync,
{
    let answer = in_time(log.check_and_insert(nonce, NOW, nonce.timestamp + WINDOW)).await;
    answer.map_err(|error| error.to_string())
}

/// No test hangs, whatever is wrong.
async fn in_time<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(40), future).await.unwrap()
}

fn client(redis: &Redis) -> redis::Client {
    redis::Client::open(redis.url()).unwrap()
}

async fn connection(redis: &Redis) -> MultiplexedConnection {
    client(redis).get_multiplexed_async_connection().await.unwrap()
}

async fn log(redis: &Redis) -> RedisNonceLog<ConnectionManager> {
    RedisNonceLog::new(ConnectionManager::new(client(redis)).await.unwrap())
}

/// No two nonces of these are the same.
fn of_number(number: usize, text: &mut String) -> Nonce<'_> {
    *text = number.to_string();
    Nonce { nonce: text, ..NONCE }
}

/// The keys of nonces, without those of counts: after the client's digest, they are hexadecimal.
async fn nonces(connection: &mut MultiplexedConnection, prefix: &str) -> Vec<String> {
    connection.keys(format!("{prefix}*}}[0-9a-f]*")).await.unwrap()
}

#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn each_is_fresh_once() {
    let redis = Redis::start(&[]);
    let log = log(&redis).await;
    let all = [
        NONCE,
        Nonce { client_key: "abc", token: Some("d"), ..NONCE },
        Nonce { token: Some("cde"), nonce: "f", ..NONCE },
        Nonce { token: Some(""), ..NONCE },
        Nonce { token: None, ..NONCE },
        Nonce { timestamp: NOW + 1, ..NONCE },
        Nonce { nonce: "eF", ..NONCE },
    ];
    for wanted in [NonceStatus::Fresh, NonceStatus::Replayed, NonceStatus::Replayed] {
        for nonce in all {
            assert_eq!(ask(&log, nonce).await, Ok(wanted), "{nonce:?}");
        }
    }
    let past = Nonce { timestamp: NOW - WINDOW - 1, ..NONCE };
    assert_eq!(ask(&log, past).await, Ok(NonceStatus::Replayed));
    assert_eq!(nonces(&mut connection(&redis).await, "").await.len(), all.len());

    // One command each: a script that is sent in full once, and then called by its digest; or a `SET`, where
    // room was reserved.
    let statistics: String =
        redis::cmd("INFO").arg("commandstats").query_async(&mut connection(&redis).await).await.unwrap();
    let calls = |name: &str, count: usize| statistics.contains(&format!("cmdstat_{name}:calls={count},"));
    assert!(calls("evalsha", 3 * all.len()) && calls("eval", 1), "{statistics}");
}

/// Until the window is over, and the skew, and no longer.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn each_lives_until_no_clock_admits_it() {
    let redis = Redis::start(&[]);
    let mut connection = connection(&redis).await;
    for (skew, timestamp) in [(0, NOW - WINDOW), (0, NOW), (0, NOW + WINDOW), (7, NOW), (300, NOW + 5)] {
        let prefix = format!("{skew}-{timestamp}:");
        let log = RedisNonceLog::new(connection.clone()).prefix(&prefix).skew(skew);
        assert_eq!(ask(&log, Nonce { timestamp, ..NONCE }).await, Ok(NonceStatus::Fresh));
        let keys = nonces(&mut connection, &prefix).await;
        let [key] = &keys[..] else { panic!("{keys:?}") };
        let lives: u64 = connection.pttl(key).await.unwrap();
        let wanted = (timestamp + WINDOW - NOW + 1 + skew) * 1_000;
        // It has lived for a moment already.
        assert!((wanted.saturating_sub(10_000)..=wanted).contains(&lives), "{lives} of {wanted}");
    }
    // By default the skew is 300 seconds.
    let log = RedisNonceLog::new(connection.clone()).prefix("default:");
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Fresh));
    let keys = nonces(&mut connection, "default:").await;
    let lives: u64 = connection.pttl(&keys[0]).await.unwrap();
    assert!((591_000..=601_000).contains(&lives), "{lives}");
    // A window without end is one that Redis takes.
    let for_ever = log.check_and_insert(Nonce { nonce: "for ever", ..NONCE }, NOW, u64::MAX).await;
    assert_eq!(for_ever.unwrap(), NonceStatus::Fresh);
}

/// Its life over, a key goes: Redis does not fill up.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn what_has_expired_is_gone() {
    let redis = Redis::start(&[]);
    let mut connection = connection(&redis).await;
    let log = RedisNonceLog::new(connection.clone()).skew(0);
    let past = Nonce { timestamp: NOW - WINDOW, ..NONCE };
    assert_eq!(ask(&log, past).await, Ok(NonceStatus::Fresh));
    let keys = nonces(&mut connection, "").await;
    for _ in 0..100 {
        if !connection.exists::<_, bool>(&keys[0]).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it had a second to live");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn of_64_tasks_one_is_fresh() {
    let redis = Redis::start(&[]);
    let logs = [log(&redis).await, log(&redis).await];
    for round in 0..50 {
        let tasks: Vec<_> = (0..64)
            .map(|task| {
                let log = logs[task % 2].clone();
                tokio::spawn(async move { ask(&log, of_number(round, &mut String::new())).await })
            })
            .collect();
        let mut fresh = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(NonceStatus::Fresh) => fresh += 1,
                Ok(NonceStatus::Replayed) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(fresh, 1, "round {round}");
    }
}

/// By its prefix, one Redis holds the logs of several services.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn logs_of_different_prefixes_are_apart() {
    let redis = Redis::start(&[]);
    let log = log(&redis).await;
    let other = log.clone().prefix("other:");
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Fresh));
    assert_eq!(ask(&other, NONCE).await, Ok(NonceStatus::Fresh));
    assert_eq!(ask(&other, NONCE).await, Ok(NonceStatus::Replayed));
}
