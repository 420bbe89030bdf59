//! Sends requests, and prints them with their responses.

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST, HeaderMap};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use oauth1_signer::explain::Explanation;

use crate::Failure;

pub(crate) fn step(title: &str) {
    println!("\n== {title}\n");
}

/// A plain hyper client.
pub(crate) struct Wire(Client<HttpConnector, Full<Bytes>>);

impl Wire {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Sends the request and prints both heads, with what was signed between them.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        signed: Option<&Explanation>,
        expected: StatusCode,
    ) -> Result<Response<Bytes>, Failure> {
        print!("{}", request_head(&request));
        if let Some(explanation) = signed {
            print!("{}", wrapped_base_string(explanation.base_string()));
        }
        let response = self.send_silently(request).await?;
        print!("{}", response_text(&response));
        if response.status() == expected {
            return Ok(response);
        }
        Err(format!("the story needs {expected} here").into())
    }

    pub(crate) async fn send_silently(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, Failure> {
        let (head, body) = self.0.request(request).await?.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }
}

fn request_head<B>(request: &Request<B>) -> String {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let mut text = format!("    {} {target} HTTP/1.1\n", request.method());
    if let Some(authority) = uri.authority() {
        text += &format!("    {HOST}: {authority}\n");
    }
    text + &headers(request.headers()) + "\n"
}

pub(crate) fn headers(headers: &HeaderMap) -> String {
    let mut text = String::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        if name == AUTHORIZATION {
            // One parameter a line. On the wire it is one line.
            text += &format!(
                "    {name}: {}\n",
                value.replacen(' ', "\n        ", 1).replace(", ", ",\n        ")
            );
        } else {
            text += &format!("    {name}: {value}\n");
        }
    }
    text
}

/// The signature base string, with a line for each of its parts and parameters.
pub(crate) fn wrapped_base_string(base_string: &str) -> String {
    let mut text = "    The signature covers this base string (one line, wrapped here):\n".to_owned();
    for (number, part) in base_string.split('&').enumerate() {
        let ampersand = if number == 0 { "" } else { "&" };
        text += &format!("        {ampersand}{}\n", part.replace("%26", "\n         %26"));
    }
    text + "\n"
}

fn response_text(response: &Response<Bytes>) -> String {
    let mut text = format!("    HTTP/1.1 {}\n{}\n", response.status(), headers(response.headers()));
    let body = String::from_utf8_lossy(response.body());
    if !body.is_empty() {
        text += &format!("    {}\n\n", without_secret(body.trim_end()));
    }
    text
}

/// A form with the value of `oauth_token_secret` replaced: secrets do not belong on a screen.
pub(crate) fn without_secret(form: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name @ "oauth_token_secret", _)) => format!("{name}=(not shown)"),
        _ => pair.to_owned(),
    };
    form.split('&').map(pair).collect::<Vec<_>>().join("&")
}
