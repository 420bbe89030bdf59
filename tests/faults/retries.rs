//! Retries of the reqwest clients: each attempt has a nonce of its own, and reqwest's own retries are off.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use oauth1_signer::reqwest::{Client, Error, RetryPolicy, SignRequest, blocking};

use crate::site::{CLIENT_SECRET, TOKEN_SECRET, issued, temporary_leg, user};
use crate::support::clients::{RUNTIME, blocking_builder, check_signature, reqwest_builder};
use crate::support::server::{IncomingRequest, Reply, Server};

const MS: Duration = Duration::from_millis(1);

/// A server that is busy for the first requests, and counts the nonces: a second use of one is a 401.
fn busy_for(requests: usize, reply: Reply) -> Server {
    let mut nonces = HashSet::new();
    Server::with(move |received| {
        if !nonces.insert(received.oauth()["oauth_nonce"].clone()) {
            Reply::status(401, "text/plain", "nonce used")
        } else if nonces.len() <= requests {
            reply.clone()
        } else {
            Reply::status(200, "text/plain", "there")
        }
    })
}

fn unavailable() -> Reply {
    Reply::status(503, "text/plain", "busy")
}

/// The status of one request through each client, and what the server received of both.
fn statuses(
    policy: &RetryPolicy,
    server: impl Fn() -> Server,
    method: &Method,
    body: Option<&'static str>,
) -> [(Result<u16, Error>, Vec<IncomingRequest>); 2] {
    let one = server();
    let client = Client::new(user(), reqwest_builder()).unwrap().retry(policy.clone());
    let mut request = client.request(method.clone(), one.url("/items?a=1"));
    if let Some(body) = body {
        request = request.body(body);
    }
    let status = RUNTIME.block_on(request.send()).map(|response| response.status().as_u16());
    let asynchronous = (status, one.received());

    let other = server();
    let client = blocking::Client::new(user(), blocking_builder()).unwrap().retry(policy.clone());
    let mut request = client.request(method.clone(), other.url("/items?a=1"));
    if let Some(body) = body {
        request = request.body(body);
    }
    let status = request.send().map(|response| response.status().as_u16());
    [asynchronous, (status, other.received())]
}

fn quick(attempts: u32) -> RetryPolicy {
    RetryPolicy::new(attempts).delay(MS)
}

#[test]
fn each_attempt_is_signed_anew() {
    for reply in [unavailable(), Reply::reset(), Reply::raw("HTTP/1.1 503")] {
        for body in [None, Some("{}")] {
            for (status, received) in statuses(&quick(3), || busy_for(2, reply.clone()), &Method::PUT, body) {
                assert_eq!((status.unwrap(), received.len()), (200, 3));
                for attempt in &received {
                    check_signature(attempt, "http", (CLIENT_SECRET, TOKEN_SECRET)).unwrap();
                    assert_eq!(attempt.body, body.unwrap_or_default().as_bytes());
                }
                let nonces: HashSet<_> =
                    received.iter().map(|one| one.oauth()["oauth_nonce"].clone()).collect();
                assert_eq!(nonces.len(), 3);
            }
        }
    }
}

#[test]
fn the_last_outcome_is_returned() {
    for (status, received) in statuses(&quick(3), || busy_for(9, unavailable()), &Method::GET, None) {
        assert_eq!((status.unwrap(), received.len()), (503, 3));
    }
    for (status, received) in statuses(&quick(3), || busy_for(9, Reply::reset()), &Method::GET, None) {
        assert!(matches!(status, Err(Error::Transport(_))), "{status:?}");
        assert_eq!(received.len(), 3);
    }
}

#[test]
fn by_default_a_request_is_sent_once() {
    for policy in [RetryPolicy::default(), RetryPolicy::never(), quick(0), quick(1)] {
        for (status, received) in statuses(&policy, || busy_for(1, unavailable()), &Method::GET, None) {
            assert_eq!((status.unwrap(), received.len()), (503, 1));
        }
    }
}

#[test]
fn only_idempotent_methods_are_sent_again_unless_all_are() {
    for (method, attempts) in [
        ("GET", 2),
        ("HEAD", 2),
        ("OPTIONS", 2),
        ("PUT", 2),
        ("DELETE", 2),
        ("POST", 1),
        ("PATCH", 1),
        ("X", 1),
    ] {
        let method: Method = method.parse().unwrap();
        for (_, received) in statuses(&quick(2), || busy_for(1, unavailable()), &method, None) {
            assert_eq!(received.len(), attempts, "{method}");
        }
        let all = quick(2).all_methods(true);
        for (status, received) in statuses(&all, || busy_for(1, unavailable()), &method, Some("a=1")) {
            assert_eq!((status.unwrap(), received.len()), (200, 2), "{method}");
        }
    }
}

#[test]
fn the_statuses_and_failures_are_those_of_the_policy() {
    let only = quick(2).statuses([StatusCode::IM_A_TEAPOT]).failures(false);
    for (reply, attempts) in [(Reply::status(418, "", ""), 2), (unavailable(), 1), (Reply::reset(), 1)] {
        for (_, received) in statuses(&only, || busy_for(1, reply.clone()), &Method::GET, None) {
            assert_eq!(received.len(), attempts);
        }
    }
    // A 401 is not sent again: the same credentials make it no better.
    for (_, received) in statuses(&quick(2), || busy_for(1, Reply::status(401, "", "")), &Method::GET, None) {
        assert_eq!(received.len(), 1);
    }
}

#[test]
fn the_delay_is_waited_for() {
    let policy = RetryPolicy::new(3).delay(60 * MS);
    let started = Instant::now();
    for (status, _) in statuses(&policy, || busy_for(2, unavailable()), &Method::GET, None) {
        assert_eq!(status.unwrap(), 200);
    }
    // Both clients, 60 ms and then 120 ms.
    assert!(started.elapsed() >= 360 * MS, "{:?}", started.elapsed());
    // Retry-After for longer than the longest delay: the response comes back at once.
    let reply = || unavailable().header("Retry-After", 3600);
    for (status, received) in statuses(&policy, || busy_for(1, reply()), &Method::GET, None) {
        assert_eq!((status.unwrap(), received.len()), (503, 1));
    }
}

#[test]
fn a_stream_is_sent_once() {
    let server = busy_for(1, unavailable());
    let client = blocking::Client::new(user(), blocking_builder()).unwrap().retry(quick(3));
    let body = reqwest::blocking::Body::new(std::io::Cursor::new("bytes"));
    let response = client.put(server.url("/items")).body(body).send().unwrap();
    assert_eq!((response.status().as_u16(), server.received().len()), (503, 1));
}

#[test]
fn a_retry_and_a_redirect_go_together() {
    let mut replies =
        [unavailable(), Reply::redirect(307, "/next"), unavailable(), Reply::status(200, "", "")].into_iter();
    let server = Server::with(move |_| replies.next().unwrap());
    let client = Client::new(user(), reqwest_builder()).unwrap().retry(quick(5)).follow_same_origin(true);
    let response = RUNTIME.block_on(client.get(server.url("/items")).send()).unwrap();
    assert_eq!(response.status(), 200);
    let received = server.received();
    let targets: Vec<_> = received.iter().map(IncomingRequest::target).collect();
    assert_eq!(targets, ["/items", "/items", "/next", "/next"]);
    for request in &received {
        check_signature(request, "http", (CLIENT_SECRET, TOKEN_SECRET)).unwrap();
    }
}

/// A token may have been issued although the response was lost: whether to ask again is for the application.
#[test]
fn a_request_for_credentials_is_sent_once() {
    let server = Server::start([unavailable(), Reply::ok_form(issued())]);
    let client = Client::new(user(), reqwest_builder()).unwrap().retry(quick(3).all_methods(true));
    let error = RUNTIME.block_on(client.request_credentials(&temporary_leg(&server))).unwrap_err();
    let Error::Response(rejected) = error else { panic!("{error:?}") };
    assert_eq!((rejected.status().as_u16(), rejected.expose_body()), (503, &b"busy"[..]));
    assert_eq!(server.received().len(), 1);
}

fn replaying() -> reqwest::retry::Builder {
    reqwest::retry::for_host("127.0.0.1").no_budget().max_retries_per_request(3).classify_fn(|outcome| {
        if outcome.status() == Some(StatusCode::SERVICE_UNAVAILABLE) {
            outcome.retryable()
        } else {
            outcome.success()
        }
    })
}

/// reqwest's own retries send the same nonce again. The control shows that this server finds it out.
#[test]
fn the_retries_of_reqwest_are_switched_off() {
    let server = busy_for(1, unavailable());
    let client = reqwest_builder().retry(replaying()).build().unwrap();
    let request = client.get(server.url("/items")).sign(&user()).unwrap();
    assert_eq!(RUNTIME.block_on(request.send()).unwrap().status(), 401);
    let received = server.received();
    assert_eq!(received[0].oauth()["oauth_nonce"], received[1].oauth()["oauth_nonce"]);

    let server = busy_for(1, unavailable());
    let client = Client::new(user(), reqwest_builder().retry(replaying())).unwrap();
    let response = RUNTIME.block_on(client.get(server.url("/items")).send()).unwrap();
    assert_eq!((response.status().as_u16(), server.received().len()), (503, 1));

    let server = busy_for(1, unavailable());
    let client = blocking::Client::new(user(), blocking_builder().retry(replaying())).unwrap();
    let response = client.get(server.url("/items")).send().unwrap();
    assert_eq!((response.status().as_u16(), server.received().len()), (503, 1));
}
