//! A second signer, slow and simple, written from the text of RFC 5849. It shares no code with the library,
//! and each function names the section that it follows.
//!
//! Where the RFC says nothing, it does this: an empty segment of a query or form is no pair; a `%` without
//! two hexadecimal digits stays a `%`; ports are compared as numbers, and an empty port is none; user
//! information is left out; a form is recognised by its media type without parameters.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// The names of the parameters that a signer may send itself.
pub(crate) const OWN: &[&str] = &[
    "oauth_body_hash",
    "oauth_callback",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_verifier",
    "oauth_version",
];

/// A name and a value, decoded. They are bytes, because a query may contain bytes that are not text.
pub(crate) type Pair = (Vec<u8>, Vec<u8>);

/// The parts of a request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    /// Further parameters of the query, decoded.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Body,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    None,
    Bytes(Vec<u8>),
    /// A form, decoded.
    Pairs(Vec<(String, String)>),
}

/// The settings of a signer.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) client: (String, String),
    pub(crate) token: Option<(String, String)>,
    pub(crate) send_empty_token: bool,
    pub(crate) method: Method,
    pub(crate) version: bool,
    pub(crate) callback: Option<String>,
    pub(crate) verifier: Option<String>,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) realm: Option<String>,
    pub(crate) body_hash: BodyHashPolicy,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    HmacSha1,
    #[cfg(feature = "sha2")]
    HmacSha256,
    #[cfg(feature = "sha2")]
    HmacSha512,
    Plaintext,
    /// PLAINTEXT without nonce and timestamp, as §3.1 allows.
    PlaintextWithoutStamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyHashPolicy {
    Off,
    NotForms,
    Always,
}

/// The result of signing.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) base_uri: String,
    pub(crate) normalized: String,
    pub(crate) base_string: String,
    pub(crate) signature: String,
    /// The sent parameters, decoded, with `oauth_signature` and without the realm.
    pub(crate) sent: Vec<(String, String)>,
    /// The names in the request that the signer sends too, decoded.
    pub(crate) repeated: Vec<Vec<u8>>,
}

impl Method {
    /// §3.4: the value of `oauth_signature_method`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            #[cfg(feature = "sha2")]
            Self::HmacSha256 => "HMAC-SHA256",
            #[cfg(feature = "sha2")]
            Self::HmacSha512 => "HMAC-SHA512",
            Self::Plaintext | Self::PlaintextWithoutStamp => "PLAINTEXT",
        }
    }
}

/// Signs a request: §3.1 for the parameters, §3.4 for the signature.
pub(crate) fn sign(settings: &Settings, request: &Request) -> Answer {
    let of_request = request_pairs(request);
    let mut sent = protocol_parameters(settings, request);
    let mut all = of_request.clone();
    all.extend(sent.iter().map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes())));
    let base_string = base_string(&request.method, &request.url, &all);
    let token_secret = settings.token.as_ref().map_or("", |(_, secret)| secret);
    let signature = sign_bytes(settings.method, (&settings.client.1, token_secret), &base_string);
    sent.push(("oauth_signature".to_owned(), signature.clone()));
    Answer {
        base_uri: base_string_uri(&request.url),
        normalized: normalize(&all),
        base_string,
        signature,
        repeated: repeated(&of_request, &sent),
        sent,
    }
}

/// Returns the repeated names. §3.1: "Each parameter MUST NOT appear more than once per request."
pub(crate) fn repeated(of_request: &[Pair], sent: &[(String, String)]) -> Vec<Vec<u8>> {
    let is_sent = |name: &[u8]| sent.iter().any(|(own, _)| own.as_bytes() == name);
    of_request.iter().filter(|(name, _)| is_sent(name)).map(|(name, _)| name.clone()).collect()
}

/// Returns the protocol parameters: §3.1, §2.1 (`oauth_callback`), §2.3 (`oauth_verifier`).
fn protocol_parameters(settings: &Settings, request: &Request) -> Vec<(String, String)> {
    let mut sent = vec![("oauth_consumer_key", settings.client.0.clone())];
    // "The parameter MAY be omitted if the request is not associated with a resource owner."
    let token = settings.token.as_ref().map_or("", |(token, _)| token);
    if !token.is_empty() || settings.send_empty_token {
        sent.push(("oauth_token", token.to_owned()));
    }
    sent.push(("oauth_signature_method", settings.method.name().to_owned()));
    // "MAY be omitted when using the "PLAINTEXT" signature method"
    if settings.method != Method::PlaintextWithoutStamp {
        sent.push(("oauth_timestamp", settings.timestamp.clone()));
        sent.push(("oauth_nonce", settings.nonce.clone()));
    }
    // "OPTIONAL. If present, MUST be set to "1.0"."
    if settings.version {
        sent.push(("oauth_version", "1.0".to_owned()));
    }
    sent.extend(settings.callback.clone().map(|callback| ("oauth_callback", callback)));
    sent.extend(settings.verifier.clone().map(|verifier| ("oauth_verifier", verifier)));
    sent.extend(body_hash(settings, request).map(|hash| ("oauth_body_hash", hash)));
    let mut sent: Vec<_> = sent.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    sent.extend(settings.parameters.iter().cloned());
    sent
}

/// Returns the base64 of the body's hash (OAuth Request Body Hash §3.2).
///
/// The hash is that of the signature method. An absent body is hashed as an empty one.
fn body_hash(settings: &Settings, request: &Request) -> Option<String> {
    let body: &[u8] = match &request.body {
        Body::Bytes(bytes) => bytes,
        Body::None => b"",
        Body::Pairs(_) => return None,
    };
    let nothing = body.is_empty() && request.content_type.is_none();
    let wanted = match settings.body_hash {
        BodyHashPolicy::Off => false,
        BodyHashPolicy::NotForms => !is_form(request) && !nothing,
        BodyHashPolicy::Always => true,
    };
    wanted.then(|| STANDARD.encode(hash(settings.method, body)))
}

/// Returns the pairs of the query and of a form body.
///
/// §3.4.1.3.1: "The parameters from the following sources are collected into a single list of
/// name/value pairs".
pub(crate) fn request_pairs(request: &Request) -> Vec<Pair> {
    let plain = |pairs: &[(String, String)]| -> Vec<Pair> {
        pairs.iter().map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes())).collect()
    };
    let mut pairs = form_pairs(split_uri(&request.url).query.unwrap_or_default().as_bytes());
    pairs.extend(plain(&request.query));
    match &request.body {
        Body::Bytes(bytes) if is_form(request) => pairs.extend(form_pairs(bytes)),
        Body::Pairs(form) => pairs.extend(plain(form)),
        Body::Bytes(_) | Body::None => {}
    }
    pairs
}

/// Returns `true` if the body is a form. Media types are compared without regard to case.
///
/// §3.4.1.3.1: "The HTTP request entity-header includes the "Content-Type" header field set to
/// "application/x-www-form-urlencoded"."
pub(crate) fn is_form(request: &Request) -> bool {
    let content_type = request.content_type.clone().unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    media_type == "application/x-www-form-urlencoded" || matches!(request.body, Body::Pairs(_))
}

/// Reads the pairs of a form.
///
/// §3.4.1.3.1: "parsed into a list of name/value pairs by treating it as an
/// "application/x-www-form-urlencoded" string, separating the names and values and decoding them".
pub(crate) fn form_pairs(text: &[u8]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for segment in text.split(|&byte| byte == b'&').filter(|segment| !segment.is_empty()) {
        let mut halves = segment.splitn(2, |&byte| byte == b'=');
        let name = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        pairs.push((form_decode(name), form_decode(value)));
    }
    pairs
}

/// Decodes form text (HTML 4.01 §17.13.4.1): `+` is a space, `%HH` a byte.
fn form_decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let digits = text.get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        match (text[at], digits) {
            (b'+', _) => decoded.push(b' '),
            (b'%', Some(digits)) => {
                let digits = std::str::from_utf8(digits).expect("ASCII");
                decoded.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
                at += 2;
            }
            (byte, _) => decoded.push(byte),
        }
        at += 1;
    }
    decoded
}

/// The parts of a URI.
#[derive(Debug)]
pub(crate) struct Uri<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
}

/// Splits a URI (RFC 3986 appendix B): `^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?`
pub(crate) fn split_uri(url: &str) -> Uri<'_> {
    let (scheme, rest) = url.split_once("://").expect("an absolute URL");
    let rest = rest.split('#').next().unwrap_or_default();
    let (before_query, query) = match rest.find('?') {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (authority, path) = before_query.split_at(before_query.find('/').unwrap_or(before_query.len()));
    Uri { scheme, authority, path, query }
}

/// Returns the base string URI (§3.4.1.2).
pub(crate) fn base_string_uri(url: &str) -> String {
    let uri = split_uri(url);
    // "1. The scheme and host MUST be in lowercase."
    let scheme = uri.scheme.to_ascii_lowercase();
    // "2. The host and port values MUST match the content of the HTTP request "Host" header field."
    let host_and_port = uri.authority.split('@').next_back().unwrap_or_default();
    let port_at = match host_and_port.rfind(']') {
        Some(bracket) => host_and_port[bracket..].find(':').map(|colon| bracket + colon),
        None => host_and_port.find(':'),
    };
    let (host, port) = host_and_port.split_at(port_at.unwrap_or(host_and_port.len()));
    let host = host.to_ascii_lowercase();
    let port: Option<u32> = port.trim_start_matches(':').parse().ok();
    // "3. The port MUST be included if it is not the default port for the scheme, and MUST be
    // excluded if it is the default."
    let default = if scheme == "https" { 443 } else { 80 };
    let port = match port {
        Some(port) if port != default => format!(":{port}"),
        _ => String::new(),
    };
    // RFC 2616 §5.1.2: an empty path is sent as "/".
    let path = if uri.path.is_empty() { "/" } else { uri.path };
    format!("{scheme}://{host}{port}{path}")
}

/// Percent-encodes bytes (§3.6).
pub(crate) fn percent_encode(bytes: &[u8]) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escape =
        |&byte: &u8| if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    bytes.iter().map(escape).collect()
}

/// Returns the normalized parameters: encoded, sorted by name and then by value, joined (§3.4.1.3.2).
///
/// `oauth_signature` is left out (§3.4.1.3.1).
pub(crate) fn normalize(pairs: &[Pair]) -> String {
    let mut encoded: Vec<(String, String)> = pairs
        .iter()
        .filter(|(name, _)| name != b"oauth_signature")
        .map(|(name, value)| (percent_encode(name), percent_encode(value)))
        .collect();
    encoded.sort();
    encoded.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Returns the signature base string (§3.4.1.1).
pub(crate) fn base_string(method: &str, url: &str, pairs: &[Pair]) -> String {
    [method.to_ascii_uppercase(), base_string_uri(url), normalize(pairs)]
        .map(|part| percent_encode(part.as_bytes()))
        .join("&")
}

/// Returns the key (§3.4.2, §3.4.4).
///
/// "The client shared-secret, after being encoded", "&", "The token shared-secret, after being encoded".
fn key((client_secret, token_secret): (&str, &str)) -> String {
    format!("{}&{}", percent_encode(client_secret.as_bytes()), percent_encode(token_secret.as_bytes()))
}

/// Signs a base string with the secrets of client and token (§3.4.2, §3.4.4).
pub(crate) fn sign_bytes(method: Method, secrets: (&str, &str), base_string: &str) -> String {
    if matches!(method, Method::Plaintext | Method::PlaintextWithoutStamp) {
        return key(secrets);
    }
    STANDARD.encode(hmac(method, key(secrets).as_bytes(), base_string.as_bytes()))
}

/// Returns an HMAC (RFC 2104 §2): `H(K XOR opad, H(K XOR ipad, text))`.
fn hmac(method: Method, key: &[u8], text: &[u8]) -> Vec<u8> {
    let block = if method.name() == "HMAC-SHA512" { 128 } else { 64 };
    let mut key = if key.len() > block { hash(method, key) } else { key.to_vec() };
    key.resize(block, 0);
    let padded = |pad: u8| key.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
    let inner = hash(method, &[&padded(0x36), text].concat());
    hash(method, &[&padded(0x5C), inner.as_slice()].concat())
}

/// Returns a hash with the method's algorithm. PLAINTEXT has none, and uses SHA-1 for a body hash.
fn hash(method: Method, bytes: &[u8]) -> Vec<u8> {
    match method {
        #[cfg(feature = "sha2")]
        Method::HmacSha256 => sha2::Sha256::digest(bytes).to_vec(),
        #[cfg(feature = "sha2")]
        Method::HmacSha512 => sha2::Sha512::digest(bytes).to_vec(),
        Method::HmacSha1 | Method::Plaintext | Method::PlaintextWithoutStamp => Sha1::digest(bytes).to_vec(),
    }
}
