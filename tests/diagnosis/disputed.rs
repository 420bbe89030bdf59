//! Requests that RFC 5849 leaves open, with the signatures that 19 real libraries gave.
//!
//! `disputed.jsonl` has those of the project's vectors where libraries disagree: each row a request, and each
//! signature with the libraries that made it.

use std::collections::BTreeMap;

use http::Request;
use oauth1_signer::Origin;
use oauth1_signer::verify::diagnosis::DiagnosisOutcome;
use oauth1_signer::verify::{ClientRecord, IncomingRequest, Policy, TokenRecord};
use oauth1_signer::{ClientCredentials, TokenCredentials};
use serde_json::Value;

use crate::signer::rfc;

fn text<'r>(row: &'r Value, name: &str) -> &'r str {
    row[name].as_str().unwrap_or_default()
}

/// The request as a server receives it; none where it cannot be one.
fn request(row: &Value, signature: &str) -> Option<(Policy, Request<Vec<u8>>)> {
    let (scheme, rest) = text(row, "url").split_once("://")?;
    let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let scheme = scheme.replace("ws", "http");
    let policy = Policy::new(Origin::new(&format!("{scheme}://{authority}")).ok()?).require_token(false);
    let encoded = |value: &str| String::from_utf8(rfc(value.as_bytes())).unwrap();
    let mut header = String::from("OAuth ");
    for (name, value) in [
        ("oauth_consumer_key", text(row, "client_key")),
        ("oauth_token", text(row, "token")),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", text(row, "timestamp")),
        ("oauth_nonce", text(row, "nonce")),
        ("oauth_version", text(row, "version")),
        ("oauth_signature", signature),
    ] {
        header.push_str(&[name, "=\"", &encoded(value), "\","].concat());
    }
    let mut request = Request::builder()
        .method(text(row, "method"))
        .uri(target)
        .header("host", authority)
        .header("authorization", header);
    if let Some(content_type) = row["content_type"].as_str() {
        request = request.header("content-type", content_type);
    }
    Some((policy, request.body(text(row, "body").as_bytes().to_vec()).ok()?))
}

#[test]
fn names_what_real_libraries_sign_otherwise() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for row in include_str!("disputed.jsonl").lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        for answer in row["answers"].as_array().unwrap() {
            let id = format!("{}, {}", text(&row, "id"), answer["by"]);
            let outcome = diagnose(&row, text(answer, "signature"));
            let kind = match &outcome {
                Err(kind) => kind,
                Ok(page) if page.is_empty() => "right",
                Ok(page) if page.starts_with("mistakes") => "named",
                Ok(page) => {
                    failures.push(format!("{id}:\n{page}"));
                    "unnamed"
                }
            };
            *counts.entry(kind).or_default() += 1;
        }
    }
    println!("{counts:?}");
    assert!(failures.is_empty(), "{} failures, {counts:?}:\n{}", failures.len(), failures.join("\n"));
    let expected = [
        // `h%2Dx`, a raw space, an IDN, a port that is none: no server gets such a request, or has such an origin.
        ("no request", 11),
        // A `%` without two digits, a duplicate protocol parameter: rejected before anything is computed.
        ("no claim", 9),
        ("right", 25),
        ("named", 39),
    ];
    for (kind, count) in expected {
        assert_eq!(counts.get(kind).copied().unwrap_or_default(), count, "{kind}");
    }
}

/// Nothing where the signature is right, the mistakes, or the page; an error where no claim can be read.
fn diagnose(row: &Value, signature: &str) -> Result<String, &'static str> {
    let (policy, request) = request(row, signature).ok_or("no request")?;
    let claim = policy.read(IncomingRequest::from(&request).body(request.body())).map_err(|_| "no claim")?;
    let client = ClientCredentials::new(text(row, "client_key"), text(row, "client_secret"));
    let client = ClientRecord::new(client).unwrap();
    let token = TokenCredentials::new(text(row, "token"), text(row, "token_secret"));
    let token = TokenRecord::new(token, text(row, "client_key"));
    let diagnosis = claim.diagnose(Some(&client), Some(&token));
    Ok(match diagnosis.outcome() {
        DiagnosisOutcome::Right => String::new(),
        DiagnosisOutcome::Explained => format!("mistakes: {:?}", diagnosis.finding().unwrap().mistakes()),
        _ => diagnosis.to_string(),
    })
}
