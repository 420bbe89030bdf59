//! The keys that the layer gives to the application, and the records that it gets back.

use crate::verify::{ClientRecord, TokenRecord};

/// The keys of the records that a request needs.
///
/// They are read from the request, and are not verified yet.
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
/// Give `None` for a record that does not exist or was revoked. That is no error: the layer then verifies
/// with a random record, which takes as long, and rejects the request.
#[derive(Clone, Debug, Default)]
pub struct LookupResult {
    /// The record of [`Lookup::client_key`].
    pub client: Option<ClientRecord>,
    /// The record of [`Lookup::token`].
    pub token: Option<TokenRecord>,
}
