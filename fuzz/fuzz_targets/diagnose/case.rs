//! A request and its response in one text, so that the corpus can be read and written by hand:
//! a method and a URL, headers, an empty line, then the response as `curl -i` prints it.

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Request, Response, StatusCode};
use oauth1_signer::diagnose::{Diagnosis, Finding};
use oauth1_signer::{ClientCredentials, Signer, TokenCredentials};

const CLIENT_SECRET: &str = "client-secret-0123456789";
const TOKEN_SECRET: &str = "token secret/+9876543210";

/// Examines the response, with and without the signer, and checks what is shown.
pub(crate) fn check(data: &[u8]) {
    let (request_head, response) = split(data, b"\n\n");
    let (response_head, body) = split(response, b"\n\n");
    let Some(request) = request(request_head) else { return };
    let response = self::response(response_head, body);
    let signer = Signer::builder(ClientCredentials::new("key", CLIENT_SECRET))
        .token(TokenCredentials::new("token", TOKEN_SECRET))
        .build()
        .expect("a signer");
    // Where it has no signature of its own, one is made.
    let request = if request.headers().contains_key("authorization") {
        request
    } else {
        let Ok(request) = signer.authorize(request) else { return };
        request
    };
    let text = String::from_utf8_lossy(body);
    for diagnosis in [
        Diagnosis::of(&request),
        Diagnosis::of(&request).signer(&signer).final_url(&text).temporary_token("token"),
        Diagnosis::of(&request).signer(&signer).base_string(&text),
    ] {
        let findings = diagnosis.examine(&response);
        let shown = format!("{findings}\n{findings:?}");
        assert!(shown.len() < 64 * 1024, "{}", shown.len());
        let certainties: Vec<_> = findings.iter().map(Finding::certainty).collect();
        assert!(certainties.is_sorted_by(|one, next| one >= next), "{certainties:?}");
        assert!(
            findings.iter().all(|finding| !finding.evidence().is_empty() && !finding.remedy().is_empty())
        );
    }
    let findings = Diagnosis::of(&request).signer(&signer).examine(&response);
    let shown = format!("{findings}\n{findings:?}");
    assert!(!shown.contains(CLIENT_SECRET) && !shown.contains(TOKEN_SECRET), "{shown}");
}

fn split<'d>(data: &'d [u8], separator: &[u8]) -> (&'d [u8], &'d [u8]) {
    match data.windows(separator.len()).position(|window| window == separator) {
        Some(at) => (&data[..at], &data[at + separator.len()..]),
        None => (data, &[]),
    }
}

fn request(head: &[u8]) -> Option<Request<Vec<u8>>> {
    let mut lines = head.split(|&byte| byte == b'\n');
    let line = std::str::from_utf8(lines.next()?).ok()?;
    let (method, url) = line.split_once(' ')?;
    let mut request = Request::builder().method(method).uri(url).body(Vec::new()).ok()?;
    *request.headers_mut() = headers(lines);
    // A form has its body in a header here, since the rest of the text is the response.
    if let Some(form) = request.headers_mut().remove("x-form") {
        *request.body_mut() = form.as_bytes().to_vec();
    }
    Some(request)
}

fn response(head: &[u8], body: &[u8]) -> Response<Vec<u8>> {
    let mut lines = head.split(|&byte| byte == b'\n');
    let status = lines.next().and_then(|line| line.split(|&byte| byte == b' ').nth(1));
    let mut response = Response::new(body.to_vec());
    let status = status.and_then(|status| StatusCode::from_bytes(status).ok());
    *response.status_mut() = status.unwrap_or(StatusCode::UNAUTHORIZED);
    *response.headers_mut() = headers(lines);
    response
}

fn headers<'d>(lines: impl Iterator<Item = &'d [u8]>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.take(64) {
        let (name, value) = split(line, b": ");
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    headers
}
