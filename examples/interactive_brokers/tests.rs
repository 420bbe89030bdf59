//! Each step agrees with ibind, and bad input is an error.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use num_bigint::BigUint;
use oauth1_signer::{RequestRef, Stamp};
use serde_json::Value;

use super::broker::{Broker, ENCRYPTION_KEY, PRIME, SIGNATURE_KEY};
use super::live_session::{Account, Challenge, LiveSessionError};

fn account(secret: &str) -> Account {
    Account {
        consumer_key: "TESTCONS1".to_owned(),
        access_token: "a1234".to_owned(),
        access_token_secret: secret.to_owned(),
        realm: "test_realm".to_owned(),
        prime: PRIME.to_owned(),
        encryption_key: ENCRYPTION_KEY.to_owned(),
        signature_key: SIGNATURE_KEY.to_owned(),
    }
}

#[test]
fn each_step_agrees_with_ibind() {
    // `.ci/run provider_libraries` lets ibind make others.
    let lines = match std::env::var_os("IBIND_VECTORS") {
        Some(file) => std::fs::read_to_string(file).expect("a file"),
        None => include_str!("ibind_vectors.jsonl").to_owned(),
    };
    assert!(lines.lines().count() >= 20);
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let text = |name: &str| line[name].as_str().expect("text");
        let account = account(text("encrypted_secret"));
        let secret = account.decrypt_secret().expect("a secret");
        assert_eq!(secret.to_hex(), text("prepend"));

        let random = BigUint::parse_bytes(text("random").as_bytes(), 16).expect("a number");
        let challenge = Challenge::with_random(PRIME, random).expect("a challenge");
        assert_eq!(challenge.to_hex(), text("challenge"));

        let stamp = || Stamp::new(1_796_095_859, text("nonce")).expect("a stamp");
        let url = "https://api.ibkr.com/v1/api/oauth/live_session_token";
        let authorization =
            account.authorize_live_session_with(url, &secret, &challenge, stamp()).expect("a header");
        // RSA signatures are equal if the texts are.
        assert!(
            authorization.ends_with(&format!("oauth_signature=\"{}\"", text("signature"))),
            "{authorization}"
        );

        let token = challenge.live_session_token(text("response"), &secret).expect("a token");
        assert_eq!(STANDARD.encode(token.as_bytes()), text("live_session_token"));
        assert_eq!(token.check("TESTCONS1", text("token_signature")), Ok(()));
        assert_eq!(token.check("TESTCONS2", text("token_signature")), Err(LiveSessionError::TokenSignature));

        let signer = account.signer(&token).expect("a signer");
        let request =
            RequestRef::new("GET", "https://api.ibkr.com/v1/api/portfolio/accounts").expect("a request");
        let header = signer.sign_with(request, stamp()).expect("a signature").to_header();
        let header = header.to_str().expect("text");
        assert!(header.ends_with(&format!("oauth_signature=\"{}\"", text("call_signature"))), "{header}");
    }
}

#[test]
fn the_story_runs_to_its_end() {
    super::main().expect("the story");
}

#[test]
fn bad_input_is_an_error_without_secrets() {
    let broker = Broker::new();
    let right = account(&broker.encrypted_secret().expect("a secret"));
    let secret = right.decrypt_secret().expect("a secret");
    let decrypt = |account: Account| account.decrypt_secret().expect_err("an error");
    assert_eq!(decrypt(account("not base64!")), LiveSessionError::SecretNotBase64);
    assert_eq!(decrypt(account("AAAA")), LiveSessionError::SecretNotDecrypted);
    let other = Account { encryption_key: SIGNATURE_KEY.to_owned(), ..account(&right.access_token_secret) };
    let wrong = other.decrypt_secret().expect("random bytes");
    assert_ne!(wrong.to_hex(), secret.to_hex());
    let challenge = Challenge::new(PRIME).expect("a challenge");
    let url = "https://api.ibkr.com/v1/api/oauth/live_session_token";
    let authorization = other.authorize_live_session(url, &wrong, &challenge).expect("a header");
    assert!(broker.live_session(url, &authorization).is_err());
    let other = Account { encryption_key: "/etc/key.pem".to_owned(), ..account("AAAA") };
    assert_eq!(decrypt(other), LiveSessionError::EncryptionKey);

    for prime in ["", "xyz", "-5", "F1", &"F".repeat(5_000)] {
        assert_eq!(Challenge::new(prime).expect_err("an error"), LiveSessionError::Prime, "{prime:.20}");
    }
    let challenge = Challenge::new(PRIME).expect("a challenge");
    let last = BigUint::parse_bytes(PRIME.as_bytes(), 16).expect("a number") - 1_u8;
    for response in ["", "0", "1", "+2", "2_2", "ü", &last.to_str_radix(16), PRIME, &"2".repeat(5_000)] {
        let error = challenge.live_session_token(response, &secret).expect_err("an error");
        assert_eq!(error, LiveSessionError::Response, "{response:.20}");
    }
    let shown = format!("{right:?} {secret:?} {challenge:?}");
    assert!(!shown.contains(&secret.to_hex()) && !shown.contains("twenty"), "{shown}");
}
