//! RFC 5849 §2, from the provider's side: our own client goes through the three legs at it, and whatever
//! it should not get it does not get.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

#[path = "provider/callbacks.rs"]
mod callbacks;
#[path = "provider/legs.rs"]
mod legs;
#[path = "support/methods.rs"]
mod methods;
#[path = "provider/races.rs"]
mod races;
#[path = "support/ready.rs"]
mod ready;
#[path = "provider/refusals.rs"]
mod refusals;
#[path = "provider/secrecy.rs"]
mod secrecy;
#[path = "provider/site.rs"]
mod site;
#[path = "provider/stores.rs"]
mod stores;
