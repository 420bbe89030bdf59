//! Signs a request for ureq. Any client that takes an `http::Request` works like this, without an adapter.
//!
//! ```sh
//! cargo run --example ureq -- 'https://api.example.com/1/items?count=20'
//! ```

use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("give a URL")?;
    let signer = Signer::builder(ClientCredentials::new("consumer key", "consumer secret"))
        .token(TokenCredentials::new("access token", "token secret"))
        .build()?;

    // A signature is for one URL: no redirects.
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
    let request = signer.authorize(http::Request::get(url).body(())?)?;
    println!("{}", agent.run(request)?.status());
    Ok(())
}
