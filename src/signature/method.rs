//! RFC 5849 §3.4: the signature methods.

use super::body_hash_algorithm::BodyHashAlgorithm;
use super::custom::Custom;
#[cfg(feature = "rsa")]
use super::rsa::{Hash, RsaPrivateKey};
use super::value::Signature;
use crate::boxed::BoxError;

/// A signature method (§3.4), with the private key where it needs one.
///
/// The default is HMAC-SHA1, which every provider but a few knows.
#[derive(Clone, Debug, Default)]
pub struct SignatureMethod(pub(super) Kind);

#[derive(Clone, Debug, Default)]
pub(super) enum Kind {
    #[default]
    HmacSha1,
    #[cfg(feature = "sha2")]
    HmacSha256,
    #[cfg(feature = "sha2")]
    HmacSha512,
    Plaintext {
        stamped: bool,
    },
    #[cfg(feature = "rsa")]
    Rsa(RsaPrivateKey, Hash),
    Custom(Custom),
    External {
        name: String,
        digest: BodyHashAlgorithm,
    },
}

impl SignatureMethod {
    /// HMAC-SHA1 (§3.4.2).
    #[must_use]
    pub fn hmac_sha1() -> Self {
        Self(Kind::HmacSha1)
    }

    /// HMAC-SHA256: like HMAC-SHA1 with the other hash.
    #[cfg(feature = "sha2")]
    #[must_use]
    pub fn hmac_sha256() -> Self {
        Self(Kind::HmacSha256)
    }

    /// HMAC-SHA512: like HMAC-SHA1 with the other hash.
    #[cfg(feature = "sha2")]
    #[must_use]
    pub fn hmac_sha512() -> Self {
        Self(Kind::HmacSha512)
    }

    /// PLAINTEXT (§3.4.4): the secrets themselves are sent, so only over TLS or to this machine.
    ///
    /// Nonce and timestamp are sent too: the RFC lets them be left out, but some servers ask for
    /// them. [`plaintext_without_stamp`](Self::plaintext_without_stamp) leaves them out.
    #[must_use]
    pub fn plaintext() -> Self {
        Self(Kind::Plaintext { stamped: true })
    }

    /// PLAINTEXT, without `oauth_nonce` and `oauth_timestamp` (§3.1).
    #[must_use]
    pub fn plaintext_without_stamp() -> Self {
        Self(Kind::Plaintext { stamped: false })
    }

    /// RSA-SHA1 (§3.4.3).
    #[cfg(feature = "rsa")]
    #[must_use]
    pub fn rsa_sha1(key: RsaPrivateKey) -> Self {
        Self(Kind::Rsa(key, Hash::Sha1))
    }

    /// RSA-SHA256: like RSA-SHA1 with the other hash.
    #[cfg(feature = "rsa")]
    #[must_use]
    pub fn rsa_sha256(key: RsaPrivateKey) -> Self {
        Self(Kind::Rsa(key, Hash::Sha256))
    }

    /// RSA-SHA512: like RSA-SHA1 with the other hash.
    #[cfg(feature = "rsa")]
    #[must_use]
    pub fn rsa_sha512(key: RsaPrivateKey) -> Self {
        Self(Kind::Rsa(key, Hash::Sha512))
    }

    /// A method of your own: `name` is sent as `oauth_signature_method`, `sign` makes the signature
    /// from the bytes of the base string.
    ///
    /// The secrets of the credentials play no part: whatever key there is, `sign` holds it.
    ///
    /// ```
    /// use oauth1_signer::{SignatureMethod, signature::Signature};
    /// # fn hmac_sha256(_: &[u8], _: &[&[u8]]) -> Vec<u8> { vec![0; 32] }
    /// # let (prepend, live_session_token) = (vec![0], vec![0]);
    ///
    /// // Interactive Brokers: bytes in front of the base string, a MAC with a raw key.
    /// let method = SignatureMethod::custom("HMAC-SHA256", move |base_string| {
    ///     Ok(Signature::Bytes(hmac_sha256(&live_session_token, &[&prepend, base_string])))
    /// });
    /// ```
    #[must_use]
    pub fn custom<F>(name: impl Into<String>, sign: F) -> Self
    where
        F: Fn(&[u8]) -> Result<Signature, BoxError> + Send + Sync + 'static,
    {
        Self(Kind::Custom(Custom::new(name.into(), sign)))
    }

    /// A method whose key lives elsewhere (KMS, HSM, another process): [`Signer::prepare`] gives
    /// the bytes to sign and takes the signature.
    ///
    /// [`Signer::prepare`]: crate::Signer::prepare
    #[must_use]
    pub fn external(name: impl Into<String>) -> Self {
        Self(Kind::External { name: name.into(), digest: BodyHashAlgorithm::Sha1 })
    }

    /// The hash of `oauth_body_hash` for a [`custom`](Self::custom) or [`external`](Self::external)
    /// method: SHA-1 where none is set. The other methods have their own, and keep it.
    #[must_use]
    pub fn with_body_hash_algorithm(mut self, body_digest: BodyHashAlgorithm) -> Self {
        match &mut self.0 {
            Kind::Custom(custom) => custom.digest = body_digest,
            Kind::External { digest, .. } => *digest = body_digest,
            _ => {}
        }
        self
    }

    /// `oauth_signature_method` as it is sent.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.0 {
            Kind::HmacSha1 => "HMAC-SHA1",
            #[cfg(feature = "sha2")]
            Kind::HmacSha256 => "HMAC-SHA256",
            #[cfg(feature = "sha2")]
            Kind::HmacSha512 => "HMAC-SHA512",
            Kind::Plaintext { .. } => "PLAINTEXT",
            #[cfg(feature = "rsa")]
            Kind::Rsa(_, hash) => hash.method(),
            Kind::Custom(custom) => &custom.name,
            Kind::External { name, .. } => name,
        }
    }

    /// The hash of `oauth_body_hash`: the method's own; SHA-1 for PLAINTEXT, which has none.
    pub(crate) fn body_digest(&self) -> BodyHashAlgorithm {
        match &self.0 {
            Kind::HmacSha1 | Kind::Plaintext { .. } => BodyHashAlgorithm::Sha1,
            #[cfg(feature = "sha2")]
            Kind::HmacSha256 => BodyHashAlgorithm::Sha256,
            #[cfg(feature = "sha2")]
            Kind::HmacSha512 => BodyHashAlgorithm::Sha512,
            #[cfg(feature = "rsa")]
            Kind::Rsa(_, hash) => hash.body_digest(),
            Kind::Custom(custom) => custom.digest,
            Kind::External { digest, .. } => *digest,
        }
    }

    pub(crate) fn is_stamped(&self) -> bool {
        !matches!(self.0, Kind::Plaintext { stamped: false })
    }

    /// Whether the client secret is part of the key.
    pub(crate) fn shares_secrets(&self) -> bool {
        match &self.0 {
            Kind::Custom(_) | Kind::External { .. } => false,
            #[cfg(feature = "rsa")]
            Kind::Rsa(..) => false,
            _ => true,
        }
    }
}
