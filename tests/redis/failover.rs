//! A primary that is lost, and its replica that takes over.

use std::time::Duration;

use http::StatusCode;
use oauth1_signer::verify::{Nonce, NonceStatus, RedisNonceLog};
use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};

use super::faults::{admit, until_served};
use super::{NONCE, ask, client, connection, log, of_number};
use crate::server::Redis;

/// As short as a busy machine allows.
const LIMIT: Duration = Duration::from_millis(700);

/// A primary that takes nothing without a replica, and its replica.
async fn pair() -> (Redis, Redis) {
    let primary = Redis::start(&["--min-replicas-to-write", "1", "--repl-diskless-sync-delay", "0"]);
    let port = primary.port().to_string();
    let replica = Redis::start(&["--replicaof", "127.0.0.1", &port]);
    let mut connection = connection(&primary).await;
    for _ in 0..400 {
        let information = information(&mut connection).await;
        if information.contains("state=online") && information.contains("min_slaves_good_slaves:1") {
            // Redis sends a new replica nothing until it has confirmed once, up to a second later.
            let mut both = redis::pipe();
            both.cmd("SET").arg("ready").arg(1).ignore().cmd("WAIT").arg(1).arg(400);
            if let Ok((1,)) = both.query_async::<(u32,)>(&mut connection).await {
                return (primary, replica);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the replica does not come");
}

async fn information(connection: &mut MultiplexedConnection) -> String {
    redis::cmd("INFO").arg("replication").query_async(connection).await.unwrap()
}

/// A log over a connection that has no time limit of its own.
async fn patient_log(redis: &Redis) -> RedisNonceLog<ConnectionManager> {
    let config = ConnectionManagerConfig::new().set_response_timeout(None);
    let manager = ConnectionManager::new_with_config(client(redis), config).await.unwrap();
    RedisNonceLog::new(manager).time_limit(Duration::from_secs(20))
}

async fn promote(replica: &Redis) {
    let mut command = redis::cmd("REPLICAOF");
    command.arg("NO").arg("ONE");
    command.exec_async(&mut connection(replica).await).await.unwrap();
}

/// Every nonce that was fresh has reached the replica before its request was admitted.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn with_wait_for_replicas_a_failover_forgets_nothing() {
    let (mut primary, replica) = pair().await;
    let before = patient_log(&primary).await.wait_for_replicas(1);
    let mut text = String::new();
    for number in 0..100 {
        assert_eq!(ask(&before, of_number(number, &mut text)).await, Ok(NonceStatus::Fresh));
    }
    primary.kill();
    promote(&replica).await;
    // The new primary has no replica, so a log that waits for one admits nobody.
    let after = patient_log(&replica).await;
    for number in 0..100 {
        assert_eq!(ask(&after, of_number(number, &mut text)).await, Ok(NonceStatus::Replayed));
    }
    assert_eq!(ask(&after, of_number(100, &mut text)).await, Ok(NonceStatus::Fresh));
}

/// The replica hangs: without a confirmation no nonce is fresh.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_replica_that_does_not_confirm_admits_nobody() {
    let (primary, replica) = pair().await;
    let hasty = log(&primary).await;
    let careful = patient_log(&primary).await.wait_for_replicas(1).time_limit(LIMIT);
    replica.stop();
    assert!(ask(&careful, NONCE).await.is_err());
    let rejection = admit(&careful, "n").await.unwrap_err();
    assert_eq!(rejection.status(), StatusCode::SERVICE_UNAVAILABLE);
    // It is used all the same.
    assert_eq!(ask(&hasty, NONCE).await, Ok(NonceStatus::Replayed));
    replica.resume();
    until_served(&careful).await;
}

/// `min-replicas-to-write`: a primary that has lost its replica takes no nonces.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_primary_without_replicas_admits_nobody() {
    let (primary, mut replica) = pair().await;
    let log = log(&primary).await;
    assert_eq!(ask(&log, NONCE).await, Ok(NonceStatus::Fresh));
    replica.kill();
    let mut connection = connection(&primary).await;
    for _ in 0..400 {
        if information(&mut connection).await.contains("min_slaves_good_slaves:0") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let error = ask(&log, Nonce { nonce: "new", ..NONCE }).await.unwrap_err();
    assert!(error.contains("NOREPLICAS"), "{error}");
    let rejection = admit(&log, "n").await.unwrap_err();
    assert_eq!(rejection.status(), StatusCode::SERVICE_UNAVAILABLE);
}
