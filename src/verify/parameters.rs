//! The parameters that a signature covers, for the handler behind the verifier.

use std::fmt;
use std::ops::Range;
use std::str;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::base_string::Parameters;
use crate::parameter::{Name, ParameterSource};

use super::shown;

/// The signed parameters of query, form and header together, without the protocol parameters.
///
/// They are in the order in which they are signed: by name, then by value (RFC 5849 §3.4.1.3.2). The
/// signature covers neither the order in the request nor the place: anybody who relays a request can reorder
/// its parameters, and move them between query and form. So look up a parameter here by its name, and do not
/// parse the query or the form again.
///
/// The protocol parameters that the verifier knows, such as `oauth_token`, and the realm are left out. All
/// other parameters are included, also `x_auth_mode` and unknown names that start with `oauth_`. With
/// PLAINTEXT no signature covers the parameters: only TLS protects them.
///
/// # Examples
///
/// ```
/// use oauth1_signer::verify::{ParameterError, VerifiedRequest};
///
/// fn pay(verified: &VerifiedRequest) -> Result<String, ParameterError> {
///     let (to, amount) = (verified.parameters().require("to")?, verified.parameters().require("amount")?);
///     let note = verified.parameters().get("note").unwrap_or("no note");
///     Ok(format!("{amount} to {to}: {note}"))
/// }
/// ```
#[doc(alias = "form")]
#[doc(alias = "query")]
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedParameters(Arc<Pairs>);

#[derive(PartialEq, Eq)]
struct Pairs {
    /// All names and values, decoded. They may contain a password (`x_auth_password`), so they are wiped.
    text: Zeroizing<Vec<u8>>,
    pairs: Vec<Pair>,
}

#[derive(PartialEq, Eq)]
struct Pair {
    name: Range<usize>,
    value: Range<usize>,
    source: ParameterSource,
}

/// A signed parameter: its name and its value, decoded once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifiedParameter<'a> {
    name: &'a [u8],
    value: &'a [u8],
    source: ParameterSource,
}

/// The error of reading a signed parameter. Names are shown as printable ASCII, cut to 64 bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// The parameter is missing.
    #[error("the parameter {0} is missing")]
    Missing(String),
    /// The parameter is sent more than once, but one value was requested.
    #[error("the parameter {0} is sent more than once")]
    Duplicate(String),
    /// The parameter's name or value is not UTF-8.
    #[error("the parameter {0} is not UTF-8")]
    NotUtf8(String),
    /// The parameters do not fit the requested type.
    #[cfg(feature = "serde")]
    #[error("the parameters are not valid: {0}")]
    Invalid(String),
}

/// Parameters that are borrowed from a request.
///
/// This is a trait because their `SmallVec` is invariant. Behind a trait object, a proof needs only one
/// lifetime.
pub(super) trait ToVerified: Sync {
    fn to_verified(&self) -> VerifiedParameters;
}

impl ToVerified for Parameters<'_> {
    fn to_verified(&self) -> VerifiedParameters {
        // A decoded text is never longer than the encoded one. So the buffer never moves, and leaves no copy
        // behind.
        let mut text = Zeroizing::new(Vec::with_capacity(self.encoded_len()));
        let mut pairs = Vec::new();
        for (name, value, source) in self.iter() {
            let start = text.len();
            text.extend(name);
            let end = text.len();
            if Name::of(&text[start..]).is_some() {
                text.truncate(start);
                continue;
            }
            text.extend(value);
            pairs.push(Pair { name: start..end, value: end..text.len(), source });
        }
        VerifiedParameters(Arc::new(Pairs { text, pairs }))
    }
}

impl VerifiedParameters {
    /// Returns the value of the parameter `name`, or `None` if it is missing, sent more than once, or not
    /// UTF-8.
    ///
    /// If there are several values it picks none, since their order is not signed.
    /// [`require`](Self::require) returns an error that tells the three cases apart, and
    /// [`get_all`](Self::get_all) returns all values.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.require(name).ok()
    }

    /// Returns the value of the parameter `name`.
    ///
    /// # Errors
    /// Returns [`ParameterError::Missing`] if it is not sent, [`ParameterError::Duplicate`] if it is sent
    /// more than once, and [`ParameterError::NotUtf8`] if its value is not UTF-8.
    pub fn require(&self, name: &str) -> Result<&str, ParameterError> {
        let shown = || shown::name(name.as_bytes());
        let mut found = self.get_all(name);
        match (found.next(), found.next()) {
            (None, _) => Err(ParameterError::Missing(shown())),
            (Some(_), Some(_)) => Err(ParameterError::Duplicate(shown())),
            (Some(parameter), None) => parameter.value().ok_or_else(|| ParameterError::NotUtf8(shown())),
        }
    }

    /// Returns all parameters of this name, sorted by value.
    pub fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = VerifiedParameter<'a>> {
        self.iter().filter(move |parameter| parameter.name == name.as_bytes())
    }

    /// Returns all parameters, sorted by name, then by value.
    #[must_use]
    pub fn iter(&self) -> VerifiedParametersIter<'_> {
        VerifiedParametersIter { text: &self.0.text, pairs: self.0.pairs.iter() }
    }

    /// Returns the number of parameters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.pairs.len()
    }

    /// Returns `true` if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.pairs.is_empty()
    }

    /// Reads the parameters into a type that implements `serde::Deserialize`.
    ///
    /// Numbers, `Option` and enums are read as from a form. A field of type `Vec` takes all values of a
    /// parameter that is sent several times, sorted. For any other field, several values are an error.
    ///
    /// # Errors
    /// Returns [`ParameterError::NotUtf8`] if a name or value is not UTF-8, and [`ParameterError::Invalid`]
    /// if the parameters do not fit the type. The text is at most 512 bytes, and may repeat part of a value.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::verify::{ParameterError, VerifiedRequest};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Payment {
    ///     to: String,
    ///     amount: u64,
    ///     note: Option<String>,
    /// }
    ///
    /// fn pay(verified: &VerifiedRequest) -> Result<String, ParameterError> {
    ///     let Payment { to, amount, note } = verified.parameters().parse()?;
    ///     Ok(format!("{amount} to {to}: {}", note.unwrap_or_default()))
    /// }
    /// ```
    #[cfg(feature = "serde")]
    #[doc(alias = "deserialize")]
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, ParameterError> {
        let mut form = Zeroizing::new(String::with_capacity(3 * self.0.text.len() + 2 * self.len()));
        for parameter in self {
            let (Some(name), Some(value)) = (parameter.name(), parameter.value()) else {
                return Err(ParameterError::NotUtf8(shown::name(parameter.name)));
            };
            crate::form::push_pair(&mut form, name, value);
        }
        serde_html_form::from_str(&form).map_err(|error| ParameterError::Invalid(shown::cause(&error)))
    }
}

impl<'a> VerifiedParameter<'a> {
    /// Returns the name, or `None` if it is not UTF-8.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        str::from_utf8(self.name).ok()
    }

    /// Returns the value, or `None` if it is not UTF-8.
    #[must_use]
    pub fn value(&self) -> Option<&'a str> {
        str::from_utf8(self.value).ok()
    }

    /// Returns the bytes of the name. RFC 5849 §3.6 allows bytes that are not text.
    #[must_use]
    pub fn name_bytes(&self) -> &'a [u8] {
        self.name
    }

    /// Returns the bytes of the value. RFC 5849 §3.6 allows bytes that are not text.
    #[must_use]
    pub fn value_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// Returns the place of the parameter in the request as it was received.
    ///
    /// # Security
    /// The place is not signed. Do not base any decision on it.
    #[must_use]
    pub fn source(&self) -> ParameterSource {
        self.source
    }
}

/// An iterator over the parameters of [`VerifiedParameters`].
#[derive(Clone)]
pub struct VerifiedParametersIter<'a> {
    text: &'a [u8],
    pairs: std::slice::Iter<'a, Pair>,
}

impl<'a> Iterator for VerifiedParametersIter<'a> {
    type Item = VerifiedParameter<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let Pair { name, value, source } = self.pairs.next()?;
        let (name, value) = (&self.text[name.clone()], &self.text[value.clone()]);
        Some(VerifiedParameter { name, value, source: *source })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.pairs.size_hint()
    }
}

impl ExactSizeIterator for VerifiedParametersIter<'_> {}

impl<'a> IntoIterator for &'a VerifiedParameters {
    type Item = VerifiedParameter<'a>;
    type IntoIter = VerifiedParametersIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Shows only the names, since a value may be a password.
impl fmt::Debug for VerifiedParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// Shows only the name, since the value may be a password.
impl fmt::Debug for VerifiedParameter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=… ({})", shown::name(self.name), self.source)
    }
}

impl fmt::Debug for VerifiedParametersIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
