//! What is admitted reaches the service as it was sent.

use http::StatusCode;
use http_body_util::Full;
use oauth1_signer::BodyHashPolicy;
use oauth1_signer::verify::RejectionReason;

use crate::site::{
    Answer, FORM, JSON, NOW, ORIGIN, Site, get, in_origin_form, policy_at, request, run, signed, signed_by,
    signer,
};

#[track_caller]
fn admitted(answer: &Answer, site: &Site) -> crate::site::Served {
    assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &b"served"[..]), "{:?}", site.told());
    assert!(site.told().is_empty());
    site.only_served()
}

#[test]
fn body_and_target_arrive_byte_for_byte_with_the_proof() {
    let site = Site::new();
    let target = "/caf%C3%A9//%7euser?b=%7e&a=1+2&a&&=x&q=a|b";
    for (nonce, (method, content)) in [
        ("GET", None),
        ("GET", Some((FORM, "a=1"))),
        ("POST", Some((FORM, ""))),
        ("POST", Some((FORM, "b=%7e&a=~&a=+&=x&&c&d=%2B;e=\u{e9}&a=1"))),
        ("POST", Some(("Application/X-WWW-Form-URLencoded; charset=UTF-8", "a=1&b=%20"))),
        ("PUT", Some((FORM, "a=1"))),
        ("POST", Some((JSON, "{\"a=1&b\": \"\u{e9}\"}"))),
        ("PATCH", Some(("multipart/form-data; boundary=x", "--x--"))),
        ("DELETE", None),
        ("A!#$%&'*+-.^_`|~1", None),
    ]
    .into_iter()
    .enumerate()
    {
        let sent = content.map_or("", |(_, body)| body);
        let answer = run(site.send(signed(&format!("n{nonce}"), request(method, target, content))));
        let served = admitted(&answer, &site);
        assert_eq!(served.body, sent);
        assert_eq!(served.uri, target);
        assert_eq!(served.verified.client_key(), "ck");
        assert_eq!(served.verified.token(), Some("tk"));
        assert_eq!(served.verified.user(), Some("jane"));
    }
}

#[test]
fn parameters_may_be_in_the_header_the_query_or_the_form() {
    let site = Site::new();
    let stamp = |nonce| oauth1_signer::Stamp::new(NOW, nonce).unwrap();

    run(site.send(get("header")));
    let (query, form) =
        (request("GET", "/items?a=1", None), request("POST", "/items", Some((FORM, "a=1&b"))));
    let url = signer().sign_with(&query, stamp("query")).unwrap().append_to_url(&query.uri().to_string());
    let in_query = request("GET", url.strip_prefix(ORIGIN).unwrap(), None);
    let body = signer().sign_with(&form, stamp("form")).unwrap().append_to_form(form.body());
    let in_form = form.map(|_| body.clone().into());

    site.only_served();
    let answer = run(site.send(in_origin_form(in_query).map(Full::new)));
    assert!(admitted(&answer, &site).uri.to_string().contains("oauth_signature="));
    let answer = run(site.send(in_origin_form(in_form).map(Full::new)));
    assert_eq!(admitted(&answer, &site).body, body);
}

/// The origin is what the operator says: a proxy may have changed the scheme, and what it adds is not read.
#[test]
fn the_origin_is_configured() {
    let site = Site::new();
    let plain = |nonce| signed_by(&signer(), NOW, nonce, request("GET", "/items?a=1", None)).map(Full::new);

    // As HTTP/2 has it: the whole URL, and no Host header. Behind a proxy its scheme is http.
    admitted(&run(site.send(plain("absolute"))), &site);
    let mut behind_a_proxy = plain("scheme");
    *behind_a_proxy.uri_mut() = "http://api.example.test:443/items?a=1".parse().unwrap();
    admitted(&run(site.send(behind_a_proxy)), &site);

    for (number, (name, value)) in [
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-port", "8443"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-url", "/other"),
        ("x-http-method-override", "DELETE"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut request = get(&format!("forwarded{number}"));
        request.headers_mut().insert(name, value.parse().unwrap());
        admitted(&run(site.send(request)), &site);
    }
    for (number, host) in
        ["evil.example", "api.example.test:80", "api.example.test.evil.example", ""].into_iter().enumerate()
    {
        let mut request = get(&format!("host{number}"));
        request.headers_mut().insert("host", host.parse().unwrap());
        assert_eq!(run(site.send(request)).status, StatusCode::BAD_REQUEST, "{host:?}");
        assert!(matches!(site.only_told().reason, RejectionReason::OtherHost { .. }), "{host:?}");
    }
    let mut absolute = plain("other authority");
    *absolute.uri_mut() = "https://evil.example/items?a=1".parse().unwrap();
    assert_eq!(run(site.send(absolute)).status, StatusCode::BAD_REQUEST);

    // Neither is the scheme guessed: what is signed for https is not admitted where http is configured.
    let http = Site::with(policy_at("http://api.example.test"));
    let mut request = get("http");
    request.headers_mut().remove("host");
    assert_eq!(run(http.send(request)).status, StatusCode::UNAUTHORIZED);
    assert_eq!(http.only_told().explanation.unwrap().base_uri(), "http://api.example.test/items");
    assert!(http.served().is_empty());
}

/// Behind a proxy that takes a prefix off the path, the signature is over the path that the client has called.
#[test]
fn the_target_that_the_client_has_signed_can_be_told() {
    let site = Site::new();
    let prefixed = site.layer().original_uri(|head| format!("/v1{}", head.uri).parse().unwrap());
    let strip = |mut request: http::Request<Full<bytes::Bytes>>| {
        *request.uri_mut() = request.uri().to_string().strip_prefix("/v1").unwrap().parse().unwrap();
        request
    };
    let call = |nonce| strip(signed(nonce, request("POST", "/v1/items?a=1", Some((FORM, "b=2")))));

    let served = admitted(&run(site.send_through(prefixed.clone(), call("n1"))), &site);
    assert_eq!((served.uri.to_string().as_str(), &served.body[..]), ("/items?a=1", &b"b=2"[..]));
    assert_eq!(run(site.send(call("n2"))).status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.only_told().explanation.unwrap().base_uri(), "https://api.example.test/items");
    let unprefixed = signed("n3", request("GET", "/items", None));
    assert_eq!(run(site.send_through(prefixed, unprefixed)).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn hashes_go_with_any_body_but_a_form() {
    let hashing = signer().to_builder().body_hash(BodyHashPolicy::Always).build().unwrap();
    for site in [Site::new(), Site::with(crate::site::policy().require_signed_body(true))] {
        for (nonce, (method, content)) in
            [("GET", None), ("POST", Some((JSON, "{}"))), ("PUT", Some(("text/plain", "")))]
                .into_iter()
                .enumerate()
        {
            let signed = signed_by(&hashing, NOW, &nonce.to_string(), request(method, "/items", content));
            let answer = run(site.send(in_origin_form(signed).map(Full::new)));
            assert_eq!(admitted(&answer, &site).body, content.map_or("", |(_, body)| body));
        }
    }
}
