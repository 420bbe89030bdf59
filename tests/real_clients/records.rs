//! Who signs: the clients that the server knows.

use std::path::Path;

use oauth1_signer::tower::{Lookup, LookupResult};
use oauth1_signer::verify::{ClientRecord, TokenRecord};
use oauth1_signer::{ClientCredentials, TokenCredentials, signature::RsaPublicKey};

/// Secrets and identifiers have what is to be encoded.
const HMAC_KEY: &str = "printer & co";
const HMAC_SECRET: &str = "kd94+hf93/k423=kf44 & 100%";
const RSA_KEY: &str = "printer/rsa";
const TOKEN_SECRET: &str = "pfkk+dhi9/sl3r=4s00 & more~";

pub(crate) struct Party {
    pub(crate) algorithm: &'static str,
    pub(crate) client_key: &'static str,
    pub(crate) client_secret: &'static str,
    pub(crate) token: &'static str,
    pub(crate) token_secret: &'static str,
    pub(crate) private_key: Option<&'static str>,
}

impl Party {
    pub(crate) fn all() -> Vec<Self> {
        let hmac = |algorithm| Self {
            algorithm,
            client_key: HMAC_KEY,
            client_secret: HMAC_SECRET,
            token: "nnch734d+00sl2/jdk=",
            token_secret: TOKEN_SECRET,
            private_key: None,
        };
        let rsa = |algorithm| Self {
            client_key: RSA_KEY,
            client_secret: "",
            token: "rsa token",
            private_key: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/keys/rsa-a.pkcs1.pem")),
            ..hmac(algorithm)
        };
        vec![
            hmac("HMAC-SHA1"),
            hmac("HMAC-SHA256"),
            hmac("HMAC-SHA512"),
            rsa("RSA-SHA1"),
            rsa("RSA-SHA256"),
            rsa("RSA-SHA512"),
            hmac("PLAINTEXT"),
        ]
    }

    /// Whether a signature depends on the request.
    pub(crate) fn signs(&self) -> bool {
        self.algorithm != "PLAINTEXT"
    }
}

/// What the server knows of them.
pub(crate) struct Book {
    hmac: ClientRecord,
    rsa: ClientRecord,
    tokens: Vec<(&'static str, TokenRecord)>,
}

impl Book {
    pub(crate) fn new() -> Self {
        let pem = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys/rsa-a.pub.pem");
        let public_key = RsaPublicKey::from_pem(&std::fs::read_to_string(pem).unwrap()).unwrap();
        let tokens = Party::all().into_iter().map(|party| {
            let credentials = TokenCredentials::new(party.token, party.token_secret);
            (party.token, TokenRecord::new(credentials, party.client_key).for_user("jane"))
        });
        Self {
            hmac: ClientRecord::new(ClientCredentials::new(HMAC_KEY, HMAC_SECRET))
                .unwrap()
                .allow_plaintext(true),
            rsa: ClientRecord::rsa(RSA_KEY, public_key),
            tokens: tokens.collect(),
        }
    }

    pub(crate) fn find(
        &self,
        client_key: &str,
        token: Option<&str>,
    ) -> (Option<&ClientRecord>, Option<&TokenRecord>) {
        let client = [&self.hmac, &self.rsa].into_iter().find(|client| client.key() == client_key);
        let token = self.tokens.iter().find(|(known, _)| Some(*known) == token);
        (client, token.map(|(_, record)| record))
    }

    pub(crate) fn look_up(&self, wanted: &Lookup) -> LookupResult {
        let (client, token) = self.find(&wanted.client_key, wanted.token.as_deref());
        LookupResult { client: client.cloned(), token: token.cloned() }
    }
}
