//! Futures that never wait, without a runtime.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What a future that is ready at once comes to.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("it is ready at once"),
    }
}
