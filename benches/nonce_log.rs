//! The cost of asking the nonce log, in release, on one thread; beside a set of strings behind a
//! lock, which has no bound, never forgets, and takes some ten times the room.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::HashSet;
use std::hint::black_box;
use std::sync::Mutex;
use std::task::Poll;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceLog, NonceStatus};

const WINDOW: u64 = 300;
const START: u64 = 1_700_000_000;

/// More than come in a second, so that no two of them are alike.
const NONCES: usize = 8_192;

/// Requests of a thousand clients, so many in a second of the server's clock.
struct Traffic {
    clients: Vec<String>,
    nonces: Vec<String>,
    each_second: usize,
    number: usize,
}

impl Traffic {
    fn new(each_second: usize) -> Self {
        let clients = (0..1_000).map(|number| format!("xvz1evFS4wEEPTGEFPH{number:03}")).collect();
        // As long as those of most clients.
        let nonces = (0..NONCES).map(|number| format!("{number:032x}")).collect();
        Self { clients, nonces, each_second, number: 0 }
    }

    fn of_number(&self, number: usize) -> Nonce<'_> {
        Nonce {
            client_key: &self.clients[number % self.clients.len()],
            token: Some("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
            timestamp: START + (number / self.each_second) as u64,
            nonce: &self.nonces[number % NONCES],
        }
    }

    fn next(&mut self) -> Nonce<'_> {
        self.number += 1;
        self.of_number(self.number)
    }

    /// A log after so many of them.
    fn log_of(&mut self, count: usize) -> MemoryNonceLog {
        let log = log_of_two_million();
        for _ in 0..count {
            insert(&log, self.next());
        }
        log
    }
}

/// In which one client and one token may have all.
fn log_of_two_million() -> MemoryNonceLog {
    MemoryNonceLog::builder()
        .max_entries(2_000_000)
        .max_entries_per_client(2_000_000)
        .max_entries_per_token(2_000_000)
        .build()
        .unwrap()
}

fn insert(log: &MemoryNonceLog, nonce: Nonce<'_>) {
    let admission = log.check_and_insert_now(nonce, nonce.timestamp, nonce.timestamp + WINDOW);
    assert_eq!(admission, NonceStatus::Fresh);
}

/// Each insertion of a fresh nonce, and what it costs to forget those that expire meanwhile.
fn fresh(c: &mut Criterion) {
    let mut group = c.benchmark_group("a fresh nonce");
    group.throughput(Throughput::Elements(1));
    group.bench_function("into a log of few", |b| {
        let mut traffic = Traffic::new(1);
        let log = traffic.log_of(1_000);
        b.iter(|| insert(&log, black_box(traffic.next())));
        assert!(log.len() < 400, "{}", log.len());
    });
    group.bench_function("into a log of few, through the trait", |b| {
        let mut traffic = Traffic::new(1);
        let log = traffic.log_of(1_000);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        b.iter(|| {
            let nonce = black_box(traffic.next());
            let mut status = log.check_and_insert(nonce, nonce.timestamp, nonce.timestamp + WINDOW);
            let status = status.as_mut().poll(&mut context);
            assert!(matches!(status, Poll::Ready(Ok(NonceStatus::Fresh))));
        });
    });
    group.bench_function("into a log of a million", |b| {
        let mut traffic = Traffic::new(3_280);
        let log = traffic.log_of(1_100_000);
        b.iter(|| insert(&log, black_box(traffic.next())));
        assert!((980_000..1_030_000).contains(&log.len()), "{}", log.len());
    });
    group.bench_function("into Mutex<HashSet<String>>, of up to a million", |b| {
        let mut traffic = Traffic::new(3_280);
        let set = Mutex::new(HashSet::new());
        b.iter(|| {
            let Nonce { client_key, token, timestamp, nonce } = black_box(traffic.next());
            let text = format!("{client_key}&{}&{timestamp}&{nonce}", token.unwrap_or_default());
            let mut set = set.lock().unwrap();
            if set.len() == 1_000_000 {
                set.clear();
            }
            assert!(set.insert(text));
        });
    });
    group.finish();
}

fn replayed(c: &mut Criterion) {
    let mut group = c.benchmark_group("a replayed nonce");
    group.throughput(Throughput::Elements(1));
    let mut traffic = Traffic::new(3_280);
    let log = traffic.log_of(980_000);
    let set: HashSet<String> = (1..=980_000)
        .map(|number| {
            let Nonce { client_key, token, timestamp, nonce } = traffic.of_number(number);
            format!("{client_key}&{}&{timestamp}&{nonce}", token.unwrap_or_default())
        })
        .collect();
    let set = Mutex::new(set);
    let now = START + WINDOW;
    let mut number = 0;
    // Not in the order in which they came.
    let mut next = move || {
        number = (number + 7_919) % 980_000;
        number + 1
    };
    group.bench_function("in a log of a million", |b| {
        b.iter(|| {
            let nonce = traffic.of_number(next());
            let admission = log.check_and_insert_now(black_box(nonce), now, nonce.timestamp + WINDOW);
            assert_eq!(admission, NonceStatus::Replayed);
        });
    });
    group.bench_function("in Mutex<HashSet<String>>", |b| {
        b.iter(|| {
            let Nonce { client_key, token, timestamp, nonce } = black_box(traffic.of_number(next()));
            let text = format!("{client_key}&{}&{timestamp}&{nonce}", token.unwrap_or_default());
            assert!(set.lock().unwrap().contains(&text));
        });
    });
    group.finish();
}

/// The longest that a single call takes, of those in which a million that have expired are forgotten.
fn worst(c: &mut Criterion) {
    let mut group = c.benchmark_group("the longest call");
    group.sample_size(10);
    let name = |each_second| format!("while a million expire, {each_second} in a second");
    for each_second in [3_280, 1_000_000] {
        group.bench_function(name(each_second), |b| {
            b.iter_custom(|rounds| (0..rounds).map(|_| longest(each_second)).sum::<Duration>());
        });
    }
    group.finish();
}

/// With a million in a second, all of them are forgotten from one bucket.
fn longest(each_second: usize) -> Duration {
    let log = log_of_two_million();
    let text = |number: usize| format!("{number:032x}");
    for number in 0..1_000_000 {
        let timestamp = START + (number / each_second) as u64;
        let client_key = &format!("client {}", number % 1_000);
        insert(&log, Nonce { client_key, token: None, timestamp, nonce: &text(number) });
    }
    let now = START + 10 * WINDOW;
    let mut longest = Duration::ZERO;
    let mut calls = 0;
    while log.len() > calls {
        let nonce = Nonce { client_key: "another", token: None, timestamp: now, nonce: &calls.to_string() };
        let start = Instant::now();
        insert(&log, nonce);
        longest = longest.max(start.elapsed());
        calls += 1;
    }
    longest
}

criterion_group!(benches, fresh, replayed, worst);
criterion_main!(benches);
