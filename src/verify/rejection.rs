//! A rejected request, and the response to it.

use std::error::Error;
use std::fmt;

use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};

use crate::boxed::BoxError;

use super::reason::RejectionReason;
use super::shown;

/// A request that the server rejects: the reason for the operator, and the response for the client.
///
/// It has two texts. `Display` is for the operator: the real reason, and the cause if the server failed.
/// [`client_message`](Self::client_message) is for the client, and tells an attacker nothing. Both have a
/// limited length, and neither contains control characters, secrets or values of parameters.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::{Rejection, RejectionReason};
///
/// fn respond(rejection: &Rejection) -> http::Response<String> {
///     eprintln!("{} {rejection}", rejection.status());
///     rejection.to_response()
/// }
///
/// let response = respond(&RejectionReason::UnknownClient.into());
/// assert_eq!(response.status(), 401);
/// assert_eq!(response.body(), "the request is not authorized\n");
/// ```
#[doc(alias = "401")]
#[doc(alias = "400")]
#[doc(alias = "503")]
pub struct Rejection {
    reason: RejectionReason,
    cause: Option<BoxError>,
    /// The challenge of the policy, if a policy rejected the request.
    challenge: Option<HeaderValue>,
}

impl Rejection {
    /// Creates a rejection with status 503, with the cause for the operator.
    ///
    /// Use it when the server cannot check the request now.
    pub fn unavailable(cause: impl Into<BoxError>) -> Self {
        Self { reason: RejectionReason::Unavailable, cause: Some(cause.into()), challenge: None }
    }

    pub(crate) fn challenged(self, challenge: &HeaderValue) -> Self {
        Self { challenge: Some(challenge.clone()), ..self }
    }

    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> &RejectionReason {
        &self.reason
    }

    /// Returns the error that made the server fail, if the reason is [`RejectionReason::Unavailable`].
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    /// Returns the status of the response: 400, 401, 408 or 503.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.reason.status()
    }

    /// Returns the text for the client: one line of printable ASCII, at most 1 KiB.
    ///
    /// With status 401 the text is always the same, whatever the reason is.
    #[must_use]
    pub fn client_message(&self) -> String {
        self.reason.client_message()
    }

    /// Returns the response to the client: [`client_message`](Self::client_message) as plain text.
    ///
    /// With status 401 it has a challenge, `WWW-Authenticate: OAuth realm="…"` (RFC 9110 §11.6.1), with the
    /// realm of the policy: see [`Policy::realm`](super::Policy::realm). A rejection that you make from a
    /// reason has the realm `OAuth`.
    #[must_use]
    pub fn to_response(&self) -> Response<String> {
        let mut response = Response::new(format!("{}\n", self.client_message()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if self.status() == StatusCode::UNAUTHORIZED {
            // Some clients, such as httplib2, fail on a challenge without a realm.
            let unknown = HeaderValue::from_static(r#"OAuth realm="OAuth""#);
            headers.insert(WWW_AUTHENTICATE, self.challenge.clone().unwrap_or(unknown));
        }
        response
    }
}

impl From<RejectionReason> for Rejection {
    fn from(reason: RejectionReason) -> Self {
        Self { reason, cause: None, challenge: None }
    }
}

/// Returns the challenge with this realm as a quoted string (RFC 9110 §5.6.4).
pub(super) fn challenge(realm: &str) -> HeaderValue {
    let mut text = b"OAuth realm=\"".to_vec();
    for byte in realm.bytes().take(MAX_REALM_LEN) {
        match byte {
            b'"' | b'\\' => text.extend([b'\\', byte]),
            b' '..=b'~' => text.push(byte),
            _ => text.push(b'?'),
        }
    }
    text.push(b'"');
    HeaderValue::from_bytes(&text).expect("printable ASCII is a header value")
}

const MAX_REALM_LEN: usize = 256;

/// Prints the operator's text: the reason, and the cause if the server failed.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => write!(f, "{}: {}", self.reason, shown::cause(cause)),
            None => self.reason.fmt(f),
        }
    }
}

/// Shows the cause as `Display` does: cut to a limit, and without control characters.
impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Rejection");
        shown.field("reason", &self.reason);
        if let Some(cause) = &self.cause {
            shown.field("cause", &format_args!("{}", shown::cause(cause)));
        }
        shown.finish_non_exhaustive()
    }
}

impl Error for Rejection {
    /// Returns the source of the cause, since `Display` prints the cause itself.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Some(cause) => cause.source(),
            None => self.reason.source(),
        }
    }
}
