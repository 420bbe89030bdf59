//! OAuth 1.0a (RFC 5849), both sides: sign requests, log users in, verify requests, be a provider.
//!
//! The core does no I/O. It computes signature base strings, nonces and Authorization headers from any request, and
//! verifies them from any request. Thin adapters, one feature each, plug it into reqwest, hyper, tower and axum.
//!
//! # Sign a request
//!
//! ```sh
//! cargo add oauth1-signer http
//! ```
//!
//! ```
//! use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret"))
//!     .token(TokenCredentials::new("access token", "token secret"))
//!     .build()?;
//! let request = http::Request::get("https://api.example.com/1/items?count=20").body(())?;
//! let request = signer.authorize(request)?;
//! assert!(request.headers().contains_key("authorization"));
//! # Ok(()) }
//! ```
//!
//! For reqwest, with TLS: `cargo add oauth1-signer --features reqwest` and `cargo add reqwest`; then see the module
//! `reqwest`, whose client signs everything that it sends.
//!
//! # The main types
//!
//! - [`Signer`] signs for one client and, if it has a token, for one user. [`Signer::sign`] takes an
//!   [`http::Request`], its parts, or a [`RequestRef`]. The result, [`Signed`], becomes a header, a query or a form.
//! - [`ClientCredentials`] (consumer key and secret), [`TemporaryCredentials`] (request token) and
//!   [`TokenCredentials`] (access token) hold the secrets. None prints them.
//! - [`SignatureMethod`] chooses between HMAC, RSA, PLAINTEXT, a method of your own, and a key that lives elsewhere.
//! - [`Flow`](flow::Flow) makes the requests of the three legs and reads the responses.
//! - [`Diagnosis`](diagnose::Diagnosis) says why a server rejected a request.
//! - [`Policy`](verify::Policy) reads a received request; [`Claim`](verify::Claim), [`Proof`](verify::Proof) and
//!   [`VerifiedRequest`](verify::VerifiedRequest) are its steps from a claim to a verified caller.
//! - [`Issuer`](provider::Issuer) serves the three legs over a store.
//!
//! # I want to …
//!
//! | job | where |
//! |---|---|
//! | sign any request | [`guide::signing`] |
//! | log a user in from the command line (PIN), or from a web application | [`guide::three_legs`], [`flow`] |
//! | find out why I get a 401 ("invalid signature") | [`guide::debugging`], [`diagnose`] |
//! | know what X, NetSuite, Mastercard, Jira … want | [`guide::providers`], [`providers`] |
//! | sign with a key in a KMS or an HSM | [`guide::signing`], [`SignatureMethod::external`] |
//! | verify requests, behind axum or any tower service | [`guide::verifying`], [`verify`] |
//! | be a provider: issue tokens, ask the user, revoke | [`guide::providing`], [`provider`] |
//! | move from oauth1-request, reqwest-oauth1, oauth10a or requests-oauthlib | [`guide::migrating`] |
//! | test my code with a fixed clock, or my own store | [`guide::testing`] |
//! | know what is protected, and what my application must do | [`guide::security`] |
//! | know what happens where the RFC is silent | [`guide::rfc_silent`] |
//! | know what it costs | [`guide::performance`] |
//!
//! # Features
//!
//! Features add API and never change what the rest does.
//!
//! | feature | adds |
//! |---|---|
//! | `sha2` (default) | HMAC-SHA256, HMAC-SHA512, and body hashes with SHA-256 and SHA-512 |
//! | `url` (default) | `url::Url` wherever a URL is taken |
//! | `rsa` | RSA-SHA1, RSA-SHA256 and RSA-SHA512 with a private key in memory |
//! | `p12` | RSA keys from PKCS#12 files, as Mastercard gives out |
//! | `serde` | credentials and grants in your store; forms and verified parameters as your own structs |
//! | `reqwest` | a client of reqwest 0.13 that signs, and an extension for your own |
//! | `reqwest-blocking` | the same for its blocking client |
//! | `tower` | a layer that signs each attempt, and one that verifies each request |
//! | `axum` | extractors for the verified caller and its parameters (axum 0.8) |
//! | `hyper` | signing for connections of hyper 1, and the three legs over hyper-util's client |
//! | `redis` | a nonce log and a store of grants in Redis, for several servers |
//! | `conformance` | tests for a nonce log or a store of your own |
//!
//! # Third-party types in the public API
//!
//! Types of `http` and `bytes` (every client and server has them), of `url` (feature `url`), `serde` traits (`serde`),
//! and of the crate that an adapter is for: reqwest, tower's traits and `http-body` (`tower`), axum-core (`axum`),
//! redis (`redis`). A new major version of an adapter's crate comes as a feature with a new name.
//!
//! # Minimum Rust version
//!
//! Rust 1.88. A rise is a minor version, and never above what the dependencies need.
#![cfg_attr(docsrs, feature(doc_cfg))]
// The documentation links to items behind features. Such links are checked where all features are on.
#![cfg_attr(
    not(all(
        feature = "axum",
        feature = "conformance",
        feature = "hyper",
        feature = "p12",
        feature = "redis",
        feature = "reqwest-blocking",
        feature = "rsa"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]

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
pub mod providers;
pub mod diagnose;
#[cfg(feature = "redis")]
mod redis;
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
pub mod guide;

pub use base_string::signature_base_string;
pub use body_hash::BodyHashPolicy;
pub use boxed::{BoxError, BoxFuture};
#[cfg(feature = "serde")]
pub use credentials::WithSecret;
pub use credentials::{ClientCredentials, TemporaryCredentials, TokenCredentials};
pub use percent::percent_encode;
#[doc(inline)]
pub use problem::server_time;
#[doc(inline)]
pub use request::{Origin, RequestRef};
#[doc(inline)]
pub use signature::SignatureMethod;
pub use signer::{Authorize, BuildError, Callback, Prepared, SignError, Signed, Signer, SignerBuilder};
pub use stamp::{Stamp, StampError};

// The examples of the README compile where every feature that they use is on.
#[cfg(all(doctest, feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
