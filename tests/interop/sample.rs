//! The requests, each of which the provider accepts. What oauthlib does not read as RFC 5849 has it (see
//! `provider.py`) is not among them.

use std::fmt::Write;

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use oauth1_signer::BodyHashPolicy;

use crate::client::Outcome;

const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) struct Sample {
    pub(crate) name: &'static str,
    method: &'static str,
    /// What follows `/api` or `/two-legged`.
    target: String,
    content: Option<(&'static str, &'static [u8])>,
    pub(crate) hash: BodyHashPolicy,
}

impl Sample {
    pub(crate) fn get(name: &'static str, target: &str) -> Self {
        Self::without_body(name, "GET", target)
    }

    pub(crate) fn form(name: &'static str, target: &str, body: &'static str) -> Self {
        Self::without_body(name, "POST", target).with(FORM, body.as_bytes())
    }

    /// Anything but a form, with a body hash.
    pub(crate) fn hashed(
        name: &'static str,
        method: &'static str,
        content_type: &'static str,
        body: &'static [u8],
    ) -> Self {
        let sample = Self::without_body(name, method, "/hashed/items/7?notify=").with(content_type, body);
        Self { hash: BodyHashPolicy::NotForms, ..sample }
    }

    fn without_body(name: &'static str, method: &'static str, target: &str) -> Self {
        Self { name, method, target: target.to_owned(), content: None, hash: BodyHashPolicy::Off }
    }

    fn with(self, content_type: &'static str, body: &'static [u8]) -> Self {
        Self { content: Some((content_type, body)), ..self }
    }

    /// `base` is the provider's origin, and `/api` or `/two-legged`.
    pub(crate) fn request(&self, base: &str) -> Outcome<Request<Bytes>> {
        let request = Request::builder().method(self.method).uri(format!("{base}{}", self.target));
        Ok(match self.content {
            None => request.body(Bytes::new())?,
            Some((content_type, body)) => {
                request.header(CONTENT_TYPE, content_type).body(Bytes::from_static(body))?
            }
        })
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = queries();
    all.extend(paths());
    all.extend(bodies());
    all
}

fn queries() -> Vec<Sample> {
    let many = (0..200).fold(String::from("/items?"), |mut target, number| {
        // It writes to a text.
        let _ = write!(target, "p{}=%E2%98%83{number}&", number % 50);
        target
    });
    vec![
        Sample::get("no query", "/items"),
        Sample::get("an empty query", "/items?"),
        Sample::get("repeated parameters", "/items?b=2&a=2&a=1&b=2&a=10&a=&B=1"),
        Sample::get("empty values", "/items?empty=&flag&also&last="),
        Sample::get("an empty name", "/items?=nameless&a=1"),
        Sample::get("empty segments", "/items?&a=1&&b=2&"),
        Sample::get("plus, and what is none", "/items?q=tea+and+cake&sum=1%2B1&spaces=%20%20&+=+"),
        Sample::get("UTF-8", "/items?%C3%BC=%E2%98%83&cake=%F0%9F%8D%B0&e=e%CC%81"),
        Sample::get("small letters in escapes", "/items?u=%e2%98%83&%c3%bc=%2b"),
        Sample::get("brackets", "/items?a%5B%5D=2&a%5B%5D=1&a%5B10%5D=x&a%5B9%5D=y"),
        Sample::get("names that are encoded", "/items?c%40=&a%20b=%3D%253D&%26=%26&%3D=%3D&%25=%25"),
        Sample::get("RFC 5849 §3.4.1.3.1", "/items?b5=%3D%253D&a3=a&c%40=&a2=r%20b"),
        Sample::get("what may go unescaped", "/items?u=http://h:1/p?q&m=a@b,c;d&x=(*)!$-._~"),
        Sample::get("what needs no escape", "/items?%61=%62&%7E=%2D%2E%5F"),
        Sample::get("an apostrophe", "/items?who='jane'"),
        Sample::get("an equals sign in a value", "/items?expression=a=b==c"),
        Sample::get("names that differ in case and length", "/items?aa=1&a=1&A=1&a-=1&a%00=1&a.=1&a0=1"),
        Sample::get("200 parameters", many.trim_end_matches('&')),
    ]
}

fn paths() -> Vec<Sample> {
    vec![
        Sample::get("an escaped path", "/caf%C3%A9/a%20b/c%2Fd/%7Euser/%e2%98%83"),
        Sample::get("an unescaped path", "/~user/a:b@c/d=e,f!g$h&i+j/(k)*l;m=n/o.p"),
        Sample::get("slashes", "//items///7/"),
    ]
}

fn bodies() -> Vec<Sample> {
    let json = br#"{"name": "tea & cake", "caf\u00e9": [1, 2.5, null], "snow": "\u2603"}"#;
    let bytes: &[u8] = &[0, 0xFF, b'&', b'=', 0x80, b'\r', b'\n', 0xC3, 0x28];
    let hashed_get = Sample::get("a hash of no body", "/hashed/items?a=1");
    let hashed_form = Sample::form("a form with a hash", "/hashed/items", "a=1&b=2");
    vec![
        Sample::form("form", "/items", "name=tea+%26+cake&count=2"),
        Sample::form("form and query", "/items?b5=%3D%253D&a3=a&c%40=&a2=r%20b", "c2&a3=2+q"),
        Sample::form(
            "a form with all sorts",
            "/items?a=1",
            "a=1&a=&%C3%BC=%E2%98%83&x%5B%5D=%2B&s=%20+&=&e=%3d",
        ),
        Sample::form("an empty form", "/items", ""),
        Sample::form("a form with a charset", "/items", "name=tea+%26+cake")
            .with("application/x-www-form-urlencoded; charset=UTF-8", b"name=%C3%BC"),
        Sample { method: "PUT", ..Sample::form("a form that is PUT", "/items/7", "name=cake") },
        Sample::hashed("JSON", "POST", "application/json", json),
        Sample::hashed("JSON that is PUT", "PUT", "application/json; charset=utf-8", json),
        Sample::hashed("JSON that is PATCHed", "PATCH", "application/merge-patch+json", b"{}"),
        Sample::hashed("bytes that are PUT", "PUT", "application/octet-stream", bytes),
        Sample::hashed("an empty text", "POST", "text/plain", b""),
        Sample::hashed("DELETE with a body", "DELETE", "application/json", b"[7]"),
        Sample::without_body("JSON without a hash", "POST", "/items").with("application/json", json),
        Sample::without_body("DELETE", "DELETE", "/items/7?force=&reason=it%20is%20old"),
        Sample::without_body("OPTIONS", "OPTIONS", "/items"),
        Sample::without_body("a method of one's own", "REPORT", "/items"),
        Sample { hash: BodyHashPolicy::Always, ..hashed_get },
        Sample { hash: BodyHashPolicy::Always, ..hashed_form },
    ]
}
