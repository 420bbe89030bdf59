//! Random requests at a clock that jumps, against a log that is slow and keeps everything for ever.

use std::collections::{BTreeMap, HashSet};

use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceStatus, RestartPolicy};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngSeed, TestRunner};

const START: u64 = 10_000;
const CLIENTS: [&str; 3] = ["a", "b", "c"];
const NONCES: [&str; 3] = ["1", "2", "3"];

/// How many seconds the log forgets together.
const TOGETHER: u64 = 8;

#[derive(Clone, Debug)]
struct Sequence {
    windows: Vec<u64>,
    capacity: usize,
    share: usize,
    token_share: usize,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    clock: Clock,
    /// Which of the windows.
    window: Index,
    request: Request,
}

/// What the server's clock does before the request.
#[derive(Clone, Debug)]
enum Clock {
    Goes(u64),
    StepsBack(u64),
    /// It is ahead for this one request.
    IsAhead(u64),
}

#[derive(Clone, Debug)]
enum Request {
    /// By the server's clock, or the client's, and so far ahead or behind.
    New { is_of_the_server: bool, off: i64, client: usize, has_token: bool, nonce: usize },
    /// One of those before.
    Again(Index),
}

fn sequences(windows: impl Strategy<Value = Vec<u64>>) -> impl Strategy<Value = Sequence> {
    let clock = prop_oneof![
        6 => (0..3_u64).prop_map(Clock::Goes),
        2 => (0..20_u64).prop_map(Clock::Goes),
        1 => (0..700_u64).prop_map(Clock::Goes),
        1 => (1..20_u64).prop_map(Clock::StepsBack),
        1 => (1..700_u64).prop_map(Clock::StepsBack),
        1 => (1..2_000_u64).prop_map(Clock::IsAhead),
    ];
    let new = (
        any::<bool>(),
        prop_oneof![-12..=12_i64, -320..=320_i64],
        0..CLIENTS.len(),
        any::<bool>(),
        0..NONCES.len(),
    )
        .prop_map(|(is_of_the_server, off, client, has_token, nonce)| Request::New {
            is_of_the_server,
            off,
            client,
            has_token,
            nonce,
        });
    let request = prop_oneof![2 => new, 1 => any::<Index>().prop_map(Request::Again)];
    let step =
        (clock, any::<Index>(), request).prop_map(|(clock, window, request)| Step { clock, window, request });
    (windows, 0..20_usize, 1..10_usize, 1..8_usize, vec(step, 1..60)).prop_map(
        |(windows, capacity, share, token_share, steps)| Sequence {
            windows,
            capacity,
            share,
            token_share,
            steps,
        },
    )
}

type Used = (&'static str, Option<&'static str>, u64, &'static str);

/// One request as the log gets to see it.
#[derive(Clone, Copy, Debug)]
struct Question {
    used: Used,
    now: u64,
    window: u64,
}

impl Sequence {
    /// What `Proof::admit` asks, with the log's answers: nothing about timestamps out of the window.
    fn run(&self, mut check: impl FnMut(Question, NonceStatus)) {
        let log = MemoryNonceLog::builder()
            .max_entries(self.capacity)
            .max_entries_per_client(self.share)
            .max_entries_per_token(self.token_share)
            .restart_policy(RestartPolicy::AcceptAll)
            .build()
            .unwrap();
        let mut clock = START;
        let mut of_the_clients = START;
        let mut before: Vec<Used> = Vec::new();
        for step in &self.steps {
            let mut now = clock;
            match step.clock {
                Clock::Goes(seconds) => {
                    clock += seconds;
                    of_the_clients += seconds;
                    now = clock;
                }
                Clock::StepsBack(seconds) => {
                    clock = clock.saturating_sub(seconds).max(1_000);
                    now = clock;
                }
                Clock::IsAhead(seconds) => now += seconds,
            }
            let used = match &step.request {
                Request::New { is_of_the_server, off, client, has_token, nonce } => {
                    let base = if *is_of_the_server { now } else { of_the_clients };
                    let timestamp = base.saturating_add_signed(*off);
                    (CLIENTS[*client], has_token.then_some("t"), timestamp, NONCES[*nonce])
                }
                Request::Again(index) if before.is_empty() => {
                    (CLIENTS[index.index(CLIENTS.len())], None, now, NONCES[0])
                }
                Request::Again(index) => *index.get(&before),
            };
            before.push(used);
            let window = *step.window.get(&self.windows);
            let (client_key, token, timestamp, nonce) = used;
            if now.abs_diff(timestamp) <= window {
                let nonce = Nonce { client_key, token, timestamp, nonce };
                let admission = log.check_and_insert_now(nonce, now, timestamp + window);
                check(Question { used, now, window }, admission);
            }
        }
    }
}

/// A log of a single window that forgets what the other may, and remembers that it did.
#[derive(Default)]
struct Reference {
    remembered: BTreeMap<u64, Vec<Used>>,
    /// Everything that was ever admitted.
    admitted: HashSet<Used>,
    /// Timestamps before this may have been forgotten.
    shut_before: u64,
    latest: u64,
    has_stepped_back: bool,
}

impl Reference {
    fn answer(&mut self, Question { used, now, window }: Question, of: &Sequence) -> NonceStatus {
        self.has_stepped_back |= now < self.latest;
        self.latest = self.latest.max(now);
        while self.forget_one(now, window) {}
        let (_, _, timestamp, _) = used;
        if self.admitted.contains(&used) || timestamp < self.shut_before {
            NonceStatus::Replayed
        } else if self.has_room(&used, of) {
            self.admitted.insert(used);
            self.remembered.entry(timestamp / TOGETHER).or_default().push(used);
            NonceStatus::Fresh
        } else {
            NonceStatus::Full
        }
    }

    /// The first of what is remembered, if no timestamp beside it is admitted any more.
    fn forget_one(&mut self, now: u64, window: u64) -> bool {
        let Some((&first, _)) = self.remembered.iter().next() else { return false };
        let end = (first + 1) * TOGETHER;
        let is_over = end - 1 + window < now;
        if is_over {
            self.remembered.remove(&first);
            self.shut_before = end;
        }
        is_over
    }

    fn has_room(&self, of_whom: &Used, of: &Sequence) -> bool {
        let all = || self.remembered.values().flatten();
        let of_client = || all().filter(|used| used.0 == of_whom.0);
        let of_token = || of_client().filter(|used| used.1 == of_whom.1);
        all().count() < of.capacity && of_client().count() < of.share && of_token().count() < of.token_share
    }
}

/// The log answers as the reference does. And apart from how either of them forgets:
/// nothing is admitted twice; nothing is refused that is neither used nor without room, unless the
/// clock has stepped back; and it is only full of what is within the window or a little beyond.
fn compare(sequence: &Sequence) {
    let mut reference = Reference::default();
    sequence.run(|question, answer| {
        let was_admitted = reference.admitted.contains(&question.used);
        assert_eq!(answer, reference.answer(question, sequence), "{question:?}");
        match answer {
            NonceStatus::Fresh => assert!(!was_admitted, "twice: {question:?}"),
            NonceStatus::Replayed => assert!(was_admitted || reference.has_stepped_back, "{question:?}"),
            NonceStatus::Full => {
                let end = |used: &&Used| used.2 + question.window + TOGETHER;
                let live = || reference.admitted.iter().filter(|used| end(used) > question.now);
                let of_client = || live().filter(|used| used.0 == question.used.0);
                let of_token = of_client().filter(|used| used.1 == question.used.1).count();
                let is_client_full = of_client().count() >= sequence.share;
                let is_full = live().count() >= sequence.capacity || is_client_full;
                assert!(is_full || of_token >= sequence.token_share, "{question:?}");
            }
            other => panic!("{other:?}"),
        }
    });
}

/// Windows that differ from one request to the next, as no server should have them: still nothing is
/// admitted twice.
fn never_twice(sequence: &Sequence) {
    let mut admitted = HashSet::new();
    sequence.run(|question, answer| {
        assert!(answer != NonceStatus::Fresh || admitted.insert(question.used), "twice: {question:?}");
    });
}

/// The first counterexample, made as small as it gets.
fn for_all(cases: u32, windows: impl Strategy<Value = Vec<u64>>, check: impl Fn(&Sequence)) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(5849),
        ..ProptestConfig::default()
    };
    let outcome = TestRunner::new(config).run(&sequences(windows), |sequence| {
        check(&sequence);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

fn one_window() -> impl Strategy<Value = Vec<u64>> {
    select(vec![0, 1, 7, 8, 9, 30, 300]).prop_map(|window| vec![window])
}

fn windows() -> impl Strategy<Value = Vec<u64>> {
    vec(select(vec![0, 1, 8, 30, 300, 1_000]), 2..4)
}

#[test]
fn it_answers_as_the_reference_does() {
    for_all(1_000, one_window(), compare);
}

#[test]
fn with_any_windows_nothing_is_admitted_twice() {
    for_all(1_000, windows(), never_twice);
}

#[test]
#[ignore = "heavy: .ci/run load"]
fn it_answers_as_the_reference_does_100_000_times() {
    for_all(100_000, one_window(), compare);
}

#[test]
#[ignore = "heavy: .ci/run load"]
fn with_any_windows_nothing_is_admitted_twice_in_100_000_sequences() {
    for_all(100_000, windows(), never_twice);
}
