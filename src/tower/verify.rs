//! A layer that verifies requests before a service receives them.

// In the order of their layers: a module imports only from those above it.
mod lookup;
mod body;
mod budget;
mod read;
mod layer;
mod service;

pub use body::{RequestBody, ResponseBody};
pub use layer::VerifyingLayer;
pub use lookup::{Lookup, LookupResult};
pub use service::Verifying;
