//! A service that signs, and a local stand-in for it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth1_signer::signature::RsaPrivateKey;
use oauth1_signer::{BoxError, ClientCredentials, SignatureMethod, Signer};

/// A service that holds a key and signs with it.
pub(crate) trait Kms {
    /// Returns the RSA-SHA256 signature of `text` (RSASSA-PKCS1-v1_5).
    fn sign(&self, text: &[u8]) -> impl Future<Output = Result<Vec<u8>, KmsError>> + Send;
}

/// The reason why the service did not sign.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KmsError {
    #[error("access to the key was denied: check the permissions of this program")]
    Denied,
    #[error("the service failed")]
    Failed,
}

/// The behaviour of the stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Works,
    IsSlow,
    Refuses,
    /// It returns half of a signature.
    CutsOff,
}

pub(crate) struct LocalKms {
    key: Signer,
    behaviour: Behaviour,
}

impl LocalKms {
    pub(crate) fn new(pem: &str, behaviour: Behaviour) -> Result<Self, BoxError> {
        let method = SignatureMethod::rsa_sha256(RsaPrivateKey::from_pem(pem)?);
        let key = Signer::builder(ClientCredentials::new("unused", "")).method(method).build()?;
        Ok(Self { key, behaviour })
    }
}

impl Kms for LocalKms {
    async fn sign(&self, text: &[u8]) -> Result<Vec<u8>, KmsError> {
        let delay = if self.behaviour == Behaviour::IsSlow { 10_000 } else { 20 };
        tokio::time::sleep(Duration::from_millis(delay)).await;
        if self.behaviour == Behaviour::Refuses {
            return Err(KmsError::Denied);
        }
        let signature = self.key.sign_bytes(text).map_err(|_| KmsError::Failed)?;
        let mut signature = STANDARD.decode(signature).map_err(|_| KmsError::Failed)?;
        if self.behaviour == Behaviour::CutsOff {
            signature.truncate(signature.len() / 2);
        }
        Ok(signature)
    }
}
