//! Finding the mistake behind a wrong signature.
//!
//! A server holds the secrets, so it can do what no client can: [`Claim::diagnose`] computes the signature
//! again with each known [`Mistake`], and with pairs of them, and tells which one makes it right. A mistake
//! is only named if the signature really matches.
//!
//! The result is for the operator, never for the client, and never a reason to admit a request.
//!
//! # Examples
//!
//! A client that left the query out of its base string:
//!
//! ```
//! use oauth1_signer::verify::diagnosis::{DiagnosisOutcome, Mistake};
//! use oauth1_signer::verify::{ClientRecord, IncomingRequest, Policy};
//! use oauth1_signer::{ClientCredentials, Origin, Signer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let credentials = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let signed = Signer::builder(credentials.clone())
//!     .build()?
//!     .authorize(http::Request::get("https://photos.example.net/photos").body("")?)?;
//! let (mut head, _) = signed.into_parts();
//! head.uri = "https://photos.example.net/photos?size=original".parse()?;
//!
//! let policy = Policy::new(Origin::new("https://photos.example.net")?).require_token(false);
//! let claim = policy.read(&head)?;
//! let record = ClientRecord::new(credentials)?;
//! assert!(claim.prove(Some(&record), None).is_err());
//!
//! let diagnosis = claim.diagnose(Some(&record), None);
//! assert_eq!(diagnosis.outcome(), DiagnosisOutcome::Explained);
//! let finding = diagnosis.finding().expect("it is explained");
//! assert_eq!(finding.mistakes(), [Mistake::QueryLeftOut]);
//! println!("{diagnosis}");
//! # Ok(()) }
//! ```
//!
//! # Cost
//!
//! A diagnosis compares at most 1,000 candidates and writes at most 2 MiB. That is far more work than a
//! verification, and somebody who sends forged requests could make the server do it again and again. So the
//! server makes a diagnosis only when you call [`Claim::diagnose`]. If you call it for each rejected request,
//! ask a [`DiagnosisLimit`] first.

mod check;
mod limit;
mod mistake;
mod recipe;
mod encoding;
mod key;
mod report;
mod snapshot;
mod head;
mod parameters;
mod steps;
mod search;
mod target;
mod run;

pub use limit::DiagnosisLimit;
pub use mistake::Mistake;

use crate::explain::Explanation;

use super::claim::Claim;
use super::record::{ClientRecord, TokenRecord};

/// The result of [`Claim::diagnose`]: the mistake that makes a signature right, if one is found.
///
/// It prints as a page for the operator. The page contains no secret and no xAuth password
/// (`x_auth_password`), but it contains the other parameters of query and form. Do not send it to the client.
#[derive(Clone, Debug)]
#[must_use]
pub struct SignatureDiagnosis {
    outcome: DiagnosisOutcome,
    finding: Option<SignatureFinding>,
    client_key: String,
    explanation: Explanation,
    candidates: usize,
    is_complete: bool,
}

/// The outcome of a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DiagnosisOutcome {
    /// The signature is right. The rejection has another cause: the timestamp, the nonce or the token.
    Right,
    /// One or two mistakes make the signature right: see [`SignatureDiagnosis::finding`].
    Explained,
    /// No known mistake makes the signature right. The most frequent cause is another secret.
    Unexplained,
    /// The signature does not have the form of its method, so no computation can match it.
    NotASignature,
    /// The RSA signature was not made by the private key of the client's record.
    OtherKey,
    /// The signature is right, but the body is not the one that `oauth_body_hash` was computed from.
    OtherBody,
    /// There is no record of the client or of the token, or the client may not use the signature method.
    NoRecord,
}

impl DiagnosisOutcome {
    fn explanation(self) -> &'static str {
        match self {
            Self::Right => {
                "the signature is right: look for the cause in the timestamp, the nonce or the token"
            }
            Self::Explained => "the signature is right, but for this:",
            Self::Unexplained => {
                "no known mistake makes the signature right: compare the secrets of both sides, then the base strings"
            }
            Self::NotASignature => "what was sent has not the form of such a signature",
            Self::OtherKey => {
                "the signature was made by another private key than that of the client's record"
            }
            Self::OtherBody => "the signature is right, but the body is not the one that was hashed",
            Self::NoRecord => {
                "there is no record of the client or of the token, or the client may not use this signature method"
            }
        }
    }
}

/// The mistakes that together make a signature right, and the base string that the client signed.
#[derive(Clone, Debug)]
pub struct SignatureFinding {
    mistakes: Vec<Mistake>,
    alternatives: Vec<Mistake>,
    base_string: String,
}

impl SignatureFinding {
    /// Returns the mistakes: one or two in the computation, and any in the form of the signature.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// Returns other single mistakes that lead to the same signature for this request.
    #[must_use]
    pub fn alternatives(&self) -> &[Mistake] {
        &self.alternatives
    }

    /// Returns the base string that the client has signed.
    ///
    /// Bytes that are not UTF-8 are replaced. So are an xAuth password, and a body that is not a form.
    #[must_use]
    pub fn base_string(&self) -> &str {
        &self.base_string
    }
}

impl SignatureDiagnosis {
    /// Returns the kind of result.
    #[must_use]
    pub fn outcome(&self) -> DiagnosisOutcome {
        self.outcome
    }

    /// Returns the mistakes, or `None` if no known mistake makes the signature right.
    #[must_use]
    pub fn finding(&self) -> Option<&SignatureFinding> {
        self.finding.as_ref()
    }

    /// Returns the explanation of the base string that the server expects, as [`Claim::explanation`] does.
    #[must_use]
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }

    /// Returns the number of candidates that were compared, at most 1,000.
    #[must_use]
    pub fn candidates(&self) -> usize {
        self.candidates
    }

    /// Returns `true` if the search tried every candidate, or found one that matches.
    ///
    /// For a large request, or one with many oddities, the limit on the work leaves some candidates out.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

impl Claim<'_> {
    /// Searches for the mistake that makes the signature right, with the records that you looked up.
    ///
    /// Call it after [`prove`](Self::prove) has failed with
    /// [`WrongSignature`](super::RejectionReason::WrongSignature) or
    /// [`WrongBodyHash`](super::RejectionReason::WrongBodyHash). See the [module](self) for an example.
    ///
    /// # Security
    ///
    /// The work is limited, but it is many times the work of a verification. Use a [`DiagnosisLimit`]. The
    /// time that a diagnosis takes is not constant. Its result is for the operator only.
    pub fn diagnose(&self, client: Option<&ClientRecord>, token: Option<&TokenRecord>) -> SignatureDiagnosis {
        run::run(self, client, token)
    }
}
