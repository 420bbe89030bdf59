//! The Host header (RFC 9112 §3.2), and the URL beside it.

use super::error::RequestError;
use super::uri::Target;

/// > The host and port values MUST match the content of the HTTP request "Host" header field
/// > (§3.4.1.2), which clients send as it is where a request has one.
#[inline]
pub(super) fn check_host(target: &Target<'_>, headers: &http::HeaderMap) -> Result<(), RequestError> {
    if headers.is_empty() || !headers.contains_key(http::header::HOST) || target.is_at(host(headers)?) {
        Ok(())
    } else {
        Err(RequestError::OtherHost)
    }
}

/// RFC 9112 §3.2: just one Host header, with host and port only.
pub(super) fn host(headers: &http::HeaderMap) -> Result<&str, RequestError> {
    let mut hosts = headers.get_all(http::header::HOST).iter();
    match (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) {
        (Some(host), None) if !host.contains(['/', '?', '#', '@', '\\', ' ']) => Ok(host),
        _ => Err(RequestError::NoHost),
    }
}
