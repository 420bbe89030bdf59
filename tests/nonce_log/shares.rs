//! Nobody can take another's room.

use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceStatus};

use super::{NOW, WINDOW};

fn ask(log: &MemoryNonceLog, client_key: &str, token: Option<&str>, nonce: &str, now: u64) -> NonceStatus {
    let nonce = Nonce { client_key, token, timestamp: now, nonce };
    log.check_and_insert_now(nonce, now, now + WINDOW)
}

/// Uses nonces up to the first that finds no room, and returns how many were fresh.
fn flood(log: &MemoryNonceLog, client_key: &str, token: Option<&str>) -> usize {
    let fresh = |number: &usize| {
        let status = ask(log, client_key, token, &number.to_string(), NOW);
        assert!(matches!(status, NonceStatus::Fresh | NonceStatus::Full), "{status:?}");
        status == NonceStatus::Fresh
    };
    (0..1_000_000).take_while(fresh).count()
}

#[test]
fn a_flood_of_one_token_leaves_room_for_the_others_of_its_client() {
    let log = MemoryNonceLog::builder()
        .max_entries(1_000)
        .max_entries_per_client(300)
        .max_entries_per_token(100)
        .build()
        .unwrap();
    assert_eq!(flood(&log, "app", Some("greedy")), 100);
    assert_eq!(ask(&log, "app", Some("modest"), "0", NOW), NonceStatus::Fresh);
    assert_eq!(ask(&log, "app", Some("greedy"), "5", NOW), NonceStatus::Replayed);
    // Requests without a token count as one token, and an empty token as another.
    assert_eq!(flood(&log, "app", None), 100);
    assert_eq!(flood(&log, "app", Some("")), 99, "the client's share is 300");
    assert_eq!(ask(&log, "app", Some("modest"), "1", NOW), NonceStatus::Full);
    // The same token of another client has a share of its own.
    assert_eq!(flood(&log, "other", Some("greedy")), 100);
    assert_eq!(log.len(), 400);
}

/// 400 requests in a second with one token, of a client whose clock is
/// ahead by the whole window, for as long as that.
#[test]
fn the_defaults_hold_an_honest_busy_client() {
    let log = MemoryNonceLog::new().unwrap();
    for second in 0..700 {
        let now = NOW + second;
        for number in 0..400 {
            let text = number.to_string();
            let nonce = Nonce { client_key: "busy", token: Some("t"), timestamp: now + WINDOW, nonce: &text };
            let status = log.check_and_insert_now(nonce, now, now + 2 * WINDOW);
            assert_eq!(status, NonceStatus::Fresh, "second {second}");
        }
    }
    assert!(log.len() <= 400 * 608, "{}", log.len());
}

/// Whole proportions of the defaults: a single limit keeps the others below it.
#[test]
fn the_shares_follow_the_limit_above_them() {
    let log = MemoryNonceLog::builder().max_entries(800).build().unwrap();
    assert_eq!(flood(&log, "a", Some("t")), 100);
    assert_eq!((1..9).map(|token| flood(&log, "a", Some(&token.to_string()))).sum::<usize>(), 300);
    let log = MemoryNonceLog::builder().max_entries_per_client(40).build().unwrap();
    assert_eq!(flood(&log, "a", Some("t")), 10);
    let log = MemoryNonceLog::builder().max_entries(80).max_entries_per_client(None).build().unwrap();
    assert_eq!(flood(&log, "a", None), 10);
}

/// A share comes back, however many of others have to be forgotten first.
#[test]
fn a_share_comes_back_behind_many_of_others() {
    let log = MemoryNonceLog::builder().max_entries(100_000).max_entries_per_token(100).build().unwrap();
    for number in 0..500 {
        flood(&log, &format!("client {number}"), None);
    }
    assert_eq!(log.len(), 50_000);
    let later = NOW + WINDOW + 8;
    let mut calls = 0;
    for number in (0..500).rev() {
        let client = format!("client {number}");
        while ask(&log, &client, None, "again", later) == NonceStatus::Full {
            calls += 1;
        }
    }
    assert!(calls <= 50, "{calls} calls for 50,000 nonces");
}
