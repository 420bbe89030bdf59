//! Providers of OAuth Core 1.0, renewal, xAuth, and endpoints that cannot be used.

use http::{Method, Request};
use oauth1_signer::flow::{CallbackError, EndpointError, Endpoints, Flow, FlowError};
use oauth1_signer::{
    BodyHashPolicy, BuildError, SignError, SignatureMethod, TokenCredentials, request::UrlError,
};

use crate::callback::verifier_for;
use crate::names;
use crate::support::oracle::Settings;
use crate::support::photos::{
    AUTHORIZE, CALLBACK, EXCHANGE, INITIATE, RETURNED, TEMPORARY, TEMPORARY_ANSWER, TOKEN, TOKEN_ANSWER,
    VERIFIER, answer, flow, flow_of, grant, owned, photos, printer, sent, settings, settings_of_first_leg,
    settings_of_last_leg, temporary, token,
};
use crate::support::{header, oracle};

/// OAuth Core 1.0, before its revision A: no confirmation, no verification code.
#[test]
fn a_provider_of_oauth_1_0_is_accepted_where_that_is_said() {
    let old = flow_of(printer(), photos().accept_oauth_1_0(true));
    for answered in [TEMPORARY_ANSWER, TEMPORARY_ANSWER.split("&oauth_callback").next().unwrap()] {
        let first = old.temporary_credentials("oob").unwrap();
        let issued = first.parse_response(&answer(200, &[], answered)).unwrap();
        assert_eq!(issued.credentials.token(), TEMPORARY.0);
        assert_eq!(issued.fields.iter().count(), 0);
    }
    let returned = "https://h/?oauth_token=hh5s93j4hdidpola";
    let refused = flow().callback(temporary(), returned).unwrap_err();
    assert_eq!(*refused.reason(), CallbackError::MissingVerifier { html_escaped: false });
    let grant = old.callback(refused.into_credentials(), returned).unwrap();
    let last = sent(&old.token_credentials(&grant).unwrap());
    assert_eq!(last.names(), names(&["oauth_token"]));
    last.assert_signed_with(&Settings { verifier: None, ..settings_of_last_leg() });
    // Where there is a code after all, it is sent; and all the rest is as strict as ever.
    assert_eq!(verifier_for(&old, RETURNED).as_deref(), Some(VERIFIER));
    let refused = old.callback(temporary(), "https://h/?oauth_token=another").unwrap_err();
    assert_eq!(*refused.reason(), CallbackError::TokenMismatch);
}

#[test]
fn a_renewal_has_token_and_session_handle() {
    let leg = flow().renewal(&token(), "handle+1").unwrap();
    let sent = sent(&leg);
    assert_eq!((&*sent.method, &*sent.url), ("POST", EXCHANGE));
    assert_eq!(sent.names(), names(&["oauth_session_handle", "oauth_token"]));
    sent.assert_signed_with(&Settings {
        token: Some(owned(TOKEN)),
        parameters: vec![owned(("oauth_session_handle", "handle+1"))],
        ..settings()
    });
    let issued = leg.parse_response(&answer(200, &[], "oauth_token=new&oauth_token_secret=s")).unwrap();
    assert_eq!(issued.credentials.token(), "new");

    let flow = flow_of(printer().parameter("oauth_session_handle", "x"), photos());
    let error = flow.renewal(&token(), "y").unwrap_err();
    assert_eq!(error, FlowError::Build(BuildError::DuplicateParameter("oauth_session_handle".to_owned())));
}

/// The form is part of the signature, and the password is in nothing that is shown.
#[test]
fn xauth_signs_its_form_and_shows_no_password() {
    for policy in [BodyHashPolicy::Off, BodyHashPolicy::NotForms] {
        let flow = flow_of(printer().body_hash(policy), photos().method(Method::GET));
        let leg = flow.xauth("jane&co", "p\u{e4}ss w0rd&%+=").unwrap();
        let sent = sent(&leg);
        assert_eq!((&*sent.method, &*sent.url), ("POST", EXCHANGE));
        assert_eq!(sent.content_type.as_deref(), Some("application/x-www-form-urlencoded"));
        let pairs = oracle::form_pairs(&sent.body);
        let expected = [
            ("x_auth_mode", "client_auth"),
            ("x_auth_password", "p\u{e4}ss w0rd&%+="),
            ("x_auth_username", "jane&co"),
        ];
        assert!(
            pairs.iter().map(|(n, v)| (&**n, &**v)).eq(expected.map(|(n, v)| (n.as_bytes(), v.as_bytes())))
        );
        assert_eq!(sent.names(), names(&[]));
        sent.assert_signed_with(&settings());

        let (request, explanation) = leg.explain().unwrap();
        let (_, other) = leg.explain().unwrap();
        let differences = explanation.differences(leg.prepare().unwrap().base_string());
        let shown = format!(
            "{leg:?} {request:?} {:?} {explanation} {explanation:?} {differences:?} {:?} {:?}",
            leg.unsigned(),
            explanation.differences(other.base_string()),
            leg.prepare().unwrap(),
        );
        assert!(shown.contains("jane%26co"), "the rest of the form is explained");
        let once = oauth1_signer::percent_encode("p\u{e4}ss w0rd&%+=");
        let twice = oauth1_signer::percent_encode(&once);
        for form in ["p\u{e4}ss w0rd&%+=", &once, &twice] {
            assert!(!shown.contains(form), "{form} in {shown}");
        }
        assert!(String::from_utf8(sent.body).unwrap().contains(&once), "the body has it");
        let issued = leg.parse_response(&answer(200, &[], TOKEN_ANSWER)).unwrap();
        assert_eq!(issued.credentials.token(), TOKEN.0);
    }
}

#[test]
fn an_empty_password_is_one() {
    let sent = sent(&flow().xauth("", "").unwrap());
    assert_eq!(sent.body, b"x_auth_mode=client_auth&x_auth_password=&x_auth_username=");
    sent.assert_signed_with(&settings());
}

/// §1.2, from the first request to the photo.
#[test]
fn jane_prints_her_photos() {
    let flow = flow();
    let first = flow.temporary_credentials(CALLBACK).unwrap();
    let temporary = first.parse_response(&answer(200, &[], TEMPORARY_ANSWER)).unwrap().credentials;
    let grant = flow.callback(temporary, RETURNED).unwrap();
    let last = flow.token_credentials(&grant).unwrap();
    let issued = last.parse_response(&answer(200, &[], TOKEN_ANSWER)).unwrap();
    assert_eq!((issued.credentials.token(), issued.credentials.expose_secret()), TOKEN);
    let signer = flow.signer(issued.credentials).unwrap();
    let request =
        Request::get("http://photos.example.net/photos?file=vacation.jpg&size=original").body(()).unwrap();
    let sent = signer.authorize(request).unwrap();
    let parsed = header::parse(sent.headers()["authorization"].to_str().unwrap());
    assert_eq!(parsed.realm.as_deref(), Some("Photos"));
    let present: Vec<_> = parsed.parameters.iter().map(|(name, _)| &**name).collect();
    assert_eq!(present, names(&["oauth_token"]));
}

/// A signer whose settings do not go with a token is refused where the token comes in.
#[test]
fn a_signer_may_not_go_with_a_token() {
    let flow = flow_of(printer().parameter("oauth_token", "x"), photos());
    let duplicate = BuildError::DuplicateParameter("oauth_token".to_owned());
    assert_eq!(flow.signer(token()).unwrap_err(), duplicate);
    assert_eq!(flow.token_credentials(&grant()).unwrap_err(), FlowError::Build(duplicate));
    let pem = TokenCredentials::new("t", "-----BEGIN PRIVATE KEY-----");
    assert_eq!(flow.signer(pem).unwrap_err(), BuildError::KeyAsSecret("token secret"));
}

const NAMES: [&str; 3] = ["temporary credentials", "authorization", "token credentials"];

fn problems(endpoint: &str) -> [Option<EndpointError>; 3] {
    let signer = printer().build().unwrap();
    [
        Endpoints::new(endpoint, AUTHORIZE, EXCHANGE),
        Endpoints::new(INITIATE, endpoint, EXCHANGE),
        Endpoints::new(INITIATE, AUTHORIZE, endpoint),
    ]
    .map(|provider| match Flow::new(provider, &signer) {
        Ok(_) => None,
        Err(FlowError::Endpoint(error)) => {
            assert!(error.to_string().starts_with(&format!("the {} endpoint: ", error.endpoint())));
            Some(error)
        }
        Err(other) => panic!("{endpoint}: {other}"),
    })
}

#[test]
fn an_endpoint_is_an_absolute_url_and_https() {
    type Make = fn(&'static str) -> EndpointError;
    let url = |reason: UrlError| move |endpoint| EndpointError::Url { endpoint, reason: reason.clone() };
    for (address, reason) in [
        ("", UrlError::Empty),
        ("/initiate", UrlError::MissingScheme),
        ("//h/initiate", UrlError::MissingScheme),
        ("photos.example.net/initiate", UrlError::MissingScheme),
        ("ftp://h/initiate", UrlError::UnsupportedScheme("ftp".to_owned())),
        ("https:/h", UrlError::MissingAuthority),
        ("https:///initiate", UrlError::EmptyHost),
        ("https://h:x/", UrlError::InvalidPort),
        ("https://h/\u{e9}", UrlError::NonAscii { offset: 10 }),
        ("https://h/ ", UrlError::UnencodedSpace { offset: 10 }),
        ("https://h/\n", UrlError::ControlChar { offset: 10 }),
    ] {
        assert_eq!(problems(address), NAMES.map(url(reason)).map(Some), "{address}");
    }
    let userinfo: Make = |endpoint| EndpointError::Userinfo { endpoint };
    let insecure: Make = |endpoint| EndpointError::Insecure { endpoint };
    for (address, error) in [
        ("https://user:pa55@h/", userinfo),
        ("http://user@localhost/", userinfo),
        ("http://h/", insecure),
        ("HTTP://h:443/", insecure),
        ("http://localhost.example/", insecure),
        ("http://127.0.0.1.example/", insecure),
        ("http://10.0.0.1/", insecure),
    ] {
        assert_eq!(problems(address), NAMES.map(error).map(Some), "{address}");
    }
    for endpoint in [
        "https://h",
        "HTTPS://H:8443/?a=b#c",
        "http://localhost:8080/",
        "http://127.0.0.1/",
        "http://[::1]:80/",
    ] {
        assert_eq!(problems(endpoint), [None, None, None], "{endpoint}");
    }
}

#[test]
fn http_on_another_machine_is_allowed_by_name() {
    let provider = || Endpoints::new("http://h/1", "http://h/2", "http://h/3");
    let flow = flow_of(printer(), provider().allow_http(true));
    let sent = sent(&flow.temporary_credentials(CALLBACK).unwrap());
    assert_eq!(sent.url, "http://h/1");
    sent.assert_signed_with(&settings_of_first_leg());
    assert_eq!(flow.authorization_url(&temporary()).unwrap(), "http://h/2?oauth_token=hh5s93j4hdidpola");
    // It allows nothing else.
    let signer = printer().build().unwrap();
    let userinfo = Endpoints::new("http://u:p@h/1", "http://h/2", "http://h/3").allow_http(true);
    assert!(matches!(Flow::new(userinfo, &signer), Err(FlowError::Endpoint(_))));
    // PLAINTEXT has a lock of its own.
    let plaintext = flow_of(printer().method(SignatureMethod::plaintext()), provider().allow_http(true));
    let error = plaintext.temporary_credentials(CALLBACK).unwrap().to_request().unwrap_err();
    assert!(matches!(error, SignError::InsecurePlaintext));
}
