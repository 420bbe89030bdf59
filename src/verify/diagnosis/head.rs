//! The method and the base string URI of a base string, as a client may write them.

use std::fmt::Write;

use super::encoding::encode;
use super::recipe::{Encoding, HeadRecipe, Host, Method, Path, Port, Scheme, Slash};
use super::snapshot::Snapshot;
use crate::form::{Coding, decode};
use crate::percent::percent_encode;

/// Returns the method and the URI, with a `&` after each.
///
/// Returns `None` if the recipe does not fit the request.
pub(super) fn render(snapshot: &Snapshot<'_>, recipe: &HeadRecipe) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(128);
    write_method(snapshot, recipe.method, &mut out);
    out.push(b'&');
    let uri = uri(snapshot, recipe)?;
    encode(recipe.encoding, &uri, &mut out);
    out.push(b'&');
    Some(out)
}

fn write_method(snapshot: &Snapshot<'_>, method: Method, out: &mut Vec<u8>) {
    let upper = snapshot.method.to_ascii_uppercase();
    let lower = || snapshot.method.to_ascii_lowercase();
    match method {
        Method::Upper => encode(Encoding::Rfc, upper.as_bytes(), out),
        Method::AsSent => encode(Encoding::Rfc, snapshot.method.as_bytes(), out),
        Method::Lower => encode(Encoding::Rfc, lower().as_bytes(), out),
        Method::Capitalized => encode(Encoding::Rfc, capitalized(&lower()).as_bytes(), out),
        Method::NotEncoded => out.extend_from_slice(upper.as_bytes()),
        Method::Other(other) => out.extend_from_slice(other.as_bytes()),
    }
}

fn capitalized(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn uri(snapshot: &Snapshot<'_>, recipe: &HeadRecipe) -> Option<Vec<u8>> {
    let secure = snapshot.secure != (recipe.scheme == Scheme::Other);
    let mut uri = String::with_capacity(96);
    uri.push_str(match (recipe.scheme, secure) {
        (Scheme::WebSocket, true) => "wss://",
        (Scheme::WebSocket, false) => "ws://",
        (Scheme::Upper, true) => "HTTPS://",
        (Scheme::Upper, false) => "HTTP://",
        (_, true) => "https://",
        (_, false) => "http://",
    });
    write_authority(snapshot, recipe, secure, &mut uri)?;
    let mut uri = uri.into_bytes();
    write_path(snapshot, recipe, &mut uri)?;
    if recipe.has_query {
        uri.push(b'?');
        uri.extend_from_slice(snapshot.query?.as_bytes());
    }
    Some(uri)
}

fn write_authority(
    snapshot: &Snapshot<'_>,
    recipe: &HeadRecipe,
    secure: bool,
    uri: &mut String,
) -> Option<()> {
    let host = &snapshot.host;
    let address = || host.strip_prefix('[')?.strip_suffix(']');
    match recipe.host {
        Host::AsIs => uri.push_str(host),
        // The Host header contains its own port.
        Host::AsSent => uri.push_str(snapshot.host_header?),
        Host::Upper => uri.push_str(&host.to_ascii_uppercase()),
        Host::Capitalized => uri.push_str(&capitalized(host)),
        Host::Forwarded(number) => uri.push_str(&snapshot.forwarded_hosts.get(number)?.to_ascii_lowercase()),
        Host::Www => match host.strip_prefix("www.") {
            Some(host) => uri.push_str(host),
            None => uri.extend(["www.", host]),
        },
        Host::Loopback => uri.push_str(match host.as_str() {
            "localhost" => "127.0.0.1",
            "127.0.0.1" | "[::1]" => "localhost",
            _ => return None,
        }),
        Host::WithoutBrackets => uri.push_str(address()?),
        Host::Ipv6Rewritten => {
            let address: std::net::Ipv6Addr = address()?.parse().ok()?;
            write!(uri, "[{address}]").ok()?;
        }
        Host::Ipv6RewrittenWithoutBrackets => {
            let address: std::net::Ipv6Addr = address()?.parse().ok()?;
            write!(uri, "{address}").ok()?;
        }
    }
    let default = if secure { 443 } else { 80 };
    let port = match recipe.port {
        Port::AsIs if matches!(recipe.host, Host::AsSent | Host::Forwarded(_)) => None,
        // The default port of the other scheme is not a default for this one.
        Port::AsIs => snapshot.port.filter(|&port| port != default),
        Port::Default => Some(default),
        Port::None => None,
        Port::Number(port) => Some(port),
        Port::Forwarded => Some(snapshot.forwarded_port?.parse().ok()?),
        Port::Empty => {
            uri.push(':');
            None
        }
    };
    if let Some(port) = port {
        write!(uri, ":{port}").ok()?;
    }
    Some(())
}

fn write_path(snapshot: &Snapshot<'_>, recipe: &HeadRecipe, uri: &mut Vec<u8>) -> Option<()> {
    let path = snapshot.path;
    let start = uri.len();
    match recipe.path {
        Path::AsIs => uri.extend_from_slice(path.as_bytes()),
        Path::Empty if path == "/" => {}
        Path::Empty => return None,
        Path::Decoded => uri.extend(decode(path.as_bytes(), Coding::Percent)),
        Path::Reencoded => reencode(path, "", uri),
        Path::ReencodedSparingly => reencode(path, ":@!$&'()*+,;=", uri),
        Path::EncodedTwice => uri.extend_from_slice(path.replace('%', "%25").as_bytes()),
        Path::LowerEscapes => lower_escapes(path, uri),
        Path::DotSegments => uri.extend_from_slice(without_dots(path).as_bytes()),
        Path::Slashes => {
            let mut last = 0;
            uri.extend(
                path.bytes().filter(|&byte| std::mem::replace(&mut last, byte) != b'/' || byte != b'/'),
            );
        }
        Path::LowerCase => uri.extend(path.bytes().map(|byte| byte.to_ascii_lowercase())),
        Path::WithoutFirst => uri.extend_from_slice(without_segment(path)?.as_bytes()),
        Path::WithoutTwo => uri.extend_from_slice(without_segment(without_segment(path)?)?.as_bytes()),
        Path::Prefixed(prefix) => uri.extend_from_slice([prefix, path].concat().as_bytes()),
        Path::ForwardedPrefix => {
            uri.extend_from_slice(
                [snapshot.forwarded_prefix?.trim_end_matches('/'), path].concat().as_bytes(),
            );
        }
        Path::Forwarded(number) => uri.extend_from_slice(snapshot.forwarded_paths.get(number)?.as_bytes()),
    }
    if recipe.slash == Slash::Toggled {
        match uri[start..].strip_suffix(b"/") {
            Some(path) => uri.truncate(start + path.len()),
            None => uri.push(b'/'),
        }
    }
    Some(())
}

/// Decodes each segment and encodes it again.
fn reencode(path: &str, kept: &str, out: &mut Vec<u8>) {
    for (number, segment) in path.split('/').enumerate() {
        if number > 0 {
            out.push(b'/');
        }
        for byte in decode(segment.as_bytes(), Coding::Percent) {
            if kept.as_bytes().contains(&byte) {
                out.push(byte);
            } else {
                out.extend_from_slice(percent_encode([byte]).as_bytes());
            }
        }
    }
}

/// Writes escapes with lower-case digits.
fn lower_escapes(path: &str, out: &mut Vec<u8>) {
    let mut digits = 0;
    out.extend(path.bytes().map(|byte| {
        if byte == b'%' {
            digits = 2;
            return byte;
        }
        let is_digit = digits > 0;
        digits = if is_digit { digits - 1 } else { 0 };
        if is_digit { byte.to_ascii_lowercase() } else { byte }
    }));
}

/// Removes dot segments (RFC 3986 §5.2.4), escaped ones too.
fn without_dots(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    let mut is_open = false;
    for segment in path.split('/').skip(1) {
        let plain = segment.replace("%2e", ".").replace("%2E", ".");
        is_open = matches!(plain.as_str(), "." | "..");
        match plain.as_str() {
            "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let end = if is_open && !segments.is_empty() { "/" } else { "" };
    ["/", &segments.join("/"), end].concat()
}

/// Returns the path without its first segment.
fn without_segment(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    rest.find('/').map(|at| &rest[at..])
}
