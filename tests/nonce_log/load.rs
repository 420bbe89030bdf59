//! As many as it holds, and as many more; many at once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use oauth1_signer::verify::NonceStatus;

use super::{NOW, WINDOW, ask, log_of};

/// The timestamps of the window, one after another, over and over.
fn timestamp(number: usize) -> u64 {
    NOW - WINDOW + number as u64 * 7 % (2 * WINDOW + 1)
}

/// Fills a log, asks for as many again, and looks whether all of the first are there.
fn overfill(count: usize) {
    let log = log_of(count, count);
    let client = |number: usize| format!("client {}", number % 100);
    let all = |ids: std::ops::Range<usize>, wanted: NonceStatus| {
        for number in ids {
            let nonce = format!("nonce {number}");
            assert_eq!(ask(&log, &client(number), timestamp(number), &nonce, NOW), wanted, "{number}");
        }
        assert_eq!(log.len(), count);
    };
    all(0..count, NonceStatus::Fresh);
    let bytes = allocation_counter::measure(|| all(count..2 * count, NonceStatus::Full)).bytes_current;
    assert_eq!(bytes, 0, "what is refused takes no room");
    all(0..count, NonceStatus::Replayed);
}

#[test]
fn past_its_capacity_it_refuses_and_forgets_nothing() {
    overfill(20_000);
}

#[test]
#[ignore = "heavy: .ci/run load"]
fn past_a_million_it_refuses_and_forgets_nothing() {
    overfill(1_000_000);
}

/// In each round all the threads bring one nonce, together.
fn race(threads: usize, rounds: usize) {
    let log = log_of(rounds, rounds);
    let fresh: Vec<AtomicUsize> = (0..rounds).map(|_| AtomicUsize::new(0)).collect();
    let replayed = AtomicUsize::new(0);
    let barrier = Barrier::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for (round, fresh) in fresh.iter().enumerate() {
                    barrier.wait();
                    match ask(&log, "client", timestamp(round), &format!("nonce {round}"), NOW) {
                        NonceStatus::Fresh => fresh.fetch_add(1, Ordering::Relaxed),
                        NonceStatus::Replayed => replayed.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other:?}"),
                    };
                }
            });
        }
    });
    assert!(fresh.iter().all(|count| count.load(Ordering::Relaxed) == 1));
    assert_eq!(replayed.into_inner(), rounds * (threads - 1));
    assert_eq!(log.len(), rounds);
}

#[test]
fn of_many_threads_one_is_fresh() {
    race(64, 100);
}

#[test]
#[ignore = "heavy: .ci/run load"]
fn of_64_threads_one_is_fresh_in_each_of_10_000_rounds() {
    race(64, 10_000);
}

#[test]
fn a_client_at_its_share_leaves_the_others_alone() {
    let log = log_of(1_000, 100);
    for number in 0..100 {
        assert_eq!(ask(&log, "greedy", NOW, &number.to_string(), NOW), NonceStatus::Fresh);
    }
    for number in 100..1_000 {
        assert_eq!(ask(&log, "greedy", NOW, &number.to_string(), NOW), NonceStatus::Full);
        // With each nonce that the greedy one is refused, another client may come.
        let other = format!("client {number}");
        assert_eq!(ask(&log, &other, NOW, "nonce", NOW), NonceStatus::Fresh, "{number}");
    }
    assert_eq!(log.len(), 1_000);
    // Then all is full, and what was used is still known.
    assert_eq!(ask(&log, "late", NOW, "nonce", NOW), NonceStatus::Full);
    assert_eq!(ask(&log, "greedy", NOW, "5", NOW), NonceStatus::Replayed);
    assert_eq!(ask(&log, "client 100", NOW, "nonce", NOW), NonceStatus::Replayed);
}

/// A share is had again as soon as what is in it has expired, be the log asked seldom or often.
#[test]
fn a_share_comes_back() {
    let log = log_of(1_000, 100);
    for number in 0..100_u64 {
        assert_eq!(ask(&log, "a", NOW + number, &number.to_string(), NOW), NonceStatus::Fresh);
        assert_eq!(ask(&log, "b", NOW + number, &number.to_string(), NOW), NonceStatus::Fresh);
    }
    let later = NOW + 99 + 8 + WINDOW;
    assert_eq!(ask(&log, "a", later, "again", later), NonceStatus::Fresh);
    for number in 0..99 {
        assert_eq!(ask(&log, "a", later, &number.to_string(), later), NonceStatus::Fresh);
        assert_eq!(ask(&log, "b", later, &number.to_string(), later), NonceStatus::Fresh);
    }
    assert_eq!(ask(&log, "a", later, "one too many", later), NonceStatus::Full);
    assert_eq!(log.len(), 199);
}

/// No call forgets more than a few of what has expired, even where all of it has one timestamp. What is
/// printed is for people.
#[test]
#[ignore = "heavy: .ci/run load"]
fn no_call_waits_long_while_a_million_expire() {
    for clients in [10, 10_000] {
        let log = log_of(2_000_000, 2_000_000);
        let client = |number: usize| format!("client {}", number % clients);
        for number in 0..1_000_000 {
            let nonce = format!("nonce {number}");
            assert_eq!(ask(&log, &client(number), NOW, &nonce, NOW), NonceStatus::Fresh);
        }
        let gone = NOW + 2 * WINDOW + 8;
        let mut worst = Duration::ZERO;
        let mut calls = 0;
        while log.len() > calls {
            let start = Instant::now();
            let _ = ask(&log, "another", gone, &format!("nonce {calls}"), gone);
            worst = worst.max(start.elapsed());
            calls += 1;
        }
        println!("{clients} clients: a million forgotten in {calls} calls, the longest took {worst:?}");
        assert!((15_000..=16_000).contains(&calls), "{calls}");
    }
}
