//! The base string and its parts, to look at.

use std::fmt;

use super::difference::{self, Difference};
use super::hint::Hint;
use super::parameter::{SignedParameter, decode};
use super::redact;
use crate::parameter::ParameterSource;

/// What a signature covers: the base string and its parts, and where each parameter came from.
///
/// It prints as text. It does not contain the secrets of the key. It does contain, encoded, what the request carries in
/// its query or form, with these values replaced by `[redacted]`, in the base string too: `oauth_verifier` (also a
/// PIN), `oauth_session_handle`, `x_auth_password`, and secrets that a request carries by mistake
/// (`oauth_token_secret`, `oauth_consumer_secret`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    signature_method: String,
    base_string: String,
    parameters: Vec<SignedParameter>,
    hints: Vec<Hint>,
}

impl Explanation {
    /// Reads the base string back: what is told is what was signed.
    pub(crate) fn new(
        signature_method: &str,
        base_string: &str,
        sources: &[ParameterSource],
        hints: Vec<Hint>,
    ) -> Self {
        let base_string = redact::redact(base_string);
        let normalized = decode(base_string.rsplit('&').next().unwrap_or_default());
        let pairs = normalized.split('&').filter(|pair| !pair.is_empty());
        let parameters = pairs
            .zip(sources)
            .map(|(pair, &source)| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                SignedParameter { name: name.into(), value: value.into(), source }
            })
            .collect();
        Self { signature_method: signature_method.into(), base_string, parameters, hints }
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
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// How another base string differs, such as one that a server prints with its refusal. Nothing
    /// differs: then it is the key, so look at the secrets and the signature method.
    ///
    /// ```
    /// # use oauth1_signer::{ClientCredentials, RequestRef, Signer, Stamp, explain::Difference};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let signer = Signer::builder(ClientCredentials::new("key", "secret")).version(false).build()?;
    /// let request = RequestRef::new("GET", "https://api.example.com/items?q=a+b")?;
    /// let explanation = signer.prepare_with(request, Stamp::new(1_700_000_000, "n1")?)?.explanation();
    ///
    /// let theirs = "GET&https%3A%2F%2Fapi.example.com%2Fitems&oauth_consumer_key%3Dkey\
    ///     %26oauth_nonce%3Dn1%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000000%26q%3Da%252Bb";
    /// let lines: Vec<String> = explanation.differences(theirs).iter().map(Difference::to_string).collect();
    /// assert_eq!(lines, ["only ours: q=a%20b (query)", "only theirs: q=a%2Bb"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn differences(&self, theirs: &str) -> Vec<Difference> {
        difference::between(&self.base_string, &self.parameters, theirs.trim())
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
        writeln!(f, "base string  {} bytes", self.base_string.len())?;
        write!(f, "  {}", self.base_string)?;
        for note in &self.hints {
            write!(f, "\nnote         {note}")?;
        }
        Ok(())
    }
}
