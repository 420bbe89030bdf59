//! A server over some time: two clients, their tokens, few nonces, a clock that steps to and fro, against
//! a model that is a list of what was admitted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arbitrary::Arbitrary;
use http::Request;
use http::header::{AUTHORIZATION, HOST};
use oauth1_signer::verify::{
    ClientRecord, MemoryNonceLog, Policy, Rejection, RejectionReason, RestartPolicy, SignatureMethodName,
    TokenRecord,
};
use oauth1_signer::{
    ClientCredentials, Origin, RequestRef, SignatureMethod, Signer, Stamp, TokenCredentials,
};

use super::ready::now;

const WINDOW: u64 = 30;
const START: u64 = 1_700_000_000;
const CLIENTS: [&str; 2] = ["c0", "c1"];
const TOKENS: [&str; 2] = ["t0", "t1"];

#[derive(Arbitrary, Debug)]
pub(crate) struct Case {
    capacity: u8,
    share: u8,
    steps: Vec<Step>,
}

#[derive(Arbitrary, Debug)]
struct Step {
    /// How far the clock steps first, in seconds.
    clock: i8,
    client: bool,
    token: Option<bool>,
    /// The timestamp, by the server's clock.
    late: i8,
    nonce: u8,
    method: Method,
    fault: Fault,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Method {
    HmacSha1,
    HmacSha256,
    Plaintext,
}

/// What is wrong with a request, or with what the server knows.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    UnknownClient,
    AnothersRecord,
    OtherSecret,
    MethodNotAllowed,
    UnknownToken,
    OtherTokenSecret,
    AnothersToken,
    FlippedBit(u8),
    OtherPath,
}

/// A nonce with all that it is unique for.
type Used = (bool, Option<bool>, u64, u8);

pub(crate) fn run(case: &Case) {
    let clock = Arc::new(AtomicU64::new(START));
    let policy = Policy::new(Origin::new("https://h").expect("an origin"))
        .window(std::time::Duration::from_secs(WINDOW))
        .allow_plaintext(true)
        .require_token(false);
    let policy = policy.clock({
        let clock = Arc::clone(&clock);
        move || Ok(clock.load(Ordering::Relaxed))
    });
    let log = MemoryNonceLog::builder()
        .max_entries(case.capacity.into())
        .max_entries_per_client(usize::from(case.share))
        .max_entries_per_token(usize::from(case.share))
        .restart_policy(RestartPolicy::AcceptAll)
        .build()
        .expect("random bytes");
    let mut admitted: Vec<Used> = Vec::new();
    let mut has_gone_back = false;
    for step in &case.steps {
        let time = clock.load(Ordering::Relaxed).saturating_add_signed(step.clock.into());
        has_gone_back |= step.clock < 0;
        clock.store(time, Ordering::Relaxed);
        let stamp = time.saturating_add_signed(step.late.into());
        let used: Used = (step.client, step.token, stamp, step.nonce);
        let before = log.len();
        let answer = step.answer(&policy, stamp, &log);

        let is_in_time = time.abs_diff(stamp) <= WINDOW;
        match answer {
            Ok(verified) => {
                assert!(step.is_sound(), "{step:?}");
                assert!(is_in_time, "{step:?}");
                assert!(!admitted.contains(&used), "{step:?} twice");
                assert_eq!(verified.0, CLIENTS[usize::from(step.client)]);
                assert_eq!(verified.1.as_deref(), step.token.map(|token| TOKENS[usize::from(token)]));
                admitted.push(used);
            }
            Err(rejection) => match rejection.reason() {
                RejectionReason::Stale => assert!(step.is_sound() && !is_in_time),
                RejectionReason::Replayed => {
                    // Or the clock has gone back behind what the log remembers.
                    assert!(step.is_sound() && is_in_time && (admitted.contains(&used) || has_gone_back));
                }
                RejectionReason::Unavailable => {
                    let of_client = admitted.iter().filter(|(client, ..)| *client == step.client).count();
                    let is_full =
                        before >= usize::from(case.capacity) || of_client >= usize::from(case.share);
                    assert!(step.is_sound() && is_in_time && is_full, "{step:?}");
                }
                _ => {
                    assert_eq!(rejection.status(), 401, "{rejection:?}");
                    assert!(!step.is_sound(), "{step:?}");
                    // A forger leaves no trace, and forgetting is for what is admitted.
                    assert_eq!(log.len(), before);
                }
            },
        }
        assert!(log.len() <= usize::from(case.capacity));
    }
}

impl Step {
    /// Whether client and token are what they say.
    fn is_sound(&self) -> bool {
        match self.fault {
            Fault::None => true,
            Fault::UnknownToken | Fault::OtherTokenSecret | Fault::AnothersToken => self.token.is_none(),
            // The secrets are the signature, and no path is signed.
            Fault::OtherPath => matches!(self.method, Method::Plaintext),
            _ => false,
        }
    }

    fn answer(
        &self,
        policy: &Policy,
        stamp: u64,
        log: &MemoryNonceLog,
    ) -> Result<(String, Option<String>), Rejection> {
        let request = self.request(stamp);
        let claim = policy.read(&request)?;
        let (client, token) = (self.client_record(), self.token_record());
        let verified = now(claim.prove(client.as_ref(), token.as_ref())?.admit(log))?;
        Ok((verified.client_key().to_owned(), verified.token().map(str::to_owned)))
    }

    fn request(&self, stamp: u64) -> Request<()> {
        let client = CLIENTS[usize::from(self.client)];
        let mut builder = Signer::builder(ClientCredentials::new(client, "secret of the client")).method(
            match self.method {
                Method::HmacSha1 => SignatureMethod::hmac_sha1(),
                Method::HmacSha256 => SignatureMethod::hmac_sha256(),
                Method::Plaintext => SignatureMethod::plaintext(),
            },
        );
        if let Some(token) = self.token {
            builder = builder.token(TokenCredentials::new(TOKENS[usize::from(token)], "secret of the token"));
        }
        let signer = builder.build().expect("a signer");
        let path = if self.fault == Fault::OtherPath { "https://h/other" } else { "https://h/path" };
        let view = RequestRef::new("GET", path).expect("a URL");
        let stamp = Stamp::new(stamp, &format!("n{}", self.nonce)).expect("a stamp");
        let header = signer.sign_with(view, stamp).expect("a signature").to_header();
        let mut header = header.to_str().expect("ASCII").to_owned();
        if let Fault::FlippedBit(at) = self.fault {
            header = with_other_signature(&header, at);
        }
        let request = Request::get("/path").header(HOST, "h").header(AUTHORIZATION, header);
        request.body(()).expect("a request")
    }

    fn client_record(&self) -> Option<ClientRecord> {
        let key = CLIENTS[usize::from(self.client ^ (self.fault == Fault::AnothersRecord))];
        let secret = if self.fault == Fault::OtherSecret { "another secret" } else { "secret of the client" };
        let record =
            ClientRecord::new(ClientCredentials::new(key, secret)).expect("no PEM").allow_plaintext(true);
        match self.fault {
            Fault::UnknownClient => None,
            Fault::MethodNotAllowed => Some(record.only(&[SignatureMethodName::HmacSha512])),
            _ => Some(record),
        }
    }

    fn token_record(&self) -> Option<TokenRecord> {
        let token = TOKENS[usize::from(self.token?)];
        let client = CLIENTS[usize::from(self.client ^ (self.fault == Fault::AnothersToken))];
        let secret =
            if self.fault == Fault::OtherTokenSecret { "another secret" } else { "secret of the token" };
        let record = TokenRecord::new(TokenCredentials::new(token, secret), client);
        (self.fault != Fault::UnknownToken).then_some(record)
    }
}

/// Another byte at some place of the signature, which stays of letters, digits and escapes.
fn with_other_signature(header: &str, at: u8) -> String {
    let (before, rest) = header.rsplit_once("oauth_signature=\"").expect("it is there");
    let signature = rest.trim_end_matches('"');
    let places: Vec<usize> = signature
        .char_indices()
        .filter(|(at, _)| !signature[..*at].ends_with('%') && !is_digit_of_escape(signature, *at))
        .filter(|(_, character)| character.is_ascii_alphanumeric())
        .map(|(at, _)| at)
        .collect();
    let at = places[usize::from(at) % places.len()];
    let other = if &signature[at..=at] == "A" { "B" } else { "A" };
    [before, "oauth_signature=\"", &signature[..at], other, &signature[at + 1..], "\""].concat()
}

fn is_digit_of_escape(text: &str, at: usize) -> bool {
    (1..=2).any(|back| at >= back && text.as_bytes()[at - back] == b'%')
}
