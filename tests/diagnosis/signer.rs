//! A signer written from the text of RFC 5849, which can be told to make mistakes. It shares nothing with the
//! library.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use oauth1_signer::verify::diagnosis::SignatureDiagnosis;
use oauth1_signer::verify::{ClientRecord, IncomingRequest, Policy, TokenRecord};
use oauth1_signer::{ClientCredentials, Origin, TokenCredentials};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

/// A request, and the credentials of the client that sends it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) form: Option<String>,
    /// A body that is no form.
    pub(crate) body: Option<String>,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) client: (String, String),
    pub(crate) token: Option<(String, String)>,
    pub(crate) signature_method: &'static str,
    pub(crate) has_version: bool,
    /// Further parameters of the header.
    pub(crate) others: Vec<(&'static str, String)>,
    pub(crate) realm: Option<&'static str>,
}

impl Default for Sent {
    fn default() -> Self {
        Self {
            method: "GET",
            origin: "https://api.example.com",
            path: "/1/items".into(),
            query: Some("count=20&page=2".into()),
            form: None,
            body: None,
            headers: Vec::new(),
            client: ("dpf43f3p2l4k3l03".into(), "kd94hf93k423kf44".into()),
            token: Some(("nnch734d00sl2jdk".into(), "pfkkdhi9sl3r4s00".into())),
            signature_method: "HMAC-SHA1",
            has_version: true,
            others: Vec::new(),
            realm: None,
        }
    }
}

/// A parameter as the client means it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
    pub(crate) is_of_protocol: bool,
    pub(crate) is_of_query: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Rfc,
    Joined,
    Unencoded,
    None,
}

pub(crate) type Encode = fn(&[u8]) -> Vec<u8>;

/// The parts of what the client is about to sign.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) method: String,
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) port: Option<String>,
    pub(crate) path: Vec<u8>,
    pub(crate) query_in_uri: Option<String>,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) names: Encode,
    pub(crate) values: Encode,
    pub(crate) protocol_values: Encode,
    pub(crate) sort: Sort,
    pub(crate) uri: Encode,
    pub(crate) joined: Encode,
    pub(crate) drops_equals: bool,
    pub(crate) secrets: (Vec<u8>, Vec<u8>),
    pub(crate) key: Encode,
    pub(crate) ampersand: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) written: fn(Vec<u8>) -> String,
}

/// §3.6.
pub(crate) fn rfc(bytes: &[u8]) -> Vec<u8> {
    escape(bytes, "-._~", "%20", false)
}

pub(crate) fn as_it_is(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

pub(crate) fn escape(bytes: &[u8], kept: &str, space: &str, lower: bool) -> Vec<u8> {
    let mut out = String::new();
    let mut raw = Vec::new();
    for &byte in bytes {
        out.clear();
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            raw.push(byte);
        } else if byte == b' ' {
            raw.extend_from_slice(space.as_bytes());
        } else {
            out = if lower { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
            raw.extend_from_slice(out.as_bytes());
        }
    }
    raw
}

pub(crate) fn percent_decode(text: &[u8], has_plus: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let hex = text.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (text[at], hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) if has_plus => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    out
}

/// §3.4.1.3.1.
pub(crate) fn pairs_of(text: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name.as_bytes(), true), percent_decode(value.as_bytes(), true))
        })
        .collect()
}

impl Sent {
    /// The parameters of the header, without the signature.
    pub(crate) fn protocol(&self) -> Vec<(String, String)> {
        let mut pairs = vec![
            ("oauth_consumer_key".to_owned(), self.client.0.clone()),
            ("oauth_nonce".to_owned(), "kllo9940pd9333jh".to_owned()),
            ("oauth_signature_method".to_owned(), self.signature_method.to_owned()),
            ("oauth_timestamp".to_owned(), "1191242096".to_owned()),
        ];
        if let Some((token, _)) = &self.token {
            pairs.push(("oauth_token".to_owned(), token.clone()));
        }
        if self.has_version {
            pairs.push(("oauth_version".to_owned(), "1.0".to_owned()));
        }
        pairs.extend(self.others.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        pairs
    }

    /// The parts as RFC 5849 wants them signed.
    pub(crate) fn work(&self) -> Work {
        let (scheme, authority) = self.origin.split_once("://").unwrap();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.to_owned())),
            _ => (authority, None),
        };
        let mut pairs: Vec<Pair> = Vec::new();
        let mut push = |(name, value), is_of_protocol, is_of_query| {
            pairs.push(Pair { name, value, is_of_protocol, is_of_query });
        };
        for (name, value) in self.protocol() {
            push((name.into_bytes(), value.into_bytes()), true, false);
        }
        for pair in pairs_of(self.query.as_deref().unwrap_or_default()) {
            push(pair, false, true);
        }
        for pair in pairs_of(self.form.as_deref().unwrap_or_default()) {
            push(pair, false, false);
        }
        let token_secret = self.token.as_ref().map_or("", |(_, secret)| secret);
        Work {
            method: self.method.to_owned(),
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            port,
            path: self.path.clone().into_bytes(),
            query_in_uri: None,
            pairs,
            names: rfc,
            values: rfc,
            protocol_values: rfc,
            sort: Sort::Rfc,
            uri: rfc,
            joined: rfc,
            drops_equals: false,
            secrets: (self.client.1.clone().into_bytes(), token_secret.as_bytes().to_vec()),
            key: rfc,
            ampersand: "&",
            hash: match self.signature_method {
                "HMAC-SHA256" => "256",
                "HMAC-SHA512" => "512",
                _ => "1",
            },
            written: |bytes| STANDARD.encode(bytes),
        }
    }

    /// The request, with this signature.
    pub(crate) fn request(&self, signature: &str) -> Request<Vec<u8>> {
        let text = |value: &str| String::from_utf8(rfc(value.as_bytes())).unwrap();
        let mut header = String::from("OAuth ");
        if let Some(realm) = self.realm {
            header.extend(["realm=\"", realm, "\", "]);
        }
        for (name, value) in self.protocol() {
            header.extend([&text(&name), "=\"", &text(&value), "\", "]);
        }
        header.extend(["oauth_signature=\"", &text(signature), "\""]);
        let target = match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        };
        let mut request = Request::builder().method(self.method).uri(target).header("authorization", header);
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        if self.form.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let body = self.form.clone().or_else(|| self.body.clone()).unwrap_or_default();
        request.body(body.into_bytes()).unwrap()
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy::new(Origin::new(self.origin).unwrap()).require_token(false)
    }

    pub(crate) fn client_record(&self) -> ClientRecord {
        ClientRecord::new(ClientCredentials::new(&self.client.0, &self.client.1)).unwrap()
    }

    pub(crate) fn token_record(&self) -> Option<TokenRecord> {
        let (token, secret) = self.token.as_ref()?;
        Some(TokenRecord::new(TokenCredentials::new(token, secret), &self.client.0))
    }

    /// Diagnoses the request with this signature, as a server does.
    pub(crate) fn diagnose(&self, signature: &str) -> SignatureDiagnosis {
        let policy = self.policy();
        let request = self.request(signature);
        let claim = policy.read(IncomingRequest::from(&request).body(request.body())).unwrap();
        claim.diagnose(Some(&self.client_record()), self.token_record().as_ref())
    }
}

impl Work {
    /// §3.4.1.
    pub(crate) fn base_string(&self) -> Vec<u8> {
        let mut uri = format!("{}://{}", self.scheme, self.host).into_bytes();
        if let Some(port) = &self.port {
            uri.extend([":", port].concat().into_bytes());
        }
        uri.extend(&self.path);
        if let Some(query) = &self.query_in_uri {
            uri.extend(["?", query].concat().into_bytes());
        }
        let mut encoded: Vec<(Vec<u8>, Vec<u8>, &Pair)> =
            self.pairs.iter().map(|pair| self.encode(pair)).collect();
        match self.sort {
            Sort::Rfc => encoded.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1))),
            Sort::Joined => encoded.sort_by_key(|(name, value, _)| [&name[..], b"=", value].concat()),
            Sort::Unencoded => encoded
                .sort_by(|one, other| (&one.2.name, &one.2.value).cmp(&(&other.2.name, &other.2.value))),
            Sort::None => {}
        }
        let joined: Vec<Vec<u8>> = encoded
            .iter()
            .map(|(name, value, _)| {
                let equals: &[u8] = if self.drops_equals && value.is_empty() { b"" } else { b"=" };
                [name, equals, value].concat()
            })
            .collect();
        [self.method.as_bytes(), &(self.uri)(&uri), &(self.joined)(&joined.join(&b'&'))].join(&b'&')
    }

    fn encode<'p>(&self, pair: &'p Pair) -> (Vec<u8>, Vec<u8>, &'p Pair) {
        let values = if pair.is_of_protocol { self.protocol_values } else { self.values };
        let names = if pair.is_of_protocol { rfc } else { self.names };
        (names(&pair.name), values(&pair.value), pair)
    }

    /// §3.4.2.
    pub(crate) fn signature(&self) -> String {
        let key =
            [&(self.key)(&self.secrets.0), self.ampersand.as_bytes(), &(self.key)(&self.secrets.1)].concat();
        let base_string = self.base_string();
        (self.written)(match self.hash {
            "256" => hmac::<Sha256>(&key, &base_string, 64),
            "512" => hmac::<Sha512>(&key, &base_string, 128),
            _ => hmac::<Sha1>(&key, &base_string, 64),
        })
    }
}

/// RFC 2104.
pub(crate) fn hmac<D: Digest>(key: &[u8], text: &[u8], block: usize) -> Vec<u8> {
    let mut key = if key.len() > block { D::digest(key).to_vec() } else { key.to_vec() };
    key.resize(block, 0);
    let pad = |byte: u8| key.iter().map(|key| key ^ byte).collect::<Vec<u8>>();
    let inner = D::new().chain_update(pad(0x36)).chain_update(text).finalize();
    D::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}
