//! The problem that a server reports with a rejected request, and the time on the server's clock.
//!
//! [`Problem`] reads the OAuth Problem Reporting extension. [`server_time`] reads the server's clock, to
//! correct a clock difference with [`Signer::clock_offset_to`](crate::Signer::clock_offset_to).

use std::fmt;
use std::ops::RangeInclusive;
use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use http::header::{DATE, WWW_AUTHENTICATE};

use crate::form::{Coding, decode, decode_form};

/// A problem that a server reports with the OAuth Problem Reporting extension.
///
/// The report is in a form body or in a `WWW-Authenticate` header: see [`Problem::of`]. `Display` prints the
/// code and a remedy. `Display` and `Debug` print this crate's words only, because a response may repeat
/// secrets; [`advice`](Self::advice) returns the server's words. To find the cause of a rejected request, use
/// [`Diagnosis`](crate::diagnose::Diagnosis), which also reads the rest of the response.
///
/// # Examples
///
/// ```
/// use oauth1_signer::problem::Problem;
///
/// let body = b"oauth_problem=nonce_used";
/// let problem = Problem::of(&http::HeaderMap::new(), body).expect("a problem");
/// assert_eq!(problem.to_string(), "the provider reports nonce_used: sign each attempt anew");
/// ```
#[doc(alias = "oauth_problem")]
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    code: String,
    /// The advice fields.
    fields: Vec<(String, String)>,
    date: Option<u64>,
}

impl Problem {
    /// Returns the problem that a response reports, or `None` if it reports none.
    ///
    /// `body` may be empty if it was not read.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::problem::Problem;
    ///
    /// let body = b"oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1700000000-1700000600";
    /// let problem = Problem::of(&http::HeaderMap::new(), body).expect("a problem");
    /// assert_eq!(problem.code(), "timestamp_refused");
    /// assert_eq!(problem.acceptable_timestamps(), Some(1_700_000_000..=1_700_000_600));
    /// ```
    #[must_use]
    pub fn of(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let mut fields = if is_form(body) { fields_of_form(body) } else { Vec::new() };
        fields.extend(challenge_fields(headers));
        Self::of_fields(fields, date(headers))
    }

    /// Returns the problem that the query of a callback reports, or `None` if it reports none.
    pub(crate) fn of_query(query: &[u8]) -> Option<Self> {
        Self::of_fields(fields_of_form(query), None)
    }

    fn of_fields(mut fields: Vec<(String, String)>, date: Option<u64>) -> Option<Self> {
        let at = fields.iter().position(|(name, value)| name == CODE && !value.is_empty())?;
        let (_, code) = fields.remove(at);
        Some(Self { code, fields, date })
    }

    /// Returns `oauth_problem`, a word such as `token_expired`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns `true` if the user denied access.
    #[must_use]
    pub fn is_denial(&self) -> bool {
        matches!(self.code.as_str(), "user_refused" | "permission_denied")
    }

    /// Returns `oauth_problem_advice`, the server's own words for a person.
    ///
    /// # Security
    ///
    /// The text is the server's and may repeat secrets: show it to the user, do not log it.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.field("oauth_problem_advice")
    }

    /// Returns `oauth_acceptable_timestamps`, the range in seconds since the Unix epoch.
    #[must_use]
    pub fn acceptable_timestamps(&self) -> Option<RangeInclusive<u64>> {
        let (first, last) = self.field("oauth_acceptable_timestamps")?.split_once('-')?;
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        (first <= last).then_some(first..=last)
    }

    /// Returns `oauth_acceptable_versions`, the lowest and the highest.
    #[must_use]
    pub fn acceptable_versions(&self) -> Option<(&str, &str)> {
        self.field("oauth_acceptable_versions")?.split_once('-')
    }

    /// Returns `oauth_parameters_absent`, the names of parameters that the request lacks.
    #[must_use]
    pub fn parameters_absent(&self) -> Vec<String> {
        self.parameters("oauth_parameters_absent").map(|(name, _)| name).collect()
    }

    /// Returns `oauth_parameters_rejected`, names and values of parameters that the server rejects.
    #[must_use]
    pub fn parameters_rejected(&self) -> Vec<(String, String)> {
        self.parameters("oauth_parameters_rejected").collect()
    }

    /// Returns the server's time in seconds since the Unix epoch.
    ///
    /// It is the middle of [`acceptable_timestamps`](Self::acceptable_timestamps), or the Date header.
    #[must_use]
    pub fn server_time(&self) -> Option<u64> {
        let middle = |range: RangeInclusive<u64>| range.start() + (range.end() - range.start()) / 2;
        self.acceptable_timestamps().map(middle).or(self.date)
    }

    /// Returns the value of an advice field.
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(present, _)| present == name).map(|(_, value)| value.as_str())
    }

    /// Returns the pairs of a field whose value is itself a form.
    fn parameters(&self, name: &str) -> impl Iterator<Item = (String, String)> {
        decode_form(self.field(name).unwrap_or_default().as_bytes())
            .map(|(name, value)| (lossy(name), lossy(value)))
    }
}

/// Returns the time of the server that sent this response, in seconds since the Unix epoch.
///
/// The time is the middle of the timestamps that the server accepts, if it reports them, or the Date header.
/// Pass it to [`Signer::clock_offset_to`](crate::Signer::clock_offset_to).
///
/// # Examples
///
/// ```
/// let mut headers = http::HeaderMap::new();
/// headers.insert("date", http::HeaderValue::from_static("Tue, 14 Nov 2023 22:13:20 GMT"));
/// assert_eq!(oauth1_signer::server_time(&headers, b""), Some(1_700_000_000));
/// ```
#[must_use]
pub fn server_time(headers: &HeaderMap, body: &[u8]) -> Option<u64> {
    Problem::of(headers, body).map_or_else(|| date(headers), |problem| problem.server_time())
}

const CODE: &str = "oauth_problem";

/// The maximum length in bytes of a `WWW-Authenticate` header; longer ones are ignored.
const MAX_CHALLENGE_LEN: usize = 64 * 1024;

/// The known codes with their remedies.
///
/// They are the codes of the extension and others that servers use. `Display` and `Debug` print no other code.
const REMEDIES: &[(&str, &str)] = &[
    ("additional_authorization_required", "ask the user for a further permission"),
    ("consumer_key_refused", "the provider does not serve this client for now"),
    ("consumer_key_rejected", "the provider does not serve this client; ask it why"),
    ("consumer_key_unknown", "check the consumer key, and whether it is of this provider"),
    ("nonce_used", "sign each attempt anew"),
    ("parameter_absent", "see parameters_absent"),
    ("parameter_rejected", "see parameters_rejected"),
    ("permission_denied", "the user said no"),
    ("permission_unknown", "the user has not decided yet"),
    ("signature_invalid", "check the secrets, and compare base strings with Signer::explain"),
    ("signature_method_rejected", "use another signature method"),
    ("timestamp_refused", "set the clock, or use Signer::clock_offset_to"),
    ("token_expired", "renew the token, or ask the user again"),
    ("token_not_authorized", "send the user to the authorization URL first"),
    ("token_rejected", "check the token; the user may have to be asked again"),
    ("token_revoked", "ask the user again"),
    ("token_used", "ask for new temporary credentials"),
    ("user_refused", "the user said no"),
    ("verifier_invalid", "check the verification code; it counts once"),
    ("version_rejected", "see acceptable_versions, or SignerBuilder::version"),
];

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match REMEDIES.iter().find(|(code, _)| *code == self.code) {
            Some((code, remedy)) => write!(f, "the provider reports {code}: {remedy}"),
            None => f.write_str("the provider reports a problem of its own: see Problem::code"),
        }
    }
}

impl std::error::Error for Problem {}

/// Prints the code if it is a known one, and the date, but not the server's own words.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = REMEDIES.iter().find(|(code, _)| *code == self.code).map_or("…", |(code, _)| code);
        f.debug_struct("Problem").field("code", &known).field("date", &self.date).finish_non_exhaustive()
    }
}

/// Returns `true` if a body may be a form, and not an HTML page or a JSON object.
///
/// A page or an object may also contain `oauth_problem=`. Some servers do not encode all values of a form, so
/// this looks only for characters that every page or object contains.
pub(crate) fn is_form(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let is_foreign = |byte: &u8| byte.is_ascii_control() || b"\"<>".contains(byte);
    !body.starts_with(b"{") && !body.starts_with(b"[") && !body.iter().any(is_foreign)
}

fn fields_of_form(body: &[u8]) -> Vec<(String, String)> {
    decode_form(body.trim_ascii())
        .map(|(name, value)| (lossy(name), lossy(value)))
        .filter(|(name, _)| name.starts_with("oauth_"))
        .collect()
}

/// Returns the decoded parameters of all `OAuth` challenges; an invalid header has none.
pub(crate) fn challenge_fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    values
        .filter(|value| value.len() <= MAX_CHALLENGE_LEN)
        .filter_map(from_oauth_on)
        .flat_map(|value| http_auth::parser::ChallengeParser::new(value).map_while(Result::ok))
        .filter(|challenge| challenge.scheme.eq_ignore_ascii_case("oauth"))
        .flat_map(|challenge| challenge.params)
        .map(|(name, value)| {
            (name.to_ascii_lowercase(), lossy(decode(value.to_unescaped().as_bytes(), Coding::Percent)))
        })
        .collect()
}

/// Returns the header's text from the first `OAuth` challenge on.
///
/// The challenges before it may have a form that the parser does not know, such as `Negotiate`.
fn from_oauth_on(challenges: &str) -> Option<&str> {
    let is_start =
        |at: usize| challenges[..at].trim_end().is_empty() || challenges[..at].trim_end().ends_with(',');
    let at =
        challenges.to_ascii_lowercase().match_indices("oauth ").map(|(at, _)| at).find(|&at| is_start(at))?;
    challenges.get(at..)
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Returns the Date header in seconds since the Unix epoch (RFC 9110 §6.6.1).
pub(crate) fn date(headers: &HeaderMap) -> Option<u64> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    date.duration_since(UNIX_EPOCH).as_ref().map(Duration::as_secs).ok()
}
