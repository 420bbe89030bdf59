//! Who may call: a small table here, a database elsewhere.

use std::error::Error;

use oauth1_signer::tower::{Lookup, LookupResult};
use oauth1_signer::verify::{ClientRecord, TokenRecord};
use oauth1_signer::{ClientCredentials, TokenCredentials};

/// Keys and secrets, those of RFC 5849, section 1.2, first. A signature is computed with the secret itself, so
/// that a hash of it, as one keeps of passwords, would not do: keep them encrypted.
const CLIENTS: [(&str, &str); 2] =
    [("dpf43f3p2l4k3l03", "kd94hf93k423kf44"), ("another client", "another secret")];

/// Token, secret, the client that it was issued to, and whom it is for.
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

    /// What is not there stays none: the layer takes as long for it, and says the same, as for a wrong secret.
    pub(crate) fn records(&self, wanted: &Lookup) -> LookupResult {
        let client = self.clients.iter().find(|client| client.key() == wanted.client_key);
        let token = self.tokens.iter().find(|(token, _)| Some(*token) == wanted.token.as_deref());
        LookupResult { client: client.cloned(), token: token.map(|(_, record)| record.clone()) }
    }
}
