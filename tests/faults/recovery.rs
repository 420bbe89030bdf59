//! What a program does after a fault, and that no second request repeats a first one's nonce.

use std::collections::HashSet;
use std::future::ready;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::uri::Scheme;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use oauth1_signer::flow::{CredentialsRequest, CredentialsResponse, Flow, MAX_RESPONSE_LEN, ResponseError};
use oauth1_signer::tower::{ServiceError, SigningLayer};
use oauth1_signer::{Origin, Signer, TemporaryCredentials, server_time};
use tower::retry::{Policy, Retry};
use tower::timeout::Timeout;
use tower::{Service, ServiceExt};
use tower_layer::Layer;

use crate::site::{
    CLIENT_SECRET, PATIENCE, TOKEN_SECRET, client_builder, flow, get, hidden, issued, post_form,
    temporary_leg, user,
};
use crate::support::clients::{
    Answer, Client, Failure, KINDS, Kind, RUNTIME, Shape, check_signature, hyper_client, leaked,
    reqwest_builder,
};
use crate::support::server::{IncomingRequest, Reply, Server};

/// A leg or a call, so that each test has both.
#[derive(Clone, Copy, Debug)]
enum Step {
    CredentialsRequest,
    Call,
}

const STEPS: [Step; 2] = [Step::CredentialsRequest, Step::Call];

impl Step {
    /// The leg is asked for its request, or the call is signed, anew each time.
    fn take(self, client: &Client, server: &Server, signer: &Signer) -> Result<(), Failure> {
        match self {
            Self::CredentialsRequest => {
                let leg = flow(server, signer).temporary_credentials("oob").unwrap();
                client.request_credentials(&leg).map(|_: CredentialsResponse<TemporaryCredentials>| ())
            }
            Self::Call => match client.call(signer, get(server))? {
                Answer { status: 200, .. } => Ok(()),
                answer => Err(unsuccessful(&answer)),
            },
        }
    }

    fn check_signature(self, received: &IncomingRequest) {
        let token_secret = if matches!(self, Self::CredentialsRequest) { "" } else { TOKEN_SECRET };
        check_signature(received, "http", (CLIENT_SECRET, token_secret)).unwrap();
    }
}

/// A failed call, told as a leg tells it.
fn unsuccessful(answer: &Answer) -> Failure {
    let status = http::StatusCode::from_u16(answer.status).unwrap();
    let date = server_time(&answer.headers, &answer.body);
    Failure::response(&ResponseError::Status { status, date }, "unsuccessful")
}

fn for_each(test: impl Fn(Kind, Step)) {
    for kind in KINDS {
        for step in STEPS {
            println!("{kind:?} / {step:?}");
            test(kind, step);
        }
    }
}

fn check_nonces(received: &[IncomingRequest]) {
    let nonces: HashSet<_> = received.iter().map(|one| one.oauth()["oauth_nonce"].clone()).collect();
    assert_eq!(nonces.len(), received.len(), "a nonce twice: {received:?}");
}

/// A signer whose clock goes on by a second each time it is read.
fn ticking() -> Signer {
    static SECONDS: AtomicU64 = AtomicU64::new(1_700_000_000);
    user().to_builder().clock(|| Ok(SECONDS.fetch_add(1, Ordering::Relaxed))).build().unwrap()
}

/// The second of two attempts has nothing of the first one's.
fn check_attempts(step: Step, received: &[IncomingRequest]) {
    let [first, second] = received else { panic!("two attempts, not {}", received.len()) };
    for name in ["oauth_nonce", "oauth_timestamp", "oauth_signature"] {
        assert_ne!(first.oauth()[name], second.oauth()[name], "{name}");
    }
    for attempt in [first, second] {
        step.check_signature(attempt);
    }
    assert_eq!((first.target(), &first.body), (second.target(), &second.body));
}

fn busy() -> Reply {
    Reply::status(503, "text/plain", "busy").header("Retry-After", 0)
}

#[test]
fn after_503_the_next_attempt_is_another_request() {
    for_each(|kind, step| {
        let server = Server::start([busy(), Reply::ok_form(issued())]);
        let (client, signer) = (Client::new(kind, PATIENCE), ticking());
        let failure = step.take(&client, &server, &signer).unwrap_err();
        let busy = http::StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(failure.shape, Shape::Response(ResponseError::Status { status: busy, date: None }));
        step.take(&client, &server, &signer).unwrap();
        check_attempts(step, &server.received());
    });
}

/// The same leg asked twice.
#[test]
fn a_leg_gives_another_request_each_time() {
    for kind in KINDS {
        let server = Server::start([Reply::reset(), busy(), Reply::ok_form(issued())]);
        let (client, leg) = (Client::new(kind, PATIENCE), temporary_leg(&server));
        assert_eq!(client.request_credentials(&leg).unwrap_err().shape, Shape::Transport);
        assert!(client.request_credentials(&leg).unwrap_err().response.is_some());
        assert_eq!(client.request_credentials(&leg).unwrap().credentials.token(), "t");
        let received = server.received();
        check_nonces(&received);
        assert_eq!(received.len(), 3);
        for request in &received {
            Step::CredentialsRequest.check_signature(request);
        }
    }
}

/// Asks again after a 503 or a failure, so many times.
#[derive(Clone)]
struct Attempts(usize);

impl Policy<Request<Full<Bytes>>, Response<Incoming>, ServiceError> for Attempts {
    type Future = std::future::Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Full<Bytes>>,
        result: &mut Result<Response<Incoming>, ServiceError>,
    ) -> Option<Self::Future> {
        let again = match result {
            Ok(response) => response.status() == 503,
            Err(ServiceError::Service(_)) => true,
            Err(_) => false,
        };
        self.0 = self.0.checked_sub(1)?;
        again.then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<Full<Bytes>>) -> Option<Request<Full<Bytes>>> {
        Some(request.clone())
    }
}

#[test]
fn tower_retries_outside_of_the_layer_are_signed_anew() {
    for first in [busy(), Reply::reset(), Reply::raw("HTTP/1.1 503")] {
        for has_form in [false, true] {
            let server = Server::start([first.clone(), Reply::status(200, "", "")]);
            let layer = SigningLayer::new(ticking(), Origin::new(&server.origin()).unwrap());
            let service = Retry::new(Attempts(3), layer.layer(hyper_client()));
            let request = if has_form { post_form(&server) } else { get(&server) };
            let request = request.map(|body| Full::new(Bytes::from(body)));
            let response = RUNTIME.block_on(service.oneshot(request)).unwrap();
            assert_eq!(response.status(), 200);
            check_attempts(Step::Call, &server.received());
        }
    }
}

#[test]
fn a_signature_that_a_retry_brings_along_is_replaced() {
    let server = Server::start([Reply::status(200, "", "")]);
    let request = get(&server).map(|body| Full::new(Bytes::from(body)));
    let request = oauth1_signer::hyper::authorize(&user(), &Scheme::HTTP, request).unwrap();
    let before = request.headers()["authorization"].to_str().unwrap().to_owned();
    let layer = SigningLayer::new(user(), Origin::new(&server.origin()).unwrap());
    RUNTIME.block_on(layer.layer(hyper_client()).oneshot(request)).unwrap();
    let received = server.received();
    let [after] = &received[0].headers("Authorization")[..] else { panic!("{received:?}") };
    assert_ne!(*after, before);
    Step::Call.check_signature(&received[0]);
}

/// Closed while nobody uses it: the next request goes by another one, if the client has seen it by then.
/// If not, it is an error. A request that may have been received is never sent again.
#[test]
fn a_pooled_connection_that_was_closed_is_no_second_use_of_a_nonce() {
    for_each(|kind, step| {
        for (wait, rounds) in [(Duration::ZERO, 10), (Duration::from_millis(100), 4)] {
            let server = Server::with(|_| Reply::ok_form(issued()).then_close());
            let (client, mut failures) = (Client::new(kind, PATIENCE), 0);
            for _ in 0..rounds {
                match step.take(&client, &server, &user()) {
                    Ok(()) => {}
                    Err(failure) => {
                        assert_eq!(failure.shape, Shape::Transport);
                        failures += 1;
                    }
                }
                std::thread::sleep(wait);
            }
            if !wait.is_zero() {
                assert_eq!((failures, server.connections()), (0, rounds));
            }
            let received = server.received();
            assert_eq!(received.len() + failures, rounds);
            check_nonces(&received);
        }
    });
}

/// Closed when the next request was on it already: nobody knows what became of that one.
#[test]
fn a_pooled_connection_that_is_closed_under_a_request_is_an_error() {
    for_each(|kind, step| {
        for fault in [Reply::raw(""), Reply::reset(), Reply::raw_then_reset("HTTP/1.1 2")] {
            // Strikes once, where a connection is used again: a client may take a moment to pool it.
            let (mut seen, mut fault) = (HashSet::new(), Some(fault));
            let server = Server::with(move |received| {
                let is_pooled = !seen.insert(received.connection);
                fault.take_if(|_| is_pooled).unwrap_or_else(|| Reply::ok_form(issued()))
            });
            let client = Client::new(kind, PATIENCE);
            let attempts = (1..=20).find_map(|attempt| {
                let failure = step.take(&client, &server, &user()).err()?;
                Some((attempt, failure))
            });
            let (attempts, failure) = attempts.expect("a connection is used again");
            assert_eq!(failure.shape, Shape::Transport);
            assert_eq!(server.received().len(), attempts, "it was sent again");
            step.take(&client, &server, &user()).unwrap();

            let received = server.received();
            assert_ne!(received[attempts - 1].connection, received[attempts].connection);
            check_nonces(&received);
            assert_eq!(leaked(&failure.shown(), &hidden(&received)), None);
        }
    });
}

const HOUR: u64 = 3600;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A server that is an hour ahead or behind, takes timestamps within five minutes, and says what time it
/// is in its own way.
fn with_another_clock(ahead: bool, refuse: fn(u64) -> Reply) -> Server {
    Server::with(move |received| {
        let time = if ahead { now() + HOUR } else { now() - HOUR };
        let timestamp: u64 = received.oauth()["oauth_timestamp"].parse().unwrap();
        if timestamp.abs_diff(time) > 300 { refuse(time) } else { Reply::ok_form(issued()) }
    })
}

fn http_date(time: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time))
}

#[test]
fn a_server_an_hour_away_is_reached_with_its_own_time() {
    let ways: [fn(u64) -> Reply; 4] = [
        |time| Reply::status(401, "", "").header("Date", http_date(time)),
        |time| {
            Reply::status(401, "application/x-www-form-urlencoded", "oauth_problem=timestamp_refused")
                .header("Date", http_date(time))
        },
        |time| {
            let body = format!(
                "oauth_problem=timestamp_refused&oauth_acceptable_timestamps={}-{}",
                time - 300,
                time + 300
            );
            Reply::status(401, "text/plain", body)
        },
        |time| {
            let range = format!("{}-{}", time - 300, time + 300);
            let header =
                format!("OAuth oauth_problem=timestamp_refused, oauth_acceptable_timestamps=\"{range}\"");
            Reply::status(400, "", "").header("WWW-Authenticate", header).header("Date", http_date(1))
        },
    ];
    for_each(|kind, step| {
        for ahead in [true, false] {
            for refuse in ways {
                let server = with_another_clock(ahead, refuse);
                let (client, signer) = (Client::new(kind, PATIENCE), user());
                let failure = step.take(&client, &server, &signer).unwrap_err();
                let time = failure.response.unwrap().server_time().unwrap();
                let offset = signer.clock_offset_to(time).unwrap();
                let signer = signer.to_builder().clock_offset(offset).build().unwrap();
                step.take(&client, &server, &signer).unwrap();
                let received = server.received();
                assert_eq!(received.len(), 2);
                for request in &received {
                    step.check_signature(request);
                }
            }
        }
    });
}

/// Drops a future once its request has been received, and answers the next one.
fn cancel(server: &Server, future: impl Future + Send) {
    RUNTIME.block_on(async {
        let received = async {
            while server.received().is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            biased;
            () = received => {}
            _ = future => panic!("it is not answered"),
        }
    });
}

#[test]
fn a_future_that_is_dropped_takes_its_nonce_along() {
    // Neither an answer, nor half of one.
    for unanswered in
        [Reply::raw("").then_stall(), Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").then_stall()]
    {
        for kind in [Kind::Reqwest, Kind::Hyper, Kind::Tower] {
            for step in STEPS {
                let server = Server::start([unanswered.clone(), Reply::ok_form(issued())]);
                let (client, signer) = (Client::new(kind, PATIENCE), user());
                let leg = flow(&server, &signer).temporary_credentials("oob").unwrap();
                let request = get(&server);
                let body = |request: Request<Vec<u8>>| request.map(|body| Full::new(Bytes::from(body)));
                let started = Instant::now();
                match (&client, step) {
                    (Client::Reqwest(client), Step::CredentialsRequest) => {
                        cancel(&server, client.request_credentials(&leg));
                    }
                    (Client::Reqwest(client), Step::Call) => cancel(&server, async {
                        let request = reqwest::Request::try_from(request).unwrap();
                        client.with_signer(signer.clone()).execute(request).await.unwrap().bytes().await
                    }),
                    (Client::Hyper(client, _), Step::CredentialsRequest) => {
                        cancel(&server, oauth1_signer::hyper::request_credentials(client, &leg));
                    }
                    (Client::Hyper(client, _), Step::Call) => cancel(&server, async {
                        let request = oauth1_signer::hyper::authorize(&signer, &Scheme::HTTP, body(request));
                        let response = client.request(request.unwrap()).await.unwrap();
                        http_body_util::BodyExt::collect(response.into_body()).await
                    }),
                    (Client::Tower(client, _), Step::CredentialsRequest) => {
                        cancel(&server, oauth1_signer::tower::request_credentials(client.clone(), &leg));
                    }
                    (Client::Tower(client, _), Step::Call) => cancel(&server, async {
                        let origin = Origin::new(&server.origin()).unwrap();
                        let service = SigningLayer::new(signer.clone(), origin).layer(client.clone());
                        let response = service.oneshot(body(request)).await.unwrap();
                        http_body_util::BodyExt::collect(response.into_body()).await
                    }),
                    (Client::Blocking(_), _) => unreachable!("it has no futures"),
                }
                step.take(&client, &server, &signer).unwrap();
                let received = server.received();
                assert_eq!(received.len(), 2);
                check_nonces(&received);
                assert_ne!(received[0].connection, received[1].connection);
                assert!(started.elapsed() < PATIENCE / 2, "{kind:?} {step:?}: {:?}", started.elapsed());
            }
        }
    }
}

/// Not so much as a thread of a client holds on to it.
#[test]
fn a_body_of_a_gigabyte_is_not_read() {
    const GIGABYTE: u64 = 1 << 30;
    // What the kernel's buffers may take of it.
    const MOST: u64 = 16 << 20;
    for_each(|kind, step| {
        let server = Server::start([Reply::endless(GIGABYTE), Reply::ok_form(issued())]);
        let client = Client::new(kind, PATIENCE);
        let started = Instant::now();
        match step {
            Step::CredentialsRequest => {
                let failure = client.request_credentials(&temporary_leg(&server)).unwrap_err();
                assert_eq!(failure.shape, Shape::Response(ResponseError::TooLarge));
            }
            Step::Call => assert_eq!(client.call_unread(&user(), get(&server)).unwrap().status, 200),
        }
        let sent = server.sent(0);
        println!("  {} KiB", sent / 1024);
        assert!(sent < MOST, "{kind:?} {step:?}: {sent}");
        // The client is as good as before.
        step.take(&client, &server, &user()).unwrap();
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    });
    // The limit is one on what is read, whatever the answer says of its length.
    for kind in KINDS {
        let endless = std::iter::repeat_n("a".repeat(64 * 1024), 1000);
        let server = Server::start([Reply::chunked(200, "", endless)]);
        let failure = Client::new(kind, PATIENCE).request_credentials(&temporary_leg(&server)).unwrap_err();
        assert_eq!(failure.shape, Shape::Response(ResponseError::TooLarge));
        assert!(server.sent(0) < MOST, "{kind:?}: {}", server.sent(0));
    }
    assert_eq!(MAX_RESPONSE_LEN, 64 * 1024);
}

/// An answer behind an answer, which was not asked for, is not the answer to the next request.
#[test]
fn bytes_behind_an_answer_are_not_the_next_answer() {
    for_each(|kind, step| {
        let (honest, forged) =
            (issued(), "oauth_token=forged&oauth_token_secret=&oauth_callback_confirmed=true");
        let head = |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let both = Reply::raw(head(&honest) + &head(forged)).then_keep_alive();
        let server = Server::start([both, Reply::ok_form(&honest)]);
        let client = Client::new(kind, PATIENCE);
        step.take(&client, &server, &user()).unwrap();
        std::thread::sleep(Duration::from_millis(50));
        let body = match step {
            Step::CredentialsRequest => {
                client.request_credentials(&temporary_leg(&server)).unwrap().credentials.token().to_owned()
            }
            Step::Call => {
                String::from_utf8_lossy(&client.call(&user(), get(&server)).unwrap().body).into_owned()
            }
        };
        assert!(!body.contains("forged"), "{body}");
        assert_eq!(server.connections(), 2);
    });
}

#[test]
fn a_time_limit_within_the_layer_is_its_error() {
    let server = Server::start([Reply::raw("").then_stall()]);
    let layer = SigningLayer::new(user(), Origin::new(&server.origin()).unwrap());
    let mut service = layer.layer(Timeout::new(hyper_client(), Duration::from_millis(100)));
    let request = get(&server).map(|body| Full::new(Bytes::from(body)));
    let error = RUNTIME.block_on(async { service.ready().await.unwrap().call(request).await }).unwrap_err();
    assert!(matches!(&error, ServiceError::Service(source) if source.is::<tower::timeout::error::Elapsed>()));
}

/// No server at all: nothing of the URL is shown.
#[test]
fn a_server_that_is_not_there_is_an_error() {
    // Not a port that was free just now: another test's server may have it by then.
    let server = Server::start([]);
    let nowhere = |url: &str| url.replace(&format!(":{}", server.port()), ":1");
    for kind in KINDS {
        let client = Client::new(kind, PATIENCE);
        let mut request = get(&server);
        let url = nowhere(&request.uri().to_string());
        *request.uri_mut() = url.parse().unwrap();
        let failure = client.call(&user(), request).unwrap_err();
        assert_eq!(failure.shape, Shape::Transport);
        assert_eq!(leaked(&failure.shown(), &hidden(&[])), None);

        let provider = oauth1_signer::flow::Endpoints::new(&url, &url, &url);
        let flow = Flow::new(provider, &client_builder().build().unwrap()).unwrap();
        let failure = client.request_credentials(&flow.temporary_credentials("oob").unwrap()).unwrap_err();
        assert_eq!(failure.shape, Shape::Transport);
        assert_eq!(leaked(&failure.shown(), &hidden(&[])), None);
    }
    assert_eq!(server.connections(), 0);
}

/// What is hidden is so where a program prints the clients and their futures, too.
#[test]
fn clients_and_legs_show_no_secret() {
    let server = Server::start([]);
    let client = oauth1_signer::reqwest::Client::new(user(), reqwest_builder()).unwrap();
    let blocking = Client::new(Kind::Blocking, PATIENCE);
    let Client::Blocking(blocking) = blocking else { unreachable!() };
    let layer = SigningLayer::new(user(), Origin::new(&server.origin()).unwrap());
    let leg: CredentialsRequest<TemporaryCredentials> = temporary_leg(&server);
    let request = user().authorize(get(&server)).unwrap();
    let shown = vec![
        format!("{client:?} {blocking:?} {layer:?} {leg:?}"),
        format!("{:?}", layer.layer(hyper_client())),
        format!("{:?}", request.headers()),
        format!("{:?}", leg.to_request().unwrap().headers()),
    ];
    assert_eq!(leaked(&shown, &hidden(&[])), None);
    assert!(!shown.concat().contains("oauth_signature"), "{shown:?}");
}
