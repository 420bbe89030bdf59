//! What is not given out: too late, twice, at the wrong place, or to somebody else.

use std::time::Duration;

use oauth1_signer::provider::{Grant, GrantParts, Issuer, MemoryStore, Revoke, Stage};
use oauth1_signer::verify::RejectionReason;
use oauth1_signer::{SignatureMethod, TemporaryCredentials, TokenCredentials};

use super::site::{
    CALLBACK, LIFETIME, NOW, Site, call_with, code, now, parts, redirect, refused, with_verifier,
};

/// Case 210 of the list of bad input: a wrong, missing or reused verification code.
#[test]
fn case_210_the_code_must_be_the_one_and_once() {
    let site = Site::new();
    let flow = site.flow();

    // Missing: refused, and the user's yes still stands.
    let temporary = site.initiated(&flow, CALLBACK);
    let url = redirect(site.approve(temporary.token()));
    assert_eq!(
        refused(site.exchange(&with_verifier(&flow, &temporary, None))),
        RejectionReason::WrongVerifier
    );
    let right = url.split_once("oauth_verifier=").unwrap().1.to_owned();
    assert!(site.exchange(&with_verifier(&flow, &temporary, Some(&right))).is_ok());

    // Reused.
    let again = site.exchange(&with_verifier(&flow, &temporary, Some(&right)));
    assert_eq!(refused(again), RejectionReason::UnknownToken);

    // Wrong: any that is not it, and then the right one does not help either.
    let of_another = redirect(site.approve(site.initiated(&flow, CALLBACK).token()));
    let of_another = of_another.split_once("oauth_verifier=").unwrap().1.to_owned();
    for callback in [CALLBACK, "oob"] {
        for wrong in [
            |right: &str| right[1..].to_owned(),
            |right: &str| format!("{right}0"),
            |right: &str| format!(" {right}"),
            |right: &str| right.to_ascii_uppercase() + "A",
            |right: &str| {
                let flipped = if right.ends_with('0') { '1' } else { '0' };
                format!("{}{flipped}", &right[..right.len() - 1])
            },
        ] {
            let temporary = site.initiated(&flow, callback);
            let decided = site.approve(temporary.token());
            let right = if callback == "oob" {
                code(decided)
            } else {
                redirect(decided).split_once("oauth_verifier=").unwrap().1.to_owned()
            };
            let tried = with_verifier(&flow, &temporary, Some(&wrong(&right)));
            assert_eq!(refused(site.exchange(&tried)), RejectionReason::WrongVerifier);
            let tried = with_verifier(&flow, &temporary, Some(&right));
            assert_eq!(refused(site.exchange(&tried)), RejectionReason::UnknownToken);
        }
    }
    let temporary = site.initiated(&flow, CALLBACK);
    redirect(site.approve(temporary.token()));
    let tried = with_verifier(&flow, &temporary, Some(&of_another));
    assert_eq!(refused(site.exchange(&tried)), RejectionReason::WrongVerifier);
}

#[test]
fn nothing_is_exchanged_before_the_user_has_said_yes() {
    let site = Site::new();
    let flow = site.flow();
    let temporary = site.initiated(&flow, "oob");
    assert!(now(site.issuer.temporary_record(Some(temporary.token()))).unwrap().is_none());
    for verifier in [None, Some("00000000"), Some("oob")] {
        let tried = with_verifier(&flow, &temporary, verifier);
        assert_eq!(refused(site.exchange(&tried)), RejectionReason::UnknownToken);
    }
    // Nor after a no; but too early is not too late.
    let pin = code(site.approve(temporary.token()));
    assert!(site.exchange(&with_verifier(&flow, &temporary, Some(&pin))).is_ok());
    let temporary = site.initiated(&flow, "oob");
    now(site.issuer.deny(temporary.token())).unwrap();
    let tried = with_verifier(&flow, &temporary, Some("00000000"));
    assert_eq!(refused(site.exchange(&tried)), RejectionReason::UnknownToken);
}

#[test]
fn one_decision_is_one() {
    let site = Site::new();
    let token = site.initiated(&site.flow(), CALLBACK).token().to_owned();
    redirect(site.approve(&token));
    assert_eq!(site.approve(&token), None);
    assert_eq!(now(site.issuer.deny(&token)).unwrap(), None);
    assert!(now(site.issuer.pending(&token)).unwrap().is_none());
    for unknown in ["", "unknown", "printer"] {
        assert_eq!(site.approve(unknown), None);
        assert_eq!(now(site.issuer.deny(unknown)).unwrap(), None);
        assert!(now(site.issuer.revoke(Revoke::Token(unknown))).unwrap() == 0);
    }
}

/// From the first leg to the last there is one lifetime; tokens have none by default.
#[test]
fn temporary_credentials_expire() {
    let site = Site::new();
    let flow = site.flow();
    let initiated = || site.initiated(&flow, "oob").token().to_owned();
    let at = |seconds| site.clock.set(NOW + seconds);

    let tokens = [initiated(), initiated(), initiated(), initiated()];
    at(LIFETIME - 1);
    assert!(now(site.issuer.pending(&tokens[0])).unwrap().is_some());
    assert!(site.approve(&tokens[0]).is_some());
    at(LIFETIME);
    assert!(now(site.issuer.pending(&tokens[1])).unwrap().is_none());
    assert_eq!(site.approve(&tokens[2]), None);
    assert_eq!(now(site.issuer.deny(&tokens[3])).unwrap(), None);

    // Approving late does not make it last longer.
    at(0);
    let temporary = site.initiated(&flow, "oob");
    at(LIFETIME - 1);
    let pin = code(site.approve(temporary.token()));
    at(LIFETIME);
    let tried = with_verifier(&flow, &temporary, Some(&pin));
    assert_eq!(refused(site.exchange(&tried)), RejectionReason::UnknownToken);

    // What was proved in time and comes to be exchanged late is late.
    at(0);
    let proved = site.verify_exchange(&site.last(&flow)).unwrap();
    at(LIFETIME);
    assert_eq!(refused(now(site.issuer.exchange(&proved))), RejectionReason::UnknownToken);

    at(0);
    let token = site.exchanged(&flow);
    at(100 * 365 * 24 * 3600);
    assert_eq!(site.call(&call_with(&flow, &token)).unwrap().user(), Some("jane"));
}

/// The end of time is no overflow.
#[test]
fn a_lifetime_may_be_any_number() {
    let mut site = Site::new();
    site.issuer = Issuer::new(MemoryStore::new()).lifetime(Duration::MAX).clock(|| Ok(NOW));
    assert!(site.approve(site.initiated(&site.flow(), "oob").token()).is_some());
    site.issuer = Issuer::new(MemoryStore::new()).lifetime(Duration::ZERO).clock(|| Ok(NOW));
    assert_eq!(site.approve(site.initiated(&site.flow(), "oob").token()), None);
}

#[test]
fn another_client_gets_nothing() {
    let site = Site::new();
    let (flow, other) = (site.flow(), site.flow_of("other", SignatureMethod::hmac_sha1()));

    // It has stolen everything but the client's own secret.
    let temporary = site.initiated(&flow, "oob");
    let pin = code(site.approve(temporary.token()));
    let stolen = with_verifier(&other, &temporary, Some(&pin));
    assert_eq!(refused(site.exchange(&stolen)), RejectionReason::OtherClientsToken);
    // That did not harm the client whose it is.
    assert!(site.exchange(&with_verifier(&flow, &temporary, Some(&pin))).is_ok());

    let token = site.exchanged(&flow);
    assert_eq!(refused(site.call(&call_with(&other, &token))), RejectionReason::OtherClientsToken);

    // Whatever the application has looked up: an identity exchanges nothing that is another client's. Here
    // the application takes the record of the wrong provider, where both have issued the same token.
    let same = || TokenCredentials::new("same", "secret");
    let grant = |client: &str| {
        let client_key = client.to_owned();
        let parts = GrantParts { credentials: same(), client_key, ..parts(Stage::Approved, "same") };
        Grant::from_parts(parts).unwrap()
    };
    let (here, elsewhere) = (Site::new_with(grant("printer")), Site::new_with(grant("other")));
    let same = TemporaryCredentials::new("same", "secret");
    let proved = elsewhere.verify_exchange(&with_verifier(&other, &same, Some("v3r1f13r"))).unwrap();
    assert_eq!(refused(now(here.issuer.exchange(&proved))), RejectionReason::OtherClientsToken);
    assert!(here.exchange(&with_verifier(&flow, &same, Some("v3r1f13r"))).is_ok());
}

#[test]
fn the_record_must_be_that_of_the_client() {
    let site = Site::new();
    let flow = site.flow();
    let proved = site.verify_exchange(&site.last(&flow)).unwrap();
    let issued = now(site.issuer.issue_temporary(&proved, &site.clients[1]));
    assert_eq!(refused(issued), RejectionReason::UnknownClient);
}

/// Each kind of token is good at its own endpoint, and for nothing at the others.
#[test]
fn stages_are_never_confused() {
    let site = Site::new();
    let flow = site.flow();
    let token_of = |temporary: &TemporaryCredentials| {
        TokenCredentials::new(temporary.token(), temporary.expose_secret())
    };

    // Temporary credentials, pending or approved, are no token.
    let temporary = site.initiated(&flow, "oob");
    assert_eq!(refused(site.call(&call_with(&flow, &token_of(&temporary)))), RejectionReason::UnknownToken);
    let pin = code(site.approve(temporary.token()));
    assert_eq!(refused(site.call(&call_with(&flow, &token_of(&temporary)))), RejectionReason::UnknownToken);
    assert_eq!(now(site.issuer.revoke(Revoke::Token(temporary.token()))).unwrap(), 0);
    assert!(site.exchange(&with_verifier(&flow, &temporary, Some(&pin))).is_ok());

    // A token is neither exchanged nor approved, nor does trying so end it.
    let token = site.exchanged(&flow);
    let as_temporary = || TemporaryCredentials::new(token.token(), token.expose_secret());
    for verifier in [None, Some("00000000")] {
        let tried = with_verifier(&flow, &as_temporary(), verifier);
        assert_eq!(refused(site.exchange(&tried)), RejectionReason::UnknownToken);
        // Not even where the application has looked it up as a token.
        let proved = site.call(&with_verifier(&flow, &as_temporary(), verifier)).unwrap();
        assert_eq!(refused(now(site.issuer.exchange(&proved))), RejectionReason::UnknownToken);
    }
    assert!(now(site.issuer.pending(token.token())).unwrap().is_none());
    assert_eq!(site.approve(token.token()), None);
    assert_eq!(now(site.issuer.deny(token.token())).unwrap(), None);
    assert!(site.call(&call_with(&flow, &token)).is_ok());
}

#[test]
fn an_exchange_needs_a_token() {
    let site = Site::new();
    let request = site.flow().temporary_credentials("oob").unwrap().to_request().unwrap();
    let rejection = site.exchange(&request).unwrap_err();
    assert!(*rejection.reason() == RejectionReason::Missing("oauth_token"), "{rejection:?}");
}

#[test]
fn a_replayed_leg_is_refused() {
    let site = Site::new();
    let flow = site.flow();
    let first = flow.temporary_credentials(CALLBACK).unwrap().to_request().unwrap();
    assert!(site.initiate(&first).is_ok());
    assert_eq!(refused(site.initiate(&first)), RejectionReason::Replayed);
    let last = site.last(&flow);
    let proved = site.verify_exchange(&last).unwrap();
    assert_eq!(refused(site.exchange(&last)), RejectionReason::Replayed);
    assert!(now(site.issuer.exchange(&proved)).is_ok());
    // An identity is no grant.
    assert_eq!(refused(now(site.issuer.exchange(&proved))), RejectionReason::UnknownToken);
    assert_eq!(refused(site.exchange(&last)), RejectionReason::UnknownToken);
}
