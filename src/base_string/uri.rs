//! The base string URI (RFC 5849 §3.4.1.2).

use super::writer::{Sink, Writer};
use crate::request::Target;

/// Writes the base string URI, percent-encoded once.
///
/// > 1. The scheme and host MUST be in lowercase. […]
/// > 3. The port MUST be included if it is not the default port for the scheme, and MUST be
/// >    excluded if it is the default.
#[inline]
pub(crate) fn write_uri<S: Sink>(target: &Target<'_>, out: &mut Writer<'_, S>) {
    out.text(if target.is_secure() { b"https%3A%2F%2F" } else { b"http%3A%2F%2F" });
    if target.is_plain() {
        out.text(target.host().as_bytes());
    } else {
        out.once(target.host().bytes().map(|byte| byte.to_ascii_lowercase()));
    }
    if !target.is_default_port() {
        out.text(b"%3A");
        out.text(itoa::Buffer::new().format(target.port()).as_bytes());
    }
    out.once(target.path().bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::UrlError;

    fn base_uri(url: &str) -> Result<String, UrlError> {
        let mut text = Vec::new();
        let mut out = Writer::new(&mut text);
        write_uri(&Target::parse(url)?, &mut out);
        out.finish();
        Ok(String::from_utf8(text).expect("ASCII").replace("%3A", ":").replace("%2F", "/"))
    }

    #[test]
    fn both_ways_in_agree() {
        for url in
            ["HTTP://EXAMPLE.com:80/A%20b?q", "https://u:p@h:8443", "http://[::1]:443/;x?", "http://h:0080/"]
        {
            let uri: http::Uri = url.parse().expect("a URI");
            let mut text = Vec::new();
            let mut out = Writer::new(&mut text);
            write_uri(&Target::from_http(&uri).expect("a target"), &mut out);
            out.finish();
            let text = String::from_utf8(text).expect("ASCII").replace("%3A", ":").replace("%2F", "/");
            assert_eq!(Ok(text), base_uri(url));
        }
    }
}
