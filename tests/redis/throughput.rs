//! What a nonce costs in Redis, beside the least that could be asked of it.

use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;

use super::{NOW, Nonce, NonceLog, NonceStatus, RedisNonceLog, WINDOW, connection, of_number};
use crate::server::Redis;

const AT_ONCE: usize = 64;
const EACH: usize = 1_000;

/// All of them.
const COUNT: f64 = 64_000.0;

/// How long it takes 64 tasks to insert a thousand nonces each.
async fn measure<F: Future<Output = ()> + Send + 'static>(one: impl Fn(usize) -> F) -> Duration {
    let start = Instant::now();
    let tasks: Vec<_> = (0..AT_ONCE).map(|task| tokio::spawn(one(task))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    start.elapsed()
}

/// `SET NX PX`, as a log without shares would send it.
async fn bare(connection: MultiplexedConnection, round: usize) -> Duration {
    measure(|task| {
        let mut connection = connection.clone();
        async move {
            for number in 0..EACH {
                let mut command = redis::cmd("SET");
                // As long as the key of a nonce.
                command.arg(format!("oauth1:nonce:{round:032}{task:016}{number:018}")).arg("").arg("NX");
                command.arg("PX").arg(601_000);
                assert_eq!(
                    command.query_async::<redis::Value>(&mut connection).await,
                    Ok(redis::Value::Okay)
                );
            }
        }
    })
    .await
}

async fn with_shares(log: RedisNonceLog<MultiplexedConnection>, round: usize) -> Duration {
    measure(|task| {
        let log = log.clone();
        async move {
            let (mut text, client_key) = (String::new(), format!("client {round} {task}"));
            for number in 0..EACH {
                let nonce = Nonce { client_key: &client_key, ..of_number(number, &mut text) };
                let status = log.check_and_insert(nonce, NOW, NOW + WINDOW).await;
                assert_eq!(status.unwrap(), NonceStatus::Fresh);
            }
        }
    })
    .await
}

/// What is printed is for people. The bound is one that counting each nonce exceeds.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn shares_cost_little_beside_a_bare_set() {
    let redis = Redis::start(&[]);
    let connection = connection(&redis).await;
    let log = RedisNonceLog::new(connection.clone()).time_limit(Duration::from_secs(30));
    let mut ratios = Vec::new();
    for round in 0..5 {
        let (bare, with_shares) =
            (bare(connection.clone(), round).await, with_shares(log.clone(), round).await);
        let rate = |elapsed: Duration| COUNT / elapsed.as_secs_f64();
        println!("SET NX PX: {:.0}/s; RedisNonceLog: {:.0}/s", rate(bare), rate(with_shares));
        ratios.push(with_shares.as_secs_f64() / bare.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    println!("the median of the ratios: {:.2}", ratios[2]);
    assert!(ratios[2] < 2.0, "{ratios:?}");
}

/// What a nonce takes in Redis, with its client and token, and without.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs redis-server: .ci/run redis"]
async fn a_nonce_takes_little() {
    let redis = Redis::start(&[]);
    let mut connection = connection(&redis).await;
    let log = RedisNonceLog::new(connection.clone()).time_limit(Duration::from_secs(30));
    let used = async |connection: &mut MultiplexedConnection| {
        let text: String = redis::cmd("INFO").arg("memory").query_async(connection).await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("used_memory_dataset:")).unwrap();
        line.trim().parse::<f64>().unwrap()
    };
    let before = used(&mut connection).await;
    let _ = with_shares(log, 0).await;
    let each = (used(&mut connection).await - before) / COUNT;
    println!("{each:.0} bytes for each nonce");
    assert!(each < 250.0, "{each}");
}
