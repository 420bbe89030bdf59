//! RSASSA-PKCS1-v1_5 with keys in memory (RFC 5849 §3.4.3).

mod error;
mod hash;
mod pem;
mod private;
#[cfg(feature = "p12")]
mod pkcs12;
mod public;

pub use error::KeyError;
pub use private::RsaPrivateKey;
pub use public::RsaPublicKey;

pub(crate) use hash::Hash;
