//! The server's diagnosis: it never panics, its work is bounded, and what it names is true.
//!
//! The input is a text of lines: method, target, Host, `X-Forwarded-Host`, client secret, token secret, what is
//! signed (see [`signed`]), and the rest is a form where the line before it is `form`, or else a body.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use libfuzzer_sys::fuzz_target;
use oauth1_signer::verify::diagnosis::{DiagnosisOutcome, Mistake};
use oauth1_signer::verify::{ClientRecord, IncomingRequest, Policy, TokenRecord};
use oauth1_signer::{ClientCredentials, Origin, TokenCredentials, percent_encode};
use sha1::{Digest, Sha1};

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(9, |&byte| byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (method, target, host, forwarded) = (line(), line(), line(), line());
    let (client_secret, token_secret, edit, kind, body) =
        (text(line()), text(line()), text(line()), line(), line());
    let request = |signature: &str| {
        let authorization = format!(
            "OAuth realm=\"r\",oauth_consumer_key=\"key\",oauth_token=\"token\",oauth_nonce=\"n\",oauth_timestamp=\"1\",\
             oauth_version=\"1.0\",oauth_signature_method=\"HMAC-SHA1\",oauth_signature=\"{}\"",
            percent_encode(signature)
        );
        let mut request =
            Request::builder().method(method).uri(target).header("authorization", authorization);
        for (name, value) in [("host", host), ("x-forwarded-host", forwarded)] {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        if kind == b"form" {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        request.body(body)
    };
    let policy =
        Policy::new(Origin::new("https://h.example").expect("an origin")).allow_lowercase_methods(true);
    let Ok(client) = ClientRecord::new(ClientCredentials::new("key", client_secret.clone())) else { return };
    let token = TokenRecord::new(TokenCredentials::new("token", token_secret.clone()), "key");
    let key = format!("{}&{}", percent_encode(&client_secret), percent_encode(&token_secret));

    // The base string as it should be, to make a signature of something near it.
    let Ok(unsigned) = request("") else { return };
    let Ok(claim) = policy.read(IncomingRequest::from(&unsigned).body(body)) else { return };
    let base_string = claim.explanation().base_string().to_owned();
    let signature = signed(&edit, &base_string, key.as_bytes());
    let Ok(request) = request(&signature) else { return };
    let Ok(claim) = policy.read(IncomingRequest::from(&request).body(body)) else { return };

    let diagnosis = claim.diagnose(Some(&client), Some(&token));
    assert!(diagnosis.candidates() <= 1_000, "{}", diagnosis.candidates());
    let is_right = claim.prove(Some(&client), Some(&token)).is_ok();
    assert_eq!(is_right, diagnosis.outcome() == DiagnosisOutcome::Right, "{diagnosis}");
    let _ = format!("{diagnosis} {diagnosis:?}");
    let Some(finding) = diagnosis.finding() else { return };
    let mistakes = finding.mistakes();
    let found = finding.base_string();
    let is_whole = !found.contains(['\u{FFFD}', '[']) && !found.contains("redacted");
    // The key is the right one, and so is the form: then the base string alone makes the signature.
    if is_whole && !mistakes.iter().any(|mistake| is_of_key_or_form(*mistake)) {
        assert_eq!(STANDARD.encode(hmac_sha1(key.as_bytes(), found.as_bytes())), signature, "{diagnosis}");
    }
});

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}

/// What the line says of the signature: `text` and a text is sent as it is, `base` and a text is signed; of
/// `edit` and two texts, one stands for the other in what should be signed.
fn signed(edit: &str, base_string: &str, key: &[u8]) -> String {
    let (kind, rest) = edit.split_once(' ').unwrap_or((edit, ""));
    let base_string = match kind {
        "text" => return rest.to_owned(),
        "base" => rest.to_owned(),
        "edit" => {
            let (from, to) = rest.split_once(' ').unwrap_or((rest, ""));
            if from.is_empty() { base_string.to_owned() } else { base_string.replace(from, to) }
        }
        _ => base_string.to_owned(),
    };
    STANDARD.encode(hmac_sha1(key, base_string.as_bytes()))
}

fn is_of_key_or_form(mistake: Mistake) -> bool {
    let name = mistake.name();
    let is_of_key =
        name.starts_with("secret") || name.ends_with("secret-missing") || name.contains("client-secret");
    is_of_key
        || name.starts_with("signature-in")
        || matches!(
            mistake,
            Mistake::AmpersandMissing
                | Mistake::IdentifierAsSecret
                | Mistake::OtherHash
                | Mistake::SignatureBase64Url
                | Mistake::SignaturePadding
                | Mistake::SignatureEncodedTwice
                | Mistake::SignatureNotEncoded
                | Mistake::SignatureWhiteSpace
                | Mistake::SignatureNotBase64
                | Mistake::PlaintextSignature
        )
}

/// RFC 2104.
fn hmac_sha1(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    match key.len() {
        ..=64 => block[..key.len()].copy_from_slice(key),
        _ => block[..20].copy_from_slice(&Sha1::digest(key)),
    }
    let pad = |byte: u8| block.map(|key| key ^ byte);
    let inner = Sha1::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha1::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}
