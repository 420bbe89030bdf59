//! RSA private keys, to sign with.

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

/// An RSA private key, wiped when dropped and never shown. Cheap to clone.
///
/// # Security
///
/// The `rsa` crate signs with constant-time arithmetic since version 0.10, which resolved
/// RUSTSEC-2023-0071, and each signature is blinded with fresh random bytes. It is not audited for every
/// processor. For a key whose theft would be a disaster, keep it in a KMS or HSM and use
/// [`SignatureMethod::external`](crate::SignatureMethod::external).
#[derive(Clone)]
pub struct RsaPrivateKey(Arc<rsa::PrivateKey>);

impl RsaPrivateKey {
    /// Reads a key from PEM text: PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// Returns an error if `pem` holds no RSA private key, or one shorter than 2048 bits.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_pem_with_min_bits(pem, MINIMUM_BITS)
    }

    /// Reads a key from PEM text, for providers that still use keys shorter than 2048 bits.
    ///
    /// # Errors
    /// Returns an error if `pem` holds no RSA private key, or one shorter than `minimum` bits.
    ///
    /// # Security
    /// Short keys can be broken, and then anybody can sign.
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
    /// Returns an error if `der` holds no RSA private key, or one shorter than 2048 bits.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_der_with_min_bits(der, MINIMUM_BITS)
    }

    /// Reads a key from DER bytes, for providers that still use keys shorter than 2048 bits.
    ///
    /// # Errors
    /// Returns an error if `der` holds no RSA private key, or one shorter than `minimum` bits.
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
