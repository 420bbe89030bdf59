//! The server's diagnosis: which mistake makes a wrong signature right.
//!
//! The wrong signatures come from others: real libraries (`disputed.jsonl`), and a signer that is written here
//! from the text of RFC 5849 and then told to make mistakes (`signer.rs`).
#![cfg(feature = "sha2")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod bounds;
mod disputed;
mod mistakes;
mod property;
#[cfg(feature = "rsa")]
mod rsa;
mod signer;
