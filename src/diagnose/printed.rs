//! The base string that a server prints in its response.
//!
//! Servers print it in a form (`debug_sbs` of Flickr, `oauth_signature_base_string`), in a JSON message
//! ("Expected signature base string: …" of Yelp and Khan Academy, "Acceptable signature base string: …" of
//! Mastercard), in a page, or in a header, each with the escapes of that format. So this module looks for the
//! form of a base string anywhere in the response: a method and an encoded URL with a `&` between them.

use http::header::WWW_AUTHENTICATE;

use super::json;
use super::received::{Received, percent_decoded};

/// The maximum length of a base string to compare, in bytes.
pub(super) const MAX_LEN: usize = 64 * 1024;

/// The maximum number of base strings to read. No response prints more.
const MOST: usize = 8;

/// Returns the base strings that a response prints, the longest first.
pub(super) fn base_strings(received: &Received<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for text in readings(received) {
        collect(&text, &mut found);
    }
    found.sort_by_key(|text| std::cmp::Reverse(text.len()));
    found.dedup();
    found.truncate(MOST);
    found
}

/// Returns the texts of a response, with the escapes of each format decoded.
fn readings(received: &Received<'_>) -> Vec<String> {
    let headers = received.headers.get_all(WWW_AUTHENTICATE).iter();
    let headers = headers.filter_map(|value| value.to_str().ok()).filter(|value| value.len() <= MAX_LEN);
    let mut readings: Vec<String> = headers.map(ToOwned::to_owned).collect();
    readings.push(received.text.clone());
    // A JSON text may be a string in another JSON text.
    readings.push(without_json_escapes(&received.text));
    readings.push(without_json_escapes(&without_json_escapes(&received.text)));
    for at in 0..readings.len() {
        let text = readings[at].clone();
        let html = without_html_escapes(&text);
        // Some pages are escaped twice.
        let html_twice = without_html_escapes(&html);
        readings
            .extend([percent_decoded(&text), html, html_twice].into_iter().filter(|other| *other != text));
    }
    readings
}

fn without_json_escapes(text: &str) -> String {
    if text.contains('\\') { json::unescaped(text) } else { text.to_owned() }
}

fn without_html_escapes(text: &str) -> String {
    let mut text = text.to_owned();
    for escape in ["&#38;", "&#038;", "&#x26;", "&amp;"] {
        if text.contains(escape) {
            text = text.replace(escape, "&");
        }
    }
    text
}

/// Finds `METHOD&http…&…` in a text.
fn collect(text: &str, found: &mut Vec<String>) {
    for (at, _) in text.match_indices("&http").take(16) {
        let scheme = &text.as_bytes()[at + 5..];
        let scheme = scheme.strip_prefix(b"s").unwrap_or(scheme);
        let is_encoded = scheme.get(..9).is_some_and(|text| text.eq_ignore_ascii_case(b"%3A%2F%2F"));
        let before = &text[..at];
        let method = before.trim_end_matches(|c: char| c.is_ascii_uppercase());
        let len = before.len() - method.len();
        if !is_encoded || !(3..=16).contains(&len) || method.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let is_end = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\,;()[]{}`".contains(c);
        let rest = &text[method.len()..];
        let rest = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        // In a form, another parameter follows the third part.
        let end = rest.match_indices('&').nth(2).map_or(rest.len(), |(at, _)| at);
        // A sentence ends with a period. A base string nearly never does.
        let whole = rest[..end].trim_end_matches('.');
        if whole.matches('&').count() == 2 && !found.iter().any(|present| present == whole) {
            found.push(whole.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;

    const BASE_STRING: &str = "GET&https%3A%2F%2Fh%2Fp&a%3D1%26oauth_nonce%3Dn";

    fn read(body: &str) -> Vec<String> {
        let headers = HeaderMap::new();
        base_strings(&Received::read(StatusCode::UNAUTHORIZED, &headers, body.as_bytes()))
    }

    #[test]
    fn finds_it_in_each_format() {
        let html = BASE_STRING.replace('&', "&amp;");
        let form = crate::percent::percent_encode(BASE_STRING);
        let json = BASE_STRING.replace('&', "\\u0026");
        for body in [
            BASE_STRING.to_owned(),
            format!("oauth_problem=signature_invalid&debug_sbs={BASE_STRING}"),
            format!("oauth_problem=signature_invalid&debug_sbs={form}&oauth_problem_advice=x"),
            format!("oauth_signature_base_string={form}"),
            format!(r#"{{"description": "Expected signature base string: {json}"}}"#),
            format!(r#""{{\"description\": \"Expected: {}\"}}""#, json.replace('\\', "\\\\")),
            format!(r#"{{"Description":"Acceptable signature base string: {BASE_STRING}"}}"#),
            format!("<p>The signature base string was {html}.</p>"),
            format!("<p>{}</p>", html.replace('&', "&amp;")),
            format!("OAuth error. Invalid signature. Expected signature base string: {BASE_STRING}."),
        ] {
            assert_eq!(read(&body), [BASE_STRING], "{body}");
        }
    }

    #[test]
    fn takes_nothing_else_for_one() {
        for body in [
            "",
            "GET&https%3A%2F%2Fh%2Fp",
            "?next=a&https%3A%2F%2Fh&b=1",
            "get&https%3A%2F%2Fh&b=1",
            "xGET&https%3A%2F%2Fh&b=1",
            "GET&https://h/&a=1",
        ] {
            assert_eq!(read(body), Vec::<String>::new(), "{body}");
        }
    }
}
