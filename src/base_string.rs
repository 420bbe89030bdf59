//! RFC 5849 §3.4.1: the signature base string.
//!
//! One writer makes it, wherever it goes: into a keyed MAC while signing, into a text to look at
//! while explaining. So what is shown is what was signed.

use std::cmp::Ordering;

use smallvec::SmallVec;

use crate::encode::{Coding, Decoded, Pairs, is_all_unreserved};
use crate::order::{self, Key};
use crate::protocol::{Protocol, SEPARATOR, SIGNATURE, Values};
use crate::request::{Body, RequestError, RequestRef};
use crate::writer::{Sink, Writer};

/// Where a parameter of the base string came from (§3.4.1.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterSource {
    /// The URL's query.
    Query,
    /// The body, a form.
    Form,
    /// The signer: `oauth_…` and whatever else was set on it.
    Protocol,
}

impl std::fmt::Display for ParameterSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Query => "query",
            Self::Form => "form",
            Self::Protocol => "protocol",
        })
    }
}

/// A request has a parameter that the signer sends itself.
///
/// > Each parameter MUST NOT appear more than once per request. (§3.1)
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the request's {found_in} has the parameter {name:?}, which the signer sends itself: remove it there"
)]
pub struct ReservedParameter {
    name: String,
    found_in: ParameterSource,
}

impl ReservedParameter {
    /// The parameter's name, decoded.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the request has it.
    #[must_use]
    pub fn found_in(&self) -> ParameterSource {
        self.found_in
    }
}

/// Who is told, in order, where the parameters that were written came from.
pub(crate) trait Witness: Sink {
    fn parameters(&mut self, _source: ParameterSource, _count: usize) {}
}

impl Witness for Vec<u8> {}
impl Witness for crate::writer::Discard {}

/// A base string, and where each of its parameters came from.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) text: Vec<u8>,
    pub(crate) sources: Vec<ParameterSource>,
}

impl Sink for Record {
    fn absorb(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }
}

impl Witness for Record {
    fn parameters(&mut self, source: ParameterSource, count: usize) {
        self.sources.extend(std::iter::repeat_n(source, count));
    }
}

/// A parameter of the request, where the request has it.
#[derive(Clone, Copy)]
struct Parameter<'a> {
    key: Key,
    name: &'a [u8],
    value: &'a [u8],
    coding: Coding,
    value_coding: Coding,
    source: ParameterSource,
    /// Whether the name is of the unreserved set: then it needs no encoding at all.
    is_plain: bool,
}

impl<'a> Parameter<'a> {
    #[inline]
    fn new(name: &Decoded<'a>, value: &Decoded<'a>, source: ParameterSource) -> Self {
        if is_all_unreserved(name.rest) {
            return Self::plain(name.rest, value, source);
        }
        let key = order::key(name.clone());
        let (&Decoded { rest: name, coding }, &Decoded { rest: value, coding: value_coding }) = (name, value);
        Self { key, name, value, coding, value_coding, source, is_plain: false }
    }

    /// One whose name is of the unreserved set.
    #[inline]
    fn plain(name: &'a [u8], value: &Decoded<'a>, source: ParameterSource) -> Self {
        let (key, coding) = (order::plain_key(name), Coding::Plain);
        let &Decoded { rest: value, coding: value_coding } = value;
        Self { key, name, value, coding, value_coding, source, is_plain: true }
    }

    #[inline]
    fn name(&self) -> Decoded<'a> {
        Decoded::new(self.name, self.coding)
    }

    #[inline]
    fn value(&self) -> Decoded<'a> {
        Decoded::new(self.value, self.value_coding)
    }

    /// The length of name and value as they stand, which is no less than decoded.
    fn encoded_len(&self) -> usize {
        self.name.len() + self.value.len()
    }

    #[inline]
    fn is_named(&self, name: &str) -> bool {
        if self.is_plain { self.name == name.as_bytes() } else { self.name().eq(name.bytes()) }
    }

    #[inline]
    fn compare(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then_with(|| {
            let names = if self.is_plain && other.is_plain {
                self.name.cmp(other.name)
            } else {
                order::compare(self.name(), other.name())
            };
            names.then_with(|| order::compare(self.value(), other.value()))
        })
    }

    #[inline]
    fn write<S: Witness>(&self, first: bool, out: &mut Writer<'_, S>) {
        if !first {
            out.text(SEPARATOR);
        }
        if self.is_plain {
            out.text(self.name);
        } else {
            out.twice(&self.name());
        }
        out.text(b"%3D");
        out.twice(&self.value());
        out.witness(|sink| sink.parameters(self.source, 1));
    }
}

/// The parameters of a request, borrowed and sorted (§3.4.1.3.1, §3.4.1.3.2).
pub(crate) struct Parameters<'a>(SmallVec<[Parameter<'a>; 24]>);

impl<'a> Parameters<'a> {
    #[inline]
    pub(crate) fn of(request: &RequestRef<'a>) -> Result<Self, RequestError> {
        let mut parameters = Self::new();
        if let Some(query) = request.target().query() {
            parameters.push_encoded(query.as_bytes(), ParameterSource::Query);
        }
        if !request.extra_query().is_empty() {
            parameters.push_pairs(request.extra_query(), ParameterSource::Query);
        }
        match request.form_body()? {
            Some(Body::Bytes(form)) => parameters.push_encoded(form, ParameterSource::Form),
            Some(Body::Pairs(pairs)) => parameters.push_pairs(pairs, ParameterSource::Form),
            _ => {}
        }
        parameters.sort();
        Ok(parameters)
    }

    /// None yet.
    #[inline]
    pub(crate) fn new() -> Self {
        Self(SmallVec::new())
    }

    /// Adds a parameter, and answers whether its name is of the unreserved set.
    #[inline]
    pub(crate) fn push(&mut self, name: &Decoded<'a>, value: &Decoded<'a>, source: ParameterSource) -> bool {
        let parameter = Parameter::new(name, value, source);
        self.0.push(parameter);
        parameter.is_plain
    }

    /// Adds a parameter whose name is known to be of that set.
    #[inline]
    pub(crate) fn push_plain(&mut self, name: &'a [u8], value: &Decoded<'a>, source: ParameterSource) {
        self.0.push(Parameter::plain(name, value, source));
    }

    /// Names, values and sources, in the order of the base string once they are [sorted](Self::sort).
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Decoded<'a>, Decoded<'a>, ParameterSource)> {
        self.0.iter().map(|parameter| (parameter.name(), parameter.value(), parameter.source))
    }

    /// How long all names and values are as they stand, which is no less than decoded.
    pub(crate) fn encoded_len(&self) -> usize {
        self.0.iter().map(Parameter::encoded_len).sum()
    }

    /// By keys first, which are numbers; what they leave open is decided text by text.
    #[inline]
    pub(crate) fn sort(&mut self) {
        if self.0.len() < 2 {
            return;
        }
        self.0.sort_unstable_by_key(|parameter| parameter.key);
        for alike in self.0.chunk_by_mut(|one, other| one.key == other.key) {
            if alike.len() > 1 {
                sort_alike(alike);
            }
        }
    }

    #[inline]
    fn push_encoded(&mut self, text: &'a [u8], source: ParameterSource) {
        for (name, value) in Pairs::of(text) {
            self.push(&Decoded::new(name, Coding::Form), &Decoded::new(value, Coding::Form), source);
        }
    }

    fn push_pairs(&mut self, pairs: &'a [(&'a str, &'a str)], source: ParameterSource) {
        let bytes = |text: &'a str| Decoded::new(text.as_bytes(), Coding::Plain);
        self.0.extend(pairs.iter().map(|(name, value)| Parameter::new(&bytes(name), &bytes(value), source)));
    }
}

/// Sorts parameters whose names start alike.
fn sort_alike(alike: &mut [Parameter<'_>]) {
    let len: usize = alike.iter().map(Parameter::encoded_len).sum();
    if len <= LEN_OF_FEW {
        alike.sort_unstable_by(Parameter::compare);
    } else {
        sort_ranked(alike, len);
    }
}

/// Up to so many bytes, decoding for each comparison costs less than an allocation.
const LEN_OF_FEW: usize = 512;

/// Sorts long parameters: each is decoded once. Whoever sends a form of equal names would make a server
/// decode all of it ten times over, for each of the comparisons that sorting takes.
#[cold]
fn sort_ranked(alike: &mut [Parameter<'_>], len: usize) {
    let mut ranks = Vec::with_capacity(len);
    let mut ranked: Vec<_> = alike
        .iter()
        .map(|parameter| {
            let start = ranks.len();
            order::append_ranks(&parameter.name(), &mut ranks);
            let end = ranks.len();
            order::append_ranks(&parameter.value(), &mut ranks);
            (start..end, end..ranks.len(), *parameter)
        })
        .collect();
    ranked.sort_unstable_by(|(name, value, _), (other_name, other_value, _)| {
        let names = ranks[name.clone()].cmp(&ranks[other_name.clone()]);
        names.then_with(|| ranks[value.clone()].cmp(&ranks[other_value.clone()]))
    });
    for (place, (.., parameter)) in alike.iter_mut().zip(ranked) {
        *place = parameter;
    }
}

/// Writes the base string of a request as a signer sends it.
#[inline]
pub(crate) fn write<S: Witness>(
    request: &RequestRef<'_>,
    parameters: &Parameters<'_>,
    protocol: &Protocol,
    values: &Values<'_>,
    sink: &mut S,
) -> Result<(), ReservedParameter> {
    let mut out = Writer::new(sink);
    write_head(request, &mut out);
    merge(&parameters.0, protocol, values, &mut out)?;
    out.finish();
    Ok(())
}

/// §3.4.1.1: the method in upper case, `&`, the base string URI, `&`.
#[inline]
fn write_head<S: Sink>(request: &RequestRef<'_>, out: &mut Writer<'_, S>) {
    out.once(request.method().bytes().map(|byte| byte.to_ascii_uppercase()));
    out.text(b"&");
    request.target().write(out);
    out.text(b"&");
}

/// Writes the request's parameters and the protocol's, each sorted, in one sorted list.
#[inline]
fn merge<S: Witness>(
    parameters: &[Parameter<'_>],
    protocol: &Protocol,
    values: &Values<'_>,
    out: &mut Writer<'_, S>,
) -> Result<(), ReservedParameter> {
    let pieces = protocol.pieces();
    let (Some(smallest), Some(largest)) = (pieces.first(), pieces.last()) else {
        unreachable!("oauth_signature is there")
    };
    let compare = |parameter: &Parameter<'_>, piece: &crate::protocol::Piece| {
        parameter.key.cmp(&piece.key()).then_with(|| order::compare(parameter.name(), piece.name()))
    };
    let mut first = true;
    let mut rest = parameters.iter().peekable();
    while let Some(parameter) = rest.next_if(|next| compare(next, smallest).is_lt()) {
        parameter.write(first, out);
        first = false;
    }
    // Nearly always no parameter sorts in between: then the protocol's go out in one piece.
    if rest.peek().is_none_or(|next| compare(next, largest).is_gt()) {
        let count = protocol.write_all(first, values, out);
        first &= count == 0;
        out.witness(|sink| sink.parameters(ParameterSource::Protocol, count));
    } else {
        for piece in pieces.iter().filter(|piece| piece.is_sent(values)) {
            while let Some(parameter) = rest.next_if(|next| compare(next, piece).is_lt()) {
                parameter.write(first, out);
                first = false;
            }
            if let Some(parameter) = rest.next_if(|next| compare(next, piece).is_eq()) {
                let name = String::from_utf8_lossy(&piece.name().collect::<Vec<u8>>()).into_owned();
                return Err(ReservedParameter { name, found_in: parameter.source });
            }
            let count = protocol.write_piece(piece, first, values, out);
            first &= count == 0;
            out.witness(|sink| sink.parameters(ParameterSource::Protocol, count));
        }
    }
    for parameter in rest {
        parameter.write(first, out);
        first = false;
    }
    Ok(())
}

/// The signature base string (§3.4.1) of a request that has all its parameters already: what is in
/// the query and the form is written, nothing added, `oauth_signature` left out.
///
/// This is the low-level door, for looking at a request that somebody else signed in its query or
/// form. What a [`Signer`](crate::Signer) would sign, [`Signer::explain`](crate::Signer::explain) tells.
///
/// ```
/// use oauth1_signer::{RequestRef, signature_base_string};
///
/// # fn main() -> Result<(), oauth1_signer::RequestError> {
/// let request = RequestRef::new("GET", "HTTP://Example.com:80/r%20v/X?c2&a=b+c&oauth_signature=x")?;
/// assert_eq!(
///     signature_base_string(&request)?,
///     "GET&http%3A%2F%2Fexample.com%2Fr%2520v%2FX&a%3Db%2520c%26c2%3D",
/// );
/// # Ok(()) }
/// ```
///
/// # Errors
/// If the Content-Type says form and the body's bytes cannot be seen.
pub fn signature_base_string(request: &RequestRef<'_>) -> Result<String, RequestError> {
    let parameters = Parameters::of(request)?;
    let mut text = Vec::new();
    write_complete(request, &parameters, &mut text);
    Ok(into_text(text))
}

/// Writes the base string of a request that has all its parameters already, `oauth_signature` left out.
pub(crate) fn write_complete<S: Witness>(
    request: &RequestRef<'_>,
    parameters: &Parameters<'_>,
    sink: &mut S,
) {
    let mut out = Writer::new(sink);
    write_head(request, &mut out);
    let mut first = true;
    for parameter in parameters.0.iter().filter(|parameter| !parameter.is_named(SIGNATURE)) {
        parameter.write(first, &mut out);
        first = false;
    }
    out.finish();
}

/// A base string as text: everything beyond the unreserved set was escaped.
pub(crate) fn into_text(base_string: Vec<u8>) -> String {
    String::from_utf8(base_string).expect("percent-encoded text is ASCII")
}
