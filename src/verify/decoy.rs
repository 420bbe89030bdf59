//! RFC 5849 §4.9: the records that stand in for an unknown client or token.

use std::sync::{Arc, OnceLock};

use crate::credentials::{ClientCredentials, TokenCredentials};
use crate::stamp::{alphanumeric, random_bytes};

use super::record::{ClientRecord, TokenRecord};
use super::rejection::Rejection;

/// The records that stand in for missing ones.
///
/// They are made when they are first needed. A policy and its clones share them.
#[derive(Clone, Default)]
pub(super) struct Decoy(Arc<OnceLock<DecoyRecords>>);

/// Their secrets are random and never leave this process.
pub(super) struct DecoyRecords {
    pub(super) client: ClientRecord,
    pub(super) token: TokenRecord,
}

impl Decoy {
    pub(super) fn records(&self) -> Result<&DecoyRecords, Rejection> {
        if let Some(records) = self.0.get() {
            return Ok(records);
        }
        let client_secret = [random_text()?, random_text()?].concat()[..LEN_OF_CLIENT_SECRET].to_owned();
        let client = ClientRecord::new(ClientCredentials::new("", client_secret));
        let records = DecoyRecords {
            client: client.expect("letters and digits are no key file"),
            token: TokenRecord::new(TokenCredentials::new("", random_text()?), ""),
        };
        Ok(self.0.get_or_init(|| records))
    }
}

/// The number of letters and digits in the secret of a client's decoy: most real secrets have as many.
///
/// The time of a MAC depends on the length of the secret, and on how many of its bytes must be encoded. The
/// tokens that this crate's provider issues have secrets like [`random_text`].
const LEN_OF_CLIENT_SECRET: usize = 32;

fn random_text() -> Result<String, Rejection> {
    let bytes = random_bytes(0).map_err(Rejection::unavailable)?;
    Ok(alphanumeric(bytes).map(char::from).iter().collect())
}
