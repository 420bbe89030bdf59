//! What a request says of itself, before anything is proved.

use std::fmt;

use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, HeaderValue};
use memchr::{memchr, memchr2};

use crate::base_string::{ParameterSource, Parameters, Record, into_text, write_complete};
use crate::encode::{Coding, Decoded, Pairs, decode, decode_borrowed, escaped_byte};
use crate::explain::{Explanation, hints_on};
use crate::request::{Content, RequestRef, Target};

use super::header::{self, HeaderParameter};
use super::incoming::IncomingRequest;
use super::malformed::MalformedRequest;
use super::method::SignatureMethodName;
use super::policy::Policy;
use super::protocol::{Fields, Name, Protocol};
use super::rejection::{Rejection, RejectionReason};

/// What a request says of itself: which client and which user it is from, and how that is to be
/// proved. Nothing of it is true yet.
#[must_use = "a claim is to be proved"]
pub struct Claim<'r> {
    pub(super) policy: &'r Policy,
    pub(super) protocol: Protocol<'r>,
    pub(super) request: RequestRef<'r>,
    parameters: Parameters<'r>,
}

impl Policy {
    /// Whether the body of a request is needed to [`read`](Self::read) it: where it is a form, which is
    /// part of the signature and may even hold it, or where its hash is sent or asked for.
    #[must_use]
    pub fn wants_body<'r>(&self, request: impl Into<IncomingRequest<'r>>) -> bool {
        let IncomingRequest { uri, headers, .. } = request.into();
        let is_hash = |name: &[u8], coding| Decoded::new(name, coding).eq(Name::BodyHash.as_str().bytes());
        self.body_hash
            || Content::of_headers(headers).is_ok_and(|content| content == Content::Form)
            || Pairs::of(uri.query().unwrap_or_default().as_bytes())
                .any(|(name, _)| is_hash(name, Coding::Form))
            || headers.get(AUTHORIZATION).is_some_and(|value| {
                let parameters = header::parse(value.as_bytes(), self.limits.header).ok().flatten();
                let mut names = parameters.into_iter().flatten().flatten().map(|parameter| parameter.name);
                names.any(|name| is_hash(name, Coding::Percent))
            })
    }

    /// Reads what a request says of itself.
    ///
    /// # Errors
    /// If it is malformed or too large (400), or has no OAuth parameters at all (401).
    pub fn read<'r>(&'r self, request: impl Into<IncomingRequest<'r>>) -> Result<Claim<'r>, Rejection> {
        Claim::read(self, request.into())
    }
}

impl<'r> Claim<'r> {
    fn read(policy: &'r Policy, request: IncomingRequest<'r>) -> Result<Self, Rejection> {
        let IncomingRequest { method, uri, headers, body } = request;
        if uri.path_and_query().map_or(0, |target| target.as_str().len()) > policy.limits.url {
            return Err(MalformedRequest::UrlTooLong.into());
        }
        let target = Target::at(&policy.origin, uri).map_err(MalformedRequest::Url)?;
        check_host(&target, policy, &request)?;
        let content = Content::of_headers(headers).map_err(|_| MalformedRequest::UnclearBody)?;
        if body.is_some_and(|body| body.len() > policy.limits.body) {
            return Err(MalformedRequest::BodyTooLarge.into());
        }
        let is_form = content == Content::Form;
        let form = if is_form { body.ok_or_else(no_body)? } else { &[] };
        if is_form && !Content::is_unambiguous_form(headers, form) {
            return Err(MalformedRequest::UnclearBody.into());
        }
        let mut reader = Reader { policy, parameters: Parameters::new(), count: 0, fields: Fields::new() };
        let has_header = reader.read_header(headers)?;
        reader.read_pairs(target.query().unwrap_or_default().as_bytes(), ParameterSource::Query)?;
        reader.read_pairs(form, ParameterSource::Form)?;
        if !has_header && reader.fields.is_empty() {
            return Err(RejectionReason::NotOAuth.into());
        }
        let Reader { mut parameters, fields, .. } = reader;
        let protocol = Protocol::of(&fields, policy, &target)?;
        match &protocol.body_hash {
            Some(_) if is_form => return Err(MalformedRequest::BodyHashOnForm.into()),
            Some(_) if body.is_none() => return Err(no_body()),
            None if policy.body_hash && !is_form && !body.ok_or_else(no_body)?.is_empty() => {
                return Err(MalformedRequest::Missing(Name::BodyHash.as_str()).into());
            }
            _ => {}
        }
        parameters.sort();
        let request = RequestRef::received(method, target, content, body);
        Ok(Self { policy, protocol, request, parameters })
    }

    /// The client that the request says it is from (`oauth_consumer_key`): whose record to look up.
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.protocol.client_key
    }

    /// The token that it has, temporary or not (`oauth_token`): whose record to look up. An empty one
    /// counts as none.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.protocol.token.as_deref()
    }

    /// How it is signed.
    #[must_use]
    pub fn algorithm(&self) -> SignatureMethodName {
        self.protocol.algorithm
    }

    /// What the signature is over, as this server has computed it, and what is odd about the request: to
    /// be laid beside what the client says that it has signed, by [`Explanation::differences`]. For the
    /// operator, never for the client.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        let mut record = Record::default();
        self.write(&mut record);
        let Record { text, sources } = record;
        let hints = hints_on(&self.request, self.protocol.body_hash.is_some());
        Explanation::new(self.protocol.algorithm.name(), into_text(text), &sources, hints)
    }

    pub(super) fn write<S: crate::base_string::Witness>(&self, sink: &mut S) {
        write_complete(&self.request, &self.parameters, sink);
    }
}

/// Neither signature nor nonce are shown, nor the rest of the request.
impl fmt::Debug for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("client_key", &self.client_key())
            .field("token", &self.token())
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

/// The caller's mistake, not the client's; not to be taken for an empty body.
fn no_body() -> Rejection {
    Rejection::Unavailable("the body was not handed over: Policy::wants_body tells when it is needed".into())
}

/// What the request says of its host must be what the server says of itself.
fn check_host(
    target: &Target<'_>,
    policy: &Policy,
    request: &IncomingRequest<'_>,
) -> Result<(), MalformedRequest> {
    let is_own = |host: &[u8]| {
        // To the byte, nearly always.
        host == policy.origin.authority().as_bytes()
            || std::str::from_utf8(host).is_ok_and(|host| !host.contains('@') && target.is_at(host))
    };
    let authority = request.uri.authority().map(|authority| authority.as_str().as_bytes());
    let hosts = request.headers.get_all(HOST).iter().map(HeaderValue::as_bytes);
    if hosts.chain(authority).all(is_own) { Ok(()) } else { Err(MalformedRequest::OtherHost) }
}

/// Gathers parameters from the three places (§3.5), and sorts the protocol's out.
struct Reader<'r> {
    policy: &'r Policy,
    parameters: Parameters<'r>,
    count: usize,
    fields: Fields<'r>,
}

impl<'r> Reader<'r> {
    /// Whether there is an `OAuth` header.
    fn read_header(&mut self, headers: &'r HeaderMap) -> Result<bool, MalformedRequest> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else { return Ok(false) };
        if values.next().is_some() {
            return Err(MalformedRequest::MultipleAuthorization);
        }
        let Some(parameters) = header::parse(value.as_bytes(), self.policy.limits.header)? else {
            return Ok(false);
        };
        let mut others = Vec::new();
        for parameter in parameters {
            let HeaderParameter { name, value, known } = parameter?;
            if !self.push(name, value, known, Coding::Percent, ParameterSource::Protocol)? {
                others.push(decode_borrowed(&Decoded::new(name, Coding::Percent)));
            }
        }
        // > Each parameter MUST NOT appear more than once per request. (§3.1)
        others.sort_unstable();
        match others.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(MalformedRequest::Duplicate(String::from_utf8_lossy(&pair[0]).into_owned())),
            None => Ok(true),
        }
    }

    fn read_pairs(&mut self, text: &'r [u8], source: ParameterSource) -> Result<(), MalformedRequest> {
        for (name, value) in Pairs::of(text) {
            self.push(name, value, Name::of(name), Coding::Form, source)?;
        }
        Ok(())
    }

    /// Whether it is one of the protocol's, where it is not said yet.
    fn push(
        &mut self,
        name: &'r [u8],
        value: &'r [u8],
        known: Option<Name>,
        coding: Coding,
        source: ParameterSource,
    ) -> Result<bool, MalformedRequest> {
        self.count += 1;
        if self.count > self.policy.limits.parameters {
            return Err(MalformedRequest::TooManyParameters);
        }
        let value = strict(value, coding, name)?;
        let known = if known.is_some() {
            self.parameters.push_plain(name, &value, source);
            known
        } else if self.parameters.push(&Decoded::new(name, coding), &value, source) {
            None
        } else {
            // No known name has to be escaped, but any may be.
            Name::of(&decode_borrowed(&strict(name, coding, name)?))
        };
        if let Some(known) = known {
            self.fields.put(known, value, source)?;
        }
        Ok(known.is_some())
    }
}

/// What a text means; plain where it has no escapes, which is the end of looking for some. Strict: what
/// does not decode, two readers would read in two ways.
fn strict<'r>(text: &'r [u8], coding: Coding, name: &[u8]) -> Result<Decoded<'r>, MalformedRequest> {
    let escape = |text| if coding == Coding::Form { memchr2(b'%', b'+', text) } else { memchr(b'%', text) };
    let Some(first) = escape(text) else { return Ok(Decoded::new(text, Coding::Plain)) };
    let mut percents = text[first..].split(|&byte| byte == b'%').skip(1);
    if percents.all(|rest| escaped_byte(rest).is_some()) {
        Ok(Decoded::new(text, coding))
    } else {
        Err(invalid_percent(name))
    }
}

#[cold]
fn invalid_percent(name: &[u8]) -> MalformedRequest {
    MalformedRequest::InvalidPercent(String::from_utf8_lossy(&decode(name, Coding::Percent)).into_owned())
}
