//! The collections of parameters that a program can pass.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::form::Form;

/// A borrowed collection of decoded names and values.
///
/// [`RequestRef::form`] and [`RequestRef::query`] take it. It is created with [`From`] from a reference to a
/// slice, an array, a [`Vec`], a [`HashMap`] or a [`BTreeMap`] of strings, or to a [`Form`]. It copies
/// nothing.
///
/// [`RequestRef::form`]: super::RequestRef::form
/// [`RequestRef::query`]: super::RequestRef::query
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use oauth1_signer::RequestRef;
///
/// # fn main() -> Result<(), oauth1_signer::request::RequestError> {
/// let request = RequestRef::new("POST", "https://api.example.com/1/items")?;
/// let _ = request.form(&[("name", "tea & cake")]);
/// let _ = request.form(&vec![("count".to_owned(), 20.to_string())]);
/// let _ = request.form(&HashMap::from([("name", "tea & cake".to_owned())]));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct PairsRef<'a> {
    pub(super) kind: Kind<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Kind<'a> {
    Slice(&'a [(&'a str, &'a str)]),
    Collection(&'a (dyn Collection + Send + Sync)),
    /// The encoded text, as it is sent.
    Form(&'a Form),
}

/// A collection of pairs of strings.
pub(super) trait Collection {
    fn for_each<'s>(&'s self, each: &mut dyn FnMut(&'s str, &'s str));
}

impl<'a> PairsRef<'a> {
    pub(super) const NONE: Self = Self { kind: Kind::Slice(&[]) };

    /// Calls `each` with every name and value, decoded.
    ///
    /// It does not call it for a [`Form`], whose encoded text is read elsewhere.
    pub(crate) fn for_each(self, mut each: impl FnMut(&'a str, &'a str)) {
        match self.kind {
            Kind::Slice(pairs) => pairs.iter().for_each(|(name, value)| each(name, value)),
            Kind::Collection(pairs) => pairs.for_each(&mut each),
            Kind::Form(_) => {}
        }
    }
}

impl<'a> From<&'a [(&'a str, &'a str)]> for PairsRef<'a> {
    fn from(pairs: &'a [(&'a str, &'a str)]) -> Self {
        Self { kind: Kind::Slice(pairs) }
    }
}

impl<'a> From<&'a Form> for PairsRef<'a> {
    fn from(form: &'a Form) -> Self {
        Self { kind: Kind::Form(form) }
    }
}

/// Implements [`Collection`] for collections whose items are a `&(name, value)` or a `(&name, &value)`.
macro_rules! collections {
    ($([$($generics:tt)*] $collection:ty),+ $(,)?) => {$(
        impl<N: AsRef<str>, V: AsRef<str>, $($generics)*> Collection for $collection {
            fn for_each<'s>(&'s self, each: &mut dyn FnMut(&'s str, &'s str)) {
                #[allow(clippy::into_iter_on_ref, reason = "one text for all collections")]
                self.iter().map(Pair::texts).for_each(|(name, value)| each(name, value));
            }
        }

        impl<'a, N, V, $($generics)*> From<&'a $collection> for PairsRef<'a>
        where
            N: AsRef<str> + Send + Sync,
            V: AsRef<str> + Send + Sync,
            $collection: Send + Sync,
        {
            fn from(pairs: &'a $collection) -> Self {
                Self { kind: Kind::Collection(pairs) }
            }
        }
    )+};
}

collections! {
    [const LEN: usize] [(N, V); LEN],
    [] Vec<(N, V)>,
    [S] HashMap<N, V, S>,
    [] BTreeMap<N, V>,
}

trait Pair<'s> {
    fn texts(self) -> (&'s str, &'s str);
}

impl<'s, N: AsRef<str>, V: AsRef<str>> Pair<'s> for &'s (N, V) {
    fn texts(self) -> (&'s str, &'s str) {
        (self.0.as_ref(), self.1.as_ref())
    }
}

impl<'s, N: AsRef<str>, V: AsRef<str>> Pair<'s> for (&'s N, &'s V) {
    fn texts(self) -> (&'s str, &'s str) {
        (self.0.as_ref(), self.1.as_ref())
    }
}

/// Prints no parameter.
impl fmt::Debug for PairsRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairsRef(…)")
    }
}
