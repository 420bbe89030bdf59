//! An API with axum that requires signed requests on all routes but one.
//!
//! ```sh
//! cargo run --example axum --features axum
//! ```
//!
//! It prints commands that call the API. The operator's log goes to standard error.

mod accounts;
mod api;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::net::SocketAddr;

use clap::Parser;
use oauth1_signer::Origin;
use tokio::net::TcpListener;

/// Serve an API that requires signed requests
#[derive(Parser)]
#[command(name = "axum")]
struct Options {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,

    /// Scheme, host and port that clients call, if a proxy stands in front
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    // A signature covers scheme, host and port as the client knows them. Behind a proxy the server cannot
    // find them out, and anybody can write X-Forwarded-Host.
    let origin = options.origin.unwrap_or_else(|| format!("http://{address}"));
    let api = api::router(api::policy(Origin::new(&origin)?))?;
    println!("listening on {address}. These commands call it:\n");
    println!("  cargo run --example sign -- GET '{origin}/me'");
    println!("  cargo run --example sign -- POST '{origin}/notes' --form 'text=tea & cake'\n");
    axum::serve(listener, api).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

/// Waits for Ctrl-C. The server then finishes the requests in progress.
async fn stopped() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("cannot wait for Ctrl-C: {error}");
        std::future::pending::<()>().await;
    }
}
