//! The signature that was sent, decoded from any form in which a client may send it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::key::from_hex;
use super::mistake::Mistake;
use crate::form::{Coding, decode};

/// The bytes of a signature, and the mistake in the form in which it was sent.
pub(super) struct Target {
    pub(super) bytes: Vec<u8>,
    pub(super) form: Option<Mistake>,
}

/// One way to read a signature.
type Read<'t> = dyn Fn() -> Option<Vec<u8>> + 't;

/// Returns the bytes of a signature that `fits` accepts. The right form is tried first.
pub(super) fn of(text: &[u8], fits: impl Fn(&[u8]) -> bool) -> Option<Target> {
    let base64 = |text: &[u8]| STANDARD.decode(text).ok();
    let without_space: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let with_plus: Vec<u8> = text.iter().map(|&byte| if byte == b' ' { b'+' } else { byte }).collect();
    let hex_in_base64 = || from_hex(&base64(text)?);
    let candidates: [(Option<Mistake>, &Read<'_>); 10] = [
        (None, &|| base64(text)),
        (Some(Mistake::SignatureNotEncoded), &|| base64(&with_plus)),
        (Some(Mistake::SignaturePadding), &|| STANDARD_NO_PAD.decode(text).ok()),
        (Some(Mistake::SignatureBase64Url), &|| URL_SAFE.decode(text).ok()),
        (Some(Mistake::SignatureBase64Url), &|| URL_SAFE_NO_PAD.decode(text).ok()),
        (Some(Mistake::SignatureEncodedTwice), &|| base64(&decode(text, Coding::Percent))),
        (Some(Mistake::SignatureWhiteSpace), &|| base64(&without_space)),
        (Some(Mistake::SignatureInHex), &|| from_hex(text)),
        (Some(Mistake::SignatureInHex), &hex_in_base64),
        (Some(Mistake::SignatureNotBase64), &|| Some(raw(text))),
    ];
    let mut found = candidates.into_iter().filter_map(|(form, read)| Some(Target { bytes: read()?, form }));
    found.find(|target| fits(&target.bytes)).or_else(|| {
        let bytes = text.to_vec();
        fits(&bytes).then_some(Target { bytes, form: Some(Mistake::SignatureNotBase64) })
    })
}

/// Decodes bytes that were taken for Latin-1 and sent as UTF-8.
fn raw(text: &[u8]) -> Vec<u8> {
    let chars = std::str::from_utf8(text).unwrap_or_default().chars();
    let latin: Option<Vec<u8>> = chars.map(|c| u8::try_from(u32::from(c)).ok()).collect();
    latin.unwrap_or_default()
}
