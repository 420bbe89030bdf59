//! The client's diagnosis: what it makes of known responses, of known mistakes, and of hostile text.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod base_strings;
mod hostile;
mod known;
mod mistakes;
mod right;
mod secrets;

use http::{HeaderMap, Request, Response, StatusCode, header};
use oauth1_signer::diagnose::{Diagnosis, FindingKind, Findings};
use oauth1_signer::{ClientCredentials, RequestRef, Signer, Stamp, TokenCredentials};

/// The time at which the requests of these tests are signed, in seconds and as a Date header.
const NOW: u64 = 1_700_000_000;
const DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

/// A signer with credentials of a plain form.
fn signer() -> Signer {
    Signer::builder(ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"))
        .token(TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"))
        .build()
        .unwrap()
}

/// Signs at [`NOW`] and puts the header on the request.
fn signed_by(signer: &Signer, mut request: Request<String>) -> Request<String> {
    let stamp = Stamp::new(NOW, "kllo9940pd9333jh").unwrap();
    let header = signer.sign_with(&request, stamp).unwrap().to_header();
    request.headers_mut().insert(header::AUTHORIZATION, header);
    request
}

fn get(url: &str) -> Request<String> {
    Request::get(url).body(String::new()).unwrap()
}

fn form(url: &str, body: &str) -> Request<String> {
    let builder = Request::post(url).header("content-type", "application/x-www-form-urlencoded");
    builder.body(body.to_owned()).unwrap()
}

/// A response as `curl -i` prints it; one without a Date gets [`DATE`].
fn response(text: &str) -> Response<String> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let mut response = Response::new(body.to_owned());
    *response.status_mut() = status.parse::<StatusCode>().unwrap();
    response.headers_mut().insert(header::DATE, DATE.parse().unwrap());
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        headers.insert(name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap());
    }
    response.headers_mut().extend(headers);
    response
}

fn first(findings: &Findings) -> Option<FindingKind> {
    findings.first().map(oauth1_signer::diagnose::Finding::kind)
}

/// The diagnosis of a request that [`signer`] signed.
fn examine(request: &Request<String>, text: &str) -> Findings {
    Diagnosis::of(request).examine(&response(text))
}

/// The base string of a request, by the crate's own low-level door, for a request in the query.
fn base_string_of(request: &Request<String>, signer: &Signer) -> String {
    let stamp = Stamp::new(NOW, "kllo9940pd9333jh").unwrap();
    let view = RequestRef::try_from(request).unwrap();
    signer.prepare_with(view, stamp).unwrap().base_string().to_owned()
}
