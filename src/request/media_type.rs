//! A strict reader of the media type of a form (RFC 9110 §8.3.1).
//!
//! If the signer and the server disagree on whether a body is a form, the signature does not cover the form
//! that the server reads. So this module reports each Content-Type on which servers may disagree.

/// The media type of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The kind of a Content-Type: a form, nearly a form, or not a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// A form in UTF-8, which is the default.
    Form,
    /// A form in a charset that agrees with UTF-8 on ASCII text only.
    FormInAscii,
    /// A form in any other charset.
    FormInOtherCharset,
    /// Another valid media type that starts with the text of the form's.
    ///
    /// Some servers compare only the start, and read the body as a form.
    Extended,
    /// An invalid text that starts with the form's media type, or a list that contains it.
    Unclear,
    /// Any other text.
    Other,
}

impl MediaType {
    /// Reads the value of a Content-Type header.
    ///
    /// RFC 5849 §3.4.1.3.1 asks for a header that is "set to" the form's media type. Clients add
    /// `; charset=UTF-8` on their own, and servers ignore it, so well-formed parameters are allowed.
    pub(super) fn read(value: &[u8]) -> Self {
        // A comma may join what were two headers (RFC 9110 §5.3).
        if !value.split(|&byte| byte == b',').any(begins_as_form) {
            return Self::Other;
        }
        let value = trim(value);
        let (Some(essence), Some(parameters)) = (value.get(..FORM.len()), value.get(FORM.len()..)) else {
            return Self::Unclear;
        };
        if !essence.eq_ignore_ascii_case(FORM.as_bytes()) {
            return Self::Unclear;
        }
        match (token(parameters), charset(parameters)) {
            (_, Ok(charset)) => Self::in_charset(charset),
            (Ok((_, parameters)), _) if charset(parameters).is_ok() => Self::Extended,
            _ => Self::Unclear,
        }
    }

    fn in_charset(charset: Option<&[u8]>) -> Self {
        let is_one_of = |names: &[&str]| {
            charset.is_some_and(|name| names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())))
        };
        if charset.is_none() || is_one_of(&["utf-8", "utf8"]) {
            Self::Form
        } else if is_one_of(&["us-ascii", "iso-8859-1", "windows-1252"]) {
            Self::FormInAscii
        } else {
            Self::FormInOtherCharset
        }
    }
}

/// Returns `true` if `text` starts with the form's media type, in upper or lower case.
///
/// It skips all invisible bytes at the start, because some servers do.
fn begins_as_form(text: &[u8]) -> bool {
    let start = text.iter().position(u8::is_ascii_graphic).unwrap_or(text.len());
    text[start..].get(..FORM.len()).is_some_and(|essence| essence.eq_ignore_ascii_case(FORM.as_bytes()))
}

/// The error of parameters that do not follow the grammar, or that have two charsets.
struct Malformed;

/// Returns the charset that the parameters name, without its quotes.
///
/// > parameters = *( OWS ";" OWS [ parameter ] ) (RFC 9110 §5.6.6)
fn charset(mut rest: &[u8]) -> Result<Option<&[u8]>, Malformed> {
    let mut charset = None;
    loop {
        rest = trim(rest);
        if rest.is_empty() {
            return Ok(charset);
        }
        rest = trim(rest.strip_prefix(b";").ok_or(Malformed)?);
        if rest.is_empty() || rest.starts_with(b";") {
            continue;
        }
        let (name, after) = token(rest)?;
        let (value, after) = value(after.strip_prefix(b"=").ok_or(Malformed)?)?;
        if name.eq_ignore_ascii_case(b"charset") && charset.replace(value).is_some() {
            return Err(Malformed);
        }
        rest = after;
    }
}

/// Splits a token, or a quoted string without escapes, from the start of a text.
///
/// A string with an escape is an error, because servers differ on the meaning of escapes.
fn value(text: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let Some(quoted) = text.strip_prefix(b"\"") else { return token(text) };
    let end = quoted.iter().position(|byte| matches!(byte, b'"' | b'\\')).ok_or(Malformed)?;
    if quoted[end] == b'"' { Ok((&quoted[..end], &quoted[end + 1..])) } else { Err(Malformed) }
}

fn token(text: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    match text.iter().position(|byte| !is_token(byte)).unwrap_or(text.len()) {
        0 => Err(Malformed),
        end => Ok(text.split_at(end)),
    }
}

/// Returns a text without optional white space at both ends (RFC 9110 §5.6.3).
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
