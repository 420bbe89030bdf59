//! The verifier from end to end, twice over.
//!
//! What the signer signs is admitted; with one byte changed it is refused, unless it says the same to a
//! second reader. And a server over some time, its clock stepping to and fro: it admits what a plain model
//! admits, nothing unproved and nothing twice.
#![no_main]

mod model;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../../tests/support/oracle.rs"]
mod oracle;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../../tests/support/parties.rs"]
mod parties;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../../tests/support/reader.rs"]
mod reader;
#[path = "../../../tests/support/ready.rs"]
mod ready;
#[path = "../sign/case.rs"]
mod sign_case;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../../tests/support/signers.rs"]
mod signers;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use oauth1_signer::verify::RejectionReason;

use oracle::{Body, Method, Request, Settings};
use parties::{Server, Way, fit, log, send, sign};
use reader::{Arrived, Reading};

#[derive(Arbitrary, Debug)]
enum Case<'a> {
    One { case: Box<sign_case::Case<'a>>, way: SomeWay, late: i8, changes: Vec<Change> },
    Many(model::Case),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum SomeWay {
    Header,
    Form,
    Query,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Change {
    part: Part,
    at: u16,
    edit: Edit,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Part {
    Method,
    Target,
    Header,
    ContentType,
    Body,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Edit {
    Replace(u8),
    FlipBit(u8),
    Insert(u8),
    Remove,
}

fuzz_target!(|case: Case<'_>| {
    match case {
        Case::One { case, way, late, changes } => {
            let way = match way {
                SomeWay::Header => Way::Header,
                SomeWay::Form => Way::Form,
                SomeWay::Query => Way::Query,
            };
            one_request(case.settings(), case.request(), way, late, &changes);
        }
        Case::Many(case) => model::run(&case),
    }
});

fn one_request(mut settings: Settings, mut request: Request, way: Way, late: i8, changes: &[Change]) {
    fit(&mut settings, &mut request, way, late.into());
    // A content type without a body leaves open what there is to hash.
    if matches!(request.body, Body::None) {
        request.body = Body::Bytes(Vec::new());
    }
    // The text of a key file is no secret that both can share.
    let Ok(signer) = signers::build(&settings) else { return };
    let pairs = signers::borrowed(&request);
    if signers::by_url(&request, request.url.as_str(), &pairs).is_err() {
        return;
    }
    let original = send(&request, &sign(&signer, &settings, &request), way);
    let Some(head) = original.head() else { return };
    let server = Server::of(&settings, &original);
    let (once, said) = (log(), original.read().expect("it is sound"));
    server.verify(&head, &original.body, &once).expect("it was signed");
    let is_stamped = settings.method != Method::PlaintextWithoutStamp;
    assert_eq!(server.verify(&head, &original.body, &once).is_err(), is_stamped);

    for changed in changes.iter().filter_map(|change| change.of(&original)) {
        let Some(head) = changed.head() else { continue };
        let meaning = meaning(&settings, &original, &said, &changed, &head);
        match (server.verify(&head, &changed.body, &log()), meaning) {
            (Ok(_), Meaning::Same | Meaning::Uncovered) | (Err(_), Meaning::Uncovered) => {}
            (Err(rejection), Meaning::Other) => assert_ne!(rejection.reason(), &RejectionReason::Unavailable),
            (answer, meaning) => panic!("{changed:?}: {meaning:?}, and {answer:?}"),
        }
    }
}

/// What a changed request says, beside the one that was signed.
#[derive(Debug)]
enum Meaning {
    Same,
    /// With PLAINTEXT, where the change is nothing that is signed.
    Uncovered,
    Other,
}

fn meaning(
    settings: &Settings,
    original: &Arrived,
    said: &Reading,
    changed: &Arrived,
    head: &http::Request<()>,
) -> Meaning {
    // A target that has become an authority is for no path of this server.
    let is_path = head.uri().authority().is_none();
    let Some(now_said) = changed.read().filter(|_| is_path) else { return Meaning::Other };
    let is_hashed = said.get("oauth_body_hash").is_some();
    if matches!(settings.method, Method::Plaintext | Method::PlaintextWithoutStamp) {
        // An empty token is none.
        let covered = |reading: &Reading| {
            ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_token"]
                .map(|name| reading.get(name).filter(|value| !value.is_empty()).map(<[u8]>::to_vec))
        };
        let is_hash_kept = said.get("oauth_body_hash") == now_said.get("oauth_body_hash");
        let is_other_body = is_hashed && is_hash_kept && original.body != changed.body;
        return if covered(said) == covered(&now_said) && !is_other_body {
            Meaning::Uncovered
        } else {
            Meaning::Other
        };
    }
    if *said == now_said && (!is_hashed || original.body == changed.body) {
        Meaning::Same
    } else {
        Meaning::Other
    }
}

impl Change {
    fn of(self, original: &Arrived) -> Option<Arrived> {
        let mut changed = original.clone();
        let edit_text = |text: &str| String::from_utf8(self.edit(text.as_bytes())?).ok();
        match self.part {
            Part::Method => changed.method = edit_text(&original.method)?,
            Part::Target => changed.target = edit_text(&original.target)?,
            Part::Header => changed.authorization = Some(self.edit(original.authorization.as_deref()?)?),
            Part::ContentType => changed.content_type = Some(self.edit(original.content_type.as_deref()?)?),
            Part::Body => changed.body = self.edit(&original.body)?,
        }
        Some(changed)
    }

    /// None where there is nothing to change.
    fn edit(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let at = usize::from(self.at).checked_rem(bytes.len())?;
        let mut bytes = bytes.to_vec();
        match self.edit {
            Edit::Replace(byte) => bytes[at] = byte,
            Edit::FlipBit(bit) => bytes[at] ^= 1 << (bit % 8),
            Edit::Insert(byte) => bytes.insert(at, byte),
            Edit::Remove => drop(bytes.remove(at)),
        }
        Some(bytes)
    }
}
