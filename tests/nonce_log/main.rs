//! The nonce log in memory: what it remembers, for how long, in how much room, and what a flood does.
//!
//! The heavy versions: `cargo test --release --test nonce_log -- --ignored --nocapture --test-threads 1`
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[cfg(feature = "conformance")]
mod conformance;
mod forged;
mod load;
mod key;
mod memory;
#[path = "../support/ready.rs"]
mod ready;
mod reference;
mod replay;
mod restart;
mod shares;

use oauth1_signer::verify::{MemoryNonceLog, Nonce, NonceStatus, RestartPolicy};

const NOW: u64 = 1_000_000;
const WINDOW: u64 = 300;

/// A log for times of a test's own, in which a token may have as many nonces as its client.
fn log_of(max_entries: usize, max_entries_per_client: usize) -> MemoryNonceLog {
    MemoryNonceLog::builder()
        .max_entries(max_entries)
        .max_entries_per_client(max_entries_per_client)
        .max_entries_per_token(max_entries_per_client)
        .restart_policy(RestartPolicy::AcceptAll)
        .build()
        .unwrap()
}

/// As `Proof::admit` asks: of a timestamp that is within the window.
fn ask(log: &MemoryNonceLog, client_key: &str, timestamp: u64, nonce: &str, now: u64) -> NonceStatus {
    assert!(now.abs_diff(timestamp) <= WINDOW);
    let nonce = Nonce { client_key, token: Some("token"), timestamp, nonce };
    log.check_and_insert_now(nonce, now, timestamp + WINDOW)
}
