//! Signature methods by name, with the keys of the RSA methods.

use std::path::{Path, PathBuf};

use oauth1_signer::SignatureMethod;

/// The directories with the keys of a file of vectors.
pub(crate) struct Keys {
    folders: [PathBuf; 2],
    #[cfg(feature = "rsa")]
    read: std::cell::RefCell<std::collections::HashMap<String, oauth1_signer::signature::RsaPrivateKey>>,
}

impl Keys {
    /// Looks for keys next to the file of vectors, then in the project.
    pub(crate) fn beside(vectors: &Path) -> Self {
        let beside = vectors.parent().unwrap_or(Path::new(".")).join("keys");
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys");
        Self {
            folders: [beside, own],
            #[cfg(feature = "rsa")]
            read: std::cell::RefCell::default(),
        }
    }

    /// Returns the method, or `None` if the feature that it needs is off.
    ///
    /// A PLAINTEXT method sends a timestamp if the row has one.
    // With all features it is never `None`, and without `rsa` it reads no key.
    #[allow(clippy::unnecessary_wraps, clippy::unused_self)]
    pub(crate) fn method(&self, name: &str, rsa_key: Option<&str>, stamped: bool) -> Option<SignatureMethod> {
        match (name, rsa_key) {
            ("HMAC-SHA1", None) => Some(SignatureMethod::hmac_sha1()),
            ("PLAINTEXT", None) if stamped => Some(SignatureMethod::plaintext()),
            ("PLAINTEXT", None) => Some(SignatureMethod::plaintext_without_stamp()),
            #[cfg(feature = "sha2")]
            ("HMAC-SHA256", None) => Some(SignatureMethod::hmac_sha256()),
            #[cfg(feature = "sha2")]
            ("HMAC-SHA512", None) => Some(SignatureMethod::hmac_sha512()),
            #[cfg(not(feature = "sha2"))]
            ("HMAC-SHA256" | "HMAC-SHA512", None) => None,
            #[cfg(feature = "rsa")]
            ("RSA-SHA1", Some(key)) => Some(SignatureMethod::rsa_sha1(self.rsa(key))),
            #[cfg(feature = "rsa")]
            ("RSA-SHA256", Some(key)) => Some(SignatureMethod::rsa_sha256(self.rsa(key))),
            #[cfg(feature = "rsa")]
            ("RSA-SHA512", Some(key)) => Some(SignatureMethod::rsa_sha512(self.rsa(key))),
            #[cfg(not(feature = "rsa"))]
            ("RSA-SHA1" | "RSA-SHA256" | "RSA-SHA512", Some(_)) => None,
            _ => panic!("a signature method that no test knows: {name}, key {rsa_key:?}"),
        }
    }

    /// Reads a key: `a` is in `rsa-a.pkcs8.pem`, `published/x` in `published/x.pkcs8.pem`.
    pub(crate) fn pem(&self, name: &str, format: &str) -> String {
        let stem = if name.contains('/') { name.to_owned() } else { format!("rsa-{name}") };
        let mut found = self
            .folders
            .iter()
            .filter_map(|folder| std::fs::read_to_string(folder.join(format!("{stem}.{format}.pem"))).ok());
        found.next().unwrap_or_else(|| panic!("no key {stem} in {:?}", self.folders))
    }

    /// Reads a published key, which may be shorter than the library accepts by default.
    #[cfg(feature = "rsa")]
    fn rsa(&self, name: &str) -> oauth1_signer::signature::RsaPrivateKey {
        let read = || {
            let key = oauth1_signer::signature::RsaPrivateKey::from_pem_with_min_bits(
                &self.pem(name, "pkcs8"),
                512,
            );
            key.unwrap_or_else(|error| panic!("the key {name}: {error}"))
        };
        self.read.borrow_mut().entry(name.to_owned()).or_insert_with(read).clone()
    }
}
