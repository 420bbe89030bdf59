//! A second reader of signed requests, slow and simple, written from the texts of RFC 5849 and RFC 9110. It
//! shares no code with the library.
//!
//! It reads the contents of a request, and so shows which change of a byte changes nothing. It does not check
//! the values (a timestamp of digits, a version of 1.0): it is for requests that differ a little from a valid
//! one.

use super::oracle::{self, Pair};

/// A request as a server receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) method: String,
    /// The server's scheme, host and port, as its operator wrote them.
    pub(crate) origin: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) authorization: Option<Vec<u8>>,
    pub(crate) content_type: Option<Vec<u8>>,
    pub(crate) body: Vec<u8>,
}

/// The contents of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) base_string: String,
    /// The protocol parameters, decoded.
    pub(crate) protocol: Vec<Pair>,
}

/// The names that have a meaning for a server (§3.1, §2.1, §2.3; Request Body Hash §3).
const PROTOCOL: [&[u8]; 10] = [
    b"oauth_consumer_key",
    b"oauth_token",
    b"oauth_signature_method",
    b"oauth_signature",
    b"oauth_timestamp",
    b"oauth_nonce",
    b"oauth_version",
    b"oauth_callback",
    b"oauth_verifier",
    b"oauth_body_hash",
];

impl Reading {
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        let mut found = self.protocol.iter().filter(|(present, _)| present == name.as_bytes());
        found.next().map(|(_, value)| value.as_slice())
    }
}

impl Arrived {
    /// Reads the request. Returns `None` if it is invalid, or can be read in two ways.
    pub(crate) fn read(&self) -> Option<Reading> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query).as_bytes();
        if self.is_nearly_form() {
            return None;
        }
        let form = if self.is_form() { self.body.as_slice() } else { b"" };
        if !is_escaped_well(query) || !is_escaped_well(form) {
            return None;
        }
        let header = match self.authorization.as_deref().and_then(after_scheme) {
            Some(parameters) => header_pairs(parameters)?,
            None => Vec::new(),
        };
        // §3.1: "Each parameter MUST NOT appear more than once per request."
        if has_twins(&header) {
            return None;
        }
        let places = [header, oracle::form_pairs(query), oracle::form_pairs(form)];
        // §3.5: "only one of these" places may contain the protocol parameters.
        let mut protocols: Vec<Vec<Pair>> = places.iter().map(|pairs| protocol_of(pairs)).collect();
        protocols.retain(|pairs| !pairs.is_empty());
        let protocol = protocols.pop()?;
        if !protocols.is_empty() || has_twins(&protocol) {
            return None;
        }
        // `*` is no path (RFC 9112 §3.2.4), so it must not be joined to the port.
        let joint = if self.target.starts_with('/') { "" } else { "/ " };
        let url = [self.origin.as_str(), joint, &self.target].concat();
        let base_string = oracle::base_string(&self.method, &url, &places.concat());
        Some(Reading { base_string, protocol })
    }

    pub(crate) fn is_form(&self) -> bool {
        let content_type = String::from_utf8_lossy(self.content_type.as_deref().unwrap_or_default());
        let media_type = content_type.split(';').next().unwrap_or_default();
        media_type.trim_ascii().eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }

    /// Returns `true` if only some readers take the body for a form in UTF-8.
    fn is_nearly_form(&self) -> bool {
        let content_type = String::from_utf8_lossy(self.content_type.as_deref().unwrap_or_default());
        let content_type = content_type.to_ascii_lowercase();
        let Some((before, after)) = content_type.split_once("application/x-www-form-urlencoded") else {
            return false;
        };
        // After other text it is no form, unless that text is a list or cannot be seen.
        if before.contains(|c: char| c.is_ascii_graphic()) && !before.contains(',') {
            return false;
        }
        let mut parameters = after.split(';').map(|parameter| parameter.trim_matches([' ', '\t']));
        let mut charsets = 0;
        let is_well_formed = parameters.next() == Some("")
            && parameters.filter(|parameter| !parameter.is_empty()).all(|parameter| {
                let Some((name, value)) = parameter.split_once('=') else { return false };
                let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
                let is_charset = name == "charset";
                charsets += usize::from(is_charset);
                let is_utf8 = matches!(value, "utf-8" | "utf8");
                is_token(name) && is_token(value) && (is_utf8 || !is_charset)
            });
        !before.trim_matches([' ', '\t']).is_empty() || !is_well_formed || charsets > 1
    }
}

/// Returns `true` if the text is a token (RFC 9110 §5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

fn protocol_of(pairs: &[Pair]) -> Vec<Pair> {
    pairs.iter().filter(|(name, _)| PROTOCOL.contains(&name.as_slice())).cloned().collect()
}

fn has_twins(pairs: &[Pair]) -> bool {
    let mut names: Vec<_> = pairs.iter().map(|(name, _)| name).collect();
    names.sort();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// Returns the text after the scheme, which may be in any case (RFC 9110 §11.1).
fn after_scheme(header: &[u8]) -> Option<&[u8]> {
    let end = header.iter().position(|byte| b" \t".contains(byte)).unwrap_or(header.len());
    header[..end].eq_ignore_ascii_case(b"oauth").then(|| &header[end..])
}

/// The state of a reader of a list of `name="value"`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Between,
    Name,
    BehindName,
    BehindEquals,
    Value,
    /// After a `\`, which has a meaning in the realm only: it is the one quoted-string (RFC 2617 §1.2).
    Escaped,
    BehindValue,
}

/// Reads the parameters of a header byte by byte, decoded and without the realm (§3.5.1).
#[allow(clippy::match_same_arms, reason = "state by state")]
pub(crate) fn header_pairs(header: &[u8]) -> Option<Vec<Pair>> {
    let (mut name, mut value) = (Vec::new(), Vec::new());
    let mut raw = Vec::new();
    let mut at = At::Between;
    for &byte in header {
        if !byte.is_ascii() || (byte.is_ascii_control() && byte != b'\t') {
            return None;
        }
        at = match (at, byte) {
            (At::Between, b' ' | b'\t' | b',') => At::Between,
            (At::Between, b'=' | b'"') => return None,
            (At::Between, _) => {
                name.push(byte);
                At::Name
            }
            (At::Name | At::BehindName, b'=') => At::BehindEquals,
            (At::Name | At::BehindName, b' ' | b'\t') => At::BehindName,
            (At::Name, b',' | b'"') | (At::BehindName, _) => return None,
            (At::Name, _) => {
                name.push(byte);
                At::Name
            }
            (At::BehindEquals, b' ' | b'\t') => At::BehindEquals,
            (At::BehindEquals, b'"') => At::Value,
            (At::BehindEquals, _) => return None,
            (At::Value, b'"') => {
                raw.push((std::mem::take(&mut name), std::mem::take(&mut value)));
                At::BehindValue
            }
            (At::Value, b'\\') if name.eq_ignore_ascii_case(b"realm") => At::Escaped,
            (At::Value | At::Escaped, _) => {
                value.push(byte);
                At::Value
            }
            (At::BehindValue, b' ' | b'\t') => At::BehindValue,
            (At::BehindValue, b',') => At::Between,
            (At::BehindValue, _) => return None,
        };
    }
    if !matches!(at, At::Between | At::BehindValue) {
        return None;
    }
    let (realms, pairs): (Vec<_>, Vec<_>) =
        raw.into_iter().partition(|(name, _)| name.eq_ignore_ascii_case(b"realm"));
    let is_sound = |(name, value): &Pair| is_escaped_well(name) && is_escaped_well(value);
    if realms.len() > 1 || !pairs.iter().all(is_sound) {
        return None;
    }
    Some(pairs.iter().map(|(name, value)| (decode(name), decode(value))).collect())
}

/// Returns `true` if every `%` has two hexadecimal digits.
fn is_escaped_well(text: &[u8]) -> bool {
    let mut behind = text.split(|&byte| byte == b'%').skip(1);
    behind.all(|rest| rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_hexdigit))
}

/// Decodes the encoding of §3.6. Unlike in a form, `+` stays a `+`.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut pieces = text.split(|&byte| byte == b'%');
    let mut decoded = pieces.next().unwrap_or_default().to_vec();
    for piece in pieces {
        let digits = std::str::from_utf8(&piece[..2]).expect("hexadecimal digits");
        decoded.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
        decoded.extend_from_slice(&piece[2..]);
    }
    decoded
}
