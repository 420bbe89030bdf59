//! Tests that the time of a rejection tells nothing: by Welch's t-test, as dudect does it (Reparaz, Balasch
//! and Verbauwhede, "Dude, is my code constant time?").
//!
//! `cargo bench --bench timing` measures, prints, and fails by itself: where |t| of a claim's proof is 4.5
//! or more, or where a naive control is not caught with more than 10. The machine is busy at times, and a
//! leak is there each time: so a bench that fails is run again, four times at most. Whether a record is there
//! may still show a little then, by where it lies in memory: a hundredth of the control is let pass, and said.
//!
//! Each control is the proof as it is with one naive step more, under the same noise: what it would show of
//! such a leak in the proof itself, it shows there.
//!
//! The secrets have as many characters as those that stand in for unknown clients and tokens. Time follows
//! the length of the key, in every HMAC: that is told to nobody who could not time single nanoseconds.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::process::{Command, ExitCode};

use dudect_bencher::ctbench::{BenchMetadata, BenchName, BenchOpts, run_benches_console};
use dudect_bencher::rand::RngExt;
use dudect_bencher::{BenchRng, Class, CtRunner};
use http::Request;
use http::header::{AUTHORIZATION, HOST, HeaderValue};
use oauth1_signer::verify::{Claim, ClientRecord, Policy, TokenRecord};
use oauth1_signer::{ClientCredentials, Origin, RequestRef, Signer, TokenCredentials};

type Bench = fn(&mut CtRunner, &mut BenchRng);

/// By name, and what is wanted of it.
const BENCHES: [(&str, Bench, Lookup); 5] = [
    ("control_flipped_bit", control_flipped_bit, Lookup::Caught),
    ("control_unknown_client", control_unknown_client, Lookup::Caught),
    ("flipped_bit", flipped_bit, Lookup::Nothing),
    ("unknown_client", unknown_client, Lookup::NothingBut("control_unknown_client")),
    ("unknown_token", unknown_token, Lookup::NothingBut("control_unknown_client")),
];

#[derive(Clone, Copy)]
enum Lookup {
    /// A control: it must be seen.
    Caught,
    /// No difference.
    Nothing,
    /// None, or no more than a hundredth of what this control shows. On some machines it can be seen that
    /// two records lie in two places, even two of the same client.
    NothingBut(&'static str),
}

/// For what is wrong in one and the same request.
const SAMPLES: usize = 200_000;
/// For records that are there or not. They lie in other places of memory than those that stand in for them,
/// which comes to some tenths of a nanosecond, now for the one and now for the other: more samples than
/// these show nothing else. These are enough for about one nanosecond of the 800 that a proof takes.
const SAMPLES_OF_RECORDS: usize = 20_000;
/// How many of them with the same records.
const BATCH: usize = 100;
const ATTEMPTS: usize = 5;

/// What this program calls itself with, to read what is printed.
const MEASURE: &str = "--measure";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == MEASURE) {
        measure(&arguments[at + 1]);
        return ExitCode::SUCCESS;
    }
    // Whoever only wants to see that it runs (`cargo test --all-targets`) does not want to wait.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let failures = BENCHES.iter().filter(|(name, _, wanted)| !passes(name, *wanted)).count();
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measure(name: &str) {
    let bench = BENCHES.iter().find(|(present, ..)| *present == name);
    let (name, benchfn, _) = *bench.expect("a bench of that name");
    let bench = BenchMetadata { name: BenchName(name), seed: None, benchfn };
    run_benches_console(BenchOpts::default(), vec![bench]).unwrap();
}

fn passes(name: &str, wanted: Lookup) -> bool {
    let mut least = f64::INFINITY;
    for attempt in 1..=ATTEMPTS {
        let t = t_of(name);
        least = least.min(t.abs());
        let (is_good, limit) = match wanted {
            Lookup::Caught => (t.abs() > 10.0, "> 10"),
            Lookup::Nothing | Lookup::NothingBut(_) => (t.abs() < 4.5, "< 4.5"),
        };
        let verdict = if is_good { "good" } else { "not good" };
        println!("{name:24} t = {t:+9.2}, wanted |t| {limit:5}: {verdict} (attempt {attempt})");
        if is_good {
            return true;
        }
    }
    let Lookup::NothingBut(control) = wanted else { return false };
    let of_control = t_of(control).abs();
    let is_little = least < of_control / 100.0;
    let verdict = if is_little { "little" } else { "too much" };
    println!("{name:24} t = {least:9.2} at the least, beside {of_control:.0} of {control}: {verdict}");
    is_little
}

/// In a process of its own, since the library prints its result and tells it nobody else.
fn t_of(name: &str) -> f64 {
    let output = Command::new(std::env::current_exe().unwrap()).args([MEASURE, name]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let t = text.split("max t = ").nth(1).and_then(|rest| rest.split(',').next());
    t.and_then(|t| t.trim().parse().ok()).unwrap_or_else(|| panic!("no t in {text:?}"))
}

// --- the benches ---

/// The signature is wrong in its first byte, or in its last.
fn flipped_bit(runner: &mut CtRunner, rng: &mut BenchRng) {
    run(runner, rng, |server, claim, _| refused(claim, Some(&server.client), Some(&server.token)));
}

/// With an early exit from a comparison of the two texts.
fn control_flipped_bit(runner: &mut CtRunner, rng: &mut BenchRng) {
    run(runner, rng, |server, claim, [expected, presented]| {
        let is_refused = refused(claim, Some(&server.client), Some(&server.token));
        // Byte by byte, as many a loop does it.
        let is_equal = expected.iter().zip(presented).all(|(one, other)| black_box(one) == other);
        is_refused && !is_equal
    });
}

/// The client is known and the signature wrong, or the client is not known.
fn unknown_client(runner: &mut CtRunner, rng: &mut BenchRng) {
    run_of_one_request(runner, rng, |server, claim, is_known| {
        refused(claim, black_box(is_known.then_some(&server.client)), Some(&server.token))
    });
}

/// With an early return for whom nobody knows.
fn control_unknown_client(runner: &mut CtRunner, rng: &mut BenchRng) {
    run_of_one_request(runner, rng, |server, claim, is_known| {
        let Some(client) = black_box(is_known.then_some(&server.client)) else { return true };
        refused(claim, Some(client), Some(&server.token))
    });
}

/// The token is known and the signature wrong, or the token is not known.
fn unknown_token(runner: &mut CtRunner, rng: &mut BenchRng) {
    run_of_one_request(runner, rng, |server, claim, is_known| {
        refused(claim, Some(&server.client), black_box(is_known.then_some(&server.token)))
    });
}

fn refused(claim: &Claim<'_>, client: Option<&ClientRecord>, token: Option<&TokenRecord>) -> bool {
    claim.prove(client, token).is_err()
}

/// Times `step` with claims of two kinds: the one has its signature wrong at the start, the other at the
/// end. It is given what the signature should be, too, and what it is.
fn run(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    step: impl Fn(&Server, &Claim<'_>, &[Signature; 2]) -> bool,
) {
    let server = Server::new();
    let sent: Vec<Sent> = (0..64).map(|_| server.send()).collect();
    // Always in the same place of memory, whatever is read: it is not the place that is timed.
    let mut request = sent[0].request.clone();
    for _ in 0..SAMPLES {
        let (sent, is_left) = (&sent[rng.random_range(0..sent.len())], rng.random::<bool>());
        let (class, side) = if is_left { (Class::Left, 0) } else { (Class::Right, 1) };
        request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_str(&sent.headers[side]).unwrap());
        let mut signatures = [SIGNATURE, SIGNATURE];
        signatures[0].copy_from_slice(sent.signature.as_bytes());
        signatures[1].copy_from_slice(sent.wrong[side].as_bytes());
        let claim = server.policy.read(&request).unwrap();
        runner.run_one(class, || step(&server, &claim, &signatures));
    }
}

/// Times `step` with one and the same wrong signature, by a flag.
fn run_of_one_request(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    step: impl Fn(&Server, &Claim<'_>, bool) -> bool,
) {
    for _ in 0..SAMPLES_OF_RECORDS / BATCH {
        // Each time elsewhere in memory: it is not the place that is timed, and a text that lies across two
        // lines of the cache takes longer to read.
        let gaps: Vec<Vec<u8>> = (0..32).map(|_| vec![0; rng.random_range(1..200)]).collect();
        let server = Server::new();
        let sent = server.send();
        let mut request = sent.request.clone();
        request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_str(&sent.headers[0]).unwrap());
        let claim = server.policy.read(&request).unwrap();
        for _ in 0..BATCH {
            let is_known = rng.random::<bool>();
            let class = if is_known { Class::Left } else { Class::Right };
            runner.run_one(class, || step(&server, &claim, is_known));
        }
        drop(black_box(gaps));
    }
}

struct Server {
    signer: Signer,
    policy: Policy,
    client: ClientRecord,
    token: TokenRecord,
}

/// A request with two wrong signatures, both as long on the wire.
struct Sent {
    signature: String,
    wrong: [String; 2],
    /// Without its header, and two headers for it.
    request: Request<()>,
    headers: [String; 2],
}

/// An HMAC-SHA1 in base64.
type Signature = [u8; 28];
const SIGNATURE: Signature = [0; 28];

impl Server {
    fn new() -> Self {
        let client = ClientCredentials::new("xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3Wp");
        let token = TokenCredentials::new("370773112-GmHxMAgYyLbNEtIK", "LswwdoUaIvS8ltyTt5jkRh4J50");
        Self {
            signer: Signer::builder(client.clone()).token(token.clone()).build().unwrap(),
            policy: Policy::new(Origin::new("https://h").unwrap()),
            client: ClientRecord::new(client).unwrap(),
            token: TokenRecord::new(token, "xvz1evFS4wEEPTGEFPHBog"),
        }
    }

    fn send(&self) -> Sent {
        loop {
            let signed = self.signer.sign(RequestRef::new("GET", "https://h/?count=20").unwrap()).unwrap();
            let signature = signed.signature();
            // An escape more or less would be another request, not another byte.
            let places = [0, signature.len() - 3];
            let is_fit = places.iter().all(|&at| signature.as_bytes()[at].is_ascii_uppercase());
            if !is_fit {
                continue;
            }
            let wrong = places.map(|at| {
                let mut wrong = signature.clone().into_bytes();
                // Other bits of a byte's upper half, and a letter as before.
                wrong[at] = if wrong[at] == b'Q' { b'A' } else { b'Q' };
                String::from_utf8(wrong).unwrap()
            });
            let header = signed.to_header().to_str().unwrap().to_owned();
            let encode = oauth1_signer::percent_encode;
            let headers = [0, 1].map(|side| header.replace(&encode(&signature), &encode(&wrong[side])));
            let request = Request::get("/?count=20").header(HOST, "h").body(()).unwrap();
            return Sent { signature, wrong, request, headers };
        }
    }
}
