//! RFC 5849 §3.4.1: the signature base string.
//!
//! One writer makes it, wherever it goes: into a keyed MAC while signing, into a text to look at
//! while explaining. So what is shown is what was signed.

mod writer;
mod order;
mod uri;
mod compiled;
mod parameters;
mod record;

pub(crate) use compiled::{Compiled, Value, Values, write_once};
pub(crate) use parameters::Parameters;
pub(crate) use record::Record;
pub(crate) use writer::{Discard, Sink, Writer};

use crate::parameter::{Name, ParameterSource};
use crate::request::{RequestError, RequestRef};
use parameters::Parameter;
use record::into_text;
use uri::write_uri;

/// Writes the base string of a request as a signer sends it.
#[inline]
pub(crate) fn write<S: Sink>(
    request: &RequestRef<'_>,
    parameters: &Parameters<'_>,
    protocol: &Compiled,
    values: &Values<'_>,
    sink: &mut S,
) -> Result<(), RequestError> {
    let mut out = Writer::new(sink);
    write_head(request, &mut out);
    merge(parameters.as_slice(), protocol, values, &mut out)?;
    out.finish();
    Ok(())
}

/// §3.4.1.1: the method in upper case, `&`, the base string URI, `&`.
#[inline]
fn write_head<S: Sink>(request: &RequestRef<'_>, out: &mut Writer<'_, S>) {
    out.once(request.method().bytes().map(|byte| byte.to_ascii_uppercase()));
    out.text(b"&");
    write_uri(request.target(), out);
    out.text(b"&");
}

/// Writes the request's parameters and the protocol's, each sorted, in one sorted list.
#[inline]
fn merge<S: Sink>(
    parameters: &[Parameter<'_>],
    protocol: &Compiled,
    values: &Values<'_>,
    out: &mut Writer<'_, S>,
) -> Result<(), RequestError> {
    let pieces = protocol.pieces();
    let (Some(smallest), Some(largest)) = (pieces.first(), pieces.last()) else {
        unreachable!("oauth_signature is there")
    };
    let compare = |parameter: &Parameter<'_>, piece: &compiled::Piece| {
        parameter.key.cmp(&piece.key()).then_with(|| order::compare(parameter.name(), piece.name()))
    };
    let mut first = true;
    let mut rest = parameters.iter().peekable();
    while let Some(parameter) = rest.next_if(|next| compare(next, smallest).is_lt()) {
        parameter.write(first, out);
        first = false;
    }
    // Nearly always no parameter sorts in between: then the protocol's go out in one piece.
    if rest.peek().is_none_or(|next| compare(next, largest).is_gt()) {
        let count = protocol.write_all(first, values, out);
        first &= count == 0;
        out.parameters(ParameterSource::Protocol, count);
    } else {
        for piece in pieces.iter().filter(|piece| piece.is_sent(values)) {
            while let Some(parameter) = rest.next_if(|next| compare(next, piece).is_lt()) {
                parameter.write(first, out);
                first = false;
            }
            if let Some(parameter) = rest.next_if(|next| compare(next, piece).is_eq()) {
                let name = String::from_utf8_lossy(&piece.name().collect::<Vec<u8>>()).into_owned();
                return Err(RequestError::ReservedParameter { name, found_in: parameter.source });
            }
            let count = protocol.write_piece(piece, first, values, out);
            first &= count == 0;
            out.parameters(ParameterSource::Protocol, count);
        }
    }
    for parameter in rest {
        parameter.write(first, out);
        first = false;
    }
    Ok(())
}

/// The signature base string (§3.4.1) of a request that has all its parameters already: what is in
/// the query and the form is written, nothing added, `oauth_signature` left out.
///
/// This is the low-level door, for looking at a request that somebody else signed in its query or
/// form. What a [`Signer`](crate::Signer) would sign, [`Signer::explain`](crate::Signer::explain) tells.
///
/// ```
/// use oauth1_signer::{RequestRef, signature_base_string};
///
/// # fn main() -> Result<(), oauth1_signer::request::RequestError> {
/// let request = RequestRef::new("GET", "HTTP://Example.com:80/r%20v/X?c2&a=b+c&oauth_signature=x")?;
/// assert_eq!(
///     signature_base_string(&request)?,
///     "GET&http%3A%2F%2Fexample.com%2Fr%2520v%2FX&a%3Db%2520c%26c2%3D",
/// );
/// # Ok(()) }
/// ```
///
/// # Errors
/// If the Content-Type says form and the body's bytes cannot be seen.
pub fn signature_base_string(request: &RequestRef<'_>) -> Result<String, RequestError> {
    let parameters = Parameters::of(request)?;
    let mut text = Vec::new();
    write_complete(request, &parameters, &mut text);
    Ok(into_text(text))
}

/// Writes the base string of a request that has all its parameters already, `oauth_signature` left out.
pub(crate) fn write_complete<S: Sink>(request: &RequestRef<'_>, parameters: &Parameters<'_>, sink: &mut S) {
    let mut out = Writer::new(sink);
    write_head(request, &mut out);
    let mut first = true;
    for parameter in
        parameters.as_slice().iter().filter(|parameter| !parameter.is_named(Name::Signature.as_str()))
    {
        parameter.write(first, &mut out);
        first = false;
    }
    out.finish();
}
