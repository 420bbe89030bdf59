//! Guides, one page for each job. This module contains documentation only.
//!
//! | page | for |
//! |---|---|
//! | [`signing`] | signing any request, methods, keys in a KMS |
//! | [`three_legs`] | logging a user in, from the command line and from a web application |
//! | [`debugging`] | finding the cause of a 401 |
//! | [`providers`] | a recipe for each known provider |
//! | [`verifying`] | verifying requests on a server |
//! | [`providing`] | issuing tokens: the three legs, served |
//! | [`testing`] | tests of clients, servers and stores |
//! | [`migrating`] | moving from another library |
//! | [`security`] | the threat model |
//! | [`rfc_silent`] | decisions where RFC 5849 is silent |
//! | [`performance`] | what it costs |

#[doc = include_str!("guide/signing.md")]
pub mod signing {}

#[doc = include_str!("guide/three_legs.md")]
pub mod three_legs {}

#[doc = include_str!("guide/debugging.md")]
pub mod debugging {}

#[doc = include_str!("guide/providers.md")]
pub mod providers {}

#[doc = include_str!("guide/verifying.md")]
pub mod verifying {}

#[doc = include_str!("guide/providing.md")]
pub mod providing {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/migrating.md")]
pub mod migrating {}

#[doc = include_str!("guide/security.md")]
pub mod security {}

#[doc = include_str!("guide/rfc_silent.md")]
pub mod rfc_silent {}

#[doc = include_str!("guide/performance.md")]
pub mod performance {}
