//! Stores that fail, are full, or are of one's own making: nothing comes of it that can be used.

use std::error::Error;
use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use oauth1_signer::provider::{Grant, Issuer, MemoryStore, Stage, Store};
use oauth1_signer::verify::{Rejection, RejectionReason};
use oauth1_signer::{TemporaryCredentials, TokenCredentials};

use super::site::{
    CALLBACK, LIFETIME, NOW, Site, call_with, code, now, redirect, refused, respond, with_verifier,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// Fails at one call, before or after doing what it was asked.
struct Failing {
    inner: MemoryStore,
    /// Calls until it fails.
    left: AtomicUsize,
    afterwards: bool,
}

const NEVER: usize = usize::MAX;

impl Failing {
    fn new(afterwards: bool) -> Self {
        Self { inner: MemoryStore::new(100), left: AtomicUsize::new(NEVER), afterwards }
    }

    /// Fails at the call after so many.
    fn after(&self, calls: usize) {
        self.left.store(calls, Ordering::SeqCst);
    }

    fn run<T>(&self, verb: impl FnOnce(&MemoryStore) -> Result<T, BoxError>) -> Result<T, BoxError> {
        let fails = match self.left.load(Ordering::SeqCst) {
            NEVER => false,
            left => self.left.swap(left.wrapping_sub(1), Ordering::SeqCst) == 0,
        };
        if !fails {
            return verb(&self.inner);
        }
        if self.afterwards {
            verb(&self.inner)?;
        }
        Err("the disk is full of hunter2".into())
    }
}

impl Store for &Failing {
    fn insert(&self, grant: Grant, at: u64) -> impl Future<Output = Result<(), BoxError>> + Send {
        ready(self.run(|store| now(store.insert(grant, at))))
    }

    fn find(
        &self,
        stage: Stage,
        token: &str,
    ) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send {
        ready(self.run(|store| now(store.find(stage, token))))
    }

    fn remove(
        &self,
        stage: Stage,
        token: &str,
    ) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send {
        ready(self.run(|store| now(store.remove(stage, token))))
    }
}

#[track_caller]
fn unavailable<T: std::fmt::Debug>(result: Result<T, Rejection>) {
    let rejection = result.unwrap_err();
    assert!(*rejection.reason() == RejectionReason::Unavailable, "{rejection:?}");
    let response = rejection.to_response();
    assert_eq!(response.status(), 503);
    assert_eq!(response.body(), "the request cannot be checked now\n");
}

#[test]
fn a_store_that_fails_at_the_first_leg_issues_nothing() {
    for afterwards in [false, true] {
        let store = Failing::new(afterwards);
        let site = Site::with_store(&store);
        let leg = site.flow().temporary_credentials(CALLBACK).unwrap();
        store.after(0);
        unavailable(site.initiate(&leg.to_request().unwrap()));
        store.after(NEVER);
        // What may be left is one that nobody knows of.
        assert_eq!(store.inner.len(), usize::from(afterwards));
        assert!(site.initiate(&leg.to_request().unwrap()).is_ok());
    }
}

#[test]
fn a_store_that_fails_at_the_decision_approves_nothing() {
    for afterwards in [false, true] {
        for (calls, verb) in ["remove", "insert"].into_iter().enumerate() {
            let store = Failing::new(afterwards);
            let site = Site::with_store(&store);
            let flow = site.flow();
            let temporary = site.initiated(&flow, "oob");
            store.after(calls);
            assert!(now(site.issuer.approve(temporary.token(), "jane")).is_err(), "{verb}");
            store.after(NEVER);
            // The code was shown to nobody: it cannot be known.
            let tried = with_verifier(&flow, &temporary, Some("00000000"));
            refused(site.exchange(&tried));
            // Where it was not lost it can be decided again.
            let again = site.approve(temporary.token());
            assert_eq!(again.is_some(), (verb, afterwards) == ("remove", false));
        }
        let store = Failing::new(afterwards);
        let site = Site::with_store(&store);
        let token = site.initiated(&site.flow(), "oob").token().to_owned();
        for verb in [0, 1] {
            store.after(0);
            match verb {
                0 => assert!(now(site.issuer.pending(&token)).is_err()),
                _ => assert!(now(site.issuer.deny(&token)).is_err()),
            }
        }
    }
}

#[test]
fn a_store_that_fails_at_the_last_leg_issues_nothing() {
    for afterwards in [false, true] {
        // The first two calls are those of the lookup, and of `exchange`.
        for (calls, verb) in ["lookup", "find", "remove", "insert"].into_iter().enumerate() {
            let store = Failing::new(afterwards);
            let site = Site::with_store(&store);
            let flow = site.flow();
            let leg = flow.token_credentials(&site.granted(&flow)).unwrap();
            store.after(calls);
            unavailable(site.exchange(&leg.to_request().unwrap()));
            store.after(NEVER);
            let again = site.exchange(&leg.to_request().unwrap());
            match (verb, afterwards) {
                ("lookup" | "find", _) | ("remove", false) => assert!(again.is_ok(), "{verb}"),
                // One try, whatever came of it.
                _ => assert_eq!(refused(again), RejectionReason::UnknownToken, "{verb}"),
            }
        }
    }
}

#[test]
fn a_store_that_fails_lets_no_call_through() {
    let store = Failing::new(false);
    let site = Site::with_store(&store);
    let flow = site.flow();
    let token = site.exchanged(&flow);
    store.after(0);
    unavailable(site.call(&call_with(&flow, &token)));
    store.after(0);
    assert!(now(site.issuer.revoke(token.token())).is_err());
    store.after(NEVER);
    assert!(site.call(&call_with(&flow, &token)).is_ok());
}

/// A wrong code that the store does not remove is no try that is free: it is not even compared.
#[test]
fn a_wrong_code_is_not_told_while_the_store_fails() {
    for afterwards in [false, true] {
        for wrong in [false, true] {
            let store = Failing::new(afterwards);
            let site = Site::with_store(&store);
            let flow = site.flow();
            let temporary = site.initiated(&flow, "oob");
            let pin = code(site.approve(temporary.token()));
            let presented = if wrong { "wrong" } else { &pin };
            store.after(2);
            unavailable(site.exchange(&with_verifier(&flow, &temporary, Some(presented))));
        }
    }
}

/// The time is read before anything is taken out.
#[test]
fn a_clock_that_fails_costs_the_user_nothing() {
    let store = Arc::new(MemoryStore::new(10));
    let site = Site::with_store(Arc::clone(&store));
    let flow = site.flow();
    let (first, last) = (site.verify_first(&flow), site.verify_exchange(&site.last(&flow)).unwrap());
    let temporary = site.initiated(&flow, CALLBACK);
    let token = temporary.token();
    let stopped = Issuer::new(Arc::clone(&store)).clock(|| Err("no clock".into()));
    unavailable(now(stopped.issue_temporary(&first, &site.clients[0])));
    unavailable(now(stopped.exchange(&last)));
    assert!(now(stopped.pending(token)).is_err());
    assert!(now(stopped.approve(token, "jane")).is_err());
    assert!(now(stopped.deny(token)).is_err());
    assert!(now(stopped.temporary_record(Some(token))).is_err());
    assert!(now(stopped.token_record(Some(token))).is_err());
    assert!(now(stopped.revoke(token)).is_err());
    assert_eq!(store.len(), 2);
    redirect(site.approve(token));
    assert!(now(site.issuer.exchange(&last)).is_ok());
}

#[test]
fn a_full_store_issues_nothing() {
    let site = Site::with_store(MemoryStore::new(2));
    let flow = site.flow();
    let first = site.initiated(&flow, "oob");
    let second = site.initiated(&flow, "oob");
    let leg = flow.temporary_credentials("oob").unwrap();
    unavailable(site.initiate(&leg.to_request().unwrap()));
    // Those that are there go their way.
    let pin = code(site.approve(first.token()));
    assert!(site.exchange(&with_verifier(&flow, &first, Some(&pin))).is_ok());
    unavailable(site.initiate(&leg.to_request().unwrap()));
    // What has expired makes room, and what has not does not.
    site.clock.set(NOW + LIFETIME - 1);
    unavailable(site.initiate(&leg.to_request().unwrap()));
    site.clock.set(NOW + LIFETIME);
    assert_eq!(respond(site.initiate(&leg.to_request().unwrap())).status(), 200);
    unavailable(site.initiate(&leg.to_request().unwrap()));
    assert_eq!(site.approve(second.token()), None);
}

/// What is kept in memory, verb by verb.
#[test]
fn a_store_in_memory_keeps_what_it_is_told() {
    let store = MemoryStore::new(3);
    let credentials = || TokenCredentials::new("t", "s");
    assert!(store.is_empty());
    now(store.insert(Grant::pending(credentials(), "c", None, 5), 0)).unwrap();
    now(store.insert(Grant::approved(credentials(), "c", "v", "u", 7), 0)).unwrap();
    now(store.insert(Grant::exchanged(credentials(), "c", "u"), 0)).unwrap();
    assert_eq!(store.len(), 3);
    for stage in [Stage::Pending, Stage::Approved, Stage::Exchanged] {
        assert_eq!(now(store.find(stage, "t")).unwrap().unwrap().stage(), stage);
        assert!(now(store.find(stage, "T")).unwrap().is_none());
    }
    // What was removed in time does not expire again.
    assert!(now(store.remove(Stage::Pending, "t")).unwrap().is_some());
    assert!(now(store.remove(Stage::Pending, "t")).unwrap().is_none());
    now(store.insert(Grant::pending(credentials(), "c", None, 9), 4)).unwrap();
    assert_eq!(store.len(), 3);
    now(store.insert(Grant::exchanged(TokenCredentials::new("u", "s"), "c", "u"), 7)).unwrap();
    assert!(now(store.find(Stage::Approved, "t")).unwrap().is_none());
    assert!(now(store.find(Stage::Pending, "t")).unwrap().is_some());
    assert_eq!(store.len(), 3);
}

/// A store that keeps by token alone, which the trait does not allow.
#[derive(Default)]
struct Careless(Mutex<Vec<Grant>>);

impl Store for Careless {
    fn insert(&self, grant: Grant, _: u64) -> impl Future<Output = Result<(), BoxError>> + Send {
        self.0.lock().unwrap().push(grant);
        ready(Ok(()))
    }

    fn find(&self, _: Stage, token: &str) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send {
        let grants = self.0.lock().unwrap();
        ready(Ok(grants.iter().find(|grant| grant.token().eq_ignore_ascii_case(token)).cloned()))
    }

    fn remove(&self, _: Stage, token: &str) -> impl Future<Output = Result<Option<Grant>, BoxError>> + Send {
        let mut grants = self.0.lock().unwrap();
        let at = grants.iter().position(|grant| grant.token().eq_ignore_ascii_case(token));
        ready(Ok(at.map(|at| grants.remove(at))))
    }
}

#[test]
fn a_store_that_confuses_stages_lets_nobody_in() {
    let site = Site::with_store(Careless::default());
    let flow = site.flow();
    let token = site.exchanged(&flow);
    assert!(site.call(&call_with(&flow, &token)).is_ok());
    let as_temporary = TemporaryCredentials::new(token.token(), token.expose_secret());
    assert_eq!(
        refused(site.exchange(&with_verifier(&flow, &as_temporary, Some("x")))),
        RejectionReason::UnknownToken
    );
    assert!(site.call(&call_with(&flow, &token)).is_ok());
    assert!(now(site.issuer.pending(token.token())).unwrap().is_none());

    let temporary = site.initiated(&flow, CALLBACK);
    let as_token = TokenCredentials::new(temporary.token(), temporary.expose_secret());
    assert_eq!(refused(site.call(&call_with(&flow, &as_token))), RejectionReason::UnknownToken);
    // Another case, another token.
    assert_eq!(site.approve(&site.initiated(&flow, "oob").token().to_ascii_uppercase()), None);
    redirect(site.approve(temporary.token()));
    assert_eq!(refused(site.call(&call_with(&flow, &as_token))), RejectionReason::UnknownToken);
    assert_eq!(site.approve(temporary.token()), None);
}
