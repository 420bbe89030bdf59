//! A cluster of three nodes, which this test starts.

use std::time::Duration;

use oauth1_signer::verify::{Nonce, NonceStatus, RedisNonceLog};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;

use super::grants::check_all;
use super::{NONCE, ask, connection};
use crate::server::Redis;

/// Starts three nodes, each with a third of the slots.
async fn start() -> (Vec<Redis>, ClusterConnection) {
    let arguments = ["--cluster-enabled", "yes", "--cluster-node-timeout", "20000"];
    let nodes: Vec<_> = (0..3).map(|_| Redis::start_node(&arguments)).collect();
    for (number, node) in nodes.iter().enumerate() {
        let mut connection = connection(node).await;
        let slots = [0..=5460, 5461..=10922, 10923..=16383];
        let mut command = redis::cmd("CLUSTER");
        command.arg("ADDSLOTS");
        command.arg(slots[number].clone().collect::<Vec<u16>>());
        command.exec_async(&mut connection).await.unwrap();
        let mut command = redis::cmd("CLUSTER");
        command.arg("SET-CONFIG-EPOCH").arg(number + 1).exec_async(&mut connection).await.unwrap();
        for other in &nodes[..number] {
            let mut command = redis::cmd("CLUSTER");
            command.arg("MEET").arg("127.0.0.1").arg(other.port());
            command.exec_async(&mut connection).await.unwrap();
        }
    }
    for node in &nodes {
        let mut connection = connection(node).await;
        for tries in 0.. {
            let state: String = redis::cmd("CLUSTER").arg("INFO").query_async(&mut connection).await.unwrap();
            if state.contains("cluster_state:ok") && state.contains("cluster_known_nodes:3") {
                break;
            }
            assert!(tries < 400, "{state}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let client = ClusterClient::new(nodes.iter().map(Redis::url)).unwrap();
    let connection = client.get_async_connection().await.unwrap();
    (nodes, connection)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_cluster_keeps_the_rules_of_a_store() {
    let (_nodes, connection) = start().await;
    check_all(connection).await;
}

/// Calls of several clients at the same time cannot share a script here.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn on_a_cluster_each_nonce_is_fresh_once() {
    let (nodes, connection) = start().await;
    let log = RedisNonceLog::new(connection).time_limit(Duration::from_secs(20));
    log.check_server().await.unwrap();
    for wanted in [NonceStatus::Fresh, NonceStatus::Replayed] {
        let tasks: Vec<_> = (0..640)
            .map(|number: usize| {
                let log = log.clone();
                tokio::spawn(async move {
                    let (client_key, nonce) = (format!("client {}", number % 64), number.to_string());
                    ask(&log, Nonce { client_key: &client_key, nonce: &nonce, ..NONCE }).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), Ok(wanted));
        }
    }
    for node in &nodes {
        let mut connection = super::connection(node).await;
        let keys: usize = redis::cmd("DBSIZE").query_async(&mut connection).await.unwrap();
        assert!(keys > 100, "all nodes have some: {keys}");
    }
}
