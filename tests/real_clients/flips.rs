//! A request with one byte changed, for each byte that the signature covers.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderName, HeaderValue, Method, Uri};

use crate::server::Captured;

const FORM: &str = "application/x-www-form-urlencoded";

/// Where the byte is, and the request.
pub(crate) struct Flip {
    pub(crate) place: String,
    pub(crate) request: Captured,
}

/// Of a request whose signature depends on it.
pub(crate) fn of_signed(original: &Captured) -> Vec<Flip> {
    let mut flips = of_method(original);
    flips.extend(of_target(original));
    flips.extend(of_header(original, &HOST, usize::MAX));
    flips.extend(of_header(original, &AUTHORIZATION, usize::MAX));
    if is_form(original) && !original.body.is_empty() {
        // Parameters of the media type are not covered.
        flips.extend(of_header(original, &CONTENT_TYPE, FORM.len()));
    }
    if is_form(original) || text(original, &AUTHORIZATION).contains("oauth_body_hash=") {
        flips.extend(of_body(original));
    }
    flips
}

/// With PLAINTEXT, of the parameters that say who it is: a signature is the secrets, and covers nothing.
pub(crate) fn of_plaintext(original: &Captured) -> Vec<Flip> {
    let is_in = |text: &str, place: &str| {
        let place: Option<usize> = place.rsplit(' ').next().and_then(|at| at.parse().ok());
        place.is_some_and(|at| {
            let values = ["oauth_consumer_key=", "oauth_token=", "oauth_signature="];
            values.iter().any(|name| {
                text.find(name).is_some_and(|start| {
                    let start = start + name.len();
                    let end = text[start..].find([',', '&']).map_or(text.len(), |end| start + end);
                    (start..end).contains(&at)
                })
            })
        })
    };
    let header = text(original, &AUTHORIZATION).to_owned();
    let target = original.uri.to_string();
    let body = String::from_utf8_lossy(&original.body).into_owned();
    let header_flips = of_header(original, &AUTHORIZATION, usize::MAX);
    let mut flips: Vec<_> = header_flips.into_iter().filter(|flip| is_in(&header, &flip.place)).collect();
    flips.extend(of_target(original).into_iter().filter(|flip| is_in(&target, &flip.place)));
    flips.extend(of_body(original).into_iter().filter(|flip| is_in(&body, &flip.place)));
    flips
}

/// Returns the text of the timestamp, wherever the request has it.
pub(crate) fn timestamp(request: &Captured) -> Option<String> {
    const NAME: &str = "oauth_timestamp=";
    let body = String::from_utf8_lossy(&request.body);
    [text(request, &AUTHORIZATION), &request.uri.to_string(), &body].into_iter().find_map(|text| {
        let value = &text[text.find(NAME)? + NAME.len()..];
        Some(value[..value.find([',', '&']).unwrap_or(value.len())].to_owned())
    })
}

fn is_form(request: &Captured) -> bool {
    text(request, &CONTENT_TYPE).starts_with(FORM)
}

fn text<'r>(request: &'r Captured, name: &HeaderName) -> &'r str {
    request.headers.get(name).map_or("", |value| value.to_str().unwrap_or_default())
}

/// The byte with its lowest bit turned over, or the next one where that cannot stand there. It is never the
/// same letter in another case, which would mean the same in a `%2f`.
fn flipped<T>(bytes: &[u8], at: usize, read: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    [1, 2, 4, 8].into_iter().find_map(|bit| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= bit;
        // It would begin a fragment, which a client does not send.
        if bytes[at] == b'#' { None } else { read(&bytes) }
    })
}

fn of_method(original: &Captured) -> Vec<Flip> {
    let name = original.method.as_str().as_bytes();
    (0..name.len())
        .filter_map(|at| {
            let method = flipped(name, at, |bytes| Method::from_bytes(bytes).ok())?;
            Some(Flip { place: format!("method {at}"), request: Captured { method, ..original.clone() } })
        })
        .collect()
}

fn of_target(original: &Captured) -> Vec<Flip> {
    let target = original.uri.to_string();
    // The first is the slash that every target has.
    (1..target.len())
        .filter_map(|at| {
            let uri = flipped(target.as_bytes(), at, |bytes| {
                let uri = Uri::try_from(bytes).ok()?;
                // Not rewritten on the way.
                (uri.to_string().as_bytes() == bytes).then_some(uri)
            })?;
            Some(Flip { place: format!("target {at}"), request: Captured { uri, ..original.clone() } })
        })
        .collect()
}

fn of_header(original: &Captured, name: &HeaderName, most: usize) -> Vec<Flip> {
    let value = text(original, name);
    (0..value.len().min(most))
        .filter_map(|at| {
            let value = flipped(value.as_bytes(), at, |bytes| HeaderValue::from_bytes(bytes).ok())?;
            let mut request = original.clone();
            request.headers.insert(name.clone(), value);
            Some(Flip { place: format!("{name} {at}"), request })
        })
        .collect()
}

fn of_body(original: &Captured) -> Vec<Flip> {
    (0..original.body.len())
        .filter_map(|at| {
            let body = flipped(&original.body, at, |bytes| Some(Bytes::copy_from_slice(bytes)))?;
            Some(Flip { place: format!("body {at}"), request: Captured { body, ..original.clone() } })
        })
        .collect()
}
