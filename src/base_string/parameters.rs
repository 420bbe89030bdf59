//! The parameters of a request, borrowed and sorted (RFC 5849 §3.4.1.3).

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::compiled::SEPARATOR;
use super::order::{self, Key};
use super::writer::{Sink, Writer};
use crate::form::{Coding, Decoded, Pairs};
use crate::parameter::ParameterSource;
use crate::percent::is_all_unreserved;
use crate::request::{Body, RequestError, RequestRef};

/// A parameter of the request, borrowed from it and not yet decoded.
#[derive(Clone, Copy)]
pub(super) struct Parameter<'a> {
    pub(super) key: Key,
    name: &'a [u8],
    value: &'a [u8],
    coding: Coding,
    value_coding: Coding,
    pub(super) source: ParameterSource,
    /// `true` if the name has unreserved characters only, and so needs no encoding.
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

    /// Creates a parameter whose name has unreserved characters only.
    #[inline]
    fn plain(name: &'a [u8], value: &Decoded<'a>, source: ParameterSource) -> Self {
        let (key, coding) = (order::plain_key(name), Coding::Plain);
        let &Decoded { rest: value, coding: value_coding } = value;
        Self { key, name, value, coding, value_coding, source, is_plain: true }
    }

    #[inline]
    pub(super) fn name(&self) -> Decoded<'a> {
        Decoded::new(self.name, self.coding)
    }

    #[inline]
    fn value(&self) -> Decoded<'a> {
        Decoded::new(self.value, self.value_coding)
    }

    /// Returns the encoded length of name and value, which is at least the decoded length.
    fn encoded_len(&self) -> usize {
        self.name.len() + self.value.len()
    }

    #[inline]
    pub(super) fn is_named(&self, name: &str) -> bool {
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
    pub(super) fn write<S: Sink>(&self, first: bool, out: &mut Writer<'_, S>) {
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
        out.parameters(self.source, 1);
    }
}

/// The parameters of a request, borrowed and sorted (RFC 5849 §3.4.1.3.1, §3.4.1.3.2).
pub(crate) struct Parameters<'a>(SmallVec<[Parameter<'a>; 24]>);

impl<'a> Parameters<'a> {
    #[inline]
    pub(crate) fn of(request: &RequestRef<'a>) -> Result<Self, RequestError> {
        let mut parameters = Self::new();
        if let Some(query) = request.target().query() {
            parameters.push_encoded(query.as_bytes(), ParameterSource::Query);
        }
        request.each_extra_query(|name, value| parameters.push_decoded(name, value, ParameterSource::Query));
        parameters.push_encoded(request.encoded_extra_query().as_bytes(), ParameterSource::Query);
        match request.form_body()? {
            Some(Body::Bytes(form)) => parameters.push_encoded(form, ParameterSource::Form),
            Some(Body::Pairs(pairs)) => {
                pairs.for_each(|name, value| parameters.push_decoded(name, value, ParameterSource::Form));
            }
            _ => {}
        }
        parameters.sort();
        Ok(parameters)
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[Parameter<'a>] {
        &self.0
    }

    /// Creates an empty list.
    #[inline]
    pub(crate) fn new() -> Self {
        Self(SmallVec::new())
    }

    /// Adds a parameter, and returns `true` if its name has unreserved characters only.
    #[inline]
    pub(crate) fn push(&mut self, name: &Decoded<'a>, value: &Decoded<'a>, source: ParameterSource) -> bool {
        let parameter = Parameter::new(name, value, source);
        self.0.push(parameter);
        parameter.is_plain
    }

    /// Adds a parameter whose name has unreserved characters only.
    #[inline]
    pub(crate) fn push_plain(&mut self, name: &'a [u8], value: &Decoded<'a>, source: ParameterSource) {
        self.0.push(Parameter::plain(name, value, source));
    }

    /// Moves the parameter that was added last to another list.
    pub(crate) fn move_last(&mut self, other: &mut Self) {
        other.0.extend(self.0.pop());
    }

    /// Returns the parameters of both lists, sorted.
    pub(crate) fn sorted_with(&self, others: &Self) -> Self {
        let mut all = Self(self.0.iter().chain(&others.0).copied().collect());
        all.sort();
        all
    }

    /// Returns the parameters with the values of the header as they were sent, to be encoded once.
    pub(crate) fn with_header_as_sent(&self) -> Self {
        let as_sent = |parameter: &Parameter<'a>| match parameter.source {
            ParameterSource::Protocol => Parameter { value_coding: Coding::Once, ..*parameter },
            _ => *parameter,
        };
        Self(self.0.iter().map(as_sent).collect())
    }

    /// Returns names, values and sources, in the order of the base string after [`sort`](Self::sort).
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Decoded<'a>, Decoded<'a>, ParameterSource)> {
        self.0.iter().map(|parameter| (parameter.name(), parameter.value(), parameter.source))
    }

    /// Returns the encoded length of all names and values, which is at least the decoded length.
    pub(crate) fn encoded_len(&self) -> usize {
        self.0.iter().map(Parameter::encoded_len).sum()
    }

    /// Sorts the parameters by their keys, which are numbers, and those with equal keys by their texts.
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

    fn push_decoded(&mut self, name: &'a str, value: &'a str, source: ParameterSource) {
        let bytes = |text: &'a str| Decoded::new(text.as_bytes(), Coding::Plain);
        self.0.push(Parameter::new(&bytes(name), &bytes(value), source));
    }
}

/// Sorts parameters with equal keys.
fn sort_alike(alike: &mut [Parameter<'_>]) {
    let len: usize = alike.iter().map(Parameter::encoded_len).sum();
    if len <= LEN_OF_FEW {
        alike.sort_unstable_by(Parameter::compare);
    } else {
        sort_ranked(alike, len);
    }
}

/// The length in bytes up to which it is cheaper to decode for each comparison than to allocate.
const LEN_OF_FEW: usize = 512;

/// Sorts long parameters with equal keys, and decodes each of them only once.
#[cold]
fn sort_ranked(alike: &mut [Parameter<'_>], len: usize) {
    // A sort compares each parameter about ten times. If each comparison decoded it, an attacker could make a
    // server decode a long form of equal names ten times.
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
