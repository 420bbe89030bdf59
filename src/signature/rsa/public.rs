//! RSA public keys, which verify signatures.

use std::fmt;
use std::sync::Arc;

use rsa::BoxedUint;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs8::{DecodePublicKey, spki};
use rsa::traits::PublicKeyParts;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::error::KeyError;
use super::hash::{Hash, Hashing};
use super::pem::{MINIMUM_BITS, bits_of, public_block};
use crate::signature::message::Message;

/// An RSA public key, which verifies a client's signatures.
///
/// It is cheap to clone. [`ClientRecord::rsa`](crate::verify::ClientRecord::rsa) takes one.
///
/// # Examples
///
/// ```no_run
/// use oauth1_signer::signature::RsaPublicKey;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = RsaPublicKey::from_pem(&std::fs::read_to_string("public-key.pem")?)?;
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey(Arc<rsa::PublicKey>);

impl RsaPublicKey {
    /// Reads a key from PEM text: SPKI (`BEGIN PUBLIC KEY`) or PKCS#1 (`BEGIN RSA PUBLIC KEY`).
    ///
    /// # Errors
    /// - Returns [`KeyError::WeakKey`] if the key is shorter than 2048 bits.
    /// - Returns another [`KeyError`] if `pem` does not hold an RSA public key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_pem_with_min_bits(pem, MINIMUM_BITS)
    }

    /// Reads a key from PEM text, for clients that still use keys shorter than 2048 bits.
    ///
    /// # Errors
    /// - Returns [`KeyError::WeakKey`] if the key is shorter than `minimum` bits.
    /// - Returns another [`KeyError`] if `pem` does not hold an RSA public key.
    ///
    /// # Security
    /// An attacker can compute the private key of a short key, and then sign as the client.
    pub fn from_pem_with_min_bits(pem: &str, minimum: usize) -> Result<Self, KeyError> {
        let key = match public_block(pem)? {
            ("PUBLIC KEY", pem) => rsa::PublicKey::from_public_key_pem(pem).map_err(|error| match error {
                spki::Error::OidUnknown { .. } => KeyError::OtherAlgorithm,
                _ => KeyError::InvalidPem,
            }),
            (_, pem) => rsa::PublicKey::from_pkcs1_pem(pem).map_err(|_| KeyError::InvalidPem),
        }?;
        let bits = bits_of(&key);
        if bits < minimum {
            return Err(KeyError::WeakKey { bits, minimum });
        }
        Ok(Self(Arc::new(key)))
    }

    /// Returns a key without a known private key, for verifications that only take their time.
    pub(crate) fn dummy() -> &'static Self {
        static DUMMY: std::sync::OnceLock<RsaPublicKey> = std::sync::OnceLock::new();
        DUMMY.get_or_init(|| {
            let modulus = BoxedUint::from_be_slice_vartime(&[0xB5; MINIMUM_BITS / 8]);
            let key = rsa::PublicKey::new(modulus, BoxedUint::from(65_537_u32));
            RsaPublicKey(Arc::new(key.expect("the modulus is odd, and of a common size")))
        })
    }

    /// Returns the length of the modulus, in bits.
    pub(crate) fn bits(&self) -> usize {
        bits_of(&*self.0)
    }

    /// Returns the encoded message in `signature`, if this key can have made it (RFC 8017 §8.2.2).
    pub(crate) fn recover(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let modulus = self.0.n().as_ref();
        let number = BoxedUint::from_be_slice(signature, modulus.bits_precision()).ok()?;
        if signature.len() != self.0.size() || number >= *modulus {
            return None;
        }
        let message = rsa::hazmat::rsa_encrypt(&*self.0, &number).ok()?;
        Some(message.to_be_bytes().to_vec())
    }

    /// Returns `true` if this key's owner signed `message`; all signatures take the same time.
    pub(crate) fn verify<M>(&self, hash: Hash, message: &M, signature: &[u8]) -> bool
    where
        M: Message<Error = std::convert::Infallible>,
    {
        let mut hashing = hash.start();
        let Ok(()) = message.write(&mut hashing);
        // The `rsa` crate rejects bytes at once that cannot be a signature by this key. The time would
        // show which key it is, so such bytes are replaced and the computation runs all the same.
        let can_be = signature.len() == self.0.size()
            && BoxedUint::from_be_slice_vartime(signature) < *self.0.n().as_ref();
        let mut other = vec![0x5A; self.0.size()];
        other[0] = 0;
        let signature = if can_be { signature } else { &other };
        let is_signed = match hashing {
            Hashing::Sha1(hash) => self.0.pkcs1v15_verify_prehash::<Sha1>(&hash.finalize(), signature),
            Hashing::Sha256(hash) => self.0.pkcs1v15_verify_prehash::<Sha256>(&hash.finalize(), signature),
            Hashing::Sha512(hash) => self.0.pkcs1v15_verify_prehash::<Sha512>(&hash.finalize(), signature),
        }
        .is_ok();
        can_be & is_signed
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bits)", bits_of(&*self.0))
    }
}
