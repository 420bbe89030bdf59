//! Findings from the status alone, and from redirects.

use http::StatusCode;
use http::header::{ALLOW, RETRY_AFTER};

use super::finding::Finding;
use super::kind::FindingKind;
use super::page::clip;
use super::received::Received;
use super::sent::Sent;

/// Returns a finding if the response redirects, since a signature is valid for one URL.
pub(super) fn redirect(sent: &Sent<'_>, received: &Received<'_>) -> Option<Finding> {
    let is_redirect = received.status.is_redirection() && received.status != StatusCode::NOT_MODIFIED;
    is_redirect.then(|| {
        let (where_to, remedy) = match received.location() {
            Some(location) => (format!("to {}", without_query(location)), remedy(sent, location)),
            None => ("without saying where to".to_owned(), "check the URL".to_owned()),
        };
        let evidence = format!("the response redirects ({}) {where_to}", received.status.as_u16());
        Finding::proven(FindingKind::Redirected, evidence, remedy)
    })
}

/// Returns a finding if the client followed a redirect.
pub(super) fn followed(sent: &Sent<'_>, final_url: &str) -> Option<Finding> {
    let view = sent.view().ok()?;
    let target = view.target();
    let scheme = if target.is_secure() { "https" } else { "http" };
    let (base, _) = final_url.split_once(['?', '#']).unwrap_or((final_url, ""));
    let (final_scheme, rest) = base.split_once("://")?;
    let at = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = (&rest[..at], if at == rest.len() { "/" } else { &rest[at..] });
    let is_same =
        final_scheme.eq_ignore_ascii_case(scheme) && target.is_at(authority) && path == target.path();
    (!is_same).then(|| {
        let evidence = format!("the client followed a redirect to {}", without_query(final_url));
        Finding::proven(FindingKind::Redirected, evidence, remedy(sent, final_url))
    })
}

/// Removes the query, which may contain a token or a signature, and user information.
fn without_query(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let shown = match url.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let host = rest[..end].rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{}", &rest[end..])
        }
        None => url.to_owned(),
    };
    clip(&shown, 120)
}

fn remedy(sent: &Sent<'_>, location: &str) -> String {
    let is_http = sent.view().is_ok_and(|view| !view.target().is_secure());
    let why = if is_http && location.starts_with("https://") {
        "the server wants https: write https in the URL"
    } else if location.split(['?', '#']).next().unwrap_or_default().ends_with('/')
        && !sent.path().ends_with('/')
    {
        "the server wants the path with a slash at the end: write it so in the URL"
    } else {
        "sign and send to that URL, if you trust it"
    };
    format!("{why}. A signature is for one URL, so let the client follow no redirect with it")
}

/// Returns a finding for a status that is not about OAuth, unless the response reports a problem.
pub(super) fn finding(received: &Received<'_>) -> Option<Finding> {
    let code = received.status.as_u16();
    let header = |name| received.headers.get(name).and_then(|value| value.to_str().ok());
    let says = format!("the status is {code}, and the response reports no OAuth problem");
    let about = |remedy: &str| Some(Finding::likely(FindingKind::NotAboutOAuth, says.clone(), remedy));
    match code {
        404 | 410 => Some(Finding::likely(
            FindingKind::NotFound,
            says,
            "check host, path and API version of the URL. Some servers say 404 where the user may not see \
             something",
        )),
        420 | 429 => {
            let wait = header(RETRY_AFTER).map(|wait| format!(" (Retry-After: {})", clip(wait, 40)));
            let evidence = format!("the status is {code}{}", wait.unwrap_or_default());
            let remedy = "wait, then sign and send again: a retry needs a new nonce";
            Some(Finding::proven(FindingKind::RateLimited, evidence, remedy))
        }
        405 => {
            let allowed = header(ALLOW).map(|allowed| format!("; it allows {}", clip(allowed, 60)));
            let evidence = format!("the status is 405{}", allowed.unwrap_or_default());
            Some(Finding::proven(FindingKind::HttpMethod, evidence, "use a method that the endpoint takes"))
        }
        406 | 415 => about("check the headers Accept and Content-Type"),
        407 => about("authenticate to the proxy: the request did not get to the server"),
        408 | 425 => about("sign and send again: a retry needs a new nonce"),
        411 | 413 | 414 | 431 => about("the request is too large for the server, or has no Content-Length"),
        409 | 412 | 422 | 428 => {
            about("the server took the request and rejects what it asks for: read its body")
        }
        451 => about("the content is withheld for legal reasons"),
        500..=599 => Some(Finding::likely(
            FindingKind::ServerError,
            says,
            "the server failed: sign and send again later, with a new nonce. If it fails each time, send a \
             simpler request: some servers fail on parameters that they cannot read",
        )),
        _ => None,
    }
}
