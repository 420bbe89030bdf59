//! No secret is shown, whatever the server repeats.

use http::Request;
use oauth1_signer::diagnose::{Diagnosis, Findings};
use oauth1_signer::{ClientCredentials, SignatureMethod, Signer, TokenCredentials, percent_encode};
use proptest::prelude::*;

use super::{form, get, response, signed_by};

/// Everything that findings can show.
fn shown(findings: &Findings) -> String {
    #[allow(unused_mut, reason = "without serde there is no more")]
    let mut text = format!("{findings}\n{findings:?}\n{findings:#?}");
    #[cfg(feature = "serde")]
    text.push_str(&serde_json::to_string(findings).unwrap());
    text
}

/// A response that repeats a text in many ways.
fn echo(secret: &str) -> [String; 7] {
    let once = percent_encode(secret);
    let twice = percent_encode(&once);
    let json = serde_json::to_string(secret).unwrap();
    [
        format!("HTTP/1.1 401 Unauthorized\n\noauth_problem={once}"),
        format!("HTTP/1.1 401 Unauthorized\n\noauth_problem=signature_invalid&oauth_problem_advice={once}"),
        format!("HTTP/1.1 401 Unauthorized\n\n{{\"code\":{json},\"message\":{json}}}"),
        format!(
            "HTTP/1.1 401 Unauthorized\n\nGET&https%3A%2F%2Fapi.example.com%2F&a%3D{twice}%26{twice}%3Db"
        ),
        format!("HTTP/1.1 401 Unauthorized\n\nGET&https%3A%2F%2F{once}.example%2F{once}&a%3D{once}"),
        format!("HTTP/1.1 302 Found\nLocation: https://api.example.com/{once}?a={once}"),
        format!("HTTP/1.1 429 Too Many Requests\nRetry-After: {once}"),
    ]
}

fn signers(client_secret: &str, token_secret: &str, verifier: &str) -> [Signer; 2] {
    let builder = Signer::builder(ClientCredentials::new("key", client_secret))
        .token(TokenCredentials::new("token", token_secret))
        .verifier(verifier)
        .parameter("oauth_session_handle", verifier);
    [SignatureMethod::hmac_sha1(), SignatureMethod::plaintext()]
        .map(|method| builder.clone().method(method).build().unwrap())
}

fn requests(password: &str) -> [Request<String>; 2] {
    let password = percent_encode(password);
    [
        get("https://api.example.com/items?a=1"),
        form("https://api.example.com/token", &format!("x_auth_username=u&x_auth_password={password}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_is_shown(
        client_secret in "[!-~]{12,40}",
        token_secret in "[ -~é]{12,40}",
        verifier in "[A-Za-z0-9+/=%]{12,20}",
        password in "[!-~]{12,30}",
    ) {
        prop_assume!(token_secret.trim().len() >= 12);
        for signer in signers(&client_secret, &token_secret, &verifier) {
            for request in requests(&password) {
                let request = signed_by(&signer, request);
                let is_form = request.method() == "POST";
                let mut secrets = vec![client_secret.as_str(), token_secret.trim(), &verifier];
                if is_form {
                    secrets.push(&password);
                }
                for secret in &secrets {
                    for text in echo(secret) {
                        let response = response(&text);
                        let with = Diagnosis::of(&request).signer(&signer).examine(&response);
                        let text = shown(&with);
                        for secret in &secrets {
                            prop_assert!(!text.contains(secret), "{}\n{}", secret, text);
                            let encoded = percent_encode(secret);
                            prop_assert!(!text.contains(&encoded), "{}\n{}", encoded, text);
                        }
                    }
                }
                let debug = format!("{:?}", Diagnosis::of(&request).signer(&signer));
                prop_assert!(!debug.contains(&client_secret), "{}", debug);
            }
        }
    }

    #[test]
    fn no_signature_of_plaintext_is_shown_without_a_signer(
        client_secret in "[!-~]{12,40}",
        token_secret in "[!-~]{12,40}",
    ) {
        let [_, plaintext] = signers(&client_secret, &token_secret, "verifier-1234");
        let request = signed_by(&plaintext, get("https://api.example.com/items?a=1"));
        for secret in [&client_secret, &token_secret] {
            for text in echo(secret) {
                let text = shown(&Diagnosis::of(&request).examine(&response(&text)));
                prop_assert!(!text.contains(secret.as_str()), "{}\n{}", secret, text);
            }
        }
    }
}

#[test]
fn a_short_pin_is_replaced_where_it_stands_alone() {
    let [signer, _] = signers("consumer-secret", "token-secret-1", "123");
    let request = signed_by(&signer, get("https://api.example.com/items"));
    let findings =
        Diagnosis::of(&request).examine(&response("HTTP/1.1 401 Unauthorized\n\noauth_problem=p 123"));
    assert!(!findings.to_string().contains("123"), "{findings}");
}

#[test]
fn placeholders_leave_the_page_readable() {
    let signer = Signer::builder(ClientCredentials::new("key", "consumer secret\n")).build().unwrap();
    let request = signed_by(&signer, get("https://api.example.com/items"));
    let findings = Diagnosis::of(&request).signer(&signer).examine(&response("HTTP/1.1 401 Unauthorized"));
    assert!(findings.to_string().contains("the consumer secret ends with a line break"), "{findings}");
}
