//! The store in Redis: the rules of a store, its limits, and what is left in Redis.

use std::sync::atomic::{AtomicUsize, Ordering};

use oauth1_signer::TokenCredentials;
use oauth1_signer::provider::conformance::{check_share, check_store};
use oauth1_signer::provider::{Grant, GrantParts, RedisServerError, RedisStore, Revoke, Stage, Store};
use redis::AsyncCommands;
use redis::aio::{ConnectionLike, ConnectionManager};

use super::{NOW, client, connection};
use crate::server::Redis;

/// The rules of a store, each in one of another name.
pub(crate) async fn check_all<C>(connection: C)
where
    C: ConnectionLike + Clone + Send + Sync + 'static,
{
    let number = AtomicUsize::new(0);
    let limit = std::time::Duration::from_secs(10);
    let named = || format!("store {}", number.fetch_add(1, Ordering::Relaxed));
    let make = || RedisStore::new(connection.clone()).prefix(named()).time_limit(limit);
    check_store(async || Ok(make().max_tokens_per_user(20))).await.unwrap();
    check_share(&make().max_pending_per_client(50), 50).await.unwrap();
}

pub(crate) fn grant(stage: Stage, token: &str, client_key: &str, user: &str, expires: Option<u64>) -> Grant {
    let has_user = matches!(stage, Stage::Approved | Stage::Exchanged);
    Grant::from_parts(GrantParts {
        stage,
        credentials: TokenCredentials::new(token, format!("secret of {token}")),
        client_key: client_key.into(),
        callback: None,
        verifier: (stage == Stage::Approved).then(|| "code".into()),
        user: has_user.then(|| user.into()),
        issued: None,
        expires,
    })
    .unwrap()
}

async fn store(redis: &Redis) -> RedisStore<ConnectionManager> {
    RedisStore::new(ConnectionManager::new(client(redis)).await.unwrap())
}

#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_manager_keeps_the_rules_of_a_store() {
    let redis = Redis::start(&[]);
    check_all(ConnectionManager::new(client(&redis)).await.unwrap()).await;
}

/// Redis drops what has expired: grants, and the indexes that named them.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn nothing_is_left_of_grants_that_have_expired() {
    let redis = Redis::start(&[]);
    let store = store(&redis).await.skew(0);
    for number in 0..50 {
        for stage in [Stage::Pending, Stage::Approved, Stage::Exchanged] {
            let client = format!("client {}", number % 5);
            store.insert(grant(stage, &number.to_string(), &client, "jane", Some(NOW)), NOW).await.unwrap();
        }
    }
    let mut connection = connection(&redis).await;
    let mut left: Vec<String> = Vec::new();
    for _ in 0..100 {
        left = connection.keys("*").await.unwrap();
        if left == ["{oauth1:grants}:last"] {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{left:?}");
}

/// A user whose tokens expire, and one token that does not: the index does not grow with each login.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn an_index_does_not_grow_with_what_has_expired() {
    let redis = Redis::start(&[]);
    let store = store(&redis).await.skew(0).max_tokens_per_user(1_000_000);
    store.insert(grant(Stage::Exchanged, "for ever", "app", "jane", None), NOW).await.unwrap();
    let mut connection = connection(&redis).await;
    let mut longest = 0;
    for round in 0..3 {
        for number in 0..300 {
            let token = format!("{round}.{number}");
            store.insert(grant(Stage::Exchanged, &token, "app", "jane", Some(NOW)), NOW).await.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
        let user: usize = connection.zcard("{oauth1:grants}:user:jane").await.unwrap();
        longest = longest.max(user);
    }
    // Of the last round none can be removed yet.
    assert!(longest < 450, "{longest}");
    assert!(store.find(Stage::Exchanged, "for ever").await.unwrap().is_some());
    assert_eq!(store.revoke(Revoke::User("jane")).await.unwrap(), 1);
    let left: Vec<String> = connection.keys("*user*").await.unwrap();
    assert_eq!(left, [""; 0]);
}

#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn one_token_too_many_revokes_the_oldest_of_this_client_and_user() {
    let redis = Redis::start(&[]);
    let store = store(&redis).await.max_tokens_per_user(2);
    store.insert(grant(Stage::Exchanged, "other", "other", "jane", None), NOW).await.unwrap();
    for token in ["1", "2", "3"] {
        store.insert(grant(Stage::Approved, token, "app", "jane", Some(NOW + 9)), NOW).await.unwrap();
        let to = grant(Stage::Exchanged, &format!("access {token}"), "app", "jane", None);
        assert!(store.advance(Stage::Approved, token, to, NOW).await.unwrap());
    }
    let tokens = store.grants_of_user("jane", 10).await.unwrap();
    let tokens: Vec<_> = tokens.iter().map(Grant::token).collect();
    assert_eq!(tokens, ["access 2", "access 3", "other"]);
}

/// Logins go on while a client is revoked: what was there before is gone, at whatever stage it is then.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_revocation_misses_no_grant_that_advances() {
    const COUNT: usize = 300;
    let redis = Redis::start(&[]);
    let store = store(&redis).await.max_tokens_per_user(1_000);
    for round in 0..5 {
        let what = [Revoke::Client("app"), Revoke::User("jane")][round % 2];
        for number in 0..COUNT {
            let token = format!("{round}.{number}");
            store.insert(grant(Stage::Approved, &token, "app", "jane", Some(NOW + 600)), NOW).await.unwrap();
        }
        let advancing = store.clone();
        let task = tokio::spawn(async move {
            for number in (0..COUNT).rev() {
                let token = format!("{round}.{number}");
                let to = grant(Stage::Exchanged, &format!("access {token}"), "app", "jane", None);
                advancing.advance(Stage::Approved, &token, to, NOW).await.unwrap();
            }
        });
        assert_eq!(store.revoke(what).await.unwrap(), COUNT as u64, "{what:?}");
        task.await.unwrap();
        assert_eq!(store.grants_of_user("jane", COUNT).await.unwrap().len(), 0);
    }
}

/// In full memory new logins fail. Those that have begun are finished, and can be revoked.
#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_full_redis_finishes_the_logins_that_have_begun() {
    let redis = Redis::start(&["--maxmemory", "4mb"]);
    let store = store(&redis).await.max_pending_per_client(1_000_000);
    store.insert(grant(Stage::Pending, "request", "app", "jane", Some(NOW + 600)), NOW).await.unwrap();
    let full = async |number: usize| {
        let flood = grant(Stage::Pending, &format!("{number:0500}"), "flood", "eve", Some(NOW + 600));
        store.insert(flood, NOW).await.err()
    };
    let mut error = None;
    for number in 0..20_000 {
        error = full(number).await;
        if error.is_some() {
            break;
        }
    }
    let error = error.unwrap().to_string();
    assert!(error.contains("OOM") && error.len() < 500, "{error}");
    let approved = grant(Stage::Approved, "request", "app", "jane", Some(NOW + 600));
    assert!(store.advance(Stage::Pending, "request", approved, NOW).await.unwrap());
    let exchanged = grant(Stage::Exchanged, "access", "app", "jane", None);
    assert!(store.advance(Stage::Approved, "request", exchanged, NOW).await.unwrap());
    assert_eq!(store.grants_of_user("jane", 2).await.unwrap().len(), 1);
    assert!(store.revoke(Revoke::Client("flood")).await.unwrap() > 100);
    assert_eq!(full(0).await.map(|error| error.to_string()), None);
}

#[tokio::test]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_server_that_evicts_is_refused() {
    let redis = Redis::start(&["--maxmemory-policy", "volatile-ttl"]);
    let error = store(&redis).await.check_server().await.unwrap_err();
    assert!(matches!(error, RedisServerError::EvictionPolicy { policy } if policy == "volatile-ttl"));
    let redis = Redis::start(&[]);
    store(&redis).await.check_server().await.unwrap();
}
