//! Runs published vectors, which cover parts of the RFC, each with the public function for that part.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth1_signer::{
    BodyHashPolicy, ClientCredentials, RequestRef, SignatureMethod, Signer, SignerBuilder, Stamp,
    TokenCredentials, percent_encode,
    request::{RequestError, UrlError},
    signature_base_string,
};
use serde_json::Value;

use super::header;
use super::keys::Keys;
use super::oracle;
use super::row::{Expected, Row, pairs, text};
use super::run::{Outcome, Ways, check};

/// Runs a row. The result must be the published one.
///
/// If the published one is wrong, the result must be the right one, and must differ from the published one.
pub(crate) fn run(row: &Value, keys: &Keys, ways: &mut Ways) -> Outcome {
    let verified = row["verified"].as_bool().expect("verified is there");
    let right = &row[if verified { "expect" } else { "correct" }];
    assert!(verified || right != &row["expect"], "both the same: {row}");
    let outcome = match row["kind"].as_str().expect("kind is there") {
        "request" => return run_request(row, verified, right, keys, ways),
        "header-only" => return run_header(row, verified),
        "encode" => Some(vec![Ok(percent_encode(given(row, "text")))]),
        "normalize" => Some(normalize(&pairs(&row["pairs"]))),
        "normalize-query" => Some(normalize_query(&given(row, "query"))),
        "base-uri" => Some(base_uri(&given(row, "url"))),
        "base-string" => Some(base_string(&given(row, "method"), &given(row, "url"), &pairs(&row["pairs"]))),
        "sign" => sign(row, keys),
        "key" => Some(vec![Ok(sign_bytes(SignatureMethod::plaintext(), row, "any text"))]),
        "body-hash" => body_hash(row, keys),
        other => panic!("a kind that no test knows: {other}"),
    };
    let Some(answers) = outcome else { return Outcome::NotBuilt };
    if let Some(refusal) = row["url"].as_str().and_then(refusal_of) {
        return match answers.iter().find(|answer| answer.as_ref().err() != Some(&refusal)) {
            None => Outcome::Refused,
            Some(answer) => Outcome::Failed(vec![format!("got {answer:?}, expected {refusal:?}")]),
        };
    }
    let right = text(right).expect("text");
    let wrong = answers.iter().filter(|answer| answer.as_ref() != Ok(&right));
    let failures: Vec<String> =
        wrong.map(|answer| format!("got {answer:?}\n    expected {right:?}")).collect();
    if failures.is_empty() { Outcome::Passed } else { Outcome::Failed(failures) }
}

fn given(row: &Value, name: &str) -> String {
    text(&row[name]).unwrap_or_else(|| panic!("{name} is missing: {row}"))
}

/// Returns the library's error for a URL that is no http or https URI (§3.4.1.2, RFC 3986 §2).
///
/// Some published tests have such a URL, and their libraries sign other bytes than they send.
fn refusal_of(url: &str) -> Option<RequestError> {
    let uri = oracle::split_uri(url);
    let is_http = ["http", "https"].iter().any(|scheme| uri.scheme.eq_ignore_ascii_case(scheme));
    let before_query = url.split('?').next().unwrap_or_default();
    if !is_http {
        return Some(UrlError::UnsupportedScheme(uri.scheme.to_owned()).into());
    }
    before_query.find(' ').map(|offset| UrlError::UnencodedSpace { offset }.into())
}

fn run_request(row: &Value, verified: bool, right: &Value, keys: &Keys, ways: &mut Ways) -> Outcome {
    let right = Expected::of(right);
    // All fields that differ are compared, so a result cannot equal both.
    assert!(verified || Expected::of(&row["expect"]) != right, "nothing to tell apart: {row}");
    check(&Row::of(row), &right, keys, ways)
}

type Answers = Vec<Result<String, RequestError>>;

/// Returns the base string's part at `place`, decoded. Each part is encoded once.
fn part(base_string: &str, place: usize) -> String {
    let parts: Vec<&str> = base_string.split('&').collect();
    assert_eq!(parts.len(), 3, "a base string has three parts: {base_string}");
    let decoded = oracle::form_pairs(parts[place].as_bytes()).pop().map_or(Vec::new(), |(name, _)| name);
    let decoded = String::from_utf8(decoded).expect("text");
    assert_eq!(percent_encode(&decoded), parts[place], "encoded otherwise than §3.6 wants it");
    decoded
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Signs decoded pairs in three ways: by the query, by the form, and as text in the URL.
fn base_string(method: &str, url: &str, pairs: &[(String, String)]) -> Answers {
    let borrowed = borrowed(pairs);
    let written: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)))
        .collect();
    let written = format!("{url}?{}", written.join("&"));
    vec![
        RequestRef::new(method, url).and_then(|request| signature_base_string(&request.query(&borrowed))),
        RequestRef::new(method, url).and_then(|request| signature_base_string(&request.form(&borrowed))),
        RequestRef::new(method, &written).and_then(|request| signature_base_string(&request)),
    ]
}

fn normalize(pairs: &[(String, String)]) -> Answers {
    let base_strings = base_string("GET", "https://h.example/", pairs);
    base_strings.into_iter().map(|text| text.map(|text| part(&text, 2))).collect()
}

/// Normalizes a query in two ways: in the URL, and as the bytes of a form.
fn normalize_query(query: &str) -> Answers {
    let url = format!("https://h.example/?{query}");
    let in_url = RequestRef::new("GET", &url).and_then(|request| signature_base_string(&request));
    let in_form = RequestRef::new("POST", "https://h.example/").and_then(|request| {
        let request = request.content_type("application/x-www-form-urlencoded").body(query.as_bytes());
        signature_base_string(&request)
    });
    [in_url, in_form].into_iter().map(|text| text.map(|text| part(&text, 2))).collect()
}

/// Returns the second part of the base string, directly and by an explanation.
fn base_uri(url: &str) -> Answers {
    let low_level = RequestRef::new("GET", url).and_then(|request| signature_base_string(&request));
    let signer = builder("key", "").build().expect("a signer");
    let stamp = Stamp::new(1, "nonce").expect("a stamp");
    let explained = RequestRef::new("GET", url).map(|request| {
        let prepared = signer.prepare_with(request, stamp).expect("a request that can be signed");
        prepared.explanation().base_uri()
    });
    vec![low_level.map(|text| part(&text, 1)), explained]
}

fn builder(key: &str, secret: &str) -> SignerBuilder {
    Signer::builder(ClientCredentials::new(key, secret)).allow_incomplete_credentials(true)
}

fn sign_bytes(method: SignatureMethod, row: &Value, base_string: &str) -> String {
    let token_secret = text(&row["token_secret"]).unwrap_or_default();
    let signer = builder("key", &given(row, "client_secret"))
        .token(TokenCredentials::new("token", token_secret))
        .method(method)
        .build()
        .expect("a signer");
    signer.sign_bytes(base_string.as_bytes()).expect("a signature")
}

fn sign(row: &Value, keys: &Keys) -> Option<Answers> {
    let method = keys.method(&given(row, "signature_method"), text(&row["rsa_key"]).as_deref(), true)?;
    Some(vec![Ok(sign_bytes(method, row, &given(row, "base_string")))])
}

/// Returns the body hash that a signer sends, with the method of that hash.
///
/// If the body is empty, it also tries a request without a body, which has the same hash.
fn body_hash(row: &Value, keys: &Keys) -> Option<Answers> {
    let method = keys.method(&format!("HMAC-{}", given(row, "hash")), None, true)?;
    let signer =
        builder("key", "").method(method).body_hash(BodyHashPolicy::Always).build().expect("a signer");
    let sent = |request: RequestRef<'_>| {
        let signed =
            signer.sign_with(request, Stamp::new(1, "nonce").expect("a stamp")).expect("a signature");
        let hash = signed.parameters().into_iter().find(|(name, _)| name == "oauth_body_hash");
        hash.expect("a body hash").1
    };
    let body = given(row, "body");
    let request = || RequestRef::new("POST", "https://h.example/");
    let mut answers =
        vec![request().map(|request| sent(request.content_type("text/plain").body(body.as_bytes())))];
    if body.is_empty() {
        answers.push(request().map(sent));
    }
    Some(answers)
}

/// Makes a header of given parameters, with a signature from elsewhere, as with a key in an HSM.
fn run_header(row: &Value, verified: bool) -> Outcome {
    assert!(verified, "a header has nothing to be wrong: {row}");
    let mut given = pairs(&row["params"]);
    let mut take = |name: &str| {
        let place = given.iter().position(|(own, _)| own == name)?;
        Some(given.remove(place).1)
    };
    let mut need = |name: &str| take(name).unwrap_or_else(|| panic!("{name} is missing: {row}"));
    let stamp = Stamp::verbatim(&need("oauth_timestamp"), &need("oauth_nonce")).expect("a stamp");
    let signature = STANDARD.decode(need("oauth_signature")).expect("base64");
    assert_eq!(need("oauth_version"), "1.0");
    let mut builder = builder(&need("oauth_consumer_key"), "")
        .token(TokenCredentials::new(need("oauth_token"), ""))
        .method(SignatureMethod::external(need("oauth_signature_method")));
    if let Some(realm) = text(&row["realm"]) {
        builder = builder.realm(realm.as_str());
    }
    assert!(given.is_empty(), "parameters that no test knows: {given:?}");
    let signer = builder.build().expect("a signer");
    let request = RequestRef::new("GET", "https://h.example/").expect("a request");
    let prepared = signer.prepare_with(request, stamp).expect("a request that can be signed");
    let got = prepared.finish(signature).to_header();
    let got = header::parse(got.to_str().expect("ASCII"));
    let expected = header::parse(row["expect"]["header"].as_str().expect("a header"));
    if got == expected {
        Outcome::Passed
    } else {
        Outcome::Failed(vec![format!("got {got:?}\n    expected {expected:?}")])
    }
}
