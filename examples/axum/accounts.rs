//! The clients and tokens that may call the API. A real server keeps them in a database.

use std::error::Error;

use oauth1_signer::tower::{Lookup, LookupResult};
use oauth1_signer::verify::{ClientRecord, TokenRecord};
use oauth1_signer::{ClientCredentials, TokenCredentials};

/// Consumer keys and secrets; the first are those of RFC 5849, section 1.2.
///
/// To verify a signature the server needs the secret itself. It cannot store a hash of it, as it does with a
/// password. Store the secret encrypted.
const CLIENTS: [(&str, &str); 2] =
    [("dpf43f3p2l4k3l03", "kd94hf93k423kf44"), ("another client", "another secret")];

/// Token, token secret, consumer key of the client that it was issued to, and user.
const TOKENS: [(&str, &str, &str, &str); 1] =
    [("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00", "dpf43f3p2l4k3l03", "jane")];

pub(crate) struct Accounts {
    clients: Vec<ClientRecord>,
    tokens: Vec<(&'static str, TokenRecord)>,
}

impl Accounts {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let client = |(key, secret)| ClientRecord::new(ClientCredentials::new(key, secret));
        let token = |(token, secret, client, user)| {
            let record = TokenRecord::new(TokenCredentials::new(token, secret), client);
            (token, record.for_user(user))
        };
        Ok(Self {
            clients: CLIENTS.into_iter().map(client).collect::<Result<_, _>>()?,
            tokens: TOKENS.into_iter().map(token).collect(),
        })
    }

    /// Returns the records of a request. A missing record stays `None`.
    ///
    /// The layer takes as long to reject such a request as one with a wrong secret, and sends the same
    /// response.
    pub(crate) fn records(&self, keys: &Lookup) -> LookupResult {
        let client = self.clients.iter().find(|client| client.key() == keys.client_key);
        let token = self.tokens.iter().find(|(token, _)| Some(*token) == keys.token.as_deref());
        LookupResult { client: client.cloned(), token: token.map(|(_, record)| record.clone()) }
    }
}
