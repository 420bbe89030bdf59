//! RFC 5849 §4.9 and the like: what a server spends its time on when there is nobody to verify.

use std::sync::{Arc, OnceLock};

use crate::credentials::{ClientCredentials, TokenCredentials};
use crate::stamp::{alphanumeric, random_bytes};

use super::record::{ClientRecord, TokenRecord};
use super::rejection::Rejection;

/// What stands for records that are not there: made when it is needed first, and the same for a policy
/// and its clones.
#[derive(Clone, Default)]
pub(super) struct Nobody(Arc<OnceLock<LookupResult>>);

/// Their secrets are of this process, and nobody has them.
pub(super) struct LookupResult {
    pub(super) client: ClientRecord,
    pub(super) token: TokenRecord,
}

impl Nobody {
    pub(super) fn get(&self) -> Result<&LookupResult, Rejection> {
        if let Some(records) = self.0.get() {
            return Ok(records);
        }
        let client_secret = [random_text()?, random_text()?].concat()[..LEN_OF_CLIENT_SECRET].to_owned();
        let client = ClientRecord::new(ClientCredentials::new("", client_secret));
        let records = LookupResult {
            client: client.expect("letters and digits are no key file"),
            token: TokenRecord::new(TokenCredentials::new("", random_text()?), ""),
        };
        Ok(self.0.get_or_init(|| records))
    }
}

/// How long a secret is takes its time, and so does what in it must be encoded. Most have so many letters
/// and digits; those of tokens that a provider of this crate issues are like [`random_text`].
const LEN_OF_CLIENT_SECRET: usize = 32;

fn random_text() -> Result<String, Rejection> {
    let bytes = random_bytes(0).map_err(|error| Rejection::Unavailable(Box::new(error)))?;
    Ok(alphanumeric(bytes).map(char::from).iter().collect())
}
