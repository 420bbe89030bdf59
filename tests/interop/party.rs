//! Who signs: the clients that the provider knows, one for each signature method.

use std::path::Path;

use http::Method;
use oauth1_signer::flow::{Endpoints, Flow};
use oauth1_signer::{ClientCredentials, SignatureMethod, Signer, SignerBuilder};

use crate::keys::Keys;

pub(crate) const METHODS: [&str; 7] =
    ["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "RSA-SHA1", "RSA-SHA256", "RSA-SHA512", "PLAINTEXT"];

/// Client credentials, and the signature method that goes with them.
pub(crate) struct Party {
    key: String,
    secret: String,
    method: SignatureMethod,
}

impl Party {
    /// The client that signs by a method, with all that is right.
    pub(crate) fn of(method: &str) -> Self {
        let is_rsa = method.starts_with("RSA");
        Self::new(format!("client-{}", method.to_lowercase()), key_of(method, is_rsa.then_some("a")))
    }

    /// One that knows the client's name, but not its secret, or its private key.
    pub(crate) fn impostor(method: &str) -> Self {
        let is_rsa = method.starts_with("RSA");
        Self {
            secret: "a guess".to_owned(),
            method: key_of(method, is_rsa.then_some("b")),
            ..Self::of(method)
        }
    }

    /// A client that is known to the provider, and is another than all of the above.
    pub(crate) fn other() -> Self {
        Self::new("client-hmac-sha1-b".to_owned(), SignatureMethod::hmac_sha1())
    }

    fn new(key: String, method: SignatureMethod) -> Self {
        Self { secret: format!("secret of {key} & 100%"), key, method }
    }

    /// The consumer key.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Whether a signature depends on the request.
    pub(crate) fn signs(&self) -> bool {
        self.method.name() != "PLAINTEXT"
    }

    /// Whether a signature depends on the secrets.
    pub(crate) fn shares_secrets(&self) -> bool {
        !self.method.name().starts_with("RSA")
    }

    /// A signer without a token.
    pub(crate) fn signer(&self) -> SignerBuilder {
        Signer::builder(ClientCredentials::new(&self.key, &self.secret)).method(self.method.clone())
    }

    pub(crate) fn flow(&self, endpoints: Endpoints, method: Method) -> Flow {
        let signer = self.signer().build().expect("a signer");
        Flow::new(endpoints.method(method), &signer).expect("a flow")
    }
}

fn key_of(method: &str, rsa_key: Option<&str>) -> SignatureMethod {
    Keys::beside(Path::new("")).method(method, rsa_key, true).expect("all features are on")
}
