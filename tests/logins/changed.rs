//! Copies of a signed request, each with one change.

use axum::body::Body;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Request};

/// A request in memory, which can be sent several times.
#[derive(Clone)]
pub(crate) struct Whole {
    pub(crate) head: Parts,
    pub(crate) body: Bytes,
}

impl Whole {
    pub(crate) fn to_request(&self) -> Request<Body> {
        Request::from_parts(self.head.clone(), Body::from(self.body.clone()))
    }

    pub(crate) fn authorization(&self) -> Option<&str> {
        self.head.headers.get(AUTHORIZATION)?.to_str().ok().filter(|value| value.starts_with("OAuth "))
    }

    fn is_form(&self) -> bool {
        let content_type = self.head.headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
        content_type.starts_with(b"application/x-www-form-urlencoded")
    }

    /// Returns the copies, each with the name of its change.
    pub(crate) fn changed(&self) -> Vec<(String, Self)> {
        let mut copies = Vec::new();
        let header = self.authorization().expect("a signed request").to_owned();
        for (name, changed) in each_value(&header, ",", "\"") {
            let mut copy = self.clone();
            copy.head.headers.insert(AUTHORIZATION, HeaderValue::from_str(&changed).unwrap());
            copies.push((format!("header {name}"), copy));
        }
        let target = self.head.uri.path_and_query().unwrap();
        let (path, query) = (target.path(), target.query().unwrap_or_default());
        for (name, changed) in each_value(query, "&", "") {
            copies.push((format!("query {name}"), self.at(&format!("{path}?{changed}"))));
        }
        let separator = if query.is_empty() { "" } else { "&" };
        copies.push(("a parameter more".to_owned(), self.at(&format!("{path}?{query}{separator}admin=1"))));
        if self.is_form() {
            let form = std::str::from_utf8(&self.body).unwrap();
            for (name, changed) in each_value(form, "&", "") {
                copies.push((format!("form {name}"), Self { body: changed.into(), ..self.clone() }));
            }
        }
        // A signed text field of Flickr's upload.
        if let Some(at) = self.body.windows(3).position(|bytes| bytes == b"tea")
            && !self.is_form()
            && self.body.starts_with(b"--")
        {
            let body = [&self.body[..at], b"ten", &self.body[at + 3..]].concat();
            copies.push(("field of the upload".to_owned(), Self { body: body.into(), ..self.clone() }));
        }
        let mut copy = self.clone();
        copy.head.method = if copy.head.method == Method::PUT { Method::POST } else { Method::PUT };
        copies.push(("method".to_owned(), copy));
        copies
    }

    fn at(&self, target: &str) -> Self {
        let mut copy = self.clone();
        copy.head.uri = target.parse().unwrap();
        copy
    }
}

/// Returns the text once for each of its values, with one letter or digit of that value changed.
fn each_value(text: &str, separator: &str, quote: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = text.split(separator).collect();
    let mut changed = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let Some((name, value)) = part.split_once('=') else { continue };
        let value = value.trim_matches('"');
        // Not in an escape, whose letters may be of either case.
        let place = value
            .char_indices()
            .rfind(|&(at, c)| c.is_ascii_alphanumeric() && !value[at.saturating_sub(2)..at].contains('%'));
        let Some((place, letter)) = place else { continue };
        let other = if letter == '7' { "8" } else { "7" };
        let value = [&value[..place], other, &value[place + 1..]].concat();
        let part = format!("{name}={quote}{value}{quote}");
        let all = [&parts[..at], &[part.as_str()], &parts[at + 1..]].concat();
        changed.push((name.to_owned(), all.join(separator)));
    }
    changed
}
