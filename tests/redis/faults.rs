//! A Redis that is gone, hangs, or is full: never is a nonce fresh, and no request waits for long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;
use oauth1_signer::verify::{
    ClientRecord, NonceLog, NonceStatus, Policy, RedisNonceLog, Rejection, VerifiedRequest,
};
use oauth1_signer::{ClientCredentials, Origin, RequestRef, Signer, Stamp};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use super::{NONCE, NOW, Nonce, ask, client, connection, in_time, log, of_number};
use crate::server::Redis;

/// For a log whose limit is this.
const LIMIT: Duration = Duration::from_millis(300);

/// What a busy machine may add to a limit.
const GRACE: Duration = Duration::from_secs(5);

/// A signed request that is proved, and asks to be admitted.
pub(crate) async fn admit(log: &impl NonceLog, nonce: &str) -> Result<VerifiedRequest, Rejection> {
    let policy = Policy::new(Origin::new("https://h").unwrap()).require_token(false).clock(|| Ok(NOW));
    let credentials = || ClientCredentials::new("c", "secret");
    let signer = Signer::builder(credentials()).build().unwrap();
    let stamp = Stamp::new(NOW, nonce).unwrap();
    let signed = signer.sign_with(RequestRef::new("GET", "https://h/").unwrap(), stamp).unwrap();
    let request =
        http::Request::get("/").header("host", "h").header("authorization", signed.to_header()).body(());
    let request = request.unwrap();
    let claim = policy.read(&request)?;
    in_time(claim.prove(Some(&ClientRecord::new(credentials()).unwrap()), None)?.admit(log)).await
}

/// An error, and in time.
async fn fails<C>(log: &RedisNonceLog<C>, nonce: Nonce<'_>) -> String
where
    C: redis::aio::ConnectionLike + Clone + Send + Sync + 'static,
{
    let start = Instant::now();
    let error = ask(log, nonce).await.unwrap_err();
    assert!(start.elapsed() < LIMIT + GRACE, "{:?}", start.elapsed());
    error
}

/// Tasks go on asking while the server is killed. What they ask after that is never fresh.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn killed_in_mid_run() {
    let mut redis = Redis::start(&[]);
    let log = log(&redis).await.time_limit(LIMIT);
    let is_killed = Arc::new(AtomicBool::new(false));
    let fresh_before = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let (log, is_killed, fresh_before) = (log.clone(), is_killed.clone(), fresh_before.clone());
            tokio::spawn(async move {
                let (mut number, mut failed, mut text) = (task, 0, String::new());
                while failed < 5 {
                    number += 8;
                    let was_killed = is_killed.load(Ordering::SeqCst);
                    let start = Instant::now();
                    let answer = ask(&log, of_number(number, &mut text)).await;
                    assert!(start.elapsed() < LIMIT + GRACE, "{:?}", start.elapsed());
                    match answer {
                        Ok(NonceStatus::Fresh) if !was_killed => {
                            fresh_before.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(_) => failed += 1,
                        answer => panic!("{answer:?}, killed: {was_killed}"),
                    }
                }
            })
        })
        .collect();
    while fresh_before.load(Ordering::Relaxed) < 500 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    redis.kill();
    is_killed.store(true, Ordering::SeqCst);
    for task in tasks {
        task.await.unwrap();
    }
    let rejection = admit(&log, "n").await.unwrap_err();
    assert_eq!(rejection.status(), StatusCode::SERVICE_UNAVAILABLE);
}

/// The manager connects again by itself. Without persistence, Redis has forgotten everything.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_restart_is_recovered_from() {
    let mut redis = Redis::start(&[]);
    let log = log(&redis).await.time_limit(LIMIT);
    assert_eq!(admit(&log, "n").await.unwrap().client_key(), "c");
    assert_eq!(admit(&log, "n").await.unwrap_err().status(), StatusCode::UNAUTHORIZED);
    redis.kill();
    fails(&log, NONCE).await;
    assert_eq!(admit(&log, "n").await.unwrap_err().status(), StatusCode::SERVICE_UNAVAILABLE);
    redis.restart();
    until_served(&log).await;
    assert_eq!(admit(&log, "n").await.unwrap().client_key(), "c");
    assert_eq!(admit(&log, "n").await.unwrap_err().status(), StatusCode::UNAUTHORIZED);
}

/// What the documentation says of `appendonly` and `appendfsync`.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn with_persistence_a_restart_forgets_nothing() {
    let mut redis = Redis::start(&["--appendonly", "yes", "--appendfsync", "always"]);
    let log = log(&redis).await.time_limit(LIMIT);
    let mut text = String::new();
    for number in 0..100 {
        assert_eq!(ask(&log, of_number(number, &mut text)).await, Ok(NonceStatus::Fresh));
    }
    redis.kill();
    redis.restart();
    until_served(&log).await;
    for number in 0..100 {
        assert_eq!(ask(&log, of_number(number, &mut text)).await, Ok(NonceStatus::Replayed));
    }
}

/// A bare connection does not come back, so it stays shut.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_connection_without_a_manager_stays_shut() {
    let mut redis = Redis::start(&[]);
    let log = RedisNonceLog::new(connection(&redis).await).time_limit(LIMIT);
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Fresh));
    redis.kill();
    fails(&log, NONCE).await;
    redis.restart();
    fails(&log, NONCE).await;
}

/// A server that hangs holds nobody up. What comes after gets its own answer, and not that of what was
/// given up.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_server_that_hangs() {
    let redis = Redis::start(&[]);
    // The log's limit alone: the connection has none.
    let config = ConnectionManagerConfig::new().set_response_timeout(None).set_connection_timeout(None);
    let manager = ConnectionManager::new_with_config(client(&redis), config).await.unwrap();
    let log = RedisNonceLog::new(manager).time_limit(LIMIT);
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Fresh));
    redis.stop();
    let given_up = Nonce { nonce: "given up", ..NONCE };
    let error = fails(&log, given_up).await;
    assert!(error.contains("300ms"), "{error}");
    assert_eq!(admit(&log, "n").await.unwrap_err().status(), StatusCode::SERVICE_UNAVAILABLE);
    redis.resume();
    until_served(&log).await;
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Replayed));
    // Redis has got them, late: they are used. Their clients sign again, with other nonces.
    assert_eq!(ask(&log, given_up).await, Ok(NonceStatus::Replayed));
    assert_eq!(admit(&log, "n").await.unwrap_err().status(), StatusCode::UNAUTHORIZED);
}

/// Nor does one that hangs before there is a connection to it.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_server_that_hangs_from_the_start() {
    let redis = Redis::start(&[]);
    redis.stop();
    let config = ConnectionManagerConfig::new().set_connection_timeout(None);
    let manager = ConnectionManager::new_lazy_with_config(client(&redis), config).unwrap();
    let log = RedisNonceLog::new(manager).time_limit(LIMIT);
    fails(&log, NONCE).await;
    fails(&log, NONCE).await;
    redis.resume();
    until_served(&log).await;
}

/// The connection's own limit, which is below that of the log: both by default.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn by_default_the_connection_gives_up_first() {
    let redis = Redis::start(&[]);
    let log = log(&redis).await;
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Fresh));
    redis.stop();
    let error = fails(&log, Nonce { nonce: "given up", ..NONCE }).await;
    assert!(!error.contains("did not respond within"), "{error}");
    redis.resume();
    until_served(&log).await;
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Replayed));
}

/// Without eviction, a Redis that is full says so, and what is in it stays.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_server_that_is_full() {
    const TOGETHER: usize = 100;
    let redis = Redis::start(&["--maxmemory", "5mb", "--maxmemory-policy", "noeviction"]);
    let log = log(&redis).await.time_limit(Duration::from_secs(30));
    let mut fresh = 0;
    let mut first_error = None;
    for start in (0..200_000).step_by(TOGETHER) {
        let tasks: Vec<_> = (start..start + TOGETHER)
            .map(|number| {
                let log = log.clone();
                tokio::spawn(async move { ask(&log, of_number(number, &mut String::new())).await })
            })
            .collect();
        for task in tasks {
            match task.await.unwrap() {
                Ok(NonceStatus::Fresh) => fresh += 1,
                Ok(other) => panic!("{other:?}"),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        if first_error.is_some() {
            break;
        }
    }
    let error = first_error.unwrap();
    assert!(error.contains("OOM"), "{error}");
    assert!(fresh > 1_000, "{fresh}");
    // What many calls took at once is free again. So it is filled up one by one.
    let mut text = String::new();
    let mut number = 1_000_000;
    while ask(&log, of_number(number, &mut text)).await == Ok(NonceStatus::Fresh) {
        number += 1;
        fresh += 1;
    }
    let rejection = admit(&log, "n").await.unwrap_err();
    assert_eq!(rejection.status(), StatusCode::SERVICE_UNAVAILABLE);
    let keys: usize = redis::cmd("DBSIZE").query_async(&mut connection(&redis).await).await.unwrap();
    assert_eq!(keys, fresh + 2, "none is forgotten, nor the counts of the client and of its token");
    // Those that were used are refused, in whatever way.
    for number in 0..100 {
        assert_ne!(ask(&log, of_number(number, &mut text)).await, Ok(NonceStatus::Fresh));
    }
}

/// Asks until there is an answer, with a nonce of its own each time; what it gets is right.
pub(crate) async fn until_served(log: &RedisNonceLog<ConnectionManager>) {
    let mut text = String::new();
    for number in 0..200 {
        let nonce = of_number(1_000_000 + number, &mut text);
        match ask(log, nonce).await {
            Ok(admission) => {
                assert_eq!(admission, NonceStatus::Fresh);
                assert_eq!(ask(log, nonce).await, Ok(NonceStatus::Replayed));
                return;
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    panic!("it is not served again");
}
