//! The boxed error and the boxed future of the traits that an application implements.

use std::error::Error;
use std::pin::Pin;

/// A boxed error of a store, a nonce log or another service of the application.
///
/// # Examples
///
/// Any error and any text can be converted into one:
///
/// ```
/// use oauth1_signer::BoxError;
///
/// let error: BoxError = "the database is read-only".into();
/// assert_eq!(error.to_string(), "the database is read-only");
/// ```
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A boxed future, which the methods of this crate's traits return.
///
/// With it, a trait can be used as `dyn Trait`. Write the body of such a method as
/// `Box::pin(async move { … })`.
///
/// # Examples
///
/// ```
/// use oauth1_signer::BoxFuture;
///
/// trait Directory {
///     fn user(&self, id: u64) -> BoxFuture<'_, Option<String>>;
/// }
///
/// struct OnlyJane;
///
/// impl Directory for OnlyJane {
///     fn user(&self, id: u64) -> BoxFuture<'_, Option<String>> {
///         Box::pin(async move { (id == 1).then(|| "jane".to_owned()) })
///     }
/// }
///
/// let directory: Box<dyn Directory> = Box::new(OnlyJane);
/// # drop(directory);
/// ```
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
