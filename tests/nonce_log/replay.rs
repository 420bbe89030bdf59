//! What is fresh once is not fresh again.

use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceStatus};

use super::{NOW, WINDOW, ask, log_of};

fn log() -> MemoryNonceLog {
    log_of(1_000, 1_000)
}

#[test]
fn each_part_counts() {
    let log = log();
    let nonce = Nonce { client_key: "ab", token: Some("cd"), timestamp: NOW, nonce: "ef" };
    let all = [
        nonce,
        Nonce { client_key: "abc", token: Some("d"), ..nonce },
        Nonce { client_key: "a", token: Some("bcd"), ..nonce },
        Nonce { token: Some("cde"), nonce: "f", ..nonce },
        Nonce { token: Some("ce"), ..nonce },
        Nonce { token: Some(""), ..nonce },
        Nonce { token: None, ..nonce },
        Nonce { timestamp: NOW + 1, ..nonce },
        Nonce { nonce: "eF", ..nonce },
    ];
    for wanted in [NonceStatus::Fresh, NonceStatus::Replayed] {
        for nonce in all {
            let expires = nonce.timestamp + WINDOW;
            assert_eq!(log.check_and_insert_now(nonce, NOW, expires), wanted, "{nonce:?}");
        }
    }
    assert_eq!(log.len(), all.len());
}

/// To the last second in which its timestamp is admitted, whenever it came.
#[test]
fn it_is_remembered_as_long_as_it_is_admitted() {
    for phase in 0..8 {
        for came in [0, 1, WINDOW, 2 * WINDOW - 1, 2 * WINDOW] {
            let (log, timestamp) = (log(), NOW + phase);
            let start = timestamp - WINDOW;
            assert_eq!(ask(&log, "c", timestamp, "n", start + came), NonceStatus::Fresh);
            for now in start + came..=timestamp + WINDOW {
                // Others come and go meanwhile.
                assert_eq!(ask(&log, "other", now, "n", now), NonceStatus::Fresh);
                assert_eq!(ask(&log, "c", timestamp, "n", now), NonceStatus::Replayed, "{now}");
            }
        }
    }
}

#[test]
fn what_is_out_of_its_window_is_not_fresh() {
    let nonce = Nonce { client_key: "c", token: None, timestamp: NOW, nonce: "n" };
    let log = log();
    assert_eq!(log.check_and_insert_now(nonce, NOW + 301, NOW + 300), NonceStatus::Replayed);
    assert!(log.is_empty());
}

/// The clock steps back by an hour after a nonce was forgotten.
#[test]
fn what_is_forgotten_is_not_fresh_again() {
    let log = log();
    assert_eq!(ask(&log, "c", NOW, "n", NOW), NonceStatus::Fresh);
    let later = NOW + 3_600;
    assert_eq!(ask(&log, "c", later, "n", later), NonceStatus::Fresh);
    assert_eq!(log.len(), 1, "the first is forgotten");
    assert_eq!(ask(&log, "c", NOW, "n", NOW), NonceStatus::Replayed);
    // Nor anything else of its time: it may have been used.
    assert_eq!(ask(&log, "c", NOW, "other", NOW), NonceStatus::Replayed);
    // But what is later than all that was forgotten.
    assert_eq!(ask(&log, "c", NOW + 8, "other", NOW), NonceStatus::Fresh);
}

/// A year ahead for a moment, in which a request comes or none does: afterwards clients are served, at
/// once or, if one was ahead of its time, when that time has come.
#[test]
fn a_clock_that_was_ahead_shuts_nothing() {
    let log = log();
    assert_eq!(ask(&log, "c", NOW, "1", NOW), NonceStatus::Fresh);
    assert_eq!(ask(&log, "early", NOW + 100, "1", NOW), NonceStatus::Fresh);
    let ahead = NOW + 31_536_000;
    for number in 0..10 {
        assert_eq!(ask(&log, "c", ahead, &number.to_string(), ahead), NonceStatus::Fresh);
    }
    assert_eq!(log.len(), 10, "all of before is forgotten");
    assert_eq!(ask(&log, "c", NOW, "1", NOW), NonceStatus::Replayed);
    assert_eq!(ask(&log, "early", NOW + 100, "1", NOW), NonceStatus::Replayed);
    let recovered = NOW + 100 + 8;
    assert_eq!(ask(&log, "c", recovered, "1", recovered), NonceStatus::Fresh);
    assert_eq!(ask(&log, "c", recovered, "1", recovered), NonceStatus::Replayed);
    assert_eq!(ask(&log, "c", ahead, "1", ahead), NonceStatus::Replayed);
}

/// However odd the times are.
#[test]
fn no_time_makes_it_panic() {
    let log = log();
    let times = [0, 1, 7, 8, u64::MAX - 8, u64::MAX - 1, u64::MAX];
    for timestamp in times {
        for now in times {
            for expires in times {
                let nonce = Nonce { client_key: "c", token: None, timestamp, nonce: "n" };
                let _ = log.check_and_insert_now(nonce, now, expires);
                assert_ne!(log.check_and_insert_now(nonce, now, expires), NonceStatus::Fresh);
            }
        }
    }
}
