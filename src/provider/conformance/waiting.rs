//! Runs futures together, without an async runtime.

use std::pin::{Pin, pin};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::boxed::BoxFuture;

/// Waits for a future, and notes in `never_waits` if it was not ready at once.
pub(super) async fn observe<T>(never_waits: &mut bool, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        let poll = future.as_mut().poll(context);
        *never_waits &= poll.is_ready();
        poll
    })
    .await
}

/// Polls all futures in turn until the last one is ready.
pub(super) async fn join<T>(mut futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut outputs: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, output) in futures.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *output = Some(ready);
            }
        }
        if outputs.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}

/// Runs each future on its own thread, all started together. They must not need a runtime.
pub(super) fn join_threads<T: Send>(futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let start = Barrier::new(futures.len());
    thread::scope(|scope| {
        let start = &start;
        let run = |future| {
            scope.spawn(move || {
                start.wait();
                block_on(future)
            })
        };
        let threads: Vec<_> = futures.into_iter().map(run).collect();
        // If the store panics, an output is missing.
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(mut future: Pin<Box<dyn Future<Output = T> + Send + '_>>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
