//! The vectors, every row of them, through the public API: `tests/vectors/README.md` tells what they are.
//!
//! `OAUTH1_VECTORS=FILE[:FILE…]` adds files of the same schema. Run with `--nocapture` for the counts.

// A signer and what it signed are told apart well enough.
#![allow(clippy::similar_names)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use oauth1_signer::SignError;
use serde_json::Value;
use support::disputed::{DECISIONS, Decision};
use support::keys::Keys;
use support::row::{Expected, Row};
use support::run::{Outcome, Ways, check, in_every_way};
use support::{oracle, published};

fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)
}

/// A file of the larger collection, which does not travel with the project; None where it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(name);
    if !path.exists() {
        println!("{name}: skipped, the collection that it is in is not here");
        return None;
    }
    Some(path)
}

fn rows(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows =
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")));
    rows.collect()
}

/// What became of the rows of a file, by id.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: Vec<String>,
    refused: BTreeSet<String>,
    not_built: usize,
}

impl Tally {
    fn of(path: &Path) -> Self {
        let keys = Keys::beside(path);
        let (mut tally, mut ways) = (Self::default(), Ways::default());
        for row in rows(path) {
            let id = row["id"].as_str().expect("each row has an id").to_owned();
            match run(&row, &keys, &mut ways) {
                Outcome::Passed => tally.passed += 1,
                Outcome::Failed(failures) => tally.failed.push(format!("{id}: {}", failures.join("\n  "))),
                Outcome::Refused => assert!(tally.refused.insert(id.clone()), "{id} is there twice"),
                Outcome::NotBuilt => tally.not_built += 1,
            }
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Self { passed, failed, refused, not_built } = &tally;
        let Ways { http, text, url, low_level } = ways;
        println!(
            "{name}: {passed} passed, {} failed, {} refused, {not_built} not built \
             (requests: {http} by http::Request, {text} by text, {url} by url::Url, {low_level} by parts)",
            failed.len(),
            refused.len(),
        );
        if !refused.is_empty() {
            println!("{name}: refused: {}", refused.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
        }
        assert!(failed.is_empty(), "{name}: {} failed\n{}", failed.len(), failed.join("\n"));
        tally
    }

    fn rows(&self) -> usize {
        self.passed + self.failed.len() + self.refused.len() + self.not_built
    }
}

/// A row of any of the three kinds of file.
fn run(row: &Value, keys: &Keys, ways: &mut Ways) -> Outcome {
    if row["kind"].is_string() {
        published::run(row, keys, ways)
    } else if row["rfc_clear"].is_boolean() {
        run_disputed(row, keys, ways)
    } else {
        check(&Row::of(row), &Expected::of(&row["expect"]), keys, ways)
    }
}

#[test]
fn public() {
    let path = own("public.jsonl");
    let tally = Tally::of(&path);
    assert_eq!(tally.rows(), 1539);
    let keys = Keys::beside(&path);
    // Only the rows that repeat a parameter which the signer sends may be refused (§3.1), and these
    // are marked.
    let mut repeating = BTreeSet::new();
    for row in rows(&path).iter().map(Row::of) {
        if row.repeated().is_empty() || row.signer(&keys).is_none() {
            continue;
        }
        let marks = ["oauth-prefix", "oauth-signature-param", "sort-name"];
        assert!(
            row.tags.iter().any(|tag| marks.contains(&tag.as_str())),
            "{} is not marked: {:?}",
            row.id,
            row.tags
        );
        repeating.insert(row.id);
    }
    assert!(!repeating.is_empty());
    assert_eq!(tally.refused, repeating);
    assert_eq!(tally.not_built > 0, cfg!(not(feature = "rsa")));
}

#[test]
fn published_specifications() {
    let tally = Tally::of(&own("published-specifications.jsonl"));
    assert_eq!((tally.rows(), tally.passed), (27, 27));
}

/// All that was published; the refused ones are no http or https URIs, as `published` tells by the row.
#[test]
fn published() {
    if let Some(path) = shared("published.jsonl") {
        let tally = Tally::of(&path);
        assert_eq!(tally.rows(), 239);
        assert_eq!(tally.not_built > 0, cfg!(not(feature = "rsa")));
    }
}

#[test]
fn disputed() {
    if let Some(path) = shared("disputed.jsonl") {
        let decided: BTreeSet<&str> = DECISIONS.iter().map(|(id, _)| *id).collect();
        let rows = rows(&path);
        let there: BTreeSet<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!(decided, there, "one decision for each row");
        let tally = Tally::of(&path);
        let refused = DECISIONS
            .iter()
            .filter(|(_, decision)| matches!(decision, Decision::Refused(..) | Decision::RefusedAsText(..)));
        assert_eq!(tally.refused, refused.map(|(id, _)| (*id).to_owned()).collect());
        assert_eq!(tally.passed + tally.refused.len(), decided.len());
    }
}

#[test]
fn from_the_environment() {
    for path in std::env::var("OAUTH1_VECTORS").unwrap_or_default().split(':').filter(|path| !path.is_empty())
    {
        Tally::of(Path::new(path));
    }
}

/// A request that the RFC leaves open, by the table of decisions.
fn run_disputed(row: &Value, keys: &Keys, ways: &mut Ways) -> Outcome {
    let expected = Expected::of(&row["expect"]);
    let row = Row::of(row);
    let decision = DECISIONS.iter().find(|(id, _)| *id == row.id);
    match decision.unwrap_or_else(|| panic!("no decision on {}", row.id)).1 {
        Decision::Agrees => check(&row, &expected, keys, ways),
        Decision::Differs(base_string, _) => {
            assert_ne!(expected.base_string.as_deref(), Some(base_string), "{} does not differ", row.id);
            assert_eq!(row.signature_method, "HMAC-SHA1");
            let secrets = (row.client.1.as_str(), row.token_secret.as_deref().unwrap_or_default());
            let signature = oracle::sign_bytes(oracle::Method::HmacSha1, secrets, base_string);
            let expected =
                Expected { base_string: Some(base_string.into()), signature: Some(signature), auth: None };
            check(&row, &expected, keys, ways)
        }
        Decision::Refused(error, _) => refused_with(error, None, &row, keys, ways),
        Decision::RefusedAsText(error, _) => {
            refused_with(error, expected.base_string.as_deref(), &row, keys, ways)
        }
    }
}

/// `by_http` is the base string where `http::Uri` takes the URL.
fn refused_with(error: &str, by_http: Option<&str>, row: &Row, keys: &Keys, ways: &mut Ways) -> Outcome {
    let Some(signer) = row.signer(keys) else { return Outcome::NotBuilt };
    let mut failures = Vec::new();
    for (way, answer) in in_every_way(row, &signer, ways) {
        match (answer, by_http.filter(|_| way == "http")) {
            (Ok(answer), Some(expected)) if answer.base_string == expected => {}
            (Err(found), None) if name_of(&found) == error => {}
            (answer, expected) => {
                let answer = answer.map(|answer| answer.base_string);
                failures.push(format!("{way}: got {answer:?}, expected {}", expected.unwrap_or(error)));
            }
        }
    }
    if failures.is_empty() { Outcome::Refused } else { Outcome::Failed(failures) }
}

/// The name of an error's variant: the first word that is not of a layer above.
fn name_of(error: &SignError) -> String {
    let shown = format!("{error:?}");
    let mut words =
        shown.split(|c: char| !c.is_alphanumeric()).filter(|word| !["Request", "Url"].contains(word));
    words.next().unwrap_or_default().to_owned()
}

/// Both formats of a key give the same signature, and the public key verifies it by itself.
#[cfg(feature = "rsa")]
#[test]
fn keys_of_both_formats_sign_alike() {
    use base64::Engine;
    use oauth1_signer::{
        ClientCredentials, SignatureMethod, Signer,
        signature::{BodyHashAlgorithm, RsaPrivateKey},
    };
    use rsa::pkcs8::DecodePublicKey;

    // RFC 8017 §9.2, note 1.
    let prefix = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
        0x04, 0x20,
    ];
    let keys = Keys::beside(&own("public.jsonl"));
    for name in ["a", "b"] {
        let [pkcs8, pkcs1] = ["pkcs8", "pkcs1"].map(|format| {
            let key = RsaPrivateKey::from_pem(&keys.pem(name, format)).expect("a key");
            let signer =
                Signer::builder(ClientCredentials::new("key", "")).method(SignatureMethod::rsa_sha256(key));
            signer.build().expect("a signer").sign_bytes(b"text").expect("a signature")
        });
        assert_eq!(pkcs8, pkcs1, "{name}");
        let signature = base64::engine::general_purpose::STANDARD.decode(pkcs8).expect("base64");
        let public = rsa::PublicKey::from_public_key_pem(&keys.pem(name, "pub")).expect("a public key");
        let verify = |text: &[u8]| {
            let hashed = [&prefix[..], &BodyHashAlgorithm::Sha256.of(text)].concat();
            public.verify(rsa::Pkcs1v15Sign::new_unprefixed(), &hashed, &signature)
        };
        assert_eq!(verify(b"text"), Ok(()), "{name}");
        assert!(verify(b"texts").is_err(), "{name}");
    }
}
