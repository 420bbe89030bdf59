//! Reads text from the request as a client may read it.

use std::borrow::Cow;

use crate::form::{Coding, Decoded, decode, decode_borrowed};
use crate::parameter::ParameterSource;
use crate::verify::diagnosis::recipe::{Reading, Text};

pub(super) fn read<'c>(
    wire: &'c [u8],
    decoded: &Cow<'c, [u8]>,
    reading: Reading,
    is_prefixed: bool,
) -> Cow<'c, [u8]> {
    match reading {
        Reading::AsSent | Reading::AsSentUnencoded => Cow::Borrowed(wire),
        Reading::PlusKept => decode_borrowed(&Decoded::new(wire, Coding::Percent)),
        Reading::Twice => Cow::Owned(decode(decoded, Coding::Percent)),
        Reading::TwiceInProtocol if is_prefixed => Cow::Owned(decode(decoded, Coding::Percent)),
        Reading::Decoded | Reading::TwiceInProtocol => decoded.clone(),
    }
}

pub(super) fn transform(bytes: Cow<'_, [u8]>, text: Text, source: ParameterSource) -> Cow<'_, [u8]> {
    if text == Text::AsIs {
        return bytes;
    }
    let is_ascii = || bytes.is_ascii();
    match text {
        Text::Utf8TwiceInQuery if source != ParameterSource::Query => bytes,
        Text::Utf8Twice | Text::Utf8TwiceInQuery if !is_ascii() => {
            Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes())
        }
        Text::Latin1 if !is_ascii() => match std::str::from_utf8(&bytes) {
            Ok(text) => {
                let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
                latin.map_or(bytes.clone(), Cow::Owned)
            }
            Err(_) => bytes,
        },
        Text::Replaced if !is_ascii() => {
            Cow::Owned(String::from_utf8_lossy(&bytes).into_owned().into_bytes())
        }
        Text::ReplacedRuns if !is_ascii() => {
            let mut text = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                if !chunk.invalid().is_empty() && !text.ends_with('\u{FFFD}') {
                    text.push('\u{FFFD}');
                }
            }
            Cow::Owned(text.into_bytes())
        }
        Text::QuestionMarks if !is_ascii() => {
            let text = String::from_utf8_lossy(&bytes);
            Cow::Owned(
                text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect::<String>().into_bytes(),
            )
        }
        Text::Crlf if bytes.contains(&b'\n') => Cow::Owned(with_crlf(&bytes)),
        Text::Lf if bytes.contains(&b'\r') => Cow::Owned(without_cr(&bytes)),
        Text::Trimmed => match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(bytes.trim_ascii()),
            Cow::Owned(bytes) => Cow::Owned(bytes.trim_ascii().to_vec()),
        },
        _ => bytes,
    }
}

/// Writes every line break as CR LF.
pub(in crate::verify::diagnosis) fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    for byte in without_cr(bytes) {
        if byte == b'\n' {
            out.push(b'\r');
        }
        out.push(byte);
    }
    out
}

/// Writes every line break as LF.
pub(in crate::verify::diagnosis) fn without_cr(bytes: &[u8]) -> Vec<u8> {
    let is_part = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    (0..bytes.len()).filter(|&at| !is_part(at)).map(|at| bytes[at]).collect()
}
