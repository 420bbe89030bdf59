//! What someone on the way may change about a request that is signed.

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Method, Request};

use crate::client::Outcome;
use crate::sample::Sample;

/// A request, and a change of it that the provider notices.
pub(crate) struct Forgery {
    pub(crate) name: &'static str,
    pub(crate) sample: Sample,
    change: fn(&mut Request<Bytes>) -> Outcome<()>,
    /// Why it is refused, and why with PLAINTEXT: that signs nothing, so most is let through.
    reasons: (&'static str, Option<&'static str>),
}

const SIGNED: (&str, Option<&str>) = ("signature", None);
const HASHED: (&str, Option<&str>) = ("body hash", Some("body hash"));

/// What the provider says where oauthlib gives a request up before it looks at the signature.
pub(crate) const UNREAD: &str = "protocol parameters missing, repeated, malformed or out of time";

impl Forgery {
    /// None where the provider cannot notice.
    pub(crate) fn reason(&self, signs: bool) -> Option<&'static str> {
        let (reason, with_plaintext) = self.reasons;
        if signs { Some(reason) } else { with_plaintext }
    }

    pub(crate) fn of(&self, signed: &Request<Bytes>) -> Outcome<Request<Bytes>> {
        let mut forged = signed.clone();
        (self.change)(&mut forged)?;
        let is_other = forged.method() != signed.method()
            || forged.uri() != signed.uri()
            || forged.headers() != signed.headers()
            || forged.body() != signed.body();
        if is_other { Ok(forged) } else { Err("nothing is changed".into()) }
    }
}

pub(crate) fn forgeries() -> Vec<Forgery> {
    let get = || Sample::get("", "/items?amount=1&to=jane");
    let form = || Sample::form("", "/items", "amount=1&to=jane");
    let json = || Sample::hashed("", "PUT", "application/json", b"[1]");
    vec![
        forgery("a value in the query", get(), SIGNED, |request| {
            change_url(request, "amount=1", "amount=1000")
        }),
        forgery("a parameter more in the query", get(), SIGNED, |request| {
            change_url(request, "&to=jane", "&to=jane&to=joe")
        }),
        forgery("a parameter less in the query", get(), SIGNED, |request| {
            change_url(request, "amount=1&", "")
        }),
        forgery("the path", get(), SIGNED, |request| change_url(request, "/items", "/items/")),
        forgery("the method", get(), SIGNED, |request| {
            *request.method_mut() = Method::DELETE;
            Ok(())
        }),
        forgery("a value in the form", form(), SIGNED, |request| {
            change_body(request, b"amount=1000&to=jane")
        }),
        forgery("a parameter more in the form", form(), SIGNED, |request| {
            change_body(request, b"amount=1&to=jane&to=joe")
        }),
        forgery("the body under a hash", json(), HASHED, |request| change_body(request, b"[1000]")),
        forgery("no body under a hash", json(), HASHED, |request| change_body(request, b"")),
        forgery("no body hash", json(), ("signature", Some("body hash")), |request| {
            change_parameter(request, "oauth_body_hash", None)
        }),
        forgery("another body hash", json(), ("signature", Some("body hash")), |request| {
            change_parameter(request, "oauth_body_hash", Some("2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D"))
        }),
        forgery("the nonce", get(), SIGNED, |request| {
            change_parameter(request, "oauth_nonce", Some("abcdefghijklmnopqrstuvwxyz"))
        }),
        forgery("the signature", get(), ("signature", Some("signature")), |request| {
            change_parameter(request, "oauth_signature", Some("2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D"))
        }),
        forgery("no signature", get(), (UNREAD, Some(UNREAD)), |request| {
            change_parameter(request, "oauth_signature", None)
        }),
        forgery("no Authorization header", get(), (UNREAD, Some(UNREAD)), |request| {
            request.headers_mut().remove(AUTHORIZATION);
            Ok(())
        }),
    ]
}

fn forgery(
    name: &'static str,
    sample: Sample,
    reasons: (&'static str, Option<&'static str>),
    change: fn(&mut Request<Bytes>) -> Outcome<()>,
) -> Forgery {
    Forgery { name, sample, change, reasons }
}

fn change_url(request: &mut Request<Bytes>, from: &str, to: &str) -> Outcome<()> {
    *request.uri_mut() = request.uri().to_string().replace(from, to).parse()?;
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "as other changes")]
fn change_body(request: &mut Request<Bytes>, body: &'static [u8]) -> Outcome<()> {
    *request.body_mut() = Bytes::from_static(body);
    Ok(())
}

/// Another value, as it stands in the header; none, and the parameter is left out.
fn change_parameter(request: &mut Request<Bytes>, name: &str, value: Option<&str>) -> Outcome<()> {
    let header = request.headers()[AUTHORIZATION].to_str()?;
    let parameters = header.strip_prefix("OAuth ").ok_or("no scheme")?.split(", ");
    let changed = parameters.filter_map(|parameter| match (parameter.split_once('='), value) {
        (Some((own, _)), Some(value)) if own == name => Some(format!("{own}=\"{value}\"")),
        (Some((own, _)), None) if own == name => None,
        _ => Some(parameter.to_owned()),
    });
    let header = format!("OAuth {}", changed.collect::<Vec<_>>().join(", "));
    request.headers_mut().insert(AUTHORIZATION, HeaderValue::try_from(header)?);
    Ok(())
}
