//! How much room the log takes.

use allocation_counter::measure;
use oauth1_signer::verify::{Nonce, NonceStatus};

use super::log_of;

const MIB: f64 = 1024.0 * 1024.0;

/// What so many nonces take, of so many clients, over a window of so many seconds: in bytes for each.
/// It is what the log asks for; the allocator's own share is in the process's size, which is printed.
fn bytes_each(count: usize, clients: usize, window: u64) -> f64 {
    let mut log = None;
    let before = resident();
    let measured = measure(|| {
        let log = log.insert(log_of(count, count));
        let now = 10 * window;
        for number in 0..count {
            let (client, text) = (format!("client {}", number % clients), format!("nonce {number}"));
            let timestamp = now - window + number as u64 * 7 % (2 * window + 1);
            let nonce = Nonce { client_key: &client, token: Some("token"), timestamp, nonce: &text };
            assert_eq!(log.check_and_insert_now(nonce, now, timestamp + window), NonceStatus::Fresh);
        }
    });
    let bytes = f64::from(u32::try_from(measured.bytes_current).unwrap());
    let most = f64::from(u32::try_from(measured.bytes_max).unwrap());
    println!(
        "{count} nonces of {clients} clients, window {window} s: {:.1} MiB, at most {:.1} MiB; the process grew by {:.1} MiB",
        bytes / MIB,
        most / MIB,
        resident().zip(before).map_or(f64::NAN, |(after, before)| (after - before) / MIB),
    );
    bytes / f64::from(u32::try_from(count).unwrap())
}

/// The process's size in memory, in bytes, where Linux tells it.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? * 1024.0)
}

/// 32 MiB for each million.
const LIMIT: f64 = 32.0 * MIB / 1e6;

#[test]
fn a_nonce_takes_little() {
    for clients in [3, 500] {
        let bytes = bytes_each(50_000, clients, 300);
        assert!(bytes <= LIMIT, "{bytes} for each");
    }
}

/// A client and its token take less than twice what a nonce does.
#[test]
fn a_client_with_one_token_takes_less_than_two_nonces() {
    let bytes = bytes_each(50_000, 50_000, 300);
    assert!(bytes <= 2.5 * LIMIT, "{bytes} for each");
}

#[test]
#[ignore = "heavy: .ci/run load"]
fn a_million_take_less_than_32_mib() {
    for (clients, window) in [(1, 300), (3, 300), (10_000, 300), (3, 43_200), (3, 1)] {
        let bytes = bytes_each(1_000_000, clients, window);
        assert!(bytes <= LIMIT, "{bytes} for each");
    }
    let bytes = bytes_each(1_000_000, 1_000_000, 300);
    assert!(bytes <= 2.5 * LIMIT, "{bytes} for each");
}

/// What has expired gives its room back, clients and all.
#[test]
fn room_is_given_back() {
    let log = log_of(10_000, 10_000);
    let measured = measure(|| {
        for round in 0..20_u64 {
            let now = 1_000_000 + round * 700;
            for number in 0..1_000 {
                let (client, text) = (format!("client {round} {number}"), format!("nonce {number}"));
                let timestamp = now + number % 300;
                let nonce = Nonce { client_key: &client, token: None, timestamp, nonce: &text };
                assert_eq!(log.check_and_insert_now(nonce, now, timestamp + 300), NonceStatus::Fresh);
            }
        }
    });
    assert_eq!(log.len(), 1_000);
    // As much as the last round, and not as twenty.
    let bytes = measured.bytes_current;
    assert!((16_000..100_000).contains(&bytes), "{bytes}");
}
