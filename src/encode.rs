//! RFC 5849 §3.6: percent-encoding, and back.
//!
//! > Characters in the unreserved character set as defined by \[RFC3986\], Section 2.3 (ALPHA,
//! > DIGIT, "-", ".", "_", "~") MUST NOT be encoded. All other characters MUST be encoded.
//! > The two hexadecimal characters used to represent encoded characters MUST be uppercase.
//!
//! This is on the hot path of the crate, hence tables instead of the `percent-encoding` crate.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// A byte escaped: up to seven bytes of text, and in the last place how many count.
pub(crate) type Escape = [u8; ESCAPE];
pub(crate) const ESCAPE: usize = 8;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

#[inline]
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    UNRESERVED[byte as usize]
}

static UNRESERVED: [bool; 256] = {
    let mut unreserved = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 128")]
        let is_alphanumeric = (byte as u8).is_ascii_alphanumeric();
        unreserved[byte] = is_alphanumeric;
        byte += 1;
    }
    unreserved[b'-' as usize] = true;
    unreserved[b'.' as usize] = true;
    unreserved[b'_' as usize] = true;
    unreserved[b'~' as usize] = true;
    unreserved
};

/// Escapes for one round of encoding (`%` is `%25`), or for two in one go (`%` is `%2525`).
pub(crate) const fn escapes(rounds: u8) -> [Escape; 256] {
    let mut table = [[0; ESCAPE]; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "byte is below 256")]
        let value = byte as u8;
        let (high, low) = (HEX[byte >> 4], HEX[byte & 15]);
        table[byte] = match (UNRESERVED[byte], rounds) {
            (true, _) => [value, 0, 0, 0, 0, 0, 0, 1],
            (false, 1) => [b'%', high, low, 0, 0, 0, 0, 3],
            (false, _) => [b'%', b'2', b'5', high, low, 0, 0, 5],
        };
        byte += 1;
    }
    table
}

pub(crate) static ONCE: [Escape; 256] = escapes(1);

/// How the bytes of a parameter are written where the caller holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Bytes as they are meant.
    Plain,
    /// `%HH` is a byte, as in the parameters of a header (§3.5.1).
    Percent,
    /// `application/x-www-form-urlencoded`: `+` is a space, `%HH` a byte (§3.4.1.3.1). A `%`
    /// without two hexadecimal digits stands for itself: those bytes are sent, so they are signed.
    Form,
}

/// The bytes that `text` means, decoded exactly once.
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
            && self.coding != Coding::Plain
            && let Some(byte) = escaped_byte(rest)
        {
            self.rest = &rest[2..];
            return Some(byte);
        }
        Some(if first == b'+' && self.coding == Coding::Form { b' ' } else { first })
    }
}

/// Cuts a query or a form into its pairs, which stay encoded: at `&`, then at the first `=`. An empty
/// segment is no pair, a name alone has an empty value, and `;` is data.
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

/// Where the first `=` is. Nearly all names are short, and then a look at each byte is faster.
#[inline]
fn end_of_name(segment: &[u8]) -> Option<usize> {
    const SHORT: usize = 32;
    let (start, rest) = segment.split_at(segment.len().min(SHORT));
    start.iter().position(|&byte| byte == b'=').or_else(|| Some(SHORT + memchr(b'=', rest)?))
}

/// Returns `true` if a text needs no encoding.
#[inline]
pub(crate) fn is_all_unreserved(text: &[u8]) -> bool {
    // In a short text it pays to stop early, in a long one to look at many bytes at once.
    let (start, rest) = text.split_at(text.len().min(32));
    start.iter().all(|&byte| is_unreserved(byte))
        && rest.chunks(64).all(|chunk| {
            chunk.iter().fold(true, |all, &byte| {
                let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
                let is_digit = byte.wrapping_sub(b'0') < 10;
                let is_mark = (byte == b'-') | (byte == b'.') | (byte == b'_') | (byte == b'~');
                all & (is_letter | is_digit | is_mark)
            })
        })
}

/// What a form says, decoded: pairs of bytes.
pub(crate) fn decode_form(text: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
    Pairs::of(text).map(|(name, value)| (decode(name, Coding::Form), decode(value, Coding::Form)))
}

/// In one allocation: what a growing one leaves behind is not wiped, and this may be a secret.
pub(crate) fn decode(text: &[u8], coding: Coding) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend(Decoded::new(text, coding));
    bytes
}

/// What a text means, without a copy where it has no escapes.
pub(crate) fn decode_borrowed<'a>(bytes: &Decoded<'a>) -> Cow<'a, [u8]> {
    let &Decoded { rest: text, coding } = bytes;
    let is_plain = match coding {
        Coding::Plain => true,
        Coding::Percent => memchr(b'%', text).is_none(),
        Coding::Form => memchr2(b'%', b'+', text).is_none(),
    };
    if is_plain { Cow::Borrowed(text) } else { Cow::Owned(decode(text, coding)) }
}

/// The byte whose two hexadecimal digits `after_percent` starts with.
#[inline]
pub(crate) fn escaped_byte(after_percent: &[u8]) -> Option<u8> {
    let [high, low, ..] = after_percent else { return None };
    let (high, low) = (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]);
    if high | low == NO_DIGIT { None } else { Some(high << 4 | low) }
}

const NO_DIGIT: u8 = 0xFF;

/// The value of each hexadecimal digit, in either case.
static DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[HEX[value as usize] as usize] = value;
        digits[HEX[value as usize].to_ascii_lowercase() as usize] = value;
        value += 1;
    }
    digits
};

/// Percent-encodes bytes as RFC 5849 §3.6 wants it. Text goes in as its UTF-8 bytes.
///
/// Not the encoding of HTML forms, nor what `url` does: everything but `A-Z a-z 0-9 - . _ ~`
/// is escaped, with upper-case digits, and a space is `%20`.
///
/// ```
/// assert_eq!(oauth1_signer::percent_encode("Ladies + Gentlemen"), "Ladies%20%2B%20Gentlemen");
/// ```
#[must_use]
pub fn percent_encode(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut text = String::with_capacity(encoded_len(bytes));
    push_encoded(&mut text, bytes);
    text
}

/// Appends what [`percent_encode`] returns.
pub(crate) fn push_encoded(text: &mut String, bytes: &[u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (plain, behind) =
            rest.split_at(rest.iter().position(|&byte| !is_unreserved(byte)).unwrap_or(rest.len()));
        text.push_str(ascii(plain));
        let Some((&first, behind)) = behind.split_first() else { break };
        text.push_str(ascii(escape(first)));
        rest = behind;
    }
}

fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the unreserved set is of ASCII")
}

/// Appends a pair to a form or a query, behind a `&` where there is text already.
pub(crate) fn push_pair(text: &mut String, name: &str, value: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    push_encoded(text, name.as_bytes());
    text.push('=');
    push_encoded(text, value.as_bytes());
}

/// `url` with further pairs, encoded, behind its query. What is there stays as it is; a fragment stays
/// last.
pub(crate) fn append_to_query(url: &str, pairs: &str) -> String {
    let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let separator = match url.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    [url, separator, pairs, fragment].concat()
}

/// A byte, encoded once.
pub(crate) fn escape(byte: u8) -> &'static [u8] {
    let escape = &ONCE[usize::from(byte)];
    &escape[..usize::from(escape[ESCAPE - 1])]
}

/// How long [`percent_encode`]'s answer is.
fn encoded_len(bytes: &[u8]) -> usize {
    bytes.iter().map(|&byte| if is_unreserved(byte) { 1 } else { 3 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_all_but_the_unreserved_set() {
        let all: Vec<u8> = (0..=255).collect();
        let expected = (0..=255_u8).map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        });
        let expected: String = expected.collect();
        assert_eq!(percent_encode(&all), expected);
        assert_eq!(encoded_len(&all), expected.len());
    }

    /// At each place of a text of several chunks.
    #[test]
    fn one_reserved_byte_is_found_wherever_it_is() {
        let plain = b"a".repeat(200);
        assert!(is_all_unreserved(&plain) && is_all_unreserved(b""));
        for at in [0, 31, 32, 33, 95, 96, 199] {
            for byte in 0..=255 {
                let mut text = plain.clone();
                text[at] = byte;
                assert_eq!(is_all_unreserved(&text), is_unreserved(byte), "{byte} at {at}");
            }
            let mut pair = plain.clone();
            pair[at] = b'=';
            assert_eq!(Pairs::of(&pair).next(), Some((&pair[..at], &pair[at + 1..])));
        }
    }

    #[test]
    fn decodes_forms_once_and_leaves_what_is_no_escape() {
        let decode = |text: &str| Decoded::new(text.as_bytes(), Coding::Form).collect::<Vec<u8>>();
        assert_eq!(decode("a+b%20c%2Bd"), b"a b c+d");
        assert_eq!(decode("%2520"), b"%20");
        assert_eq!(decode("%zz%4%"), b"%zz%4%");
        assert_eq!(decode("%ff%C3%a9"), b"\xFF\xC3\xA9");
        assert!(Decoded::new(b"a+%20", Coding::Plain).eq(*b"a+%20"));
    }
}
