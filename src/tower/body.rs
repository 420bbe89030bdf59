//! Reads the bodies of http-body-util that have their bytes in memory.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::Body;
use http_body_util::{Empty, Full};

/// Returns the bytes of a body if it is a `Full<Bytes>` or an `Empty<Bytes>`.
///
/// [`RequestRef`](crate::RequestRef) reads the other types that have their bytes in memory.
pub(crate) fn known_bytes<B: 'static>(body: &B) -> Option<Bytes> {
    let body: &dyn Any = body;
    if let Some(full) = body.downcast_ref::<Full<Bytes>>() {
        Some(bytes(full.clone()))
    } else {
        body.is::<Empty<Bytes>>().then(Bytes::new)
    }
}

/// Returns the bytes of a full body.
fn bytes(mut body: Full<Bytes>) -> Bytes {
    // A full body has at most one frame, which is always ready.
    let mut context = Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut context) {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}
