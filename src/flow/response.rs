//! The provider's responses (RFC 5849 §2.1, §2.3).

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

use crate::credentials::{TemporaryCredentials, TokenCredentials};
use crate::form::decode_form;
use crate::problem::{Problem, date, is_form};

use super::fields::ResponseFields;

/// The length limit of a response with credentials, in bytes.
///
/// A client can stop reading after one byte more.
pub const MAX_RESPONSE_LEN: usize = 64 * 1024;

/// The reason why a response brought no credentials.
///
/// It repeats nothing of the body. [`ResponseRejected`](super::ResponseRejected) contains it together with
/// the response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The body is longer than [`MAX_RESPONSE_LEN`].
    #[error(
        "the response is longer than {MAX_RESPONSE_LEN} bytes, so it is not from this endpoint: check its URL"
    )]
    TooLarge,
    /// The body is shorter than its Content-Length.
    #[error("the response was cut off: send the request again")]
    Truncated,
    /// The provider redirects. A signature is valid for one URL, so no redirect is followed.
    #[error("the provider redirects ({status}): use the URL that it redirects to, if you trust it")]
    UnexpectedRedirect {
        /// The status.
        status: StatusCode,
    },
    /// The provider reports a problem (OAuth Problem Reporting extension).
    #[error(transparent)]
    Problem(Box<Problem>),
    /// The status is not 2xx, and the provider reports no problem.
    #[error("the provider responded {status}: {}", remedy(*.status))]
    Status {
        /// The status.
        status: StatusCode,
        /// The Date header, in seconds since the Unix epoch.
        date: Option<u64>,
    },
    /// The body is compressed.
    #[error("the response is compressed: let the client decode it, or send no Accept-Encoding")]
    UnexpectedEncoding,
    /// The charset of the body does not contain ASCII.
    #[error("the response is in a charset that is not supported: it must be UTF-8")]
    UnsupportedCharset,
    /// The body is empty.
    #[error("the response is empty: check the endpoint's URL")]
    Empty,
    /// The body is a page or JSON, not a form.
    #[error("the response is not form-encoded (a page or JSON?): check the endpoint's URL")]
    UnexpectedContentType,
    /// A field is missing.
    #[error("the response has no {0}: check the endpoint's URL")]
    Missing(&'static str),
    /// A field is empty.
    #[error("the response's {0} is empty")]
    EmptyField(&'static str),
    /// A field occurs twice.
    #[error("the response has more than one {0}")]
    Duplicate(&'static str),
    /// A field is not UTF-8.
    #[error("the response's {0} is not UTF-8")]
    NonUtf8(&'static str),
    /// `oauth_callback_confirmed` is missing, or is not `true` in any letter case (RFC 5849 §2.1).
    #[error(
        "the response does not say oauth_callback_confirmed=true: the provider did not take the callback. \
         If it is missing because the provider knows OAuth Core 1.0 only, see Endpoints::accept_oauth_1_0"
    )]
    CallbackNotConfirmed,
}

/// Returns the remedy for a status. Many statuses have nothing to do with OAuth.
fn remedy(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 | 401 | 403 => "check the credentials, the clock and the endpoint's URL",
        404 | 410 => "check the endpoint's URL",
        405 => "set the method that the provider wants with Endpoints::method",
        407 | 511 => "this is from a proxy or network on the way, not from the provider",
        408 | 504 => "it timed out: send the request again",
        429 => "there were too many requests: wait, then send the request again",
        500..=599 => "this is a failure of the provider, not of the signature: try again later",
        _ => "this is not about OAuth: check the endpoint's URL",
    }
}

impl ResponseError {
    /// Returns the server's time in seconds since the Unix epoch, if the response has it.
    ///
    /// If the server rejects timestamps, give it to
    /// [`Signer::clock_offset_to`](crate::Signer::clock_offset_to).
    #[must_use]
    pub fn server_time(&self) -> Option<u64> {
        match self {
            Self::Problem(problem) => problem.server_time(),
            Self::Status { date, .. } => *date,
            _ => None,
        }
    }
}

pub(super) fn temporary(fields: &mut Fields) -> Result<TemporaryCredentials, ResponseError> {
    let (token, secret) = fields.take_credentials()?;
    fields.take_optional(CONFIRMED)?;
    Ok(TemporaryCredentials::new(token, secret))
}

/// Takes out temporary credentials, after a check that the callback is confirmed.
///
/// > `oauth_callback_confirmed` MUST be present and set to "true".
///
/// Providers in Python (Authlib) send `True`, so letter case does not count.
pub(super) fn confirmed(fields: &mut Fields) -> Result<TemporaryCredentials, ResponseError> {
    let (token, secret) = fields.take_credentials()?;
    match fields.take_optional(CONFIRMED)?.as_deref() {
        Some(confirmed) if confirmed.eq_ignore_ascii_case("true") => {
            Ok(TemporaryCredentials::new(token, secret))
        }
        _ => Err(ResponseError::CallbackNotConfirmed),
    }
}

const CONFIRMED: &str = "oauth_callback_confirmed";

pub(super) fn token(fields: &mut Fields) -> Result<TokenCredentials, ResponseError> {
    let (token, secret) = fields.take_credentials()?;
    Ok(TokenCredentials::new(token, secret))
}

/// The fields of a response that is a form, decoded.
pub(super) struct Fields {
    pairs: Vec<(Vec<u8>, Vec<u8>)>,
    /// This is `true` if the Content-Type is not that of a form.
    says_other: bool,
}

impl Fields {
    /// Reads the fields, after the checks that are the same for both requests.
    pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<Self, ResponseError> {
        if body.len() > MAX_RESPONSE_LEN {
            return Err(ResponseError::TooLarge);
        }
        if status.is_redirection() {
            return Err(ResponseError::UnexpectedRedirect { status });
        }
        // Some servers put a byte order mark before UTF-8, which needs none.
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

    /// Takes out a required field.
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

    /// Takes out `oauth_token` and its secret. The secret may be empty: the RSA methods do not use it.
    pub(super) fn take_credentials(&mut self) -> Result<(String, String), ResponseError> {
        let token = self.take("oauth_token")?;
        if token.is_empty() {
            return Err(ResponseError::EmptyField("oauth_token"));
        }
        Ok((token, self.take("oauth_token_secret")?))
    }

    /// Returns the other fields, for the application. Bytes that are not UTF-8 do not spoil the rest.
    pub(super) fn into_rest(self) -> ResponseFields {
        let lossy = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        ResponseFields::new(self.pairs.into_iter().map(|(name, value)| (lossy(name), lossy(value))).collect())
    }
}

fn header(headers: &HeaderMap, name: http::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Returns `true` if the header, or the first bytes of the body, show that it is compressed.
fn is_compressed(headers: &HeaderMap, body: &[u8]) -> bool {
    let encoding = header(headers, CONTENT_ENCODING).trim();
    !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") || body.starts_with(b"\x1F\x8B")
}

fn is_cut_off(headers: &HeaderMap, body: &[u8]) -> bool {
    header(headers, CONTENT_LENGTH).trim().parse::<usize>().is_ok_and(|len| len > body.len())
}

/// Returns `true` for UTF-16 and UTF-32, by the Content-Type or the byte order mark.
///
/// Every other charset contains ASCII, and a form is ASCII.
fn is_wide(media_type: &str, body: &[u8]) -> bool {
    let charset = media_type.split_once("charset=").map_or("", |(_, charset)| charset.trim_matches('"'));
    charset.starts_with("utf-16")
        || charset.starts_with("utf-32")
        || charset.starts_with("ucs-")
        || body.starts_with(b"\xFF\xFE")
        || body.starts_with(b"\xFE\xFF")
}
