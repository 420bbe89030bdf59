//! Stores that fail, are full, or are of one's own making: nothing comes of it that can be used.

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use oauth1_signer::provider::{Grant, Issuer, MemoryStore, Revoke, Stage, Store};
use oauth1_signer::verify::{Rejection, RejectionReason};
use oauth1_signer::{BoxError, BoxFuture, TemporaryCredentials, TokenCredentials};

use super::site::{
    CALLBACK, LIFETIME, NOW, Site, call_with, code, now, redirect, refused, respond, with_verifier,
};

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
        Self { inner: MemoryStore::new(), left: AtomicUsize::new(NEVER), afterwards }
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

impl Store for Failing {
    fn insert(&self, grant: Grant, at: u64) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async move { self.run(|store| now(store.insert(grant, at))) })
    }

    fn find<'a>(&'a self, stage: Stage, token: &'a str) -> BoxFuture<'a, Result<Option<Grant>, BoxError>> {
        Box::pin(async move { self.run(|store| now(store.find(stage, token))) })
    }

    fn advance<'a>(
        &'a self,
        from: Stage,
        token: &'a str,
        to: Grant,
        at: u64,
    ) -> BoxFuture<'a, Result<bool, BoxError>> {
        Box::pin(async move { self.run(|store| now(store.advance(from, token, to, at))) })
    }

    fn revoke<'a>(&'a self, what: Revoke<'a>) -> BoxFuture<'a, Result<u64, BoxError>> {
        Box::pin(async move { self.run(|store| now(store.revoke(what))) })
    }

    fn grants_of_user<'a>(
        &'a self,
        user: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Grant>, BoxError>> {
        Box::pin(async move { self.run(|store| now(store.grants_of_user(user, limit))) })
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
        for (calls, verb) in ["find", "advance"].into_iter().enumerate() {
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
            assert_eq!(again.is_some(), (verb, afterwards) != ("advance", true));
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
        for (calls, verb) in ["lookup", "find", "advance"].into_iter().enumerate() {
            let store = Failing::new(afterwards);
            let site = Site::with_store(&store);
            let flow = site.flow();
            let leg = flow.token_credentials(&site.granted(&flow)).unwrap();
            store.after(calls);
            unavailable(site.exchange(&leg.to_request().unwrap()));
            store.after(NEVER);
            let again = site.exchange(&leg.to_request().unwrap());
            match (verb, afterwards) {
                ("lookup" | "find", _) | ("advance", false) => assert!(again.is_ok(), "{verb}"),
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
    assert!(now(site.issuer.revoke(Revoke::Token(token.token()))).is_err());
    store.after(NEVER);
    assert!(site.call(&call_with(&flow, &token)).is_ok());
}

/// A wrong code that the store cannot end the attempt for is no try that is free: nobody learns of it.
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
    let store = Arc::new(MemoryStore::new());
    let site = Site::with_store(Arc::clone(&store));
    let flow = site.flow();
    let (first, last) = (site.verify_first(&flow), site.verify_exchange(&site.last(&flow)).unwrap());
    let temporary = site.initiated(&flow, CALLBACK);
    let token = temporary.token();
    let stopped =
        Issuer::new(Arc::clone(&store)).allow_unregistered_callbacks(true).clock(|| Err("no clock".into()));
    unavailable(now(stopped.issue_temporary(&first, &site.clients[0])));
    unavailable(now(stopped.exchange(&last)));
    assert!(now(stopped.pending(token)).is_err());
    assert!(now(stopped.approve(token, "jane")).is_err());
    assert!(now(stopped.deny(token)).is_err());
    assert!(now(stopped.temporary_record(Some(token))).is_err());
    assert!(now(stopped.token_record(Some(token))).is_err());
    assert!(now(stopped.grants_of_user("jane", 9)).is_err());
    assert_eq!(store.len(), 2);
    redirect(site.approve(token));
    assert!(now(site.issuer.exchange(&last)).is_ok());
}

#[test]
fn a_full_store_issues_nothing() {
    let site = Site::with_store(MemoryStore::new().max_grants(2));
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

/// A store that keeps by token alone, which the trait does not allow.
#[derive(Default)]
struct Careless(Mutex<Vec<Grant>>);

impl Careless {
    fn find_now(&self, token: &str) -> Option<Grant> {
        let grants = self.0.lock().unwrap();
        grants.iter().find(|grant| grant.token().eq_ignore_ascii_case(token)).cloned()
    }
}

impl Store for Careless {
    fn insert(&self, grant: Grant, _: u64) -> BoxFuture<'_, Result<(), BoxError>> {
        self.0.lock().unwrap().push(grant);
        Box::pin(ready(Ok(())))
    }

    fn find<'a>(&'a self, _: Stage, token: &'a str) -> BoxFuture<'a, Result<Option<Grant>, BoxError>> {
        Box::pin(ready(Ok(self.find_now(token))))
    }

    fn advance<'a>(
        &'a self,
        _: Stage,
        token: &'a str,
        to: Grant,
        _: u64,
    ) -> BoxFuture<'a, Result<bool, BoxError>> {
        let mut grants = self.0.lock().unwrap();
        let found = grants.iter_mut().find(|grant| grant.token().eq_ignore_ascii_case(token));
        Box::pin(ready(Ok(found.map(|grant| *grant = to).is_some())))
    }

    fn revoke<'a>(&'a self, _: Revoke<'a>) -> BoxFuture<'a, Result<u64, BoxError>> {
        Box::pin(ready(Ok(0)))
    }

    fn grants_of_user<'a>(&'a self, _: &'a str, _: usize) -> BoxFuture<'a, Result<Vec<Grant>, BoxError>> {
        Box::pin(ready(Ok(self.0.lock().unwrap().clone())))
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
