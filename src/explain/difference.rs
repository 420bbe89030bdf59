//! Two base strings side by side: ours, and one that somebody else computed.

use std::cmp::Ordering;
use std::fmt;

use zeroize::Zeroizing;

use super::parameter::{SignedParameter, decode, decode_wiped};
use super::redact::{mentions_secret, shown, shown_part};

/// One thing in which two base strings differ. Names and values are percent-encoded once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// Theirs is no base string: it has not just two `&`.
    NotABaseString,
    /// The methods differ.
    Method {
        /// What we signed.
        ours: String,
        /// What they have.
        theirs: String,
    },
    /// The base string URIs differ: scheme, host, port or path.
    BaseUri {
        /// What we signed.
        ours: String,
        /// What they have.
        theirs: String,
    },
    /// A parameter that they do not have, or not as often.
    OnlyOurs {
        /// The parameter.
        parameter: SignedParameter,
    },
    /// A parameter that we do not have, or not as often.
    OnlyTheirs {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// The same parameters, in another order.
    Order,
    /// The same parts, encoded in another way.
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

/// What differs, in the order of the base string.
pub(super) fn between(ours: &str, our_parameters: &[SignedParameter], theirs: &str) -> Vec<Difference> {
    if ours == theirs {
        return Vec::new();
    }
    let ours: Vec<String> = ours.split('&').map(decode).collect();
    // A server repeats the password of xAuth here, if it repeats anything.
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
        let same_order = part(2) == **parameters;
        differences.push(if same_order { Difference::Encoding } else { Difference::Order });
    }
    differences
}

/// What each side has alone: a pair that both have cancels out, once for each time it is there.
fn between_parameters(ours: &[SignedParameter], theirs: &str) -> Vec<Difference> {
    // A server that does not encode a secret may make a parameter of what stands behind its `&`. No pair of a base
    // string is without its `=`, so such a piece is recognized.
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

/// Which of two sorted lists goes on: both of them where they are equal.
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
