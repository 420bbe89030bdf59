//! A claim, taken apart for the search. No other module of the search looks into a claim.

use std::borrow::Cow;

use http::header::{AUTHORIZATION, FORWARDED, HOST};

use crate::form::{Coding, Decoded, decode_borrowed};
use crate::parameter::{Name, ParameterSource};
use crate::percent::is_unreserved;
use crate::request::Content;
use crate::verify::claim::Claim;
use crate::verify::header;

/// A parameter of the header, the query or the form.
#[derive(Clone)]
pub(super) struct Pair<'c> {
    pub(super) source: ParameterSource,
    pub(super) known: Option<Name>,
    /// The name as it was sent.
    pub(super) wire_name: &'c [u8],
    pub(super) wire_value: &'c [u8],
    pub(super) name: Cow<'c, [u8]>,
    pub(super) value: Cow<'c, [u8]>,
    pub(super) has_equals: bool,
}

impl Pair<'_> {
    /// Returns `true` if this is an empty segment of a query or form, which is no parameter.
    pub(super) fn is_segment(&self) -> bool {
        self.wire_name.is_empty() && !self.has_equals
    }

    pub(super) fn is_of_protocol(&self) -> bool {
        self.known.is_some() || self.source == ParameterSource::Protocol
    }
}

pub(super) struct Snapshot<'c> {
    pub(super) method: &'c str,
    pub(super) secure: bool,
    pub(super) host: String,
    /// The port, unless it is the default of the scheme.
    pub(super) port: Option<u16>,
    pub(super) path: &'c str,
    pub(super) query: Option<&'c str>,
    pub(super) host_header: Option<&'c str>,
    /// The hosts in the headers of a proxy, each with its port.
    pub(super) forwarded_hosts: Vec<&'c str>,
    pub(super) forwarded_port: Option<&'c str>,
    /// The paths in the headers of a proxy.
    pub(super) forwarded_paths: Vec<&'c str>,
    pub(super) forwarded_prefix: Option<&'c str>,
    pub(super) pairs: Vec<Pair<'c>>,
    facts: Facts,
    /// The body, if it was read and is no form.
    pub(super) opaque_body: Option<&'c [u8]>,
    pub(super) realm: Option<&'c [u8]>,
    pub(super) token: Option<&'c str>,
}

impl<'c> Snapshot<'c> {
    pub(super) fn of(claim: &'c Claim<'_>) -> Self {
        let (request, headers) = (&claim.reading.request, claim.reading.incoming.headers);
        let (target, is_form) = (request.target(), request.content() == Content::Form);
        let text = |name: &'static str| headers.get(name).and_then(|value| value.to_str().ok());
        let mut pairs = Vec::with_capacity(24);
        let authorization = headers.get(AUTHORIZATION).map_or(&[][..], http::HeaderValue::as_bytes);
        push_header(&mut pairs, authorization, claim.settings.limits.header);
        push_segments(&mut pairs, target.query().map(str::as_bytes), ParameterSource::Query);
        push_segments(&mut pairs, Some(request.bytes()).filter(|_| is_form), ParameterSource::Form);
        let first = |list: &'c str| list.split(',').next().unwrap_or_default().trim();
        let forwarded = headers.get(FORWARDED).and_then(|value| value.to_str().ok()).and_then(forwarded_host);
        let hosts = ["x-forwarded-host", "x-original-host", "x-host", "x-forwarded-server"];
        let paths =
            ["x-original-uri", "x-original-url", "x-forwarded-uri", "x-rewrite-url", "x-envoy-original-path"];
        Self {
            method: request.method(),
            secure: target.is_secure(),
            host: target.host().to_ascii_lowercase(),
            port: Some(target.port()).filter(|_| !target.is_default_port()),
            path: target.path(),
            query: target.query(),
            host_header: headers.get(HOST).and_then(|value| value.to_str().ok()),
            forwarded_hosts: hosts.into_iter().filter_map(text).map(first).chain(forwarded).take(3).collect(),
            forwarded_port: text("x-forwarded-port").map(first),
            forwarded_paths: paths.into_iter().filter_map(text).map(path_of).take(2).collect(),
            forwarded_prefix: text("x-forwarded-prefix").or_else(|| text("x-script-name")),
            facts: Facts::of(&pairs),
            pairs,
            opaque_body: claim.reading.incoming.body.filter(|body| !is_form && !body.is_empty()),
            realm: realm(authorization),
            token: claim.token(),
        }
    }

    /// Removes what must not be logged: the xAuth password, and a body that is no form.
    pub(super) fn redacted(mut self) -> Self {
        let is_password = |pair: &Pair<'_>| pair.name.trim_ascii().eq_ignore_ascii_case(b"x_auth_password");
        for pair in self.pairs.iter_mut().filter(|pair| is_password(pair)) {
            (pair.wire_value, pair.value) = (REDACTED, Cow::Borrowed(REDACTED));
            if pair.source == ParameterSource::Query {
                self.query = Some("[redacted]");
            }
        }
        self.opaque_body = self.opaque_body.map(|_| REDACTED);
        self
    }

    /// Returns `true` if any name or value of the request has a byte that `is_one` accepts.
    pub(super) fn has(&self, is_one: impl Fn(u8) -> bool) -> bool {
        (0..=u8::MAX).any(|byte| self.facts.decoded[usize::from(byte)] && is_one(byte))
    }

    /// Returns `true` if the query, the form or the header contains this byte as it was sent.
    pub(super) fn has_on_wire(&self, byte: u8) -> bool {
        self.facts.wire[usize::from(byte)]
    }

    /// Returns `true` if the request has bytes that must be escaped, so that encodings differ.
    pub(super) fn has_reserved(&self) -> bool {
        (0..=u8::MAX).any(|byte| self.facts.wire[usize::from(byte)] && !is_unreserved(byte))
    }

    /// Returns `true` if the query or the form has two parameters of the same name.
    pub(super) fn has_duplicates(&self) -> bool {
        self.facts.has_duplicates
    }

    /// Returns `true` if the request has this protocol parameter.
    pub(super) fn has_known(&self, name: Name) -> bool {
        self.pairs.iter().any(|pair| pair.known == Some(name))
    }
}

/// Facts about the request that the steps need, found once.
///
/// They leave out the signature, which only a mistaken client signs.
struct Facts {
    decoded: [bool; 256],
    wire: [bool; 256],
    has_duplicates: bool,
}

impl Facts {
    fn of(pairs: &[Pair<'_>]) -> Self {
        let (mut decoded, mut wire) = ([false; 256], [false; 256]);
        let note = |table: &mut [bool; 256], texts: [&[u8]; 2]| {
            texts.into_iter().flatten().for_each(|&byte| table[usize::from(byte)] = true);
        };
        for pair in pairs.iter().filter(|pair| pair.known != Some(Name::Signature)) {
            note(&mut decoded, [&*pair.name, &*pair.value]);
            note(&mut wire, [pair.wire_name, pair.wire_value]);
        }
        let ordinary = pairs.iter().filter(|pair| !pair.is_of_protocol() && !pair.is_segment());
        let mut names: Vec<&[u8]> = ordinary.map(|pair| &*pair.name).collect();
        names.sort_unstable();
        let has_duplicates = names.windows(2).any(|two| two[0] == two[1]);
        Self { decoded, wire, has_duplicates }
    }
}

const REDACTED: &[u8] = b"[redacted]";

fn push_header<'c>(pairs: &mut Vec<Pair<'c>>, authorization: &'c [u8], limit: usize) {
    let Ok(Some(parameters)) = header::parse(authorization, limit) else { return };
    for parameter in parameters.map_while(Result::ok) {
        let name = decode_borrowed(&Decoded::new(parameter.name, Coding::Percent));
        pairs.push(Pair {
            source: ParameterSource::Protocol,
            known: parameter.known.or_else(|| Name::of(&name)),
            wire_name: parameter.name,
            wire_value: parameter.value,
            name,
            value: decode_borrowed(&Decoded::new(parameter.value, Coding::Percent)),
            has_equals: true,
        });
    }
}

/// Splits the text at `&`, and keeps the empty segments, which some clients sign.
fn push_segments<'c>(pairs: &mut Vec<Pair<'c>>, text: Option<&'c [u8]>, source: ParameterSource) {
    for segment in text.into_iter().flat_map(|text| text.split(|&byte| byte == b'&')) {
        pairs.push(pair_of(segment, source));
    }
}

/// Splits a segment of a query or form at its first `=`.
pub(super) fn pair_of(segment: &[u8], source: ParameterSource) -> Pair<'_> {
    let equals = segment.iter().position(|&byte| byte == b'=');
    let (wire_name, wire_value) = match equals {
        Some(at) => (&segment[..at], &segment[at + 1..]),
        None => (segment, &[][..]),
    };
    let name = decode_borrowed(&Decoded::new(wire_name, Coding::Form));
    Pair {
        source,
        known: Name::of(&name),
        wire_name,
        wire_value,
        name,
        value: decode_borrowed(&Decoded::new(wire_value, Coding::Form)),
        has_equals: equals.is_some(),
    }
}

/// Returns the path of an absolute URL or of a request's target.
fn path_of(uri: &str) -> &str {
    let uri = uri.split(['?', '#']).next().unwrap_or_default();
    match uri.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => uri,
    }
}

/// Returns `host` of a Forwarded header (RFC 7239).
fn forwarded_host(forwarded: &str) -> Option<&str> {
    let first = forwarded.split(',').next()?;
    let mut pairs = first.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, host) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("host"))?;
    Some(host.trim_matches('"'))
}

/// Returns the header's realm as it stands between its quotes.
fn realm(authorization: &[u8]) -> Option<&[u8]> {
    const START: &[u8] = b"realm=\"";
    let at = authorization.windows(START.len()).position(|text| text.eq_ignore_ascii_case(START))?;
    let rest = &authorization[at + START.len()..];
    Some(&rest[..rest.iter().position(|&byte| byte == b'"')?])
}
