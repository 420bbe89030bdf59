//! The signature base string and its parts, for a reader.

use std::fmt;

use super::difference::{self, Difference};
use super::hint::Hint;
use super::parameter::{SignedParameter, decode};
use super::redact;
use crate::parameter::ParameterSource;

/// The signature base string of a request, its parts, and the source of each parameter.
///
/// [`Signer::explain`](crate::Signer::explain) returns it. `Display` prints several lines of text for a
/// reader.
///
/// # Security
///
/// It does not contain the secrets of the key. It contains the parameters of the request's query and form.
/// The values of these parameters are replaced by `[redacted]`, in the base string too: `oauth_verifier` (the
/// verification code or PIN), `oauth_session_handle`, `x_auth_password`, `oauth_token_secret` and
/// `oauth_consumer_secret`.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, RequestRef, Signer, Stamp};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("key", "secret")).version(false).build()?;
/// let request = RequestRef::new("GET", "HTTPS://API.example.com:443/items?q=a+b")?;
/// let explanation = signer.prepare_with(request, Stamp::new(1_700_000_000, "n1")?)?.explanation();
///
/// assert_eq!(explanation.base_uri(), "https://api.example.com/items");
/// assert_eq!(
///     explanation.normalized_parameters(),
///     "oauth_consumer_key=key&oauth_nonce=n1&oauth_signature_method=HMAC-SHA1\
///      &oauth_timestamp=1700000000&q=a%20b",
/// );
/// # Ok(()) }
/// ```
#[doc(alias = "signature base string")]
#[doc(alias = "invalid signature")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    signature_method: String,
    base_string: String,
    parameters: Vec<SignedParameter>,
    hints: Vec<Hint>,
}

impl Explanation {
    /// Creates an explanation from a base string and the source of each of its parameters.
    ///
    /// It reads the parts from the base string itself, so it shows exactly what was signed.
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

    /// Returns the signature method (`oauth_signature_method`).
    #[must_use]
    pub fn signature_method(&self) -> &str {
        &self.signature_method
    }

    /// Returns the signature base string (RFC 5849 §3.4.1).
    #[must_use]
    pub fn base_string(&self) -> &str {
        &self.base_string
    }

    /// Returns the HTTP method in upper case: the first part of the base string, decoded.
    #[must_use]
    pub fn method(&self) -> String {
        decode(self.part(0))
    }

    /// Returns the base string URI: the second part of the base string, decoded (RFC 5849 §3.4.1.2).
    #[must_use]
    pub fn base_uri(&self) -> String {
        decode(self.part(1))
    }

    /// Returns the normalized parameters: the third part of the base string, decoded.
    ///
    /// Names and values are percent-encoded once (RFC 5849 §3.4.1.3.2).
    #[must_use]
    pub fn normalized_parameters(&self) -> String {
        decode(self.part(2))
    }

    /// Returns the parameters, in the order of the base string.
    #[must_use]
    pub fn parameters(&self) -> &[SignedParameter] {
        &self.parameters
    }

    /// Returns the properties of the request or the credentials that often cause a wrong signature.
    #[must_use]
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// Returns the differences to another base string, such as the one in a server's error response.
    ///
    /// If there are none, the base string is correct and the key is wrong: check the secrets and the
    /// signature method.
    ///
    /// # Examples
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
