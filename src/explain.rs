//! What was signed, for a person who looks at a 401.

use std::fmt;

use crate::base_string::Source;
use crate::encode::{Coding, Octets, escaped_octet};
use crate::request::{Body, Content, RequestRef};

/// What a signature covers: the base string and its parts, and where each parameter came from.
///
/// It prints as text. There is no secret in it: those are in the key, which it does not have. What
/// the request itself carries in its query or form is there, though, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    signature_method: String,
    base_string: String,
    parameters: Vec<SignedParameter>,
    notes: Vec<Note>,
}

/// A parameter of the base string (§3.4.1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedParameter {
    name: String,
    value: String,
    source: Source,
}

impl SignedParameter {
    /// Its name, percent-encoded once, as parameters are sorted and joined.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value, percent-encoded once.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Where it came from.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }
}

impl Explanation {
    /// Reads the base string back: what is told is what was signed.
    pub(crate) fn new(
        signature_method: &str,
        base_string: String,
        sources: &[Source],
        notes: Vec<Note>,
    ) -> Self {
        let normalized = decode(base_string.rsplit('&').next().unwrap_or_default());
        let pairs = normalized.split('&').filter(|pair| !pair.is_empty());
        let parameters = pairs
            .zip(sources)
            .map(|(pair, &source)| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                SignedParameter { name: name.into(), value: value.into(), source }
            })
            .collect();
        Self { signature_method: signature_method.into(), base_string, parameters, notes }
    }

    /// `oauth_signature_method`.
    #[must_use]
    pub fn signature_method(&self) -> &str {
        &self.signature_method
    }

    /// The signature base string, whole (§3.4.1).
    #[must_use]
    pub fn base_string(&self) -> &str {
        &self.base_string
    }

    /// The HTTP method, in upper case: the base string's first part, decoded.
    #[must_use]
    pub fn method(&self) -> String {
        decode(self.part(0))
    }

    /// The base string URI (§3.4.1.2): the second part, decoded.
    #[must_use]
    pub fn base_uri(&self) -> String {
        decode(self.part(1))
    }

    /// The normalized parameters (§3.4.1.3.2): the third part, decoded.
    #[must_use]
    pub fn normalized_parameters(&self) -> String {
        decode(self.part(2))
    }

    /// Each of them, in that order.
    #[must_use]
    pub fn parameters(&self) -> &[SignedParameter] {
        &self.parameters
    }

    /// What is odd about the request or the credentials, and worth a look.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn part(&self, place: usize) -> &str {
        self.base_string.split('&').nth(place).unwrap_or_default()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "signed with  {}", self.signature_method)?;
        writeln!(f, "method       {}", self.method())?;
        writeln!(f, "base URI     {}", self.base_uri())?;
        writeln!(f, "parameters   encoded once, in sorted order")?;
        let width = self.parameters.iter().map(|parameter| parameter.name.len()).max().unwrap_or(0).min(32);
        for SignedParameter { name, value, source } in &self.parameters {
            writeln!(f, "  {source:<8}  {name:width$} = {value}")?;
        }
        writeln!(f, "base string  {} octets", self.base_string.len())?;
        write!(f, "  {}", self.base_string)?;
        for note in &self.notes {
            write!(f, "\nnote         {note}")?;
        }
        Ok(())
    }
}

/// Something about a request or its credentials that explains many a failed signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A secret starts or ends with white space: a line break, where a file was read whole.
    WhiteSpaceAroundSecret(&'static str),
    /// A `+` was read as a space, as forms and queries have it.
    PlusIsSpace(Source),
    /// A `%` without two hexadecimal digits stands for itself; other parsers may refuse it.
    StrayPercent(Source),
    /// The body is no form and there is no body hash, so the signature does not cover it.
    BodyNotCovered,
    /// The URL's user information is no part of what was signed.
    UserinfoLeftOut,
    /// The path has escapes, which are signed as they stand: the client must send them unchanged.
    EscapesInPath,
}

impl fmt::Display for Note {
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
pub(crate) fn notes_on(request: &RequestRef<'_>, hashed: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut look = |text: &[u8], source| {
        if text.contains(&b'+') {
            notes.push(Note::PlusIsSpace(source));
        }
        let mut rests = (0..text.len()).filter(|&at| text[at] == b'%').map(|at| &text[at + 1..]);
        if rests.any(|rest| escaped_octet(rest).is_none()) {
            notes.push(Note::StrayPercent(source));
        }
    };
    look(request.target().query().unwrap_or_default().as_bytes(), Source::Query);
    if let (Content::Form, Body::Octets(form)) = (request.content(), request.raw_body()) {
        look(form, Source::Form);
    }
    let is_opaque = match request.raw_body() {
        Body::Octets(octets) => !octets.is_empty(),
        Body::Unseen => request.content() == Content::Other,
        Body::Absent | Body::Pairs(_) => false,
    };
    if is_opaque && request.content() != Content::Form && !hashed {
        notes.push(Note::BodyNotCovered);
    }
    if request.target().has_userinfo() {
        notes.push(Note::UserinfoLeftOut);
    }
    if request.target().path().contains('%') {
        notes.push(Note::EscapesInPath);
    }
    notes
}

/// Undoes one round of percent-encoding. A base string is ASCII, and so is what one round leaves of
/// its last part; paths of a URI may hold other octets.
fn decode(text: &str) -> String {
    // Nothing here is form-encoded, but every '+' was escaped, so that none is misread.
    let octets: Vec<u8> = Octets::new(text.as_bytes(), Coding::Form).collect();
    String::from_utf8_lossy(&octets).into_owned()
}
