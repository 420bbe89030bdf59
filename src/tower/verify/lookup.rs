//! What the layer asks the application for, and what it gets.

use crate::verify::{ClientRecord, TokenRecord};

/// The keys of the records that a request needs.
///
/// They are what the request says of itself, not verified yet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lookup {
    /// The consumer key (`oauth_consumer_key`).
    pub client_key: String,
    /// The token (`oauth_token`), if the request has one.
    pub token: Option<String>,
}

/// The records that the application found.
///
/// A record that does not exist or was revoked is `None`. It is no error: the layer then verifies against
/// a record of nobody, which takes as long, and rejects the request.
#[derive(Clone, Debug, Default)]
pub struct LookupResult {
    /// The record of [`Lookup::client_key`].
    pub client: Option<ClientRecord>,
    /// The record of [`Lookup::token`].
    pub token: Option<TokenRecord>,
}
