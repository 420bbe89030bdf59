//! Nobody takes another's room: floods of first legs, and users who collect tokens.

use std::time::Instant;

use oauth1_signer::SignatureMethod;
use oauth1_signer::provider::{Grant, GrantParts, MemoryStore, Revoke, Stage, Store};
use oauth1_signer::verify::{MemoryNonceLog, Policy, RejectionReason};
use oauth1_signer::{BoxError, Origin, Signer, TokenCredentials};

use super::site::{
    LIFETIME, NOW, Site, call_with, code, credentials, grant, now, parts, read, with_verifier,
};

fn pending_of(client: &str, number: u64, expires: u64) -> Grant {
    let parts = parts(Stage::Pending, &format!("{client}{number}"));
    let (client_key, expires) = (client.to_owned(), Some(expires));
    Grant::from_parts(GrantParts { client_key, expires, ..parts }).unwrap()
}

fn token_of(client: &str, user: &str, number: u64, expires: Option<u64>) -> Grant {
    let credentials = TokenCredentials::new(format!("{client}/{user}/{number}"), "s3cr3t");
    let (client_key, user) = (client.to_owned(), Some(user.to_owned()));
    let parts = parts(Stage::Exchanged, "");
    Grant::from_parts(GrantParts { credentials, client_key, user, expires, ..parts }).unwrap()
}

/// The attack that took 87 % of the users' grants: a client that floods first legs takes every place that
/// an approval or an exchange frees.
#[test]
fn a_flood_of_one_client_takes_no_grant_of_another() {
    const USERS: usize = 50;
    let site = Site::with_store(MemoryStore::new().max_grants(2_000).max_pending_per_client(1_000));
    let (flow, flood) = (site.flow(), site.flow_of("other", SignatureMethod::hmac_sha1()));
    let flooding = || {
        let leg = flood.temporary_credentials("oob").unwrap();
        let mut issued = 0;
        while site.initiate(&leg.to_request().unwrap()).is_ok() {
            issued += 1;
        }
        issued
    };
    let temporaries: Vec<_> = (0..USERS).map(|_| site.initiated(&flow, "oob")).collect();
    assert_eq!(flooding(), 1_000);
    let mut works = 0;
    for temporary in &temporaries {
        let pin = code(site.approve(temporary.token()));
        assert_eq!(flooding(), 0);
        let leg = with_verifier(&flow, temporary, Some(&pin));
        let token = site.exchange(&leg).unwrap().credentials().clone();
        assert_eq!(flooding(), 0);
        works += usize::from(site.call(&call_with(&flow, &token)).is_ok());
    }
    assert_eq!(works, USERS);
    // And those who come during the flood get their turn.
    site.initiated(&flow, "oob");
}

/// Even where flooding clients together fill the store: no user loses what was begun.
#[test]
fn a_full_store_loses_no_grant() {
    let site = Site::with_store(MemoryStore::new().max_grants(100));
    let flow = site.flow();
    let temporaries: Vec<_> = (0..100).map(|_| site.initiated(&flow, "oob")).collect();
    let leg = flow.temporary_credentials("oob").unwrap();
    let full = site.initiate(&leg.to_request().unwrap()).unwrap_err();
    assert!(*full.reason() == RejectionReason::Unavailable, "{full:?}");
    for temporary in &temporaries[..10] {
        let pin = code(site.approve(temporary.token()));
        assert!(site.exchange(&with_verifier(&flow, temporary, Some(&pin))).is_ok());
        assert!(site.initiate(&leg.to_request().unwrap()).is_err());
    }
    // A denied one, and one with a wrong code, free their places.
    assert!(now(site.issuer.deny(temporaries[10].token())).unwrap().is_some());
    site.initiated(&flow, "oob");
    code(site.approve(temporaries[11].token()));
    assert!(site.exchange(&with_verifier(&flow, &temporaries[11], Some("wrong"))).is_err());
    site.initiated(&flow, "oob");
    assert!(site.initiate(&leg.to_request().unwrap()).is_err());
}

/// One user made 10,000 access tokens that never expire.
#[test]
fn a_user_who_collects_tokens_keeps_the_newest() {
    let site = Site::new();
    let policy = Policy::new(Origin::new("https://photos.example.net").unwrap()).clock(|| Ok(NOW));
    let log = MemoryNonceLog::new().unwrap();
    let flow = site.flow();
    let mut newest = Vec::new();
    for _ in 0..300 {
        let token = site.exchanged(&flow);
        newest.push(token);
        if newest.len() > 10 {
            newest.remove(0);
        }
        if newest.len() < 10 {
            continue;
        }
        let listed = now(site.issuer.grants_of_user("jane", 100)).unwrap();
        assert_eq!(listed.len(), 10);
        assert!(listed.iter().all(|grant| newest.iter().any(|token| token.token() == grant.token())));
    }
    for token in &newest {
        let signer = Signer::builder(credentials("printer")).token(token.clone()).clock(|| Ok(NOW));
        let request = http::Request::get("https://photos.example.net/photos").body(()).unwrap();
        let request = signer.build().unwrap().authorize(request).unwrap();
        let claim = policy.read(&request).unwrap();
        let record = now(site.issuer.token_record(claim.token())).unwrap();
        now(claim.prove(Some(&site.clients[0]), record.as_ref()).unwrap().admit(&log)).unwrap();
    }
}

#[test]
fn ten_thousand_tokens_of_one_user_take_ten_places() {
    let store = MemoryStore::new();
    for number in 0..10_000 {
        let token = format!("request {number}");
        now(store.insert(grant(Stage::Approved, &token), NOW)).unwrap();
        let to = token_of("printer", "jane", number, None);
        assert!(now(store.advance(Stage::Approved, &token, to, NOW)).unwrap());
        assert!(store.len() <= 11);
    }
    assert_eq!(store.len(), 10);
}

/// The limit of tokens is for a client and a user together.
#[test]
fn the_oldest_token_of_this_client_and_user_is_revoked() {
    let store = MemoryStore::new().max_tokens_per_user(2);
    let insert = |client, user, number| {
        now(store.insert(token_of(client, user, number, None), NOW)).unwrap();
    };
    for (client, user) in [("printer", "jane"), ("other", "jane"), ("printer", "joe")] {
        insert(client, user, 1);
        insert(client, user, 2);
    }
    insert("printer", "jane", 3);
    let is_there = |token: &str| now(store.find(Stage::Exchanged, token)).unwrap().is_some();
    assert!(!is_there("printer/jane/1"));
    for token in ["printer/jane/2", "printer/jane/3", "other/jane/1", "other/jane/2", "printer/joe/1"] {
        assert!(is_there(token), "{token}");
    }
    assert_eq!(store.len(), 6);
    // Nor does one that is exchanged push itself out, however old its first leg is.
    let store = MemoryStore::new().max_tokens_per_user(1);
    now(store.insert(grant(Stage::Approved, "old"), NOW)).unwrap();
    now(store.insert(token_of("printer", "jane", 1, None), NOW)).unwrap();
    assert!(now(store.advance(Stage::Approved, "old", token_of("printer", "jane", 2, None), NOW)).unwrap());
    assert!(now(store.find(Stage::Exchanged, "printer/jane/2")).unwrap().is_some());
    assert_eq!(store.len(), 1);
}

#[test]
fn a_share_is_free_again_when_its_grants_expire() {
    let store = MemoryStore::new().max_pending_per_client(10);
    let insert = |client: &str, number, at| now(store.insert(pending_of(client, number, at + LIFETIME), at));
    // Others have more that expire, and earlier, than one call drops.
    for other in 0..100 {
        for number in 0..10 {
            insert(&format!("client{other}"), number, NOW).unwrap();
        }
    }
    for number in 0..10 {
        insert("printer", number, NOW + 1).unwrap();
    }
    let error = insert("printer", 10, NOW + LIFETIME).unwrap_err().to_string();
    assert!(error.contains("MemoryStore::max_pending_per_client") && error.contains("10"), "{error}");
    insert("printer", 11, NOW + 1 + LIFETIME).unwrap();
}

#[test]
fn errors_name_the_limit_that_is_to_be_raised() {
    let store = MemoryStore::new().max_grants(1);
    now(store.insert(pending_of("printer", 1, NOW + 1), NOW)).unwrap();
    let text = |result: Result<(), BoxError>| result.unwrap_err().to_string();
    let full = text(now(store.insert(pending_of("printer", 2, NOW + 1), NOW)));
    assert!(full.contains("MemoryStore::max_grants") && full.contains("Issuer::token_lifetime"), "{full}");
    let taken = text(now(store.insert(pending_of("printer", 1, NOW + 1), NOW)));
    assert!(taken.contains("stored already"), "{taken}");
}

/// Of 100,000 grants that expire in the same second, each call drops a few.
#[test]
fn no_call_waits_for_all_that_expire() {
    const GRANTS: u64 = 100_000;
    let store = MemoryStore::new().max_grants(usize::MAX).max_pending_per_client(usize::MAX);
    for number in 0..GRANTS {
        now(store.insert(pending_of("printer", number, NOW + 1), NOW)).unwrap();
    }
    let mut longest = std::time::Duration::ZERO;
    let mut calls = 0;
    while store.len() > 100 {
        let before = store.len();
        let started = Instant::now();
        now(store.insert(pending_of("other", calls, NOW + 1), NOW + 1)).unwrap();
        longest = longest.max(started.elapsed());
        calls += 1;
        assert!(before - store.len() <= 16, "{} in one call", before - store.len());
    }
    eprintln!("{GRANTS} grants expired in {calls} calls, the longest of which took {longest:?}");
    assert!(calls >= GRANTS / 16);
}

/// Revoking what a busy client has gives way to others, and ends though it goes on.
#[test]
fn a_revocation_covers_what_was_there() {
    let store = MemoryStore::new().max_pending_per_client(usize::MAX).max_tokens_per_user(usize::MAX);
    for number in 0..1_000 {
        now(store.insert(pending_of("printer", number, NOW + 1), NOW)).unwrap();
        now(store.insert(token_of("printer", "jane", number, None), NOW)).unwrap();
        now(store.insert(token_of("printer", "joe", number, None), NOW)).unwrap();
        now(store.insert(token_of("other", "jane", number, None), NOW)).unwrap();
    }
    now(store.insert(grant(Stage::Approved, "approved"), NOW)).unwrap();
    let revoke = |what| now(store.revoke(what)).unwrap();
    assert_eq!(revoke(Revoke::Token("printer/jane/7")), 1);
    assert_eq!(revoke(Revoke::UserOfClient { user: "jane", client_key: "printer" }), 1_000);
    assert_eq!(now(store.grants_of_user("jane", 3)).unwrap().len(), 3);
    assert_eq!(revoke(Revoke::User("jane")), 1_000);
    assert_eq!(revoke(Revoke::Client("printer")), 2_000);
    assert!(store.is_empty());
    for what in [Revoke::Token(""), Revoke::Client(""), Revoke::User("")] {
        assert_eq!(revoke(what), 0);
    }
}

/// A user has what a page needs: which applications, since when, until when.
#[test]
fn a_user_sees_which_applications_have_access() {
    let mut site = Site::with_store(MemoryStore::new());
    let clock = site.clock.clone();
    site.issuer =
        site.issuer.token_lifetime(Some(std::time::Duration::from_secs(100))).clock(move || Ok(clock.now()));
    let flow = site.flow();
    let leg = flow.token_credentials(&site.granted(&flow)).unwrap();
    let issued = site.exchange(&leg.to_request().unwrap()).unwrap();
    assert_eq!(issued.expires_in().unwrap().as_secs(), 100);
    let response = issued.to_response();
    assert!(response.body().ends_with("&oauth_expires_in=100"), "{response:?}");
    assert_eq!(
        leg.parse_response(&response).unwrap().fields.expires_in(),
        Some(std::time::Duration::from_secs(100))
    );
    let token = read(&leg, Ok(issued));

    let listed = now(site.issuer.grants_of_user("jane", 10)).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].client_key(), listed[0].user()), ("printer", Some("jane")));
    assert_eq!((listed[0].issued(), listed[0].expires()), (Some(NOW), Some(NOW + 100)));
    assert!(now(site.issuer.grants_of_user("joe", 10)).unwrap().is_empty());

    site.clock.set(NOW + 99);
    assert!(site.call(&call_with(&flow, &token)).is_ok());
    site.clock.set(NOW + 100);
    assert!(site.call(&call_with(&flow, &token)).is_err());
    assert!(now(site.issuer.grants_of_user("jane", 10)).unwrap().is_empty());
}
