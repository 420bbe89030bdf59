//! Clients that are not ours against the layer that verifies: seven libraries in four languages, each by
//! its driver in `tests/clients`.
//!
//! ```text
//! REAL_CLIENTS_PYTHON=…/bin/python NODE_PATH=…/node_modules \
//!     cargo test --all-features --test real_clients -- --ignored --nocapture
//! ```
//!
//! `.ci/run real_clients` installs what they need. What each of them sends and is right is admitted; then the
//! same bytes once more are refused, and so are they with any one byte of what is signed changed. What a
//! library is known to sign wrong is in `deviations.rs`, and is refused.
#![cfg(all(feature = "tower", feature = "sha2", feature = "rsa"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod cases;
mod deviations;
mod driver;
mod flips;
mod records;
mod server;
mod table;

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use driver::Library;
use table::Table;

/// It takes a minute or two in a debug build, most of it requests with a byte changed.
const OVERALL_LIMIT: Duration = Duration::from_secs(480);

#[test]
#[ignore = "needs the clients: .ci/run real_clients"]
fn what_real_clients_sign_is_admitted_once_and_nothing_else_is() {
    let started = Instant::now();
    let (sender, receiver) = mpsc::channel();
    for library in Library::ALL {
        let sender = sender.clone();
        // Nobody listens any more where time is up.
        thread::spawn(move || drop(sender.send((library, table::run(library)))));
    }
    drop(sender);
    let mut tables: Vec<(Library, Table)> = Vec::new();
    for _ in Library::ALL {
        let table = receiver
            .recv_timeout(OVERALL_LIMIT.saturating_sub(started.elapsed()))
            .expect("every client comes to its end, and in time");
        tables.push(table);
    }
    tables.sort_by_key(|(library, _)| Library::ALL.iter().position(|other| other == library));
    table::print(&tables);
    println!("real clients, {}: in {:.0?}", tables.len(), started.elapsed());

    let failures: Vec<_> = tables.iter().flat_map(|(_, table)| &table.failures).cloned().collect();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    // All of them are pinned, so that these are always the same; a case that was left out would show.
    for (library, table) in &tables {
        assert_eq!(
            table.counts(),
            deviations::expected(*library),
            "{library}: admitted, refused, unsupported"
        );
        let [_, rejected, _] = table.counts();
        println!("{library}: the mistake is named in {} of {rejected} rejected requests", table.named());
        assert_eq!(rejected - table.named(), deviations::without_claim(*library), "{library}: not named");
    }
}
