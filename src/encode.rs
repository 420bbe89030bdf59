//! RFC 5849 §3.6: percent-encoding, and the writer that every base string goes through.
//!
//! > Characters in the unreserved character set as defined by \[RFC3986\], Section 2.3 (ALPHA,
//! > DIGIT, "-", ".", "_", "~") MUST NOT be encoded. All other characters MUST be encoded.
//! > The two hexadecimal characters used to represent encoded characters MUST be uppercase.
//!
//! This is the hot path of the crate, hence tables and a fixed buffer instead of the
//! `percent-encoding` crate: a byte costs one table load and one fixed-size store, whether it
//! is escaped or not, and the MAC sees few large updates instead of many small ones.

/// An octet escaped: up to seven octets of text, and in the last place how many count.
type Escape = [u8; ESCAPE];
const ESCAPE: usize = 8;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

#[inline]
pub(crate) fn is_unreserved(octet: u8) -> bool {
    UNRESERVED[octet as usize]
}

static UNRESERVED: [bool; 256] = {
    let mut unreserved = [false; 256];
    let mut octet = 0;
    while octet < 128 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 128")]
        let is_alphanumeric = (octet as u8).is_ascii_alphanumeric();
        unreserved[octet] = is_alphanumeric;
        octet += 1;
    }
    unreserved[b'-' as usize] = true;
    unreserved[b'.' as usize] = true;
    unreserved[b'_' as usize] = true;
    unreserved[b'~' as usize] = true;
    unreserved
};

/// Escapes for one round of encoding (`%` is `%25`), or for two in one go (`%` is `%2525`).
const fn escapes(rounds: u8) -> [Escape; 256] {
    let mut table = [[0; ESCAPE]; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "byte is below 256")]
        let octet = byte as u8;
        let (high, low) = (HEX[byte >> 4], HEX[byte & 15]);
        table[byte] = match (UNRESERVED[byte], rounds) {
            (true, _) => [octet, 0, 0, 0, 0, 0, 0, 1],
            (false, 1) => [b'%', high, low, 0, 0, 0, 0, 3],
            (false, _) => [b'%', b'2', b'5', high, low, 0, 0, 5],
        };
        byte += 1;
    }
    table
}

static ONCE: [Escape; 256] = escapes(1);
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
    let once = escapes(1);
    let mut table = [[0; ESCAPE]; 64];
    let mut value = 0;
    while value < 64 {
        table[value] = once[digits[value] as usize];
        value += 1;
    }
    table
};

/// How the octets of a parameter are written where the caller holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Octets as they are meant.
    Plain,
    /// `application/x-www-form-urlencoded`: `+` is a space, `%HH` an octet (§3.4.1.3.1). A `%`
    /// without two hexadecimal digits stands for itself: those octets are sent, so they are signed.
    Form,
}

/// The octets that `text` means, decoded exactly once.
#[derive(Clone)]
pub(crate) struct Octets<'a> {
    rest: &'a [u8],
    coding: Coding,
}

impl<'a> Octets<'a> {
    #[inline]
    pub(crate) fn new(text: &'a [u8], coding: Coding) -> Self {
        Self { rest: text, coding }
    }
}

impl Iterator for Octets<'_> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        if first == b'%'
            && self.coding == Coding::Form
            && let Some(octet) = escaped_octet(rest)
        {
            self.rest = &rest[2..];
            return Some(octet);
        }
        Some(if first == b'+' && self.coding == Coding::Form { b' ' } else { first })
    }
}

/// The octet whose two hexadecimal digits `after_percent` starts with.
#[inline]
pub(crate) fn escaped_octet(after_percent: &[u8]) -> Option<u8> {
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

/// Percent-encodes octets as RFC 5849 §3.6 wants it. Text goes in as its UTF-8 octets.
///
/// Not the encoding of HTML forms, nor what `url` does: everything but `A-Z a-z 0-9 - . _ ~`
/// is escaped, with upper-case digits, and a space is `%20`.
///
/// ```
/// assert_eq!(oauth1_signer::percent_encode("Ladies + Gentlemen"), "Ladies%20%2B%20Gentlemen");
/// ```
#[must_use]
pub fn percent_encode(octets: impl AsRef<[u8]>) -> String {
    let octets = octets.as_ref();
    let mut text = String::with_capacity(encoded_len(octets));
    push_encoded(&mut text, octets);
    text
}

/// Appends what [`percent_encode`] returns.
pub(crate) fn push_encoded(text: &mut String, octets: &[u8]) {
    for &octet in octets {
        text.extend(escape(octet).iter().map(|&byte| char::from(byte)));
    }
}

/// An octet, encoded once.
pub(crate) fn escape(octet: u8) -> &'static [u8] {
    let escape = &ONCE[usize::from(octet)];
    &escape[..usize::from(escape[ESCAPE - 1])]
}

/// How long [`percent_encode`]'s answer is.
fn encoded_len(octets: &[u8]) -> usize {
    octets.iter().map(|&octet| if is_unreserved(octet) { 1 } else { 3 }).sum()
}

/// Where the text of a base string goes: into a MAC, a digest, a `Vec`.
pub(crate) trait Sink {
    fn absorb(&mut self, text: &[u8]);
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

    /// Shows the sink something that is no text.
    #[inline]
    pub(crate) fn witness(&mut self, show: impl FnOnce(&mut S)) {
        show(self.sink);
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

    /// The first `len` octets of `text`: a store of fixed size, where `text` often differs in length.
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

    /// Octets, encoded once.
    #[inline]
    pub(crate) fn once(&mut self, octets: impl IntoIterator<Item = u8>) {
        self.escaped(&ONCE, octets);
    }

    /// Octets, encoded twice: a parameter inside the base string (§3.4.1.1, §3.4.1.3.2).
    #[inline]
    pub(crate) fn twice(&mut self, octets: &Octets<'_>) {
        match octets.coding {
            Coding::Plain => self.escaped(&TWICE, octets.rest.iter().copied()),
            Coding::Form => self.twice_from_form(octets.rest),
        }
    }

    #[inline]
    fn escaped(&mut self, table: &[Escape; 256], octets: impl IntoIterator<Item = u8>) {
        let mut len = self.len;
        for octet in octets {
            len = self.push(len, table[usize::from(octet)]);
        }
        self.len = len;
    }

    /// Octets in base64, encoded once: two steps in one, since each signature needs both.
    #[inline]
    pub(crate) fn base64(&mut self, octets: &[u8]) {
        let (groups, rest) = octets.as_chunks::<3>();
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

    /// The first `N` digits of three octets.
    #[inline]
    fn base64_digits<const N: usize>(&mut self, [one, two, three]: [u8; 3]) {
        let bits = u32::from_be_bytes([0, one, two, three]);
        let mut len = self.len;
        for place in 0..N {
            len = self.push(len, BASE64[(bits >> (18 - 6 * place)) as usize & 63]);
        }
        self.len = len;
    }

    /// The hot loop of requests with many escapes: decoding and encoding in one.
    fn twice_from_form(&mut self, mut rest: &[u8]) {
        let mut len = self.len;
        while let Some((&first, after)) = rest.split_first() {
            rest = after;
            let mut escape = TWICE_FROM_FORM[usize::from(first)];
            if first == b'%'
                && let Some(octet) = escaped_octet(after)
            {
                rest = &after[2..];
                escape = TWICE[usize::from(octet)];
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
        // Always eight octets, of which only the first few count: a store of fixed size.
        self.buffer[len..len + ESCAPE].copy_from_slice(&escape);
        len + usize::from(escape[ESCAPE - 1])
    }
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

    #[test]
    fn twice_is_once_and_once_again_across_the_buffer_edge() {
        let octets: Vec<u8> = (0..=255).cycle().take(3 * BUFFER + 17).collect();
        let mut text = Vec::new();
        let mut writer = Writer::new(&mut text);
        writer.twice(&Octets::new(&octets, Coding::Plain));
        writer.text(&vec![b'x'; BUFFER + 1]);
        writer.once(octets.iter().copied());
        writer.finish();
        let expected =
            percent_encode(percent_encode(&octets)) + &"x".repeat(BUFFER + 1) + &percent_encode(&octets);
        assert_eq!(String::from_utf8(text).expect("ASCII"), expected);
    }

    #[test]
    fn base64_is_that_of_the_library_encoded_once() {
        use base64::Engine;
        let octets: Vec<u8> = (0..=255).rev().collect();
        for len in 0..octets.len() {
            let mut text = Vec::new();
            let mut writer = Writer::new(&mut text);
            writer.base64(&octets[..len]);
            writer.finish();
            let expected = percent_encode(base64::engine::general_purpose::STANDARD.encode(&octets[..len]));
            assert_eq!(String::from_utf8(text).expect("ASCII"), expected);
        }
    }

    #[test]
    fn decodes_forms_once_and_leaves_what_is_no_escape() {
        let decode = |text: &str| Octets::new(text.as_bytes(), Coding::Form).collect::<Vec<u8>>();
        assert_eq!(decode("a+b%20c%2Bd"), b"a b c+d");
        assert_eq!(decode("%2520"), b"%20");
        assert_eq!(decode("%zz%4%"), b"%zz%4%");
        assert_eq!(decode("%ff%C3%a9"), b"\xFF\xC3\xA9");
        assert!(Octets::new(b"a+%20", Coding::Plain).eq(*b"a+%20"));
    }
}
