//! Signs a request on the command line: shows what was signed, and prints the `curl` command that sends it.
//! It also explains why a server rejected a request that any program has signed.
//!
//! ```sh
//! cargo run --example sign -- GET 'https://api.example.com/1/items?count=20'
//! cargo run --example sign -- POST https://api.example.com/1/posts --form 'status=tea & cake'
//! cargo run --example sign -- diagnose GET https://api.example.com/1/items -H 'Authorization: OAuth …' --response saved.txt
//! cargo run --example sign -- --help
//! ```

#[path = "../shared/command_line.rs"]
mod command_line;
mod curl;
mod diagnose;
mod options;
mod request;
mod saved;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use oauth1_signer::{Prepared, Signed, Signer, Stamp};

use curl::Curl;
use diagnose::DiagnoseOptions;
use options::{Options, Placement};
use request::Request;

/// An error to show to the user, who needs its text and not its type.
type Failure = Box<dyn Error>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "diagnose") {
        return match diagnose::run(&DiagnoseOptions::parse_from(arguments)) {
            Ok(code) => code,
            Err(failure) => command_line::exit_code(Err(failure)),
        };
    }
    command_line::exit_code(run(&Options::parse()))
}

/// Makes a signer and a request, signs in two steps, and prints the result.
fn run(options: &Options) -> Result<(), Failure> {
    let signer = build_signer(options)?;
    let request = Request::new(options)?;

    // Two steps, because the explanation is needed too. `signer.sign(&request)` does both in one.
    let prepared = prepare(&signer, &request, options)?;
    let explanation = prepared.explanation();
    let result = place(&prepared.sign()?, request, options.placement)?;

    let mut out = std::io::stdout().lock();
    if options.has_no_credentials() {
        writeln!(out, "credentials  none given, so those of RFC 5849, section 1.2")?;
    }
    writeln!(out, "{explanation}\n\n{}\n\n{}", result.to_send, result.curl)?;
    Ok(())
}

/// Builds the signer, with all that is the same for each request. A program does this once.
fn build_signer(options: &Options) -> Result<Signer, Failure> {
    let credentials = options.credentials()?;
    let mut builder = Signer::builder(credentials.client)
        .method(options.method.signature_method()?)
        .body_hash(options.body_hash.into())
        .clock_offset(options.clock_offset);
    if let Some(token) = credentials.token {
        builder = builder.token(token);
    }
    if options.empty_token {
        builder = builder.send_empty_token(true);
    }
    if options.no_version {
        builder = builder.version(false);
    }
    if let Some(realm) = &options.realm {
        builder = builder.realm(realm.as_str());
    }
    if let Some(callback) = &options.callback {
        builder = builder.callback(callback.as_str());
    }
    if let Some(verifier) = &options.verifier {
        builder = builder.verifier(verifier);
    }
    for (name, value) in &options.parameters {
        builder = builder.parameter(name, value);
    }
    if options.allow_plaintext_over_http {
        builder = builder.allow_plaintext_over_http(true);
    }
    Ok(builder.build()?)
}

/// Prepares the request for now, with a new nonce, unless the options repeat an earlier signature.
fn prepare<'s>(signer: &'s Signer, request: &Request, options: &Options) -> Result<Prepared<'s>, Failure> {
    let view = request.view()?;
    Ok(match (options.timestamp, &options.nonce) {
        (Some(timestamp), Some(nonce)) => signer.prepare_with(view, Stamp::new(timestamp, nonce)?)?,
        (Some(timestamp), None) => signer.prepare_with(view, Stamp::at(timestamp)?)?,
        (None, _) => signer.prepare(view)?,
    })
}

/// The result of signing, to show to the user.
struct Placed {
    /// The header, URL or form with the signature.
    to_send: String,
    curl: Curl,
}

/// Puts the protocol parameters into the requested place (RFC 5849 §3.5).
fn place(signed: &Signed<'_>, mut request: Request, placement: Placement) -> Result<Placed, Failure> {
    let to_send = match placement {
        Placement::Header => {
            let authorization = format!("Authorization: {}", signed.to_header().to_str()?);
            request.headers.push(authorization.clone());
            authorization
        }
        Placement::Query => {
            request.url = signed.append_to_url(&request.url);
            request.url.clone()
        }
        Placement::Form => request.append_to_form(signed)?,
    };
    Ok(Placed { to_send, curl: Curl::new(&request) })
}
