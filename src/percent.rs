//! Percent-encoding and decoding (RFC 5849 §3.6).
//!
//! > Characters in the unreserved character set as defined by \[RFC3986\], Section 2.3 (ALPHA,
//! > DIGIT, "-", ".", "_", "~") MUST NOT be encoded. All other characters MUST be encoded.
//! > The two hexadecimal characters used to represent encoded characters MUST be uppercase.
//!
//! The `percent-encoding` crate encodes whole texts. The tables in this module are for the base string and
//! the header, where `base_string/writer.rs` encodes each byte once or twice directly into its buffer.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// The escape of a byte: up to seven bytes of text, then their number in the last byte.
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

/// Returns `true` if a text needs no encoding.
#[inline]
pub(crate) fn is_all_unreserved(text: &[u8]) -> bool {
    // For a short text it is faster to stop early, for a long one to read many bytes at once.
    let (start, rest) = text.split_at(text.len().min(32));
    start.iter().all(|&byte| is_unreserved(byte))
        && rest.chunks(64).all(|chunk| {
            #[expect(
                clippy::needless_bitwise_bool,
                reason = "lazy ones keep the compiler from using vectors"
            )]
            chunk.iter().fold(true, |all, &byte| {
                let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
                let is_digit = byte.wrapping_sub(b'0') < 10;
                let is_mark = (byte == b'-') | (byte == b'.') | (byte == b'_') | (byte == b'~');
                all & (is_letter | is_digit | is_mark)
            })
        })
}

/// Returns the escapes for one round of encoding (`%` is `%25`), or for two rounds (`%` is `%2525`).
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

/// Returns the byte that the first two hexadecimal digits of `after_percent` encode.
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

/// Returns the percent-encoding of bytes, or of a text's UTF-8 bytes (RFC 5849 §3.6).
///
/// All bytes except `A-Z a-z 0-9 - . _ ~` are escaped, with upper-case hexadecimal digits. A space becomes
/// `%20`. The encodings of HTML forms and of the `url` crate are different.
///
/// # Examples
///
/// ```
/// assert_eq!(oauth1_signer::percent_encode("Ladies + Gentlemen"), "Ladies%20%2B%20Gentlemen");
/// ```
#[doc(alias = "urlencode")]
#[doc(alias = "escape")]
#[must_use]
pub fn percent_encode(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut text = String::with_capacity(encoded_len(bytes));
    push_encoded(&mut text, bytes);
    text
}

/// Appends what [`percent_encode`] returns.
///
/// If it may be a secret, `text` must have enough capacity, because a string that grows leaves a copy behind
/// that is not wiped.
pub(crate) fn push_encoded(text: &mut String, bytes: &[u8]) {
    text.extend(percent_encoding::percent_encode(bytes, RESERVED));
}

/// The characters that are encoded: all except the unreserved set.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns the escape of a byte for one round of encoding.
pub(crate) fn escape(byte: u8) -> &'static [u8] {
    let escape = &ONCE[usize::from(byte)];
    &escape[..usize::from(escape[ESCAPE - 1])]
}

/// Returns the length of what [`percent_encode`] returns.
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

    /// Tests each offset that matters in a text of several chunks.
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
        }
    }
}
