//! Bodies of http-body-util that hold their bytes in memory.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::Body;
use http_body_util::{Empty, Full};

/// Returns the bytes of a body if it is of a type of http-body-util that holds them in memory.
///
/// The request view knows the other types that do.
pub(crate) fn known_bytes<B: 'static>(body: &B) -> Option<Bytes> {
    let body: &dyn Any = body;
    if let Some(full) = body.downcast_ref::<Full<Bytes>>() {
        Some(bytes(full.clone()))
    } else {
        body.is::<Empty<Bytes>>().then(Bytes::new)
    }
}

/// A full body has one frame, which is ready. The clone shares its bytes.
fn bytes(mut body: Full<Bytes>) -> Bytes {
    let mut context = Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut context) {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}
