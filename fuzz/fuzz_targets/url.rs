//! Any text as a URL: it is refused, or its base string is sound and the same by every way in.
#![no_main]

mod decode;
#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/oracle.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;
use oauth1_signer::{RequestRef, request::UrlRef, signature_base_string};

use decode::decode;

fuzz_target!(|text: &str| {
    let from_text = base_string(text);
    if let Some(base_string) = &from_text {
        assert_eq!(base_uri(base_string), oracle::base_string_uri(text));
    }

    let uri: Option<http::Uri> = text.parse().ok();
    let from_uri = uri.as_ref().and_then(base_string);
    if let (Some(from_text), Some(from_uri)) = (&from_text, &from_uri) {
        assert_eq!(from_text, from_uri, "text and http::Uri differ");
    }

    let url = url::Url::parse(text).ok();
    let from_url = url.as_ref().and_then(base_string);
    let is_serialised = url.is_some_and(|url| url.as_str() == text);
    if let (Some(from_text), Some(from_url), true) = (&from_text, &from_url, is_serialised) {
        assert_eq!(from_text, from_url, "text and url::Url differ");
    }

    for base_string in [from_text, from_uri, from_url].iter().flatten() {
        check(base_string);
    }
});

/// Of a request for `url`, if it can be signed.
fn base_string<'a>(url: impl Into<UrlRef<'a>>) -> Option<String> {
    let request = RequestRef::new("GET", url).ok()?;
    // Nobody's business what stands in a URL.
    assert!(!format!("{request:?}").contains('?'));
    Some(signature_base_string(&request).expect("there is no body"))
}

/// RFC 5849 §3.4.1.1 and §3.4.1.2.
fn check(base_string: &str) {
    assert_eq!(base_string.matches('&').count(), 2, "{base_string}");
    assert!(base_string.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%&".contains(&byte)));
    assert!(base_string.starts_with("GET&"));

    let base_uri = base_uri(base_string);
    let (scheme, rest) = base_uri.split_once("://").expect("a scheme");
    let (authority, _) = rest.split_once('/').expect("a path");
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => panic!("neither http nor https: {scheme}"),
    };
    assert!(!authority.is_empty() && !authority.contains('@'), "{authority}");
    assert!(!authority.bytes().any(|byte| byte.is_ascii_uppercase()), "{authority}");
    // An IPv6 address may end so inside its brackets.
    assert!(!authority.ends_with(default_port), "{authority}");
}

/// The base string URI, decoded.
fn base_uri(base_string: &str) -> String {
    let encoded = base_string.split('&').nth(1).expect("three parts");
    String::from_utf8(decode(encoded)).expect("UTF-8 in, UTF-8 out")
}
