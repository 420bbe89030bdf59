//! One library with every method and every request: what is to be admitted, and what to be refused.

use http::StatusCode;
use oauth1_signer::verify::RejectionReason;

use crate::cases::{CASES, Case, Kind};
use crate::deviations::deviation;
use crate::driver::{Driver, Library, Reply};
use crate::flips;
use crate::records::Party;
use crate::server::{Captured, Server};

/// How many there were of a kind.
#[derive(Clone, Copy, Default)]
struct Row {
    admitted: usize,
    /// The library's own mistakes.
    deviating: usize,
    /// Those of them whose mistake the server's diagnosis names.
    named: usize,
    unsupported: usize,
    replays: usize,
    flips: usize,
}

#[derive(Default)]
pub(crate) struct Table {
    rows: [Row; Kind::ALL.len()],
    pub(crate) failures: Vec<String>,
}

impl Table {
    /// Requests that were admitted, refused, and unsupported.
    pub(crate) fn counts(&self) -> [usize; 3] {
        let sum = |of: fn(&Row) -> usize| self.rows.iter().map(of).sum();
        [sum(|row| row.admitted), sum(|row| row.deviating), sum(|row| row.unsupported)]
    }

    /// Rejected requests whose mistake the server's diagnosis names.
    pub(crate) fn named(&self) -> usize {
        self.rows.iter().map(|row| row.named).sum()
    }
}

pub(crate) fn run(library: Library) -> Table {
    let (server, mut driver) = (Server::start(), Driver::start(library));
    let mut table = Table::default();
    for party in Party::all() {
        for (number, case) in CASES.iter().enumerate() {
            let at = Kind::ALL.iter().position(|kind| *kind == case.kind).unwrap();
            let row = &mut table.rows[at];
            // Each byte of the first of each kind; of the others each eleventh, not always the same.
            let spread = if party.algorithm == "HMAC-SHA1" && row.admitted == 0 { 1 } else { 11 };
            let outcome = check(library, &server, &mut driver, &party, case, row).and_then(|captured| {
                let Some(captured) = captured else { return Ok(()) };
                check_replay(&server, &captured)?;
                row.replays += 1;
                row.flips += check_flips(&server, &captured, &party, number % spread, spread)?;
                Ok(())
            });
            if let Err(error) = outcome {
                table.failures.push(format!("{library}, {}, {}: {error}", party.algorithm, case.name));
            }
        }
    }
    table
}

/// What was admitted is as it arrived; there is none where it was rightly not.
fn check(
    library: Library,
    server: &Server,
    driver: &mut Driver,
    party: &Party,
    case: &Case,
    row: &mut Row,
) -> Result<Option<Captured>, String> {
    server.diagnose();
    let reply = driver.send(server.origin(), case, party);
    let (mut captured, mut told) = server.take();
    let (status, body) = match reply? {
        Reply::Answered { status, body } => (status, body),
        Reply::Unsupported if captured.is_empty() => {
            row.unsupported += 1;
            return Ok(None);
        }
        Reply::Unsupported => return Err("it was sent nevertheless".into()),
    };
    let (Some(captured), [], told) = (captured.pop(), &captured[..], told.pop()) else {
        return Err("more requests have arrived than one, or less".into());
    };
    match (deviation(library, party, case), told) {
        (None, None) if status == 200 => {}
        (Some(deviation), Some(told)) if told.why == deviation.told => {
            row.deviating += 1;
            let names: Vec<_> = told.mistakes.iter().map(|mistake| mistake.name()).collect();
            if names.join(" and ") != deviation.named {
                return Err(format!("named {names:?} instead of {:?}\n{:?}", deviation.named, told.page));
            }
            row.named += usize::from(!names.is_empty());
            return Ok(None);
        }
        (Some(deviation), told) => {
            let (expected, reason) = (deviation.told, deviation.reason);
            return Err(format!("{status} {body:?} instead of: {expected}, since {reason}\n  {told:?}"));
        }
        (None, told) => return Err(format!("{status} {body:?}\n  {told:?}\n  {captured:?}")),
    }
    // An answer to HEAD has no body.
    let user = if case.has_token { "jane" } else { "nobody" };
    let expected = format!("{} for {user}, {} bytes", party.client_key, captured.body.len());
    if body != expected && case.method != "HEAD" {
        return Err(format!("it was answered {body:?}, not {expected:?}"));
    }
    row.admitted += 1;
    Ok(Some(captured))
}

fn check_replay(server: &Server, captured: &Captured) -> Result<(), String> {
    let verdict = server.send(captured)?;
    let is_replay = verdict.told.as_ref().is_some_and(|told| told.refusal == Some(RejectionReason::Replayed));
    if verdict.status == StatusCode::UNAUTHORIZED && is_replay {
        Ok(())
    } else {
        Err(format!("as a replay: {verdict:?}"))
    }
}

/// Each is refused for what it is, and not just because its nonce was used by the original.
fn check_flips(
    server: &Server,
    captured: &Captured,
    party: &Party,
    skip: usize,
    spread: usize,
) -> Result<usize, String> {
    let flips = if party.signs() { flips::of_signed(captured) } else { flips::of_plaintext(captured) };
    let flips: Vec<_> = flips.into_iter().skip(skip).step_by(spread).collect();
    for flip in &flips {
        let verdict = server.send(&flip.request)?;
        let refusal = verdict.told.as_ref().map(|told| told.refusal.as_ref());
        let is_refused = match refusal {
            Some(Some(RejectionReason::Replayed)) | None => false,
            // The layer looks at the time before it looks at the signature.
            Some(Some(RejectionReason::Stale)) => {
                flips::timestamp(&flip.request) != flips::timestamp(captured)
            }
            Some(Some(_)) => verdict.status == StatusCode::UNAUTHORIZED,
            Some(None) => verdict.status == StatusCode::BAD_REQUEST,
        };
        if !is_refused {
            return Err(format!(
                "{} flipped: {verdict:?}\n  {:?}\n  was {captured:?}",
                flip.place, flip.request
            ));
        }
    }
    Ok(flips.len())
}

pub(crate) fn print(tables: &[(Library, Table)]) {
    println!(
        "{:20} {:14} {:>8} {:>8} {:>11} {:>7} {:>6}",
        "", "", "admitted", "refused", "unsupported", "replays", "flips"
    );
    for (library, table) in tables {
        let mut name = library.to_string();
        for (kind, row) in Kind::ALL.iter().zip(&table.rows) {
            let Row { admitted, deviating, unsupported, replays, flips, .. } = row;
            println!(
                "{name:20} {:14} {admitted:>8} {deviating:>8} {unsupported:>11} {replays:>7} {flips:>6}",
                kind.name()
            );
            name.clear();
        }
    }
    let sum =
        |of: fn(&Row) -> usize| -> usize { tables.iter().flat_map(|(_, table)| &table.rows).map(of).sum() };
    println!(
        "{:20} {:14} {:>8} {:>8} {:>11} {:>7} {:>6}",
        "all",
        "",
        sum(|row| row.admitted),
        sum(|row| row.deviating),
        sum(|row| row.unsupported),
        sum(|row| row.replays),
        sum(|row| row.flips)
    );
}
