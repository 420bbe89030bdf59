//! Shares in Redis, its nodes, and the operator's check.

use std::error::Error;

use oauth1_signer::verify::{Nonce, NonceStatus, RedisNonceLog, RedisServerError};
use redis::AsyncCommands;

use super::{NONCE, WINDOW, ask, connection, log, nonces};
use crate::server::Redis;

async fn flood<C>(log: &RedisNonceLog<C>, client_key: &str, token: Option<&str>) -> usize
where
    C: redis::aio::ConnectionLike + Clone + Send + Sync + 'static,
{
    for number in 0.. {
        let nonce = Nonce { client_key, token, nonce: &number.to_string(), ..NONCE };
        match ask(log, nonce).await.unwrap() {
            NonceStatus::Fresh => {}
            NonceStatus::Full => return number,
            status => panic!("{status:?}"),
        }
    }
    unreachable!()
}

#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_flood_leaves_room_for_others() {
    let redis = Redis::start(&[]);
    let log = log(&redis).await.max_entries_per_client(50).max_entries_per_token(20);
    assert_eq!(flood(&log, "app", Some("greedy")).await, 20);
    let used = Nonce { client_key: "app", token: Some("greedy"), nonce: "5", ..NONCE };
    assert_eq!(ask(&log, used).await, Ok(NonceStatus::Replayed));
    assert_eq!(flood(&log, "app", None).await, 20);
    assert_eq!(flood(&log, "app", Some("")).await, 10, "the client's share is 50");
    assert_eq!(flood(&log, "other", Some("greedy")).await, 20);
    let mut connection = connection(&redis).await;
    assert_eq!(nonces(&mut connection, "").await.len(), 70);

    // Each count lives for a period, and nothing in Redis lives for ever.
    let keys: Vec<String> = connection.keys("*").await.unwrap();
    assert_eq!(keys.len(), 70 + 2 + 4);
    for key in keys {
        let lives: u64 = connection.pttl(&key).await.unwrap();
        assert!(lives <= (2 * WINDOW + 300 + 1) * 1_000, "{key}: {lives}");
    }
}

/// With a window and a skew of nothing a period is one second.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_share_comes_back() {
    use oauth1_signer::verify::NonceLog;

    let redis = Redis::start(&[]);
    let log = log(&redis).await.skew(0).max_entries_per_token(1);
    let ask = async |nonce| {
        let nonce = Nonce { nonce, ..NONCE };
        log.check_and_insert(nonce, NONCE.timestamp, NONCE.timestamp).await.unwrap()
    };
    assert_eq!(ask("1").await, NonceStatus::Fresh);
    assert_eq!(ask("2").await, NonceStatus::Full);
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    assert_eq!(ask("2").await, NonceStatus::Fresh);
}

/// A node of a cluster takes no command whose keys are in two slots.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn the_keys_of_a_client_are_in_one_slot_of_a_cluster() {
    let redis = Redis::start(&["--cluster-enabled", "yes"]);
    let mut connection = connection(&redis).await;
    let () = redis::cmd("CLUSTER")
        .arg("ADDSLOTSRANGE")
        .arg(0)
        .arg(16_383)
        .query_async(&mut connection)
        .await
        .unwrap();
    let log = RedisNonceLog::new(connection.clone());
    for _ in 0..200 {
        match ask(&log, NONCE).await {
            // The node has not seen yet that it is complete.
            Err(error) if error.contains("ClusterDown") => {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            status => {
                assert_eq!(status, Ok(NonceStatus::Fresh));
                break;
            }
        }
    }
    for client_key in ["a", "b", "c", "d"] {
        let nonce = Nonce { client_key, ..NONCE };
        assert_eq!(ask(&log, nonce).await, Ok(NonceStatus::Fresh));
        assert_eq!(ask(&log, nonce).await, Ok(NonceStatus::Replayed));
    }
    let crossing = redis::cmd("MGET").arg("a").arg("b").exec_async(&mut connection).await.unwrap_err();
    assert_eq!(crossing.code(), Some("CROSSSLOT"));
}

#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_server_that_evicts_does_not_pass_the_check() {
    let redis = Redis::start(&[]);
    let log = log(&redis).await;
    log.check_server().await.unwrap();
    let mut connection = connection(&redis).await;
    for policy in ["allkeys-lru", "volatile-ttl", "volatile-lru", "allkeys-random"] {
        let mut set = redis::cmd("CONFIG");
        set.arg("SET").arg("maxmemory-policy").arg(policy);
        set.exec_async(&mut connection).await.unwrap();
        let error = log.check_server().await.unwrap_err();
        assert!(matches!(&error, RedisServerError::EvictionPolicy { policy: found } if found == policy));
        assert!(error.to_string().contains("set `noeviction`"), "{error}");
    }
    // A user who may not ask.
    let mut deny = redis::cmd("ACL");
    deny.arg("SETUSER").arg("default").arg("-info");
    deny.exec_async(&mut connection).await.unwrap();
    let error = log.check_server().await.unwrap_err();
    assert!(matches!(error, RedisServerError::Failed(_)), "{error:?}");
    assert!(error.source().unwrap().to_string().contains("NoPerm"), "{error:?}");
}

#[cfg(feature = "conformance")]
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn it_keeps_the_rules_of_every_log() {
    use oauth1_signer::verify::conformance::{NonceShares, check_nonce_log, check_nonce_shares};

    let redis = Redis::start(&[]);
    let log = log(&redis).await;
    check_nonce_log(&log).await.unwrap();
    check_nonce_log(&log).await.unwrap();
    let shares = NonceShares { max_entries_per_client: 50, max_entries_per_token: 20 };
    let log = log.max_entries_per_client(50).max_entries_per_token(20);
    check_nonce_shares(&log, shares).await.unwrap();
}
