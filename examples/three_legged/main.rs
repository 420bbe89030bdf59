//! The whole story of RFC 5849 §1.2 on one machine: a provider that keeps Jane's photos, a printer
//! that asks for them, and Jane, who says yes. Both sides are this crate.
//!
//! ```sh
//! cargo run --example three_legged --features hyper
//! ```

mod provider;

use std::error::Error;
use std::process::ExitCode;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::uri::Scheme;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use oauth1_signer::flow::{Endpoints, Flow};
use oauth1_signer::{ClientCredentials, Origin, Signer, explain::Explanation, hyper};
use tokio::net::TcpListener;

use provider::OperatorLog;

/// What is shown to the user, who needs a remedy and no type.
type Failure = Box<dyn Error + Send + Sync>;

/// The printer is known to the provider.
const CLIENT_KEY: &str = "dpf43f3p2l4k3l03";
const CLIENT_SECRET: &str = "kd94hf93k423kf44";
const CALLBACK: &str = "http://printer.example.com/ready";

type Http = Client<HttpConnector, Full<Bytes>>;

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
    println!("Jane keeps her photos at {photos}. A printer, {CLIENT_KEY}, wants to print one.");

    let http: Http = Client::builder(TokioExecutor::new()).build_http();
    let signer = three_legs(&http, &photos).await?;
    calls(&http, &signer, &photos, &log).await
}

/// The printer's way to token credentials, and what goes over the wire.
async fn three_legs(http: &Http, photos: &str) -> Result<Signer, Failure> {
    let printer = Signer::builder(ClientCredentials::new(CLIENT_KEY, CLIENT_SECRET)).build()?;
    let urls = ["/initiate", "/authorize", "/token"].map(|path| format!("{photos}{path}"));
    let [initiate, authorize, token] = urls.each_ref().map(String::as_str);
    let flow = Flow::new(Endpoints::new(initiate, authorize, token), &printer)?;

    step("1  The printer asks for temporary credentials (also: request token), §2.1");
    let leg = flow.temporary_credentials(CALLBACK)?;
    show(&leg.explain()?.1);
    let pending = hyper::request_credentials(http, &leg).await?.credentials;
    println!("  The provider verified the request, and issued {}.", pending.token());

    step("2  Jane decides, in her browser, §2.2");
    let page = flow.authorization_url(&pending, &[])?;
    println!("  The printer sends her to {page}");
    let (_, question) = send(http, Request::get(&page).body(Full::default())?).await?;
    println!("  The page asks: {question}");
    let yes = Request::post(authorize)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::from(format!("oauth_token={}", pending.token())))?;
    let (answer, _) = send(http, yes).await?;
    let returned = answer.headers.get(LOCATION).ok_or("no way back to the printer")?.to_str()?;
    println!("  She says yes, and is sent back to {returned}");
    let grant = flow.callback(pending, returned)?;

    step("3  The printer exchanges the grant for token credentials (also: access token), §2.3");
    let leg = flow.token_credentials(&grant)?;
    show(&leg.explain()?.1);
    let token = hyper::request_credentials(http, &leg).await?.credentials;
    println!("  The provider issued {}, and both keep its secret.", token.token());
    Ok(flow.signer(token)?)
}

/// Calls that the provider accepts, and some that it does not.
async fn calls(http: &Http, signer: &Signer, photos: &str, log: &OperatorLog) -> Result<(), Failure> {
    step("4  Signed calls");
    let url = format!("{photos}/photos?file=vacation.jpg&size=original");
    let get = || Request::get(&url).body(Full::<Bytes>::default());
    let request = hyper::authorize(signer, &Scheme::HTTP, get()?)?;
    say(http, "GET, with the parameters in the header", request.clone(), StatusCode::OK).await?;
    let in_query = signer.sign(&get()?)?.append_to_url(&url);
    say(
        http,
        "GET, with all parameters in the query",
        Request::get(in_query).body(Full::default())?,
        StatusCode::OK,
    )
    .await?;

    step("5  Calls that are refused: the client learns no more than that, the operator's log says why");
    say(http, "the first request once more", request, StatusCode::UNAUTHORIZED).await?;
    why(log, None)?;

    let (to_original, explanation) = signer.explain(&get()?)?;
    let mut altered = Request::get(url.replace("original", "huge")).body(Full::default())?;
    altered.headers_mut().insert(AUTHORIZATION, to_original.to_header());
    say(http, "a request that somebody altered on the way", altered, StatusCode::UNAUTHORIZED).await?;
    why(log, Some(&explanation))?;

    let stranger = Signer::builder(ClientCredentials::new("somebody-else", "a guess")).build()?;
    let forged = hyper::authorize(&stranger, &Scheme::HTTP, get()?)?;
    say(http, "a request of a client that the provider does not know", forged, StatusCode::UNAUTHORIZED)
        .await?;
    why(log, None)
}

/// Sends a request, and says what came back: it must be what the story wants.
async fn say(
    http: &Http,
    what: &str,
    request: Request<Full<Bytes>>,
    expected: StatusCode,
) -> Result<(), Failure> {
    let (head, body) = send(http, request).await?;
    println!("  {what}:");
    println!("    {}  {}", head.status, body.trim_end());
    if head.status == expected { Ok(()) } else { Err(format!("the story wants {expected} here").into()) }
}

/// What the operator can see: the reason and, beside what the client says that it has signed, how it
/// differs from what the provider has computed.
fn why(log: &OperatorLog, client: Option<&Explanation>) -> Result<(), Failure> {
    let entry = log.last().ok_or("the operator's log is empty")?;
    println!("    operator's log: {}", entry.reason);
    if let (Some(client), Some(computed)) = (client, &entry.base_string) {
        println!("    and beside what the printer says that it has signed:");
        for difference in client.differences(computed) {
            println!("      {difference}");
        }
    }
    Ok(())
}

async fn send(
    http: &Http,
    request: Request<Full<Bytes>>,
) -> Result<(http::response::Parts, String), Failure> {
    let (head, body) = http.request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok((head, String::from_utf8_lossy(&body).into_owned()))
}

fn step(title: &str) {
    println!("\n== {title}\n");
}

/// What the printer signs. That it sends has another nonce: each request has one of its own.
fn show(explanation: &Explanation) {
    println!("  It signs, each time with a nonce of its own:");
    for line in explanation.to_string().lines() {
        println!("  {line}");
    }
    println!();
}

#[tokio::test]
async fn the_story_ends_well() {
    run().await.expect("each step ends as it should");
}
