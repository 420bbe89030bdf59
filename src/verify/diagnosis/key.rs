//! The key of an HMAC (RFC 5849 §3.4.2), as a client may put it together.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::encoding::encode;
use super::recipe::{Encoding, KeyRecipe, Secret};
use crate::form::{Coding, decode};
use crate::percent::escaped_byte;

/// The secrets of a client and a token, and the identifiers that a client may confuse them with.
pub(super) struct Secrets<'s> {
    pub(super) client: &'s str,
    /// The token secret, or an empty text if the request has no token or the token is unknown.
    pub(super) token: &'s str,
    pub(super) client_key: &'s str,
    pub(super) token_key: &'s str,
}

impl Secrets<'_> {
    /// Returns the key, or `None` if the recipe does not fit the secrets.
    pub(super) fn key(&self, recipe: KeyRecipe) -> Option<Zeroizing<Vec<u8>>> {
        let client = self.secret(recipe.client, self.client, self.client_key)?;
        let token = self.secret(recipe.token, self.token, self.token_key)?;
        let (first, second) = if recipe.is_swapped { (&token, &client) } else { (&client, &token) };
        // The buffer is large enough from the start: if it grew, it would leave a copy that is not wiped.
        let mut key = Zeroizing::new(Vec::with_capacity(9 * (first.len() + second.len()) + 1));
        encode(recipe.encoding, first, &mut key);
        if !recipe.has_no_ampersand {
            key.push(b'&');
        }
        encode(recipe.encoding, second, &mut key);
        Some(key)
    }

    fn secret(&self, form: Secret, secret: &str, identifier: &str) -> Option<Zeroizing<Vec<u8>>> {
        let text = secret.as_bytes();
        let decoded = |is_one: bool, coding| is_one.then(|| decode(text, coding));
        let around = |before: &str, after: &str| Some([before.as_bytes(), text, after.as_bytes()].concat());
        let bytes = match form {
            Secret::AsIs => Some(text.to_vec()),
            Secret::Missing => Some(Vec::new()),
            Secret::OfClient => Some(self.client.as_bytes().to_vec()),
            Secret::Identifier => Some(identifier.as_bytes().to_vec()),
            Secret::LineFeed => around("", "\n"),
            Secret::Crlf => around("", "\r\n"),
            Secret::SpaceAfter => around("", " "),
            Secret::SpaceBefore => around(" ", ""),
            Secret::Tab => around("", "\t"),
            Secret::Trimmed => Some(text.trim_ascii().to_vec()),
            Secret::Quoted => around("\"", "\""),
            Secret::FromBase64 => from_base64(text),
            Secret::FromHex => from_hex(text),
            Secret::FromEscapes => decoded(text.contains(&b'%'), Coding::Percent),
            Secret::FromForm => decoded(text.contains(&b'+'), Coding::Form),
            Secret::Encoded => Some(encoded(Encoding::Rfc, text)),
            Secret::EncodedAsForm => Some(encoded(Encoding::Form, text)),
        };
        bytes.map(Zeroizing::new)
    }
}

fn encoded(encoding: Encoding, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(3 * text.len());
    encode(encoding, text, &mut out);
    out
}

fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    if text.is_empty() {
        return None;
    }
    let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
    engines.into_iter().find_map(|engine| engine.decode(text).ok())
}

/// Decodes hexadecimal digits, in either case.
pub(super) fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_chunks::<2>();
    if text.is_empty() || !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|pair| escaped_byte(pair)).collect()
}
