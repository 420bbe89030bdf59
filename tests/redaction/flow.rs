//! The three legs, against servers that repeat what they know.

use super::*;

pub(crate) fn flow_of(client_secret: &str) -> Flow {
    let signer = Signer::builder(ClientCredentials::new("ck", client_secret)).build().unwrap();
    Flow::new(Endpoints::new("https://h/1?q=1", "https://h/2", "https://h/3"), &signer).unwrap()
}

/// Everything there is to look at about a leg, its explanation included.
fn show_leg<C>(shown: &mut Shown, leg: &CredentialsRequest<C>) {
    let request = leg.to_request().unwrap();
    shown.debug(leg);
    shown.debug(leg.unsigned());
    shown.debug(&request);
    shown.debug(request.body());
    shown.debug(&leg.prepare().unwrap());
    let (request, explanation) = leg.explain().unwrap();
    shown.debug(&request);
    shown.debug(&explanation);
    shown.display(&explanation);
    shown.0.extend([explanation.base_string().to_owned(), explanation.normalized_parameters()]);
    explanation.parameters().iter().for_each(|parameter| shown.0.push(parameter.value().to_owned()));
    // A server repeats our base string, as it is or in an encoding of its own.
    let theirs = leg.prepare().unwrap().base_string().to_owned();
    let encoded = percent_encode(&theirs);
    for theirs in [theirs.replace("%3D", "%3d"), theirs.replace("oauth_", "oauth%5F"), theirs, encoded] {
        for difference in explanation.differences(&theirs) {
            shown.debug(&difference);
            shown.display(&difference);
        }
    }
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
pub(crate) fn show_answer<C: Debug>(
    shown: &mut Shown,
    leg: &CredentialsRequest<C>,
    answer: &Response<String>,
) {
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
        let url = flow.authorization_url_with(&pending, &[("oauth_token", &password)]);
        shown.error(&url.unwrap_err());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{pem}\n-----END PRIVATE KEY-----\n");
        let error = flow.signer(TokenCredentials::new("tk", &*pem)).unwrap_err();
        shown.error(&FlowError::from(error.clone()));
        shown.error(&error);
        shown.check(&[&password, &pem])?;
    }
}
