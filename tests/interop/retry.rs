//! A layer that sends again what got no answer, and the signing layer within it, or around it.

use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use http_body_util::Full;
use oauth1_signer::tower::SigningLayer;
use oauth1_signer::{Origin, Signer};
use tower::retry::{Policy, RetryLayer};
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::client::{Answer, HyperClient, collect, hyper_client, runtime};
use crate::party::Party;
use crate::provider::Endpoints;
use crate::tally::{Expected, Nonces, check_refused};

const ATTEMPTS: usize = 3;
const LIMIT: Duration = Duration::from_secs(30);
const TARGET: &str = "/two-legged/items?q=tea%20%26%20cake";
const FORM: &str = "name=tea+%26+cake";

#[test]
#[ignore = "needs Python: .ci/run interop"]
fn every_attempt_within_a_retry_is_signed_anew() {
    let test = Test::start();
    let service = RetryLayer::new(Again).layer(test.layer().layer(test.lossy_client()));
    test.send(service);

    let mut nonces = Nonces::default();
    for (authorization, answer) in test.attempts() {
        // It looks for nonces that come twice.
        nonces.check(&answer, &test.expected()).expect("the provider accepts every attempt");
        let seen: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
        let nonce = format!("oauth_nonce={}", seen["nonce"]);
        assert!(authorization.to_str().expect("ASCII").contains(&nonce), "{authorization:?}: {nonce}");
    }
}

/// The other way round is wrong, and the provider says so.
#[test]
#[ignore = "needs Python: .ci/run interop"]
fn a_retry_within_the_layer_is_a_replay() {
    let test = Test::start();
    let service = test.layer().layer(RetryLayer::new(Again).layer(test.lossy_client()));
    test.send(service);

    let mut attempts = test.attempts().into_iter();
    let (_, first) = attempts.next().expect("an attempt");
    Nonces::default().check(&first, &test.expected()).expect("the provider accepts the first");
    for (_, answer) in attempts {
        check_refused(&answer, "nonce").expect("the provider refuses all others");
    }
}

type Attempts = Arc<Mutex<Vec<(HeaderValue, Answer)>>>;

struct Test {
    provider: Endpoints,
    party: Party,
    client: HyperClient,
    attempts: Attempts,
}

impl Test {
    fn start() -> Self {
        Self {
            provider: Endpoints::start(),
            party: Party::of("HMAC-SHA256"),
            client: hyper_client(),
            attempts: Attempts::default(),
        }
    }

    fn layer(&self) -> SigningLayer {
        let signer: Signer = self.party.signer().build().expect("a signer");
        SigningLayer::new(signer, Origin::new(self.provider.origin()).expect("an origin"))
    }

    /// The provider gets every request. Its answers are lost on their way, but for the last.
    fn lossy_client(
        &self,
    ) -> impl Service<Request<Full<Bytes>>, Response = Answer, Error = Lost, Future: Send> + Clone + use<>
    {
        let (client, attempts) = (self.client.clone(), Arc::clone(&self.attempts));
        service_fn(move |request: Request<Full<Bytes>>| {
            let (client, attempts) = (client.clone(), Arc::clone(&attempts));
            async move {
                let authorization = request.headers()[AUTHORIZATION].clone();
                let answer = collect(client.request(request).await?).await?;
                let mut attempts = attempts.lock().unwrap_or_else(PoisonError::into_inner);
                attempts.push((authorization, answer.clone()));
                if attempts.len() < ATTEMPTS { Err("the answer is lost".into()) } else { Ok(answer) }
            }
        })
    }

    fn send<S>(&self, service: S)
    where
        S: Service<Request<Full<Bytes>>, Response = Answer, Error: std::fmt::Debug>,
    {
        let request = Request::post(self.provider.url(TARGET))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(FORM))
            .expect("a request");
        let sent = async { tokio::time::timeout(LIMIT, service.oneshot(request)).await };
        runtime().block_on(sent).expect("in time").expect("the last answer is not lost");
    }

    fn attempts(&self) -> Vec<(HeaderValue, Answer)> {
        let attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert_eq!(attempts.len(), ATTEMPTS);
        attempts
    }

    fn expected(&self) -> Expected<'_> {
        Expected {
            client: self.party.key(),
            token: None,
            method: "POST",
            target: TARGET,
            body: Some(FORM.as_bytes()),
        }
    }
}

type Lost = Box<dyn std::error::Error + Send + Sync>;

/// Sends a request again until there is an answer.
#[derive(Clone)]
struct Again;

impl<B: Clone, R, E> Policy<Request<B>, R, E> for Again {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut Request<B>, result: &mut Result<R, E>) -> Option<Ready<()>> {
        result.is_err().then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<B>) -> Option<Request<B>> {
        Some(request.clone())
    }
}
