//! Signs with a key that never leaves its KMS or HSM.
//!
//! ```sh
//! cargo run --example kms --features rsa
//! ```
//!
//! [`Kms`](kms::Kms) stands for AWS KMS, Vault or an HSM: it gets a text and returns a signature, some time
//! later, or an error. Here a local stand-in holds the key. `signing.rs` is what your program needs.

mod kms;
mod signing;
#[cfg(test)]
mod tests;

use std::time::Duration;

use kms::{Behaviour, LocalKms};
use oauth1_signer::signature::RsaPublicKey;
use oauth1_signer::{BoxError, ClientCredentials, SignatureMethod, Signer};
use signing::RemoteSigner;

const PRIVATE_KEY: &str = include_str!("../../tests/vectors/keys/rsa-a.pkcs8.pem");
const PUBLIC_KEY: &str = include_str!("../../tests/vectors/keys/rsa-a.pub.pem");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    // The signer knows the name of the method, and no key.
    let signer = Signer::builder(ClientCredentials::new("consumer key", ""))
        .method(SignatureMethod::external("RSA-SHA256"))
        .build()?;
    let public_key = RsaPublicKey::from_pem(PUBLIC_KEY)?;
    for behaviour in [Behaviour::Works, Behaviour::IsSlow, Behaviour::Refuses, Behaviour::CutsOff] {
        let kms = LocalKms::new(PRIVATE_KEY, behaviour)?;
        let remote = RemoteSigner::new(signer.clone(), kms, public_key.clone(), Duration::from_millis(200));
        let request = http::Request::get("https://api.example.com/accounts?limit=5").body(String::new())?;
        match remote.authorize(request).await {
            Ok(request) => {
                let header = request.headers()["authorization"].to_str()?;
                println!("{behaviour:?}: {}…", &header[..72]);
            }
            Err(error) => println!("{behaviour:?}: {error}"),
        }
    }
    Ok(())
}
