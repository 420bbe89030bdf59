//! The layer diagnoses wrong signatures for the operator, within a limit, and admits nothing by it.

use std::sync::{Arc, Mutex};

use http::header::AUTHORIZATION;
use http::{Request, StatusCode};
use http_body_util::Full;
use oauth1_signer::ClientCredentials;
use oauth1_signer::TokenCredentials;
use oauth1_signer::verify::diagnosis::{DiagnosisLimit, DiagnosisOutcome, Mistake};

use crate::site::{NOW, Site, get, in_origin_form, request, run, signed_by, signer, signer_of};

type Seen = (DiagnosisOutcome, Vec<Mistake>);

/// Signed for https and sent by http, or the other way round: whatever the site is not.
fn signed_for_the_other_scheme(nonce: &str) -> Request<Full<bytes::Bytes>> {
    let right = request("GET", "/items", None);
    let (mut head, body) = right.into_parts();
    let uri = head.uri.to_string();
    let other = match uri.strip_prefix("https:") {
        Some(rest) => format!("http:{rest}"),
        None => uri.replacen("http:", "https:", 1),
    };
    let right = head.uri.clone();
    head.uri = other.parse().unwrap();
    let mut signed = signed_by(&signer(), NOW, nonce, Request::from_parts(head, body));
    assert!(signed.headers().contains_key(AUTHORIZATION));
    *signed.uri_mut() = right;
    in_origin_form(signed).map(Full::new)
}

#[test]
fn a_wrong_signature_is_diagnosed_and_still_rejected() {
    let site = Site::new();
    let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
    let seen_by_layer = Arc::clone(&seen);
    let layer = site.layer().diagnose(DiagnosisLimit::new(0, 3), move |diagnosis, claim| {
        assert_eq!(claim.client_key(), "ck");
        let mistakes = diagnosis.finding().map(|finding| finding.mistakes().to_vec()).unwrap_or_default();
        seen_by_layer.lock().unwrap().push((diagnosis.outcome(), mistakes));
    });
    // An admitted request is not diagnosed, and neither is one of a client that is not known.
    assert_eq!(run(site.send_through(layer.clone(), get("n0"))).status, StatusCode::OK);
    let stranger = signer_of(ClientCredentials::new("nobody", "cs"), TokenCredentials::new("tk", "ts"));
    let forged =
        in_origin_form(signed_by(&stranger, NOW, "n1", request("GET", "/items", None))).map(Full::new);
    assert_eq!(run(site.send_through(layer.clone(), forged)).status, StatusCode::UNAUTHORIZED);
    assert!(seen.lock().unwrap().is_empty());

    // The limit is three: whoever sends more wrong signatures buys no more work.
    for number in 0..10 {
        let wrong = signed_for_the_other_scheme(&format!("w{number}"));
        assert_eq!(run(site.send_through(layer.clone(), wrong)).status, StatusCode::UNAUTHORIZED);
    }
    let expected = (DiagnosisOutcome::Explained, vec![Mistake::OtherScheme]);
    assert_eq!(*seen.lock().unwrap(), vec![expected; 3]);
    assert_eq!(site.served().len(), 1);
}
