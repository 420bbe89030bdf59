//! RFC 5849 §3.5: reads the parameters of a request from header, query and form.

use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, HeaderValue};
use memchr::{memchr, memchr2};

use crate::base_string::Parameters;
use crate::form::{Coding, Decoded, Pairs, decode, decode_borrowed};
use crate::parameter::{Name, OAUTH, ParameterSource};
use crate::percent::{escaped_byte, is_unreserved};
use crate::request::{Content, RequestError, RequestRef, Target};

use super::header::{self, HeaderParameter};
use super::incoming::IncomingRequest;
use super::protocol::{Fields, Protocol, Put};
use super::reason::RejectionReason;
use super::rejection::Rejection;
use super::settings::Settings;
use super::shown;

/// A request of which only the head was read.
pub(super) struct Head<'r> {
    settings: &'r Settings,
    request: IncomingRequest<'r>,
    target: Target<'r>,
    content: Content,
    reader: Reader<'r>,
    has_header: bool,
}

/// A request that was read completely, before its signature is checked.
pub(super) struct Reading<'r> {
    pub(super) protocol: Protocol<'r>,
    pub(super) request: RequestRef<'r>,
    /// The request as it was received. A diagnosis needs the parts that the base string leaves out.
    pub(super) incoming: IncomingRequest<'r>,
    pub(super) parameters: Parameters<'r>,
    /// Other ways to sign the same parameters that the policy accepts. Nearly always there are none.
    pub(super) other_readings: Vec<Parameters<'r>>,
    /// This is `true` if the signature covers the body, or the body is empty.
    pub(super) covers_body: bool,
}

impl<'r> Head<'r> {
    pub(super) fn read(
        settings: &'r Settings,
        request: IncomingRequest<'r>,
    ) -> Result<Self, RejectionReason> {
        let IncomingRequest { method, uri, headers, .. } = request;
        if uri.path_and_query().map_or(0, |target| target.as_str().len()) > settings.limits.url {
            return Err(RejectionReason::UrlTooLong);
        }
        let target = settings.origin.target(uri).map_err(RejectionReason::Url)?;
        check_host(&target, settings, &request)?;
        if !settings.allows_lowercase_methods && method.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return Err(RejectionReason::LowercaseMethod);
        }
        let content = Content::of_received(headers).map_err(RejectionReason::UnclearBody)?;
        let fields = Fields::new(settings.allows_split_parameters);
        let mut reader = Reader {
            settings,
            parameters: Parameters::new(),
            repeated: None,
            has_unencoded: false,
            count: 0,
            fields,
        };
        let has_header = reader.read_header(headers)?;
        reader.read_pairs(target.query().unwrap_or_default().as_bytes(), ParameterSource::Query)?;
        Ok(Self { settings, request, target, content, reader, has_header })
    }

    /// Checks everything that the head tells.
    ///
    /// Returns `false` if the protocol parameters are not in the head. They may still be in the form.
    pub(super) fn check(&self) -> Result<bool, Rejection> {
        let is_form = self.content == Content::Form;
        if self.reader.fields.is_empty() && is_form {
            return Ok(false);
        }
        let protocol = self.protocol()?;
        if is_form && protocol.body_hash.is_some() {
            return Err(RejectionReason::BodyHashOnForm.into());
        }
        if let Some((timestamp, _)) = protocol.stamp {
            self.settings.check_timestamp(timestamp)?;
        }
        Ok(true)
    }

    /// Reads the body, and checks the rest.
    pub(super) fn read_body(mut self) -> Result<Reading<'r>, Rejection> {
        let IncomingRequest { method, body, .. } = self.request;
        if body.is_some_and(|body| body.len() > self.settings.limits.body) {
            return Err(RejectionReason::BodyTooLarge.into());
        }
        let is_form = self.content == Content::Form;
        let form = if is_form { body.ok_or_else(no_body)? } else { &[] };
        if is_form && !Content::is_unambiguous_form(self.request.headers, form) {
            return Err(RejectionReason::UnclearBody(RequestError::FormCharset).into());
        }
        self.reader.read_pairs(form, ParameterSource::Form)?;
        let protocol = self.protocol()?;
        let is_hashed = protocol.body_hash.is_some();
        if is_hashed && is_form {
            return Err(RejectionReason::BodyHashOnForm.into());
        }
        if is_hashed && body.is_none() {
            return Err(no_body());
        }
        let is_empty = body.is_some_and(<[u8]>::is_empty);
        // PLAINTEXT sends the secrets themselves, and covers no part of the request.
        let covers_body = is_empty || ((is_form || is_hashed) && !protocol.is_plaintext());
        if self.settings.requires_signed_body && !covers_body {
            body.ok_or_else(no_body)?;
            // A body that is neither a form nor hashed can still be sent with a hash.
            let is_plaintext = is_form || is_hashed;
            let missing = RejectionReason::Missing(Name::BodyHash.as_str());
            return Err(if is_plaintext { RejectionReason::UnsignedBody } else { missing }.into());
        }
        let Self { request: incoming, target, content, reader, .. } = self;
        let Reader { mut parameters, repeated, has_unencoded, .. } = reader;
        parameters.sort();
        let mut other_readings = Vec::new();
        other_readings.extend(repeated.map(|repeated| parameters.sorted_with(&repeated)));
        if has_unencoded {
            other_readings.push(parameters.with_header_as_sent());
        }
        let request = RequestRef::received(method, target, content, body);
        Ok(Reading { protocol, request, incoming, parameters, other_readings, covers_body })
    }

    fn protocol(&self) -> Result<Protocol<'r>, RejectionReason> {
        if !self.has_header && self.reader.fields.is_empty() {
            return Err(RejectionReason::NotOAuth);
        }
        Protocol::of(&self.reader.fields, self.settings, &self.target)
    }
}

/// Returns the rejection for a missing body. It is the caller's mistake: it must not pass for an empty body.
fn no_body() -> Rejection {
    Rejection::unavailable("the body was not handed over: Policy::wants_body tells when it is needed")
}

/// Checks that the request's host is that of the policy's origin.
fn check_host(
    target: &Target<'_>,
    settings: &Settings,
    request: &IncomingRequest<'_>,
) -> Result<(), RejectionReason> {
    let origin = &settings.origin;
    let is_own = |host: &[u8]| {
        // Nearly always they are equal byte for byte.
        host == origin.authority().as_bytes()
            || std::str::from_utf8(host).is_ok_and(|host| !host.contains('@') && target.is_at(host))
    };
    let authority = request.uri.authority().map(|authority| authority.as_str().as_bytes());
    let hosts = request.headers.get_all(HOST).iter().map(HeaderValue::as_bytes);
    match hosts.chain(authority).find(|host| !is_own(host)) {
        None => Ok(()),
        Some(host) => {
            let received = shown::name(host);
            Err(RejectionReason::OtherHost { origin: origin.to_string(), received })
        }
    }
}

/// A reader of parameters from the three places (§3.5), which separates the protocol parameters.
struct Reader<'r> {
    settings: &'r Settings,
    parameters: Parameters<'r>,
    /// Protocol parameters that repeat the value of another place.
    repeated: Option<Box<Parameters<'r>>>,
    /// This is `true` if the header has values that are not encoded, and the policy allows it.
    has_unencoded: bool,
    count: usize,
    fields: Fields<'r>,
}

impl<'r> Reader<'r> {
    /// Reads the Authorization headers. Returns `true` if one has the scheme `OAuth`.
    fn read_header(&mut self, headers: &'r HeaderMap) -> Result<bool, RejectionReason> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else { return Ok(false) };
        if values.next().is_some() {
            return Err(RejectionReason::MultipleAuthorization);
        }
        let Some(parameters) = header::parse(value.as_bytes(), self.settings.limits.header)? else {
            return Ok(false);
        };
        let mut others = Vec::new();
        for parameter in parameters {
            let HeaderParameter { name, value, known } = parameter?;
            if self.settings.allows_unencoded_header && known != Some(Name::Signature) {
                self.has_unencoded |= value.iter().any(|byte| !is_unreserved(*byte) && *byte != b'%');
            }
            if !self.push(name, value, known, Coding::Percent, ParameterSource::Protocol)? {
                let name = decode_borrowed(&Decoded::new(name, Coding::Percent));
                // Names with this start are reserved for the protocol and its extensions.
                if !self.settings.allows_header_parameters && !name.starts_with(OAUTH.as_bytes()) {
                    return Err(RejectionReason::HeaderParameter(shown::name(&name)));
                }
                others.push(name);
            }
        }
        // > Each parameter MUST NOT appear more than once per request. (§3.1)
        others.sort_unstable();
        match others.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(RejectionReason::Duplicate(shown::name(&pair[0]))),
            None => Ok(true),
        }
    }

    fn read_pairs(&mut self, text: &'r [u8], source: ParameterSource) -> Result<(), RejectionReason> {
        for (name, value) in Pairs::of(text) {
            self.push(name, value, Name::of(name), Coding::Form, source)?;
        }
        Ok(())
    }

    /// Adds a parameter. `known` tells that it is a protocol parameter; if absent, its name decides.
    fn push(
        &mut self,
        name: &'r [u8],
        value: &'r [u8],
        known: Option<Name>,
        coding: Coding,
        source: ParameterSource,
    ) -> Result<bool, RejectionReason> {
        self.count += 1;
        if self.count > self.settings.limits.parameters {
            return Err(RejectionReason::TooManyParameters);
        }
        let value = strict(value, coding, name)?;
        let known = if known.is_some() {
            self.parameters.push_plain(name, &value, source);
            known
        } else if self.parameters.push(&Decoded::new(name, coding), &value, source) {
            None
        } else {
            // Known names need no escapes, but may have them. They all start alike, so others are quickly
            // sorted out.
            let name = strict(name, coding, name)?;
            let is_likely = name.clone().take(OAUTH.len()).eq(OAUTH.bytes());
            if is_likely { Name::of(&decode_borrowed(&name)) } else { None }
        };
        if let Some(known) = known
            && self.fields.put(known, value, source)? == Put::Repeated
        {
            self.parameters.move_last(self.repeated.get_or_insert_with(|| Box::new(Parameters::new())));
        }
        Ok(known.is_some())
    }
}

/// Decodes a text, which stays plain if it has no escapes.
///
/// It is strict: two readers could take a text with a wrong escape for two different texts.
fn strict<'r>(text: &'r [u8], coding: Coding, name: &[u8]) -> Result<Decoded<'r>, RejectionReason> {
    let escape = |text| if coding == Coding::Form { memchr2(b'%', b'+', text) } else { memchr(b'%', text) };
    let Some(first) = escape(text) else { return Ok(Decoded::new(text, Coding::Plain)) };
    let mut rest = &text[first..];
    loop {
        // One escape often follows another.
        while let [b'%', after @ ..] = rest {
            if escaped_byte(after).is_none() {
                return Err(invalid_percent(name));
            }
            rest = &after[2..];
        }
        match memchr(b'%', rest) {
            Some(next) => rest = &rest[next..],
            None => return Ok(Decoded::new(text, coding)),
        }
    }
}

#[cold]
fn invalid_percent(name: &[u8]) -> RejectionReason {
    RejectionReason::InvalidPercent(shown::name(&decode(name, Coding::Percent)))
}
