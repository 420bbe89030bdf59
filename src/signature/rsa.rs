//! RFC 5849 §3.4.3: RSASSA-PKCS1-v1_5 with a private key in memory.

use std::fmt;
use std::sync::Arc;

use hmac::digest::Update;
use rand::Rng;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs8::{self, DecodePrivateKey, DecodePublicKey};
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha1::Digest;

use super::SignatureError;
use super::digest::BodyDigest;
use super::key::Message;
use crate::base_string::Witness;
use crate::stamp::random_octets;
use crate::writer::Sink;

/// Why a text or octets are no private key to sign with. Nothing of them is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is no PEM, or what is in it is no key.
    #[error("the RSA key is not valid PEM: give the whole file, from -----BEGIN to -----END")]
    InvalidPem,
    /// The octets are no PKCS#8 or PKCS#1 private key.
    #[error("the private key is not valid DER: give PKCS#8 or PKCS#1 octets")]
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
/// The `rsa` crate below is not free of timing side channels (RUSTSEC-2023-0071). Signing is blinded
/// here, which takes the leverage from the known attack, but where an attacker can time many
/// signatures closely, keep the key in a KMS or HSM and use
/// [`SignatureMethod::external`](crate::SignatureMethod::external).
#[derive(Clone)]
pub struct RsaKey(Arc<RsaPrivateKey>);

impl RsaKey {
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
                RsaPrivateKey::from_pkcs8_pem(pem).map_err(|error| kind_of(&error, KeyError::InvalidPem))
            }
            "RSA PRIVATE KEY" if pem.contains("Proc-Type: 4,ENCRYPTED") => Err(KeyError::Encrypted),
            "RSA PRIVATE KEY" => RsaPrivateKey::from_pkcs1_pem(pem).map_err(|_| KeyError::InvalidPem),
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
        let key = match RsaPrivateKey::from_pkcs8_der(der) {
            Ok(key) => key,
            Err(error) => RsaPrivateKey::from_pkcs1_der(der).map_err(|_| {
                if is_encrypted(der) {
                    KeyError::Encrypted
                } else if rsa::RsaPublicKey::from_public_key_der(der).is_ok() {
                    KeyError::WrongKeyKind
                } else {
                    kind_of(&error, KeyError::InvalidDer)
                }
            })?,
        };
        Self::checked(key, minimum)
    }

    fn checked(key: RsaPrivateKey, minimum: usize) -> Result<Self, KeyError> {
        let bits = key.n().bits();
        if bits < minimum {
            return Err(KeyError::WeakKey { bits, minimum });
        }
        Ok(Self(Arc::new(key)))
    }

    /// The length of the modulus, in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.n().bits()
    }

    pub(super) fn sign(&self, hashed: Hashing) -> Result<Vec<u8>, SignatureError> {
        let (hashed, prefix) = hashed.finish();
        let padding = Pkcs1v15Sign { hash_len: Some(hashed.len()), prefix: prefix.into() };
        self.0.sign_with_rng(&mut Blinding::new()?, padding, &hashed).map_err(|_| SignatureError::Rsa)
    }
}

/// An RSA public key, for verifying. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey(Arc<rsa::RsaPublicKey>);

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
            rsa::RsaPublicKey::from_public_key_pem(pem).map_err(|_| KeyError::InvalidPem)
        } else if pem.starts_with("-----BEGIN RSA PUBLIC KEY-----") {
            rsa::RsaPublicKey::from_pkcs1_pem(pem).map_err(|_| KeyError::InvalidPem)
        } else if pem.starts_with("-----BEGIN ") {
            Err(KeyError::WrongKeyKind)
        } else {
            Err(KeyError::InvalidPem)
        }?;
        let bits = key.n().bits();
        if bits < minimum {
            return Err(KeyError::WeakKey { bits, minimum });
        }
        Ok(Self(Arc::new(key)))
    }

    /// A key that nobody has the other half of, to spend the time of a verification on.
    pub(crate) fn dummy() -> &'static Self {
        static DUMMY: std::sync::OnceLock<RsaPublicKey> = std::sync::OnceLock::new();
        DUMMY.get_or_init(|| {
            let modulus = rsa::BigUint::from_bytes_be(&[0xB5; MINIMUM_BITS / 8]);
            let key = rsa::RsaPublicKey::new(modulus, 65_537_u32.into());
            RsaPublicKey(Arc::new(key.expect("the modulus is odd, and of a common size")))
        })
    }

    pub(crate) fn verify<M>(&self, hash: Hash, message: &M, signature: &[u8]) -> bool
    where
        M: Message<Error = std::convert::Infallible>,
    {
        let mut hashing = hash.start();
        let Ok(()) = message.write(&mut hashing);
        let (hashed, prefix) = hashing.finish();
        let padding = Pkcs1v15Sign { hash_len: Some(hashed.len()), prefix: prefix.into() };
        // What can be no signature by this key is refused at once by the crate below, which would tell one
        // key from another. So something else is computed with.
        let can_be = signature.len() == self.0.size() && rsa::BigUint::from_bytes_be(signature) < *self.0.n();
        let mut other = vec![0x5A; self.0.size()];
        other[0] = 0;
        let is_signed = self.0.verify(padding, &hashed, if can_be { signature } else { &other }).is_ok();
        can_be & is_signed
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bits)", self.0.n().bits())
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

/// Whether the octets start as an encrypted PKCS#8 key does, with an identifier of PKCS#5
/// (1.2.840.113549.1.5) or PKCS#12 (1.2.840.113549.1.12).
fn is_encrypted(der: &[u8]) -> bool {
    const RSADSI_PKCS: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
    let start = &der[..der.len().min(32)];
    start.windows(8).any(|window| window[..7] == RSADSI_PKCS && matches!(window[7], 5 | 12))
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaKey([redacted], {} bits)", self.bits())
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

    pub(super) fn body_digest(self) -> BodyDigest {
        match self {
            Self::Sha1 => BodyDigest::Sha1,
            Self::Sha256 => BodyDigest::Sha256,
            Self::Sha512 => BodyDigest::Sha512,
        }
    }

    pub(super) fn start(self) -> Hashing {
        match self {
            Self::Sha1 => Hashing::Sha1(sha1::Sha1::new()),
            Self::Sha256 => Hashing::Sha256(sha2::Sha256::new()),
            Self::Sha512 => Hashing::Sha512(sha2::Sha512::new()),
        }
    }
}

/// A hash at work.
pub(super) enum Hashing {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
}

impl Hashing {
    /// The digest, and what stands before it in a `DigestInfo` (RFC 8017 §9.2, note 1).
    fn finish(self) -> (Vec<u8>, &'static [u8]) {
        match self {
            Self::Sha1(hash) => (
                hash.finalize().to_vec(),
                &[0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14],
            ),
            Self::Sha256(hash) => (hash.finalize().to_vec(), &SHA2_PREFIXES[0]),
            Self::Sha512(hash) => (hash.finalize().to_vec(), &SHA2_PREFIXES[1]),
        }
    }
}

/// SHA-256 and SHA-512: they differ in lengths and in the last arc of the identifier.
const SHA2_PREFIXES: [[u8; 19]; 2] = [sha2_prefix(1, 32), sha2_prefix(3, 64)];

const fn sha2_prefix(arc: u8, len: u8) -> [u8; 19] {
    [
        0x30,
        17 + len,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        arc,
        0x05,
        0x00,
        0x04,
        len,
    ]
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

/// Random octets for blinding, in the form that the `rsa` crate's own version of `rand_core` asks
/// for. It is seeded before use, since that interface has no way to fail.
struct Blinding(StdRng);

impl Blinding {
    fn new() -> Result<Self, SignatureError> {
        let mut seed = [0; 32];
        for half in seed.chunks_exact_mut(16) {
            half.copy_from_slice(&random_octets(0).map_err(|error| SignatureError::Rng(error.into()))?);
        }
        Ok(Self(StdRng::from_seed(seed)))
    }
}

impl rsa::rand_core::CryptoRng for Blinding {}

impl rsa::rand_core::RngCore for Blinding {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, octets: &mut [u8]) {
        self.0.fill_bytes(octets);
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.0.fill_bytes(octets);
        Ok(())
    }
}
