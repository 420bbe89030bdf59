//! The order of parameters in a base string (RFC 5849 §3.4.1.3.2).
//!
//! > 2. The parameters are sorted by name, using ascending byte value ordering. If two or more
//! >    parameters share the same name, they are sorted by their value.
//!
//! This is the order of the *encoded* texts, but it can be computed without encoding them. Every escape
//! starts with `%`, which is less than any unreserved character. Upper-case hexadecimal digits keep the order
//! of the bytes that they encode. So all reserved bytes come first, then all unreserved ones, each in the
//! order of the bytes. The position of a byte in this order is its rank.

use std::cmp::Ordering;

use memchr::memchr;

use crate::form::{Coding, Decoded};
use crate::percent::{escape, is_unreserved};

/// Compares two texts by their encoded forms.
pub(crate) fn compare(one: Decoded<'_>, other: Decoded<'_>) -> Ordering {
    one.map(rank).cmp(other.map(rank))
}

fn rank(byte: u8) -> u8 {
    RANKS[usize::from(byte)]
}

/// The rank of each byte.
static RANKS: [u8; 256] = {
    let mut ranks = [0; 256];
    let (mut byte, mut reserved, mut unreserved) = (0, 0, NUMBER_OF_RESERVED);
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let next = if is_unreserved(byte as u8) { &mut unreserved } else { &mut reserved };
        ranks[byte] = *next;
        *next = next.wrapping_add(1);
        byte += 1;
    }
    ranks
};

/// The number of bytes that are not unreserved: all except 62 letters and digits, and four signs.
const NUMBER_OF_RESERVED: u8 = 190;

/// Appends the ranks of a text's bytes; two such texts compare as the encoded ones do.
///
/// This is faster if long texts are compared many times, because each text is decoded once instead of once
/// for each comparison.
pub(crate) fn append_ranks(text: &Decoded<'_>, ranks: &mut Vec<u8>) {
    let &Decoded { rest, coding } = text;
    if coding.is_literal() || memchr(b'%', rest).is_none() {
        let is_form = coding == Coding::Form;
        ranks.extend(rest.iter().map(|&byte| rank(if is_form && byte == b'+' { b' ' } else { byte })));
        return;
    }
    // A decoded text is never longer than the encoded one.
    let start = ranks.len();
    ranks.resize(start + rest.len(), 0);
    let mut len = 0;
    for (place, byte) in ranks[start..].iter_mut().zip(text.clone()) {
        *place = rank(byte);
        len += 1;
    }
    ranks.truncate(start + len);
}

/// The first eight bytes of the encoded text, as a number.
///
/// Unequal keys have the order of their texts. If two keys are equal, the texts must be compared.
pub(crate) type Key = u64;

/// Returns the key of a text that needs no encoding.
#[inline]
pub(crate) fn plain_key(text: &[u8]) -> Key {
    if let Some(start) = text.first_chunk() {
        return Key::from_be_bytes(*start);
    }
    let mut start = [0; 8];
    for (place, &byte) in start.iter_mut().zip(text) {
        *place = byte;
    }
    Key::from_be_bytes(start)
}

/// Returns the key of any text.
pub(crate) fn key(bytes: Decoded<'_>) -> Key {
    let mut start = [0; 8];
    let encoded = bytes.take(8).flat_map(|byte| escape(byte).iter().copied());
    for (place, byte) in start.iter_mut().zip(encoded) {
        *place = byte;
    }
    Key::from_be_bytes(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::percent::percent_encode;

    /// Compares each pair of these texts, and their encoded forms as the reference.
    #[test]
    fn is_the_order_of_the_encoded_texts() {
        let mut texts: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
        for text in [
            "",
            "a",
            "a1",
            "a-",
            "a%",
            "a!",
            "a[0]",
            "a[00]",
            "long name 1",
            "long name 2",
            "long%name",
            "caf\u{e9}",
            "a\0",
            "a\0b",
        ] {
            texts.push(text.as_bytes().to_vec());
        }
        for one in &texts {
            for other in &texts {
                let bytes = |text: &'static [u8]| Decoded::new(text, Coding::Plain);
                let (a, b) = (one.clone().leak(), other.clone().leak());
                let expected = percent_encode(one).cmp(&percent_encode(other));
                assert_eq!(compare(bytes(a), bytes(b)), expected);
                let keys = key(bytes(a)).cmp(&key(bytes(b)));
                assert!(keys == expected || keys == Ordering::Equal, "{one:?} {other:?}");
                let ranks = |text| {
                    let mut ranks = Vec::new();
                    append_ranks(&bytes(text), &mut ranks);
                    ranks
                };
                assert_eq!(ranks(a).cmp(&ranks(b)), expected);
                if one.iter().all(|&byte| is_unreserved(byte)) {
                    assert_eq!(plain_key(one), key(bytes(a)));
                }
            }
        }
    }

    #[test]
    fn ranks_are_of_the_decoded_text() {
        let ranks = |text: &[u8], coding| {
            let mut ranks = vec![1];
            append_ranks(&Decoded::new(text, coding), &mut ranks);
            ranks
        };
        assert_eq!(ranks(b"a+b", Coding::Form), ranks(b"a b", Coding::Plain));
        assert_eq!(ranks(b"a+b", Coding::Percent), ranks(b"a+b", Coding::Plain));
        for (text, coding) in [
            (&b"a+b%21%zz"[..], Coding::Form),
            (b"a%20b%21%25zz", Coding::Percent),
            (b"a+b!%25zz", Coding::Form),
        ] {
            assert_eq!(ranks(text, coding), ranks(b"a b!%zz", Coding::Plain));
        }
    }
}
