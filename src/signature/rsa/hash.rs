//! The hash of an RSA signature.

use hmac::digest::Update;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use crate::base_string::Sink;
use crate::signature::body_hash_algorithm::BodyHashAlgorithm;

/// A hash whose result the RSA operation signs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

impl Hash {
    pub(in crate::signature) fn method(self) -> &'static str {
        match self {
            Self::Sha1 => "RSA-SHA1",
            Self::Sha256 => "RSA-SHA256",
            Self::Sha512 => "RSA-SHA512",
        }
    }

    pub(in crate::signature) fn body_digest(self) -> BodyHashAlgorithm {
        match self {
            Self::Sha1 => BodyHashAlgorithm::Sha1,
            Self::Sha256 => BodyHashAlgorithm::Sha256,
            Self::Sha512 => BodyHashAlgorithm::Sha512,
        }
    }

    pub(in crate::signature) fn start(self) -> Hashing {
        match self {
            Self::Sha1 => Hashing::Sha1(Sha1::new()),
            Self::Sha256 => Hashing::Sha256(Sha256::new()),
            Self::Sha512 => Hashing::Sha512(Sha512::new()),
        }
    }
}

/// A hash that is being computed.
pub(in crate::signature) enum Hashing {
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
