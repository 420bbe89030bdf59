//! Reads and extends queries and forms (`application/x-www-form-urlencoded`).

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::percent::{escaped_byte, push_encoded};

/// The encoding of a parameter in the place where it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// No encoding.
    Plain,
    /// No encoding, of a text that a base string encodes once, not twice (Mastercard's libraries).
    Once,
    /// Percent-encoding: `%HH` is a byte, as in the parameters of a header (RFC 5849 §3.5.1).
    Percent,
    /// The encoding of forms: `+` is a space, `%HH` is a byte (RFC 5849 §3.4.1.3.1).
    ///
    /// A `%` without two hexadecimal digits means itself. It is sent like this, so it is signed like this.
    Form,
}

impl Coding {
    /// Returns `true` if the bytes of a text stand for themselves.
    #[inline]
    pub(crate) fn is_literal(self) -> bool {
        matches!(self, Self::Plain | Self::Once)
    }
}

/// An iterator over the bytes of a text, decoded exactly once.
#[derive(Clone)]
pub(crate) struct Decoded<'a> {
    pub(crate) rest: &'a [u8],
    pub(crate) coding: Coding,
}

impl<'a> Decoded<'a> {
    #[inline]
    pub(crate) fn new(text: &'a [u8], coding: Coding) -> Self {
        Self { rest: text, coding }
    }
}

impl Iterator for Decoded<'_> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        if first == b'%'
            && !self.coding.is_literal()
            && let Some(byte) = escaped_byte(rest)
        {
            self.rest = &rest[2..];
            return Some(byte);
        }
        Some(if first == b'+' && self.coding == Coding::Form { b' ' } else { first })
    }
}

/// An iterator over the encoded pairs of a query or a form.
///
/// It splits the text at `&`, and each segment at the first `=`. It skips empty segments. A segment without
/// `=` is a name with an empty value. A `;` does not split.
#[derive(Clone)]
pub(crate) struct Pairs<'a>(&'a [u8]);

impl<'a> Pairs<'a> {
    #[inline]
    pub(crate) fn of(text: &'a [u8]) -> Self {
        Self(text)
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while !self.0.is_empty() {
            let segment = match memchr(b'&', self.0) {
                Some(at) => {
                    let segment = &self.0[..at];
                    self.0 = &self.0[at + 1..];
                    segment
                }
                None => std::mem::take(&mut self.0),
            };
            if !segment.is_empty() {
                return Some(match end_of_name(segment) {
                    Some(at) => (&segment[..at], &segment[at + 1..]),
                    None => (segment, &[]),
                });
            }
        }
        None
    }
}

/// Returns the offset of the first `=`.
#[inline]
fn end_of_name(segment: &[u8]) -> Option<usize> {
    // Nearly all names are short. For these, a loop over the bytes is faster than `memchr`.
    const SHORT: usize = 32;
    let (start, rest) = segment.split_at(segment.len().min(SHORT));
    start.iter().position(|&byte| byte == b'=').or_else(|| Some(SHORT + memchr(b'=', rest)?))
}

/// Returns the decoded pairs of a form.
pub(crate) fn decode_form(text: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
    Pairs::of(text).map(|(name, value)| (decode(name, Coding::Form), decode(value, Coding::Form)))
}

/// Returns the decoded bytes of a text.
pub(crate) fn decode(text: &[u8], coding: Coding) -> Vec<u8> {
    // The text may be a secret. A vector that grows would leave copies behind that are not wiped.
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend(Decoded::new(text, coding));
    bytes
}

/// Returns the decoded bytes of a text, without a copy if nothing in it is encoded.
pub(crate) fn decode_borrowed<'a>(bytes: &Decoded<'a>) -> Cow<'a, [u8]> {
    let &Decoded { rest: text, coding } = bytes;
    let is_plain = match coding {
        Coding::Plain | Coding::Once => true,
        Coding::Percent => memchr(b'%', text).is_none(),
        Coding::Form => memchr2(b'%', b'+', text).is_none(),
    };
    if is_plain { Cow::Borrowed(text) } else { Cow::Owned(decode(text, coding)) }
}

/// Appends a pair to a form or a query, after a `&` if `text` is not empty.
pub(crate) fn push_pair(text: &mut String, name: &str, value: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    push_encoded(text, name.as_bytes());
    text.push('=');
    push_encoded(text, value.as_bytes());
}

/// Returns `url` with the encoded `pairs` appended to its query, before the fragment.
///
/// It does not change any other part of the URL.
pub(crate) fn append_to_query(url: &str, pairs: &str) -> String {
    let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let separator = match url.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    [url, separator, pairs, fragment].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_forms_once_and_leaves_what_is_no_escape() {
        let decode = |text: &str| Decoded::new(text.as_bytes(), Coding::Form).collect::<Vec<u8>>();
        assert_eq!(decode("a+b%20c%2Bd"), b"a b c+d");
        assert_eq!(decode("%2520"), b"%20");
        assert_eq!(decode("%zz%4%"), b"%zz%4%");
        assert_eq!(decode("%ff%C3%a9"), b"\xFF\xC3\xA9");
        assert!(Decoded::new(b"a+%20", Coding::Plain).eq(*b"a+%20"));
    }

    #[test]
    fn a_name_ends_at_its_first_equals_sign_wherever_that_is() {
        for at in [0, 1, 31, 32, 33, 100] {
            let mut pair = b"a".repeat(101);
            pair[at] = b'=';
            assert_eq!(Pairs::of(&pair).next(), Some((&pair[..at], &pair[at + 1..])));
        }
        assert_eq!(Pairs::of(b"a").next(), Some((&b"a"[..], &b""[..])));
    }
}
