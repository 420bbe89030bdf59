//! `RequestRef::in_origin_form`: a request as a connection takes it.

use http::header::HOST;
use http::uri::Scheme;
use http::{HeaderValue, Request};
use oauth1_signer::{
    RequestRef,
    request::{RequestError, UrlError},
    signature_base_string,
};

use crate::headers;
use crate::support::oracle;

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
