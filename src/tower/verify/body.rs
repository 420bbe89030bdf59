//! The body types of the layer's requests and responses.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The body of a verified request: read into memory, or a stream that the layer has not touched.
    ///
    /// It yields what the client sent, trailers included. It implements [`Body`] if `B` is a body of
    /// [`Bytes`]. If an inner layer takes only one type of body, convert it with `map_request`. For axum's
    /// middleware that is `map_request(|request| request.map(axum::body::Body::new))`.
    pub struct RequestBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    /// The body of a response: that of the inner service, or the layer's own text for a rejected request.
    pub struct ResponseBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[project = KindProjection]
    enum Kind<B> {
        Full { data: Bytes, trailers: Option<HeaderMap> },
        Stream { #[pin] body: B },
    }
}

impl<B> RequestBody<B> {
    pub(super) fn full(data: Bytes, trailers: Option<HeaderMap>) -> Self {
        Self { kind: Kind::Full { data, trailers } }
    }

    pub(super) fn stream(body: B) -> Self {
        Self { kind: Kind::Stream { body } }
    }
}

impl<B> ResponseBody<B> {
    pub(super) fn text(text: String) -> Self {
        Self { kind: Kind::Full { data: text.into(), trailers: None } }
    }

    pub(super) fn of_service(body: B) -> Self {
        Self { kind: Kind::Stream { body } }
    }
}

type PolledFrame<E> = Poll<Option<Result<Frame<Bytes>, E>>>;

impl<B: Body<Data = Bytes>> Body for Kind<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> PolledFrame<B::Error> {
        match self.project() {
            KindProjection::Stream { body } => body.poll_frame(cx),
            KindProjection::Full { data, .. } if !data.is_empty() => {
                Poll::Ready(Some(Ok(Frame::data(std::mem::take(data)))))
            }
            KindProjection::Full { trailers, .. } => {
                Poll::Ready(trailers.take().map(|trailers| Ok(Frame::trailers(trailers))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Full { data, trailers } => data.is_empty() && trailers.is_none(),
            Self::Stream { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Full { data, .. } => SizeHint::with_exact(data.len() as u64),
            Self::Stream { body } => body.size_hint(),
        }
    }
}

impl<B: Body<Data = Bytes>> Body for RequestBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> PolledFrame<B::Error> {
        self.project().kind.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.kind.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.kind.size_hint()
    }
}

impl<B: Body<Data = Bytes>> Body for ResponseBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> PolledFrame<B::Error> {
        self.project().kind.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.kind.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.kind.size_hint()
    }
}

/// Shows no byte of the body.
impl<B> fmt::Debug for RequestBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").finish_non_exhaustive()
    }
}

/// Shows no byte of the body.
impl<B> fmt::Debug for ResponseBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").finish_non_exhaustive()
    }
}
