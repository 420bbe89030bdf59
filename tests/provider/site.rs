//! A provider with its endpoints, and clients that go through them, in one process and without I/O.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{Request, Response};
use oauth1_signer::flow::{self, CredentialsRequest, Flow, FormBody};
use oauth1_signer::provider::{
    Decision, Grant, GrantParts, IssuedCredentials, Issuer, MemoryStore, Stage, Store,
};
use oauth1_signer::verify::{
    ClientRecord, MemoryNonceLog, Policy, Rejection, RejectionReason, TokenRecord, VerifiedRequest,
};
use oauth1_signer::{
    ClientCredentials, Origin, SignatureMethod, Signer, TemporaryCredentials, TokenCredentials,
};

pub(crate) use super::ready::now;

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const LIFETIME: u64 = 600;
pub(crate) const CALLBACK: &str = "https://printer.example.com/ready?for=jane";

/// A clock that client and server share, to be set.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicU64>);

impl Clock {
    pub(crate) fn set(&self, now: u64) {
        self.0.store(now, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct Site<S = MemoryStore> {
    pub(crate) issuer: Issuer<S>,
    pub(crate) clients: Vec<ClientRecord>,
    pub(crate) clock: Clock,
    policy: Policy,
    log: MemoryNonceLog,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with_store(MemoryStore::new())
    }

    /// With a grant in its store.
    pub(crate) fn new_with(grant: Grant) -> Self {
        let store = MemoryStore::new();
        now(store.insert(grant, NOW)).unwrap();
        Self::with_store(store)
    }
}

impl<S: Store> Site<S> {
    /// It knows the clients `printer` and `other`, which have registered nothing.
    pub(crate) fn with_store(store: S) -> Self {
        let clock = Clock(Arc::new(AtomicU64::new(NOW)));
        let (clock_of_policy, clock_of_issuer) = (clock.clone(), clock.clone());
        Self {
            issuer: Issuer::new(store)
                .lifetime(Duration::from_secs(LIFETIME))
                .allow_unregistered_callbacks(true)
                .clock(move || Ok(clock_of_issuer.now())),
            clients: ["printer", "other"]
                .map(|key| ClientRecord::new(credentials(key)).unwrap().allow_plaintext(true))
                .into(),
            clock,
            policy: Policy::new(Origin::new("https://photos.example.net").unwrap())
                .allow_plaintext(true)
                .require_token(false)
                .clock(move || Ok(clock_of_policy.now())),
            log: MemoryNonceLog::new().unwrap(),
        }
    }

    /// With another record of the printer.
    pub(crate) fn with_printer(mut self, record: ClientRecord) -> Self {
        self.clients[0] = record;
        self
    }

    pub(crate) fn flow(&self) -> Flow {
        self.flow_of("printer", SignatureMethod::hmac_sha1())
    }

    pub(crate) fn flow_of(&self, client: &str, method: SignatureMethod) -> Flow {
        let clock = self.clock.clone();
        let signer = Signer::builder(credentials(client)).method(method).clock(move || Ok(clock.now()));
        let [initiate, authorize, token] =
            ["initiate", "authorize", "token"].map(|path| format!("https://photos.example.net/{path}"));
        Flow::new(flow::Endpoints::new(initiate, authorize, token), &signer.build().unwrap()).unwrap()
    }

    fn client(&self, key: &str) -> Option<&ClientRecord> {
        self.clients.iter().find(|client| client.key() == key)
    }

    fn verify<B, F>(&self, request: &Request<B>, lookup: F) -> Result<VerifiedRequest, Rejection>
    where
        F: FnOnce(Option<&str>) -> Result<Option<TokenRecord>, Box<dyn std::error::Error + Send + Sync>>,
    {
        let claim = self.policy.read(request)?;
        let token = lookup(claim.token()).map_err(Rejection::unavailable)?;
        now(claim.prove(self.client(claim.client_key()), token.as_ref())?.admit(&self.log))
    }

    // The endpoints

    pub(crate) fn initiate<B>(&self, request: &Request<B>) -> Result<IssuedCredentials, Rejection> {
        let verified = self.verify_initiate(request)?;
        now(self.issuer.issue_temporary(&verified, self.client(verified.client_key()).unwrap()))
    }

    /// What the first leg proves, before anything is issued.
    pub(crate) fn verify_initiate<B>(&self, request: &Request<B>) -> Result<VerifiedRequest, Rejection> {
        self.verify(request, |_| Ok(None))
    }

    pub(crate) fn verify_first(&self, flow: &Flow) -> VerifiedRequest {
        let request = flow.temporary_credentials(CALLBACK).unwrap().to_request().unwrap();
        self.verify_initiate(&request).unwrap()
    }

    /// What the last leg proves, before it is exchanged.
    pub(crate) fn verify_exchange<B>(&self, request: &Request<B>) -> Result<VerifiedRequest, Rejection> {
        self.verify(request, |token| now(self.issuer.temporary_record(token)))
    }

    pub(crate) fn exchange<B>(&self, request: &Request<B>) -> Result<IssuedCredentials, Rejection> {
        now(self.issuer.exchange(&self.verify_exchange(request)?))
    }

    /// A protected resource.
    pub(crate) fn call<B>(&self, request: &Request<B>) -> Result<VerifiedRequest, Rejection> {
        self.verify(request, |token| now(self.issuer.token_record(token)))
    }

    pub(crate) fn approve(&self, token: &str) -> Option<Decision> {
        now(self.issuer.approve(token, "jane")).unwrap()
    }

    // The client, step by step

    pub(crate) fn initiated(&self, flow: &Flow, callback: &str) -> TemporaryCredentials {
        let leg = flow.temporary_credentials(callback).unwrap();
        read(&leg, self.initiate(&leg.to_request().unwrap()))
    }

    /// Approved temporary credentials, in the client's hands.
    pub(crate) fn granted(&self, flow: &Flow) -> flow::Approval {
        let temporary = self.initiated(flow, CALLBACK);
        let url = redirect(self.approve(temporary.token()));
        flow.callback(temporary, &url).unwrap()
    }

    /// The request of the last leg, signed and ready.
    pub(crate) fn last(&self, flow: &Flow) -> Request<FormBody> {
        flow.token_credentials(&self.granted(flow)).unwrap().to_request().unwrap()
    }

    pub(crate) fn exchanged(&self, flow: &Flow) -> TokenCredentials {
        let leg = flow.token_credentials(&self.granted(flow)).unwrap();
        read(&leg, self.exchange(&leg.to_request().unwrap()))
    }
}

/// Answers with what was issued, and reads it as the client does.
pub(crate) fn read<C>(leg: &CredentialsRequest<C>, issued: Result<IssuedCredentials, Rejection>) -> C {
    leg.parse_response(&respond(issued)).unwrap().credentials
}

pub(crate) fn respond(issued: Result<IssuedCredentials, Rejection>) -> Response<String> {
    issued.map_or_else(|rejection| rejection.to_response(), |issued| issued.to_response())
}

#[track_caller]
pub(crate) fn redirect(decided: Option<Decision>) -> String {
    let Some(Decision::Redirect(url)) = decided else { panic!("{decided:?}") };
    url
}

#[track_caller]
pub(crate) fn code(decided: Option<Decision>) -> String {
    let Some(Decision::Pin(code)) = decided else { panic!("{decided:?}") };
    code
}

/// A grant of the printer, by Jane, as a store would load it.
pub(crate) fn grant(stage: Stage, token: &str) -> Grant {
    Grant::from_parts(parts(stage, token)).unwrap()
}

/// With all that the stage has.
pub(crate) fn parts(stage: Stage, token: &str) -> GrantParts {
    let is_granted = matches!(stage, Stage::Approved | Stage::Exchanged);
    GrantParts {
        stage,
        credentials: TokenCredentials::new(token, "s3cr3t"),
        client_key: "printer".to_owned(),
        callback: (stage == Stage::Pending).then(|| CALLBACK.to_owned()),
        verifier: (stage == Stage::Approved).then(|| "v3r1f13r".to_owned()),
        user: is_granted.then(|| "jane".to_owned()),
        issued: (stage == Stage::Exchanged).then_some(NOW),
        expires: Some(NOW + LIFETIME),
    }
}

pub(crate) fn credentials(client: &str) -> ClientCredentials {
    ClientCredentials::new(client, format!("{client}'s secret"))
}

/// What the last leg of this client looks like with a code that is not the one.
pub(crate) fn with_verifier(
    flow: &Flow,
    temporary: &TemporaryCredentials,
    verifier: Option<&str>,
) -> Request<()> {
    let signer = flow
        .signer(TokenCredentials::new(temporary.token(), temporary.expose_secret()))
        .unwrap()
        .to_builder();
    let signer = match verifier {
        Some(verifier) => signer.verifier(verifier),
        None => signer,
    };
    signed(&signer.build().unwrap(), Request::post("https://photos.example.net/token"))
}

/// A call that a client makes with token credentials.
pub(crate) fn call_with(flow: &Flow, token: &TokenCredentials) -> Request<()> {
    signed(
        &flow.signer(token.clone()).unwrap(),
        Request::get("https://photos.example.net/photos?size=original"),
    )
}

fn signed(signer: &Signer, request: http::request::Builder) -> Request<()> {
    signer.authorize(request.body(()).unwrap()).unwrap()
}

/// What was refused, for which every client gets the same answer.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Rejection>) -> RejectionReason {
    let rejection = result.unwrap_err();
    let refusal = rejection.reason().clone();
    let response = rejection.to_response();
    assert_eq!(response.status(), 401);
    assert_eq!(response.body(), "the request is not authorized\n");
    assert_eq!(response.headers()["www-authenticate"], r#"OAuth realm="https://photos.example.net""#);
    refusal
}
