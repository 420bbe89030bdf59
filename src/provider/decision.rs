//! RFC 5849 §2.2: the user's decision.

use std::fmt;

use crate::form::{append_to_query, push_pair};

/// A grant that waits for the user's decision, to show on the decision page.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::{Issuer, MemoryStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), oauth1_signer::BoxError> {
/// # let (issuer, oauth_token) = (Issuer::new(MemoryStore::new()), "hh5s93j4hdidpola");
/// let page = match issuer.pending(oauth_token).await? {
///     Some(pending) => format!("May {} see your photos?", pending.client_key()),
///     None => "This link has expired. Start again at the application.".to_owned(),
/// };
/// # assert!(page.starts_with("This"));
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    pub(super) client_key: String,
    pub(super) callback: Option<String>,
}

impl Pending {
    /// Returns the consumer key of the client that asks.
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.client_key
    }

    /// Returns the URI that the user will be sent to, or `None` if the page will show a PIN.
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }
}

/// The next step for the browser of a user who has decided.
///
/// # Examples
///
/// ```
/// use oauth1_signer::provider::Decision;
///
/// fn respond(decision: Decision) -> http::Response<String> {
///     let response = http::Response::builder().header("Cache-Control", "no-store");
///     match decision {
///         Decision::Redirect(url) => response.status(303).header("Location", url).body(String::new()),
///         Decision::Pin(pin) => response.body(format!("Type this PIN into the application: {pin}")),
///         Decision::Denied => response.body("The application gets no access.".to_owned()),
///     }
///     .expect("the status and the headers are valid")
/// }
/// assert_eq!(respond(Decision::Denied).status(), 200);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "the user's browser waits for the next step"]
pub enum Decision {
    /// Send the browser to this URL with status 303. Its query contains the decision.
    Redirect(String),
    /// Show this PIN. The user has approved the grant, and types the PIN into the application.
    #[doc(alias = "oob")]
    #[doc(alias = "verifier")]
    Pin(String),
    /// Show that the user has denied the grant. There is no callback.
    Denied,
}

impl Decision {
    /// Returns a redirect to the callback with these parameters.
    ///
    /// > If the callback URI includes a query component, the server MUST append the OAuth parameters to
    /// > the end of the existing query.
    pub(super) fn redirect(callback: &str, token: &str, (name, value): (&str, &str)) -> Self {
        let mut pairs = String::new();
        push_pair(&mut pairs, "oauth_token", token);
        push_pair(&mut pairs, name, value);
        Self::Redirect(append_to_query(callback, &pairs))
    }
}

/// Does not show the callback, which may contain a session in its query.
impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("client_key", &self.client_key).finish_non_exhaustive()
    }
}

/// Shows neither the verification code nor the PIN.
impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redirect(_) => "Redirect(…)",
            Self::Pin(_) => "Pin(…)",
            Self::Denied => "Denied",
        })
    }
}
