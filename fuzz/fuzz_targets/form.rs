//! Parameters in forms and queries, as a server reads them: as a second reader reads them, or not at
//! all; in the query as in the form, and in any order.
#![no_main]

#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/oracle.rs"]
mod oracle;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/reader.rs"]
mod reader;

use arbitrary::Arbitrary;
use http::header::{CONTENT_TYPE, HOST};
use libfuzzer_sys::fuzz_target;
use oauth1_signer::Origin;
use oauth1_signer::verify::{IncomingRequest, Limits, Policy, Rejection, RejectionReason};

use reader::Arrived;

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    query: Vec<Piece<'a>>,
    form: Vec<Piece<'a>>,
    /// Where what must be there is put, if anywhere.
    start: Start,
    limit: Option<u8>,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    Query,
    Form,
    Nowhere,
}

#[derive(Arbitrary, Debug)]
enum Piece<'a> {
    Bytes(&'a [u8]),
    Escape(u8),
    LowerCaseEscape(u8),
    And,
    Equals,
    Plus,
    Percent,
    Name(u8),
}

const NAMES: [&str; 10] = [
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature",
    "oauth_version=1.0",
    "oauth_callback",
    "oauth_verifier",
    "oauth_body_hash",
    "o%61uth_nonce",
    "oauth%5Ftoken",
    "oauth_signature_",
];

const START: &str = "&oauth_consumer_key=k&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1\
                     &oauth%5fnonce=a+%2B&oauth_signature=x&";

fuzz_target!(|case: Case<'_>| {
    let (query, form) = (case.text(&case.query, Start::Query), case.text(&case.form, Start::Form));
    let Ok(query) = String::from_utf8(query) else { return };
    let Some(arrived) = arrive(&query, &form) else { return };
    let policy = case.policy();
    let there = base_string(&policy, &arrived);
    match &there {
        Ok(base_string) => {
            let reading = arrived.read().expect("it was accepted");
            // The values of secret parameters are redacted.
            if !base_string.contains("%5Bredacted%5D") {
                assert_eq!(*base_string, reading.base_string);
            }
            let count = [query.as_bytes(), &form].map(|text| oracle::form_pairs(text).len());
            assert!(case.limit.is_none_or(|limit| count[0] + count[1] <= usize::from(limit)));
        }
        // It cannot be read as anything.
        Err(rejection) => match rejection.reason() {
            RejectionReason::InvalidPercent(_) | RejectionReason::SeveralPlaces => {
                assert!(arrived.read().is_none(), "{there:?}");
            }
            RejectionReason::Unavailable => panic!("{rejection}"),
            _ => {}
        },
    }

    // The order means nothing.
    let reversed = |text: &[u8]| {
        let mut segments: Vec<_> = text.split(|&byte| byte == b'&').collect();
        segments.reverse();
        segments.join(&b'&')
    };
    let backwards = String::from_utf8(reversed(query.as_bytes())).expect("text");
    if let Some(backwards) = arrive(&backwards, &reversed(&form)) {
        assert_eq!(base_string(&policy, &backwards).ok(), there.as_ref().ok().cloned());
    }
    // Nor does the place, but for a protocol parameter that is in both.
    let joined = [query.as_bytes(), b"&", &form].concat();
    if let (Ok(base_string), Some(joined)) = (&there, arrive("", &joined)) {
        assert_eq!(self::base_string(&policy, &joined).ok().as_ref(), Some(base_string));
    }
});

fn arrive(query: &str, form: &[u8]) -> Option<Arrived> {
    let arrived = Arrived {
        method: "POST".into(),
        origin: "http://h:8080".into(),
        target: format!("/?{query}"),
        authorization: None,
        content_type: Some(b"application/x-www-form-urlencoded".to_vec()),
        body: form.to_vec(),
    };
    // The `http` crate drops what looks like a fragment.
    head(&arrived).filter(|head| head.uri().to_string() == arrived.target).map(|_| arrived)
}

fn head(arrived: &Arrived) -> Option<http::Request<()>> {
    let builder = http::Request::post(&arrived.target).header(HOST, "h:8080");
    builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(()).ok()
}

fn base_string(policy: &Policy, arrived: &Arrived) -> Result<String, Rejection> {
    let head = head(arrived).expect("it has come before");
    assert!(policy.wants_body(&head));
    let claim = policy.read(IncomingRequest::from(&head).body(&arrived.body))?;
    Ok(claim.explanation().base_string().to_owned())
}

impl Case<'_> {
    fn policy(&self) -> Policy {
        let mut limits = Limits::default();
        (limits.url, limits.body) = (1 << 20, 1 << 20);
        limits.parameters = self.limit.map_or(1 << 20, usize::from);
        Policy::new(Origin::new("http://h:8080").expect("an origin")).limits(limits).require_token(false)
    }

    fn text(&self, pieces: &[Piece<'_>], place: Start) -> Vec<u8> {
        let mut text = if self.start == place { START.as_bytes().to_vec() } else { Vec::new() };
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => text.extend_from_slice(bytes),
                Piece::Escape(byte) => text.extend(format!("%{byte:02X}").bytes()),
                Piece::LowerCaseEscape(byte) => text.extend(format!("%{byte:02x}").bytes()),
                Piece::And => text.push(b'&'),
                Piece::Equals => text.push(b'='),
                Piece::Plus => text.push(b'+'),
                Piece::Percent => text.push(b'%'),
                Piece::Name(name) => text.extend(NAMES[usize::from(*name) % NAMES.len()].bytes()),
            }
        }
        text
    }
}
