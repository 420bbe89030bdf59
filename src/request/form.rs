//! An encoded form or query, to sign and to send.

use std::fmt;

#[cfg(feature = "serde")]
use super::error::RequestError;
use crate::form::push_pair;

/// The encoded text of a form (`application/x-www-form-urlencoded`), to sign and to send.
///
/// Create it with [`collect`](Iterator::collect) from pairs, or with `Form::from_serialize` from a value that
/// implements `serde::Serialize` (feature `serde`). The signature of
/// [`RequestRef::form`](super::RequestRef::form) covers exactly the text that [`as_str`](Self::as_str)
/// returns.
///
/// # Examples
///
/// ```
/// use oauth1_signer::RequestRef;
/// use oauth1_signer::request::Form;
///
/// # fn main() -> Result<(), oauth1_signer::request::RequestError> {
/// let form: Form = [("status", "Hello Ladies + Gentlemen"), ("lang", "en")].into_iter().collect();
/// let request = RequestRef::new("POST", "https://api.example.com/1/update")?.form(&form);
/// // The body to send:
/// assert_eq!(form.as_str(), "status=Hello%20Ladies%20%2B%20Gentlemen&lang=en");
/// # Ok(()) }
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    text: String,
}

impl Form {
    /// Creates a form from a struct, a map, or a sequence of pairs.
    ///
    /// If the value of a field is a sequence, the form has one parameter for each element.
    ///
    /// # Errors
    /// Returns [`RequestError::UnserializableForm`] if the value is nested, or has no names.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::request::Form;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Search<'a> {
    ///     q: &'a str,
    ///     page: u32,
    /// }
    ///
    /// let form = Form::from_serialize(&Search { q: "tea & cake", page: 2 })?;
    /// assert_eq!(form.as_str(), "q=tea+%26+cake&page=2");
    /// # Ok::<(), oauth1_signer::request::RequestError>(())
    /// ```
    #[cfg(feature = "serde")]
    pub fn from_serialize<T: serde::Serialize + ?Sized>(value: &T) -> Result<Self, RequestError> {
        let text = serde_html_form::to_string(value).map_err(|_| RequestError::UnserializableForm)?;
        Ok(Self { text })
    }

    /// Returns the encoded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<Form> for String {
    fn from(form: Form) -> Self {
        form.text
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Form {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut text = String::new();
        for (name, value) in pairs {
            push_pair(&mut text, name.as_ref(), value.as_ref());
        }
        Self { text }
    }
}

/// Prints no parameter.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Form(…)")
    }
}
