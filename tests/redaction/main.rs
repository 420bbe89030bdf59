//! No secret is shown: not by `Debug`, not by `Display`, not by an error, whatever the secret looks like.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

mod verifying;
mod flow;

#[path = "../support/ready.rs"]
mod ready;

use std::error::Error;
use std::fmt::{Debug, Display};

use flow::{flow_of, show_answer};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use oauth1_signer::flow::{CredentialsRequest, Endpoints, Flow, FlowError};
#[cfg(feature = "rsa")]
use oauth1_signer::signature::RsaPrivateKey;
use oauth1_signer::verify::{ClientRecord, IncomingRequest, MemoryNonceLog, Policy, TokenRecord};
use oauth1_signer::{
    BodyHashPolicy, BuildError, ClientCredentials, Origin, RequestRef, SignError, SignatureMethod, Signer,
    Stamp, TemporaryCredentials, TokenCredentials, percent_encode, problem::Problem, request::UrlRef,
    signature::Signature,
};
use proptest::prelude::*;
use ready::now;

/// What was shown, to be searched for secrets.
#[derive(Default)]
struct Shown(Vec<String>);

impl Shown {
    fn debug(&mut self, value: &dyn Debug) {
        self.0.extend([format!("{value:?}"), format!("{value:#?}")]);
    }

    fn display(&mut self, value: &dyn Display) {
        self.0.extend([format!("{value}"), format!("{value:#}")]);
    }

    /// An error with all its sources.
    fn error(&mut self, error: &(dyn Error + 'static)) {
        self.debug(&error);
        self.display(&error);
        if let Some(source) = error.source() {
            self.error(source);
        }
    }

    /// Looks for each secret as it is, and as it would look encoded for the wire or for `Debug`.
    fn check(&self, secrets: &[&str]) -> Result<(), TestCaseError> {
        for secret in secrets {
            let once = percent_encode(secret);
            let twice = percent_encode(&once);
            for form in [secret, &*once, &*twice, &secret.escape_debug().to_string()] {
                for shown in &self.0 {
                    prop_assert!(!shown.contains(form), "{form:?} in {shown}");
                }
            }
        }
        Ok(())
    }
}

/// A secret of its own kind, so that it is in no other text by chance.
fn secret(kind: &'static str) -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z0-9]{12,40}", "[ -~]{12,40}", "[a-z&%+=\"\\\\ \u{e9}\r\n\t]{12,40}"]
        .prop_map(move |random| format!("{kind}{random}"))
}

/// A password that may stand in a URL.
fn password() -> impl Strategy<Value = String> {
    "[A-Za-z0-9!$&'()*+,;=._~-]{12,40}".prop_map(|random| format!("pAsS{random}"))
}

fn methods(held: &str) -> Vec<SignatureMethod> {
    let mut methods = vec![
        SignatureMethod::hmac_sha1(),
        SignatureMethod::plaintext(),
        SignatureMethod::plaintext_without_stamp(),
        SignatureMethod::external("RSA-SHA1"),
    ];
    // Methods whose functions hold a secret, one of which sends it as PLAINTEXT does.
    let (key, text) = (held.to_owned(), held.to_owned());
    methods.push(SignatureMethod::custom("X-1", move |base_string| {
        let sum = key.bytes().chain(base_string.iter().copied()).fold(0, u8::wrapping_add);
        Ok(Signature::Bytes(vec![sum; 20]))
    }));
    methods.push(SignatureMethod::custom("X-2", move |_| Ok(Signature::Text(text.clone()))));
    let key = held.to_owned();
    methods.push(SignatureMethod::custom("X-3", move |_| Err(format!("no {} bytes", key.len()).into())));
    #[cfg(feature = "sha2")]
    methods.extend([SignatureMethod::hmac_sha256(), SignatureMethod::hmac_sha512()]);
    methods
}

/// Everything there is to look at about one signer and one request.
fn show_all(shown: &mut Shown, signer: &Signer, request: RequestRef<'_>, signature: &Signature) {
    let stamp = || Stamp::new(1_700_000_000, "nonce").unwrap();
    shown.debug(signer);
    shown.debug(&signer.clone());
    shown.debug(&signer.to_builder());
    shown.debug(&request);
    shown.debug(signature);
    match signer.sign(request) {
        Ok(signed) => {
            shown.debug(&signed);
            let header = signed.to_header();
            shown.debug(&header);
            let mut http = http::Request::get("https://h/").body(()).unwrap();
            http.headers_mut().insert(http::header::AUTHORIZATION, header);
            shown.debug(&http);
            shown.debug(&RequestRef::try_from(&http).unwrap());
        }
        Err(error) => shown.error(&error),
    }
    match signer.prepare_with(request, stamp()) {
        Ok(prepared) => {
            shown.debug(&prepared);
            shown.debug(&prepared.base_string());
            let explanation = prepared.explanation();
            shown.debug(&explanation);
            shown.display(&explanation);
            explanation.hints().iter().for_each(|note| shown.display(note));
            let signed = prepared.finish(signature.clone());
            shown.debug(&signed);
            shown.debug(&signed.to_header());
        }
        Err(error) => shown.error(&error),
    }
    match signer.explain(request) {
        Ok(both) => shown.debug(&both),
        Err(error) => shown.error(&error),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_is_shown(
        client in secret("cLiEnT"),
        token in secret("tOkEn"),
        held in secret("hElD"),
        password in password(),
    ) {
        let mut shown = Shown::default();
        let client_credentials = ClientCredentials::new("ck", &*client);
        let token_credentials = TokenCredentials::new("tk", &*token);
        shown.debug(&client_credentials);
        shown.debug(&token_credentials);
        let url = format!("https://user:{password}@h/path?q=1#f");
        let insecure = url.replace("https", "http");
        let uri: http::Uri = url.parse().unwrap();
        shown.debug(&UrlRef::from(&*url));
        shown.debug(&UrlRef::from(&uri));
        let signature = Signature::Text(held.clone());
        for method in methods(&held) {
            shown.debug(&method);
            let builder = Signer::builder(client_credentials.clone())
                .token(token_credentials.clone())
                .method(method)
                .body_hash(BodyHashPolicy::NotForms)
                .realm("realm");
            shown.debug(&builder);
            let signer = builder.build().unwrap();
            for request in [
                RequestRef::new("GET", &url).unwrap(),
                RequestRef::new("GET", &uri).unwrap(),
                // Refused under PLAINTEXT, for each method here where the body is a form nobody sees.
                RequestRef::new("GET", &insecure).unwrap(),
                RequestRef::new("GET", &url).unwrap().content_type("application/x-www-form-urlencoded"),
                RequestRef::new("GET", &url).unwrap().content_type("application/json"),
                RequestRef::new("GET", &url).unwrap().body_digest(b"short"),
                RequestRef::new("GET", &url).unwrap().query(&[("oauth_token", "x")]),
            ] {
                show_all(&mut shown, &signer, request, &signature);
            }
            if let Err(error) = signer.sign_bytes(held.as_bytes()) {
                shown.error(&error);
            }
        }
        shown.check(&[&client, &token, &held, &password])?;
    }

    /// A body, its pairs and its digest stay out of what a program logs about a request.
    #[test]
    fn no_body_is_shown(body in secret("bOdY")) {
        let mut shown = Shown::default();
        let request = RequestRef::new("POST", "https://h/").unwrap();
        let pairs = [("a", &*body), (&*body, "b")];
        shown.debug(&request.body(body.as_bytes()));
        shown.debug(&request.form(&pairs));
        shown.debug(&request.query(&pairs));
        shown.debug(&request.body_digest(body.as_bytes()));
        shown.debug(&request.content_type(&body));
        let url = format!("https://h/{0}?{0}", percent_encode(&body));
        shown.debug(&RequestRef::new("POST", &url).unwrap());
        shown.check(&[&body])?;
    }

    /// A URL that cannot be signed is not repeated, wherever its secrets stand.
    #[test]
    fn no_url_is_shown_in_an_error(password in password(), at in 0..12_usize) {
        let url = [
            format!("https://user:{password}@"),
            format!("https://user:{password}@:80/"),
            format!("https://user:{password}@h:x/"),
            format!("https://user:{password}@h\\/"),
            format!("https://user:{password}@[::1/"),
            format!("https://user:{password}@h%41/"),
            format!("https://user:{password}@h\u{e9}/"),
            format!("https://user:{password}\n@h/"),
            format!("https://h/ {password}?{password}"),
            format!("https://h/\u{e9}{password}?{password}"),
            format!("/{password}?{password}"),
            format!("//user:{password}@h/"),
        ][at].clone();
        let error = RequestRef::new("GET", &url).unwrap_err();
        let mut shown = Shown::default();
        shown.error(&error);
        shown.error(&SignError::from(error));
        shown.check(&[&password])?;
    }

    /// Key files that are taken for a secret, and the reverse.
    #[test]
    fn no_key_file_is_shown(content in "[A-Za-z0-9+/]{64}", client in any::<bool>()) {
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{content}\n-----END PRIVATE KEY-----\n");
        let secrets = if client { (&*pem, "ts") } else { ("cs", &*pem) };
        let builder = Signer::builder(ClientCredentials::new("ck", secrets.0))
            .token(TokenCredentials::new("tk", secrets.1));
        let mut shown = Shown::default();
        shown.debug(&builder);
        let error = builder.build().unwrap_err();
        let which = if client { "client secret" } else { "token secret" };
        prop_assert_eq!(&error, &BuildError::KeyAsSecret(which));
        shown.error(&error);
        #[cfg(feature = "rsa")]
        for error in [
            RsaPrivateKey::from_pem(&pem).unwrap_err(),
            RsaPrivateKey::from_pem(&content).unwrap_err(),
            RsaPrivateKey::from_der(content.as_bytes()).unwrap_err(),
        ] {
            shown.error(&error);
        }
        shown.check(&[&content])?;
    }
}

/// Neither the file's text nor the numbers in it.
#[cfg(feature = "rsa")]
#[test]
fn no_rsa_key_is_shown() {
    use rsa::pkcs8::DecodePrivateKey;
    use rsa::traits::{PrivateKeyParts, PublicKeyParts};

    let pem = include_str!("../vectors/keys/rsa-a.pkcs8.pem");
    let numbers = rsa::PrivateKey::from_pkcs8_pem(pem).unwrap();
    let mut secrets: Vec<String> =
        pem.lines().filter(|line| !line.starts_with('-')).map(str::to_owned).collect();
    for number in [numbers.d(), &numbers.primes()[0], &numbers.primes()[1], numbers.n()] {
        secrets.extend([number.to_string(), format!("{number:x}"), format!("{number:X}")]);
    }
    let key = RsaPrivateKey::from_pem(pem).unwrap();
    let mut shown = Shown::default();
    shown.debug(&key);
    assert_eq!(format!("{key:?}"), "RsaPrivateKey([redacted], 2048 bits)");
    for method in [SignatureMethod::rsa_sha1, SignatureMethod::rsa_sha256, SignatureMethod::rsa_sha512] {
        let method = method(key.clone());
        shown.debug(&method);
        let builder = Signer::builder(ClientCredentials::new("ck", "")).method(method);
        shown.debug(&builder);
        let request = RequestRef::new("GET", "https://h/").unwrap();
        show_all(&mut shown, &builder.build().unwrap(), request, &Signature::Bytes(vec![0; 256]));
    }
    let secrets: Vec<_> = secrets.iter().map(String::as_str).collect();
    shown.check(&secrets).unwrap();
}

/// A provider's URLs are checked when a flow is made of it; it can be shown before.
#[test]
fn no_user_information_of_a_provider_is_shown() {
    let mut shown = Shown::default();
    shown.debug(&Endpoints::new("https://user:pAsSwOrD@h/", "https://h/", "https://h/"));
    shown.check(&["pAsSwOrD"]).unwrap();
}

/// A server that does not encode an & in a secret makes a field of what stands behind it.
#[test]
fn no_half_of_a_secret_is_shown() {
    let mut shown = Shown::default();
    let flow = flow_of("cs");
    let leg = flow.token_credentials(&flow.pin(TemporaryCredentials::new("pk", "ps"), "v").unwrap()).unwrap();
    let answer = Response::new("oauth_token=tk&oauth_token_secret=fIrSt&sEcOnDhAlF".to_owned());
    show_answer(&mut shown, &leg, &answer);
    shown.check(&["fIrSt", "sEcOnDhAlF"]).unwrap();
}

/// The search above does find what is there: secrets are in what goes on the wire, and only there.
#[test]
fn secrets_are_found_where_they_are() {
    let signer = Signer::builder(ClientCredentials::new("ck", "cLiEnT &"))
        .method(SignatureMethod::plaintext())
        .build()
        .unwrap();
    let signed = signer.sign(RequestRef::new("GET", "https://h/").unwrap()).unwrap();
    for text in [signed.signature(), signed.to_header().to_str().unwrap().to_owned(), signed.to_form()] {
        let shown = Shown(vec![text]);
        assert!(shown.check(&["cLiEnT &"]).is_err());
        assert!(shown.check(&["cLiEnT &", "another"]).is_err());
        assert!(shown.check(&["another"]).is_ok());
    }
}
