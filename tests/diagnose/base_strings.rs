//! The server's base string beside ours, as servers print it.

use oauth1_signer::diagnose::{Certainty, Diagnosis, FindingKind as Kind};
use oauth1_signer::percent_encode;

use super::{base_string_of, examine, first, get, response, signed_by, signer};

const URL: &str = "https://api.example.com/items?page=2&q=a%20b";

/// Returns a base string as servers print it.
fn printed(base_string: &str) -> [String; 6] {
    let json = base_string.replace('&', "\\u0026");
    [
        // Flickr.
        format!("HTTP/1.1 401 Unauthorized\n\noauth_problem=signature_invalid&debug_sbs={base_string}"),
        // Jira and others with Netflix's or Google's library.
        format!(
            "HTTP/1.1 401 Unauthorized\n\noauth_problem=signature_invalid&oauth_signature_base_string={}",
            percent_encode(base_string)
        ),
        // Yelp.
        format!(
            "HTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n{{\"error\": {{\"text\": \"Signature was invalid\", \"id\": \"INVALID_SIGNATURE\", \"description\": \"Invalid signature. Expected signature base string: {json}\"}}}}"
        ),
        // Mastercard.
        format!(
            "HTTP/1.1 401 Unauthorized\n\n{{\"Errors\":{{\"Error\":[{{\"ReasonCode\":\"AUTHENTICATION_FAILED\",\"Description\":\"OAuth signatures did not match. Acceptable signature base string: {base_string}\",\"Recoverable\":false}}]}}}}"
        ),
        // Khan Academy.
        format!(
            "HTTP/1.1 401 Unauthorized\n\nOAuth error. Invalid signature. Expected signature base string: {base_string}"
        ),
        // A page.
        format!(
            "HTTP/1.1 401 Unauthorized\nContent-Type: text/html\n\n<p>Invalid signature: the signature base string was {}</p>",
            base_string.replace('&', "&amp;")
        ),
    ]
}

#[test]
fn the_same_base_string_in_any_dress_is_the_key() {
    let signer = signer();
    let request = signed_by(&signer, get(URL));
    for text in printed(&base_string_of(&request, &signer)) {
        let findings = examine(&request, &text);
        assert_eq!(first(&findings), Some(Kind::Secret), "{text}\n{findings}");
        assert_eq!(findings.first().unwrap().certainty(), Certainty::Proven, "{text}\n{findings}");
    }
}

#[test]
fn what_differs_is_named_with_its_remedy() {
    let signer = signer();
    let request = signed_by(&signer, get(URL));
    let ours = base_string_of(&request, &signer);
    for (from, to, kind, remedy) in [
        ("https%3A", "http%3A", Kind::Scheme, "proxy"),
        ("GET&", "POST&", Kind::HttpMethod, "redirect"),
        ("api.example.com", "backend.internal", Kind::Host, "Host header"),
        ("api.example.com", "api.example.com%3A8443", Kind::Host, "port"),
        ("%2Fitems", "%2Fitems%2F", Kind::Path, "slash"),
        ("%2Fitems", "%2FItems", Kind::Path, "upper and lower case"),
        ("a%2520b", "a%252Bb", Kind::Encoding, "%2B"),
        ("a%2520b", "a%252520b", Kind::Encoding, "encoded twice"),
        ("a%2520b", "a%20b", Kind::Encoding, "without decoding"),
        ("page%3D2%26", "", Kind::Parameters, "query"),
        ("page%3D2%26", "page%3D3%26", Kind::Parameters, "after signing"),
        ("page%3D2%26", "page%3D2%26per%3D9%26", Kind::Parameters, "added after signing"),
        ("oauth_version%3D1.0%26", "", Kind::Parameters, "oauth_version"),
        ("q%3D", "realm%3Dx%26q%3D", Kind::Parameters, "realm"),
        ("oauth_nonce%3Dkllo9940pd9333jh", "oauth_nonce%3Dother", Kind::OtherRequest, "nonce"),
    ] {
        assert!(ours.contains(from), "{from}");
        let theirs = ours.replacen(from, to, 1);
        for text in printed(&theirs) {
            let findings = examine(&request, &text);
            assert_eq!(first(&findings), Some(kind), "{text}\n{findings}");
            assert!(findings.first().unwrap().remedy().contains(remedy), "{findings}");
        }
    }
}

#[test]
fn another_order_is_named() {
    let signer = signer();
    let request = signed_by(&signer, get("https://api.example.com/?a=2&a=1"));
    let theirs = base_string_of(&request, &signer).replace("a%3D1%26a%3D2", "a%3D2%26a%3D1");
    let findings = Diagnosis::of(&request).base_string(&theirs).examine_request();
    assert_eq!(first(&findings), Some(Kind::Encoding), "{findings}");
}

#[test]
fn a_base_string_from_a_log_needs_no_response() {
    let signer = signer();
    let request = signed_by(&signer, get(URL));
    let ours = base_string_of(&request, &signer);
    let same = Diagnosis::of(&request).base_string(&ours).examine_request();
    assert_eq!(first(&same), Some(Kind::Secret), "{same}");
    let theirs = ours.replace("https", "http");
    let findings = Diagnosis::of(&request).base_string(&theirs).examine_request();
    assert_eq!(first(&findings), Some(Kind::Scheme), "{findings}");
    let findings = Diagnosis::of(&request).base_string("no base string").examine_request();
    assert_eq!(first(&findings), Some(Kind::NotAboutOAuth), "{findings}");
}

#[test]
fn mastercard_prints_the_value_as_the_header_has_it() {
    // Mastercard/oauth1-signer-python#37: oauth_body_hash%3D5FDt…ElE%3D, encoded once.
    let header = r#"OAuth oauth_consumer_key="key", oauth_nonce="n", oauth_signature_method="RSA-SHA256", oauth_timestamp="1700000000", oauth_version="1.0", oauth_body_hash="5FDt0rM69jVreY5dwNJCGcrHeVDSe5tJuYQvFgDNElE%3D", oauth_signature="eA%3D%3D""#;
    let url = "https://sandbox.api.mastercard.com/mdes/digitization/static/1/0/delete";
    let request = http::Request::post(url).header("authorization", header).body(String::new()).unwrap();
    let text = "HTTP/1.1 401 Unauthorized\n\n{\"Errors\":{\"Error\":[{\"Source\":\"Gateway\",\"ReasonCode\":\"AUTHENTICATION_FAILED\",\"Description\":\"OAuth signatures did not match. Acceptable signature base string: POST&https%3A%2F%2Fsandbox.api.mastercard.com%2Fmdes%2Fdigitization%2Fstatic%2F1%2F0%2Fdelete&oauth_body_hash%3D5FDt0rM69jVreY5dwNJCGcrHeVDSe5tJuYQvFgDNElE%3D%26oauth_consumer_key%3Dkey%26oauth_nonce%3Dn%26oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1700000000%26oauth_version%3D1.0\",\"Recoverable\":false,\"Details\":null}]}}";
    let findings = Diagnosis::of(&request).examine(&response(text));
    let encoding = findings.iter().find(|finding| finding.kind() == Kind::Encoding);
    assert!(encoding.is_some_and(|finding| finding.remedy().contains("Mastercard")), "{findings}");
}
