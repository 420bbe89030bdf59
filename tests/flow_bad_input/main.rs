//! Bad and odd input to the flow, case by case: answers of a provider, callbacks and PINs.
//!
//! The numbers are those of the project's list of bad input (131–158: answers; 159–175: callbacks). The
//! rule behind the answers: credentials are taken only where RFC 5849 §2 leaves no doubt, and whoever
//! reads the error learns what to do, but nothing of what the answer said.
#![allow(clippy::unwrap_used, clippy::too_many_lines, reason = "a table of cases, in a test")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{Debug, Display};

use http::{Response, StatusCode};
use oauth1_signer::flow::{
    CallbackError, CredentialsResponse, FlowError, MAX_CALLBACK_LEN, MAX_RESPONSE_LEN, MAX_VERIFIER_LEN,
    ResponseError,
};
use oauth1_signer::{TemporaryCredentials, TokenCredentials, percent_encode};
use support::photos::{self, CLIENT, TEMPORARY, VERIFIER, answer, flow, sent, temporary};

/// What every good answer here says: nothing of it may turn up in an error.
const GOOD: &str = "oauth_token=t0ken-1dentifier&oauth_token_secret=s3cret-0f-the-token";
const CONFIRMED: &str =
    "oauth_token=t0ken-1dentifier&oauth_token_secret=s3cret-0f-the-token&oauth_callback_confirmed=true";

const TOKEN: &str = "t0ken-1dentifier";
const SECRET: &str = "s3cret-0f-the-token";

/// Words of the protocol, which errors name, and so do answers.
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

/// One case: its number, what it is, what goes in, and what comes out.
struct Row(u16, &'static str, Input, Outcome);

enum Input {
    /// An answer to the request for temporary credentials.
    Temporary(Response<Vec<u8>>),
    /// An answer to the request for token credentials.
    Token(Response<Vec<u8>>),
    /// What the user comes back with, to the credentials of RFC 5849 §1.2.
    Callback(String),
    /// What the user types in.
    Pin(String),
    /// What the client asks the provider to call.
    Asked(&'static str),
    /// Nothing to run; why, the outcome says.
    Nothing,
}

enum Outcome {
    /// Token, secret and the further fields.
    CredentialsResponse(&'static str, &'static str, &'static [(&'static str, &'static str)]),
    /// The verification code that goes out in the next request.
    Granted(&'static str),
    /// An error, and a piece of its text: the remedy, where there is one.
    Refused(RejectionReason, &'static str),
    /// There is no way to write it.
    Impossible(&'static str),
}

/// An error, in a form that compares.
#[derive(Debug, PartialEq)]
enum RejectionReason {
    Answer(ResponseError),
    /// A problem that the provider reports: its code, and the timestamps it would have taken.
    Problem(&'static str, Option<(u64, u64)>),
    Callback(CallbackError),
    Flow(FlowError),
}

use Input::{Asked, Callback, Nothing, Pin, Temporary, Token};
use Outcome::{Granted, Impossible, Refused};

fn rows() -> Vec<Row> {
    use CallbackError as C;
    use ResponseError as R;
    let temporary = |body: &str| Temporary(answer(200, &[], body));
    let token = |body: &str| Token(answer(200, &[], body));
    let typed = |content_type: &str, body: &[u8]| Token(answer(200, &[("content-type", content_type)], body));
    let callback = |query: &str| Callback(format!("https://printer.example.com/ready?{query}"));
    let issued = || Outcome::CredentialsResponse(TOKEN, SECRET, &[]);
    let refused = |error, text| Refused(RejectionReason::Answer(error), text);
    let problem = |timestamps| {
        let text = "the provider reports timestamp_refused: set the clock, or use Signer::clock_offset_to";
        Refused(RejectionReason::Problem("timestamp_refused", timestamps), text)
    };
    let not_taken = |error, text| Refused(RejectionReason::Callback(error), text);
    let wrong_url = "check the endpoint's URL";
    let page = "<html><a href=\"/?oauth_token=t0ken-1dentifier&amp;oauth_token_secret=s3cret-0f-the-token\">";
    vec![
        // What a provider answers
        Row(131, "a good answer, temporary credentials", temporary(CONFIRMED), issued()),
        Row(131, "a good answer, token credentials", token(GOOD), issued()),
        Row(
            132,
            "no token",
            token("oauth_token_secret=s3cret-0f-the-token"),
            refused(R::Missing("oauth_token"), "has no oauth_token"),
        ),
        Row(
            133,
            "no secret",
            token("oauth_token=t0ken-1dentifier"),
            refused(R::Missing("oauth_token_secret"), "has no oauth_token_secret"),
        ),
        Row(
            134,
            "an empty token",
            token("oauth_token=&oauth_token_secret=s3cret-0f-the-token"),
            refused(R::EmptyField("oauth_token"), "oauth_token is empty"),
        ),
        Row(
            134,
            "a token without its =",
            token("oauth_token&oauth_token_secret=s3cret-0f-the-token"),
            refused(R::EmptyField("oauth_token"), "oauth_token is empty"),
        ),
        // RSA methods have no use for one.
        Row(
            134,
            "… but an empty secret is one",
            token("oauth_token=t0ken-1dentifier&oauth_token_secret="),
            Outcome::CredentialsResponse(TOKEN, "", &[]),
        ),
        Row(
            135,
            "no oauth_callback_confirmed",
            temporary(GOOD),
            refused(R::CallbackNotConfirmed, "see Endpoints::accept_oauth_1_0"),
        ),
        Row(135, "… which is for temporary credentials only", token(GOOD), issued()),
        Row(
            136,
            "confirmed with false",
            temporary(&CONFIRMED.replace("=true", "=false")),
            refused(R::CallbackNotConfirmed, "see Endpoints::accept_oauth_1_0"),
        ),
        Row(
            136,
            "confirmed in upper case",
            temporary(&CONFIRMED.replace("=true", "=TRUE")),
            refused(R::CallbackNotConfirmed, "see Endpoints::accept_oauth_1_0"),
        ),
        Row(
            136,
            "confirmed with 1",
            temporary(&CONFIRMED.replace("=true", "=1")),
            refused(R::CallbackNotConfirmed, "see Endpoints::accept_oauth_1_0"),
        ),
        Row(
            137,
            "a second token",
            token(&format!("{GOOD}&oauth_token=an0ther-token")),
            refused(R::Duplicate("oauth_token"), "more than one oauth_token"),
        ),
        Row(
            137,
            "the same token again, its name encoded",
            token(&format!("{GOOD}&%6Fauth_token=t0ken-1dentifier")),
            refused(R::Duplicate("oauth_token"), "more than one oauth_token"),
        ),
        Row(
            137,
            "a second secret",
            token(&format!("{GOOD}&oauth_token_secret=an0ther-secret")),
            refused(R::Duplicate("oauth_token_secret"), "more than one oauth_token_secret"),
        ),
        Row(
            137,
            "confirmed twice",
            temporary(&format!("{CONFIRMED}&oauth_callback_confirmed=true")),
            refused(R::Duplicate("oauth_callback_confirmed"), "more than one oauth_callback_confirmed"),
        ),
        Row(
            138,
            "a page that has oauth_token= in it",
            typed("text/html", page.as_bytes()),
            refused(R::UnexpectedContentType, wrong_url),
        ),
        Row(
            138,
            "… and no Content-Type",
            token(page),
            refused(R::UnexpectedContentType, wrong_url),
        ),
        Row(
            139,
            "JSON",
            typed("application/json", br#"{"oauth_token":"t0ken-1dentifier","oauth_token_secret":"s3cret"}"#),
            refused(R::UnexpectedContentType, wrong_url),
        ),
        Row(
            139,
            "a JSON text that could be a form",
            typed("application/json", b"1234567890123"),
            refused(R::UnexpectedContentType, wrong_url),
        ),
        Row(140, "a form as text/plain", typed("text/plain; charset=utf-8", GOOD.as_bytes()), issued()),
        Row(140, "a form as text/html, which servers do", typed("text/html", GOOD.as_bytes()), issued()),
        Row(
            141,
            "401 with a problem in the body",
            Token(answer(
                401,
                &[],
                "oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1-2&oauth_token=t0ken-1dentifier",
            )),
            problem(Some((1, 2))),
        ),
        Row(
            142,
            "401 with a problem in WWW-Authenticate only",
            Token(answer(
                401,
                &[(
                    "www-authenticate",
                    "OAuth realm=\"t0ken-1dentifier\", oauth_problem=\"timestamp_refused\", \
                     oauth_acceptable_timestamps=\"1-2\"",
                )],
                "<html>s3cret-0f-the-token",
            )),
            problem(Some((1, 2))),
        ),
        Row(
            143,
            "200 with a problem",
            token(&format!("{GOOD}&oauth_problem=timestamp_refused")),
            problem(None),
        ),
        Row(144, "a line break at the end", token(&format!("{GOOD}\r\n")), issued()),
        Row(145, "a byte order mark", token(&format!("\u{feff}{GOOD}")), issued()),
        Row(
            146,
            "cut off in a name",
            token("oauth_token=t0ken-1dentifier&oauth_token_sec"),
            refused(R::Missing("oauth_token_secret"), "has no oauth_token_secret"),
        ),
        // Clients of HTTP see to it as well; here it is what the Content-Length says.
        Row(
            147,
            "shorter than its Content-Length",
            Token(answer(200, &[("content-length", "500")], GOOD)),
            refused(R::Truncated, "ask again"),
        ),
        Row(
            147,
            "just as long",
            Token(answer(200, &[("content-length", &GOOD.len().to_string())], GOOD)),
            issued(),
        ),
        // To read no further is for whoever reads it from the wire: the constant is there for that.
        Row(
            148,
            "over the limit",
            token(&format!("{GOOD}&{}", "a".repeat(MAX_RESPONSE_LEN - GOOD.len()))),
            refused(R::TooLarge, "check its URL"),
        ),
        Row(
            148,
            "… which counts for errors too",
            Token(answer(500, &[], "s3cret-0f-the-token".repeat(MAX_RESPONSE_LEN / 19 + 1))),
            refused(R::TooLarge, "check its URL"),
        ),
        Row(
            148,
            "at the limit",
            token(&format!("{GOOD}{}", "&".repeat(MAX_RESPONSE_LEN - GOOD.len()))),
            issued(),
        ),
        Row(
            149,
            "a token that is no text",
            token("oauth_token=t0ken-1dentifier%FF&oauth_token_secret=s3cret-0f-the-token"),
            refused(R::NonUtf8("oauth_token"), "oauth_token is not UTF-8"),
        ),
        Row(
            149,
            "a secret that is no text",
            token("oauth_token=t0ken-1dentifier&oauth_token_secret=s3cret-0f-the-token%C3%28"),
            refused(R::NonUtf8("oauth_token_secret"), "oauth_token_secret is not UTF-8"),
        ),
        Row(
            149,
            "a further field that is no text",
            token(&format!("{GOOD}&screen_name=caf%E9")),
            Outcome::CredentialsResponse(TOKEN, SECRET, &[("screen_name", "caf\u{fffd}")]),
        ),
        Row(
            150,
            "an escaped plus is one",
            token("oauth_token=t0ken-1dentifier&oauth_token_secret=a%2Bb"),
            Outcome::CredentialsResponse(TOKEN, "a+b", &[]),
        ),
        Row(
            151,
            "a plus is a space",
            token("oauth_token=t0ken-1dentifier&oauth_token_secret=a+b"),
            Outcome::CredentialsResponse(TOKEN, "a b", &[]),
        ),
        Row(
            152,
            "further fields are kept, in their order",
            token(&format!("user_id=7&{GOOD}&screen_name=J%20D&user_id=8")),
            Outcome::CredentialsResponse(TOKEN, SECRET, &[("user_id", "7"), ("screen_name", "J D"), ("user_id", "8")]),
        ),
        Row(
            153,
            "a name that ends in oauth_token",
            token("xoauth_token=t0ken-1dentifier&oauth_token_secret=s3cret-0f-the-token"),
            refused(R::Missing("oauth_token"), "has no oauth_token"),
        ),
        Row(
            154,
            "a redirect",
            Token(answer(302, &[("location", "https://s3cret-0f-the-token.example/")], GOOD)),
            refused(
                R::UnexpectedRedirect { status: StatusCode::FOUND },
                "redirects (302 Found): use the URL that it redirects to, if you trust it",
            ),
        ),
        Row(
            154,
            "a redirect that keeps the method",
            Token(answer(307, &[], GOOD)),
            refused(R::UnexpectedRedirect { status: StatusCode::TEMPORARY_REDIRECT }, "use the URL"),
        ),
        Row(
            154,
            "any other 3xx",
            Temporary(answer(399, &[], CONFIRMED)),
            refused(R::UnexpectedRedirect { status: StatusCode::from_u16(399).unwrap() }, "use the URL"),
        ),
        Row(
            155,
            "compressed, and it says so",
            Token(answer(200, &[("content-encoding", "br")], GOOD)),
            refused(R::UnexpectedEncoding, "let the client decode it, or send no Accept-Encoding"),
        ),
        Row(
            155,
            "compressed, and it does not say so",
            Token(answer(200, &[], b"\x1f\x8b\x08\x00s3cret-0f-the-token".to_vec())),
            refused(R::UnexpectedEncoding, "let the client decode it"),
        ),
        Row(
            155,
            "not compressed, and it says that",
            Token(answer(200, &[("content-encoding", "identity")], GOOD)),
            issued(),
        ),
        Row(156, "nothing at all", token(""), refused(R::Empty, wrong_url)),
        Row(156, "nothing but a line break", token("\r\n"), refused(R::Empty, wrong_url)),
        Row(156, "204", Token(answer(204, &[], "")), refused(R::Empty, wrong_url)),
        Row(
            157,
            "UTF-16, and it says so",
            typed("text/plain; charset=UTF-16LE", &utf16(GOOD)),
            refused(R::UnsupportedCharset, "it must be UTF-8"),
        ),
        Row(
            157,
            "UTF-16 by its byte order mark",
            Token(answer(200, &[], [b"\xFF\xFE".to_vec(), utf16(GOOD)].concat())),
            refused(R::UnsupportedCharset, "it must be UTF-8"),
        ),
        // Latin-1 has ASCII in it, and a form is ASCII.
        Row(157, "another charset", typed("text/plain; charset=ISO-8859-1", GOOD.as_bytes()), issued()),
        Row(
            158,
            "500 with a page",
            Token(answer(500, &[("content-type", "text/html")], page)),
            refused(
                R::Status { status: StatusCode::INTERNAL_SERVER_ERROR, date: None },
                "answered 500 Internal Server Error: check the endpoint's URL, the credentials and the clock",
            ),
        ),
        Row(
            158,
            "401 with credentials",
            Token(answer(401, &[("date", "Thu, 01 Jan 1970 00:01:40 GMT")], GOOD)),
            refused(R::Status { status: StatusCode::UNAUTHORIZED, date: Some(100) }, "check the endpoint's URL"),
        ),
        // What the user comes back with
        Row(159, "a good callback", Callback(photos::RETURNED.to_owned()), Granted(VERIFIER)),
        Row(
            160,
            "no token",
            callback("oauth_verifier=hfdp7dh39dks9884"),
            not_taken(C::MissingToken { html_escaped: false }, "has no oauth_token"),
        ),
        Row(
            160,
            "no query",
            Callback("https://printer.example.com/ready".to_owned()),
            not_taken(C::MissingToken { html_escaped: false }, "has no oauth_token"),
        ),
        Row(
            161,
            "no verification code",
            callback("oauth_token=hh5s93j4hdidpola"),
            not_taken(C::MissingVerifier { html_escaped: false }, "has no oauth_verifier"),
        ),
        Row(
            162,
            "another token",
            callback("oauth_token=t0ken-1dentifier&oauth_verifier=hfdp7dh39dks9884"),
            not_taken(C::TokenMismatch, "look the pending credentials up by token_of_callback"),
        ),
        Row(
            162,
            "the start of the token",
            callback("oauth_token=hh5s93j4hdidpol&oauth_verifier=hfdp7dh39dks9884"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            162,
            "an empty token",
            callback("oauth_token=&oauth_verifier=hfdp7dh39dks9884"),
            not_taken(C::TokenMismatch, "within the user's session"),
        ),
        Row(
            163,
            "a second token",
            callback("oauth_token=hh5s93j4hdidpola&oauth_verifier=v&oauth_token=hh5s93j4hdidpola"),
            not_taken(C::Duplicate("oauth_token"), "more than one oauth_token"),
        ),
        Row(
            163,
            "a second verification code",
            callback("oauth_token=hh5s93j4hdidpola&oauth_verifier=v&%6Fauth_verifier=w"),
            not_taken(C::Duplicate("oauth_verifier"), "more than one oauth_verifier"),
        ),
        Row(
            164,
            "denied",
            callback("denied=hh5s93j4hdidpola"),
            not_taken(C::Denied, "the user did not grant access"),
        ),
        Row(
            165,
            "the user refused",
            callback("oauth_token=hh5s93j4hdidpola&oauth_problem=user_refused"),
            not_taken(C::Denied, "the user did not grant access"),
        ),
        Row(
            165,
            "permission denied",
            callback("oauth_problem=permission_denied&oauth_token=hh5s93j4hdidpola&oauth_verifier=v"),
            not_taken(C::Denied, "the user did not grant access"),
        ),
        Row(
            165,
            "another problem",
            callback("oauth_problem=timestamp_refused&oauth_token=hh5s93j4hdidpola&oauth_verifier=v"),
            Refused(RejectionReason::Problem("timestamp_refused", None), "set the clock"),
        ),
        Row(
            166,
            "parameters in the fragment only",
            Callback(
                "https://printer.example.com/ready#oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884"
                    .to_owned(),
            ),
            not_taken(C::MissingToken { html_escaped: false }, "in its query"),
        ),
        Row(
            166,
            "… which has a ?",
            Callback(
                "https://printer.example.com/ready#?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884"
                    .to_owned(),
            ),
            not_taken(C::MissingToken { html_escaped: false }, "in its query"),
        ),
        Row(
            167,
            "a token secret is ignored",
            callback("oauth_token=hh5s93j4hdidpola&oauth_verifier=v&oauth_token_secret=s3cret-0f-the-token"),
            Granted("v"),
        ),
        Row(
            168,
            "the application's own parameters",
            callback("x=1&oauth_token=hh5s93j4hdidpola&oauth_verifier=v&oauth_x=2&x=1"),
            Granted("v"),
        ),
        Row(
            169,
            "escaped for HTML",
            callback("oauth_token=hh5s93j4hdidpola&amp;oauth_verifier=hfdp7dh39dks9884"),
            not_taken(
                C::MissingVerifier { html_escaped: true },
                "escaped for HTML (&amp; for &), so take it from the request itself",
            ),
        ),
        Row(
            169,
            "… with the parameters the other way round",
            callback("oauth_verifier=hfdp7dh39dks9884&amp;oauth_token=hh5s93j4hdidpola"),
            not_taken(C::MissingToken { html_escaped: true }, "escaped for HTML"),
        ),
        Row(
            170,
            "a decision used twice",
            Nothing,
            Impossible(
                "Flow::callback and Flow::pin take the temporary credentials, which cannot be cloned \
                 (the examples of TemporaryCredentials and Approval that do not compile)",
            ),
        ),
        Row(171, "blanks around a PIN", Pin(" 7650822 \r\n".to_owned()), Granted("7650822")),
        Row(172, "an empty PIN", Pin(String::new()), not_taken(C::Empty, "verification code is empty")),
        Row(172, "a PIN of blanks", Pin(" \t\u{a0}\n".to_owned()), not_taken(C::Empty, "is empty")),
        Row(
            172,
            "an empty verification code",
            callback("oauth_token=hh5s93j4hdidpola&oauth_verifier="),
            not_taken(C::Empty, "verification code is empty"),
        ),
        Row(
            173,
            "a callback over the limit",
            callback(&format!("oauth_token=hh5s93j4hdidpola&oauth_verifier=v&{}", "a".repeat(MAX_CALLBACK_LEN))),
            not_taken(C::TooLong, "too long"),
        ),
        Row(
            173,
            "a verification code over the limit",
            callback(&format!(
                "oauth_token=hh5s93j4hdidpola&oauth_verifier={}",
                "v".repeat(MAX_VERIFIER_LEN + 1)
            )),
            not_taken(C::TooLong, "too long"),
        ),
        Row(173, "a PIN over the limit", Pin("7".repeat(MAX_VERIFIER_LEN + 1)), not_taken(C::TooLong, "too long")),
        Row(
            174,
            "oob in upper case",
            Asked("OOB"),
            Refused(RejectionReason::Flow(FlowError::InvalidCallback), "it is \"oob\", in lower case"),
        ),
        Row(
            175,
            "a relative callback",
            Asked("/ready"),
            Refused(RejectionReason::Flow(FlowError::InvalidCallback), "not an absolute URI, such as https://host/path"),
        ),
        Row(
            175,
            "a callback without its scheme",
            Asked("printer.example.com/ready"),
            Refused(RejectionReason::Flow(FlowError::InvalidCallback), "such as https://host/path"),
        ),
        Row(
            175,
            "a callback relative to the scheme",
            Asked("//printer.example.com/ready"),
            Refused(RejectionReason::Flow(FlowError::InvalidCallback), "such as https://host/path"),
        ),
        Row(
            175,
            "an empty callback",
            Asked(""),
            Refused(RejectionReason::Flow(FlowError::InvalidCallback), "where there is none, it is \"oob\""),
        ),
    ]
}

/// In the order of bytes that a byte order mark of FF FE tells.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn each_case_has_its_answer() {
    let mut run = Vec::new();
    for Row(number, what, input, outcome) in rows() {
        let name = format!("case {number} ({what})");
        run.push(number);
        let mut shown = Shown::default();
        match (&input, ask(&input, &mut shown), outcome) {
            (Nothing, _, Impossible(why)) => assert!(!why.is_empty(), "{name}"),
            (_, Ok(told), outcome) => check_told(&name, &told, &outcome),
            (_, Err((error, text)), Refused(expected, piece)) => {
                assert_eq!(error, expected, "{name}");
                assert!(text.contains(piece), "{name}: no {piece:?} in {text:?}");
                check_text(&name, &text);
                shown.check_error(&name, input.bytes());
            }
            (_, Err((error, text)), _) => panic!("{name}: {text}: {error:?}"),
        }
        shown.check_secrets(&name);
    }
    assert!(run.is_sorted(), "the rows stand in the order of their numbers");
    assert_eq!(run.into_iter().collect::<BTreeSet<_>>(), (131..=175).collect());
}

/// What came out of an input that was taken.
enum Told {
    Nothing,
    CredentialsResponse(String, String, Vec<(String, String)>),
    Granted(String),
}

/// What is to know about an error: itself, and its text.
type Failure = (RejectionReason, String);

fn ask(input: &Input, shown: &mut Shown) -> Result<Told, Failure> {
    let flow = flow();
    shown.debug(&flow);
    match input {
        Temporary(answer) => {
            let leg = flow.temporary_credentials(photos::CALLBACK).unwrap();
            shown.debug(&leg);
            shown.debug(leg.unsigned());
            let issued = leg.parse_response(answer).map_err(|error| shown.answer(&error))?;
            shown.debug(&issued);
            Ok(told(&issued, TemporaryCredentials::token, TemporaryCredentials::expose_secret))
        }
        Token(answer) => {
            let leg = flow.token_credentials(&photos::grant()).unwrap();
            shown.debug(&leg);
            shown.debug(leg.unsigned());
            let issued = leg.parse_response(answer).map_err(|error| shown.answer(&error))?;
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
                Err((RejectionReason::Flow(error.clone()), error.to_string()))
            }
        },
        Nothing => Ok(Told::Nothing),
    }
}

fn told<C>(issued: &CredentialsResponse<C>, token: fn(&C) -> &str, secret: fn(&C) -> &str) -> Told {
    let credentials = &issued.credentials;
    let fields = issued.fields.iter().map(photos::owned).collect();
    Told::CredentialsResponse(token(credentials).to_owned(), secret(credentials).to_owned(), fields)
}

fn check_told(name: &str, told: &Told, outcome: &Outcome) {
    match (told, outcome) {
        (
            Told::CredentialsResponse(token, secret, fields),
            Outcome::CredentialsResponse(wanted_token, wanted_secret, wanted_fields),
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
    let subjects = ["answer", "provider", "callback", "verification code", "user"];
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
            Asked(_) | Nothing => b"",
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

    fn answer(&mut self, error: &ResponseError) -> Failure {
        self.error(error);
        let ResponseError::Problem(problem) = error else {
            return (RejectionReason::Answer(error.clone()), error.to_string());
        };
        (of_problem(problem), error.to_string())
    }

    fn callback(&mut self, error: &CallbackError) -> Failure {
        self.error(error);
        let CallbackError::Problem(problem) = error else {
            return (RejectionReason::Callback(error.clone()), error.to_string());
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

fn of_problem(problem: &oauth1_signer::problem::Problem) -> RejectionReason {
    let known = ["timestamp_refused"].into_iter().find(|code| *code == problem.code());
    let timestamps = problem.acceptable_timestamps().map(|range| (*range.start(), *range.end()));
    RejectionReason::Problem(known.unwrap_or("another"), timestamps)
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
