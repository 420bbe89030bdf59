//! The requests of the flow through every client.

use oauth1_signer::flow::{Endpoints, Flow};

use super::{SECRETS, check_signature, signer};
use crate::support::clients::{Client, KINDS};
use crate::support::server::{Reply, Server};

fn leg_requests(of: impl Fn(&Client, &Flow)) -> Vec<(String, crate::support::server::IncomingRequest)> {
    let mut received = Vec::new();
    for kind in KINDS {
        let server = Server::with(|_| {
            Reply::ok_form("oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true")
        });
        let [temporary, token] = ["/initiate?b=%7e&a=1+2", "/token"].map(|path| server.url(path));
        let provider = Endpoints::new(temporary, server.url("/authorize"), token);
        let flow = Flow::new(provider, &signer()).unwrap();
        of(&Client::new(kind, std::time::Duration::from_secs(10)), &flow);
        received.extend(server.received().into_iter().map(|received| (format!("{kind:?}"), received)));
    }
    received
}

#[test]
fn legs_arrive_as_they_were_signed() {
    let received = leg_requests(|client, flow| {
        client
            .request_credentials(&flow.temporary_credentials("http://app.example/ready?x=1&y=%20").unwrap())
            .unwrap();
        client.request_credentials(&flow.xauth("user name", "pass&word+\u{e9}").unwrap()).unwrap();
    });
    assert_eq!(received.len(), 8);
    for (kind, received) in received {
        check_signature(&received, "http", (SECRETS.0, ""))
            .unwrap_or_else(|reason| panic!("{kind}: {reason}"));
        if received.target() == "/token" {
            let form =
                "x_auth_mode=client_auth&x_auth_password=pass%26word%2B%C3%A9&x_auth_username=user%20name";
            assert_eq!(received.body, form.as_bytes());
            assert_eq!(received.header("Content-Length"), Some(form.len().to_string()), "{kind}");
        } else {
            assert_eq!(received.target(), "/initiate?b=%7e&a=1+2");
            assert_eq!(received.oauth()["oauth_callback"], "http://app.example/ready?x=1&y=%20");
        }
    }
}

/// RFC 9110 §8.6: "a user agent normally sends Content-Length in a POST request even when the value is 0".
/// Some servers answer 411 where it is not there.
#[test]
fn a_leg_without_a_body_says_so() {
    let received = leg_requests(|client, flow| {
        client.request_credentials(&flow.temporary_credentials("oob").unwrap()).unwrap();
    });
    let without: Vec<_> = received
        .iter()
        .filter(|(_, received)| received.header("Content-Length").as_deref() != Some("0"))
        .map(|(kind, _)| kind)
        .collect();
    assert!(without.is_empty(), "no Content-Length: 0 from {without:?}");
}
