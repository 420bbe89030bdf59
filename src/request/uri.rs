//! The parts of a URL that a signature covers (RFC 5849 §3.4.1.2).
//!
//! A [`Target`] is a read-only view of the URL that is sent. The URL is never changed: the module
//! `base_string/uri.rs` writes the host in lower case, without the default port. So each type of URL gives
//! the same signature.

use std::net::Ipv6Addr;

use http::uri::Scheme;

use super::error::{MAX_URL_LEN, UrlError};

/// The parts of a URL that a signature covers.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    secure: bool,
    host: &'a str,
    port: Option<u16>,
    path: &'a str,
    query: Option<&'a str>,
    userinfo: bool,
    /// `true` if the host is in lower case and needs no encoding.
    is_plain: bool,
}

impl<'a> Target<'a> {
    /// Reads the text of an absolute URL.
    ///
    /// Before the query, each character that a client would rewrite is an error, because the signature would
    /// not match. In the query such characters are allowed, because their escapes decode to the same
    /// parameter.
    pub(crate) fn parse(url: &'a str) -> Result<Self, UrlError> {
        let target = Self::split(url)?;
        let is_rewritten =
            |byte| matches!(byte, b' ' | b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'}' | 0x80..);
        check(url, target.path, is_rewritten)?;
        Ok(target)
    }

    /// Reads a serialized URL, whose path is sent unchanged and is therefore not checked.
    pub(crate) fn split(url: &'a str) -> Result<Self, UrlError> {
        if url.is_empty() {
            return Err(UrlError::Empty);
        }
        if url.len() > MAX_URL_LEN {
            return Err(UrlError::TooLong { len: url.len() });
        }
        if let Some(offset) = url.bytes().position(|byte| byte.is_ascii_control()) {
            return Err(UrlError::ControlChar { offset });
        }
        let (scheme, rest) = split_scheme(url).ok_or(UrlError::MissingScheme)?;
        let secure = is_secure(scheme)?;
        let rest = rest.strip_prefix("//").ok_or(UrlError::MissingAuthority)?;
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let is_out_of_place =
            |byte| matches!(byte, b'\\' | b' ' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}');
        check(url, authority, is_out_of_place)?;
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        Self::new(secure, authority, path, query)
    }

    /// Reads an [`http::Uri`], whose bytes clients send unchanged.
    #[inline]
    pub(crate) fn from_http(uri: &'a http::Uri) -> Result<Self, UrlError> {
        let scheme = uri.scheme().ok_or(UrlError::MissingScheme)?;
        let secure = if *scheme == Scheme::HTTPS { true } else { is_secure(scheme.as_str())? };
        let authority = uri.authority().ok_or(UrlError::MissingAuthority)?;
        Self::new(secure, authority.as_str(), uri.path(), uri.query())
    }

    /// Reads a request in origin-form: its Host header, and the path and query of its URI.
    pub(crate) fn from_parts(scheme: &Scheme, host: &'a str, uri: &'a http::Uri) -> Result<Self, UrlError> {
        Self::new(is_secure(scheme.as_str())?, host, uri.path(), uri.query())
    }

    #[inline]
    pub(super) fn new(
        secure: bool,
        authority: &'a str,
        path: &'a str,
        query: Option<&'a str>,
    ) -> Result<Self, UrlError> {
        // Nearly always the authority is a host name alone.
        let is_of_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
        if !authority.is_empty() && authority.bytes().all(is_of_name) {
            let (host, port, userinfo, is_plain) = (authority, None, false, true);
            return Ok(Self { secure, host, port, path, query, userinfo, is_plain });
        }
        let (userinfo, host, port) = split_authority(authority)?;
        Ok(Self { secure, host, port, path, query, userinfo, is_plain: false })
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Returns `true` if the host is in lower case and needs no encoding.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    pub(crate) fn host(&self) -> &'a str {
        self.host
    }

    /// Returns the port of the URL, or the default port of its scheme.
    pub(crate) fn port(&self) -> u16 {
        self.port.unwrap_or(default_port(self.secure))
    }

    pub(crate) fn is_default_port(&self) -> bool {
        self.port() == default_port(self.secure)
    }

    pub(crate) fn query(&self) -> Option<&'a str> {
        self.query
    }

    pub(crate) fn has_userinfo(&self) -> bool {
        self.userinfo
    }

    pub(crate) fn path(&self) -> &'a str {
        // RFC 2616 §5.1.2: an empty path is sent as "/".
        if self.path.is_empty() { "/" } else { self.path }
    }

    /// Returns `true` if no other machine can read the request: with TLS, or to a loopback address.
    pub(crate) fn is_confidential(&self) -> bool {
        self.secure || is_loopback(self.host)
    }

    /// Returns `true` if a Host header has the same host and port.
    pub(crate) fn is_at(&self, host: &str) -> bool {
        split_authority(host).is_ok_and(|(_, host, port)| {
            host.eq_ignore_ascii_case(self.host) && port.unwrap_or(default_port(self.secure)) == self.port()
        })
    }
}

/// Prints scheme, host and port only, because a path or a query may contain secrets.
impl std::fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}/…"),
            None => f.write_str("/…"),
        }
    }
}

/// Returns `true` if a text is an absolute URI of any scheme, or a valid URL of http or https.
pub(crate) fn is_absolute_uri(text: &str) -> bool {
    let has_gaps = text.chars().any(|c| c.is_control() || c.is_whitespace());
    match split_scheme(text) {
        Some((_, rest)) if has_gaps || rest.is_empty() => false,
        Some((scheme, _)) if is_secure(scheme).is_ok() => Target::split(text).is_ok(),
        // `localhost:8080/path` is a host and a port without a scheme, which is a common mistake.
        Some((_, rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => false,
        Some(_) => true,
        None => false,
    }
}

/// Splits a URL at its first `:` if the text before it is a valid scheme (RFC 3986 §3.1).
fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    named.then_some((scheme, rest))
}

fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

fn is_secure(scheme: &str) -> Result<bool, UrlError> {
    if scheme.eq_ignore_ascii_case("https") {
        Ok(true)
    } else if scheme.eq_ignore_ascii_case("http") {
        Ok(false)
    } else {
        Err(UrlError::UnsupportedScheme(scheme.chars().take(20).collect()))
    }
}

/// Returns `true` if there is user information, then the host and the port.
///
/// The user information is not part of the base string, because the Host header does not contain it (RFC 5849
/// §3.4.1.2, rule 2).
fn split_authority(authority: &str) -> Result<(bool, &str, Option<u16>), UrlError> {
    let (userinfo, host_and_port) = match authority.rsplit_once('@') {
        Some((_, host_and_port)) => (true, host_and_port),
        None => (false, authority),
    };
    let (host, port) = if host_and_port.starts_with('[') {
        let end = host_and_port.find(']').ok_or(UrlError::InvalidHost)?;
        host_and_port[1..end].parse::<Ipv6Addr>().map_err(|_| UrlError::InvalidHost)?;
        let (host, rest) = host_and_port.split_at(end + 1);
        match rest.strip_prefix(':') {
            Some(port) => (host, port),
            None if rest.is_empty() => (host, ""),
            None => return Err(UrlError::InvalidHost),
        }
    } else {
        let (host, port) = host_and_port.split_once(':').unwrap_or((host_and_port, ""));
        check_name(host)?;
        (host, port)
    };
    Ok((userinfo, host, parse_port(port)?))
}

fn check_name(host: &str) -> Result<(), UrlError> {
    let Some(odd) = host.bytes().find(|byte| matches!(byte, b'%' | b'[' | b']' | 0x80..)) else {
        return if host.is_empty() { Err(UrlError::EmptyHost) } else { Ok(()) };
    };
    Err(match odd {
        b'%' => UrlError::PercentInHost,
        b'[' | b']' => UrlError::InvalidHost,
        _ => UrlError::NonAsciiHost,
    })
}

/// Reads a port of decimal digits; an empty text means the default port (RFC 3986 §3.2.3).
fn parse_port(port: &str) -> Result<Option<u16>, UrlError> {
    if port.is_empty() {
        return Ok(None);
    }
    // `parse` would accept a leading `+`.
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(UrlError::InvalidPort);
    }
    port.parse().map(Some).map_err(|_| UrlError::InvalidPort)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Returns an error that names the first character in `part` of the URL for which `is_wrong` is true.
#[inline]
fn check(url: &str, part: &str, is_wrong: impl Fn(u8) -> bool) -> Result<(), UrlError> {
    match part.bytes().position(is_wrong) {
        None => Ok(()),
        Some(at) => Err(misplaced(url, part.as_ptr().addr() - url.as_ptr().addr() + at)),
    }
}

#[cold]
fn misplaced(url: &str, offset: usize) -> UrlError {
    match url[offset..].chars().next() {
        Some(' ') => UrlError::UnencodedSpace { offset },
        Some(character) if character.is_ascii() => UrlError::InvalidChar { character, offset },
        _ => UrlError::NonAscii { offset },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_read_as_an_address_not_as_text() {
        let confidential = |url| Target::parse(url).expect("a URL").is_confidential();
        for url in
            ["https://h/", "http://localhost/", "http://127.9.9.9:80/", "http://[::1]/", "http://[0:0::1]/"]
        {
            assert!(confidential(url), "{url}");
        }
        for url in [
            "http://h/",
            "http://localhost.evil/",
            "http://127.0.0.1.evil/",
            "http://localhost@evil/",
            "http://[::2]/",
        ] {
            assert!(!confidential(url), "{url}");
        }
    }

    #[test]
    fn debug_shows_neither_userinfo_nor_path_nor_query() {
        let target = Target::parse("https://user:hunter2@h:1/hunter2?hunter2").expect("a URL");
        assert_eq!(format!("{target:?}"), "https://h:1/…");
    }
}
