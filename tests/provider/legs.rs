//! All three legs, and a call after them.

use http::StatusCode;
use oauth1_signer::SignatureMethod;
use oauth1_signer::flow::CallbackError;
use oauth1_signer::provider::{Decision, Revoke};

use super::methods::methods;
#[cfg(feature = "tower")]
use super::site::NOW;
use super::site::{CALLBACK, Site, call_with, code, now, read, redirect, respond};

/// Through all of it: by redirect, and by PIN.
fn serves(site: &Site, method: &SignatureMethod) {
    let flow = site.flow_of("printer", method.clone());
    for callback in [CALLBACK, "oob"] {
        let leg = flow.temporary_credentials(callback).unwrap();
        let temporary = read(&leg, site.initiate(&leg.to_request().unwrap()));

        let pending = now(site.issuer.pending(temporary.token())).unwrap().unwrap();
        assert_eq!(pending.client_key(), "printer");
        assert_eq!(pending.callback(), (callback != "oob").then_some(callback));

        let decided = now(site.issuer.approve(temporary.token(), "jane")).unwrap();
        let grant = if callback == "oob" {
            let pin = code(decided);
            assert!(pin.len() == 8 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
            flow.pin(temporary, &pin).unwrap()
        } else {
            let url = redirect(decided);
            let appended = url.strip_prefix(CALLBACK).unwrap();
            let verifier = appended.split_once("&oauth_verifier=").unwrap().1;
            assert_eq!(appended, format!("&oauth_token={}&oauth_verifier={verifier}", temporary.token()));
            assert!(verifier.len() == 26 && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            flow.callback(temporary, &url).unwrap()
        };

        let leg = flow.token_credentials(&grant).unwrap();
        let token = read(&leg, site.exchange(&leg.to_request().unwrap()));
        assert!(token.token().len() == 26 && token.expose_secret().len() == 26);

        let verified = site.call(&call_with(&flow, &token)).unwrap();
        assert_eq!(verified.client_key(), "printer");
        assert_eq!(verified.token(), Some(token.token()));
        assert_eq!(verified.user(), Some("jane"));
    }
}

#[test]
fn methods_with_a_shared_secret_are_served() {
    let site = Site::new();
    for method in methods() {
        serves(&site, &method);
    }
}

#[cfg(feature = "rsa")]
#[test]
fn rsa_is_served() {
    use oauth1_signer::signature::{RsaPrivateKey, RsaPublicKey};
    use oauth1_signer::verify::ClientRecord;

    let public = RsaPublicKey::from_pem(include_str!("../vectors/keys/rsa-a.pub.pem")).unwrap();
    let site = Site::new().with_printer(ClientRecord::rsa("printer", public));
    let key = RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-a.pkcs8.pem")).unwrap();
    for method in [SignatureMethod::rsa_sha1(key.clone()), SignatureMethod::rsa_sha256(key)] {
        serves(&site, &method);
    }
}

/// §2.1, §2.3: what the answers look like on the wire.
#[test]
fn answers_are_forms_that_no_cache_keeps() {
    let site = Site::new();
    let flow = site.flow();
    let leg = flow.temporary_credentials(CALLBACK).unwrap();
    let first = respond(site.initiate(&leg.to_request().unwrap()));
    let temporary = leg.parse_response(&first).unwrap().credentials;
    let (identifier, secret) = (temporary.token().to_owned(), temporary.expose_secret().to_owned());
    assert_eq!(
        *first.body(),
        format!("oauth_token={identifier}&oauth_token_secret={secret}&oauth_callback_confirmed=true")
    );

    let url = redirect(site.approve(&identifier));
    let leg = flow.token_credentials(&flow.callback(temporary, &url).unwrap()).unwrap();
    let last = respond(site.exchange(&leg.to_request().unwrap()));
    let token = leg.parse_response(&last).unwrap().credentials;
    assert_eq!(
        *last.body(),
        format!("oauth_token={}&oauth_token_secret={}", token.token(), token.expose_secret())
    );
    for response in [first, last] {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "application/x-www-form-urlencoded");
        assert_eq!(response.headers()["cache-control"], "no-store");
    }
    // Nothing of the first leg is in what the last one issues.
    assert!(token.token() != identifier && token.expose_secret() != secret);
}

#[test]
fn the_client_understands_a_no() {
    let site = Site::new();
    let flow = site.flow();
    let temporary = site.initiated(&flow, CALLBACK);
    let token = temporary.token().to_owned();
    let url = redirect(now(site.issuer.deny(&token)).unwrap());
    assert_eq!(oauth1_signer::flow::token_of_callback(&url), Some(token.clone()));
    let refused = flow.callback(temporary, &url).unwrap_err();
    assert_eq!(*refused.reason(), CallbackError::Denied);
    // It is decided.
    assert_eq!(site.approve(&token), None);
    assert!(now(site.issuer.pending(&token)).unwrap().is_none());

    let token = site.initiated(&flow, "oob").token().to_owned();
    assert_eq!(now(site.issuer.deny(&token)).unwrap(), Some(Decision::Denied));
    assert_eq!(now(site.issuer.deny(&token)).unwrap(), None);
}

#[test]
fn a_revoked_token_is_unknown() {
    let site = Site::new();
    let flow = site.flow();
    let (token, other) = (site.exchanged(&flow), site.exchanged(&flow));
    assert_eq!(now(site.issuer.revoke(Revoke::Token(token.token()))).unwrap(), 1);
    assert_eq!(now(site.issuer.revoke(Revoke::Token(token.token()))).unwrap(), 0);
    assert!(site.call(&call_with(&flow, &token)).is_err());
    assert!(site.call(&call_with(&flow, &other)).is_ok());
}

/// A two-legged call has no token, and no user.
#[test]
fn a_request_without_a_token_has_no_record() {
    let site = Site::new();
    assert!(now(site.issuer.token_record(None)).unwrap().is_none());
    assert!(now(site.issuer.temporary_record(None)).unwrap().is_none());
}

/// The layer of the feature `tower` before the last leg: the lookup is one call.
#[cfg(feature = "tower")]
#[tokio::test]
async fn a_layer_before_an_endpoint_serves() {
    use std::convert::Infallible;
    use std::sync::Arc;

    use bytes::Bytes;
    use http::Request;
    use http_body_util::{BodyExt, Full};
    use oauth1_signer::Origin;
    use oauth1_signer::tower::{Lookup, LookupResult, VerifyingLayer};
    use oauth1_signer::verify::{MemoryNonceLog, Policy, VerifiedRequest};
    use tower::{Layer, ServiceExt, service_fn};

    let site = Site::new();
    let flow = site.flow();
    let request = site.last(&flow).map(String::from);
    let Site { issuer, clients, .. } = site;
    let (issuer, printer) = (Arc::new(issuer), clients[0].clone());
    let of_lookup = Arc::clone(&issuer);
    let lookup = move |wanted: Lookup| {
        let (issuer, client) = (Arc::clone(&of_lookup), Some(printer.clone()));
        async move { Ok(LookupResult { client, token: issuer.temporary_record(wanted.token.as_deref()).await? }) }
    };
    let policy = Policy::new(Origin::new("https://photos.example.net").unwrap()).clock(|| Ok(NOW));
    let layer = VerifyingLayer::new(policy, MemoryNonceLog::new().unwrap(), lookup);
    let endpoint = layer.layer(service_fn(move |request: Request<_>| {
        let issuer = Arc::clone(&issuer);
        async move {
            let _: &oauth1_signer::tower::RequestBody<String> = request.body();
            let verified = request.extensions().get::<VerifiedRequest>().unwrap();
            let answer = respond(issuer.exchange(verified).await);
            Ok::<_, Infallible>(answer.map(Full::<Bytes>::from))
        }
    }));
    let response = endpoint.clone().oneshot(request.clone()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let answer = response.into_body().collect().await.unwrap().to_bytes();
    assert!(answer.starts_with(b"oauth_token="));
    assert_eq!(endpoint.oneshot(request).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

/// Servers run on several threads: what they await must go from one to the other.
#[test]
fn futures_can_be_sent() {
    fn check<T: Send>(_: T) {}
    let site = Site::new();
    let flow = site.flow();
    let verified = site.verify_exchange(&site.last(&flow)).unwrap();
    let issuer = &site.issuer;
    check(issuer.temporary_record(None));
    check(issuer.token_record(None));
    check(issuer.issue_temporary(&verified, &site.clients[0]));
    check(issuer.pending(""));
    check(issuer.approve("", ""));
    check(issuer.deny(""));
    check(issuer.exchange(&verified));
    check(issuer.revoke(Revoke::Token("")));
}
