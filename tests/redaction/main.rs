//! No secret is shown: not by `Debug`, not by `Display`, not by an error, whatever the secret looks like.
#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure")]
#![allow(clippy::similar_names, reason = "a signer, and what it signed")]

#[path = "../support/ready.rs"]
mod ready;

use std::error::Error;
use std::fmt::{Debug, Display};

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

fn flow_of(client_secret: &str) -> Flow {
    let signer = Signer::builder(ClientCredentials::new("ck", client_secret)).build().unwrap();
    Flow::new(Endpoints::new("https://h/1?q=1", "https://h/2", "https://h/3"), &signer).unwrap()
}

/// Everything there is to look at about a leg. Its explanation has what the request carries.
fn show_leg<C>(shown: &mut Shown, leg: &CredentialsRequest<C>) {
    let request = leg.to_request().unwrap();
    shown.debug(leg);
    shown.debug(leg.unsigned());
    shown.debug(&request);
    shown.debug(request.body());
    shown.debug(&leg.prepare().unwrap());
}

fn form(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", percent_encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Every header in which a hostile server can repeat a secret, as it is or encoded; none where the
/// secret cannot stand in a header.
fn hostile_headers(secret: &str) -> Vec<HeaderMap> {
    let encoded = percent_encode(secret);
    let quoted = secret.replace(['"', '\\'], "");
    let mut all = vec![HeaderMap::new()];
    for (name, value) in [
        ("www-authenticate", format!("OAuth oauth_problem=\"{encoded}\"")),
        ("www-authenticate", format!("OAuth realm=\"{quoted}\", oauth_problem=\"{quoted}\"")),
        ("www-authenticate", format!("OAuth oauth_problem=token_used, oauth_problem_advice=\"{encoded}\"")),
        ("www-authenticate", format!("OAuth oauth_problem=\"token_used\", {encoded}=\"{encoded}\"")),
        ("www-authenticate", format!("{quoted} \"")),
        ("location", format!("https://h/?{encoded}")),
        ("content-type", format!("text/{quoted}; charset=utf-16{quoted}")),
        ("content-encoding", quoted.clone()),
        ("content-length", quoted.clone()),
        ("date", quoted.clone()),
    ] {
        let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) else { continue };
        all.push(HeaderMap::from_iter([(HeaderName::from_static(name), value)]));
    }
    all
}

/// Bodies in which a hostile server repeats a secret.
fn hostile_bodies(secret: &str) -> Vec<String> {
    let other = "another";
    vec![
        secret.to_owned(),
        percent_encode(secret),
        format!("<html>{secret}</html>"),
        format!("{{\"oauth_token\":\"{secret}\"}}"),
        format!("\u{1f}\u{8b}{secret}"),
        format!("\u{feff}{}", form(&[("oauth_token_secret", secret)])),
        form(&[("oauth_problem", secret)]),
        form(&[("oauth_problem", "token_used"), ("oauth_problem_advice", secret)]),
        form(&[("oauth_problem", "parameter_rejected"), ("oauth_parameters_rejected", secret)]),
        form(&[("oauth_problem", "parameter_absent"), ("oauth_parameters_absent", secret)]),
        form(&[("oauth_problem", "version_rejected"), ("oauth_acceptable_versions", secret)]),
        form(&[("oauth_problem", "timestamp_refused"), ("oauth_acceptable_timestamps", secret)]),
        form(&[("oauth_token", ""), ("oauth_token_secret", secret)]),
        form(&[("oauth_token", other), ("oauth_token_secret", secret)]),
        form(&[("oauth_token", other), ("oauth_token", secret)]),
        form(&[("oauth_token", other), ("oauth_token_secret", secret), ("oauth_token_secret", secret)]),
        form(&[("oauth_token", other), ("oauth_token_secret", other), ("oauth_callback_confirmed", secret)]),
        form(&[("oauth_token", other), ("oauth_token_secret", other), ("oauth_session_handle", secret)]),
        format!("oauth_token=%FF{}", percent_encode(secret)),
        format!("oauth_token={other}&oauth_token_secret=%FF{}", percent_encode(secret)),
        secret.repeat(70_000 / secret.len()),
    ]
}

/// Reads an answer, and shows what comes out: credentials and fields, or an error.
fn show_answer<C: Debug>(shown: &mut Shown, leg: &CredentialsRequest<C>, answer: &Response<String>) {
    match leg.parse_response(answer) {
        Ok(issued) => {
            shown.debug(&issued);
            shown.debug(&issued.credentials);
            shown.debug(&issued.fields);
        }
        Err(error) => shown.error(&error),
    }
    if let Some(problem) = Problem::of(answer.headers(), answer.body().as_bytes()) {
        shown.error(&problem);
    }
}

fn show_callback(shown: &mut Shown, flow: &Flow, pending: TemporaryCredentials, callback: &str) {
    match flow.callback(pending, callback) {
        Ok(grant) => {
            shown.debug(&grant);
            show_leg(shown, &flow.token_credentials(&grant).unwrap());
        }
        Err(refused) => {
            shown.error(refused.reason());
            shown.error(&refused);
            shown.debug(&refused.into_credentials());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// All the way through, with a secret in each place that has one.
    #[test]
    fn no_secret_of_the_flow_is_shown(
        client in secret("cLiEnT"),
        pending in secret("pEnDiNg"),
        token in secret("tOkEn"),
        verifier in secret("vErIfIeR"),
        handle in secret("hAnDlE"),
    ) {
        let mut shown = Shown::default();
        let flow = flow_of(&client);
        shown.debug(&flow);
        let first = flow.temporary_credentials("https://printer.example/ready").unwrap();
        show_leg(&mut shown, &first);
        let (_, explanation) = first.explain().unwrap();
        shown.debug(&explanation);
        shown.display(&explanation);
        let pairs =
            [("oauth_token", "pk"), ("oauth_token_secret", &*pending), ("oauth_callback_confirmed", "true")];
        let issued = first.parse_response(&Response::new(form(&pairs))).unwrap();
        prop_assert_eq!(issued.credentials.expose_secret(), &pending);
        shown.debug(&issued);

        let callback = form(&[("oauth_token", "pk"), ("oauth_verifier", &verifier)]);
        let grant = flow.callback(issued.credentials, &callback).unwrap();
        shown.debug(&grant);
        let again = flow.pin(TemporaryCredentials::new("pk", &*pending), &verifier).unwrap();
        shown.debug(&again);
        let last = flow.token_credentials(&grant).unwrap();
        show_leg(&mut shown, &last);
        let pairs = [("oauth_token", "tk"), ("oauth_token_secret", &*token), ("oauth_session_handle", &*handle)];
        let issued = last.parse_response(&Response::new(form(&pairs))).unwrap();
        prop_assert_eq!(issued.fields.session_handle(), Some(&*handle));
        shown.debug(&issued);

        show_leg(&mut shown, &flow.renewal(&issued.credentials, &handle).unwrap());
        shown.debug(&flow.signer(issued.credentials).unwrap());
        shown.check(&[&client, &pending, &token, &verifier, &handle])?;
    }

    /// Not in an explanation either, nor beside a base string of somebody else's.
    #[test]
    fn no_password_of_xauth_is_shown(client in secret("cLiEnT"), password in secret("pAsSwOrD")) {
        let mut shown = Shown::default();
        let leg = flow_of(&client).xauth("jane", &password).unwrap();
        show_leg(&mut shown, &leg);
        let (request, explanation) = leg.explain().unwrap();
        shown.debug(&request);
        shown.debug(&explanation);
        shown.display(&explanation);
        let theirs = leg.prepare().unwrap().base_string().to_owned();
        for difference in explanation.differences(&theirs) {
            shown.debug(&difference);
            shown.display(&difference);
        }
        shown.check(&[&client, &password])?;
        // It is in what is sent, and only there.
        prop_assert!(String::from(request.into_body()).contains(&percent_encode(&password)));
    }

    /// A base string that a server has encoded in another way has the password in it too.
    #[test]
    fn no_password_is_shown_in_a_difference(password in "pAsS[a-zA-Z0-9]{12,40}") {
        let mut shown = Shown::default();
        let leg = flow_of("cs").xauth("jane", &password).unwrap();
        let (_, explanation) = leg.explain().unwrap();
        let theirs = leg.prepare().unwrap().base_string().to_owned();
        for theirs in [
            theirs.replace("%3D", "%3d"),
            theirs.replace("x_auth_password", "x%5Fauth%5Fpassword"),
            theirs.replace("x_auth_password", "x%255Fauth%255Fpassword"),
            theirs.replace("x_auth_password", "X_AUTH_PASSWORD"),
            theirs.replace("%26x_auth_password", "%26%20x_auth_password"),
        ] {
            for difference in explanation.differences(&theirs) {
                shown.debug(&difference);
                shown.display(&difference);
            }
        }
        shown.check(&[&password])?;
    }

    /// A server may put anything anywhere, and what is shown are this crate's own words.
    #[test]
    fn no_server_can_have_a_secret_shown(secret in secret("sEcReT"), status in 0..5_usize) {
        let mut shown = Shown::default();
        let flow = flow_of("cs");
        let first = flow.temporary_credentials("oob").unwrap();
        let last = flow.token_credentials(&flow.pin(TemporaryCredentials::new("pk", "ps"), "v").unwrap()).unwrap();
        let status = [200, 302, 400, 401, 500][status];
        for headers in hostile_headers(&secret) {
            for body in hostile_bodies(&secret) {
                let mut answer = Response::new(body);
                *answer.status_mut() = StatusCode::from_u16(status).unwrap();
                *answer.headers_mut() = headers.clone();
                show_answer(&mut shown, &first, &answer);
                show_answer(&mut shown, &last, &answer);
            }
        }
        // Alike ones once, for there are many.
        shown.0.sort_unstable();
        shown.0.dedup();
        shown.check(&[&secret])?;
    }

    /// A callback may have anything in it, from anybody.
    #[test]
    fn no_callback_can_have_a_secret_shown(secret in secret("sEcReT"), pending in secret("pEnDiNg")) {
        let mut shown = Shown::default();
        let flow = flow_of("cs");
        let encoded = percent_encode(&secret);
        for callback in [
            secret.clone(),
            format!("https://h/?{encoded}"),
            format!("https://h/{encoded}#{encoded}"),
            format!("https://h/?oauth_token={encoded}&oauth_verifier={encoded}"),
            format!("https://h/?oauth_token=pk&oauth_token={encoded}"),
            format!("https://h/?oauth_token=pk&oauth_verifier={encoded}&oauth_verifier={encoded}"),
            format!("https://h/?oauth_token=pk&oauth_verifier=%FF{encoded}"),
            format!("https://h/?oauth_token=pk&oauth_verifier={}", encoded.repeat(90)),
            format!("https://h/?oauth_token=pk&amp;oauth_verifier={encoded}"),
            format!("https://h/?oauth_token=pk&oauth_verifier={encoded}&oauth_token_secret={encoded}"),
            format!("https://h/?oauth_token=pk&denied={encoded}"),
            format!("https://h/?oauth_problem={encoded}&oauth_problem_advice={encoded}"),
            format!("https://h/?oauth_problem=token_used&oauth_problem_advice={encoded}"),
            encoded.repeat(1500),
        ] {
            show_callback(&mut shown, &flow, TemporaryCredentials::new("pk", &*pending), &callback);
        }
        for pin in [secret.repeat(90), String::new()] {
            match flow.pin(TemporaryCredentials::new("pk", &*pending), &pin) {
                Ok(grant) => shown.debug(&grant),
                Err(refused) => shown.error(&refused),
            }
        }
        shown.check(&[&secret, &pending])?;
    }

    /// What the flow does not take in the first place is not repeated.
    #[test]
    fn no_error_of_a_flow_shows_a_secret(password in password(), pem in "[A-Za-z0-9+/]{64}") {
        let mut shown = Shown::default();
        let signer = Signer::builder(ClientCredentials::new("ck", "cs")).build().unwrap();
        for url in [
            format!("https://user:{password}@h/"),
            format!("http://h/{password}?{password}"),
            format!("/{password}"),
            format!("https://h/ {password}"),
            format!("https://h/?a b{password}"),
            format!("https://user:{password}@h:x/"),
        ] {
            for provider in [
                Endpoints::new(&*url, "https://h/", "https://h/"),
                Endpoints::new("https://h/", &*url, "https://h/"),
                Endpoints::new("https://h/", "https://h/", &*url),
            ] {
                shown.error(&Flow::new(provider, &signer).unwrap_err());
            }
        }
        let flow = Flow::new(Endpoints::new("https://h/1", "https://h/2", "https://h/3"), &signer).unwrap();
        shown.error(&flow.temporary_credentials(format!("https://user:{password}@/")).unwrap_err());
        let pending = TemporaryCredentials::new("pk", &*password);
        let url = flow.authorization_url(&pending, &[("oauth_token", &password)]);
        shown.error(&url.unwrap_err());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{pem}\n-----END PRIVATE KEY-----\n");
        let error = flow.signer(TokenCredentials::new("tk", &*pem)).unwrap_err();
        shown.error(&FlowError::from(error.clone()));
        shown.error(&error);
        shown.check(&[&password, &pem])?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// The other side has the secrets too, and with PLAINTEXT it even receives them.
    #[test]
    fn no_secret_of_the_verifying_side_is_shown(
        client in secret("cLiEnT"),
        token in secret("tOkEn"),
        wrong in secret("wRoNg"),
        verifier in "vErIfIeR[ -~]{12,40}",
    ) {
        let mut shown = Shown::default();
        let clock = || Ok(1_700_000_000);
        let policy = Policy::new(Origin::new("https://h").unwrap()).allow_plaintext(true).clock(clock);
        let log = MemoryNonceLog::new(100, 100).unwrap();
        let client_credentials = ClientCredentials::new("ck", &*client);
        let record = ClientRecord::new(client_credentials.clone()).unwrap().allow_plaintext(true);
        let token_record = TokenRecord::new(TokenCredentials::new("tk", &*token), "ck").for_user("jane");
        let other = ClientRecord::new(ClientCredentials::new("ck", &*wrong)).unwrap().allow_plaintext(true);
        shown.debug(&record);
        shown.debug(&token_record);
        shown.debug(&policy);
        for method in [SignatureMethod::hmac_sha1(), SignatureMethod::plaintext()] {
            let signer = Signer::builder(client_credentials.clone())
                .token(TokenCredentials::new("tk", &*token))
                .method(method)
                .verifier(&*verifier)
                .clock(|| Ok(1_700_000_000))
                .build()
                .unwrap();
            let mut request = http::Request::get("https://h/p?a=1").body(()).unwrap();
            let authorization = signer.sign(&request).unwrap().to_header();
            request.headers_mut().insert(http::header::AUTHORIZATION, authorization);
            shown.debug(&IncomingRequest::from(&request));
            let claim = policy.read(&request).unwrap();
            shown.debug(&claim);
            let explanation = claim.explanation();
            shown.display(&explanation.signature_method());
            prop_assert!(!explanation.base_string().contains(&*percent_encode(percent_encode(&client))));
            for (client, token) in [(None, None), (Some(&record), None), (Some(&other), Some(&token_record))] {
                let rejection = claim.prove(client, token).unwrap_err();
                shown.error(&rejection);
                shown.display(&rejection.reason());
                shown.display(&rejection.client_message());
                shown.debug(&rejection.to_response());
            }
            for _ in 0..2 {
                let proof = claim.prove(Some(&record), Some(&token_record)).unwrap();
                shown.debug(&proof);
                match now(proof.admit(&log)) {
                    Ok(verified) => {
                        shown.debug(&verified);
                        prop_assert_eq!(verified.verifier(), Some(&*verifier));
                    }
                    Err(rejection) => shown.error(&rejection),
                }
            }
        }
        shown.debug(&log);
        shown.check(&[&client, &token, &wrong, &verifier])?;
    }

    /// What cannot be read may hold a secret anywhere: names of parameters are repeated, values never.
    #[test]
    fn no_value_is_shown_in_a_rejection(secret in "[A-Za-z0-9]{12,40}", at in 0..9_usize) {
        let header = [
            format!("OAuth oauth_nonce={secret}"),
            format!("OAuth oauth_nonce=\"{secret}"),
            format!("OAuth oauth_nonce=\"%zz{secret}\""),
            format!("OAuth oauth_nonce=\"{secret}\" \"{secret}\""),
            format!("OAuth oauth_nonce=\"{secret}\", oauth_nonce=\"{secret}\""),
            format!("OAuth oauth_consumer_key=\"{secret}%00\""),
            format!("OAuth oauth_consumer_key=\"ck\", oauth_signature_method=\"{secret}\""),
            format!("OAuth realm=\"{secret}\", realm=\"{secret}\""),
            format!("Bearer {secret}"),
        ][at].clone();
        let request = http::Request::get(format!("/p?{secret}")).header("authorization", header).body(()).unwrap();
        let policy = Policy::new(Origin::new("https://h").unwrap());
        let rejection = policy.read(&request).unwrap_err();
        let mut shown = Shown::default();
        shown.error(&rejection);
        shown.debug(&rejection.to_response());
        shown.check(&[&secret])?;
    }
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
