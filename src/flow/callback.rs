//! RFC 5849 §2.2: what the user's decision comes back as.

use std::fmt;

use ctutils::CtEq;

use crate::credentials::{Secret, TemporaryCredentials};
use crate::form::decode_form;
use crate::problem::Problem;
use crate::request::is_absolute_uri;

/// A user's yes: temporary credentials together with the verification code that goes with them.
///
/// Only [`Flow::callback`](super::Flow::callback) and [`Flow::pin`](super::Flow::pin) make one, and
/// they take the temporary credentials: a callback counts once, and no code goes with the credentials
/// of another. The provider exchanges a grant once; that it can be sent again is for networks that fail.
#[derive(Debug)]
#[must_use = "exchange it for token credentials"]
pub struct Approval {
    pub(super) temporary: TemporaryCredentials,
    /// None from a provider of OAuth Core 1.0.
    pub(super) verifier: Option<Secret>,
}

/// Why a callback or a PIN was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The user said no, or the provider said no in the user's place.
    #[error("the user did not grant access")]
    Denied,
    /// The provider reports a problem.
    #[error(transparent)]
    Problem(Box<Problem>),
    /// There is no `oauth_token`. Parameters behind a `#` do not count: no server sees them.
    #[error("the callback has no oauth_token in its query{}", hint(*.html_escaped))]
    MissingToken {
        /// Whether there are traces of `&amp;` in place of `&`.
        html_escaped: bool,
    },
    /// There is no `oauth_verifier`.
    #[error("the callback has no oauth_verifier{}", hint(*.html_escaped))]
    MissingVerifier {
        /// Whether there are traces of `&amp;` in place of `&`.
        html_escaped: bool,
    },
    /// The callback is for other temporary credentials: another user's, an older attempt's, or an
    /// attacker's.
    #[error(
        "the callback is for another oauth_token than the pending one: look the pending credentials up by \
         token_of_callback, within the user's session"
    )]
    TokenMismatch,
    /// A parameter is there twice.
    #[error("the callback has more than one {0}")]
    Duplicate(&'static str),
    /// The verification code is empty.
    #[error("the verification code is empty")]
    Empty,
    /// The verification code is no text.
    #[error("the verification code is not UTF-8")]
    NonUtf8,
    /// The callback has more than [`MAX_CALLBACK_LEN`] bytes, or the code more than
    /// [`MAX_VERIFIER_LEN`].
    #[error("the callback or the verification code is too long")]
    TooLong,
}

fn hint(html_escaped: bool) -> &'static str {
    if html_escaped {
        ": the URL was escaped for HTML (&amp; for &), so take it from the request itself"
    } else {
        ""
    }
}

/// A longer callback URL is refused, in bytes.
pub const MAX_CALLBACK_LEN: usize = 16 * 1024;

/// A longer verification code is refused, in bytes.
pub const MAX_VERIFIER_LEN: usize = 1024;

/// A callback or a PIN that was not taken, with the credentials that are still pending.
#[derive(thiserror::Error)]
#[error("{reason}")]
pub struct CallbackRejected {
    reason: CallbackError,
    credentials: TemporaryCredentials,
}

impl CallbackRejected {
    /// Why.
    #[must_use]
    pub fn reason(&self) -> &CallbackError {
        &self.reason
    }

    /// The temporary credentials, back again: a forged callback must not end the user's attempt.
    #[must_use]
    pub fn into_credentials(self) -> TemporaryCredentials {
        self.credentials
    }
}

impl fmt::Debug for CallbackRejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackRejected").field("reason", &self.reason).finish_non_exhaustive()
    }
}

/// The token that a callback is for, whatever else is in it: to look the pending credentials up by. It
/// is its `oauth_token`, where there is just one; some providers have it in `denied` only.
///
/// It is not proved to be anybody's: look among those of the user's own session.
///
/// `callback` is what [`Flow::callback`](super::Flow::callback) takes.
#[must_use]
pub fn token_of_callback(callback: &str) -> Option<String> {
    if callback.len() > MAX_CALLBACK_LEN {
        return None;
    }
    let only = |wanted: &[u8]| {
        let mut values = decode_form(query_of(callback).as_bytes()).filter(|(name, _)| name == wanted);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value)
    };
    String::from_utf8(only(b"oauth_token").or_else(|| only(b"denied"))?).ok()
}

impl Approval {
    pub(super) fn of_callback(
        temporary: TemporaryCredentials,
        callback: &str,
        is_verifier_needed: bool,
    ) -> Result<Self, CallbackRejected> {
        match verifier_of(&temporary, callback, is_verifier_needed) {
            Ok(verifier) => Ok(Self { temporary, verifier }),
            Err(reason) => Err(CallbackRejected { reason, credentials: temporary }),
        }
    }

    pub(super) fn of_pin(temporary: TemporaryCredentials, pin: &str) -> Result<Self, CallbackRejected> {
        match check_verifier(pin.trim()) {
            Ok(verifier) => Ok(Self { temporary, verifier: Some(verifier) }),
            Err(reason) => Err(CallbackRejected { reason, credentials: temporary }),
        }
    }
}

fn verifier_of(
    temporary: &TemporaryCredentials,
    callback: &str,
    is_verifier_needed: bool,
) -> Result<Option<Secret>, CallbackError> {
    let Parameters { token, verifier, denied, html_escaped } = Parameters::read(callback)?;
    if denied {
        return Err(CallbackError::Denied);
    }
    let token = token.ok_or(CallbackError::MissingToken { html_escaped })?;
    // In constant time: how far a guess goes is nobody's business.
    if !temporary.token().as_bytes().ct_eq(&token[..]).to_bool() {
        return Err(CallbackError::TokenMismatch);
    }
    match verifier {
        Some(verifier) => {
            let verifier = std::str::from_utf8(&verifier).map_err(|_| CallbackError::NonUtf8)?;
            check_verifier(verifier).map(Some)
        }
        None if is_verifier_needed => Err(CallbackError::MissingVerifier { html_escaped }),
        None => Ok(None),
    }
}

fn check_verifier(verifier: &str) -> Result<Secret, CallbackError> {
    match verifier.len() {
        0 => Err(CallbackError::Empty),
        1..=MAX_VERIFIER_LEN => Ok(Secret::new(verifier)),
        _ => Err(CallbackError::TooLong),
    }
}

/// The query of a URL, absolute or from the path on; or the text itself, which is a query then and may
/// have a `?` in a value.
fn query_of(callback: &str) -> &str {
    let text = callback.split('#').next().unwrap_or_default().trim();
    let is_url = text.starts_with('/') || is_absolute_uri(text);
    match text.split_once('?') {
        Some((before, query)) if is_url || !before.contains(['=', '&']) => query,
        None if is_url => "",
        _ => text,
    }
}

/// What of a callback's query counts, decoded. The rest is the application's own.
#[derive(Default)]
struct Parameters {
    token: Option<Vec<u8>>,
    verifier: Option<Vec<u8>>,
    denied: bool,
    html_escaped: bool,
}

impl Parameters {
    fn read(callback: &str) -> Result<Self, CallbackError> {
        if callback.len() > MAX_CALLBACK_LEN {
            return Err(CallbackError::TooLong);
        }
        let query = query_of(callback).as_bytes();
        let mut parameters = Self::default();
        for (name, value) in decode_form(query) {
            match &name[..] {
                b"oauth_token" => once(&mut parameters.token, value, "oauth_token")?,
                b"oauth_verifier" => once(&mut parameters.verifier, value, "oauth_verifier")?,
                b"denied" => parameters.denied = true,
                b"amp;oauth_token" | b"amp;oauth_verifier" => parameters.html_escaped = true,
                _ => {}
            }
        }
        if let Some(problem) = Problem::of_query(query) {
            if !problem.is_denial() {
                return Err(CallbackError::Problem(Box::new(problem)));
            }
            parameters.denied = true;
        }
        Ok(parameters)
    }
}

fn once(place: &mut Option<Vec<u8>>, value: Vec<u8>, name: &'static str) -> Result<(), CallbackError> {
    if place.replace(value).is_some() { Err(CallbackError::Duplicate(name)) } else { Ok(()) }
}
