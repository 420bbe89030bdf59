//! Our clients against two providers that are not ours: `provider.py`, on oauthlib, and `authlib_provider.py`.
//!
//! ```text
//! INTEROP_PYTHON=… cargo test --all-features --test interop -- --ignored --nocapture
//! ```
//!
//! `INTEROP_PYTHON` is a Python with what `requirements.txt` has; `.ci/run interop` makes one. The last line
//! says how many cells of the table were accepted and refused, as they should be.
#![cfg(all(feature = "reqwest-blocking", feature = "hyper", feature = "rsa"))]

mod authlib;
mod builders;
mod client;
mod forgery;
#[path = "../support/keys.rs"]
mod keys;
mod party;
mod provider;
mod retry;
mod sample;
mod table;
mod tally;

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use client::Kind;
use tally::Tally;

/// It takes a minute or two in a debug build, most of it RSA.
const OVERALL_LIMIT: Duration = Duration::from_secs(480);

/// Every client, method and request.
#[test]
#[ignore = "needs Python: .ci/run interop"]
fn the_provider_accepts_what_is_right_and_refuses_what_is_not() {
    let started = Instant::now();
    let (sender, receiver) = mpsc::channel();
    for kind in Kind::ALL {
        let sender = sender.clone();
        // Nobody listens any more where time is up.
        thread::spawn(move || {
            let mut tally = table::run(kind);
            tally.add(authlib::run(kind));
            sender.send((kind, tally))
        });
    }
    drop(sender);
    let mut total = Tally::default();
    for _ in Kind::ALL {
        let (kind, tally) = receiver
            .recv_timeout(OVERALL_LIMIT.saturating_sub(started.elapsed()))
            .expect("every client comes to its end, and in time");
        println!("{kind}: {tally}");
        total.add(tally);
    }
    println!("interop, {} clients: {total}, in {:.0?}", Kind::ALL.len(), started.elapsed());
    assert!(total.failures.is_empty(), "{}", total.failures.join("\n"));
}
