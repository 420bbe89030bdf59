//! A request as a provider receives it.

use http::{HeaderMap, Method};

use super::oracle::{self, Pair};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) realm: Option<String>,
    /// The parameters of the header without the realm, decoded.
    pub(crate) header: Vec<Pair>,
    form: Vec<Pair>,
}

impl Received {
    pub(crate) fn new(method: &Method, url: &str, headers: &HeaderMap, body: &[u8]) -> Self {
        let mut realm = None;
        let mut header = Vec::new();
        if let Some(value) = headers.get("authorization") {
            let value = value.to_str().unwrap().strip_prefix("OAuth ").unwrap();
            for part in value.split(',') {
                let (name, value) = part.trim().split_once('=').unwrap();
                let value = value.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
                if name == "realm" {
                    realm = Some(value.to_owned());
                } else {
                    // No `+` is in a header, so it may be read as a form.
                    header.extend(oracle::form_pairs(format!("{name}={value}").as_bytes()));
                }
            }
        }
        let is_form = headers.get("content-type").is_some_and(|value| value == FORM);
        let form = if is_form { oracle::form_pairs(body) } else { Vec::new() };
        Self { method: method.clone(), url: url.to_owned(), realm, header, form }
    }

    fn query(&self) -> Vec<Pair> {
        oracle::form_pairs(oracle::split_uri(&self.url).query.unwrap_or_default().as_bytes())
    }

    /// Returns the value of a parameter, wherever it is.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let all = [self.header.clone(), self.query(), self.form.clone()].concat();
        let mut found = all.into_iter().filter(|(present, _)| present == name.as_bytes());
        let value = found.next().map(|(_, value)| String::from_utf8(value).unwrap());
        assert!(found.next().is_none(), "{name} is sent twice");
        value
    }

    pub(crate) fn base_string(&self) -> String {
        let all = [self.header.clone(), self.query(), self.form.clone()].concat();
        oracle::base_string(self.method.as_str(), &self.url, &all)
    }

    /// Checks the signature with the secrets of client and token.
    pub(crate) fn check(&self, method: oracle::Method, secrets: (&str, &str)) {
        assert_eq!(self.get("oauth_signature_method").as_deref(), Some(method.name()));
        let expected = oracle::sign_bytes(method, secrets, &self.base_string());
        assert_eq!(self.get("oauth_signature"), Some(expected));
    }
}
