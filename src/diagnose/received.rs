//! The response: the parts of it that the diagnosis reads.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};

use crate::form::{Coding, decode, decode_form};
use crate::problem::{challenge_fields, date, is_form};

use super::json;

/// The maximum number of bytes of a response's body that a diagnosis reads.
pub const MAX_BODY_LEN: usize = 64 * 1024;

/// A response that was read.
pub(super) struct Received<'r> {
    pub(super) status: StatusCode,
    pub(super) headers: &'r HeaderMap,
    /// The start of the body, as text.
    pub(super) text: String,
    /// The pairs of a form body, decoded.
    pub(super) form: Vec<(String, String)>,
    /// The parameters of OAuth challenges, decoded.
    pub(super) challenge: Vec<(String, String)>,
    /// The members of a JSON body.
    pub(super) json: Vec<(String, String)>,
    pub(super) is_compressed: bool,
}

impl<'r> Received<'r> {
    pub(super) fn read(status: StatusCode, headers: &'r HeaderMap, body: &[u8]) -> Self {
        let body = &body[..body.len().min(MAX_BODY_LEN)];
        let is_compressed = is_compressed(headers, body);
        let body = if is_compressed { &[] } else { body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body) };
        let body = body.trim_ascii();
        let text = String::from_utf8_lossy(body).into_owned();
        let form = if is_form(body) {
            decode_form(body).take(MOST_PAIRS).map(|(name, value)| (lossy(&name), lossy(&value))).collect()
        } else {
            Vec::new()
        };
        let json = if text.starts_with(['{', '[']) { json::members(&text) } else { Vec::new() };
        let challenge = challenge_fields(headers);
        Self { status, headers, text, form, challenge, json, is_compressed }
    }

    /// Returns the server's time, in seconds since the Unix epoch.
    pub(super) fn date(&self) -> Option<u64> {
        date(self.headers)
    }

    /// Returns the URL that the response redirects to.
    pub(super) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION).and_then(|value| value.to_str().ok())
    }

    /// Returns the values of a name in form, challenge and JSON.
    pub(super) fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let all = self.form.iter().chain(&self.challenge).chain(&self.json);
        all.filter(move |(present, _)| present == name).map(|(_, value)| value.as_str())
    }

    /// Returns sentences for a person: the messages of a JSON body, or the whole of a short text.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 9] = [
            "oauth_problem_advice",
            "error_description",
            "description",
            "Description",
            "message",
            "msg",
            "info",
            "detail",
            "title",
        ];
        let all = self.form.iter().chain(&self.challenge).chain(&self.json);
        let named = all.filter(|(name, _)| NAMES.contains(&name.as_str())).map(|(_, value)| value.as_str());
        named.chain(self.plain_text())
    }

    /// Returns a short text that is neither JSON nor a page.
    pub(super) fn plain_text(&self) -> Option<&str> {
        let is_other = ["html", "json", "xml"].iter().any(|kind| self.media_type().contains(kind));
        let is_page = self.text.starts_with(['<', '{', '[']);
        Some(self.text.as_str())
            .filter(|text| !text.is_empty() && text.len() <= 1024 && !is_page && !is_other)
    }

    fn media_type(&self) -> String {
        let media_type = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        media_type.unwrap_or_default().to_ascii_lowercase()
    }
}

/// The maximum number of pairs to read. No error response has more that matter.
const MOST_PAIRS: usize = 256;

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Decodes one round of percent-encoding, and keeps `+`.
pub(super) fn percent_decoded(text: &str) -> String {
    lossy(&decode(text.as_bytes(), Coding::Percent))
}

fn is_compressed(headers: &HeaderMap, body: &[u8]) -> bool {
    let encoding = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let is_declared = encoding.is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity"));
    // Many clients decompress a body and leave the header as it was.
    let is_binary = body.iter().take(64).any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace());
    is_declared && is_binary || body.starts_with(b"\x1F\x8B")
}
