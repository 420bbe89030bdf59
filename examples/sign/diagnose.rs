//! Explains why a server rejected a request, from the request and the saved response.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use oauth1_signer::diagnose::{Diagnosis, Findings, SentRequest};
use oauth1_signer::{ClientCredentials, RequestRef, Signer, TokenCredentials, percent_encode};

use crate::Failure;
use crate::command_line::{MethodOptions, pair, read};
use crate::options::CredentialOptions;
use crate::request::FORM;
use crate::saved::Saved;

/// Say why a server rejected a request that some program has signed: from the request as it was sent, and the
/// response as `curl -i` saved it, or the base string that the server computed.
///
/// Without the secrets it says what request and response show. With them it checks the credentials and the
/// signature too. It prints no secret.
///
/// Exit codes: 0 if there is nothing to report, 1 if there are findings, 2 if the input cannot be read.
// This type has no `Debug`, because it contains secrets.
#[derive(Parser)]
#[command(name = "sign diagnose", verbatim_doc_comment)]
pub(crate) struct DiagnoseOptions {
    /// The HTTP method
    #[arg(value_name = "METHOD")]
    http_method: String,

    /// The absolute URL as it was sent, its query included
    url: String,

    /// A header of the request; the Authorization header is the one that matters [repeatable]
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", help_heading = "Request")]
    headers: Vec<String>,

    /// The value of the Authorization header, instead of -H 'Authorization: …'
    #[arg(long, value_name = "VALUE", help_heading = "Request")]
    authorization: Option<String>,

    /// A parameter of a form body, not encoded yet [repeatable]
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, help_heading = "Request")]
    form: Vec<(String, String)>,

    /// The body, exactly as it was sent
    #[arg(long, aliases = ["data-raw", "data-binary"], value_name = "TEXT", conflicts_with = "form", help_heading = "Request")]
    data: Option<String>,

    /// The response, as curl -i prints it; - is the standard input. Text without a head is taken as a body
    #[arg(long, value_name = "FILE", help_heading = "Response")]
    response: Option<PathBuf>,

    /// The status of a response that was saved without its head
    #[arg(long, default_value_t = 401, help_heading = "Response")]
    status: u16,

    /// The base string that the server computed, from its log
    #[arg(long, value_name = "TEXT", help_heading = "Response")]
    base_string: Option<String>,

    /// The URL that the response came from, if the client follows redirects
    #[arg(long, value_name = "URL", help_heading = "Response")]
    final_url: Option<String>,

    /// The request token of the flow that the request belongs to
    #[arg(long, value_name = "TOKEN", help_heading = "Credentials")]
    temporary_token: Option<String>,

    #[command(flatten)]
    secrets: CredentialOptions,

    #[command(flatten)]
    method: MethodOptions,
}

/// Prints the findings. The exit code tells a script whether there are any.
pub(crate) fn run(options: &DiagnoseOptions) -> Result<ExitCode, Failure> {
    let saved = match &options.response {
        Some(file) => Some(Saved::parse(&read_response(file)?, options.status)),
        None => None,
    };
    let findings = findings(options, saved.as_ref())?;
    writeln!(std::io::stdout().lock(), "{findings}")?;
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn read_response(file: &Path) -> Result<Vec<u8>, Failure> {
    if file != Path::new("-") {
        return read(file);
    }
    let mut text = Vec::new();
    std::io::stdin().lock().read_to_end(&mut text)?;
    Ok(text)
}

fn findings(options: &DiagnoseOptions, saved: Option<&Saved>) -> Result<Findings, Failure> {
    let headers = headers(options)?;
    let body = body(options);
    let mut view = RequestRef::new(&options.http_method, &options.url)?;
    if let Some(body) = &body {
        view = view.body(body);
    }
    if let Some(content_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) {
        view = view.content_type(content_type);
    }
    let signer = signer(options)?;
    let mut diagnosis = Diagnosis::of(SentRequest::new(view, &headers));
    if let Some(signer) = &signer {
        diagnosis = diagnosis.signer(signer);
    }
    if let Some(base_string) = &options.base_string {
        diagnosis = diagnosis.base_string(base_string);
    }
    if let Some(token) = &options.temporary_token {
        diagnosis = diagnosis.temporary_token(token);
    }
    let followed = saved.and_then(|saved| saved.followed.as_deref());
    if let Some(url) = options.final_url.as_deref().or(followed) {
        diagnosis = diagnosis.final_url(url);
    }
    Ok(match saved {
        Some(saved) => diagnosis.examine(&saved.response),
        None => diagnosis.examine_request(),
    })
}

fn headers(options: &DiagnoseOptions) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for header in &options.headers {
        let (name, value) = header.split_once(':').ok_or("a header is NAME: VALUE")?;
        headers.append(HeaderName::try_from(name.trim())?, HeaderValue::try_from(value.trim())?);
    }
    if let Some(authorization) = &options.authorization {
        // A copied value may start with the name of the header.
        let value = authorization.trim();
        let value = value.strip_prefix("Authorization:").unwrap_or(value).trim();
        headers.append(http::header::AUTHORIZATION, HeaderValue::try_from(value)?);
    }
    if !options.form.is_empty() && !headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    }
    Ok(headers)
}

fn body(options: &DiagnoseOptions) -> Option<Vec<u8>> {
    let encode =
        |(name, value): &(String, String)| format!("{}={}", percent_encode(name), percent_encode(value));
    match &options.data {
        Some(data) => Some(data.clone().into_bytes()),
        None if options.form.is_empty() => None,
        None => Some(options.form.iter().map(encode).collect::<Vec<_>>().join("&").into_bytes()),
    }
}

/// Returns the signer, if there is a secret to check.
fn signer(options: &DiagnoseOptions) -> Result<Option<Signer>, Failure> {
    if options.secrets.consumer_secret.is_none() && !options.method.has_private_key() {
        return Ok(None);
    }
    let key = options
        .secrets
        .consumer_key
        .as_ref()
        .ok_or("a secret without its consumer key: give --consumer-key")?;
    let client = ClientCredentials::new(key, options.secrets.consumer_secret.as_deref().unwrap_or_default());
    // An empty secret is a finding, and no reason to stop.
    let mut builder =
        Signer::builder(client).method(options.method.signature_method()?).allow_incomplete_credentials(true);
    if let Some(token) = &options.secrets.token {
        builder = builder
            .token(TokenCredentials::new(token, options.secrets.token_secret.as_deref().unwrap_or_default()));
    }
    Ok(Some(builder.build()?))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use oauth1_signer::diagnose::FindingKind;

    use super::*;

    #[test]
    fn the_options_fit_together() {
        DiagnoseOptions::command().debug_assert();
    }

    const AUTHORIZATION: &str = "Authorization: OAuth oauth_consumer_key=\"key\", oauth_nonce=\"n\", \
                                 oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1700000000\", \
                                 oauth_signature=\"eA%3D%3D\"";

    fn kinds(arguments: &[&str], response: Option<&str>) -> Vec<FindingKind> {
        let fixed = ["diagnose", "POST", "https://api.example.com/items", "-H", AUTHORIZATION];
        let options = DiagnoseOptions::try_parse_from(fixed.iter().chain(arguments)).expect("options");
        let saved = response.map(|text| Saved::parse(text.as_bytes(), options.status));
        let findings = findings(&options, saved.as_ref()).expect("findings");
        findings.iter().map(oauth1_signer::diagnose::Finding::kind).collect()
    }

    #[test]
    fn a_saved_response_is_examined() {
        let response = "HTTP/2 401 \r\ncontent-type: text/plain\r\n\r\noauth_problem=nonce_used";
        assert_eq!(kinds(&[], Some(response)), [FindingKind::Nonce]);
        assert_eq!(kinds(&[], Some("HTTP/1.1 200 OK\n\nhello")), []);
    }

    #[test]
    fn a_base_string_is_compared() {
        let theirs = "POST&http%3A%2F%2Fapi.example.com%2Fitems&a%3D1%26oauth_consumer_key%3Dkey\
                      %26oauth_nonce%3Dn%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000000";
        let arguments = ["--form", "a=1", "--base-string", theirs];
        assert_eq!(kinds(&arguments, None), [FindingKind::Scheme]);
    }

    #[test]
    fn the_secrets_are_checked_where_they_are_given() {
        let arguments = ["--consumer-key", "key", "--consumer-secret", "other"];
        let response = "HTTP/1.1 401 Unauthorized\n\nInvalid signature";
        assert_eq!(kinds(&arguments, Some(response)), [FindingKind::ChangedAfterSigning]);
    }

    #[test]
    fn a_redirect_that_curl_followed_is_named() {
        let response = "HTTP/1.1 301 Moved\r\nLocation: https://www.example.com/items\r\n\r\n\
                        HTTP/1.1 401 Unauthorized\r\n\r\nno";
        assert_eq!(kinds(&[], Some(response)).first(), Some(&FindingKind::Redirected));
    }
}
