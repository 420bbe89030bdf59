//! Bodies of http-body-util that hold their bytes in memory.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::Body;
use http_body_util::{Empty, Full};

use crate::request::RequestRef;

/// The bytes of a body, where its type is of http-body-util.
pub(crate) enum Seen {
    Bytes(Bytes),
    /// It is of another type, which the core may know.
    Other,
}

impl Seen {
    pub(crate) fn of<B: 'static>(body: &B) -> Self {
        let body: &dyn Any = body;
        if let Some(full) = body.downcast_ref::<Full<Bytes>>() {
            Self::Bytes(bytes(full.clone()))
        } else if body.is::<Empty<Bytes>>() {
            Self::Bytes(Bytes::new())
        } else {
            Self::Other
        }
    }

    /// The view with these bytes.
    pub(crate) fn show<'a>(&'a self, view: RequestRef<'a>) -> RequestRef<'a> {
        match self {
            Self::Bytes(bytes) => view.body(bytes),
            Self::Other => view,
        }
    }
}

/// A full body has one frame, and it is ready. The clone shares its bytes.
fn bytes(mut body: Full<Bytes>) -> Bytes {
    let mut context = Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut context) {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}
