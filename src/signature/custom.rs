//! A signature method that the caller implements.

use std::fmt;
use std::sync::Arc;

use super::body_hash_algorithm::BodyHashAlgorithm;
use super::error::SignatureError;
use super::value::Signature;
use crate::boxed::BoxError;

type Sign = dyn Fn(&[u8]) -> Result<Signature, BoxError> + Send + Sync;

/// A signature method that the caller implements, and its name.
#[derive(Clone)]
pub(crate) struct Custom {
    pub(super) name: String,
    pub(super) digest: BodyHashAlgorithm,
    sign: Arc<Sign>,
}

impl Custom {
    pub(super) fn new<F>(name: String, sign: F) -> Self
    where
        F: Fn(&[u8]) -> Result<Signature, BoxError> + Send + Sync + 'static,
    {
        Self { name, digest: BodyHashAlgorithm::Sha1, sign: Arc::new(sign) }
    }

    pub(super) fn sign(&self, base_string: &[u8]) -> Result<Signature, SignatureError> {
        (self.sign)(base_string).map_err(SignatureError::Custom)
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Custom").field("name", &self.name).finish_non_exhaustive()
    }
}
