//! What reqwest makes of pairs, values and parts is what is signed.

use oauth1_signer::{BodyHashPolicy, Signer};
use serde_json::json;

use crate::client::{self, Outcome, blocking_client, reqwest_client};
use crate::party::Party;
use crate::provider::Endpoints;
use crate::tally::{Expected, Nonces};

/// A request that is built, and what it is to be on the wire: method, target and body.
type Built<R> = (&'static str, R, (&'static str, &'static str, Option<&'static [u8]>));

/// The two builders are different types of the same shape.
macro_rules! requests {
    ($http:expr, $provider:expr, $multipart:ty) => {{
        let pairs = [("q", "tea & cake"), ("ü", "☃"), ("a[]", "1+1=2"), ("q", "")];
        let at = |target| $provider.url(target);
        vec![
            (
                "query",
                $http.get(at("/two-legged/items?own=1")).query(&pairs),
                (
                    "GET",
                    "/two-legged/items?own=1&q=tea+%26+cake&%C3%BC=%E2%98%83&a%5B%5D=1%2B1%3D2&q=",
                    Some(&b""[..]),
                ),
            ),
            (
                "a URL with characters that are escaped",
                $http.get(at("/two-legged/café d'or?q=☃ 'x' \"y\" <z>")),
                (
                    "GET",
                    "/two-legged/caf%C3%A9%20d'or?q=%E2%98%83%20%27x%27%20%22y%22%20%3Cz%3E",
                    Some(b""),
                ),
            ),
            (
                "form",
                $http.post(at("/two-legged/items?own=1")).form(&pairs),
                (
                    "POST",
                    "/two-legged/items?own=1",
                    Some(b"q=tea+%26+cake&%C3%BC=%E2%98%83&a%5B%5D=1%2B1%3D2&q="),
                ),
            ),
            (
                "JSON",
                $http.put(at("/two-legged/hashed/items")).json(&json!({"name": "tea & cake", "count": [1, null]})),
                (
                    "PUT",
                    "/two-legged/hashed/items",
                    Some(br#"{"count":[1,null],"name":"tea & cake"}"#),
                ),
            ),
            (
                "multipart",
                $http.post(at("/two-legged/items")).multipart(<$multipart>::new().text("name", "tea & cake")),
                ("POST", "/two-legged/items", None),
            ),
        ]
    }};
}

#[test]
#[ignore = "needs Python: .ci/run interop"]
fn what_reqwest_builds_is_accepted() {
    let provider = Endpoints::start();
    let (client, runtime) = (reqwest_client(), client::runtime());
    let built = requests!(client.unsigned(), provider, reqwest::multipart::Form);
    check(built, |signer, request| {
        let answer = async {
            client::of_response(client.with_signer(signer.clone()).execute(request.build()?).await?).await
        };
        runtime.block_on(answer)
    });
}

#[test]
#[ignore = "needs Python: .ci/run interop"]
fn what_the_blocking_client_builds_is_accepted() {
    let provider = Endpoints::start();
    let client = blocking_client();
    let built = requests!(client.unsigned(), provider, reqwest::blocking::multipart::Form);
    check(built, |signer, request| {
        client::of_blocking_response(client.with_signer(signer.clone()).execute(request.build()?)?)
    });
}

fn check<R>(built: Vec<Built<R>>, send: impl Fn(&Signer, R) -> Outcome<client::Answer>) {
    let party = Party::of("HMAC-SHA1");
    let mut nonces = Nonces::default();
    for (name, request, (method, target, body)) in built {
        // A multipart body cannot be hashed: its bytes are not seen.
        let policy = if body.is_some() { BodyHashPolicy::NotForms } else { BodyHashPolicy::Off };
        let signer = party.signer().body_hash(policy).build().expect("a signer");
        let expected = Expected { client: party.key(), token: None, method, target, body };
        let outcome = send(&signer, request).and_then(|answer| nonces.check(&answer, &expected));
        outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
