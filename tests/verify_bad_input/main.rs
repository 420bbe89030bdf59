//! Bad and odd input to the verifying side, case by case.
//!
//! The numbers are those of the project's list of bad input (81–108: the Authorization header; 176–213:
//! verifying). The rule behind the answers: what cannot be read is a 400 that names the field, since that
//! gives nothing away; whatever is about identity or signature is one and the same 401; and a server that
//! cannot tell says 503 and admits nobody.
#![allow(clippy::unwrap_used, clippy::too_many_lines, reason = "a table of cases, in a test")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/ready.rs"]
mod ready;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
#[cfg(feature = "rsa")]
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderValue, Method, Request, StatusCode};
#[cfg(feature = "rsa")]
use oauth1_signer::Signature;
use oauth1_signer::provider::{Decision, Issuer, MemoryStore};
use oauth1_signer::verify::{
    ClientRecord, ClientRecordError, IncomingRequest, MemoryNonceLog, Nonce, NonceLog, NonceStatus, Policy,
    Rejection, RejectionReason, TokenRecord,
};
use oauth1_signer::{
    BodyHashPolicy, ClientCredentials, Origin, RequestRef, SignatureMethod, Signer, Stamp, TokenCredentials,
    percent_encode,
};
use ready::now;
#[cfg(feature = "rsa")]
use sha1::Sha1;

const NOW: u64 = 1_700_000_000;
const WINDOW: u64 = 300;

const CLIENT: (&str, &str) = ("client-identifier", "s3cret-of-the-client");
const TOKEN: (&str, &str) = ("token-identifier", "s3cret-of-the-token");

type Said = Result<(), Rejection>;

/// One case: its number, what it is, what was said, and what should be.
struct Row(u16, &'static str, Said, Expected);

enum Expected {
    Admitted,
    Rejected(RejectionReason),
}

use Expected::Admitted;

fn rejected(reason: RejectionReason) -> Expected {
    Expected::Rejected(reason)
}

#[test]
fn each_case_has_its_answer() {
    let rows: Vec<Row> = [
        of_the_header(),
        of_missing_and_unknown(),
        of_keys_and_methods(),
        of_signatures(),
        of_identity(),
        of_time_and_nonce(),
        of_the_log(),
        of_the_origin(),
        of_places_and_bodies(),
        of_limits(),
        of_the_three_legs(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut answers_to_401 = BTreeSet::new();
    for Row(number, what, said, expected) in &rows {
        let name = format!("case {number}, {what}: {said:?}");
        match (said, expected) {
            (Ok(()), Admitted) => continue,
            (Err(said), Expected::Rejected(expected)) => assert_eq!(said.reason(), expected, "{name}"),
            _ => panic!("{name}"),
        }
        let answer = said.as_ref().unwrap_err().to_response();
        check_answer(&name, &answer, said);
        if answer.status() == StatusCode::UNAUTHORIZED {
            answers_to_401.insert(format!("{:?} {:?}", answer.headers(), answer.body()));
        }
    }
    assert_eq!(answers_to_401.len(), 1, "a 401 tells which claim was wrong: {answers_to_401:?}");
    let covered: BTreeSet<u16> = rows.iter().map(|row| row.0).collect();
    assert_eq!(covered, (81..=108).chain(176..=213).collect(), "cases without a row");
}

/// 212: the status is the right one, and neither a secret nor the base string is in what the client gets,
/// nor a secret in what the operator's log gets.
fn check_answer(name: &str, answer: &http::Response<String>, said: &Said) {
    let status = said.as_ref().unwrap_err().status();
    assert_eq!(answer.status(), status, "{name}");
    let challenge = answer.headers().get("www-authenticate");
    assert_eq!(
        challenge.is_some_and(|value| value.as_bytes().starts_with(b"OAuth")),
        status == 401,
        "{name}"
    );
    assert!(answer.body().len() < 500, "{name}");
    for hidden in ["s3cret", "https%3A%2F%2F", "%26oauth_", "-identifier", "it is down"] {
        assert!(!answer.body().contains(hidden), "{name}: {}", answer.body());
    }
    assert!(!format!("{said:?}").contains("s3cret"), "{name}");
}

fn of_the_header() -> Vec<Row> {
    let good = header();
    let parameters = good.strip_prefix("OAuth ").unwrap();
    let unquoted = good.replace("oauth_nonce=\"n1\"", "oauth_nonce=n1");
    let open = good.trim_end_matches('"');
    let joint = good.find(", oauth_token").unwrap();
    let twice = |second: &str| said_to(format!("{good}, {second}"));
    let duplicate = || rejected(RejectionReason::Duplicate("oauth_nonce".into()));
    let realm = |realm: &str| said_to(format!("OAuth realm=\"{realm}\", {parameters}"));
    let raw = good.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let mut two = request(good.as_bytes());
    two.headers_mut().append("authorization", HeaderValue::from_static("Basic x"));
    let version = |version| said_to(signed_with("oauth_version", version));
    let invalid = || rejected(RejectionReason::Invalid("oauth_version"));
    let nobody = || rejected(RejectionReason::NotOAuth);
    vec![
        Row(81, "the scheme in mixed case", said_to(format!("oAuTh {parameters}")), Admitted),
        Row(82, "another scheme", said_to("Bearer x"), nobody()),
        Row(82, "an empty header", said_to(""), nobody()),
        Row(
            83,
            "the scheme alone",
            said_to("OAuth"),
            rejected(RejectionReason::Missing("oauth_consumer_key")),
        ),
        Row(83, "and a space", said_to("OAuth "), rejected(RejectionReason::Missing("oauth_consumer_key"))),
        Row(83, "and a comma", said_to("OAuth ,"), rejected(RejectionReason::Missing("oauth_consumer_key"))),
        Row(84, "no space behind the scheme", said_to("OAutha=\"1\""), nobody()),
        Row(
            85,
            "a value without quotes",
            said_to(unquoted),
            rejected(RejectionReason::Unquoted("oauth_nonce".into())),
        ),
        Row(
            86,
            "no closing quote",
            said_to(open),
            rejected(RejectionReason::UnterminatedString("oauth_signature".into())),
        ),
        Row(
            87,
            "no comma",
            said_to(good.replacen(", oauth_token", "oauth_token", 1)),
            rejected(RejectionReason::ExpectedComma(joint)),
        ),
        Row(88, "a comma at the end", said_to(format!("{good},")), Admitted),
        Row(89, "empty elements at the end", said_to(format!("{good},,")), Admitted),
        Row(89, "empty elements in between", said_to(good.replace(", ", ",,")), Admitted),
        Row(90, "a parameter twice, with the same value", twice("oauth_nonce=\"n1\""), duplicate()),
        Row(91, "the second with an escaped name", twice("oauth%5Fnonce=\"n1\""), duplicate()),
        Row(91, "and another value", twice("%6fauth_nonce=\"other\""), duplicate()),
        Row(
            91,
            "one that is nobody's",
            twice("a=\"1\", %61=\"2\""),
            rejected(RejectionReason::Duplicate("a".into())),
        ),
        Row(
            92,
            "a % without digits",
            said_to(with("oauth_nonce", "a%zz")),
            rejected(RejectionReason::InvalidPercent("oauth_nonce".into())),
        ),
        Row(93, "a + is a +", said_to(signed_with("x", "a+b").replace("x=\"a%2Bb\"", "x=\"a+b\"")), Admitted),
        Row(94, "base64 as it is", said_to(raw), Admitted),
        Row(95, "escapes and a comma in the realm", realm("a\\\"b, c"), Admitted),
        Row(95, "an empty realm", realm(""), Admitted),
        Row(
            96,
            "a realm twice",
            said_to(format!("OAuth realm=\"a\", {parameters}, REALM=\"b\"")),
            rejected(RejectionReason::Duplicate("realm".into())),
        ),
        Row(97, "a % in the realm", realm("%41 %zz"), Admitted),
        Row(98, "an unknown oauth_ parameter, signed", said_to(signed_with("oauth_foo", "1")), Admitted),
        Row(98, "the same, not signed", twice("oauth_foo=\"1\""), rejected(RejectionReason::WrongSignature)),
        Row(99, "any other parameter, signed", said_to(signed_with("foo", "1")), Admitted),
        Row(99, "the same, not signed", twice("foo=\"1\""), rejected(RejectionReason::WrongSignature)),
        Row(
            100,
            "a byte beyond ASCII",
            said_to([good.as_bytes(), b", a=\"\xE9\""].concat()),
            rejected(RejectionReason::NonAscii(good.len() + 5)),
        ),
        Row(101, "two headers", verify(&two, &log()), rejected(RejectionReason::MultipleAuthorization)),
        Row(
            102,
            "64 KiB",
            twice(&format!("a=\"{}\"", "b".repeat(64 * 1024))),
            rejected(RejectionReason::HeaderTooLong),
        ),
        // `http` lets no CR, LF or other control character into a value, tabs excepted.
        Row(103, "a line break, escaped", said_to(with("oauth_nonce", "a%0D%0Ab")), invalid_nonce()),
        Row(104, "tabs around commas", said_to(good.replace(", ", "\t,\t")), Admitted),
        Row(104, "a tab behind the scheme", said_to(good.replacen(' ', "\t", 1)), Admitted),
        Row(104, "blanks around =", said_to(good.replace("=\"", " =\t\"")), Admitted),
        Row(105, "no name", twice("=\"1\""), rejected(RejectionReason::EmptyName(good.len() + 2))),
        Row(106, "version 2.0", version("2.0"), invalid()),
        Row(107, "version 1.0a", version("1.0a"), invalid()),
        Row(107, "an empty version", version(""), invalid()),
        Row(107, "version 1.0", version("1.0"), Admitted),
        Row(108, "two schemes in one", said_to(format!("Basic x, {good}")), nobody()),
    ]
}

fn of_missing_and_unknown() -> Vec<Row> {
    let needed =
        ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce"];
    let method = |method| said_to(with("oauth_signature_method", method));
    let unsupported = || rejected(RejectionReason::UnsupportedSignatureMethod);
    let missing =
        needed.map(|name| Row(176, name, said_to(without(name)), rejected(RejectionReason::Missing(name))));
    let mut rows = Vec::from(missing);
    rows.extend([
        Row(177, "an unknown method", method("HMAC-MD5"), unsupported()),
        Row(177, "none", method("NONE"), unsupported()),
        Row(177, "an empty one", method(""), unsupported()),
        Row(177, "one and a blank", method("HMAC-SHA1%20"), unsupported()),
        Row(178, "a method in lower case", method("hmac-sha1"), unsupported()),
        Row(181, "PLAINTEXT, not enabled", method("PLAINTEXT"), unsupported()),
    ]);
    rows
}

/// The record says which methods go with which kind of key.
fn of_keys_and_methods() -> Vec<Row> {
    let pem = include_str!("../vectors/keys/rsa-a.pub.pem");
    let as_secret = ClientRecord::new(ClientCredentials::new(CLIENT.0, pem));
    assert!(matches!(as_secret, Err(ClientRecordError::PemSecret)), "179: a public key is nobody's secret");
    let plaintext = |origin: &str, record: ClientRecord| {
        let policy = Policy::new(Origin::new(origin).unwrap()).clock(|| Ok(NOW)).allow_plaintext(true);
        let method = SignatureMethod::plaintext();
        let signer = signer().to_builder().method(method).allow_plaintext_over_http().build().unwrap();
        let url = format!("{origin}/p");
        let signed = signer.sign_with(RequestRef::new("GET", &url).unwrap(), stamp(NOW, "n1")).unwrap();
        let request = Request::get("/p").header("authorization", signed.to_header()).body(()).unwrap();
        let claim = policy.read(&request)?;
        now(claim.prove(Some(&record), Some(&token()))?.admit(&log())).map(drop)
    };
    let allowed = || client().allow_plaintext(true);
    let mut rows = vec![
        Row(180, "PLAINTEXT over https", plaintext("https://h", allowed()), Admitted),
        Row(180, "on this machine", plaintext("http://127.0.0.1:1", allowed()), Admitted),
        Row(180, "over http", plaintext("http://h", allowed()), rejected(RejectionReason::InsecureTransport)),
        Row(
            180,
            "not in the record",
            plaintext("https://h", client()),
            rejected(RejectionReason::SignatureMethodNotAllowed),
        ),
    ];
    #[cfg(feature = "rsa")]
    {
        let key = oauth1_signer::RsaPublicKey::from_pem(pem).unwrap();
        let record = ClientRecord::rsa(CLIENT.0, key);
        // Our signer refuses a key file for a secret, so this one makes its MAC by itself.
        let key = format!("{}&{}", percent_encode(pem), TOKEN.1);
        let keyed = SignatureMethod::custom("HMAC-SHA1", move |base_string| {
            let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).unwrap();
            mac.update(base_string);
            Ok(Signature::Bytes(mac.finalize().into_bytes().to_vec()))
        });
        let confused = signer().to_builder().method(keyed).build().unwrap();
        let said = |signer: &Signer, record: &ClientRecord| {
            let (policy, request) = (policy(), request(header_with(signer, NOW, "n1").as_bytes()));
            let claim = policy.read(&request)?;
            now(claim.prove(Some(record), Some(&token()))?.admit(&log())).map(drop)
        };
        let not_allowed = || rejected(RejectionReason::SignatureMethodNotAllowed);
        let empty = Signer::builder(ClientCredentials::new(CLIENT.0, ""))
            .token(TokenCredentials::new(TOKEN.0, TOKEN.1))
            .build()
            .unwrap();
        rows.extend([
            Row(179, "HMAC keyed with a public key", said(&confused, &record), not_allowed()),
            Row(179, "HMAC keyed with no secret", said(&empty, &record), not_allowed()),
            Row(
                179,
                "PLAINTEXT is not for it",
                said(&confused, &record.allow_plaintext(true)),
                not_allowed(),
            ),
        ]);
    }
    #[cfg(not(feature = "rsa"))]
    rows.push(Row(179, "RSA is not in this build", said_to(with("oauth_signature_method", "RSA-SHA1")), {
        rejected(RejectionReason::UnsupportedSignatureMethod)
    }));
    rows
}

fn of_signatures() -> Vec<Row> {
    let header = header();
    let start = header.find("oauth_signature=\"").unwrap() + "oauth_signature=\"".len();
    let encoded = &header[start..header.len() - 1];
    let text = encoded.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let signature = STANDARD.decode(&text).unwrap();
    let said = |signature: &str| said_to(with("oauth_signature", signature));
    let wrong = || rejected(RejectionReason::WrongSignature);
    // 20 bytes leave two bits of the last letter unused: canonical base64 has them 0.
    let last = text.find('=').unwrap() - 1;
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let unused = letters.find(&text[last..=last]).unwrap() ^ 1;
    let non_canonical = [&text[..last], &letters[unused..=unused], &text[last + 1..]].concat();
    let mut rows = vec![
        Row(182, "an empty signature", said(""), wrong()),
        Row(182, "a blank", said("%20"), wrong()),
        Row(183, "no base64", said("***"), wrong()),
        Row(183, "not padded", said(&encoded.replace("%3D", "")), wrong()),
        Row(183, "padded twice", said(&format!("{encoded}%3D")), wrong()),
        Row(183, "a blank before it", said(&format!("%20{encoded}")), wrong()),
        Row(183, "a line break behind it", said(&format!("{encoded}%0A")), wrong()),
        Row(183, "the URL-safe alphabet", said(&percent_encode(url_safe(&text))), wrong()),
        Row(183, "not canonical", said(&percent_encode(non_canonical)), wrong()),
        Row(185, "its first letters", said(&encoded[..10]), wrong()),
        Row(185, "its first 16 bytes", said(&percent_encode(STANDARD.encode(&signature[..16]))), wrong()),
        Row(
            185,
            "itself, and more",
            said(&percent_encode(STANDARD.encode([&*signature, &[0]].concat()))),
            wrong(),
        ),
    ];
    rows.extend((0..signature.len() * 8).map(|bit| {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        Row(184, "a bit flipped", said(&percent_encode(STANDARD.encode(flipped))), wrong())
    }));
    rows
}

/// The signature with its letters of the other alphabet; one that has none is made to have one.
fn url_safe(text: &str) -> String {
    let safe = text.replace('+', "-").replace('/', "_");
    if safe == text { safe.replacen(|_: char| true, "-", 1) } else { safe }
}

fn of_identity() -> Vec<Row> {
    let (policy, request) = (policy(), request(header().as_bytes()));
    let claim = policy.read(&request).unwrap();
    let said = |client: Option<ClientRecord>, token: Option<TokenRecord>| {
        now(claim.prove(client.as_ref(), token.as_ref())?.admit(&log())).map(drop)
    };
    let record = |key, secret| ClientRecord::new(ClientCredentials::new(key, secret)).unwrap();
    let of_token = |name: &str, secret: &str, client: &str| {
        Some(TokenRecord::new(TokenCredentials::new(name, secret), client))
    };
    let nobody = said_to(header_with(
        &Signer::builder(ClientCredentials::new("nobody", "s3cret")).build().unwrap(),
        NOW,
        "n1",
    ));
    vec![
        Row(186, "an unknown client", said(None, Some(token())), rejected(RejectionReason::UnknownClient)),
        Row(186, "the record of another", said(Some(record("other", CLIENT.1)), Some(token())), {
            rejected(RejectionReason::UnknownClient)
        }),
        Row(186, "a client that is not looked up right", nobody, rejected(RejectionReason::UnknownClient)),
        Row(187, "an unknown token", said(Some(client()), None), rejected(RejectionReason::UnknownToken)),
        Row(187, "the record of another", said(Some(client()), of_token("other", TOKEN.1, CLIENT.0)), {
            rejected(RejectionReason::UnknownToken)
        }),
        Row(188, "another client's token", said(Some(client()), of_token(TOKEN.0, TOKEN.1, "other")), {
            rejected(RejectionReason::OtherClientsToken)
        }),
        Row(
            189,
            "a client that is revoked, and its token",
            said(None, None),
            rejected(RejectionReason::UnknownClient),
        ),
        Row(189, "a client whose methods are taken away", said(Some(client().only(&[])), Some(token())), {
            rejected(RejectionReason::SignatureMethodNotAllowed)
        }),
        Row(185, "the wrong secret", said(Some(record(CLIENT.0, "wrong")), Some(token())), {
            rejected(RejectionReason::WrongSignature)
        }),
        Row(185, "the wrong token secret", said(Some(client()), of_token(TOKEN.0, "wrong", CLIENT.0)), {
            rejected(RejectionReason::WrongSignature)
        }),
        Row(185, "the right ones", said(Some(client()), Some(token())), Admitted),
    ]
}

fn of_time_and_nonce() -> Vec<Row> {
    let at = |timestamp: u64| said_to(header_with(&signer(), timestamp, "n1"));
    let text = |timestamp: &str| said_to(with("oauth_timestamp", timestamp));
    let nonce = |nonce: &str| said_to(with("oauth_nonce", nonce));
    let invalid = || rejected(RejectionReason::Invalid("oauth_timestamp"));
    let stale = || rejected(RejectionReason::Stale);
    vec![
        Row(190, "an empty timestamp", text(""), invalid()),
        Row(190, "letters", text("abc"), invalid()),
        Row(190, "an exponent", text("1e9"), invalid()),
        Row(190, "a +", text("%2B1700000000"), invalid()),
        Row(190, "a blank", text("%201700000000"), invalid()),
        Row(190, "a -", text("-1"), invalid()),
        Row(190, "zero", text("0"), invalid()),
        Row(190, "a fraction", text("1700000000.0"), invalid()),
        Row(191, "an underscore", text("1_700000000"), invalid()),
        Row(191, "full-width digits", text(&percent_encode("１７００００００００")), invalid()),
        Row(192, "2^64", text("18446744073709551616"), invalid()),
        Row(193, "as old as may be", at(NOW - WINDOW), Admitted),
        Row(193, "as early as may be", at(NOW + WINDOW), Admitted),
        Row(194, "a second older", at(NOW - WINDOW - 1), stale()),
        Row(194, "a second earlier", at(NOW + WINDOW + 1), stale()),
        Row(194, "from 1970", at(1), stale()),
        Row(203, "a year ahead", at(NOW + 31_536_000), stale()),
        Row(203, "2^64 - 1", at(u64::MAX), stale()),
        Row(199, "an empty nonce", nonce(""), invalid_nonce()),
        Row(199, "255 bytes", said_to(header_with(&signer(), NOW, &"n".repeat(255))), Admitted),
        Row(199, "256 bytes", nonce(&"n".repeat(256)), invalid_nonce()),
        Row(199, "a zero byte", nonce("a%00"), invalid_nonce()),
        Row(199, "a line break", nonce("a%0Ab"), invalid_nonce()),
        Row(199, "DEL", nonce("%7F"), invalid_nonce()),
        Row(199, "not UTF-8", nonce("%FF"), invalid_nonce()),
    ]
}

fn of_the_log() -> Vec<Row> {
    let shared = log();
    let seen = |timestamp, nonce: &str| {
        verify(&request(header_with(&signer(), timestamp, nonce).as_bytes()), &shared)
    };
    let replayed = || rejected(RejectionReason::Replayed);
    let forged = header_with(&signer(), NOW, "n3").replace("oauth_signature=\"", "oauth_signature=\"A");
    let two_legged = Signer::builder(ClientCredentials::new(CLIENT.0, CLIENT.1)).build().unwrap();
    let mut rows = vec![
        Row(195, "the first time", seen(NOW, "n1"), Admitted),
        Row(195, "exactly the same", seen(NOW, "n1"), replayed()),
        Row(196, "with another timestamp", seen(NOW + 1, "n1"), Admitted),
        Row(
            196,
            "without a token",
            verify(&request(header_with(&two_legged, NOW, "n1").as_bytes()), &shared),
            Admitted,
        ),
        Row(196, "another nonce", seen(NOW, "n2"), Admitted),
        Row(
            198,
            "a forger first",
            verify(&request(forged.as_bytes()), &shared),
            rejected(RejectionReason::WrongSignature),
        ),
        Row(198, "then whose nonce it is", seen(NOW, "n3"), Admitted),
    ];
    rows.extend(simultaneous());
    rows.extend(clock_steps_back());
    let once = |log| {
        let (policy, request) = (policy(), request(header().as_bytes()));
        now_with(&policy, &request, log)
    };
    rows.extend([
        Row(
            200,
            "a full log",
            once(&MemoryNonceLog::new(0, 1).unwrap()),
            rejected(RejectionReason::Unavailable),
        ),
        Row(
            200,
            "a client at its share",
            once(&MemoryNonceLog::new(1, 0).unwrap()),
            rejected(RejectionReason::Unavailable),
        ),
    ]);
    let (policy, request) = (policy(), request(header().as_bytes()));
    rows.push(Row(
        201,
        "a log that fails",
        now_with(&policy, &request, &Broken),
        rejected(RejectionReason::Unavailable),
    ));
    rows
}

/// 197: of two at the same time, one is admitted.
fn simultaneous() -> [Row; 2] {
    let (shared, barrier) = (log(), Barrier::new(2));
    let run = || {
        let request = request(header().as_bytes());
        barrier.wait();
        verify(&request, &shared)
    };
    let (one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(run), scope.spawn(run));
        (one.join().unwrap(), other.join().unwrap())
    });
    let (admitted, replayed) = if one.is_ok() { (one, other) } else { (other, one) };
    [
        Row(197, "the one", admitted, Admitted),
        Row(197, "the other", replayed, rejected(RejectionReason::Replayed)),
    ]
}

/// 202: what was forgotten is not fresh again when the clock goes back.
fn clock_steps_back() -> [Row; 3] {
    const WIDE: u64 = 4_000;
    let clock = Arc::new(AtomicU64::new(NOW));
    let policy = {
        let clock = Arc::clone(&clock);
        Policy::new(Origin::new("https://h").unwrap())
            .window(std::time::Duration::from_secs(WIDE))
            .clock(move || Ok(clock.load(Ordering::Relaxed)))
    };
    let shared = log();
    let said = |timestamp, nonce| {
        now_with(&policy, &request(header_with(&signer(), timestamp, nonce).as_bytes()), &shared)
    };
    let first = said(NOW, "n1");
    let later = NOW + WIDE + 100;
    clock.store(later, Ordering::Relaxed);
    let second = said(later, "n2");
    assert_eq!(shared.len(), 1, "the first is forgotten");
    clock.store(later - 3_600, Ordering::Relaxed);
    [
        Row(202, "in time", first, Admitted),
        Row(202, "later, another", second, Admitted),
        Row(202, "an hour back, the first again", said(NOW, "n1"), rejected(RejectionReason::Replayed)),
    ]
}

struct Broken;

impl NonceLog for Broken {
    async fn check_and_insert(
        &self,
        _: Nonce<'_>,
        _: u64,
        _: u64,
    ) -> Result<NonceStatus, Box<dyn std::error::Error + Send + Sync>> {
        Err("it is down".into())
    }
}

fn of_the_origin() -> Vec<Row> {
    let good = header();
    let said = |name: &'static str, value: &'static str| {
        let mut request = request(good.as_bytes());
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        verify(&request, &log())
    };
    let other = |received: &str| {
        rejected(RejectionReason::OtherHost { origin: "https://h".to_owned(), received: received.to_owned() })
    };
    let mut two = request(good.as_bytes());
    two.headers_mut().append("host", HeaderValue::from_static("evil"));
    let absolute = |uri: &str| {
        let mut request = request(good.as_bytes());
        *request.uri_mut() = uri.parse().unwrap();
        verify(&request, &log())
    };
    let mut head = request(good.as_bytes());
    *head.method_mut() = Method::HEAD;
    vec![
        Row(204, "another host", said("host", "other"), other("other")),
        Row(204, "another port", said("host", "h:80"), other("h:80")),
        Row(204, "a dot behind it", said("host", "h."), other("h.")),
        Row(204, "a path", said("host", "h/"), other("h/")),
        Row(204, "an empty host", said("host", ""), other("")),
        Row(204, "a user", said("host", "x@h"), other("x@h")),
        Row(204, "two hosts", verify(&two, &log()), other("evil")),
        Row(204, "an absolute target of another", absolute("https://evil/p?a=1"), other("evil")),
        Row(204, "in upper case", said("host", "H"), Admitted),
        Row(204, "with the default port", said("host", "h:443"), Admitted),
        Row(204, "an absolute target", absolute("https://h/p?a=1"), Admitted),
        Row(205, "X-Forwarded-Proto", said("x-forwarded-proto", "http"), Admitted),
        Row(205, "X-Forwarded-Host", said("x-forwarded-host", "evil"), Admitted),
        Row(205, "Forwarded", said("forwarded", "host=evil;proto=http"), Admitted),
        Row(213, "HEAD for GET", verify(&head, &log()), rejected(RejectionReason::WrongSignature)),
    ]
}

fn of_places_and_bodies() -> Vec<Row> {
    let good = header();
    let in_query = |query: &str| {
        let mut request = request(good.as_bytes());
        *request.uri_mut() = format!("/p?{query}").parse().unwrap();
        verify(&request, &log())
    };
    let in_form = {
        let request = request_of(&good, "/p?a=1", FORM);
        with_body(&policy(), &request, b"oauth_token=token-identifier")
    };
    let send =
        |hash: Option<BodyHashPolicy>, content_type: &str, sent: &'static str, received: Option<&[u8]>| {
            let signer = match hash {
                Some(hash) => signer().to_builder().body_hash(hash).build().unwrap(),
                None => signer(),
            };
            let request =
                Request::post("https://h/p").header("content-type", content_type).body(sent).unwrap();
            let header = signer.sign_with(&request, stamp(NOW, "n1")).unwrap().to_header();
            let mut request = request.map(drop);
            request.headers_mut().insert("authorization", header);
            let policy = policy().require_signed_body(true);
            match received {
                Some(body) => with_body(&policy, &request, body),
                None => now_with(&policy, &request, &log()),
            }
        };
    let not_forms = Some(BodyHashPolicy::NotForms);
    let several = || rejected(RejectionReason::SeveralPlaces);
    vec![
        Row(206, "in header and query", in_query("oauth_token=token-identifier"), several()),
        Row(206, "by an escaped name", in_query("oauth%5Ftoken=x"), several()),
        Row(206, "a second signature", in_query("a=1&oauth_signature=x"), several()),
        Row(206, "in header and form", in_form, several()),
        Row(207, "the body that was signed", send(not_forms, JSON, "{}", Some(b"{}")), Admitted),
        Row(
            207,
            "another",
            send(not_forms, JSON, "{}", Some(b"[]")),
            rejected(RejectionReason::WrongBodyHash),
        ),
        Row(207, "none", send(not_forms, JSON, "{}", Some(b"")), rejected(RejectionReason::WrongBodyHash)),
        // The caller's mistake: it must not pass for an empty body.
        Row(207, "not handed over", send(not_forms, JSON, "", None), rejected(RejectionReason::Unavailable)),
        Row(
            208,
            "no hash",
            send(None, JSON, "{}", Some(b"{}")),
            rejected(RejectionReason::Missing("oauth_body_hash")),
        ),
        Row(208, "no hash, and no body", send(None, JSON, "", Some(b"")), Admitted),
        Row(
            208,
            "no hash, not handed over",
            send(None, JSON, "{}", None),
            rejected(RejectionReason::Unavailable),
        ),
        Row(208, "a form needs none", send(None, FORM, "a=1", Some(b"a=1")), Admitted),
        Row(209, "a hash of a form", send(Some(BodyHashPolicy::Always), FORM, "a=1", Some(b"a=1")), {
            rejected(RejectionReason::BodyHashOnForm)
        }),
        // And so is every other answer of this table.
        Row(212, "no base string in the answer", in_query("a=2"), rejected(RejectionReason::WrongSignature)),
    ]
}

/// 49, 50, 63, 71 and 79 from this side: strict where the signer takes anything.
fn of_limits() -> Vec<Row> {
    let said = |target: &str, content_type: &str, body: &[u8]| {
        with_body(&policy(), &request_of(&header(), target, content_type), body)
    };
    let percent = |name: &str| rejected(RejectionReason::InvalidPercent(name.into()));
    let many = (0..1001).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join("&");
    vec![
        Row(92, "in the query", said("/p?a=%zz", "", b""), percent("a")),
        Row(92, "cut", said("/p?a=%", "", b""), percent("a")),
        Row(92, "in a name", said("/p?%zz=1", "", b""), percent("%zz")),
        Row(92, "in a form", said("/p", FORM, b"a=%4"), percent("a")),
        Row(
            102,
            "1,001 parameters",
            said("/p", FORM, many.as_bytes()),
            rejected(RejectionReason::TooManyParameters),
        ),
        Row(102, "a form beyond 1 MiB", said("/p", FORM, &vec![b'a'; 1024 * 1024 + 1]), {
            rejected(RejectionReason::BodyTooLarge)
        }),
        Row(102, "a long target", said(&format!("/{}", "p".repeat(16 * 1024)), "", b""), {
            rejected(RejectionReason::UrlTooLong)
        }),
    ]
}

/// 210, 211: what is wrong with a request of the first or last leg, once it is verified.
fn of_the_three_legs() -> Vec<Row> {
    let issuer = Issuer::new(MemoryStore::new(100)).clock(|| Ok(NOW));
    let log = log();
    let mut nonce = 0;
    let mut verified = |signer: &Signer, token: Option<&TokenRecord>| {
        nonce += 1;
        let request = request(header_with(signer, NOW, &nonce.to_string()).as_bytes());
        let policy = policy();
        let claim = policy.read(&request).unwrap();
        now(claim.prove(Some(&client()), token).unwrap().admit(&log)).unwrap()
    };
    let asking = |callback: &str| {
        let client = ClientCredentials::new(CLIENT.0, CLIENT.1);
        Signer::builder(client).callback(callback).build().unwrap()
    };
    let mut first =
        |callback: &str| now(issuer.issue_temporary(&verified(&asking(callback), None), &client()));
    let unfit = || rejected(RejectionReason::Invalid("oauth_callback"));
    let mut rows = vec![
        Row(211, "a callback", first("https://c/ready").map(drop), Admitted),
        Row(211, "one with a user", first("https://u:p@c/ready").map(drop), unfit()),
        Row(211, "one that is a script", first("javascript:alert(1)").map(drop), unfit()),
        Row(211, "the same as a URL", first("javascript://c/%0aalert(1)").map(drop), unfit()),
    ];
    let mut approved = || {
        let issued = first("https://c/ready").unwrap();
        let Some(Decision::Redirect(url)) =
            now(issuer.approve(issued.credentials().token(), "jane")).unwrap()
        else {
            panic!("no redirect")
        };
        (issued.credentials().clone(), url.split_once("oauth_verifier=").unwrap().1.to_owned())
    };
    let [one, other, third] = [approved(), approved(), approved()];
    let mut last = |(credentials, _): &(TokenCredentials, String), verifier: Option<&str>| {
        let record = now(issuer.temporary_record(Some(credentials.token()))).unwrap();
        let mut signer =
            Signer::builder(ClientCredentials::new(CLIENT.0, CLIENT.1)).token(credentials.clone());
        if let Some(verifier) = verifier {
            signer = signer.verifier(verifier);
        }
        let Some(record) = record else { return Err(RejectionReason::UnknownToken.into()) };
        now(issuer.exchange(&verified(&signer.build().unwrap(), Some(&record)))).map(drop)
    };
    let wrong = || rejected(RejectionReason::WrongVerifier);
    rows.extend([
        Row(210, "no verification code", last(&one, None), wrong()),
        Row(210, "the right one", last(&one, Some(&one.1)), Admitted),
        Row(210, "the same again", last(&one, Some(&one.1)), rejected(RejectionReason::UnknownToken)),
        Row(210, "a wrong one", last(&other, Some("wrong")), wrong()),
        Row(210, "then the right one", last(&other, Some(&other.1)), rejected(RejectionReason::UnknownToken)),
        Row(210, "that of another", last(&third, Some(&one.1)), wrong()),
    ]);
    rows
}

// --- a right request, to be spoilt ---

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn invalid_nonce() -> Expected {
    rejected(RejectionReason::Invalid("oauth_nonce"))
}

fn policy() -> Policy {
    Policy::new(Origin::new("https://h").unwrap())
        .window(std::time::Duration::from_secs(WINDOW))
        .clock(|| Ok(NOW))
}

fn client() -> ClientRecord {
    ClientRecord::new(ClientCredentials::new(CLIENT.0, CLIENT.1)).unwrap()
}

fn token() -> TokenRecord {
    TokenRecord::new(TokenCredentials::new(TOKEN.0, TOKEN.1), CLIENT.0)
}

fn signer() -> Signer {
    let client = ClientCredentials::new(CLIENT.0, CLIENT.1);
    Signer::builder(client).token(TokenCredentials::new(TOKEN.0, TOKEN.1)).omit_version().build().unwrap()
}

fn stamp(timestamp: u64, nonce: &str) -> Stamp {
    Stamp::new(timestamp, nonce).unwrap()
}

fn log() -> MemoryNonceLog {
    MemoryNonceLog::new(100, 100).unwrap()
}

fn header() -> String {
    header_with(&signer(), NOW, "n1")
}

fn header_with(signer: &Signer, timestamp: u64, nonce: &str) -> String {
    let request = RequestRef::new("GET", "https://h/p?a=1").unwrap();
    let signed = signer.sign_with(request, stamp(timestamp, nonce)).unwrap();
    signed.to_header().to_str().unwrap().to_owned()
}

/// The right header with the value of one parameter replaced.
fn with(name: &str, value: &str) -> String {
    let header = header();
    let start = header.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    let end = start + header[start..].find('"').unwrap();
    [&header[..start], value, &header[end..]].concat()
}

/// The right header without one parameter.
fn without(name: &str) -> String {
    let header = header();
    let parameters = header.trim_start_matches("OAuth ").split(", ");
    let rest: Vec<_> = parameters.filter(|parameter| !parameter.starts_with(&format!("{name}="))).collect();
    format!("OAuth {}", rest.join(", "))
}

/// The header of a request that has a further parameter, signed.
fn signed_with(name: &str, value: &str) -> String {
    let signer = signer().to_builder().parameter(name, value).build().unwrap();
    header_with(&signer, NOW, "n1")
}

fn request(authorization: &[u8]) -> Request<()> {
    Request::get("/p?a=1")
        .header("host", "h")
        .header("authorization", HeaderValue::from_bytes(authorization).unwrap())
        .body(())
        .unwrap()
}

fn request_of(authorization: &str, target: &str, content_type: &str) -> Request<()> {
    let mut request = request(authorization.as_bytes());
    *request.uri_mut() = target.parse().unwrap();
    request.headers_mut().insert("content-type", HeaderValue::from_str(content_type).unwrap());
    request
}

// --- what is said to it ---

fn said_to(authorization: impl AsRef<[u8]>) -> Said {
    verify(&request(authorization.as_ref()), &log())
}

fn verify(request: &Request<()>, log: &MemoryNonceLog) -> Said {
    now_with(&policy(), request, log)
}

fn now_with<L: NonceLog>(policy: &Policy, request: &Request<()>, log: &L) -> Said {
    let claim = policy.read(request)?;
    let client = Some(client()).filter(|client| client.key() == claim.client_key());
    let token = claim.token().map(|_| token());
    now(claim.prove(client.as_ref(), token.as_ref())?.admit(log)).map(drop)
}

fn with_body(policy: &Policy, request: &Request<()>, body: &[u8]) -> Said {
    let claim = policy.read(IncomingRequest::from(request).body(body))?;
    now(claim.prove(Some(&client()), Some(&token()))?.admit(&log())).map(drop)
}
