//! The rules that a nonce log must keep, and the error for a log that breaks one.

use std::fmt;

use crate::boxed::BoxError;

use super::super::NonceStatus;

/// A rule that every nonce log must keep.
///
/// [`Display`](fmt::Display) gives the rule and the remedy.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::conformance::NonceLogRule;
///
/// assert!(NonceLogRule::WithoutToken.to_string().contains("NULL"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NonceLogRule {
    /// A nonce is fresh once.
    FreshOnce,
    /// A nonce without a token is fresh once, too.
    WithoutToken,
    /// An empty token is not the same as no token.
    EmptyToken,
    /// Two nonces that differ in one part, in any byte, are two nonces.
    EachPart,
    /// Parts that give the same text when they are joined are still different parts.
    JoinedParts,
    /// Long texts are compared to their last byte.
    LongText,
    /// If many calls pass one nonce at the same time, it is fresh for exactly one of them.
    Race,
    /// A nonce is remembered until `expires` is over.
    UntilExpires,
    /// A nonce is not fresh if `expires` is before `now`.
    Expired,
    /// A nonce is remembered for servers whose clocks are a few seconds behind.
    ClockDifference,
    /// A flood with one token leaves room for the other tokens of its client.
    TokenShare,
    /// A flood of one client leaves room for the others.
    ClientShare,
    /// A nonce that was used is not fresh while its client has no room.
    FullForgetsNothing,
}

impl NonceLogRule {
    fn texts(self) -> (&'static str, &'static str) {
        const KEY: &str = "store `Nonce::key()` under a UNIQUE or PRIMARY KEY constraint";
        match self {
            Self::FreshOnce => ("a nonce is fresh once", KEY),
            Self::WithoutToken => (
                "a nonce without a token is fresh once",
                "in SQL, NULL is never equal to NULL: store `Nonce::key()` in place of the parts",
            ),
            Self::EmptyToken => ("an empty token is not the same as no token", KEY),
            Self::EachPart => (
                "nonces that differ in one byte are different",
                "a collation may ignore case, accents or spaces: store `Nonce::key()`",
            ),
            Self::JoinedParts => (
                "parts that join to the same text are different parts",
                "do not join the parts of a nonce: store `Nonce::key()`",
            ),
            Self::LongText => (
                "long texts are compared to their last byte",
                "a column may cut off long texts: store `Nonce::key()`",
            ),
            Self::Race => (
                "a nonce that comes many times at once is fresh once",
                "check and insert in one statement: INSERT … ON CONFLICT DO NOTHING, and count the rows",
            ),
            Self::UntilExpires => (
                "a nonce is remembered until `expires` is over",
                "delete by the `expires` that the log was given, not by the time of insertion",
            ),
            Self::Expired => {
                ("a nonce is not fresh if `expires` is before `now`", "return `Replayed` if `expires < now`")
            }
            Self::ClockDifference => (
                "a nonce is remembered for servers whose clocks are a few seconds behind",
                "delete rows an hour after `expires`, not at `expires`",
            ),
            Self::TokenShare => (
                "a flood with one token leaves room for the client's other tokens",
                "count the nonces of each client and token, and return `Full` above the limit",
            ),
            Self::ClientShare => (
                "a flood of one client leaves room for other clients",
                "count the nonces of each client, and return `Full` above the limit",
            ),
            Self::FullForgetsNothing => (
                "a nonce that was used is not fresh while there is no room",
                "do not delete nonces that have not expired to make room",
            ),
        }
    }
}

impl fmt::Display for NonceLogRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rule, remedy) = self.texts();
        write!(f, "{rule} (to fix it: {remedy})")
    }
}

/// An error that names the rule that a nonce log breaks.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::conformance::{NonceLogError, NonceLogRule};
///
/// fn is_known(error: &NonceLogError) -> bool {
///     error.rule() == NonceLogRule::ClockDifference
/// }
/// ```
#[derive(Debug)]
pub struct NonceLogError {
    rule: NonceLogRule,
    detail: Detail,
}

#[derive(Debug)]
enum Detail {
    Status { wanted: &'static str, status: NonceStatus, case: String },
    Failed { source: BoxError, case: String },
}

impl NonceLogError {
    pub(super) fn status(rule: NonceLogRule, wanted: &'static str, status: NonceStatus, case: &str) -> Self {
        Self { rule, detail: Detail::Status { wanted, status, case: case.to_owned() } }
    }

    pub(super) fn failed(rule: NonceLogRule, source: BoxError, case: &str) -> Self {
        Self { rule, detail: Detail::Failed { source, case: case.to_owned() } }
    }

    /// Returns the rule that the log breaks.
    ///
    /// # Examples
    ///
    /// ```
    /// # use oauth1_signer::verify::conformance::NonceLogError;
    /// fn report(error: &NonceLogError) {
    ///     println!("{:?}: {error}", error.rule());
    /// }
    /// ```
    #[must_use]
    pub fn rule(&self) -> NonceLogRule {
        self.rule
    }
}

impl fmt::Display for NonceLogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Detail::Status { wanted, status, case } => {
                write!(f, "the nonce log breaks the rule {:?}: {}; ", self.rule, self.rule)?;
                write!(f, "{case}: expected {wanted}, got {status:?}")
            }
            Detail::Failed { case, .. } => {
                write!(f, "the nonce log failed at the rule {:?}: {}; {case}", self.rule, self.rule)
            }
        }
    }
}

impl std::error::Error for NonceLogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.detail {
            Detail::Status { .. } => None,
            Detail::Failed { source, .. } => Some(&**source),
        }
    }
}
