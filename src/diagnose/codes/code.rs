//! A code, and the problem that a response reports with it.

use crate::diagnose::finding::Certainty;
use crate::diagnose::kind::FindingKind;

/// The meaning of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnose) enum Says {
    /// This is the cause.
    Cause(FindingKind),
    /// The signature does not match: the cause is still to be found.
    Signature,
    /// The request is rejected: the cause is still to be found.
    Unclear,
}

/// A row of a table.
pub(super) struct Code {
    pub(super) value: &'static str,
    pub(super) says: Says,
    pub(super) remedy: &'static str,
}

pub(super) const fn cause(code: &'static str, kind: FindingKind, remedy: &'static str) -> Code {
    Code { value: code, says: Says::Cause(kind), remedy }
}

/// Returns a code for a signature that does not match.
pub(super) const fn signature(code: &'static str) -> Code {
    Code { value: code, says: Says::Signature, remedy: "" }
}

/// Returns a code that only tells that the request is rejected.
pub(super) const fn unclear(code: &'static str, remedy: &'static str) -> Code {
    Code { value: code, says: Says::Unclear, remedy }
}

/// A problem that a response reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::diagnose) struct Report {
    /// The field and the code, to show to a person.
    pub(in crate::diagnose) shown: String,
    pub(in crate::diagnose) says: Says,
    pub(in crate::diagnose) certainty: Certainty,
    pub(in crate::diagnose) remedy: &'static str,
}

impl Report {
    pub(super) fn of(field: &str, code: &Code) -> Self {
        let shown = format!("{field} {}", code.value);
        Self { shown, says: code.says, certainty: Certainty::Proven, remedy: code.remedy }
    }
}
