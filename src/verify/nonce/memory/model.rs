//! A loom test of every order in which threads can take the lock. Run it with
//! `RUSTFLAGS="--cfg oauth1_signer_loom" cargo test --release --lib nonce::memory::model`

use loom::sync::Arc;
use loom::thread;

use super::{MemoryNonceLog, Nonce, NonceStatus};

const WINDOW: u64 = 300;
const NOW: u64 = 1_000_000;

/// Returns the statuses of concurrent requests, each in its own thread.
///
/// Each request is a client key, a nonce and the time.
fn race(log: &Arc<MemoryNonceLog>, requests: &[(&'static str, &'static str, u64)]) -> Vec<NonceStatus> {
    let (here, elsewhere) = requests.split_first().expect("there are requests");
    let threads: Vec<_> = elsewhere
        .iter()
        .map(|&request| {
            let log = Arc::clone(log);
            thread::spawn(move || ask(&log, request))
        })
        .collect();
    let first = ask(log, *here);
    let others = threads.into_iter().map(|thread| thread.join().expect("no thread panics"));
    std::iter::once(first).chain(others).collect()
}

fn ask(log: &MemoryNonceLog, (client_key, nonce, now): (&str, &str, u64)) -> NonceStatus {
    let nonce = Nonce { client_key, token: None, timestamp: now, nonce };
    log.check_and_insert_now(nonce, now, now + WINDOW)
}

fn log(capacity: usize, share: usize) -> Arc<MemoryNonceLog> {
    let log = MemoryNonceLog::builder()
        .max_entries(capacity)
        .max_entries_per_client(share)
        .max_entries_per_token(share)
        .build();
    Arc::new(log.expect("there are random bytes"))
}

fn count(admissions: &[NonceStatus], wanted: NonceStatus) -> usize {
    admissions.iter().filter(|admission| **admission == wanted).count()
}

#[test]
fn of_two_with_the_same_nonce_one_is_fresh() {
    loom::model(|| {
        let log = log(10, 10);
        let admissions = race(&log, &[("a", "1", NOW), ("a", "1", NOW)]);
        assert_eq!(count(&admissions, NonceStatus::Fresh), 1);
        assert_eq!(count(&admissions, NonceStatus::Replayed), 1);
        assert_eq!(log.len(), 1);
    });
}

#[test]
fn of_three_with_the_same_nonce_one_is_fresh() {
    loom::model(|| {
        let log = log(10, 10);
        let admissions = race(&log, &[("a", "1", NOW); 3]);
        assert_eq!(count(&admissions, NonceStatus::Fresh), 1);
        assert_eq!(count(&admissions, NonceStatus::Replayed), 2);
        assert_eq!(log.len(), 1);
    });
}

#[test]
fn no_more_than_its_capacity() {
    loom::model(|| {
        let log = log(2, 10);
        let admissions = race(&log, &[("a", "1", NOW), ("b", "1", NOW), ("c", "1", NOW)]);
        assert_eq!(count(&admissions, NonceStatus::Fresh), 2);
        assert_eq!(count(&admissions, NonceStatus::Full), 1);
        assert_eq!(log.len(), 2);
    });
}

#[test]
fn no_more_than_a_share() {
    loom::model(|| {
        let log = log(10, 1);
        let admissions = race(&log, &[("a", "1", NOW), ("a", "2", NOW), ("b", "1", NOW)]);
        assert_eq!(count(&admissions, NonceStatus::Fresh), 2);
        assert_eq!(admissions[2], NonceStatus::Fresh);
        assert_eq!(log.len(), 2);
    });
}

/// One thread finds the log's only nonce expired and forgets it. Another still has the earlier time.
#[test]
fn forgetting_meets_an_insertion() {
    loom::model(|| {
        let log = log(2, 1);
        assert_eq!(ask(&log, ("a", "1", NOW)), NonceStatus::Fresh);
        let later = NOW + 2 * WINDOW;
        let admissions = race(&log, &[("a", "1", NOW), ("a", "2", later), ("b", "1", NOW)]);
        assert_eq!(admissions[0], NonceStatus::Replayed);
        // The same client has room for another nonce only after the expired one is removed.
        assert_eq!(admissions[1], NonceStatus::Fresh);
        // A request of the earlier time is accepted as long as no nonce of that time is forgotten.
        let is_taken = admissions[2] == NonceStatus::Fresh;
        assert!(is_taken || admissions[2] == NonceStatus::Replayed);
        assert_eq!(ask(&log, ("a", "1", NOW)), NonceStatus::Replayed);
        assert_eq!(ask(&log, ("b", "1", NOW)), NonceStatus::Replayed);
        assert!(log.len() <= 2);
    });
}

/// Two users of a client, one of whom has used up the share of a token.
#[test]
fn no_more_than_a_share_of_a_token() {
    loom::model(|| {
        let log = MemoryNonceLog::builder().max_entries_per_token(1).build();
        let log = Arc::new(log.expect("there are random bytes"));
        let ask = |log: &MemoryNonceLog, token, nonce| {
            let nonce = Nonce { client_key: "a", token: Some(token), timestamp: NOW, nonce };
            log.check_and_insert_now(nonce, NOW, NOW + WINDOW)
        };
        let other = Arc::clone(&log);
        let greedy = thread::spawn(move || ask(&other, "greedy", "1"));
        let second = ask(&log, "greedy", "2");
        assert_eq!(ask(&log, "modest", "1"), NonceStatus::Fresh);
        let admissions = [second, greedy.join().expect("no thread panics")];
        assert_eq!(count(&admissions, NonceStatus::Fresh), 1);
        assert_eq!(count(&admissions, NonceStatus::Full), 1);
        assert_eq!(log.len(), 2);
    });
}

/// If the clocks of threads differ, the first call sets the time when the log was created.
#[test]
fn what_is_from_before_the_first_call_is_not_fresh() {
    loom::model(|| {
        let log = log(10, 10);
        let admissions = race(&log, &[("a", "1", NOW), ("a", "2", NOW + 100)]);
        // The second is later than the log's creation in each order. The first is, unless it comes last.
        assert_eq!(admissions[1], NonceStatus::Fresh);
        let wanted = if log.len() == 2 { NonceStatus::Fresh } else { NonceStatus::Replayed };
        assert_eq!(admissions[0], wanted);
        let old = Nonce { client_key: "a", token: None, timestamp: NOW - 100, nonce: "3" };
        assert_eq!(log.check_and_insert_now(old, NOW, NOW + WINDOW), NonceStatus::Replayed);
    });
}
