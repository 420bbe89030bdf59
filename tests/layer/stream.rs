//! Bodies that come in pieces, and tell how much of them was asked for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::site::BoxError;

/// A body of one piece again and again.
pub(crate) struct Stream {
    piece: &'static [u8],
    /// How many pieces are left.
    left: usize,
    end: End,
    says_its_length: bool,
    pulled: Pulled,
}

/// What comes after the last piece.
#[derive(Clone, Copy)]
pub(crate) enum End {
    Ordinary,
    Trailers,
    Failure,
    /// Nothing, and no end either.
    Silence,
}

/// How often a body was polled, and how many bytes it gave.
#[derive(Clone, Default)]
pub(crate) struct Pulled(Arc<(AtomicUsize, AtomicUsize)>);

impl Pulled {
    pub(crate) fn polls(&self) -> usize {
        self.0.0.load(Ordering::SeqCst)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }
}

impl Stream {
    pub(crate) fn new(piece: &'static [u8], times: usize) -> (Self, Pulled) {
        let pulled = Pulled::default();
        let stream =
            Self { piece, left: times, end: End::Ordinary, says_its_length: false, pulled: pulled.clone() };
        (stream, pulled)
    }

    pub(crate) fn with(self, end: End) -> Self {
        Self { end, ..self }
    }

    /// As with a Content-Length.
    pub(crate) fn saying_its_length(self) -> Self {
        Self { says_its_length: true, ..self }
    }
}

impl Body for Stream {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.pulled.0.0.fetch_add(1, Ordering::SeqCst);
        if self.left > 0 {
            self.left -= 1;
            self.pulled.0.1.fetch_add(self.piece.len(), Ordering::SeqCst);
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(self.piece)))));
        }
        match std::mem::replace(&mut self.end, End::Ordinary) {
            End::Ordinary => Poll::Ready(None),
            End::Trailers => {
                let trailers = http::HeaderMap::from_iter([(
                    http::HeaderName::from_static("checked"),
                    http::HeaderValue::from_static("yes"),
                )]);
                Poll::Ready(Some(Ok(Frame::trailers(trailers))))
            }
            End::Failure => Poll::Ready(Some(Err("the connection was reset".into()))),
            End::Silence => {
                self.end = End::Silence;
                Poll::Pending
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        if self.says_its_length {
            SizeHint::with_exact((self.left * self.piece.len()) as u64)
        } else {
            SizeHint::default()
        }
    }
}
