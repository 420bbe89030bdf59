//! Both sides against each other: what a signer signs, the verifier admits, once; with one byte
//! changed it is refused, unless the change says the same. What "the same" is, a second reader tells,
//! which shares nothing with the library (`support::reader`).
//!
//! The requests are the same in each run. `PROPTEST_RNG_SEED` gives others, `PROPTEST_CASES` more.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

mod case;
mod rewritten;
#[path = "../support/mod.rs"]
mod support;

use std::cell::Cell;

#[cfg(feature = "rsa")]
use case::rsa_public_key;
use case::{Case, Rsa, case, for_all};
use oauth1_signer::verify::{ClientRecord, Rejection, RejectionReason, SignatureMethodName, TokenRecord};
use oauth1_signer::{ClientCredentials, TokenCredentials};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use support::oracle::{Body, BodyHashPolicy, Method, Request, Settings};
use support::parties::{FORM, Server, Way, log};
use support::reader::{Arrived, Reading};

#[test]
fn what_is_signed_is_admitted_once() {
    let (admitted, unsent) = (Cell::new(0_u32), Cell::new(0_u32));
    for_all(1024, &case(), |case| {
        let arrived = case.send();
        let Some(head) = arrived.head() else { return unsent.set(unsent.get() + 1) };
        let (server, log) = (case.server(&arrived), log());
        let verified = server.verify(&head, &arrived.body, &log).unwrap();
        assert_eq!(verified.client_key(), case.settings.client.0);
        let token = case.settings.token.as_ref().map(|(token, _)| token.as_str());
        assert_eq!(verified.token(), token.filter(|token| !token.is_empty()));
        assert_eq!(verified.callback(), case.settings.callback.as_deref());
        assert_eq!(verified.verifier(), case.settings.verifier.as_deref());
        admitted.set(admitted.get() + 1);

        let again = server.verify(&head, &arrived.body, &log);
        if case.is_stamped() {
            assert_eq!(again.unwrap_err().reason(), &RejectionReason::Replayed);
        } else {
            again.unwrap();
        }
        assert_eq!(log.len(), usize::from(case.is_stamped()));
    });
    let (admitted, unsent) = (admitted.get(), unsent.get());
    assert!(admitted > 20 * unsent, "{admitted} admitted, {unsent} could not be sent");
}

/// The second reader sees what was signed: else it could not judge changes.
#[test]
fn the_second_reader_reads_what_the_first_reads() {
    for_all(512, &case(), |case| {
        let arrived = case.send();
        let Some(head) = arrived.head() else { return };
        let server = case.server(&arrived);
        let received = oauth1_signer::verify::IncomingRequest::from(&head).body(&arrived.body);
        let claim = server.policy.read(received).unwrap();
        let reading = arrived.read().expect("it is sound");
        // An explanation redacts these, which is tested in tests/redaction.
        if !["oauth_verifier", "oauth_session_handle"].iter().any(|name| reading.base_string.contains(name)) {
            assert_eq!(claim.explanation().base_string(), reading.base_string);
        }
        assert_eq!(Some(claim.client_key().as_bytes()), reading.get("oauth_consumer_key"));
        assert_eq!(claim.signature_method(), case.algorithm());
    });
}

/// Where a change is made, and what it is.
#[derive(Clone, Debug)]
struct Change {
    part: Part,
    at: Index,
    edit: Edit,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Method,
    Target,
    Header,
    ContentType,
    Body,
}

#[derive(Clone, Copy, Debug)]
enum Edit {
    Replace(u8),
    FlipBit(u8),
    Insert(u8),
    Remove,
}

fn change() -> impl Strategy<Value = Change> {
    let part = prop_oneof![
        1 => Just(Part::Method),
        6 => Just(Part::Target),
        8 => Just(Part::Header),
        1 => Just(Part::ContentType),
        6 => Just(Part::Body),
    ];
    let byte = prop_oneof![
        2 => any::<u8>(),
        3 => select(&b"%+&=?/;,\"\\ \t0aAfF_.-~#@"[..]),
    ];
    let edit = prop_oneof![
        3 => byte.clone().prop_map(Edit::Replace),
        3 => (0..8_u8).prop_map(Edit::FlipBit),
        1 => byte.prop_map(Edit::Insert),
        1 => Just(Edit::Remove),
    ];
    (part, any::<Index>(), edit).prop_map(|(part, at, edit)| Change { part, at, edit })
}

impl Change {
    /// None where there is nothing to change, or where it cannot be sent.
    fn of(&self, arrived: &Arrived) -> Option<Arrived> {
        let mut changed = arrived.clone();
        let edit =
            |bytes: &[u8]| (!bytes.is_empty()).then(|| self.edit.of(bytes, self.at.index(bytes.len())));
        let edit_text = |text: &str| edit(text.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
        match self.part {
            Part::Method => changed.method = edit_text(&arrived.method)?,
            Part::Target => changed.target = edit_text(&arrived.target)?,
            Part::Header => changed.authorization = Some(edit(arrived.authorization.as_deref()?)?),
            Part::ContentType => changed.content_type = Some(edit(arrived.content_type.as_deref()?)?),
            Part::Body => changed.body = edit(&arrived.body)?,
        }
        Some(changed)
    }
}

impl Edit {
    fn of(self, bytes: &[u8], at: usize) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        match self {
            Self::Replace(byte) => bytes[at] = byte,
            Self::FlipBit(bit) => bytes[at] ^= 1 << bit,
            Self::Insert(byte) => bytes.insert(at, byte),
            Self::Remove => drop(bytes.remove(at)),
        }
        bytes
    }
}

/// What became of changed requests.
#[derive(Debug, Default)]
struct Tally {
    refused: Cell<u32>,
    same: Cell<u32>,
}

impl Tally {
    /// A changed request is admitted where it says what was signed, and refused where it does not.
    fn judge(&self, server: &Server, case: &Case, original: &Arrived, changed: &Arrived) {
        let Some(head) = changed.head() else { return };
        let answer = server.verify(&head, &changed.body, &log());
        let said = original.read().expect("it was admitted");
        if is_same(case, original, &said, changed, &head) {
            // Nothing but these is covered with PLAINTEXT: the rest may have become unfit.
            assert!(answer.is_ok() || case.is_plaintext(), "{changed:?} says the same: {answer:?}");
            self.same.set(self.same.get() + 1);
        } else {
            let rejection = answer.map(|_| ()).expect_err(&format!("{changed:?} is not what was signed"));
            assert_ne!(rejection.reason(), &RejectionReason::Unavailable);
            self.refused.set(self.refused.get() + 1);
        }
    }
}

fn is_same(
    case: &Case,
    original: &Arrived,
    said: &Reading,
    changed: &Arrived,
    head: &http::Request<()>,
) -> bool {
    // A target that has become an authority is for no path of this server.
    let Some(now_said) = changed.read().filter(|_| head.uri().authority().is_none()) else { return false };
    if case.is_plaintext() {
        // An empty token is none.
        let covered = |reading: &Reading| {
            ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_token"]
                .map(|name| reading.get(name).filter(|value| !value.is_empty()).map(<[u8]>::to_vec))
        };
        let is_hashed = said.get("oauth_body_hash") == now_said.get("oauth_body_hash");
        let is_body = said.get("oauth_body_hash").is_none() || original.body == changed.body;
        return covered(said) == covered(&now_said) && (!is_hashed || is_body);
    }
    *said == now_said && (said.get("oauth_body_hash").is_none() || original.body == changed.body)
}

#[test]
fn one_changed_byte_is_refused_unless_it_says_the_same() {
    let tally = Tally::default();
    for_all(512, &(case(), vec(change(), 1..32)), |(case, changes)| {
        let original = case.send();
        let server = case.server(&original);
        for change in changes {
            if let Some(changed) = change.of(&original).filter(|changed| *changed != original) {
                tally.judge(&server, &case, &original, &changed);
            }
        }
    });
    // Both must have been seen often.
    assert!(tally.refused.get() > 1_000 && tally.same.get() > 100, "{tally:?}");
}

/// Each bit of a request that has all there is, in each way and by each method.
#[test]
fn each_bit_counts() {
    let mut methods: Vec<(Method, Option<Rsa>)> = vec![
        (Method::HmacSha1, None),
        #[cfg(feature = "sha2")]
        (Method::HmacSha256, None),
        #[cfg(feature = "sha2")]
        (Method::HmacSha512, None),
        (Method::Plaintext, None),
    ];
    if cfg!(feature = "rsa") {
        methods.extend([Rsa::Sha1, Rsa::Sha256, Rsa::Sha512].map(|rsa| (Method::HmacSha1, Some(rsa))));
    }
    let tally = Tally::default();
    for (number, (method, rsa)) in methods.into_iter().enumerate() {
        for (way, form) in [(Way::Header, true), (Way::Header, false), (Way::Form, true), (Way::Query, false)]
        {
            let case = Case { settings: all_there_is(method), request: to_be_signed(form), way, rsa };
            let case = Case { settings: Settings { body_hash: hash_unless(form), ..case.settings }, ..case };
            let original = case.send();
            let server = case.server(&original);
            server.verify(&original.head().unwrap(), &original.body, &log()).unwrap();
            // Every byte, and with the first method every bit of it; fewer where each takes its time.
            let step = if rsa.is_some() { 7 } else { 1 };
            for bit in if number == 0 { 0..8 } else { 0..1 } {
                for changed in flipped(&original, bit).iter().step_by(step) {
                    tally.judge(&server, &case, &original, changed);
                }
            }
        }
    }
    assert!(tally.refused.get() > 5_000, "{tally:?}");
}

fn flipped(original: &Arrived, bit: u8) -> Vec<Arrived> {
    let mut all = Vec::new();
    let mut push = |set: &dyn Fn(&mut Arrived, Vec<u8>) -> Option<()>, bytes: &[u8]| {
        for at in 0..bytes.len() {
            let mut changed = original.clone();
            if set(&mut changed, Edit::FlipBit(bit).of(bytes, at)).is_some() {
                all.push(changed);
            }
        }
    };
    let mut set_text = |field: fn(&mut Arrived) -> &mut String, text: &str| {
        push(
            &|changed, bytes| {
                *field(changed) = String::from_utf8(bytes).ok()?;
                Some(())
            },
            text.as_bytes(),
        );
    };
    set_text(|changed| &mut changed.method, &original.method);
    set_text(|changed| &mut changed.target, &original.target);
    let mut set_bytes = |field: fn(&mut Arrived, Vec<u8>), bytes: &[u8]| {
        push(
            &|changed, bytes| {
                field(changed, bytes);
                Some(())
            },
            bytes,
        );
    };
    let header = original.authorization.as_deref().unwrap_or_default();
    set_bytes(|changed, bytes| changed.authorization = Some(bytes), header);
    set_bytes(|changed, bytes| changed.body = bytes, &original.body);
    all
}

fn hash_unless(form: bool) -> BodyHashPolicy {
    if form { BodyHashPolicy::Off } else { BodyHashPolicy::Always }
}

fn all_there_is(method: Method) -> Settings {
    Settings {
        client: ("c k".into(), "c&s%".into()),
        token: Some(("t+k".into(), "tsé".into())),
        send_empty_token: false,
        method,
        version: true,
        callback: Some("https://c/?a=b&c".into()),
        verifier: Some("v".into()),
        parameters: vec![("x é".into(), "1&2".into()), ("oauth_session_handle".into(), String::new())],
        realm: Some(r#"a "\ b, c="d""#.into()),
        body_hash: BodyHashPolicy::Off,
        timestamp: support::parties::NOW.to_string(),
        nonce: "n/+".into(),
    }
}

fn to_be_signed(form: bool) -> Request {
    let (content_type, body) =
        if form { (FORM, "c2&a3=2+q&=%2B%20") } else { ("application/json", r#"{"a":[1,"+"]}"#) };
    Request {
        method: "POST".into(),
        url: "https://[2001:db8::1]:8443/r%20v/%7e;x?b5=%3D%253D&a3=a&a3=&c%40=&%c3%a9".into(),
        query: Vec::new(),
        content_type: Some(content_type.into()),
        body: Body::Bytes(body.into()),
    }
}

/// What the grammar of lists (RFC 9110 §5.6.1) and the encoding leave open says the same.
#[test]
fn other_spellings_say_the_same() {
    let case = Case {
        settings: all_there_is(Method::HmacSha1),
        request: to_be_signed(true),
        way: Way::Header,
        rsa: None,
    };
    let original = case.send();
    let header = String::from_utf8(original.authorization.clone().unwrap()).unwrap();
    for (from, to) in [
        ("=\"", " =\""),
        ("=\"", "\t= \t\""),
        ("=\"", "= \""),
        ("\", ", "\" ,"),
        ("\", ", "\",,\t, ,"),
        ("OAuth ", "oaUTH\t, "),
        // Nor must be escaped what can stand as it is: and `+` is no space there.
        ("%2B", "+"),
        ("%2F", "/"),
        ("%3A", "%3a"),
        ("oauth_nonce", "%6Fauth%5fnonce"),
    ] {
        assert!(header.contains(from), "{from:?}");
        // The realm's own text may be changed too: it is not signed.
        let authorization = Some(header.replace(from, to).into_bytes());
        let changed = Arrived { authorization, ..original.clone() };
        assert_eq!(changed.read(), original.read(), "{from:?} {to:?}");
        let server = case.server(&changed);
        server.verify(&changed.head().unwrap(), &changed.body, &log()).unwrap();
    }
}

/// §3.1: a parameter of the header is there once, whatever it is and however it is spelled.
#[test]
fn twins_in_a_header_are_refused() {
    let case = Case {
        settings: all_there_is(Method::HmacSha1),
        request: to_be_signed(true),
        way: Way::Header,
        rsa: None,
    };
    let original = case.send();
    for twin in
        ["oauth_nonce=\"n\"", "%6fauth_nonce=\"n\"", "x%20%C3%A9=\"1\"", "%78%20%c3%a9=\"\"", "Realm=\"\""]
    {
        let mut changed = original.clone();
        changed.authorization.as_mut().unwrap().extend(format!(", {twin}").bytes());
        let answer = case.server(&changed).verify(&changed.head().unwrap(), &changed.body, &log());
        assert!(
            matches!(answer.as_ref().map_err(Rejection::reason), Err(RejectionReason::Duplicate(_))),
            "{twin}: {answer:?}"
        );
    }
}

/// Who is not whom the request says, or may not sign like this.
#[test]
fn other_secrets_records_and_methods_are_refused() {
    for_all(192, &case(), |case| {
        let arrived = case.send();
        let Some(head) = arrived.head() else { return };
        let refusal = |change: &dyn Fn(&mut Server)| {
            let (mut server, log) = (case.server(&arrived), log());
            change(&mut server);
            let rejection = server.verify(&head, &arrived.body, &log).unwrap_err();
            assert!(log.is_empty());
            rejection.reason().clone()
        };
        let (key, secret) = &case.settings.client;
        let other = format!("{secret} ");

        assert_eq!(refusal(&|server| server.client = None), RejectionReason::UnknownClient);
        let of_another = |server: &mut Server| {
            server.client =
                Some(ClientRecord::new(ClientCredentials::new(format!("{key}2"), secret)).unwrap());
        };
        assert_eq!(refusal(&of_another), RejectionReason::UnknownClient);
        let all_but_one: Vec<_> = SignatureMethodName::ALL
            .iter()
            .copied()
            .filter(|algorithm| *algorithm != case.algorithm())
            .collect();
        let without = |server: &mut Server| {
            server.client = server.client.take().map(|client| client.only(&all_but_one));
        };
        assert_eq!(refusal(&without), RejectionReason::SignatureMethodNotAllowed);
        #[cfg(feature = "rsa")]
        if case.rsa.is_some() {
            let other_key = |server: &mut Server| {
                server.client = Some(ClientRecord::rsa(key, rsa_public_key("b")));
            };
            assert_eq!(refusal(&other_key), RejectionReason::WrongSignature);
            let shares_secret = |server: &mut Server| {
                server.client = Some(ClientRecord::new(ClientCredentials::new(key, secret)).unwrap());
            };
            assert_eq!(refusal(&shares_secret), RejectionReason::SignatureMethodNotAllowed);
        } else {
            let has_key = |server: &mut Server| {
                server.client = Some(ClientRecord::rsa(key, rsa_public_key("a")).allow_plaintext(true));
            };
            assert_eq!(refusal(&has_key), RejectionReason::SignatureMethodNotAllowed);
        }
        let other_secret = |server: &mut Server| {
            let client = ClientRecord::new(ClientCredentials::new(key, &other)).unwrap();
            server.client = Some(client.allow_plaintext(true));
        };
        if case.rsa.is_none() {
            assert_eq!(refusal(&other_secret), RejectionReason::WrongSignature);
        }
        if case.has_token() {
            let (token, secret) = case.settings.token.as_ref().unwrap();
            let record = |token: &str, secret: &str, client: &str| {
                Some(TokenRecord::new(TokenCredentials::new(token, secret), client))
            };
            assert_eq!(refusal(&|server| server.token = None), RejectionReason::UnknownToken);
            let other_token = record(&format!("{token}2"), secret, key);
            assert_eq!(
                refusal(&|server| server.token.clone_from(&other_token)),
                RejectionReason::UnknownToken
            );
            let anothers = record(token, secret, &format!("{key}2"));
            assert_eq!(
                refusal(&|server| server.token.clone_from(&anothers)),
                RejectionReason::OtherClientsToken
            );
            let other_secret = record(token, &format!("{secret} "), key);
            if case.rsa.is_none() {
                assert_eq!(
                    refusal(&|server| server.token.clone_from(&other_secret)),
                    RejectionReason::WrongSignature
                );
            }
        }
        if case.is_plaintext() {
            let mut server = case.server(&arrived);
            server.policy =
                oauth1_signer::verify::Policy::new(oauth1_signer::Origin::new(&arrived.origin).unwrap());
            let rejection = server.verify(&head, &arrived.body, &log()).unwrap_err();
            assert_eq!(rejection.status(), 400, "{rejection:?}");
        }
    });
}
