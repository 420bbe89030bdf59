//! Reads a response as `curl -i` prints it.

use http::header::{HeaderName, HeaderValue, LOCATION};
use http::{Response, StatusCode};

/// A response that was saved.
pub(crate) struct Saved {
    pub(crate) response: Response<Vec<u8>>,
    /// The Location of the last redirect before it, with `curl -iL`.
    pub(crate) followed: Option<String>,
}

impl Saved {
    /// Reads the last head, and the body after it.
    ///
    /// Text without any head is a body; then `status` is its status.
    pub(crate) fn parse(text: &[u8], status: u16) -> Self {
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED);
        let (mut rest, mut followed) = (text, None);
        // Redirects, `100 Continue` and a proxy's response have their own heads.
        while let Some((head, after)) = split_head(rest) {
            response = parse_head(head, response.status());
            rest = after;
            if rest.starts_with(b"HTTP/") && response.status().is_redirection() {
                let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                followed = location.map(ToOwned::to_owned);
            }
        }
        Self { response: response.map(|()| rest.to_vec()), followed }
    }
}

/// Splits off a head, up to the empty line.
fn split_head(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if !text.starts_with(b"HTTP/") {
        return None;
    }
    let mut start = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let end = start + line.len();
        if line.trim_ascii().is_empty() {
            return Some((&text[..start], &text[end..]));
        }
        start = end;
    }
    Some((text, &[]))
}

fn parse_head(head: &[u8], status: StatusCode) -> Response<()> {
    let mut response = Response::new(());
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let code = lines.next().and_then(|line| line.split(|&byte| byte == b' ').nth(1));
    *response.status_mut() = code.and_then(|code| StatusCode::from_bytes(code).ok()).unwrap_or(status);
    for line in lines {
        let Some(at) = line.iter().position(|&byte| byte == b':') else { continue };
        let name = HeaderName::from_bytes(line[..at].trim_ascii());
        let value = HeaderValue::from_bytes(line[at + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_head_counts() {
        let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /a\r\n\r\nHTTP/2 401 \r\nX: y\r\n\r\nbody\r\n\r\nmore";
        let saved = Saved::parse(text, 500);
        assert_eq!(saved.response.status(), 401);
        assert_eq!(saved.response.headers()["x"], "y");
        assert_eq!(saved.response.body(), b"body\r\n\r\nmore");
        assert_eq!(saved.followed.as_deref(), Some("/a"));
    }

    #[test]
    fn text_without_a_head_is_a_body() {
        let saved = Saved::parse(b"oauth_problem=nonce_used", 403);
        assert_eq!((saved.response.status().as_u16(), saved.response.body().len()), (403, 24));
        assert_eq!(Saved::parse(b"HTTP/1.1 401", 403).response.status(), 401);
        assert!(Saved::parse(b"", 403).response.body().is_empty());
    }
}
