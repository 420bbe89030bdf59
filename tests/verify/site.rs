//! A client, and the server that knows it.

use http::header::{AUTHORIZATION, HeaderValue};
use http::{Method, Request};
use oauth1_signer::verify::{
    ClientRecord, IncomingRequest, MemoryNonceLog, Policy, Rejection, TokenRecord, VerifiedRequest,
};
use oauth1_signer::{ClientCredentials, Origin, RequestRef, Signer, Stamp, TokenCredentials};

use crate::ready::now;

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const ORIGIN: &str = "https://bank.example";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";

pub(crate) fn policy() -> Policy {
    Policy::new(Origin::new(ORIGIN).unwrap()).clock(|| Ok(NOW))
}

pub(crate) fn credentials() -> ClientCredentials {
    ClientCredentials::new("app", "app-secret")
}

pub(crate) fn signer() -> Signer {
    Signer::builder(credentials()).token(TokenCredentials::new("jane", "jane-secret")).build().unwrap()
}

pub(crate) fn two_legged() -> Signer {
    Signer::builder(credentials()).build().unwrap()
}

/// A request as the server gets it.
pub(crate) fn request(method: &str, target: &str, content_type: &str, body: &str) -> Request<String> {
    let request = Request::builder().method(method).uri(target);
    let request =
        if content_type.is_empty() { request } else { request.header("content-type", content_type) };
    request.body(body.to_owned()).unwrap()
}

/// Signs a request as it is, and puts the protocol parameters into its header.
pub(crate) fn sign(signer: &Signer, mut request: Request<String>) -> Request<String> {
    let (url, content_type) = (format!("{ORIGIN}{}", request.uri()), request.headers().get("content-type"));
    let mut view = RequestRef::new(request.method().as_str(), &url).unwrap().body(request.body().as_bytes());
    if let Some(content_type) = content_type {
        view = view.content_type(content_type.to_str().unwrap());
    }
    let header = signer.sign_with(view, Stamp::new(NOW, "n1").unwrap()).unwrap().to_header();
    request.headers_mut().insert(AUTHORIZATION, header);
    request
}

/// Appends to the Authorization header.
pub(crate) fn add_to_header(request: &mut Request<String>, text: &str) {
    let header = request.headers()[AUTHORIZATION].to_str().unwrap();
    let header = HeaderValue::try_from(format!("{header}, {text}")).unwrap();
    request.headers_mut().insert(AUTHORIZATION, header);
}

pub(crate) fn with_method(mut request: Request<String>, method: &str) -> Request<String> {
    *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
    request
}

/// All steps. The body is handed over where it is asked for.
pub(crate) fn verify(policy: &Policy, request: &Request<String>) -> Result<VerifiedRequest, Rejection> {
    let mut received = IncomingRequest::from(request);
    if policy.wants_body(received) {
        received = received.body(request.body().as_bytes());
    }
    let claim = policy.read(received)?;
    let client = ClientRecord::new(credentials()).unwrap().allow_plaintext(true);
    let token = TokenRecord::new(TokenCredentials::new("jane", "jane-secret"), "app").for_user("jane");
    let log = MemoryNonceLog::new().unwrap();
    now(claim.prove(Some(&client), Some(&token))?.admit(&log))
}
