//! Known mistakes of clients, each in a request that a server rejects for its signature.

use http::{Request, header};
use oauth1_signer::diagnose::{Certainty, Diagnosis, FindingKind as Kind, Findings, SentRequest};
use oauth1_signer::{ClientCredentials, RequestRef, Signer, SignerBuilder, TokenCredentials};

use super::{first, form, get, response, signed_by, signer};

const API: &str = "https://api.example.com/items?page=2";
const INVALID: &str = "HTTP/1.1 401 Unauthorized\n\noauth_problem=signature_invalid";

fn with_secrets(client: &str, token: &str) -> Signer {
    let token = TokenCredentials::new("nnch734d00sl2jdk", token);
    let builder = Signer::builder(ClientCredentials::new("dpf43f3p2l4k3l03", client)).token(token);
    builder.allow_incomplete_credentials(true).build().unwrap()
}

fn examine(signer: &Signer, request: &Request<String>) -> Findings {
    Diagnosis::of(request).signer(signer).examine(&response(INVALID))
}

#[test]
fn credentials_that_cannot_be_right_are_named() {
    let right = "pfkkdhi9sl3r4s00";
    for (client, token, kind, says) in [
        ("kd94hf93k423kf44\n", right, Kind::CredentialFormat, "the consumer secret ends with a line break"),
        (
            " kd94hf93k423kf44",
            right,
            Kind::CredentialFormat,
            "the consumer secret starts or ends with white space",
        ),
        (
            "kd94hf93k423kf44",
            "pfkk\ndhi9sl3r4s00",
            Kind::CredentialFormat,
            "the token secret has white space",
        ),
        ("\"kd94hf93k423kf44\"", right, Kind::CredentialFormat, "the consumer secret is in quotes"),
        ("kd94hf93k423kf44%3D", right, Kind::CredentialFormat, "the consumer secret has percent escapes"),
        (
            "kd94hf93k423kf44",
            "oauth_token_secret=pfkkdhi9",
            Kind::CredentialFormat,
            "the token secret starts with the name",
        ),
        (
            "YOUR_CONSUMER_SECRET",
            right,
            Kind::CredentialFormat,
            "the consumer secret looks like a placeholder",
        ),
        ("kd94hf93k423kf44", "", Kind::TokenSecretMissing, "its secret is empty"),
        (right, right, Kind::CredentialsSwapped, "the consumer secret and the token secret are the same"),
        (
            "dpf43f3p2l4k3l03",
            right,
            Kind::CredentialsSwapped,
            "the consumer key and the consumer secret are the same",
        ),
    ] {
        let signer = with_secrets(client, token);
        let findings = examine(&signer, &signed_by(&signer, get(API)));
        assert_eq!(first(&findings), Some(kind), "{findings}");
        assert_eq!(findings.first().unwrap().certainty(), Certainty::Likely);
        assert!(findings.first().unwrap().evidence().contains(says), "{findings}");
    }
}

#[test]
fn identifiers_in_the_wrong_place_are_named_without_a_signer() {
    let x = "https://api.twitter.com/1.1/account/verify_credentials.json";
    let with = |key: &str, token: &str| {
        let token = TokenCredentials::new(token, "pfkkdhi9sl3r4s00");
        Signer::builder(ClientCredentials::new(key, "kd94hf93k423kf44")).token(token).build().unwrap()
    };
    for (signer, url, kind) in [
        (with("same", "same"), API, Kind::CredentialsSwapped),
        (with("key\n", "token"), API, Kind::CredentialFormat),
        (with("1234567-abcDEF", "xvz1evFS4wEEPTGEFPHBog"), x, Kind::CredentialsSwapped),
        (with("'key'", "token"), API, Kind::CredentialFormat),
    ] {
        let request = signed_by(&signer, get(url));
        let findings = Diagnosis::of(&request).examine(&response(INVALID));
        assert_eq!(first(&findings), Some(kind), "{findings}");
    }
}

#[test]
fn a_request_token_in_place_of_an_access_token_is_named() {
    let request = signed_by(&signer(), get(API));
    let diagnosis = Diagnosis::of(&request).temporary_token("nnch734d00sl2jdk");
    assert_eq!(first(&diagnosis.examine(&response(INVALID))), Some(Kind::TemporaryToken));
    // At the exchange it is right.
    let exchange = signer().to_builder().verifier("473f82d3").build().unwrap();
    let request = signed_by(&exchange, get(API));
    let diagnosis = Diagnosis::of(&request).temporary_token("nnch734d00sl2jdk");
    assert_eq!(first(&diagnosis.examine(&response(INVALID))), Some(Kind::Secret));
}

/// A request that was signed as one thing and sent as another.
fn moved(signed: Request<String>, mut sent: Request<String>) -> Request<String> {
    let signed = signed_by(&signer(), signed);
    sent.headers_mut().insert(header::AUTHORIZATION, signed.headers()[header::AUTHORIZATION].clone());
    sent
}

#[test]
fn what_was_changed_after_signing_is_named() {
    let post = |url: &str| Request::post(url).body(String::new()).unwrap();
    for (signed, sent, kind, says) in [
        (get("http://api.example.com/a"), get("https://api.example.com/a"), Kind::Scheme, "right for http"),
        (
            get("https://api.example.com/a"),
            post("https://api.example.com/a"),
            Kind::HttpMethod,
            "right for GET",
        ),
        (get("https://api.example.com/a"), get("https://api.example.com/a/"), Kind::Path, "last slash"),
        (
            get("https://api.example.com/a"),
            get("https://api.example.com/a?b=1&c=2"),
            Kind::ChangedAfterSigning,
            "without the query",
        ),
        (
            post("https://api.example.com/a"),
            form("https://api.example.com/a", "b=1&c=2"),
            Kind::ChangedAfterSigning,
            "without the form",
        ),
        (
            get("https://api.example.com/a?b=1"),
            get("https://api.example.com/a?b=1&c=2"),
            Kind::ChangedAfterSigning,
            "without the parameter c",
        ),
        (
            get("https://api.example.com/a?b=1"),
            get("https://api.example.com/a?b=2"),
            Kind::ChangedAfterSigning,
            "is not the one that these credentials give",
        ),
    ] {
        let findings = examine(&signer(), &moved(signed, sent));
        assert_eq!(first(&findings), Some(kind), "{findings}");
        assert_eq!(findings.first().unwrap().certainty(), Certainty::Proven);
        assert!(findings.first().unwrap().evidence().contains(says), "{findings}");
    }
}

#[test]
fn a_key_made_of_the_same_secrets_by_mistake_is_named() {
    let (client, token) = ("kd94hf93k423kf44", "pfkkdhi9sl3r4s00");
    for (wrong, says) in [
        (with_secrets(client, ""), "without the token secret"),
        (with_secrets("", token), "without the consumer secret"),
        (with_secrets(token, client), "in each other's place"),
        (with_secrets(client, "nnch734d00sl2jdk"), "with the token as token secret"),
        (with_secrets("dpf43f3p2l4k3l03", token), "with the consumer key as consumer secret"),
    ] {
        let findings = examine(&signer(), &signed_by(&wrong, get(API)));
        assert_eq!(first(&findings), Some(Kind::OtherCredentials), "{findings}");
        assert!(findings.first().unwrap().evidence().contains(says), "{findings}");
    }
}

#[test]
fn a_signature_that_was_encoded_twice_or_not_at_all_is_named() {
    let request = |signature: &str| {
        let header = format!(
            r#"OAuth oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", oauth_nonce="n", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1700000000", oauth_signature="{signature}""#
        );
        Request::get(API).header("authorization", header).body(String::new()).unwrap()
    };
    for (signature, says) in [
        ("r6%252FTJjbCOr97%252F%252BUU0NsvSne7s5g%253D", "it was encoded twice"),
        ("r6%2FTJjbCOr97%2F%20UU0NsvSne7s5g%3D", "a '+' was sent unencoded"),
    ] {
        let findings = examine(&signer(), &request(signature));
        assert!(findings.first().unwrap().evidence().contains(says), "{findings}");
    }
}

#[test]
fn what_a_known_host_wants_is_named() {
    let base = || signer().to_builder();
    let two_legged = || base().token(None);
    let netsuite = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer";
    let cases: [(SignerBuilder, &str, Kind); 7] = [
        (base().realm("1234567_SB1"), netsuite, Kind::SignatureMethod),
        (two_legged(), "https://api.mastercard.com/x", Kind::SignatureMethod),
        (base().version(false), "https://platform.fatsecret.com/rest/server.api", Kind::Version),
        (two_legged(), "https://api.schoology.com/v1/users/1", Kind::Realm),
        (two_legged().realm("Schoology API"), "https://api.schoology.com/v1/users/1", Kind::ParameterMissing),
        (base(), "https://api.cardmarket.com/ws/v2.0/account?a=1", Kind::Realm),
        (base(), "https://jira.example/plugins/servlet/oauth/request-token", Kind::SignatureMethod),
    ];
    for (builder, url, kind) in cases {
        let signer = builder.build().unwrap();
        let findings = examine(&signer, &signed_by(&signer, get(url)));
        assert_eq!(first(&findings), Some(kind), "{findings}");
    }
}

#[cfg(feature = "sha2")]
#[test]
fn a_request_as_a_known_host_wants_it_is_not_accused() {
    use oauth1_signer::SignatureMethod;

    let netsuite = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer";
    let cardmarket = "https://api.cardmarket.com/ws/v2.0/account?a=1";
    for (builder, url) in [
        (signer().to_builder().realm("1234567_SB1").method(SignatureMethod::hmac_sha256()), netsuite),
        (signer().to_builder().realm("https://api.cardmarket.com/ws/v2.0/account"), cardmarket),
    ] {
        let signer = builder.build().unwrap();
        let findings = examine(&signer, &signed_by(&signer, get(url)));
        assert_eq!(first(&findings), Some(Kind::Secret), "{findings}");
    }
    let signer = signer().to_builder().method(SignatureMethod::hmac_sha256()).build().unwrap();
    let findings = examine(&signer, &signed_by(&signer, get(netsuite)));
    assert_eq!(first(&findings), Some(Kind::Realm), "{findings}");
    assert!(findings.first().unwrap().remedy().contains("1234567_SB1"), "{findings}");
}

#[test]
fn the_multipart_fields_of_an_upload_to_flickr_are_named() {
    let request = Request::post("https://up.flickr.com/services/upload/")
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x\r\n…".to_owned())
        .unwrap();
    let findings = examine(&signer(), &signed_by(&signer(), request));
    assert_eq!(first(&findings), Some(Kind::UnsignedFields), "{findings}");
}

#[test]
fn a_request_that_is_not_a_signed_one_is_named() {
    let with_header =
        |value: &str| Request::get(API).header("authorization", value).body(String::new()).unwrap();
    let signed = signed_by(&signer(), get(API));
    let mut twice = signed.clone();
    twice.headers_mut().append("authorization", "Basic eA==".parse().unwrap());
    let mut other_host = signed.clone();
    other_host.headers_mut().insert("host", "www.example.com".parse().unwrap());
    for (request, kind) in [
        (get(API), Kind::Unsigned),
        (with_header("Bearer x"), Kind::Unsigned),
        (with_header("OAuth oauth_consumer_key=\"key"), Kind::UnreadableAuthorization),
        (with_header("OAuth oauth_consumer_key=\"key\""), Kind::ParameterMissing),
        (twice, Kind::UnreadableAuthorization),
        (other_host, Kind::Host),
        (Request::get("/items").body(String::new()).unwrap(), Kind::UnreadableRequest),
    ] {
        let findings = Diagnosis::of(&request).examine(&response(INVALID));
        assert_eq!(first(&findings), Some(kind), "{findings}");
    }
}

#[test]
fn a_protocol_parameter_in_two_places_is_named() {
    let header = signed_by(&signer(), get(API)).headers()["authorization"].clone();
    let mut request = form("https://api.example.com/items", "oauth_token=nnch734d00sl2jdk");
    request.headers_mut().insert("authorization", header);
    let findings = Diagnosis::of(&request).examine(&response(INVALID));
    assert_eq!(first(&findings), Some(Kind::ParameterRejected), "{findings}");
}

#[test]
fn timestamps_that_are_no_seconds_are_named() {
    for (timestamp, says) in [("1700000000000", "milliseconds"), ("1700000000.5", "not a whole number")] {
        let stamp = oauth1_signer::Stamp::verbatim(timestamp, "n").unwrap();
        let mut request = get(API);
        let header = signer().sign_with(&request, stamp).unwrap().to_header();
        request.headers_mut().insert("authorization", header);
        let findings = Diagnosis::of(&request).examine(&response("HTTP/1.1 401 Unauthorized"));
        assert_eq!(first(&findings), Some(Kind::Clock), "{findings}");
        assert!(findings.first().unwrap().evidence().contains(says), "{findings}");
    }
}

#[cfg(feature = "sha2")]
#[test]
fn a_body_hash_that_is_not_of_the_body_is_named() {
    use oauth1_signer::{BodyHashPolicy, SignatureMethod};

    let signer = signer().to_builder().body_hash(BodyHashPolicy::Always).build().unwrap();
    let post = |body: &str| {
        let builder =
            Request::post("https://api.example.com/items").header("content-type", "application/json");
        builder.body(body.to_owned()).unwrap()
    };
    let mut request = signed_by(&signer, post("{\"a\":1}"));
    *request.body_mut() = "{ \"a\": 1 }".to_owned();
    assert_eq!(first(&examine(&signer, &request)), Some(Kind::BodyHash));

    let sha256 = signer.to_builder().method(SignatureMethod::hmac_sha256()).build().unwrap();
    let request = signed_by(&sha256, post("{}"));
    let findings = examine(&sha256, &request);
    assert_eq!(first(&findings), Some(Kind::Secret), "{findings}");
}

#[test]
fn a_redirect_that_was_followed_is_named() {
    let request = signed_by(&signer(), get("http://api.example.com/items?page=2"));
    let examine = |url: &str| Diagnosis::of(&request).final_url(url).examine(&response(INVALID));
    assert_eq!(first(&examine("https://api.example.com/items?page=2")), Some(Kind::Redirected));
    assert_eq!(first(&examine("http://www.example.com/items")), Some(Kind::Redirected));
    assert_eq!(first(&examine("http://API.example.com:80/items?page=2#f")), Some(Kind::Secret));
}

#[test]
fn another_signer_than_the_one_that_signed_is_named() {
    let other = Signer::builder(ClientCredentials::new("other", "kd94hf93k423kf44")).build().unwrap();
    let findings = examine(&other, &signed_by(&signer(), get(API)));
    assert_eq!(first(&findings), Some(Kind::OtherCredentials), "{findings}");
}

#[test]
fn a_view_and_headers_do_as_well() {
    let request = signed_by(&signer(), get(API));
    let view = RequestRef::new("GET", API).unwrap();
    let signer = signer();
    let diagnosis = Diagnosis::of(SentRequest::new(view, request.headers())).signer(&signer);
    let findings = diagnosis.examine(&response(INVALID));
    assert_eq!(first(&findings), Some(Kind::Secret), "{findings}");
    let parts = request.into_parts().0;
    let findings = Diagnosis::of(&parts).signer(&signer).examine(&response(INVALID));
    assert_eq!(first(&findings), Some(Kind::Secret), "{findings}");
}
