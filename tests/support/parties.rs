//! Both sides of a signed request, with the public API alone: a client that signs a request and sends it in
//! one of three ways, and a server that knows this client.

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use oauth1_signer::verify::{
    ClientRecord, IncomingRequest, Limits, Policy, Rejection, TokenRecord, VerifiedRequest,
};
use oauth1_signer::verify::{MemoryNonceLog, NonceLog, RestartPolicy};
use oauth1_signer::{ClientCredentials, Origin, Signed, Signer, TokenCredentials};

use super::oracle::{self, Body, BodyHashPolicy, Method, OWN, Request, Settings};
use super::reader::Arrived;
use super::ready::now;
use super::signers;

/// The server's clock.
pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const WINDOW: u64 = 300;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The place of the protocol parameters (§3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Header,
    Form,
    Query,
}

/// Changes a client's settings and a request so that a strict server reads them.
///
/// It removes what the server would reject for its form alone. Other tests cover bad input to the server.
pub(crate) fn fit(settings: &mut Settings, request: &mut Request, way: Way, late: i64) {
    settings.client.0 = format!("k{}", identifier(&settings.client.0));
    if settings.client.1.is_empty() {
        // A server knows no client without a secret.
        settings.client.1.push('s');
    }
    if let Some((token, secret)) = &mut settings.token {
        *token = identifier(token);
        if token.is_empty() {
            // An empty token counts as no token, and then there is no token secret.
            secret.clear();
        }
    }
    settings.verifier = settings.verifier.as_ref().map(|verifier| format!("v{}", identifier(verifier)));
    settings.nonce = format!("n{}", identifier(&settings.nonce));
    settings.timestamp = NOW.saturating_add_signed(late).to_string();
    // In a header this parameter would be the realm.
    settings.parameters.retain(|(name, _)| !name.eq_ignore_ascii_case("realm"));

    if matches!(settings.method, Method::Plaintext | Method::PlaintextWithoutStamp) {
        // PLAINTEXT signs only the secrets: a token without a secret could also be left out.
        if let Some((_, secret)) = settings.token.as_mut().filter(|(token, _)| !token.is_empty()) {
            secret.push('s');
        }
        let (_, rest) = request.url.split_once("://").expect("an absolute URL");
        request.url = format!("https://{rest}");
    }
    let (before, fragment) = request.url.split_at(request.url.find('#').unwrap_or(request.url.len()));
    if let Some((before, query)) = before.split_once('?') {
        let query = String::from_utf8(form_text(query.as_bytes())).expect("text");
        request.url = format!("{before}?{query}{fragment}");
    }
    request.query.retain(|(name, _)| !is_own(name.as_bytes()));
    if let Body::Pairs(pairs) = &request.body {
        // A client writes the pairs as text.
        let written: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", form_encode(name), form_encode(value)))
            .collect();
        request.content_type = Some(FORM.to_owned());
        request.body = Body::Bytes(written.join("&").into_bytes());
    }
    if way == Way::Form && !oracle::is_form(request) {
        request.content_type = Some(FORM.to_owned());
        request.body = Body::Bytes(Vec::new());
    }
    if oracle::is_form(request) {
        settings.body_hash = BodyHashPolicy::Off;
        if let Body::Bytes(form) = &mut request.body {
            *form = form_text(form);
        }
    }
    // Names that request and signer both send are rejected before signing.
    let present = oracle::request_pairs(request);
    settings.parameters.retain(|(own, _)| present.iter().all(|(name, _)| name != own.as_bytes()));
}

/// Sends a request that [`fit`] has changed, with its signature.
pub(crate) fn send(request: &Request, signed: &Signed<'_>, way: Way) -> Arrived {
    let pairs: Vec<String> = request
        .query
        .iter()
        .map(|(name, value)| format!("{}={}", form_encode(name), form_encode(value)))
        .collect();
    let mut url = request.url.split('#').next().unwrap_or_default().to_owned();
    if !pairs.is_empty() {
        let separator = if url.contains('?') { "&" } else { "?" };
        url = [&url, separator, &pairs.join("&")].concat();
    }
    let mut body = match &request.body {
        Body::Bytes(bytes) => bytes.clone(),
        Body::None | Body::Pairs(_) => Vec::new(),
    };
    let mut authorization = None;
    match way {
        Way::Header => authorization = Some(signed.to_header().as_bytes().to_vec()),
        Way::Form => body = signed.append_to_form(&body),
        Way::Query => url = signed.append_to_url(&url),
    }
    let uri = oracle::split_uri(&url);
    let host = uri.authority.rsplit('@').next().unwrap_or_default();
    let query = uri.query.map_or(String::new(), |query| format!("?{query}"));
    let path = if uri.path.is_empty() { "/" } else { uri.path };
    Arrived {
        method: request.method.clone(),
        origin: format!("{}://{host}", uri.scheme),
        target: format!("{path}{query}"),
        authorization,
        content_type: request.content_type.clone().map(String::into_bytes),
        body,
    }
}

/// Signs with these settings.
pub(crate) fn sign<'s>(signer: &'s Signer, settings: &Settings, request: &Request) -> Signed<'s> {
    let pairs = signers::borrowed(request);
    let view = signers::by_url(request, request.url.as_str(), &pairs).expect("a request that can be signed");
    signer.sign_with(view, signers::stamp(settings)).expect("a signature")
}

impl Arrived {
    /// Returns the head as the `http` crate reads it, or `None` if that crate cannot read it.
    pub(crate) fn head(&self) -> Option<http::Request<()>> {
        let (_, host) = self.origin.split_once("://").expect("an origin");
        let mut request =
            http::Request::builder().method(self.method.as_str()).uri(&self.target).header(HOST, host);
        if let Some(value) = &self.authorization {
            request = request.header(AUTHORIZATION, value.as_slice());
        }
        if let Some(value) = &self.content_type {
            request = request.header(CONTENT_TYPE, value.as_slice());
        }
        let request = request.body(()).ok()?;
        // The crate drops text that looks like a fragment.
        (request.uri().to_string() == self.target).then_some(request)
    }
}

/// A server, with its record of one client.
pub(crate) struct Server {
    pub(crate) policy: Policy,
    pub(crate) client: Option<ClientRecord>,
    pub(crate) token: Option<TokenRecord>,
}

impl Server {
    /// Creates the server that the request is for. No generated request exceeds its limits.
    pub(crate) fn of(settings: &Settings, arrived: &Arrived) -> Self {
        let mut limits = Limits::default();
        (limits.header, limits.url, limits.parameters) = (1 << 20, 1 << 20, 10_000);
        let origin = Origin::new(&arrived.origin).expect("an origin");
        let policy = Policy::new(origin)
            .limits(limits)
            .window(std::time::Duration::from_secs(WINDOW))
            .allow_plaintext(true)
            .require_token(false)
            // Signers may be configured to send further parameters in the header, and methods in lower case.
            .allow_header_parameters(true)
            .allow_lowercase_methods(true)
            .clock(|| Ok(NOW));
        let (key, secret) = &settings.client;
        let client = ClientRecord::new(ClientCredentials::new(key, secret)).expect("no PEM");
        let token = settings.token.as_ref().filter(|(token, _)| !token.is_empty());
        Self {
            policy,
            client: Some(client.allow_plaintext(true)),
            token: token.map(|(token, secret)| TokenRecord::new(TokenCredentials::new(token, secret), key)),
        }
    }

    /// Verifies a request in all steps. It gives the body only if the policy wants it.
    pub(crate) fn verify(
        &self,
        head: &http::Request<()>,
        body: &[u8],
        log: &impl NonceLog,
    ) -> Result<VerifiedRequest, Rejection> {
        let mut received = IncomingRequest::from(head);
        if self.policy.wants_body(received) {
            received = received.body(body);
        }
        let claim = self.policy.read(received)?;
        now(claim.prove(self.client.as_ref(), self.token.as_ref())?.admit(log))
    }
}

pub(crate) fn log() -> MemoryNonceLog {
    // Each case has its own timestamps.
    MemoryNonceLog::builder().restart_policy(RestartPolicy::AcceptAll).build().expect("random bytes")
}

/// Returns text without control characters that is no longer than a server accepts.
fn identifier(text: &str) -> String {
    let mut text: String = text.chars().filter(|character| !character.is_ascii_control()).collect();
    let end = (0..=200.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    text.truncate(end.unwrap_or_default());
    text
}

/// Returns `true` for the names of protocol parameters, which must not be in a request.
fn is_own(name: &[u8]) -> bool {
    OWN.iter().any(|own| own.as_bytes() == name)
}

/// Changes a query or form so that a server accepts it.
///
/// It removes protocol parameters, and escapes each lone `%` and the bytes that the `http` crate rejects in a
/// URI.
fn form_text(text: &[u8]) -> Vec<u8> {
    let mut sound = Vec::new();
    for (at, &byte) in text.iter().enumerate() {
        let digits = text.get(at + 1..at + 3);
        let is_escape = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        match byte {
            b'%' if !is_escape => sound.extend(b"%25"),
            b' ' | b'<' | b'>' | b'"' | b'#' | ..=0x1F | 0x7F => {
                sound.extend(format!("%{byte:02x}").bytes());
            }
            _ => sound.push(byte),
        }
    }
    let mut kept = sound.split(|&byte| byte == b'&').collect::<Vec<_>>();
    kept.retain(|segment| oracle::form_pairs(segment).iter().all(|(name, _)| !is_own(name)));
    kept.join(&b'&')
}

/// Encodes text as HTML forms do.
fn form_encode(text: &str) -> String {
    oracle::percent_encode(text.as_bytes()).replace("%20", "+")
}
