//! RSA private keys, which sign requests.

use std::fmt;
use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::{StdRng, SysRng};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::error::KeyError;
use super::hash::Hashing;
use super::pem::{MINIMUM_BITS, bits_of, is_encrypted, kind_of, kind_of_der, private_block};
use crate::signature::error::SignatureError;

/// An RSA private key, which signs requests.
///
/// It is cheap to clone. `Debug` does not show it, and it is wiped when the last clone is dropped.
/// [`SignatureMethod::rsa_sha1`](crate::SignatureMethod::rsa_sha1) and its SHA-2 variants take one.
///
/// # Security
/// Since version 0.10 the `rsa` crate signs with constant-time arithmetic, which resolved
/// RUSTSEC-2023-0071. Each signature is blinded with fresh random bytes. The crate is not audited for
/// every processor. If the theft of a key would be a disaster, keep the key in a KMS or HSM and use
/// [`SignatureMethod::external`](crate::SignatureMethod::external).
///
/// # Examples
///
/// ```no_run
/// use oauth1_signer::SignatureMethod;
/// use oauth1_signer::signature::RsaPrivateKey;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = RsaPrivateKey::from_pem(&std::fs::read_to_string("private-key.pem")?)?;
/// let method = SignatureMethod::rsa_sha256(key);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RsaPrivateKey(Arc<rsa::PrivateKey>);

impl RsaPrivateKey {
    /// Reads a key from PEM text: PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// - Returns [`KeyError::WeakKey`] if the key is shorter than 2048 bits.
    /// - Returns [`KeyError::Encrypted`] if the key is encrypted with a password.
    /// - Returns another [`KeyError`] if `pem` does not hold an RSA private key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_pem_with_min_bits(pem, MINIMUM_BITS)
    }

    /// Reads a key from PEM text, for providers that still use keys shorter than 2048 bits.
    ///
    /// # Errors
    /// Returns the errors of [`from_pem`](Self::from_pem), with `minimum` instead of 2048 bits.
    ///
    /// # Security
    /// An attacker can compute a short private key from the public key, and then sign as the client.
    pub fn from_pem_with_min_bits(pem: &str, minimum: usize) -> Result<Self, KeyError> {
        let (label, pem) = private_block(pem)?;
        let key = match label {
            "PRIVATE KEY" => {
                rsa::PrivateKey::from_pkcs8_pem(pem).map_err(|error| kind_of(&error, KeyError::InvalidPem))
            }
            "RSA PRIVATE KEY" if pem.contains("Proc-Type: 4,ENCRYPTED") => Err(KeyError::Encrypted),
            "RSA PRIVATE KEY" => rsa::PrivateKey::from_pkcs1_pem(pem).map_err(|_| KeyError::InvalidPem),
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            "OPENSSH PRIVATE KEY" => Err(KeyError::OpenSsh),
            _ => Err(KeyError::OtherAlgorithm),
        }?;
        Self::checked(key, minimum)
    }

    /// Reads a key from DER bytes: PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// - Returns [`KeyError::WeakKey`] if the key is shorter than 2048 bits.
    /// - Returns [`KeyError::Encrypted`] if the key is encrypted with a password.
    /// - Returns another [`KeyError`] if `der` does not hold an RSA private key.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_der_with_min_bits(der, MINIMUM_BITS)
    }

    /// Reads a key from DER bytes, for providers that still use keys shorter than 2048 bits.
    ///
    /// # Errors
    /// Returns the errors of [`from_der`](Self::from_der), with `minimum` instead of 2048 bits.
    ///
    /// # Security
    /// An attacker can compute a short private key from the public key, and then sign as the client.
    pub fn from_der_with_min_bits(der: &[u8], minimum: usize) -> Result<Self, KeyError> {
        let key = match rsa::PrivateKey::from_pkcs8_der(der) {
            Ok(key) => key,
            Err(error) => rsa::PrivateKey::from_pkcs1_der(der).map_err(|_| {
                if is_encrypted(der) {
                    KeyError::Encrypted
                } else if rsa::PublicKey::from_public_key_der(der).is_ok() {
                    KeyError::PublicKey
                } else {
                    kind_of_der(der).unwrap_or(kind_of(&error, KeyError::InvalidDer))
                }
            })?,
        };
        Self::checked(key, minimum)
    }

    /// Returns the key, or an error if it is shorter than `minimum` bits.
    fn checked(key: rsa::PrivateKey, minimum: usize) -> Result<Self, KeyError> {
        let bits = bits_of(&key);
        if bits < minimum {
            return Err(KeyError::WeakKey { bits, minimum });
        }
        Ok(Self(Arc::new(key)))
    }

    /// Returns the length of the modulus, in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        bits_of(&*self.0)
    }

    /// Signs a hash, blinded with fresh random bytes.
    pub(in crate::signature) fn sign(&self, hashing: Hashing) -> Result<Vec<u8>, SignatureError> {
        let mut blinding =
            StdRng::try_from_rng(&mut SysRng).map_err(|error| SignatureError::Rng(error.into()))?;
        let (key, rng) = (&self.0, &mut blinding);
        match hashing {
            Hashing::Sha1(hash) => key.pkcs1v15_sign_prehash_with_rng::<Sha1, _>(rng, &hash.finalize()),
            Hashing::Sha256(hash) => key.pkcs1v15_sign_prehash_with_rng::<Sha256, _>(rng, &hash.finalize()),
            Hashing::Sha512(hash) => key.pkcs1v15_sign_prehash_with_rng::<Sha512, _>(rng, &hash.finalize()),
        }
        .map_err(|_| SignatureError::Rsa)
    }
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPrivateKey([redacted], {} bits)", self.bits())
    }
}
