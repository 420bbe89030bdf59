//! The Authorization header, as a server reads it: as a second reader reads it, or not at all; and what
//! was accepted, written once more in another spelling, says the same.
#![no_main]

#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/oracle.rs"]
mod oracle;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/reader.rs"]
mod reader;

use arbitrary::Arbitrary;
use http::header::{AUTHORIZATION, HOST, HeaderValue};
use libfuzzer_sys::fuzz_target;
use oauth1_signer::Origin;
use oauth1_signer::verify::{Claim, Limits, Policy};

use oracle::{Pair, percent_encode};
use reader::{Arrived, header_pairs};

#[derive(Arbitrary, Debug)]
enum Case<'a> {
    /// A header as it comes.
    Raw(&'a [u8]),
    /// What must be there, and pieces of headers behind it.
    Nearly(Vec<Piece<'a>>),
}

#[derive(Arbitrary, Debug)]
enum Piece<'a> {
    Text(&'a str),
    Parameter(u8, &'a str),
    Escaped(u8),
    Comma,
    Blank,
    Tab,
    Equals,
    Quote,
    Backslash,
    Realm,
}

const NAMES: [&str; 12] = [
    "oauth_token",
    "oauth_version",
    "oauth_callback",
    "oauth_verifier",
    "oauth_body_hash",
    "oauth_nonce",
    "oauth%5fnonce",
    "oauth_tokens",
    "realm",
    "REALM",
    "r%65alm",
    "a",
];

const START: &str = "OAuth oauth_consumer_key=\"k\", oauth_signature_method=\"HMAC-SHA1\", \
                     oauth_timestamp=\"1\", oauth_signature=\"x\", ";

fuzz_target!(|case: Case<'_>| {
    let authorization = case.bytes();
    // What stands in no header cannot come.
    let Ok(value) = HeaderValue::from_bytes(&authorization) else { return };
    let policy = policy();
    let request = request(value);
    let arrived = Arrived {
        method: "GET".into(),
        origin: "https://h".into(),
        target: "/".into(),
        authorization: Some(authorization.clone()),
        content_type: None,
        body: Vec::new(),
    };
    let _ = policy.wants_body(&request);
    let Ok(claim) = policy.read(&request) else { return is_refused_with_a_reason(&policy, &arrived) };
    let reading = arrived.read().expect("it was accepted");
    let explanation = claim.explanation();
    // The values of secret parameters are redacted.
    if !explanation.base_string().contains("%5Bredacted%5D") {
        assert_eq!(explanation.base_string(), reading.base_string);
    }
    assert_eq!(Some(claim.client_key().as_bytes()), reading.get("oauth_consumer_key"));
    let token = reading.get("oauth_token").filter(|token| !token.is_empty());
    assert_eq!(claim.token().map(str::as_bytes), token);
    assert_eq!(Some(claim.signature_method().name().as_bytes()), reading.get("oauth_signature_method"));

    let pairs = header_pairs(&authorization["OAuth".len()..]).expect("it was read");
    for spelling in [strictly, verbosely] {
        let again = self::request(HeaderValue::from_str(&spelling(&pairs)).expect("visible ASCII"));
        assert_eq!(said(&policy.read(&again).expect("the same once more")), said(&claim));
    }
});

fn policy() -> Policy {
    let mut limits = Limits::default();
    // The other spellings are longer.
    limits.header = 1 << 20;
    Policy::new(Origin::new("https://h").expect("an origin"))
        .limits(limits)
        .allow_plaintext(true)
        .require_token(false)
        .allow_header_parameters(true)
}

fn request(authorization: HeaderValue) -> http::Request<()> {
    let builder = http::Request::get("/").header(HOST, "h").header(AUTHORIZATION, authorization);
    builder.body(()).expect("a request")
}

/// What a claim says: all but the signature is in the base string.
fn said(claim: &Claim<'_>) -> (String, Option<String>, String) {
    let token = claim.token().map(str::to_owned);
    (claim.client_key().to_owned(), token, claim.explanation().base_string().to_owned())
}

/// Nothing that is sound and complete is refused.
fn is_refused_with_a_reason(policy: &Policy, arrived: &Arrived) {
    let Some(reading) = arrived.read() else { return };
    let is_text = |name, may_be_empty: bool| {
        reading.get(name).is_none_or(|value| {
            let text = std::str::from_utf8(value).ok();
            value.len() <= 255
                && (may_be_empty || !value.is_empty())
                && text.is_some_and(|text| text.chars().all(|character| !character.is_ascii_control()))
        })
    };
    let method = reading.get("oauth_signature_method").unwrap_or_default();
    let is_method =
        oauth1_signer::verify::SignatureMethodName::ALL.iter().any(|one| one.name().as_bytes() == method);
    let timestamp = reading.get("oauth_timestamp");
    let is_time = timestamp.is_none_or(|timestamp| {
        timestamp.iter().all(u8::is_ascii_digit)
            && std::str::from_utf8(timestamp).is_ok_and(|text| text.parse::<u64>().is_ok_and(|time| time > 0))
    });
    let is_stamped = timestamp.is_some() && reading.get("oauth_nonce").is_some();
    let is_bare = timestamp.is_none() && reading.get("oauth_nonce").is_none() && method == b"PLAINTEXT";
    // A hash of the body is checked only where the body is handed over.
    let is_fit = is_text("oauth_consumer_key", false)
        && reading.get("oauth_consumer_key").is_some()
        && is_text("oauth_token", true)
        && is_text("oauth_nonce", false)
        && is_text("oauth_verifier", false)
        && std::str::from_utf8(reading.get("oauth_callback").unwrap_or_default()).is_ok()
        && is_method
        && reading.get("oauth_signature").is_some()
        && is_time
        && (is_stamped || is_bare)
        && reading.get("oauth_version").is_none_or(|version| version == b"1.0")
        && reading.get("oauth_body_hash").is_none();
    assert!(!is_fit, "{reading:?} was refused by {policy:?}");
}

fn strictly(pairs: &[Pair]) -> String {
    // As it is, it would be the realm.
    let is_realm = |bytes: &[u8]| bytes.eq_ignore_ascii_case(b"realm");
    written(pairs, |bytes| if is_realm(bytes) { escaped(bytes) } else { percent_encode(bytes) })
}

/// Everything escaped, in lower case.
fn verbosely(pairs: &[Pair]) -> String {
    written(pairs, escaped)
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02x}")).collect()
}

/// In reverse, for the order means nothing.
fn written(pairs: &[Pair], encode: impl Fn(&[u8]) -> String) -> String {
    // An empty name cannot be written, and none was read.
    let pairs = pairs.iter().rev().map(|(name, value)| format!("{}=\"{}\"", encode(name), encode(value)));
    format!("oauth realm=\"\\\"\" ,{}", pairs.collect::<Vec<_>>().join(","))
}

impl Case<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Raw(bytes) => bytes.to_vec(),
            Self::Nearly(pieces) => {
                let behind: String = pieces.iter().map(Piece::text).collect();
                [START, &behind].concat().into_bytes()
            }
        }
    }
}

impl Piece<'_> {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => (*text).to_owned(),
            Self::Parameter(name, value) => {
                let name = NAMES[usize::from(*name) % NAMES.len()];
                format!("{name}=\"{}\",", percent_encode(value.as_bytes()))
            }
            Self::Escaped(byte) => format!("%{byte:02X}"),
            Self::Comma => ",".into(),
            Self::Blank => " ".into(),
            Self::Tab => "\t".into(),
            Self::Equals => "=".into(),
            Self::Quote => "\"".into(),
            Self::Backslash => "\\".into(),
            Self::Realm => "realm=\"".into(),
        }
    }
}
