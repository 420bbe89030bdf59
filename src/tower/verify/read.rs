//! Reads a body from an unknown sender, within a limit, a budget and a deadline.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame};

use crate::BoxFuture;
use crate::verify::{Rejection, RejectionReason};

use super::budget::Share;

/// A body in memory.
pub(super) struct Whole {
    pub(super) data: Bytes,
    pub(super) trailers: Option<HeaderMap>,
}

/// Reads a body of at most `limit` bytes, unless `deadline` ends first.
pub(super) async fn read<B: Body>(
    body: B,
    limit: usize,
    share: &mut Share,
    deadline: Option<BoxFuture<'static, ()>>,
) -> Result<Whole, Rejection> {
    // A body whose announced length is over the limit is not read at all.
    if body.size_hint().lower() > limit as u64 {
        return Err(RejectionReason::BodyTooLarge.into());
    }
    let mut reading = pin!(read_to_end(body, limit, share));
    let mut deadline = deadline;
    poll_fn(|cx| match (reading.as_mut().poll(cx), &mut deadline) {
        (Poll::Pending, Some(deadline)) => {
            deadline.as_mut().poll(cx).map(|()| Err(RejectionReason::LateBody.into()))
        }
        (read, _) => read,
    })
    .await
}

async fn read_to_end<B: Body>(body: B, limit: usize, share: &mut Share) -> Result<Whole, Rejection> {
    let mut body = pin!(body);
    // All frames go into one buffer. If a client sends each byte in its own frame, the frames would take many
    // times the limit.
    let mut data = Vec::new();
    let mut trailers = None;
    while let Some(frame) = next_frame(body.as_mut()).await {
        match frame.map_err(|_| RejectionReason::CutBody)?.into_data() {
            Ok(piece) => append(&mut data, piece, limit, share)?,
            Err(other) => trailers = other.into_trailers().ok(),
        }
    }
    Ok(Whole { data: data.into(), trailers })
}

async fn next_frame<B: Body>(mut body: Pin<&mut B>) -> Option<Result<Frame<B::Data>, B::Error>> {
    poll_fn(|cx| body.as_mut().poll_frame(cx)).await
}

fn append(data: &mut Vec<u8>, mut piece: impl Buf, limit: usize, share: &mut Share) -> Result<(), Rejection> {
    if piece.remaining() > limit - data.len() {
        return Err(RejectionReason::BodyTooLarge.into());
    }
    let len = data.len() + piece.remaining();
    if len > data.capacity() {
        // Doubles the capacity, so that many small pieces are not copied each time. The budget counts the
        // allocated bytes, not the used ones.
        let capacity = len.max(data.capacity() * 2).min(limit);
        if !share.grow(capacity - data.capacity()) {
            return Err(Rejection::unavailable(
                "unverified requests hold all the memory that they may: see \
                 VerifyingLayer::max_unverified_bytes",
            ));
        }
        data.reserve_exact(capacity - data.len());
    }
    while piece.has_remaining() {
        let chunk = piece.chunk();
        data.extend_from_slice(chunk);
        let len = chunk.len();
        piece.advance(len);
    }
    Ok(())
}
