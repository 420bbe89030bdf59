//! Signs calls to Interactive Brokers: obtains a live session token, and signs a call with it.
//!
//! ```sh
//! cargo run --example interactive_brokers --features rsa
//! ```
//!
//! By itself it talks to a stand-in for the broker on your machine and tells what happens. To use it with your
//! account, take `live_session.rs`: give it what the self-service portal gave you, and send the requests with
//! your HTTP client. It was checked against ibind 0.2.2, a client in Python that is in use; no live account
//! was called.
//!
//! The arithmetic with big numbers takes a time that depends on them. Do not run it where others measure it.

mod broker;
mod live_session;
#[cfg(test)]
mod tests;

use broker::Broker;
use live_session::{Account, Challenge};
use oauth1_signer::BoxError;

fn main() -> Result<(), BoxError> {
    let broker = Broker::new();
    let account = Account {
        consumer_key: "TESTCONS1".to_owned(),
        access_token: broker.access_token().to_owned(),
        access_token_secret: broker.encrypted_secret()?,
        realm: "test_realm".to_owned(),
        prime: broker::PRIME.to_owned(),
        encryption_key: broker::ENCRYPTION_KEY.to_owned(),
        signature_key: broker::SIGNATURE_KEY.to_owned(),
    };

    println!("1. The access token secret is decrypted with the encryption key.");
    let secret = account.decrypt_secret()?;

    println!("2. A random number becomes the Diffie-Hellman challenge.");
    let challenge = Challenge::new(&account.prime)?;
    println!("   diffie_hellman_challenge={}…", &challenge.to_hex()[..16]);

    println!("3. The request for a live session token is signed with the signature key (RSA-SHA256).");
    let url = "https://api.ibkr.com/v1/api/oauth/live_session_token";
    let authorization = account.authorize_live_session(url, &secret, &challenge)?;
    println!("   POST {url}");
    let response = broker.live_session(url, &authorization)?;

    println!(
        "4. Both sides compute the same live session token, and the broker's signature of it is checked."
    );
    let token = challenge.live_session_token(&response.diffie_hellman_response, &secret)?;
    token.check(&account.consumer_key, &response.live_session_token_signature)?;
    println!("   it is valid until {} ms", response.live_session_token_expiration);

    println!("5. Calls are signed with HMAC-SHA256, and the token's bytes are the key.");
    let signer = account.signer(&token)?;
    let url = "https://api.ibkr.com/v1/api/iserver/marketdata/snapshot?conids=265598&fields=31,84";
    let authorization = signer.sign(&http::Request::get(url).body(())?)?.to_header();
    println!("   GET {url}");
    println!("   the broker: {}", broker.call("GET", url, authorization.to_str()?)?);
    Ok(())
}
