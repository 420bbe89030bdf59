//! An LTI 1.1 tool: a learning platform lets the user's browser post a signed form to it.
//!
//! ```sh
//! cargo run --example lti_launch --features axum -- --demo
//! ```
//!
//! With `--demo` it is also the platform, at `/`: open that page in a browser.

mod html;
mod launch;
mod platform;
#[cfg(test)]
mod tests;
mod tool;

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use clap::Parser;
use oauth1_signer::Origin;
use oauth1_signer::verify::Policy;
use tokio::net::TcpListener;

/// The path that platforms post to.
const LAUNCH: &str = "/launch";

/// The platforms that may launch the tool: consumer key and secret, as agreed with each.
const PLATFORMS: [(&str, &str); 2] = [("12345", "secret"), ("school.example.edu", "another secret")];

/// Serve an LTI 1.1 tool
#[derive(Parser)]
#[command(name = "lti_launch")]
struct Options {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,

    /// Scheme, host and port that platforms call, if a proxy stands in front
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,

    /// Play the platform as well, at /
    #[arg(long)]
    demo: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let listener = TcpListener::bind(options.listen).await?;
    let origin = match options.origin {
        Some(origin) => origin,
        None => format!("http://{}", listener.local_addr()?),
    };
    println!("platforms launch the tool by {origin}{LAUNCH}");
    let mut site = tool::router(LAUNCH, Policy::new(Origin::new(&origin)?), PLATFORMS)?;
    if options.demo {
        println!("open {origin}/ in a browser; {origin}/tampered is a launch that the user has changed");
        site = site.merge(demo(&origin)?);
    }
    axum::serve(listener, site).await?;
    Ok(())
}

fn demo(origin: &str) -> Result<Router, Box<dyn Error>> {
    let platform = platform::Platform::new(PLATFORMS[0], format!("{origin}{LAUNCH}"))?;
    Ok(Router::new()
        .route("/", get(platform::launch))
        .route("/tampered", get(platform::launch_tampered))
        .with_state(platform))
}
