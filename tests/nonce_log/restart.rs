//! A log that was created after a restart, and requests from before it.

use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceStatus, RestartPolicy};

use super::{NOW, WINDOW, ask};

fn log(policy: RestartPolicy) -> MemoryNonceLog {
    MemoryNonceLog::builder().restart_policy(policy).build().unwrap()
}

/// The request that was admitted just before the restart, and comes again just after it.
#[test]
fn a_restart_lets_nothing_in_twice() {
    for late in [10, 60, WINDOW] {
        let before = MemoryNonceLog::new().unwrap();
        let timestamp = NOW - late;
        assert_eq!(ask(&before, "c", timestamp, "n", timestamp), NonceStatus::Fresh);
        drop(before);
        let after = MemoryNonceLog::new().unwrap();
        assert_eq!(ask(&after, "c", timestamp, "n", NOW), NonceStatus::Replayed);
        assert_eq!(ask(&after, "c", NOW, "n", NOW), NonceStatus::Fresh);
        assert_eq!(ask(&after, "c", timestamp, "n", NOW), NonceStatus::Replayed);
        assert_eq!(after.len(), 1);
    }
}

/// Signed in the second of the log's creation, and verified when the next has begun.
#[test]
fn a_second_is_allowed_for_rounding() {
    let log = log(RestartPolicy::RejectEarlier);
    assert_eq!(ask(&log, "c", NOW - 1, "n", NOW), NonceStatus::Fresh);
}

#[test]
fn with_accept_all_it_is_admitted_again() {
    let log = log(RestartPolicy::AcceptAll);
    assert_eq!(ask(&log, "c", NOW - WINDOW, "n", NOW), NonceStatus::Fresh);
}

/// Also of a client whose clock is ahead.
#[test]
fn with_reject_window_nothing_of_before_is_admitted_whatever_the_clients_clock() {
    for (now, ahead) in [(NOW, 0), (NOW, WINDOW), (NOW + 100, WINDOW), (NOW + WINDOW - 2, 0)] {
        let log = log(RestartPolicy::RejectWindow);
        assert_eq!(ask(&log, "other", NOW, "n", NOW), NonceStatus::Replayed);
        // The log of before the restart can have admitted what is ahead of its last second by the window.
        let timestamp = (now + ahead).min(NOW + WINDOW - 2);
        assert_eq!(ask(&log, "c", timestamp, "n", now), NonceStatus::Replayed, "{now} {ahead}");
        assert!(log.is_empty());
        let over = NOW + WINDOW + 1;
        assert_eq!(ask(&log, "c", over, "n", over), NonceStatus::Fresh);
    }
}

/// The clock is set back by an hour after the first call: what was used before the restart stays out.
#[test]
fn a_clock_that_steps_back_opens_nothing() {
    let log = log(RestartPolicy::RejectEarlier);
    assert_eq!(ask(&log, "c", NOW, "n", NOW), NonceStatus::Fresh);
    let back = NOW - 3_600;
    assert_eq!(ask(&log, "c", back, "used before the restart", back), NonceStatus::Replayed);
    // When the clock is where it was, clients are served again.
    assert_eq!(ask(&log, "c", NOW, "m", NOW), NonceStatus::Fresh);
}

/// No clock of the log's own: the policy's may stand in any year.
#[test]
fn the_clock_is_that_of_the_caller() {
    for now in [1_000, NOW, 1 << 40] {
        let log = log(RestartPolicy::RejectEarlier);
        assert_eq!(ask(&log, "c", now, "n", now), NonceStatus::Fresh);
        assert_eq!(ask(&log, "c", now - 100, "n", now), NonceStatus::Replayed);
    }
}

/// The time since the log was created counts as the log's, though no request came in it.
#[test]
fn time_without_requests_counts() {
    let log = log(RestartPolicy::RejectEarlier);
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    // Created at NOW - 2 by a clock that shows NOW; one second is for rounding.
    assert_eq!(ask(&log, "c", NOW - 3, "n", NOW), NonceStatus::Fresh);
    assert_eq!(ask(&log, "c", NOW - 60, "n", NOW), NonceStatus::Replayed);
}

/// Without a signature's window around it, too.
#[test]
fn a_window_without_end_is_no_overflow() {
    let log = log(RestartPolicy::RejectWindow);
    let nonce = Nonce { client_key: "c", token: None, timestamp: NOW, nonce: "n" };
    assert_eq!(log.check_and_insert_now(nonce, NOW, u64::MAX), NonceStatus::Replayed);
}
