//! Mistakes in the method and in the base string URI (RFC 5849 §3.4.1.1, §3.4.1.2).

use super::{Step, step};
use crate::verify::diagnosis::mistake::Mistake as M;
use crate::verify::diagnosis::recipe::{Encoding, Host, Method, Path, Port, Recipe, Scheme, Slash, set};
use crate::verify::diagnosis::snapshot::Snapshot;

pub(super) const STEPS: &[Step] = &[
    step(M::OtherScheme, 1, |r, _| set(&mut r.head.scheme, Scheme::Other)),
    step(M::EmptyPath, 1, |r, _| set(&mut r.head.path, Path::Empty)),
    step(M::DefaultPortKept, 1, |r, s| s.port.is_none() && set(&mut r.head.port, Port::Default)),
    step(M::HostCase, 1, |r, s| is_sent_in_upper_case(s) && set(&mut r.head.host, Host::AsSent)),
    step(M::PortLeftOut, 1, |r, s| s.port.is_some() && set(&mut r.head.port, Port::None)),
    step(M::TrailingSlash, 1, |r, s| s.path != "/" && set(&mut r.head.slash, Slash::Toggled)),
    step(M::QueryInUri, 1, |r, s| s.query.is_some() && set(&mut r.head.has_query, true)),
    step(M::UriNotEncoded, 1, |r, _| set(&mut r.head.encoding, Encoding::None)),
    step(M::MethodCase, 1, |r, s| is_sent_in_lower_case(s) && set(&mut r.head.method, Method::AsSent)),
    step(M::MethodCase, 1, |r, _| set(&mut r.head.method, Method::Lower)),
    step(M::MethodCase, 4, |r, _| set(&mut r.head.method, Method::Capitalized)),
    step(M::MethodNotEncoded, 1, |r, _| set(&mut r.head.method, Method::NotEncoded)),
    step(M::OtherMethod, 2, |r, s| other_method(r, s, "GET")),
    step(M::OtherMethod, 2, |r, s| other_method(r, s, "POST")),
    step(M::OtherMethod, 3, |r, s| other_method(r, s, "PUT")),
    step(M::OtherMethod, 3, |r, s| other_method(r, s, "DELETE")),
    step(M::OtherMethod, 4, |r, s| other_method(r, s, "PATCH")),
    step(M::OtherMethod, 4, |r, s| other_method(r, s, "HEAD")),
    // Hosts and ports.
    step(M::OtherHost, 1, |r, _| set(&mut r.head.host, Host::Forwarded(0)) && is_free(r, Port::AsIs)),
    step(M::OtherHost, 1, |r, _| set(&mut r.head.host, Host::Forwarded(1)) && is_free(r, Port::AsIs)),
    step(M::OtherHost, 2, |r, _| set(&mut r.head.host, Host::Forwarded(2)) && is_free(r, Port::AsIs)),
    step(M::OtherHost, 3, |r, s| is_name(s) && set(&mut r.head.host, Host::Www)),
    step(M::OtherHost, 1, |r, _| set(&mut r.head.host, Host::Loopback)),
    step(M::DefaultPortKept, 1, |r, s| is_sent_with_port(s) && set(&mut r.head.host, Host::AsSent)),
    step(M::DefaultPortKept, 4, |r, s| s.port.is_none() && set(&mut r.head.port, Port::Empty)),
    step(M::OtherPort, 1, |r, _| set(&mut r.head.port, Port::Forwarded)),
    step(M::OtherPort, 3, |r, _| set(&mut r.head.port, Port::Number(443))),
    step(M::OtherPort, 3, |r, _| set(&mut r.head.port, Port::Number(80))),
    step(M::OtherPort, 3, |r, _| set(&mut r.head.port, Port::Number(8080))),
    step(M::OtherPort, 4, |r, _| set(&mut r.head.port, Port::Number(8443))),
    step(M::HostCase, 4, |r, _| set(&mut r.head.host, Host::Upper)),
    step(M::HostCase, 4, |r, _| set(&mut r.head.host, Host::Capitalized)),
    step(M::Ipv6Brackets, 1, |r, _| set(&mut r.head.host, Host::WithoutBrackets)),
    step(M::Ipv6Rewritten, 1, |r, _| set(&mut r.head.host, Host::Ipv6Rewritten)),
    step(M::Ipv6Rewritten, 2, |r, _| set(&mut r.head.host, Host::Ipv6RewrittenWithoutBrackets)),
    step(M::SchemeCase, 4, |r, _| set(&mut r.head.scheme, Scheme::Upper)),
    step(M::WebSocketScheme, 3, |r, _| set(&mut r.head.scheme, Scheme::WebSocket)),
    // Paths.
    step(M::PathPrefix, 1, |r, _| set(&mut r.head.path, Path::ForwardedPrefix)),
    step(M::PathPrefix, 1, |r, _| set(&mut r.head.path, Path::Forwarded(0))),
    step(M::PathPrefix, 1, |r, _| set(&mut r.head.path, Path::Forwarded(1))),
    step(M::PathPrefix, 2, |r, _| set(&mut r.head.path, Path::WithoutFirst)),
    step(M::PathPrefix, 4, |r, _| set(&mut r.head.path, Path::WithoutTwo)),
    step(M::PathPrefix, 2, |r, _| set(&mut r.head.path, Path::Prefixed("/api"))),
    step(M::PathPrefix, 3, |r, _| set(&mut r.head.path, Path::Prefixed("/v1"))),
    step(M::PathPrefix, 4, |r, _| set(&mut r.head.path, Path::Prefixed("/api/v1"))),
    step(M::PathPrefix, 4, |r, _| set(&mut r.head.path, Path::Prefixed("/oauth"))),
    step(M::PathDecoded, 1, |r, s| has_escapes(s) && set(&mut r.head.path, Path::Decoded)),
    step(M::PathRewritten, 1, |r, _| set(&mut r.head.path, Path::Reencoded)),
    step(M::PathRewritten, 1, |r, _| set(&mut r.head.path, Path::ReencodedSparingly)),
    step(M::PathRewritten, 2, |r, s| has_escapes(s) && set(&mut r.head.path, Path::LowerEscapes)),
    step(M::PathRewritten, 1, |r, s| has_dots(s) && set(&mut r.head.path, Path::DotSegments)),
    step(M::PathRewritten, 1, |r, s| s.path.contains("//") && set(&mut r.head.path, Path::Slashes)),
    step(M::PathEncodedTwice, 1, |r, s| has_escapes(s) && set(&mut r.head.path, Path::EncodedTwice)),
    step(M::PathCase, 4, |r, _| set(&mut r.head.path, Path::LowerCase)),
];

fn other_method(recipe: &mut Recipe, snapshot: &Snapshot<'_>, method: &'static str) -> bool {
    !snapshot.method.eq_ignore_ascii_case(method) && set(&mut recipe.head.method, Method::Other(method))
}

/// Returns `true` if no other mistake has changed the port.
///
/// A host from a proxy's header contains its own port, so no step may change the port too.
fn is_free(recipe: &Recipe, port: Port) -> bool {
    recipe.head.port == port
}

fn is_sent_in_upper_case(snapshot: &Snapshot<'_>) -> bool {
    snapshot.host_header.is_some_and(|host| host.bytes().any(|byte| byte.is_ascii_uppercase()))
}

fn is_sent_in_lower_case(snapshot: &Snapshot<'_>) -> bool {
    snapshot.method.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Returns `true` if the Host header has a port that the right base string leaves out.
fn is_sent_with_port(snapshot: &Snapshot<'_>) -> bool {
    snapshot
        .host_header
        .is_some_and(|host| host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']')))
}

fn is_name(snapshot: &Snapshot<'_>) -> bool {
    snapshot.host.bytes().any(|byte| byte.is_ascii_alphabetic()) && snapshot.host.contains('.')
}

fn has_escapes(snapshot: &Snapshot<'_>) -> bool {
    snapshot.path.contains('%')
}

fn has_dots(snapshot: &Snapshot<'_>) -> bool {
    snapshot.path.contains("/.") || snapshot.path.contains("%2e") || snapshot.path.contains("%2E")
}
