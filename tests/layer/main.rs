//! The layer that verifies, as servers use it: over services in this process, and over axum and hyper on
//! loopback.
#![cfg(feature = "tower")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod admitted;
mod bodies;
#[cfg(feature = "axum")]
mod content_types;
mod diagnosed;
mod discipline;
#[cfg(feature = "axum")]
mod forged;
mod refused;
#[cfg(feature = "axum")]
mod rewritten;
mod served;
mod site;
mod stream;
mod unverified;
mod wire;
