//! A row of a file of vectors, and how to give it to the library with the public API alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth1_signer::{
    BodyHashPolicy, ClientCredentials, RequestRef, Signer, Stamp, TokenCredentials,
    request::{RequestError, UrlRef},
};
use serde_json::Value;

use super::keys::Keys;
use super::oracle::{self, Body, Pair};

/// A request and its expected signature (see `tests/vectors/README.md`).
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) tags: Vec<String>,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) client: (String, String),
    pub(crate) token: Option<String>,
    pub(crate) token_secret: Option<String>,
    pub(crate) signature_method: String,
    pub(crate) rsa_key: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) timestamp: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) callback: Option<String>,
    pub(crate) verifier: Option<String>,
    pub(crate) body_hash: Option<String>,
    pub(crate) realm: Option<String>,
    pub(crate) extra: Vec<(String, String)>,
}

/// The expected result. Fields that are not known are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) base_string: Option<String>,
    pub(crate) signature: Option<String>,
    pub(crate) auth: Option<Vec<(String, String)>>,
}

pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => panic!("neither text nor null: {other}"),
    }
}

pub(crate) fn pairs(value: &Value) -> Vec<(String, String)> {
    let pairs = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Value| text(value).expect("text");
    pairs.iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
}

impl Expected {
    pub(crate) fn of(value: &Value) -> Self {
        let auth = (!value["auth"].is_null()).then(|| {
            let mut auth = pairs(&value["auth"]);
            auth.sort();
            auth
        });
        Self { base_string: text(&value["base_string"]), signature: text(&value["signature"]), auth }
    }
}

impl Row {
    pub(crate) fn of(value: &Value) -> Self {
        let optional = |name: &str| text(&value[name]);
        let given = |name: &str| optional(name).unwrap_or_else(|| panic!("{name} is missing: {value}"));
        let bytes = optional("body_b64").map(|body| STANDARD.decode(body).expect("base64"));
        Self {
            id: given("id"),
            tags: value["tags"].as_array().into_iter().flatten().filter_map(text).collect(),
            method: given("method"),
            url: given("url"),
            content_type: optional("content_type"),
            body: bytes.or_else(|| optional("body").map(String::into_bytes)),
            client: (given("client_key"), given("client_secret")),
            token: optional("token"),
            token_secret: optional("token_secret"),
            signature_method: given("signature_method"),
            rsa_key: optional("rsa_key"),
            nonce: optional("nonce"),
            timestamp: optional("timestamp"),
            version: optional("version"),
            callback: optional("callback"),
            verifier: optional("verifier"),
            body_hash: optional("body_hash"),
            realm: optional("realm"),
            extra: pairs(&value["extra_oauth"]),
        }
    }

    /// Returns the signer for the row, or `None` if this build does not have its method.
    pub(crate) fn signer(&self, keys: &Keys) -> Option<Signer> {
        let stamped = self.nonce.is_some();
        let method = keys.method(&self.signature_method, self.rsa_key.as_deref(), stamped)?;
        let mut builder = Signer::builder(ClientCredentials::new(&self.client.0, &self.client.1));
        builder = builder.method(method).allow_plaintext_over_http(true).allow_incomplete_credentials(true);
        if self.token.is_some() || self.token_secret.is_some() {
            let secret = self.token_secret.as_deref().unwrap_or_default();
            builder = builder.token(TokenCredentials::new(self.token.as_deref().unwrap_or_default(), secret));
        }
        if self.token.as_deref() == Some("") {
            builder = builder.send_empty_token(true);
        }
        match self.version.as_deref() {
            Some("1.0") => {}
            Some(other) => builder = builder.version(false).parameter("oauth_version", other),
            None => builder = builder.version(false),
        }
        if let Some(callback) = &self.callback {
            builder = builder.callback(callback.as_str());
        }
        if let Some(verifier) = &self.verifier {
            builder = builder.verifier(verifier);
        }
        if let Some(realm) = &self.realm {
            builder = builder.realm(realm.as_str());
        }
        if self.body_hash.is_some() {
            builder = builder.body_hash(BodyHashPolicy::Always);
        }
        for (name, value) in &self.extra {
            builder = builder.parameter(name, value);
        }
        Some(builder.build().unwrap_or_else(|error| panic!("{}: {error}", self.id)))
    }

    /// Returns a new timestamp and nonce, or `None` if the row has neither.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        let (timestamp, nonce) = (self.timestamp.as_deref()?, self.nonce.as_deref()?);
        Some(Stamp::verbatim(timestamp, nonce).unwrap_or_else(|error| panic!("{}: {error}", self.id)))
    }

    /// Returns `true` if nonce or timestamp is missing, which §3.1 allows with PLAINTEXT only.
    pub(crate) fn lacks_its_stamp(&self) -> bool {
        let stamped = self.timestamp.is_some() && self.nonce.is_some();
        !stamped && self.signature_method != "PLAINTEXT"
    }

    /// Returns a view of the request with its URL as text or in another type.
    ///
    /// With a given digest, the view has no body, so that the body hash must come from the digest.
    pub(crate) fn request_ref<'a>(
        &'a self,
        url: impl Into<UrlRef<'a>>,
        digest: Option<&'a [u8]>,
    ) -> Result<RequestRef<'a>, RequestError> {
        let mut request = RequestRef::new(self.method.as_str(), url)?;
        if let Some(content_type) = &self.content_type {
            request = request.content_type(content_type);
        }
        Ok(match (digest, &self.body) {
            (Some(digest), _) => request.body_digest(digest),
            (None, Some(body)) => request.body(body),
            (None, None) => request,
        })
    }

    /// Returns the request of the `http` crate, or `None` if that crate rejects its URL.
    pub(crate) fn http_request(&self) -> Option<http::Request<Vec<u8>>> {
        let uri: http::Uri = self.url.parse().ok()?;
        let mut request = http::Request::new(self.body.clone().unwrap_or_default());
        *request.uri_mut() = uri;
        *request.method_mut() = http::Method::from_bytes(self.method.as_bytes()).ok()?;
        if let Some(content_type) = &self.content_type {
            let value = content_type.parse().expect("a header's value");
            request.headers_mut().insert(http::header::CONTENT_TYPE, value);
        }
        Some(request)
    }

    /// Returns the digest whose base64 is in `oauth_body_hash`.
    pub(crate) fn digest(&self) -> Option<Vec<u8>> {
        self.body_hash.as_ref().map(|hash| STANDARD.decode(hash).expect("base64"))
    }

    /// Returns the parameters that the signer sends, decoded, without the signature.
    pub(crate) fn sent(&self) -> Vec<(String, String)> {
        let known = [
            ("oauth_consumer_key", Some(&self.client.0)),
            ("oauth_token", self.token.as_ref()),
            ("oauth_signature_method", Some(&self.signature_method)),
            ("oauth_timestamp", self.timestamp.as_ref()),
            ("oauth_nonce", self.nonce.as_ref()),
            ("oauth_version", self.version.as_ref()),
            ("oauth_callback", self.callback.as_ref()),
            ("oauth_verifier", self.verifier.as_ref()),
            ("oauth_body_hash", self.body_hash.as_ref()),
        ];
        let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone())));
        known.chain(self.extra.iter().cloned()).collect()
    }

    /// Returns the names in the request that the signer sends too.
    pub(crate) fn repeated(&self) -> Vec<Vec<u8>> {
        let mut sent = self.sent();
        sent.push(("oauth_signature".to_owned(), String::new()));
        oracle::repeated(&self.own_pairs(), &sent)
    }

    fn own_pairs(&self) -> Vec<Pair> {
        oracle::request_pairs(&oracle::Request {
            method: self.method.clone(),
            url: self.url.clone(),
            query: Vec::new(),
            content_type: self.content_type.clone(),
            body: self.body.clone().map_or(Body::None, Body::Bytes),
        })
    }
}
