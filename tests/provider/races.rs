//! Single use where several come at the same time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use oauth1_signer::provider::{
    Decision, Grant, IssuedCredentials, Issuer, MemoryStore, Revoke, Stage, Store,
};
use oauth1_signer::verify::{Rejection, RejectionReason, VerifiedRequest};
use oauth1_signer::{BoxError, BoxFuture};

use super::site::{CALLBACK, NOW, Site, call_with, code, now, read, redirect, with_verifier};

const ROUNDS: usize = 1_000;

/// Runs each round's work on several threads that start it together, and returns what each made of it.
fn together<W: Sync, R: Send>(threads: usize, work: &W, run: impl Fn(usize, &W) -> R + Sync) -> Vec<R> {
    let start = Barrier::new(threads);
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let (start, run) = (&start, &run);
                scope.spawn(move || {
                    start.wait();
                    run(thread, work)
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn of_two_approvals_one_counts() {
    let site = Site::new();
    let flow = site.flow();
    for _ in 0..ROUNDS {
        let temporary = site.initiated(&flow, CALLBACK);
        let decided = together(2, &temporary.token(), |_, token| site.approve(token));
        let mut urls = decided.into_iter().flatten();
        let url = redirect(urls.next());
        assert_eq!(urls.next(), None);
        // And what the one was told holds.
        let leg = flow.token_credentials(&flow.callback(temporary, &url).unwrap()).unwrap();
        read(&leg, site.exchange(&leg.to_request().unwrap()));
    }
}

#[test]
fn of_yes_and_no_one_counts() {
    let site = Site::new();
    let flow = site.flow();
    for _ in 0..ROUNDS {
        let temporary = site.initiated(&flow, "oob");
        let decided = together(2, &temporary.token(), |thread, token| match thread {
            0 => site.approve(token),
            _ => now(site.issuer.deny(token)).unwrap(),
        });
        match &decided[..] {
            [Some(Decision::Pin(pin)), None] => {
                assert!(site.exchange(&with_verifier(&flow, &temporary, Some(pin))).is_ok());
            }
            [None, Some(Decision::Denied)] => {
                let tried = with_verifier(&flow, &temporary, Some("00000000"));
                assert!(site.exchange(&tried).is_err());
            }
            _ => panic!("{decided:?}"),
        }
    }
}

/// A store where all have found what they look for before anyone goes on.
struct Meeting {
    inner: MemoryStore,
    is_on: AtomicBool,
    threads: usize,
    found: AtomicUsize,
}

impl Meeting {
    fn of(threads: usize) -> Self {
        let (is_on, found) = (AtomicBool::new(false), AtomicUsize::new(0));
        Self { inner: MemoryStore::new().max_tokens_per_user(10_000), is_on, threads, found }
    }

    /// Waits for the others; not for ever, where one of them does not come.
    fn meet(&self) {
        let round = self.found.fetch_add(1, Ordering::SeqCst) / self.threads;
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.found.load(Ordering::SeqCst) < (round + 1) * self.threads {
            assert!(Instant::now() < deadline, "somebody did not look before taking");
            thread::yield_now();
        }
    }
}

impl Store for Meeting {
    fn insert(&self, grant: Grant, at: u64) -> BoxFuture<'_, Result<(), BoxError>> {
        self.inner.insert(grant, at)
    }

    fn find<'a>(&'a self, stage: Stage, token: &'a str) -> BoxFuture<'a, Result<Option<Grant>, BoxError>> {
        Box::pin(async move {
            let found = self.inner.find(stage, token).await;
            if self.is_on.load(Ordering::SeqCst) {
                self.meet();
            }
            found
        })
    }

    fn advance<'a>(
        &'a self,
        from: Stage,
        token: &'a str,
        to: Grant,
        at: u64,
    ) -> BoxFuture<'a, Result<bool, BoxError>> {
        self.inner.advance(from, token, to, at)
    }

    fn revoke<'a>(&'a self, what: Revoke<'a>) -> BoxFuture<'a, Result<u64, BoxError>> {
        self.inner.revoke(what)
    }

    fn grants_of_user<'a>(
        &'a self,
        user: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Grant>, BoxError>> {
        self.inner.grants_of_user(user, limit)
    }
}

/// Proved requests that all come to be exchanged, each having found the grant.
fn exchange_together(
    site: &Site<&Meeting>,
    store: &Meeting,
    proved: &[VerifiedRequest],
) -> Vec<Result<IssuedCredentials, Rejection>> {
    store.is_on.store(true, Ordering::SeqCst);
    let issued = together(proved.len(), &proved, |thread, proved| now(site.issuer.exchange(&proved[thread])));
    store.is_on.store(false, Ordering::SeqCst);
    issued
}

#[test]
fn of_two_exchanges_one_counts() {
    let store = Meeting::of(2);
    let site = Site::with_store(&store);
    let flow = site.flow();
    for _ in 0..ROUNDS {
        let leg = flow.token_credentials(&site.granted(&flow)).unwrap();
        let proved = [(); 2].map(|()| site.verify_exchange(&leg.to_request().unwrap()).unwrap());
        let (issued, refused): (Vec<_>, Vec<_>) =
            exchange_together(&site, &store, &proved).into_iter().partition(Result::is_ok);
        let [Ok(issued)] = &issued[..] else { panic!("{issued:?}") };
        assert!(site.call(&call_with(&flow, issued.credentials())).is_ok());
        let [Err(rejection)] = &refused[..] else { panic!("{refused:?}") };
        assert_eq!(rejection.reason(), &RejectionReason::UnknownToken);
    }
    assert_eq!(store.inner.len(), ROUNDS);
}

/// Whoever tries many codes at the same time tries one: all others are not even compared.
#[test]
fn of_many_guesses_one_is_compared() {
    const GUESSES: usize = 8;
    let store = Meeting::of(GUESSES);
    let site = Site::with_store(&store);
    let flow = site.flow();
    for _ in 0..ROUNDS / 4 {
        let temporary = site.initiated(&flow, "oob");
        let pin = code(site.approve(temporary.token()));
        let proved: Vec<_> = (0..GUESSES)
            .map(|guess| if guess == GUESSES / 2 { pin.clone() } else { format!("{guess}") })
            .map(|guess| site.verify_exchange(&with_verifier(&flow, &temporary, Some(&guess))).unwrap())
            .collect();
        let issued = exchange_together(&site, &store, &proved);
        let compared = issued.iter().filter(|issued| match issued {
            Ok(_) => true,
            Err(rejection) => *rejection.reason() == RejectionReason::WrongVerifier,
        });
        assert_eq!(compared.count(), 1, "{issued:?}");
    }
}

/// Two servers that share a store, as two machines share a database.
#[test]
fn of_two_servers_one_counts() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let site = Site::with_store(Arc::clone(&store));
    let other = Issuer::new(store).clock(|| Ok(NOW));
    let issuers = [&site.issuer, &other];
    let flow = site.flow();
    for _ in 0..ROUNDS {
        let temporary = site.initiated(&flow, "oob");
        let token = temporary.token();
        let decided =
            together(2, &token, |server, token| now(issuers[server].approve(token, "jane")).unwrap());
        let pins: Vec<_> = decided.into_iter().flatten().collect();
        let [Decision::Pin(pin)] = &pins[..] else { panic!("{pins:?}") };
        let proved =
            [(); 2].map(|()| site.verify_exchange(&with_verifier(&flow, &temporary, Some(pin))).unwrap());
        let issued = together(2, &proved, |server, proved| now(issuers[server].exchange(&proved[server])));
        assert_eq!(issued.iter().filter(|issued| issued.is_ok()).count(), 1, "{issued:?}");
    }
}

/// A user who revokes while the client exchanges: no token is left that works.
#[test]
fn no_exchange_outlives_a_revocation_that_came_later() {
    let site = Site::new();
    let flow = site.flow();
    for _ in 0..ROUNDS {
        let proved = site.verify_exchange(&site.last(&flow)).unwrap();
        let issued = together(2, &proved, |thread, proved| {
            if thread == 0 {
                return now(site.issuer.exchange(proved)).ok();
            }
            now(site.issuer.revoke(Revoke::User("jane"))).unwrap();
            None
        });
        for issued in issued.iter().flatten() {
            let token = issued.credentials();
            assert_eq!(site.call(&call_with(&flow, token)).map_err(|_| ()).map(|_| ()), Err(()));
        }
    }
}
