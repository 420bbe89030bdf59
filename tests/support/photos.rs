//! The story of RFC 5849 §1.2: a printer asks for photos, and Jane approves.

use http::{Response, StatusCode};
use oauth1_signer::flow::{Approval, CredentialsRequest, Endpoints, Flow};
use oauth1_signer::{ClientCredentials, Signer, SignerBuilder, TemporaryCredentials, TokenCredentials};

use super::header::{self, Header};
use super::oracle;

pub(crate) const CLIENT: (&str, &str) = ("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
pub(crate) const TEMPORARY: (&str, &str) = ("hh5s93j4hdidpola", "hdhd0244k9j7ao03");
pub(crate) const TOKEN: (&str, &str) = ("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
pub(crate) const VERIFIER: &str = "hfdp7dh39dks9884";
pub(crate) const CALLBACK: &str = "http://printer.example.com/ready";
/// The URL to which the provider sends Jane back: the callback with its parameters.
pub(crate) const RETURNED: &str =
    "http://printer.example.com/ready?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884";
pub(crate) const TEMPORARY_ANSWER: &str =
    "oauth_token=hh5s93j4hdidpola&oauth_token_secret=hdhd0244k9j7ao03&oauth_callback_confirmed=true";
pub(crate) const TOKEN_ANSWER: &str = "oauth_token=nnch734d00sl2jdk&oauth_token_secret=pfkkdhi9sl3r4s00";

pub(crate) const INITIATE: &str = "https://photos.example.net/initiate";
pub(crate) const AUTHORIZE: &str = "https://photos.example.net/authorize";
pub(crate) const EXCHANGE: &str = "https://photos.example.net/token";

/// Returns the printer's signer. The RFC's examples leave `oauth_version` out.
pub(crate) fn printer() -> SignerBuilder {
    Signer::builder(ClientCredentials::new(CLIENT.0, CLIENT.1)).version(false).realm("Photos")
}

pub(crate) fn photos() -> Endpoints {
    Endpoints::new(INITIATE, AUTHORIZE, EXCHANGE)
}

pub(crate) fn flow_of(client: SignerBuilder, provider: Endpoints) -> Flow {
    Flow::new(provider, &client.build().expect("a signer")).expect("a flow")
}

pub(crate) fn flow() -> Flow {
    flow_of(printer(), photos())
}

pub(crate) fn temporary() -> TemporaryCredentials {
    TemporaryCredentials::new(TEMPORARY.0, TEMPORARY.1)
}

pub(crate) fn token() -> TokenCredentials {
    TokenCredentials::new(TOKEN.0, TOKEN.1)
}

/// Returns Jane's approval.
pub(crate) fn grant() -> Approval {
    flow().callback(temporary(), RETURNED).expect("a grant")
}

/// The contents of a request of the flow.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) content_type: Option<String>,
    pub(crate) header: Header,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn sent<C>(leg: &CredentialsRequest<C>) -> Sent {
    let request = leg.to_request().expect("a signature");
    assert_eq!(request.headers().get_all("authorization").iter().count(), 1);
    assert!(request.headers()["authorization"].is_sensitive());
    let value =
        |name: &str| request.headers().get(name).map(|value| value.to_str().expect("ASCII").to_owned());
    Sent {
        method: request.method().to_string(),
        url: request.uri().to_string(),
        content_type: value("content-type"),
        header: header::parse(&value("authorization").expect("a header")),
        body: Vec::from(request.into_body()),
    }
}

impl Sent {
    /// Returns the names in the Authorization header, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.header.parameters.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Returns the value of a parameter of the header, decoded.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let (_, value) = self.header.parameters.iter().find(|(present, _)| present == name)?;
        let [(decoded, _)] = &oracle::form_pairs(value.as_bytes())[..] else { return Some(String::new()) };
        Some(String::from_utf8(decoded.clone()).expect("UTF-8"))
    }

    pub(crate) fn request(&self) -> oracle::Request {
        oracle::Request {
            method: self.method.clone(),
            url: self.url.clone(),
            query: Vec::new(),
            content_type: self.content_type.clone(),
            body: if self.body.is_empty() {
                oracle::Body::None
            } else {
                oracle::Body::Bytes(self.body.clone())
            },
        }
    }

    /// Checks that the header has exactly the parameters of the RFC, and the signature of the oracle.
    ///
    /// Timestamp and nonce may have any value.
    pub(crate) fn assert_signed_with(&self, settings: &oracle::Settings) {
        let of_sent = |name| self.get(name).unwrap_or_default();
        let settings = oracle::Settings {
            timestamp: of_sent("oauth_timestamp"),
            nonce: of_sent("oauth_nonce"),
            ..settings.clone()
        };
        let encode = |text: String| oracle::percent_encode(text.as_bytes());
        let expected = oracle::sign(&settings, &self.request()).sent;
        let mut expected: Vec<_> =
            expected.into_iter().map(|(name, value)| (encode(name), encode(value))).collect();
        expected.sort();
        assert_eq!(self.header, Header { realm: settings.realm, parameters: expected });
    }
}

/// Returns the printer's settings for the oracle.
pub(crate) fn settings() -> oracle::Settings {
    oracle::Settings {
        client: owned(CLIENT),
        token: None,
        send_empty_token: false,
        method: oracle::Method::HmacSha1,
        version: false,
        callback: None,
        verifier: None,
        parameters: Vec::new(),
        realm: Some("Photos".to_owned()),
        body_hash: oracle::BodyHashPolicy::Off,
        timestamp: String::new(),
        nonce: String::new(),
    }
}

/// Returns the settings for the first request of the flow.
pub(crate) fn settings_of_first_leg() -> oracle::Settings {
    oracle::Settings { callback: Some(CALLBACK.to_owned()), ..settings() }
}

pub(crate) fn settings_of_last_leg() -> oracle::Settings {
    oracle::Settings { token: Some(owned(TEMPORARY)), verifier: Some(VERIFIER.to_owned()), ..settings() }
}

pub(crate) fn owned((one, other): (&str, &str)) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

/// Returns a response of the provider.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Response<Vec<u8>> {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = StatusCode::from_u16(status).expect("a status");
    for (name, value) in headers {
        let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a name");
        answer.headers_mut().append(name, http::HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    answer
}
