//! The bounds of a diagnosis: it ends soon, and shows no secret.

use http::Request;
use oauth1_signer::ClientCredentials;
use oauth1_signer::verify::diagnosis::{DiagnosisOutcome, Mistake};
use oauth1_signer::verify::{ClientRecord, IncomingRequest, SignatureMethodName};

use crate::signer::{Sent, as_it_is};

const WRONG: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";

#[test]
fn compares_a_thousand_candidates_at_most() {
    let odd: Vec<_> = (0..300).map(|number| format!("a%5B{number}%5D=+%C3%A9%2541;b&{number}&=&")).collect();
    let odd = odd.concat();
    let requests = [
        Sent::default(),
        Sent { query: Some(odd.clone()), path: "/a%20b/../c//".into(), ..Sent::default() },
        Sent { method: "POST", form: Some("a=%20&".repeat(490)), ..Sent::default() },
        Sent { method: "POST", form: Some(format!("a={}", "%20".repeat(340_000))), ..Sent::default() },
        Sent { method: "POST", body: Some("&=;".repeat(340_000)), ..Sent::default() },
    ];
    for sent in requests {
        let diagnosis = sent.diagnose(WRONG);
        assert_eq!(diagnosis.outcome(), DiagnosisOutcome::Unexplained);
        println!("{} candidates, complete: {}", diagnosis.candidates(), diagnosis.is_complete());
        assert!(diagnosis.candidates() <= 1_000, "{}", diagnosis.candidates());
    }
    assert!(Sent::default().diagnose(WRONG).is_complete());
}

#[test]
fn shows_neither_secrets_nor_passwords_nor_line_breaks() {
    let sent = Sent {
        method: "POST",
        form: Some("x_auth_password=hunter2&text=a%0Ab".into()),
        client: ("key".into(), "s3cret+client/".into()),
        token: Some(("token".into(), "s3cret+token/".into())),
        ..Sent::default()
    };
    let mut work = sent.work();
    work.joined = as_it_is;
    let mut pages = vec![sent.diagnose(WRONG), sent.diagnose(&work.signature())];
    work.key = as_it_is;
    pages.push(sent.diagnose(&work.signature()));
    assert_eq!(pages[1].finding().unwrap().mistakes(), [Mistake::ParametersNotEncoded]);
    assert_eq!(
        pages[2].finding().unwrap().mistakes(),
        [Mistake::ParametersNotEncoded, Mistake::SecretsNotEncoded]
    );
    for page in pages {
        let text = format!("{page}\n{page:?}");
        assert!(!text.contains("s3cret") && !text.contains("hunter2"), "{text}");
    }
    // With the text itself unencoded, a line break would be one in the log.
    let sent = Sent { query: Some("text=a%0Aforged%20line".into()), ..Sent::default() };
    let mut work = sent.work();
    (work.values, work.joined) = (as_it_is, as_it_is);
    let page = sent.diagnose(&work.signature());
    assert_eq!(page.outcome(), DiagnosisOutcome::Explained, "{page}");
    assert!(page.to_string().contains("a\\nforged line"), "{page}");
}

#[test]
fn says_why_there_is_nothing_to_try() {
    let sent = Sent::default();
    let policy = sent.policy().allow_plaintext(true);
    let outcome = |request: &Request<Vec<u8>>, client: Option<&ClientRecord>| {
        let claim = policy.read(IncomingRequest::from(request)).unwrap();
        claim.diagnose(client, sent.token_record().as_ref()).outcome()
    };
    let (request, record) = (sent.request(WRONG), sent.client_record());
    assert_eq!(outcome(&request, None), DiagnosisOutcome::NoRecord);
    let other = ClientRecord::new(ClientCredentials::new("other", "kd94hf93k423kf44")).unwrap();
    assert_eq!(outcome(&request, Some(&other)), DiagnosisOutcome::NoRecord);
    let restricted = record.clone().only(&[SignatureMethodName::HmacSha256]);
    assert_eq!(outcome(&request, Some(&restricted)), DiagnosisOutcome::NoRecord);
    assert_eq!(outcome(&request, Some(&record)), DiagnosisOutcome::Unexplained);
    assert_eq!(outcome(&sent.request("AAAA"), Some(&record)), DiagnosisOutcome::NotASignature);
}

/// A token that nobody knows has no secret here, but its absence can be found.
#[test]
fn without_a_record_of_the_token_its_secret_may_still_be_missing() {
    let sent = Sent::default();
    let mut work = sent.work();
    work.secrets.1.clear();
    let policy = sent.policy();
    let request = sent.request(&work.signature());
    let claim = policy.read(IncomingRequest::from(&request)).unwrap();
    let diagnosis = claim.diagnose(Some(&sent.client_record()), None);
    assert_eq!(diagnosis.finding().unwrap().mistakes(), [Mistake::TokenSecretMissing], "{diagnosis}");
    let request = sent.request(&sent.work().signature());
    let claim = policy.read(IncomingRequest::from(&request)).unwrap();
    assert_eq!(claim.diagnose(Some(&sent.client_record()), None).outcome(), DiagnosisOutcome::NoRecord);
}

#[test]
fn names_mistakes_with_plaintext() {
    let sent = Sent {
        signature_method: "PLAINTEXT",
        client: ("key".into(), "a/b".into()),
        token: Some(("token".into(), "c d".into())),
        ..Sent::default()
    };
    let policy = sent.policy().allow_plaintext(true);
    let record = sent.client_record().allow_plaintext(true);
    for (signature, expected) in [
        ("a%2Fb&c%20d", None),
        ("a/b&c d", Some(Mistake::SecretsNotEncoded)),
        ("a%2Fb&", Some(Mistake::TokenSecretMissing)),
        ("c%20d&a%2Fb", Some(Mistake::SecretsSwapped)),
        ("a%252Fb%26c%2520d", Some(Mistake::SignatureEncodedTwice)),
    ] {
        let request = sent.request(signature);
        let claim = policy.read(IncomingRequest::from(&request)).unwrap();
        let diagnosis = claim.diagnose(Some(&record), sent.token_record().as_ref());
        let found = diagnosis.finding().map(|finding| finding.mistakes()[0]);
        assert_eq!(found, expected, "{signature}: {diagnosis}");
    }
}

/// Names are for logs: none is there twice, and none is without its texts.
#[test]
fn every_mistake_has_a_name_of_its_own() {
    let mut names: Vec<&str> = Mistake::ALL.iter().map(|mistake| mistake.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Mistake::ALL.len());
    for mistake in Mistake::ALL {
        assert!(
            mistake
                .name()
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
        assert!(mistake.explanation().ends_with('.') && mistake.remedy().ends_with('.'), "{mistake}");
    }
}

/// In a release build, on a machine where nothing else runs: a millisecond for a typical request.
#[test]
#[ignore = "measures time: cargo test --release --test diagnosis -- --ignored --nocapture"]
fn takes_a_millisecond_for_a_typical_request() {
    let typical = Sent {
        query: Some("count=20&page=2&screen_name=jane".into()),
        headers: vec![("host", "api.example.com"), ("accept", "*/*")],
        ..Sent::default()
    };
    let nasty = Sent {
        query: Some("q=a+b%20%C3%A9&a%5B%5D=1&a%5B%5D=2&c&d=".into()),
        path: "/a%20b".into(),
        ..typical.clone()
    };
    let sha512 = Sent { signature_method: "HMAC-SHA512", ..typical.clone() };
    let wrong512 = format!("{}==", "A".repeat(86));
    for (name, sent, signature) in
        [("typical", &typical, WRONG), ("SHA-512", &sha512, &wrong512), ("nasty", &nasty, WRONG)]
    {
        let policy = sent.policy();
        let request = sent.request(signature);
        let claim = policy.read(IncomingRequest::from(&request)).unwrap();
        let (client, token) = (sent.client_record(), sent.token_record());
        let mut times: Vec<_> = (0..300)
            .map(|_| {
                let start = std::time::Instant::now();
                let diagnosis = claim.diagnose(Some(&client), token.as_ref());
                assert_eq!(diagnosis.outcome(), DiagnosisOutcome::Unexplained);
                (start.elapsed(), diagnosis.candidates())
            })
            .collect();
        times.sort_unstable();
        println!("{name}: least {:?}, median {:?}, {} candidates", times[0].0, times[150].0, times[0].1);
        assert!(times[0].0.as_micros() <= 1_000 || name == "nasty", "{:?}", times[0]);
    }
}
