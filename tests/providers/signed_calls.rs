//! Calls to the API of each provider without three legs, and the special ones of the others.

use http::{Method, Request};
use oauth1_signer::providers;
use oauth1_signer::signature::RsaPrivateKey;
use oauth1_signer::{
    BodyHashPolicy, ClientCredentials, RequestRef, SignatureMethod, Signer, TokenCredentials,
};

use super::oracle;
use super::received::{FORM, Received};

const SECRETS: (&str, &str) = ("client secret & 100%", "token/secret=");

fn client() -> ClientCredentials {
    ClientCredentials::new("c", SECRETS.0)
}

fn token() -> TokenCredentials {
    TokenCredentials::new("t", SECRETS.1)
}

fn send(signer: &Signer, request: Request<&'static str>) -> Received {
    let request = signer.authorize(request).unwrap();
    let url = request.uri().to_string();
    Received::new(request.method(), &url, request.headers(), request.body().as_bytes())
}

fn get(url: &str) -> Request<&'static str> {
    Request::get(url).body("").unwrap()
}

/// NetSuite help: HMAC-SHA256 only, the account as realm, in upper case and with an underscore.
#[test]
fn netsuite() {
    for account in ["1234567_SB1", "1234567-sb1", "1234567_sb1"] {
        let signer = providers::netsuite(account).signer(client()).token(token()).build().unwrap();
        let request = send(
            &signer,
            get(
                "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer?q=a%20b&limit=5",
            ),
        );
        assert_eq!(request.realm.as_deref(), Some("1234567_SB1"));
        assert!(request.get("oauth_nonce").unwrap().len() >= 6);
        request.check(oracle::Method::HmacSha256, SECRETS);
    }
}

/// Mastercard Developers: RSA-SHA256, a body hash always, no token.
#[test]
fn mastercard() {
    let key = RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-a.pkcs8.pem")).unwrap();
    let builder = providers::mastercard().signer(ClientCredentials::new("c", ""));
    // Without the key it cannot be built by mistake.
    assert!(builder.clone().build().is_err());
    let signer = builder.method(SignatureMethod::rsa_sha256(key)).build().unwrap();
    let request = send(&signer, get("https://sandbox.api.mastercard.com/service?a=1"));
    assert_eq!(request.get("oauth_signature_method").as_deref(), Some("RSA-SHA256"));
    // The SHA-256 of nothing.
    assert_eq!(
        request.get("oauth_body_hash").as_deref(),
        Some("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    );
    assert_eq!(request.get("oauth_token"), None);
    assert_eq!(request.realm, None);
}

/// Atlassian: RSA-SHA1; `oauth_token` is sent even if it is empty.
#[test]
fn jira() {
    let key = RsaPrivateKey::from_pem(include_str!("../vectors/keys/rsa-a.pkcs8.pem")).unwrap();
    let provider = providers::jira("https://jira.example/jira/");
    let builder = provider.signer(ClientCredentials::new("c", ""));
    assert!(builder.clone().build().is_err());
    let builder = builder.method(SignatureMethod::rsa_sha1(key));
    let signer = builder.clone().token(token()).build().unwrap();
    let request = send(&signer, get("https://jira.example/jira/rest/api/2/issue/A-1"));
    assert_eq!(request.get("oauth_signature_method").as_deref(), Some("RSA-SHA1"));
    let request = send(
        &builder.send_empty_token(true).build().unwrap(),
        get("https://jira.example/jira/rest/api/2/issue/A-1"),
    );
    assert_eq!(request.get("oauth_token").as_deref(), Some(""));
}

/// Interactive Brokers: realm `limited_poa`, no version.
#[test]
fn interactive_brokers() {
    let signer = providers::interactive_brokers().signer(client()).token(token()).build().unwrap();
    let request = send(&signer, get("https://api.ibkr.com/v1/api/portfolio/accounts"));
    assert_eq!(request.realm.as_deref(), Some("limited_poa"));
    assert_eq!(request.get("oauth_version"), None);
}

/// Cardmarket API 2.0: the realm is the URL without its query.
#[test]
fn cardmarket() {
    let signer = providers::cardmarket().signer(client()).token(token()).build().unwrap();
    let url = "https://api.cardmarket.com/ws/v2.0/output.json/games";
    let signer = signer.to_builder().realm(url).build().unwrap();
    let request = send(&signer, get("https://api.cardmarket.com/ws/v2.0/output.json/games?limit=5"));
    assert_eq!(request.realm.as_deref(), Some(url));
    request.check(oracle::Method::HmacSha1, SECRETS);
}

/// BrickLink: the defaults. Magento 2: HMAC-SHA256, and brackets in the query as they are sent.
#[test]
fn bricklink_and_magento() {
    let signer = providers::bricklink().signer(client()).token(token()).build().unwrap();
    send(&signer, get("https://api.bricklink.com/api/store/v1/orders?direction=in"))
        .check(oracle::Method::HmacSha1, SECRETS);
    let signer = providers::magento().signer(client()).token(token()).build().unwrap();
    // A URI may have no raw brackets, but clients send them; both are signed alike.
    for url in [
        "https://shop.example/rest/V1/orders?searchCriteria[pageSize]=5",
        "https://shop.example/rest/V1/orders?searchCriteria%5BpageSize%5D=5",
    ] {
        let result = signer.sign(RequestRef::new("GET", url).unwrap()).unwrap();
        let mut headers = http::HeaderMap::new();
        headers.insert("authorization", result.to_header());
        Received::new(&Method::GET, url, &headers, b"").check(oracle::Method::HmacSha256, SECRETS);
    }
}

/// WooCommerce over http: no token, the parameters in the query.
#[test]
fn woocommerce() {
    let signer = providers::woocommerce().signer(client()).build().unwrap();
    let url = "http://shop.example/wp-json/wc/v3/orders?per_page=5&search=a%20b";
    let result = signer.sign(RequestRef::new("GET", url).unwrap()).unwrap();
    let request = Received::new(&Method::GET, &result.append_to_url(url), &http::HeaderMap::new(), b"");
    assert!(request.header.is_empty());
    assert_eq!(request.get("oauth_token"), None);
    request.check(oracle::Method::HmacSha1, (SECRETS.0, ""));
}

/// LTI 1.1: a launch is a form with all parameters; an outcome has the hash of its body.
#[test]
fn lti() {
    let signer = providers::lti().signer(client()).build().unwrap();
    let url = "https://tool.example/launch?course=1";
    let pairs = [("lti_message_type", "basic-lti-launch-request"), ("context_title", "Tea & cake ☕")];
    let result = signer.sign(RequestRef::new("POST", url).unwrap().form(&pairs)).unwrap();
    let mut headers = http::HeaderMap::new();
    headers.insert("content-type", FORM.parse().unwrap());
    let form = "lti_message_type=basic-lti-launch-request&context_title=Tea+%26+cake+%E2%98%95";
    let body = result.append_to_form(form.as_bytes());
    Received::new(&Method::POST, url, &headers, &body).check(oracle::Method::HmacSha1, (SECRETS.0, ""));

    let signer = signer.to_builder().body_hash(BodyHashPolicy::NotForms).build().unwrap();
    let outcome = Request::post("https://platform.example/outcome").header("content-type", "application/xml");
    let request = send(&signer, outcome.body("<a/>").unwrap());
    // printf '<a/>' | openssl sha1 -binary | base64
    assert_eq!(request.get("oauth_body_hash").as_deref(), Some("25qoZjLG8syZaEot0V0rZIKOdiI="));
    request.check(oracle::Method::HmacSha1, (SECRETS.0, ""));
}

/// "Uploading Photos": all text fields are signed, the photo is not.
#[test]
fn flickr_uploads() {
    let signer = providers::flickr().signer(client()).token(token()).build().unwrap();
    let url = "https://up.flickr.com/services/upload/";
    let fields = [("title", "tea & cake"), ("description", "ü")];
    let header = signer.sign(RequestRef::new("POST", url).unwrap().form(&fields)).unwrap().to_header();
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", header);
    let mut request = Received::new(&Method::POST, url, &headers, b"");
    // The provider reads the fields out of the multipart body.
    request.header.extend(fields.map(|(name, value)| (name.into(), value.into())));
    request.check(oracle::Method::HmacSha1, SECRETS);
}
