//! What tower asks of a service in the middle.

use std::convert::Infallible;
use std::future::{Ready, pending, poll_fn, ready};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use oauth1_signer::tower::{RequestBody, Verifying};
use tower::ServiceExt;
use tower_layer::Layer;
use tower_service::Service;

use crate::site::{Site, get, records, run};

type Log = Arc<oauth1_signer::verify::MemoryNonceLog>;

/// It must be ready before each call, and a copy of one that is ready is not.
#[derive(Default)]
struct Strict {
    is_ready: bool,
    calls: Arc<AtomicUsize>,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self { is_ready: false, calls: Arc::clone(&self.calls) }
    }
}

impl Service<Request<RequestBody<Full<Bytes>>>> for Strict {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<RequestBody<Full<Bytes>>>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "it was called before it was ready");
        self.calls.fetch_add(1, Ordering::SeqCst);
        ready(Ok(Response::default()))
    }
}

#[test]
fn the_service_that_is_called_is_the_one_that_was_ready() {
    let (site, strict) = (Site::new(), Strict::default());
    let mut service = site.layer().layer(strict.clone());
    run(async {
        // Both calls begin before either ends.
        poll_fn(|cx| service.poll_ready(cx)).await.unwrap();
        let first = service.call(get("n1"));
        poll_fn(|cx| service.poll_ready(cx)).await.unwrap();
        let second = service.call(get("n2"));
        assert_eq!(second.await.unwrap().status(), StatusCode::OK);
        assert_eq!(first.await.unwrap().status(), StatusCode::OK);
        let third = service.clone().oneshot(get("n3")).await.unwrap();
        assert_eq!(third.status(), StatusCode::OK);
    });
    assert_eq!(strict.calls.load(Ordering::SeqCst), 3);
}

/// Whether it is ready is for the service within to say, and its errors are its own.
#[test]
fn readiness_and_errors_are_those_of_the_service_within() {
    #[derive(Clone)]
    struct Busy(Arc<AtomicBool>);

    impl Service<Request<RequestBody<Full<Bytes>>>> for Busy {
        type Response = Response<String>;
        type Error = &'static str;
        type Future = Ready<Result<Response<String>, &'static str>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
            if self.0.load(Ordering::SeqCst) { Poll::Ready(Err("broken")) } else { Poll::Pending }
        }

        fn call(&mut self, _: Request<RequestBody<Full<Bytes>>>) -> Self::Future {
            ready(Err("failed"))
        }
    }

    let broken = Arc::new(AtomicBool::new(false));
    let mut service = Site::new().layer().layer(Busy(Arc::clone(&broken)));
    let mut context = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut context).is_pending());
    broken.store(true, Ordering::SeqCst);
    assert_eq!(service.poll_ready(&mut context), Poll::Ready(Err("broken")));
    assert_eq!(run(service.call(get("n1"))).unwrap_err(), "failed");
}

/// A client that hangs up while its record is looked up can come again with the same request.
#[test]
fn a_cancelled_request_uses_no_nonce_up() {
    let site = Site::new();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let hanging = site.layer_with(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        pending()
    });
    {
        let mut call = pin!(site.send_through(hanging, get("n1")));
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }
    assert!(site.log.is_empty() && site.served().is_empty() && site.told().is_empty());
    assert_eq!(run(site.send(get("n1"))).status, StatusCode::OK);
}

/// A pool, as of a database: the closure's copy goes into the future, which borrows from it.
#[test]
fn a_lookup_may_share_state_and_wait() {
    let pool = Arc::new((tokio::sync::Mutex::new(0), "10.0.0.7".to_owned()));
    let site = Site::new();
    let shared = Arc::clone(&pool);
    let layer = site.layer_with(move |wanted| {
        let pool = Arc::clone(&shared);
        async move {
            let mut asked = pool.0.lock().await;
            tokio::task::yield_now().await;
            *asked += pool.1.parse::<std::net::IpAddr>().map(|_| 1)?;
            Ok(records(&wanted))
        }
    });
    for nonce in ["n1", "n2"] {
        assert_eq!(run(site.send_through(layer.clone(), get(nonce))).status, StatusCode::OK);
    }
    assert_eq!(*run(pool.0.lock()), 2);
}

#[test]
fn it_goes_wherever_services_go() {
    fn goes<T: Clone + Send + Sync + 'static>(value: &T) -> T {
        value.clone()
    }
    fn is_send<T: Send>(value: T) -> T {
        value
    }

    let layer = goes(&Site::new().layer());
    let service: Verifying<Log, Strict> = goes(&layer.layer(Strict::default()));
    // An `Arc` of the log is shared, so that several layers have one.
    drop(is_send(service.oneshot(get("n1"))));
    let log: Log = Arc::new(oauth1_signer::verify::MemoryNonceLog::new().unwrap());
    let of = |log: &Log| {
        oauth1_signer::tower::VerifyingLayer::new(crate::site::policy(), Arc::clone(log), async |wanted| {
            Ok(records(&wanted))
        })
        .layer(Strict::default())
    };
    let (one, other) = (of(&log), of(&log));
    let answers = [run(one.oneshot(get("n1"))).unwrap(), run(other.oneshot(get("n1"))).unwrap()];
    assert_eq!(answers.map(|answer| answer.status()), [StatusCode::OK, StatusCode::UNAUTHORIZED]);

    let shown = format!("{layer:?}");
    assert!(shown.starts_with("VerifyingLayer { policy: Policy {"), "{shown}");
}
