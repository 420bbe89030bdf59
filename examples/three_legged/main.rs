//! The story of RFC 5849 §1.2 on one machine: a provider that stores Jane's photos, a printer that asks
//! for one, and Jane, who approves. Both sides use this crate.
//!
//! ```sh
//! cargo run --example three_legged --features axum,hyper
//! ```
//!
//! It prints each HTTP request and response, and the signature base string of each signed request.

mod operator;
mod printer;
mod provider;
mod story;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::process::ExitCode;

use oauth1_signer::Origin;
use tokio::net::TcpListener;

use operator::OperatorLog;
use printer::Printer;

/// An error to show to the user, who needs its text and not its type.
type Failure = Box<dyn Error + Send + Sync>;

/// The printer's consumer key and secret at the provider.
const CLIENT_KEY: &str = "dpf43f3p2l4k3l03";
const CLIENT_SECRET: &str = "kd94hf93k423kf44";
const CALLBACK: &str = "http://printer.example.com/ready";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let photos = format!("http://{}", listener.local_addr()?);
    let log = OperatorLog::default();
    let routes = provider::routes(Origin::new(&photos)?, log.clone())?;
    tokio::spawn(provider::serve(listener, routes));
    println!("Jane stores her photos at {photos}. A printer, {CLIENT_KEY}, wants to print one of them.\n");

    let printer = Printer::new(&photos)?;
    let pending = printer.ask_for_a_request_token().await?;
    let approval = printer.send_jane_to_the_provider(pending).await?;
    let signer = printer.exchange(&approval).await?;
    printer.call(&signer).await?;
    printer.calls_that_are_rejected(&signer, &log).await?;
    printer.a_mistake(&signer, &log).await
}
