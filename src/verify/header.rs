//! RFC 5849 §3.5.1: the Authorization header, as a server reads it.

use super::malformed::Malformed;
use crate::encode::{Coding, decode, escaped_octet};

/// A parameter of the header, as it stands: its name, and its value between the quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HeaderParameter<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

/// The parameters of an `OAuth` header but for the realm, which is no part of the signature; none
/// where the header is of another scheme.
///
/// Strict, but for what the grammar of lists asks of every reader (RFC 9110 §5.6.1): empty elements,
/// and blanks around commas and `=`.
pub(super) fn parse(header: &[u8], limit: usize) -> Result<Option<Vec<HeaderParameter<'_>>>, Malformed> {
    let Some(rest) = after_scheme(header) else { return Ok(None) };
    if header.len() > limit {
        return Err(Malformed::HeaderTooLong);
    }
    if let Some(at) = header.iter().position(|&octet| !octet.is_ascii()) {
        return Err(Malformed::NonAscii(at));
    }
    if let Some(at) = header.iter().position(|&octet| octet != b'\t' && octet.is_ascii_control()) {
        return Err(Malformed::ControlChar(at));
    }
    let (Ok(header), Ok(rest)) = (std::str::from_utf8(header), std::str::from_utf8(rest)) else {
        unreachable!("ASCII is UTF-8")
    };
    let mut parser = Parser { len: header.len(), rest };
    let mut parameters = Vec::new();
    let mut has_realm = false;
    while let Some(parameter) = parser.next()? {
        if parameter.name.eq_ignore_ascii_case("realm") {
            if std::mem::replace(&mut has_realm, true) {
                return Err(Malformed::Duplicate("realm".to_owned()));
            }
        } else {
            check_percent(parameter.name.as_bytes(), parameter.name.as_bytes())?;
            check_percent(parameter.value.as_bytes(), parameter.name.as_bytes())?;
            parameters.push(parameter);
        }
    }
    Ok(Some(parameters))
}

/// What follows the scheme, in any case: a blank, or nothing.
fn after_scheme(header: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = header.split_at_checked(b"OAuth".len())?;
    let is_alone = matches!(rest.first(), None | Some(b' ' | b'\t'));
    (scheme.eq_ignore_ascii_case(b"OAuth") && is_alone).then_some(rest)
}

struct Parser<'a> {
    len: usize,
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Result<Option<HeaderParameter<'a>>, Malformed> {
        self.rest = self.rest.trim_start_matches([' ', '\t', ',']);
        if self.rest.is_empty() {
            return Ok(None);
        }
        let end = self.rest.find([' ', '\t', '=', ',', '"']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(Malformed::EmptyName(self.len - self.rest.len()));
        }
        let value = rest.trim_start_matches([' ', '\t']).strip_prefix('=');
        let value = value.map(|value| value.trim_start_matches([' ', '\t']));
        let Some(quoted) = value.and_then(|value| value.strip_prefix('"')) else {
            return Err(Malformed::Unquoted(name.to_owned()));
        };
        let end = closing_quote(quoted, name.eq_ignore_ascii_case("realm"))
            .ok_or_else(|| Malformed::UnterminatedString(name.to_owned()))?;
        let (value, rest) = (&quoted[..end], &quoted[end + 1..]);
        self.rest = rest.trim_start_matches([' ', '\t']);
        if !self.rest.is_empty() && !self.rest.starts_with(',') {
            return Err(Malformed::ExpectedComma(self.len - self.rest.len()));
        }
        Ok(Some(HeaderParameter { name, value }))
    }
}

/// Where a quoted-string ends. Only the realm can have a `\` before a quote: other values are
/// percent-encoded, so that in them it is an octet like any other.
fn closing_quote(text: &str, has_escapes: bool) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|octet| {
        let ends = octet == b'"' && !is_escaped;
        is_escaped = has_escapes && octet == b'\\' && !is_escaped;
        ends
    })
}

/// Strict: what does not decode, two readers would read in two ways.
pub(super) fn check_percent(text: &[u8], name: &[u8]) -> Result<(), Malformed> {
    let mut percents = text.iter().enumerate().filter(|&(_, octet)| *octet == b'%');
    if percents.all(|(at, _)| escaped_octet(&text[at + 1..]).is_some()) {
        Ok(())
    } else {
        Err(Malformed::InvalidPercent(String::from_utf8_lossy(&decode(name, Coding::Percent)).into_owned()))
    }
}
