//! The right signature is sent, and nothing else is.

use std::time::Duration;

use http::Request;
use oauth1_signer::signature::RsaPublicKey;
use oauth1_signer::{ClientCredentials, SignatureMethod, Signer};

use super::kms::{Behaviour, KmsError, LocalKms};
use super::signing::{RemoteError, RemoteSigner};
use super::{PRIVATE_KEY, PUBLIC_KEY};

fn remote(pem: &str, behaviour: Behaviour) -> RemoteSigner<LocalKms> {
    let signer = Signer::builder(ClientCredentials::new("key", ""))
        .method(SignatureMethod::external("RSA-SHA256"))
        .build()
        .expect("a signer");
    let kms = LocalKms::new(pem, behaviour).expect("a key");
    let public_key = RsaPublicKey::from_pem(PUBLIC_KEY).expect("a key");
    RemoteSigner::new(signer, kms, public_key, Duration::from_millis(200))
}

async fn authorize(remote: &RemoteSigner<LocalKms>) -> Result<String, RemoteError> {
    let request = Request::post("https://api.example.com/accounts?limit=5")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("name=tea+%26+cake".to_owned())
        .expect("a request");
    let request = remote.authorize(request).await?;
    Ok(request.headers()["authorization"].to_str().expect("text").to_owned())
}

#[tokio::test]
async fn what_the_kms_signs_is_sent_and_each_time_anew() {
    let remote = remote(PRIVATE_KEY, Behaviour::Works);
    let (one, other) =
        (authorize(&remote).await.expect("a header"), authorize(&remote).await.expect("a header"));
    assert!(one.contains("oauth_signature_method=\"RSA-SHA256\""), "{one}");
    let nonce = |header: &str| header.split("oauth_nonce=\"").nth(1).map(|rest| rest[..26].to_owned());
    assert_ne!(nonce(&one), nonce(&other));
}

#[tokio::test]
async fn a_kms_that_does_not_sign_is_an_error() {
    let error = authorize(&remote(PRIVATE_KEY, Behaviour::IsSlow)).await.expect_err("an error");
    assert!(matches!(error, RemoteError::TimedOut), "{error}");
    let error = authorize(&remote(PRIVATE_KEY, Behaviour::Refuses)).await.expect_err("an error");
    assert!(matches!(error, RemoteError::Kms(KmsError::Denied)), "{error}");
}

#[tokio::test]
async fn a_wrong_signature_is_not_sent() {
    let other_key = include_str!("../../tests/vectors/keys/rsa-b.pkcs8.pem");
    for remote in [remote(PRIVATE_KEY, Behaviour::CutsOff), remote(other_key, Behaviour::Works)] {
        let error = authorize(&remote).await.expect_err("an error");
        assert!(matches!(error, RemoteError::WrongSignature(_)), "{error}");
    }
}
