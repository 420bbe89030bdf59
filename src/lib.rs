#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// In the order of their layers: a module imports only from those above it.
mod encode;
mod order;
mod writer;
mod request;
mod credentials;
mod stamp;
mod protocol;
mod base_string;
mod signature;
mod body_hash;
mod explain;
mod signer;
mod problem;
pub mod flow;
pub mod verify;
pub mod provider;
#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub mod reqwest;
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub mod tower;
#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub mod axum;
#[cfg(feature = "hyper")]
#[cfg_attr(docsrs, doc(cfg(feature = "hyper")))]
pub mod hyper;

pub use base_string::{ParameterSource, ReservedParameter, signature_base_string};
pub use body_hash::{BodyHashError, BodyHashPolicy};
#[cfg(feature = "serde")]
pub use credentials::WithSecret;
pub use credentials::{ClientCredentials, TemporaryCredentials, TokenCredentials};
pub use encode::percent_encode;
pub use explain::{Difference, Explanation, Hint, SignedParameter};
pub use problem::{Problem, server_time};
pub use request::{MAX_URL_LEN, Origin, OriginError, RequestError, RequestRef, UrlError, UrlRef};
pub use signature::{BodyHashAlgorithm, Signature, SignatureError, SignatureMethod};
#[cfg(feature = "rsa")]
#[cfg_attr(docsrs, doc(cfg(feature = "rsa")))]
pub use signature::{KeyError, RsaPrivateKey, RsaPublicKey};
pub use signer::{Authorize, BuildError, Callback, Prepared, SignError, Signed, Signer, SignerBuilder};
pub use stamp::{Stamp, StampError};
