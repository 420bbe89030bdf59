//! Walks you through the three steps at any provider: request token, authorization page, access token. Then
//! it makes a signed call. It shows what each step signs.
//!
//! ```sh
//! cargo run --example at_provider -- --help
//! ```

mod browser;
mod client;
#[path = "../shared/command_line.rs"]
mod command_line;
mod options;

use std::error::Error;
use std::io::{BufRead, Write};
use std::process::ExitCode;

use clap::Parser;
use oauth1_signer::flow::{Approval, CredentialsRequest, CredentialsResponse, Flow};
use oauth1_signer::{Signer, TemporaryCredentials, TokenCredentials, explain::Explanation};

use browser::CallbackListener;
use client::Client;
use options::Options;

/// An error to show to the user, who needs its text and not its type.
type Failure = Box<dyn Error>;

fn main() -> ExitCode {
    command_line::exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Failure> {
    let signer = options.signer()?;
    let flow = Flow::new(options.provider(), &signer)?;
    let client = Client::new();
    let browser = if options.oob { None } else { Some(CallbackListener::bind(options.callback_port)?) };

    step("1  Temporary credentials (also: request token), RFC 5849 §2.1");
    let callback = browser.as_ref().map_or("oob".to_owned(), CallbackListener::url);
    let issued = request_credentials(&client, &flow.temporary_credentials(callback)?, options)?;
    let pending = issued.credentials;
    println!("  the provider issued {}\n", pending.token());

    step("2  The user's decision, §2.2");
    println!(
        "  open this in a browser:\n\n    {}\n",
        flow.authorization_url_with(&pending, &options.authorize_parameter)?
    );
    let approval = match &browser {
        Some(browser) => wait_for_callback(&flow, pending, browser)?,
        None => ask_for_pin(&flow, pending)?,
    };
    println!("  approved\n");

    step("3  Token credentials (also: access token), §2.3");
    let issued = request_credentials(&client, &flow.token_credentials(&approval)?, options)?;
    show(&issued, options.show_secret);

    let Some(url) = &options.call else { return Ok(()) };
    step("4  A signed call");
    call(&client, &flow.signer(issued.credentials)?, url)
}

/// Signs a request for credentials, shows what was signed, sends it, and reads the credentials.
fn request_credentials<C>(
    client: &Client,
    request: &CredentialsRequest<C>,
    options: &Options,
) -> Result<CredentialsResponse<C>, Failure> {
    let (signed, explanation) = request.explain()?;
    show_signed(&explanation);
    let response = client.send(signed.map(Vec::from))?;
    request.parse_response(&response).map_err(|rejected| {
        if options.show_response {
            show_response(rejected.expose_response());
        } else {
            println!("  (--show-response shows what the provider responded)\n");
        }
        rejected.into()
    })
}

/// Prints the response only if the user asks for it, since it may repeat secrets.
fn show_response(response: &http::Response<Vec<u8>>) {
    println!("  {:?} {}", response.version(), response.status());
    for (name, value) in response.headers() {
        println!("  {name}: {}", String::from_utf8_lossy(value.as_bytes()).escape_debug());
    }
    println!();
    for line in String::from_utf8_lossy(response.body()).lines() {
        println!("  {}", line.escape_debug());
    }
    println!();
}

/// Waits for the browser to come back. Other requests, such as for an icon, do not count.
fn wait_for_callback(
    flow: &Flow,
    mut pending: TemporaryCredentials,
    browser: &CallbackListener,
) -> Result<Approval, Failure> {
    println!("  waiting for the browser at {} …", browser.url());
    loop {
        let visit = browser.next()?;
        match flow.callback(pending, visit.target()) {
            Ok(approval) => {
                visit.respond("Thank you: access is granted. You can close this page.");
                return Ok(approval);
            }
            Err(rejected) if !rejected.names_pending_token() => {
                visit.respond("This is not the page that the program waits for.");
                pending = rejected.into_credentials();
            }
            Err(rejected) => {
                visit.respond("Access was not granted. You can close this page.");
                return Err(rejected.into());
            }
        }
    }
}

/// Asks the user to type in the verification code.
fn ask_for_pin(flow: &Flow, pending: TemporaryCredentials) -> Result<Approval, Failure> {
    print!("  the PIN that the provider shows: ");
    std::io::stdout().flush()?;
    let mut pin = String::new();
    std::io::stdin().lock().read_line(&mut pin)?;
    Ok(flow.pin(pending, &pin)?)
}

/// Signs a GET request and sends it, as for every later call.
#[expect(clippy::similar_names, reason = "a signer, and what it signed")]
fn call(client: &Client, signer: &Signer, url: &str) -> Result<(), Failure> {
    let mut request = http::Request::get(url).body(Vec::new())?;
    // Without the explanation, `signer.authorize(request)` does all of this.
    let (authorization, explanation) = {
        let (signed, explanation) = signer.explain(&request)?;
        (signed.to_header(), explanation)
    };
    show_signed(&explanation);
    request.headers_mut().insert(http::header::AUTHORIZATION, authorization);
    let response = client.send(request)?;
    println!("  the provider responded {}\n", response.status());
    println!("{}", String::from_utf8_lossy(response.body()));
    Ok(())
}

fn step(title: &str) {
    println!("== {title}\n");
}

fn show_signed(explanation: &Explanation) {
    for line in explanation.to_string().lines() {
        println!("  {line}");
    }
    println!();
}

/// Prints the token, and the secret only if the user asks for it: it belongs in a store, not on a screen.
fn show(issued: &CredentialsResponse<TokenCredentials>, secret: bool) {
    println!("  oauth_token         {}", issued.credentials.token());
    let shown = if secret { issued.credentials.expose_secret() } else { "(--show-secret shows it)" };
    println!("  oauth_token_secret  {shown}");
    for (name, value) in issued.fields.iter() {
        println!("  {name:<18}  {value}");
    }
    println!();
}
