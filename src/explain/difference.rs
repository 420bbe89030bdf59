//! The differences between our base string and one that a server computed.

use std::cmp::Ordering;
use std::fmt;

use zeroize::Zeroizing;

use super::parameter::{SignedParameter, decode, decode_wiped};
use super::redact::{mentions_secret, redact, shown, shown_part};

/// A difference between our base string and another one ("theirs").
///
/// [`Explanation::differences`](super::Explanation::differences) returns these. Names and values are
/// percent-encoded once. `Display` prints one line of text.
///
/// # Examples
///
/// ```
/// use oauth1_signer::explain::Difference;
/// use oauth1_signer::{ClientCredentials, RequestRef, Signer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::builder(ClientCredentials::new("key", "secret")).build()?;
/// let (_, explanation) = signer.explain(RequestRef::new("GET", "https://api.example.com/items")?)?;
///
/// let theirs = explanation.base_string().replacen("https", "http", 1);
/// let differences = explanation.differences(&theirs);
/// assert!(matches!(&differences[..], [Difference::BaseUri { .. }]));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// Their text is not a base string, because it does not have exactly two `&`.
    NotABaseString,
    /// The HTTP methods differ.
    Method {
        /// The method in our base string.
        ours: String,
        /// The method in their base string.
        theirs: String,
    },
    /// The base string URIs differ in scheme, host, port or path.
    BaseUri {
        /// The URI in our base string.
        ours: String,
        /// The URI in their base string.
        theirs: String,
    },
    /// A parameter is not in their base string, or not as often as in ours.
    OnlyOurs {
        /// The parameter.
        parameter: SignedParameter,
    },
    /// A parameter is not in our base string, or not as often as in theirs.
    OnlyTheirs {
        /// The parameter's name.
        name: String,
        /// The parameter's value.
        value: String,
    },
    /// The parameters are the same, but in another order.
    Order,
    /// The parts are the same, but encoded in another way.
    Encoding,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABaseString => {
                f.write_str("theirs is no base string: it has not three parts with & between")
            }
            Self::Method { ours, theirs } => write!(f, "method: ours {ours}, theirs {theirs}"),
            Self::BaseUri { ours, theirs } => write!(f, "base URI: ours {ours}, theirs {theirs}"),
            Self::OnlyOurs { parameter: SignedParameter { name, value, source } } => {
                write!(f, "only ours: {name}={value} ({source})")
            }
            Self::OnlyTheirs { name, value } => write!(f, "only theirs: {name}={value}"),
            Self::Order => f.write_str("the parameters are the same, but theirs are in another order"),
            Self::Encoding => f.write_str("the parts are the same, but theirs are encoded in another way"),
        }
    }
}

/// Returns the differences, in the order of the base string.
pub(super) fn between(ours: &str, our_parameters: &[SignedParameter], theirs: &str) -> Vec<Difference> {
    // Ours is without the values of secret parameters, so theirs is compared without them too.
    let redacted = redact(theirs);
    if ours == redacted {
        return Vec::new();
    }
    let ours: Vec<String> = ours.split('&').map(decode).collect();
    // The server may repeat the password of xAuth in this text, so it is wiped when dropped.
    let theirs: Vec<Zeroizing<String>> = theirs.split('&').map(decode_wiped).collect();
    let [method, base_uri, parameters] = &theirs[..] else {
        return vec![Difference::NotABaseString];
    };
    let part = |place: usize| ours.get(place).cloned().unwrap_or_default();
    let mut differences = Vec::new();
    if part(0) != **method {
        differences.push(Difference::Method { ours: part(0), theirs: shown_part(method).to_owned() });
    }
    if part(1) != **base_uri {
        differences.push(Difference::BaseUri { ours: part(1), theirs: shown_part(base_uri).to_owned() });
    }
    differences.extend(between_parameters(our_parameters, parameters));
    if differences.is_empty() {
        let same_order = part(2) == decode(redacted.rsplit('&').next().unwrap_or_default());
        differences.push(if same_order { Difference::Encoding } else { Difference::Order });
    }
    differences
}

/// Returns the parameters that only one side has; an occurrence on one side cancels one on the other.
fn between_parameters(ours: &[SignedParameter], theirs: &str) -> Vec<Difference> {
    // If a secret contains `&` and the server does not encode it, the rest of the secret looks like a
    // parameter. Every pair of a base string has a `=`, so a piece without `=` is taken for such a rest.
    let has_secret = mentions_secret(theirs);
    let pairs = theirs.split('&').filter(|pair| !pair.is_empty());
    let mut theirs: Vec<(&str, &str)> = pairs
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => shown(name, value),
            None if has_secret => ("[redacted]", ""),
            None => (pair, ""),
        })
        .collect();
    theirs.sort_unstable();
    let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.into_iter().peekable());
    let mut differences = Vec::new();
    while let Some(order) = next_of(ours.peek(), theirs.peek()) {
        let our = ours.next_if(|_| order.is_le());
        let their = theirs.next_if(|_| order.is_ge());
        match (our, their) {
            (Some(parameter), None) => {
                differences.push(Difference::OnlyOurs { parameter: parameter.clone() });
            }
            (None, Some((name, value))) => {
                differences.push(Difference::OnlyTheirs { name: name.to_owned(), value: value.to_owned() });
            }
            _ => {}
        }
    }
    differences
}

/// Returns which of two sorted lists to advance: `Equal` means both of them.
fn next_of(ours: Option<&&SignedParameter>, theirs: Option<&(&str, &str)>) -> Option<Ordering> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => Some((ours.name(), ours.value()).cmp(theirs)),
        (Some(_), None) => Some(Ordering::Less),
        (None, Some(_)) => Some(Ordering::Greater),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Explanation;
    use crate::parameter::ParameterSource;

    const OURS: &str = "GET&http%3A%2F%2Fh%2F&a%3D1%26a%3D1%26b%3D2";

    fn lines(theirs: &str) -> Vec<String> {
        let ours = Explanation::new("HMAC-SHA1", OURS, &[ParameterSource::Query; 3], Vec::new());
        ours.differences(theirs).iter().map(Difference::to_string).collect()
    }

    /// A server prints the whole text, ours is shown without the code: that is no difference.
    #[test]
    fn a_redacted_value_is_no_difference() {
        let whole = "GET&http%3A%2F%2Fh%2F&oauth_token%3Dt%26oauth_verifier%3Dhunter2%26z%3D1";
        let ours = Explanation::new("HMAC-SHA1", whole, &[ParameterSource::Protocol; 3], Vec::new());
        assert!(!ours.base_string().contains("hunter2"));
        assert!(ours.differences(whole).is_empty(), "{:?}", ours.differences(whole));
        let other = whole.replace("z%3D1", "z%3D2");
        assert_eq!(ours.differences(&other).len(), 2, "{:?}", ours.differences(&other));
    }

    #[test]
    fn tells_each_difference() {
        assert!(lines(&format!(" {OURS}\n")).is_empty());
        assert_eq!(lines("a&b"), ["theirs is no base string: it has not three parts with & between"]);
        assert_eq!(
            lines("POST&https%3A%2F%2Fh%2F&a%3D1%26b%3D3"),
            [
                "method: ours GET, theirs POST",
                "base URI: ours http://h/, theirs https://h/",
                "only ours: a=1 (query)",
                "only ours: b=2 (query)",
                "only theirs: b=3",
            ]
        );
        assert_eq!(
            lines("GET&http%3A%2F%2Fh%2F&b%3D2%26a%3D1%26a%3D1"),
            ["the parameters are the same, but theirs are in another order"]
        );
        assert_eq!(
            lines("GET&http%3a%2f%2fh%2f&a%3D1%26a%3D1%26b%3D2"),
            ["the parts are the same, but theirs are encoded in another way"]
        );
    }
}
