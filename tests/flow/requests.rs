//! The requests for temporary credentials and for token credentials, as they are sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use oauth1_signer::flow::{Endpoints, FlowError, FormBody};
use oauth1_signer::{
    BodyHashPolicy, Callback, ClientCredentials, RequestRef, SignError, SignatureMethod, Signer, Stamp,
    StampError, TokenCredentials, request::RequestError,
};

use crate::names;
use crate::support::oracle::Settings;
use crate::support::photos::{
    AUTHORIZE, CALLBACK, CLIENT, EXCHANGE, INITIATE, TEMPORARY, VERIFIER, answer, flow, flow_of, grant,
    owned, photos, printer, sent, settings, settings_of_first_leg, settings_of_last_leg, token,
};
use crate::support::{header, oracle};

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

    let url = flow.authorization_url(&issued.credentials).unwrap();
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
