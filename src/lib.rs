#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// In the order of their layers: a module imports only from those above it.
mod boxed;
mod percent;
mod form;
mod parameter;
pub mod request;
mod credentials;
mod stamp;
mod base_string;
pub mod signature;
mod body_hash;
pub mod explain;
mod signer;
pub mod problem;
pub mod flow;
pub mod diagnose;
pub mod verify;
pub mod provider;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "hyper")]
pub mod hyper;

pub use base_string::signature_base_string;
pub use body_hash::BodyHashPolicy;
pub use boxed::{BoxError, BoxFuture};
#[cfg(feature = "serde")]
pub use credentials::WithSecret;
pub use credentials::{ClientCredentials, TemporaryCredentials, TokenCredentials};
pub use percent::percent_encode;
pub use problem::server_time;
pub use request::{Origin, RequestRef};
pub use signature::SignatureMethod;
pub use signer::{Authorize, BuildError, Callback, Prepared, SignError, Signed, Signer, SignerBuilder};
pub use stamp::{Stamp, StampError};
