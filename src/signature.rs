//! Signature methods (RFC 5849 §3.4), RSA keys and the errors of signing.
//!
//! Choose a [`SignatureMethod`] and give it to
//! [`SignerBuilder::method`](crate::SignerBuilder::method). With the feature `rsa`, this module also has
//! the types of RSA keys. A method of your own returns a [`Signature`].

mod error;
mod body_hash_algorithm;
mod text;
mod value;
mod message;
mod hmac;
#[cfg(feature = "rsa")]
mod rsa;
mod custom;
mod method;
mod key;

pub use body_hash_algorithm::BodyHashAlgorithm;
pub use error::SignatureError;
pub use method::{ParseMethodError, SignatureMethod};
#[cfg(feature = "rsa")]
pub use rsa::{KeyError, RsaPrivateKey, RsaPublicKey};
pub use value::Signature;

pub(crate) use key::Key;
pub(crate) use message::Message;
#[cfg(feature = "rsa")]
pub(crate) use rsa::Hash;
pub(crate) use text::SignatureText;
