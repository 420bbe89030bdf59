//! RFC 5849 §2, step by step: what each leg puts on the wire, which URL the user is sent to, and what
//! is made of what comes back. Signatures are recomputed by the oracle.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::header::{HOST, WWW_AUTHENTICATE};
use http::uri::Scheme;
use http::{HeaderMap, HeaderValue, Method, Request};
use oauth1_signer::flow::{
    CallbackError, EndpointProblem, Endpoints, Flow, FlowError, FormBody, ResponseError, token_of_callback,
};
use oauth1_signer::{
    BodyHashPolicy, BuildError, Callback, ClientCredentials, RequestRef, SignError, SignatureMethod, Signer,
    Stamp, StampError, TokenCredentials,
    problem::Problem,
    request::{RequestError, UrlError},
    server_time, signature_base_string,
};
use support::header;
use support::oracle::{self, Settings};
use support::photos::{
    AUTHORIZE, CALLBACK, CLIENT, EXCHANGE, INITIATE, RETURNED, TEMPORARY, TEMPORARY_ANSWER, TOKEN,
    TOKEN_ANSWER, VERIFIER, answer, flow, flow_of, grant, owned, photos, printer, sent, settings,
    settings_of_first_leg, settings_of_last_leg, temporary, token,
};

/// What each of the two requests has, besides its own.
const OF_ALL: [&str; 5] =
    ["oauth_consumer_key", "oauth_nonce", "oauth_signature", "oauth_signature_method", "oauth_timestamp"];

fn names(further: &[&'static str]) -> Vec<&'static str> {
    let mut names = [&OF_ALL, further].concat();
    names.sort_unstable();
    names
}

// The two requests

#[test]
fn the_first_leg_has_a_callback_and_no_token() {
    let sent = sent(&flow().temporary_credentials(CALLBACK).unwrap());
    assert_eq!((&*sent.method, &*sent.url), ("POST", INITIATE));
    assert_eq!(sent.names(), names(&["oauth_callback"]));
    assert_eq!(sent.get("oauth_callback").as_deref(), Some(CALLBACK));
    assert_eq!((sent.content_type.as_deref(), &*sent.body), (None, &b""[..]));
    sent.assert_signed_with(&settings_of_first_leg());
}

#[test]
fn the_last_leg_has_token_and_verifier_and_no_callback() {
    let sent = sent(&flow().token_credentials(&grant()).unwrap());
    assert_eq!((&*sent.method, &*sent.url), ("POST", EXCHANGE));
    assert_eq!(sent.names(), names(&["oauth_token", "oauth_verifier"]));
    assert_eq!(sent.get("oauth_token").as_deref(), Some(TEMPORARY.0));
    assert_eq!(sent.get("oauth_verifier").as_deref(), Some(VERIFIER));
    assert_eq!((sent.content_type.as_deref(), &*sent.body), (None, &b""[..]));
    sent.assert_signed_with(&settings_of_last_leg());
}

/// The flow makes its nonces itself. So: what it sends is what the oracle says it should be, nonce and
/// timestamp apart, and with those of RFC 5849 §1.2 the oracle's signature of it is the one printed there.
#[test]
fn the_signatures_are_those_of_section_1_2() {
    let flow = flow();
    let of_the_rfc = |settings: Settings, timestamp: &str, nonce: &str| Settings {
        timestamp: timestamp.to_owned(),
        nonce: nonce.to_owned(),
        ..settings
    };
    let first = sent(&flow.temporary_credentials(CALLBACK).unwrap());
    first.assert_signed_with(&settings_of_first_leg());
    let settings = of_the_rfc(settings_of_first_leg(), "137131200", "wIjqoS");
    assert_eq!(oracle::sign(&settings, &first.request()).signature, "74KNZJeDHnMBp0EMJ9ZHt/XKycU=");

    let last = sent(&flow.token_credentials(&grant()).unwrap());
    last.assert_signed_with(&settings_of_last_leg());
    let settings = of_the_rfc(settings_of_last_leg(), "137131201", "walatlh");
    assert_eq!(oracle::sign(&settings, &last.request()).signature, "gKgrFCywp7rO0OXSjdot/IHF7IU=");

    // What comes after the flow is a signer, which takes the RFC's own.
    let signer = flow.signer(token()).unwrap();
    let request = RequestRef::new("GET", "http://photos.example.net/photos?file=vacation.jpg&size=original");
    let stamp = Stamp::new(137_131_202, "chapoH").unwrap();
    let signature = signer.sign_with(request.unwrap(), stamp).unwrap().signature();
    assert_eq!(signature, "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
}

/// §2.1 and §2.3 print their requests with PLAINTEXT, without nonce and timestamp: so to the letter.
#[test]
fn the_headers_are_those_of_section_2() {
    let client = Signer::builder(ClientCredentials::new("jd83jd92dhsh93js", "ja893SD9"))
        .realm("Example")
        .version(false)
        .method(SignatureMethod::plaintext_without_stamp());
    let provider = Endpoints::new(
        "https://server.example.com/request_temp_credentials",
        "https://server.example.com/authorize",
        "https://server.example.com/request_token",
    );
    let flow = flow_of(client, provider);

    let leg = flow.temporary_credentials("http://client.example.net/cb?x=1").unwrap();
    let printed = "OAuth realm=\"Example\", oauth_consumer_key=\"jd83jd92dhsh93js\", \
        oauth_signature_method=\"PLAINTEXT\", \
        oauth_callback=\"http%3A%2F%2Fclient.example.net%2Fcb%3Fx%3D1\", oauth_signature=\"ja893SD9%26\"";
    assert_eq!(sent(&leg).header, header::parse(printed));
    let answered = "oauth_token=hdk48Djdsa&oauth_token_secret=xyz4992k83j47x0b&oauth_callback_confirmed=true";
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let issued = leg.parse_response(&answer(200, &form, answered)).unwrap();

    let url = flow.authorization_url(&issued.credentials, &[]).unwrap();
    assert_eq!(url, "https://server.example.com/authorize?oauth_token=hdk48Djdsa");
    let returned = "http://client.example.net/cb?x=1&oauth_token=hdk48Djdsa&oauth_verifier=473f82d3";
    let grant = flow.callback(issued.credentials, returned).unwrap();

    let leg = flow.token_credentials(&grant).unwrap();
    let printed = "OAuth realm=\"Example\", oauth_consumer_key=\"jd83jd92dhsh93js\", \
        oauth_token=\"hdk48Djdsa\", oauth_signature_method=\"PLAINTEXT\", oauth_verifier=\"473f82d3\", \
        oauth_signature=\"ja893SD9%26xyz4992k83j47x0b\"";
    assert_eq!(sent(&leg).header, header::parse(printed));
    let answered = "oauth_token=j49ddk933skd9dks&oauth_token_secret=ll399dj47dskfjdk";
    let issued = leg.parse_response(&answer(200, &form, answered)).unwrap();
    assert_eq!(issued.credentials.token(), "j49ddk933skd9dks");
    assert_eq!(issued.credentials.expose_secret(), "ll399dj47dskfjdk");
}

/// §2: what is in the URL of an endpoint stays there, and is signed.
#[test]
fn the_query_of_an_endpoint_is_kept_and_signed() {
    let provider = Endpoints::new(
        "https://wiki.example.org/w/index.php?title=Special:OAuth/initiate&scope=a%20b&scope=a+c",
        "https://wiki.example.org/wiki/Special:OAuth/authorize",
        "https://wiki.example.org/w/index.php?title=Special:OAuth/token&",
    );
    let flow = flow_of(printer(), provider);
    let first = sent(&flow.temporary_credentials(CALLBACK).unwrap());
    assert_eq!(
        first.url,
        "https://wiki.example.org/w/index.php?title=Special:OAuth/initiate&scope=a%20b&scope=a+c"
    );
    first.assert_signed_with(&settings_of_first_leg());
    let last = sent(&flow.token_credentials(&grant()).unwrap());
    assert_eq!(last.url, "https://wiki.example.org/w/index.php?title=Special:OAuth/token&");
    last.assert_signed_with(&settings_of_last_leg());
}

/// §3.1: no parameter twice.
#[test]
fn a_parameter_of_the_protocol_in_an_endpoint_is_refused() {
    let provider = Endpoints::new(format!("{INITIATE}?oauth_callback=oob"), AUTHORIZE, EXCHANGE);
    let leg = flow_of(printer(), provider).temporary_credentials(CALLBACK).unwrap();
    let Err(SignError::Request(RequestError::ReservedParameter { name, .. })) = leg.to_request() else {
        panic!("oauth_callback twice")
    };
    assert_eq!(name, "oauth_callback");
}

#[test]
fn get_where_a_provider_wants_it() {
    let flow = flow_of(printer(), photos().method(Method::GET));
    let first = sent(&flow.temporary_credentials(CALLBACK).unwrap());
    let last = sent(&flow.token_credentials(&grant()).unwrap());
    assert_eq!([&*first.method, &*last.method], ["GET", "GET"]);
    assert_eq!([first.body.len(), last.body.len()], [0, 0]);
    first.assert_signed_with(&settings_of_first_leg());
    last.assert_signed_with(&settings_of_last_leg());
}

#[test]
fn the_settings_of_the_signer_are_kept() {
    let client = Signer::builder(ClientCredentials::new(CLIENT.0, CLIENT.1))
        .realm("a \"realm\"")
        .parameter("oauth_x", "a b")
        .clock(|| Ok(1_700_000_000))
        .clock_offset(-7)
        .random(|| Ok([7; 16]));
    let flow = flow_of(client, photos());
    let sent = sent(&flow.temporary_credentials(CALLBACK).unwrap());
    assert_eq!(sent.get("oauth_timestamp").as_deref(), Some("1699999993"));
    assert_eq!(sent.names(), names(&["oauth_callback", "oauth_version", "oauth_x"]));
    sent.assert_signed_with(&Settings {
        realm: Some("a \"realm\"".to_owned()),
        version: true,
        parameters: vec![owned(("oauth_x", "a b"))],
        ..settings_of_first_leg()
    });
}

/// A signer that already serves a user makes the same flow as one that does not.
#[test]
fn what_belongs_to_a_user_is_left_out() {
    let client = printer().token(token()).callback("https://other.example/").verifier("other");
    let flow = flow_of(client, photos());
    sent(&flow.temporary_credentials(CALLBACK).unwrap()).assert_signed_with(&settings_of_first_leg());
    sent(&flow.token_credentials(&grant()).unwrap()).assert_signed_with(&settings_of_last_leg());
    let signer = flow.signer(TokenCredentials::new("another", "secret")).unwrap();
    let signed = signer.sign(RequestRef::new("GET", "https://h/").unwrap()).unwrap();
    let names: Vec<_> = signed.parameters().into_iter().map(|(name, _)| name).collect();
    assert!(!names.iter().any(|name| name == "oauth_verifier" || name == "oauth_callback"), "{names:?}");
}

#[test]
fn each_request_has_a_nonce_and_a_time_of_its_own() {
    let time = Arc::new(AtomicU64::new(1_700_000_000));
    let clock = Arc::clone(&time);
    let flow = flow_of(printer().clock(move || Ok(clock.fetch_add(1, Ordering::Relaxed))), photos());
    let leg = flow.temporary_credentials(CALLBACK).unwrap();
    let [one, other] = [sent(&leg), sent(&leg)];
    assert_ne!(one.get("oauth_nonce"), other.get("oauth_nonce"));
    assert_eq!(one.get("oauth_timestamp").as_deref(), Some("1700000000"));
    assert_eq!(other.get("oauth_timestamp").as_deref(), Some("1700000001"));
    for sent in [one, other] {
        sent.assert_signed_with(&settings_of_first_leg());
    }
    // Nothing of it is in the leg.
    assert!(!leg.unsigned().headers().contains_key("authorization"));
}

#[test]
fn body_hashes_are_of_the_empty_body() {
    for (policy, of_oracle, hash) in [
        (BodyHashPolicy::Off, oracle::BodyHashPolicy::Off, None),
        (BodyHashPolicy::NotForms, oracle::BodyHashPolicy::NotForms, None),
        // The example of the OAuth Request Body Hash extension for an empty body.
        (BodyHashPolicy::Always, oracle::BodyHashPolicy::Always, Some("2jmj7l5rSw0yVb/vlWAYkK/YBwk=")),
    ] {
        let flow = flow_of(printer().body_hash(policy), photos());
        let first = sent(&flow.temporary_credentials(CALLBACK).unwrap());
        assert_eq!(first.get("oauth_body_hash").as_deref(), hash, "{policy:?}");
        first.assert_signed_with(&Settings { body_hash: of_oracle, ..settings_of_first_leg() });
        sent(&flow.token_credentials(&grant()).unwrap())
            .assert_signed_with(&Settings { body_hash: of_oracle, ..settings_of_last_leg() });
    }
}

#[test]
fn any_method_serves() {
    let mut methods = vec![
        (SignatureMethod::hmac_sha1(), oracle::Method::HmacSha1),
        (SignatureMethod::plaintext(), oracle::Method::Plaintext),
    ];
    #[cfg(feature = "sha2")]
    methods.extend([
        (SignatureMethod::hmac_sha256(), oracle::Method::HmacSha256),
        (SignatureMethod::hmac_sha512(), oracle::Method::HmacSha512),
    ]);
    for (method, of_oracle) in methods.drain(..) {
        let flow = flow_of(printer().method(method), photos());
        sent(&flow.temporary_credentials(CALLBACK).unwrap())
            .assert_signed_with(&Settings { method: of_oracle, ..settings_of_first_leg() });
        sent(&flow.token_credentials(&grant()).unwrap())
            .assert_signed_with(&Settings { method: of_oracle, ..settings_of_last_leg() });
    }
}

/// The oracle has no RSA, but the public key can say whether a signature of the oracle's base string is one.
#[cfg(feature = "rsa")]
#[test]
fn rsa_serves() {
    use base64::Engine;
    use rsa::pkcs8::DecodePublicKey;
    use sha1::Digest;

    let key =
        oauth1_signer::signature::RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-a.pkcs8.pem"))
            .unwrap();
    let flow = flow_of(printer().method(SignatureMethod::rsa_sha1(key)), photos());
    let sent = sent(&flow.token_credentials(&grant()).unwrap());
    assert_eq!(sent.names(), names(&["oauth_token", "oauth_verifier"]));
    assert_eq!(sent.get("oauth_signature_method").as_deref(), Some("RSA-SHA1"));

    let pairs: Vec<oracle::Pair> = sent
        .names()
        .iter()
        .map(|name| (name.as_bytes().to_vec(), sent.get(name).unwrap().into_bytes()))
        .collect();
    let base_string = oracle::base_string("POST", EXCHANGE, &pairs);
    let signature = base64::engine::general_purpose::STANDARD.decode(sent.get("oauth_signature").unwrap());
    let public = rsa::PublicKey::from_public_key_pem(include_str!("../vectors/keys/rsa-a.pub.pem")).unwrap();
    // RFC 8017 §9.2, note 1: how the DigestInfo of SHA-1 starts.
    let prefix = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
    let scheme = rsa::Pkcs1v15Sign { hash_len: Some(20), prefix: Box::from(&prefix[..]) };
    public.verify(scheme, &sha1::Sha1::digest(base_string), &signature.unwrap()).unwrap();
}

/// A key that lives elsewhere: the leg's request but for its signature, and what goes on it.
#[test]
fn two_steps_serve() {
    let flow = flow_of(printer().method(SignatureMethod::external("RSA-SHA1")), photos());
    let leg = flow.temporary_credentials(CALLBACK).unwrap();
    assert!(matches!(leg.to_request(), Err(SignError::Signature(_))));
    let prepared = leg.prepare().unwrap();
    assert!(prepared.base_string().starts_with("POST&https%3A%2F%2Fphotos.example.net%2Finitiate&oauth_"));
    let value = prepared.finish(b"signature".to_vec()).to_header();
    let parsed = header::parse(value.to_str().unwrap());
    assert!(parsed.parameters.contains(&owned(("oauth_signature", "c2lnbmF0dXJl"))));
    assert_eq!(leg.unsigned().uri(), INITIATE);
}

#[test]
fn an_explanation_is_of_the_request_beside_it() {
    let leg = flow().temporary_credentials(CALLBACK).unwrap();
    let (request, explanation) = leg.explain().unwrap();
    let authorization = request.headers()["authorization"].to_str().unwrap();
    let parameters = header::parse(authorization).parameters;
    let told = explanation.parameters().iter().map(|p| owned((p.name(), p.value())));
    let sent = parameters.into_iter().filter(|(name, _)| name != "oauth_signature");
    assert!(told.eq(sent));
    assert_eq!(explanation.base_uri(), INITIATE);
}

/// What cannot be signed is an error of the request, each time it is asked for.
#[test]
fn a_leg_without_a_clock_is_an_error() {
    let flow = flow_of(printer().clock(|| Err("no clock".into())), photos());
    let leg = flow.temporary_credentials(CALLBACK).unwrap();
    assert!(matches!(leg.to_request(), Err(SignError::Stamp(StampError::Clock(_)))));
    assert!(matches!(leg.explain(), Err(SignError::Stamp(StampError::Clock(_)))));
    assert!(matches!(leg.prepare(), Err(SignError::Stamp(StampError::Clock(_)))));
}

/// The body of a request is what any client can send.
#[test]
fn a_body_goes_into_any_client() {
    let request = || flow().xauth("jane", "pa55 word").unwrap().to_request().unwrap();
    let text = "x_auth_mode=client_auth&x_auth_password=pa55%20word&x_auth_username=jane";
    assert_eq!(request().map(String::from).body(), text);
    assert_eq!(request().map(Vec::from).body(), text.as_bytes());
    assert_eq!(request().map(bytes::Bytes::from).body(), text.as_bytes());
    assert_eq!(request().body().as_ref(), text.as_bytes());
    assert!(FormBody::default().as_ref().is_empty());
}

// The callback that is asked for

#[test]
fn oob_is_sent_as_it_is() {
    for callback in [Callback::OutOfBand, Callback::from("oob"), Callback::from("oob".to_owned())] {
        let sent = sent(&flow().temporary_credentials(callback).unwrap());
        assert_eq!(sent.get("oauth_callback").as_deref(), Some("oob"));
        sent.assert_signed_with(&Settings { callback: Some("oob".to_owned()), ..settings() });
    }
}

/// Where an application of a device or a desktop listens, and what has to be encoded twice.
#[test]
fn any_absolute_uri_is_a_callback() {
    for callback in [
        "http://printer.example.com/ready?x=1&y=%20#z",
        "HTTPS://printer.example.com:8443/",
        "http://127.0.0.1:49152",
        "http://[::1]:49152/ready",
        "com.example.printer:/ready",
        "myapp://ready",
        "urn:ietf:wg:oauth:2.0:oob",
    ] {
        let sent = sent(&flow().temporary_credentials(callback).unwrap());
        assert_eq!(sent.get("oauth_callback").as_deref(), Some(callback));
        sent.assert_signed_with(&Settings { callback: Some(callback.to_owned()), ..settings() });
    }
}

#[test]
fn anything_else_is_no_callback() {
    for callback in [
        "",
        "OOB",
        "Oob",
        " oob",
        "oob ",
        "ready",
        "/ready",
        "?ready",
        "//h/ready",
        "http:",
        "http://",
        "https:/h",
        "http://h h/",
        "http://h/a b",
        "http://h/\n",
        "http://h:x/",
        "http://[::1/",
        "1http://h/",
        "://h/",
        ":",
        "https://",
        "myapp:",
        "é://h/",
        // The scheme was forgotten, not invented.
        "localhost:8080/ready",
        "printer.example.com:443",
    ] {
        let error = flow().temporary_credentials(callback).unwrap_err();
        assert_eq!(error, FlowError::InvalidCallback, "{callback:?}");
    }
}

// The URL that the user is sent to

fn authorization_url(endpoint: &str, parameters: &[(&str, &str)]) -> Result<String, FlowError> {
    flow_of(printer(), Endpoints::new(INITIATE, endpoint, EXCHANGE))
        .authorization_url(&temporary(), parameters)
}

#[test]
fn the_token_joins_the_query_there_is() {
    for (endpoint, expected) in [
        ("https://h/a", "https://h/a?oauth_token=hh5s93j4hdidpola"),
        ("https://h", "https://h?oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?", "https://h/a?oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?x=1", "https://h/a?x=1&oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?x=1&", "https://h/a?x=1&oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?x=%20+%zz", "https://h/a?x=%20+%zz&oauth_token=hh5s93j4hdidpola"),
        ("https://h/a?x=/?", "https://h/a?x=/?&oauth_token=hh5s93j4hdidpola"),
        ("https://h/a#f", "https://h/a?oauth_token=hh5s93j4hdidpola#f"),
        ("https://h/a?x=1#f?y=2", "https://h/a?x=1&oauth_token=hh5s93j4hdidpola#f?y=2"),
        ("https://h/a#", "https://h/a?oauth_token=hh5s93j4hdidpola#"),
    ] {
        assert_eq!(authorization_url(endpoint, &[]).as_deref(), Ok(expected));
        assert_eq!(token_of_callback(expected).as_deref(), Some("hh5s93j4hdidpola"));
    }
}

#[test]
fn further_parameters_are_encoded_and_keep_their_order() {
    let parameters = [("perms", "read write"), ("a&b", "c=d"), ("", ""), ("é", "%"), ("perms", "#?+")];
    assert_eq!(
        authorization_url("https://h/a?x=1#f", &parameters).as_deref(),
        Ok("https://h/a?x=1&oauth_token=hh5s93j4hdidpola\
            &perms=read%20write&a%26b=c%3Dd&=&%C3%A9=%25&perms=%23%3F%2B#f"),
    );
    let odd = oauth1_signer::TemporaryCredentials::new("a b&c=+%\u{e9}", "secret");
    let url = flow().authorization_url(&odd, &[]).unwrap();
    assert_eq!(url, "https://photos.example.net/authorize?oauth_token=a%20b%26c%3D%2B%25%C3%A9");
}

/// Two of them, and the provider could take either.
#[test]
fn a_second_oauth_token_is_refused() {
    for (endpoint, parameters) in [
        ("https://h/a?oauth_token=x", &[][..]),
        ("https://h/a?x=1&oauth%5Ftoken", &[]),
        ("https://h/a", &[("oauth_token", "x")]),
        ("https://h/a", &[("x", "1"), ("oauth_token", "")]),
    ] {
        assert_eq!(authorization_url(endpoint, parameters), Err(FlowError::ReservedToken), "{endpoint}");
    }
    // In a fragment nobody reads it, and OAuth Core 1.0 has its callback there.
    assert!(authorization_url("https://h/a#?oauth_token=x", &[("oauth_callback", CALLBACK)]).is_ok());
}

// What the user comes back with

/// The verification code that goes out for a callback.
fn verifier_for(flow: &Flow, callback: &str) -> Option<String> {
    let grant =
        flow.callback(temporary(), callback).unwrap_or_else(|refused| panic!("{callback}: {refused}"));
    sent(&flow.token_credentials(&grant).unwrap()).get("oauth_verifier")
}

#[test]
fn a_callback_is_taken_in_any_form_that_a_framework_has_it_in() {
    let uri: http::Uri = RETURNED.parse().unwrap();
    let path_and_query = uri.path_and_query().unwrap().as_str();
    for callback in [
        RETURNED,
        &uri.to_string(),
        path_and_query,
        uri.query().unwrap(),
        &format!("?{}", uri.query().unwrap()),
        &format!("{RETURNED}#oauth_token=x&oauth_verifier=y"),
        &uri.query().unwrap().replace('&', "&&"),
        &format!(" {}\r\n", uri.query().unwrap()),
        "myapp:ready?oauth_verifier=hfdp7dh39dks9884&oauth_token=hh5s93j4hdidpola",
        "https://h/a=b&c?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
        "https://h/?oauth_token=hh5s93j4hdidpola&x=/?&oauth_verifier=hfdp7dh39dks9884",
        "https://h/?%6f%61uth_token=hh5s93j4hdidpol%61&oauth_verifier=%68fdp7dh39dks9884",
    ] {
        assert_eq!(verifier_for(&flow(), callback).as_deref(), Some(VERIFIER), "{callback}");
        assert_eq!(token_of_callback(callback).as_deref(), Some(TEMPORARY.0), "{callback}");
    }
}

/// RFC 3986 §3.4: a query may have a `?` in it. Where the query comes alone, it is no less one.
#[test]
fn a_question_mark_in_a_query_alone_starts_nothing() {
    for callback in [
        "oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884&next=/a?b=1",
        "next=/a?b=1&oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
        "?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884&next=/a?b=1",
    ] {
        assert_eq!(token_of_callback(callback).as_deref(), Some(TEMPORARY.0), "{callback}");
        assert_eq!(verifier_for(&flow(), callback).as_deref(), Some(VERIFIER), "{callback}");
    }
}

/// What stands in a path is no parameter, whatever it looks like.
#[test]
fn a_url_without_a_query_has_no_parameters() {
    for callback in [
        "https://h/cb&oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
        "/cb&oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884",
    ] {
        assert_eq!(token_of_callback(callback), None, "{callback}");
        let refused = flow().callback(temporary(), callback).unwrap_err();
        assert_eq!(*refused.reason(), CallbackError::MissingToken { html_escaped: false }, "{callback}");
    }
}

/// Browsers send these as they are (the query state of the URL standard), in the application's own
/// parameters, say.
#[test]
fn a_problem_is_seen_beside_any_characters() {
    for own in ["filter[a]=1", "f={}", "a|b", "a^b", "a`b", "a\\b", "caf\u{e9}"] {
        let callback = |problem: &str| {
            format!("https://h/?{own}&oauth_token=hh5s93j4hdidpola&oauth_verifier=v&oauth_problem={problem}")
        };
        let reason = |problem| match flow().callback(temporary(), &callback(problem)) {
            Ok(_) => None,
            Err(refused) => Some(refused.reason().clone()),
        };
        assert_eq!(reason("user_refused"), Some(CallbackError::Denied), "{own}");
        assert!(matches!(reason("token_expired"), Some(CallbackError::Problem(_))), "{own}");
        assert_eq!(reason(""), None, "{own}");
    }
}

/// What was encoded for the way back is decoded once, and encoded anew for the next request.
#[test]
fn a_verification_code_is_decoded_once() {
    for (encoded, expected) in [
        ("a%2Bb", "a+b"),
        ("a+b", "a b"),
        ("a%2526", "a%26"),
        ("%C3%A9%0A", "\u{e9}\n"),
        ("=", "="),
        ("%zz", "%zz"),
    ] {
        let callback = format!("https://h/?oauth_token=hh5s93j4hdidpola&oauth_verifier={encoded}");
        let grant = flow().callback(temporary(), &callback).unwrap();
        sent(&flow().token_credentials(&grant).unwrap())
            .assert_signed_with(&Settings { verifier: Some(expected.to_owned()), ..settings_of_last_leg() });
    }
}

/// A forged callback must not end a user's attempt.
#[test]
fn refused_credentials_can_be_tried_again() {
    let mut pending = temporary();
    for (callback, reason) in [
        ("https://h/?oauth_token=another&oauth_verifier=x", CallbackError::TokenMismatch),
        ("https://h/?denied=x", CallbackError::Denied),
        ("https://h/", CallbackError::MissingToken { html_escaped: false }),
    ] {
        let refused = flow().callback(pending, callback).unwrap_err();
        assert_eq!(*refused.reason(), reason);
        pending = refused.into_credentials();
    }
    let refused = flow().pin(pending, "  ").unwrap_err();
    assert_eq!(*refused.reason(), CallbackError::Empty);
    let grant = flow().callback(refused.into_credentials(), RETURNED).unwrap();
    sent(&flow().token_credentials(&grant).unwrap()).assert_signed_with(&settings_of_last_leg());
}

/// Case 170 of the list of bad input: what counts once is taken by value and has no copy. If it had one,
/// `probe` could be either of two, and this would not compile.
#[test]
fn a_decision_cannot_be_copied() {
    trait NotClone<A> {
        fn probe() {}
    }
    struct IfClone;
    impl<T: ?Sized> NotClone<()> for T {}
    impl<T: Clone> NotClone<IfClone> for T {}

    <oauth1_signer::TemporaryCredentials as NotClone<_>>::probe();
    <oauth1_signer::flow::Approval as NotClone<_>>::probe();
}

#[test]
fn the_token_of_a_callback_is_told_where_there_is_just_one() {
    for (callback, token) in [
        ("https://h/?oauth_token=a%20b", Some("a b")),
        ("oauth_token=a&oauth_verifier=b", Some("a")),
        ("https://h/?oauth_token=", Some("")),
        // A refusal has to be found too.
        ("https://h/?denied=a", Some("a")),
        ("https://h/?oauth_token=a&denied=b", Some("a")),
        ("https://h/?oauth_token=a&oauth_problem=token_expired", Some("a")),
        ("https://h/?oauth_token=a&oauth_verifier=b&oauth_verifier=b", Some("a")),
        ("https://h/?oauth_token=a&oauth_token=a", None),
        ("https://h/?oauth_token=%FF", None),
        ("https://h/#oauth_token=a", None),
        ("https://h/", None),
        ("", None),
    ] {
        assert_eq!(token_of_callback(callback).as_deref(), token, "{callback}");
    }
}

#[test]
fn a_pin_is_a_verification_code() {
    let grant = flow().pin(temporary(), " hfdp7dh39dks9884\n").unwrap();
    sent(&flow().token_credentials(&grant).unwrap()).assert_signed_with(&settings_of_last_leg());
    // What is inside it is the user's.
    let grant = flow().pin(temporary(), "76 50-822").unwrap();
    let sent = sent(&flow().token_credentials(&grant).unwrap());
    assert_eq!(sent.get("oauth_verifier").as_deref(), Some("76 50-822"));
}

// Beside the three legs

/// OAuth Core 1.0, before its revision A: no confirmation, no verification code.
#[test]
fn a_provider_of_oauth_1_0_is_accepted_where_that_is_said() {
    let old = flow_of(printer(), photos().accept_oauth_1_0());
    for answered in [TEMPORARY_ANSWER, TEMPORARY_ANSWER.split("&oauth_callback").next().unwrap()] {
        let first = old.temporary_credentials("oob").unwrap();
        let issued = first.parse_response(&answer(200, &[], answered)).unwrap();
        assert_eq!(issued.credentials.token(), TEMPORARY.0);
        assert_eq!(issued.fields.iter().count(), 0);
    }
    let returned = "https://h/?oauth_token=hh5s93j4hdidpola";
    let refused = flow().callback(temporary(), returned).unwrap_err();
    assert_eq!(*refused.reason(), CallbackError::MissingVerifier { html_escaped: false });
    let grant = old.callback(refused.into_credentials(), returned).unwrap();
    let last = sent(&old.token_credentials(&grant).unwrap());
    assert_eq!(last.names(), names(&["oauth_token"]));
    last.assert_signed_with(&Settings { verifier: None, ..settings_of_last_leg() });
    // Where there is a code after all, it is sent; and all the rest is as strict as ever.
    assert_eq!(verifier_for(&old, RETURNED).as_deref(), Some(VERIFIER));
    let refused = old.callback(temporary(), "https://h/?oauth_token=another").unwrap_err();
    assert_eq!(*refused.reason(), CallbackError::TokenMismatch);
}

#[test]
fn a_renewal_has_token_and_session_handle() {
    let leg = flow().renewal(&token(), "handle+1").unwrap();
    let sent = sent(&leg);
    assert_eq!((&*sent.method, &*sent.url), ("POST", EXCHANGE));
    assert_eq!(sent.names(), names(&["oauth_session_handle", "oauth_token"]));
    sent.assert_signed_with(&Settings {
        token: Some(owned(TOKEN)),
        parameters: vec![owned(("oauth_session_handle", "handle+1"))],
        ..settings()
    });
    let issued = leg.parse_response(&answer(200, &[], "oauth_token=new&oauth_token_secret=s")).unwrap();
    assert_eq!(issued.credentials.token(), "new");

    let flow = flow_of(printer().parameter("oauth_session_handle", "x"), photos());
    let error = flow.renewal(&token(), "y").unwrap_err();
    assert_eq!(error, FlowError::Build(BuildError::DuplicateParameter("oauth_session_handle".to_owned())));
}

/// The form is part of the signature, and the password is in nothing that is shown.
#[test]
fn xauth_signs_its_form_and_shows_no_password() {
    for policy in [BodyHashPolicy::Off, BodyHashPolicy::NotForms] {
        let flow = flow_of(printer().body_hash(policy), photos().method(Method::GET));
        let leg = flow.xauth("jane&co", "p\u{e4}ss w0rd&%+=").unwrap();
        let sent = sent(&leg);
        assert_eq!((&*sent.method, &*sent.url), ("POST", EXCHANGE));
        assert_eq!(sent.content_type.as_deref(), Some("application/x-www-form-urlencoded"));
        let pairs = oracle::form_pairs(&sent.body);
        let expected = [
            ("x_auth_mode", "client_auth"),
            ("x_auth_password", "p\u{e4}ss w0rd&%+="),
            ("x_auth_username", "jane&co"),
        ];
        assert!(
            pairs.iter().map(|(n, v)| (&**n, &**v)).eq(expected.map(|(n, v)| (n.as_bytes(), v.as_bytes())))
        );
        assert_eq!(sent.names(), names(&[]));
        sent.assert_signed_with(&settings());

        let (request, explanation) = leg.explain().unwrap();
        let (_, other) = leg.explain().unwrap();
        let differences = explanation.differences(leg.prepare().unwrap().base_string());
        let shown = format!(
            "{leg:?} {request:?} {:?} {explanation} {explanation:?} {differences:?} {:?} {:?}",
            leg.unsigned(),
            explanation.differences(other.base_string()),
            leg.prepare().unwrap(),
        );
        assert!(shown.contains("jane%26co"), "the rest of the form is explained");
        let once = oauth1_signer::percent_encode("p\u{e4}ss w0rd&%+=");
        let twice = oauth1_signer::percent_encode(&once);
        for form in ["p\u{e4}ss w0rd&%+=", &once, &twice] {
            assert!(!shown.contains(form), "{form} in {shown}");
        }
        assert!(String::from_utf8(sent.body).unwrap().contains(&once), "the body has it");
        let issued = leg.parse_response(&answer(200, &[], TOKEN_ANSWER)).unwrap();
        assert_eq!(issued.credentials.token(), TOKEN.0);
    }
}

#[test]
fn an_empty_password_is_one() {
    let sent = sent(&flow().xauth("", "").unwrap());
    assert_eq!(sent.body, b"x_auth_mode=client_auth&x_auth_password=&x_auth_username=");
    sent.assert_signed_with(&settings());
}

/// §1.2, from the first request to the photo.
#[test]
fn jane_prints_her_photos() {
    let flow = flow();
    let first = flow.temporary_credentials(CALLBACK).unwrap();
    let temporary = first.parse_response(&answer(200, &[], TEMPORARY_ANSWER)).unwrap().credentials;
    let grant = flow.callback(temporary, RETURNED).unwrap();
    let last = flow.token_credentials(&grant).unwrap();
    let issued = last.parse_response(&answer(200, &[], TOKEN_ANSWER)).unwrap();
    assert_eq!((issued.credentials.token(), issued.credentials.expose_secret()), TOKEN);
    let signer = flow.signer(issued.credentials).unwrap();
    let request =
        Request::get("http://photos.example.net/photos?file=vacation.jpg&size=original").body(()).unwrap();
    let sent = signer.authorize(request).unwrap();
    let parsed = header::parse(sent.headers()["authorization"].to_str().unwrap());
    assert_eq!(parsed.realm.as_deref(), Some("Photos"));
    let names: Vec<_> = parsed.parameters.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, self::names(&["oauth_token"]));
}

/// A signer whose settings do not go with a token is refused where the token comes in.
#[test]
fn a_signer_may_not_go_with_a_token() {
    let flow = flow_of(printer().parameter("oauth_token", "x"), photos());
    let duplicate = BuildError::DuplicateParameter("oauth_token".to_owned());
    assert_eq!(flow.signer(token()).unwrap_err(), duplicate);
    assert_eq!(flow.token_credentials(&grant()).unwrap_err(), FlowError::Build(duplicate));
    let pem = TokenCredentials::new("t", "-----BEGIN PRIVATE KEY-----");
    assert_eq!(flow.signer(pem).unwrap_err(), BuildError::KeyAsSecret("token secret"));
}

// What is wrong with an endpoint

fn faults(endpoint: &str) -> [Option<(&'static str, EndpointProblem)>; 3] {
    let signer = printer().build().unwrap();
    [
        Endpoints::new(endpoint, AUTHORIZE, EXCHANGE),
        Endpoints::new(INITIATE, endpoint, EXCHANGE),
        Endpoints::new(INITIATE, AUTHORIZE, endpoint),
    ]
    .map(|provider| match Flow::new(provider, &signer) {
        Ok(_) => None,
        Err(FlowError::Endpoint(error)) => {
            assert!(error.to_string().starts_with(&format!("the {} endpoint: ", error.endpoint())));
            assert!(error.to_string().ends_with(&error.fault().to_string()));
            Some((error.endpoint(), error.fault().clone()))
        }
        Err(other) => panic!("{endpoint}: {other}"),
    })
}

#[test]
fn an_endpoint_is_an_absolute_url_and_https() {
    let url = EndpointProblem::Url;
    for (endpoint, fault) in [
        ("", url(UrlError::Empty)),
        ("/initiate", url(UrlError::MissingScheme)),
        ("//h/initiate", url(UrlError::MissingScheme)),
        ("photos.example.net/initiate", url(UrlError::MissingScheme)),
        ("ftp://h/initiate", url(UrlError::UnsupportedScheme("ftp".to_owned()))),
        ("https:/h", url(UrlError::MissingAuthority)),
        ("https:///initiate", url(UrlError::EmptyHost)),
        ("https://h:x/", url(UrlError::InvalidPort)),
        ("https://h/\u{e9}", url(UrlError::NonAscii { offset: 10 })),
        ("https://h/ ", url(UrlError::UnencodedSpace { offset: 10 })),
        ("https://h/\n", url(UrlError::ControlChar { offset: 10 })),
        ("https://user:pa55@h/", EndpointProblem::Userinfo),
        ("http://user@localhost/", EndpointProblem::Userinfo),
        ("http://h/", EndpointProblem::Insecure),
        ("HTTP://h:443/", EndpointProblem::Insecure),
        ("http://localhost.example/", EndpointProblem::Insecure),
        ("http://127.0.0.1.example/", EndpointProblem::Insecure),
        ("http://10.0.0.1/", EndpointProblem::Insecure),
    ] {
        let names = ["temporary credentials", "authorization", "token credentials"];
        assert_eq!(faults(endpoint), names.map(|name| Some((name, fault.clone()))), "{endpoint}");
    }
    for endpoint in [
        "https://h",
        "HTTPS://H:8443/?a=b#c",
        "http://localhost:8080/",
        "http://127.0.0.1/",
        "http://[::1]:80/",
    ] {
        assert_eq!(faults(endpoint), [None, None, None], "{endpoint}");
    }
}

#[test]
fn http_on_another_machine_is_allowed_by_name() {
    let provider = || Endpoints::new("http://h/1", "http://h/2", "http://h/3");
    let flow = flow_of(printer(), provider().allow_http());
    let sent = sent(&flow.temporary_credentials(CALLBACK).unwrap());
    assert_eq!(sent.url, "http://h/1");
    sent.assert_signed_with(&settings_of_first_leg());
    assert_eq!(flow.authorization_url(&temporary(), &[]).unwrap(), "http://h/2?oauth_token=hh5s93j4hdidpola");
    // It allows nothing else.
    let signer = printer().build().unwrap();
    let userinfo = Endpoints::new("http://u:p@h/1", "http://h/2", "http://h/3").allow_http();
    assert!(matches!(Flow::new(userinfo, &signer), Err(FlowError::Endpoint(_))));
    // PLAINTEXT has a lock of its own.
    let plaintext = flow_of(printer().method(SignatureMethod::plaintext()), provider().allow_http());
    let error = plaintext.temporary_credentials(CALLBACK).unwrap().to_request().unwrap_err();
    assert!(matches!(error, SignError::InsecurePlaintext));
}

// What a provider says is wrong: the OAuth Problem Reporting extension

fn headers(name: &http::HeaderName, values: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

fn challenged(values: &[&str]) -> Option<Problem> {
    Problem::of(&headers(&WWW_AUTHENTICATE, values), b"")
}

#[test]
fn a_problem_is_read_from_any_challenge() {
    for values in [
        &["OAuth oauth_problem=token_expired"][..],
        &["OAuth oauth_problem=\"token_expired\""],
        &["oauth realm=\"h\",oauth_problem=\"token_expired\""],
        &["OAuth realm=\"a, b=\\\"c\\\"\" , oauth_problem = \"token%5Fexpired\""],
        &["Basic realm=\"h\"", "OAuth oauth_problem=\"token_expired\""],
        &["Basic realm=\"h\", OAuth realm=\"h\", oauth_problem=\"token_expired\""],
        &["OAuth realm=\"h\", oauth_problem=\"token_expired\", Basic realm=\"h\""],
        &["OAuth realm=\"h\"", "OAuth oauth_problem=\"token_expired\""],
        &["OAuth oauth_problem=\"\"", "OAuth oauth_problem=\"token_expired\""],
        &["Negotiate, OAuth oauth_problem=\"token_expired\""],
        &["Negotiate YWJj==, OAuth oauth_problem=\"token_expired\""],
        &["OAuth OAUTH_PROBLEM=\"token_expired\""],
        &["=", "\u{e9}", "OAuth oauth_problem=\"token_expired\""],
        // The first one counts.
        &["OAuth oauth_problem=\"token_expired\"", "OAuth oauth_problem=\"token_used\""],
    ] {
        let problem = challenged(values).unwrap_or_else(|| panic!("none in {values:?}"));
        assert_eq!(problem.code(), "token_expired", "{values:?}");
    }
    for values in [
        &[][..],
        &[""],
        &["OAuth"],
        &["OAuth realm=\"oauth_problem=token_expired\""],
        &["OAuth oauth_problem"],
        &["OAuth oauth_problem="],
        &["OAuth oauth_problem=\"token_expired"],
        &["OAuth oauth_problem=\"\""],
        &["Basic oauth_problem=\"token_expired\""],
        &["oauth_problem=token_expired"],
        &["\u{e9} OAuth oauth_problem=\"token_expired\""],
    ] {
        assert_eq!(challenged(values), None, "{values:?}");
    }
}

#[test]
fn a_problem_is_read_from_a_body() {
    for body in [
        "oauth_problem=token_expired",
        "a=b&oauth_problem=token%5Fexpired\r\n",
        "&oauth_problem=token_expired&",
    ] {
        let problem = Problem::of(&HeaderMap::new(), body.as_bytes()).unwrap();
        assert_eq!(problem.code(), "token_expired");
    }
    for body in [
        "",
        "oauth_problem=",
        "oauth_problem",
        "xoauth_problem=token_expired",
        "<p>oauth_problem=token_expired</p>",
        "{\"oauth_problem\":\"token_expired\"}",
        "the oauth_problem=token_expired",
        "a\noauth_problem=token_expired",
    ] {
        assert_eq!(Problem::of(&HeaderMap::new(), body.as_bytes()), None, "{body:?}");
    }
}

/// The body comes first; what it does not say, the header may.
#[test]
fn body_and_header_add_up() {
    let header = "OAuth oauth_problem=\"token_used\", oauth_problem_advice=\"of%20the%20header\", \
        oauth_acceptable_versions=\"1.0-1.0\"";
    let headers = headers(&WWW_AUTHENTICATE, &[header]);
    let both =
        Problem::of(&headers, b"oauth_problem=token_expired&oauth_problem_advice=of+the+body").unwrap();
    assert_eq!((both.code(), both.advice()), ("token_expired", Some("of the body")));
    assert_eq!(both.acceptable_versions(), Some(("1.0", "1.0")));
    let body = Problem::of(&headers, b"oauth_problem=token_expired").unwrap();
    assert_eq!((body.code(), body.advice()), ("token_expired", Some("of the header")));
    let page = Problem::of(&headers, b"<html>oauth_problem=token_expired").unwrap();
    assert_eq!((page.code(), page.advice()), ("token_used", Some("of the header")));
}

#[test]
fn advice_is_decoded() {
    let of =
        |body: &str| Problem::of(&HeaderMap::new(), format!("oauth_problem=x&{body}").as_bytes()).unwrap();
    let absent = of("oauth_parameters_absent=oauth_token%26oauth_nonce%26a%2520b");
    assert_eq!(absent.parameters_absent(), ["oauth_token", "oauth_nonce", "a b"]);
    let rejected = of("oauth_parameters_rejected=oauth_token%3Dx%252By%26scope%3D%26realm");
    let expected = [("oauth_token", "x+y"), ("scope", ""), ("realm", "")].map(owned);
    assert_eq!(rejected.parameters_rejected(), expected);
    let none = of("a=b");
    assert_eq!((none.advice(), none.acceptable_versions(), none.acceptable_timestamps()), (None, None, None));
    assert!(none.parameters_absent().is_empty() && none.parameters_rejected().is_empty());
    assert_eq!(of("oauth_acceptable_versions=1.0-2.0").acceptable_versions(), Some(("1.0", "2.0")));
    for (text, expected) in [
        ("1-2", Some(1..=2)),
        ("5-5", Some(5..=5)),
        ("0-18446744073709551615", Some(0..=u64::MAX)),
        ("2-1", None),
        ("1-18446744073709551616", None),
        ("-1-2", None),
        ("1", None),
        ("1-", None),
        ("", None),
        ("a-b", None),
        ("1-2-3", None),
    ] {
        let problem = of(&format!("oauth_acceptable_timestamps={text}"));
        assert_eq!(problem.acceptable_timestamps(), expected, "{text}");
    }
}

/// Every code of the extension has a remedy, and only a code that is known is printed.
#[test]
fn a_problem_prints_what_is_known() {
    for code in [
        "version_rejected",
        "parameter_absent",
        "parameter_rejected",
        "timestamp_refused",
        "nonce_used",
        "signature_method_rejected",
        "signature_invalid",
        "consumer_key_unknown",
        "consumer_key_rejected",
        "consumer_key_refused",
        "token_used",
        "token_expired",
        "token_revoked",
        "token_rejected",
        "additional_authorization_required",
        "permission_unknown",
        "permission_denied",
        "user_refused",
        "verifier_invalid",
    ] {
        let problem = challenged(&[&format!("OAuth oauth_problem=\"{code}\"")]).unwrap();
        let text = problem.to_string();
        assert!(text.starts_with(&format!("the provider reports {code}: ")), "{text}");
        assert_eq!(problem.is_denial(), ["permission_denied", "user_refused"].contains(&code));
        assert!(format!("{problem:?}").contains(code));
    }
    let odd = challenged(&["OAuth oauth_problem=\"hunter2\", oauth_problem_advice=\"hunter3\""]).unwrap();
    assert_eq!((odd.code(), odd.advice(), odd.is_denial()), ("hunter2", Some("hunter3"), false));
    assert!(!format!("{odd} {odd:?} {odd:#?}").contains("hunter"));
}

// The clock of a provider

/// RFC 9110 §5.6.7.
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const SECONDS: u64 = 784_111_777;

#[test]
fn the_time_of_a_server_is_told_by_problem_or_date() {
    let date = headers(&http::header::DATE, &[DATE]);
    let none = HeaderMap::new();
    let timestamps =
        |text: &str| format!("oauth_problem=timestamp_refused&oauth_acceptable_timestamps={text}");
    for (headers, body, expected) in [
        (&none, String::new(), None),
        (&date, String::new(), Some(SECONDS)),
        (&date, "<html>".to_owned(), Some(SECONDS)),
        (&date, TOKEN_ANSWER.to_owned(), Some(SECONDS)),
        (&none, timestamps("100-200"), Some(150)),
        (&date, timestamps("100-200"), Some(150)),
        (&date, timestamps("200-100"), Some(SECONDS)),
        (&date, timestamps("x"), Some(SECONDS)),
        (&none, timestamps("x"), None),
        (&date, "oauth_problem=nonce_used".to_owned(), Some(SECONDS)),
        (&none, timestamps("18446744073709551614-18446744073709551615"), Some(u64::MAX - 1)),
        (&none, timestamps("0-18446744073709551615"), Some(u64::MAX / 2)),
        (&none, timestamps("0-0"), Some(0)),
    ] {
        assert_eq!(server_time(headers, body.as_bytes()), expected, "{body}");
    }
    for odd in ["", "yesterday", "784111777", "Sun, 06 Nov 1994 08:49:37", "Fri, 31 Dec 1965 23:59:59 GMT"] {
        assert_eq!(server_time(&headers(&http::header::DATE, &[odd]), b""), None, "{odd}");
    }
    // What RFC 9110 calls obsolete is read.
    for old in ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        assert_eq!(server_time(&headers(&http::header::DATE, &[old]), b""), Some(SECONDS), "{old}");
    }
}

#[test]
fn errors_of_answers_tell_the_time_too() {
    let leg = flow().temporary_credentials("oob").unwrap();
    let time = |status, headers: &[(&str, &str)], body: &str| {
        leg.parse_response(&answer(status, headers, body)).unwrap_err().server_time()
    };
    assert_eq!(time(401, &[("date", DATE)], ""), Some(SECONDS));
    assert_eq!(time(401, &[], ""), None);
    let problem = "oauth_problem=timestamp_refused&oauth_acceptable_timestamps=10-30";
    assert_eq!(time(401, &[("date", DATE)], problem), Some(20));
    assert_eq!(time(200, &[("date", DATE)], "oauth_problem=nonce_used"), Some(SECONDS));
    assert_eq!(time(302, &[("date", DATE)], problem), None);
}

/// From a refusal to a request that is stamped by the server's clock.
#[test]
fn the_offset_makes_up_for_the_clock() {
    const NOW: u64 = 1_700_000_000;
    // An offset that is there already has no part in it: the new one replaces it.
    let signer = printer().clock(|| Ok(NOW)).clock_offset(12345).build().unwrap();
    for server in [NOW, NOW + 3600, NOW - 3600, 1, SECONDS, i64::MAX as u64] {
        let offset = signer.clock_offset_to(server).unwrap();
        assert_eq!(i128::from(offset), i128::from(server) - i128::from(NOW));
        let corrected = signer.to_builder().clock_offset(offset).build().unwrap();
        let flow = Flow::new(photos(), &corrected).unwrap();
        let sent = sent(&flow.temporary_credentials(CALLBACK).unwrap());
        assert_eq!(sent.get("oauth_timestamp"), Some(server.to_string()));
        sent.assert_signed_with(&settings_of_first_leg());
    }
    // A server that says it is 1970 has an offset, with which nothing can be signed.
    let at_1970 = signer.to_builder().clock_offset(signer.clock_offset_to(0).unwrap()).build().unwrap();
    let error = at_1970.sign(RequestRef::new("GET", "https://h/").unwrap()).unwrap_err();
    assert!(matches!(error, SignError::Stamp(StampError::ClockBeforeEpoch)));
}

#[test]
fn an_absurd_time_is_an_error() {
    let at = |now: u64| printer().clock(move || Ok(now)).build().unwrap();
    for server in [u64::MAX, u64::MAX - 1, (1 << 63) + 1_700_000_000] {
        let offset = at(1_700_000_000).clock_offset_to(server);
        assert!(matches!(offset, Err(StampError::InvalidTimestamp)), "{server}");
    }
    assert!(matches!(at(u64::MAX).clock_offset_to(0), Err(StampError::InvalidTimestamp)));
    assert_eq!(at(1 << 63).clock_offset_to(0).unwrap(), i64::MIN);
    assert_eq!(at(0).clock_offset_to((1 << 63) - 1).unwrap(), i64::MAX);
    assert_eq!(at(u64::MAX).clock_offset_to(u64::MAX).unwrap(), 0);
    let broken = printer().clock(|| Err("no clock".into())).build().unwrap();
    assert!(matches!(broken.clock_offset_to(1), Err(StampError::Clock(_))));
}

// What else an answer says

/// Not every server encodes what is not its own: a name with a blank does not spoil the credentials.
#[test]
fn a_field_that_is_not_encoded_is_kept() {
    let leg = flow().token_credentials(&grant()).unwrap();
    let body = format!("{TOKEN_ANSWER}&screen_name=Jane Doe&roles[0]={{a}}");
    let fields = leg.parse_response(&answer(200, &[], body)).unwrap().fields;
    assert_eq!(fields.get("screen_name"), Some("Jane Doe"));
    assert_eq!(fields.get("roles[0]"), Some("{a}"));
}

#[test]
fn fields_are_told_by_name() {
    let leg = flow().token_credentials(&grant()).unwrap();
    let read = |further: &str| {
        leg.parse_response(&answer(200, &[], format!("{TOKEN_ANSWER}&{further}"))).unwrap().fields
    };
    let fields = read(
        "oauth_session_handle=a%2Bb&oauth_expires_in=3600&oauth_authorization_expires_in=18446744073709551615\
         &login_url=https%3A%2F%2Fh%2F%3Fa%3D1%26b&x&x=2&=",
    );
    assert_eq!(fields.session_handle(), Some("a+b"));
    assert_eq!(fields.expires_in(), Some(3600));
    assert_eq!(fields.authorization_expires_in(), Some(u64::MAX));
    assert_eq!(fields.get("login_url"), Some("https://h/?a=1&b"));
    assert_eq!(fields.get("x"), Some(""));
    assert_eq!(fields.get(""), Some(""));
    assert_eq!(fields.get("X"), None);
    assert_eq!(fields.get("oauth_token"), None);
    let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
    let in_order =
        ["oauth_session_handle", "oauth_expires_in", "oauth_authorization_expires_in", "login_url"];
    assert_eq!(names, [&in_order[..], &["x", "x", ""]].concat());
    assert!(!format!("{fields:?}").contains("a+b"), "a session handle is as good as a secret");
    assert_eq!(fields, fields.clone());

    let odd = read("oauth_expires_in=-1&oauth_authorization_expires_in=18446744073709551616");
    assert_eq!((odd.expires_in(), odd.authorization_expires_in(), odd.session_handle()), (None, None, None));
    assert_ne!(fields, odd);
}

/// A provider of temporary credentials that says nothing else has no further fields.
#[test]
fn what_the_flow_reads_is_no_further_field() {
    let leg = flow().temporary_credentials("oob").unwrap();
    let issued = leg.parse_response(&answer(200, &[], TEMPORARY_ANSWER)).unwrap();
    assert_eq!(issued.fields.iter().count(), 0);
    let missing = leg.parse_response(&answer(200, &[], "oauth_callback_confirmed=true")).unwrap_err();
    assert_eq!(missing, ResponseError::Missing("oauth_token"));
}

// RequestRef::in_origin_form: a request as a connection takes it

fn in_origin_form(target: &str, hosts: &[&str], scheme: &Scheme) -> Result<String, RequestError> {
    let mut request = Request::new(());
    *request.uri_mut() = target.parse().unwrap();
    *request.headers_mut() = headers(&HOST, hosts);
    let view = RequestRef::in_origin_form(&request, scheme)?;
    Ok(signature_base_string(&view).expect("a base string"))
}

#[test]
fn host_and_target_make_the_url() {
    let https = &Scheme::HTTPS;
    for (target, hosts, scheme, url) in [
        (
            "/photos?size=original",
            &["photos.example.net"][..],
            https,
            "https://photos.example.net/photos?size=original",
        ),
        ("/", &["h"], &Scheme::HTTP, "http://h/"),
        ("/", &["H.Example:8443"], https, "https://h.example:8443/"),
        ("/", &["h:443"], https, "https://h/"),
        ("/", &["h:443"], &Scheme::HTTP, "http://h:443/"),
        ("/", &["h:80"], &Scheme::HTTP, "http://h/"),
        ("/a%20b;c?d", &["h:"], https, "https://h/a%20b;c?d"),
        ("/", &["[2001:DB8::1]:8443"], https, "https://[2001:db8::1]:8443/"),
        ("/", &["[::1]"], https, "https://[::1]/"),
        // Absolute form: a Host header says the same, or nothing.
        ("https://h/a?b", &[], https, "https://h/a?b"),
        ("HTTPS://H/a?b", &["h:443"], https, "https://h/a?b"),
        ("http://h:8080/", &["H:8080"], &Scheme::HTTP, "http://h:8080/"),
    ] {
        let pairs = oracle::form_pairs(oracle::split_uri(url).query.unwrap_or_default().as_bytes());
        let expected = oracle::base_string("GET", url, &pairs);
        assert_eq!(in_origin_form(target, hosts, scheme), Ok(expected), "{target} at {hosts:?}");
    }
}

#[test]
fn a_request_has_one_host_and_the_scheme_of_its_connection() {
    let https = &Scheme::HTTPS;
    let other: Scheme = "ftp".parse().unwrap();
    for (target, hosts, scheme, error) in [
        ("/", &[][..], https, RequestError::NoHost),
        ("/", &["h", "h"], https, RequestError::NoHost),
        ("/", &["one", "two"], https, RequestError::NoHost),
        ("/", &["h/evil"], https, RequestError::NoHost),
        ("/", &["h?evil"], https, RequestError::NoHost),
        ("/", &["h#evil"], https, RequestError::NoHost),
        ("/", &["h\\evil"], https, RequestError::NoHost),
        ("/", &["user@h"], https, RequestError::NoHost),
        ("/", &["user:pa55@h"], https, RequestError::NoHost),
        ("/", &["a b"], https, RequestError::NoHost),
        ("/", &["a, b"], https, RequestError::NoHost),
        ("/", &["\u{e9}"], https, RequestError::NoHost),
        ("/", &[""], https, RequestError::Url(UrlError::EmptyHost)),
        ("/", &[":80"], https, RequestError::Url(UrlError::EmptyHost)),
        ("/", &["h:x"], https, RequestError::Url(UrlError::InvalidPort)),
        ("/", &["h:80:80"], https, RequestError::Url(UrlError::InvalidPort)),
        ("/", &["[::1"], https, RequestError::Url(UrlError::InvalidHost)),
        ("/", &["%41"], https, RequestError::Url(UrlError::PercentInHost)),
        ("https://h/", &["other"], https, RequestError::OtherHost),
        ("https://h/", &["h:80"], https, RequestError::OtherHost),
        ("https://h/", &["h."], https, RequestError::OtherHost),
        ("https://h/", &[""], https, RequestError::OtherHost),
        ("https://h/", &["h", "h"], https, RequestError::NoHost),
        ("http://h/", &["h"], https, RequestError::OtherScheme),
        ("https://h/", &["h"], &Scheme::HTTP, RequestError::OtherScheme),
        ("/", &["h"], &other, RequestError::Url(UrlError::UnsupportedScheme("ftp".to_owned()))),
    ] {
        assert_eq!(in_origin_form(target, hosts, scheme), Err(error), "{target} at {hosts:?}");
    }
}

/// The body is not looked at, unless it is handed over.
#[test]
fn a_form_is_handed_over() {
    let request = Request::post("/request?b=1")
        .header(HOST, "h")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("a=2")
        .unwrap();
    let view = RequestRef::in_origin_form(&request, &Scheme::HTTPS).unwrap();
    assert_eq!(signature_base_string(&view), Err(RequestError::UnbufferedFormBody));
    let base_string = signature_base_string(&view.body(request.body().as_bytes())).unwrap();
    assert_eq!(base_string, "POST&https%3A%2F%2Fh%2Frequest&a%3D2%26b%3D1");
    let mut twice = request;
    twice.headers_mut().append("content-type", HeaderValue::from_static("text/plain"));
    let error = RequestRef::in_origin_form(&twice, &Scheme::HTTPS).unwrap_err();
    assert_eq!(error, RequestError::AmbiguousContentType);
}
