//! The signature base string (RFC 5849 §3.4.1).
//!
//! The same writer writes it into a MAC to sign, and into a text to explain. So an explanation always shows
//! what was signed.

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

/// Writes the base string of a request together with the signer's protocol parameters.
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

/// Writes the method in upper case, `&`, the base string URI, `&` (RFC 5849 §3.4.1.1).
#[inline]
fn write_head<S: Sink>(request: &RequestRef<'_>, out: &mut Writer<'_, S>) {
    out.once(request.method().bytes().map(|byte| byte.to_ascii_uppercase()));
    out.text(b"&");
    write_uri(request.target(), out);
    out.text(b"&");
}

/// Merges the sorted parameters of the request and of the protocol, and writes them.
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
    // Nearly always no parameter of the request sorts between those of the protocol, which are then written
    // at once.
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

/// Returns the signature base string of a request that already has all its parameters (§3.4.1).
///
/// It contains the parameters of the query and the form, without `oauth_signature`. Nothing is added. Use
/// this function to inspect a request that another program signed in its query or form. To see what a
/// [`Signer`](crate::Signer) signs, use [`Signer::explain`](crate::Signer::explain).
///
/// # Errors
/// Returns [`RequestError::UnbufferedFormBody`] if the body is a form whose bytes are unknown, and
/// [`RequestError::UnclearContentType`] or [`RequestError::FormCharset`] if servers may differ on the form.
///
/// # Examples
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
pub fn signature_base_string(request: &RequestRef<'_>) -> Result<String, RequestError> {
    let parameters = Parameters::of(request)?;
    let mut text = Vec::new();
    write_complete(request, &parameters, &mut text);
    Ok(into_text(text))
}

/// Writes the base string of a request that already has all its parameters, without `oauth_signature`.
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
