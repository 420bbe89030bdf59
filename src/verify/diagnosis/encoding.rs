//! The ways in which clients escape a text: that of RFC 5849 §3.6, and wrong ones.

use super::recipe::Encoding;
use crate::percent::is_unreserved;

/// Appends `bytes`, encoded once.
pub(super) fn encode(encoding: Encoding, bytes: &[u8], out: &mut Vec<u8>) {
    match encoding {
        Encoding::None => out.extend_from_slice(bytes),
        Encoding::Rfc => escape(bytes, out, UPPER, |_| false, false),
        Encoding::Lower => escape(bytes, out, LOWER, |_| false, false),
        Encoding::Plus => escape(bytes, out, UPPER, |_| false, true),
        Encoding::Form => form(bytes, out),
        Encoding::FormLower => {
            let kept = |byte| b"!*()-_.".contains(&byte) || byte.is_ascii_alphanumeric();
            only(bytes, out, LOWER, kept, true);
        }
        Encoding::Component => escape(bytes, out, UPPER, |byte| b"!*'()".contains(&byte), false),
        Encoding::Uri => escape(bytes, out, UPPER, |byte| b"!*'();/?:@&=+$,#".contains(&byte), false),
        Encoding::Slash => escape(bytes, out, UPPER, |byte| byte == b'/', false),
        Encoding::Tilde => only(bytes, out, UPPER, |byte| is_unreserved(byte) && byte != b'~', false),
        Encoding::Brackets => escape(bytes, out, UPPER, |byte| b"[]".contains(&byte), false),
        Encoding::Letters => letters(bytes, out),
        Encoding::Twice => {
            let mut once = Vec::with_capacity(bytes.len());
            encode(Encoding::Rfc, bytes, &mut once);
            encode(Encoding::Rfc, &once, out);
        }
    }
}

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

#[inline]
fn escape(bytes: &[u8], out: &mut Vec<u8>, digits: &[u8; 16], is_kept: impl Fn(u8) -> bool, has_plus: bool) {
    out.reserve(bytes.len());
    for &byte in bytes {
        if is_unreserved(byte) || is_kept(byte) {
            out.push(byte);
        } else if has_plus && byte == b' ' {
            out.push(b'+');
        } else {
            push_escape(byte, out, digits);
        }
    }
}

#[inline]
fn push_escape(byte: u8, out: &mut Vec<u8>, digits: &[u8; 16]) {
    out.extend_from_slice(&[b'%', digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
}

/// Appends `bytes` as `java.net.URLEncoder` and PHP's `urlencode` write them. A `*` stays.
fn form(bytes: &[u8], out: &mut Vec<u8>) {
    only(bytes, out, UPPER, |byte| byte == b'*' || is_unreserved(byte) && byte != b'~', true);
}

/// Appends `bytes`, and escapes all except those that `is_kept` accepts.
fn only(bytes: &[u8], out: &mut Vec<u8>, digits: &[u8; 16], is_kept: impl Fn(u8) -> bool, has_plus: bool) {
    for &byte in bytes {
        if is_kept(byte) {
            out.push(byte);
        } else if has_plus && byte == b' ' {
            out.push(b'+');
        } else {
            push_escape(byte, out, digits);
        }
    }
}

/// Appends `bytes` as RFC 5849 says, but keeps the Kelvin sign and the long s.
///
/// A regular expression that ignores case takes them for the letters `k` and `s`.
fn letters(mut bytes: &[u8], out: &mut Vec<u8>) {
    while let Some(first) = bytes.first() {
        let letter = ["\u{212A}", "\u{17F}"].into_iter().find(|letter| bytes.starts_with(letter.as_bytes()));
        let len = letter.map_or(1, str::len);
        match letter {
            Some(letter) => out.extend_from_slice(letter.as_bytes()),
            None => escape(&[*first], out, UPPER, |_| false, false),
        }
        bytes = &bytes[len..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_the_functions_of_other_languages_write() {
        let text = "a b~*!'()/[]:\u{e9}+%".as_bytes();
        for (encoding, expected) in [
            (Encoding::None, "a b~*!'()/[]:\u{e9}+%"),
            (Encoding::Rfc, "a%20b~%2A%21%27%28%29%2F%5B%5D%3A%C3%A9%2B%25"),
            (Encoding::Lower, "a%20b~%2a%21%27%28%29%2f%5b%5d%3a%c3%a9%2b%25"),
            // Go's url.QueryEscape
            (Encoding::Plus, "a+b~%2A%21%27%28%29%2F%5B%5D%3A%C3%A9%2B%25"),
            // Java's URLEncoder
            (Encoding::Form, "a+b%7E*%21%27%28%29%2F%5B%5D%3A%C3%A9%2B%25"),
            // .NET's HttpUtility.UrlEncode
            (Encoding::FormLower, "a+b%7e*!%27()%2f%5b%5d%3a%c3%a9%2b%25"),
            // ECMAScript's encodeURIComponent and encodeURI
            (Encoding::Component, "a%20b~*!'()%2F%5B%5D%3A%C3%A9%2B%25"),
            (Encoding::Uri, "a%20b~*!'()/%5B%5D:%C3%A9+%25"),
            // Python's quote
            (Encoding::Slash, "a%20b~%2A%21%27%28%29/%5B%5D%3A%C3%A9%2B%25"),
            (Encoding::Tilde, "a%20b%7E%2A%21%27%28%29%2F%5B%5D%3A%C3%A9%2B%25"),
            (Encoding::Brackets, "a%20b~%2A%21%27%28%29%2F[]%3A%C3%A9%2B%25"),
            (Encoding::Twice, "a%2520b~%252A%2521%2527%2528%2529%252F%255B%255D%253A%25C3%25A9%252B%2525"),
        ] {
            let mut out = Vec::new();
            encode(encoding, text, &mut out);
            assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
        }
        let mut out = Vec::new();
        encode(Encoding::Letters, "\u{212A}ks\u{17F}\u{e9}".as_bytes(), &mut out);
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "\u{212A}ks\u{17F}%C3%A9");
    }
}
