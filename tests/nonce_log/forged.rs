//! What is not proved leaves no trace.

use http::Request;
use oauth1_signer::verify::{ClientRecord, IncomingRequest, Policy, TokenRecord};
use oauth1_signer::{ClientCredentials, Origin, RequestRef, Signer, Stamp, TokenCredentials};

use super::ready::now;
use super::{NOW, log_of};

fn request(authorization: &str) -> Request<()> {
    Request::get("/p?a=1").header("host", "h").header("authorization", authorization).body(()).unwrap()
}

/// Each with a nonce of its own, by a client that is known or not, with a token that is or not.
fn forge(count: usize) {
    let log = log_of(count, count);
    let policy = Policy::new(Origin::new("https://h").unwrap()).clock(|| Ok(NOW));
    let client = ClientRecord::new(ClientCredentials::new("c", "client secret")).unwrap();
    let token = TokenRecord::new(TokenCredentials::new("t", "token secret"), "c");
    let admit = |authorization: &str, has_client: bool, has_token: bool| {
        let request = request(authorization);
        let claim = policy.read(IncomingRequest::from(&request)).unwrap();
        let records = (has_client.then_some(&client), has_token.then_some(&token));
        claim.prove(records.0, records.1).and_then(|proof| now(proof.admit(&log)))
    };
    for number in 0..count {
        let authorization = format!(
            "OAuth oauth_consumer_key=\"c\", oauth_token=\"t\", oauth_signature_method=\"HMAC-SHA1\", \
             oauth_timestamp=\"{NOW}\", oauth_nonce=\"{number}\", \
             oauth_signature=\"dGhpcyBpcyBub3QgYSBzaWduYXQ%3D\""
        );
        let rejection = admit(&authorization, number % 3 != 0, number % 5 != 0).unwrap_err();
        assert_eq!(rejection.status(), http::StatusCode::UNAUTHORIZED);
    }
    assert!(log.is_empty());

    // Nor is a nonce of theirs used up: the client can still have it.
    let signer = Signer::builder(ClientCredentials::new("c", "client secret"))
        .token(TokenCredentials::new("t", "token secret"))
        .build()
        .unwrap();
    let stamp = Stamp::new(NOW, "1").unwrap();
    let signed = signer.sign_with(RequestRef::new("GET", "https://h/p?a=1").unwrap(), stamp).unwrap();
    let header = signed.to_header();
    assert_eq!(admit(header.to_str().unwrap(), true, true).unwrap().client_key(), "c");
    assert_eq!(log.len(), 1);
}

#[test]
fn forged_requests_leave_the_log_empty() {
    forge(5_000);
}

#[test]
#[ignore = "heavy: .ci/run load"]
fn two_million_forged_requests_leave_the_log_empty() {
    forge(2_000_000);
}
