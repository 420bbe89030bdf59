//! Bad and odd input to the flow, case by case: responses of a provider, callbacks and PINs. Whoever reads an error
//! learns what to do, but nothing of what the provider or the callback said.
#![allow(clippy::unwrap_used, clippy::too_many_lines, reason = "a table of cases, in a test")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/mod.rs"]
mod support;

mod callbacks;
mod responses;

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{Debug, Display};

use http::Response;
use oauth1_signer::flow::{CallbackError, CredentialsResponse, FlowError, ResponseError, ResponseRejected};
use oauth1_signer::{TemporaryCredentials, TokenCredentials, percent_encode};
use support::photos::{self, CLIENT, TEMPORARY, VERIFIER, flow, sent, temporary};

/// What every good response here says: nothing of it may turn up in an error.
const GOOD: &str = "oauth_token=t0ken-1dentifier&oauth_token_secret=s3cret-0f-the-token";
const CONFIRMED: &str =
    "oauth_token=t0ken-1dentifier&oauth_token_secret=s3cret-0f-the-token&oauth_callback_confirmed=true";

const TOKEN: &str = "t0ken-1dentifier";
const SECRET: &str = "s3cret-0f-the-token";

/// Words of the protocol, which errors name, and so do responses.
const VOCABULARY: [&str; 10] = [
    "oauth_callback_confirmed=true",
    "oauth_callback_confirmed",
    "oauth_token_secret",
    "oauth_token",
    "oauth_verifier",
    "timestamp_refused",
    "Content-Type",
    "Accept-Encoding",
    "Endpoints::accept_oauth_1_0",
    "Signer::clock_offset_to",
];

/// One case: its name, what goes in, and what comes out.
struct Row(&'static str, Input, Outcome);

enum Input {
    /// A response to the request for temporary credentials.
    Temporary(Response<Vec<u8>>),
    /// A response to the request for token credentials.
    Token(Response<Vec<u8>>),
    /// What the user comes back with, to the credentials of RFC 5849 §1.2.
    Callback(String),
    /// What the user types in.
    Pin(String),
    /// What the client asks the provider to call.
    Asked(&'static str),
}

enum Outcome {
    /// Token, secret and the further fields.
    Issued(&'static str, &'static str, &'static [(&'static str, &'static str)]),
    /// The verification code that goes out in the next request.
    Granted(&'static str),
    /// An error, and a piece of its text: the remedy, where there is one.
    Rejected(Reason, &'static str),
}

/// An error, in a form that compares.
#[derive(Debug, PartialEq)]
enum Reason {
    Response(ResponseError),
    /// A problem that the provider reports: its code, and the timestamps it would have taken.
    Problem(&'static str, Option<(u64, u64)>),
    Callback(CallbackError),
    Flow(FlowError),
}

use Input::{Asked, Callback, Pin, Temporary, Token};
use Outcome::{Granted, Rejected};

#[test]
fn each_case_has_its_outcome() {
    let mut names = BTreeSet::new();
    let named = |kind| move |Row(name, input, outcome)| (format!("{kind}: {name}"), input, outcome);
    let responses = responses::rows().into_iter().map(named("response"));
    let callbacks = callbacks::rows().into_iter().map(named("callback"));
    for (name, input, outcome) in responses.chain(callbacks) {
        assert!(names.insert(name.clone()), "{name} is there twice");
        let mut shown = Shown::default();
        match (ask(&input, &mut shown), outcome) {
            (Ok(told), outcome) => check_told(&name, &told, &outcome),
            (Err((error, text)), Rejected(expected, piece)) => {
                assert_eq!(error, expected, "{name}");
                assert!(text.contains(piece), "{name}: no {piece:?} in {text:?}");
                check_text(&name, &text);
                shown.check_error(&name, input.bytes());
            }
            (Err((error, text)), _) => panic!("{name}: {text}: {error:?}"),
        }
        shown.check_secrets(&name);
    }
}

/// What came out of an input that was taken.
enum Told {
    Nothing,
    Issued(String, String, Vec<(String, String)>),
    Granted(String),
}

/// What is to know about an error: itself, and its text.
type Failure = (Reason, String);

fn ask(input: &Input, shown: &mut Shown) -> Result<Told, Failure> {
    let flow = flow();
    shown.debug(&flow);
    match input {
        Temporary(answer) => {
            let leg = flow.temporary_credentials(photos::CALLBACK).unwrap();
            shown.debug(&leg);
            shown.debug(leg.unsigned());
            let issued = leg.parse_response(answer).map_err(|error| shown.response(&error))?;
            shown.debug(&issued);
            Ok(told(&issued, TemporaryCredentials::token, TemporaryCredentials::expose_secret))
        }
        Token(answer) => {
            let leg = flow.token_credentials(&photos::grant()).unwrap();
            shown.debug(&leg);
            shown.debug(leg.unsigned());
            let issued = leg.parse_response(answer).map_err(|error| shown.response(&error))?;
            shown.debug(&issued);
            Ok(told(&issued, TokenCredentials::token, TokenCredentials::expose_secret))
        }
        Callback(text) | Pin(text) => {
            let taken = match input {
                Callback(_) => flow.callback(temporary(), text),
                _ => flow.pin(temporary(), text),
            };
            let grant = match taken {
                Ok(grant) => grant,
                Err(refused) => {
                    shown.debug(&refused);
                    // Where the token is not the pending one, anybody can have sent it.
                    let is_foreign = matches!(
                        refused.reason(),
                        CallbackError::TokenMismatch | CallbackError::MissingToken { .. }
                    );
                    assert!(!(is_foreign && refused.names_pending_token()), "{refused:?}");
                    let failure = shown.callback(refused.reason());
                    assert_eq!(refused.to_string(), failure.1);
                    // They are still there, for another try.
                    let pending = refused.into_credentials();
                    assert_eq!((pending.token(), pending.expose_secret()), TEMPORARY);
                    return Err(failure);
                }
            };
            shown.debug(&grant);
            let leg = flow.token_credentials(&grant).unwrap();
            shown.debug(&leg);
            Ok(Told::Granted(sent(&leg).get("oauth_verifier").unwrap()))
        }
        Asked(callback) => match flow.temporary_credentials(*callback) {
            Ok(_) => Ok(Told::Nothing),
            Err(error) => {
                shown.error(&error);
                Err((Reason::Flow(error.clone()), error.to_string()))
            }
        },
    }
}

fn told<C>(issued: &CredentialsResponse<C>, token: fn(&C) -> &str, secret: fn(&C) -> &str) -> Told {
    let credentials = &issued.credentials;
    let fields = issued.fields.iter().map(photos::owned).collect();
    Told::Issued(token(credentials).to_owned(), secret(credentials).to_owned(), fields)
}

fn check_told(name: &str, told: &Told, outcome: &Outcome) {
    match (told, outcome) {
        (
            Told::Issued(token, secret, fields),
            Outcome::Issued(wanted_token, wanted_secret, wanted_fields),
        ) => {
            assert_eq!((&**token, &**secret), (*wanted_token, *wanted_secret), "{name}");
            let wanted: Vec<_> = wanted_fields.iter().copied().map(photos::owned).collect();
            assert_eq!(*fields, wanted, "{name}");
        }
        (Told::Granted(verifier), Granted(expected)) => assert_eq!(verifier, expected, "{name}"),
        _ => panic!("{name} was taken"),
    }
}

/// What an error's text must be: short, of one sentence, and about something that can be looked at.
fn check_text(name: &str, text: &str) {
    let subjects = ["response", "provider", "callback", "verification code", "user"];
    assert!(subjects.iter().any(|subject| text.contains(subject)), "{name}: what is {text:?} about?");
    assert!(text.starts_with(|c: char| c.is_ascii_lowercase()), "{name}: {text:?}");
    assert!(!text.ends_with(['.', '\n']), "{name}: {text:?}");
    assert!(text.len() < 200, "{name}: {text:?}");
}

impl Input {
    /// What an error must not repeat.
    fn bytes(&self) -> &[u8] {
        match self {
            Temporary(answer) | Token(answer) => answer.body(),
            Callback(text) | Pin(text) => text.as_bytes(),
            Asked(_) => b"",
        }
    }
}

/// What was shown, to be searched.
#[derive(Default)]
struct Shown {
    of_values: Vec<String>,
    of_errors: Vec<String>,
}

impl Shown {
    fn debug(&mut self, value: &dyn Debug) {
        self.of_values.extend([format!("{value:?}"), format!("{value:#?}")]);
    }

    fn error(&mut self, error: &dyn Error) {
        let display: &dyn Display = &error;
        self.of_errors.extend([format!("{display}"), format!("{error:?}"), format!("{error:#?}")]);
        if let Some(source) = error.source() {
            self.error(source);
        }
    }

    fn response(&mut self, rejected: &ResponseRejected) -> Failure {
        self.error(rejected);
        let error = rejected.reason();
        self.error(error);
        let ResponseError::Problem(problem) = error else {
            return (Reason::Response(error.clone()), error.to_string());
        };
        (of_problem(problem), error.to_string())
    }

    fn callback(&mut self, error: &CallbackError) -> Failure {
        self.error(error);
        let CallbackError::Problem(problem) = error else {
            return (Reason::Callback(error.clone()), error.to_string());
        };
        (of_problem(problem), error.to_string())
    }

    /// No secret of anybody's is in anything.
    fn check_secrets(&self, name: &str) {
        for secret in [SECRET, CLIENT.1, TEMPORARY.1, VERIFIER] {
            for form in [secret.to_owned(), percent_encode(secret)] {
                for shown in self.of_values.iter().chain(&self.of_errors) {
                    assert!(!shown.contains(&form), "{name}: {form} in {shown}");
                }
            }
        }
    }

    /// No twelve bytes of what came in are in an error, nor in the Debug of what an error carries.
    fn check_error(&self, name: &str, bytes: &[u8]) {
        let bytes = &bytes[..bytes.len().min(4096)];
        let pieces = bytes.windows(12).filter_map(|piece| std::str::from_utf8(piece).ok());
        let pieces: BTreeSet<&str> = pieces.collect();
        for shown in &self.of_errors {
            let shown = VOCABULARY.iter().fold(shown.clone(), |shown, word| shown.replace(word, ""));
            for piece in &pieces {
                assert!(!shown.contains(piece), "{name}: {piece:?} in {shown:?}");
            }
        }
    }
}

fn of_problem(problem: &oauth1_signer::problem::Problem) -> Reason {
    let known = ["timestamp_refused"].into_iter().find(|code| *code == problem.code());
    let timestamps = problem.acceptable_timestamps().map(|range| (*range.start(), *range.end()));
    Reason::Problem(known.unwrap_or("another"), timestamps)
}

/// The search does find what is there.
#[test]
fn what_is_shown_is_searched() {
    let mut shown = Shown::default();
    shown.debug(&SECRET);
    assert!(std::panic::catch_unwind(|| shown.check_secrets("")).is_err());
    let mut shown = Shown::default();
    shown.of_errors.push("the answer was t0ken-1dentif, alas".to_owned());
    assert!(std::panic::catch_unwind(|| shown.check_error("", GOOD.as_bytes())).is_err());
}
