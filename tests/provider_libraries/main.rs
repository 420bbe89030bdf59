//! The libraries of WooCommerce, Jira and LTI (pip `woocommerce`, `jira` and `lti`), and those of Mastercard
//! (pip and npm `mastercard-oauth1-signer`), against both halves of this crate: the policy admits what they
//! sign, the signer signs the same, and pip `lti` accepts our launches.
//!
//! `recorded.jsonl` has what `libraries.py` and `mastercard.mjs` printed once. `.ci/run provider_libraries` runs it anew.
#![cfg(all(feature = "sha2", feature = "rsa"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

#[path = "../support/ready.rs"]
mod ready;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use http::Request;
use oauth1_signer::signature::{RsaPrivateKey, RsaPublicKey};
use oauth1_signer::verify::{
    ClientRecord, IncomingRequest, MemoryNonceLog, Policy, Rejection, RejectionReason, TokenRecord,
};
use oauth1_signer::{
    BodyHashPolicy, ClientCredentials, Origin, RequestRef, SignatureMethod, Signer, SignerBuilder, Stamp,
    TokenCredentials, providers,
};
use ready::now;
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

/// A request that a library signed.
struct Recorded {
    library: String,
    what: String,
    url: String,
    request: Request<String>,
}

impl Recorded {
    fn parse(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        let url = text("url");
        let mut request = Request::builder().method(&*text("method")).uri(&url);
        for (name, value) in line["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        Self {
            library: text("library"),
            what: text("what"),
            request: request.body(text("body")).unwrap(),
            url,
        }
    }

    /// Returns a protocol parameter, wherever it is.
    fn parameter(&self, name: &str) -> String {
        let header = self.request.headers().get("authorization").map_or("", |value| value.to_str().unwrap());
        let header =
            header.trim_start_matches("OAuth ").replace(", ", "&").replace(',', "&").replace('"', "");
        let query = self.request.uri().query().unwrap_or_default();
        let form = if header.is_empty() { self.request.body() } else { "" };
        let all = [header.as_str(), query, form].join("&");
        let pair = all.split('&').find(|pair| pair.split('=').next() == Some(name)).unwrap();
        percent_decode(pair.split_once('=').unwrap().1)
    }

    fn origin(&self) -> Origin {
        let uri = self.request.uri();
        Origin::new(&format!("{}://{}", uri.scheme_str().unwrap(), uri.authority().unwrap())).unwrap()
    }

    fn is_of_mastercard(&self) -> bool {
        self.library.starts_with("mastercard")
    }

    fn verify(&self, allows_unencoded: bool) -> Result<(), Rejection> {
        let timestamp = self.parameter("oauth_timestamp").parse().unwrap();
        let is_jira = self.library == "jira";
        let policy = Policy::new(self.origin())
            .require_token(is_jira)
            .allow_unencoded_header_values(allows_unencoded)
            .clock(move || Ok(timestamp));
        let client = if is_jira || self.is_of_mastercard() {
            let key = RsaPublicKey::from_pem(include_str!("../vectors/keys/rsa-a.pub.pem")).unwrap();
            ClientRecord::rsa(if is_jira { "key" } else { "key!id" }, key)
        } else {
            ClientRecord::new(ClientCredentials::new("key", "secret")).unwrap()
        };
        let token = TokenRecord::new(TokenCredentials::new("token", "token secret"), "key");
        let received = IncomingRequest::from(&self.request).body(self.request.body().as_bytes());
        let claim = policy.read(received)?;
        let proof = claim.prove(Some(&client), is_jira.then_some(&token))?;
        now(proof.admit(&MemoryNonceLog::new().unwrap())).map(drop)
    }

    fn signer(&self) -> SignerBuilder {
        let client = ClientCredentials::new("key", "secret");
        match &*self.library {
            // It sends no version, and signs by HMAC-SHA256.
            "woocommerce" => {
                providers::woocommerce().signer(client).version(false).method(SignatureMethod::hmac_sha256())
            }
            "jira" => {
                let key = RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-a.pkcs8.pem")).unwrap();
                let client = ClientCredentials::new("key", "");
                let signer = providers::jira("https://jira.example/jira").signer(client);
                let token = TokenCredentials::new("token", "token secret");
                signer.method(SignatureMethod::rsa_sha1(key)).token(token)
            }
            _ if self.is_of_mastercard() => {
                let key = RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-a.pkcs8.pem")).unwrap();
                providers::mastercard()
                    .signer(ClientCredentials::new("key!id", ""))
                    .method(SignatureMethod::rsa_sha256(key))
                    .encode_header_values(false)
            }
            _ if self.what == "an outcome" => {
                providers::lti().signer(client).body_hash(BodyHashPolicy::NotForms)
            }
            _ => providers::lti().signer(client),
        }
    }

    /// Signs the same request, without the protocol parameters, and with the same timestamp and nonce. Returns
    /// the signature, and the parameters of the header as they are sent, sorted.
    fn sign_again(&self) -> (String, Vec<String>) {
        let stamp =
            Stamp::new(self.parameter("oauth_timestamp").parse().unwrap(), &self.parameter("oauth_nonce"))
                .unwrap();
        let signer = self.signer().build().unwrap();
        let without = |text: &str| {
            let pairs: Vec<_> = text.split('&').filter(|pair| !pair.starts_with("oauth_")).collect();
            pairs.join("&")
        };
        let url = match self.url.split_once('?') {
            Some((before, query)) => [before, &without(query)].join("?"),
            None => self.url.clone(),
        };
        let content_type = self.request.headers().get("content-type");
        let content_type = content_type.map_or("", |value| value.to_str().unwrap());
        let body =
            if content_type == FORM { without(self.request.body()) } else { self.request.body().clone() };
        let mut request = RequestRef::new(self.request.method().as_str(), &url).unwrap();
        if !content_type.is_empty() && !body.is_empty() {
            request = request.content_type(content_type).body(body.as_bytes());
        }
        let result = signer.sign_with(request, stamp).unwrap();
        (result.signature().clone(), header_parameters(result.to_header().to_str().unwrap()))
    }
}

fn header_parameters(header: &str) -> Vec<String> {
    let mut parameters: Vec<_> =
        header.trim_start_matches("OAuth ").split(',').map(|part| part.trim().to_owned()).collect();
    parameters.sort();
    parameters
}

fn percent_decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

fn check(lines: &str) {
    let mut count = 0;
    for recorded in lines.lines().map(Recorded::parse) {
        let name = format!("{}, {}", recorded.library, recorded.what);
        if recorded.what == "a query, which is sent twice" {
            // A mistake of the library: it signs the query once, and sends it twice.
            let rejection = recorded.verify(true).unwrap_err();
            assert_eq!(*rejection.reason(), RejectionReason::WrongSignature, "{name}");
        } else {
            recorded.verify(true).unwrap_or_else(|rejection| panic!("{name}: {rejection}"));
            let (signature, header) = recorded.sign_again();
            assert_eq!(signature, recorded.parameter("oauth_signature"), "{name}");
            if recorded.is_of_mastercard() {
                // Equal to the byte, but for the order; and for others the policy must allow it.
                let theirs = recorded.request.headers()["authorization"].to_str().unwrap();
                assert_eq!(header, header_parameters(theirs), "{name}");
                let rejection = recorded.verify(false).unwrap_err();
                assert_eq!(*rejection.reason(), RejectionReason::WrongSignature, "{name}");
            } else {
                recorded.verify(false).unwrap_or_else(|rejection| panic!("{name}: {rejection}"));
            }
        }
        count += 1;
    }
    assert_eq!(count, 15);
}

#[test]
fn what_the_libraries_signed_is_admitted_and_signed_the_same() {
    check(include_str!("recorded.jsonl"));
}

fn python(command: &str) -> Command {
    let python =
        std::env::var_os("PROVIDER_LIBRARIES_PYTHON").expect("it is set: .ci/run provider_libraries");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut process = Command::new(python);
    process.arg(tests.join("provider_libraries/libraries.py")).arg(command);
    process.arg("--rsa-key").arg(tests.join("vectors/keys/rsa-a.pkcs8.pem"));
    process
}

#[test]
#[ignore = "needs Python: .ci/run provider_libraries"]
fn what_the_libraries_sign_now_is_admitted_and_signed_the_same() {
    let output = python("sign").stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let of_node = Command::new("node")
        .arg(tests.join("provider_libraries/mastercard.mjs"))
        .arg(tests.join("vectors/keys/rsa-a.pkcs8.pem"))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(of_node.status.success());
    check(std::str::from_utf8(&[output.stdout, of_node.stdout].concat()).unwrap());
}

#[test]
#[ignore = "needs Python: .ci/run provider_libraries"]
fn our_launches_are_accepted_by_lti() {
    let signer = |secret: &str| {
        let client = ClientCredentials::new("key", secret);
        providers::lti().signer(client).build().unwrap()
    };
    let launch = |signer: &Signer, title: &str| {
        let url = "https://tool.example/launch";
        let pairs = [
            ("lti_message_type", "basic-lti-launch-request"),
            ("lti_version", "LTI-1p0"),
            ("resource_link_id", "week 1"),
            ("context_title", title),
        ];
        let sealed = signer.sign(RequestRef::new("POST", url).unwrap().form(&pairs)).unwrap();
        let form: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", oauth1_signer::percent_encode(value)))
            .collect();
        let form = sealed.append_to_form(form.join("&").as_bytes());
        json!({ "url": url, "form": String::from_utf8(form).unwrap() }).to_string()
    };
    let right = ["Tea", "Tea & cake ☕ (100%)", "a+b=c~", "", "%41 \"quoted\" 'text' <b>"];
    let mut lines: Vec<String> = right.iter().map(|title| launch(&signer("secret"), title)).collect();
    lines.push(launch(&signer("another secret"), "Tea"));
    let mut process = python("verify")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let answers: Vec<_> = std::str::from_utf8(&output.stdout).unwrap().lines().collect();
    assert_eq!(answers, ["true", "true", "true", "true", "true", "false"]);
}
