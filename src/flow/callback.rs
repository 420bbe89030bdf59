//! The user's decision: a callback or a PIN (RFC 5849 §2.2).

use std::fmt;

use ctutils::CtEq;

use crate::credentials::{Secret, TemporaryCredentials};
use crate::form::decode_form;
use crate::problem::Problem;
use crate::request::is_absolute_uri;

/// A user's approval: temporary credentials and the verification code that belongs to them.
///
/// Only [`Flow::callback`](super::Flow::callback) and [`Flow::pin`](super::Flow::pin) create one. They
/// consume the temporary credentials, so a callback cannot be used twice, nor a code with the credentials of
/// another login. [`Flow::token_credentials`](super::Flow::token_credentials) exchanges it.
///
/// # Examples
///
/// ```
/// use oauth1_signer::flow::{CallbackRejected, Flow};
/// use oauth1_signer::TemporaryCredentials;
///
/// fn approve(flow: &Flow, pending: TemporaryCredentials, pin: &str) -> Result<(), Box<CallbackRejected>> {
///     let approval = flow.pin(pending, pin)?;
///     drop(approval); // Call `Flow::token_credentials` here.
///     Ok(())
/// }
/// ```
#[derive(Debug)]
#[must_use = "exchange it with Flow::token_credentials"]
#[doc(alias = "oauth_verifier")]
pub struct Approval {
    pub(super) temporary: TemporaryCredentials,
    /// The verification code, or `None` from a provider of OAuth Core 1.0.
    pub(super) verifier: Option<Secret>,
}

/// The reason why a callback or a PIN was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The user denied access, or the provider did. The callback names the pending token.
    #[error("the user did not grant access")]
    Denied,
    /// The provider reports a problem. The callback names the pending token.
    #[error(transparent)]
    Problem(Box<Problem>),
    /// There is no `oauth_token` in the query. Parameters behind a `#` do not count: no server sees them.
    #[error("the callback has no oauth_token in its query{}", hint(*.html_escaped))]
    MissingToken {
        /// `true` if the query contains `&amp;` in place of `&`.
        html_escaped: bool,
    },
    /// There is no `oauth_verifier` in the query.
    #[error("the callback has no oauth_verifier{}", hint(*.html_escaped))]
    MissingVerifier {
        /// `true` if the query contains `&amp;` in place of `&`.
        html_escaped: bool,
    },
    /// The callback is for other temporary credentials: another user's, an older login's, or an attacker's.
    #[error(
        "the callback is for another oauth_token than the pending one: look the pending credentials up by \
         token_of_callback, within the user's session"
    )]
    TokenMismatch,
    /// A parameter occurs twice.
    #[error("the callback has more than one {0}")]
    Duplicate(&'static str),
    /// The verification code is empty.
    #[error("the verification code is empty")]
    Empty,
    /// The verification code is not UTF-8.
    #[error("the verification code is not UTF-8")]
    NonUtf8,
    /// The callback has more than [`MAX_CALLBACK_LEN`] bytes, or the code more than [`MAX_VERIFIER_LEN`].
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

/// The length limit of a callback, in bytes.
pub const MAX_CALLBACK_LEN: usize = 16 * 1024;

/// The length limit of a verification code, in bytes.
pub const MAX_VERIFIER_LEN: usize = 1024;

/// A callback or a PIN that was rejected, and the credentials that are still pending.
///
/// # Examples
/// A forged callback must not end a user's login. So keep the credentials unless the callback names their
/// token:
///
/// ```
/// # use oauth1_signer::TemporaryCredentials;
/// # use oauth1_signer::flow::Flow;
/// # fn f(flow: &Flow, pending: TemporaryCredentials, callback: &str, keep: impl Fn(TemporaryCredentials)) {
/// match flow.callback(pending, callback) {
///     Ok(approval) => { /* exchange it */ }
///     Err(rejected) if rejected.names_pending_token() => println!("the login is over: {rejected}"),
///     Err(rejected) => keep(rejected.into_credentials()),
/// }
/// # }
/// ```
#[derive(thiserror::Error)]
#[error("{reason}")]
pub struct CallbackRejected {
    reason: CallbackError,
    credentials: TemporaryCredentials,
    names_pending_token: bool,
}

impl CallbackRejected {
    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> &CallbackError {
        &self.reason
    }

    /// Returns `true` if the callback names the pending token, so that it is the provider's response to this
    /// login.
    ///
    /// If it does not, anybody can have sent it. Ignore it, and keep the credentials for the real callback.
    /// For a PIN it is always `true`.
    #[must_use]
    pub fn names_pending_token(&self) -> bool {
        self.names_pending_token
    }

    /// Returns the temporary credentials, which are still pending.
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

/// Returns the token in a callback, to look up the pending credentials.
///
/// It is the only `oauth_token` of the query, or its only `denied`, where some providers put the token.
/// `callback` is the same text as for [`Flow::callback`](super::Flow::callback).
///
/// # Security
/// Anybody can write a callback. Look up the token only among those of the user's own session.
///
/// # Examples
/// ```
/// use oauth1_signer::flow::token_of_callback;
///
/// let callback = "/ready?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884";
/// assert_eq!(token_of_callback(callback).as_deref(), Some("hh5s93j4hdidpola"));
/// ```
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
        let parameters = Parameters::read(callback).and_then(|parameters| {
            parameters.check_token(&temporary)?;
            Ok(parameters)
        });
        let (reason, names_pending_token) = match parameters {
            Err(reason) => (reason, false),
            Ok(parameters) => match parameters.verifier(is_verifier_needed) {
                Ok(verifier) => return Ok(Self { temporary, verifier }),
                Err(reason) => (reason, true),
            },
        };
        Err(CallbackRejected { reason, credentials: temporary, names_pending_token })
    }

    pub(super) fn of_pin(temporary: TemporaryCredentials, pin: &str) -> Result<Self, CallbackRejected> {
        match check_verifier(pin.trim()) {
            Ok(verifier) => Ok(Self { temporary, verifier: Some(verifier) }),
            Err(reason) => {
                Err(CallbackRejected { reason, credentials: temporary, names_pending_token: true })
            }
        }
    }
}

fn check_verifier(verifier: &str) -> Result<Secret, CallbackError> {
    match verifier.len() {
        0 => Err(CallbackError::Empty),
        1..=MAX_VERIFIER_LEN => Ok(Secret::new(verifier)),
        _ => Err(CallbackError::TooLong),
    }
}

/// Returns the query of a URL that is absolute or starts with the path.
///
/// Any other text is a query itself, and may have a `?` in a value.
fn query_of(callback: &str) -> &str {
    let text = callback.split('#').next().unwrap_or_default().trim();
    let is_url = text.starts_with('/') || is_absolute_uri(text);
    match text.split_once('?') {
        Some((before, query)) if is_url || !before.contains(['=', '&']) => query,
        None if is_url => "",
        _ => text,
    }
}

/// The parameters of a callback that the flow reads, decoded. The application may add others.
#[derive(Default)]
struct Parameters {
    token: Option<Vec<u8>>,
    verifiers: Vec<Vec<u8>>,
    /// The value of `denied`, which is the token at providers that send nothing else (Twitter).
    denied: Option<Vec<u8>>,
    problem: Option<Problem>,
    html_escaped: bool,
}

impl Parameters {
    fn read(callback: &str) -> Result<Self, CallbackError> {
        if callback.len() > MAX_CALLBACK_LEN {
            return Err(CallbackError::TooLong);
        }
        let query = query_of(callback).as_bytes();
        let mut parameters = Self { problem: Problem::of_query(query), ..Self::default() };
        for (name, value) in decode_form(query) {
            match &name[..] {
                b"oauth_token" => once(&mut parameters.token, value, "oauth_token")?,
                b"oauth_verifier" => parameters.verifiers.push(value),
                b"denied" => once(&mut parameters.denied, value, "denied")?,
                b"amp;oauth_token" | b"amp;oauth_verifier" => parameters.html_escaped = true,
                _ => {}
            }
        }
        Ok(parameters)
    }

    /// Checks that the callback has the pending token.
    ///
    /// The flow reads no other parameter before: anybody can send a user to a URL that contains `denied`.
    fn check_token(&self, temporary: &TemporaryCredentials) -> Result<(), CallbackError> {
        let html_escaped = self.html_escaped;
        let token = self.token.as_ref().or(self.denied.as_ref());
        let token = token.ok_or(CallbackError::MissingToken { html_escaped })?;
        // In constant time: the time must not show how much of a guess is right.
        if temporary.token().as_bytes().ct_eq(&token[..]).to_bool() {
            Ok(())
        } else {
            Err(CallbackError::TokenMismatch)
        }
    }

    fn verifier(self, is_needed: bool) -> Result<Option<Secret>, CallbackError> {
        if self.denied.is_some() {
            return Err(CallbackError::Denied);
        }
        match self.problem {
            Some(problem) if problem.is_denial() => return Err(CallbackError::Denied),
            Some(problem) => return Err(CallbackError::Problem(Box::new(problem))),
            None => {}
        }
        match &self.verifiers[..] {
            [verifier] => {
                let verifier = std::str::from_utf8(verifier).map_err(|_| CallbackError::NonUtf8)?;
                check_verifier(verifier).map(Some)
            }
            [] if is_needed => Err(CallbackError::MissingVerifier { html_escaped: self.html_escaped }),
            [] => Ok(None),
            _ => Err(CallbackError::Duplicate("oauth_verifier")),
        }
    }
}

fn once(place: &mut Option<Vec<u8>>, value: Vec<u8>, name: &'static str) -> Result<(), CallbackError> {
    if place.replace(value).is_some() { Err(CallbackError::Duplicate(name)) } else { Ok(()) }
}
