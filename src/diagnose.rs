//! The diagnosis of a rejected request: its causes, with evidence and remedy.
//!
//! [`Diagnosis::of`] takes the request as it was sent, and [`Diagnosis::examine`] takes the response. The
//! diagnosis reads the OAuth parameters from the request itself, so you need to keep nothing from the time of
//! signing. The result, [`Findings`], prints as a page, and can be read as data.
//!
//! A diagnosis looks at
//! - the problem that the server reports: as `oauth_problem`, as `error`, or as a code of X, Mastercard,
//!   NetSuite, Magento, WordPress, WooCommerce, MediaWiki, Flickr, Discogs, fatsecret, oauthlib or Authlib;
//! - the base string that the server prints, compared with that of the request;
//! - the clock, by the response's Date header or the timestamps that the server accepts;
//! - redirects, other hosts, and statuses that are not about OAuth;
//! - the signature itself and the credentials, if [`Diagnosis::signer`] is given;
//! - the documented requirements of the host, such as a realm, a body hash or another signature method.
//!
//! # Security
//!
//! Findings contain no secret: the secrets of the signer, the verification code, the session handle,
//! passwords and the signature of the request are replaced, also where the server repeats them. Findings
//! contain the consumer key, the token and other parameters of the request if these differ from what the
//! server printed. The diagnosis reads at most 64 KiB of a response's body ([`MAX_BODY_LEN`]).
//!
//! # Examples
//!
//! The token secret was lost on the way:
//!
//! ```
//! use http::{Request, Response};
//! use oauth1_signer::diagnose::{Diagnosis, FindingKind};
//! use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let signer = Signer::builder(ClientCredentials::new("key", "kd94hf93k423kf44"))
//!     .token(TokenCredentials::new("token", ""))
//!     .allow_incomplete_credentials(true)
//!     .build()?;
//! let request = signer.authorize(Request::get("https://api.example.com/items").body(())?)?;
//! let response = Response::builder().status(401).body("Invalid signature")?;
//!
//! let findings = Diagnosis::of(&request).signer(&signer).examine(&response);
//! let kind = findings.first().map(|finding| finding.kind());
//! assert_eq!(kind, Some(FindingKind::TokenSecretMissing));
//! # Ok(()) }
//! ```

mod json;
mod page;
mod kind;
mod finding;
mod received;
mod sent;
mod secrets;
mod codes;
mod clock;
mod printed;
mod compare;
mod changed;
mod hosts;
mod quirks;
mod credentials;
mod status;
mod structure;
mod examination;

use crate::problem::Problem;
use crate::signer::Signer;

pub use finding::{Certainty, Finding, Findings};
pub use kind::FindingKind;
pub use received::MAX_BODY_LEN;
pub use sent::SentRequest;

use examination::{Examination, Known};
use received::Received;
use secrets::Secrets;
use sent::Sent;

/// A diagnosis of one request that was sent.
///
/// # Examples
///
/// ```
/// use http::{Request, Response};
/// use oauth1_signer::diagnose::Diagnosis;
/// use oauth1_signer::{ClientCredentials, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("key", "secret\n")).build()?;
/// let request = signer.authorize(Request::get("https://api.example.com/items").body(())?)?;
/// let response = Response::builder().status(401).body("Invalid signature")?;
///
/// let findings = Diagnosis::of(&request).signer(&signer).examine(&response);
/// assert!(findings.to_string().contains("the consumer secret ends with a line break"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Diagnosis<'a> {
    request: SentRequest<'a>,
    known: Known<'a>,
}

impl<'a> Diagnosis<'a> {
    /// Creates a diagnosis of a request as it was sent, with its signature.
    ///
    /// `request` is a reference to an [`http::Request`] or [`http::request::Parts`], or a
    /// [`SentRequest`].
    pub fn of(request: impl Into<SentRequest<'a>>) -> Self {
        Self { request: request.into(), known: Known::default() }
    }

    /// Sets the signer that signed the request, so that its credentials and the signature are checked.
    pub fn signer(mut self, signer: &'a Signer) -> Self {
        self.known.signer = Some(signer);
        self
    }

    /// Sets the URL that the response came from, if the client may have followed a redirect.
    pub fn final_url(mut self, url: &'a str) -> Self {
        self.known.final_url = Some(url);
        self
    }

    /// Sets the base string that the server computed, such as one from its log.
    ///
    /// A base string in the response itself is found without this.
    pub fn base_string(mut self, base_string: &'a str) -> Self {
        self.known.base_string = Some(base_string);
        self
    }

    /// Sets the request token (temporary credentials) of the flow that this request belongs to.
    ///
    /// The diagnosis then checks whether it was sent in place of an access token.
    pub fn temporary_token(mut self, token: &'a str) -> Self {
        self.known.temporary_token = Some(token);
        self
    }

    /// Returns the findings on a response, the most certain first.
    ///
    /// A response that was accepted, with a 2xx status and no problem in it, has no findings.
    pub fn examine<B: AsRef<[u8]>>(&self, response: &http::Response<B>) -> Findings {
        let received = Received::read(response.status(), response.headers(), response.body().as_ref());
        let problem = Problem::of(response.headers(), received.text.as_bytes());
        self.examine_received(Some(&received), problem.as_ref())
    }

    /// Returns the findings on the request alone, if there is no response.
    ///
    /// Use it with [`base_string`](Self::base_string) for a base string from a server's log.
    #[must_use]
    pub fn examine_request(&self) -> Findings {
        self.examine_received(None, None)
    }

    fn examine_received(&self, received: Option<&Received<'_>>, problem: Option<&Problem>) -> Findings {
        let sent = Sent::read(&self.request);
        let secrets = Secrets::of(&sent, self.known.signer);
        let examination = Examination {
            known: self.known,
            sent: &sent,
            received,
            reports: received.map(|received| codes::reports(received, sent.host())).unwrap_or_default(),
            problem,
            findings: Vec::new(),
            checked: Vec::new(),
        };
        let (summary, mut findings, mut checked) = examination.run();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.certainty()));
        findings.dedup_by(|later, earlier| later == earlier);
        for line in &mut checked {
            *line = secrets.redact(std::mem::take(line));
        }
        Findings {
            summary: secrets.redact(summary),
            list: findings.into_iter().map(|finding| finding.map(|text| secrets.redact(text))).collect(),
            checked,
        }
    }
}
