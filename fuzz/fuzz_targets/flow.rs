//! What a provider answers and what a user comes back with: read as a plain reader reads it, or refused.
#![no_main]

#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/support/oracle.rs"]
mod oracle;

use arbitrary::Arbitrary;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use libfuzzer_sys::fuzz_target;
use oauth1_signer::flow::{
    CredentialsRequest, CredentialsResponse, Endpoints, Flow, MAX_CALLBACK_LEN, MAX_RESPONSE_LEN,
    MAX_VERIFIER_LEN, ResponseError, token_of_callback,
};
use oauth1_signer::{ClientCredentials, Signer, TemporaryCredentials, percent_encode, problem::Problem};

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    token: &'a str,
    secret: &'a str,
    verifier: &'a str,
    noise: Vec<(&'a str, &'a str)>,
    spelling: Spelling,
    /// Where among the noise the pairs that count are put.
    places: [u8; 3],
    callback: Form,
    raw: Raw<'a>,
}

/// An answer and a callback as they come.
#[derive(Arbitrary, Debug)]
struct Raw<'a> {
    status: u16,
    headers: Vec<(Header, &'a [u8])>,
    body: &'a [u8],
    callback: &'a str,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Header {
    ContentType,
    ContentEncoding,
    ContentLength,
    WwwAuthenticate,
    Date,
}

/// The same text can be sent in more than one way.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Spelling {
    /// As RFC 5849 §3.6 has it.
    Strict,
    /// As HTML forms have it: a space is `+`.
    Form,
    /// Everything is escaped, in lower case.
    Verbose,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Form {
    Absolute,
    WithFragment,
    Path,
    Query,
}

fuzz_target!(|case: Case<'_>| {
    let flow = flow();
    an_answer_says_what_was_written(&flow, &case);
    a_callback_says_what_was_written(&flow, &case);
    a_challenge_says_what_was_written(&case);
    an_answer_is_taken_only_as_a_plain_reader_reads_it(&flow, &case.raw);
    // Now for a token that is in the callback by itself, and for one that mostly is not.
    let of_callback = token_of_callback(case.raw.callback).unwrap_or_default();
    for pending in [case.token, &of_callback] {
        a_callback_is_taken_only_as_a_plain_reader_reads_it(&flow, pending, case.raw.callback);
    }
});

fn flow() -> Flow {
    let signer = Signer::builder(ClientCredentials::new("ck", "cs"))
        .allow_incomplete_credentials(true)
        .build()
        .expect("a signer");
    Flow::new(Endpoints::new("https://h/1", "https://h/2", "https://h/3"), &signer).expect("a flow")
}

fn temporary_leg(flow: &Flow) -> CredentialsRequest<TemporaryCredentials> {
    flow.temporary_credentials("oob").expect("a leg")
}

/// What an answer with credentials in it says beside them.
const OF_ANSWERS: [&str; 4] =
    ["oauth_token", "oauth_token_secret", "oauth_callback_confirmed", "oauth_problem"];

/// What counts in a callback.
const OF_CALLBACKS: [&str; 4] = ["oauth_token", "oauth_verifier", "denied", "oauth_problem"];

/// Credentials and noise are written into a body and read back: just these, in this order.
fn an_answer_says_what_was_written(flow: &Flow, case: &Case<'_>) {
    let own = [
        ("oauth_token", case.token),
        ("oauth_token_secret", case.secret),
        ("oauth_callback_confirmed", "true"),
    ];
    let noise = case.noise_but_for(&OF_ANSWERS);
    let answer = Response::new(case.written(&own, &noise));
    let issued = match temporary_leg(flow).parse_response(&answer) {
        Ok(issued) => issued,
        Err(error) if answer.body().len() > MAX_RESPONSE_LEN => {
            return assert_eq!(*error.reason(), ResponseError::TooLarge);
        }
        Err(error) => {
            assert!(case.token.is_empty(), "{error}");
            return assert_eq!(*error.reason(), ResponseError::EmptyField("oauth_token"));
        }
    };
    assert_eq!((issued.credentials.token(), issued.credentials.expose_secret()), (case.token, case.secret));
    assert_eq!(issued.fields.iter().collect::<Vec<_>>(), noise);
    for (name, _) in &noise {
        let first = noise.iter().find(|(present, _)| present == name).map(|(_, value)| *value);
        assert_eq!(issued.fields.get(name), first);
    }
}

/// A token and a verification code are written into a callback and read back: just these.
fn a_callback_says_what_was_written(flow: &Flow, case: &Case<'_>) {
    let own = [("oauth_token", case.token), ("oauth_verifier", case.verifier)];
    let query = case.written(&own, &case.noise_but_for(&OF_CALLBACKS));
    let callback = match case.callback {
        Form::Absolute => format!("https://h/cb?{query}"),
        Form::WithFragment => format!("https://h/cb?{query}#?oauth_token=x&oauth_verifier=x"),
        Form::Path => format!("/cb?{query}"),
        Form::Query => query,
    };
    let pending = TemporaryCredentials::new(case.token, case.secret);
    let fits = (1..=MAX_VERIFIER_LEN).contains(&case.verifier.len()) && callback.len() <= MAX_CALLBACK_LEN;
    match flow.callback(pending, &callback) {
        Ok(grant) => {
            assert!(fits, "{callback}");
            assert_eq!(sent_verifier(flow, &grant), percent_encode(case.verifier));
            assert_eq!(token_of_callback(&callback).as_deref(), Some(case.token));
        }
        Err(refused) => {
            assert!(!fits, "{refused}: {callback}");
            let pending = refused.into_credentials();
            assert_eq!((pending.token(), pending.expose_secret()), (case.token, case.secret));
        }
    }
}

/// A problem is written into a header and read back.
fn a_challenge_says_what_was_written(case: &Case<'_>) {
    let (code, advice) = (case.token, case.secret);
    let spelled = |text: &str| Spelling::Strict.of(text);
    let challenge = format!(
        "Basic realm=\"h\", OAuth realm=\"h\", oauth_problem=\"{}\", oauth_problem_advice=\"{}\"",
        spelled(code),
        spelled(advice)
    );
    let mut headers = HeaderMap::new();
    headers.insert(http::header::WWW_AUTHENTICATE, challenge.parse().expect("visible ASCII"));
    match Problem::of(&headers, b"") {
        Some(problem) => assert_eq!((problem.code(), problem.advice()), (code, Some(advice))),
        None => assert!(code.is_empty(), "{challenge}"),
    }
}

fn an_answer_is_taken_only_as_a_plain_reader_reads_it(flow: &Flow, raw: &Raw<'_>) {
    let answer = raw.answer();
    let leg = temporary_leg(flow);
    let issued = match leg.parse_response(&answer) {
        Ok(issued) => issued,
        Err(error) => return assert!(!format!("{error} {error:?} {:?}", error.server_time()).is_empty()),
    };
    assert!(answer.status().is_success());
    assert!(answer.body().len() <= MAX_RESPONSE_LEN);
    let credentials = &issued.credentials;
    let (token, secret) = (credentials.token(), credentials.expose_secret());
    assert!(!token.is_empty());
    let body = raw.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw.body).trim_ascii();
    assert_eq!(values(body, "oauth_token"), [token.as_bytes()]);
    assert_eq!(values(body, "oauth_token_secret"), [secret.as_bytes()]);
    assert_eq!(values(body, "oauth_callback_confirmed"), [b"true"]);
    assert!(values(body, "oauth_problem").iter().all(Vec::is_empty));
    assert_eq!(issued.fields.iter().count() + 3, oracle::form_pairs(body).len());
    check_debug(&issued, secret);

    // Written once more, it says the same.
    let written = format!(
        "oauth_token={}&oauth_token_secret={}&oauth_callback_confirmed=true",
        percent_encode(token),
        percent_encode(secret)
    );
    if written.len() <= MAX_RESPONSE_LEN {
        let again = leg.parse_response(&Response::new(written)).expect("the same once more").credentials;
        assert_eq!((again.token(), again.expose_secret()), (token, secret));
    }
}

/// What is shown are the token and the names of fields: a secret that is not in these is not in it.
fn check_debug(issued: &CredentialsResponse<TemporaryCredentials>, secret: &str) {
    let shown = format!("{issued:?}");
    let around = "CredentialsResponse { credentials: TemporaryCredentials { token: , secret: [redacted] }, fields: {} }";
    let is_in_another = around.contains(secret)
        || issued.credentials.token().contains(secret)
        || issued.fields.iter().any(|(name, _)| name.contains(secret));
    assert!(secret.len() < 12 || is_in_another || !shown.contains(secret), "{shown}");
}

fn a_callback_is_taken_only_as_a_plain_reader_reads_it(flow: &Flow, pending: &str, callback: &str) {
    let refused = match flow.callback(TemporaryCredentials::new(pending, "ts"), callback) {
        Ok(grant) => {
            let verifier = sent_verifier(flow, &grant);
            let is_read = |query: &str| {
                let [tokens, codes, denials, problems] =
                    OF_CALLBACKS.map(|name| values(query.as_bytes(), name));
                tokens == [pending.as_bytes()]
                    && codes.len() == 1
                    && percent_encode(&codes[0]) == verifier
                    && denials.is_empty()
                    && problems.iter().all(Vec::is_empty)
            };
            assert!(readings(callback).into_iter().any(is_read), "{callback:?}");
            return;
        }
        Err(refused) => refused,
    };
    assert!(!format!("{refused} {refused:?}").is_empty());
    assert_eq!(refused.into_credentials().token(), pending);
}

/// The query of a URL, or the text as a query: without what stands behind a `#`, and without white
/// space around it.
fn readings(callback: &str) -> Vec<&str> {
    let text = callback.split('#').next().unwrap_or_default();
    let behind = text.split_once('?').map(|(_, query)| query);
    behind.into_iter().chain([text]).map(str::trim).collect()
}

/// What a form has under a name.
fn values(form: &[u8], name: &str) -> Vec<Vec<u8>> {
    let pairs = oracle::form_pairs(form).into_iter();
    pairs.filter(|(present, _)| present == name.as_bytes()).map(|(_, value)| value).collect()
}

/// The verification code that goes out for a grant, encoded.
fn sent_verifier(flow: &Flow, grant: &oauth1_signer::flow::Approval) -> String {
    let request = flow.token_credentials(grant).expect("a leg").to_request().expect("a signature");
    let header = request.headers()[http::header::AUTHORIZATION].to_str().expect("ASCII").to_owned();
    let of_name = |name: &str| {
        let start = [name, "=\""].concat();
        let mut found = header["OAuth ".len()..].split(", ").filter_map(|pair| pair.strip_prefix(&start));
        let value = found.next().map(|value| value.trim_end_matches('"').to_owned());
        assert!(found.next().is_none(), "{name} twice");
        value
    };
    assert_eq!(of_name("oauth_callback"), None);
    of_name("oauth_verifier").expect("a verification code")
}

impl<'a> Case<'a> {
    fn noise_but_for(&self, names: &[&str]) -> Vec<(&'a str, &'a str)> {
        self.noise.iter().copied().filter(|(name, _)| !names.contains(name)).collect()
    }

    /// A form of noise, and of one's own pairs at some place in it.
    fn written(&self, own: &[(&str, &str)], noise: &[(&str, &str)]) -> String {
        let mut pairs = noise.to_vec();
        for (pair, place) in own.iter().zip(self.places) {
            pairs.insert(usize::from(place) % (pairs.len() + 1), *pair);
        }
        let spelled =
            |(name, value): &(&str, &str)| format!("{}={}", self.spelling.of(name), self.spelling.of(value));
        pairs.iter().map(spelled).collect::<Vec<_>>().join("&")
    }
}

impl Spelling {
    fn of(self, text: &str) -> String {
        match self {
            Self::Strict => oracle::percent_encode(text.as_bytes()),
            Self::Form => oracle::percent_encode(text.as_bytes()).replace("%20", "+"),
            Self::Verbose => text.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        }
    }
}

impl Raw<'_> {
    fn answer(&self) -> Response<&[u8]> {
        let mut answer = Response::new(self.body);
        // Mostly one that gets as far as the body.
        *answer.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        for (name, value) in &self.headers {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                answer.headers_mut().append(name.name(), value);
            }
        }
        answer
    }
}

impl Header {
    fn name(self) -> HeaderName {
        match self {
            Self::ContentType => http::header::CONTENT_TYPE,
            Self::ContentEncoding => http::header::CONTENT_ENCODING,
            Self::ContentLength => http::header::CONTENT_LENGTH,
            Self::WwwAuthenticate => http::header::WWW_AUTHENTICATE,
            Self::Date => http::header::DATE,
        }
    }
}
