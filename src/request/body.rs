//! The body of a request as the signer sees it.
//!
//! The signer needs a form's bytes (RFC 5849 §3.4.1.3.1), and any body's bytes for the Request Body Hash
//! extension.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

use super::error::RequestError;
use super::media_type::MediaType;
use super::pairs::PairsRef;

/// A borrowed body, or the fact that its bytes are unknown.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    /// The request has no body.
    Absent,
    /// The request may have a body, whose type does not give access to its bytes.
    Unseen,
    /// The body has these bytes.
    Bytes(&'a [u8]),
    /// The body is a form of these decoded pairs.
    Pairs(PairsRef<'a>),
}

/// The type of the body, according to the Content-Type header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Content {
    /// There is no Content-Type header.
    #[default]
    Unsaid,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// A media type that some servers read as a form and others do not.
    UnclearForm,
    /// A form in a charset other than UTF-8.
    FormInOtherCharset,
    /// Any other media type.
    Other,
}

impl Content {
    pub(crate) fn of_media_type(content_type: &[u8]) -> Self {
        match MediaType::read(content_type) {
            MediaType::Form | MediaType::FormInAscii => Self::Form,
            MediaType::FormInOtherCharset => Self::FormInOtherCharset,
            MediaType::Unclear => Self::UnclearForm,
            MediaType::Extended | MediaType::Other => Self::Other,
        }
    }

    pub(crate) fn of_headers(headers: &HeaderMap) -> Result<Self, RequestError> {
        if headers.is_empty() {
            return Ok(Self::Unsaid);
        }
        let mut types = headers.get_all(CONTENT_TYPE).iter();
        let content = types.next().map_or(Self::Unsaid, |value| Self::of_media_type(value.as_bytes()));
        if types.next().is_some() {
            return Err(RequestError::AmbiguousContentType);
        }
        let is_form = content.check()?;
        let is_plain = |value: &http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
        if is_form && !headers.get_all(CONTENT_ENCODING).iter().all(is_plain) {
            return Err(RequestError::EncodedFormBody);
        }
        Ok(content)
    }

    /// Reads the headers of a request that a server received.
    ///
    /// This is stricter than [`of_headers`](Self::of_headers): it rejects each Content-Type that any web
    /// framework may read as a form.
    pub(crate) fn of_received(headers: &HeaderMap) -> Result<Self, RequestError> {
        let content = Self::of_headers(headers)?;
        let is_extended =
            |value: &http::HeaderValue| MediaType::read(value.as_bytes()) == MediaType::Extended;
        if content == Self::Other && headers.get_all(CONTENT_TYPE).iter().any(is_extended) {
            return Err(RequestError::UnclearContentType);
        }
        Ok(content)
    }

    /// Returns `true` if the body is a form, or an error if servers may differ on that.
    pub(crate) fn check(self) -> Result<bool, RequestError> {
        match self {
            Self::Form => Ok(true),
            Self::Unsaid | Self::Other => Ok(false),
            Self::UnclearForm => Err(RequestError::UnclearContentType),
            Self::FormInOtherCharset => Err(RequestError::FormCharset),
        }
    }

    /// Returns `true` if all servers read a form's bytes as the same text.
    ///
    /// Some servers decode a form by its charset before they split it. So the form must be ASCII or in UTF-8.
    pub(crate) fn is_unambiguous_form(headers: &HeaderMap, form: &[u8]) -> bool {
        let is_utf8 = |value: &http::HeaderValue| MediaType::read(value.as_bytes()) == MediaType::Form;
        form.is_ascii() || headers.get(CONTENT_TYPE).is_some_and(is_utf8)
    }
}

impl<'a> Body<'a> {
    /// Returns the bytes of a body of a known type in memory; any other body is [`Unseen`](Self::Unseen).
    #[inline]
    pub(crate) fn of_value<B: 'static>(body: &'a B) -> Self {
        let body: &dyn Any = body;
        if body.is::<()>() {
            return Self::Absent;
        }
        bytes_as::<String>(body)
            .or_else(|| bytes_as::<Vec<u8>>(body))
            .or_else(|| bytes_as::<&'static str>(body))
            .or_else(|| bytes_as::<&'static [u8]>(body))
            .or_else(|| bytes_as::<Bytes>(body))
            .or_else(|| bytes_as::<BytesMut>(body))
            .or_else(|| bytes_as::<Box<[u8]>>(body))
            .or_else(|| bytes_as::<Arc<[u8]>>(body))
            .or_else(|| body.downcast_ref::<Box<str>>().map(|body| body.as_bytes()))
            .or_else(|| body.downcast_ref::<Arc<str>>().map(|body| body.as_bytes()))
            .or_else(|| body.downcast_ref::<Cow<'static, str>>().map(|body| body.as_bytes()))
            .or_else(|| bytes_as::<Cow<'static, [u8]>>(body))
            .map_or(Self::Unseen, Self::Bytes)
    }
}

#[inline]
fn bytes_as<T: AsRef<[u8]> + 'static>(body: &dyn Any) -> Option<&[u8]> {
    body.downcast_ref::<T>().map(AsRef::as_ref)
}
