//! Code that the test binaries share. Each uses a part of it.
#![allow(dead_code)]

#[cfg(all(feature = "reqwest-blocking", feature = "hyper"))]
pub(crate) mod clients;
pub(crate) mod disputed;
pub(crate) mod header;
pub(crate) mod keys;
pub(crate) mod oracle;
pub(crate) mod parties;
pub(crate) mod photos;
pub(crate) mod published;
pub(crate) mod random;
pub(crate) mod reader;
pub(crate) mod ready;
pub(crate) mod row;
pub(crate) mod run;
pub(crate) mod server;
pub(crate) mod signers;
