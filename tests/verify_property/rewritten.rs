//! Somebody who relays a signed request may move, split, re-encode, reorder, double and re-label what is in
//! it. Whatever is admitted by a policy as it is by default, the handler reads the pairs that were signed.

use std::cell::Cell;
use std::fmt::Write;

use oauth1_signer::Origin;
use oauth1_signer::verify::{Limits, Policy};
use proptest::prelude::*;

use crate::case::{Case, case, for_all};
use crate::support::oracle::{self, BodyHashPolicy, Method, Pair};
use crate::support::parties::{FORM, NOW, Server, fit, log};
use crate::support::reader::Arrived;

/// Spellings of the form's media type, and of others that somebody might take for it.
const CONTENT_TYPES: &[&str] = &[
    FORM,
    FORM,
    FORM,
    "application/x-www-form-urlencoded; charset=UTF-8",
    "APPLICATION/X-WWW-FORM-URLENCODED",
    " application/x-www-form-urlencoded ;",
    "application/x-www-form-urlencoded-x",
    "application/x-www-form-urlencoded, text/plain",
    "application/x-www-form-urlencoded.",
    "application/x-www-form-urlencoded charset=utf-8",
    "text/plain; x=application/x-www-form-urlencoded",
    "application/json",
    "multipart/form-data; boundary=a",
    "",
];

/// The relay's choices, one after the other: any sequence of numbers is one.
struct Choices(u64);

impl Choices {
    /// Less than `n`.
    fn below(&mut self, n: usize) -> usize {
        // Knuth's MMIX; its upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).unwrap()
    }

    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }

    /// One of the many ways to write bytes in a query or form.
    fn encode(&mut self, bytes: &[u8]) -> String {
        let mut text = String::new();
        for &byte in bytes {
            match byte {
                b' ' if self.once_in(2) => text.push('+'),
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' if !self.once_in(8) => {
                    text.push(char::from(byte));
                }
                b'!' | b'*' | b'(' | b')' | b'\'' | b';' | b':' | b'@' | b'/' if self.once_in(2) => {
                    text.push(char::from(byte));
                }
                _ if self.once_in(2) => write!(text, "%{byte:02X}").unwrap(),
                _ => write!(text, "%{byte:02x}").unwrap(),
            }
        }
        text
    }

    fn form(&mut self, pairs: &[Pair]) -> String {
        let mut text = String::new();
        for (name, value) in pairs {
            // Empty segments say nothing.
            text += *self.pick(&["&", "&", "&", "&&"]);
            text += &self.encode(name);
            if !(value.is_empty() && !name.is_empty() && self.once_in(2)) {
                text.push('=');
                text += &self.encode(value);
            }
        }
        text.trim_start_matches('&').to_owned()
    }

    fn header(&mut self, pairs: &[Pair]) -> Option<String> {
        let encode = oracle::percent_encode;
        let all = pairs.iter().map(|(name, value)| format!("{}=\"{}\"", encode(name), encode(value)));
        let all = all.collect::<Vec<_>>().join(*self.pick(&[", ", ",", " , ,"]));
        (!pairs.is_empty() || self.once_in(4)).then(|| format!("OAuth {all}"))
    }
}

/// Makes another request of what was signed.
fn rewrite(original: &Arrived, protocol: &[Pair], signed: &[Pair], choices: &mut Choices) -> Arrived {
    let mut pairs = signed.to_vec();
    match choices.below(8) {
        0 if !pairs.is_empty() => {
            let twin = choices.pick(&pairs).clone();
            pairs.push(twin);
        }
        1 if !pairs.is_empty() => drop(pairs.remove(choices.below(pairs.len()))),
        2 => pairs.push((b"to".to_vec(), b"eve".to_vec())),
        // One pair that is written like two, and two that are written like one.
        3 if pairs.len() > 1 => {
            let (name, value) = pairs.remove(choices.below(pairs.len()));
            let last = pairs.last_mut().unwrap();
            last.1 = [&last.1[..], b"&", &name, b"=", &value].concat();
        }
        _ => {}
    }
    choices.shuffle(&mut pairs);
    let mut places: [Vec<Pair>; 3] = Default::default();
    let is_form_likely = choices.once_in(2);
    for pair in pairs {
        let place =
            if choices.once_in(30) { 0 } else { 1 + usize::from(is_form_likely && choices.once_in(2)) };
        places[place].push(pair);
    }
    // The protocol's own stay together, nearly always.
    let place = choices.below(3);
    for pair in protocol {
        let place = if choices.once_in(200) { choices.below(3) } else { place };
        places[place].push(pair.clone());
    }
    let [header, mut query, mut form] = places;
    choices.shuffle(&mut query);
    choices.shuffle(&mut form);
    let path = original.target.split('?').next().unwrap_or_default();
    let query = choices.form(&query);
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let is_honest = !form.is_empty() && !choices.once_in(6);
    let content_type = choices.pick(if is_honest { &CONTENT_TYPES[..6] } else { CONTENT_TYPES });
    // Where the verifier reads no form, there is room for what the handler might take for one.
    let body = if form.is_empty() {
        (*choices.pick(&["", "", "to=eve", "{\"to\":\"eve\"}"])).to_owned()
    } else {
        choices.form(&form)
    };
    Arrived {
        method: original.method.clone(),
        origin: original.origin.clone(),
        target,
        authorization: choices.header(&header).map(String::into_bytes),
        content_type: (!content_type.is_empty()).then(|| content_type.as_bytes().to_vec()),
        body: body.into_bytes(),
    }
}

/// As a careful operator has it: nothing is switched but the limits, which no generated request goes beyond.
fn server(case: &Case, arrived: &Arrived) -> Server {
    let mut server = Server::of(&case.settings, arrived);
    let mut limits = Limits::default();
    (limits.header, limits.url, limits.parameters) = (1 << 20, 1 << 20, 10_000);
    server.policy = Policy::new(Origin::new(&arrived.origin).unwrap()).limits(limits).clock(|| Ok(NOW));
    server
}

fn signed_case() -> impl Strategy<Value = Case> {
    case().prop_map(|mut case| {
        let settings = &mut case.settings;
        settings.body_hash = BodyHashPolicy::Off;
        if matches!(settings.method, Method::Plaintext | Method::PlaintextWithoutStamp) {
            settings.method = Method::HmacSha1;
        }
        if settings.token.as_ref().is_none_or(|(token, _)| token.is_empty()) {
            settings.token = Some(("token".into(), "secret".into()));
        }
        // What goes into the header is the protocol's.
        settings.parameters.retain(|(name, _)| name.starts_with("oauth_"));
        case.request.method.make_ascii_uppercase();
        fit(&mut case.settings, &mut case.request, case.way, 0);
        case.rsa = None;
        case
    })
}

#[test]
fn what_is_admitted_of_a_rewritten_request_is_what_was_signed() {
    let (admitted, rejected) = (Cell::new(0_u32), Cell::new(0_u32));
    let choices = proptest::collection::vec(any::<u64>(), 1..24);
    for_all(768, &(signed_case(), choices), |(case, seeds)| {
        let original = case.send();
        let Some(reading) = original.read() else { return };
        let mut signed = oracle::request_pairs(&case.request);
        signed.extend(
            case.settings
                .parameters
                .iter()
                .map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec())),
        );
        signed.sort();
        for seed in seeds {
            let rewritten = rewrite(&original, &reading.protocol, &signed, &mut Choices(seed));
            let Some(head) = rewritten.head() else { continue };
            let Ok(verified) = server(&case, &rewritten).verify(&head, &rewritten.body, &log()) else {
                rejected.set(rejected.get() + 1);
                continue;
            };
            let parameters = verified.parameters();
            let mut read: Vec<Pair> = parameters
                .iter()
                .map(|found| (found.name_bytes().to_vec(), found.value_bytes().to_vec()))
                .collect();
            read.sort();
            assert_eq!(read, signed, "{rewritten:?}");
            for (name, value) in signed
                .iter()
                .filter_map(|(name, value)| Some((str::from_utf8(name).ok()?, str::from_utf8(value).ok())))
            {
                let count = signed.iter().filter(|(other, _)| other == name.as_bytes()).count();
                assert_eq!(parameters.get(name), value.filter(|_| count == 1), "{rewritten:?}");
                assert_eq!(parameters.get_all(name).count(), count);
            }
            admitted.set(admitted.get() + 1);
        }
    });
    let (admitted, rejected) = (admitted.get(), rejected.get());
    assert!(admitted > 500 && rejected > 500, "{admitted} admitted, {rejected} rejected");
}
