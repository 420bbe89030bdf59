//! The signature methods (RFC 5849 §3.4).

use std::fmt;
use std::str::FromStr;

use super::body_hash_algorithm::BodyHashAlgorithm;
use super::custom::Custom;
#[cfg(feature = "rsa")]
use super::rsa::{Hash, RsaPrivateKey};
use super::value::Signature;
use crate::boxed::BoxError;

/// A signature method, with its private key if it needs one (RFC 5849 §3.4).
///
/// The default is [`hmac_sha1`](Self::hmac_sha1), which nearly every provider supports. Use the method
/// that your provider's documentation names.
///
/// # Examples
///
/// ```
/// use oauth1_signer::{ClientCredentials, SignatureMethod, Signer};
///
/// # fn main() -> Result<(), oauth1_signer::BuildError> {
/// let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret"))
///     .method(SignatureMethod::plaintext())
///     .build()?;
/// assert_eq!(SignatureMethod::default().name(), "HMAC-SHA1");
/// # Ok(()) }
/// ```
#[doc(alias = "oauth_signature_method")]
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
    /// Returns HMAC-SHA1, the default method (RFC 5849 §3.4.2).
    #[doc(alias = "HMAC-SHA1")]
    #[must_use]
    pub fn hmac_sha1() -> Self {
        Self(Kind::HmacSha1)
    }

    /// Returns HMAC-SHA256, which is HMAC-SHA1 with another hash.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::SignatureMethod;
    ///
    /// assert_eq!(SignatureMethod::hmac_sha256().name(), "HMAC-SHA256");
    /// ```
    #[doc(alias = "HMAC-SHA256")]
    #[cfg(feature = "sha2")]
    #[must_use]
    pub fn hmac_sha256() -> Self {
        Self(Kind::HmacSha256)
    }

    /// Returns HMAC-SHA512, which is HMAC-SHA1 with another hash.
    #[doc(alias = "HMAC-SHA512")]
    #[cfg(feature = "sha2")]
    #[must_use]
    pub fn hmac_sha512() -> Self {
        Self(Kind::HmacSha512)
    }

    /// Returns PLAINTEXT, which sends the two secrets as the signature (RFC 5849 §3.4.4).
    ///
    /// It also sends `oauth_timestamp` and `oauth_nonce`. They are optional for PLAINTEXT, but some
    /// servers require them. [`plaintext_without_stamp`](Self::plaintext_without_stamp) leaves them out.
    ///
    /// # Security
    /// The signer accepts only https URLs and requests to this machine, unless
    /// [`allow_plaintext_over_http`](crate::SignerBuilder::allow_plaintext_over_http) was set.
    #[doc(alias = "PLAINTEXT")]
    #[must_use]
    pub fn plaintext() -> Self {
        Self(Kind::Plaintext { stamped: true })
    }

    /// Returns PLAINTEXT without `oauth_timestamp` and `oauth_nonce` (RFC 5849 §3.1).
    #[must_use]
    pub fn plaintext_without_stamp() -> Self {
        Self(Kind::Plaintext { stamped: false })
    }

    /// Returns RSA-SHA1 with the given private key (RFC 5849 §3.4.3).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use oauth1_signer::signature::RsaPrivateKey;
    /// use oauth1_signer::{ClientCredentials, SignatureMethod, Signer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let key = RsaPrivateKey::from_pem(&std::fs::read_to_string("private-key.pem")?)?;
    /// let signer = Signer::builder(ClientCredentials::new("consumer key", ""))
    ///     .method(SignatureMethod::rsa_sha1(key))
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "RSA-SHA1")]
    #[cfg(feature = "rsa")]
    #[must_use]
    pub fn rsa_sha1(key: RsaPrivateKey) -> Self {
        Self(Kind::Rsa(key, Hash::Sha1))
    }

    /// Returns RSA-SHA256 with the given private key; it is RSA-SHA1 with another hash.
    #[doc(alias = "RSA-SHA256")]
    #[cfg(feature = "rsa")]
    #[must_use]
    pub fn rsa_sha256(key: RsaPrivateKey) -> Self {
        Self(Kind::Rsa(key, Hash::Sha256))
    }

    /// Returns RSA-SHA512 with the given private key; it is RSA-SHA1 with another hash.
    #[doc(alias = "RSA-SHA512")]
    #[cfg(feature = "rsa")]
    #[must_use]
    pub fn rsa_sha512(key: RsaPrivateKey) -> Self {
        Self(Kind::Rsa(key, Hash::Sha512))
    }

    /// Creates a signature method from a function that signs the bytes of the base string.
    ///
    /// `name` is sent as `oauth_signature_method`. The secrets of the credentials are not used: the
    /// closure `sign` holds the key.
    ///
    /// # Examples
    ///
    /// ```
    /// use oauth1_signer::{SignatureMethod, signature::Signature};
    /// # fn hmac_sha256(_: &[u8], _: &[&[u8]]) -> Vec<u8> { vec![0; 32] }
    /// # let (prepend, live_session_token) = (vec![0], vec![0]);
    ///
    /// // Interactive Brokers puts bytes in front of the base string, and uses a raw key for the MAC.
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

    /// Creates a signature method whose key is in a KMS, an HSM or another process.
    ///
    /// `name` is sent as `oauth_signature_method`. [`Signer::prepare`](crate::Signer::prepare) returns the
    /// bytes to sign, and [`Prepared::finish`](crate::Prepared::finish) takes the signature; see
    /// [`Prepared`](crate::Prepared) for an example. [`Signer::sign`](crate::Signer::sign) returns
    /// [`SignatureError::ExternalKey`](crate::signature::SignatureError::ExternalKey).
    #[doc(alias = "kms")]
    #[doc(alias = "hsm")]
    #[must_use]
    pub fn external(name: impl Into<String>) -> Self {
        Self(Kind::External { name: name.into(), digest: BodyHashAlgorithm::Sha1 })
    }

    /// Sets the hash of `oauth_body_hash` for a custom or external method; SHA-1 by default.
    ///
    /// It changes the methods of [`custom`](Self::custom) and [`external`](Self::external) only. The
    /// others always use the hash of the method.
    #[doc(alias = "oauth_body_hash")]
    #[must_use]
    pub fn with_body_hash_algorithm(mut self, body_digest: BodyHashAlgorithm) -> Self {
        match &mut self.0 {
            Kind::Custom(custom) => custom.digest = body_digest,
            Kind::External { digest, .. } => *digest = body_digest,
            _ => {}
        }
        self
    }

    /// Returns the name that is sent as `oauth_signature_method`.
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

    /// Returns the hash of `oauth_body_hash`: that of the method, or SHA-1 for PLAINTEXT.
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

    /// Returns `true` if the method sends a timestamp and a nonce.
    pub(crate) fn is_stamped(&self) -> bool {
        !matches!(self.0, Kind::Plaintext { stamped: false })
    }

    /// Returns `true` if the secrets of the credentials form the key.
    pub(crate) fn shares_secrets(&self) -> bool {
        match &self.0 {
            Kind::Custom(_) | Kind::External { .. } => false,
            #[cfg(feature = "rsa")]
            Kind::Rsa(..) => false,
            _ => true,
        }
    }
}

/// Prints the name that is sent as `oauth_signature_method`.
impl fmt::Display for SignatureMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads the name of a method that needs no private key, such as `HMAC-SHA256` in a configuration file.
///
/// Upper and lower case are different, as in `oauth_signature_method`.
impl FromStr for SignatureMethod {
    type Err = ParseMethodError;

    fn from_str(name: &str) -> Result<Self, ParseMethodError> {
        match name {
            "HMAC-SHA1" => Ok(Self::hmac_sha1()),
            #[cfg(feature = "sha2")]
            "HMAC-SHA256" => Ok(Self::hmac_sha256()),
            #[cfg(feature = "sha2")]
            "HMAC-SHA512" => Ok(Self::hmac_sha512()),
            #[cfg(not(feature = "sha2"))]
            "HMAC-SHA256" | "HMAC-SHA512" => Err(ParseMethodError::NeedsSha2),
            "PLAINTEXT" => Ok(Self::plaintext()),
            "RSA-SHA1" | "RSA-SHA256" | "RSA-SHA512" => Err(ParseMethodError::NeedsKey),
            _ => Err(ParseMethodError::Unknown),
        }
    }
}

/// The error of reading a [`SignatureMethod`] from its name.
///
/// # Examples
///
/// ```
/// use oauth1_signer::SignatureMethod;
/// use oauth1_signer::signature::ParseMethodError;
///
/// let method: SignatureMethod = "HMAC-SHA1".parse()?;
/// assert_eq!(method.to_string(), "HMAC-SHA1");
/// assert_eq!("RSA-SHA256".parse::<SignatureMethod>().unwrap_err(), ParseMethodError::NeedsKey);
/// # Ok::<(), ParseMethodError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseMethodError {
    /// The method signs with an RSA private key, which its name does not contain.
    #[error("the method needs a private key: use SignatureMethod::rsa_sha256 and the like (feature rsa)")]
    NeedsKey,
    /// The method needs the feature `sha2`.
    #[error("the method needs the feature sha2 of oauth1-signer")]
    NeedsSha2,
    /// No method has this name.
    #[error(
        "no signature method has this name: write HMAC-SHA1, HMAC-SHA256, HMAC-SHA512 or PLAINTEXT, in upper case"
    )]
    Unknown,
}
