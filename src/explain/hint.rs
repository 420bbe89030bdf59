//! What in a request or its credentials is worth a look when a signature does not match.

use std::fmt;

use crate::parameter::ParameterSource;
use crate::percent::escaped_byte;
use crate::request::{Body, Content, RequestRef};

/// Something about a request or its credentials that explains many a failed signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// A secret starts or ends with white space: a line break, where a file was read whole.
    WhiteSpaceAroundSecret(&'static str),
    /// A `+` was read as a space, as forms and queries have it.
    PlusIsSpace(ParameterSource),
    /// A `%` without two hexadecimal digits stands for itself; other parsers may refuse it.
    StrayPercent(ParameterSource),
    /// The body is no form and there is no body hash, so the signature does not cover it.
    BodyNotCovered,
    /// The URL's user information is no part of what was signed.
    UserinfoLeftOut,
    /// The path has escapes, which are signed as they stand: the client must send them unchanged.
    EscapesInPath,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WhiteSpaceAroundSecret(which) => {
                write!(f, "the {which} starts or ends with white space; if it was read from a file, trim it")
            }
            Self::PlusIsSpace(source) => {
                write!(f, "a '+' in the {source} was read as a space; write %2B where a plus is meant")
            }
            Self::StrayPercent(source) => {
                write!(f, "a '%' in the {source} is no escape and was signed as itself; write %25")
            }
            Self::BodyNotCovered => {
                f.write_str("the body is not a form, so the signature does not cover it (no oauth_body_hash)")
            }
            Self::UserinfoLeftOut => f.write_str("the URL's user information is not part of the base string"),
            Self::EscapesInPath => f.write_str(
                "the path's escapes were signed as they stand; the request must be sent with just these",
            ),
        }
    }
}

/// What is worth a look in a request.
pub(crate) fn hints_on(request: &RequestRef<'_>, hashed: bool) -> Vec<Hint> {
    let mut hints = Vec::new();
    let mut look = |text: &[u8], source| {
        if text.contains(&b'+') {
            hints.push(Hint::PlusIsSpace(source));
        }
        let mut rests = (0..text.len()).filter(|&at| text[at] == b'%').map(|at| &text[at + 1..]);
        if rests.any(|rest| escaped_byte(rest).is_none()) {
            hints.push(Hint::StrayPercent(source));
        }
    };
    look(request.target().query().unwrap_or_default().as_bytes(), ParameterSource::Query);
    if let (Content::Form, Body::Bytes(form)) = (request.content(), request.raw_body()) {
        look(form, ParameterSource::Form);
    }
    let is_opaque = match request.raw_body() {
        Body::Bytes(bytes) => !bytes.is_empty(),
        Body::Unseen => request.content() == Content::Other,
        Body::Absent | Body::Pairs(_) => false,
    };
    if is_opaque && request.content() != Content::Form && !hashed {
        hints.push(Hint::BodyNotCovered);
    }
    if request.target().has_userinfo() {
        hints.push(Hint::UserinfoLeftOut);
    }
    if request.target().path().contains('%') {
        hints.push(Hint::EscapesInPath);
    }
    hints
}
