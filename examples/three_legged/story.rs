//! Sends requests, and prints them with their responses.

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use oauth1_signer::explain::Explanation;

use crate::Failure;

pub(crate) fn step(title: &str) {
    println!("== {title}\n");
}

/// A plain hyper client.
pub(crate) struct Wire(Client<HttpConnector, Full<Bytes>>);

impl Wire {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Sends the request, and prints both heads, with what was signed between them.
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
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let headers = headers(request.headers());
    format!("    {} {target} HTTP/1.1\n    {HOST}: {host}\n{headers}\n", request.method())
}

/// Formats one line for each header, and in Authorization one for each parameter. It is sent as one line.
pub(crate) fn headers(headers: &HeaderMap) -> String {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        if name == AUTHORIZATION {
            let wrapped = value.replacen(' ', "\n        ", 1).replace(", ", ",\n        ");
            return format!("    {name}: {wrapped}\n");
        }
        format!("    {name}: {value}\n")
    };
    headers.iter().map(line).collect::<Vec<_>>().concat()
}

/// Formats the signature base string with one line for each of its parts and parameters.
pub(crate) fn wrapped_base_string(base_string: &str) -> String {
    let wrapped = base_string.replace('&', "\n        &").replace("%26", "\n         %26");
    format!("    The signature covers this base string (one line, wrapped here):\n        {wrapped}\n\n")
}

fn response_text(response: &Response<Bytes>) -> String {
    let head = format!("    HTTP/1.1 {}\n{}\n", response.status(), headers(response.headers()));
    match String::from_utf8_lossy(response.body()).trim_end() {
        "" => head,
        body => format!("{head}    {}\n\n", without_secret(body)),
    }
}

/// Replaces the value of `oauth_token_secret` in a form: secrets do not belong on a screen.
pub(crate) fn without_secret(form: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name @ "oauth_token_secret", _)) => format!("{name}=(not shown)"),
        _ => pair.to_owned(),
    };
    form.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// Indents each line of a text.
pub(crate) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
