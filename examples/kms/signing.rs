//! A signer over a key that lives elsewhere: prepare, let it sign, check, finish.

use std::time::Duration;

use http::Request;
use http::header::AUTHORIZATION;
use oauth1_signer::signature::{RsaPublicKey, Signature};
use oauth1_signer::verify::{ClientRecord, IncomingRequest, MemoryNonceLog, Policy, Rejection};
use oauth1_signer::{Origin, SignError, Signer};

use super::kms::{Kms, KmsError};

/// A signer whose key is in a KMS.
pub(crate) struct RemoteSigner<K> {
    signer: Signer,
    kms: K,
    public_key: RsaPublicKey,
    time_limit: Duration,
}

/// The reason why a request was not signed. No variant contains the request or the signature.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    #[error("the request cannot be signed: {0}")]
    Request(#[from] SignError),
    #[error("the KMS did not sign: {0}")]
    Kms(#[from] KmsError),
    #[error("the KMS did not sign in time: try again, which signs with a new timestamp and nonce")]
    TimedOut,
    #[error("the KMS returned a signature that the public key does not match: {0}")]
    WrongSignature(Rejection),
    #[error("the URL has no origin that a server could have")]
    Origin,
}

impl<K: Kms> RemoteSigner<K> {
    pub(crate) fn new(signer: Signer, kms: K, public_key: RsaPublicKey, time_limit: Duration) -> Self {
        Self { signer, kms, public_key, time_limit }
    }

    /// Returns the request with its Authorization header.
    ///
    /// Each call prepares the request anew, so a retry has a timestamp and a nonce of its own.
    pub(crate) async fn authorize(
        &self,
        mut request: Request<String>,
    ) -> Result<Request<String>, RemoteError> {
        let prepared = self.signer.prepare(&request)?;
        let signing = self.kms.sign(prepared.base_string().as_bytes());
        let signature =
            tokio::time::timeout(self.time_limit, signing).await.map_err(|_| RemoteError::TimedOut)??;
        let header = prepared.finish(Signature::Bytes(signature)).to_header();
        request.headers_mut().insert(AUTHORIZATION, header);
        self.check(&request).await?;
        Ok(request)
    }

    /// Checks the signature as a server would, before the request goes out.
    ///
    /// A KMS that is set to another key or to another padding is found here, and not by a 401.
    async fn check(&self, request: &Request<String>) -> Result<(), RemoteError> {
        let (uri, headers) = (request.uri(), request.headers());
        let origin = uri.scheme_str().zip(uri.authority()).map(|(scheme, host)| format!("{scheme}://{host}"));
        let origin = origin.and_then(|origin| Origin::new(&origin).ok()).ok_or(RemoteError::Origin)?;
        let policy = Policy::new(origin).require_token(false);
        let received = IncomingRequest::new(request.method(), uri, headers);
        let received = received.body(request.body().as_bytes());
        let wrong = RemoteError::WrongSignature;
        let claim = policy.read(received).map_err(wrong)?;
        let record = ClientRecord::rsa(claim.client_key(), self.public_key.clone());
        let log = MemoryNonceLog::new().map_err(|error| wrong(Rejection::unavailable(error)))?;
        claim.prove(Some(&record), None).map_err(wrong)?.admit(&log).await.map_err(wrong)?;
        Ok(())
    }
}
