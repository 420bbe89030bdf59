//! Memory that the verifying layer holds for callers it does not know yet. A test binary of its own,
//! because it measures the memory of the whole process.
#![cfg(all(feature = "tower", target_os = "linux"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use oauth1_signer::Origin;
use oauth1_signer::tower::{LookupResult, RequestBody, VerifyingLayer};
use oauth1_signer::verify::{Limits, MemoryNonceLog, Policy};
use tower_layer::Layer;
use tower_service::Service;

const MIB: usize = 1024 * 1024;
const REQUESTS: usize = 1_000;

/// Sends pieces of 16 KiB, and then neither more nor an end.
struct Stalled {
    pieces: usize,
}

impl Body for Stalled {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static PIECE: [u8; 16 * 1024] = [b'a'; 16 * 1024];
        if self.pieces == 0 {
            return Poll::Pending;
        }
        self.pieces -= 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&PIECE)))))
    }
}

/// The resident memory of this process, in bytes.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = statm.split_whitespace().nth(1).unwrap().parse().unwrap();
    // The page size of every Linux target that this is tested on.
    pages * 4096
}

/// Starts requests that stall, and returns by how many bytes the process has grown, and how many of
/// the requests still wait.
fn stall(policy: Policy, pieces: usize) -> (usize, usize) {
    let log = MemoryNonceLog::new().unwrap();
    let layer = VerifyingLayer::new(policy, log, |_| async { Ok(LookupResult::default()) });
    let mut service = layer.layer(tower::service_fn(async |_: Request<RequestBody<Stalled>>| {
        Ok::<_, Infallible>(Response::new(String::new()))
    }));
    let mut context = Context::from_waker(Waker::noop());
    let before = resident();
    let mut waiting = Vec::new();
    for _ in 0..REQUESTS {
        let request = Request::post("/launch")
            .header("host", "tool.example.com")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Stalled { pieces })
            .unwrap();
        let mut call = service.call(request);
        if call.as_mut().poll(&mut context).is_pending() {
            waiting.push(call);
        }
    }
    (resident().saturating_sub(before), waiting.len())
}

#[test]
fn stalled_requests_of_unknown_callers_hold_at_most_64_mib() {
    let origin = || Origin::new("https://tool.example.com").unwrap();
    let mut limits = Limits::default();
    limits.body = MIB;
    for (name, policy, pieces) in [
        // The large buffers first: the allocator gives them back, so that the small ones are new.
        ("1,008 KiB each, a limit of 1 MiB", Policy::new(origin()).limits(limits), 63),
        ("48 KiB each, default limits", Policy::new(origin()), 3),
    ] {
        let (grown, waiting) = stall(policy.require_token(false), pieces);
        let mib = u32::try_from(grown / 1024).map(f64::from).unwrap() / 1024.0;
        println!("{name}: {waiting} of {REQUESTS} requests wait, the process has grown by {mib:.1} MiB");
        assert!(waiting > 0, "{name}: nothing was measured");
        assert!(grown <= 64 * MIB, "{name}: {grown} bytes");
    }
}
