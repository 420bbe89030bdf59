//! The writer that every base string and every header goes through.
//!
//! A small buffer of fixed size stands in front of where the text goes. A byte costs one load from a
//! table and one store of fixed size, whether it is escaped or not, and a MAC sees few large updates
//! instead of many small ones: `benches/sign.rs` has what that comes to.
//! The crate `percent-encoding`, twice over the values of 200 parameters alone, takes about three times as
//! long as all of their base string, which is decoded, sorted and encoded here (2.9 to 3.3 times in two runs
//! of the bench "encoding 200 values twice").

use crate::form::{Coding, Decoded};
use crate::parameter::ParameterSource;
use crate::percent::{ESCAPE, Escape, ONCE, escaped_byte, escapes, is_unreserved};

/// Where the text of a base string goes: into a MAC, a digest, a `Vec`.
pub(crate) trait Sink {
    fn absorb(&mut self, text: &[u8]);

    /// Tells where the next `count` parameters come from. A MAC has no use for it.
    #[inline]
    fn parameters(&mut self, _source: ParameterSource, _count: usize) {}
}

impl Sink for Vec<u8> {
    fn absorb(&mut self, text: &[u8]) {
        self.extend_from_slice(text);
    }
}

/// Nothing is kept: for PLAINTEXT, where a request is checked but no base string is needed.
pub(crate) struct Discard;

impl Sink for Discard {
    fn absorb(&mut self, _: &[u8]) {}
}

/// Large enough for the base string of a typical request: one update of the MAC.
const BUFFER: usize = 512;

/// Collects text in a small buffer in front of a [`Sink`].
pub(crate) struct Writer<'s, S: Sink> {
    sink: &'s mut S,
    buffer: [u8; BUFFER],
    len: usize,
    is_whole: bool,
}

impl<'s, S: Sink> Writer<'s, S> {
    pub(crate) fn new(sink: &'s mut S) -> Self {
        Self { sink, buffer: [0; BUFFER], len: 0, is_whole: true }
    }

    /// Tells the sink where the next `count` parameters come from.
    #[inline]
    pub(crate) fn parameters(&mut self, source: ParameterSource, count: usize) {
        self.sink.parameters(source, count);
    }

    /// Hands the rest over. What is not finished is lost.
    #[inline]
    pub(crate) fn finish(mut self) {
        self.flush();
    }

    /// Looks at all of the text, where none had to be handed over yet.
    #[inline]
    pub(crate) fn whole<T>(&self, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        self.is_whole.then(|| look(&self.buffer[..self.len]))
    }

    #[cold]
    fn flush(&mut self) {
        self.sink.absorb(&self.buffer[..self.len]);
        self.len = 0;
        self.is_whole = false;
    }

    /// Text that needs no encoding any more.
    #[inline]
    pub(crate) fn text(&mut self, text: &[u8]) {
        match self.buffer.get_mut(self.len..self.len + text.len()) {
            Some(place) => {
                place.copy_from_slice(text);
                self.len += text.len();
            }
            None => self.spill(text),
        }
    }

    /// The first `len` bytes of `text`: a store of fixed size, where `text` often differs in length.
    #[inline]
    pub(crate) fn start_of<const N: usize>(&mut self, text: &[u8; N], len: usize) {
        match self.buffer.get_mut(self.len..self.len + N) {
            Some(place) if len <= N => {
                place.copy_from_slice(text);
                self.len += len;
            }
            _ => self.spill(&text[..len]),
        }
    }

    #[cold]
    fn spill(&mut self, text: &[u8]) {
        self.flush();
        self.sink.absorb(text);
    }

    /// Writes bytes, encoded once.
    #[inline]
    pub(crate) fn once(&mut self, bytes: impl IntoIterator<Item = u8>) {
        self.escaped(&ONCE, bytes);
    }

    /// Writes bytes, encoded twice: a parameter inside the base string (§3.4.1.1, §3.4.1.3.2).
    #[inline]
    pub(crate) fn twice(&mut self, bytes: &Decoded<'_>) {
        match bytes.coding {
            Coding::Plain => self.twice_plain(bytes.rest),
            Coding::Form => self.twice_decoded(bytes.rest, &TWICE_FROM_FORM),
            Coding::Percent => self.twice_decoded(bytes.rest, &TWICE),
        }
    }

    #[inline]
    fn escaped(&mut self, table: &[Escape; 256], bytes: impl IntoIterator<Item = u8>) {
        let mut len = self.len;
        for byte in bytes {
            len = self.push(len, table[usize::from(byte)]);
        }
        self.len = len;
    }

    /// Writes bytes in base64, encoded once: two steps in one, since each signature needs both.
    #[inline]
    pub(crate) fn base64(&mut self, bytes: &[u8]) {
        let (groups, rest) = bytes.as_chunks::<3>();
        for group in groups {
            self.base64_digits::<4>(*group);
        }
        match *rest {
            [one] => {
                self.base64_digits::<2>([one, 0, 0]);
                self.text(b"%3D%3D");
            }
            [one, two] => {
                self.base64_digits::<3>([one, two, 0]);
                self.text(b"%3D");
            }
            _ => {}
        }
    }

    /// The first `N` digits of three bytes.
    #[inline]
    fn base64_digits<const N: usize>(&mut self, [one, two, three]: [u8; 3]) {
        let bits = u32::from_be_bytes([0, one, two, three]);
        let mut len = self.len;
        for place in 0..N {
            len = self.push(len, BASE64[(bits >> (18 - 6 * place)) as usize & 63]);
        }
        self.len = len;
    }

    /// What needs no encoding goes in one piece: nearly always that is all.
    #[inline]
    fn twice_plain(&mut self, bytes: &[u8]) {
        let is_reserved = |&byte: &u8| !is_unreserved(byte);
        let (plain, rest) = bytes.split_at(bytes.iter().position(is_reserved).unwrap_or(bytes.len()));
        self.text(plain);
        self.escaped(&TWICE, rest.iter().copied());
    }

    /// The hot loop of requests with many escapes: decoding and encoding in one.
    fn twice_decoded(&mut self, mut rest: &[u8], as_it_stands: &[Escape; 256]) {
        let mut len = self.len;
        while let Some((&first, after)) = rest.split_first() {
            rest = after;
            let mut escape = as_it_stands[usize::from(first)];
            if first == b'%'
                && let Some(byte) = escaped_byte(after)
            {
                rest = &after[2..];
                escape = TWICE[usize::from(byte)];
            }
            len = self.push(len, escape);
        }
        self.len = len;
    }

    /// Puts an escape at `len`, and answers where it ends.
    #[inline]
    fn push(&mut self, mut len: usize, escape: Escape) -> usize {
        if len > BUFFER - ESCAPE {
            self.len = len;
            self.flush();
            len = 0;
        }
        // Always eight bytes, of which only the first few count: a store of fixed size.
        self.buffer[len..len + ESCAPE].copy_from_slice(&escape);
        len + usize::from(escape[ESCAPE - 1])
    }
}

/// Both rounds of encoding in one.
static TWICE: [Escape; 256] = escapes(2);
/// [`TWICE`] for what a form has, where `+` is a space.
static TWICE_FROM_FORM: [Escape; 256] = {
    let mut table = escapes(2);
    table[b'+' as usize] = table[b' ' as usize];
    table
};

/// The digits of base64 (RFC 4648 §4), encoded once.
static BASE64: [Escape; 64] = {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [[0; ESCAPE]; 64];
    let mut value = 0;
    while value < 64 {
        table[value] = ONCE[digits[value] as usize];
        value += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::percent::percent_encode;

    #[test]
    fn twice_is_once_and_once_again_across_the_buffer_edge() {
        let bytes: Vec<u8> = (0..=255).cycle().take(3 * BUFFER + 17).collect();
        let mut text = Vec::new();
        let mut writer = Writer::new(&mut text);
        writer.twice(&Decoded::new(&bytes, Coding::Plain));
        writer.text(&vec![b'x'; BUFFER + 1]);
        writer.once(bytes.iter().copied());
        writer.finish();
        let expected =
            percent_encode(percent_encode(&bytes)) + &"x".repeat(BUFFER + 1) + &percent_encode(&bytes);
        assert_eq!(String::from_utf8(text).expect("ASCII"), expected);
    }

    #[test]
    fn base64_is_that_of_the_library_encoded_once() {
        use base64::Engine;
        let bytes: Vec<u8> = (0..=255).rev().collect();
        for len in 0..bytes.len() {
            let mut text = Vec::new();
            let mut writer = Writer::new(&mut text);
            writer.base64(&bytes[..len]);
            writer.finish();
            let expected = percent_encode(base64::engine::general_purpose::STANDARD.encode(&bytes[..len]));
            assert_eq!(String::from_utf8(text).expect("ASCII"), expected);
        }
    }
}
