//! The layer that verifies, as servers use it: over services in this process, and over axum and hyper on
//! loopback.
#![cfg(feature = "tower")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod admitted;
mod bodies;
mod discipline;
mod refused;
mod served;
mod site;
mod stream;
