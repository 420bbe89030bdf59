//! RFC 5849 §3.4.3: RSASSA-PKCS1-v1_5 with a private key in memory.

use std::fmt;
use std::sync::Arc;

use hmac::digest::Update;
use rand::SeedableRng;
use rand::rngs::{StdRng, SysRng};
use rsa::BoxedUint;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs8::{self, DecodePrivateKey, DecodePublicKey};
use rsa::traits::PublicKeyParts;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::SignatureError;
use super::digest::BodyHashAlgorithm;
use super::key::Message;
use crate::base_string::Witness;
use crate::writer::Sink;

/// Why a text or bytes are no private key to sign with. Nothing of them is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is no PEM, or what is in it is no key.
    #[error("the RSA key is not valid PEM: give the whole file, from -----BEGIN to -----END")]
    InvalidPem,
    /// The bytes are no PKCS#8 or PKCS#1 private key.
    #[error("the private key is not valid DER: give PKCS#8 or PKCS#1 bytes")]
    InvalidDer,
    /// A public key, a certificate, or a key of another algorithm.
    #[error(
        "this is not the RSA key that is needed: signing takes the private key, in PKCS#8 or PKCS#1; verifying the public one"
    )]
    WrongKeyKind,
    /// The key is protected by a password.
    #[error("the private key is encrypted: decrypt it first (openssl pkcs8 -in key.pem -out plain.pem)")]
    Encrypted,
    /// The modulus is too short to be safe.
    #[error("the RSA key has {bits} bits, fewer than {minimum}: use a longer key")]
    WeakKey {
        /// The length of its modulus.
        bits: usize,
        /// What is asked for.
        minimum: usize,
    },
}

/// Keys below this are refused unless asked for, in bits.
const MINIMUM_BITS: usize = 2048;

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
    /// Reads a key in PEM: PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// If it is none, or has fewer than 2048 bits.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_pem_with_min_bits(pem, MINIMUM_BITS)
    }

    /// [`from_pem`](Self::from_pem), for providers that still use short keys. Such signatures can be
    /// forged by those who make the effort.
    ///
    /// # Errors
    /// If it is no key, or has fewer than `minimum` bits.
    pub fn from_pem_with_min_bits(pem: &str, minimum: usize) -> Result<Self, KeyError> {
        let (label, pem) = private_block(pem)?;
        let key = match label {
            "PRIVATE KEY" => {
                rsa::PrivateKey::from_pkcs8_pem(pem).map_err(|error| kind_of(&error, KeyError::InvalidPem))
            }
            "RSA PRIVATE KEY" if pem.contains("Proc-Type: 4,ENCRYPTED") => Err(KeyError::Encrypted),
            "RSA PRIVATE KEY" => rsa::PrivateKey::from_pkcs1_pem(pem).map_err(|_| KeyError::InvalidPem),
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            _ => Err(KeyError::WrongKeyKind),
        }?;
        Self::checked(key, minimum)
    }

    /// Reads a key in DER: PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// If it is none, or has fewer than 2048 bits.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_der_with_min_bits(der, MINIMUM_BITS)
    }

    /// [`from_der`](Self::from_der), for providers that still use short keys.
    ///
    /// # Errors
    /// If it is no key, or has fewer than `minimum` bits.
    pub fn from_der_with_min_bits(der: &[u8], minimum: usize) -> Result<Self, KeyError> {
        let key = match rsa::PrivateKey::from_pkcs8_der(der) {
            Ok(key) => key,
            Err(error) => rsa::PrivateKey::from_pkcs1_der(der).map_err(|_| {
                if is_encrypted(der) {
                    KeyError::Encrypted
                } else if rsa::PublicKey::from_public_key_der(der).is_ok() {
                    KeyError::WrongKeyKind
                } else {
                    kind_of(&error, KeyError::InvalidDer)
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

    /// The length of the modulus, in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        bits_of(&*self.0)
    }

    pub(super) fn sign(&self, hashing: Hashing) -> Result<Vec<u8>, SignatureError> {
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

/// An RSA public key, for verifying. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey(Arc<rsa::PublicKey>);

impl RsaPublicKey {
    /// Reads a key in PEM: SPKI (`BEGIN PUBLIC KEY`) or PKCS#1 (`BEGIN RSA PUBLIC KEY`).
    ///
    /// # Errors
    /// If it is none, or has fewer than 2048 bits.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_pem_with_min_bits(pem, MINIMUM_BITS)
    }

    /// [`from_pem`](Self::from_pem), for clients that still use short keys. Such signatures can be
    /// forged by those who make the effort.
    ///
    /// # Errors
    /// If it is no key, or has fewer than `minimum` bits.
    pub fn from_pem_with_min_bits(pem: &str, minimum: usize) -> Result<Self, KeyError> {
        let pem = pem.trim();
        let key = if pem.starts_with("-----BEGIN PUBLIC KEY-----") {
            rsa::PublicKey::from_public_key_pem(pem).map_err(|_| KeyError::InvalidPem)
        } else if pem.starts_with("-----BEGIN RSA PUBLIC KEY-----") {
            rsa::PublicKey::from_pkcs1_pem(pem).map_err(|_| KeyError::InvalidPem)
        } else if pem.starts_with("-----BEGIN ") {
            Err(KeyError::WrongKeyKind)
        } else {
            Err(KeyError::InvalidPem)
        }?;
        let bits = bits_of(&key);
        if bits < minimum {
            return Err(KeyError::WeakKey { bits, minimum });
        }
        Ok(Self(Arc::new(key)))
    }

    /// A key that nobody has the other half of, to spend the time of a verification on.
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

    /// Returns the encoded message that `signature` holds (RFC 8017 §8.2.2), where it can be one by this key.
    pub(crate) fn recover(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let modulus = self.0.n().as_ref();
        let number = BoxedUint::from_be_slice(signature, modulus.bits_precision()).ok()?;
        if signature.len() != self.0.size() || number >= *modulus {
            return None;
        }
        let message = rsa::hazmat::rsa_encrypt(&*self.0, &number).ok()?;
        Some(message.to_be_bytes().to_vec())
    }

    pub(crate) fn verify<M>(&self, hash: Hash, message: &M, signature: &[u8]) -> bool
    where
        M: Message<Error = std::convert::Infallible>,
    {
        let mut hashing = hash.start();
        let Ok(()) = message.write(&mut hashing);
        // The crate below rejects at once a text that cannot be a signature by this key, which would tell
        // one key from another. So it computes with something else then.
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

/// Returns the length of a key's modulus, in bits.
fn bits_of(key: &impl PublicKeyParts) -> usize {
    key.n().bit_width() as usize
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bits)", bits_of(&*self.0))
    }
}

/// The block of a PEM file that holds a private key: its label, and its text. Others may stand around
/// it, and text in front, as `openssl pkcs12 -nodes` writes them.
fn private_block(pem: &str) -> Result<(&str, &str), KeyError> {
    let mut answer = Err(KeyError::InvalidPem);
    for (start, _) in pem.match_indices("-----BEGIN ") {
        let block = &pem[start..];
        let Some((label, _)) = block["-----BEGIN ".len()..].split_once("-----") else { continue };
        let tail = ["-----END ", label, "-----"].concat();
        let end = block.find(&tail).map_or(block.len(), |at| at + tail.len());
        if label.ends_with("PRIVATE KEY") {
            return Ok((label, &block[..end]));
        }
        answer = Err(KeyError::WrongKeyKind);
    }
    answer
}

/// Whether a PKCS#8 key is one of another algorithm, or else no key at all.
fn kind_of(error: &pkcs8::Error, otherwise: KeyError) -> KeyError {
    match error {
        pkcs8::Error::PublicKey(pkcs8::spki::Error::OidUnknown { .. }) => KeyError::WrongKeyKind,
        _ => otherwise,
    }
}

/// Whether the bytes start as an encrypted PKCS#8 key does, with an identifier of PKCS#5
/// (1.2.840.113549.1.5) or PKCS#12 (1.2.840.113549.1.12).
fn is_encrypted(der: &[u8]) -> bool {
    const RSADSI_PKCS: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
    let start = &der[..der.len().min(32)];
    start.windows(8).any(|window| window[..7] == RSADSI_PKCS && matches!(window[7], 5 | 12))
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPrivateKey([redacted], {} bits)", self.bits())
    }
}

/// Which hash goes under the RSA operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

impl Hash {
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Sha1 => "RSA-SHA1",
            Self::Sha256 => "RSA-SHA256",
            Self::Sha512 => "RSA-SHA512",
        }
    }

    pub(super) fn body_digest(self) -> BodyHashAlgorithm {
        match self {
            Self::Sha1 => BodyHashAlgorithm::Sha1,
            Self::Sha256 => BodyHashAlgorithm::Sha256,
            Self::Sha512 => BodyHashAlgorithm::Sha512,
        }
    }

    pub(super) fn start(self) -> Hashing {
        match self {
            Self::Sha1 => Hashing::Sha1(Sha1::new()),
            Self::Sha256 => Hashing::Sha256(Sha256::new()),
            Self::Sha512 => Hashing::Sha512(Sha512::new()),
        }
    }
}

/// A hash at work.
pub(super) enum Hashing {
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Sink for Hashing {
    fn absorb(&mut self, text: &[u8]) {
        match self {
            Self::Sha1(hash) => Update::update(hash, text),
            Self::Sha256(hash) => Update::update(hash, text),
            Self::Sha512(hash) => Update::update(hash, text),
        }
    }
}

impl Witness for Hashing {}
