//! The Host header (RFC 9112 §3.2), and its comparison with the URL.

use super::error::RequestError;
use super::uri::Target;

/// Returns an error if there is a Host header that does not match the URL (RFC 5849 §3.4.1.2).
///
/// > The host and port values MUST match the content of the HTTP request "Host" header field
///
/// Clients send a request's Host header unchanged.
#[inline]
pub(super) fn check_host(target: &Target<'_>, headers: &http::HeaderMap) -> Result<(), RequestError> {
    if headers.is_empty() || !headers.contains_key(http::header::HOST) || target.is_at(host(headers)?) {
        Ok(())
    } else {
        Err(RequestError::OtherHost)
    }
}

/// Returns the value of the only Host header, which must be a host and a port (RFC 9112 §3.2).
pub(super) fn host(headers: &http::HeaderMap) -> Result<&str, RequestError> {
    let mut hosts = headers.get_all(http::header::HOST).iter();
    match (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) {
        (Some(host), None) if !host.contains(['/', '?', '#', '@', '\\', ' ']) => Ok(host),
        _ => Err(RequestError::NoHost),
    }
}
