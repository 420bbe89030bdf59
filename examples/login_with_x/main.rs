//! A web application with a login with X (Twitter). It uses axum and a session cookie. The callback arrives
//! in a separate request.
//!
//! ```sh
//! export X_CONSUMER_KEY=… X_CONSUMER_SECRET=…
//! cargo run --features reqwest --example login_with_x
//! ```
//!
//! Then open <http://127.0.0.1:3000/login>. `X_API` sets another provider than <https://api.x.com>, such as
//! one on this machine: this repository builds reqwest without TLS. In your own program, `cargo add reqwest`
//! adds TLS.

mod login;
mod session;
#[cfg(test)]
mod tests;

use std::env;
use std::error::Error;
use std::sync::Arc;

use axum::{Router, routing::get};
use oauth1_signer::flow::{Endpoints, Flow};
use oauth1_signer::{ClientCredentials, Signer, reqwest::Client};
use session::Sessions;

struct App {
    flow: Flow,
    client: Client,
    sessions: Sessions,
    callback: String,
}

fn app(api: &str, credentials: ClientCredentials, callback: String) -> Result<Router, Box<dyn Error>> {
    let signer = Signer::builder(credentials).build()?;
    let url = |path| format!("{api}/oauth/{path}");
    let endpoints = Endpoints::new(url("request_token"), url("authenticate"), url("access_token"));
    let flow = Flow::new(endpoints, &signer)?;
    let client = Client::new(signer, reqwest::Client::builder())?;
    let app = App { flow, client, sessions: Sessions::default(), callback };
    Ok(Router::new()
        .route("/login", get(login::start))
        .route("/callback", get(login::finish))
        .with_state(Arc::new(app)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let api = env::var("X_API").unwrap_or("https://api.x.com".to_owned());
    let credentials = ClientCredentials::new(env::var("X_CONSUMER_KEY")?, env::var("X_CONSUMER_SECRET")?);
    let app = app(&api, credentials, "http://127.0.0.1:3000/callback".to_owned())?;
    Ok(axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app).await?)
}
