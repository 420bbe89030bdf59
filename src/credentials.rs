//! The credentials of the client and of its tokens (RFC 5849 §1.1).

mod secret;
mod pairs;
#[cfg(feature = "serde")]
mod with_secret;

pub use pairs::{ClientCredentials, TemporaryCredentials, TokenCredentials};
#[cfg(feature = "serde")]
pub use with_secret::WithSecret;

pub(crate) use secret::{Secret, is_key_file};
