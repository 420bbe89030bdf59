//! The request as it was sent, with its OAuth parameters read from where they are.

use std::fmt;

use http::header::{AUTHORIZATION, HOST};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use zeroize::Zeroizing;

use crate::base_string::{Parameters, Record, write_complete};
use crate::explain::{Explanation, hints_on};
use crate::form::{Coding, Decoded, decode_form};
use crate::parameter::ParameterSource;
use crate::request::{Body, Content, RequestError, RequestRef};

use super::received::percent_decoded;

/// A borrowed view of a request as it was sent, with its headers.
///
/// Most callers do not need this type: [`Diagnosis::of`](super::Diagnosis::of) takes `&http::Request<B>` and
/// `&http::request::Parts`. Use it for a [`RequestRef`] and headers from another library.
///
/// # Examples
///
/// ```
/// use http::HeaderMap;
/// use oauth1_signer::RequestRef;
/// use oauth1_signer::diagnose::{Diagnosis, SentRequest};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut headers = HeaderMap::new();
/// headers.insert("authorization", r#"OAuth oauth_consumer_key="key""#.parse()?);
/// let view = RequestRef::new("GET", "https://api.example.com/items?page=2")?;
/// let diagnosis = Diagnosis::of(SentRequest::new(view, &headers));
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use]
pub struct SentRequest<'a> {
    view: Result<RequestRef<'a>, RequestError>,
    headers: &'a HeaderMap,
}

impl<'a> SentRequest<'a> {
    /// Creates a view of a request of this method, URL and body, sent with these headers.
    ///
    /// For a request in origin-form, make `view` with [`RequestRef::in_origin_form`].
    pub fn new(view: RequestRef<'a>, headers: &'a HeaderMap) -> Self {
        Self { view: Ok(view), headers }
    }
}

/// Creates a view of any request of the `http` crate, with the body that [`RequestRef`] sees.
impl<'a, B: 'static> From<&'a http::Request<B>> for SentRequest<'a> {
    fn from(request: &'a http::Request<B>) -> Self {
        Self { view: RequestRef::try_from(request), headers: request.headers() }
    }
}

/// Creates a view of the head of a request. It does not see a form in the body.
impl<'a> From<&'a Parts> for SentRequest<'a> {
    fn from(parts: &'a Parts) -> Self {
        Self { view: RequestRef::try_from(parts), headers: &parts.headers }
    }
}

/// Does not show the headers, which contain the signature.
impl fmt::Debug for SentRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentRequest").field("view", &self.view).finish_non_exhaustive()
    }
}

/// The Authorization header, as far as it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authorization {
    Absent,
    OAuth,
    OtherScheme,
    Unreadable,
    Several,
}

/// A request that was sent, with its parameters.
pub(super) struct Sent<'a> {
    view: Result<RequestRef<'a>, RequestError>,
    headers: &'a HeaderMap,
    pub(super) authorization: Authorization,
    /// The realm of the header, decoded.
    pub(super) realm: Option<String>,
    /// The protocol parameters, decoded, wherever they are.
    protocol: Vec<(String, String)>,
    message: Option<Message>,
}

/// The base string of a request with all of its parameters, and the source of each of them.
pub(super) struct Message {
    pub(super) text: Zeroizing<String>,
    pub(super) sources: Vec<ParameterSource>,
}

impl<'a> Sent<'a> {
    pub(super) fn read(request: &SentRequest<'a>) -> Self {
        let SentRequest { view, headers } = request.clone();
        let (authorization, raw) = read_authorization(headers);
        let is_realm = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("realm");
        let realm = raw.iter().find(is_realm).map(|(_, value)| value.clone());
        let in_header: Vec<(String, String)> = raw.into_iter().filter(|pair| !is_realm(&pair)).collect();
        let message = view.as_ref().ok().and_then(|view| Message::of(view, &in_header));
        let mut protocol: Vec<(String, String)> =
            in_header.iter().map(|(name, value)| (percent_decoded(name), percent_decoded(value))).collect();
        if let Ok(view) = &view {
            protocol.extend(pairs_of(view).filter(|(name, _)| name.starts_with("oauth_")));
        }
        Self { view, headers, authorization, realm, protocol, message }
    }

    /// Returns the request, or an error if it cannot be read.
    pub(super) fn view(&self) -> Result<&RequestRef<'a>, &RequestError> {
        self.view.as_ref()
    }

    pub(super) fn host(&self) -> &str {
        let host = self.view.as_ref().map_or("", |view| view.target().host());
        if host.is_empty() { self.header(&HOST).unwrap_or_default() } else { host }
    }

    pub(super) fn path(&self) -> &str {
        self.view.as_ref().map_or("", |view| view.target().path())
    }

    pub(super) fn header(&self, name: &HeaderName) -> Option<&'a str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns `true` if there are other headers than Authorization, so that a missing one is really missing.
    pub(super) fn has_other_headers(&self) -> bool {
        self.headers.keys().any(|name| *name != AUTHORIZATION)
    }

    /// Returns the protocol parameters, decoded, those of the header first.
    pub(super) fn protocol(&self) -> &[(String, String)] {
        &self.protocol
    }

    /// Returns the first parameter of this name.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.protocol.iter().find(|(present, _)| present == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn method_name(&self) -> &str {
        self.parameter("oauth_signature_method").unwrap_or_default()
    }

    /// Returns `true` if the request has a signature or a consumer key.
    pub(super) fn is_signed(&self) -> bool {
        self.protocol.iter().any(|(name, _)| name == "oauth_signature" || name == "oauth_consumer_key")
    }

    /// Returns the base string that a server computes from this request by RFC 5849.
    ///
    /// Returns `None` if the request cannot be read or has no signature.
    pub(super) fn message(&self) -> Option<&Message> {
        self.message.as_ref().filter(|_| self.is_signed())
    }

    pub(super) fn explanation(&self) -> Option<Explanation> {
        let message = self.message()?;
        let hints =
            self.view.as_ref().map(|view| hints_on(view, self.parameter("oauth_body_hash").is_some()));
        Some(Explanation::new(self.method_name(), &message.text, &message.sources, hints.unwrap_or_default()))
    }

    /// Returns the parameters of query and form, decoded.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.view.iter().flat_map(pairs_of)
    }
}

impl Message {
    fn of(view: &RequestRef<'_>, in_header: &[(String, String)]) -> Option<Self> {
        let mut parameters = Parameters::of(view).ok()?;
        for (name, value) in in_header {
            let decoded = |text| Decoded::new(text, Coding::Percent);
            let (name, value) = (decoded(name.as_bytes()), decoded(value.as_bytes()));
            parameters.push(&name, &value, ParameterSource::Protocol);
        }
        parameters.sort();
        let mut record = Record::default();
        write_complete(view, &parameters, &mut record);
        Some(Self { text: record.take_text(), sources: record.sources })
    }
}

/// Returns the parameters of query and form, decoded.
fn pairs_of(view: &RequestRef<'_>) -> impl Iterator<Item = (String, String)> {
    let lossy = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let mut given = Vec::new();
    let mut give = |name: &str, value: &str| given.push((name.to_owned(), value.to_owned()));
    view.each_extra_query(&mut give);
    let form: &[u8] = match (view.content(), view.raw_body()) {
        (Content::Form, Body::Bytes(bytes)) => bytes,
        (Content::Form, Body::Pairs(pairs)) => {
            pairs.for_each(give);
            &[]
        }
        _ => &[],
    };
    let query = view.target().query().unwrap_or_default();
    let written = [query.as_bytes(), view.encoded_extra_query().as_bytes(), form].into_iter();
    let decoded = written.flat_map(decode_form).map(move |(name, value)| (lossy(name), lossy(value)));
    decoded.chain(given)
}

/// Returns the parameters of the Authorization header without quotes, but still encoded.
fn read_authorization(headers: &HeaderMap) -> (Authorization, Vec<(String, String)>) {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return (Authorization::Absent, Vec::new()) };
    if values.next().is_some() {
        return (Authorization::Several, Vec::new());
    }
    let Ok(text) = value.to_str() else { return (Authorization::Unreadable, Vec::new()) };
    let scheme = text.split([' ', '\t']).next().unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("OAuth") {
        return (Authorization::OtherScheme, Vec::new());
    }
    // A server's challenge and a client's credentials have the same grammar (RFC 9110 §11.3, §11.4).
    let text = text.trim_end_matches([' ', '\t', ',']);
    let mut challenges = http_auth::parser::ChallengeParser::new(text);
    match (challenges.next(), challenges.next()) {
        (Some(Ok(only)), None) => {
            let pairs = only.params.into_iter().map(|(name, value)| (name.to_owned(), value.to_unescaped()));
            (Authorization::OAuth, pairs.collect())
        }
        _ => (Authorization::Unreadable, Vec::new()),
    }
}
