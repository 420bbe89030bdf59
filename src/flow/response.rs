//! RFC 5849 §2.1, §2.3: what a provider answers.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

use crate::form::decode_form;
use crate::problem::{Problem, date, is_form};

use super::fields::ResponseFields;

/// An answer with credentials is never longer, in bytes: whoever reads one from the wire can stop there.
pub const MAX_RESPONSE_LEN: usize = 64 * 1024;

/// Why an answer brought no credentials. Nothing of its body is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The body is longer than [`MAX_RESPONSE_LEN`].
    #[error(
        "the answer is longer than {MAX_RESPONSE_LEN} bytes, so it is not from this endpoint: check its URL"
    )]
    TooLarge,
    /// The body is shorter than its Content-Length says.
    #[error("the answer was cut off: ask again")]
    Truncated,
    /// The provider sends the client elsewhere. A signature holds for one URL, so nothing follows.
    #[error("the provider redirects ({status}): use the URL that it redirects to, if you trust it")]
    UnexpectedRedirect {
        /// The status.
        status: StatusCode,
    },
    /// The provider says what is wrong.
    #[error(transparent)]
    Problem(Box<Problem>),
    /// The status is not 2xx, and there is no more to know.
    #[error("the provider answered {status}: check the endpoint's URL, the credentials and the clock")]
    Status {
        /// The status.
        status: StatusCode,
        /// The Date header, in seconds since the Unix epoch.
        date: Option<u64>,
    },
    /// The body is compressed.
    #[error("the answer is compressed: let the client decode it, or send no Accept-Encoding")]
    UnexpectedEncoding,
    /// The body is not in a charset that ASCII is part of.
    #[error("the answer is in a charset that is not supported: it must be UTF-8")]
    UnsupportedCharset,
    /// There is no body.
    #[error("the answer is empty: check the endpoint's URL")]
    Empty,
    /// The body is a page or JSON, not a form.
    #[error("the answer is not form-encoded (a page or JSON?): check the endpoint's URL")]
    UnexpectedContentType,
    /// A field is not there.
    #[error("the answer has no {0}")]
    Missing(&'static str),
    /// A field is empty.
    #[error("the answer's {0} is empty")]
    EmptyField(&'static str),
    /// A field is there twice.
    #[error("the answer has more than one {0}")]
    Duplicate(&'static str),
    /// A field's bytes are no text.
    #[error("the answer's {0} is not UTF-8")]
    NonUtf8(&'static str),
    /// §2.1: `oauth_callback_confirmed` is not there, or not `true`.
    #[error(
        "the answer does not say oauth_callback_confirmed=true, so the provider knows OAuth Core 1.0 only: \
         if there is no better endpoint, see Endpoints::accept_oauth_1_0"
    )]
    CallbackNotConfirmed,
}

impl ResponseError {
    /// The server's time where the answer told it, in seconds since the Unix epoch: for
    /// [`Signer::clock_offset_to`](crate::Signer::clock_offset_to), where timestamps are refused.
    #[must_use]
    pub fn server_time(&self) -> Option<u64> {
        match self {
            Self::Problem(problem) => problem.server_time(),
            Self::Status { date, .. } => *date,
            _ => None,
        }
    }
}

/// A form with credentials in it, decoded.
pub(super) struct Answer {
    pairs: Vec<(Vec<u8>, Vec<u8>)>,
    says_other: bool,
}

impl Answer {
    /// Everything about an answer that is the same for both requests.
    pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<Self, ResponseError> {
        if body.len() > MAX_RESPONSE_LEN {
            return Err(ResponseError::TooLarge);
        }
        if status.is_redirection() {
            return Err(ResponseError::UnexpectedRedirect { status });
        }
        // Some servers put the byte order mark before UTF-8 that it does not need.
        let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii();
        if let Some(problem) = Problem::of(headers, text) {
            return Err(ResponseError::Problem(Box::new(problem)));
        }
        if !status.is_success() {
            return Err(ResponseError::Status { status, date: date(headers) });
        }
        if is_compressed(headers, body) {
            return Err(ResponseError::UnexpectedEncoding);
        }
        if is_cut_off(headers, body) {
            return Err(ResponseError::Truncated);
        }
        let media_type = header(headers, CONTENT_TYPE).to_ascii_lowercase();
        if is_wide(&media_type, body) {
            return Err(ResponseError::UnsupportedCharset);
        }
        if text.is_empty() {
            return Err(ResponseError::Empty);
        }
        if !is_form(text) {
            return Err(ResponseError::UnexpectedContentType);
        }
        let says_other = ["html", "json", "xml"].iter().any(|kind| media_type.contains(kind));
        Ok(Self { pairs: decode_form(text).collect(), says_other })
    }

    /// Takes a field out that must be there, once.
    pub(super) fn take(&mut self, name: &'static str) -> Result<String, ResponseError> {
        match self.take_optional(name)? {
            Some(value) => Ok(value),
            None if self.says_other => Err(ResponseError::UnexpectedContentType),
            None => Err(ResponseError::Missing(name)),
        }
    }

    pub(super) fn take_optional(&mut self, name: &'static str) -> Result<Option<String>, ResponseError> {
        let mut found = None;
        while let Some(at) = self.pairs.iter().position(|(present, _)| present == name.as_bytes()) {
            if found.is_some() {
                return Err(ResponseError::Duplicate(name));
            }
            found = Some(self.pairs.remove(at).1);
        }
        found.map(String::from_utf8).transpose().map_err(|_| ResponseError::NonUtf8(name))
    }

    /// `oauth_token` and its secret. The secret may be empty: RSA methods have no use for it.
    pub(super) fn take_credentials(&mut self) -> Result<(String, String), ResponseError> {
        let token = self.take("oauth_token")?;
        if token.is_empty() {
            return Err(ResponseError::EmptyField("oauth_token"));
        }
        Ok((token, self.take("oauth_token_secret")?))
    }

    /// What is left. These are for people and programs beyond this crate: bytes that are no text do
    /// not spoil the rest.
    pub(super) fn into_fields(self) -> ResponseFields {
        let lossy = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        ResponseFields::new(self.pairs.into_iter().map(|(name, value)| (lossy(name), lossy(value))).collect())
    }
}

fn header(headers: &HeaderMap, name: http::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Declared, or by gzip's first bytes.
fn is_compressed(headers: &HeaderMap, body: &[u8]) -> bool {
    let encoding = header(headers, CONTENT_ENCODING).trim();
    !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") || body.starts_with(b"\x1F\x8B")
}

fn is_cut_off(headers: &HeaderMap, body: &[u8]) -> bool {
    header(headers, CONTENT_LENGTH).trim().parse::<usize>().is_ok_and(|len| len > body.len())
}

/// UTF-16 or UTF-32, declared or by their byte order mark. Any other charset has ASCII in it, and a
/// form is ASCII.
fn is_wide(media_type: &str, body: &[u8]) -> bool {
    let charset = media_type.split_once("charset=").map_or("", |(_, charset)| charset.trim_matches('"'));
    charset.starts_with("utf-16")
        || charset.starts_with("utf-32")
        || charset.starts_with("ucs-")
        || body.starts_with(b"\xFF\xFE")
        || body.starts_with(b"\xFE\xFF")
}
