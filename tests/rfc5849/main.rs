//! Every example of RFC 5849 that a client can reproduce, named by its section.
//!
//! §2.2 has nothing that is signed: the user's browser is sent to the server.

// A signer and what it signed are told apart well enough.
#![allow(clippy::similar_names)]

#[path = "../support/mod.rs"]
mod support;

use oauth1_signer::{
    ClientCredentials, RequestRef, SignatureMethod, Signed, Signer, SignerBuilder, Stamp, TokenCredentials,
    percent_encode, request::ParameterSource, signature_base_string,
};
use support::header;

const FORM: &str = "application/x-www-form-urlencoded";

/// The RFC's examples leave `oauth_version` out, but for §3.5.
fn client(key: &str, secret: &str) -> SignerBuilder {
    Signer::builder(ClientCredentials::new(key, secret)).version(false)
}

fn build(builder: SignerBuilder) -> Signer {
    builder.build().expect("a signer")
}

fn stamp(timestamp: u64, nonce: &str) -> Stamp {
    Stamp::new(timestamp, nonce).expect("a stamp")
}

fn post(url: &str) -> http::Request<()> {
    http::Request::post(url).body(()).expect("a request")
}

/// The RFC asks for no order of the parameters.
fn assert_header(signed: &Signed<'_>, expected: &str) {
    let got = signed.to_header();
    assert_eq!(header::parse(got.to_str().expect("ASCII")), header::parse(expected));
}

/// The client of the printer in §1.2.
fn printer() -> SignerBuilder {
    client("dpf43f3p2l4k3l03", "kd94hf93k423kf44").realm("Photos")
}

#[test]
fn section_1_2_temporary_credentials() {
    let signer = build(printer().callback("http://printer.example.com/ready"));
    let request = post("https://photos.example.net/initiate");
    let signed = signer.sign_with(&request, stamp(137_131_200, "wIjqoS")).expect("a signature");
    assert_header(
        &signed,
        "OAuth realm=\"Photos\", \
         oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
         oauth_signature_method=\"HMAC-SHA1\", \
         oauth_timestamp=\"137131200\", \
         oauth_nonce=\"wIjqoS\", \
         oauth_callback=\"http%3A%2F%2Fprinter.example.com%2Fready\", \
         oauth_signature=\"74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D\"",
    );
}

#[test]
fn section_1_2_token_credentials() {
    let token = TokenCredentials::new("hh5s93j4hdidpola", "hdhd0244k9j7ao03");
    let signer = build(printer().token(token).verifier("hfdp7dh39dks9884"));
    let request = post("https://photos.example.net/token");
    let signed = signer.sign_with(&request, stamp(137_131_201, "walatlh")).expect("a signature");
    assert_header(
        &signed,
        "OAuth realm=\"Photos\", \
         oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
         oauth_token=\"hh5s93j4hdidpola\", \
         oauth_signature_method=\"HMAC-SHA1\", \
         oauth_timestamp=\"137131201\", \
         oauth_nonce=\"walatlh\", \
         oauth_verifier=\"hfdp7dh39dks9884\", \
         oauth_signature=\"gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D\"",
    );
}

/// The scheme is not printed; the signature is that of http.
#[test]
fn section_1_2_protected_resource() {
    let signer = build(printer().token(TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00")));
    let sign = |url: &str| {
        let request = http::Request::get(url).body(()).expect("a request");
        signer.sign_with(&request, stamp(137_131_202, "chapoH")).expect("a signature")
    };
    assert_header(
        &sign("http://photos.example.net/photos?file=vacation.jpg&size=original"),
        "OAuth realm=\"Photos\", \
         oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
         oauth_token=\"nnch734d00sl2jdk\", \
         oauth_signature_method=\"HMAC-SHA1\", \
         oauth_timestamp=\"137131202\", \
         oauth_nonce=\"chapoH\", \
         oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"",
    );
    let by_https = sign("https://photos.example.net/photos?file=vacation.jpg&size=original").signature();
    assert_eq!(by_https, "91yh92rtXzicpezVYjTDNzieVps=");
}

/// §2.1 and §2.3 leave out nonce and timestamp, as PLAINTEXT may.
fn plaintext() -> SignerBuilder {
    client("jd83jd92dhsh93js", "ja893SD9").realm("Example").method(SignatureMethod::plaintext_without_stamp())
}

#[test]
fn section_2_1_plaintext() {
    let signer = build(plaintext().callback("http://client.example.net/cb?x=1"));
    let request = post("https://server.example.com/request_temp_credentials");
    assert_header(
        &signer.sign(&request).expect("a signature"),
        "OAuth realm=\"Example\", \
         oauth_consumer_key=\"jd83jd92dhsh93js\", \
         oauth_signature_method=\"PLAINTEXT\", \
         oauth_callback=\"http%3A%2F%2Fclient.example.net%2Fcb%3Fx%3D1\", \
         oauth_signature=\"ja893SD9%26\"",
    );
}

#[test]
fn section_2_3_plaintext() {
    let signer = build(
        plaintext().token(TokenCredentials::new("hdk48Djdsa", "xyz4992k83j47x0b")).verifier("473f82d3"),
    );
    let request = post("https://server.example.com/request_token");
    assert_header(
        &signer.sign(&request).expect("a signature"),
        "OAuth realm=\"Example\", \
         oauth_consumer_key=\"jd83jd92dhsh93js\", \
         oauth_token=\"hdk48Djdsa\", \
         oauth_signature_method=\"PLAINTEXT\", \
         oauth_verifier=\"473f82d3\", \
         oauth_signature=\"ja893SD9%26xyz4992k83j47x0b\"",
    );
}

/// The request that §3.1 and §3.4.1 go through; the RFC does not print the secrets, the erratum does.
fn example() -> (Signer, http::Request<&'static str>) {
    let token = TokenCredentials::new("kkk9d7dh3k39sjv7", "dh893hdasih9");
    let signer = build(client("9djdj82h48djs9d2", "j49sk3j29djd").token(token).realm("Example"));
    let request = http::Request::post("http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b")
        .header("Content-Type", FORM)
        .body("c2&a3=2+q");
    (signer, request.expect("a request"))
}

const BASE_STRING: &str = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q\
    %26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_\
    key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m\
    ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk\
    9d7dh3k39sjv7";

/// The signature that is printed in §3.1, and the one of erratum 2550.
const PRINTED: &str = "bYT5CMsGcbgUdFHObYMEfcx6bsw=";
const CORRECTED: &str = "r6/TJjbCOr97/+UU0NsvSne7s5g=";

#[test]
fn section_3_1_with_erratum_2550() {
    let (signer, request) = example();
    let signed = signer.sign_with(&request, stamp(137_131_201, "7d8f3e4a")).expect("a signature");
    assert_header(
        &signed,
        "OAuth realm=\"Example\", \
         oauth_consumer_key=\"9djdj82h48djs9d2\", \
         oauth_token=\"kkk9d7dh3k39sjv7\", \
         oauth_signature_method=\"HMAC-SHA1\", \
         oauth_timestamp=\"137131201\", \
         oauth_nonce=\"7d8f3e4a\", \
         oauth_signature=\"r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D\"",
    );
    assert_eq!(signed.signature(), CORRECTED);
    // The printed one is not even that of the printed base string.
    let of_print = signer.sign_bytes(BASE_STRING.as_bytes()).expect("a signature");
    assert_eq!(of_print, CORRECTED);
    assert_ne!(of_print, PRINTED);
}

#[test]
fn section_3_4_1_1() {
    let (signer, request) = example();
    let prepared = signer.prepare_with(&request, stamp(137_131_201, "7d8f3e4a")).expect("a base string");
    assert_eq!(prepared.base_string(), BASE_STRING);
    // "1. The HTTP request method in uppercase."
    let lower = RequestRef::new("post", "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b")
        .expect("a request");
    let lower = lower.content_type(FORM).body(b"c2&a3=2+q");
    let prepared = signer.prepare_with(lower, stamp(137_131_201, "7d8f3e4a")).expect("a base string");
    assert_eq!(prepared.base_string(), BASE_STRING);
}

#[test]
fn section_3_4_1_2() {
    for (url, base_uri, parameters) in [
        ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X", "id=123"),
        ("https://www.example.net:8080/?q=1", "https://www.example.net:8080/", "q=1"),
    ] {
        let request = RequestRef::new("GET", url).expect("a request");
        let expected = format!("GET&{}&{}", percent_encode(base_uri), percent_encode(parameters));
        assert_eq!(signature_base_string(&request), Ok(expected));
        let uri: http::Uri = url.parse().expect("a URI");
        let of_uri = RequestRef::new("GET", &uri).expect("a request");
        assert_eq!(signature_base_string(&of_uri), signature_base_string(&request));
        #[cfg(feature = "url")]
        {
            let url = url::Url::parse(url).expect("a URL");
            let of_url = RequestRef::new("GET", &url).expect("a request");
            assert_eq!(signature_base_string(&of_url), signature_base_string(&request));
        }
    }
}

#[test]
fn section_3_4_1_3_1() {
    let (signer, request) = example();
    let prepared = signer.prepare_with(&request, stamp(137_131_201, "7d8f3e4a")).expect("a base string");
    let explanation = prepared.explanation();
    let mut got: Vec<(ParameterSource, &str, &str)> =
        explanation.parameters().iter().map(|one| (one.source(), one.name(), one.value())).collect();
    // The RFC's table, "fully decoded", in its order.
    let table = [
        (ParameterSource::Query, "b5", "=%3D"),
        (ParameterSource::Query, "a3", "a"),
        (ParameterSource::Query, "c@", ""),
        (ParameterSource::Query, "a2", "r b"),
        (ParameterSource::Protocol, "oauth_consumer_key", "9djdj82h48djs9d2"),
        (ParameterSource::Protocol, "oauth_token", "kkk9d7dh3k39sjv7"),
        (ParameterSource::Protocol, "oauth_signature_method", "HMAC-SHA1"),
        (ParameterSource::Protocol, "oauth_timestamp", "137131201"),
        (ParameterSource::Protocol, "oauth_nonce", "7d8f3e4a"),
        (ParameterSource::Form, "c2", ""),
        (ParameterSource::Form, "a3", "2 q"),
    ];
    assert_eq!(got.len(), table.len());
    for (source, name, value) in table {
        let (name, value) = (percent_encode(name), percent_encode(value));
        let at = got.iter().position(|one| *one == (source, name.as_str(), value.as_str()));
        got.remove(at.unwrap_or_else(|| panic!("{source} {name}={value} is missing in {got:?}")));
    }
}

#[test]
fn section_3_4_1_3_2() {
    let (signer, request) = example();
    let prepared = signer.prepare_with(&request, stamp(137_131_201, "7d8f3e4a")).expect("a base string");
    let explanation = prepared.explanation();
    // The second table of the RFC: encoded and sorted.
    let sorted = [
        ("a2", "r%20b"),
        ("a3", "2%20q"),
        ("a3", "a"),
        ("b5", "%3D%253D"),
        ("c%40", ""),
        ("c2", ""),
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_nonce", "7d8f3e4a"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
    ];
    let got: Vec<(&str, &str)> =
        explanation.parameters().iter().map(|one| (one.name(), one.value())).collect();
    assert_eq!(got, sorted);
    assert_eq!(
        explanation.normalized_parameters(),
        "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9dj\
         dj82h48djs9d2&oauth_nonce=7d8f3e4a&oauth_signature_method=HMAC-SHA1\
         &oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7",
    );
}

/// "even when either secret is empty", the `&` is there.
#[test]
fn section_3_4_4_the_key() {
    let key = |secret: &str, token: Option<&str>| {
        let mut builder =
            client("key", secret).method(SignatureMethod::plaintext()).allow_incomplete_credentials(true);
        if let Some(token_secret) = token {
            builder = builder.token(TokenCredentials::new("token", token_secret));
        }
        build(builder).sign_bytes(b"plays no part").expect("a signature")
    };
    assert_eq!(key("djr9rjt0jd78jf88", Some("jjd999tj88uiths3")), "djr9rjt0jd78jf88&jjd999tj88uiths3");
    assert_eq!(key("djr9rjt0jd78jf88", Some("jjd99$tj88uiths3")), "djr9rjt0jd78jf88&jjd99%24tj88uiths3");
    assert_eq!(key("djr9rjt0jd78jf88", None), "djr9rjt0jd78jf88&");
    assert_eq!(key("", Some("jjd999tj88uiths3")), "&jjd999tj88uiths3");
    assert_eq!(key("", None), "&");
}

/// The parameters of §3.5's three examples. No secret is printed, so the signature comes from outside.
fn section_3_5<T>(show: impl FnOnce(&Signed<'_>) -> T) -> T {
    let signer = Signer::builder(ClientCredentials::new("0685bd9184jfhq22", ""))
        .token(TokenCredentials::new("ad180jjd733klru7", ""))
        .method(SignatureMethod::external("HMAC-SHA1"))
        .realm("Example");
    let signer = build(signer);
    let request = post("http://example.com/example/path");
    let prepared = signer
        .prepare_with(&request, stamp(137_131_200, "4572616e48616d6d65724c61686176"))
        .expect("a base string");
    // wOJIO9A2W5mFwDgiDvZbTSMK/PY=
    let bytes: [u8; 20] = [
        0xC0, 0xE2, 0x48, 0x3B, 0xD0, 0x36, 0x5B, 0x99, 0x85, 0xC0, 0x38, 0x22, 0x0E, 0xF6, 0x5B, 0x4D, 0x23,
        0x0A, 0xFC, 0xF6,
    ];
    show(&prepared.finish(bytes.as_slice()))
}

#[test]
fn section_3_5_1() {
    section_3_5(|signed| {
        assert_header(
            signed,
            "OAuth realm=\"Example\", \
             oauth_consumer_key=\"0685bd9184jfhq22\", \
             oauth_token=\"ad180jjd733klru7\", \
             oauth_signature_method=\"HMAC-SHA1\", \
             oauth_signature=\"wOJIO9A2W5mFwDgiDvZbTSMK%2FPY%3D\", \
             oauth_timestamp=\"137131200\", \
             oauth_nonce=\"4572616e48616d6d65724c61686176\", \
             oauth_version=\"1.0\"",
        );
    });
}

/// The body of §3.5.2 and the query of §3.5.3.
const WRITTEN: &str = "oauth_consumer_key=0685bd9184jfhq22&oauth_token=ad180jjd733klr\
    u7&oauth_signature_method=HMAC-SHA1&oauth_signature=wOJIO9A2W5\
    mFwDgiDvZbTSMK%2FPY%3D&oauth_timestamp=137131200&oauth_nonce=4\
    572616e48616d6d65724c61686176&oauth_version=1.0";

fn sorted(pairs: &str) -> Vec<&str> {
    let mut pairs: Vec<&str> = pairs.split('&').collect();
    pairs.sort_unstable();
    pairs
}

#[test]
fn section_3_5_2() {
    section_3_5(|signed| {
        assert_eq!(sorted(&signed.to_form()), sorted(WRITTEN));
        let alone = signed.append_to_form(b"");
        assert_eq!(sorted(std::str::from_utf8(&alone).expect("ASCII")), sorted(WRITTEN));
        // "The entity-body can include other parameters": protocol parameters behind them.
        let behind = signed.append_to_form(b"c2&a3=2+q");
        let behind = std::str::from_utf8(&behind).expect("ASCII");
        let (own, appended) = behind.split_at("c2&a3=2+q".len());
        assert_eq!(own, "c2&a3=2+q");
        assert_eq!(appended.strip_prefix('&').map(sorted), Some(sorted(WRITTEN)));
    });
}

#[test]
fn section_3_5_3() {
    section_3_5(|signed| {
        let url = signed.append_to_url("http://example.com/example/path");
        assert_eq!(url.strip_prefix("http://example.com/example/path?").map(sorted), Some(sorted(WRITTEN)));
        // "The request URI MAY include other request-specific query parameters, in which case, the
        // protocol parameters SHOULD be appended following the request-specific parameters".
        let url = signed.append_to_url("http://example.com/example/path?a=b#top");
        let appended =
            url.strip_prefix("http://example.com/example/path?a=b&").and_then(|url| url.strip_suffix("#top"));
        assert_eq!(appended.map(sorted), Some(sorted(WRITTEN)));
    });
}

/// There is no example in §3.6, but each of its rules can be shown.
#[test]
fn section_3_6() {
    let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    assert_eq!(percent_encode(unreserved), unreserved);
    for byte in (0..=255_u8).filter(|byte| !unreserved.as_bytes().contains(byte)) {
        assert_eq!(percent_encode([byte]), format!("%{byte:02X}"), "all others, in upper case");
    }
    // "1. Text values are first encoded as UTF-8 bytes"
    assert_eq!(percent_encode("é名\u{1F600}"), "%C3%A9%E5%90%8D%F0%9F%98%80");
    // "the space character is encoded as "%20" and not using the "+" character"
    assert_eq!(percent_encode("a b+c"), "a%20b%2Bc");
    // What is encoded once more is escaped once more.
    assert_eq!(percent_encode("%7E"), "%257E");
}
