//! Properties of a request or its credentials that often cause a wrong signature.

use std::fmt;

use crate::parameter::ParameterSource;
use crate::percent::escaped_byte;
use crate::request::{Body, Content, RequestRef};

/// A property of a request or its credentials that often causes a wrong signature.
///
/// [`Explanation::hints`](super::Explanation::hints) returns these. `Display` prints one line of text.
///
/// # Examples
///
/// ```
/// use oauth1_signer::explain::Hint;
/// use oauth1_signer::request::ParameterSource;
/// use oauth1_signer::{ClientCredentials, RequestRef, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
/// let (_, explanation) = signer.explain(RequestRef::new("GET", "https://api.example.com/items?q=a+b")?)?;
/// assert_eq!(explanation.hints(), [Hint::PlusIsSpace(ParameterSource::Query)]);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// A secret starts or ends with white space, such as the line break at the end of a file.
    ///
    /// The field names the secret.
    WhiteSpaceAroundSecret(&'static str),
    /// A `+` in the query or the form was read as a space.
    PlusIsSpace(ParameterSource),
    /// A `%` that is not followed by two hexadecimal digits was signed as a `%`.
    ///
    /// Some servers reject such a request.
    StrayPercent(ParameterSource),
    /// The signature does not cover the body, which is not a form and has no body hash.
    BodyNotCovered,
    /// The URL has user information, which is not part of the base string.
    UserinfoLeftOut,
    /// The path has percent escapes, which the client must send unchanged.
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

/// Returns the hints for a request; `hashed` is `true` if it has a body hash.
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
