//! Redis is killed, cut off or late in the middle of each step. Afterwards no nonce has been admitted twice, no
//! grant has two access tokens, no confirmed token is lost, and every user can log in.

use std::time::Duration;

use oauth1_signer::provider::{Grant, RedisStore, Revoke, Stage, Store};
use oauth1_signer::verify::{Nonce, NonceStatus, RedisNonceLog};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use super::grants::grant;
use super::proxy::Proxy;
use super::{NONCE, NOW, ask, client, in_time};
use crate::server::Redis;

const TASKS: usize = 8;

fn manager(client: redis::Client) -> ConnectionManager {
    let config = ConnectionManagerConfig::new().set_response_timeout(Some(Duration::from_millis(400)));
    let config = config.set_min_delay(Duration::from_millis(5)).set_max_delay(Duration::from_millis(50));
    ConnectionManager::new_lazy_with_config(client, config).unwrap()
}

fn access(login: &str, attempt: usize) -> Grant {
    grant(Stage::Exchanged, &format!("access {login}.{attempt}"), "app", &format!("user {login}"), None)
}

/// What a task was told: logins that it began, access tokens it was given, nonces that were fresh.
#[derive(Default)]
struct Told {
    inserted: Vec<String>,
    exchanged: Vec<(String, usize)>,
    /// Each login with the numbers of all attempts to exchange it.
    attempts: Vec<(String, usize)>,
    fresh: Vec<String>,
    asked: Vec<String>,
}

/// Logs users in until Redis has been away, and tries each exchange that failed once more.
async fn log_in(
    store: RedisStore<ConnectionManager>,
    log: RedisNonceLog<ConnectionManager>,
    task: String,
) -> Told {
    let mut told = Told::default();
    let mut errors = 0;
    for number in 0.. {
        if errors > 3 {
            break;
        }
        let login = format!("{task}.{number}");
        told.asked.push(login.clone());
        match ask(&log, Nonce { nonce: &login, ..NONCE }).await {
            Ok(NonceStatus::Fresh) => told.fresh.push(login.clone()),
            Ok(status) => panic!("{login} is new, and {status:?}"),
            Err(_) => errors += 1,
        }
        let user = format!("user {login}");
        let pending = grant(Stage::Pending, &login, "app", &user, Some(NOW + 600));
        if store.insert(pending, NOW).await.is_err() {
            errors += 1;
            continue;
        }
        told.inserted.push(login.clone());
        let approved = grant(Stage::Approved, &login, "app", &user, Some(NOW + 600));
        if store.advance(Stage::Pending, &login, approved, NOW).await.is_err() {
            errors += 1;
            continue;
        }
        for attempt in 0..2 {
            told.attempts.push((login.clone(), attempt));
            match store.advance(Stage::Approved, &login, access(&login, attempt), NOW).await {
                Ok(true) => told.exchanged.push((login.clone(), attempt)),
                Ok(false) => {}
                Err(_) => {
                    errors += 1;
                    continue;
                }
            }
            break;
        }
    }
    told
}

/// The checks after each fault.
async fn check(store: &RedisStore<ConnectionManager>, log: &RedisNonceLog<ConnectionManager>, told: &[Told]) {
    for told in told {
        for login in &told.asked {
            // A nonce that was asked for, and failed, may be used or not. One that was fresh never is again.
            let status = ask(log, Nonce { nonce: login, ..NONCE }).await.unwrap();
            assert!(status == NonceStatus::Replayed || !told.fresh.contains(login), "{login} admitted twice");
        }
        for (login, attempt) in &told.exchanged {
            let token = access(login, *attempt);
            let found = in_time(store.find(Stage::Exchanged, token.token())).await.unwrap();
            assert!(found.is_some(), "the confirmed {} is lost", token.token());
        }
        for login in &told.inserted {
            let mut tokens = 0;
            for attempt in 0..2 {
                let token = access(login, attempt);
                let found = store.find(Stage::Exchanged, token.token()).await.unwrap().is_some();
                assert!(!found || told.attempts.contains(&(login.clone(), attempt)));
                tokens += usize::from(found);
            }
            let mut left = tokens;
            for stage in [Stage::Pending, Stage::Approved] {
                left += usize::from(store.find(stage, login).await.unwrap().is_some());
            }
            assert_eq!(left, 1, "{login} is a confirmed grant, at one stage");
            // The index of the user has the same token.
            let listed = store.grants_of_user(&format!("user {login}"), 10).await.unwrap();
            assert_eq!(listed.len(), tokens, "{login}");
        }
    }
    // A user whose login failed begins again, and nothing is in the way.
    let user = "user again";
    let pending = grant(Stage::Pending, "again", "app", user, Some(NOW + 600));
    store.insert(pending, NOW).await.unwrap();
    let approved = grant(Stage::Approved, "again", "app", user, Some(NOW + 600));
    assert!(store.advance(Stage::Pending, "again", approved, NOW).await.unwrap());
    let exchanged = grant(Stage::Exchanged, "access again", "app", user, None);
    assert!(store.advance(Stage::Approved, "again", exchanged, NOW).await.unwrap());
    // All of the client's grants are found by its index.
    store.revoke(Revoke::Client("app")).await.unwrap();
    for (login, attempt) in told.iter().flat_map(|told| &told.attempts) {
        let token = access(login, *attempt);
        assert!(store.find(Stage::Exchanged, token.token()).await.unwrap().is_none());
    }
}

async fn until_up(store: &RedisStore<ConnectionManager>) {
    for _ in 0..400 {
        if store.find(Stage::Pending, "nobody's").await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it is not served again");
}

/// `REDIS_KILLS` sets how often; ten times by default.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn killed_in_the_middle_of_each_step_and_restarted() {
    let kills = std::env::var("REDIS_KILLS").map_or(10, |kills| kills.parse::<u64>().unwrap());
    let mut redis = Redis::start(&["--appendonly", "yes", "--appendfsync", "always"]);
    let limit = Duration::from_millis(500);
    let store = RedisStore::new(manager(client(&redis))).time_limit(limit);
    let log = RedisNonceLog::new(manager(client(&redis))).time_limit(limit);
    let (mut logins, mut unsure) = (0, 0);
    for kill in 0..kills {
        until_up(&store).await;
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| tokio::spawn(log_in(store.clone(), log.clone(), format!("{kill}.{task}"))))
            .collect();
        // At another point each time.
        tokio::time::sleep(Duration::from_micros(20_000 + kill * 7_919 % 60_000)).await;
        redis.kill();
        let mut told = Vec::new();
        for task in tasks {
            told.push(task.await.unwrap());
        }
        redis.restart();
        until_up(&store).await;
        super::faults::until_served(&log.clone().prefix(format!("up {kill}:"))).await;
        check(&store, &log, &told).await;
        logins += told.iter().map(|told| told.exchanged.len()).sum::<usize>();
        unsure += told.iter().map(|told| told.asked.len() - told.fresh.len()).sum::<usize>();
    }
    println!("{kills} kills, {logins} logins, {unsure} nonces whose answer was lost");
    assert!(logins > 0 && unsure > 0);
}

/// Each step loses its response in turn: by a cut, and by a delay beyond the deadline.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_response_that_is_lost_or_late() {
    let redis = Redis::start(&[]);
    let proxy = Proxy::start(redis.port()).await;
    let open = || redis::Client::open(proxy.url()).unwrap();
    let store = RedisStore::new(manager(open())).time_limit(Duration::from_millis(300));
    let log = RedisNonceLog::new(manager(open())).time_limit(Duration::from_millis(300));
    for round in 0..10 {
        let lose = || {
            if round % 2 == 0 { proxy.cut_next_response() } else { proxy.delay_next_response(600) }
        };
        until_up(&store).await;
        let login = format!("login {round}");
        let user = format!("user {login}");
        let at = |stage| grant(stage, &login, "app", &user, Some(NOW + 600));

        // The script is known now, so that the response that is lost is the one that counts.
        let nonces = [format!("{round} first"), format!("{round} second")];
        while ask(&log, Nonce { nonce: &nonces[0], ..NONCE }).await.is_err() {}
        lose();
        assert!(ask(&log, Nonce { nonce: &nonces[1], ..NONCE }).await.is_err());
        tokio::time::sleep(Duration::from_millis(650)).await;
        until_up(&store).await;
        let mut again = Err(String::new());
        while again.is_err() {
            again = ask(&log, Nonce { nonce: &nonces[1], ..NONCE }).await;
        }
        assert_eq!(again, Ok(NonceStatus::Replayed));

        store.insert(at(Stage::Pending), NOW).await.unwrap();
        let warm = grant(Stage::Pending, &format!("warm {round}"), "app", &user, Some(NOW + 600));
        store.insert(warm, NOW).await.unwrap();
        let ended = grant(Stage::Ended, &format!("warm {round}"), "app", &user, Some(NOW + 600));
        assert!(store.advance(Stage::Pending, &format!("warm {round}"), ended, NOW).await.unwrap());
        lose();
        assert!(store.advance(Stage::Pending, &login, at(Stage::Approved), NOW).await.is_err());
        tokio::time::sleep(Duration::from_millis(650)).await;
        until_up(&store).await;
        // It has happened, all of it.
        assert!(store.find(Stage::Pending, &login).await.unwrap().is_none());
        assert!(store.find(Stage::Approved, &login).await.unwrap().is_some());
        lose();
        assert!(store.advance(Stage::Approved, &login, access(&login, 0), NOW).await.is_err());
        tokio::time::sleep(Duration::from_millis(650)).await;
        until_up(&store).await;
        assert!(!store.advance(Stage::Approved, &login, access(&login, 1), NOW).await.unwrap());
        let tokens = store.grants_of_user(&user, 10).await.unwrap();
        assert_eq!(tokens.len(), 1);
        lose();
        assert!(store.revoke(Revoke::Token(tokens[0].token())).await.is_err());
        tokio::time::sleep(Duration::from_millis(650)).await;
        until_up(&store).await;
        store.revoke(Revoke::Token(tokens[0].token())).await.unwrap();
        assert_eq!(store.grants_of_user(&user, 10).await.unwrap().len(), 0);
    }
}
