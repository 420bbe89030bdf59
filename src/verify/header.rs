//! RFC 5849 §3.5.1: the Authorization header, as a server reads it.

use memchr::memchr;

use crate::parameter::Name;

use super::reason::RejectionReason;
use super::shown;

/// A parameter of the header as it was sent: its name, and its value between the quotes.
pub(super) struct HeaderParameter<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    /// The protocol parameter of this name, if the name is sent without escapes.
    pub(super) known: Option<Name>,
}

/// Returns the parameters of an `OAuth` header one by one, or `None` for a header of another scheme.
///
/// The realm is left out, since it is not signed. The syntax is strict, except for what the grammar of lists
/// requires of every reader (RFC 9110 §5.6.1): empty elements, and blanks around commas and `=`.
pub(super) fn parse(header: &[u8], limit: usize) -> Result<Option<HeaderParameters<'_>>, RejectionReason> {
    let Some(rest) = after_scheme(header) else { return Ok(None) };
    if header.len() > limit {
        return Err(RejectionReason::HeaderTooLong);
    }
    // A search for any such byte, not for its place: the compiler can then check many bytes at once.
    let is_odd = |byte: &u8| !matches!(byte, b'\t' | b' '..=b'~');
    if header.iter().fold(false, |odd, byte| odd | is_odd(byte)) {
        return Err(first_odd(header));
    }
    Ok(Some(HeaderParameters { len: header.len(), rest, has_realm: false }))
}

/// Returns the text after the scheme, in any case: empty, or starting with a blank.
fn after_scheme(header: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = header.split_at_checked(b"OAuth".len())?;
    let is_alone = matches!(rest.first(), None | Some(b' ' | b'\t'));
    (scheme.eq_ignore_ascii_case(b"OAuth") && is_alone).then_some(rest)
}

#[cold]
fn first_odd(header: &[u8]) -> RejectionReason {
    let is_control = |byte: &u8| *byte != b'\t' && byte.is_ascii_control();
    let non_ascii = header.iter().position(|byte| !byte.is_ascii()).map(RejectionReason::NonAscii);
    let control = || header.iter().position(is_control).map(RejectionReason::ControlChar);
    non_ascii.or_else(control).expect("one of them is odd")
}

pub(super) struct HeaderParameters<'a> {
    len: usize,
    rest: &'a [u8],
    has_realm: bool,
}

impl<'a> HeaderParameters<'a> {
    fn read(&mut self) -> Result<Option<HeaderParameter<'a>>, RejectionReason> {
        loop {
            self.rest = trim_start(self.rest, |byte| matches!(byte, b' ' | b'\t' | b','));
            if self.rest.is_empty() {
                return Ok(None);
            }
            let parameter = self.read_any()?;
            if parameter.known.is_some() || !is_realm(parameter.name) {
                return Ok(Some(parameter));
            }
            if std::mem::replace(&mut self.has_realm, true) {
                return Err(RejectionReason::Duplicate("realm".to_owned()));
            }
        }
    }

    fn read_any(&mut self) -> Result<HeaderParameter<'a>, RejectionReason> {
        let (len, known) = name_len(self.rest);
        let (name, rest) = self.rest.split_at(len);
        if name.is_empty() {
            return Err(RejectionReason::EmptyName(self.len - self.rest.len()));
        }
        let value = trim_start(rest, is_blank).strip_prefix(b"=");
        let Some(quoted) = value.and_then(|value| trim_start(value, is_blank).strip_prefix(b"\"")) else {
            return Err(RejectionReason::Unquoted(shown::name(name)));
        };
        let end = if known.is_none() && is_realm(name) {
            end_of_quoted_string(quoted)
        } else {
            memchr(b'"', quoted)
        };
        let end = end.ok_or_else(|| RejectionReason::UnterminatedString(shown::name(name)))?;
        let (value, rest) = (&quoted[..end], &quoted[end + 1..]);
        self.rest = trim_start(rest, is_blank);
        if !self.rest.is_empty() && !self.rest.starts_with(b",") {
            return Err(RejectionReason::ExpectedComma(self.len - self.rest.len()));
        }
        Ok(HeaderParameter { name, value, known })
    }
}

impl<'a> Iterator for HeaderParameters<'a> {
    type Item = Result<HeaderParameter<'a>, RejectionReason>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.read();
        if next.is_err() {
            // The text behind the error cannot be read.
            self.rest = &[];
        }
        next.transpose()
    }
}

/// Returns the length of the name at the start of `text`, and the protocol parameter that it is.
fn name_len(text: &[u8]) -> (usize, Option<Name>) {
    // Nearly every name is a protocol parameter, and then its bytes need no check one by one.
    if let Some(end) = memchr(b'=', text)
        && let Some(known) = Name::of(&text[..end])
    {
        return (end, Some(known));
    }
    let end = text.iter().position(|byte| b" \t=,\"".contains(byte)).unwrap_or(text.len());
    // There may be a blank before the `=`.
    (end, Name::of(&text[..end]))
}

fn is_realm(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"realm")
}

/// Returns the end of a quoted-string, in which a `\` can stand before a quote.
///
/// Only the realm is a quoted-string. All other values are percent-encoded: a `\` has no meaning in them.
fn end_of_quoted_string(text: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    text.iter().position(|&byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trim_start(mut text: &[u8], is_idle: impl Fn(u8) -> bool) -> &[u8] {
    while let Some((&first, rest)) = text.split_first()
        && is_idle(first)
    {
        text = rest;
    }
    text
}
