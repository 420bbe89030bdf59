//! How many cells there were, and which of them failed.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::iter;
use std::time::{SystemTime, UNIX_EPOCH};

use http::StatusCode;
use oauth1_signer::flow::ResponseError;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::client::{Answer, Outcome};

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
    pub(crate) failures: Vec<String>,
}

impl Tally {
    /// Counts a cell that was to be accepted.
    pub(crate) fn accept(&mut self, cell: &impl fmt::Display, outcome: Outcome<()>) {
        match outcome {
            Ok(()) => self.accepted += 1,
            Err(error) => self.fail(cell, &*error),
        }
    }

    /// Counts a cell that was to be refused.
    pub(crate) fn refuse(&mut self, cell: &impl fmt::Display, outcome: Outcome<()>) {
        match outcome {
            Ok(()) => self.refused += 1,
            Err(error) => self.fail(cell, &*error),
        }
    }

    fn fail(&mut self, cell: &impl fmt::Display, error: &(dyn Error + 'static)) {
        let causes = iter::successors(Some(error), |&error| error.source());
        let causes: Vec<_> = causes.map(ToString::to_string).collect();
        self.failures.push(format!("{cell}: {}", causes.join(": ")));
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.failures.extend(other.failures);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, refused, failures } = self;
        write!(formatter, "accepted {accepted}, refused {refused}, failed {}", failures.len())
    }
}

/// What a provider is to say that it saw. A body that is not known beforehand is left out.
pub(crate) struct Expected<'e> {
    pub(crate) client: &'e str,
    pub(crate) token: Option<&'e str>,
    pub(crate) method: &'e str,
    pub(crate) target: &'e str,
    pub(crate) body: Option<&'e [u8]>,
}

/// No nonce comes twice.
#[derive(Default)]
pub(crate) struct Nonces(HashSet<String>);

impl Nonces {
    /// Reads what the provider says about a call that it has accepted.
    pub(crate) fn check(&mut self, answer: &Answer, expected: &Expected<'_>) -> Outcome<()> {
        if answer.status() != StatusCode::OK {
            return Err(told(answer).into());
        }
        let seen: Value = serde_json::from_slice(answer.body())?;
        equal("client", &seen, Some(expected.client))?;
        equal("token", &seen, expected.token)?;
        equal("method", &seen, Some(expected.method))?;
        equal("target", &seen, Some(expected.target))?;
        if let Some(body) = expected.body {
            equal("body_sha256", &seen, Some(&sha256(body)))?;
        }
        let nonce = seen["nonce"].as_str().unwrap_or_default();
        if nonce.len() != 26 || !nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(format!("the nonce: {nonce:?}").into());
        }
        if !self.0.insert(nonce.to_owned()) {
            return Err(format!("a nonce that was there before: {nonce:?}").into());
        }
        let timestamp: u64 = seen["timestamp"].as_str().unwrap_or_default().parse()?;
        is_now(timestamp)
    }
}

/// Whether a call was refused for a reason, and for no other.
pub(crate) fn check_refused(answer: &Answer, reason: &str) -> Outcome<()> {
    let is_right = answer.status() == StatusCode::UNAUTHORIZED
        && *answer.body() == format!("refused: {reason}")
        && answer.headers().contains_key("WWW-Authenticate");
    if is_right { Ok(()) } else { Err(format!("{}, not: refused: {reason}", told(answer)).into()) }
}

/// Whether a leg was refused, and the error says as much as there is to say.
pub(crate) fn check_leg_refused<T>(result: Result<T, ResponseError>) -> Outcome<()> {
    match result {
        Ok(_) => Err("it was accepted".into()),
        Err(ResponseError::Status { status: StatusCode::UNAUTHORIZED, date: Some(date) }) => is_now(date),
        Err(error) => Err(format!("another error than status 401: {error:?}").into()),
    }
}

fn told(answer: &Answer) -> String {
    format!("{}: {}", answer.status(), String::from_utf8_lossy(answer.body()))
}

fn equal(name: &str, seen: &Value, expected: Option<&str>) -> Outcome<()> {
    let seen = seen[name].as_str();
    if seen == expected {
        Ok(())
    } else {
        Err(format!("the provider saw the {name} {seen:?}, not {expected:?}").into())
    }
}

fn is_now(timestamp: u64) -> Outcome<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    if now.abs_diff(timestamp) <= 120 { Ok(()) } else { Err(format!("{timestamp} is not now").into()) }
}

/// In hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().flat_map(|byte| [byte >> 4, byte & 0xF]).map(hexadecimal).collect()
}

fn hexadecimal(digit: u8) -> char {
    char::from_digit(digit.into(), 16).expect("four bits")
}
