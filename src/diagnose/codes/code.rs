//! A code, and what a response reports by one.

use crate::diagnose::finding::Certainty;
use crate::diagnose::kind::FindingKind;

/// What a code means.
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

/// The signature does not match.
pub(super) const fn signature(code: &'static str) -> Code {
    Code { value: code, says: Says::Signature, remedy: "" }
}

/// No more is said than no.
pub(super) const fn unclear(code: &'static str, remedy: &'static str) -> Code {
    Code { value: code, says: Says::Unclear, remedy }
}

/// What a response reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::diagnose) struct Report {
    /// The field and the code, for a person.
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
