//! Whether the time that a proof takes tells something (dudect: Welch's t-test over two classes of
//! inputs).
//!
//! `max t` says whether there is a difference at all: 4.5 and more are hardly chance. That is what the
//! position of a wrong octet must stay below. `max tau` says how large it is, in standard deviations of a
//! single measurement. Known and unknown are records at two places in memory, and that alone makes a
//! nanosecond or a few: so do two known ones (`one_known_client_or_another`). That difference must stay
//! below one deviation.
//!
//! Each has a naive twin, which makes the mistake that is looked for, and must be caught, with a `max t`
//! above 10, and a `max tau` above 10 where it answers early. Else the measurement is too coarse to say
//! anything.
//!
//! ```sh
//! cargo bench --bench timing
//! ```

#![allow(missing_docs, clippy::unwrap_used, clippy::similar_names)]

use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dudect_bencher::ctbench::{BenchFn, BenchMetadata, BenchName, BenchOpts, run_benches_console};
use dudect_bencher::rand::RngExt;
use dudect_bencher::{BenchRng, Class, CtRunner};
use http::{HeaderValue, Request};
use oauth1_signer::verify::{Claim, ClientRecord, Policy, Rejection, TokenRecord};
use oauth1_signer::{ClientCredentials, Origin, Signer, Stamp, TokenCredentials, percent_encode};

const CLIENT_KEY: &str = "dpf43f3p2l4k3l03";
const TOKEN: &str = "nnch734d00sl2jdk";
// As long as those that a provider of this crate issues: how long a secret is does take its time.
const CLIENT_SECRET: &str = "kd94hf93k423kf44kd94hf93k4";
const TOKEN_SECRET: &str = "pfkkdhi9sl3r4s00pfkkdhi9sl";

/// Of each class about half as many.
const SAMPLES: usize = 400_000;

/// Until caches and branch predictors have seen all.
const IDLE: usize = 10_000;

const SITES: usize = 16;

const ORIGIN: &str = "https://photos.example.net";
const TARGET: &str = "/photos?file=vacation.jpg&size=original";

fn main() -> std::io::Result<()> {
    let benches: [(_, BenchFn); 6] = [
        ("position_of_the_wrong_octet", position_of_the_wrong_octet),
        ("naive_position_of_the_wrong_octet", naive_position_of_the_wrong_octet),
        ("known_or_unknown_client", known_or_unknown_client),
        ("naive_known_or_unknown_client", naive_known_or_unknown_client),
        ("one_known_client_or_another", one_known_client_or_another),
        ("known_or_unknown_token", known_or_unknown_token),
    ];
    let benches = benches.map(|(name, benchfn)| BenchMetadata { name: BenchName(name), seed: None, benchfn });
    run_benches_console(BenchOpts::default(), benches.into())
}

/// A signature that is wrong in its first octet, or in its last.
fn position_of_the_wrong_octet(runner: &mut CtRunner, rng: &mut BenchRng) {
    compare(runner, rng, [Wrong::First, Wrong::Last], |site, _, claim| {
        claim.prove(Some(&site.client), Some(&site.token)).is_ok()
    });
}

/// The same, and then the comparison that most implementations have.
fn naive_position_of_the_wrong_octet(runner: &mut CtRunner, rng: &mut BenchRng) {
    compare(runner, rng, [Wrong::First, Wrong::Last], |site, class, claim| {
        claim.prove(Some(&site.client), Some(&site.token)).is_ok()
            | is_equal_at_first_sight(&site.presented[class], &site.signature)
    });
}

/// A client that is known, or not; the signature is wrong in both cases.
fn known_or_unknown_client(runner: &mut CtRunner, rng: &mut BenchRng) {
    compare(runner, rng, [Wrong::Last; 2], |site, class, claim| {
        let record = [Some(&site.client), None][class];
        claim.prove(black_box(record), Some(&site.token)).is_ok()
    });
}

/// The same by a server that refuses an unknown client at once.
fn naive_known_or_unknown_client(runner: &mut CtRunner, rng: &mut BenchRng) {
    compare(runner, rng, [Wrong::Last; 2], |site, class, claim| {
        let record = black_box([Some(&site.client), None][class]);
        record.is_some() && claim.prove(record, Some(&site.token)).is_ok()
    });
}

/// Two records of the same client: what their places make.
fn one_known_client_or_another(runner: &mut CtRunner, rng: &mut BenchRng) {
    compare(runner, rng, [Wrong::Last; 2], |site, class, claim| {
        let record = [Some(&site.client), Some(&site.again)][class];
        claim.prove(black_box(record), Some(&site.token)).is_ok()
    });
}

/// A token that is known, or not; the signature is wrong in both cases.
fn known_or_unknown_token(runner: &mut CtRunner, rng: &mut BenchRng) {
    compare(runner, rng, [Wrong::Last; 2], |site, class, claim| {
        let record = [Some(&site.token), None][class];
        claim.prove(Some(&site.client), black_box(record)).is_ok()
    });
}

/// Proves claims of two classes in random order. Each is read anew, from octets that are written to
/// where the last one's were.
///
/// There are several sites that are the same, their records at places of all kinds.
fn compare(
    runner: &mut CtRunner,
    rng: &mut BenchRng,
    wrong: [Wrong; 2],
    prove: impl Fn(&Site, usize, &Claim<'_>) -> bool,
) {
    let mut litter = Vec::new();
    let sites: Vec<Site> = (0..SITES).map(|_| Site::new(rng, &mut litter)).collect();
    let headers = wrong.map(|wrong| sites[0].header(wrong));
    let mut request = Request::get(TARGET).body(()).unwrap();
    for round in 0..IDLE + SAMPLES {
        let class = usize::from(rng.random::<bool>());
        let site = &sites[rng.random_range(0..SITES)];
        request.headers_mut().clear();
        request.headers_mut().insert("authorization", HeaderValue::from_str(&headers[class]).unwrap());
        let claim = site.policy.read(&request).unwrap();
        let run = || prove(site, black_box(class), black_box(&claim));
        if round < IDLE {
            black_box(run());
        } else {
            runner.run_one([Class::Left, Class::Right][class], run);
        }
    }
}

fn is_equal_at_first_sight(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| black_box(one) == other)
}

#[derive(Clone, Copy)]
enum Wrong {
    First,
    Last,
}

struct Site {
    policy: Policy,
    client: ClientRecord,
    again: ClientRecord,
    token: TokenRecord,
    right: String,
    signature: Vec<u8>,
    /// Wrong in its first octet, and in its last.
    presented: [Vec<u8>; 2],
}

impl Site {
    fn new(rng: &mut BenchRng, litter: &mut Vec<Vec<u8>>) -> Self {
        let client = ClientCredentials::new(CLIENT_KEY, CLIENT_SECRET);
        let token = TokenCredentials::new(TOKEN, TOKEN_SECRET);
        let signer = Signer::builder(client.clone()).token(token.clone()).build().unwrap();
        let request = Request::get(format!("{ORIGIN}{TARGET}")).body(()).unwrap();
        let signed = signer.sign_with(&request, Stamp::new(1_700_000_000, "nonce").unwrap()).unwrap();
        let right = signed.to_header().to_str().unwrap().to_owned();
        let signature = STANDARD.decode(signed.signature()).unwrap();
        let presented = [Wrong::First, Wrong::Last].map(|wrong| wrong.of(&signature));

        let mut scatter = || litter.push(vec![0; rng.random_range(1..200)]);
        scatter();
        let policy = Policy::new(Origin::new(ORIGIN).unwrap());
        scatter();
        let client = ClientRecord::new(client).unwrap();
        scatter();
        let again = client.clone();
        scatter();
        let token = TokenRecord::new(token, CLIENT_KEY);
        scatter();
        let site = Self { policy, client, again, token, right, signature, presented };
        // What is measured is what it says. This makes what stands for unknown records, too.
        assert!(site.prove(&site.right).is_ok());
        for wrong in [Wrong::First, Wrong::Last] {
            assert!(site.prove(&site.header(wrong)).is_err());
        }
        site
    }

    fn prove(&self, header: &str) -> Result<(), Rejection> {
        let request = Request::get(TARGET).header("authorization", header).body(()).unwrap();
        let claim = self.policy.read(&request)?;
        claim.prove(Some(&self.client), Some(&self.token)).map(drop)
    }

    fn header(&self, wrong: Wrong) -> String {
        let encoded = |octets: &[u8]| percent_encode(STANDARD.encode(octets));
        self.right.replace(&encoded(&self.signature), &encoded(&wrong.of(&self.signature)))
    }
}

impl Wrong {
    /// The signature with one octet changed.
    fn of(self, signature: &[u8]) -> Vec<u8> {
        let mut octets = signature.to_vec();
        let at = match self {
            Self::First => 0,
            Self::Last => octets.len() - 1,
        };
        octets[at] ^= 1;
        octets
    }
}
