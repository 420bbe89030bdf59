//! The findings of a diagnosis, as data and as a page to read.

use std::fmt;

use super::kind::FindingKind;
use super::page;

/// The certainty of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Certainty {
    /// It fits, and so may other causes.
    Possible,
    /// It explains the response, and few other causes do.
    Likely,
    /// The request or the response shows it.
    Proven,
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Proven => "proven",
        })
    }
}

/// A cause of a rejected request, with its evidence and its remedy.
///
/// It contains no secret: see the [module documentation](super).
///
/// # Examples
///
/// ```
/// use oauth1_signer::diagnose::{Certainty, Finding};
///
/// fn report(finding: &Finding) {
///     if finding.certainty() >= Certainty::Likely {
///         println!("{}: {}", finding.kind(), finding.remedy());
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    kind: FindingKind,
    certainty: Certainty,
    evidence: String,
    remedy: String,
}

impl Finding {
    pub(super) fn new(
        kind: FindingKind,
        certainty: Certainty,
        evidence: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { kind, certainty, evidence: evidence.into(), remedy: remedy.into() }
    }

    pub(super) fn proven(kind: FindingKind, evidence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(kind, Certainty::Proven, evidence, remedy)
    }

    pub(super) fn likely(kind: FindingKind, evidence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(kind, Certainty::Likely, evidence, remedy)
    }

    pub(super) fn possible(
        kind: FindingKind,
        evidence: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(kind, Certainty::Possible, evidence, remedy)
    }

    pub(super) fn at_most(mut self, certainty: Certainty) -> Self {
        self.certainty = self.certainty.min(certainty);
        self
    }

    /// Changes the texts of the finding.
    pub(super) fn map(mut self, change: impl Fn(String) -> String) -> Self {
        self.evidence = change(self.evidence);
        self.remedy = change(self.remedy);
        self
    }

    /// Returns the cause.
    #[must_use]
    pub fn kind(&self) -> FindingKind {
        self.kind
    }

    /// Returns the certainty of the finding.
    #[must_use]
    pub fn certainty(&self) -> Certainty {
        self.certainty
    }

    /// Returns the evidence in the request or the response, in one or more lines.
    #[must_use]
    pub fn evidence(&self) -> &str {
        &self.evidence
    }

    /// Returns the remedy.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind, self.certainty)?;
        page::paragraph(f, "   seen: ", &self.evidence)?;
        page::paragraph(f, "   do:   ", &self.remedy)
    }
}

/// The findings of a diagnosis, the most certain first.
///
/// `Display` prints a page: the response in one line, each finding with its evidence and remedy, and the
/// facts that were checked and are right.
///
/// # Examples
///
/// ```
/// use http::{Request, Response};
/// use oauth1_signer::diagnose::{Diagnosis, FindingKind};
/// use oauth1_signer::{ClientCredentials, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
/// let request = signer.authorize(Request::get("https://api.example.com/items").body(())?)?;
/// let response = Response::builder().status(401).body("oauth_problem=consumer_key_unknown")?;
///
/// let findings = Diagnosis::of(&request).examine(&response);
/// assert_eq!(findings.first().map(|finding| finding.kind()), Some(FindingKind::ConsumerKey));
/// println!("{findings}");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Findings {
    pub(super) summary: String,
    #[cfg_attr(feature = "serde", serde(rename = "findings"))]
    pub(super) list: Vec<Finding>,
    pub(super) checked: Vec<String>,
}

impl Findings {
    /// Returns the response in one line: its status, its host, and the problem that the server reports.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Returns the most certain finding, or `None` if there is nothing to report.
    #[must_use]
    pub fn first(&self) -> Option<&Finding> {
        self.list.first()
    }

    /// Returns an iterator over the findings, the most certain first.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
    }

    /// Returns `true` if there is nothing to report.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the facts that were checked and are right, as one sentence each.
    #[must_use]
    pub fn checked(&self) -> &[String] {
        &self.checked
    }
}

impl<'f> IntoIterator for &'f Findings {
    type Item = &'f Finding;
    type IntoIter = std::slice::Iter<'f, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)?;
        for (place, finding) in self.list.iter().enumerate() {
            write!(f, "\n\n{}. {finding}", place + 1)?;
        }
        if self.list.is_empty() {
            f.write_str("\n\nNothing to report.")?;
        }
        if !self.checked.is_empty() {
            f.write_str("\n\nChecked and right:")?;
            for line in &self.checked {
                page::paragraph(f, " - ", line)?;
            }
        }
        Ok(())
    }
}
