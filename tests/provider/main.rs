//! RFC 5849 §2, from the provider's side: our own client goes through the three legs at it, and whatever
//! it should not get it does not get.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod callbacks;
#[cfg(feature = "conformance")]
mod conformance;
mod legs;
mod limits;
#[path = "../support/methods.rs"]
mod methods;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../support/oracle.rs"]
mod oracle;
mod other_places;
mod parts;
mod races;
#[path = "../support/ready.rs"]
mod ready;
mod refusals;
mod secrecy;
mod site;
mod stores;
